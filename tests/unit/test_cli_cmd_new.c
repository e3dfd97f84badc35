/* New pages and sites: whole, readable by the loader, never over something that is there.
 * Must not know: how pages are built. */
#include "base/fs.h"
#include "cli/command.h"
#include "load/frontmatter.h"
#include "load/schema.h"
#include "load/settings.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char *work;

static int run(const char *what, const char *name)
{
    char *argv[] = {(char *)"new", (char *)what, (char *)name, NULL};
    fflush(stdout);
    int out = dup(1), err = dup(2), null = open("/dev/null", O_WRONLY);
    dup2(null, 1);
    dup2(null, 2);
    int code = aj_cmd_new.run(name ? 3 : what ? 2 : 1, argv);
    fflush(stdout);
    dup2(out, 1);
    dup2(err, 2);
    close(out);
    close(err);
    close(null);
    return code;
}

static char *read_file(const char *path)
{
    char *text = NULL;
    size_t len = 0;
    g_autoptr(GError) error = NULL;
    aj_fs_read(path, 1 << 20, &text, &len, &error);
    g_assert_no_error(error);
    return text;
}

/* The page is good as it is, and its fields are those of its kind. Returns its body. */
static char *check_page(const char *path, AjKind kind)
{
    AjArena *a = aj_arena_new(64 * 1024);
    g_autoptr(AjDiags) diags = aj_diags_new();
    g_autofree char *text = read_file(path);
    AjFrontmatter fm;
    AjValue *meta = NULL;
    bool good = aj_frontmatter_parse(a, text, strlen(text), path, &fm, diags) &&
                aj_schema_apply(a, kind, NULL, fm.map, true, path, &meta, diags);
    g_autoptr(GString) said = g_string_new(NULL);
    aj_diags_print_text(diags, false, said);
    g_test_message("%s", said->str);
    g_assert_true(good);
    g_assert_true(fm.present);
    g_assert_cmpuint(aj_diags_total(diags), ==, 0);
    uint32_t count = 0;
    const AjField *fields = aj_schema_fields(kind, &count);
    for (uint32_t i = 0; i < count && strcmp(fields[i].key, "title") != 0; i++)
        g_assert_nonnull(strstr(text, fields[i].zh));
    g_assert_nonnull(aj_value_get(meta, "title"));
    char *body = g_strdup(text + fm.body);
    g_assert_cmpuint(strlen(body), >, 10);
    aj_arena_free(a);
    return body;
}

static void test_each_kind(void)
{
    for (unsigned kind = 0; kind < AJ_KINDS; kind++) {
        g_assert_cmpint(run(aj_kind_name((AjKind)kind), "tank"), ==, AJ_EXIT_GOOD);
        g_autofree char *path = g_strdup_printf("%s/tank.md", aj_kind_folder((AjKind)kind));
        g_autofree char *body = check_page(path, (AjKind)kind);
        if (kind == AJ_KIND_QUIZ) {
            g_assert_nonnull(strstr(body, "编号：tank-001"));
            g_assert_nonnull(strstr(body, "【填空】"));
            g_assert_null(strchr(body, '$'));
        }
    }
}

static void test_chinese_name(void)
{
    g_assert_cmpint(run("案例", "储罐清理.md"), ==, AJ_EXIT_GOOD);
    g_free(check_page("cases/储罐清理.md", AJ_KIND_CASE));
    g_assert_cmpint(run("quiz", "储罐"), ==, AJ_EXIT_GOOD);
    g_autofree char *quiz = check_page("quizzes/储罐.md", AJ_KIND_QUIZ);
    g_assert_nonnull(strstr(quiz, "编号：chu-guan-001"));
}

static void test_odd_titles(void)
{
    static const char *const names[] = {"null", "true", "2026", "007", "1e5", "v1.2"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_assert_cmpint(run("lesson", names[i]), ==, AJ_EXIT_GOOD);
        g_autofree char *path = g_strdup_printf("lessons/%s.md", names[i]);
        g_free(check_page(path, AJ_KIND_LESSON));
    }
}

