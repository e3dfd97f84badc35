/* history - what git knows of the pages, as data.
 *
 * Filled by history/gitlog, read by driver and templates. All in one arena.
 * Must not know: libgit2. */
#pragma once
#include "base/arena.h"

#include <stdbool.h>
#include <stdint.h>

typedef enum { AJ_CHANGE_UNSAID, AJ_CHANGE_WORDING, AJ_CHANGE_SUBSTANCE } AjChange;
typedef struct {
    char id[41];
    int64_t time; /* author time, seconds since 1970, UTC; 0: none that makes sense */
    int offset;   /* minutes east of UTC */
    const char *author, *subject;
    const char *reviewed_by, *approved_by; /* trailers; NULL when absent */
    AjChange change;                       /* trailer Change: */
} AjCommit;
typedef struct {
    const char *path;         /* below the site's folder, as asked */
    const uint32_t *commits;  /* indices into AjHistory.commits, newest first */
    uint32_t count;           /* 0: untracked */
    const char *const *names; /* what it was called at each revision; NULL: `path` at all */
    uint8_t head_blob[20];    /* git's id of the file in HEAD; zero when it is not there */
    bool modified;            /* bytes differ from HEAD's blob, or untracked */
} AjPathLog;
typedef enum {
    AJ_HISTORY_NONE,    /* no repository */
    AJ_HISTORY_EMPTY,   /* a repository without a commit */
    AJ_HISTORY_SHALLOW, /* cut: older revisions are not here */
    AJ_HISTORY_FULL
} AjHistoryState;
typedef struct {
    AjHistoryState state;
    char head[41]; /* "" without a commit */
    const AjCommit *commits;
    uint32_t commit_count;
    const AjPathLog *paths; /* in the order asked */
    uint32_t path_count;
} AjHistory;
