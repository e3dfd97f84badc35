/* apply - a signed bundle onto a folder that holds the site, whole or not at all.
 *
 * TARGET is a real folder with the site itself (TARGET/index.html). TARGET/.anjian/ holds
 *   state.json   the manifest of the whole site as applied, and state.sum, its BLAKE2b
 *   stage/       the new site while it is made
 *   previous/    the generation before
 * Where the file system exchanges two names, the switch is one system call: whoever looks sees the
 * old site or the new one, also after a stick was pulled. Elsewhere (FAT, exFAT, TARGET is a mount
 * point) files are renamed one after the other under a journal, which the next run finishes; a
 * reader may meet old and new pages side by side meanwhile. Must not know: archives. */
#pragma once
#include "bundle/unpack.h"

typedef enum { AJ_APPLY_DONE, AJ_APPLY_SAME } AjApplyResult; /* SAME: all of it is there already */
typedef struct {
    AjApplyResult result;
    bool recovered; /* a run that was cut off before has been finished or undone */
    bool in_place;  /* went file by file */
    uint32_t written, kept, deleted;
    int64_t old_seq; /* -1: there was none */
} AjApplyReport;

#define AJ_APPLY_ERROR (aj_apply_error_quark())
GQuark aj_apply_error_quark(void);
typedef enum {
    AJ_APPLY_ERROR_OLDER, /* an older sequence, or the same with other content */
    AJ_APPLY_ERROR_BASE,  /* a delta onto another site */
    AJ_APPLY_ERROR_STATE, /* TARGET's state is lost or edited */
    AJ_APPLY_ERROR_NOT_OURS,
    AJ_APPLY_ERROR_WORLD
} AjApplyError;

/* `fold`: how patches of the bundle may be folded; NULL: none. `in_place`: as if names could not be
 * exchanged. TARGET is absolute; it may be absent. */
bool aj_apply(AjUnpack *bundle, const char *target, const AjPatchFold *fold, bool in_place,
              AjApplyReport *report, GError **error);
