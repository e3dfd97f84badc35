/* join - from single pages to a site: sections, taxonomies, courses, resolved links, backlinks.
 *
 * One process, after pass 1. Reports what only the whole can know: dead links and anchors, missing
 * pictures, courses that name pages which are not there.
 * Must not know: templates, the cache, git. */
#pragma once
#include "model/site.h"

typedef struct {
    AjPage view;
    const AjValue *light;
    const char *links; /* packed list of the record */
    size_t links_len;
    uint64_t key; /* a hash of its path and its bytes */
} AjJoinPage;

/* Sorts `pages` by address and takes them into the site. Strings are borrowed from the records. */
AjSite *aj_join(AjArena *a, const AjConfig *config, AjJoinPage *pages, uint32_t count,
                const AjAsset *assets, uint32_t asset_count, AjDiags *diags);
/* Lays the history over the joined pages: `logs[i]` belongs to page i, entries may be NULL. */
void aj_join_history(AjSite *site, const AjHistory *history, const AjPathLog *const *logs);
/* What the light record says of page `number`. */
const AjValue *aj_join_light(const AjSite *site, uint32_t number);
