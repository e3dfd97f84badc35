/* delta - which files of a delta travel as patches of the old site's, and those patches.
 *
 * A patch is taken where it is smaller than its files deflated; what does not deflate (pictures,
 * sound) travels whole. Must not know: archives, how either site was made. */
#pragma once
#include "bundle/manifest.h"
#include "bundle/member.h"
#include "bundle/patch.h"
#include "bundle/unpack.h"

/* The site that the delta is for: a whole bundle, or a folder with its manifest. */
typedef struct {
    AjManifest manifest;
    AjUnpack *bundle; /* NULL: */
    const char *folder;
    const AjPatchFold *fold; /* NULL: none */
} AjDeltaOld;
typedef struct {
    const AjManifest *whole, *delta;
    const AjBundleFile *files; /* of the whole site, on disk */
    const AjMembers *members;  /* the same, in the same order */
    const AjDeltaOld *old;
} AjDeltaJob;
/* `carried`, by number of the whole site's file, says which travel as files: those that a patch
 * makes are taken out. GStrings, in order. NULL with an error. */
GPtrArray *aj_delta_patches(const AjDeltaJob *job, bool *carried, GError **error);
