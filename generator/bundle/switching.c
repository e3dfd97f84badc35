/* switching - a staged site takes the place of the one that stands, and what a cut-off run left.
 *
 * See switching.h. Must not know: bundles, why one site may follow another. */
#include "bundle/switching.h"

#include "base/fs.h"
#include "base/lang.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

void aj_place_init(AjPlace *p, const char *target)
{
    g_autofree char *base = g_path_get_basename(target);
    *p = (AjPlace){.target = g_strdup(target),
                   .parent = g_path_get_dirname(target),
                   .stage = g_build_filename(target, AJ_PLACE_OURS, "stage", NULL),
                   .previous = g_build_filename(target, AJ_PLACE_OURS, "previous", NULL),
                   .before = g_build_filename(target, AJ_PLACE_OURS, "before", NULL),
                   .parent_fd = -1};
    p->beside = g_strdup_printf("%s/.%s.anjian-new", p->parent, base);
}

void aj_place_clear(AjPlace *p)
{
    if (p->parent_fd >= 0)
        close(p->parent_fd);
    g_free(p->target);
    g_free(p->parent);
    g_free(p->stage);
    g_free(p->previous);
    g_free(p->before);
    g_free(p->beside);
}

bool aj_place_has(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    struct stat st;
    return lstat(path, &st) == 0;
}

bool aj_place_skip(const char *path, bool is_folder, void *data)
{
    (void)is_folder;
    (void)data;
    return strcmp(path, AJ_PLACE_OURS) == 0;
}

bool aj_place_clean(const AjPlace *p, GError **error)
{
    return aj_place_has(p->target, AJ_PLACE_JOURNAL) || /* which needs them */
           (aj_fs_remove_tree(p->stage, error) && aj_fs_remove_tree(p->before, error));
}

static bool fail(GError **error, const char *doing, const char *path)
{
    int code = errno;
    g_set_error(error, AJ_FS_ERROR, AJ_FS_ERROR_IO, "%s %s: %s", doing, path, aj_fs_reason(code));
    return false;
}

static bool rename_failed(GError **error, const char *path)
{
    return fail(error, AJ_TR("改名", "renaming"), path);
}

static bool remove_file(const char *folder, const char *name, GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    return unlink(path) == 0 || errno == ENOENT || errno == ENOTDIR ||
           fail(error, AJ_TR("删除", "removing"), path);
}

bool aj_switch_sync(const char *path, GError **error)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && syncfs(fd) == 0;
    if (!good)
        fail(error, AJ_TR("同步到磁盘", "syncing"), path);
    if (fd >= 0)
        close(fd);
    return good;
}

bool aj_place_is_taken(const AjManifest *m, const char *path)
{
    g_autofree char *below = g_strconcat(path, "/", NULL), *above = g_strdup(path);
    uint32_t i = aj_manifest_first(m, below);
    if (i < m->count && g_str_has_prefix(m->files[i].path, below))
        return true;
    for (char *slash; (slash = strrchr(above, '/'));) {
        *slash = 0;
        if (aj_manifest_find(m, above))
            return true;
    }
    return false;
}

/* --- names exchanged --- */

/* The tree beside TARGET after an exchange: what was the site becomes the generation before. */
static bool settle(const AjPlace *p, GError **error)
{
    g_autofree char *older = g_build_filename(p->beside, AJ_PLACE_OURS, "previous", NULL);
    if (!aj_fs_remove_tree(older, error) || !aj_fs_remove_tree(p->previous, error))
        return false;
    if (rename(p->beside, p->previous) != 0)
        return rename_failed(error, p->beside);
    return remove_file(p->target, AJ_PLACE_FRESH, error) && aj_switch_sync(p->target, error);
}

/* Tried with two files of the stage, there and back: a folder is moved only where that is of use.
 * false without an error: not here. */
static bool can_exchange(const AjPlace *p, GError **error)
{
    g_autofree char *one = g_build_filename(p->stage, AJ_PLACE_FRESH, NULL);
    g_autofree char *two = g_build_filename(p->stage, AJ_PLACE_SUM, NULL);
    if (renameat2(AT_FDCWD, one, AT_FDCWD, two, RENAME_EXCHANGE) != 0)
        return false;
    return renameat2(AT_FDCWD, one, AT_FDCWD, two, RENAME_EXCHANGE) == 0 ||
           rename_failed(error, one);
}

