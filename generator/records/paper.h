/* paper - the very paper of an attempt: what its seed drew of the page as it was then, and what was
 * answered.
 *
 * Pure, and always Chinese. What cannot be had again is said on it. Must not know: files,
 * templates, where the page of then came from. */
#pragma once
#include "records/form.h"

/* `attempt`: a passed or failed entry of the ledger. `page`: the page as it was then; NULL when it
 * cannot be had, with the reason in `why`. */
AjValue *aj_paper_make(AjArena *a, const AjFormAsk *ask, const AjEntry *attempt,
                       const AjDeskPage *page, const char *why);
