/* quizmarkdown - a quiz to 题目 Markdown, as people write it by hand.
 *
 * Plain text goes out escaped, so that reading it back gives the same text. What Markdown cannot
 * hold is bent as little as possible: a run of underscores in a stem is a blank, a paragraph of a
 * stem that reads like a line of keys joins the one before.
 * Must not know: how Markdown is read, files. */
#pragma once
#include "model/quiz.h"

#include <glib.h>

/* Questions of one pool stand together, pools in the order in which they first appear. */
void aj_quizmarkdown_print(const AjQuiz *quiz, GString *out);
