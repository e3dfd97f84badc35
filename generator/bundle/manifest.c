/* manifest - what a bundle holds. Must not know: archives, signatures, the disk. */
#include "bundle/manifest.h"

#include "base/json.h"
#include "base/jsonwalk.h"
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

static bool is_hex(const char *s, size_t len, size_t digits)
{
    for (size_t i = 0; i < len; i++)
        if (!g_ascii_isdigit(s[i]) && (s[i] < 'a' || s[i] > 'f'))
            return false;
    return len == digits;
}

static bool hash_parse(const char *hex, size_t len, AjHash *out)
{
    if (!is_hex(hex, len, 64))
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

/* Which of `names` stands here, each once; -1 when none does. */
static int member(AjJsonWalk *w, const char *const *names, size_t count, unsigned *seen)
{
    const char *key;
    size_t len;
    if (!aj_jsonwalk_key(w, &key, &len))
        return -1;
    for (size_t i = 0; i < count; i++) {
        if (strlen(names[i]) != len || memcmp(names[i], key, len) != 0)
            continue;
        if (*seen & 1u << i)
            break;
        *seen |= 1u << i;
        return (int)i;
    }
    aj_jsonwalk_fail(w, "a key is unknown or there twice");
    return -1;
}

static bool count_take(AjJsonWalk *w, int64_t *out)
{
    double d;
    bool whole;
    return aj_jsonwalk_kind(w) == '-' && aj_jsonwalk_number(w, &d, out, &whole) && whole &&
           *out >= 0;
}

/* Kept in the arena. NULL: no string. */
static const char *string_take(AjJsonWalk *w)
{
    const char *s;
    size_t len;
    bool good = aj_jsonwalk_kind(w) == '"' && aj_jsonwalk_string(w, &s, &len);
    return good ? aj_arena_strndup(w->arena, s, len) : NULL;
}

static bool file_take(AjJsonWalk *w, AjManifestFile *file)
{
    static const char *const names[] = {"path", "size", "blake2b"};
    enum { PATH, SIZE, HASH, ALL };
    const char *hex;
    size_t len;
    int64_t size = 0;
    unsigned seen = 0;
    bool first = true, good = aj_jsonwalk_kind(w) == '{' && aj_jsonwalk_enter(w, '{');
    file->path = NULL;
    while (good && aj_jsonwalk_more(w, '{', &first)) {
        int which = member(w, names, ALL, &seen);
        good = which == PATH   ? (file->path = string_take(w)) != NULL
               : which == SIZE ? count_take(w, &size)
               : which == HASH ? aj_jsonwalk_kind(w) == '"' && aj_jsonwalk_string(w, &hex, &len) &&
                                     hash_parse(hex, len, &file->hash)
                               : false;
    }
    file->size = (uint64_t)size;
    return good && !w->fault && seen == (1u << ALL) - 1;
}

static bool entry_is_wrong(const char *path, GError **error)
{
    return fail(error, AJ_TR("清单里有一项写错了", "an entry of the manifest is wrong"),
                path ? path : "");
}

static bool too_many(GError **error)
{
    return fail(
        error,
        AJ_TR("清单里没有文件表，或文件太多", "the manifest has no list of files, or too many"),
        "");
}

static bool files_take(AjJsonWalk *w, AjManifest *m, GHashTable *lower, GError **error)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(AjManifestFile));
    AjManifestFile one;
    const char *last = NULL;
    bool first = true, good = aj_jsonwalk_kind(w) == '[' || too_many(error);
    good = good && aj_jsonwalk_enter(w, '[');
    while (good && aj_jsonwalk_more(w, '[', &first)) {
        good = list->len < AJ_MANIFEST_FILES_MAX || too_many(error);
        good = good && (file_take(w, &one) || entry_is_wrong(one.path, error)) &&
               path_take(one.path, last, lower, w->arena, error);
        if (good && one.size > (uint64_t)INT64_MAX - m->bytes)
            good = fail(error, AJ_TR("清单里的大小不对", "sizes in the manifest are wrong"), "");
        if (!good)
            break;
        m->bytes += one.size;
        last = one.path;
        g_array_append_val(list, one);
    }
    AjManifestFile *files = aj_arena_alloc(w->arena, (list->len + 1) * sizeof *files);
    if (list->len)
        memcpy(files, list->data, list->len * sizeof *files);
    m->files = files;
    m->count = list->len;
    g_array_free(list, TRUE);
    return good;
}

