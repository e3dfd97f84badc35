/* cache - what the last build of this OUT knew.
 *
 * See cache.h. The state file: header, fixed-size entries, one string area, a BLAKE2b over it all;
 * native byte order, since a cache does not travel. Must not know: what a record says. */
#include "driver/cache.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MAGIC "AJCACHE7"
enum {
    MANY_PACKS = 24 /* above, small packs are copied together */
};

typedef struct {
    char magic[8];
    uint32_t input_size, output_size; /* a changed struct is another format, said or not */
    AjHash record_key, site_key;
    int64_t started_ns;
    uint32_t pages, assets, outputs, packs;
    uint64_t strings, diags;
} Header;
typedef struct {
    uint64_t path;
    AjCacheInput input;
} DiskInput;
typedef struct {
    uint64_t address;
    AjCacheOutput output;
} DiskOutput;

struct AjCache {
    char *dir, *prefix;
    GMappedFile *file;
    AjCacheState state;
    AjCacheInput *pages, *assets;
    AjCacheOutput *outputs;
    GPtrArray *packs;  /* names below dir */
    GPtrArray *maps;   /* GMappedFile of each pack or NULL */
    GHashTable *blobs; /* names stored or loaded by this build: the others go */
};

static void unmap(void *map)
{
    if (map)
        g_mapped_file_unref(map);
}

/* Fills the arrays from the mapped state; false leaves the cache empty. */
static bool state_read(AjCache *c)
{
    const char *bytes = g_mapped_file_get_contents(c->file);
    size_t len = g_mapped_file_get_length(c->file);
    Header h;
    AjHash sum;
    if (!bytes || len < sizeof h + sizeof sum)
        return false;
    memcpy(&h, bytes, sizeof h);
    aj_hash(bytes, len - sizeof sum, &sum);
    if (memcmp(h.magic, MAGIC, 8) != 0 || h.input_size != sizeof(DiskInput) ||
        h.output_size != sizeof(DiskOutput) ||
        memcmp(&sum, bytes + len - sizeof sum, sizeof sum) != 0)
        return false;
    const char *at = bytes + sizeof h;
    const DiskInput *inputs = (const void *)at;
    size_t count = (size_t)h.pages + h.assets;
    at += count * sizeof *inputs;
    const DiskOutput *outputs = (const void *)at;
    at += h.outputs * sizeof *outputs;
    const char *strings = at;
    c->pages = g_new(AjCacheInput, count + 1);
    c->assets = c->pages + h.pages;
    for (size_t i = 0; i < count; i++) {
        c->pages[i] = inputs[i].input;
        c->pages[i].path = strings + inputs[i].path;
    }
    c->outputs = g_new(AjCacheOutput, h.outputs + 1);
    for (size_t i = 0; i < h.outputs; i++) {
        c->outputs[i] = outputs[i].output;
        c->outputs[i].address = strings + outputs[i].address;
    }
    const char *pack = strings; /* the string area begins with the names of the packs */
    for (uint32_t i = 0; i < h.packs; i++, pack += strlen(pack) + 1) {
        g_ptr_array_add(c->packs, g_strdup(pack));
        g_ptr_array_add(c->maps, NULL);
    }
    c->state = (AjCacheState){.record_key = h.record_key,
                              .site_key = h.site_key,
                              .started_ns = h.started_ns,
                              .pages = c->pages,
                              .assets = c->assets,
                              .outputs = c->outputs,
                              .page_count = h.pages,
                              .asset_count = h.assets,
                              .output_count = h.outputs,
                              .diags = strings + h.strings,
                              .diags_len = h.diags};
    return true;
}

AjCache *aj_cache_open(const char *dir, bool forget)
{
    AjCache *c = g_new0(AjCache, 1);
    c->dir = g_strdup(dir);
    c->packs = g_ptr_array_new_with_free_func(g_free);
    c->maps = g_ptr_array_new_with_free_func(unmap);
    c->blobs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autofree char *path = g_build_filename(dir, "state", NULL);
    c->file = forget ? NULL : g_mapped_file_new(path, FALSE, NULL);
    if (c->file && !state_read(c)) {
        g_mapped_file_unref(c->file);
        c->file = NULL;
    }
    return c;
}

void aj_cache_free(AjCache *c)
{
    if (!c)
        return;
    g_ptr_array_unref(c->maps);
    g_ptr_array_unref(c->packs);
    g_hash_table_unref(c->blobs);
    g_free(c->pages);
    g_free(c->outputs);
    unmap(c->file);
    g_free(c->prefix);
    g_free(c->dir);
    g_free(c);
}

const AjCacheState *aj_cache_state(const AjCache *c)
{
    return &c->state;
}

static int by_path(const void *key, const void *item)
{
    return strcmp(key, ((const AjCacheInput *)item)->path);
}

