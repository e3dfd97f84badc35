/* markdown - text to tree: pre-pass, cmark once, fold.
 *
 * Must not know: front matter, pages, links' targets, files. */
#include "parse/markdown.h"

#include "parse/blocks.h"
#include "parse/prepass.h"

static AjTree *tree_make(AjArena *a, const AjPrepass *pre, const AjMarkdownOptions *options)
{
    AjTree *tree = aj_arena_alloc(a, sizeof *tree);
    tree->arena = a;
    tree->lines = pre->lines;
    tree->line_count = pre->line_count;
    tree->first_line = options->first_line;
    /* The parser is left to the arena: freeing it piece by piece would only cost time. */
    cmark_parser *parser = cmark_parser_new_with_mem(CMARK_OPT_DEFAULT, aj_tree_mem());
    cmark_parser_feed(parser, pre->text, pre->len);
    tree->root = cmark_parser_finish(parser);
    return tree;
}

AjTree *aj_markdown_parse(AjArena *a, const char *text, size_t len,
                          const AjMarkdownOptions *options, AjDiags *diags)
{
    AjPrepass pre;
    aj_tree_use_arena(a);
    if (!aj_prepass_run(a, text, len, options, diags, &pre))
        return NULL;
    AjTree *tree = tree_make(a, &pre, options);
    AjFold fold = aj_blocks_fold(tree, &pre, options, diags);
    if (fold == AJ_FOLD_LOST) {
        /* The pre-pass cannot tell that an item holds nothing but link definitions, and the like.
         */
        aj_diag(
            diags, AJ_WARNING, (AjPos){options->path, 0, 0}, "blocks-unclear",
            AJ_TR("在表格、脚注和“:::”块前后各空一行",
                  "put blank lines around tables, footnotes and \":::\" blocks"),
            "%s",
            AJ_TR("这一页的表格、脚注和“:::”块读不清，按原文显示",
                  "tables, footnotes and \":::\" blocks of this page are unclear and stay text"));
        aj_prepass_forget(&pre);
        tree = tree_make(a, &pre, options);
        fold = aj_blocks_fold(tree, &pre, options, diags);
    }
    return fold == AJ_FOLD_DONE ? tree : NULL;
}
