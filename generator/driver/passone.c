/* passone - which pages have to be made, and their records, in workers beside the git walk.
 *
 * Must not know: what joins pages, templates. */
#include "driver/passone.h"

#include "base/sandbox.h"
#include "driver/record.h"
#include "history/gitlog.h"

#include <string.h>
#include <sys/mman.h>

enum {
    TRACES = 4096, /* pages whose filters had to be killed: beyond these nobody says which filter */
    PAGE_LIMIT = 1 << 20, /* bytes of one page's source */
    WORKER_MEMORY = 768 << 20
};
static const double PAGE_CPU_SECONDS = 10;
enum { READS = sizeof(((AjCacheInput *)NULL)->reads) };

typedef struct {
    const AjFsEntry *entry;
    const AjCacheInput *known; /* the record may be used again */
    uint32_t slot;             /* else: index into `dirty` */
} Source;
struct AjPassOne {
    AjPassOneSetup in;
    Source *sources;
    uint32_t *dirty;
    uint32_t dirty_count;
    AjRecorder recorder; /* a worker's */
    AjFilterView view;   /* the same */
    AjLuaTrace *traces;  /* shared with the workers; NULL: no memory for it */
    AjHistory *history;
    GError *beside_error;
    AjArena *history_arena;
};

void aj_passone_stat(AjCacheInput *in, const AjFsEntry *entry)
{
    in->path = entry->path;
    in->size = entry->size;
    in->inode = entry->inode;
    in->mtime_ns = entry->mtime_ns;
    in->ctime_ns = entry->ctime_ns;
}

/* Touched, checked out again, or too young to be trusted: the bytes decide. */
static bool same_bytes(AjPassOne *b, const AjCacheInput *known, const AjFsEntry *entry)
{
    g_autofree char *path = g_build_filename(b->in.options->root, entry->path, NULL);
    g_autofree char *bytes = NULL;
    size_t len = 0;
    uint8_t blob[20];
    if (known->size != entry->size || !aj_fs_read(path, PAGE_LIMIT, &bytes, &len, NULL))
        return false;
    aj_hash_blob(bytes, len, blob);
    return memcmp(blob, known->blob, sizeof blob) == 0;
}

static bool reads_hold(AjPassOne *b, const AjCacheInput *known, const char *bytes, GHashTable *memo)
{
    static const uint8_t none[sizeof known->reads];
    AjRecord record;
    if (memcmp(known->reads, none, sizeof none) == 0)
        return true;
    if (!aj_record_open(bytes, known->len, &record))
        return false;
    AjArena *scratch = aj_arena_new(1 << 12);
    const AjValue *light = aj_value_unpack(scratch, record.light, record.light_len, NULL);
    bool good =
        aj_filterset_reads_hold(aj_value_get(light, "reads"), b->in.options->root,
                                b->in.prepared->filters, b->in.prepared->filter_count, memo);
    aj_arena_free(scratch);
    return good;
}

static void find_dirty(AjPassOne *b)
{
    g_autoptr(GHashTable) memo = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    const AjCacheState *state = aj_cache_state(b->in.cache);
    bool records_hold = aj_hash_equal(&state->record_key, &b->in.prepared->record_key);
    uint32_t count = b->in.scan->page_count;
    b->sources = g_new0(Source, count + 1);
    b->dirty = g_new0(uint32_t, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        Source *s = &b->sources[i];
        s->entry = b->in.scan->pages[i];
        const AjCacheInput *known =
            records_hold ? aj_cache_find_page(b->in.cache, s->entry->path) : NULL;
        const char *bytes =
            known ? aj_cache_record(b->in.cache, known->pack, known->offset, known->len) : NULL;
        if (bytes && reads_hold(b, known, bytes, memo) &&
            (aj_cache_is_same(b->in.cache, known, s->entry) || same_bytes(b, known, s->entry))) {
            s->known = known;
        } else {
            s->slot = b->dirty_count;
            b->dirty[b->dirty_count++] = i;
        }
    }
}

static bool worker_begin(void *data, GError **error)
{
    (void)error;
    AjPassOne *b = data;
    b->recorder = (AjRecorder){.config = b->in.prepared->config, .scratch = aj_arena_new(1 << 20)};
    g_autoptr(AjDiags) ignored = aj_diags_new(); /* the parent has compiled them once and told */
    aj_theme_body_words(b->in.prepared->theme, &b->recorder.words);
    AjLuaHost host = {.traces = b->traces, .trace_count = TRACES};
    b->view = (AjFilterView){.root = b->in.options->root, .config = b->in.prepared->config};
    aj_filterset_host(&host, &b->view);
    if (b->in.prepared->config->search)
        b->recorder.terse = aj_terse_new();
    b->recorder.view = &b->view;
    b->recorder.filters = b->in.prepared->filters;
    b->recorder.filter_count = b->in.prepared->filter_count;
    if (b->in.prepared->filter_count)
        b->recorder.box =
            aj_luabox_new(b->in.prepared->filters, b->in.prepared->filter_count, &host, ignored);
    const char *below[] = {b->in.options->root, NULL};
    AjSandbox box = {.read_below = below};
    g_autoptr(GString) status = g_string_new(NULL);
    aj_sandbox_enter(&box, status);
    return true;
}

