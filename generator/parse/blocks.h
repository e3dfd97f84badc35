/* blocks - folds what the pre-pass marked, and what cmark left as text, into nodes of ours.
 *
 * Must not know: lines of source (the pre-pass read them), HTML, files. */
#pragma once
#include "parse/prepass.h"

typedef enum {
    AJ_FOLD_DONE,
    AJ_FOLD_REFUSED, /* the tree nests too deep to be walked (diagnosed) */
    AJ_FOLD_LOST     /* marks did not come back: cmark saw the blocks of this page differently */
} AjFold;
AjFold aj_blocks_fold(AjTree *tree, const AjPrepass *pre, const AjMarkdownOptions *options,
                      AjDiags *diags);
