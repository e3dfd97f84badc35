/* collect - result files from sticks and folders into the ledger.
 *
 * Each statement once; a file costs one transaction; what is wrong is named with file and line and
 * the rest taken. Must not know: SQL, how a line is judged, reports. */
#pragma once
#include "records/store.h"

typedef struct {
    const char *folder; /* or one file */
    const char *shown;  /* how the user named it */
    const char *site;   /* whose statements are taken; NULL: those of the ledger's first one */
    const char *secret; /* for countersignatures */
    int64_t now;
} AjCollectOptions;
typedef struct {
    uint32_t files, statements, fresh, refused, foreign, chains;
} AjCollectCount;
/* false: the ledger or its disk failed. A file that cannot be read is named, others go on. */
bool aj_collect(AjStore *store, const AjCollectOptions *options, AjDiags *diags,
                AjCollectCount *count, GError **error);
