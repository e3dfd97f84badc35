/* schema - which fields each kind of page has, their Chinese names and their types.
 *
 * One const table a kind; adding a field is one line. Chinese keys become English ones, values are
 * typed (a single string where a list is asked becomes a list), unknown keys warn with the nearest
 * known name, and stay.
 * Must not know: YAML, how fields are shown. */
#pragma once
#include "base/diag.h"
#include "load/field.h"
#include "model/page.h"

/* After aj_schema_apply `kind` is always there ("case" …), and quiz settings stand at the top: quiz
 * (string: the quiz's title, "" for the page's own; written as a title, true, or a map {title,
 * pass, pick …} whose other keys move up; absent or null: no quiz), pass pick attempts time_limit
 * (ints; seconds), shuffle (list of "questions" and "options"). A page of kind quiz that is no
 * index always has `quiz`. All other types: load/field.h. */
/* The kind a page says it is (kind 类型), else `fallback`. */
AjKind aj_schema_kind(const AjValue *raw, AjKind fallback);
/* A new map with English keys. `raw` may be empty. A kind in `raw` wins over `kind`. Missing
 * required fields (a case's sources, a course's pages) are errors only when `present` says the page
 * has front matter at all, and never for index.md and README.md. `lists` are further keys that hold
 * tags, a site's own taxonomies: NULL-terminated, may be NULL.
 * false when the page must not be published as it is. */
bool aj_schema_apply(AjArena *a, AjKind kind, const char *const *lists, const AjValue *raw,
                     bool present, const char *path, AjValue **meta_out, AjDiags *diags);
/* A map of quiz settings (site.yaml's `quiz`): pass pick shuffle attempts time_limit. */
AjValue *aj_schema_quiz(AjArena *a, const AjValue *raw, const char *path, AjDiags *diags);
/* The English key of a field of any kind by any of its names; NULL when there is none. */
const char *aj_schema_key(const char *name);
/* For `anjian new` and the manual: the fields of a kind, its own first, then the common. */
const AjField *aj_schema_fields(AjKind kind, uint32_t *count_out);
