/* fs - the only way to the disk for rooms that have no library of their own for it.
 *
 * Must not know: what the files mean. */
#include "base/fs.h"

#include "base/arena.h"
#include "base/lang.h"
#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

GQuark aj_fs_error_quark(void)
{
    return g_quark_from_static_string("aj-fs-error");
}

const char *aj_fs_reason(int errnum)
{
    switch (errnum) {
    case ENOENT:
        return AJ_TR("没有这个文件或文件夹", "no such file or folder");
    case EACCES:
    case EPERM:
        return AJ_TR("没有权限", "permission denied");
    case ENOSPC:
        return AJ_TR("磁盘已满", "no space left on the disk");
    case EDQUOT:
        return AJ_TR("磁盘配额已满", "disk quota exceeded");
    case EROFS:
        return AJ_TR("磁盘是只读的", "the disk is read-only");
    case EISDIR:
        return AJ_TR("这是文件夹", "this is a folder");
    case ENOTDIR:
        return AJ_TR("这不是文件夹", "this is not a folder");
    case EEXIST:
        return AJ_TR("已经存在", "it exists already");
    case ENAMETOOLONG:
        return AJ_TR("名字太长", "the name is too long");
    case ELOOP:
        return AJ_TR("链接太多或不许跟随链接", "too many links, or a link not to be followed");
    case EMFILE:
    case ENFILE:
        return AJ_TR("打开的文件太多", "too many open files");
    case EIO:
        return AJ_TR("读写出错，磁盘可能坏了", "input/output error, the disk may be failing");
    default:
        return g_strerror(errnum);
    }
}

/* "读取 PATH：reason"; always false, so that callers can return it. */
static bool fail(GError **error, int errnum, const char *doing, const char *path)
{
    g_set_error(error, AJ_FS_ERROR, errnum == ENOENT ? AJ_FS_ERROR_NOT_FOUND : AJ_FS_ERROR_IO,
                AJ_TR("%s %s：%s", "%s %s: %s"), doing, path, aj_fs_reason(errnum));
    return false;
}

struct AjFsList {
    AjArena *arena;
    GArray *entries; /* AjFsEntry */
};

static void entry_fill(AjFsEntry *e, const struct stat *st)
{
    e->size = (uint64_t)st->st_size;
    e->mtime_ns = (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
    e->ctime_ns = (int64_t)st->st_ctim.tv_sec * 1000000000 + st->st_ctim.tv_nsec;
    e->inode = st->st_ino;
    e->mode = st->st_mode;
}

typedef struct {
    const char *root;
    int root_fd;
    AjFsSkip skip;
    void *data;
    AjFsList *list;
    GPtrArray *folders; /* still to be read, below the root */
} Walk;

/* One folder; those inside it go on the stack, so that depth costs no descriptors. */
static bool walk_folder(Walk *w, const char *folder, GError **error)
{
    int fd = openat(w->root_fd, *folder ? folder : ".",
                    O_RDONLY | O_DIRECTORY | O_CLOEXEC | (*folder ? O_NOFOLLOW : 0));
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir) {
        int why = errno;
        if (fd >= 0)
            close(fd);
        g_autofree char *full = g_build_filename(w->root, folder, NULL);
        return *folder && why == ENOENT ? true : fail(error, why, AJ_TR("读取", "reading"), full);
    }
    struct dirent *d;
    g_autoptr(GString) text = g_string_new(folder);
    if (*folder)
        g_string_append_c(text, '/');
    const size_t above = text->len;
    while ((d = readdir(dir))) {
        struct stat st;
        const char *name = d->d_name;
        mode_t type = DTTOIF(d->d_type); /* what is skipped needs no other look, nor do folders */
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
            continue;
        if (!type && fstatat(dirfd(dir), name, &st, AT_SYMLINK_NOFOLLOW) == 0)
            type = st.st_mode;
        bool is_folder = S_ISDIR(type);
        if (!is_folder && !S_ISREG(type) && !S_ISLNK(type))
            continue;
        g_string_truncate(text, above);
        g_string_append(text, name);
        const char *path = text->str;
        if (w->skip && w->skip(path, is_folder, w->data))
            continue;
        if (is_folder) {
            g_ptr_array_add(w->folders, g_strdup(path));
            continue;
        }
        if (fstatat(dirfd(dir), name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
            (!S_ISREG(st.st_mode) && !S_ISLNK(st.st_mode)))
            continue; /* gone since it was listed, or another */
        AjFsEntry e = {.path = aj_arena_strdup(w->list->arena, path)};
        entry_fill(&e, &st);
        g_array_append_val(w->list->entries, e);
    }
    closedir(dir);
    return true;
}

static int compare_entries(gconstpointer x, gconstpointer y)
{
    return strcmp(((const AjFsEntry *)x)->path, ((const AjFsEntry *)y)->path);
}

AjFsList *aj_fs_walk(const char *root, AjFsSkip skip, void *data, GError **error)
{
    int fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        fail(error, errno, AJ_TR("读取", "reading"), root);
        return NULL;
    }
    g_autoptr(AjFsList) list = g_new0(AjFsList, 1);
    list->arena = aj_arena_new(64 * 1024);
    list->entries = g_array_new(FALSE, FALSE, sizeof(AjFsEntry));
    g_autoptr(GPtrArray) folders = g_ptr_array_new_with_free_func(g_free);
    Walk w = {root, fd, skip, data, list, folders};
    bool good = true;
    g_ptr_array_add(folders, g_strdup(""));
    while (good && folders->len) {
        g_autofree char *folder = g_ptr_array_steal_index_fast(folders, folders->len - 1);
        good = walk_folder(&w, folder, error);
    }
    close(fd);
    g_array_sort(list->entries, compare_entries);
    return good ? g_steal_pointer(&list) : NULL;
}

