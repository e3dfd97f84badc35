/* quizkey - the two parts of a paper that are not the exam: the key and the answer sheet.
 *
 * Both follow the numbers and letters of the exam as drawn. Must not know: how parts are framed
 * (quizio/quizpaper), files. */
#pragma once
#include "model/quizdraw.h"

#include <glib.h>

typedef struct {
    AjArena *arena;
    const AjQuiz *quiz;
    AjDrawing drawn;
    double total; /* points of the drawn questions */
} AjPaper;

void aj_quizkey_key(const AjPaper *paper, GString *out);
void aj_quizkey_sheet(const AjPaper *paper, GString *out);
/* "A" … "Z", "AA" …; in `a`. */
const char *aj_quizkey_letter(AjArena *a, uint32_t n);
/* Escaped; a line break parts paragraphs. */
void aj_quizkey_put(GString *out, const char *text);
/* The number, counted from 1, of the node a choice leads to. */
uint32_t aj_quizkey_node(const AjQuestion *q, const char *name);
