/* review - a static site that shows what differs between two commits, for those who approve it.
 *
 * Must not know: the command line. */
#pragma once
#include "base/diag.h"

#include <glib.h>

typedef struct {
    const char *root;      /* the site's folder, absolute; need not exist in the work tree */
    const char *shown;     /* how the user named it */
    const char *from, *to; /* commits, tags, branches */
    const char *out;       /* absolute */
    bool in_place;
} AjReviewOptions;
/* `pages_out`: {pages: [{path, was, is_added|is_removed|is_changed|is_renamed, …}], others}, in
 * `a`. Theme and language are those of `to`. `published_out` false: an error of the site,
 * diagnosed. */
bool aj_review(AjArena *a, const AjReviewOptions *options, AjDiags *diags, AjValue **pages_out,
               bool *published_out, GError **error);
