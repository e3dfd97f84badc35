/* copies - the files of a site that no template draws: search, the theme's, pictures and films.
 *
 * See copies.h. Must not know: how pages are drawn, the exchange. */
#include "driver/copies.h"

#include "base/text.h"
#include "driver/join.h"
#include "driver/pictures.h"
#include "driver/record.h"
#include "index/shard.h"

#include <string.h>

enum { SEARCH_ADDRESS = 256 };

const char *aj_copies_asset_address(AjArena *a, const char *source, const uint8_t hash[8])
{
    g_autoptr(GString) out = g_string_new(NULL);
    const char *part = source;
    for (const char *slash; (slash = strchr(part, '/')); part = slash + 1) {
        g_autofree char *slug = aj_slug(part, (size_t)(slash - part));
        g_string_append_printf(out, "%s/", slug);
    }
    const char *dot = strrchr(part, '.');
    size_t stem = dot && dot != part ? (size_t)(dot - part) : strlen(part);
    g_autofree char *slug = aj_slug(part, stem);
    g_string_append_printf(out, "%s.%02x%02x%02x%02x", slug, hash[0], hash[1], hash[2], hash[3]);
    for (const char *p = part + stem; *p; p++)
        if (g_ascii_isalnum(*p) || *p == '.')
            g_string_append_c(out, *p);
    return aj_arena_strdup(a, out->str);
}

bool aj_copies_keep(AjPublish *p, const char *address, const AjHash *key, AjStamp *stamp)
{
    const AjCacheOutput *known = aj_cache_find_output(p->cache, address);
    if (!known || p->options->full || !aj_hash_equal(&known->key, key))
        return false;
    *stamp = known->stamp;
    return aj_output_keep(p->output, address, stamp);
}

/* True when the last build's file has this key and stays. */
static bool keep_bytes(AjCopies *c, const char *address, const AjHash *key)
{
    AjPublish *p = c->p;
    AjCacheOutput out = {.key = *key};
    if (!aj_copies_keep(p, address, key, &out.stamp))
        return false;
    out.address = aj_arena_strdup(p->arena, address);
    g_array_append_val(c->outputs, out);
    return true;
}

static bool write_bytes(AjCopies *c, const char *address, const AjHash *key, const char *bytes,
                        size_t len)
{
    AjPublish *p = c->p;
    AjCacheOutput out = {.address = aj_arena_strdup(p->arena, address), .key = *key};
    bool written = false;
    if (c->error || !aj_output_folder(p->output, address, &c->error) ||
        !aj_output_write(p->output, address, bytes, len, &out.stamp, &written, &c->error))
        return false;
    c->written += written;
    g_array_append_val(c->outputs, out);
    return true;
}

/* Bytes under an address; the key is their hash, so equal bytes are not even read back. */
static bool put_bytes(AjCopies *c, const char *address, const char *bytes, size_t len)
{
    AjHash key;
    aj_hash(bytes, len, &key);
    return keep_bytes(c, address, &key) || write_bytes(c, address, &key, bytes, len);
}

/* What a search file is made from says nothing of the program that made it. */
static void search_key(const AjCopies *c, const char *name, const AjHash *key, char *address,
                       AjHash *out)
{
    AjHash both[] = {c->p->record_key, *key};
    aj_hash(both, sizeof both, out);
    g_snprintf(address, SEARCH_ADDRESS, "search/%s", name);
}

static bool keep_search_file(const char *name, const AjHash *key, void *data)
{
    char address[SEARCH_ADDRESS];
    AjHash whole;
    search_key(data, name, key, address, &whole);
    return keep_bytes(data, address, &whole);
}

static bool put_search_file(const char *name, const AjHash *key, const char *bytes, size_t len,
                            void *data)
{
    char address[SEARCH_ADDRESS];
    AjHash whole;
    search_key(data, name, key, address, &whole);
    return write_bytes(data, address, &whole, bytes, len);
}

static bool load_run(const char *key, GString *bytes, void *data)
{
    g_autofree char *name = g_strdup_printf("run-%s", key);
    return !((AjCopies *)data)->p->options->full &&
           aj_cache_load_blob(((AjCopies *)data)->p->cache, name, bytes);
}

static void store_run(const char *key, const char *bytes, size_t len, void *data)
{
    g_autofree char *name = g_strdup_printf("run-%s", key);
    aj_cache_store_blob(((AjCopies *)data)->p->cache, name, bytes, len);
}

