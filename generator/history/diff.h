/* diff - two versions of a page, block by block, and word by word where a block changed.
 *
 * Equal blocks are aligned first; between them blocks of one kind that are alike enough are pairs;
 * what is left on both sides and alike wherever it stands was moved.
 * Pure. Must not know: how blocks are made or drawn, repositories. */
#pragma once
#include "history/words.h"
#include "model/block.h"

typedef enum { AJ_DIFF_SAME, AJ_DIFF_CHANGED, AJ_DIFF_NEW, AJ_DIFF_GONE } AjDiffKind;
typedef struct {
    AjDiffKind kind;
    bool moved;            /* stands elsewhere than before; SAME or CHANGED */
    bool form;             /* emphasis or links changed, the text not; SAME */
    const AjBlock *before; /* NULL for NEW */
    const AjBlock *after;  /* NULL for GONE */
    const AjPart *parts;   /* of CHANGED; AJ_CELL_END may stand in them */
    uint32_t part_count;
} AjDiffEntry;
typedef struct {
    const AjDiffEntry *entries; /* in the order of `after`, what is gone where it stood */
    uint32_t count;
    uint32_t changed, added, removed, moved; /* blocks */
} AjDiff;
AjDiff *aj_diff_blocks(AjArena *a, const AjBlock *before, uint32_t n, const AjBlock *after,
                       uint32_t m);
