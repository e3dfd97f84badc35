/* A hostile page sixteen times as long takes about sixteen times as long, or is refused with its
 * line.
 *
 * A quadratic shape takes 256 times as long; a page that no longer fits a small cache has been seen
 * to make 34 of 16, so the limit stands between, at 90.
 *
 * Parse, extract and render together, in CPU time, best of some runs; near the file limit, and
 * repeated until it takes long enough that another process's visit does not show. */
#include "parse/extract.h"
#include "parse/markdown.h"
#include "render/html.h"

#include <string.h>
#include <time.h>

#ifdef __SANITIZE_ADDRESS__ /* times mean nothing there; the pages are still worth reading */
enum { SMALL = 1250, RUNS = 1, TIMED = 0 };
#else
enum { SMALL = 31250, RUNS = 12, TIMED = 1 };
#endif

static AjArena *arena; /* one, kept warm: fresh pages of memory would blur the times */

static double cpu_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* One page from a part that is repeated, with what stands before and after. A line end each so many
 * repeats keeps below the limit of a line. */
typedef struct {
    const char *name, *before, *part, *after;
    size_t line; /* bytes between line ends; 0: none of ours */
} Shape;

static char *page(const Shape *s, size_t size)
{
    GString *out = g_string_sized_new(size + 64);
    g_string_append(out, s->before);
    size_t n = 0, len = strlen(s->part);
    while (out->len + len < size) {
        g_string_append(out, s->part);
        n += len;
        if (s->line && n >= s->line) {
            g_string_append_c(out, '\n');
            n = 0;
        }
    }
    g_string_append(out, s->after);
    return g_string_free(out, FALSE);
}

/* Milliseconds; -1 when the page is refused. */
static double run_once(const char *text)
{
    AjArena *a = arena;
    g_autoptr(AjDiags) diags = aj_diags_new();
    AjMarkdownOptions options = {.path = "x.md", .first_line = 1, .extensions = true};
    AjHtmlOptions html = {0};
    GString *out = g_string_new(NULL);
    double from = cpu_ms();
    AjTree *tree = aj_markdown_parse(a, text, strlen(text), &options, diags);
    if (tree) {
        AjExtract extract;
        aj_extract(a, tree, &extract);
        aj_html_render(tree->root, &html, out);
    } else {
        g_assert_cmpuint(aj_diags_count(diags, AJ_ERROR), >, 0);
    }
    double took = tree ? cpu_ms() - from : -1;
    g_string_free(out, TRUE);
    aj_arena_reset(a);
    return took;
}

static double run(const char *text, unsigned times)
{
    double sum = 0;
    for (unsigned i = 0; i < times; i++) {
        double took = run_once(text);
        if (took < 0)
            return -1;
        sum += took;
    }
    return sum;
}

/* How often the page has to be read until the clock has something to say: 5 ms. */
static unsigned times_needed(const char *text)
{
    double took = TIMED ? run_once(text) : 5;
    return took <= 0 ? 1 : (unsigned)CLAMP(5 / took + 1, 1, 100);
}

static void test_shape(gconstpointer data)
{
    const Shape *s = data;
    g_autofree char *one = page(s, SMALL), *two = page(s, 16 * SMALL);
    double small = 1e9, large = 1e9;
    unsigned times = times_needed(one);
    for (int i = 0; i < RUNS; i++) {
        double x = run(one, times), y = run(two, times);
        if (y < 0) {
            g_test_message("refused");
            return;
        }
        small = MIN(small, x);
        large = MIN(large, y);
        if (large <= (i ? 90 : 30) * small)
            break;
    }
    g_test_message("%u times: %.1f ms, %.1f ms, ratio %.2f", times, small, large, large / small);
    if (TIMED && large > 90 * small)
        g_test_fail_printf("time grows faster than the page: %.2f", large / small);
}

