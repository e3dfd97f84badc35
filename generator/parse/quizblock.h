/* quizblock - the quiz filter's Divs, folded into data (model/quiz).
 *
 * Each question Div is replaced in the tree by an AJ_EL_QUESTION with its index.
 * Must not know: HTML (a callback draws inlines and blocks), Lua. */
#pragma once
#include "base/diag.h"
#include "model/tree.h"
#include "base/value.h"

typedef void (*AjDraw)(cmark_node *children_of, bool inlines, GString *out, void *data);
/* NULL when the page holds no question. The value has the JSON interchange's form (see docs), plus
 * *_html fields drawn by `draw`, plus "line" per question. `meta` is the page's front matter (quiz
 * settings), `defaults` the site's. */
AjValue *aj_quizblock_fold(AjArena *a, AjTree *tree, const AjValue *meta, const AjValue *defaults,
                           const char *path, AjDraw draw, void *data, AjDiags *diags);
