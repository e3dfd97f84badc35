/* quizlost - what a format cannot hold of a quiz, told once a kind.
 *
 * Must not know: any format. */
#pragma once
#include "base/diag.h"
#include "model/quiz.h"

typedef struct {
    const char *format;         /* as people call it */
    bool no_order, no_scenario; /* the whole question */
    bool no_points, no_difficulty, no_red_line, no_pool, no_partial, no_rubric, no_tags,
        no_tolerance, no_settings;
} AjQuizlost;
/* One warning for each kind of fact that is there, at the first question that has it. */
void aj_quizlost_tell(const AjQuizlost *lost, const AjQuiz *quiz, const char *path, AjDiags *diags);