static int by_address(const void *key, const void *item)
{
    return strcmp(key, ((const AjCacheOutput *)item)->address);
}

const AjCacheInput *aj_cache_find_page(const AjCache *c, const char *path)
{
    return c->state.page_count
               ? bsearch(path, c->state.pages, c->state.page_count, sizeof(AjCacheInput), by_path)
               : NULL;
}

const AjCacheInput *aj_cache_find_asset(const AjCache *c, const char *path)
{
    return c->state.asset_count
               ? bsearch(path, c->state.assets, c->state.asset_count, sizeof(AjCacheInput), by_path)
               : NULL;
}

const AjCacheOutput *aj_cache_find_output(const AjCache *c, const char *address)
{
    return c->state.output_count ? bsearch(address, c->state.outputs, c->state.output_count,
                                           sizeof(AjCacheOutput), by_address)
                                 : NULL;
}

/* A file written in the same clock tick as our last look at it may have changed since without its
 * stamp telling; kernels stamp in steps of a few milliseconds. */
bool aj_cache_is_same(const AjCache *c, const AjCacheInput *known, const AjFsEntry *now)
{
    const int64_t tick = 20 * 1000000LL;
    int64_t trusted = c->state.started_ns - tick;
    return known->size == now->size && known->inode == now->inode &&
           known->mtime_ns == now->mtime_ns && known->ctime_ns == now->ctime_ns &&
           now->mtime_ns < trusted && now->ctime_ns < trusted;
}

/* A name that no pack on the disk has, also one that a killed build left or that --full forgets:
 * the state on the disk may still point into it. */
const char *aj_cache_pack_prefix(AjCache *c)
{
    unsigned long serial = 0;
    GDir *dir = c->prefix ? NULL : g_dir_open(c->dir, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));)
        if (g_str_has_prefix(name, "pack-"))
            serial = MAX(serial, strtoul(name + 5, NULL, 10) + 1);
    if (dir)
        g_dir_close(dir);
    if (!c->prefix)
        c->prefix = g_strdup_printf("%s/pack-%06lu-", c->dir, serial);
    return c->prefix;
}

uint32_t aj_cache_add_packs(AjCache *c, uint32_t count)
{
    uint32_t first = c->packs->len;
    g_autofree char *base = g_path_get_basename(aj_cache_pack_prefix(c));
    for (uint32_t i = 0; i < count; i++) {
        g_ptr_array_add(c->packs, g_strdup_printf("%s%u", base, i));
        g_ptr_array_add(c->maps, NULL);
    }
    return first;
}

const char *aj_cache_record(AjCache *c, uint32_t pack, uint64_t offset, uint64_t len)
{
    if (pack >= c->packs->len)
        return NULL;
    GMappedFile *map = c->maps->pdata[pack];
    if (!map) {
        g_autofree char *path = g_build_filename(c->dir, c->packs->pdata[pack], NULL);
        map = c->maps->pdata[pack] = g_mapped_file_new(path, FALSE, NULL);
    }
    if (!map || offset + len < offset || offset + len > g_mapped_file_get_length(map))
        return NULL;
    return g_mapped_file_get_contents(map) + offset;
}

void aj_cache_rest(const AjCache *c)
{
    for (guint i = 0; i < c->maps->len; i++) {
        GMappedFile *map = c->maps->pdata[i];
        if (map && g_mapped_file_get_length(map)) /* ours to read only: nothing can be lost */
            madvise(g_mapped_file_get_contents(map), g_mapped_file_get_length(map), MADV_DONTNEED);
    }
}

bool aj_cache_load_blob(const AjCache *c, const char *name, GString *bytes)
{
    g_autofree char *path = g_build_filename(c->dir, name, NULL);
    g_autofree char *text = NULL;
    size_t len = 0;
    if (!g_file_get_contents(path, &text, &len, NULL))
        return false;
    g_hash_table_add(c->blobs, g_strdup(name));
    g_string_append_len(bytes, text, (gssize)len);
    return true;
}

void aj_cache_store_blob(AjCache *c, const char *name, const void *bytes, size_t len)
{
    g_autofree char *path = g_build_filename(c->dir, name, NULL);
    if (aj_fs_write(path, bytes, len, NULL))
        g_hash_table_add(c->blobs, g_strdup(name));
}

/* Copies the records of all packs into one when there are many, so that a thousand small builds do
 * not leave a thousand files. */
