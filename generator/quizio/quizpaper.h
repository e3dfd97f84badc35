/* quizpaper - one draw of a quiz as a paper to print: the exam, its key, its answer sheet.
 *
 * One HTML file for A4 that needs nothing beside it: style inside, no script. A part is a table
 * whose foot the browser repeats on each of its sheets. Questions and choices stand in the order of
 * model/quizdraw, so that the paper of a seed is the attempt that a player shows. Always Chinese,
 * as the papers of a Chinese archive. Must not know: files, git, how a seed was chosen. */
#pragma once
#include "model/quizdraw.h"

#include <glib.h>

typedef struct {
    uint32_t seed;
    const char *questions; /* SHA-256 of the set of questions, hex, as a training record names it */
    const char *version;   /* "第 3 版 · 2026-11-20 · a1b2c3d", or why there is none */
} AjPaperAbout;

/* `quiz` is settled and has a question. */
void aj_quizpaper_print(const AjQuiz *quiz, const AjPaperAbout *about, GString *out);
