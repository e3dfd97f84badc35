/* luaenv - what a filter's chunk finds as its own: PANDOC_STATE and the like, require.
 *
 * Must not know: trees, limits. */
#pragma once
#include "filter/luabox.h"

#include <lua.h>

/* Pushes the chunk; an error of Lua's when it does not compile. */
void aj_luaenv_load(lua_State *L, const char *path, const char *text, size_t len);
/* Fills the table at `env` afresh; `page` and `format` may be NULL. */
void aj_luaenv_fill(lua_State *L, int env, const AjFilterSource *source, const char *format,
                    const char *page);
