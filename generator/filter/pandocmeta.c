/* pandocmeta - Lua's values that are no elements, as JSON: meta with its types, and plain ones.
 *
 * Must not know: which element holds what. */
#include "filter/pandocmeta.h"

#include "filter/luanode.h"
#include "filter/pandocout.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

static int by_name(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* The text keys of the table at `at`, sorted; Lua holds them as long as the table does. */
static const char **sorted_keys(AjPandocPut *o, int at, size_t *count_out)
{
    lua_State *L = o->L;
    const char **keys = NULL;
    size_t count = 0, cap = 0;
    lua_pushnil(L);
    while (lua_next(L, at)) {
        lua_pop(L, 1);
        if (lua_type(L, -1) != LUA_TSTRING)
            continue;
        if (count == cap) {
            keys = aj_arena_grow(o->t->tree->arena, keys, cap * sizeof *keys,
                                 (cap * 2 + 8) * sizeof *keys);
            cap = cap * 2 + 8;
        }
        keys[count++] = lua_tostring(L, -1);
    }
    if (count)
        qsort(keys, count, sizeof *keys, by_name);
    *count_out = count;
    return keys;
}

static void put_meta(AjPandocPut *o);

void aj_pandocmeta_map(AjPandocPut *o, int at)
{
    size_t count;
    aj_pandocput_deeper(o);
    const char **keys = sorted_keys(o, at, &count);
    PUT(o, "{");
    for (size_t i = 0; i < count; i++) {
        if (i)
            PUT(o, ",");
        aj_pandocput_text(o, keys[i], strlen(keys[i]));
        PUT(o, ":");
        aj_luanode_field(o->L, at, keys[i]);
        put_meta(o);
    }
    PUT(o, "}");
    o->depth--;
}

/* 'i' or 'b' when the list at `at` says by its metatable or all its items what it is; 0: neither.
 */
static char list_kind(AjPandocPut *o, int at)
{
    lua_State *L = o->L;
    if (lua_getmetatable(L, at)) {
        char kind = lua_rawequal(L, -1, o->t->inlines_mt)  ? 'i'
                    : lua_rawequal(L, -1, o->t->blocks_mt) ? 'b'
                                                           : '\0';
        bool plain = lua_rawequal(L, -1, o->t->list_mt);
        lua_pop(L, 1);
        if (kind || plain)
            return kind;
    }
    char kind = '\0';
    for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, at); i <= n; i++) {
        lua_rawgeti(L, at, i);
        AjTag tag = aj_luatag_at(L, lua_gettop(L));
        lua_pop(L, 1);
        char this = tag && aj_luatag_is_inline(tag)  ? 'i'
                    : tag && aj_luatag_is_block(tag) ? 'b'
                                                     : '\0';
        if (!this || (kind && this != kind))
            return '\0';
        kind = this;
    }
    return kind;
}

/* The value on top, which is popped. */
static void put_meta(AjPandocPut *o)
{
    lua_State *L = o->L;
    int at = lua_gettop(L);
    AjTag tag = aj_luatag_at(L, at);
    char kind;
    switch (lua_type(L, at)) {
    case LUA_TBOOLEAN:
        g_string_append_printf(o->out, "{\"t\":\"MetaBool\",\"c\":%s}",
                               lua_toboolean(L, at) ? "true" : "false");
        break;
    case LUA_TSTRING:
    case LUA_TNUMBER:
        PUT(o, "{\"t\":\"MetaString\",\"c\":");
        aj_pandocput_string(o, at);
        PUT(o, "}");
        break;
    case LUA_TTABLE:
        kind = tag && aj_luatag_is_inline(tag)  ? 'i'
               : tag && aj_luatag_is_block(tag) ? 'b'
                                                : list_kind(o, at);
        if (kind) {
            g_string_append_printf(o->out,
                                   "{\"t\":\"Meta%s\",\"c\":", kind == 'i' ? "Inlines" : "Blocks");
            lua_pushvalue(L, at);
            aj_pandocout_list(o, kind);
        } else if (lua_rawlen(L, at) > 0) {
            aj_pandocput_deeper(o);
            PUT(o, "{\"t\":\"MetaList\",\"c\":[");
            for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, at); i <= n; i++) {
                if (i > 1)
                    PUT(o, ",");
                lua_rawgeti(L, at, i);
                put_meta(o);
            }
            PUT(o, "]");
            o->depth--;
        } else {
            bool list = false;
            if (lua_getmetatable(L, at)) {
                list = lua_rawequal(L, -1, o->t->list_mt);
                lua_pop(L, 1);
            }
            if (list) {
                PUT(o, "{\"t\":\"MetaList\",\"c\":[]");
            } else {
                PUT(o, "{\"t\":\"MetaMap\",\"c\":");
                aj_pandocmeta_map(o, at);
            }
        }
        PUT(o, "}");
        break;
    default:
        luaL_error(L, "the front matter cannot hold a %s", luaL_typename(L, at));
    }
    lua_settop(L, at - 1);
}

