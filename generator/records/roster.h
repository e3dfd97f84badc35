/* roster - who works here: a CSV with 工号, 姓名, 单位, 班组, 岗位, 入职日期.
 *
 * UTF-8 or GB18030, with a heading row in any order; also 转岗日期 and 离职日期. Comma, semicolon
 * or tab; quotes as in RFC 4180. Every slip is named with its line and the row's rest is kept. Must
 * not know: files, statements, where the key lies. */
#pragma once
#include "base/diag.h"
#include "records/ledger.h"

/* Workers in the order of the file, in `a`; those whose number stands there twice once. NULL:
 * diagnosed, there is no roster in it. `key` makes the pseudonyms. */
AjWorker *aj_roster_parse(AjArena *a, const char *bytes, size_t len, const char *path,
                          const char *key, uint32_t *count_out, AjDiags *diags);
/* A number as typed: full-width to ASCII, no blanks, capitals. In `a`. */
const char *aj_roster_fold(AjArena *a, const char *number);
/* "p-" and 32 hex digits, as record.js makes them. */
const char *aj_roster_pseudonym(AjArena *a, const char *key, const char *number);
