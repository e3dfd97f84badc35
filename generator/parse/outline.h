/* outline - a page's tree as a list of blocks, for the comparison of two versions.
 *
 * No filter has run: a quiz question is a heading with 【type】 or one before a list of tasks, and
 * what follows it up to the next heading that is no deeper.
 * Must not know: how blocks are compared. */
#pragma once
#include "model/block.h"
#include "model/tree.h"

/* AjBlock each, strings in `a`; caller frees the array. */
GArray *aj_outline(AjArena *a, const AjTree *tree);
/* The same of a text that could not be parsed: a block a line. */
GArray *aj_outline_lines(AjArena *a, const char *text, size_t len);
