/* build - the only room that knows the order of the stages.
 *
 * See build.h and ARCHITECTURE.md. prepare, scan, pass 1 (driver/passone), the join that makes a
 * Site of records, pass 2 (driver/publish). Must not know: the command line, terminals. */
#include "driver/build.h"

#include "base/sandbox.h"
#include "driver/edition.h"
#include "driver/join.h"
#include "driver/lintpass.h"
#include "driver/passone.h"
#include "driver/pictures.h"
#include "driver/copies.h"
#include "driver/record.h"

#include <string.h>
#include <sys/resource.h>

typedef struct {
    const AjBuildOptions *options; /* `root` is the source's */
    AjBuildOptions own;
    AjSource source;
    AjBuildStats *stats;
    AjArena *arena;
    AjDiags *diags; /* paths below the site's folder */
    AjPrepared prepared;
    AjScan *scan;
    AjOutput *output;
    AjCache *cache;
    char *private_cache; /* of a check, removed at the end */
    char *laid_out;      /* the files of a commit, removed at the end */
    AjPassOne *pass;
    int64_t started_ns;
    AjCacheInput *inputs; /* pages, then assets */
    int64_t mark;         /* microseconds, when the stage under way began */
} Build;

const char *aj_stage_name(AjStage stage)
{
    static const char *const names[AJ_STAGES] = {"scan",   "parse", "history", "join",
                                                 "render", "index", "assets",  "publish"};
    return names[stage];
}

static void lap(Build *b, AjStage stage)
{
    int64_t now = g_get_monotonic_time();
    b->stats->seconds[stage] += (double)(now - b->mark) / 1e6;
    b->mark = now;
}

/* True when inputs, settings, theme, git's head and every published file are as the last build left
 * them. */
static bool nothing_changed(Build *b)
{
    const AjCacheState *state = aj_cache_state(b->cache);
    if (b->options->full || b->options->check_only || aj_passone_dirty(b->pass) ||
        state->page_count != b->scan->page_count || state->asset_count != b->scan->asset_count ||
        !state->output_count || !aj_hash_equal(&state->site_key, &b->prepared.site_key))
        return false;
    /* What is laid out of a commit has new stamps each time, and is what the site's key says. */
    for (uint32_t i = 0; i < b->scan->asset_count && !b->options->rev; i++) {
        const AjFsEntry *entry = b->scan->assets[i];
        const AjCacheInput *known = aj_cache_find_asset(b->cache, entry->path);
        if (!known || !aj_cache_is_same(b->cache, known, entry))
            return false;
    }
    return aj_publish_is_whole(b->output, state);
}

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
        assets[i] = (AjAsset){entry->path, aj_copies_asset_address(b->arena, entry->path, in->hash),
                              entry->size};
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
        aj_passone_stat(in, entry);
        if (!b->prepared.config->recode || !aj_pictures_has(entry->path))
            aj_pictures_tell(b->prepared.config, entry->path, entry->size, b->diags);
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
    }
    return true;
}

/* Stands for everything that a page's record says; the record's own key is in every output's. */
static uint64_t page_key(const AjCacheInput *input, bool failed)
{
    g_autoptr(GString) all = g_string_new(input->path);
    g_string_append_len(all, (const char *)input->blob, sizeof input->blob);
    g_string_append_len(all, (const char *)input->reads, sizeof input->reads);
    g_string_append_c(all, failed ? '!' : '.');
    AjHash hash;
    uint64_t key;
    aj_hash(all->str, all->len, &hash);
    memcpy(&key, &hash, sizeof key);
    return key;
}

/* From what HEAD holds; for a link git keeps where it leads, not what lies there. */
static bool differs(const Build *b, uint32_t i, const AjPathLog *log)
{
    uint8_t id[20];
    if (memcmp(log->head_blob, b->inputs[i].blob, sizeof log->head_blob) == 0)
        return false;
    g_autofree char *path =
        g_build_filename(b->prepared.source->root, b->scan->pages[i]->path, NULL);
    g_autofree char *target = g_file_read_link(path, NULL);
    if (!target)
        return true;
    aj_hash_blob(target, strlen(target), id);
    return memcmp(log->head_blob, id, sizeof id) != 0;
}

