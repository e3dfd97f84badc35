/* publish - pass 2: every output drawn or kept, search and assets beside, then the exchange.
 *
 * An output whose key (a hash of all that goes into it) is that of the last build, and whose file
 * is still the one we wrote, is a hard link. Must not know: how records are made, the command line.
 */
#pragma once
#include "driver/build.h"
#include "driver/cache.h"
#include "driver/plan.h"
#include "driver/theme.h"
#include "history/repo.h"
#include "write/output.h"

typedef struct {
    const char *record;
    size_t record_len;
} AjPublishPage;
typedef struct {
    AjArena *arena;
    const AjSite *site;
    const AjPlan *plan;
    const AjTheme *theme;
    AjRepo *repo;               /* may be NULL */
    const char *prefix;         /* of the site in it */
    const AjPublishPage *pages; /* in the order of the site's pages */
    AjCacheInput *inputs;       /* pages, then assets, for the next build's cache */
    uint32_t input_pages, input_assets;
    AjOutput *output;
    AjCache *cache;
    AjHash record_key, site_key;
    int64_t started_ns;
    AjDiags *diags;
    const AjBuildOptions *options;
    AjBuildStats *stats;
} AjPublish;
bool aj_publish(AjPublish *p, GError **error);
/* Every file that the state lists is published as it was written. */
bool aj_publish_is_whole(const AjOutput *output, const AjCacheState *state);
