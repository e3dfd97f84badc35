/* lintpass - shows the finished site to the lint rules: whole records and the source text.
 *
 * Must not know: what the rules look for. */
#pragma once
#include "driver/publish.h"

/* `pages` in the order of the site's pages, as aj_publish takes them. */
/* The site's pages with front matter, headings, links and quiz; in `a`, strings of the records. */
AjPage *aj_lintpass_whole(AjArena *a, const AjSite *site, const AjPublishPage *pages);
void aj_lintpass_run(const char *root, AjSite *site, const AjPublishPage *pages, AjDiags *diags);
