/* prepare - what a build needs before it looks at a page: settings, theme, filters, repository,
 * keys.
 *
 * Must not know: pages, the cache. */
#include "driver/prepare.h"

#include "base/fs.h"
#include "driver/sitecover.h"
#include "load/settings.h"

#include <string.h>
#include <unistd.h>

enum { TEXT_LIMIT = 1 << 20 };

static bool load_config(AjPrepared *b, GError **error)
{
    g_autofree char *path = g_build_filename(b->options->root, "site.yaml", NULL);
    g_autofree char *text = NULL;
    size_t len = 0;
    if (g_file_test(path, G_FILE_TEST_EXISTS) && !aj_fs_read(path, TEXT_LIMIT, &text, &len, error))
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

static bool load_filter(AjPrepared *b, const char *name, bool on_demand, GError **error)
{
    g_autofree char *folder =
        aj_theme_find(b->source->theme_root, b->source->theme_top, "lua-filters", name);
    g_autofree char *file = folder ? g_strdup_printf("%s/%s.lua", folder, name) : NULL;
    if (on_demand && !(file && g_file_test(file, G_FILE_TEST_IS_REGULAR)))
        return true;
    if (!folder) {
        aj_diag(b->diags, AJ_ERROR, (AjPos){"site.yaml", 0, 0}, "no-filter",
                AJ_TR("检查 filters 里的名字", "check the names in filters"),
                AJ_TR("找不到过滤器“%s”", "there is no filter \"%s\""), name);
        return true;
    }
    g_autofree char *shown = g_strdup_printf("lua-filters/%s/%s.lua", name, name);
    AjFilterSource *f = &b->filters[b->filter_count];
    if (!aj_filterset_load(b->arena, folder, name, shown, f, error))
        return false;
    f->on_demand = on_demand;
    b->filter_count++;
    return true;
}

/* Those of site.yaml in its order, then all others, which a page may name. */
static bool load_filters(AjPrepared *b, GError **error)
{
    const char *const *own = b->config->filters;
    g_autoptr(GPtrArray) all =
        aj_theme_names(b->source->theme_root, b->source->theme_top, "lua-filters");
    uint32_t count = g_strv_length((char **)own);
    b->filters = aj_arena_alloc(b->arena, (count + all->len + 1) * sizeof *b->filters);
    for (uint32_t i = 0; i < count; i++)
        if (!load_filter(b, own[i], false, error))
            return false;
    for (guint i = 0; i < all->len; i++)
        if (!g_strv_contains(own, all->pdata[i]) && !load_filter(b, all->pdata[i], true, error))
            return false;
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

static void make_keys(AjPrepared *b)
{
    g_autoptr(GString) settings = g_string_new(NULL);
    if (b->config->all)
        aj_value_pack(b->config->all, settings);
    AjHashState *hash = aj_hash_begin();
    hash_program(hash);
    aj_hash_add_string(hash, aj_lang_english() ? "en" : "zh");
    aj_hash_add(hash, settings->str, settings->len);
    for (uint32_t i = 0; i < b->filter_count; i++) {
        uint8_t own[20];
        if (b->filters[i].on_demand) /* only pages that name it depend on it */
            continue;
        aj_filterset_hash(&b->filters[i], own);
        aj_hash_add(hash, own, sizeof own);
    }
    AjBodyWords words;
    aj_theme_body_words(b->theme, &words);
    for (size_t i = 0; i < G_N_ELEMENTS(words.alerts); i++)
        aj_hash_add_string(hash, words.alerts[i]);
    aj_hash_add_string(hash, words.notes);
    aj_hash_add_string(hash, words.back);
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
    for (uint32_t i = 0; i < b->config->staff_count; i++) {
        aj_hash_add_string(hash, b->config->staff[i].name);
        aj_hash_add(hash, &b->config->staff[i].people, sizeof b->config->staff[i].people);
    }
    aj_hash_end(hash, &b->site_key);
}

static bool check_filters(AjPrepared *b)
{
    if (!b->filter_count)
        return true;
    AjLuabox *box = aj_luabox_new(b->filters, b->filter_count, NULL, b->diags);
    aj_luabox_free(box);
    return box != NULL;
}

bool aj_prepare(AjPrepared *b, GError **error)
{
    b->ready = false;
    if (!load_config(b, error))
        return false;
    if (!b->config)
        return true; /* diagnosed: an error of the site */
    b->repo = b->source->repo;
    if (b->repo && !aj_repo_head(b->repo, b->head, &b->head_time, error))
        return false;
    const char *epoch = g_getenv("SOURCE_DATE_EPOCH");
    b->config->now = epoch ? g_ascii_strtoll(epoch, NULL, 10) : b->head_time;
    b->config->staff = aj_sitecover_staff(b->arena, b->options->root, b->config->now,
                                          &b->config->staff_count, NULL);
    b->theme =
        aj_theme_load(b->config, b->source->theme_root, b->source->theme_top, b->diags, error);
    if (!b->theme)
        return !*error;
    /* A theme of then, or of somebody else, need not know diff pages. */
    b->config->diffs = b->config->diffs && aj_templates_has(b->theme->templates, "diff.html");
    if (!load_filters(b, error))
        return false;
    if (!check_filters(b) || aj_diags_count(b->diags, AJ_ERROR))
        return true;
    make_keys(b);
    b->ready = true;
    return true;
}

void aj_prepare_clear(AjPrepared *b)
{
    aj_theme_free(b->theme);
}
