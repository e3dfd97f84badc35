/* pandocnode - one element of pandoc's JSON, or a list of them, to Lua's values.
 *
 * Must not know: documents, meta, which filter runs. */
#pragma once
#include "filter/pandocread.h"

/* Both push what stands next; `kind` is 'i' for inlines, 'b' for blocks. */
void aj_pandocnode_element(AjPandocRead *in, char kind);
void aj_pandocnode_list(AjPandocRead *in, char kind);
/* Nine of ten elements are words and spaces, written without a blank: true when one stands next,
 * and it is passed. `text` is the word's, good until the next string; NULL for a space. */
bool aj_pandocnode_word(AjPandocRead *in, const char **text, size_t *len);
void aj_pandocnode_push_word(AjPandocRead *in, const char *text, size_t len); /* one such */
/* The type of that name; raises an error when this kind has none. */
AjTag aj_pandocnode_tag(AjPandocRead *in, const char *s, size_t len, char kind);
