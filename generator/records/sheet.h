/* sheet - what the ledger says, as tables.
 *
 * Pure, and always Chinese: these are papers of a Chinese archive. A name is masked unless asked
 * for. What a form lacks is said on it ("gap"), never left blank. Must not know: files, templates,
 * CSV. */
#pragma once
#include "records/ledger.h"

typedef struct {
    const char *unit, *team, *post, *number, *course; /* NULL: all */
    bool names;
    int year; /* 0: all */
} AjSheetFilter;

/* {title, about, columns: [{text, is_number}], rows: [{cells: [{text, is_number}], mark}],
 * count, notes: [{text}]}; NULL: there is no sheet of this name. */
AjValue *aj_sheet_make(AjArena *a, const AjLedger *l, const char *name, const AjSheetFilter *f);
const char *aj_sheet_name(uint32_t i); /* NULL past the last */
/* A name as it is shown: whole when asked for, else its first character. In `a`. */
const char *aj_sheet_person(AjArena *a, const AjWorker *w, const AjSheetFilter *f);
bool aj_sheet_fits(const AjSheetFilter *f, const AjWorker *w);
