/* sincepage - what changed since an edition: for those who learnt from it.
 *
 * Only a site with several editions has such pages, one for each old edition, in the present one.
 * Must not know: how such a page looks, how editions are built. */
#pragma once
#include "driver/context.h"

/* "changes/since-v1.html" of the edition whose folder is "editions/v1/". */
const char *aj_sincepage_address(AjArena *a, const char *folder);
/* Sets since: [{name, date, url}] of all old editions, for the page of all changes; an empty list
 * where there is one edition only. */
void aj_sincepage_put_list(AjArena *a, const AjContexts *c, AjValue *map);
/* Sets what aj_versions_retrain says, as templates want it: edition {name, date}, pages: [page with
 * is_fresh, revisions], quizzes and courses: [page], posts: [text], removed: [path]. `index`: of
 * the edition. Sketched: what decides all that. */
void aj_sincepage_put(AjArena *a, const AjContexts *c, AjValue *map, uint32_t index);
