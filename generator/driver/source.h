/* source - where a build takes its files from: the folder as it is, or a commit of its repository.
 *
 * Of a commit, the site's folder and the repository's themes and filters are laid out in a folder
 * of ours; from there on a build of it is a build like any other, so that both give the same bytes.
 * Must not know: what the files say. */
#pragma once
#include "base/diag.h"
#include "history/repo.h"

typedef struct {
    AjRepo *repo; /* NULL: not in a repository; pinned to the commit when there is one */
    char *prefix; /* of the site in the repository, "" or "content/" */
    char *root;   /* the folder to build from */
    char *top;    /* of the repository's files, laid out or in the work tree; may be NULL */
    char *theme_root, *theme_top; /* where themes and filters are looked for */
} AjSource;
/* `rev` NULL: `folder` as it is. Else `scratch` is a folder that the caller removes, and `folder`
 * need not exist any more. `present_theme`: themes and filters of the work tree all the same. */
bool aj_source_open(AjSource *s, const char *folder, const char *rev, bool present_theme,
                    const char *scratch, AjDiags *diags, GError **error);
void aj_source_clear(AjSource *s);
