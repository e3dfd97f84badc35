/* quizdraw - which questions a seed draws, and in which order.
 *
 * One generator of chance and one procedure, here and in the theme's quiz-core.js; the vectors of
 * tests/data/quiz/draw.json hold both to the same results, so that a paper printed here is the
 * attempt that a player shows. The generator is mulberry32 (Tommy Ettinger, public domain): 32 bits
 * of state. Shuffling is Fisher-Yates from the end. Must not know: pages, HTML, who answers. */
#pragma once
#include "model/quiz.h"

typedef struct {
    uint32_t index;   /* of the question */
    uint32_t *order;  /* what stands first, second … among its choices */
    uint32_t choices; /* how many there are to order; 0: none */
} AjDrawn;
typedef AJ_QUIZ_LIST(AjDrawn) AjDrawing;

/* Draws by pools' picks, then the quiz's, keeps questions together by pool, and shuffles what the
 * settings say. Items of an ordering question and right sides of a matching one always change
 * places, beginning from their neutral order. `quiz` is settled. */
void aj_quizdraw(AjArena *a, const AjQuiz *quiz, uint32_t seed, AjDrawing *out);
/* An order that tells nothing: by hash of id and text. order_out[k] is the index of what stands at
 * place k. */
void aj_quizdraw_neutral(const char *id, const char *const *texts, uint32_t count,
                         uint32_t *order_out);
/* The right sides of a matching question as they are offered: each text once, wrong ones too. */
void aj_quizdraw_rights(AjArena *a, const AjQuestion *q, AjStrings *out);
/* 0 ≤ n < 1; moves the state on. */
double aj_quizdraw_next(uint32_t *state);
