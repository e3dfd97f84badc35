/* Archives of our own: read back with libarchive, the same from the cache, many entries. */
#include "base/arena.h"
#include "bundle/zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char *dir;

static char *in_dir(const char *name)
{
    return g_build_filename(dir, name, NULL);
}

static void put(const char *name, const char *bytes, size_t len)
{
    g_autofree char *path = in_dir(name);
    g_assert_true(g_file_set_contents(path, bytes, (gssize)len, NULL));
}

/* The archive's bytes. */
static GString *zip(const AjBundleFile *files, uint32_t count, const char *cache, unsigned *made)
{
    g_autoptr(GError) error = NULL;
    g_autofree AjFsEntry *stats = g_new0(AjFsEntry, count);
    for (uint32_t i = 0; cache && i < count; i++)
        g_assert_true(!files[i].path || aj_fs_stat(files[i].path, &stats[i], NULL));
    g_autoptr(AjMembers) members =
        aj_members_make(files, count, cache ? stats : NULL, cache, &error);
    g_assert_no_error(error);
    *made = aj_members_made(members);
    g_autofree char *path = in_dir("out.zip"), *bytes = NULL;
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    g_assert_true(aj_zip_write(files, members, count, fd, path, &error));
    close(fd);
    gsize len;
    g_assert_true(g_file_get_contents(path, &bytes, &len, NULL));
    return g_string_new_len(bytes, (gssize)len);
}

/* libarchive finds these files, their bytes and nothing else. */
static void check(const GString *archive, const AjBundleFile *files, uint32_t count)
{
    struct archive *a = archive_read_new();
    struct archive_entry *e;
    archive_read_support_format_zip_seekable(a);
    g_assert_cmpint(archive_read_open_memory(a, archive->str, archive->len), ==, ARCHIVE_OK);
    for (uint32_t i = 0; i < count; i++) {
        g_assert_cmpint(archive_read_next_header(a, &e), ==, ARCHIVE_OK);
        g_assert_cmpstr(archive_entry_pathname(e), ==, files[i].name);
        g_assert_cmpint(archive_entry_mode(e), ==, S_IFREG | 0644);
        g_autofree char *want = NULL;
        gsize len = files[i].len;
        if (files[i].path)
            g_assert_true(g_file_get_contents(files[i].path, &want, &len, NULL));
        g_assert_cmpint(archive_entry_size(e), ==, (gint64)len);
        g_autofree char *got = g_malloc(len + 1);
        g_assert_cmpint(archive_read_data(a, got, len + 1), ==, (gssize)len);
        g_assert_cmpmem(got, len, want ? want : files[i].bytes, len);
    }
    g_assert_cmpint(archive_read_next_header(a, &e), ==, ARCHIVE_EOF);
    archive_read_free(a);
}

