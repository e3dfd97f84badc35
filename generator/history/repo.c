/* repo - a git repository: open, resolve, read a blob at any commit without a checkout.
 *
 * One handle a build. libgit2's caches are kept small: what is worth keeping is kept by the rooms
 * that read, and every mapped page counts in the build's memory.
 * Must not know: pages, what a path means to the site. */
#include "history/repo.h"

#include "base/lang.h"
#include "history/loose.h"

#include <git2.h>
#include <git2/sys/repository.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOW_SIZE = 1 << 20, WINDOWS_MAPPED = 16 << 20 };

struct AjRepo {
    git_repository *git;
    git_odb *objects;
    bool shallow;
    char pinned[41]; /* "": HEAD is HEAD */
    int64_t pinned_time;
};

GQuark aj_repo_error_quark(void)
{
    return g_quark_from_static_string("aj-repo-error");
}

void aj_repo_error_take(GError **error, int code, const char *doing)
{
    const git_error *last = git_error_last();
    const char *why = last && last->message ? last->message : AJ_TR("原因不明", "no reason given");
    AjRepoError kind = code == GIT_ENOTFOUND ? AJ_REPO_ERROR_MISSING : AJ_REPO_ERROR_DAMAGED;
    g_set_error(error, AJ_REPO_ERROR, kind,
                AJ_TR("%s: %s；git fsck 能列出损坏和缺少的对象",
                      "%s: %s; git fsck lists what is damaged or missing"),
                doing, why);
    git_error_clear();
}

static void library_begin(void)
{
    git_libgit2_init();
    /* Measured: checking the hash of every object read is 16-40 % of a walk. zlib's own sums and
     * our parsers still see damage. */
    git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
    git_libgit2_opts(GIT_OPT_ENABLE_CACHING, 0);
    git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, (size_t)WINDOW_SIZE);
    git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, (size_t)WINDOWS_MAPPED);
    /* `git sparse-checkout` and partial clones set these; reading objects is not touched by them.
     */
    const char *fine[] = {"worktreeconfig", "partialclone", "preciousobjects"};
    git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, fine, G_N_ELEMENTS(fine));
}

static AjRepo *open_failed(int code, const char *folder, GError **error)
{
    if (code == GIT_EOWNER) {
        g_set_error(
            error, AJ_REPO_ERROR, AJ_REPO_ERROR_OWNER,
            AJ_TR("%s 所在的 git 仓库属于另一个用户。确认可信后运行：\n"
                  "  git config --global --add safe.directory <仓库路径>",
                  "the git repository of %s belongs to another user. If you trust it, run:\n"
                  "  git config --global --add safe.directory <path of the repository>"),
            folder);
    } else if (code != GIT_ENOTFOUND) {
        g_autofree char *doing = g_strdup_printf(
            AJ_TR("打开 %s 的 git 仓库", "opening the git repository of %s"), folder);
        aj_repo_error_take(error, code, doing);
        if (error && *error)
            (*error)->code = AJ_REPO_ERROR_OPEN;
    }
    git_error_clear();
    git_libgit2_shutdown();
    return NULL;
}

/* libgit2 1.5.1 says "not found" of a repository of another user when no safe.directory is set at
 * all. */
static bool repository_lies_there(const char *folder)
{
    git_buf found = {0};
    bool is = git_repository_discover(&found, folder, 0, NULL) == 0;
    git_buf_dispose(&found);
    return is;
}

/* "" for the top, "content/" below it, NULL when the work tree does not hold the folder. */
static char *prefix_of(git_repository *git, const char *folder)
{
    const char *work = git_repository_workdir(git);
    if (!work)
        return g_strdup("");
    char *real = realpath(folder, NULL);
    char *real_work = realpath(work, NULL);
    char *prefix = NULL;
    size_t n = real_work ? strlen(real_work) : 0;
    while (n > 0 && real_work[n - 1] == '/')
        n--;
    if (real && real_work && strncmp(real, real_work, n) == 0) {
        if (real[n] == '\0' || (real[n] == '/' && real[n + 1] == '\0'))
            prefix = g_strdup("");
        else if (real[n] == '/')
            prefix = g_strconcat(real + n + 1, "/", NULL);
    }
    free(real);
    free(real_work);
    return prefix;
}

static int objects_open(git_repository *git, git_odb **out)
{
    g_autofree char *folder = g_build_filename(git_repository_commondir(git), "objects", NULL);
    int code = aj_loose_odb(out, folder);
    return code < 0 ? code : git_repository_set_odb(git, *out);
}

