/* keeping - the next site is filled by workers: what stays of the old one, and what takes
 * computing.
 *
 * Each file that stays is held against its hash and linked in. The order in which things come into
 * the stage does not matter, so all cores do it. Must not know: bundles, what a patch is. */
#pragma once
#include "bundle/staging.h"

typedef struct {
    AjStaging *staging;
    const AjManifestFile *const *stays;
    uint32_t stay_count;
    bool *kept; /* gets for each of them whether it is of this size and hash, and now stays */
    uint32_t make_count; /* pieces of other work, in workers too: each puts files into the stage */
    bool (*make)(uint32_t i, void *data, GError **error); /* false with an error */
    void *data;
} AjKeeping;

bool aj_keeping_run(const AjKeeping *k, GError **error);
