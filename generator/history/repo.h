/* repo - a git repository: open, resolve, read a blob at any commit without a checkout.
 *
 * Must not know: pages, what a path means to the site. */
#pragma once
#include "base/arena.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define AJ_REPO_ERROR (aj_repo_error_quark())
GQuark aj_repo_error_quark(void);
typedef enum {
    AJ_REPO_ERROR_OPEN,    /* there is a repository, but it cannot be opened */
    AJ_REPO_ERROR_OWNER,   /* it belongs to somebody else (git's safe.directory) */
    AJ_REPO_ERROR_MISSING, /* an object is absent: a partial clone, or damage */
    AJ_REPO_ERROR_DAMAGED, /* an object is there and makes no sense */
    AJ_REPO_ERROR_REV      /* no commit has this name */
} AjRepoError;

typedef struct AjRepo AjRepo;
/* The repository that holds `folder` (searching upwards), or NULL without error when there is none.
 * `prefix_out`: the folder's path inside the work tree, "" or "content/", caller frees. */
AjRepo *aj_repo_open(const char *folder, char **prefix_out, GError **error);
void aj_repo_free(AjRepo *repo); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AjRepo, aj_repo_free)
/* HEAD's commit, 40 hex digits; "" when there is no commit. */
bool aj_repo_head(AjRepo *repo, char id_out[41], int64_t *time_out, GError **error);
/* Takes `rev` (a tag, branch, commit, HEAD~3) for HEAD from now on. */
bool aj_repo_pin(AjRepo *repo, const char *rev, GError **error);
/* The commit that `rev` names; HEAD stays. */
bool aj_repo_resolve(AjRepo *repo, const char *rev, char id_out[41], int64_t *time_out,
                     GError **error);
/* The committer's minutes east of UTC; 0 when the commit cannot be read. */
int aj_repo_offset(AjRepo *repo, const char *commit);
/* The bytes of a file in a commit, NUL added, caller frees. *bytes_out NULL: no such file, or more
 * than `limit` bytes. `path` is from the top of the repository. */
bool aj_repo_file(AjRepo *repo, const char *commit, const char *path, size_t limit,
                  char **bytes_out, size_t *len_out, GError **error);
typedef struct {
    const char *name; /* "v1.2" */
    char commit[41];
    int64_t time; /* of the commit */
} AjRepoTag;
/* Every tag of a commit that matches one of `patterns` (with * and ?; NULL: all), newest commit
 * first, then by name. `others_out` (may be NULL) gets the names of those that are no commits. */
GArray *aj_repo_tags(AjRepo *repo, AjArena *a, const char *const *patterns, GPtrArray *others_out,
                     GError **error);
bool aj_repo_is_shallow(AjRepo *repo);
const char *aj_repo_workdir(AjRepo *repo); /* NULL for a bare one */
const char *aj_repo_gitdir(AjRepo *repo);
/* Where objects and `shallow` lie: another folder than gitdir in a linked work tree. */
const char *aj_repo_commondir(AjRepo *repo);

/* For the rooms of history/ alone. */
struct git_odb;
struct git_repository;
struct git_odb *aj_repo_objects(AjRepo *repo);
struct git_repository *aj_repo_handle(AjRepo *repo);
/* Sets `error` from libgit2's last one, after `doing`. */
void aj_repo_error_take(GError **error, int code, const char *doing);
