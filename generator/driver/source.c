/* source - where a build takes its files from: the folder as it is, or a commit of its repository.
 *
 * Must not know: what the files say. */
#include "driver/source.h"

#include "base/fs.h"
#include "history/checkout.h"

#include <string.h>

/* The repository that holds `folder`, which may be gone from the work tree, or never have been one
 * in a bare repository: what does not exist goes to the prefix. */
static bool open_above(AjSource *s, const char *folder, GError **error)
{
    g_autofree char *at = g_strdup(folder);
    g_autoptr(GString) rest = g_string_new(NULL);
    while (!g_file_test(at, G_FILE_TEST_IS_DIR) && strcmp(at, "/") != 0) {
        g_autofree char *name = g_path_get_basename(at);
        char *parent = g_path_get_dirname(at);
        g_string_prepend_c(rest, '/');
        g_string_prepend(rest, name);
        g_free(at);
        at = parent;
    }
    g_autofree char *prefix = NULL;
    s->repo = aj_repo_open(at, &prefix, error);
    if (!s->repo) {
        if (!*error)
            g_set_error(error, AJ_REPO_ERROR, AJ_REPO_ERROR_REV,
                        AJ_TR("%s 不在 git 仓库里，没有版本可选",
                              "%s is in no git repository: there are no versions"),
                        folder);
        return false;
    }
    s->prefix = g_strconcat(prefix, rest->str, NULL);
    return true;
}

static void tell_refused(const GPtrArray *refused, AjDiags *diags)
{
    for (guint i = 0; i < refused->len; i++) {
        g_autofree char *path = g_utf8_make_valid(refused->pdata[i], -1);
        aj_diag(diags, AJ_ERROR, (AjPos){path, 0, 0}, "git-entry",
                AJ_TR("这个名字 git 自己也不会写到硬盘上；在仓库里删掉它",
                      "git itself would not write this name; remove it from the repository"),
                AJ_TR("提交里有一项不能用的名字", "an entry of the commit has an unusable name"));
    }
}

/* What a submodule holds lies in another repository. */
static void tell_modules(const AjSource *s, const GArray *files, AjDiags *diags)
{
    for (guint i = 0; i < files->len; i++) {
        const AjCommitFile *file = &g_array_index(files, AjCommitFile, i);
        bool below = g_str_has_prefix(file->path, s->prefix);
        g_autofree char *path = g_utf8_make_valid(file->path + (below ? strlen(s->prefix) : 0), -1);
        if (file->mode == AJ_COMMIT_MODULE)
            aj_diag(diags, AJ_WARNING, (AjPos){path, 0, 0}, "git-module",
                    AJ_TR("要旧版也有，把它的文件提交到这个仓库里",
                          "to have it in old editions too, commit its files to this repository"),
                    AJ_TR("子模块在另一个仓库里，按提交生成的网站没有它的内容",
                          "a submodule lies in another repository: a site made from a commit has "
                          "nothing of it"));
    }
}

static bool lay_out(AjSource *s, const char *rev, const char *scratch, AjDiags *diags,
                    GError **error)
{
    AjArena *a = aj_arena_new(1 << 16);
    g_autoptr(GPtrArray) refused = g_ptr_array_new();
    char commit[41];
    bool good = aj_repo_head(s->repo, commit, NULL, error);
    const char *const folders[] = {s->prefix, "themes/", "lua-filters/"};
    for (size_t i = 0; good && i < (*s->prefix ? G_N_ELEMENTS(folders) : 1); i++) {
        bool found;
        g_autoptr(GArray) files =
            aj_checkout_list(s->repo, a, commit, folders[i], &found, refused, error);
        if (files)
            tell_modules(s, files, diags);
        good = files && aj_checkout_write(s->repo, files, scratch, refused, error);
        if (good && !found && i == 0) {
            g_set_error(error, AJ_REPO_ERROR, AJ_REPO_ERROR_REV,
                        AJ_TR("版本“%s”里没有文件夹 %s", "at \"%s\" there is no folder %s"), rev,
                        s->prefix);
            good = false;
        }
    }
    tell_refused(refused, diags);
    aj_arena_free(a);
    return good && aj_fs_mkdirs(s->root, error);
}

/* A bare repository itself: there is no file of the site in it. */
static bool is_bare(const AjSource *s, const char *folder)
{
    g_autofree char *head = g_build_filename(folder, "HEAD", NULL);
    g_autofree char *objects = g_build_filename(folder, "objects", NULL);
    return s->repo && !aj_repo_workdir(s->repo) && g_file_test(head, G_FILE_TEST_EXISTS) &&
           g_file_test(objects, G_FILE_TEST_IS_DIR);
}

bool aj_source_open(AjSource *s, const char *folder, const char *rev, bool present_theme,
                    const char *scratch, AjDiags *diags, GError **error)
{
    if (!rev) {
        s->repo = aj_repo_open(folder, &s->prefix, error);
        if (!s->repo && *error)
            return false;
        if (is_bare(s, folder)) {
            g_set_error(error, AJ_REPO_ERROR, AJ_REPO_ERROR_REV,
                        AJ_TR("%s 是裸仓库，没有检出的文件；生成网站用 anjian build --rev HEAD（或"
                              "一个标签），别的命令先 git clone 一份",
                              "%s is a bare repository without files: build it with anjian build "
                              "--rev HEAD (or a tag); for other commands, git clone it first"),
                        folder);
            return false;
        }
        s->root = g_strdup(folder);
        s->top = g_strdup(s->repo ? aj_repo_workdir(s->repo) : NULL);
    } else {
        if (!open_above(s, folder, error) || !aj_repo_pin(s->repo, rev, error))
            return false;
        g_autofree char *below = g_strndup(s->prefix, strlen(s->prefix) - (*s->prefix != 0));
        s->root = g_build_filename(scratch, below, NULL);
        s->top = g_strdup(scratch);
        if (!lay_out(s, rev, scratch, diags, error))
            return false;
    }
    s->theme_root = g_strdup(present_theme ? folder : s->root);
    s->theme_top = g_strdup(present_theme && s->repo ? aj_repo_workdir(s->repo) : s->top);
    return true;
}

void aj_source_clear(AjSource *s)
{
    aj_repo_free(s->repo);
    g_free(s->prefix);
    g_free(s->root);
    g_free(s->top);
    g_free(s->theme_root);
    g_free(s->theme_top);
}