static AjSite *join(Build *b, const char **records, AjPublishPage **publish_out)
{
    const AjHistory *history = aj_passone_history(b->pass);
    uint32_t count = 0;
    AjJoinPage *pages = g_new0(AjJoinPage, b->scan->page_count + 1);
    g_autoptr(GHashTable) by_source = g_hash_table_new(g_str_hash, g_str_equal);
    for (uint32_t i = 0; i < b->scan->page_count; i++) {
        AjRecord record;
        AjJoinPage *page = &pages[count];
        if (i % 1024 == 0)
            aj_cache_rest(b->cache);
        bool good = aj_record_open(records[i], b->inputs[i].len, &record);
        /* A copy: everybody looks at these all the time, and what lies between them can rest. */
        const char *bytes =
            good ? aj_arena_strndup(b->arena, record.light, record.light_len) : NULL;
        const AjValue *light =
            good ? aj_value_unpack(b->arena, bytes, record.light_len, NULL) : NULL;
        g_assert(light && aj_page_view(light, &page->view)); /* our own bytes, checked by a hash */
        if (page->view.draft && !b->prepared.config->drafts)
            continue;
        page->light = light;
        page->links = aj_arena_strndup(b->arena, record.links, record.links_len);
        page->links_len = record.links_len;
        page->view.body = record.body;
        page->view.body_len = record.body_len;
        page->key = page_key(&b->inputs[i], page->view.failed);
        if (aj_value_get_int(light, "diags", 0))
            take_diags(b, &record);
        g_hash_table_insert(by_source, (void *)page->view.source, GUINT_TO_POINTER(i + 1));
        count++;
    }
    AjSite *site = aj_join(b->arena, b->prepared.config, pages, count, assets_of(b),
                           b->scan->asset_count, b->diags);
    AjPublishPage *publish = aj_arena_alloc(b->arena, (count + 1) * sizeof *publish);
    const AjPathLog **logs = g_new0(const AjPathLog *, count + 1);
    for (uint32_t n = 0; n < count; n++) {
        uint32_t i = GPOINTER_TO_UINT(g_hash_table_lookup(by_source, site->pages[n].source)) - 1;
        publish[n] = (AjPublishPage){records[i], b->inputs[i].len};
        AjPathLog *log = history->path_count ? (AjPathLog *)&history->paths[i] : NULL;
        if (log)
            log->modified = !log->count || differs(b, i, log);
        logs[n] = log;
    }
    aj_join_history(site, history, logs);
    *publish_out = publish;
    g_free(logs);
    g_free(pages);
    return site;
}

