/* Reads the examples of tests/spec and of CommonMark's specification and compares what we print.
 *
 * An example stands between fences of 32 backticks: input, a line ".", expected HTML, and, where
 * something is reported, another line "." and "LINE code" for each diagnostic. Expected HTML is
 * left empty where the page is refused. */
#include "parse/markdown.h"
#include "render/html.h"

#include <string.h>

#define FENCE "````````````````````````````````"
#define COMMONMARK "tests/browser/node_modules/commonmark-spec/spec.txt"
#define DIFFERENCES "tests/spec/commonmark-differences.md"

typedef struct {
    unsigned number, line;
    char *input, *html, *diags;
} Example;

static void example_free(Example *e)
{
    g_free(e->input);
    g_free(e->html);
    g_free(e->diags);
    g_free(e);
}

/* The text up to a line that is just "."; moves past it. */
static char *part(const char **p, const char *end)
{
    GString *out = g_string_new(NULL);
    while (*p < end) {
        const char *eol = memchr(*p, '\n', (size_t)(end - *p));
        size_t len = (size_t)(eol + 1 - *p);
        const char *line = *p;
        *p = eol + 1;
        if (len == 2 && *line == '.')
            break;
        for (size_t i = 0; i < len; i++)
            if (!strncmp(line + i, "→", strlen("→"))) {
                g_string_append_c(out, '\t');
                i += strlen("→") - 1;
            } else {
                g_string_append_c(out, line[i]);
            }
    }
    return g_string_free(out, FALSE);
}

static GPtrArray *examples_read(const char *path)
{
    GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)example_free);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL))
        return all;
    unsigned line = 1;
    for (const char *p = text; *p;) {
        const char *eol = strchrnul(p, '\n');
        bool opens = g_str_has_prefix(p, FENCE " example");
        p = *eol ? eol + 1 : eol;
        line++;
        if (!opens)
            continue;
        Example *e = g_new0(Example, 1);
        e->number = all->len + 1;
        e->line = line;
        const char *end = strstr(p, "\n" FENCE);
        g_assert_nonnull(end);
        end++;
        const char *at = p;
        e->input = part(&at, end);
        e->html = part(&at, end);
        e->diags = part(&at, end);
        g_ptr_array_add(all, e);
        for (; p < end; p++)
            line += *p == '\n';
        p = strchrnul(p, '\n');
    }
    return all;
}

static char *render(AjArena *a, const char *input, bool extensions, bool plain, GString *said)
{
    static const char *const titles[] = {"注意", "提示", "重要", "警告", "当心"};
    g_autoptr(AjDiags) diags = aj_diags_new();
    AjMarkdownOptions options = {.path = "x.md", .first_line = 1, .extensions = extensions};
    AjHtmlOptions html = {.raw_html = plain, .plain = plain, .alert_titles = titles};
    GString *out = g_string_new(NULL);
    AjTree *tree = aj_markdown_parse(a, input, strlen(input), &options, diags);
    if (tree)
        aj_html_render(tree->root, &html, out);
    aj_diags_sort(diags);
    for (uint32_t i = 0; said && i < aj_diags_total(diags); i++)
        g_string_append_printf(said, "%u %s\n", aj_diags_at(diags, i)->pos.line,
                               aj_diags_at(diags, i)->code);
    return g_string_free(out, FALSE);
}

static void test_commonmark(gconstpointer data)
{
    bool extensions = GPOINTER_TO_INT(data);
    g_autoptr(GPtrArray) all = examples_read(COMMONMARK);
    g_autofree char *differences = NULL;
    if (!all->len) {
        g_test_skip("SKIP: " COMMONMARK " is not installed (npm ci in tests/browser)");
        return;
    }
    g_assert_cmpuint(all->len, ==, 652);
    g_assert_true(g_file_get_contents(DIFFERENCES, &differences, NULL, NULL));
    AjArena *a = aj_arena_new(1 << 16);
    unsigned wrong = 0;
    for (unsigned i = 0; i < all->len; i++) {
        const Example *e = all->pdata[i];
        g_autofree char *listed = g_strdup_printf("\n- %u:", e->number);
        g_autofree char *only = g_strdup_printf("\n- %u (extensions):", e->number);
        bool may_differ = strstr(differences, listed) || (extensions && strstr(differences, only));
        g_autofree char *html = render(a, e->input, extensions, true, NULL);
        bool equal = !strcmp(html, e->html);
        if (equal == may_differ) {
            wrong++;
            g_test_message("example %u %s\n%s--- expected\n%s--- got\n%s", e->number,
                           equal ? "is listed as different but is not" : "differs", e->input,
                           e->html, html);
        }
        aj_arena_reset(a);
    }
    aj_arena_free(a);
    g_assert_cmpuint(wrong, ==, 0);
}

static void test_file(gconstpointer data)
{
    const char *name = data;
    g_autofree char *path = g_strdup_printf("tests/spec/%s.md", name);
    g_autoptr(GPtrArray) all = examples_read(path);
    g_assert_cmpuint(all->len, >, 0);
    AjArena *a = aj_arena_new(1 << 16);
    unsigned wrong = 0;
    for (unsigned i = 0; i < all->len; i++) {
        const Example *e = all->pdata[i];
        g_autoptr(GString) said = g_string_new(NULL);
        g_autofree char *html = render(a, e->input, true, false, said);
        if (strcmp(html, e->html) || strcmp(said->str, e->diags)) {
            wrong++;
            g_test_message("%s:%u\n%s--- expected\n%s--- got\n%s--- said\n%s", path, e->line,
                           e->input, e->html, html, said->str);
        }
        aj_arena_reset(a);
    }
    aj_arena_free(a);
    g_assert_cmpuint(wrong, ==, 0);
}

int main(int argc, char **argv)
{
    static const char *const names[] = {"alerts", "attributes", "autolinks", "cjk",    "deflists",
                                        "divs",   "footnotes",  "headings",  "limits", "spans",
                                        "strike", "tables",     "tasks",     NULL};
    g_test_init(&argc, &argv, NULL);
    g_test_add_data_func("/parse/spec/commonmark-plain", GINT_TO_POINTER(0), test_commonmark);
    g_test_add_data_func("/parse/spec/commonmark-with-extensions", GINT_TO_POINTER(1),
                         test_commonmark);
    for (size_t i = 0; names[i]; i++) {
        g_autofree char *path = g_strdup_printf("/parse/spec/%s", names[i]);
        g_test_add_data_func(path, names[i], test_file);
    }
    return g_test_run();
}
