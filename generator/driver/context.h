/* context - what a template sees: the map of the site, and one map an output.
 *
 * The maps hold everything that decides an output's bytes, but the body fragment and the addresses
 * of its links: their hash is the output's cache key. Addresses are relative to the site's root.
 * Must not know: how a template looks, files, the cache. */
#pragma once
#include "driver/plan.h"
#include "driver/theme.h"

typedef struct {
    const AjSite *site;
    const AjPlan *plan;
    const AjTheme *theme;
    const uint32_t *newest; /* page numbers, latest change first, AJ_NO_PAGE ends them */
    bool has_search;
} AjContexts;

/* Page numbers by last revision, else by date, newest first; pages with neither are left out. */
const uint32_t *aj_context_newest(AjArena *a, const AjSite *site);
/* The outer map, the same for every output. */
AjValue *aj_context_site(AjArena *a, const AjContexts *c);
/* The map of one output. `heavy`: that part of its page's record, NULL for outputs without a page.
 */
AjValue *aj_context_output(AjArena *a, const AjContexts *c, const AjPlanned *out,
                           const AjValue *heavy);
/* The page an output is about, or NULL. */
const AjPage *aj_context_page(const AjContexts *c, const AjPlanned *out);