static void tell_history(Build *b)
{
    const char *text = "";
    if (!b->prepared.repo)
        text = AJ_TR("不在 git 仓库里：页面没有版本记录",
                     "not a git repository: pages have no versions");
    else if (!*b->prepared.head)
        text = AJ_TR("git 仓库里还没有提交：页面没有版本记录",
                     "the git repository has no commit: pages have no versions");
    else if (aj_repo_is_shallow(b->prepared.repo))
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
    aj_hash_add(hash, &b->prepared.site_key, sizeof b->prepared.site_key);
    aj_hash_add(hash, packed->str, packed->len);
    if (b->options->editions)
        aj_editions_add(b->options->editions, hash);
    aj_hash_end(hash, &b->prepared.site_key);
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

/* Where the cache lies: beside OUT under its lock, or for a check in a folder of its own. */
static bool open_cache(Build *b, GError **error)
{
    if (b->options->check_only) {
        b->private_cache = g_dir_make_tmp("anjian-XXXXXX", error);
        if (b->private_cache)
            b->cache = aj_cache_open(b->private_cache, true);
        return b->cache != NULL;
    }
    b->output = aj_output_open(b->options->out, error);
    if (b->output)
        b->cache = aj_cache_open(aj_output_cache(b->output), b->options->full);
    return b->cache != NULL;
}

static bool scan(Build *b, GError **error)
{
    const char *cache = b->output ? aj_output_cache(b->output) : NULL;
    const char *skip[] = {b->options->out, cache ? cache : b->options->skip,
                          cache ? b->options->skip : NULL, NULL};
    b->scan = aj_scan(b->options->root, skip, b->diags, error);
    if (!b->scan)
        return false;
    add_diags_to_key(b);
    AjPassOneSetup setup = {b->options, b->stats, &b->prepared, b->scan,
                            b->cache,   b->arena, b->diags};
    b->pass = aj_passone_new(&setup);
    b->stats->pages = b->scan->page_count;
    b->stats->made = aj_passone_dirty(b->pass);
    b->stats->cached = b->stats->pages - b->stats->made;
    return true;
}

/* What the last build said of the content, said again. */
static void repeat_diags(Build *b)
{
    const AjCacheState *old = aj_cache_state(b->cache);
    AjValue *list = aj_value_unpack(b->arena, old->diags, old->diags_len, NULL);
    aj_diags_clear(b->diags);
    if (list)
        aj_diags_add_value(b->diags, list);
    b->stats->files = old->output_count;
    b->stats->published = b->stats->unchanged = true;
}

static void describe(Build *b)
{
    AjBuildStats *stats = b->stats;
    stats->head_time = b->prepared.head_time;
    g_strlcpy(stats->head, b->prepared.head, sizeof stats->head);
    g_strlcpy(stats->title, b->prepared.config->title, sizeof stats->title);
    g_strlcpy(stats->language, b->prepared.config->language, sizeof stats->language);
    g_autoptr(GString) sandbox = g_string_new(NULL);
    aj_sandbox_probe(sandbox);
    g_strlcpy(stats->sandbox, sandbox->str, sizeof stats->sandbox);
    tell_history(b);
}

static bool publish(Build *b, AjSite *site, AjPlan *plan, AjPublishPage *pages, GError **error)
{
    AjPublish p = {.arena = b->arena,
                   .site = site,
                   .plan = plan,
                   .theme = b->prepared.theme,
                   .repo = b->source.repo,
                   .prefix = b->source.prefix,
                   .pages = pages,
                   .inputs = b->inputs,
                   .input_pages = b->scan->page_count,
                   .input_assets = b->scan->asset_count,
                   .output = b->output,
                   .cache = b->cache,
                   .record_key = b->prepared.record_key,
                   .site_key = b->prepared.site_key,
                   .started_ns = b->started_ns,
                   .diags = b->diags,
                   .options = b->options,
                   .stats = b->stats};
    return aj_publish(&p, error);
}

/* A commit is laid out in the cache, under its lock, in a folder of the site's own name. */
static bool open_source(Build *b, AjDiags *told, GError **error)
{
    const AjBuildOptions *o = b->options;
    g_autofree char *scratch = NULL;
    if (o->rev) {
        if (!open_cache(b, error))
            return false;
        g_autofree char *name = g_path_get_basename(o->root);
        b->laid_out = g_build_filename(
            b->private_cache ? b->private_cache : aj_output_cache(b->output), "rev", NULL);
        scratch = g_build_filename(b->laid_out, name, NULL);
        if (!aj_fs_remove_tree(b->laid_out, error) || !aj_fs_mkdirs(scratch, error))
            return false;
    }
    if (!aj_source_open(&b->source, o->root, o->rev, o->present_theme, scratch, told, error))
        return false;
    b->own.root = b->source.root;
    return true;
}

static bool run(Build *b, GError **error)
{
    g_autoptr(AjDiags) told = aj_diags_new(); /* kept apart: what aj_prepare finds is of the site */
    if (!open_source(b, told, error) || !aj_prepare(&b->prepared, error))
        return false;
    aj_diags_add_value(b->diags, aj_diags_to_value(told, b->arena));
    if (!b->prepared.ready)
        return true;
    describe(b);
    if ((!b->cache && !open_cache(b, error)) || !scan(b, error))
        return false;
    bool idle = !b->options->planned && nothing_changed(b);
    lap(b, AJ_STAGE_SCAN);
    if (idle) {
        repeat_diags(b);
        return true;
    }
    b->inputs = g_new0(AjCacheInput, b->scan->page_count + b->scan->asset_count + 1);
    g_autofree const char **records = g_new0(const char *, b->scan->page_count + 1);
    if (!aj_passone_run(b->pass, b->inputs, records, error) || !hash_assets(b, error))
        return false;
    lap(b, AJ_STAGE_PARSE);
    AjPublishPage *pages = NULL;
    AjSite *site = join(b, records, &pages);
    b->stats->joined = true;
    if (b->options->joined) {
        AjSite view = *site; /* without what the join keeps beside its own: aj_join_light */
        if (b->options->whole)
            view.pages = aj_lintpass_whole(b->arena, site, pages);
        return b->options->joined(b->options->whole ? &view : site, b->source.repo,
                                  b->source.prefix, b->options->data, error);
    }
    if (b->options->check_only)
        aj_lintpass_run(b->options->root, site, pages, b->diags);
    AjPlan *plan =
        aj_plan(b->arena, site, b->prepared.theme->templates, b->options->editions, b->diags);
    if (plan && b->options->planned)
        b->options->planned(plan, aj_templates_has(b->prepared.theme->templates, "editions.html"),
                            b->options->data);
    aj_cache_rest(b->cache); /* the join has looked at every record */
    lap(b, AJ_STAGE_JOIN);
    bool stop = !plan || (b->options->strict && aj_diags_count(b->diags, AJ_ERROR));
    return stop || b->options->check_only || b->options->planned ||
           publish(b, site, plan, pages, error);
}

bool aj_build(const AjBuildOptions *options, AjDiags *diags, AjBuildStats *stats, GError **error)
{
    *stats = (AjBuildStats){0};
    Build b = {.own = *options,
               .stats = stats,
               .arena = aj_arena_new(1 << 20),
               .diags = aj_diags_new(),
               .started_ns = g_get_real_time() * 1000};
    b.options = &b.own;
    b.prepared =
        (AjPrepared){.options = b.options, .source = &b.source, .arena = b.arena, .diags = b.diags};
    b.mark = g_get_monotonic_time();
    bool good = run(&b, error);
    hand_over(&b, diags);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage); /* the pool's figure has us in it */
    stats->peak_bytes = MAX(stats->peak_bytes, (uint64_t)usage.ru_maxrss * 1024);
    aj_cache_free(b.cache);
    if (b.laid_out)
        aj_fs_remove_tree(b.laid_out, NULL);
    aj_output_close(b.output);
    if (b.private_cache)
        aj_fs_remove_tree(b.private_cache, NULL);
    aj_passone_free(b.pass);
    aj_scan_free(b.scan);
    aj_prepare_clear(&b.prepared);
    aj_source_clear(&b.source);
    aj_diags_free(b.diags);
    g_free(b.private_cache);
    g_free(b.laid_out);
    g_free(b.inputs);
    aj_arena_free(b.arena);
    return good;
}
