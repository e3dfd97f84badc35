/* cmark's nodes as cmark prints them; callbacks; nodes as a filter may make them. */
#include "render/html.h"
#include "parse/markdown.h"

#include <stdlib.h>
#include <string.h>

static AjArena *arena;

static cmark_node *parse(const char *text)
{
    g_autoptr(AjDiags) diags = aj_diags_new();
    AjMarkdownOptions options = {.path = "x.md", .first_line = 1};
    return aj_markdown_parse(arena, text, strlen(text), &options, diags)->root;
}

static char *draw(cmark_node *root, AjHtmlOptions options)
{
    GString *out = g_string_new(NULL);
    aj_html_render(root, &options, out);
    return g_string_free(out, FALSE);
}

static void test_as_cmark(void)
{
    static const char *const texts[] = {
        "",
        "a *b* **c** `d` <e> \"f\" & g\\\nh\ni",
        "- a\n- b\n\n3) c\n\n   d\n4) e\n",
        "> # a\n> b\n\n***\n\n```c d\n<x>\n```\n\n    y\n",
        "[a](<b c> \"t\\\"\") ![d *e* `f`](g 'h') <http://i?j&k'l>",
        "<div>\n*x*\n</div>\n\n<!-- a -->",
        "- a\n\n  b\n- - c\n  - d\n",
        "1. a\n\n\n2. b",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        for (int raw = 0; raw < 2; raw++) {
            cmark_node *root = parse(texts[i]);
            char *theirs = cmark_render_html(root, raw ? CMARK_OPT_UNSAFE : CMARK_OPT_DEFAULT);
            g_autofree char *ours = draw(root, (AjHtmlOptions){.plain = true, .raw_html = raw});
            g_assert_cmpstr(ours, ==, theirs);
        }
}

static void address(const char *url, bool image, cmark_node *node, GString *out, void *data)
{
    int *calls = data;
    g_assert_nonnull(node);
    g_string_append_printf(out, "\x01L%d\x01", (*calls)++);
    g_assert_cmpint(image, ==, g_str_has_suffix(url, ".png"));
}

static void question(uint32_t number, GString *out, void *data)
{
    (void)data;
    g_string_append_printf(out, "\x01Q%u\x01", number);
}

static void test_callbacks(void)
{
    int calls = 0;
    cmark_node *root = parse("[a](b.md) ![c](d.png) [e](javascript:x) [f]()");
    cmark_node *place = aj_tree_element(arena, AJ_EL_QUESTION);
    aj_element_of(place)->number = 3;
    cmark_node_append_child(root, place);
    g_autofree char *html =
        draw(root, (AjHtmlOptions){.address = address, .question = question, .data = &calls});
    g_assert_cmpstr(html, ==,
                    "<p><a href=\"\x01L0\x01\">a</a> <img src=\"\x01L1\x01\" alt=\"c\" "
                    "loading=\"lazy\" /> <a href=\"\">e</a> <a href=\"\">f</a></p>\n\x01Q3\x01");
    g_autofree char *none = draw(root, (AjHtmlOptions){0});
    g_assert_null(strchr(none, 1));
}

static cmark_node *with_text(AjElementKind kind, const char *text)
{
    cmark_node *node = aj_tree_element(arena, kind);
    if (text)
        cmark_node_append_child(node, aj_tree_text(text, strlen(text)));
    return node;
}

/* What a filter hands back need not be as tidy as what the parser makes. */
static void test_loose_elements(void)
{
    cmark_node *root = aj_tree_node(CMARK_NODE_DOCUMENT);
    cmark_node *table = aj_tree_element(arena, AJ_EL_TABLE), *row = with_text(AJ_EL_ROW, NULL);
    cmark_node *cell = aj_tree_element(arena, AJ_EL_CELL);
    cmark_node_append_child(cell, with_text(AJ_EL_PLAINTEXT, "甲"));
    cmark_node_append_child(row, cell);
    cmark_node_append_child(row, with_text(AJ_EL_CELL, "乙"));
    cmark_node_append_child(table, row); /* no head, more cells than columns, no aligns */
    cmark_node_append_child(root, table);
    cmark_node_append_child(root, aj_tree_element(arena, AJ_EL_TABLE));
    cmark_node *div = aj_tree_element(arena, AJ_EL_DIV);
    AjAttr *attr = &aj_element_of(div)->attr;
    attr->id = "a\"b";
    aj_attr_add_class(arena, attr, "<c>");
    aj_attr_set(arena, attr, "onclick", "x");
    aj_attr_set(arena, attr, "a b", "x");
    aj_attr_set(arena, attr, "href", "javascript:x");
    aj_attr_set(arena, attr, "title", "'\"<");
    cmark_node_append_child(root, div);
    cmark_node_append_child(div, with_text(AJ_EL_PLAINTEXT, "x"));
    cmark_node_append_child(div, with_text(AJ_EL_PLAINTEXT, "y"));
    cmark_node_append_child(div, with_text(AJ_EL_FOREIGN, "z"));
    g_autofree char *html = draw(root, (AjHtmlOptions){0});
    g_assert_cmpstr(html, ==,
                    "<div class=\"table\">\n<table>\n<tbody>\n<tr>\n<td>甲</td>\n<td>乙</td>\n"
                    "</tr>\n</tbody>\n</table>\n</div>\n"
                    "<div class=\"table\">\n<table>\n</table>\n</div>\n"
                    "<div id=\"a&quot;b\" class=\"&lt;c&gt;\" data-onclick=\"x\" "
                    "data-href=\"javascript:x\" title=\"&#39;&quot;&lt;\">\nx\ny\nz\n</div>\n");
}

static void test_children(void)
{
    cmark_node *root = parse("- *a* b\n- c\n");
    cmark_node *item = cmark_node_first_child(cmark_node_first_child(root));
    AjHtmlOptions options = {0};
    g_autoptr(GString) out = g_string_new("kept");
    aj_html_render_children(item, &options, out);
    g_assert_cmpstr(out->str, ==, "kept<em>a</em> b");
    g_string_truncate(out, 0);
    aj_html_render_children(cmark_node_first_child(item), &options, out);
    g_assert_cmpstr(out->str, ==, "<em>a</em> b");
}

/* A filter may nest as deep as it likes; nothing is drawn below some depth, and nothing breaks. */
static void test_deep(void)
{
    cmark_node *root = aj_tree_node(CMARK_NODE_DOCUMENT), *at = root;
    for (int i = 0; i < 5000; i++) {
        cmark_node *div = aj_tree_element(arena, AJ_EL_DIV);
        cmark_node_append_child(div, aj_tree_node(CMARK_NODE_THEMATIC_BREAK));
        cmark_node_prepend_child(at, div);
        at = div;
    }
    g_autofree char *html = draw(root, (AjHtmlOptions){0});
    g_assert_true(g_str_has_prefix(html, "<div>\n<div>\n"));
}

static void test_words(void)
{
    g_autoptr(AjDiags) diags = aj_diags_new();
    AjMarkdownOptions options = {.path = "x.md", .first_line = 1, .extensions = true};
    static const char text[] = "> [!TIP]\n> a[^1]\n\n[^1]: b\n";
    cmark_node *root = aj_markdown_parse(arena, text, strlen(text), &options, diags)->root;
    static const char *const titles[] = {"1", "<2>", "3", "4", "5"};
    g_autofree char *html = draw(
        root, (AjHtmlOptions){.alert_titles = titles, .notes_title = "注", .back_title = "回"});
    g_assert_nonnull(strstr(html, "<p class=\"alert-title\">&lt;2&gt;</p>"));
    g_assert_nonnull(strstr(html, "aria-label=\"注\""));
    g_assert_nonnull(strstr(html, "aria-label=\"回 1\""));
    g_autofree char *plain = draw(root, (AjHtmlOptions){0});
    g_assert_null(strstr(plain, "alert-title"));
    g_assert_null(strstr(plain, "aria-label"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    arena = aj_arena_new(1 << 16);
    aj_tree_use_arena(arena);
    g_test_add_func("/render/html/as-cmark", test_as_cmark);
    g_test_add_func("/render/html/callbacks", test_callbacks);
    g_test_add_func("/render/html/loose-elements", test_loose_elements);
    g_test_add_func("/render/html/children", test_children);
    g_test_add_func("/render/html/deep", test_deep);
    g_test_add_func("/render/html/words", test_words);
    int failed = g_test_run();
    aj_arena_free(arena);
    return failed;
}