/* The record's bytes follow git's id of the source, which the parent keeps for the next build. */
static bool worker_page(uint32_t index, GString *result, void *data)
{
    AjPassOne *b = data;
    const char *source = b->sources[b->dirty[index]].entry->path;
    uint8_t blob[20] = {0};
    g_autofree char *path = g_build_filename(b->in.options->root, source, NULL);
    g_autofree char *bytes = NULL;
    g_autoptr(GError) error = NULL;
    size_t len = 0;
    bool read = aj_fs_read(path, PAGE_LIMIT, &bytes, &len, &error);
    if (read)
        aj_hash_blob(bytes, len, blob);
    g_string_append_len(result, (const char *)blob, sizeof blob);
    size_t at = result->len;
    uint8_t reads[READS] = {0};
    g_string_append_len(result, (const char *)reads, sizeof reads);
    if (read) {
        if (b->recorder.box)
            aj_luabox_item(b->recorder.box, index);
        aj_record_make(&b->recorder, source, bytes, len, blob, result);
        aj_record_reads(&b->recorder, reads);
        memcpy(result->str + at, reads, sizeof reads);
        return true;
    }
    g_autoptr(AjDiags) why = aj_diags_new();
    aj_diag(why, AJ_ERROR, (AjPos){source, 0, 0}, "unreadable",
            AJ_TR("一个页面最大 1 MiB；大文件请作为附件链接，并检查读取权限",
                  "a page has at most 1 MiB; link large files as attachments; check permissions"),
            AJ_TR("读不了这个文件：%s", "cannot read this file: %s"), error->message);
    aj_record_make_failed(&b->recorder, source, why, result);
    return true;
}

static void worker_progress(uint32_t done, uint32_t total, void *data)
{
    AjPassOne *b = data;
    if (b->in.options->progress)
        b->in.options->progress(AJ_STAGE_PARSE, done, total, b->in.options->data);
}

/* In the parent while the workers parse. */
static void walk_history(void *data)
{
    AjPassOne *b = data;
    int64_t start = g_get_monotonic_time();
    AjTracked *tracked = g_new0(AjTracked, b->in.scan->page_count + 1);
    for (uint32_t i = 0; i < b->in.scan->page_count; i++)
        tracked[i].path = b->in.scan->pages[i]->path;
    g_autoptr(GString) state = g_string_new(NULL);
    g_autoptr(GString) fresh = g_string_new(NULL);
    if (!b->in.options->full)
        aj_cache_load_blob(b->in.cache, "history", state);
    b->history =
        aj_gitlog_walk(b->history_arena, b->in.prepared->repo, b->in.prepared->source->prefix,
                       tracked, b->in.scan->page_count, state->len ? state->str : NULL, state->len,
                       fresh, NULL, &b->beside_error);
    if (b->history && fresh->len)
        aj_cache_store_blob(b->in.cache, "history", fresh->str, fresh->len);
    g_free(tracked);
    b->in.stats->seconds[AJ_STAGE_HISTORY] = (double)(g_get_monotonic_time() - start) / 1e6;
}

/* Says which filter it was when one was running, and where. */
static bool killed_in_filter(AjPassOne *b, uint32_t item, const char *source)
{
    for (uint32_t i = 0; b->traces && i < TRACES && b->traces[i].item; i++) {
        const AjLuaTrace *t = &b->traces[i];
        if (t->item != item + 1 || t->filter >= b->in.prepared->filter_count)
            continue;
        const AjFilterSource *f = &b->in.prepared->filters[t->filter];
        aj_diag(b->in.diags, AJ_ERROR, (AjPos){f->path, t->line, 0}, "filter-error",
                AJ_TR("改正过滤器，或在 site.yaml 的 filters 里暂时去掉它",
                      "mend the filter, or take it out of filters in site.yaml"),
                AJ_TR("过滤器 %s 处理页面 %s 时出错：%s", "filter %s failed on page %s: %s"),
                f->name, source, "the filter runs too long");
        return true;
    }
    return false;
}

static void killed_page(AjPassOne *b, uint32_t item, const char *source, AjPoolStatus status)
{
    if (status == AJ_POOL_TIMEOUT && killed_in_filter(b, item, source))
        return;
    const char *why = status == AJ_POOL_TIMEOUT ? AJ_TR("用时超过限度", "it took too long")
                      : status == AJ_POOL_MEMORY ? AJ_TR("内存超过限度", "it took too much memory")
                                                 : AJ_TR("处理时崩溃", "the worker crashed");
    aj_diag(b->in.diags, AJ_ERROR, (AjPos){source, 0, 0}, "page-killed",
            AJ_TR("把这一页改短或拆开；若用了自己的过滤器，检查里面的循环",
                  "shorten or split this page; if it uses a filter of yours, look at its loops"),
            AJ_TR("这一页处理不了：%s", "this page cannot be worked on: %s"), why);
}

