/* quizcheck - what is wrong with a quiz, wherever it came from.
 *
 * Looks at the whole model once: a slip of a whole question carries its line, a slip of an option,
 * pair, node or choice its own where that is known. Must not know: Markdown, any format. */
#pragma once
#include "base/diag.h"
#include "model/quiz.h"

/* true: no error (warnings do not count). The quiz is settled. */
bool aj_quizcheck(const AjQuiz *quiz, const char *path, AjDiags *diags);
/* The same behind a reader that has told slips of its own into `diags`: of one code on one page
 * only one of the two speaks. Not `whole`: questions are left out for their slips, so nothing is
 * said of numbers drawn. */
bool aj_quizcheck_rest(const AjQuiz *quiz, const char *path, bool whole, AjDiags *diags);
