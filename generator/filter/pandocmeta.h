/* pandocmeta - Lua's values that are no elements, as JSON: meta with its types, and plain ones.
 *
 * Must not know: which element holds what. */
#pragma once
#include "filter/pandocput.h"

/* The table at `at` as the map that meta is. */
void aj_pandocmeta_map(AjPandocPut *o, int at);
/* Any value: elements as in a document, plain tables as arrays and objects with sorted keys. */
void aj_pandocmeta_value(lua_State *L, AjLuatree *t, int at, GString *out);
