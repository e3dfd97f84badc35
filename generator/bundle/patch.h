/* patch - many files as what makes them of others: one zstd frame with the others as its prefix.
 *
 * A patch says by number which files it makes (of the delta's manifest) and which it needs (of the
 * site that the delta is for). Files of one folder may be unfolded first, where that brings out
 * what did not change (AjPatchFold). What comes out is believed only by its hash. Must not know:
 * archives, the disk, manifests. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define AJ_PATCH_NAME "patch/%03u"       /* in the archive, from 0 */
enum { AJ_PATCH_BYTES_MAX = 256 << 20 }; /* of the needed files, and of what comes out */

typedef struct {
    const char *name, *bytes;
    size_t len;
} AjPatchFile;
/* Bytes live for the call. false: stop. */
typedef bool (*AjPatchSink)(const char *name, const char *bytes, size_t len, void *data);
typedef struct {
    const char *folder; /* "search/": its functions take names below it */
    const char *key;    /* a file in there without which there is no fold */
    unsigned form;      /* of what is printed: who applies a patch has to print the same */
    void (*moves)(const AjPatchFile *old, uint32_t old_count, const AjPatchFile *made,
                  uint32_t made_count, GString *moves_out);
    /* Something first, then of each file in order what does not depend on those around it. */
    void (*print)(const AjPatchFile *files, uint32_t count, const char *moves, size_t moves_len,
                  GString *out);
    bool (*read)(const char *bytes, size_t len, AjPatchSink sink, void *data);
} AjPatchFold;

/* --- making --- */

typedef struct {
    const AjPatchFold *fold;                     /* NULL: as they are */
    const AjPatchFile *needs, *makes;            /* with a fold, named below its folder */
    const uint32_t *need_numbers, *make_numbers; /* rising */
    uint32_t need_count, make_count;
    const GString *moves;   /* the fold's; NULL without one */
    const AjPatchFile *key; /* the fold's, of the new site, when it is not among `makes`; NULL */
} AjPatchJob;
/* Appends the patch. false: too large, or the fold does not give these files back. */
bool aj_patch_make(const AjPatchJob *job, GString *out);

/* --- taking apart --- */

typedef struct {
    const uint32_t *needs, *makes; /* numbers, rising */
    uint32_t need_count, make_count;
    bool folded;
    const char *fold, *moves, *frame; /* into the patch's bytes; fold: a line */
    size_t moves_len, frame_len, plain;
} AjPatch;
#define AJ_PATCH_ERROR (aj_patch_error_quark())
GQuark aj_patch_error_quark(void);
typedef enum {
    AJ_PATCH_ERROR_DAMAGED,
    AJ_PATCH_ERROR_VERSION /* sound perhaps, but of an anjian that makes other patches */
} AjPatchError;
/* The head; believes nothing. Numbers are below the limits. */
bool aj_patch_open(const char *bytes, size_t len, uint32_t need_limit, uint32_t make_limit,
                   AjPatch *out, GError **error);
void aj_patch_clear(AjPatch *p);
/* What it makes, in order, named as the sink's caller named `makes`: there only names and lengths
 * count. `needs` and `makes` are the files that the numbers say, in that order. false with an
 * error, or without one when the sink said stop. */
bool aj_patch_apply(const AjPatch *p, const AjPatchFold *fold, const AjPatchFile *needs,
                    const AjPatchFile *makes, AjPatchSink sink, void *data, GError **error);
