/* quizgift - writes GIFT, Moodle's text form of questions.
 *
 * After https://docs.moodle.org/en/GIFT_format: ::name:: is the id, $CATEGORY gives tags (parts
 * between /), #### the explanation. Ordering and scenarios have no form in it; several blanks of
 * one question become one answer, parted by ；. Must not know: how GIFT is read, Markdown, files.
 */
#pragma once
#include "base/diag.h"
#include "model/quiz.h"

#include <glib.h>

void aj_quizgift_print(const AjQuiz *quiz, const char *path, GString *out, AjDiags *diags);
