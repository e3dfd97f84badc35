/* excerpt - some pages of a site with all that they show, and without what they would lead out to.
 *
 * A page keeps its head and its main part under a plain top; links to pages that are not taken
 * become text. Files have the names that they have in the site. Must not know: archives, what the
 * excerpt is for. */
#pragma once
#include "bundle/bundle.h"

/* The whole site, or, when a page was asked for, the course or the one page at site->start; sorted
 * by name. */
bool aj_excerpt(const AjBundleSite *site, AjBundleSite *part_out, GError **error);
