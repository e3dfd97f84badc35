/* markdown - text to tree: pre-pass, cmark once, fold.
 *
 * Must not know: front matter, pages, links' targets, files. */
#include "parse/markdown.h"

#include "parse/blocks.h"
#include "parse/prepass.h"

AjTree *aj_markdown_parse(AjArena *a, const char *text, size_t len,
                          const AjMarkdownOptions *options, AjDiags *diags)
{
    AjPrepass pre;
    aj_tree_use_arena(a);
    if (!aj_prepass_run(a, text, len, options, diags, &pre))
        return NULL;
    AjTree *tree = aj_arena_alloc(a, sizeof *tree);
    tree->arena = a;
    tree->lines = pre.lines;
    tree->line_count = pre.line_count;
    tree->first_line = options->first_line;
    /* The parser is left to the arena: freeing it piece by piece would only cost time. */
    cmark_parser *parser = cmark_parser_new_with_mem(CMARK_OPT_DEFAULT, aj_tree_mem());
    cmark_parser_feed(parser, pre.text, pre.len);
    tree->root = cmark_parser_finish(parser);
    return aj_blocks_fold(tree, &pre, options, diags) ? tree : NULL;
}
