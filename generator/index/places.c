/* places - which documents a page has, and which fragment file says what they say.
 *
 * See places.h. Must not know: terms, texts. */
#include "index/places.h"

#include "index/code.h"

#include <string.h>

struct AjPlaces {
    GHashTable *groups; /* key → its first page, from 1 */
    GArray *first;      /* uint32_t: of each page, the first document */
    uint32_t documents, pack;
};

/* --- printing --- */

static void starts_print(const AjVolume *v, GString *out)
{
    GString *bits = g_string_new(NULL);
    g_string_set_size(bits, (v->documents + 7) / 8);
    memset(bits->str, 0, bits->len);
    for (uint32_t g = 0; g < v->group_count; g++) {
        uint32_t doc = v->groups[g].base, first = v->groups[g].first_page;
        for (uint32_t i = first; i < first + v->groups[g].pages; i++) {
            if (v->run_pages[i].units)
                bits->str[doc / 8] |= (char)(1 << doc % 8);
            doc += v->run_pages[i].units;
        }
    }
    aj_code_append_text(out, bits->str, bits->len);
    g_string_free(bits, TRUE);
}

void aj_places_print(const AjVolume *v, GString *out)
{
    g_string_append(out, ",\"groups\":\"");
    for (uint32_t g = 0; g < v->group_count; g++) {
        const AjGroup *group = &v->groups[g];
        uint32_t pages = 0;
        for (uint32_t i = group->first_page; i < group->first_page + group->pages; i++)
            pages += v->run_pages[i].units > 0;
        g_string_append_printf(out, "%s%s %u", g ? " " : "", group->key, pages);
    }
    g_string_append(out, "\",\"pages\":\"");
    starts_print(v, out);
    g_string_append_c(out, '"');
}

/* --- reading --- */

static bool groups_read(AjPlaces *p, const char *text, size_t len)
{
    g_autofree char *copy = g_strndup(text, len);
    g_auto(GStrv) words = g_strsplit(copy, " ", -1);
    uint64_t page = 0;
    for (unsigned i = 0; words[i] && words[i + 1]; i += 2) {
        g_hash_table_insert(p->groups, g_strdup(words[i]), GUINT_TO_POINTER((guint)page + 1));
        page += g_ascii_strtoull(words[i + 1], NULL, 10);
        if (page > p->first->len)
            return false;
    }
    return true;
}

static void starts_read(AjPlaces *p, const char *text, size_t len)
{
    GString *bits = g_string_new(NULL);
    aj_code_read_text(text, len, bits);
    p->documents = (uint32_t)MIN(bits->len * 8, p->documents);
    for (uint32_t doc = 0; doc < p->documents; doc++)
        if (bits->str[doc / 8] >> doc % 8 & 1)
            g_array_append_val(p->first, doc);
    g_string_free(bits, TRUE);
}

/* The string behind the last `what` of the manifest. */
static const char *string_after(const char *manifest, size_t len, const char *what, size_t *len_out)
{
    const char *at = g_strrstr_len(manifest, (gssize)len, what);
    if (!at)
        return NULL;
    at += strlen(what);
    const char *end = memchr(at, '"', (size_t)(manifest + len - at));
    *len_out = end ? (size_t)(end - at) : 0;
    return end ? at : NULL;
}

AjPlaces *aj_places_read(const char *manifest, size_t len)
{
    AjShardManifest m;
    size_t groups_len, starts_len;
    const char *groups = string_after(manifest, len, ",\"groups\":\"", &groups_len);
    const char *starts = string_after(manifest, len, ",\"pages\":\"", &starts_len);
    if (!groups || !starts || !aj_shard_manifest(manifest, len, &m))
        return NULL;
    AjPlaces *p = g_new(AjPlaces, 1);
    *p = (AjPlaces){.groups = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                    .first = g_array_new(FALSE, FALSE, sizeof(uint32_t)),
                    .documents = m.documents,
                    .pack = m.pack};
    starts_read(p, starts, starts_len);
    if (groups_read(p, groups, groups_len))
        return p;
    aj_places_free(p);
    return NULL;
}

void aj_places_free(AjPlaces *p)
{
    if (!p)
        return;
    g_hash_table_destroy(p->groups);
    g_array_free(p->first, TRUE);
    g_free(p);
}

bool aj_places_file(const AjPlaces *p, const char *name, uint32_t *page_out, uint32_t *part_out)
{
    char key[AJ_GROUP_KEY + 1] = "", *end;
    if (!g_str_has_prefix(name, "f/") || strlen(name) < AJ_GROUP_KEY + 4 ||
        name[AJ_GROUP_KEY + 2] != '-')
        return false;
    memcpy(key, name + 2, AJ_GROUP_KEY);
    uint32_t first = GPOINTER_TO_UINT(g_hash_table_lookup(p->groups, key));
    guint64 number = g_ascii_strtoull(name + AJ_GROUP_KEY + 3, &end, 16), part = 0;
    if (*end == '-')
        part = g_ascii_strtoull(end + 1, &end, 16);
    if (!first || strcmp(end, ".js") || number >= p->first->len || part > p->documents)
        return false;
    *page_out = first - 1 + ((uint32_t)number << p->pack);
    *part_out = (uint32_t)part;
    return true;
}

bool aj_places_page(const AjPlaces *p, uint32_t page, uint32_t *from_out, uint32_t *to_out)
{
    if (page >= p->first->len)
        return false;
    *from_out = g_array_index(p->first, uint32_t, page);
    *to_out = page + 1 < p->first->len ? g_array_index(p->first, uint32_t, page + 1) : p->documents;
    return true;
}
