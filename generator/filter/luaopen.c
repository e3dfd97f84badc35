/* luaopen - a new state's engine: the safe base, C's helpers, the parts written in Lua.
 *
 * Must not know: filters, documents, limits. */
#include "filter/luaopen.h"

#include "filter/luabase.h"
#include "filter/luadoc.h"
#include "filter/luafiles.h"
#include "filter/luapart.h"
#include "filter/luapass.h"
#include "filter/luashare.h"
#include "filter/luatag.h"

#include <lauxlib.h>

static const char globals_key = 0;

/* part(name): a part of the engine as a function. */
static int load_part(lua_State *L)
{
    size_t len;
    const char *name = luaL_checkstring(L, 1);
    const char *text = aj_luapart_find(name, &len);
    if (!text)
        return luaL_error(L, "there is no part %s", name);
    if (luaL_loadbufferx(L, text, len, "=pandoc", "t"))
        return lua_error(L);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &globals_key); /* no filter comes near these */
    lua_setupvalue(L, -2, 1);
    return 1;
}

void aj_luaopen(lua_State *L)
{
    aj_luabase_open(L); /* base, native */
    int base = lua_gettop(L) - 1, native = base + 1;
    lua_createtable(L, 0, AJ_TAGS);
    for (int i = 1; i < AJ_TAGS; i++) {
        lua_pushinteger(L, i);
        lua_setfield(L, -2, aj_luatag_name((AjTag)i));
    }
    lua_setfield(L, native, "ids");
    lua_pushcfunction(L, aj_luapass_new);
    lua_setfield(L, native, "pass");
    lua_pushcfunction(L, aj_luapass_note);
    lua_setfield(L, native, "note");
    lua_pushcfunction(L, aj_luapass_clone);
    lua_setfield(L, native, "clone");
    lua_pushcfunction(L, aj_luashare);
    lua_setfield(L, native, "unshare");
    lua_pushglobaltable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &globals_key);
    aj_luadoc_open(L, native);
    aj_luafiles_open(L, native);
    lua_pushcfunction(L, load_part);
    lua_pushliteral(L, "pandoc");
    lua_call(L, 1, 1);
    lua_pushvalue(L, native);
    lua_pushcfunction(L, load_part);
    lua_call(L, 2, 1);
    int exports = lua_gettop(L);
    lua_getfield(L, exports, "globals");
    lua_pushnil(L);
    while (lua_next(L, -2)) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_settable(L, base);
    }
    lua_pop(L, 1);
    /* Elements by tag number, for C. */
    lua_getfield(L, exports, "elements");
    for (int i = 1; i < AJ_TAGS; i++) {
        lua_getfield(L, -1, aj_luatag_name((AjTag)i));
        lua_rawseti(L, -2, i);
    }
    lua_pop(L, 1);
    /* What was needed to open must not be needed again: the state's own globals go. */
    lua_newtable(L);
    lua_rawseti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
    lua_remove(L, native);
}