void aj_copies_search(AjCopies *c)
{
    AjPublish *p = c->p;
    int64_t start = g_get_monotonic_time();
    if (!c->p->site->config->search)
        return;
    AjShardPage *pages = g_new0(AjShardPage, p->site->page_count + 1);
    uint32_t count = 0;
    for (uint32_t i = 0; i < p->site->page_count; i++) {
        const AjPage *page = &p->site->pages[i];
        AjRecord record;
        if (page->failed || !aj_record_open(p->pages[i].record, p->pages[i].record_len, &record))
            continue;
        pages[count++] = (AjShardPage){.address = page->address,
                                       .title = page->title,
                                       .kind = aj_kind_name(page->kind),
                                       .terms = record.terms,
                                       .terms_len = record.terms_len,
                                       .facets = aj_value_get(aj_join_light(p->site, i), "taxa")};
    }
    AjShardSink sink = {.file = put_search_file,
                        .keep = keep_search_file,
                        .load = load_run,
                        .store = store_run,
                        .data = c,
                        .synonyms = p->site->config->synonyms};
    if (!aj_shard_build(pages, count, &sink) && !c->error)
        g_set_error(&c->error, AJ_FS_ERROR, AJ_FS_ERROR_IO, "%s",
                    AJ_TR("搜索索引没有写成", "the search index was not written"));
    g_free(pages);
    p->stats->seconds[AJ_STAGE_INDEX] = (double)(g_get_monotonic_time() - start) / 1e6;
}

/* What edition this is, in a file of its own: in the pages it would rewrite all of them with each
 * commit. A bundle puts its id in. */
static bool put_edition(AjCopies *c)
{
    g_autofree char *text =
        g_strdup_printf("window.anjian = window.anjian || {};\n"
                        "window.anjian.edition = {\"commit\":\"%s\",\"bundle\":\"\"};\n",
                        c->p->site->history->head);
    return put_bytes(c, "edition.js", text, strlen(text));
}

static bool is_heavy(const AjPublish *p, const AjAsset *asset)
{
    const AjConfig *config = p->site->config;
    return config->recode && config->asset_limit && asset->size > config->asset_limit &&
           aj_pictures_has(asset->source);
}

static bool copy_asset(AjCopies *c, const AjAsset *asset, AjStamp *stamp)
{
    AjPublish *p = c->p;
    g_autofree char *from = g_build_filename(p->options->root, asset->source, NULL);
    return aj_output_folder(p->output, asset->address, &c->error) &&
           aj_output_copy(p->output, asset->address, from, stamp, &c->error);
}

/* Made smaller where that can be done, else as they are, and told. */
static bool put_smaller(AjCopies *c, const GPtrArray *heavy)
{
    AjPublish *p = c->p;
    uint64_t limit = p->site->config->asset_limit;
    AjPoolResult *made = NULL;
    bool good = aj_pictures_shrink(p->options->root, (const AjAsset *const *)heavy->pdata,
                                   heavy->len, limit, &made, &c->error);
    for (guint i = 0; good && i < heavy->len; i++) {
        const AjAsset *asset = heavy->pdata[i];
        AjCacheOutput out = {.address = asset->address};
        size_t len;
        const char *bytes = aj_pool_bytes(made, i, &len);
        memcpy(&out.key, p->inputs[p->input_pages + (asset - p->site->assets)].hash, 8);
        memcpy((char *)&out.key + 8, &limit, 8);
        good = len ? aj_output_folder(p->output, asset->address, &c->error) &&
                         aj_output_write(p->output, asset->address, bytes, len, &out.stamp, NULL,
                                         &c->error)
                   : copy_asset(c, asset, &out.stamp);
        aj_pictures_tell(p->site->config, asset->source, len ? len : asset->size, p->diags);
        g_array_append_val(c->outputs, out);
    }
    aj_pool_result_free(made);
    return good;
}

bool aj_copies_put(AjCopies *c)
{
    AjPublish *p = c->p;
    if (!put_edition(c))
        return false;
    for (uint32_t i = 0; i < p->theme->file_count; i++) {
        const AjThemeFile *f = &p->theme->files[i];
        if (!c->p->site->config->search && g_str_has_prefix(f->address, "search/"))
            continue;
        if (!put_bytes(c, f->address, f->bytes, f->len))
            return false;
    }
    g_autoptr(GPtrArray) heavy = g_ptr_array_new(); /* AjAsset: to be made smaller */
    for (uint32_t i = 0; i < p->site->asset_count; i++) {
        const AjAsset *asset = &p->site->assets[i];
        AjCacheOutput out = {.address = asset->address};
        memcpy(&out.key, p->inputs[p->input_pages + i].hash, 8);
        bool shrinks = is_heavy(p, asset);
        if (shrinks) /* what becomes of it hangs on the limit too */
            memcpy((char *)&out.key + 8, &p->site->config->asset_limit, 8);
        if (aj_copies_keep(p, asset->address, &out.key, &out.stamp)) {
            if (shrinks)
                aj_pictures_tell(p->site->config, asset->source, out.stamp.size, p->diags);
        } else if (shrinks) {
            g_ptr_array_add(heavy, (void *)asset);
            continue;
        } else if (!copy_asset(c, asset, &out.stamp)) {
            return false;
        }
        g_array_append_val(c->outputs, out);
    }
    return !heavy->len || put_smaller(c, heavy);
}
