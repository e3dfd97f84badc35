/* manifest - what a bundle holds: each file with size and BLAKE2b, and where it comes from.
 *
 * {"format":1,"id","seq","edition","commit","base":null,"files":[{"path","size","blake2b"}],
 *  "deleted":[]}, 64 hex digits, sorted by path; the id is the head of the hash of the list itself.
 * Must not know: archives, signatures. */
#pragma once
#include "base/fs.h"

typedef struct {
    int64_t seq;         /* rises with every edition: seconds of the commit, 0 without git */
    const char *edition; /* a tag's name or "" */
    const char *commit;  /* 40 hex digits or "" */
} AjManifestOrigin;
/* Lists the files of `site` (a folder), hidden ones left out. The JSON ends in a line feed. */
bool aj_manifest_make(const char *site, const AjFsList *files, const AjManifestOrigin *origin,
                      GString *json, GError **error);
