/* quizxlsx - the tables of an XLSX workbook as questions.
 *
 * Reads shared and inline strings, numbers, truths and kept results of formulas (ECMA-376 part 1,
 * 18.3 and 18.4); formats, pictures and formulas themselves do not matter. The first sheet that has
 * a header of questions is read. Must not know: what columns mean (quizio/quiztable). */
#pragma once
#include "base/diag.h"
#include "model/quiz.h"

bool aj_quizxlsx_parse(AjArena *a, const char *bytes, size_t len, const char *path,
                       AjQuiz *quiz_out, AjDiags *diags);
