/* blocks - folds what the pre-pass marked, and what cmark left as text, into nodes of ours.
 *
 * Must not know: lines of source (the pre-pass read them), HTML, files. */
#pragma once
#include "parse/prepass.h"

/* False when the tree nests too deep to be walked (diagnosed). */
bool aj_blocks_fold(AjTree *tree, const AjPrepass *pre, const AjMarkdownOptions *options,
                    AjDiags *diags);
