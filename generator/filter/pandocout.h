/* pandocout - Lua's values to pandoc's JSON tree.
 *
 * Must not know: cmark's tree, which filter ran. */
#pragma once
#include "filter/pandocin.h"

/* Appends the Pandoc value at `doc` as one line. What the version has no name for becomes what is
 * nearest: a Figure a Div in 1.22, a Null nothing in 1.23. Keys of meta are sorted. */
void aj_pandocout_print(lua_State *L, AjLuatree *t, int doc, const AjPandocVersion *version,
                        GString *out);
