/* luameta - front matter as Lua sees it, and back.
 *
 * Must not know: which keys there are, blocks. */
#pragma once
#include "filter/luatree.h"

/* `v` may be NULL: nil. */
void aj_luameta_push(lua_State *L, AjLuatree *t, const AjValue *v);
/* The table at `at`: old keys in their old order, then the new ones by name. An unchanged value
 * keeps its source line; Inlines and Blocks become their text. Raises Lua's errors. */
AjValue *aj_luameta_read(lua_State *L, AjLuatree *t, int at, const AjValue *old);
