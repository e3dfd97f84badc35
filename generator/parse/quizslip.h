/* quizslip - the words for what the quiz filter calls a slip.
 *
 * A slip is a Div of class quiz-slip with code, level, line and the words a and b; here it gets its
 * message and its cure. Must not know: how a slip is found, what a question is made of. */
#pragma once
#include "base/diag.h"
#include "model/tree.h"

/* Tells it with the code "quiz-" and its own; true when it is an error. */
bool aj_quizslip_report(AjArena *a, const AjAttr *attr, const char *path, AjDiags *diags);
