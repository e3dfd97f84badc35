/* What lies in a site's folder, on real folders.
 * Must not know: what a page says. */
#include "load/scan.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    char *root, *outside;
    AjDiags *diags;
} Site;

static void put(const char *root, const char *path)
{
    g_autofree char *full = g_build_filename(root, path, NULL);
    g_autofree char *folder = g_path_get_dirname(full);
    g_assert_cmpint(g_mkdir_with_parents(folder, 0755), ==, 0);
    g_assert_true(g_file_set_contents(full, "x", 1, NULL));
    g_assert_cmpint(chmod(full, 0644), ==, 0);
}

static void link_to(const Site *s, const char *path, const char *target)
{
    g_autofree char *full = g_build_filename(s->root, path, NULL);
    g_assert_cmpint(symlink(target, full), ==, 0);
}

static void set_up(Site *s, gconstpointer data)
{
    (void)data;
    s->root = g_dir_make_tmp("aj-scan-XXXXXX", NULL);
    s->outside = g_dir_make_tmp("aj-scan-XXXXXX", NULL);
    s->diags = aj_diags_new();
    g_assert_nonnull(s->root);
    g_assert_nonnull(s->outside);
}

static void tear_down(Site *s, gconstpointer data)
{
    (void)data;
    g_assert_true(aj_fs_remove_tree(s->root, NULL));
    g_assert_true(aj_fs_remove_tree(s->outside, NULL));
    g_free(s->root);
    g_free(s->outside);
    aj_diags_free(s->diags);
}

/* Scans and compares with names between blanks. */
static void check_scan(Site *s, const char *const *skip, const char *pages, const char *assets)
{
    GError *error = NULL;
    g_autoptr(AjScan) scan = aj_scan(s->root, skip, s->diags, &error);
    g_assert_no_error(error);
    g_autoptr(GString) p = g_string_new(NULL), a = g_string_new(NULL);
    for (uint32_t i = 0; i < scan->page_count; i++)
        g_string_append_printf(p, "%s%s", i ? " " : "", scan->pages[i]->path);
    for (uint32_t i = 0; i < scan->asset_count; i++)
        g_string_append_printf(a, "%s%s", i ? " " : "", scan->assets[i]->path);
    g_assert_cmpstr(p->str, ==, pages);
    g_assert_cmpstr(a->str, ==, assets);
}

static void check_diag(const Site *s, const char *path, const char *code)
{
    for (uint32_t i = 0; i < aj_diags_total(s->diags); i++)
        if (g_strcmp0(aj_diags_at(s->diags, i)->pos.path, path) == 0) {
            g_assert_cmpstr(aj_diags_at(s->diags, i)->code, ==, code);
            return;
        }
    g_error("nothing said about %s", path);
}

static void test_empty(Site *s, gconstpointer data)
{
    (void)data;
    check_scan(s, NULL, "", "");
    g_assert_cmpuint(aj_diags_total(s->diags), ==, 0);
}

static void test_kinds(Site *s, gconstpointer data)
{
    (void)data;
    static const char *const files[] = {
        "b.md", "a.MD",  "cases/c.markdown", "cases/深/层/储罐.md", "md",
        ".md",  "a.txt", "cases/p.png",      "cases/.hidden"};
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
        put(s->root, files[i]);
    check_scan(s, NULL, "a.MD b.md cases/c.markdown cases/深/层/储罐.md", "a.txt cases/p.png md");
}

static void test_left_out(Site *s, gconstpointer data)
{
    (void)data;
    static const char *const files[] = {"site.yaml",
                                        "roster.csv",
                                        "themes/x/t.html",
                                        "lua-filters/q/q.lua",
                                        "lua-filters/q/sample.md",
                                        "node_modules/a/README.md",
                                        "x/node_modules/a.md",
                                        ".git/config",
                                        "a.md~",
                                        "Thumbs.db",
                                        "desktop.ini",
                                        "site.key",
                                        "x/site.yaml",
                                        "x/roster.csv",
                                        "x/themes/a.md",
                                        "out/a.md",
                                        "dist/site/a.html",
                                        "ok.md"};
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
        put(s->root, files[i]);
    g_autofree char *out = g_build_filename(s->root, "out", NULL);
    g_autofree char *site = g_build_filename(s->root, "dist/site/", NULL);
    const char *const skip[] = {out, site, "/elsewhere", s->root, NULL};
    check_scan(s, skip, "ok.md x/themes/a.md", "x/roster.csv x/site.yaml");
    g_assert_cmpuint(aj_diags_total(s->diags), ==, 0);
}

static void test_readme(Site *s, gconstpointer data)
{
    (void)data;
    static const char *const files[] = {"README.md",        "index.md",          "a/README.md",
                                        "a/b.md",           "c/readme.markdown", "c/Index.md",
                                        "d/readme-first.md"};
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++)
        put(s->root, files[i]);
    check_scan(s, NULL, "a/README.md a/b.md c/Index.md d/readme-first.md index.md", "");
}

