/* leaves - the content pages of a site, or of one course or lesson, in the order in which they are
 * read.
 *
 * A content page says so in its head (anjian:page). Courses first, each with its lessons and its
 * exam, then the rest by address; other editions are left out. Must not know: what becomes of them.
 */
#pragma once
#include "bundle/bundle.h"

#include <glib.h>

typedef struct {
    const char *path; /* below the site */
    char *title;      /* without entities */
    const char *html; /* mapped */
    size_t len;
    GMappedFile *map;
} AjLeaf;

/* AjLeaf, freed with the array; NULL with an error, also when there is none. */
GPtrArray *aj_leaves_choose(const AjBundleSite *site, GError **error);
/* Where an address (without entities) leads from a page: a path below the site, caller frees. NULL
 * when it leads elsewhere: another host, a query, a place above. `hash_out`: from its # on, or "".
 */
char *aj_leaf_resolve(const char *path, const char *address, const char **hash_out);
/* The inside of <main>; false when there is none. */
bool aj_leaf_main(const AjLeaf *leaf, const char **from_out, const char **to_out);
