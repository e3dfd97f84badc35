/* cache - what the last build of this OUT knew: inputs by stat and content id, page records,
 * outputs.
 *
 * One state file, written whole after a publish, and the pack files that hold the records. Anything
 * cut, foreign or of another program is ignored: a cache may be lost, it may never lie.
 * Must not know: what a record says, why an output has its key. */
#pragma once
#include "base/fs.h"
#include "base/hash.h"
#include "base/pool.h"
#include "write/output.h"

typedef struct {
    const char *path; /* below the site's folder */
    uint64_t size, inode;
    int64_t mtime_ns, ctime_ns;
    uint8_t blob[20]; /* git's id of the bytes */
    uint32_t pack;    /* pages only: where the record lies */
    uint64_t offset, len;
    uint8_t hash[8];  /* assets only: head of the BLAKE2b of the bytes */
    uint8_t reads[8]; /* pages only: of what its filters read besides; zeros: nothing */
} AjCacheInput;
typedef struct {
    const char *address;
    AjHash key; /* of everything that went into the file */
    AjStamp stamp;
    uint32_t overweight[2]; /* bytes at first and later, of a page above the limit; else 0 */
} AjCacheOutput;

typedef struct AjCache AjCache;
typedef struct {
    AjHash
        record_key; /* program, filters, settings: what a page record depends on beside its bytes */
    AjHash
        site_key; /* these, theme and git's head: equal and all stats equal means nothing to do */
    int64_t started_ns; /* real time before the scan: newer stamps are not to be trusted */
    const AjCacheInput *pages, *assets; /* sorted by path */
    const AjCacheOutput *outputs;       /* sorted by address */
    uint32_t page_count, asset_count, output_count;
    const char *diags; /* packed AjDiags value */
    size_t diags_len;
} AjCacheState;

/* Never NULL; an empty state when there is none or `forget`. `dir` exists. */
AjCache *aj_cache_open(const char *dir, bool forget);
void aj_cache_free(AjCache *c);
const AjCacheState *aj_cache_state(const AjCache *c);
const AjCacheInput *aj_cache_find_page(const AjCache *c, const char *path);
const AjCacheInput *aj_cache_find_asset(const AjCache *c, const char *path);
const AjCacheOutput *aj_cache_find_output(const AjCache *c, const char *address);
/* True when the entry's stat equals `now` and is old enough to be trusted. */
bool aj_cache_is_same(const AjCache *c, const AjCacheInput *known, const AjFsEntry *now);

/* Where the pool shall write new records: PREFIX for pack files of this build. */
const char *aj_cache_pack_prefix(AjCache *c);
/* Registers the packs that the pool has made; gives the number of the first. */
uint32_t aj_cache_add_packs(AjCache *c, uint32_t count);
/* Bytes of a record, mapped until aj_cache_free; NULL when the pack is gone or cut. */
const char *aj_cache_record(AjCache *c, uint32_t pack, uint64_t offset, uint64_t len);
/* Lets go of the memory in which mapped records lie; a record looked at again comes back. */
void aj_cache_rest(const AjCache *c);
/* Small named blobs beside the state (history, index runs). */
bool aj_cache_load_blob(const AjCache *c, const char *name, GString *bytes);
void aj_cache_store_blob(AjCache *c, const char *name, const void *bytes, size_t len);
/* Writes the new state and removes blobs and packs that nobody names. Records of nearly empty packs
 * are copied together first; `pages` is updated so. */
bool aj_cache_save(AjCache *c, AjCacheState *state, AjCacheInput *pages, GError **error);
