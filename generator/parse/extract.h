/* extract - what others need to know of a tree: headings, links, pictures, plain text.
 *
 * Must not know: where links lead, HTML. */
#pragma once
#include "base/value.h"
#include "model/tree.h"

typedef struct {
    AjValue *headings; /* list of {level, id, text, line} */
    AjValue *sections; /* list of {id, title, level, text}: plain text below each heading; the text
                          before the first heading has id "" ; for the index */
    const char *title; /* text of the first level-1 heading, or NULL */
    const char *summary; /* the first paragraph's text, at most 120 characters; "" */
    uint32_t han, words; /* counts, for reading time */
} AjExtract;
void aj_extract(AjArena *a, const AjTree *tree, AjExtract *out);
