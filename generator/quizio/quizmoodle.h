/* quizmoodle - questions as Moodle XML.
 *
 * After https://docs.moodle.org/en/Moodle_XML_format. Several blanks become one cloze question with
 * a gap each; steps to order become a match of steps with their places. Must not know: Markdown,
 * files. */
#pragma once
#include "base/diag.h"
#include "model/quiz.h"

#include <glib.h>

void aj_quizmoodle_print(const AjQuiz *quiz, const char *path, GString *out, AjDiags *diags);
