/* lineform - what a piece of one line is: a rule, a heading, a list marker, a table's row, a note's
 * label, a div's fence.
 *
 * A piece goes from `p` to `eol`, which does not count the line end.
 * Must not know: other lines, containers, nodes. */
#pragma once
#include "model/tree.h"

/* Where the line at `p` ends, and where the next begins. `cr`: the text holds carriage returns, so
 * that a lone one ends a line too. */
const char *aj_lineform_end(const char *p, const char *end, bool cr, const char **next);
bool aj_lineform_starts(const char *p, const char *end, const char *with);
bool aj_lineform_is_blank(const char *p, const char *eol);
size_t aj_lineform_run(const char *p, const char *eol, char c); /* how often c stands there */
const char *aj_lineform_skip_blanks(const char *p, const char *eol);

bool aj_lineform_is_break(const char *p, const char *eol); /* p < eol */
bool aj_lineform_is_heading(const char *p, const char *eol);
/* Length of a list marker, 0 for none. `interrupts`: a paragraph, so that fewer count. p < eol. */
uint32_t aj_lineform_marker(const char *p, const char *eol, bool interrupts);

/* A table's row without the blanks and pipes at its ends. */
void aj_lineform_row(const char **p, const char **eol);
/* The next cell of a row: moves *p behind its end, trims. False when the row is over. */
bool aj_lineform_cell(const char **p, const char *eol, const char **from, const char **to);
uint32_t aj_lineform_cells(const char *p, const char *eol);
/* Columns of a delimiter row, 0 when it is none. `aligns` may be NULL, else it holds one a cell. */
uint32_t aj_lineform_delimiters(const char *p, const char *eol, AjAlign *aligns);

/* `[^label]:` at `p`: its length, 0 for none. */
size_t aj_lineform_note(const char *p, const char *eol);
/* What follows the colons of `::: name`, `::: {.name}` or a bare `:::`; NULL when it is none. */
const char *aj_lineform_div(const char *p, const char *eol, size_t *len);
