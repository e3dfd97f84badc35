/* schema - which fields each kind of page has, their Chinese names and their types.
 *
 * One const table a kind; adding a field is one line. Chinese keys become English ones, values are
 * typed (a single string where a list is asked becomes a list), unknown keys warn with the nearest
 * known name, and stay.
 * Must not know: YAML, how fields are shown. */
#pragma once
#include "base/diag.h"
#include "model/page.h"

/* A new map with English keys. `raw` may be empty. Missing required fields (a case's sources, a
 * course's pages …) are errors only when `present` says the page has front matter at all.
 * false when the page must not be published as it is. */
bool aj_schema_apply(AjArena *a, AjKind kind, const AjValue *raw, bool present, const char *path,
                     AjValue **meta_out, AjDiags *diags);
/* For `anjian new` and the manual: the fields of a kind. */
typedef struct {
    const char *key, *zh; /* "deaths", "死亡人数" */
    const char *type;     /* text date int number bool list map links */
    bool required;
    const char *hint;     /* one line in Chinese for a new page's comment */
} AjField;
const AjField *aj_schema_fields(AjKind kind, uint32_t *count_out);