uint32_t aj_fs_list_count(const AjFsList *l)
{
    return l->entries->len;
}

const AjFsEntry *aj_fs_list_at(const AjFsList *l, uint32_t i)
{
    g_assert(i < l->entries->len);
    return &g_array_index(l->entries, AjFsEntry, i);
}

void aj_fs_list_free(AjFsList *l)
{
    if (!l)
        return;
    g_array_free(l->entries, TRUE);
    aj_arena_free(l->arena);
    g_free(l);
}

/* Reads to the end. The size is a guess that saves copies; what matters is what comes. */
static bool read_all(int fd, size_t guess, size_t limit, char **bytes_out, size_t *len_out)
{
    size_t cap = MIN(guess, limit) + 2, len = 0;
    char *bytes = g_malloc(cap);
    for (;;) {
        ssize_t n = read(fd, bytes + len, cap - 1 - len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            g_free(bytes);
            return false;
        }
        if (n == 0)
            break;
        len += (size_t)n;
        if (len > limit) {
            g_free(bytes);
            errno = EFBIG;
            return false;
        }
        if (len == cap - 1) {
            cap = MIN(cap * 2, limit + 2);
            bytes = g_realloc(bytes, cap);
        }
    }
    bytes[len] = '\0';
    *bytes_out = bytes;
    *len_out = len;
    return true;
}

bool aj_fs_read(const char *path, size_t limit, char **bytes_out, size_t *len_out, GError **error)
{
    const char *doing = AJ_TR("读取", "reading");
    struct stat st;
    /* Without waiting: a named pipe with nobody behind it must not hold us up. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (fd < 0)
        return fail(error, errno, doing, path);
    limit = MIN(limit, SIZE_MAX / 4);
    bool good = fstat(fd, &st) == 0;
    if (good && !S_ISREG(st.st_mode))
        fcntl(fd, F_SETFL, 0);
    good = good &&
           read_all(fd, S_ISREG(st.st_mode) ? (size_t)st.st_size : 4096, limit, bytes_out, len_out);
    int why = errno;
    close(fd);
    if (!good && why == EFBIG) {
        g_set_error(error, AJ_FS_ERROR, AJ_FS_ERROR_TOO_BIG,
                    AJ_TR("读取 %s：大于 %zu 字节", "reading %s: more than %zu bytes"), path,
                    limit);
        return false;
    }
    return good || fail(error, why, doing, path);
}

bool aj_fs_stat(const char *path, AjFsEntry *out, GError **error)
{
    struct stat st;
    if (lstat(path, &st) != 0)
        return fail(error, errno, AJ_TR("查看", "looking at"), path);
    out->path = path;
    entry_fill(out, &st);
    return true;
}

bool aj_fs_put(int fd, const void *bytes, size_t len)
{
    for (const char *at = bytes; len;) {
        ssize_t n = write(fd, at, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        at += n;
        len -= (size_t)n;
    }
    return true;
}

/* After a chmod: some disks (FAT by FUSE, network shares) know no modes, and what everybody may
 * read needs none. */
static bool knows_no_modes(void)
{
    return errno == EPERM || errno == ENOSYS || errno == EOPNOTSUPP;
}

bool aj_fs_open_to_all(int fd)
{
    return fchmod(fd, 0644) == 0 || knows_no_modes();
}

/* Closes fd. */
static bool write_all(int fd, mode_t mode, const char *bytes, size_t len)
{
    bool good = mode == 0644 ? aj_fs_open_to_all(fd) : fchmod(fd, mode) == 0;
    good = good && aj_fs_put(fd, bytes, len);
    int why = errno;
    if (close(fd) != 0 && good) {
        good = false;
        why = errno;
    }
    errno = why;
    return good;
}

static bool write_beside(const char *path, mode_t mode, const void *bytes, size_t len,
                         GError **error)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *beside = g_strconcat(folder, "/.aj-XXXXXX", NULL);
    int fd = mkostemp(beside, O_CLOEXEC);
    bool good = fd >= 0 && write_all(fd, mode, bytes, len) && rename(beside, path) == 0;
    if (good)
        return true;
    int why = errno;
    if (fd >= 0)
        unlink(beside);
    return fail(error, why, AJ_TR("写入", "writing"), path);
}

