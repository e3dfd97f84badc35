/* build - the only room that knows the order of the stages.
 *
 * See build.h and ARCHITECTURE.md. Pass 1 fills records, the join makes a Site of them, pass 2
 * (driver/publish) draws it. Must not know: the command line, terminals. */
#include "driver/build.h"

#include "base/sandbox.h"
#include "check/lint.h"
#include "driver/cache.h"
#include "driver/context.h"
#include "driver/join.h"
#include "driver/publish.h"
#include "driver/record.h"
#include "history/gitlog.h"
#include "load/scan.h"
#include "load/settings.h"

#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum {
    PAGE_LIMIT = 1 << 20, /* bytes of one page's source */
    WORKER_MEMORY = 768 << 20
};
static const double PAGE_CPU_SECONDS = 10;

typedef struct {
    const AjFsEntry *entry;
    const AjCacheInput *known; /* the record may be used again */
    uint32_t slot;             /* else: index into `dirty` */
} Source;
typedef struct {
    const AjBuildOptions *options;
    AjBuildStats *stats;
    AjArena *arena;
    AjDiags *diags; /* paths below the site's folder */
    AjConfig *config;
    AjScan *scan;
    AjTheme *theme;
    AjRepo *repo;
    char *prefix, *workdir;
    char head[41];
    AjOutput *output;
    AjCache *cache;
    AjFilterSource *filters;
    uint32_t filter_count;
    AjHash record_key, site_key;
    int64_t started_ns;
    Source *sources;
    uint32_t *dirty;
    uint32_t dirty_count;
    AjCacheInput *inputs; /* pages, then assets */
    AjRecorder recorder;
    AjHistory *history;
    GError *beside_error;
    AjArena *history_arena;
    struct timespec mark;
} Build;

const char *aj_stage_name(AjStage stage)
{
    static const char *const names[AJ_STAGES] = {"scan",   "parse", "history", "join",
                                                 "render", "index", "assets",  "publish"};
    return names[stage];
}

static double seconds_since(const struct timespec *start)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - start->tv_sec) + (double)(now.tv_nsec - start->tv_nsec) / 1e9;
}

static void lap(Build *b, AjStage stage)
{
    b->stats->seconds[stage] += seconds_since(&b->mark);
    clock_gettime(CLOCK_MONOTONIC, &b->mark);
}

/* Settings, theme, filters */

static bool load_config(Build *b, GError **error)
{
    g_autofree char *path = g_build_filename(b->options->root, "site.yaml", NULL);
    g_autofree char *text = NULL;
    size_t len = 0;
    if (g_file_test(path, G_FILE_TEST_EXISTS) && !aj_fs_read(path, PAGE_LIMIT, &text, &len, error))
        return false;
    b->config = aj_settings_parse(b->arena, text, len, "site.yaml", b->options->root, b->diags);
    if (!b->config)
        return true;
    b->config->out = b->options->out;
    b->config->drafts = b->options->drafts;
    b->config->strict = b->options->strict;
    if (b->options->base_url)
        b->config->base_url = aj_arena_strdup(b->arena, b->options->base_url);
    size_t url = strlen(b->config->base_url);
    if (url && b->config->base_url[url - 1] != '/')
        b->config->base_url = aj_arena_printf(b->arena, "%s/", b->config->base_url);
    return true;
}

static bool load_filters(Build *b, GError **error)
{
    uint32_t count = g_strv_length((char **)b->config->filters);
    b->filters = aj_arena_alloc(b->arena, (count + 1) * sizeof *b->filters);
    for (uint32_t i = 0; i < count; i++) {
        const char *name = b->config->filters[i];
        g_autofree char *folder = aj_theme_find(b->options->root, b->workdir, "lua-filters", name);
        if (!folder) {
            aj_diag(b->diags, AJ_ERROR, (AjPos){"site.yaml", 0, 0}, "no-filter",
                    AJ_TR("检查 filters 里的名字", "check the names in filters"),
                    AJ_TR("找不到过滤器“%s”", "there is no filter \"%s\""), name);
            continue;
        }
        g_autofree char *file = g_strdup_printf("%s/%s.lua", folder, name);
        g_autofree char *text = NULL;
        size_t len = 0;
        if (!aj_fs_read(file, PAGE_LIMIT, &text, &len, error))
            return false;
        b->filters[b->filter_count++] =
            (AjFilterSource){name, aj_arena_printf(b->arena, "lua-filters/%s/%s.lua", name, name),
                             aj_arena_strndup(b->arena, text, len), len};
    }
    return true;
}

