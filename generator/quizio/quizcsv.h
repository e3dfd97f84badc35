/* quizcsv - comma-separated rows (RFC 4180) of questions, both ways.
 *
 * Reads what Excel and old systems write: UTF-8 with or without BOM, GB18030, UTF-16; commas,
 * semicolons or tabs (the header's line decides). Writes UTF-8 with a BOM and CRLF, which Excel
 * opens by double click. Must not know: what columns mean (quizio/quiztable). */
#pragma once
#include "base/diag.h"
#include "model/quiz.h"

#include <glib.h>

bool aj_quizcsv_parse(AjArena *a, const char *bytes, size_t len, const char *path, AjQuiz *quiz_out,
                      AjDiags *diags);
void aj_quizcsv_print(const AjQuiz *quiz, const char *path, GString *out, AjDiags *diags);
