/* feed - what programs read of a site: the Atom feed's entries and the sitemap's.
 *
 * Addresses are absolute here, so base_url is set. Must not know: the format of either, which its
 * template draws. */
#pragma once
#include "driver/context.h"

/* Adds entries, updated and id: the latest pages, RFC 3339 times (RFC 4287). */
void aj_feed_atom(AjArena *a, const AjContexts *c, AjValue *map);
/* Adds entries: every page and list with its address and last day (sitemaps.org 0.9). */
void aj_feed_sitemap(AjArena *a, const AjContexts *c, AjValue *map);
