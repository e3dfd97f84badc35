/* prepare - what a build needs before it looks at a page: settings, theme, filters, repository,
 * keys.
 *
 * Must not know: pages, the cache. */
#pragma once
#include "driver/build.h"
#include "driver/filterset.h"
#include "driver/source.h"
#include "driver/theme.h"

typedef struct {
    /* Given */
    const AjBuildOptions *options; /* `root` is the source's */
    const AjSource *source;
    AjArena *arena;
    AjDiags *diags;
    /* Filled in */
    bool ready; /* false: diagnosed, an error of the site */
    AjConfig *config;
    AjTheme *theme;
    AjRepo *repo; /* the source's; NULL: not in a repository */
    char head[41];
    int64_t head_time;
    AjFilterSource *filters;
    uint32_t filter_count;
    AjHash record_key; /* what every page record depends on beside its own bytes */
    AjHash site_key;   /* that, and theme, git's head, options */
} AjPrepared;
/* false: the world failed. `error` must not be NULL. */
bool aj_prepare(AjPrepared *b, GError **error);
void aj_prepare_clear(AjPrepared *b);
