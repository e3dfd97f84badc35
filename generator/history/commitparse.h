/* commitparse - the bytes of a git commit, read: parents, times, author, subject, trailers.
 *
 * Pure: bytes in, data out. Text comes out as valid UTF-8 without control characters.
 * Must not know: repositories, walks, pages. */
#pragma once
#include "base/arena.h"
#include "model/history.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint8_t tree[20];
    const uint8_t (*parents)[20]; /* in the arena */
    uint32_t parent_count;
    int64_t author_time, commit_time; /* seconds since 1970 */
    int offset;                       /* the author's, minutes east of UTC */
    const char *author, *subject;
    const char *reviewed_by, *approved_by; /* NULL when absent; several are joined by 、 */
    AjChange change;
} AjRawCommit;

/* False: these bytes are no commit. */
bool aj_commitparse(AjArena *a, const char *bytes, size_t len, AjRawCommit *out);
/* 40 hex digits to 20 bytes; false when they are none. */
bool aj_commitparse_id(const char *hex, size_t len, uint8_t out[20]);
