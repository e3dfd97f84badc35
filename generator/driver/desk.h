/* desk - what a ledger needs to know of a site: its courses, pages, revisions and questions.
 *
 * Must not know: the ledger's file, reports. */
#pragma once
#include "base/diag.h"
#include "driver/theme.h"
#include "records/ledger.h"

/* The site at `root`, or its commit `rev` (NULL: what is there); everything in `a`. `theme_out`
 * (may be NULL) gets its theme, the caller's to free. NULL: diagnosed, or `error` set. */
AjDesk *aj_desk_read(AjArena *a, const char *root, const char *rev, AjTheme **theme_out,
                     AjDiags *diags, GError **error);
const AjDeskPage *aj_desk_find(const AjDesk *desk, const char *source); /* NULL when absent */