static bool packs_gather(AjCache *c, AjCacheInput *pages, uint32_t count, GError **error)
{
    g_autofree uint64_t *live = g_new0(uint64_t, c->packs->len + 1);
    uint64_t total = 0, used = 0;
    uint32_t packs = 0;
    for (uint32_t i = 0; i < count; i++)
        live[pages[i].pack] += pages[i].len;
    for (uint32_t i = 0; i < c->packs->len; i++) {
        if (!live[i])
            continue;
        packs++;
        used += live[i];
        g_autofree char *path = g_build_filename(c->dir, c->packs->pdata[i], NULL);
        AjFsEntry st;
        total += aj_fs_stat(path, &st, NULL) ? st.size : 0;
    }
    if (packs <= MANY_PACKS && total <= 2 * used + (1 << 20))
        return true;
    unsigned long serial = strtoul(strrchr(aj_cache_pack_prefix(c), '/') + 6, NULL, 10);
    g_autofree char *name = g_strdup_printf("pack-%06lu-0", serial + 1);
    g_autofree char *path = g_build_filename(c->dir, name, NULL);
    g_autoptr(GString) all = g_string_sized_new(used + 1);
    for (uint32_t i = 0; i < count; i++) {
        const char *record = aj_cache_record(c, pages[i].pack, pages[i].offset, pages[i].len);
        g_assert(record);
        pages[i].pack = c->packs->len;
        pages[i].offset = all->len;
        g_string_append_len(all, record, (gssize)pages[i].len);
    }
    g_ptr_array_add(c->packs, g_steal_pointer(&name));
    g_ptr_array_add(c->maps, NULL);
    return aj_fs_write(path, all->str, all->len, error);
}

/* Renumbers the packs that are still named and returns their names in new order. */
static GPtrArray *packs_used(AjCache *c, AjCacheInput *pages, uint32_t count)
{
    g_autofree uint32_t *number = g_new0(uint32_t, c->packs->len + 1);
    GPtrArray *names = g_ptr_array_new();
    for (uint32_t i = 0; i < count; i++) {
        uint32_t pack = pages[i].pack;
        if (!number[pack]) {
            g_ptr_array_add(names, c->packs->pdata[pack]);
            number[pack] = names->len;
        }
        pages[i].pack = number[pack] - 1;
    }
    return names;
}

static void remove_unnamed(AjCache *c, GPtrArray *packs)
{
    GDir *dir = g_dir_open(c->dir, 0, NULL);
    if (!dir)
        return;
    for (const char *name; (name = g_dir_read_name(dir));) {
        bool keep = strcmp(name, "state") == 0 || g_hash_table_contains(c->blobs, name);
        for (guint i = 0; i < packs->len && !keep; i++)
            keep = strcmp(packs->pdata[i], name) == 0;
        g_autofree char *path = g_build_filename(c->dir, name, NULL);
        if (!keep)
            unlink(path);
    }
    g_dir_close(dir);
}

static uint64_t add_string(GString *strings, const char *s)
{
    uint64_t at = strings->len;
    g_string_append_len(strings, s, (gssize)strlen(s) + 1);
    return at;
}

bool aj_cache_save(AjCache *c, AjCacheState *state, AjCacheInput *pages, GError **error)
{
    if (!packs_gather(c, pages, state->page_count, error))
        return false;
    g_autoptr(GPtrArray) packs = packs_used(c, pages, state->page_count);
    state->pages = pages;
    g_autoptr(GString) strings = g_string_new(NULL);
    g_autoptr(GString) out = g_string_new(NULL);
    for (guint i = 0; i < packs->len; i++)
        add_string(strings, packs->pdata[i]);
    Header h = {.input_size = sizeof(DiskInput),
                .output_size = sizeof(DiskOutput),
                .record_key = state->record_key,
                .site_key = state->site_key,
                .started_ns = state->started_ns,
                .pages = state->page_count,
                .assets = state->asset_count,
                .outputs = state->output_count,
                .packs = packs->len,
                .diags = state->diags_len};
    memcpy(h.magic, MAGIC, 8);
    g_string_append_len(out, (const char *)&h, sizeof h);
    for (uint32_t i = 0; i < state->page_count + state->asset_count; i++) {
        DiskInput d = {.input = i < state->page_count ? state->pages[i]
                                                      : state->assets[i - state->page_count]};
        d.path = add_string(strings, d.input.path);
        d.input.path = NULL;
        g_string_append_len(out, (const char *)&d, sizeof d);
    }
    for (uint32_t i = 0; i < state->output_count; i++) {
        DiskOutput d = {.output = state->outputs[i]};
        d.address = add_string(strings, d.output.address);
        d.output.address = NULL;
        g_string_append_len(out, (const char *)&d, sizeof d);
    }
    h.strings = strings->len;
    memcpy(out->str, &h, sizeof h);
    g_string_append_len(out, strings->str, (gssize)strings->len);
    g_string_append_len(out, state->diags, (gssize)state->diags_len);
    AjHash sum;
    aj_hash(out->str, out->len, &sum);
    g_string_append_len(out, (const char *)&sum, sizeof sum);
    g_autofree char *path = g_build_filename(c->dir, "state", NULL);
    if (!aj_fs_write(path, out->str, out->len, error))
        return false;
    remove_unnamed(c, packs);
    return true;
}
