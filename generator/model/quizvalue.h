/* quizvalue - a quiz as a tree of values and back: the form in which it travels as JSON.
 *
 * {"quiz": {title, pass, pick, attempts, time_s, shuffle}, "pools": {name: {size, pick}},
 * "questions": [{id, type, stem, points, …}]}. Always written: id, type, stem, points and the keys
 * of the type; all others only when given. What parse/quizblock gives reads as well: there the
 * settings stand beside pools and questions, and pairs is a list of {left, right}.
 * Must not know: how JSON is written, Markdown. */
#pragma once
#include "base/diag.h"
#include "base/value.h"
#include "model/quiz.h"

AjValue *aj_quizvalue_make(AjArena *a, const AjQuiz *quiz);
/* Texts are copied. What has the wrong shape is told with the line of its value (or of the nearest
 * one around it that has a line) and left out; then false. An unknown key is a warning when
 * `strict`. The result is settled (aj_quiz_settle). */
bool aj_quizvalue_read(AjArena *a, const AjValue *value, const char *path, bool strict,
                       AjQuiz *quiz_out, AjDiags *diags);
