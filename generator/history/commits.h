/* commits - reads the commits of a repository by id, and knows where a shallow clone is cut.
 *
 * Must not know: walks, trees, pages. */
#pragma once
#include "history/commitparse.h"
#include "history/repo.h"

typedef struct AjCommits AjCommits;
/* NULL: the boundary of a shallow clone cannot be read. */
AjCommits *aj_commits_new(AjRepo *repo, GError **error);
void aj_commits_free(AjCommits *c); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AjCommits, aj_commits_free)
/* A hash that changes when the cut does; zeros: the history is whole. */
const uint8_t *aj_commits_cut(const AjCommits *c); /* 32 bytes */
/* Strings of `out` lie in `a`. A commit at which the clone is cut has no parents. */
bool aj_commits_read(const AjCommits *c, AjArena *a, const uint8_t id[20], AjRawCommit *out,
                     GError **error);
/* The ids (20 bytes each, keys of the set) of all that `id` reaches, with itself. NULL: damage. */
GHashTable *aj_commits_reached(const AjCommits *c, const uint8_t id[20], GError **error);
