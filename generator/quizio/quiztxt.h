/* quiztxt - questions pasted from Word or a text file.
 *
 * Reads what Chinese question banks look like: sections 一、单项选择题（每题2分）, questions 1、 2.
 * （3） 第4题, options A、 B. （C）, several on a line or one a line, answers in the stem （B）,
 * behind 答案： 【答案】, or as a list at the end (1-5 ABCDA, 6.√), then 解析 难度 知识点 分值.
 * What no rule takes is told with its line. Must not know: Markdown, files. */
#pragma once
#include "base/diag.h"
#include "model/quiz.h"

bool aj_quiztxt_parse(AjArena *a, const char *bytes, size_t len, const char *path, AjQuiz *quiz_out,
                      AjDiags *diags);
