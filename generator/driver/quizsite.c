/* quizsite - what lies around a quiz page that is read alone: its site's defaults, its version.
 *
 * Must not know: questions, how a version is printed on paper. */
#include "driver/entry.h"
#include "driver/quizsite.h"

#include "base/fs.h"
#include "base/hash.h"
#include "history/gitlog.h"
#include "load/settings.h"

enum { SETTINGS_LIMIT = 1 << 20 };

/* NULL: there is none. Caller frees. */
static char *find_settings(const char *file)
{
    for (g_autofree char *folder = g_path_get_dirname(file);;) {
        g_autofree char *path = g_build_filename(folder, "site.yaml", NULL);
        if (g_file_test(path, G_FILE_TEST_IS_REGULAR))
            return g_steal_pointer(&path);
        g_autofree char *git = g_build_filename(folder, ".git", NULL);
        g_autofree char *up = g_path_get_dirname(folder);
        if (g_file_test(git, G_FILE_TEST_EXISTS) || g_str_equal(up, folder))
            return NULL;
        g_free(folder);
        folder = g_steal_pointer(&up);
    }
}

char *aj_quizsite_root(const char *file)
{
    g_autofree char *settings = find_settings(file);
    return g_path_get_dirname(settings ? settings : file);
}

const AjValue *aj_quizsite_defaults(AjArena *a, const char *file, AjDiags *diags, GError **error)
{
    g_autofree char *path = find_settings(file), *text = NULL;
    size_t len = 0;
    if (!path || !aj_fs_read(path, SETTINGS_LIMIT, &text, &len, error))
        return NULL;
    /* what a build warns of is no matter of this page */
    g_autoptr(AjDiags) own = aj_diags_new();
    g_autofree char *root = g_path_get_dirname(path);
    const AjConfig *config = aj_settings_parse(a, aj_arena_strndup(a, text, len), len,
                                               aj_arena_strdup(a, path), root, own);
    for (uint32_t i = 0; i < aj_diags_total(own); i++) {
        const AjDiag *d = aj_diags_at(own, i);
        if (d->level == AJ_ERROR)
            aj_diag(diags, d->level, d->pos, d->code, d->hint, "%s", d->message);
    }
    return config ? config->quiz : NULL;
}

const char *aj_quizsite_version(AjArena *a, const char *file, const char *bytes, size_t len,
                                GError **error)
{
    g_autofree char *folder = g_path_get_dirname(file), *name = g_path_get_basename(file);
    g_autofree char *prefix = NULL;
    GError *failed = NULL;
    uint8_t blob[20];
    g_autoptr(AjRepo) repo = aj_repo_open(folder, &prefix, &failed);
    if (failed) {
        g_propagate_error(error, failed);
        return NULL;
    }
    aj_hash_blob(bytes, len, blob);
    AjTracked tracked = {.path = name, .blob = blob};
    const AjHistory *h =
        aj_gitlog_walk(a, repo, prefix ? prefix : "", &tracked, 1, NULL, 0, NULL, NULL, error);
    if (!h)
        return NULL;
    const AjPathLog *log = &h->paths[0];
    if (h->state == AJ_HISTORY_NONE)
        return "没有版本记录";
    if (!log->count)
        return "未提交的修改";
    const AjCommit *c = &h->commits[log->commits[0]];
    const char *day = aj_entry_day(a, c->time, c->offset);
    const char *number = h->state == AJ_HISTORY_SHALLOW
                             ? "版本记录不全"
                             : aj_arena_printf(a, "第 %u 版", log->count);
    return aj_arena_printf(a, "%s · %s · %.7s%s", number, *day ? day : "日期不明", c->id,
                           log->modified ? " · 有未提交的修改" : "");
}
