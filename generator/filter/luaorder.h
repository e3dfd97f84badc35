/* luaorder - pairs and next in an order that is the same in every process.
 *
 * Must not know: what any table holds. */
#pragma once
#include <lua.h>

int aj_luaorder_pairs(lua_State *L); /* Lua's pairs; __pairs is honoured */
int aj_luaorder_next(lua_State *L);  /* Lua's next, slow over a whole table */
