/* manifest - what a bundle holds. Must not know: archives, signatures, the disk. */
#include "bundle/manifest.h"

#include "base/json.h"
#include "base/lang.h"

#include <stdlib.h>
#include <string.h>

enum { FORMAT = 1 };

GQuark aj_manifest_error_quark(void)
{
    return g_quark_from_static_string("aj-manifest-error");
}

uint32_t aj_manifest_first(const AjManifest *m, const char *path)
{
    uint32_t low = 0, high = m->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (strcmp(m->files[middle].path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const AjManifestFile *aj_manifest_find(const AjManifest *m, const char *path)
{
    uint32_t i = aj_manifest_first(m, path);
    return i < m->count && strcmp(m->files[i].path, path) == 0 ? &m->files[i] : NULL;
}

static int by_path(const void *path, const void *deleted)
{
    return strcmp(path, *(const char *const *)deleted);
}

bool aj_manifest_deletes(const AjManifest *m, const char *path)
{
    return m->deleted_count &&
           bsearch(path, m->deleted, m->deleted_count, sizeof *m->deleted, by_path);
}

void aj_manifest_identify(const AjManifestFile *files, uint32_t count, char id[AJ_MANIFEST_ID + 1])
{
    AjHashState *all = aj_hash_begin();
    char hex[65];
    for (uint32_t i = 0; i < count; i++) {
        aj_hash_hex(&files[i].hash, 64, hex);
        aj_hash_add_string(all, files[i].path);
        aj_hash_add_string(all, hex);
    }
    AjHash hash;
    aj_hash_end(all, &hash);
    aj_hash_hex(&hash, AJ_MANIFEST_ID, id);
}

void aj_manifest_delta(AjArena *a, const AjManifest *whole, const AjManifest *old,
                       AjManifest *delta)
{
    AjManifestFile *files = aj_arena_alloc(a, (whole->count + 1) * sizeof *files);
    const char **deleted = aj_arena_alloc(a, (old->count + 1) * sizeof *deleted);
    *delta = *whole;
    delta->files = files;
    delta->deleted = deleted;
    delta->count = 0;
    delta->bytes = 0;
    memcpy(delta->base, old->id, sizeof delta->base);
    uint32_t o = 0;
    for (uint32_t i = 0; i < whole->count; i++) {
        const AjManifestFile *f = &whole->files[i];
        while (o < old->count && strcmp(old->files[o].path, f->path) < 0)
            deleted[delta->deleted_count++] = old->files[o++].path;
        bool known = o < old->count && strcmp(old->files[o].path, f->path) == 0;
        bool same =
            known && old->files[o].size == f->size && aj_hash_equal(&old->files[o].hash, &f->hash);
        o += known;
        if (same)
            continue;
        files[delta->count++] = *f;
        delta->bytes += f->size;
    }
    while (o < old->count)
        deleted[delta->deleted_count++] = old->files[o++].path;
}

void aj_manifest_print(const AjManifest *m, GString *json)
{
    AjArena *a = aj_arena_new(1 << 16);
    AjValue *map = aj_value_map(a), *list = aj_value_list(a), *deleted = aj_value_list(a);
    for (uint32_t i = 0; i < m->count; i++) {
        char hex[65];
        aj_hash_hex(&m->files[i].hash, 64, hex);
        AjValue *one = aj_value_map(a);
        aj_value_set_string(a, one, "path", m->files[i].path);
        aj_value_set_int(a, one, "size", (int64_t)m->files[i].size);
        aj_value_set_string(a, one, "blake2b", hex);
        aj_value_push(a, list, one);
    }
    for (uint32_t i = 0; i < m->deleted_count; i++)
        aj_value_push(a, deleted, aj_value_string(a, m->deleted[i]));
    aj_value_set_int(a, map, "format", FORMAT);
    aj_value_set_string(a, map, "id", m->id);
    aj_value_set_int(a, map, "seq", m->seq);
    aj_value_set_string(a, map, "edition", m->edition);
    aj_value_set_string(a, map, "commit", m->commit);
    aj_value_set(a, map, "base", *m->base ? aj_value_string(a, m->base) : aj_value_null(a));
    aj_value_set(a, map, "files", list);
    aj_value_set(a, map, "deleted", deleted);
    aj_json_print(map, 1, json);
    g_string_append_c(json, '\n');
    aj_arena_free(a);
}

/* --- reading --- */

static bool fail(GError **error, const char *message, const char *what)
{
    g_autofree char *shown = g_strescape(what, NULL);
    g_set_error(error, AJ_MANIFEST_ERROR, 0, "%s%s%s", message, *shown ? ": " : "", shown);
    return false;
}

/* con, nul.html and the like open devices on Windows, whatever the case. */
static bool is_device(const char *part, size_t len)
{
    static const char *const names[] = {"con", "prn", "aux", "nul"};
    const char *dot = memchr(part, '.', len);
    size_t stem = dot ? (size_t)(dot - part) : len;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (stem == 3 && g_ascii_strncasecmp(part, names[i], 3) == 0)
            return true;
    return stem == 4 && g_ascii_isdigit(part[3]) &&
           (g_ascii_strncasecmp(part, "com", 3) == 0 || g_ascii_strncasecmp(part, "lpt", 3) == 0);
}

bool aj_manifest_path_is_sound(const char *path)
{
    if (!*path || strlen(path) > AJ_MANIFEST_PATH_MAX)
        return false;
    for (const char *part = path, *end; part; part = *end ? end + 1 : NULL) {
        end = strchrnul(part, '/');
        size_t len = (size_t)(end - part);
        if (!len || part[0] == '.' || part[len - 1] == '.' || is_device(part, len))
            return false;
        for (size_t i = 0; i < len; i++)
            if (!g_ascii_isalnum(part[i]) && !strchr("._-", part[i]))
                return false;
    }
    return true;
}

static bool is_hex(const char *s, size_t digits)
{
    for (size_t i = 0; i < digits; i++)
        if (!strchr("0123456789abcdef", s[i]) || !s[i])
            return false;
    return !s[digits];
}

static bool hash_parse(const char *hex, AjHash *out)
{
    if (!is_hex(hex, 64))
        return false;
    for (int i = 0; i < 32; i++)
        out->bytes[i] =
            (uint8_t)(g_ascii_xdigit_value(hex[2 * i]) << 4 | g_ascii_xdigit_value(hex[2 * i + 1]));
    return true;
}

/* Sorted strictly, sound, and none that only case tells from another. */
static bool path_take(const char *path, const char *last, GHashTable *lower, AjArena *a,
                      GError **error)
{
    if (!aj_manifest_path_is_sound(path))
        return fail(error, AJ_TR("清单里的路径不能用", "the manifest has a path that may not be"),
                    path);
    if (last && strcmp(last, path) >= 0)
        return fail(
            error, AJ_TR("清单没有排好序或有重复", "the manifest is not sorted, or repeats"), path);
    char *folded = aj_arena_strdup(a, path);
    for (char *p = folded; *p; p++)
        *p = g_ascii_tolower(*p);
    if (!g_hash_table_add(lower, folded))
        return fail(error, AJ_TR("清单里有只差大小写的路径", "two paths differ in case only"),
                    path);
    return true;
}

static bool file_take(const AjValue *v, AjManifestFile *file, GError **error)
{
    const AjValue *size = aj_value_get(v, "size");
    file->path = aj_value_get_string(v, "path", NULL);
    if (aj_value_len(v) != 3 || !file->path || !size || size->type != AJ_VALUE_INT || size->i < 0 ||
        !hash_parse(aj_value_get_string(v, "blake2b", ""), &file->hash))
        return fail(error, AJ_TR("清单里有一项写错了", "an entry of the manifest is wrong"),
                    file->path ? file->path : "");
    file->size = (uint64_t)size->i;
    return true;
}

static bool lists_take(AjArena *a, const AjValue *map, AjManifest *m, GError **error)
{
    const AjValue *files = aj_value_get(map, "files"), *deleted = aj_value_get(map, "deleted");
    if (!files || files->type != AJ_VALUE_LIST || !deleted || deleted->type != AJ_VALUE_LIST ||
        files->len > AJ_MANIFEST_FILES_MAX || deleted->len > AJ_MANIFEST_FILES_MAX)
        return fail(
            error,
            AJ_TR("清单里没有文件表，或文件太多", "the manifest has no list of files, or too many"),
            "");
    g_autoptr(GHashTable) lower = g_hash_table_new(g_str_hash, g_str_equal);
    AjManifestFile *list = aj_arena_alloc(a, (files->len + 1) * sizeof *list);
    const char **gone = aj_arena_alloc(a, (deleted->len + 1) * sizeof *gone);
    for (uint32_t i = 0; i < files->len; i++) {
        if (!file_take(files->items[i], &list[i], error) ||
            !path_take(list[i].path, i ? list[i - 1].path : NULL, lower, a, error))
            return false;
        if (list[i].size > (uint64_t)INT64_MAX - m->bytes)
            return fail(error, AJ_TR("清单里的大小不对", "sizes in the manifest are wrong"), "");
        m->bytes += list[i].size;
    }
    for (uint32_t i = 0; i < deleted->len; i++) {
        const AjValue *one = deleted->items[i];
        if (one->type != AJ_VALUE_STRING)
            return fail(error, AJ_TR("清单里有一项写错了", "an entry of the manifest is wrong"),
                        "");
        gone[i] = one->s;
        if (!path_take(gone[i], i ? gone[i - 1] : NULL, lower, a, error))
            return false;
    }
    m->files = list;
    m->count = files->len;
    m->deleted = gone;
    m->deleted_count = deleted->len;
    return true;
}

bool aj_manifest_parse(AjArena *a, const char *json, size_t len, AjManifest *m, GError **error)
{
    *m = (AjManifest){0};
    const AjValue *map = aj_json_parse(a, json, len, error);
    if (!map) {
        g_prefix_error(error, "manifest.json: ");
        return false;
    }
    if (aj_value_get_int(map, "format", 0) != FORMAT)
        return fail(error,
                    AJ_TR("不是这个版本能读的清单；请更新 anjian",
                          "not a manifest of this format; get a newer anjian"),
                    "");
    const AjValue *seq = aj_value_get(map, "seq"), *base = aj_value_get(map, "base");
    const char *id = aj_value_get_string(map, "id", "");
    const char *base_id = aj_value_get_string(map, "base", "");
    m->edition = aj_value_get_string(map, "edition", NULL);
    m->commit = aj_value_get_string(map, "commit", NULL);
    if (map->type != AJ_VALUE_MAP || map->len != 8 || !is_hex(id, AJ_MANIFEST_ID) || !seq ||
        seq->type != AJ_VALUE_INT || seq->i < 0 || !m->edition || !m->commit ||
        (*m->commit && !is_hex(m->commit, 40)) || !base ||
        (base->type != AJ_VALUE_NULL && !is_hex(base_id, AJ_MANIFEST_ID)))
        return fail(error, AJ_TR("清单的开头写错了", "the head of the manifest is wrong"), "");
    m->seq = seq->i;
    memcpy(m->id, id, sizeof m->id);
    memcpy(m->base, *base_id ? base_id : "", *base_id ? sizeof m->base : 1);
    if (!lists_take(a, map, m, error))
        return false;
    if (*m->base)
        return true;
    char own[AJ_MANIFEST_ID + 1];
    aj_manifest_identify(m->files, m->count, own);
    if (strcmp(own, m->id) != 0 || m->deleted_count)
        return fail(error, AJ_TR("清单和它的编号不符", "the manifest does not fit its id"), "");
    return true;
}
