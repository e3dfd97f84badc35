/* scalar - what one value says that a person wrote: a date, a number, yes or no, a time, a link.
 *
 * Must not know: which field it is for, how to complain. */
#pragma once
#include "base/value.h"

/* A scalar as it reads, stripped; caller frees. NULL for lists, maps and null. */
char *aj_scalar_text(const AjValue *v);
/* The same, NFKC-folded, so that full-width digits count; "" for lists, maps and null. */
char *aj_scalar_folded(const AjValue *v);
/* 1 for true, 是, yes …; 0 for false, 否, no …; -1 for anything else. */
int aj_scalar_bool(const AjValue *v);
/* A number with an optional unit: 4 学时, 3人. false when it is none. */
bool aj_scalar_number(const AjValue *v, double *number_out);
/* A folded text in any of a date's forms; the numbers may still be impossible. */
bool aj_scalar_date(const char *s, unsigned *year, unsigned *month, unsigned *day);
/* A folded text as a time: 20分钟, 90秒, 1小时30分; a bare number is minutes. -1 when it is none.
 */
double aj_scalar_seconds(const char *s);
/* "[text](url)", "text https://…" or text alone. Caller frees both; *url_out NULL: there is none.
 */
void aj_scalar_link(const char *s, char **text_out, char **url_out);
/* A path below the site's root: no way out of it, no hidden part. */
bool aj_scalar_inside(const char *path);
/* What YAML takes a text without quotes for: null, bool, number or string. s[len] is 0. */
AjValue *aj_scalar_plain(AjArena *a, const char *s, size_t len);