static void put_value(AjPandocPut *o, int at)
{
    lua_State *L = o->L;
    AjTag tag = aj_luatag_at(L, at);
    char kind;
    switch (lua_type(L, at)) {
    case LUA_TBOOLEAN:
        g_string_append(o->out, lua_toboolean(L, at) ? "true" : "false");
        return;
    case LUA_TNUMBER:
        if (lua_isinteger(L, at))
            aj_pandocput_integer(o, lua_tointeger(L, at));
        else
            aj_pandocput_number(o, lua_tonumber(L, at));
        return;
    case LUA_TSTRING:
        aj_pandocput_string(o, at);
        return;
    case LUA_TTABLE:
        break;
    case LUA_TNIL:
    case LUA_TLIGHTUSERDATA:
        PUT(o, "null");
        return;
    default:
        luaL_error(L, "JSON cannot hold a %s", luaL_typename(L, at));
    }
    if (luaL_getmetafield(L, at, "__tojson") != LUA_TNIL) {
        size_t len;
        lua_pushvalue(L, at);
        lua_call(L, 1, 1);
        const char *s = luaL_checklstring(L, -1, &len);
        aj_pandocput_raw(o, s, len);
        lua_pop(L, 1);
        return;
    }
    if (tag == AJ_TAG_PANDOC) {
        aj_pandocout_print(L, o->t, at, &AJ_PANDOC_VERSION_DEFAULT, o->out);
    } else if (tag && (aj_luatag_is_inline(tag) || aj_luatag_is_block(tag))) {
        aj_pandocout_element(o, at, tag);
    } else if ((kind = list_kind(o, at))) {
        lua_pushvalue(L, at);
        aj_pandocout_list(o, kind);
    } else if (lua_rawlen(L, at) > 0) {
        aj_pandocput_deeper(o);
        PUT(o, "[");
        for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, at); i <= n; i++) {
            if (i > 1)
                PUT(o, ",");
            lua_rawgeti(L, at, i);
            put_value(o, lua_gettop(L));
            lua_pop(L, 1);
        }
        PUT(o, "]");
        o->depth--;
    } else {
        size_t count;
        aj_pandocput_deeper(o);
        const char **keys = sorted_keys(o, at, &count);
        bool list = false;
        if (!count && lua_getmetatable(L, at)) {
            list = lua_rawequal(L, -1, o->t->list_mt);
            lua_pop(L, 1);
        }
        g_string_append_c(o->out, list ? '[' : '{');
        for (size_t i = 0; i < count; i++) {
            if (i)
                PUT(o, ",");
            aj_pandocput_text(o, keys[i], strlen(keys[i]));
            PUT(o, ":");
            aj_luanode_field(L, at, keys[i]);
            put_value(o, lua_gettop(L));
            lua_pop(L, 1);
        }
        g_string_append_c(o->out, list ? ']' : '}');
        o->depth--;
    }
}

void aj_pandocmeta_value(lua_State *L, AjLuatree *t, int at, GString *out)
{
    AjPandocPut o = {.L = L, .t = t, .out = out, .minor = 23};
    put_value(&o, lua_absindex(L, at));
}
