/* luadoc - what the engine's Lua asks of C for whole documents: read, write, JSON, hashes.
 *
 * Must not know: files, which filter runs. */
#pragma once
#include <lua.h>

/* Adds its functions to the table at `native`. */
void aj_luadoc_open(lua_State *L, int native);
