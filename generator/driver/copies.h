/* copies - the files of a site that no template draws: search, the theme's, pictures and films.
 *
 * A file whose key (a hash of all that goes into it) is that of the last build, and which is still
 * as we wrote it, is a hard link. Must not know: how pages are drawn, the exchange. */
#pragma once
#include "driver/publish.h"

typedef struct {
    AjPublish *p;
    GArray *outputs; /* AjCacheOutput: what has been written or kept */
    GError *error;   /* of what failed */
    uint32_t written;
} AjCopies;

/* "cases/tank 图.png" → "cases/tank-tu.0a1b2c3d.png" */
const char *aj_copies_asset_address(AjArena *a, const char *source, const uint8_t hash[8]);
/* The last build's file, when it has this key and is untouched. */
bool aj_copies_keep(AjPublish *p, const char *address, const AjHash *key, AjStamp *stamp);
/* The search index, when the site has one; what fails is left in `error`. */
void aj_copies_search(AjCopies *c);
/* Theme, edition and assets. false: see `error`. */
bool aj_copies_put(AjCopies *c);
