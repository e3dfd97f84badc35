/* draw - the paper that a seed gives: which questions, in which order, with options in which order.
 *
 * What the theme's quiz.js does with the same seed (mulberry32, Fisher-Yates). Pure.
 * Must not know: who answered, how a paper looks. */
#pragma once
#include "base/value.h"

typedef struct {
    const AjValue *question;
    const AjValue **options; /* single and multiple: as shown; else NULL */
    uint32_t option_count;
} AjDrawn;
/* In the order shown; in `a`. `quiz` is {questions, pools, pick, shuffle}. */
AjDrawn *aj_draw(AjArena *a, const AjValue *quiz, uint32_t seed, uint32_t *count_out);
