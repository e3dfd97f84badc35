/* luabase - the part of Lua's library that a filter may have, and its limits.
 *
 * Library tables are reached through empty proxies: what a filter writes lands in the proxy and is
 * wiped before the next run. Between C and Lua nothing is held that an error could leak, but one
 * GLib string at a time, which the state owns.
 * Must not know: the tree, pages, which filter runs. */
#include "filter/luabase.h"

#include "filter/luaorder.h"

#include <glib.h>
#include <lauxlib.h>
#include <lualib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define HOOK_STEP 1000
#define CHUNK (2u << 20)
#define GARBAGE_REST (4u << 20)
#define FRAMES_LOOKED_AT 250

static const char proxies_key = 0;

AjLuaState *aj_luabase_state(lua_State *L)
{
    return *(AjLuaState **)lua_getextraspace(L);
}

/* Lua tells the size of what it gives back, so small pieces need no heads: they come in steps of 16
 * bytes from chunks, and wait in a list of their size for the next one. */
static void *small_new(AjLuaState *s, size_t size)
{
    size_t step = (size + 15) / 16;
    void **free_one = s->free[step];
    if (free_one) {
        s->free[step] = *free_one;
        return free_one;
    }
    if (s->chunk_left < step * 16) {
        void **chunk = aligned_alloc(CHUNK, CHUNK);
        if (!chunk)
            return NULL;
        madvise(chunk, CHUNK,
                MADV_HUGEPAGE); /* one fault, not 512; where it cannot be, it is not */
        *chunk = s->chunks;
        s->chunks = chunk;
        s->chunk_at = (char *)chunk + 16;
        s->chunk_left = CHUNK - 16;
    }
    void *p = s->chunk_at;
    s->chunk_at += step * 16;
    s->chunk_left -= step * 16;
    return p;
}

static void piece_free(AjLuaState *s, void *p, size_t size)
{
    if (size > AJ_LUA_SMALL) {
        free(p);
    } else if (size) {
        void **slot = p;
        *slot = s->free[(size + 15) / 16];
        s->free[(size + 15) / 16] = slot;
    }
}

static void *allocate(void *data, void *old, size_t old_size, size_t new_size)
{
    AjLuaState *s = data;
    if (!old)
        old_size = 0;
    if (new_size == 0) {
        s->used -= old_size;
        piece_free(s, old, old_size);
        return NULL;
    }
    if (new_size > old_size && new_size - old_size > s->memory_max - MIN(s->used, s->memory_max))
        return NULL;
    void *p;
    if (old_size > AJ_LUA_SMALL && new_size > AJ_LUA_SMALL) {
        p = realloc(old, new_size);
    } else {
        p = new_size > AJ_LUA_SMALL ? malloc(new_size) : small_new(s, new_size);
        if (p && old_size) {
            memcpy(p, old, MIN(old_size, new_size));
            piece_free(s, old, old_size);
        }
    }
    if (p)
        s->used += new_size - old_size;
    return p;
}

void aj_luabase_free(lua_State *L)
{
    AjLuaState *s = aj_luabase_state(L);
    lua_close(L);
    while (s->chunks) {
        void **chunk = s->chunks;
        s->chunks = *chunk;
        free(chunk);
    }
}

/* The step is per thread of Lua, so a coroutine pays for itself; once over, every step fails. */
static void hook(lua_State *L, lua_Debug *ar)
{
    (void)ar;
    AjLuaState *s = aj_luabase_state(L);
    s->count += HOOK_STEP;
    if (s->late || s->count > s->count_max)
        s->fatal = true;
    if (s->late)
        luaL_error(L, "the filter runs too long (more than %d seconds for one page)",
                   (int)s->seconds_max);
    if (s->fatal)
        luaL_error(L, "the filter runs too long (more than %I steps for one page)",
                   (LUAI_UACINT)s->count_max);
    if (!s->collecting && s->used > s->resting + s->garbage_max) {
        s->collecting = true;
        lua_gc(L, LUA_GCRESTART);
    }
}

lua_State *aj_luabase_new(AjLuaState *s)
{
    lua_State *L = lua_newstate(allocate, s);
    if (!L)
        return NULL;
    *(AjLuaState **)lua_getextraspace(L) = s;
    lua_sethook(L, hook, LUA_MASKCOUNT, HOOK_STEP);
    s->collecting = true;
    return L;
}

void aj_luabase_begin(lua_State *L, size_t garbage_max)
{
    AjLuaState *s = aj_luabase_state(L);
    s->garbage_max = garbage_max;
    s->count = 0;
    s->fatal = s->late = false;
    s->fail_line = 0;
    s->collecting = false;
    s->resting = s->used;
    lua_gc(L, LUA_GCSTOP);
}

