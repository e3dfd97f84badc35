/* around - what lies beside the site in a bundle, for people who unpack by hand.
 *
 * start.html leads in, poster.html is one page to print and hang beside the stick, update.html says
 * which version is on the disk and, with update.js and the site's edition.js, whether the copy
 * beside it is of that version. Must not know: archives, manifests, signatures. */
#pragma once
#include "bundle/bundle.h"

enum { AJ_AROUND = 4 };
typedef struct {
    const char *title, *language;
    const char *commit, *date; /* 40 hex digits and YYYY-MM-DD, or "" */
    uint32_t count;            /* files of the site */
} AjAround;
/* Gives AJ_AROUND files, sorted; bytes live in the arena. */
void aj_around(AjArena *a, const AjAround *what, AjBundleFile files[AJ_AROUND]);
bool aj_around_has(const char *name); /* is it the name of one of them? */
