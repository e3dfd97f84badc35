/* luaopen - a new state's engine: the safe base, C's helpers, the parts written in Lua.
 *
 * Must not know: filters, documents, limits. */
#pragma once
#include <lua.h>

/* Pushes what every filter reads its globals through, then what pandoc.lua returned. Call in
 * protected mode, once a state. */
void aj_luaopen(lua_State *L);
