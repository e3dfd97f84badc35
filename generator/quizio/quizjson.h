/* quizjson - questions as JSON, both ways.
 *
 * The shape is model/quizvalue's; this room adds the text and the line on which each question
 * begins. Must not know: Markdown, files. */
#pragma once
#include "base/diag.h"
#include "model/quiz.h"

#include <glib.h>

/* Indented, with a last line end. Holds everything. */
void aj_quizjson_print(const AjQuiz *quiz, const char *path, GString *out, AjDiags *diags);
/* false: nothing to go on with (told). Slips inside are told and the rest is read. */
bool aj_quizjson_parse(AjArena *a, const char *text, size_t len, const char *path, AjQuiz *quiz_out,
                       AjDiags *diags);
