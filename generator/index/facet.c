/* facet - which pages have which kind, tag, hazard, post or level: filters for the results.
 *
 * Must not know: terms, files. */
#include "index/facet.h"

#include "index/bits.h"
#include "index/code.h"

#include <string.h>

enum { FILE_BYTES = 40 << 10, PIECE_RANGES = 4096, GAP_K = 2 };

typedef struct {
    const char *name;
    GArray *pages; /* uint32_t, rising */
} Value;

static void value_free(gpointer v)
{
    g_array_free(((Value *)v)->pages, TRUE);
    g_free(v);
}

static void name_add(GHashTable *values, const char *name, uint32_t page)
{
    Value *value = g_hash_table_lookup(values, name);
    if (!value) {
        value = g_new(Value, 1);
        *value = (Value){name, g_array_new(FALSE, FALSE, sizeof page)};
        g_hash_table_insert(values, (gpointer)name, value);
    }
    if (!value->pages->len || g_array_index(value->pages, uint32_t, value->pages->len - 1) != page)
        g_array_append_val(value->pages, page);
}

static void value_add(GHashTable *values, const AjValue *v, uint32_t page)
{
    if (v && v->type == AJ_VALUE_STRING && v->len && v->len <= 200)
        name_add(values, v->s, page);
}

static gint value_compare(gconstpointer x, gconstpointer y)
{
    const Value *a = *(const Value *const *)x, *b = *(const Value *const *)y;
    if (a->pages->len != b->pages->len)
        return a->pages->len > b->pages->len ? -1 : 1;
    return strcmp(a->name, b->name);
}

typedef struct {
    const char *key;
    AjFacetFile file;
    void *data;
    GString *json;
    uint32_t files;
} Out;

static bool out_flush(Out *o)
{
    char name[96];
    if (o->files)
        g_snprintf(name, sizeof name, "c/%.60s-%u.js", o->key, o->files);
    else
        g_snprintf(name, sizeof name, "c/%.60s.js", o->key);
    g_string_append_c(o->json, ']');
    bool going = o->file(name, o->json->str, o->json->len, o->data);
    g_string_assign(o->json, "[");
    o->files++;
    return going;
}

/* Ranges of pages, from place `from` of the list: {n, {gap, pages after the first}…} as bits.
 * Returns the place after them. */
static uint32_t ranges_print(const GArray *list, uint32_t from, GString *raw)
{
    const uint32_t *pages = (const uint32_t *)(void *)list->data;
    uint32_t n = 0, last = 0, end = from;
    for (; end < list->len && n < PIECE_RANGES; end++)
        n += end + 1 == list->len || pages[end + 1] != pages[end] + 1;
    AjBits bits = {.out = raw};
    unsigned gap = GAP_K, more = 0;
    aj_bits_number(&bits, n, GAP_K);
    for (uint32_t i = from; i < end;) {
        uint32_t run = 1;
        while (i + run < end && pages[i + run] == pages[i] + run)
            run++;
        aj_bits_adapt(&bits, pages[i] - last, &gap);
        aj_bits_adapt(&bits, run - 1, &more);
        last = pages[i + run - 1];
        i += run;
    }
    aj_bits_end(&bits);
    return end;
}

static bool value_out(Out *o, const Value *v)
{
    GString *raw = g_string_new(NULL);
    bool going = true;
    for (uint32_t i = 0; i < v->pages->len && going;) {
        i = ranges_print(v->pages, i, raw);
        if (o->json->len + raw->len * 5 / 4 > FILE_BYTES)
            going = out_flush(o);
        g_string_append(o->json, o->json->len > 1 ? ",[\"" : "[\"");
        aj_code_append_js(o->json, v->name, strlen(v->name));
        g_string_append(o->json, "\",\"");
        aj_code_append_text(o->json, raw->str, raw->len);
        g_string_append(o->json, "\"]");
        g_string_truncate(raw, 0);
    }
    g_string_free(raw, TRUE);
    return going;
}

/* `kinds` NULL: by key. */
static bool key_out(const char *key, const char *const *kinds, const AjValue *const *facets,
                    uint32_t pages, AjFacetFile file, void *data, uint32_t *files_out)
{
    GHashTable *values = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, value_free);
    for (uint32_t i = 0; i < pages; i++) {
        const AjValue *v = kinds ? NULL : aj_value_get(facets[i], key);
        if (kinds && kinds[i])
            name_add(values, kinds[i], i);
        if (v && v->type == AJ_VALUE_LIST)
            for (uint32_t k = 0; k < aj_value_len(v); k++)
                value_add(values, aj_value_at(v, k), i);
        else
            value_add(values, v, i);
    }
    GPtrArray *sorted = g_ptr_array_new();
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, values);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        g_ptr_array_add(sorted, value);
    g_ptr_array_sort(sorted, value_compare);
    Out o = {key, file, data, g_string_new("["), 0};
    bool going = true;
    for (uint32_t i = 0; i < sorted->len && going; i++)
        going = value_out(&o, sorted->pdata[i]);
    if (going && o.json->len > 1)
        going = out_flush(&o);
    *files_out = o.files;
    g_string_free(o.json, TRUE);
    g_ptr_array_free(sorted, TRUE);
    g_hash_table_destroy(values);
    return going;
}

/* A key becomes a file name. */
static bool key_is_plain(const char *key)
{
    return *key && strlen(key) <= 40 &&
           strspn(key, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
               strlen(key);
}

bool aj_facet_write(const char *const *kinds, const AjValue *const *facets, uint32_t pages,
                    AjFacetFile file, void *data, GString *index)
{
    /* Keys in the order in which pages name them: few, so a list will do. */
    GPtrArray *keys = g_ptr_array_new();
    g_ptr_array_add(keys, (gpointer) "kind");
    for (uint32_t i = 0; i < pages; i++)
        for (uint32_t k = 0; facets[i] && facets[i]->type == AJ_VALUE_MAP && k < facets[i]->len;
             k++) {
            const char *key = facets[i]->entries[k].key;
            bool known = !key_is_plain(key) || keys->len >= 16;
            for (uint32_t j = 0; j < keys->len && !known; j++)
                known = !strcmp(keys->pdata[j], key);
            if (!known)
                g_ptr_array_add(keys, (gpointer)key);
        }
    bool going = true, any = false;
    g_string_append_c(index, '{');
    for (uint32_t i = 0; i < keys->len && going; i++) {
        uint32_t files = 0;
        going = key_out(keys->pdata[i], i ? NULL : kinds, facets, pages, file, data, &files);
        if (!files)
            continue;
        g_string_append_printf(index, "%s\"%s\":%u", any ? "," : "", (const char *)keys->pdata[i],
                               files);
        any = true;
    }
    g_string_append_c(index, '}');
    g_ptr_array_free(keys, TRUE);
    return going;
}
