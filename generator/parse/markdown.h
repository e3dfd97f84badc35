/* markdown - text to tree: pre-pass, cmark once, fold.
 *
 * Plain CommonMark 0.30.2 underneath; see parse/prepass and parse/blocks for what is ours.
 * Must not know: front matter, pages, links' targets, files. */
#pragma once
#include "base/diag.h"
#include "model/tree.h"

typedef struct {
    const char *path;    /* for diagnostics */
    uint32_t first_line; /* file line of the text's first line, 1-based */
    bool extensions;     /* false: plain CommonMark, for the specification's own examples */
} AjMarkdownOptions;
/* Nodes live in `a`. NULL when a limit was passed (diagnosed with file:line). */
AjTree *aj_markdown_parse(AjArena *a, const char *text, size_t len,
                          const AjMarkdownOptions *options, AjDiags *diags);
