/* checkout - lays the files of a commit out in a folder, from the object store alone.
 *
 * The repository's own work tree and index are not looked at. Entries that no checkout may write
 * ("..", ".git", a name with a slash) are left out and told; links are made last, so that nothing
 * is ever written through one; a submodule is an empty folder. Filters of .gitattributes are not
 * run: the bytes are the repository's.
 * Must not know: pages, sites. */
#pragma once
#include "history/repo.h"

enum { AJ_COMMIT_MODULE = 0160000 /* a submodule */ };
typedef struct {
    const char *path; /* from the top of the repository */
    uint32_t mode;    /* git's: 0100644, 0120000 a link, AJ_COMMIT_MODULE */
    uint8_t id[20];
} AjCommitFile;
/* Every file below `prefix` ("" or "a/b/") of a commit, sorted as git sorts; NULL: damage, or an
 * object that is missing. *found_out false: there is no such folder. `refused_out` (may be NULL)
 * gets the paths that no checkout may write. */
GArray *aj_checkout_list(AjRepo *repo, AjArena *a, const char *commit, const char *prefix,
                         bool *found_out, GPtrArray *refused_out, GError **error);
/* Writes them below the folder `to`, which exists and is ours alone. */
bool aj_checkout_write(AjRepo *repo, const GArray *files, const char *to, GPtrArray *refused_out,
                       GError **error);
