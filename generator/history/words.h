/* words - what changed inside one text, in pieces that a person reads.
 *
 * No segmenter: a Han character, a number with its decimals, a Latin word, a punctuation mark are
 * the tokens. They are aligned with affine gaps (Gotoh 1982, J. Mol. Biol. 162): to begin a change
 * costs more than one character that stayed by chance is worth, so what changed comes out in few
 * whole runs. Then a run that could as well stand a little before or behind is put behind a
 * punctuation mark.
 * Pure. Must not know: blocks, pages. */
#pragma once
#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum { AJ_PART_SAME, AJ_PART_GONE, AJ_PART_NEW } AjPartKind;
typedef struct {
    AjPartKind kind;
    const char *text; /* borrowed from `before` or `after`, not terminated */
    size_t len;
} AjPart;
/* The parts but NEW make `before`, the parts but GONE make `after`. Texts too long to be aligned
 * are wholly GONE and NEW, but for what begins and ends them alike. */
AjPart *aj_words_diff(AjArena *a, const char *before, const char *after, uint32_t *count_out);
/* What a text is known by when likeness is asked often: hashes of its tokens and of pairs of them,
 * sorted, in `a`. */
typedef struct {
    const uint32_t *hashes;
    uint32_t count;
} AjWordsMark;
AjWordsMark aj_words_mark(AjArena *a, const char *text);
double aj_words_alike(AjWordsMark x, AjWordsMark y); /* 0 … 1 */
