/* quizfmt - pasted text to 题目 Markdown; 题目 Markdown to its tidy form.
 *
 * Text that is no 题目 Markdown yet goes through quizio/quiztxt. Markdown is mended line by line,
 * so that prose and formatting stay: what is surely a slip of the hand (- [x]甲, 【x】, ____,
 * missing blank lines, wide digits in keys) is written right. Its own result it leaves as it is.
 * Must not know: files. */
#pragma once
#include "base/diag.h"
#include "model/quiz.h"

#include <glib.h>

void aj_quizfmt(AjArena *a, const char *bytes, size_t len, const char *path, GString *out,
                AjDiags *diags);
