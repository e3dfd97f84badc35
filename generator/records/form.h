/* form - the maps of printable forms: card, sign-in sheet, meeting register, one person's file.
 *
 * Pure, and always Chinese, as the papers are that an inspector asks for. What a form lacks is said
 * on it ("gap"), never left blank. Must not know: files, templates.
 */
#pragma once
#include "records/sheet.h"

typedef struct {
    const AjLedger *ledger;
    const AjSheetFilter *filter;
    const char *date; /* signin, meeting: what to print; NULL: a line to write on */
} AjFormAsk;

/* "card": 三级安全教育卡, a card a worker. "signin": 签到表 of a course. "meeting": 班前会
 * register. NULL: no such form. A form without people has count 0. */
AjValue *aj_form_make(AjArena *a, const AjFormAsk *ask, const char *name);
/* One worker's file: card, hours, attempts (each with `paper`, a file's name, when it has answers),
 * certificates, versions of the material. */
AjValue *aj_form_person(AjArena *a, const AjFormAsk *ask, uint32_t worker);
/* The attempts of a worker at exams, oldest first: indices of passed and failed entries. */
uint32_t *aj_form_attempts(AjArena *a, const AjLedger *l, uint32_t worker, uint32_t *count_out);
/* What a paper says of its attempt besides the questions. */
AjValue *aj_form_attempt(AjArena *a, const AjFormAsk *ask, const AjEntry *attempt);
