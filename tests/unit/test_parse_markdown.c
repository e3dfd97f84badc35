/* Limits, line numbers, line ends, and pages of random pieces that must come out whole. */
#include "parse/extract.h"
#include "parse/markdown.h"
#include "render/html.h"

#include <string.h>

static AjArena *arena;

static AjTree *parse(const char *text, size_t len, AjDiags *diags)
{
    AjMarkdownOptions options = {.path = "x.md", .first_line = 1, .extensions = true};
    return aj_markdown_parse(arena, text, len, &options, diags);
}

static char *html_of(const char *text)
{
    g_autoptr(AjDiags) diags = aj_diags_new();
    AjTree *tree = parse(text, strlen(text), diags);
    AjHtmlOptions options = {.raw_html = true};
    GString *out = g_string_new(NULL);
    if (tree)
        aj_html_render(tree->root, &options, out);
    return g_string_free(out, FALSE);
}

/* The page is refused with this code at this line. */
static void refused(const char *text, size_t len, uint32_t line, const char *code)
{
    g_autoptr(AjDiags) diags = aj_diags_new();
    g_assert_null(parse(text, len, diags));
    g_assert_cmpuint(aj_diags_count(diags, AJ_ERROR), ==, 1);
    const AjDiag *said = aj_diags_at(diags, 0);
    g_assert_cmpstr(said->code, ==, code);
    g_assert_cmpstr(said->pos.path, ==, "x.md");
    g_assert_cmpuint(said->pos.line, ==, line);
    g_assert_nonnull(said->hint);
    aj_arena_reset(arena);
}

static void taken(const char *text, size_t len)
{
    g_autoptr(AjDiags) diags = aj_diags_new();
    g_assert_nonnull(parse(text, len, diags));
    g_assert_cmpuint(aj_diags_count(diags, AJ_ERROR), ==, 0);
    aj_arena_reset(arena);
}

static GString *repeat(const char *before, const char *part, size_t count, const char *after)
{
    GString *out = g_string_new(before);
    while (count--)
        g_string_append(out, part);
    g_string_append(out, after);
    return out;
}

static void test_limits(void)
{
    static const struct {
        const char *code, *before, *part, *after;
        size_t most;
        uint32_t line;
    } cases[] = {
        {"limit-line", "a\n", "x", "\n", 1 << 16, 2},
        {"limit-line", "a\n", "x", "", 1 << 16, 2},
        {"limit-file", "", "xxxxxxx\n", "", (1 << 20) / 8, 0},
        {"limit-depth", "a\n\n", "> ", "b\n", 64, 3},
        {"limit-depth", "a\n\n", "- ", "b\n", 64, 3},
        {"limit-depth", "", "::: x\n", "", 64, 65},
        {"limit-images", "a\n", "![x", "\n", 1000, 2},
        {"limit-cells", "| a | b |\n|---|---|\n", "| c | d |\n", "", 9999, 10002},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) good =
            repeat(cases[i].before, cases[i].part, cases[i].most, cases[i].after);
        g_autoptr(GString) bad =
            repeat(cases[i].before, cases[i].part, cases[i].most + 1, cases[i].after);
        taken(good->str, good->len);
        refused(bad->str, bad->len, cases[i].line, cases[i].code);
    }
    for (size_t n = 256; n <= 257; n++) {
        g_autoptr(GString) row = repeat("", "|-", n, "|\n");
        g_autoptr(GString) table = repeat("", row->str, 2, "");
        if (n == 256)
            taken(table->str, table->len);
        else
            refused(table->str, table->len, 1, "limit-columns");
    }
    g_autoptr(GString) apart = repeat("", "![x](y)\n\n", 3000, "");
    taken(apart->str, apart->len);
    g_autoptr(GString) nested = repeat("", "*a **a ", 300, "");
    for (int i = 0; i < 300; i++)
        g_string_append(nested, " a** a*");
    refused(nested->str, nested->len, 1, "limit-depth");
}

static void test_bytes(void)
{
    refused("a\n\n\xff\n", 5, 3, "bad-utf8");
    refused("\xe5\xae", 2, 1, "bad-utf8");
    refused("\xed\xa0\x80", 3, 1, "bad-utf8");
    refused("\xc0\xaf", 2, 1, "bad-utf8");
    refused("a\0b", 3, 1, "bad-character");
    refused("a\r\nb\r\n\x01", 7, 3, "bad-character");
    refused("a\rb\r\xef\xb7\x90", 7, 3, "bad-character");
    taken("\xef\xbf\xbd\xef\xb7\x92", 6); /* U+FFFD and its neighbours are text */
    taken("\xef\xbb\xbf# a\n", 7);
    taken("", 0);
    g_autofree char *table = html_of("\xef\xbb\xbf| a |\n|---|\n");
    g_assert_nonnull(strstr(table, "<th scope=\"col\">a</th>"));
}

/* CRLF and CR give what LF gives. */
static void test_line_ends(void)
{
    static const char text[] = "# a\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n::: x\nb\n:::\n\n"
                               "c\n: d\n\n[^1]\n\n[^1]: e\n\n    f\n";
    g_autofree char *lf = html_of(text);
    static const char *const ends[] = {"\r\n", "\r"};
    g_assert_nonnull(strstr(lf, "<table>"));
    for (int i = 0; i < 2; i++) {
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
        g_autofree char *other = g_strjoinv(ends[i], lines);
        g_autofree char *html = html_of(other);
        g_assert_cmpstr(html, ==, lf);
    }
}

