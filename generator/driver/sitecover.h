/* sitecover - which posts learn what, from its front matter and the roster beside it.
 *
 * roster.csv in the site's folder says which posts there are and how many people hold each; nothing
 * else of it is looked at. Must not know: what is missing how badly, how it is drawn. */
#pragma once
#include "driver/context.h"
#include "model/coverage.h"

/* Posts and people of `root`/roster.csv, without those who have left by `now`; none without a
 * roster. Its slips go to `diags` (NULL: nobody asks). */
const AjStaff *aj_sitecover_staff(AjArena *a, const char *root, int64_t now, uint32_t *count_out,
                                  AjDiags *diags);
/* Of a joined site; NULL when there is nothing to hold. */
const AjCoverage *aj_sitecover_make(AjArena *a, const AjSite *site);
/* Is there a page to draw? Cheap. */
bool aj_sitecover_is_wanted(const AjSite *site);
/* The matrix, its holes and the pages behind it. */
void aj_sitecover_put(AjArena *a, const AjContexts *c, AjValue *map);
