/* entry - the small maps that many contexts share: a page in a list, a crumb, a revision.
 *
 * Every key that a template may ask inside a list is set on each entry, empty if need be: Mustache
 * would else find the value of an outer map.
 * Must not know: which output they stand in. */
#pragma once
#include "driver/context.h"

/* Sets KEY and the has_KEY that a section around the list needs. */
void aj_entry_set_list(AjArena *a, AjValue *map, const char *key, AjValue *list);
/* Sets kind, is_KIND and kind_title. */
void aj_entry_set_kind(AjArena *a, const AjContexts *c, AjValue *map, AjKind kind);
const char *aj_entry_kind_title(const AjContexts *c, AjKind kind);
/* "2026-11-20" at `offset` minutes east of UTC; RFC 3339 in UTC. */
const char *aj_entry_day(AjArena *a, int64_t seconds, int offset);
const char *aj_entry_time(AjArena *a, int64_t seconds);
const AjCommit *aj_entry_last_commit(const AjSite *site, uint32_t number); /* may be NULL */
/* {title, url, kind, kind_title, date, summary, is_KIND, tags, sign_url}; sketched: {key} */
AjValue *aj_entry_page(AjArena *a, const AjContexts *c, uint32_t number);
/* The theme's picture of a hazard's warning sign (assets/sign-NAME.svg), "" when it has none. */
const char *aj_entry_sign(const AjContexts *c, const char *hazard);
/* {title, url}: both are borrowed */
AjValue *aj_entry_crumb(AjArena *a, const char *title, const char *url);
/* {number, date, commit, author, subject, is_substance, is_wording, reviewed_by, approved_by};
 * sketched: {commit} */
AjValue *aj_entry_revision(AjArena *a, const AjContexts *c, const AjCommit *commit,
                           uint32_t number);
/* The same of revision `r` (0: newest) of a page, with diff_url: "" without a diff page. */
AjValue *aj_entry_page_revision(AjArena *a, const AjContexts *c, uint32_t page, uint32_t r);
/* The steps of a course: its pages, then its exam when that is not one of them. */
uint32_t aj_entry_course_step(const AjCourse *course, uint32_t i);
uint32_t aj_entry_course_length(const AjCourse *course);
