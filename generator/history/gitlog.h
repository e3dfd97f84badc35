/* gitlog - the history of all pages: path to revisions.
 *
 * A revision is a commit that `git log -- PATH` lists (simplified history), plus renames: exact
 * ones, and those with small edits. One walk serves all paths; it is resumed from its own packed
 * state: only commits since then are walked. Must not know: pages beyond their paths and blob ids,
 * how commits are walked. */
#pragma once
#include "history/repo.h"
#include "model/history.h"

typedef struct {
    const char *path;    /* below the prefix, as AjPathLog.path */
    const uint8_t *blob; /* 20 bytes: git id of the bytes on disk; NULL: compare head_blob later */
} AjTracked;
/* `state`/`state_len`: what an earlier walk left, or NULL; a state of another history is ignored.
 * `state_out` (may be NULL): appended with the new state; with nothing when the old one is as good.
 * `walked_out` (may be NULL): commits looked at. A NULL repo gives AJ_HISTORY_NONE. */
AjHistory *aj_gitlog_walk(AjArena *a, AjRepo *repo, const char *prefix, const AjTracked *paths,
                          uint32_t count, const void *state, size_t state_len, GString *state_out,
                          uint32_t *walked_out, GError **error);
