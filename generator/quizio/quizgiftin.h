/* quizgiftin - reads GIFT, Moodle's text form of questions.
 *
 * Takes what quizgift writes and what Moodle and people do: [html], weights, questions without an
 * empty line between them. Must not know: how GIFT is written, Markdown, files. */
#pragma once
#include "base/diag.h"
#include "model/quiz.h"

bool aj_quizgiftin_parse(AjArena *a, const char *bytes, size_t len, const char *path,
                         AjQuiz *quiz_out, AjDiags *diags);
