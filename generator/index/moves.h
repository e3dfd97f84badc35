/* moves - which documents of one edition of a site are which of another.
 *
 * Told from the texts in f/: a page is found by its address, its units by what they say. Must not
 * know: terms, what the numbers are for. */
#pragma once
#include "index/unfold.h"

/* The pages of one edition with their units. */
typedef struct AjMovesSide AjMovesSide;
AjMovesSide *aj_moves_side(const AjUnfoldFile *files, uint32_t count);
void aj_moves_side_free(AjMovesSide *side);
/* Appends the moves as bytes: {ranges, {from - end of the last, documents, to}…}. */
void aj_moves_print(const AjMovesSide *old, const AjMovesSide *new, GString *out);

typedef struct AjMoves AjMoves;
/* Malformed bytes move nothing. */
AjMoves *aj_moves_open(const char *bytes, size_t len);
void aj_moves_free(const AjMoves *moves);
/* Its number in the new edition; false: it is not there any more. */
bool aj_moves_find(const AjMoves *moves, uint32_t *document);
