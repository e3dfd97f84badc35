/* checkout - lays the files of a commit out in a folder, from the object store alone.
 *
 * Must not know: pages, sites. */
#include "history/checkout.h"

#include "base/fs.h"
#include "base/lang.h"

#include <errno.h>
#include <git2.h>
#include <string.h>
#include <unistd.h>

enum { PATH_LIMIT = 3000, DEPTH_LIMIT = 100, IS_LINK = 0120000 };

typedef struct {
    AjRepo *repo;
    AjArena *arena;
    GArray *files;
    GPtrArray *refused;
} Listing;

/* What git itself refuses to write, on any system. */
static bool is_writable_name(const char *name)
{
    return *name && !strchr(name, '/') && strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
           g_ascii_strcasecmp(name, ".git") != 0 && g_ascii_strcasecmp(name, "git~1") != 0;
}

static void refuse(AjArena *a, GPtrArray *list, const char *path)
{
    if (list)
        g_ptr_array_add(list, aj_arena_strdup(a, path));
}

static bool list_tree(Listing *l, const git_oid *id, GString *path, int depth, GError **error)
{
    git_tree *tree = NULL;
    int code = git_tree_lookup(&tree, aj_repo_handle(l->repo), id);
    if (code < 0) {
        g_autofree char *doing =
            g_strdup_printf(AJ_TR("读取文件夹 %s", "reading the folder %s"), path->str);
        aj_repo_error_take(error, code, doing);
        return false;
    }
    bool good = true;
    size_t base = path->len, count = git_tree_entrycount(tree);
    for (size_t i = 0; good && i < count; i++) {
        const git_tree_entry *entry = git_tree_entry_byindex(tree, i);
        const char *name = git_tree_entry_name(entry);
        git_object_t type = git_tree_entry_type(entry);
        g_string_truncate(path, base);
        g_string_append(path, name);
        if (!is_writable_name(name) || path->len > PATH_LIMIT || depth > DEPTH_LIMIT) {
            refuse(l->arena, l->refused, path->str);
        } else if (type == GIT_OBJECT_TREE) {
            g_string_append_c(path, '/');
            good = list_tree(l, git_tree_entry_id(entry), path, depth + 1, error);
        } else {
            AjCommitFile file = {aj_arena_strndup(l->arena, path->str, path->len),
                                 (uint32_t)git_tree_entry_filemode(entry),
                                 {0}};
            memcpy(file.id, git_tree_entry_id(entry)->id, sizeof file.id);
            g_array_append_val(l->files, file);
        }
    }
    g_string_truncate(path, base);
    git_tree_free(tree);
    return good;
}

GArray *aj_checkout_list(AjRepo *repo, AjArena *a, const char *commit, const char *prefix,
                         bool *found_out, GPtrArray *refused_out, GError **error)
{
    git_oid id;
    git_object *object = NULL;
    git_tree *tree = NULL;
    git_tree_entry *entry = NULL;
    git_repository *git = aj_repo_handle(repo);
    int code = git_oid_fromstr(&id, commit);
    if (code == 0)
        code = git_object_lookup(&object, git, &id, GIT_OBJECT_COMMIT);
    if (code == 0)
        code = git_commit_tree(&tree, (git_commit *)object);
    *found_out = code == 0;
    if (code == 0 && *prefix) {
        g_autofree char *folder = g_strndup(prefix, strlen(prefix) - 1);
        *found_out = git_tree_entry_bypath(&entry, tree, folder) == 0 &&
                     git_tree_entry_type(entry) == GIT_OBJECT_TREE;
    }
    GArray *files = NULL;
    if (code < 0) {
        g_autofree char *doing = g_strdup_printf(AJ_TR("读取提交 %s", "reading commit %s"), commit);
        aj_repo_error_take(error, code, doing);
    } else {
        Listing l = {repo, a, g_array_new(FALSE, FALSE, sizeof(AjCommitFile)), refused_out};
        g_autoptr(GString) path = g_string_new(prefix);
        const git_oid *top = entry ? git_tree_entry_id(entry) : git_tree_id(tree);
        if (*found_out && !list_tree(&l, top, path, 0, error))
            g_clear_pointer(&l.files, g_array_unref);
        files = l.files;
    }
    git_error_clear();
    git_tree_entry_free(entry);
    git_tree_free(tree);
    git_object_free(object);
    return files;
}

static bool make_parents(const char *to, const char *path, char **last, GError **error)
{
    const char *slash = strrchr(path, '/');
    g_autofree char *folder = slash ? g_strndup(path, (gsize)(slash - path)) : g_strdup("");
    if (*last && strcmp(*last, folder) == 0)
        return true;
    g_autofree char *full = g_build_filename(to, folder, NULL);
    g_free(*last);
    *last = g_steal_pointer(&folder);
    return aj_fs_mkdirs(full, error);
}

static bool write_one(AjRepo *repo, const AjCommitFile *file, const char *full, GPtrArray *refused,
                      GError **error)
{
    git_blob *blob = NULL;
    git_oid id;
    memcpy(id.id, file->id, sizeof file->id);
    int code = git_blob_lookup(&blob, aj_repo_handle(repo), &id);
    if (code < 0) {
        g_autofree char *doing = g_strdup_printf(AJ_TR("读取 %s", "reading %s"), file->path);
        aj_repo_error_take(error, code, doing);
        return false;
    }
    const char *bytes = git_blob_rawcontent(blob);
    size_t len = (size_t)git_blob_rawsize(blob);
    bool good = true;
    if (file->mode == IS_LINK) {
        g_autofree char *target = g_strndup(bytes, len);
        if (symlink(target, full) != 0 && refused)
            g_ptr_array_add(refused, (char *)file->path);
    } else if (g_file_test(full, G_FILE_TEST_EXISTS)) { /* a name twice in one folder */
        if (refused)
            g_ptr_array_add(refused, (char *)file->path);
    } else {
        good = aj_fs_write_new(full, bytes ? bytes : "", len, error);
    }
    git_blob_free(blob);
    return good;
}

bool aj_checkout_write(AjRepo *repo, const GArray *files, const char *to, GPtrArray *refused_out,
                       GError **error)
{
    g_autofree char *last = NULL;
    bool good = true;
    for (int pass = 0; pass < 2; pass++) { /* folders and files, then links */
        for (guint i = 0; good && i < files->len; i++) {
            const AjCommitFile *file = &g_array_index(files, AjCommitFile, i);
            g_autofree char *full = g_build_filename(to, file->path, NULL);
            if (pass == 0)
                good = make_parents(to, file->path, &last, error);
            if (good && file->mode == AJ_COMMIT_MODULE)
                good = pass || aj_fs_mkdirs(full, error);
            else if (good && (file->mode == IS_LINK) == pass)
                good = write_one(repo, file, full, refused_out, error);
        }
    }
    return good;
}
