/* renames - where a path that came with a commit lay before.
 *
 * The same bytes, under the same file name rather than another; else, where few paths came and
 * went, the text that is most alike, when three quarters of it are: a page that was moved and
 * mended in one commit. What cannot be read is no rename.
 * Must not know: walks, which names are followed, pages. */
#pragma once
#include "history/repo.h"

typedef struct AjRenames AjRenames;
AjRenames *aj_renames_new(AjRepo *repo);
void aj_renames_free(AjRenames *r); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AjRenames, aj_renames_free)
/* One commit against one parent begins. Paths and ids (20 bytes) are borrowed until the next. */
void aj_renames_begin(AjRenames *r);
void aj_renames_went(AjRenames *r, const char *path, const uint8_t *id);
void aj_renames_came(AjRenames *r, const char *path, const uint8_t *id);
/* Once all is told: the path that went of which `path` with the bytes `id` is the new name; NULL:
 * none. An empty file has no earlier name. */
const char *aj_renames_find(AjRenames *r, const char *path, const uint8_t *id);
