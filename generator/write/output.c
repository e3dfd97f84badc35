/* output - a site is published whole or not at all.
 *
 * See output.h. All work below the two folders goes through their descriptors, so that nothing
 * depends on names above them. Must not know: what the files are. */
#include "write/output.h"

#include "base/lang.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARKER ".anjian-site" /* in OUT: this folder is ours to replace */

struct AjOutput {
    char *out, *parent, *base, *fresh, *cache;
    GString *last_folder; /* of the new generation: it is there, and those above it */
    int lock_fd, parent_fd, old_fd, new_fd;
    bool published;
    bool reused; /* the new generation began as the one before the last */
};

GQuark aj_output_error_quark(void)
{
    return g_quark_from_static_string("aj-output-error");
}

static void fail(GError **error, const char *doing, const char *path)
{
    int code = errno;
    const char *why = "";
    if (code == ENOSPC || code == EDQUOT || code == EFBIG)
        why = AJ_TR("磁盘已满，", "the disk is full, ");
    else if (code == EACCES || code == EPERM || code == EROFS)
        why = AJ_TR("没有写权限，", "no permission to write, ");
    g_set_error(error, G_FILE_ERROR, (gint)g_file_error_from_errno(code), "%s%s %s: %s", why, doing,
                path, g_strerror(code));
}

/* Where a generation waits that is not published: any mixture of old and new files will do, since
 * a file counts only by its stamp. */
static char *spare_path(const AjOutput *o)
{
    return g_build_filename(o->cache, "spare", NULL);
}

/* Out of the way with one rename, for the next build to begin with. */
static void put_away(const AjOutput *o, const char *generation)
{
    g_autofree char *spare = spare_path(o);
    if (g_file_test(spare, G_FILE_TEST_EXISTS) || g_rename(generation, spare) != 0)
        aj_fs_remove_tree(generation, NULL);
}

/* Leftovers of builds that were killed: .OUT.new-PID and .OUT.old-PID. The lock is ours. */
static void clear_leftovers(const AjOutput *o)
{
    g_autofree char *fresh = g_strdup_printf(".%s.new-", o->base);
    g_autofree char *old = g_strdup_printf(".%s.old-", o->base);
    GDir *dir = g_dir_open(o->parent, 0, NULL);
    if (!dir)
        return;
    for (const char *name; (name = g_dir_read_name(dir));) {
        if (!g_str_has_prefix(name, fresh) && !g_str_has_prefix(name, old))
            continue;
        g_autofree char *path = g_build_filename(o->parent, name, NULL);
        put_away(o, path);
    }
    g_dir_close(dir);
}

static bool is_ours(const AjOutput *o, GError **error)
{
    g_autofree char *marker = g_build_filename(o->out, MARKER, NULL);
    if (g_file_test(marker, G_FILE_TEST_EXISTS))
        return true;
    GDir *dir = g_dir_open(o->out, 0, NULL);
    bool empty = dir && !g_dir_read_name(dir);
    if (dir)
        g_dir_close(dir);
    if (empty)
        return true;
    g_set_error(error, AJ_OUTPUT_ERROR, AJ_OUTPUT_ERROR_NOT_OURS,
                AJ_TR("%s 不是空文件夹，也不是安鉴生成的网站；为免误删，请换一个 -o 位置或先清空它",
                      "%s is not empty and was not made by anjian; choose another -o or empty it"),
                o->out);
    return false;
}

static bool lock(AjOutput *o, GError **error)
{
    g_autofree char *name = g_strdup_printf(".%s.lock", o->base);
    o->lock_fd = openat(o->parent_fd, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0644);
    bool good = o->lock_fd >= 0;
    while (good && flock(o->lock_fd, LOCK_EX) != 0)
        good = errno == EINTR;
    if (!good)
        fail(error, AJ_TR("加锁", "locking"), name);
    return good;
}