void aj_luabase_end(lua_State *L)
{
    AjLuaState *s = aj_luabase_state(L);
    lua_settop(L, 0);
    lua_gc(L, LUA_GCRESTART);
    s->collecting = true;
    s->fatal = s->late = false;
    g_clear_pointer(&s->scratch, g_free);
    g_string_truncate(s->buffer, 0);
    if (s->used > s->resting + GARBAGE_REST) {
        lua_gc(L, LUA_GCCOLLECT);
        s->resting = s->used;
    }
}

/* Errors that no filter may catch go on their way. */
static int finish_pcall(lua_State *L, int status, lua_KContext extra)
{
    if (status == LUA_OK || status == LUA_YIELD)
        return lua_gettop(L) - (int)extra;
    AjLuaState *s = aj_luabase_state(L);
    if (status == LUA_ERRMEM)
        s->fatal = true;
    if (s->fatal)
        return lua_error(L);
    lua_pushboolean(L, 0);
    lua_pushvalue(L, -2);
    return 2;
}

static int box_pcall(lua_State *L)
{
    luaL_checkany(L, 1);
    lua_pushboolean(L, 1);
    lua_insert(L, 1);
    int status = lua_pcallk(L, lua_gettop(L) - 2, LUA_MULTRET, 0, 0, finish_pcall);
    return finish_pcall(L, status, 0);
}

/* Around a filter's own message handler. Lua calls no hook while it handles the hook's own error,
 * so that handler could run for ever: past a limit it is not called at all. */
static int handle_message(lua_State *L)
{
    if (aj_luabase_state(L)->fatal)
        return 1;
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, 1);
    return 1;
}

static int box_xpcall(lua_State *L)
{
    int n = lua_gettop(L);
    luaL_checktype(L, 2, LUA_TFUNCTION);
    lua_pushvalue(L, 2);
    lua_pushcclosure(L, handle_message, 1);
    lua_replace(L, 2);
    lua_pushboolean(L, 1);
    lua_pushvalue(L, 1);
    lua_rotate(L, 3, 2);
    int status = lua_pcallk(L, n - 2, LUA_MULTRET, 2, 2, finish_pcall);
    return finish_pcall(L, status, 2);
}

static int box_setmetatable(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_argexpected(L, lua_isnil(L, 2) || lua_istable(L, 2), 2, "nil or table");
    if (luaL_getmetafield(L, 1, "__metatable") != LUA_TNIL)
        return luaL_error(L, "cannot change a protected metatable");
    if (lua_istable(L, 2)) {
        lua_pushliteral(L, "__gc");
        if (lua_rawget(L, 2) != LUA_TNIL)
            return luaL_error(L, "__gc is not for filters");
        lua_pop(L, 1);
    }
    lua_settop(L, 2);
    lua_setmetatable(L, 1);
    return 1;
}

/* As Lua's, but no address ever shows. */
static int box_tostring(lua_State *L)
{
    luaL_checkany(L, 1);
    switch (lua_type(L, 1)) {
    case LUA_TTABLE:
    case LUA_TFUNCTION:
    case LUA_TUSERDATA:
    case LUA_TLIGHTUSERDATA:
    case LUA_TTHREAD:
        if (luaL_callmeta(L, 1, "__tostring")) {
            if (!lua_isstring(L, -1))
                return luaL_error(L, "'__tostring' must return a string");
            return 1;
        }
        if (luaL_getmetafield(L, 1, "__name") != LUA_TSTRING)
            lua_pushstring(L, luaL_typename(L, 1));
        return 1;
    default:
        luaL_tolstring(L, 1, NULL);
        return 1;
    }
}

/* As Lua's, but an element is userdata, as it is for pandoc's filters: its metatable says so. */
static int box_type(lua_State *L)
{
    luaL_checkany(L, 1);
    if (lua_istable(L, 1) && luaL_getmetafield(L, 1, "opaque") != LUA_TNIL && lua_toboolean(L, -1))
        lua_pushliteral(L, "userdata");
    else
        lua_pushstring(L, luaL_typename(L, 1));
    return 1;
}