AjRepo *aj_repo_open(const char *folder, char **prefix_out, GError **error)
{
    git_repository *git = NULL;
    git_odb *objects = NULL;
    library_begin();
    int code = git_repository_open_ext(&git, folder, 0, NULL);
    if (code == GIT_ENOTFOUND && repository_lies_there(folder))
        code = GIT_EOWNER;
    if (code < 0)
        return open_failed(code, folder, error);
    char *prefix = prefix_of(git, folder);
    code = prefix ? objects_open(git, &objects) : GIT_ENOTFOUND;
    if (code < 0) {
        git_repository_free(git);
        g_free(prefix);
        return open_failed(code, folder, error);
    }
    AjRepo *repo = g_new0(AjRepo, 1);
    repo->git = git;
    repo->objects = objects;
    repo->shallow = git_repository_is_shallow(git) == 1;
    if (prefix_out)
        *prefix_out = prefix;
    else
        g_free(prefix);
    return repo;
}

void aj_repo_free(AjRepo *repo)
{
    if (!repo)
        return;
    git_odb_free(repo->objects);
    git_repository_free(repo->git);
    git_libgit2_shutdown();
    g_free(repo);
}

bool aj_repo_head(AjRepo *repo, char id_out[41], int64_t *time_out, GError **error)
{
    git_object *commit = NULL;
    git_reference *head = NULL;
    const char *doing = AJ_TR("读取 HEAD", "reading HEAD");
    if (*repo->pinned) {
        memcpy(id_out, repo->pinned, sizeof repo->pinned);
        if (time_out)
            *time_out = repo->pinned_time;
        return true;
    }
    id_out[0] = '\0';
    if (time_out)
        *time_out = 0;
    int code = git_repository_head(&head, repo->git);
    if (code == GIT_EUNBORNBRANCH || code == GIT_ENOTFOUND) {
        git_error_clear();
        return true;
    }
    if (code == 0)
        code = git_reference_peel(&commit, head, GIT_OBJECT_COMMIT);
    git_reference_free(head);
    if (code < 0) {
        aj_repo_error_take(error, code, doing);
        return false;
    }
    git_oid_tostr(id_out, 41, git_object_id(commit));
    if (time_out)
        *time_out = git_commit_time((git_commit *)commit);
    git_object_free(commit);
    return true;
}

/* Looks for a branch or tag itself: git_revparse_single loses the reference (libgit2 1.5) when what
 * it names cannot be read. */
static int object_named(git_object **out, git_repository *git, const char *rev)
{
    git_reference *reference;
    if (git_reference_dwim(&reference, git, rev) < 0)
        return git_revparse_single(out, git, rev);
    int code = git_object_lookup(out, git, git_reference_target(reference), GIT_OBJECT_ANY);
    git_reference_free(reference);
    return code;
}

bool aj_repo_resolve(AjRepo *repo, const char *rev, char id_out[41], int64_t *time_out,
                     GError **error)
{
    git_object *object = NULL, *commit = NULL;
    int code = object_named(&object, repo->git, rev);
    if (code == 0)
        code = git_object_peel(&commit, object, GIT_OBJECT_COMMIT);
    bool is_other = object && !commit && code != GIT_ENOTFOUND;
    if (code == 0) {
        git_oid_tostr(id_out, 41, git_object_id(commit));
        if (time_out)
            *time_out = git_commit_time((git_commit *)commit);
    } else if (code == GIT_ERROR) { /* there is such a name, and what it names cannot be read */
        g_autofree char *doing = g_strdup_printf(AJ_TR("读取版本“%s”", "reading \"%s\""), rev);
        aj_repo_error_take(error, code, doing);
    } else if (is_other) {
        g_set_error(error, AJ_REPO_ERROR, AJ_REPO_ERROR_REV,
                    AJ_TR("“%s”不是一次提交，而是一个文件或文件夹",
                          "\"%s\" is no commit, but a file or a folder"),
                    rev);
    } else {
        g_set_error(
            error, AJ_REPO_ERROR, AJ_REPO_ERROR_REV,
            repo->shallow
                ? AJ_TR("找不到版本“%s”；这是浅克隆，可用 git fetch --unshallow --tags 补全",
                        "there is no commit \"%s\"; the clone is shallow: try git fetch "
                        "--unshallow --tags")
                : AJ_TR("找不到版本“%s”；git tag 列出已有的标签",
                        "there is no commit \"%s\"; git tag lists the tags"),
            rev);
    }
    git_error_clear();
    git_object_free(object);
    git_object_free(commit);
    return code == 0;
}

