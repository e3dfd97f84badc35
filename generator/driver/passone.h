/* passone - which pages have to be made, and their records, in workers beside the git walk.
 *
 * Must not know: what joins pages, templates. */
#pragma once
#include "driver/cache.h"
#include "driver/prepare.h"
#include "load/scan.h"
#include "model/history.h"

typedef struct {
    const AjBuildOptions *options;
    AjBuildStats *stats;
    AjPrepared *prepared;
    AjScan *scan;
    AjCache *cache;
    AjArena *arena;
    AjDiags *diags;
} AjPassOneSetup;
typedef struct AjPassOne AjPassOne;

/* Decides at once which pages are dirty: no trusted record of the same bytes, settings and filters.
 */
AjPassOne *aj_passone_new(const AjPassOneSetup *setup);
uint32_t aj_passone_dirty(const AjPassOne *b);
/* Fills inputs[i] and records[i] (mapped or in the arena) for every page of the scan. */
bool aj_passone_run(AjPassOne *b, AjCacheInput *inputs, const char **records, GError **error);
AjHistory *aj_passone_history(const AjPassOne *b); /* after run; lives as long as b */
void aj_passone_free(AjPassOne *b);
/* Path and stat of a scanned file, for the cache. */
void aj_passone_stat(AjCacheInput *in, const AjFsEntry *entry);