static bool deleted_take(AjJsonWalk *w, AjManifest *m, GHashTable *lower, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new();
    const char *last = NULL;
    bool first = true, good = aj_jsonwalk_kind(w) == '[' || too_many(error);
    good = good && aj_jsonwalk_enter(w, '[');
    while (good && aj_jsonwalk_more(w, '[', &first)) {
        const char *one = string_take(w);
        good = (list->len < AJ_MANIFEST_FILES_MAX || too_many(error)) &&
               (one || entry_is_wrong(NULL, error)) && path_take(one, last, lower, w->arena, error);
        last = one;
        g_ptr_array_add(list, (void *)one);
    }
    const char **paths = aj_arena_alloc(w->arena, (list->len + 1) * sizeof *paths);
    if (list->len)
        memcpy(paths, list->pdata, list->len * sizeof *paths);
    m->deleted = paths;
    m->deleted_count = list->len;
    return good;
}

static bool id_take(AjJsonWalk *w, char out[AJ_MANIFEST_ID + 1])
{
    const char *s;
    size_t len;
    if (aj_jsonwalk_kind(w) != '"' || !aj_jsonwalk_string(w, &s, &len) ||
        !is_hex(s, len, AJ_MANIFEST_ID))
        return false;
    memcpy(out, s, len);
    out[len] = '\0';
    return true;
}

/* false without an error: the head is wrong, or the walk knows what. */
static bool head_take(AjJsonWalk *w, AjManifest *m, GHashTable *lower, GError **error)
{
    static const char *const names[] = {"format", "id",   "seq",   "edition",
                                        "commit", "base", "files", "deleted"};
    enum { FORM, ID, SEQ, EDITION, COMMIT, BASE, FILES, DELETED, ALL };
    int64_t format;
    unsigned seen = 0;
    bool first = true, good = aj_jsonwalk_enter(w, '{');
    while (good && aj_jsonwalk_more(w, '{', &first)) {
        switch (member(w, names, ALL, &seen)) {
        case FORM:
            good = (count_take(w, &format) && format == FORMAT) ||
                   fail(error,
                        AJ_TR("不是这个版本能读的清单；请更新 anjian",
                              "not a manifest of this format; get a newer anjian"),
                        "");
            break;
        case ID:
            good = id_take(w, m->id);
            break;
        case SEQ:
            good = count_take(w, &m->seq);
            break;
        case EDITION:
            good = (m->edition = string_take(w)) != NULL;
            break;
        case COMMIT:
            m->commit = string_take(w);
            good = m->commit && (!*m->commit || is_hex(m->commit, strlen(m->commit), 40));
            break;
        case BASE:
            good = aj_jsonwalk_kind(w) == 'n' ? aj_jsonwalk_word(w, "null") : id_take(w, m->base);
            break;
        case FILES:
            good = files_take(w, m, lower, error);
            break;
        case DELETED:
            good = deleted_take(w, m, lower, error);
            break;
        default:
            good = false;
        }
    }
    return good && !w->fault && aj_jsonwalk_done(w) && seen == (1u << ALL) - 1;
}

bool aj_manifest_parse(AjArena *a, const char *json, size_t len, AjManifest *m, GError **error)
{
    *m = (AjManifest){0};
    g_autoptr(GHashTable) lower = g_hash_table_new(g_str_hash, g_str_equal);
    AjJsonWalk w;
    GError *why = NULL;
    aj_jsonwalk_begin(&w, a, json, len);
    if (!head_take(&w, m, lower, &why)) {
        if (why)
            g_propagate_error(error, why);
        else if (w.fault)
            g_set_error(error, AJ_MANIFEST_ERROR, 0, "manifest.json:%zu: %s", aj_jsonwalk_line(&w),
                        w.fault);
        else
            fail(error, AJ_TR("清单的开头写错了", "the head of the manifest is wrong"), "");
        return false;
    }
    if (*m->base)
        return true;
    char own[AJ_MANIFEST_ID + 1];
    aj_manifest_identify(m->files, m->count, own);
    if (strcmp(own, m->id) != 0 || m->deleted_count)
        return fail(error, AJ_TR("清单和它的编号不符", "the manifest does not fit its id"), "");
    return true;
}
