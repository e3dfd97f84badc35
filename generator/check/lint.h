/* lint - a table of rules over the joined site: what is allowed, and still wrong.
 *
 * Adding a rule is a function and one line of the table. Pure: all it knows is the AjSite
 * and the text it is given.
 * Must not know: files, the command line, how pages are made; dead links, broken front matter,
 * quiz slips and heavy files are told by those who find them. */
#pragma once
#include "base/diag.h"
#include "model/coverage.h"
#include "model/site.h"

typedef struct {
    const char *code;
    AjLevel level;
    const char *zh, *en; /* what it reports, for the manual and SARIF */
} AjLintRule;

/* Rules over a page's source, front matter and all: personal numbers, parts left to be written.
 * Exact lines and columns. `text` need not end in NUL. */
void aj_lint_text(const char *path, const char *text, size_t len, AjDiags *diags);
/* All other rules. Pages that failed are passed over; a rule that needs meta, headings or links
 * says nothing about a page whose view lacks them. Diagnostics carry the page's source as path. */
void aj_lint_run(const AjSite *site, AjDiags *diags);
/* Posts that no course, hazards that no lesson or no quiz is for. Pages need their meta for lines.
 * `cover` may be NULL. */
void aj_lint_coverage(const AjSite *site, const AjCoverage *cover, AjDiags *diags);
const AjLintRule *aj_lint_rule(uint32_t i); /* NULL past the last */
