/* quizstem - what a pasted question's stem holds that is no stem: its answer, points, type,
 * options.
 *
 * Must not know: which question is open, files. */
#pragma once
#include "model/quiz.h"

/* （B）, ( ABD ), （√） in a stem, （√） before it, √ behind it: taken out, a blank in the place of
 * letters. `truth`: the section is one of true or false, so 对, 错, T and F may stand bare. */
const char *aj_quizstem_take_inside(AjArena *a, const char *stem, bool truth,
                                    const char **inside_out);
/* （2分） at the start or the end of a stem. */
const char *aj_quizstem_take_points(AjArena *a, const char *stem, double *points);
/* 【单选】 or （多选题） at the start or the end of a stem; found stays when there is none. */
const char *aj_quizstem_take_type(AjArena *a, const char *stem, AjQuestionType *type, bool *found);
/* Where "A、甲 B、乙" begins in a line that began as a stem; NULL: nowhere. */
const char *aj_quizstem_options_inside(const char *p, const char *end);
/* Does a line ask something? It ends in ？, or has a blank or an answer in brackets. */
bool aj_quizstem_asks(const char *p, const char *end);
