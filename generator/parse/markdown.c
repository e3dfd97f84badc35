/* markdown - text to tree: pre-pass, cmark once, fold.
 *
 * Must not know: front matter, pages, links' targets, files. */
#include "parse/markdown.h"

AjTree *aj_markdown_parse(AjArena *a, const char *text, size_t len,
                          const AjMarkdownOptions *options, AjDiags *diags)
{
    (void)diags;
    aj_tree_use_arena(a);
    AjTree *tree = aj_arena_alloc(a, sizeof *tree);
    tree->arena = a;
    tree->first_line = options->first_line;
    cmark_parser *parser = cmark_parser_new_with_mem(CMARK_OPT_DEFAULT, aj_tree_mem());
    cmark_parser_feed(parser, text, len);
    tree->root = cmark_parser_finish(parser);
    return tree;
}