static void test_lines(void)
{
    static const char text[] = "# 一\n\n| a |\n|---|\n| b |\n\n- c\n\n  ::: x\n  d\n  :::\n\n"
                               "e[^1]\n\n[^1]: f\n\n    g\n\n# 二\n";
    g_autoptr(AjDiags) diags = aj_diags_new();
    AjMarkdownOptions options = {.path = "x.md", .first_line = 101, .extensions = true};
    AjTree *tree = aj_markdown_parse(arena, text, strlen(text), &options, diags);
    static const struct {
        AjElementKind kind;
        uint32_t line;
    } expected[] = {{AJ_EL_TABLE, 103}, {AJ_EL_DIV, 109}, {AJ_EL_NOTEREF, 113}, {AJ_EL_NOTE, 115}};
    size_t found = 0;
    cmark_iter *iter = cmark_iter_new(tree->root);
    cmark_event_type event;
    while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        if (event != CMARK_EVENT_ENTER)
            continue;
        if (cmark_node_get_type(node) == CMARK_NODE_HEADING) {
            bool first = !cmark_node_previous(node);
            g_assert_cmpuint(aj_tree_line(tree, node), ==, first ? 101 : 119);
        }
        if (cmark_node_get_type(node) == CMARK_NODE_TEXT &&
            !strcmp(cmark_node_get_literal(node), "g"))
            g_assert_cmpuint(aj_tree_line(tree, node), ==, 117);
        for (size_t i = 0; i < G_N_ELEMENTS(expected); i++)
            if (aj_element_kind(node) == expected[i].kind) {
                g_assert_cmpuint(aj_tree_line(tree, node), ==, expected[i].line);
                found++;
            }
    }
    cmark_iter_free(iter);
    g_assert_cmpuint(found, ==, 4);
}

/* The pre-pass takes the item for one that holds text; cmark finds nothing but a definition in it.
 */
static void test_lost_marks(void)
{
    static const char text[] = "*\r\t[r]:u\n\n\n  <v>\n甲\n: d";
    g_autoptr(AjDiags) diags = aj_diags_new();
    g_assert_nonnull(parse(text, strlen(text), diags));
    g_assert_cmpuint(aj_diags_total(diags), ==, 1);
    g_assert_cmpstr(aj_diags_at(diags, 0)->code, ==, "blocks-unclear");
    g_autofree char *html = html_of(text);
    g_assert_null(strstr(html, "\xef\xb7\x90"));
    g_assert_nonnull(strstr(html, ": d"));
}

/* No mark of ours is ever seen, every node has a line of the page, and nothing breaks. */
static void test_random(void)
{
    static const char *const parts[] = {
        "| a | b |\n", "|---|---|\n", "| 1 | 2\n",  "\n",    "\n\n",    "    ",      "  ",
        "\t",          "> ",          "- ",         "1. ",   "+ ",      "::: x\n",   ":::\n",
        "[^1]: n\n",   "[^1]",        "[^2]:\n",    "甲\n",  ": def\n", ":   def\n", "。",
        "**",          "*",           "_",          "`",     "```\n",   "~~~\n",     "~~",
        "[",           "]",           "](u)",       "{.x}",  "^[",      "![",        "<div>\n",
        "<!--\n",      "-->\n",       "<script>\n", "---\n", "===\n",   "# h\n",     "a\n",
        "http://a.cn", "www.b.c/_d",  "x@y.cn",     "\\",    "\\[",     "\\~~",      "&#91;",
        "\\|",         "[r]: /u\n",   "[r]",        "\r\n",  "\r",      "[!NOTE]\n", "- [x] ",
        "  : d\n",     "😀",           "{#y k='v'}"};
    for (int i = 0; i < 6000; i++) {
        g_autoptr(GString) text = g_string_new(NULL);
        g_autoptr(GString) out = g_string_new(NULL);
        g_autoptr(AjDiags) diags = aj_diags_new();
        for (int n = g_test_rand_int_range(1, 40); n; n--)
            g_string_append(text, parts[g_test_rand_int_range(0, G_N_ELEMENTS(parts))]);
        AjTree *tree = parse(text->str, text->len, diags);
        g_assert_nonnull(tree);
        uint32_t lines = 1;
        for (const char *p = text->str; *p; p++)
            lines += *p == '\n' || (*p == '\r' && p[1] != '\n');
        cmark_iter *iter = cmark_iter_new(tree->root);
        while (cmark_iter_next(iter) != CMARK_EVENT_DONE)
            g_assert_cmpuint(aj_tree_line(tree, cmark_iter_get_node(iter)), <=, lines);
        cmark_iter_free(iter);
        AjHtmlOptions options = {.raw_html = true};
        aj_html_render(tree->root, &options, out);
        AjExtract e;
        aj_extract(arena, tree, &e);
        if (strstr(out->str, "\xef\xb7\x90") || strstr(out->str, "\xef\xb7\x91"))
            g_error("a mark is left:\n%s\n---\n%s", text->str, out->str);
        aj_arena_reset(arena);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    arena = aj_arena_new(1 << 20);
    g_test_add_func("/parse/markdown/limits", test_limits);
    g_test_add_func("/parse/markdown/bytes", test_bytes);
    g_test_add_func("/parse/markdown/line-ends", test_line_ends);
    g_test_add_func("/parse/markdown/lines", test_lines);
    g_test_add_func("/parse/markdown/lost-marks", test_lost_marks);
    g_test_add_func("/parse/markdown/random", test_random);
    int failed = g_test_run();
    aj_arena_free(arena);
    return failed;
}
