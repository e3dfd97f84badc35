/* staging - the next site while it is made, in a folder of its own.
 *
 * See staging.h. Files come sorted, so the folder of the last one is nearly always the folder of
 * the next: it stays open. Files are read rather than mapped, since unmapping 30,000 small ones
 * costs more than their bytes. Must not know: what a bundle is, how names are switched. */
#include "bundle/staging.h"

#include "base/fs.h"
#include "base/lang.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PIECE = 1 << 20 };

typedef struct {
    int root, fd; /* fd: of the folder below root that was asked for last; -1 */
    GString *path;
} Folder;
struct AjStaging {
    Folder from, to;
    int file; /* under way; -1 */
    bool no_links;
    char *piece;
};

static bool fail(GError **error, const char *doing, const char *path)
{
    int code = errno;
    g_set_error(error, AJ_FS_ERROR, AJ_FS_ERROR_IO, "%s %s: %s", doing, path, aj_fs_reason(code));
    return false;
}

static bool make_folders(int root, const char *folder)
{
    g_autofree char *copy = g_strdup(folder);
    for (char *slash = strchrnul(copy, '/');; slash = strchrnul(slash + 1, '/')) {
        bool last = !*slash;
        *slash = 0;
        if (mkdirat(root, copy, 0755) != 0 && errno != EEXIST)
            return false;
        if (last)
            return true;
        *slash = '/';
    }
}

