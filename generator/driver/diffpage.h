/* diffpage - what a template sees of the difference between two versions of one page.
 *
 * Must not know: where the two texts come from, how a template looks. */
#pragma once
#include "base/value.h"

typedef struct {
    const char *source; /* path of the page, for its kind of syntax errors */
    const char *bytes;  /* NULL: there was no such page */
    size_t len;
} AjDiffSide;
/* {changed, added, removed, moved, has_changes, groups, questions}. A group is one of
 * {is_gap, count} · {is_table, rows: [STATE, cells: [{parts}]]} · {is_heading|is_text|is_item|
 * is_code|is_image|is_field, level, STATE, parts}; STATE is is_same|is_changed|is_new|is_gone,
 * moved, form; a part is {text, is_same|is_new|is_gone}. Unchanged blocks far from a change are a
 * gap, but the heading above a change. Questions are {title, is_new|is_gone|is_changed, groups}.
 * Everything lies in `a`, which also becomes the arena of trees. */
AjValue *aj_diffpage_map(AjArena *a, const AjDiffSide *before, const AjDiffSide *after);
/* What trainees may see of an exam's difference: is_exam, the front matter's groups, and of each
 * question only its title and state. */
void aj_diffpage_hide_answers(AjArena *a, AjValue *map);
/* The text says itself that it is an exam. */
bool aj_diffpage_is_exam(AjArena *a, const AjDiffSide *side);
