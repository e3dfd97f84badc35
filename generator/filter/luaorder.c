/* luaorder - pairs and next in an order that is the same in every process.
 *
 * Lua's own follows addresses and a seed. Keys go by kind, then by value; tables and functions as
 * keys have no order of their own and follow each other as they lie.
 * Must not know: what any table holds. */
#include "filter/luaorder.h"

#include <glib.h>
#include <lauxlib.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    int kind; /* booleans, numbers, strings, all others */
    double number;
    const char *text;
    size_t len;
    lua_Integer place;
} Key;

static int key_order(const void *x, const void *y)
{
    const Key *a = x, *b = y;
    if (a->kind != b->kind)
        return a->kind < b->kind ? -1 : 1;
    if (a->kind == 2) {
        int c = memcmp(a->text, b->text, MIN(a->len, b->len));
        if (c)
            return c;
        if (a->len != b->len)
            return a->len < b->len ? -1 : 1;
    } else if (a->kind < 2 && a->number != b->number) {
        return a->number < b->number ? -1 : 1;
    }
    return a->place < b->place ? -1 : a->place > b->place;
}

static void key_read(lua_State *L, int at, Key *k)
{
    *k = (Key){.kind = 3};
    switch (lua_type(L, at)) {
    case LUA_TBOOLEAN:
        k->kind = 0;
        k->number = lua_toboolean(L, at);
        break;
    case LUA_TNUMBER:
        k->kind = 1;
        k->number = lua_tonumber(L, at);
        break;
    case LUA_TSTRING:
        k->kind = 2;
        k->text = lua_tolstring(L, at, &k->len);
        break;
    default:
        break;
    }
}

/* Pushes a list of the table's keys in an order that is the same in every process. */
static lua_Integer push_keys(lua_State *L, int table)
{
    lua_Integer n = 0;
    bool sequence = true; /* 1, 2, 3 … in this order already */
    lua_newtable(L);
    int keys = lua_gettop(L);
    lua_pushnil(L);
    while (lua_next(L, table)) {
        lua_pop(L, 1);
        lua_pushvalue(L, -1);
        lua_rawseti(L, keys, ++n);
        if (sequence && !(lua_isinteger(L, -1) && lua_tointeger(L, -1) == n))
            sequence = false;
    }
    if (sequence || n < 2)
        return n;
    Key *list = lua_newuserdatauv(L, (size_t)n * sizeof *list, 0);
    for (lua_Integer i = 0; i < n; i++) {
        lua_rawgeti(L, keys, i + 1);
        key_read(L, -1, &list[i]); /* the text lives as long as the key is in `keys` */
        list[i].place = i + 1;
        lua_pop(L, 1);
    }
    qsort(list, (size_t)n, sizeof *list, key_order);
    lua_createtable(L, (int)MIN(n, 1 << 20), 0);
    for (lua_Integer i = 0; i < n; i++) {
        lua_rawgeti(L, keys, list[i].place);
        lua_rawseti(L, -2, i + 1);
    }
    lua_replace(L, keys);
    lua_settop(L, keys);
    return n;
}

/* upvalues: table, keys, position */
static int step_pairs(lua_State *L)
{
    lua_Integer i = lua_tointeger(L, lua_upvalueindex(3));
    for (;;) {
        if (lua_rawgeti(L, lua_upvalueindex(2), ++i) == LUA_TNIL)
            return 1;
        lua_pushvalue(L, -1);
        if (lua_rawget(L, lua_upvalueindex(1)) != LUA_TNIL)
            break;
        lua_pop(L, 2);
    }
    lua_pushinteger(L, i);
    lua_replace(L, lua_upvalueindex(3));
    return 2;
}

int aj_luaorder_pairs(lua_State *L)
{
    luaL_checkany(L, 1);
    if (luaL_getmetafield(L, 1, "__pairs") != LUA_TNIL) {
        lua_pushvalue(L, 1);
        lua_call(L, 1, 3);
        return 3;
    }
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    lua_pushvalue(L, 1);
    push_keys(L, 1);
    lua_pushinteger(L, 0);
    lua_pushcclosure(L, step_pairs, 3);
    lua_pushvalue(L, 1);
    lua_pushnil(L);
    return 3;
}

/* The smallest key after the given one: slow over a whole table, but the same everywhere. */
int aj_luaorder_next(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 2);
    bool first = lua_isnil(L, 2);
    Key after, best = {.kind = 9}, k;
    if (!first)
        key_read(L, 2, &after);
    lua_pushnil(L); /* 3: the best key so far */
    lua_pushnil(L);
    bool seen = first;
    while (lua_next(L, 1)) {
        lua_pop(L, 1);
        key_read(L, -1, &k);
        bool other = !first && after.kind == 3 && k.kind == 3;
        if (other && !seen) {
            seen = lua_rawequal(L, -1, 2);
            continue; /* keys without an order follow each other as they lie */
        }
        if ((first || other || key_order(&k, &after) > 0) &&
            (best.kind == 9 || key_order(&k, &best) < 0)) {
            best = k;
            lua_pushvalue(L, -1);
            lua_replace(L, 3);
        }
    }
    lua_settop(L, 3);
    if (lua_isnil(L, 3))
        return 1;
    lua_pushvalue(L, 3);
    lua_rawget(L, 1);
    return 2;
}
