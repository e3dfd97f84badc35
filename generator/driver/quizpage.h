/* quizpage - the questions of one Markdown file, without a site around it.
 *
 * Front matter, Markdown, the quiz filter and its Divs, in that order, as a build does; every file
 * is taken for a quiz page. Must not know: sites, where the questions go. */
#pragma once
#include "base/diag.h"
#include "base/value.h"
#include "model/quiz.h"

#include <glib.h>

typedef struct AjQuizpage AjQuizpage;
/* Finds and compiles the filter. `page` is the file's path from `root`, below which other pages lie
 * that it may draw from. NULL: `error` set, or told when the filter is broken. */
AjQuizpage *aj_quizpage_new(const char *root, const char *page, AjDiags *diags, GError **error);
void aj_quizpage_free(AjQuizpage *reader);
/* What a page leaves unsaid; borrowed. Without it: nothing is preset. */
void aj_quizpage_set_defaults(AjQuizpage *reader, const AjValue *defaults);
/* Of the page read last, what a training record calls its set of questions: SHA-256, hex; "" when
 * there was none. Borrowed until the next page. */
const char *aj_quizpage_questions(const AjQuizpage *reader);
/* Texts of the quiz live in `a`. Questions with an error are told and left out; false then, or when
 * the page as a whole cannot be read. */
bool aj_quizpage_read(AjQuizpage *reader, AjArena *a, const char *bytes, size_t len,
                      const char *path, AjQuiz *quiz_out, AjDiags *diags);
