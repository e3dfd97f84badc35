/* edition - several editions of a site in one: which there are, and the way between them.
 *
 * Must not know: how a site is built, how a switcher looks. */
#include "driver/edition.h"

#include "base/text.h"
#include "driver/entry.h"
#include "driver/plan.h"
#include "history/repo.h"
#include "load/settings.h"
#include "write/output.h"

#include <string.h>

enum { SETTINGS_LIMIT = 1 << 20 };

/* ---- the switcher ---- */

static int by_text(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

void aj_editions_add(const AjEditions *e, AjHashState *hash)
{
    for (uint32_t i = 0; i < e->count; i++) {
        const AjEdition *one = &e->list[i];
        guint count;
        g_autofree const char **addresses =
            (const char **)g_hash_table_get_keys_as_array(one->addresses, &count);
        qsort(addresses, count, sizeof *addresses, by_text);
        aj_hash_add_string(hash, one->folder);
        aj_hash_add_string(hash, one->name);
        aj_hash_add_string(hash, one->date);
        aj_hash_add_string(hash, one->commit);
        for (guint k = 0; k < count; k++)
            aj_hash_add_string(hash, addresses[k]);
    }
}

void aj_editions_put(AjArena *a, const AjEditions *e, AjValue *map, const char *address,
                     const char *root)
{
    AjValue *list = aj_value_list(a);
    g_autoptr(GString) up = g_string_new(root);
    for (const char *p = e->list[e->current].folder; *p; p++)
        if (*p == '/')
            g_string_append(up, "../");
    for (uint32_t i = 0; i < e->count; i++) {
        const AjEdition *one = &e->list[i];
        bool has = g_hash_table_contains(one->addresses, address);
        AjValue *v = aj_value_map(a);
        aj_value_set_string(a, v, "name", one->name);
        aj_value_set_string(a, v, "date", one->date);
        aj_value_set_string(a, v, "url",
                            aj_arena_printf(a, "%s%s%s", up->str + strlen(root), one->folder,
                                            has ? address : "index.html"));
        aj_value_set_bool(a, v, "is_old", *one->name);
        aj_value_set_bool(a, v, "is_current", i == e->current);
        aj_value_set_bool(a, v, "is_missing", !has);
        aj_value_push(a, list, v);
    }
    aj_entry_set_list(a, map, "editions", list);
    aj_value_set_bool(a, map, "is_old_edition", *e->list[e->current].name);
}

/* ---- all editions, built and joined ---- */

typedef struct {
    AjArena *a;
    const AjBuildOptions *options;
    AjDiags *diags;
    AjOutput *output;
    GArray *list; /* AjEdition */
    char *base_url;
    GHashTable *addresses; /* of the edition that is being planned */
    bool planned, has_switcher;
} Joining;

static void take_plan(const AjPlan *plan, bool has_switcher, void *data)
{
    Joining *j = data;
    for (uint32_t i = 0; i < plan->count; i++)
        g_hash_table_add(j->addresses, aj_arena_strdup(j->a, plan->outputs[i].address));
    j->planned = true;
    j->has_switcher = has_switcher;
}

/* Which tags there are to be, from the settings of now. */
static bool find_tags(Joining *j, GError **error)
{
    g_autofree char *path = g_build_filename(j->options->root, "site.yaml", NULL);
    g_autofree char *text = NULL;
    size_t len = 0;
    g_autoptr(AjDiags) told_later = aj_diags_new(); /* the build of the present edition says it */
    g_autoptr(AjRepo) repo = aj_repo_open(j->options->root, NULL, error);
    g_autoptr(GPtrArray) others = g_ptr_array_new();
    if (!repo && *error)
        return false;
    if (g_file_test(path, G_FILE_TEST_EXISTS) &&
        !aj_fs_read(path, SETTINGS_LIMIT, &text, &len, error))
        return false;
    const AjConfig *config =
        aj_settings_parse(j->a, text, len, "site.yaml", j->options->root, told_later);
    AjEdition now = {"", "", "", "", NULL};
    g_array_append_val(j->list, now);
    j->base_url = g_strdup(j->options->base_url ? j->options->base_url
                           : config             ? config->base_url
                                                : "");
    g_autoptr(GArray) tags =
        repo && config ? aj_repo_tags(repo, j->a, config->editions, others, error) : NULL;
    if (repo && config && !tags)
        return false;
    for (guint i = 0; tags && i < tags->len; i++) {
        const AjRepoTag *tag = &g_array_index(tags, AjRepoTag, i);
        g_autofree char *slug = aj_slug(tag->name, strlen(tag->name));
        AjEdition e = {tag->name, aj_arena_printf(j->a, "editions/%s/", slug),
                       aj_entry_day(j->a, tag->time, aj_repo_offset(repo, tag->commit)),
                       aj_arena_strdup(j->a, tag->commit), NULL};
        for (guint k = 1; k < j->list->len; k++) /* v/1 and v-1 */
            if (strcmp(g_array_index(j->list, AjEdition, k).folder, e.folder) == 0)
                e.folder = aj_arena_printf(j->a, "editions/%s-%.7s/", slug, tag->commit);
        g_array_append_val(j->list, e);
    }
    for (guint i = 0; i < others->len; i++)
        aj_diag(j->diags, AJ_WARNING, (AjPos){NULL, 0, 0}, "edition-tag",
                AJ_TR("给一次提交打标签，或在 site.yaml 的 editions 里写得窄一些",
                      "tag a commit, or narrow site.yaml's editions"),
                AJ_TR("标签“%s”不是一次提交，没有做成版次",
                      "the tag \"%s\" is no commit and makes no edition"),
                (const char *)others->pdata[i]);
    if (j->list->len == 1)
        aj_diag(j->diags, AJ_WARNING, (AjPos){NULL, 0, 0}, "edition-none",
                AJ_TR("用 git tag v1 打一个标签，检查 site.yaml 的 editions",
                      "make one with git tag v1; look at site.yaml's editions"),
                AJ_TR("没有标签可以做成版次，只有当前版", "no tag makes an edition"));
    return true;
}

static char *folder_of(const Joining *j, const AjEdition *e)
{
    g_autofree char *name = g_strdup(*e->folder ? e->folder + strlen("editions/") : "now");
    size_t len = strlen(name);
    if (name[len - 1] == '/')
        name[len - 1] = '\0';
    g_strdelimit(name, "/", '+');
    return g_build_filename(aj_output_cache(j->output), "editions", name, "site", NULL);
}

/* What is said of an old edition's content is a warning; of its settings too. */
static void take_diags(Joining *j, const AjEdition *e, const AjDiags *from)
{
    for (uint32_t i = 0; i < aj_diags_total(from); i++) {
        const AjDiag *d = aj_diags_at(from, i);
        g_autofree char *path =
            *e->name ? g_strconcat(e->name, ":", d->pos.path ? d->pos.path : "", NULL) : NULL;
        AjPos pos = d->pos;
        if (path)
            pos.path = path;
        aj_diag(j->diags, *e->name ? AJ_WARNING : d->level, pos, d->code, d->hint, "%s",
                d->message);
    }
}

static bool build_one(Joining *j, uint32_t i, bool plan_only, AjBuildStats *stats, GError **error)
{
    AjEdition *e = &g_array_index(j->list, AjEdition, i);
    AjEditions all = {(const AjEdition *)(void *)j->list->data, j->list->len, i};
    AjBuildOptions o = *j->options;
    g_autofree char *out = folder_of(j, e);
    g_autofree char *parent = g_path_get_dirname(out);
    g_autofree char *rev = g_strconcat("refs/tags/", e->name, NULL);
    g_autofree char *url =
        *j->base_url && *e->folder
            ? g_strdup_printf("%s%s%s", j->base_url, g_str_has_suffix(j->base_url, "/") ? "" : "/",
                              e->folder)
            : NULL;
    g_autoptr(AjDiags) diags = aj_diags_new();
    o.out = out;
    o.skip = j->options->out;
    o.rev = *e->name ? rev : NULL;
    if (url)
        o.base_url = url;
    if (plan_only) {
        j->addresses = e->addresses = g_hash_table_new(g_str_hash, g_str_equal);
        j->planned = false;
        o.planned = take_plan;
        o.data = j;
        o.progress = NULL;
    } else {
        o.editions = &all;
    }
    if (!aj_fs_mkdirs(parent, error))
        return false;
    bool good = aj_build(&o, diags, stats, error);
    if (!plan_only || !good || !j->planned)
        take_diags(j, e, diags);
    return good;
}

static bool plan_all(Joining *j, bool *stop, GError **error)
{
    for (uint32_t i = 0; i < j->list->len;) {
        AjBuildStats stats;
        g_autoptr(GError) why = NULL;
        AjEdition *e = &g_array_index(j->list, AjEdition, i);
        bool good = build_one(j, i, true, &stats, &why);
        if (!*e->name && (!good || !j->planned)) {
            *stop = true;
            if (!good)
                g_propagate_error(error, g_steal_pointer(&why));
            return good;
        }
        if (good && j->planned) {
            if (*e->name && !j->has_switcher)
                aj_diag(j->diags, AJ_WARNING, (AjPos){NULL, 0, 0}, "edition-theme",
                        AJ_TR("加上 --theme-from worktree", "add --theme-from worktree"),
                        AJ_TR("版次“%s”的主题里没有版次切换栏",
                              "the theme of the edition \"%s\" has no switcher"),
                        e->name);
            i++;
            continue;
        }
        aj_diag(j->diags, AJ_WARNING, (AjPos){NULL, 0, 0}, "edition-broken",
                AJ_TR("把 site.yaml 的 editions 写得窄一些，或加 --theme-from worktree",
                      "narrow site.yaml's editions, or add --theme-from worktree"),
                AJ_TR("版次“%s”做不出来，略去：%s", "the edition \"%s\" is left out: %s"), e->name,
                why ? why->message : AJ_TR("那时的网站有错误", "its site has errors"));
        g_hash_table_unref(e->addresses);
        g_array_remove_index(j->list, i);
    }
    GHashTableIter iter;
    gpointer address;
    g_hash_table_iter_init(&iter, g_array_index(j->list, AjEdition, 0).addresses);
    while (g_hash_table_iter_next(&iter, &address, NULL))
        *stop |= g_str_has_prefix(address, "editions/");
    if (*stop)
        aj_diag(j->diags, AJ_ERROR, (AjPos){"editions", 0, 0}, "same-address",
                AJ_TR("给这个文件夹改名", "rename this folder"),
                AJ_TR("文件夹 editions 的网址留给各个版次",
                      "the addresses below editions/ are those of the editions"));
    return true;
}

static bool skip_hidden(const char *path, bool is_folder, void *data)
{
    (void)is_folder;
    (void)data;
    return path[0] == '.';
}

/* One file of one edition; `stored`: by hash, the address at which these bytes stand already. */
static bool join_file(Joining *j, GHashTable *stored, const char *address, const char *from,
                      GError **error)
{
    g_autoptr(GMappedFile) map = g_mapped_file_new(from, FALSE, error);
    if (!map)
        return false;
    AjHash *hash = aj_arena_alloc(j->a, sizeof *hash);
    const char *bytes = g_mapped_file_get_contents(map);
    aj_hash(bytes ? bytes : "", g_mapped_file_get_length(map), hash);
    const char *twin = g_hash_table_lookup(stored, hash);
    if (!twin)
        g_hash_table_insert(stored, hash, (void *)address);
    return aj_output_folder(j->output, address, error) &&
           aj_output_share(j->output, address, from, twin, error);
}

static bool join_all(Joining *j, AjBuildStats *stats, GError **error)
{
    g_autoptr(GHashTable) wanted = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) stored = g_hash_table_new(aj_hash_key, aj_hash_is_same);
    stats->files = stats->written = 0;
    if (!aj_output_begin(j->output, error))
        return false;
    for (guint i = 0; i < j->list->len; i++) {
        const AjEdition *e = &g_array_index(j->list, AjEdition, i);
        g_autofree char *from = folder_of(j, e);
        g_autoptr(AjFsList) files = aj_fs_walk(from, skip_hidden, NULL, error);
        for (uint32_t k = 0; files && k < aj_fs_list_count(files); k++) {
            const char *path = aj_fs_list_at(files, k)->path;
            g_autofree char *full = g_build_filename(from, path, NULL);
            char *address = aj_arena_printf(j->a, "%s%s", e->folder, path);
            if (!join_file(j, stored, address, full, error))
                return false;
            g_hash_table_add(wanted, address);
            stats->files++;
        }
        if (!files)
            return false;
    }
    aj_output_prune(j->output, wanted);
    return aj_output_publish(j->output, j->options->in_place, error);
}

