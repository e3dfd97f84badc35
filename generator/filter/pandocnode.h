/* pandocnode - one element of pandoc's JSON, or a list of them, to Lua's values.
 *
 * Must not know: documents, meta, which filter runs. */
#pragma once
#include "filter/pandocread.h"

/* Both push what stands next; `kind` is 'i' for inlines, 'b' for blocks. */
void aj_pandocnode_element(AjPandocRead *in, char kind);
void aj_pandocnode_list(AjPandocRead *in, char kind);
/* The type of that name; raises an error when this kind has none. */
AjTag aj_pandocnode_tag(AjPandocRead *in, const char *s, size_t len, char kind);