static int box_format(lua_State *L)
{
    const char *f = luaL_checkstring(L, 1);
    for (const char *p = f; *p; p++) {
        if (*p != '%')
            continue;
        p++;
        while (*p && strchr("-+ #0123456789.", *p))
            p++;
        if (*p == 'p')
            return luaL_error(L, "invalid conversion '%%p' to 'format'");
        if (!*p)
            break;
    }
    int n = lua_gettop(L);
    for (int i = 2; i <= n; i++)
        if (lua_type(L, i) >= LUA_TTABLE || lua_type(L, i) == LUA_TLIGHTUSERDATA) {
            lua_pushcfunction(L, box_tostring);
            lua_pushvalue(L, i);
            lua_call(L, 1, 1);
            lua_replace(L, i);
        }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, n, 1);
    return 1;
}

static int box_print(lua_State *L)
{
    int n = aj_luabase_state(L)->quiet ? -1 : lua_gettop(L);
    for (int i = 1; i <= n; i++) {
        lua_pushcfunction(L, box_tostring);
        lua_pushvalue(L, i);
        lua_call(L, 1, 1);
        fprintf(stderr, "%s%s", i > 1 ? "\t" : "", lua_tostring(L, -1));
        lua_pop(L, 1);
    }
    if (n >= 0)
        fputc('\n', stderr);
    return 0;
}

static int native_metatable(lua_State *L)
{
    if (!lua_getmetatable(L, 1))
        lua_pushnil(L);
    return 1;
}

static int native_setmetatable(lua_State *L)
{
    lua_settop(L, 2);
    lua_setmetatable(L, 1);
    return 1;
}

/* Over the proxy's real table. */
static int proxy_pairs(lua_State *L)
{
    lua_pushcfunction(L, aj_luaorder_pairs);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_call(L, 1, 3);
    return 3;
}

/* proxy(real, [parent]): an empty table that reads through to `real`, and that to `parent`. */
static int native_proxy(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    if (lua_istable(L, 2)) {
        lua_createtable(L, 0, 1);
        lua_pushvalue(L, 2);
        lua_setfield(L, -2, "__index");
        lua_setmetatable(L, 1);
    }
    lua_newtable(L);
    lua_createtable(L, 0, 4);
    lua_pushvalue(L, 1);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_pushvalue(L, 1);
    lua_pushcclosure(L, proxy_pairs, 1);
    lua_setfield(L, -2, "__pairs");
    lua_setmetatable(L, -2);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &proxies_key);
    lua_pushvalue(L, -2);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
    lua_pop(L, 1);
    return 1;
}

static int native_callable(lua_State *L)
{
    lua_getmetatable(L, 1);
    lua_pushvalue(L, 2);
    lua_setfield(L, -2, "__call");
    return 0;
}

void aj_luabase_wipe(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &proxies_key);
    lua_Integer n = (lua_Integer)lua_rawlen(L, -1);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, -1, i);
        lua_pushnil(L);
        while (lua_next(L, -2)) {
            lua_pop(L, 1);
            lua_pushvalue(L, -1);
            lua_pushnil(L);
            lua_rawset(L, -4);
        }
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static bool is_frame_of(lua_State *L, const char *path, lua_Debug *ar)
{
    return lua_getinfo(L, "Sl", ar) && ar->source[0] == '@' && strcmp(ar->source + 1, path) == 0;
}

bool aj_luabase_find_frame(lua_State *L, const char *path, lua_Debug *ar)
{
    int depth = 0;
    for (; depth < FRAMES_LOOKED_AT; depth++) {
        if (!lua_getstack(L, depth, ar))
            return false;
        if (is_frame_of(L, path, ar))
            return true;
    }
    /* Deep in a recursion of the engine's own: the filter is who began it. To reach a level costs
     * as many steps, so the last ones are found by halving. */
    int low = depth, high = depth * 2;
    for (; lua_getstack(L, high, ar); high *= 2)
        low = high;
    while (high - low > 1) {
        int middle = low + (high - low) / 2;
        if (lua_getstack(L, middle, ar))
            low = middle;
        else
            high = middle;
    }
    for (int level = MAX(depth, low - FRAMES_LOOKED_AT); level <= low; level++)
        if (lua_getstack(L, level, ar) && is_frame_of(L, path, ar))
            return true;
    return false;
}

/* fail(handler, message): the fault lies in a function that has returned already. */
static int native_fail(lua_State *L)
{
    lua_Debug ar;
    if (lua_isfunction(L, 1)) {
        lua_pushvalue(L, 1);
        lua_getinfo(L, ">S", &ar);
        aj_luabase_state(L)->fail_line = ar.linedefined;
    }
    lua_settop(L, 2);
    return lua_error(L);
}

