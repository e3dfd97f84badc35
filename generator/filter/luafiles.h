/* luafiles - what a filter may do with the world outside of its state.
 *
 * Reading below the site's folder is always there; writing, programs, environment and clock only
 * where the host says so.
 * Must not know: elements, documents. */
#pragma once
#include <lua.h>

/* Adds its functions to the table at `native`, which system.lua makes io, os and pandoc.system of.
 */
void aj_luafiles_open(lua_State *L, int native);