/* The open folder that holds `path`; -1 with errno. `*name_out`: the last part of the path. */
static int folder_of(Folder *f, const char *path, bool make, const char **name_out)
{
    const char *slash = strrchr(path, '/');
    size_t len = slash ? (size_t)(slash - path) : 0;
    *name_out = slash ? slash + 1 : path;
    if (!slash)
        return f->root;
    if (f->fd >= 0 && f->path->len == len && memcmp(f->path->str, path, len) == 0)
        return f->fd;
    if (f->fd >= 0)
        close(f->fd);
    f->fd = -1;
    g_string_truncate(f->path, 0);
    g_string_append_len(f->path, path, (gssize)len);
    if (make && !make_folders(f->root, f->path->str))
        return -1;
    struct open_how how = {.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
    f->fd = (int)syscall(SYS_openat2, f->root, f->path->str, &how, sizeof how);
    return f->fd;
}

static bool folder_open(Folder *f, const char *path, GError **error)
{
    f->fd = -1;
    f->path = g_string_new(NULL);
    f->root = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return f->root >= 0 || fail(error, AJ_TR("打开", "opening"), path);
}

static void folder_close(Folder *f)
{
    if (f->fd >= 0)
        close(f->fd);
    if (f->root >= 0)
        close(f->root);
    if (f->path)
        g_string_free(f->path, TRUE);
}

AjStaging *aj_staging_open(const char *site, GError **error)
{
    AjStaging *s = g_new0(AjStaging, 1);
    s->from.root = s->from.fd = s->to.root = s->to.fd = s->file = -1;
    s->piece = g_malloc(PIECE);
    if (folder_open(&s->from, site, error))
        return s;
    aj_staging_close(s);
    return NULL;
}

bool aj_staging_begin(AjStaging *s, const char *to, GError **error)
{
    return aj_fs_mkdirs(to, error) && folder_open(&s->to, to, error);
}

bool aj_staging_piece(AjStaging *s, const AjManifestFile *file, uint64_t at, const void *bytes,
                      size_t len, GError **error)
{
    if (at == 0) {
        const char *name;
        int folder = folder_of(&s->to, file->path, true, &name);
        s->file = folder < 0 ? -1
                             : openat(folder, name,
                                      O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    }
    bool good = s->file >= 0 && aj_fs_put(s->file, bytes, len);
    if (good && at + len == file->size) {
        good = close(s->file) == 0;
        s->file = -1;
    }
    return good || fail(error, AJ_TR("写入", "writing"), file->path);
}

static int open_plain(Folder *f, const char *path, struct stat *st)
{
    const char *name;
    int folder = folder_of(f, path, false, &name);
    int fd = folder < 0 ? -1 : openat(folder, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    if (fd >= 0 && (fstat(fd, st) != 0 || !S_ISREG(st->st_mode))) {
        close(fd);
        fd = -1;
    }
    return fd;
}

/* -1: wrong. */
static ssize_t read_piece(AjStaging *s, int fd)
{
    ssize_t got;
    do
        got = read(fd, s->piece, PIECE);
    while (got < 0 && errno == EINTR);
    return got;
}

bool aj_staging_matches(AjStaging *s, const AjManifestFile *file)
{
    struct stat st;
    int fd = open_plain(&s->from, file->path, &st);
    bool good = fd >= 0 && (uint64_t)st.st_size == file->size;
    AjHash hash;
    if (good && file->size <= PIECE) { /* nearly all */
        good = read_piece(s, fd) == (ssize_t)file->size;
        if (good)
            aj_hash(s->piece, file->size, &hash);
    } else if (good) {
        AjHashState *state = aj_hash_begin();
        uint64_t at = 0;
        for (ssize_t got; (got = read_piece(s, fd)) > 0; at += (uint64_t)got)
            aj_hash_add(state, s->piece, (size_t)got);
        aj_hash_end(state, &hash);
        good = at == file->size;
    }
    if (fd >= 0)
        close(fd);
    return good && aj_hash_equal(&hash, &file->hash);
}

char *aj_staging_read(AjStaging *s, const AjManifestFile *file)
{
    struct stat st;
    int fd = open_plain(&s->from, file->path, &st);
    char *bytes =
        fd >= 0 && (uint64_t)st.st_size == file->size ? g_try_malloc(file->size + 1) : NULL;
    size_t at = 0;
    for (ssize_t got = 1; bytes && got != 0 && at<file->size; at += got> 0 ? (size_t)got : 0) {
        got = read(fd, bytes + at, file->size - at);
        if (got < 0 && errno != EINTR)
            break;
    }
    if (fd >= 0)
        close(fd);
    AjHash hash;
    if (bytes)
        aj_hash(bytes, at, &hash);
    if (bytes && at == file->size && aj_hash_equal(&hash, &file->hash))
        return bytes;
    g_free(bytes);
    return NULL;
}

/* A plain file of one of the two sites as a new one of the next. */
static bool copy(AjStaging *s, Folder *of, const char *path, int folder, const char *name)
{
    struct stat st;
    int from = open_plain(of, path, &st);
    int to = from < 0
                 ? -1
                 : openat(folder, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0644);
    bool good = to >= 0;
    for (ssize_t got = 1; good && got > 0;) {
        got = read_piece(s, from);
        good = got >= 0 && aj_fs_put(to, s->piece, (size_t)got);
    }
    if (from >= 0)
        close(from);
    return (to < 0 || close(to) == 0) && good;
}

bool aj_staging_twin(AjStaging *s, const char *path, const char *twin, GError **error)
{
    const char *name;
    int folder = folder_of(&s->to, path, true, &name);
    return (folder >= 0 &&
            (linkat(s->to.root, twin, folder, name, 0) == 0 ||
             copy(s, &s->to, twin, folder, name) || copy(s, &s->from, twin, folder, name))) ||
           fail(error, AJ_TR("写入", "writing"), path);
}

/* EPERM also says that this very file may not be linked, being somebody else's. */
static bool is_no_link(int code)
{
    return code == EPERM || code == EOPNOTSUPP || code == ENOSYS || code == EMLINK;
}

bool aj_staging_keep(AjStaging *s, const char *path, GError **error)
{
    if (s->no_links)
        return true;
    const char *name;
    int from = folder_of(&s->from, path, false, &name);
    int to = from < 0 ? -1 : folder_of(&s->to, path, true, &name);
    return (to >= 0 && (linkat(from, name, to, name, 0) == 0 ||
                        (is_no_link(errno) && copy(s, &s->from, path, to, name)))) ||
           fail(error, AJ_TR("沿用", "keeping"), path);
}

bool aj_staging_try_links(AjStaging *s, const AjManifestFile *const *files, uint32_t count,
                          GError **error)
{
    static const char trial[] = ".trial";
    bool linked = false;
    for (uint32_t i = 0; i < count && !linked && !s->no_links; i++) {
        const char *name;
        int from = folder_of(&s->from, files[i]->path, false, &name);
        linked = from >= 0 && linkat(from, name, s->to.root, trial, 0) == 0;
        s->no_links = from >= 0 && !linked && is_no_link(errno);
    }
    return !linked || unlinkat(s->to.root, trial, 0) == 0 ||
           fail(error, AJ_TR("删除", "removing"), trial);
}

bool aj_staging_lacks_links(const AjStaging *s)
{
    return s->no_links;
}

void aj_staging_close(AjStaging *s)
{
    if (!s)
        return;
    folder_close(&s->from);
    folder_close(&s->to);
    if (s->file >= 0)
        close(s->file);
    g_free(s->piece);
    g_free(s);
}
