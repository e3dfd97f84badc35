/* luaenv - what a filter's chunk finds as its own: PANDOC_STATE and the like, require.
 *
 * Must not know: trees, limits. */
#include "filter/luaenv.h"

#include "filter/luabase.h"

#include <lauxlib.h>
#include <string.h>

void aj_luaenv_load(lua_State *L, const char *path, const char *text, size_t len)
{
    lua_pushfstring(L, "@%s", path);
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        len -= 3;
    }
    if (luaL_loadbufferx(L, text, len, lua_tostring(L, -1), "t"))
        lua_error(L);
    lua_remove(L, -2);
}

/* upvalues: the filter's source, its environment. What lies beside the filter, run in the same
 * environment; compiled for the first page that asks, as the filter itself is compiled once. */
static int load_own(lua_State *L)
{
    const AjFilterSource *source = lua_touserdata(L, lua_upvalueindex(1));
    const char *name = luaL_checkstring(L, 1);
    const char *slash = strrchr(source->path, '/');
    int folder = slash ? (int)(slash + 1 - source->path) : 0;
    for (uint32_t i = 0; i < source->module_count; i++) {
        const AjFilterModule *m = &source->modules[i];
        if (strcmp(m->name, name) != 0)
            continue;
        if (lua_rawgetp(L, LUA_REGISTRYINDEX, m) != LUA_TFUNCTION) {
            lua_pushlstring(L, source->path, (size_t)folder);
            lua_pushfstring(L, "%s%s.lua", lua_tostring(L, -1), name);
            aj_luaenv_load(L, lua_tostring(L, -1), m->text, m->len);
            lua_pushvalue(L, -1);
            lua_rawsetp(L, LUA_REGISTRYINDEX, m);
        }
        lua_pushvalue(L, lua_upvalueindex(2));
        lua_setupvalue(L, -2, 1);
        lua_pushstring(L, name);
        lua_call(L, 1, 1);
        return 1;
    }
    return luaL_error(L, "module '%s' not found: neither pandoc's nor beside the filter", name);
}

void aj_luaenv_fill(lua_State *L, int env, const AjFilterSource *source, const char *format,
                    const char *page)
{
    const char *path = source->path, *slash = strrchr(path, '/');
    lua_pushvalue(L, env);
    lua_setfield(L, env, "_G");
    lua_pushstring(L, path);
    lua_setfield(L, env, "PANDOC_SCRIPT_FILE");
    lua_pushstring(L, format ? format : "html");
    lua_setfield(L, env, "FORMAT");
    lua_createtable(L, 0, 8);
    lua_newtable(L);
    if (page) {
        lua_pushstring(L, page);
        lua_rawseti(L, -2, 1);
    }
    lua_setfield(L, -2, "input_files");
    lua_newtable(L);
    lua_pushliteral(L, ".");
    lua_rawseti(L, -2, 1);
    lua_setfield(L, -2, "resource_path");
    lua_newtable(L);
    lua_setfield(L, -2, "log");
    lua_newtable(L);
    lua_setfield(L, -2, "request_headers");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "trace");
    lua_pushliteral(L, "WARNING");
    lua_setfield(L, -2, "verbosity");
    lua_setfield(L, env, "PANDOC_STATE");
    lua_rawgeti(L, LUA_REGISTRYINDEX, aj_luabase_state(L)->exports);
    lua_getfield(L, -1, "begin");
    lua_pushvalue(L, env);
    lua_pushlightuserdata(L, (void *)source);
    lua_pushvalue(L, env);
    lua_pushcclosure(L, load_own, 2);
    lua_pushlstring(L, path, slash ? (size_t)(slash + 1 - path) : 0);
    lua_pushfstring(L, "%s?.lua", lua_tostring(L, -1));
    lua_remove(L, -2);
    lua_call(L, 3, 0);
    lua_pop(L, 1);
}
