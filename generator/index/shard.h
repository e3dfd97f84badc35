/* shard - all pages' terms to script shards, manifest and fragments.
 *
 * k-way merge over sorted runs, one a group of pages; runs of unchanged groups come from the cache.
 * Same bytes for any grouping history and any number of workers.
 * Must not know: files; each finished file goes to a callback. */
#pragma once
#include "base/hash.h"
#include "base/value.h"

#include <glib.h>

typedef struct {
    const char *address, *title, *kind;
    const char *terms; /* what aj_segment_page made */
    size_t terms_len;
    const AjValue *facets;
} AjShardPage;
typedef struct {
    /* A finished file below the search folder, e.g. "t/0a1b2c.js", and the hash of what it was made
     * from. false stops. */
    bool (*file)(const char *name, const AjHash *key, const char *bytes, size_t len, void *data);
    /* Asked before a file is made: true when the one of the last build had this key and stays, then
     * `file` is not called. May be NULL. */
    bool (*keep)(const char *name, const AjHash *key, void *data);
    /* Cache of runs by key (hex); load appends and returns true when known. May be NULL. */
    bool (*load)(const char *key, GString *bytes, void *data);
    void (*store)(const char *key, const char *bytes, size_t len, void *data);
    void *data;
    const AjValue *synonyms; /* of AjConfig */
} AjShardSink;
bool aj_shard_build(const AjShardPage *pages, uint32_t count, const AjShardSink *sink);

/* What a manifest.js says of how the other files are to be read. false: not ours. */
typedef struct {
    char numbering[9];
    uint32_t documents, reach, pack; /* of AjVolume */
} AjShardManifest;
bool aj_shard_manifest(const char *bytes, size_t len, AjShardManifest *manifest_out);
