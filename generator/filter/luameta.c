/* luameta - front matter as Lua sees it, and back.
 *
 * Must not know: which keys there are, blocks. */
#include "filter/luameta.h"

#include "filter/luanode.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

void aj_luameta_push(lua_State *L, AjLuatree *t, const AjValue *v)
{
    luaL_checkstack(L, 8, "front matter");
    if (!v) {
        lua_pushnil(L);
        return;
    }
    switch (v->type) {
    case AJ_VALUE_NULL:
        lua_pushnil(L);
        break;
    case AJ_VALUE_BOOL:
        lua_pushboolean(L, v->b);
        break;
    case AJ_VALUE_INT:
        lua_pushinteger(L, v->i);
        break;
    case AJ_VALUE_DOUBLE:
        lua_pushnumber(L, v->d);
        break;
    case AJ_VALUE_STRING:
        lua_pushlstring(L, v->s, v->len);
        break;
    case AJ_VALUE_LIST:
        lua_createtable(L, (int)v->len, 0);
        for (uint32_t i = 0; i < v->len; i++) {
            aj_luameta_push(L, t, v->items[i]);
            lua_rawseti(L, -2, i + 1);
        }
        lua_pushvalue(L, t->list_mt);
        lua_setmetatable(L, -2);
        break;
    case AJ_VALUE_MAP:
        lua_createtable(L, 0, (int)v->len);
        for (uint32_t i = 0; i < v->len; i++) {
            aj_luameta_push(L, t, v->entries[i].value);
            lua_setfield(L, -2, v->entries[i].key);
        }
        break;
    }
}

static void stringify(lua_State *L, AjLuatree *t, int at)
{
    if (lua_isstring(L, at)) {
        size_t len;
        const char *s = aj_luanode_string(L, t, at, &len);
        aj_luanode_add_text(t, s, len);
        return;
    }
    if (!lua_istable(L, at))
        return;
    aj_luanode_deeper(L, t);
    AjTag tag = aj_luatag_at(L, at);
    if (tag == AJ_TAG_SPACE || tag == AJ_TAG_SOFTBREAK || tag == AJ_TAG_LINEBREAK) {
        aj_luanode_add_text(t, " ", 1);
    } else if (tag) {
        static const char *const names[] = {"text", "content", "caption"};
        for (size_t i = 0; i < G_N_ELEMENTS(names) && tag != AJ_TAG_NOTE; i++) {
            aj_luanode_field(L, at, names[i]);
            stringify(L, t, lua_gettop(L));
            lua_pop(L, 1);
        }
    } else {
        lua_Integer n = (lua_Integer)lua_rawlen(L, at);
        for (lua_Integer i = 1; i <= n; i++) {
            lua_rawgeti(L, at, i);
            stringify(L, t, lua_gettop(L));
            lua_pop(L, 1);
        }
    }
    t->depth--;
}

static bool is_rich(lua_State *L, AjLuatree *t, int at)
{
    if (aj_luatag_at(L, at))
        return true;
    if (!lua_getmetatable(L, at))
        return false;
    bool rich = lua_rawequal(L, -1, t->inlines_mt) || lua_rawequal(L, -1, t->blocks_mt);
    lua_pop(L, 1);
    return rich;
}

static int by_name(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static AjValue *read_value(lua_State *L, AjLuatree *t, int at, const AjValue *old);

AjValue *aj_luameta_read(lua_State *L, AjLuatree *t, int at, const AjValue *old)
{
    AjArena *a = t->tree->arena;
    AjValue *out = aj_value_map(a);
    uint32_t count = 0, cap = 0;
    const char **names = NULL;
    for (uint32_t i = 0; old && old->type == AJ_VALUE_MAP && i < old->len; i++) {
        const AjValueEntry *entry = &old->entries[i];
        lua_pushstring(L, entry->key);
        if (lua_rawget(L, at) != LUA_TNIL)
            aj_value_set(a, out, entry->key, read_value(L, t, lua_gettop(L), entry->value));
        else if (entry->value->type == AJ_VALUE_NULL) /* it was never there for the filter */
            aj_value_set(a, out, entry->key, entry->value);
        lua_pop(L, 1);
    }
    lua_pushnil(L);
    while (lua_next(L, at)) {
        lua_pop(L, 1);
        if (lua_type(L, -1) == LUA_TSTRING && !aj_value_get(old, lua_tostring(L, -1))) {
            if (count == cap) {
                names = aj_arena_grow(a, names, cap * sizeof *names, (cap * 2 + 8) * sizeof *names);
                cap = cap * 2 + 8;
            }
            names[count++] = aj_arena_strdup(a, lua_tostring(L, -1));
        }
    }
    if (count)
        qsort(names, count, sizeof *names, by_name);
    for (uint32_t i = 0; i < count; i++) {
        lua_pushstring(L, names[i]);
        lua_rawget(L, at);
        aj_value_set(a, out, names[i], read_value(L, t, lua_gettop(L), NULL));
        lua_pop(L, 1);
    }
    return out;
}

static AjValue *read_plain(lua_State *L, AjLuatree *t, int at, const AjValue *old)
{
    AjArena *a = t->tree->arena;
    size_t len;
    const char *s;
    switch (lua_type(L, at)) {
    case LUA_TBOOLEAN:
        return aj_value_bool(a, lua_toboolean(L, at));
    case LUA_TNUMBER:
        return lua_isinteger(L, at) ? aj_value_int(a, lua_tointeger(L, at))
                                    : aj_value_double(a, lua_tonumber(L, at));
    case LUA_TSTRING:
        s = aj_luanode_string(L, t, at, &len);
        return aj_value_stringn(a, s, len);
    case LUA_TTABLE:
        break;
    default:
        luaL_error(L, "the front matter cannot hold a %s", luaL_typename(L, at));
    }
    if (is_rich(L, t, at)) {
        t->text_len = 0;
        stringify(L, t, at);
        AjValue *v = aj_value_stringn(a, t->text ? t->text : "", t->text_len);
        t->text_len = 0;
        return v;
    }
    lua_Integer n = (lua_Integer)lua_rawlen(L, at);
    bool list = n > 0 || (old && old->type == AJ_VALUE_LIST);
    if (!list)
        return aj_luameta_read(L, t, at, old);
    AjValue *out = aj_value_list(a);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, at, i);
        aj_value_push(a, out, read_value(L, t, lua_gettop(L), aj_value_at(old, (uint32_t)i - 1)));
        lua_pop(L, 1);
    }
    return out;
}

/* An unchanged value keeps its source line. */
static AjValue *read_value(lua_State *L, AjLuatree *t, int at, const AjValue *old)
{
    aj_luanode_deeper(L, t);
    if (++t->made > AJ_LUANODE_MAX)
        luaL_error(L, "the front matter is too large");
    AjValue *v = read_plain(L, t, at, old);
    if (old && v->type == old->type)
        v->line = old->line;
    t->depth--;
    return v;
}
