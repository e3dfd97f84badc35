/* report - asks the ledger, the roster and the site, and writes the answer as text, CSV or a form.
 *
 * Must not know: how a table or a form is made up, the command line. */
#pragma once
#include "driver/desk.h"
#include "records/paper.h"
#include "records/store.h"

typedef struct {
    const char *db, *site, *roster, *key; /* files and a folder; roster and key may be NULL */
    const char *form, *output;            /* output NULL: text on stdout */
    const char *attempt;                  /* paper: id of the statement passed or failed */
    const char *date;
    AjSheetFilter filter;
    int64_t now;
} AjReportAsk;
/* false: the world failed, or what was asked for is not there: `error`. Rows in *rows_out. */
bool aj_report(const AjReportAsk *ask, AjDiags *diags, uint32_t *rows_out, GString *text_out,
               GError **error);
/* Shows that the statements are of pages that the site's history holds: for each commit, rebuilt,
 * the page's and the questions' hashes are those that the statement names. */
bool aj_report_content(const char *site, const AjEntry *entries, uint32_t count, AjDiags *diags,
                       uint32_t *checked_out, uint32_t *editions_out, GError **error);
