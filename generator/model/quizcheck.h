/* quizcheck - what is wrong with a quiz, wherever it came from.
 *
 * Looks at the whole model once: a slip of a whole question carries its line, a slip of an option,
 * pair, node or choice its own where that is known. Must not know: Markdown, any format. */
#pragma once
#include "base/diag.h"
#include "model/quiz.h"

/* true: no error (warnings do not count). The quiz is settled. */
bool aj_quizcheck(const AjQuiz *quiz, const char *path, AjDiags *diags);