/* false without an error: names cannot be exchanged here. */
static bool exchange(const AjPlace *p, GError **error)
{
    if (!can_exchange(p, error) || rename(p->stage, p->beside) != 0)
        return false;
    if (renameat2(AT_FDCWD, p->beside, AT_FDCWD, p->target, RENAME_EXCHANGE) != 0) {
        int code = errno;
        if (rename(p->beside, p->stage) != 0)
            return rename_failed(error, p->beside);
        errno = code;
        if (code != EINVAL && code != ENOSYS && code != EXDEV && code != EBUSY && code != EPERM &&
            code != EACCES)
            fail(error, AJ_TR("换上新版本", "switching"), p->target);
        return false;
    }
    if (fsync(p->parent_fd) != 0 && errno != EINVAL)
        return fail(error, AJ_TR("同步到磁盘", "syncing"), p->parent);
    return settle(p, error);
}

/* --- one by one --- */

/* Folders that hold nothing any more, from that of `path` upwards to `tree`. */
static void remove_empty(const char *tree, const char *path)
{
    g_autofree char *rest = g_strdup(path);
    for (char *slash; (slash = strrchr(rest, '/'));) {
        *slash = 0;
        g_autofree char *folder = g_build_filename(tree, rest, NULL);
        if (rmdir(folder) != 0)
            return;
    }
}

static bool move_in(const AjPlace *p, const char *path, GError **error)
{
    g_autofree char *from = g_build_filename(p->stage, path, NULL);
    g_autofree char *to = g_build_filename(p->target, path, NULL);
    if (rename(from, to) == 0)
        return true;
    if (!aj_place_has(p->stage, path)) { /* it stays as it is, or was moved by the run before */
        if (aj_place_has(p->target, path))
            return true;
        g_set_error(
            error, AJ_FS_ERROR, AJ_FS_ERROR_IO,
            AJ_TR("装到一半，%s 不见了，这块盘可能有毛病：删掉目标里的 .anjian，"
                  "再装完整的包",
                  "half-way through, %s is gone, perhaps the disk is faulty: remove .anjian "
                  "from the target and apply a whole bundle"),
            path);
        return false;
    }
    g_autofree char *folder = g_path_get_dirname(to);
    rmdir(to); /* an empty folder of that name */
    return aj_fs_mkdirs(folder, error) && (rename(from, to) == 0 || rename_failed(error, from));
}

/* A copy of what will be replaced or removed, for the generation before. */
static bool copy_out(const AjPlace *p, const char *path, GError **error)
{
    g_autofree char *from = g_build_filename(p->target, path, NULL);
    g_autofree char *to = g_build_filename(p->before, path, NULL);
    g_autofree char *folder = g_path_get_dirname(to), *bytes = NULL;
    size_t len;
    return aj_place_has(p->before, path) ||
           (aj_fs_read(from, SIZE_MAX, &bytes, &len, error) && aj_fs_mkdirs(folder, error) &&
            aj_fs_write_new(to, bytes, len, error));
}

/* Where names cannot be exchanged but files can be linked, what stays is in the stage as well. */
static bool is_to_come(const AjPlace *p, const AjFsEntry *e)
{
    g_autofree char *path = g_build_filename(p->stage, e->path, NULL);
    struct stat st;
    return lstat(path, &st) == 0 && (st.st_nlink < 2 || st.st_ino != e->inode);
}

typedef enum { STAYS, REPLACED, GONE, IN_THE_WAY } Fate;

static Fate fate_of(const AjPlace *p, const AjFsEntry *e, const AjManifest *whole,
                    const AjManifest *old)
{
    if (aj_manifest_find(whole, e->path))
        return is_to_come(p, e) ? REPLACED : STAYS;
    if (aj_place_is_taken(whole, e->path))
        return IN_THE_WAY;
    return old && !aj_manifest_find(old, e->path) ? STAYS : GONE; /* STAYS: somebody else's */
}

/* Those of the old site's files that meet this fate, copied to the generation before. */
static bool remove_those(const AjPlace *p, const AjFsList *there, Fate fate,
                         const AjManifest *whole, const AjManifest *old, GError **error)
{
    for (uint32_t i = 0; i < aj_fs_list_count(there); i++) {
        const AjFsEntry *e = aj_fs_list_at(there, i);
        if (fate_of(p, e, whole, old) != fate)
            continue;
        if (S_ISREG(e->mode) && !copy_out(p, e->path, error))
            return false;
        if (!remove_file(p->target, e->path, error))
            return false;
        remove_empty(p->target, e->path);
    }
    return true;
}