bool aj_fs_write(const char *path, const void *bytes, size_t len, GError **error)
{
    return write_beside(path, 0644, bytes, len, error);
}

bool aj_fs_write_private(const char *path, const void *bytes, size_t len, GError **error)
{
    return write_beside(path, 0600, bytes, len, error);
}

bool aj_fs_write_new(const char *path, const void *bytes, size_t len, GError **error)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0644);
    if (fd < 0)
        return fail(error, errno, AJ_TR("写入", "writing"), path);
    if (write_all(fd, 0644, bytes, len))
        return true;
    int why = errno;
    unlink(path);
    return fail(error, why, AJ_TR("写入", "writing"), path);
}

bool aj_fs_mkdirs(const char *path, GError **error)
{
    struct stat st;
    if (mkdir(path, 0755) == 0) {
        if (chmod(path, 0755) == 0 || knows_no_modes())
            return true;
    } else if (errno == EEXIST) {
        if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
            return true;
        errno = ENOTDIR;
    } else if (errno == ENOENT && *path) {
        g_autofree char *parent = g_path_get_dirname(path);
        if (strcmp(parent, path) != 0)
            return aj_fs_mkdirs(parent, error) && aj_fs_mkdirs(path, error);
    }
    return fail(error, errno, AJ_TR("创建文件夹", "making folder"), path);
}

/* The name below `at`: a file, a link, or a folder with all that is in it. */
static bool remove_at(int at, const char *name)
{
    if (unlinkat(at, name, 0) == 0 || errno == ENOENT)
        return true;
    if (errno != EISDIR && errno != EPERM)
        return false;
    int fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir)
        return false;
    /* All names first: a folder that changes while it is read may skip some. */
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    struct dirent *d;
    while ((d = readdir(dir)))
        if (strcmp(d->d_name, ".") != 0 && strcmp(d->d_name, "..") != 0)
            g_ptr_array_add(names, g_strdup(d->d_name));
    bool good = true;
    for (guint i = 0; good && i < names->len; i++)
        good = remove_at(fd, names->pdata[i]);
    int why = errno;
    closedir(dir);
    errno = why;
    return good && unlinkat(at, name, AT_REMOVEDIR) == 0;
}

bool aj_fs_remove_tree(const char *path, GError **error)
{
    return remove_at(AT_FDCWD, path) ? true : fail(error, errno, AJ_TR("删除", "removing"), path);
}

static bool part_is_sound(const char *part, size_t len)
{
    if (len == 0 || (len == 1 && part[0] == '.') || (len == 2 && memcmp(part, "..", 2) == 0))
        return false;
    for (size_t i = 0; i < len; i++)
        if ((uint8_t)part[i] < 0x20 || part[i] == 0x7f || part[i] == '\\')
            return false;
    return true;
}

char *aj_fs_join(const char *base, const char *rel, GError **error)
{
    if (aj_utf8_invalid_at(rel, strlen(rel)) != SIZE_MAX) {
        g_set_error(error, AJ_FS_ERROR, AJ_FS_ERROR_NOT_UTF8, "%s",
                    AJ_TR("路径不是 UTF-8", "a path is not UTF-8"));
        return NULL;
    }
    for (const char *part = rel, *end; part; part = *end ? end + 1 : NULL) {
        end = strchrnul(part, '/');
        if (part_is_sound(part, (size_t)(end - part)))
            continue;
        g_autofree char *shown = g_strescape(rel, NULL);
        g_set_error(error, AJ_FS_ERROR, AJ_FS_ERROR_UNSAFE,
                    AJ_TR("不安全的路径 \"%s\"", "unsafe path \"%s\""), shown);
        return NULL;
    }
    return g_strconcat(base, "/", rel, NULL);
}

int aj_fs_open_below(const char *root, const char *path)
{
    int base = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (base < 0)
        return -1;
    struct open_how how = {.flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
                           .resolve =
                               RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
    int fd = (int)syscall(SYS_openat2, base, *path ? path : ".", &how, sizeof how);
    if (fd < 0 && (errno == ENOSYS || errno == EPERM)) { /* old kernels, some containers */
        g_auto(GStrv) parts = g_strsplit(path, "/", -1);
        int at = base;
        for (char **p = parts; *p && at >= 0; p++) {
            if (!**p)
                continue;
            int next = strcmp(*p, "..") == 0
                           ? -1
                           : openat(at, *p, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
            if (at != base)
                close(at);
            at = next;
        }
        fd = at == base ? fcntl(base, F_DUPFD_CLOEXEC, 0) : at;
    }
    close(base);
    return fd;
}
