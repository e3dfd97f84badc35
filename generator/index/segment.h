/* segment - a page's text to index terms: units, pairs of characters, Latin runs.
 *
 * A unit is a section, merged while it is very short and cut where it is long, so that a result
 * opens at its heading. No dictionary: pairs miss no substring. Must not know: other pages, files,
 * scores. */
#pragma once
#include "base/value.h"
#include "index/terse.h"

#include <glib.h>

typedef struct {
    const char *title, *kind, *address;
    const AjValue *sections; /* of AjExtract: list of {id, title, level, text} */
    const AjValue *keywords; /* list of strings: tags, hazards, posts; may be NULL */
    const AjValue *facets;   /* map of key → list of strings or string; may be NULL */
    AjTerse *terse;          /* for one page after the other; NULL: of this page alone */
} AjSegmentInput;
/* Appends the page's index data in this room's own packed form: units (sections merged or cut) with
 * their text for fragments, and sorted (term, unit, field counts) tuples. Deterministic. */
void aj_segment_page(const AjSegmentInput *page, GString *out);
/* NFKC, lower case, simplified, zero-width dropped. Caller frees. */
char *aj_segment_normalise(const char *text, size_t len);

/* The packed form, for index/shard and its helpers:
 *   1 byte AJ_SEGMENT_VERSION · 16 bytes hash of all that follows
 *   units: count, then each {length in terms, heading}
 *   texts: a string of strings, one for AJ_SEGMENT_PART units each: what a fragment file says, in
 *     the 91 characters of index/code; inside, lines by index/terse: {address without .html, title,
 *     kind unless page and, at first, the keywords, a zero-width blank before each}, {id, heading,
 *     text} a unit, and a line more where a character folds to another one
 *   pairs: count, then each {key - last key, unit, weight}, by key and unit
 *   words: count, then each {term, unit, weight}, by bytes of the term and unit
 * A pair's key is first character << 16 | second, second 0 for one alone; a pair beyond the BMP is
 * a word. Numbers are varints. A weight counts half a plain mention as 1, with flags. */
enum {
    AJ_SEGMENT_VERSION = 4,
    AJ_SEGMENT_HEADER = 17,
    AJ_SEGMENT_PART = 4, /* units */
    AJ_WEIGHT_MAX = 0xFFF,
    AJ_WEIGHT_HEADING = 0x1000, /* in a heading or a keyword */
    AJ_WEIGHT_TITLE = 0x2000
};