/* A page whose worker was killed gets its notice from the parent: no content is parsed for it. */
static AjCacheInput failed_input(AjPassOne *b, const AjFsEntry *entry, const char **record_out)
{
    g_autoptr(GString) record = g_string_new(NULL);
    g_autoptr(AjDiags) none = aj_diags_new();
    AjArena *scratch = aj_arena_new(1 << 14);
    AjRecorder recorder = {.config = b->in.prepared->config, .scratch = scratch};
    aj_record_make_failed(&recorder, entry->path, none, record);
    aj_arena_free(scratch);
    *record_out = aj_arena_strndup(b->in.arena, record->str, record->len);
    return (AjCacheInput){.path = entry->path, .len = record->len}; /* stat 0: never trusted */
}

bool aj_passone_run(AjPassOne *b, AjCacheInput *inputs, const char **records, GError **error)
{
    AjPoolJob job = {.jobs = MIN(b->in.options->jobs ? b->in.options->jobs : aj_pool_cores(),
                                 MAX(1, b->dirty_count / 16)),
                     .cpu_seconds = PAGE_CPU_SECONDS,
                     .memory_bytes = WORKER_MEMORY,
                     .pack_prefix = aj_cache_pack_prefix(b->in.cache),
                     .begin = worker_begin,
                     .work = worker_page,
                     .progress = worker_progress,
                     .beside = walk_history,
                     .data = b};
    AjPoolResult *result = NULL;
    uint32_t first_pack = 0;
    if (b->dirty_count) {
        if (!aj_pool_run(&job, b->dirty_count, &result, error))
            return false;
        first_pack = aj_cache_add_packs(b->in.cache, aj_pool_packs(result));
        b->in.stats->peak_bytes = MAX(b->in.stats->peak_bytes, aj_pool_peak_bytes(result));
    } else {
        walk_history(b);
    }
    bool good = b->history != NULL;
    if (!good)
        g_propagate_error(error, b->beside_error);
    for (uint32_t i = 0; good && i < b->in.scan->page_count; i++) {
        Source *s = &b->sources[i];
        AjCacheInput *in = &inputs[i];
        records[i] = NULL;
        if (i % 1024 == 0)
            aj_cache_rest(b->in.cache);
        if (s->known) {
            *in = *s->known;
            aj_passone_stat(in, s->entry);
        } else {
            const AjPoolSlot *slot = aj_pool_slot(result, s->slot);
            aj_passone_stat(in, s->entry);
            const size_t head = sizeof in->blob + sizeof in->reads;
            if (slot->status == AJ_POOL_DONE && slot->len > head) {
                in->pack = first_pack + slot->pack;
                in->offset = slot->offset + head;
                in->len = slot->len - head;
                const char *bytes = aj_cache_record(b->in.cache, in->pack, slot->offset, head);
                if (bytes) {
                    memcpy(in->blob, bytes, sizeof in->blob);
                    memcpy(in->reads, bytes + sizeof in->blob, sizeof in->reads);
                }
            } else {
                killed_page(b, s->slot, s->entry->path, slot->status);
                *in = failed_input(b, s->entry, &records[i]);
            }
        }
        in->path = s->entry->path;
        if (!records[i])
            records[i] = aj_cache_record(b->in.cache, in->pack, in->offset, in->len);
        if (!records[i]) {
            g_set_error(error, AJ_FS_ERROR, AJ_FS_ERROR_IO,
                        AJ_TR("缓存写入后读不回来：%s", "cannot read back from the cache: %s"),
                        s->entry->path);
            good = false;
        }
    }
    if (result)
        aj_pool_result_free(result);
    return good;
}

AjPassOne *aj_passone_new(const AjPassOneSetup *setup)
{
    AjPassOne *b = g_new0(AjPassOne, 1);
    b->in = *setup;
    b->history_arena = aj_arena_new(1 << 16);
    void *shared = mmap(NULL, TRACES * sizeof *b->traces, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    b->traces = shared == MAP_FAILED ? NULL : shared;
    find_dirty(b);
    return b;
}

uint32_t aj_passone_dirty(const AjPassOne *b)
{
    return b->dirty_count;
}

AjHistory *aj_passone_history(const AjPassOne *b)
{
    return b->history;
}

void aj_passone_free(AjPassOne *b)
{
    if (!b)
        return;
    g_free(b->sources);
    g_free(b->dirty);
    aj_arena_free(b->history_arena);
    if (b->traces)
        munmap(b->traces, TRACES * sizeof *b->traces);
    g_free(b);
}
