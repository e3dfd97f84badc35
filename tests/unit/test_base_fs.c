/* test_base_fs - a real folder with everything in it that hurts.
 *
 * Must not know: what files mean. */
#include "base/fs.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    char *root;
} Place;

static void place_make(Place *p, gconstpointer unused)
{
    (void)unused;
    p->root = g_dir_make_tmp("anjian-fs-XXXXXX", NULL);
}

static void place_remove(Place *p, gconstpointer unused)
{
    (void)unused;
    g_assert_true(aj_fs_remove_tree(p->root, NULL));
    g_assert_false(g_file_test(p->root, G_FILE_TEST_EXISTS));
    g_assert_true(aj_fs_remove_tree(p->root, NULL)); /* absent is fine */
    g_free(p->root);
}

static char *at(Place *p, const char *rel)
{
    g_autoptr(GError) error = NULL;
    char *path = aj_fs_join(p->root, rel, &error);
    g_assert_no_error(error);
    return path;
}

static void put(Place *p, const char *rel, const char *text)
{
    g_autofree char *path = at(p, rel), *folder = g_path_get_dirname(path);
    g_autoptr(GError) error = NULL;
    aj_fs_mkdirs(folder, &error);
    g_assert_no_error(error);
    aj_fs_write(path, text, strlen(text), &error);
    g_assert_no_error(error);
}

static bool skip_hidden(const char *path, bool is_folder, void *data)
{
    ++*(int *)data;
    const char *name = strrchr(path, '/');
    return (name ? name[1] : path[0]) == '.' || (is_folder && strcmp(path, "out") == 0);
}

static void test_walk(Place *p, gconstpointer unused)
{
    (void)unused;
    static const char *const expected[] = {"a-b.md", "a/link", "a/受限.md", "b.md", "z/y/x/w.md"};
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++)
        if (strcmp(expected[i], "a/link") != 0)
            put(p, expected[i], "text");
    put(p, ".git/HEAD", "x");
    put(p, "a/.hidden", "x");
    put(p, "out/page.html", "x");
    g_autofree char *link = at(p, "a/link"), *pipe = at(p, "a/pipe");
    g_assert_cmpint(symlink("/", link), ==, 0);
    g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);

    g_autoptr(GError) error = NULL;
    int asked = 0;
    g_autoptr(AjFsList) list = aj_fs_walk(p->root, skip_hidden, &asked, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(aj_fs_list_count(list), ==, G_N_ELEMENTS(expected));
    for (uint32_t i = 0; i < G_N_ELEMENTS(expected); i++)
        g_assert_cmpstr(aj_fs_list_at(list, i)->path, ==, expected[i]);
    g_assert_cmpint(asked, ==, 12);
    const AjFsEntry *e = aj_fs_list_at(list, 0);
    g_assert_cmpuint(e->size, ==, 4);
    g_assert_true(S_ISREG(e->mode));
    g_assert_true(S_ISLNK(aj_fs_list_at(list, 1)->mode));
    g_autofree char *path = at(p, "a-b.md");
    AjFsEntry again;
    g_assert_true(aj_fs_stat(path, &again, NULL));
    g_assert_cmpint(again.mtime_ns, ==, e->mtime_ns);
    g_assert_cmpuint(again.inode, ==, e->inode);

    g_assert_null(aj_fs_walk("/nowhere/at/all", NULL, NULL, &error));
    g_assert_error(error, AJ_FS_ERROR, AJ_FS_ERROR_NOT_FOUND);
    g_assert_nonnull(strstr(error->message, "/nowhere/at/all"));
}

static void test_read(Place *p, gconstpointer unused)
{
    (void)unused;
    put(p, "five", "12345");
    put(p, "empty", "");
    g_autofree char *five = at(p, "five"), *empty = at(p, "empty"), *pipe = at(p, "pipe");
    g_autoptr(GError) error = NULL;
    char *bytes = NULL;
    size_t len = 9;
    g_assert_true(aj_fs_read(five, 5, &bytes, &len, &error));
    g_assert_cmpuint(len, ==, 5);
    g_assert_cmpstr(bytes, ==, "12345");
    g_clear_pointer(&bytes, g_free);
    g_assert_true(aj_fs_read(empty, 0, &bytes, &len, &error));
    g_assert_cmpuint(len, ==, 0);
    g_assert_cmpstr(bytes, ==, "");
    g_clear_pointer(&bytes, g_free);
    g_assert_false(aj_fs_read(five, 4, &bytes, &len, &error));
    g_assert_error(error, AJ_FS_ERROR, AJ_FS_ERROR_TOO_BIG);
    g_clear_error(&error);
    g_assert_false(aj_fs_read(p->root, 4, &bytes, &len, &error));
    g_assert_error(error, AJ_FS_ERROR, AJ_FS_ERROR_IO);
    g_clear_error(&error);
    g_assert_false(aj_fs_read("/dev/zero", 100000, &bytes, &len, &error));
    g_assert_error(error, AJ_FS_ERROR, AJ_FS_ERROR_TOO_BIG);
    g_clear_error(&error);
    g_assert_true(aj_fs_read("/proc/self/status", 1 << 20, &bytes, &len, &error)); /* size 0 */
    g_assert_cmpuint(len, >, 100);
    g_clear_pointer(&bytes, g_free);
    g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
    g_assert_true(aj_fs_read(pipe, 10, &bytes, &len, &error)); /* nobody writes: does not wait */
    g_assert_cmpuint(len, ==, 0);
    g_free(bytes);
}