int aj_repo_offset(AjRepo *repo, const char *commit)
{
    git_commit *object = NULL;
    git_oid id;
    int offset = 0;
    if (git_oid_fromstr(&id, commit) == 0 && git_commit_lookup(&object, repo->git, &id) == 0)
        offset = git_commit_time_offset(object);
    git_error_clear();
    git_commit_free(object);
    return offset;
}

bool aj_repo_pin(AjRepo *repo, const char *rev, GError **error)
{
    return aj_repo_resolve(repo, rev, repo->pinned, &repo->pinned_time, error);
}

bool aj_repo_file(AjRepo *repo, const char *commit, const char *path, size_t limit,
                  char **bytes_out, size_t *len_out, GError **error)
{
    git_object *object = NULL;
    git_tree *tree = NULL;
    git_tree_entry *entry = NULL;
    git_blob *blob = NULL;
    git_oid id;
    *bytes_out = NULL;
    *len_out = 0;
    int code = git_oid_fromstr(&id, commit);
    if (code == 0)
        code = git_object_lookup(&object, repo->git, &id, GIT_OBJECT_COMMIT);
    if (code == 0)
        code = git_commit_tree(&tree, (git_commit *)object);
    bool is_there = false;
    if (code == 0) {
        code = git_tree_entry_bypath(&entry, tree, path);
        if (code == GIT_ENOTFOUND)
            code = 0;
        is_there = entry && git_tree_entry_type(entry) == GIT_OBJECT_BLOB;
        if (is_there)
            code = git_blob_lookup(&blob, repo->git, git_tree_entry_id(entry));
    }
    if (code < 0) {
        g_autofree char *doing =
            g_strdup_printf(AJ_TR("读取 %s 的 %s", "reading at %s: %s"), commit, path);
        aj_repo_error_take(error, code, doing);
    } else if (is_there && (uint64_t)git_blob_rawsize(blob) <= limit) {
        *len_out = (size_t)git_blob_rawsize(blob);
        *bytes_out = g_malloc(*len_out + 1);
        memcpy(*bytes_out, git_blob_rawcontent(blob), *len_out);
        (*bytes_out)[*len_out] = '\0';
    }
    git_error_clear();
    git_blob_free(blob);
    git_tree_entry_free(entry);
    git_tree_free(tree);
    git_object_free(object);
    return code == 0;
}

static gint tag_order(gconstpointer x, gconstpointer y)
{
    const AjRepoTag *a = x, *b = y;
    if (a->time != b->time)
        return a->time > b->time ? -1 : 1;
    return strcmp(a->name, b->name);
}

GArray *aj_repo_tags(AjRepo *repo, AjArena *a, const char *const *patterns, GPtrArray *others_out,
                     GError **error)
{
    git_strarray names = {0};
    int code = git_tag_list(&names, repo->git);
    if (code < 0) {
        aj_repo_error_take(error, code, AJ_TR("读取标签", "reading tags"));
        return NULL;
    }
    GArray *tags = g_array_new(FALSE, TRUE, sizeof(AjRepoTag));
    for (size_t i = 0; i < names.count; i++) {
        bool wanted = !patterns || !*patterns;
        for (size_t k = 0; patterns && patterns[k]; k++)
            wanted |= g_pattern_match_simple(patterns[k], names.strings[i]);
        if (!wanted)
            continue;
        AjRepoTag tag = {.name = aj_arena_strdup(a, names.strings[i])};
        g_autofree char *ref = g_strconcat("refs/tags/", names.strings[i], NULL);
        if (g_utf8_validate(tag.name, -1, NULL) &&
            aj_repo_resolve(repo, ref, tag.commit, &tag.time, NULL))
            g_array_append_val(tags, tag);
        else if (others_out)
            g_ptr_array_add(others_out, (char *)tag.name);
    }
    git_strarray_dispose(&names);
    g_array_sort(tags, tag_order);
    return tags;
}

bool aj_repo_is_shallow(AjRepo *repo)
{
    return repo->shallow;
}

const char *aj_repo_workdir(AjRepo *repo)
{
    return git_repository_workdir(repo->git);
}

const char *aj_repo_gitdir(AjRepo *repo)
{
    return git_repository_path(repo->git);
}

const char *aj_repo_commondir(AjRepo *repo)
{
    return git_repository_commondir(repo->git);
}

struct git_odb *aj_repo_objects(AjRepo *repo)
{
    return repo->objects;
}

struct git_repository *aj_repo_handle(AjRepo *repo)
{
    return repo->git;
}
