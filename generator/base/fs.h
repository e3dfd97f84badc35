/* fs - the only way to the disk for rooms that have no library of their own for it.
 *
 * Paths in are UTF-8. Relative results use '/'. Every error says what it was doing.
 * Must not know: what the files mean. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define AJ_FS_ERROR (aj_fs_error_quark())
GQuark aj_fs_error_quark(void);
typedef enum {
    AJ_FS_ERROR_NOT_UTF8,
    AJ_FS_ERROR_UNSAFE, /* a path that leads out of its folder */
    AJ_FS_ERROR_IO,
    AJ_FS_ERROR_NOT_FOUND,
    AJ_FS_ERROR_TOO_BIG
} AjFsError;
/* What errno means, in the language of the person at the keyboard. */
const char *aj_fs_reason(int errnum);

typedef struct {
    const char *path; /* below the walked root, '/' between names */
    uint64_t size;
    int64_t mtime_ns, ctime_ns;
    uint64_t inode;
    uint32_t mode; /* st_mode; links are reported as links, never followed */
} AjFsEntry;
typedef struct AjFsList AjFsList; /* entries sorted by bytes of path, with their strings */

/* Regular files and links below `root`; `skip` (may be NULL) says which names to leave out,
 * folders too. Sorted by bytes of the path. */
typedef bool (*AjFsSkip)(const char *path, bool is_folder, void *data);
AjFsList *aj_fs_walk(const char *root, AjFsSkip skip, void *data, GError **error);
uint32_t aj_fs_list_count(const AjFsList *l);
const AjFsEntry *aj_fs_list_at(const AjFsList *l, uint32_t i);
void aj_fs_list_free(AjFsList *l);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AjFsList, aj_fs_list_free)

/* Whole file, NUL added; caller frees *bytes_out. Refuses more than `limit` bytes. */
bool aj_fs_read(const char *path, size_t limit, char **bytes_out, size_t *len_out, GError **error);
bool aj_fs_stat(const char *path, AjFsEntry *out, GError **error); /* out->path = path */
/* Beside, then rename; mode 0644 whatever the umask. */
bool aj_fs_write(const char *path, const void *bytes, size_t len, GError **error);
/* The same with mode 0600: keys. */
bool aj_fs_write_private(const char *path, const void *bytes, size_t len, GError **error);
/* Straight into a folder that nobody reads yet; fails when the name is taken. Mode 0644. */
bool aj_fs_write_new(const char *path, const void *bytes, size_t len, GError **error);
/* Mode 0644, where the disk knows modes. */
bool aj_fs_open_to_all(int fd);
/* All the bytes, however few a call takes. false: errno says why. */
bool aj_fs_put(int fd, const void *bytes, size_t len);
bool aj_fs_mkdirs(const char *path, GError **error);      /* mode 0755 */
bool aj_fs_remove_tree(const char *path, GError **error); /* follows no link; absent is fine */
/* base + '/' + rel; refuses an absolute rel, '..', '.', empty parts, backslash, NUL, controls. */
char *aj_fs_join(const char *base, const char *rel, GError **error);
/* Opens a regular file or folder below `root` for reading, following no link on the way; -1 when
 * there is none. Never waits, whatever lies there: look with fstat. Caller closes. */
int aj_fs_open_below(const char *root, const char *path);
