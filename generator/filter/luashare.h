/* luashare - one element in two places becomes two, as it would be between pandoc's passes.
 *
 * Must not know: what any element holds. */
#pragma once
#include <lua.h>

/* For the engine's Lua: unshare(value). */
int aj_luashare(lua_State *L);