AjOutput *aj_output_open(const char *out, GError **error)
{
    AjOutput *o = g_new0(AjOutput, 1);
    o->lock_fd = o->parent_fd = o->old_fd = o->new_fd = -1;
    o->last_folder = g_string_new(NULL);
    o->out = g_strdup(out);
    o->parent = g_path_get_dirname(out);
    o->base = g_path_get_basename(out);
    o->fresh = g_strdup_printf("%s/.%s.new-%ld", o->parent, o->base, (long)getpid());
    o->cache = g_strdup_printf("%s/.%s.cache", o->parent, o->base);
    if (!aj_fs_mkdirs(o->parent, error))
        goto bad;
    o->parent_fd = open(o->parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (o->parent_fd < 0) {
        fail(error, AJ_TR("打开", "opening"), o->parent);
        goto bad;
    }
    if (!lock(o, error))
        goto bad;
    struct stat st;
    if (lstat(o->out, &st) == 0) {
        if (!S_ISDIR(st.st_mode)) {
            g_set_error(error, AJ_OUTPUT_ERROR, AJ_OUTPUT_ERROR_NOT_OURS,
                        AJ_TR("%s 不是文件夹", "%s is not a folder"), o->out);
            goto bad;
        }
        if (!is_ours(o, error))
            goto bad;
        o->old_fd = open(o->out, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    }
    if (!aj_fs_mkdirs(o->cache, error))
        goto bad;
    clear_leftovers(o);
    return o;
bad:
    aj_output_close(o);
    return NULL;
}

void aj_output_close(AjOutput *o)
{
    if (!o)
        return;
    if (o->new_fd >= 0 && !o->published)
        put_away(o, o->fresh);
    /* The lock file stays: removing it would race with a build that waits for it. */
    const int fds[] = {o->new_fd, o->old_fd, o->parent_fd, o->lock_fd};
    for (size_t i = 0; i < G_N_ELEMENTS(fds); i++)
        if (fds[i] >= 0)
            close(fds[i]);
    g_free(o->out);
    g_free(o->parent);
    g_free(o->base);
    g_free(o->fresh);
    g_free(o->cache);
    g_string_free(o->last_folder, TRUE);
    g_free(o);
}

const char *aj_output_cache(const AjOutput *o)
{
    return o->cache;
}

bool aj_output_begin(AjOutput *o, GError **error)
{
    umask(0); /* files are 0644 and folders 0755, whoever builds */
    g_autofree char *spare = spare_path(o);
    o->reused = g_rename(spare, o->fresh) == 0;
    if (!o->reused && mkdir(o->fresh, 0755) != 0) {
        fail(error, AJ_TR("新建文件夹", "making folder"), o->fresh);
        return false;
    }
    o->new_fd = open(o->fresh, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (o->new_fd < 0) {
        fail(error, AJ_TR("打开", "opening"), o->fresh);
        return false;
    }
    return aj_output_write(o, MARKER, "", 0, NULL, NULL, error);
}

/* Takes away what stands where a file or folder is to be made. Never opened for writing: the
 * published site may share it. */
static bool clear_name(const AjOutput *o, const char *path)
{
    if (unlinkat(o->new_fd, path, 0) == 0)
        return true;
    g_autofree char *whole = g_build_filename(o->fresh, path, NULL);
    return (errno == EISDIR || errno == EPERM) && aj_fs_remove_tree(whole, NULL);
}

static bool folder_make(const AjOutput *o, const char *path)
{
    struct stat st;
    if (mkdirat(o->new_fd, path, 0755) == 0)
        return true;
    if (errno != EEXIST || !o->reused)
        return errno == EEXIST;
    if (fstatat(o->new_fd, path, &st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(st.st_mode))
        return (st.st_mode & 07777) == 0755 || fchmodat(o->new_fd, path, 0755, 0) == 0;
    return clear_name(o, path) && mkdirat(o->new_fd, path, 0755) == 0;
}

bool aj_output_folder(AjOutput *o, const char *address, GError **error)
{
    const char *end = strrchr(address, '/');
    size_t len = end ? (size_t)(end - address) : 0;
    if (len == o->last_folder->len && memcmp(address, o->last_folder->str, len) == 0)
        return true;
    g_autofree char *path = g_strdup(address);
    for (char *slash = strchr(path, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        if (!folder_make(o, path)) {
            fail(error, AJ_TR("新建文件夹", "making folder"), path);
            return false;
        }
        *slash = '/';
    }
    g_string_truncate(o->last_folder, 0);
    g_string_append_len(o->last_folder, address, (gssize)len);
    return true;
}

static void stamp_of(const struct stat *st, AjStamp *out)
{
    *out = (AjStamp){(uint64_t)st->st_size, (uint64_t)st->st_ino,
                     st->st_mtim.tv_sec * 1000000000LL + st->st_mtim.tv_nsec};
}

AjFsList *aj_output_list_old(const AjOutput *o)
{
    return o->old_fd < 0 ? NULL : aj_fs_walk(o->out, NULL, NULL, NULL);
}

bool aj_stamp_equal(const AjStamp *x, const AjStamp *y)
{
    return x->size == y->size && x->inode == y->inode && x->mtime_ns == y->mtime_ns;
}

static bool has_stamp(int folder, const char *address, const AjStamp *known)
{
    struct stat st;
    AjStamp stamp;
    if (folder < 0 || fstatat(folder, address, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
        !S_ISREG(st.st_mode))
        return false;
    stamp_of(&st, &stamp);
    return aj_stamp_equal(&stamp, known);
}

static bool link_at(const AjOutput *o, int folder, const char *from, const char *address)
{
    return linkat(folder, from, o->new_fd, address, 0) == 0 ||
           (errno == EEXIST && o->reused && clear_name(o, address) &&
            linkat(folder, from, o->new_fd, address, 0) == 0);
}

static bool link_old(const AjOutput *o, const char *address)
{
    return link_at(o, o->old_fd, address, address);
}

bool aj_output_keep(AjOutput *o, const char *address, const AjStamp *known)
{
    return (o->reused && has_stamp(o->new_fd, address, known)) ||
           (has_stamp(o->old_fd, address, known) && link_old(o, address));
}

static bool same_as_old(const AjOutput *o, const char *address, const void *bytes, size_t len,
                        AjStamp *stamp_out)
{
    struct stat st;
    if (o->old_fd < 0)
        return false;
    int fd = openat(o->old_fd, address, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return false;
    bool same = fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && (size_t)st.st_size == len &&
                (st.st_mode & 07777) == 0644;
    char buffer[65536];
    for (size_t at = 0; same && at < len;) {
        ssize_t got = read(fd, buffer, MIN(sizeof buffer, len - at));
        same = got > 0 && memcmp(buffer, (const char *)bytes + at, (size_t)got) == 0;
        at += same ? (size_t)got : 0;
    }
    close(fd);
    if (same)
        stamp_of(&st, stamp_out);
    return same;
}

bool aj_output_write(AjOutput *o, const char *address, const void *bytes, size_t len,
                     AjStamp *stamp_out, bool *written_out, GError **error)
{
    enum { FLAGS = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC };
    AjStamp stamp;
    struct stat st;
    if (written_out)
        *written_out = false;
    if (!stamp_out)
        stamp_out = &stamp;
    if (same_as_old(o, address, bytes, len, stamp_out) && aj_output_keep(o, address, stamp_out))
        return true;
    int fd = openat(o->new_fd, address, FLAGS, 0644);
    if (fd < 0 && errno == EEXIST && o->reused && clear_name(o, address))
        fd = openat(o->new_fd, address, FLAGS, 0644);
    bool good = fd >= 0 && aj_fs_put(fd, bytes, len) && fstat(fd, &st) == 0;
    if (!good)
        fail(error, AJ_TR("写入", "writing"), address);
    if (fd >= 0 && close(fd) != 0 && good) {
        fail(error, AJ_TR("写入", "writing"), address);
        good = false;
    }
    if (good)
        stamp_of(&st, stamp_out);
    if (written_out)
        *written_out = good;
    return good;
}

bool aj_output_copy(AjOutput *o, const char *address, const char *from, AjStamp *stamp_out,
                    GError **error)
{
    g_autoptr(GMappedFile) map = g_mapped_file_new(from, FALSE, error);
    if (!map)
        return false;
    const char *bytes = g_mapped_file_get_contents(map);
    return aj_output_write(o, address, bytes ? bytes : "", g_mapped_file_get_length(map), stamp_out,
                           NULL, error);
}

bool aj_output_share(AjOutput *o, const char *address, const char *from, const char *twin,
                     GError **error)
{
    struct stat st;
    AjStamp stamp;
    g_autoptr(GMappedFile) map = g_mapped_file_new(from, FALSE, error);
    if (!map)
        return false;
    const char *bytes = g_mapped_file_get_contents(map);
    size_t len = g_mapped_file_get_length(map);
    bool is_old = same_as_old(o, address, bytes ? bytes : "", len, &stamp);
    if (is_old && aj_output_keep(o, address, &stamp))
        return true;
    if (!is_old && (twin || (lstat(from, &st) == 0 && (st.st_mode & 07777) == 0644)) &&
        link_at(o, twin ? o->new_fd : AT_FDCWD, twin ? twin : from, address))
        return true;
    return aj_output_write(o, address, bytes ? bytes : "", len, NULL, NULL, error);
}

/* Removes below `folder` what is not wanted; true when nothing is left. Takes the descriptor. */
static bool prune(int folder, GString *path, GHashTable *wanted)
{
    DIR *dir = folder < 0 ? NULL : fdopendir(folder);
    if (!dir) {
        if (folder >= 0)
            close(folder);
        return false;
    }
    bool empty = true;
    size_t len = path->len;
    for (struct dirent *e; (e = readdir(dir)); g_string_truncate(path, len)) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        g_string_append(path, e->d_name);
        if (e->d_type == DT_DIR || e->d_type == DT_UNKNOWN) {
            int below =
                openat(dirfd(dir), e->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
            if (below >= 0) {
                g_string_append_c(path, '/');
                bool gone = prune(below, path, wanted) &&
                            unlinkat(dirfd(dir), e->d_name, AT_REMOVEDIR) == 0;
                empty = empty && gone;
                continue;
            }
        }
        if (g_hash_table_contains(wanted, path->str) || unlinkat(dirfd(dir), e->d_name, 0) != 0)
            empty = false;
    }
    closedir(dir);
    return empty;
}

void aj_output_prune(AjOutput *o, GHashTable *wanted)
{
    if (!o->reused)
        return;
    g_autoptr(GString) path = g_string_new(NULL);
    g_hash_table_add(wanted, (void *)MARKER);
    prune(openat(o->new_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), path, wanted);
}

static bool swap_names(AjOutput *o, bool in_place, GError **error)
{
    const char *fresh = strrchr(o->fresh, '/') + 1;
    unsigned flags = o->old_fd < 0 ? 0 : RENAME_EXCHANGE;
    if (renameat2(o->parent_fd, fresh, o->parent_fd, o->base, flags) == 0)
        return true;
    if (o->old_fd < 0 || (errno != EINVAL && errno != ENOSYS)) {
        fail(error, AJ_TR("发布到", "publishing"), o->out);
        return false;
    }
    if (!in_place) {
        g_set_error(error, AJ_OUTPUT_ERROR, AJ_OUTPUT_ERROR_NO_EXCHANGE,
                    AJ_TR("%s 所在的文件系统不能整体替换文件夹；换一个位置，或加 --in-place",
                          "the file system of %s cannot exchange folders; choose another place, "
                          "or add --in-place"),
                    o->out);
        return false;
    }
    g_autofree char *aside = g_strdup_printf(".%s.old-%ld", o->base, (long)getpid());
    if (renameat(o->parent_fd, o->base, o->parent_fd, aside) != 0) {
        fail(error, AJ_TR("发布到", "publishing"), o->out);
        return false;
    }
    if (renameat(o->parent_fd, fresh, o->parent_fd, o->base) != 0) {
        fail(error, AJ_TR("发布到", "publishing"), o->out);
        if (renameat(o->parent_fd, aside, o->parent_fd, o->base) != 0)
            g_prefix_error(error, AJ_TR("旧网站在 %s；", "the old site is at %s; "), aside);
        return false;
    }
    g_free(o->fresh);
    o->fresh = g_build_filename(o->parent, aside, NULL);
    return true;
}

bool aj_output_publish(AjOutput *o, bool in_place, GError **error)
{
    if (syncfs(o->new_fd) != 0) {
        fail(error, AJ_TR("同步到磁盘", "syncing"), o->fresh);
        return false;
    }
    if (!swap_names(o, in_place, error))
        return false;
    o->published = true;
    if (o->old_fd >= 0)
        put_away(o, o->fresh);
    if (fsync(o->parent_fd) != 0) {
        fail(error, AJ_TR("同步到磁盘", "syncing"), o->parent);
        return false;
    }
    return true;
}