static void test_cache(void)
{
    GString *noise = g_string_new(NULL), *text = g_string_new(NULL);
    for (uint32_t i = 0, x = 1; i < 300000; i++) {
        x = x * 1664525 + 1013904223;
        g_string_append_c(noise, (char)(x >> 24));
        g_string_append(text, i % 7 ? "安全" : "生产");
    }
    put("a", text->str, text->len);
    put("b", "", 0);
    put("c", noise->str, noise->len);
    put("d", "x", 1);
    g_autofree char *a = in_dir("a"), *b = in_dir("b"), *c = in_dir("c"), *d = in_dir("d");
    g_autofree char *cache = in_dir("members");
    const AjBundleFile files[] = {{"site/a", a, NULL, 0},
                                  {"site/b", b, NULL, 0},
                                  {"site/c", c, NULL, 0},
                                  {"site/d", d, NULL, 0},
                                  {"start.html", NULL, "start start start", 17}};
    unsigned made;
    GString *first = zip(files, 5, NULL, &made);
    check(first, files, 5);
    g_assert_cmpuint(first->len, <, noise->len + 20000); /* noise is stored, text is not */
    GString *again = zip(files, 5, cache, &made);
    g_assert_cmpuint(made, ==, 4); /* what is no file has no stamp, and is not kept */
    g_assert_true(g_string_equal(first, again));
    g_string_free(again, TRUE);
    again = zip(files, 5, cache, &made);
    g_assert_cmpuint(made, ==, 0);
    g_assert_true(g_string_equal(first, again));
    g_string_free(again, TRUE);

    const char *const parts[] = {"", ".data"};
    for (size_t p = 0; p < G_N_ELEMENTS(parts); p++) {
        g_autofree char *bytes = NULL, *part = g_strconcat(cache, parts[p], NULL);
        gsize len;
        g_assert_true(g_file_get_contents(part, &bytes, &len, NULL));
        for (gsize cut = 0; cut < len; cut += cut < 600 ? 37 : len / 40) { /* cut anywhere */
            g_assert_true(g_file_set_contents(part, bytes, (gssize)cut, NULL));
            again = zip(files, 5, cache, &made);
            g_assert_true(g_string_equal(first, again));
            g_string_free(again, TRUE);
        }
        for (gsize at = 0; at < len; at += at < 600 ? 13 : len / 40) { /* or a byte changed */
            bytes[at] ^= 64;
            g_assert_true(g_file_set_contents(part, bytes, (gssize)len, NULL));
            bytes[at] ^= 64;
            again = zip(files, 5, cache, &made);
            g_assert_true(g_string_equal(first, again));
            g_string_free(again, TRUE);
        }
    }
    /* What changes is appended; what nobody needs any more does not pile up. */
    g_autofree char *data = g_strconcat(cache, ".data", NULL);
    GStatBuf st;
    for (unsigned i = 0; i < 10; i++) {
        text->str[i] = 'x';
        g_string_set_size(text, text->len - 1);
        put("a", text->str, text->len);
        again = zip(files, 5, cache, &made);
        g_assert_cmpuint(made, <=, 4);
        check(again, files, 5);
        g_string_free(again, TRUE);
        again = zip(files, 5, cache, &made);
        g_assert_cmpuint(made, ==, 0);
        g_string_free(again, TRUE);
        g_assert_cmpint(g_stat(data, &st), ==, 0);
        again = zip(files, 1, NULL, &made);
        g_assert_cmpint(st.st_size, <, (gint64)(3 * again->len));
        g_string_free(again, TRUE);
    }
    put("d", "y", 1);
    again = zip(files, 5, cache, &made);
    check(again, files, 5);
    g_string_free(again, TRUE);
    g_string_free(first, TRUE);
    g_string_free(noise, TRUE);
    g_string_free(text, TRUE);
}

/* More entries than the old form can count. */
static void test_many(void)
{
    enum { COUNT = 70000 };
    AjBundleFile *files = g_new(AjBundleFile, COUNT);
    AjArena *arena = aj_arena_new(1 << 16);
    for (uint32_t i = 0; i < COUNT; i++)
        files[i] = (AjBundleFile){aj_arena_printf(arena, "site/%06u", i), NULL, "x", i % 2};
    unsigned made;
    GString *archive = zip(files, COUNT, NULL, &made);
    check(archive, files, COUNT);
    g_string_free(archive, TRUE);
    aj_arena_free(arena);
    g_free(files);
}

static void test_missing(void)
{
    g_autoptr(GError) error = NULL;
    const AjBundleFile file = {"site/x", "/nowhere/x", NULL, 0};
    g_assert_null(aj_members_make(&file, 1, NULL, NULL, &error));
    g_assert_error(error, AJ_BUNDLE_ERROR, AJ_BUNDLE_ERROR_READ);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    dir = g_dir_make_tmp("anjian-zip-XXXXXX", NULL);
    g_test_add_func("/bundle/zip/cache", test_cache);
    g_test_add_func("/bundle/zip/many", test_many);
    g_test_add_func("/bundle/zip/missing", test_missing);
    int code = g_test_run();
    g_assert_true(aj_fs_remove_tree(dir, NULL));
    g_free(dir);
    return code;
}
