/* context - what a template sees: the map of the site, and one map an output.
 *
 * A sketch is the same map with git's id of its source in place of all that comes from one page's
 * record. It holds everything that decides an output's bytes but the addresses of its links, costs
 * a tenth, and needs no record: its hash is the output's cache key. Addresses are relative to the
 * site's root.
 * Must not know: how a template looks, files, the cache. */
#pragma once
#include "driver/plan.h"
#include "driver/theme.h"
#include "history/repo.h"

typedef struct {
    const AjSite *site;
    const AjPlan *plan;
    const AjTheme *theme;
    const uint32_t *newest;            /* page numbers, latest change first, AJ_NO_PAGE ends them */
    AjRepo *repo;                      /* for the old texts of diff pages; may be NULL */
    const char *prefix;                /* of the site in it */
    const struct AjEditions *editions; /* NULL: one only */
    bool has_search;
    bool sketch; /* not to be drawn */
    /* Set by aj_context_words: what many maps share. */
    AjValue *kind_names[AJ_KINDS], *kind_titles[AJ_KINDS], *yes, *no;
    AjValue **taxonomy_titles;
} AjContexts;

/* Page numbers by last revision, else by date, newest first; pages with neither are left out. */
const uint32_t *aj_context_newest(AjArena *a, const AjSite *site);
void aj_context_words(AjArena *a, AjContexts *c);
/* The outer map, the same for every output. */
/* The name of the site in training records: an address, and one that leads nowhere when the site
 * has none of its own. */
const char *aj_context_site_id(AjArena *a, const AjConfig *config);
AjValue *aj_context_site(AjArena *a, const AjContexts *c);
/* The map of one output. `heavy`: that part of its page's record, NULL for a sketch and for outputs
 * without a page. */
AjValue *aj_context_output(AjArena *a, const AjContexts *c, const AjPlanned *out,
                           const AjValue *heavy);
/* The page an output is about, or NULL. */
const AjPage *aj_context_page(const AjContexts *c, const AjPlanned *out);