/* The program by the stamp of its file: another build of it may make other records. */
static void hash_program(AjHashState *hash)
{
    AjFsEntry exe = {0};
    char path[4096];
    ssize_t len = readlink("/proc/self/exe", path, sizeof path - 1);
    if (len > 0) {
        path[len] = 0;
        aj_fs_stat(path, &exe, NULL);
    }
    uint64_t numbers[] = {exe.size, exe.inode, (uint64_t)exe.mtime_ns};
    aj_hash_add(hash, numbers, sizeof numbers);
    aj_hash_add_string(hash, AJ_VERSION);
}

static void make_keys(Build *b)
{
    g_autoptr(GString) settings = g_string_new(NULL);
    if (b->config->all)
        aj_value_pack(b->config->all, settings);
    AjHashState *hash = aj_hash_begin();
    hash_program(hash);
    aj_hash_add_string(hash, aj_lang_english() ? "en" : "zh");
    aj_hash_add(hash, settings->str, settings->len);
    for (uint32_t i = 0; i < b->filter_count; i++) {
        aj_hash_add_string(hash, b->filters[i].name);
        aj_hash_add_string(hash, b->filters[i].text);
    }
    aj_hash_end(hash, &b->record_key);
    hash = aj_hash_begin();
    aj_hash_add(hash, &b->record_key, sizeof b->record_key);
    if (b->theme)
        aj_hash_add(hash, &b->theme->hash, sizeof b->theme->hash);
    aj_hash_add_string(hash, b->head);
    aj_hash_add_string(hash, b->repo ? aj_repo_gitdir(b->repo) : NULL);
    aj_hash_add_string(hash, b->repo && aj_repo_is_shallow(b->repo) ? "shallow" : "");
    aj_hash_add_string(hash, b->config->base_url);
    aj_hash_add_string(hash, b->config->title);
    aj_hash_add_string(hash, b->config->drafts ? "drafts" : "");
    aj_hash_end(hash, &b->site_key);
}

static void stat_into(AjCacheInput *in, const AjFsEntry *entry)
{
    in->path = entry->path;
    in->size = entry->size;
    in->inode = entry->inode;
    in->mtime_ns = entry->mtime_ns;
    in->ctime_ns = entry->ctime_ns;
}

/* What has to be made */

/* Touched, checked out again, or too young to be trusted: the bytes decide. */
static bool same_bytes(Build *b, const AjCacheInput *known, const AjFsEntry *entry)
{
    g_autofree char *path = g_build_filename(b->options->root, entry->path, NULL);
    g_autofree char *bytes = NULL;
    size_t len = 0;
    uint8_t blob[20];
    if (known->size != entry->size || !aj_fs_read(path, PAGE_LIMIT, &bytes, &len, NULL))
        return false;
    aj_hash_blob(bytes, len, blob);
    return memcmp(blob, known->blob, sizeof blob) == 0;
}

static void find_dirty(Build *b)
{
    const AjCacheState *state = aj_cache_state(b->cache);
    bool records_hold = aj_hash_equal(&state->record_key, &b->record_key);
    uint32_t count = b->scan->page_count;
    b->sources = g_new0(Source, count + 1);
    b->dirty = g_new0(uint32_t, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        Source *s = &b->sources[i];
        s->entry = b->scan->pages[i];
        const AjCacheInput *known =
            records_hold ? aj_cache_find_page(b->cache, s->entry->path) : NULL;
        if (known && aj_cache_record(b->cache, known->pack, known->offset, known->len) &&
            (aj_cache_is_same(b->cache, known, s->entry) || same_bytes(b, known, s->entry))) {
            s->known = known;
        } else {
            s->slot = b->dirty_count;
            b->dirty[b->dirty_count++] = i;
        }
    }
}