static void test_write(Place *p, gconstpointer unused)
{
    (void)unused;
    mode_t old = umask(0077);
    struct stat st;
    put(p, "a/b/c.html", "1");
    put(p, "a/b/c.html", "22");
    g_autofree char *file = at(p, "a/b/c.html"), *folder = at(p, "a/b"), *fresh = at(p, "a/d");
    g_assert_cmpint(g_stat(file, &st), ==, 0);
    g_assert_cmpint(st.st_mode & 07777, ==, 0644);
    g_assert_cmpint(st.st_size, ==, 2);
    g_assert_cmpint(g_stat(folder, &st), ==, 0);
    g_assert_cmpint(st.st_mode & 07777, ==, 0755);
    g_autoptr(GError) error = NULL;
    g_assert_true(aj_fs_write_new(fresh, "x", 1, &error));
    g_assert_cmpint(g_stat(fresh, &st), ==, 0);
    g_assert_cmpint(st.st_mode & 07777, ==, 0644);
    g_assert_false(aj_fs_write_new(fresh, "x", 1, &error));
    g_assert_error(error, AJ_FS_ERROR, AJ_FS_ERROR_IO);
    g_clear_error(&error);
    g_assert_false(aj_fs_write(folder, "x", 1, &error)); /* a folder is in the way */
    g_assert_nonnull(error);
    g_clear_error(&error);
    g_autofree char *below = at(p, "a/d/e");
    g_assert_false(aj_fs_mkdirs(below, &error));
    g_assert_nonnull(error);
    g_autoptr(AjFsList) list = aj_fs_walk(p->root, NULL, NULL, NULL);
    g_assert_cmpuint(aj_fs_list_count(list), ==, 2); /* nothing half-written stays */
    umask(old);
}

static void test_remove(Place *p, gconstpointer unused)
{
    (void)unused;
    put(p, "keep/file", "x");
    put(p, "go/sub/file", "x");
    g_autofree char *keep = at(p, "keep"), *go = at(p, "go"), *link = at(p, "go/link");
    g_autofree char *file = at(p, "keep/file"), *outer = at(p, "outer");
    g_assert_cmpint(symlink(keep, link), ==, 0);
    g_assert_cmpint(symlink(keep, outer), ==, 0);
    g_assert_true(aj_fs_remove_tree(go, NULL));
    g_assert_true(aj_fs_remove_tree(outer, NULL)); /* a link itself: only the link */
    g_assert_true(g_file_test(file, G_FILE_TEST_EXISTS));
    g_assert_false(g_file_test(go, G_FILE_TEST_EXISTS));
}

static void test_join(void)
{
    static const char *const bad[] = {"",     "/etc", "..",   "a/../b", "a/..", ".",   "./a",
                                      "a//b", "a/",   "a\\b", "a\nb",   "a/.",  "\x7f"};
    g_autoptr(GError) error = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_assert_null(aj_fs_join("/base", bad[i], &error));
        g_assert_error(error, AJ_FS_ERROR, AJ_FS_ERROR_UNSAFE);
        g_clear_error(&error);
    }
    g_assert_null(aj_fs_join("/base", "a\xff", &error));
    g_assert_error(error, AJ_FS_ERROR, AJ_FS_ERROR_NOT_UTF8);
    g_autofree char *good = aj_fs_join("base", "案例/..a/b..md", NULL);
    g_assert_cmpstr(good, ==, "base/案例/..a/b..md");
}

/* The first byte of what lies there: 'd' for a folder, '-' when there is nothing to be had. */
static char opened(Place *p, const char *path)
{
    struct stat st;
    char byte = '-';
    int fd = aj_fs_open_below(p->root, path);
    if (fd >= 0 && fstat(fd, &st) == 0) {
        if (S_ISDIR(st.st_mode))
            byte = 'd';
        else if (read(fd, &byte, 1) != 1)
            byte = '0';
    }
    if (fd >= 0)
        close(fd);
    return byte;
}

static void test_open_below(Place *p, gconstpointer unused)
{
    (void)unused;
    put(p, "a/受限.md", "x");
    g_autofree char *to_file = at(p, "a/link"), *to_folder = at(p, "out"), *pipe = at(p, "pipe");
    g_assert_cmpint(symlink("受限.md", to_file), ==, 0);
    g_assert_cmpint(symlink("/etc", to_folder), ==, 0);
    g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
    g_assert_cmpint(opened(p, "a/受限.md"), ==, 'x');
    g_assert_cmpint(opened(p, "a"), ==, 'd');
    g_assert_cmpint(opened(p, ""), ==, 'd');
    g_assert_cmpint(opened(p, "pipe"), ==, '0'); /* opened without a writer to wait for */
    static const char *const none[] = {"b",      "a/link",      "out", "out/passwd",
                                       "../etc", "a/../../etc", "/etc"};
    for (size_t i = 0; i < G_N_ELEMENTS(none); i++)
        g_assert_cmpint(opened(p, none[i]), ==, '-');
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/base/fs/walk", Place, NULL, place_make, test_walk, place_remove);
    g_test_add("/base/fs/read", Place, NULL, place_make, test_read, place_remove);
    g_test_add("/base/fs/write", Place, NULL, place_make, test_write, place_remove);
    g_test_add("/base/fs/remove", Place, NULL, place_make, test_remove, place_remove);
    g_test_add("/base/fs/open-below", Place, NULL, place_make, test_open_below, place_remove);
    g_test_add_func("/base/fs/join", test_join);
    return g_test_run();
}
