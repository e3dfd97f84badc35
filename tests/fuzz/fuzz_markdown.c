/* Markdown: any bytes become a page or are refused with a reason. No mark of ours is seen, no tag
 * or scheme of the source gets through, every node's line lies on the page. */
#include "parse/extract.h"
#include "parse/markdown.h"
#include "render/html.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AjArena *a = aj_arena_new(1 << 16);
    g_autoptr(AjDiags) diags = aj_diags_new();
    g_autoptr(GString) out = g_string_new(NULL);
    AjMarkdownOptions options = {.path = "x.md", .first_line = 1, .extensions = true};
    AjTree *tree = aj_markdown_parse(a, (const char *)data, size, &options, diags);
    if (!tree) {
        g_assert(aj_diags_count(diags, AJ_ERROR) == 1);
        aj_arena_free(a);
        return 0;
    }
    uint32_t lines = 1;
    for (size_t i = 0; i < size; i++)
        lines += data[i] == '\n' || (data[i] == '\r' && (i + 1 == size || data[i + 1] != '\n'));
    cmark_iter *iter = cmark_iter_new(tree->root);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE)
        g_assert(aj_tree_line(tree, cmark_iter_get_node(iter)) <= lines);
    cmark_iter_free(iter);
    for (uint32_t i = 0; i < aj_diags_total(diags); i++)
        g_assert(aj_diags_at(diags, i)->pos.line <= lines);
    AjHtmlOptions html = {0};
    aj_html_render(tree->root, &html, out);
    AjExtract extract;
    aj_extract(a, tree, &extract);
    g_assert(!strstr(out->str, "\xef\xb7\x90") && !strstr(out->str, "\xef\xb7\x91"));
    g_assert(!strstr(out->str, "<ajx") && !strstr(out->str, "=\"ajx:"));
    g_assert(!strstr(out->str, " onajx=\""));
    aj_arena_free(a);
    return 0;
}
