/* manifest - what a bundle holds: each file with size and BLAKE2b, and where it comes from.
 *
 * {"format":1,"id","seq","edition","commit","base":null|ID,"files":[{"path","size","blake2b"}],
 *  "deleted":[]}, 64 hex digits, sorted by path. The id is the head of the hash of the whole list
 * of the site's files. A delta has the id of the site that it makes, `base` the id of the one that
 * it changes; it lists the files that it carries, and the paths that are gone. Must not know:
 * archives, signatures, the disk. */
#pragma once
#include "base/arena.h"
#include "base/hash.h"

#include <glib.h>

enum {
    AJ_MANIFEST_FILES_MAX = 100000,
    AJ_MANIFEST_PATH_MAX = 180, /* bytes; Windows ends at 260 with the folders above */
    AJ_MANIFEST_BYTES_MAX = 64 << 20
};
#define AJ_MANIFEST_ID 32 /* hex digits */

#define AJ_MANIFEST_ERROR (aj_manifest_error_quark())
GQuark aj_manifest_error_quark(void);

typedef struct {
    const char *path; /* below the site */
    uint64_t size;
    AjHash hash;
} AjManifestFile;
typedef struct {
    int64_t seq;         /* rises with every edition: seconds of the commit, 0 without git */
    const char *edition; /* a tag's name or "" */
    const char *commit;  /* 40 hex digits or "" */
    char id[AJ_MANIFEST_ID + 1], base[AJ_MANIFEST_ID + 1]; /* base: "" for a whole bundle */
    const AjManifestFile *files;                           /* by path */
    uint32_t count, deleted_count;
    const char *const *deleted; /* by path */
    uint64_t bytes;             /* of all files together */
} AjManifest;

/* The number of the first file whose path is not before `path`; `count` when there is none. */
uint32_t aj_manifest_first(const AjManifest *m, const char *path);
const AjManifestFile *aj_manifest_find(const AjManifest *m, const char *path); /* NULL: not there */
bool aj_manifest_deletes(const AjManifest *m, const char *path);
/* The id of a site with these files. */
void aj_manifest_identify(const AjManifestFile *files, uint32_t count, char id[AJ_MANIFEST_ID + 1]);
/* What changed from `old` to `whole`, as a delta's manifest; borrows from both. */
void aj_manifest_delta(AjArena *a, const AjManifest *whole, const AjManifest *old,
                       AjManifest *delta_out);
/* Ends in a line feed. */
void aj_manifest_print(const AjManifest *m, GString *json);
/* Believes nothing: form, order, names that any system can hold, each once even where case does not
 * count, sums. Strings live in the arena. */
bool aj_manifest_parse(AjArena *a, const char *json, size_t len, AjManifest *out, GError **error);
/* A path that may stand in a bundle, on any system: letters, digits, . _ - and /; no part that is
 * hidden, a device, or ends in a dot. */
bool aj_manifest_path_is_sound(const char *path);
