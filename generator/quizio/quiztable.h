/* quiztable - rows of cells to questions and back: what CSV and XLSX share.
 *
 * The first row that names a stem and an answer is the header; its names may be any of those that
 * people use (题干 题目 试题内容…). Must not know: how rows are written in a file. */
#pragma once
#include "base/diag.h"
#include "model/quiz.h"

typedef struct {
    const char **cells;
    uint32_t count;
    uint32_t line; /* where the row began: a line of the CSV, a row of the sheet */
} AjRow;
typedef AJ_QUIZ_LIST(AjRow) AjRows;

/* false: no header (told). Slips in rows are told, and the rest of the row is read. */
bool aj_quiztable_read(AjArena *a, const AjRows *rows, const char *path, AjQuiz *quiz_out,
                       AjDiags *diags);
/* A header and a row for each question. What a table cannot hold is told as a warning. */
void aj_quiztable_make(AjArena *a, const AjQuiz *quiz, const char *path, AjRows *rows_out,
                       AjDiags *diags);
