/* quizqti - questions as IMS QTI 2.1 items, in one file.
 *
 * After the QTI 2.1 information model (imsqti_v2p1): one assessmentItem a question with its
 * response declarations, interactions and response processing. A file holds one item by the
 * standard, so many stand one after the other in an <items> of our own without a namespace; a
 * package is made by cutting it. Must not know: Markdown, files. */
#pragma once
#include "base/diag.h"
#include "model/quiz.h"

#include <glib.h>

void aj_quizqti_print(const AjQuiz *quiz, const char *path, GString *out, AjDiags *diags);