static void test_links(Site *s, gconstpointer data)
{
    (void)data;
    put(s->root, "a.md");
    put(s->root, "cases/p.png");
    put(s->root, ".git/config");
    put(s->root, "out/o.html");
    put(s->outside, "secret.md");
    g_autofree char *secret = g_build_filename(s->outside, "secret.md", NULL);
    g_autofree char *out = g_build_filename(s->root, "out", NULL);
    const char *const skip[] = {out, NULL};
    link_to(s, "in.md", "a.md");
    link_to(s, "cases/in.png", "../cases/p.png");
    link_to(s, "etc.md", "/etc/passwd");
    link_to(s, "out.md", secret);
    link_to(s, "git.md", ".git/config");
    link_to(s, "gone.md", "nothing.md");
    link_to(s, "loop.md", "loop.md");
    link_to(s, "folder", "cases");
    link_to(s, "null.md", "/dev/null");
    link_to(s, "made.html", "out/o.html");
    check_scan(s, skip, "a.md in.md", "cases/in.png cases/p.png");
    check_diag(s, "etc.md", "link-escapes");
    check_diag(s, "out.md", "link-escapes");
    check_diag(s, "git.md", "link-escapes");
    check_diag(s, "null.md", "link-escapes");
    check_diag(s, "made.html", "link-escapes");
    check_diag(s, "gone.md", "link-broken");
    check_diag(s, "loop.md", "link-broken");
    check_diag(s, "folder", "link-folder");
    g_assert_cmpuint(aj_diags_total(s->diags), ==, 8);
}

/* A link's entry tells of its target, so that a changed target is seen. */
static void test_link_times(Site *s, gconstpointer data)
{
    (void)data;
    put(s->root, "a.md");
    link_to(s, "b.md", "a.md");
    GError *error = NULL;
    g_autoptr(AjScan) scan = aj_scan(s->root, NULL, s->diags, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(scan->page_count, ==, 2);
    g_assert_cmpuint(scan->pages[0]->inode, ==, scan->pages[1]->inode);
    g_assert_cmpuint(scan->pages[1]->size, ==, 1);
    g_assert_cmpint(scan->pages[0]->mtime_ns, ==, scan->pages[1]->mtime_ns);
}

static void test_names(Site *s, gconstpointer data)
{
    (void)data;
    put(s->root, "a\xFF.md");
    put(s->root, "b\n.md");
    put(s->root, "d\xC4\xE3/c.md");
    put(s->root, "好 的.md");
    check_scan(s, NULL, "好 的.md", "");
    g_assert_cmpuint(aj_diags_total(s->diags), ==, 3);
    for (uint32_t i = 0; i < 3; i++) {
        g_assert_cmpstr(aj_diags_at(s->diags, i)->code, ==, "file-name");
        g_assert_true(g_utf8_validate(aj_diags_at(s->diags, i)->pos.path, -1, NULL));
    }
}

static void test_devices(Site *s, gconstpointer data)
{
    (void)data;
    g_autofree char *pipe = g_build_filename(s->root, "pipe.md", NULL);
    g_assert_cmpint(mkfifo(pipe, 0644), ==, 0);
    link_to(s, "to-pipe.md", "pipe.md");
    check_scan(s, NULL, "", "");
}

static void test_unreadable(Site *s, gconstpointer data)
{
    (void)data;
    put(s->root, "a.md");
    g_autofree char *full = g_build_filename(s->root, "a.md", NULL);
    g_assert_cmpint(chmod(full, 0), ==, 0);
    if (access(full, R_OK) == 0) { /* root may read all */
        check_scan(s, NULL, "a.md", "");
        return;
    }
    check_scan(s, NULL, "", "");
    check_diag(s, "a.md", "unreadable");
}

static void test_absent(Site *s, gconstpointer data)
{
    (void)data;
    g_autofree char *gone = g_build_filename(s->root, "gone", NULL);
    GError *error = NULL;
    g_assert_null(aj_scan(gone, NULL, s->diags, &error));
    g_assert_nonnull(error);
    g_error_free(error);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(Site *, gconstpointer);
    } tests[] = {{"empty", test_empty},           {"kinds", test_kinds},
                 {"left-out", test_left_out},     {"readme", test_readme},
                 {"links", test_links},           {"link-times", test_link_times},
                 {"names", test_names},           {"devices", test_devices},
                 {"unreadable", test_unreadable}, {"absent", test_absent}};
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(tests); i++) {
        g_autofree char *name = g_strconcat("/load/scan/", tests[i].name, NULL);
        g_test_add(name, Site, NULL, set_up, tests[i].run, tear_down);
    }
    return g_test_run();
}