static int native_line(lua_State *L)
{
    AjLuaState *s = aj_luabase_state(L);
    lua_Integer line = 0;
    if (lua_istable(L, 1) && s->line) {
        lua_pushliteral(L, "_n");
        lua_rawget(L, 1);
        lua_Integer n = lua_tointeger(L, -1);
        if (n > 0 && n <= UINT32_MAX)
            line = s->line(s->line_data, (uint32_t)n);
    }
    if (line)
        lua_pushinteger(L, line);
    else
        lua_pushnil(L);
    return 1;
}

static int with_glib(lua_State *L, char *(*make)(const char *, gssize))
{
    AjLuaState *s = aj_luabase_state(L);
    size_t len;
    const char *text = luaL_checklstring(L, 1, &len);
    if (!g_utf8_validate(text, (gssize)len, NULL))
        return luaL_error(L, "the text is not UTF-8");
    g_free(s->scratch);
    s->scratch = make(text, (gssize)len);
    lua_pushstring(L, s->scratch);
    return 1;
}

static char *normalize(const char *s, gssize len)
{
    return g_utf8_normalize(s, len, G_NORMALIZE_ALL_COMPOSE);
}

static int native_nfkc(lua_State *L)
{
    return with_glib(L, normalize);
}

/* A sigma at a word's end is one like any other, as for pandoc. */
static char *lower(const char *s, gssize len)
{
    g_autofree char *text = g_strndup(s, (gsize)len);
    for (char *p = text; (p = strstr(p, "Σ")); p += 2)
        memcpy(p, "σ", 2);
    return g_utf8_strdown(text, -1);
}

static int native_lower(lua_State *L)
{
    return with_glib(L, lower);
}

static int native_upper(lua_State *L)
{
    return with_glib(L, g_utf8_strup);
}

static const luaL_Reg base_functions[] = {
    {"pcall", box_pcall},         {"xpcall", box_xpcall},     {"setmetatable", box_setmetatable},
    {"tostring", box_tostring},   {"print", box_print},       {"type", box_type},
    {"pairs", aj_luaorder_pairs}, {"next", aj_luaorder_next}, {NULL, NULL}};
static const luaL_Reg native_functions[] = {{"metatable", native_metatable},
                                            {"setmetatable", native_setmetatable},
                                            {"proxy", native_proxy},
                                            {"callable", native_callable},
                                            {"fail", native_fail},
                                            {"line", native_line},
                                            {"nfkc", native_nfkc},
                                            {"lower", native_lower},
                                            {"upper", native_upper},
                                            {"pairs", aj_luaorder_pairs},
                                            {"tostring", box_tostring},
                                            {"try", box_pcall},
                                            {NULL, NULL}};
/* Taken over from Lua's base library as they are. */
static const char *const kept[] = {"assert", "error",  "ipairs", "rawequal", "rawget",
                                   "rawlen", "rawset", "select", "tonumber", "_VERSION"};
static const luaL_Reg libraries[] = {{"string", luaopen_string},       {"table", luaopen_table},
                                     {"math", luaopen_math},           {"utf8", luaopen_utf8},
                                     {"coroutine", luaopen_coroutine}, {NULL, NULL}};

static void drop(lua_State *L, const char *name)
{
    lua_pushnil(L);
    lua_setfield(L, -2, name);
}

void aj_luabase_open(lua_State *L)
{
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &proxies_key);
    /* The state's own globals serve pandoc.lua; a filter sees `base` alone. */
    luaL_requiref(L, LUA_GNAME, luaopen_base, 1);
    lua_newtable(L);
    int base = lua_gettop(L);
    for (size_t i = 0; i < G_N_ELEMENTS(kept); i++) {
        lua_getglobal(L, kept[i]);
        lua_setfield(L, base, kept[i]);
    }
    luaL_setfuncs(L, base_functions, 0);
    for (const luaL_Reg *lib = libraries; lib->name; lib++) {
        luaL_requiref(L, lib->name, lib->func, 1);
        drop(L, "dump");
        drop(L, "random");
        drop(L, "randomseed");
        bool strings = strcmp(lib->name, "string") == 0;
        if (strings) {
            lua_getfield(L, -1, "format");
            lua_pushcclosure(L, box_format, 1);
            lua_setfield(L, -2, "format");
        }
        lua_pushcfunction(L, native_proxy);
        lua_insert(L, -2);
        lua_call(L, 1, 1);
        if (strings) { /* ("x"):method() sees what the filter adds to `string` */
            lua_pushliteral(L, "");
            lua_getmetatable(L, -1);
            lua_pushvalue(L, -3);
            lua_setfield(L, -2, "__index");
            lua_pop(L, 2);
        }
        lua_setfield(L, base, lib->name);
    }
    lua_remove(L, base - 1);
    luaL_newlib(L, native_functions);
}
