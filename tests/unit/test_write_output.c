/* A generation begins with the one before the last, whatever has become of that one meanwhile. */
#include "write/output.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    const char *address, *bytes;
    AjStamp stamp;
} File;
typedef struct {
    char *dir, *out, *spare;
} Place;

static void place_set_up(Place *p, gconstpointer unused)
{
    (void)unused;
    p->dir = g_dir_make_tmp("anjian-output-XXXXXX", NULL);
    p->out = g_build_filename(p->dir, "site", NULL);
    p->spare = g_build_filename(p->dir, ".site.cache", "spare", NULL);
}

static void place_tear_down(Place *p, gconstpointer unused)
{
    (void)unused;
    g_assert_true(aj_fs_remove_tree(p->dir, NULL));
    g_free(p->dir);
    g_free(p->out);
    g_free(p->spare);
}

static char *in_site(const Place *p, const char *address)
{
    return g_build_filename(p->out, address, NULL);
}

static void put(const char *folder, const char *address, const char *bytes)
{
    g_autofree char *path = g_build_filename(folder, address, NULL);
    g_autofree char *above = g_path_get_dirname(path);
    g_assert_cmpint(g_mkdir_with_parents(above, 0755), ==, 0);
    g_assert_true(g_file_set_contents(path, bytes, -1, NULL));
}

/* Publishes these files: known stamps are kept, others written. Tells how many were written. */
static unsigned publish(const Place *p, File *files, unsigned n)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GHashTable) wanted = g_hash_table_new(g_str_hash, g_str_equal);
    AjOutput *o = aj_output_open(p->out, &error);
    g_assert_no_error(error);
    g_assert_true(aj_output_begin(o, &error));
    unsigned made = 0;
    for (unsigned i = 0; i < n; i++) {
        File *f = &files[i];
        bool written = false;
        g_assert_true(aj_output_folder(o, f->address, &error));
        if (!aj_output_keep(o, f->address, &f->stamp))
            g_assert_true(aj_output_write(o, f->address, f->bytes, strlen(f->bytes), &f->stamp,
                                          &written, &error));
        made += written;
        g_hash_table_add(wanted, (void *)f->address);
    }
    aj_output_prune(o, wanted);
    g_assert_true(aj_output_publish(o, false, &error));
    aj_output_close(o);
    return made;
}

/* The site is these files and our marker, nothing else. */
static void check(const Place *p, const File *files, unsigned n)
{
    g_autoptr(AjFsList) all = aj_fs_walk(p->out, NULL, NULL, NULL);
    g_assert_cmpuint(aj_fs_list_count(all), ==, n + 1);
    for (unsigned i = 0; i < n; i++) {
        g_autofree char *path = in_site(p, files[i].address), *bytes = NULL;
        g_assert_true(g_file_get_contents(path, &bytes, NULL, NULL));
        g_assert_cmpstr(bytes, ==, files[i].bytes);
    }
}

#define ALL(f) (f), G_N_ELEMENTS(f)

static void test_reuse(Place *p, gconstpointer unused)
{
    (void)unused;
    File files[] = {{"a.html", "one", {0}}, {"cases/b.html", "two", {0}}, {"c/d/e.js", "3", {0}}};
    g_assert_cmpuint(publish(p, ALL(files)), ==, 3);
    check(p, ALL(files));
    g_assert_cmpuint(publish(p, ALL(files)), ==, 0);
    g_assert_true(g_file_test(p->spare, G_FILE_TEST_IS_DIR));
    files[1] = (File){"cases/b.html", "two and a half", {0}};
    g_assert_cmpuint(publish(p, ALL(files)), ==, 1);
    g_assert_cmpuint(publish(p, ALL(files)), ==, 0); /* its base still had the old one */
    check(p, ALL(files));
}

static void test_prune(Place *p, gconstpointer unused)
{
    (void)unused;
    File files[] = {{"a.html", "one", {0}}, {"cases/b.html", "two", {0}}, {"c/d/e.js", "3", {0}}};
    publish(p, ALL(files));
    publish(p, ALL(files));
    for (unsigned i = 0; i < 3; i++) {
        publish(p, files, 1);
        check(p, files, 1);
        g_autofree char *folder = in_site(p, "c");
        g_assert_false(g_file_test(folder, G_FILE_TEST_EXISTS)); /* not even empty */
    }
}

/* Whatever stands in the base, it never reaches the site, and is never written through. */
static void test_spoilt_base(Place *p, gconstpointer unused)
{
    (void)unused;
    File files[] = {{"a.html", "one", {0}}, {"cases/b.html", "two", {0}}, {"c/d/e.js", "3", {0}}};
    publish(p, ALL(files));
    publish(p, ALL(files));
    g_assert_true(aj_fs_remove_tree(p->spare, NULL));
    put(p->spare, "a.html/deep/x", "a folder in the place of a file");
    put(p->spare, "cases", "a file in the place of a folder");
    put(p->spare, "c/d/e.js", "other bytes");
    put(p->spare, "stray/empty/x", "nobody's");
    g_autofree char *link = g_build_filename(p->spare, "link", NULL);
    g_assert_cmpint(symlink("/etc", link), ==, 0);
    g_assert_cmpuint(publish(p, ALL(files)), ==, 0);
    check(p, ALL(files));
}

static void test_edited_site(Place *p, gconstpointer unused)
{
    (void)unused;
    File files[] = {{"a.html", "one", {0}}, {"cases/b.html", "two", {0}}};
    publish(p, ALL(files));
    publish(p, ALL(files));
    g_autofree char *a = in_site(p, "a.html"), *b = in_site(p, "cases/b.html");
    FILE *f = fopen(a, "a"); /* in place: the base shares it */
    g_assert_true(f && fputs("edited", f) >= 0 && fclose(f) == 0);
    g_assert_cmpint(g_unlink(b), ==, 0); /* the base still has it */
    put(p->out, "stray.html", "nobody's");
    g_assert_cmpuint(publish(p, ALL(files)), ==, 1);
    check(p, ALL(files));
}

static void test_left_over(Place *p, gconstpointer unused)
{
    (void)unused;
    File files[] = {{"a.html", "one", {0}}, {"cases/b.html", "two", {0}}};
    g_autofree char *half = g_build_filename(p->dir, ".site.new-1", NULL);
    put(half, "a.html", "on");
    g_assert_cmpuint(publish(p, ALL(files)), ==, 2);
    check(p, ALL(files));
    g_assert_false(g_file_test(half, G_FILE_TEST_EXISTS));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add("/write/output/reuse", Place, NULL, place_set_up, test_reuse, place_tear_down);
    g_test_add("/write/output/prune", Place, NULL, place_set_up, test_prune, place_tear_down);
    g_test_add("/write/output/spoilt-base", Place, NULL, place_set_up, test_spoilt_base,
               place_tear_down);
    g_test_add("/write/output/edited-site", Place, NULL, place_set_up, test_edited_site,
               place_tear_down);
    g_test_add("/write/output/left-over", Place, NULL, place_set_up, test_left_over,
               place_tear_down);
    return g_test_run();
}