/* True when inputs, settings, theme, git's head and every published file are as the last build left
 * them. */
static bool nothing_changed(Build *b)
{
    const AjCacheState *state = aj_cache_state(b->cache);
    if (b->options->full || b->options->check_only || b->dirty_count ||
        state->page_count != b->scan->page_count || state->asset_count != b->scan->asset_count ||
        !state->output_count || !aj_hash_equal(&state->site_key, &b->site_key))
        return false;
    for (uint32_t i = 0; i < b->scan->asset_count; i++) {
        const AjFsEntry *entry = b->scan->assets[i];
        const AjCacheInput *known = aj_cache_find_asset(b->cache, entry->path);
        if (!known || !aj_cache_is_same(b->cache, known, entry))
            return false;
    }
    return aj_publish_is_whole(b->output, state);
}

/* Pass 1 */

static bool worker_begin(void *data, GError **error)
{
    (void)error;
    Build *b = data;
    b->recorder = (AjRecorder){.config = b->config, .scratch = aj_arena_new(1 << 18)};
    g_autoptr(AjDiags) ignored = aj_diags_new(); /* the parent has compiled them once and told */
    if (b->filter_count)
        b->recorder.box = aj_luabox_new(b->filters, b->filter_count, ignored);
    const char *below[] = {b->options->root, NULL};
    AjSandbox box = {.read_below = below};
    g_autoptr(GString) status = g_string_new(NULL);
    aj_sandbox_enter(&box, status);
    return true;
}

