/* segment - a page's text to index terms: normalise, bigrams, Latin runs.
 *
 * One table of normalisation for C and JS, tested on shared vectors.
 * Must not know: other pages, files, scores. */
#pragma once
#include "base/value.h"

#include <glib.h>

typedef struct {
    const char *title, *kind, *address;
    const AjValue *sections; /* of AjExtract: list of {id, title, level, text} */
    const AjValue *keywords; /* list of strings: tags, hazards, posts; may be NULL */
    const AjValue *facets;   /* map of key → list of strings or string; may be NULL */
} AjSegmentInput;
/* Appends the page's index data in this room's own packed form: units (sections merged or cut) with
 * their text for fragments, and sorted (term, unit, field counts) tuples. Deterministic. */
void aj_segment_page(const AjSegmentInput *page, GString *out);
/* NFKC, lower case, simplified, zero-width dropped. Caller frees. */
char *aj_segment_normalise(const char *text, size_t len);