static void test_never_over(void)
{
    g_assert_cmpint(run("case", "once"), ==, AJ_EXIT_GOOD);
    g_assert_true(g_file_set_contents("cases/once.md", "mine", -1, NULL));
    g_assert_cmpint(run("case", "once"), ==, AJ_EXIT_WORLD);
    g_autofree char *text = read_file("cases/once.md");
    g_assert_cmpstr(text, ==, "mine");
    g_assert_cmpint(symlink("nowhere", "cases/dangling.md"), ==, 0);
    g_assert_cmpint(run("case", "dangling"), ==, AJ_EXIT_WORLD);
    g_assert_false(g_file_test("cases/nowhere", G_FILE_TEST_EXISTS));
    g_assert_cmpint(run("site", "cases"), ==, AJ_EXIT_WORLD);
}

static void test_names_refused(void)
{
    static const char *const names[] = {"",     "..",  "../x", "a/b",   "/etc/x", ".hidden",
                                        "-x",   "a b", "a:b",  "index", "README", "a\\b",
                                        "x..y", "a\n", "\xFF", "a.",    "“甲”"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        g_assert_cmpint(run("case", names[i]), ==, AJ_EXIT_USAGE);
    g_assert_cmpint(run("nothing", "x"), ==, AJ_EXIT_USAGE);
    g_assert_cmpint(run("case", NULL), ==, AJ_EXIT_USAGE);
    g_assert_cmpint(run(NULL, NULL), ==, AJ_EXIT_USAGE);
    g_assert_cmpint(run("--nonsense", "x"), ==, AJ_EXIT_USAGE);
}

static void test_site(void)
{
    g_assert_cmpint(run("site", "课堂"), ==, AJ_EXIT_GOOD);
    AjArena *a = aj_arena_new(64 * 1024);
    g_autoptr(AjDiags) diags = aj_diags_new();
    g_autofree char *text = read_file("课堂/site.yaml");
    AjConfig *c = aj_settings_parse(a, text, strlen(text), "site.yaml", "/x/y", diags);
    g_assert_nonnull(c);
    g_assert_cmpuint(aj_diags_total(diags), ==, 0);
    g_assert_cmpstr(c->title, ==, "课堂");
    aj_arena_free(a);
    for (unsigned kind = 0; kind < AJ_KINDS; kind++) {
        g_autofree char *path = g_strdup_printf("课堂/%s/sample.md", aj_kind_folder((AjKind)kind));
        g_autofree char *body = check_page(path, (AjKind)kind);
    }
    g_autofree char *course = read_file("课堂/courses/sample.md");
    g_assert_nonnull(strstr(course, "  - cases/sample.md\n  - models/sample.md\n"));
    g_assert_nonnull(strstr(course, "考试: quizzes/sample.md"));
    g_assert_cmpint(run("site", "课堂"), ==, AJ_EXIT_WORLD);
}

/* The commented lines of site.yaml are right as soon as the # goes. */
static void test_site_comments(void)
{
    g_assert_cmpint(run("site", "all"), ==, AJ_EXIT_GOOD);
    g_autofree char *text = read_file("all/site.yaml");
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GString) open = g_string_new(NULL);
    for (size_t i = 1; lines[i]; i++)
        g_string_append_printf(open, "%s\n",
                               g_str_has_prefix(lines[i], "# ") ? lines[i] + 2 : lines[i]);
    AjArena *a = aj_arena_new(64 * 1024);
    g_autoptr(AjDiags) diags = aj_diags_new();
    g_assert_nonnull(aj_settings_parse(a, open->str, open->len, "site.yaml", "/x", diags));
    g_assert_cmpuint(aj_diags_total(diags), ==, 0);
    aj_arena_free(a);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    work = g_dir_make_tmp("aj-new-XXXXXX", NULL);
    g_assert_nonnull(work);
    g_assert_cmpint(chdir(work), ==, 0);
    g_test_add_func("/cli/cmd_new/each-kind", test_each_kind);
    g_test_add_func("/cli/cmd_new/chinese-name", test_chinese_name);
    g_test_add_func("/cli/cmd_new/odd-titles", test_odd_titles);
    g_test_add_func("/cli/cmd_new/never-over", test_never_over);
    g_test_add_func("/cli/cmd_new/names-refused", test_names_refused);
    g_test_add_func("/cli/cmd_new/site", test_site);
    g_test_add_func("/cli/cmd_new/site-comments", test_site_comments);
    int status = g_test_run();
    g_assert_cmpint(chdir("/"), ==, 0);
    g_assert_true(aj_fs_remove_tree(work, NULL));
    g_free(work);
    return status;
}