/* What was copied is the generation before from now on. */
static bool keep_before(const AjPlace *p, GError **error)
{
    if (!aj_place_has(p->before, ""))
        return true; /* done by the run before */
    return aj_fs_remove_tree(p->previous, error) &&
           (rename(p->before, p->previous) == 0 || rename_failed(error, p->before));
}

/* From wherever it stands. At every moment each page that both sites have is there, old or new. */
static bool run_journal(const AjPlace *p, const AjManifest *whole, const AjManifest *old,
                        GError **error)
{
    g_autoptr(AjFsList) there = aj_fs_walk(p->target, aj_place_skip, NULL, error);
    if (!there || !remove_those(p, there, IN_THE_WAY, whole, old, error))
        return false;
    for (uint32_t i = 0; i < whole->count; i++)
        if (!move_in(p, whole->files[i].path, error))
            return false;
    return remove_those(p, there, GONE, whole, old, error) && aj_switch_sync(p->target, error) &&
           move_in(p, AJ_PLACE_STATE, error) && move_in(p, AJ_PLACE_SUM, error) &&
           aj_switch_sync(p->target, error) && keep_before(p, error) &&
           remove_file(p->target, AJ_PLACE_JOURNAL, error) && aj_fs_remove_tree(p->stage, error) &&
           aj_switch_sync(p->target, error);
}

/* The generation before holds only what differs: a full copy would wear out a stick. */
static bool copy_differing(const AjPlace *p, const AjManifest *whole, const AjManifest *old,
                           GError **error)
{
    g_autoptr(AjFsList) there = aj_fs_walk(p->target, aj_place_skip, NULL, error);
    if (!there || !aj_fs_mkdirs(p->before, error))
        return false;
    for (uint32_t i = 0; i < aj_fs_list_count(there); i++) {
        const AjFsEntry *e = aj_fs_list_at(there, i);
        if (S_ISREG(e->mode) && fate_of(p, e, whole, old) != STAYS && !copy_out(p, e->path, error))
            return false;
    }
    return !old || (copy_out(p, AJ_PLACE_STATE, error) && copy_out(p, AJ_PLACE_SUM, error));
}

bool aj_switch(const AjPlace *p, const AjManifest *whole, const AjManifest *old, bool *in_place,
               GError **error)
{
    GError *why = NULL;
    if (!*in_place && exchange(p, &why))
        return true;
    if (why) {
        g_propagate_error(error, why);
        return false;
    }
    *in_place = true;
    g_autofree char *journal = g_build_filename(p->target, AJ_PLACE_JOURNAL, NULL);
    return copy_differing(p, whole, old, error) && aj_switch_sync(p->target, error) &&
           aj_fs_write(journal, "", 0, error) && aj_switch_sync(p->target, error) &&
           run_journal(p, whole, old, error);
}

/* --- what a run that was cut off left --- */

static bool read_state(const char *tree, AjArena *a, AjManifest *out, GError **error)
{
    g_autofree char *path = g_build_filename(tree, AJ_PLACE_STATE, NULL), *json = NULL;
    size_t len;
    return aj_fs_read(path, AJ_MANIFEST_BYTES_MAX, &json, &len, error) &&
           aj_manifest_parse(a, aj_arena_strndup(a, json, len), len, out, error);
}

static bool finish_journal(const AjPlace *p, AjArena *a, GError **error)
{
    AjManifest whole, there;
    bool has_old = read_state(p->target, a, &there, NULL);
    if (!read_state(p->stage, a, &whole, NULL)) { /* moved already: it is the one that is there */
        if (!has_old && !read_state(p->target, a, &there, error))
            return false;
        whole = there;
    }
    return run_journal(p, &whole, has_old ? &there : NULL, error);
}

bool aj_switch_recover(const AjPlace *p, AjArena *a, bool *recovered, GError **error)
{
    *recovered = false;
    if (aj_place_has(p->parent, strrchr(p->beside, '/') + 1)) {
        *recovered = true;
        bool unused = aj_place_has(p->beside, AJ_PLACE_FRESH);
        if (!(unused ? aj_fs_remove_tree(p->beside, error) : settle(p, error)))
            return false;
    }
    if (aj_place_has(p->target, AJ_PLACE_JOURNAL)) {
        *recovered = true;
        if (!finish_journal(p, a, error))
            return false;
    }
    return remove_file(p->target, AJ_PLACE_FRESH, error) && aj_place_clean(p, error);
}
