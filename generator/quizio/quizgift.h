/* quizgift - GIFT, Moodle's text form of questions, both ways.
 *
 * After https://docs.moodle.org/en/GIFT_format: ::name:: is the id, $CATEGORY gives tags (parts
 * between /), #### the explanation. Ordering and scenarios have no form in it; several blanks of
 * one question become one answer, parted by ；. Must not know: Markdown, files. */
#pragma once
#include "base/diag.h"
#include "model/quiz.h"

#include <glib.h>

bool aj_quizgift_parse(AjArena *a, const char *bytes, size_t len, const char *path,
                       AjQuiz *quiz_out, AjDiags *diags);
void aj_quizgift_print(const AjQuiz *quiz, const char *path, GString *out, AjDiags *diags);