static const Shape shapes[] = {
    {"text", "", "安全生产 ", "", 80},
    {"brackets-open", "", "[", "", 60000},
    {"brackets-nested", "", "[a](", "", 60000},
    {"brackets-pairs", "", "[a]", "", 60000},
    {"references", "[a]: /u\n\n", "[a] ", "", 80},
    {"reference-definitions", "", "[a]: u\n", "", 0},
    {"images", "", "![[]()", "", 60000},
    {"images-apart", "", "![a](b)\n\n", "", 0},
    {"emphasis-open", "", "*a ", "", 60000},
    {"emphasis-mixed", "", "*a **b ", "", 60000},
    {"emphasis-underscore", "", "a_b__", "", 60000},
    {"emphasis-deep", "", "*a **a ", "", 0},
    {"code-runs", "", "`a``b```", "", 60000},
    {"code-unclosed", "", "``` a\n\n", "", 0},
    {"fences", "", "~~~\na\n~~~\n", "", 0},
    {"entities", "", "&amp;&#91;&x", "", 60000},
    {"escapes", "", "\\[\\~\\*", "", 60000},
    {"html-open", "", "<a <", "", 60000},
    {"html-comment", "", "<!-- a ", "", 60000},
    {"html-cdata", "", "a<![CDATA[", "", 60000},
    {"html-blocks", "", "<x a='\n\n", "", 0},
    {"autolinks", "", "<http:a ", "", 60000},
    {"quotes", "", "> a\n", "", 0},
    {"quotes-lazy", "> a\n", "a\n", "", 0},
    {"quotes-deep", "", "> > > > > > > > > > a\n\n", "", 0},
    {"quotes-too-deep", "", ">", "", 1000},
    {"lists", "", "- a\n", "", 0},
    {"lists-deep", "- - - - - - - - - - a\n", "\n", "a", 0},
    {"lists-deeper", "", "  - a\n - b\n", "", 0},
    {"lists-blank", "", "- a\n\n", "", 0},
    {"headings", "", "# 同一个\n", "", 0},
    {"headings-ids", "", "# a {#a-1}\n# a\n", "", 0},
    {"setext", "", "a\n=\n", "", 0},
    {"blank-lines", "", "\n", "", 0},
    {"tables-small", "", "| a |\n|---|\n\n", "", 0},
    {"tables-headers", "", "| a | b | c |\n", "", 0},
    {"tables-delimiters", "", "|---|---|\n", "", 0},
    {"table-rows", "| a | b |\n|---|---|\n", "|\n", "", 0},
    {"table-wide", "", "|a", "\n|-|\n", 60000},
    {"table-pipes", "|a|\n|-|\n", "\\|", "", 60000},
    {"notes", "", "[^1] ", "\n\n[^1]: a\n", 80},
    {"notes-missing", "", "[^a", "", 60000},
    {"notes-defined", "", "[^1]: a\n", "", 0},
    {"notes-many", "", "^[a]", "", 80},
    {"notes-open", "", "^[a ", "", 60000},
    {"notes-nested", "", "[^1]: [^1]: ", "", 0},
    {"spans-open", "", "[a]{.b ", "", 60000},
    {"spans", "", "[a]{.b}", "", 80},
    {"spans-nested", "", "[", "a]{.b}", 60000},
    {"braces", "", "`a`{", "", 60000},
    {"braces-quotes", "", "`a`{k=\"", "", 60000},
    {"tildes", "", "~~a ", "", 60000},
    {"tildes-spans", "", "~~[a]{", "", 60000},
    {"tildes-runs", "", "~~~~a~~", "", 60000},
    {"urls", "", "http://a.b/c ", "", 80},
    {"urls-parens", "http://a.b/", "(", "", 60000},
    {"urls-closing", "http://a.b/", ")", "", 60000},
    {"urls-www", "", "www._", "", 60000},
    {"urls-colons", "", "://", "", 60000},
    {"mails", "", "a@", "", 60000},
    {"mails-dots", "", "a.", "@", 60000},
    {"divs", "", "::: a\n:::\n", "", 0},
    {"divs-open", "", "::: a\n", "", 0},
    {"divs-in-quotes", "", "> ::: a\n\n", "", 0},
    {"definitions", "", "a\n: b\n\n", "", 0},
    {"definitions-deep", "a\n", ": ", "", 0},
    {"alerts", "", "> [!NOTE]\n> a\n\n", "", 0},
    {"tasks", "", "- [ ] a\n", "", 0},
    {"stars", "", "**甲。**乙", "", 60000},
    {"breaks", "", "甲\n", "", 0},
    {"indents", "", "        a\n", "", 0},
    {"tabs", "", "\t", "a", 60000},
    {"markers", "", "1. 2) - + * ", "", 40},
    {"cr", "", "| a\r", "", 0},
};

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    arena = aj_arena_new(192 << 20);
    for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
        g_autofree char *path = g_strdup_printf("/parse/linear/%s", shapes[i].name);
        g_test_add_data_func(path, &shapes[i], test_shape);
    }
    int failed = g_test_run();
    aj_arena_free(arena);
    return failed;
}