bool aj_editions_build(const AjBuildOptions *options, AjDiags *diags, AjBuildStats *stats,
                       GError **error)
{
    Joining j = {.a = aj_arena_new(1 << 16),
                 .options = options,
                 .diags = diags,
                 .list = g_array_new(FALSE, TRUE, sizeof(AjEdition))};
    bool stop = false, good;
    *stats = (AjBuildStats){0};
    j.output = aj_output_open(options->out, error);
    good = j.output && find_tags(&j, error) && plan_all(&j, &stop, error);
    for (guint i = j.list->len; good && !stop && i-- > 0;) { /* the present one last: its figures */
        AjBuildStats one;
        uint32_t written = stats->written;
        good = build_one(&j, i, false, &one, error);
        if (good && !one.published)
            stop = true;
        *stats = one;
        stats->written += written;
        stats->published = false;
    }
    uint32_t written = stats->written;
    if (good && !stop)
        stats->published = good = join_all(&j, stats, error);
    stats->written = written;
    for (guint i = 0; i < j.list->len; i++)
        g_clear_pointer(&g_array_index(j.list, AjEdition, i).addresses, g_hash_table_unref);
    aj_diags_sort(diags);
    aj_output_close(j.output);
    g_array_unref(j.list);
    g_free(j.base_url);
    aj_arena_free(j.a);
    return good;
}
