/* quizdraft - a question as pasted, before its type and its answer are settled.
 *
 * The reader of lines fills drafts; settling one finds the type that nobody said, holds the answer
 * against options and blanks, and tells what does not fit. Must not know: lines, files. */
#pragma once
#include "base/diag.h"
#include "model/quiz.h"

typedef struct {
    AjQuestion q;
    uint32_t number, section;
    bool typed;
    const char *answer; /* said behind 答案; NULL: nowhere */
    const char *inside; /* said in the stem's brackets; NULL: nowhere */
    uint32_t answer_line;
    uint32_t item; /* the last number of a list in its answer or explanation */
} AjDraft;

void aj_quizdraft_settle(AjArena *a, AjDraft *draft, const char *path, AjDiags *diags);
