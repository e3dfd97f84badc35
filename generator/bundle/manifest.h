/* manifest - what a bundle holds: each file with size and BLAKE2b, and where it comes from.
 *
 * {"format":1,"id","seq","edition","commit","base":null,"files":[{"path","size","blake2b"}],
 *  "deleted":[]}, 64 hex digits, sorted by path; the id is the head of the hash of the list itself.
 * Must not know: archives, signatures. */
#pragma once
#include "base/hash.h"

#include <glib.h>

typedef struct {
    int64_t seq;         /* rises with every edition: seconds of the commit, 0 without git */
    const char *edition; /* a tag's name or "" */
    const char *commit;  /* 40 hex digits or "" */
} AjManifestOrigin;
typedef struct {
    const char *path; /* below the site */
    uint64_t size;
    AjHash hash;
} AjManifestFile;
/* The files are sorted by path. The JSON ends in a line feed. */
void aj_manifest_print(const AjManifestFile *files, uint32_t count, const AjManifestOrigin *origin,
                       GString *json);