/* The record's bytes follow git's id of the source, which the parent keeps for the next build. */
static bool worker_page(uint32_t index, GString *result, void *data)
{
    Build *b = data;
    const char *source = b->sources[b->dirty[index]].entry->path;
    uint8_t blob[20] = {0};
    g_autofree char *path = g_build_filename(b->options->root, source, NULL);
    g_autofree char *bytes = NULL;
    g_autoptr(GError) error = NULL;
    size_t len = 0;
    bool read = aj_fs_read(path, PAGE_LIMIT, &bytes, &len, &error);
    if (read)
        aj_hash_blob(bytes, len, blob);
    g_string_append_len(result, (const char *)blob, sizeof blob);
    if (read) {
        aj_record_make(&b->recorder, source, bytes, len, blob, result);
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
    Build *b = data;
    if (b->options->progress)
        b->options->progress(AJ_STAGE_PARSE, done, total, b->options->data);
}

/* In the parent while the workers parse. */
static void walk_history(void *data)
{
    Build *b = data;
    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    AjTracked *tracked = g_new0(AjTracked, b->scan->page_count + 1);
    for (uint32_t i = 0; i < b->scan->page_count; i++)
        tracked[i].path = b->scan->pages[i]->path;
    g_autoptr(GString) state = g_string_new(NULL);
    g_autoptr(GString) fresh = g_string_new(NULL);
    if (!b->options->full)
        aj_cache_load_blob(b->cache, "history", state);
    b->history =
        aj_gitlog_walk(b->history_arena, b->repo, b->prefix, tracked, b->scan->page_count,
                       state->len ? state->str : NULL, state->len, fresh, NULL, &b->beside_error);
    if (b->history && (fresh->len != state->len || memcmp(fresh->str, state->str, state->len) != 0))
        aj_cache_store_blob(b->cache, "history", fresh->str, fresh->len);
    g_free(tracked);
    b->stats->seconds[AJ_STAGE_HISTORY] = seconds_since(&start);
}

static void killed_page(Build *b, const char *source, AjPoolStatus status)
{
    const char *why = status == AJ_POOL_TIMEOUT ? AJ_TR("用时超过限度", "it took too long")
                      : status == AJ_POOL_MEMORY ? AJ_TR("内存超过限度", "it took too much memory")
                                                 : AJ_TR("处理时崩溃", "the worker crashed");
    aj_diag(b->diags, AJ_ERROR, (AjPos){source, 0, 0}, "page-killed",
            AJ_TR("把这一页改短或拆开；若用了自己的过滤器，检查里面的循环",
                  "shorten or split this page; if it uses a filter of yours, look at its loops"),
            AJ_TR("这一页处理不了：%s", "this page cannot be worked on: %s"), why);
}

/* A page whose worker was killed gets its notice from the parent: no content is parsed for it. */
static AjCacheInput failed_input(Build *b, const AjFsEntry *entry, const char **record_out)
{
    g_autoptr(GString) record = g_string_new(NULL);
    g_autoptr(AjDiags) none = aj_diags_new();
    AjArena *scratch = aj_arena_new(1 << 14);
    AjRecorder recorder = {.config = b->config, .scratch = scratch};
    aj_record_make_failed(&recorder, entry->path, none, record);
    aj_arena_free(scratch);
    *record_out = aj_arena_strndup(b->arena, record->str, record->len);
    return (AjCacheInput){.path = entry->path, .len = record->len}; /* stat 0: never trusted */
}

/* Fills b->inputs and gives each page's record bytes. */
static bool pass_one(Build *b, const char **records, GError **error)
{
    AjPoolJob job = {.jobs = MIN(b->options->jobs ? b->options->jobs : aj_pool_cores(),
                                 MAX(1, b->dirty_count / 16)),
                     .cpu_seconds = PAGE_CPU_SECONDS,
                     .memory_bytes = WORKER_MEMORY,
                     .pack_prefix = aj_cache_pack_prefix(b->cache),
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
        first_pack = aj_cache_add_packs(b->cache, aj_pool_packs(result));
        b->stats->peak_bytes = MAX(b->stats->peak_bytes, aj_pool_peak_bytes(result));
    } else {
        walk_history(b);
    }
    bool good = b->history != NULL;
    if (!good)
        g_propagate_error(error, b->beside_error);
    for (uint32_t i = 0; good && i < b->scan->page_count; i++) {
        Source *s = &b->sources[i];
        AjCacheInput *in = &b->inputs[i];
        records[i] = NULL;
        if (s->known) {
            *in = *s->known;
            stat_into(in, s->entry);
        } else {
            const AjPoolSlot *slot = aj_pool_slot(result, s->slot);
            stat_into(in, s->entry);
            if (slot->status == AJ_POOL_DONE && slot->len > sizeof in->blob) {
                in->pack = first_pack + slot->pack;
                in->offset = slot->offset + sizeof in->blob;
                in->len = slot->len - sizeof in->blob;
                const char *blob =
                    aj_cache_record(b->cache, in->pack, slot->offset, sizeof in->blob);
                if (blob)
                    memcpy(in->blob, blob, sizeof in->blob);
            } else {
                killed_page(b, s->entry->path, slot->status);
                *in = failed_input(b, s->entry, &records[i]);
            }
        }
        in->path = s->entry->path;
        if (!records[i])
            records[i] = aj_cache_record(b->cache, in->pack, in->offset, in->len);
        if (!records[i]) {
            g_set_error(error, AJ_FS_ERROR, AJ_FS_ERROR_IO,
                        AJ_TR("缓存写入后读不回来：%s", "cannot read back from the cache: %s"),
                        aj_output_cache(b->output));
            good = false;
        }
    }
    if (result)
        aj_pool_result_free(result);
    return good;
}

/* Join */

static void take_diags(Build *b, const AjRecord *record)
{
    AjArena *scratch = aj_arena_new(1 << 14);
    const AjValue *heavy = aj_value_unpack(scratch, record->heavy, record->heavy_len, NULL);
    const AjValue *list = aj_value_get(heavy, "diags");
    if (list)
        aj_diags_add_value(b->diags, list);
    aj_arena_free(scratch);
}

static AjAsset *assets_of(Build *b)
{
    AjAsset *assets = aj_arena_alloc(b->arena, (b->scan->asset_count + 1) * sizeof *assets);
    for (uint32_t i = 0; i < b->scan->asset_count; i++) {
        const AjFsEntry *entry = b->scan->assets[i];
        AjCacheInput *in = &b->inputs[b->scan->page_count + i];
        assets[i] = (AjAsset){
            entry->path, aj_publish_asset_address(b->arena, entry->path, in->hash), entry->size};
    }
    return assets;
}

/* Hashes assets whose stat changed; done before the join, which needs their addresses. */
static bool hash_assets(Build *b, GError **error)
{
    for (uint32_t i = 0; i < b->scan->asset_count; i++) {
        const AjFsEntry *entry = b->scan->assets[i];
        AjCacheInput *in = &b->inputs[b->scan->page_count + i];
        const AjCacheInput *known = aj_cache_find_asset(b->cache, entry->path);
        stat_into(in, entry);
        if (known && aj_cache_is_same(b->cache, known, entry)) {
            memcpy(in->hash, known->hash, sizeof in->hash);
            continue;
        }
        g_autofree char *path = g_build_filename(b->options->root, entry->path, NULL);
        g_autoptr(GMappedFile) map = g_mapped_file_new(path, FALSE, error);
        AjHash hash;
        if (!map)
            return false;
        const char *bytes = g_mapped_file_get_contents(map);
        aj_hash(bytes ? bytes : "", g_mapped_file_get_length(map), &hash);
        memcpy(in->hash, &hash, sizeof in->hash);
        if (b->config->asset_limit && entry->size > b->config->asset_limit)
            aj_diag(b->diags, AJ_WARNING, (AjPos){entry->path, 0, 0}, "heavy-asset",
                    AJ_TR("压缩后再放进来，或调高 site.yaml 的 assets: max_kb",
                          "compress it, or raise assets: max_kb in site.yaml"),
                    AJ_TR("文件有 %llu KB，超过限额", "the file has %llu KB, over the limit"),
                    (unsigned long long)entry->size / 1024);
    }
    return true;
}

static AjSite *join(Build *b, const char **records, AjPublishPage **publish_out)
{
    uint32_t count = 0;
    AjJoinPage *pages = g_new0(AjJoinPage, b->scan->page_count + 1);
    g_autoptr(GHashTable) by_source = g_hash_table_new(g_str_hash, g_str_equal);
    for (uint32_t i = 0; i < b->scan->page_count; i++) {
        AjRecord record;
        AjJoinPage *page = &pages[count];
        bool good = aj_record_open(records[i], b->inputs[i].len, &record);
        const AjValue *light =
            good ? aj_value_unpack(b->arena, record.light, record.light_len, NULL) : NULL;
        g_assert(light && aj_page_view(light, &page->view)); /* our own bytes, checked by a hash */
        if (page->view.draft && !b->config->drafts)
            continue;
        page->light = light;
        page->links = record.links;
        page->links_len = record.links_len;
        page->view.body = record.body;
        page->view.body_len = record.body_len;
        if (aj_value_get_int(light, "diags", 0))
            take_diags(b, &record);
        g_hash_table_insert(by_source, (void *)page->view.source, GUINT_TO_POINTER(i + 1));
        count++;
    }
    AjSite *site =
        aj_join(b->arena, b->config, pages, count, assets_of(b), b->scan->asset_count, b->diags);
    AjPublishPage *publish = aj_arena_alloc(b->arena, (count + 1) * sizeof *publish);
    const AjPathLog **logs = g_new0(const AjPathLog *, count + 1);
    for (uint32_t n = 0; n < count; n++) {
        uint32_t i = GPOINTER_TO_UINT(g_hash_table_lookup(by_source, site->pages[n].source)) - 1;
        publish[n] = (AjPublishPage){records[i], b->inputs[i].len, b->inputs[i].blob};
        AjPathLog *log = b->history->path_count ? (AjPathLog *)&b->history->paths[i] : NULL;
        if (log)
            log->modified = !log->count ||
                            memcmp(log->head_blob, b->inputs[i].blob, sizeof log->head_blob) != 0;
        logs[n] = log;
    }
    aj_join_history(site, b->history, logs);
    *publish_out = publish;
    g_free(logs);
    g_free(pages);
    return site;
}

static void tell_history(Build *b)
{
    const char *text = "";
    if (!b->repo)
        text = AJ_TR("不在 git 仓库里：页面没有版本记录", "not a git repository: pages have no versions");
    else if (!*b->head)
        text = AJ_TR("git 仓库里还没有提交：页面没有版本记录",
                     "the git repository has no commit: pages have no versions");
    else if (aj_repo_is_shallow(b->repo))
        text = AJ_TR("git 历史不完整（浅克隆）：版本号偏小，可用 git fetch --unshallow 补全",
                     "shallow git history: version numbers are too small; git fetch --unshallow");
    g_strlcpy(b->stats->history, text, sizeof b->stats->history);
}

/* Settings, theme and scan may have new things to say though no file changed. */
static void add_diags_to_key(Build *b)
{
    g_autoptr(GString) packed = g_string_new(NULL);
    aj_value_pack(aj_diags_to_value(b->diags, b->arena), packed);
    AjHashState *hash = aj_hash_begin();
    aj_hash_add(hash, &b->site_key, sizeof b->site_key);
    aj_hash_add(hash, packed->str, packed->len);
    aj_hash_end(hash, &b->site_key);
}

/* Diagnostics leave with the path that the user would type. */
static void hand_over(Build *b, AjDiags *to)
{
    const char *shown = b->options->shown;
    for (uint32_t i = 0; i < aj_diags_total(b->diags); i++) {
        const AjDiag *d = aj_diags_at(b->diags, i);
        g_autofree char *path = NULL;
        AjPos pos = d->pos;
        if (pos.path && !g_path_is_absolute(pos.path) && *shown && strcmp(shown, ".") != 0)
            pos.path = path = g_build_filename(shown, pos.path, NULL);
        aj_diag(to, d->level, pos, d->code, d->hint, "%s", d->message);
    }
    aj_diags_sort(to);
}

static bool check_filters(Build *b)
{
    if (!b->filter_count)
        return true;
    AjLuabox *box = aj_luabox_new(b->filters, b->filter_count, b->diags);
    aj_luabox_free(box);
    return box != NULL;
}

static bool run(Build *b, GError **error)
{
    AjBuildStats *stats = b->stats;
    if (!load_config(b, error))
        return false;
    if (!b->config)
        return true; /* diagnosed: an error of the site */
    b->repo = aj_repo_open(b->options->root, &b->prefix, error);
    if (!b->repo && error && *error)
        return false;
    int64_t head_time = 0;
    if (b->repo) {
        b->workdir = g_strdup(aj_repo_workdir(b->repo));
        if (!aj_repo_head(b->repo, b->head, &head_time, error))
            return false;
    }
    b->config->now = head_time;
    stats->head_time = head_time;
    g_strlcpy(stats->head, b->head, sizeof stats->head);
    g_strlcpy(stats->title, b->config->title, sizeof stats->title);
    g_strlcpy(stats->language, b->config->language, sizeof stats->language);
    const char *epoch = g_getenv("SOURCE_DATE_EPOCH");
    if (epoch)
        b->config->now = g_ascii_strtoll(epoch, NULL, 10);
    b->theme = aj_theme_load(b->config, b->workdir, b->diags, error);
    if (!b->theme)
        return !error || !*error;
    if (!load_filters(b, error))
        return false;
    if (!check_filters(b) || aj_diags_count(b->diags, AJ_ERROR))
        return true;
    make_keys(b);
    const char *cache_dir;
    g_autofree char *private_dir = NULL;
    if (b->options->check_only) {
        private_dir = g_dir_make_tmp("anjian-XXXXXX", error);
        if (!private_dir)
            return false;
        cache_dir = private_dir;
    } else {
        b->output = aj_output_open(b->options->out, error);
        if (!b->output)
            return false;
        cache_dir = aj_output_cache(b->output);
    }
    b->cache = aj_cache_open(cache_dir, b->options->full);
    const char *skip[] = {b->options->out, cache_dir, NULL};
    if (b->options->check_only)
        skip[0] = NULL;
    b->scan = aj_scan(b->options->root, skip, b->diags, error);
    if (!b->scan)
        return false;
    find_dirty(b);
    add_diags_to_key(b);
    tell_history(b);
    stats->pages = b->scan->page_count;
    stats->made = b->dirty_count;
    stats->cached = stats->pages - stats->made;
    g_autoptr(GString) sandbox = g_string_new(NULL);
    aj_sandbox_probe(sandbox);
    g_strlcpy(stats->sandbox, sandbox->str, sizeof stats->sandbox);
    bool idle = nothing_changed(b);
    lap(b, AJ_STAGE_SCAN);
    const AjCacheState *old = aj_cache_state(b->cache);
    if (idle) {
        AjValue *list = aj_value_unpack(b->arena, old->diags, old->diags_len, NULL);
        aj_diags_clear(b->diags);
        if (list)
            aj_diags_add_value(b->diags, list);
        stats->files = old->output_count;
        stats->published = stats->unchanged = true;
        return true;
    }
    b->inputs = g_new0(AjCacheInput, b->scan->page_count + b->scan->asset_count + 1);
    g_autofree const char **records = g_new0(const char *, b->scan->page_count + 1);
    b->history_arena = aj_arena_new(1 << 16);
    bool good = pass_one(b, records, error);
    lap(b, AJ_STAGE_PARSE);
    AjPublishPage *pages = NULL;
    if (good)
        good = hash_assets(b, error);
    AjSite *site = good ? join(b, records, &pages) : NULL;
    if (site) {
        if (b->options->check_only)
            aj_lint_run(site, b->diags);
        AjPlan *plan = aj_plan(b->arena, site, b->diags);
        lap(b, AJ_STAGE_JOIN);
        bool stop = !plan || (b->options->strict && aj_diags_count(b->diags, AJ_ERROR));
        if (!stop && !b->options->check_only) {
            AjPublish p = {.arena = b->arena,
                           .site = site,
                           .plan = plan,
                           .theme = b->theme,
                           .pages = pages,
                           .inputs = b->inputs,
                           .input_pages = b->scan->page_count,
                           .input_assets = b->scan->asset_count,
                           .output = b->output,
                           .cache = b->cache,
                           .record_key = b->record_key,
                           .site_key = b->site_key,
                           .started_ns = b->started_ns,
                           .diags = b->diags,
                           .options = b->options,
                           .stats = stats};
            good = aj_publish(&p, error);
        }
    }
    if (private_dir)
        aj_fs_remove_tree(private_dir, NULL);
    return good;
}

bool aj_build(const AjBuildOptions *options, AjDiags *diags, AjBuildStats *stats, GError **error)
{
    *stats = (AjBuildStats){0};
    struct timespec real;
    clock_gettime(CLOCK_REALTIME, &real);
    Build b = {.options = options,
               .stats = stats,
               .arena = aj_arena_new(1 << 20),
               .diags = aj_diags_new(),
               .started_ns = real.tv_sec * 1000000000LL + real.tv_nsec};
    clock_gettime(CLOCK_MONOTONIC, &b.mark);
    bool good = run(&b, error);
    hand_over(&b, diags);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    stats->peak_bytes += (uint64_t)usage.ru_maxrss * 1024;
    aj_cache_free(b.cache);
    aj_output_close(b.output);
    if (b.scan)
        aj_scan_free(b.scan);
    aj_theme_free(b.theme);
    aj_repo_free(b.repo);
    aj_diags_free(b.diags);
    g_free(b.prefix);
    g_free(b.workdir);
    g_free(b.sources);
    g_free(b.dirty);
    g_free(b.inputs);
    aj_arena_free(b.history_arena);
    aj_arena_free(b.arena);
    return good;
}
