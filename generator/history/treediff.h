/* treediff - which paths differ between a tree and its parents' trees.
 *
 * A merge loop over raw tree entries compares object ids and goes down only where they differ from
 * the first parent; equal stretches are skipped as bytes. Read trees are kept in a small cache,
 * since a commit's tree is the next comparison's other side.
 * Must not know: commits, revisions, pages. */
#pragma once
#include "history/repo.h"

#include <stddef.h>

typedef struct AjTrees AjTrees;
AjTrees *aj_trees_new(AjRepo *repo);
void aj_trees_free(AjTrees *t);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AjTrees, aj_trees_free)
/* The id of the folder `prefix` ("" or "a/b/") below tree `root`. `found_out` false: no such
 * folder. */
bool aj_trees_find(AjTrees *t, const uint8_t root[20], const char *prefix, uint8_t id_out[20],
                   bool *found_out, GError **error);

enum { AJ_TREE_PARENTS = 32 }; /* of a merge with more, the others are not looked at */
typedef struct {
    const char *path; /* NUL-terminated, borrowed for the call */
    size_t len;
    const uint8_t *now;    /* 20 bytes; NULL: absent */
    const uint8_t *before; /* in the first parent; NULL: absent */
    uint32_t same;         /* first parent (1...) whose entry equals `now`; 0: none */
    uint32_t absent;       /* bit i: absent in parent i */
} AjTreeChange;
typedef void (*AjTreeSee)(const AjTreeChange *change, void *data);

/* `now` and each of `parents` may be NULL: an empty tree. With count 0 all of `now` is new.
 * Only entries that differ from the first parent are seen, in the order of the tree. Entries whose
 * names no checkout may write (empty, with '/', "." or "..") are passed over. */
bool aj_trees_compare(AjTrees *t, const uint8_t *now, const uint8_t *const *parents, uint32_t count,
                      AjTreeSee see, void *data, GError **error);
