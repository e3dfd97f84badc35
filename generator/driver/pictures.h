/* pictures - heavy pictures of a site made small enough, in sealed workers.
 *
 * Must not know: how a picture is made smaller, where it is published. */
#pragma once
#include "base/diag.h"
#include "base/pool.h"
#include "model/config.h"
#include "model/site.h"

/* Warns when so many bytes are over the limit. */
void aj_pictures_tell(const AjConfig *config, const char *source, uint64_t bytes, AjDiags *diags);
/* By its name, is it one that `assets: recode` means? */
bool aj_pictures_has(const char *path);
/* Of each asset, what it is with at most `limit` bytes (aj_pool_bytes; empty: it stays as it is).
 * false: the world failed. */
bool aj_pictures_shrink(const char *root, const AjAsset *const *assets, uint32_t count,
                        uint64_t limit, AjPoolResult **result_out, GError **error);
