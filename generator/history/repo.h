/* repo - a git repository: open, resolve, read a blob at any commit without a checkout.
 *
 * Must not know: pages, what a path means to the site. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct AjRepo AjRepo;
/* The repository that holds `folder` (searching upwards), or NULL without error when there is none.
 * `prefix_out`: the folder's path inside the work tree, "" or "content/", caller frees. */
AjRepo *aj_repo_open(const char *folder, char **prefix_out, GError **error);
void aj_repo_free(AjRepo *repo);
/* HEAD's commit, 40 hex digits; "" when there is no commit. */
bool aj_repo_head(AjRepo *repo, char id_out[41], int64_t *time_out, GError **error);
bool aj_repo_is_shallow(AjRepo *repo);
const char *aj_repo_workdir(AjRepo *repo); /* NULL for a bare one */
const char *aj_repo_gitdir(AjRepo *repo);
