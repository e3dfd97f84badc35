/* luapass - one pass of handlers over a tree of Lua's elements.
 *
 * Bottom-up and in reading order, as pandoc does it: what an element holds, then the element, then
 * the next one; a list after all of its elements. One element for one is put in place: the tree
 * holds no table twice while a pass runs.
 * Must not know: which passes there are, their order. */
#include "filter/luapass.h"

#include "filter/luatag.h"

#include <lauxlib.h>
#include <stdbool.h>

#define MAX_DEPTH 1000

enum { INLINE = 1, BLOCK, ON_INLINES, ON_BLOCKS, CHILDREN, ADD_INLINES, ADD_BLOCKS, REPAIR, PARTS };

typedef struct {
    lua_State *L;
    int base; /* parts stand at base + INLINE … */
    int depth;
} Pass;

static const char handler_key = 0;

int aj_luapass_note(lua_State *L)
{
    lua_settop(L, 1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &handler_key);
    return 0;
}

void aj_luapass_push_handler(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &handler_key);
}

void aj_luapass_call(lua_State *L, int el)
{
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &handler_key);
    lua_pushvalue(L, -1);
    lua_pushvalue(L, el);
    lua_call(L, 1, 1);
}

static bool holds_nothing(AjTag tag)
{
    return tag >= AJ_TAG_SPACE && tag <= AJ_TAG_LINEBREAK;
}

/* Pushes a copy of the value at `at`, with all that it holds; what holds nothing serves as its own
 * copy. */
static void push_deep(lua_State *L, int at, unsigned depth)
{
    AjTag tag = aj_luatag_at(L, at);
    if (holds_nothing(tag) || !lua_istable(L, at)) {
        lua_pushvalue(L, at);
        return;
    }
    if (tag == AJ_TAG_STR) {
        lua_createtable(L, 0, 1);
        lua_pushliteral(L, "text");
        lua_pushvalue(L, -1);
        lua_rawget(L, at);
        lua_rawset(L, -3);
        lua_getmetatable(L, at);
        lua_setmetatable(L, -2);
        return;
    }
    if (depth > MAX_DEPTH)
        luaL_error(L, "stack overflow: a value holds itself, or more than %d levels", MAX_DEPTH);
    luaL_checkstack(L, 8, "nesting");
    int n = (int)lua_rawlen(L, at);
    lua_createtable(L, n, n ? 0 : 2);
    int out = lua_gettop(L);
    for (int i = 1; i <= n; i++) {
        lua_rawgeti(L, at, i);
        push_deep(L, out + 1, depth + 1);
        lua_rawseti(L, out, i);
        lua_settop(L, out);
    }
    if (n > 0)
        lua_pushinteger(L, n);
    else
        lua_pushnil(L);
    while (lua_next(L, at)) {
        lua_pushvalue(L, -2);
        if (lua_istable(L, -2))
            push_deep(L, out + 2, depth + 1);
        else
            lua_pushvalue(L, out + 2);
        lua_rawset(L, out);
        lua_settop(L, out + 1);
    }
    if (lua_getmetatable(L, at))
        lua_setmetatable(L, out);
}

int aj_luapass_clone(lua_State *L)
{
    lua_settop(L, 1);
    push_deep(L, 1, 0);
    return 1;
}

/* Calls the handler on top with a copy of the element at `el`, since what a handler does not return
 * is not kept; pushes its first result. */
static void call(lua_State *L, int el, AjTag tag)
{
    if (!holds_nothing(tag)) {
        push_deep(L, el, 0);
        lua_insert(L, -2);
        aj_luapass_call(L, el + 1);
        lua_remove(L, el + 1);
    } else {
        aj_luapass_call(L, el);
    }
}

static void go(Pass *p, bool blocks);

/* The field on top, a list of lists. */
static void go_lists(Pass *p, bool blocks)
{
    lua_State *L = p->L;
    int lists = lua_gettop(L);
    for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, lists); i <= n; i++) {
        lua_rawgeti(L, lists, i);
        go(p, blocks);
        lua_rawseti(L, lists, i);
    }
}

/* What the element at `el` holds, by its `kids` on top, which are popped. */
static void descend(Pass *p, int el)
{
    lua_State *L = p->L;
    int kids = lua_gettop(L);
    bool plain = lua_rawlen(L, kids) == 1;
    if (plain) {
        lua_rawgeti(L, kids, 1);
        lua_rawgeti(L, -1, 2);
        const char *holds = lua_tostring(L, -1);
        lua_pop(L, 1);
        lua_rawgeti(L, -1, 1); /* the field's name */
        lua_pushvalue(L, -1);
        lua_rawget(L, el);
        bool one = holds[1] == '\0' && (*holds == 'I' || *holds == 'B');
        bool many = *holds == 'L' && lua_istable(L, -1) && !aj_luatag_at(L, lua_gettop(L));
        if (one) {
            go(p, *holds == 'B');
            lua_rawset(L, el);
        } else if (many) {
            go_lists(p, holds[1] == 'B');
        }
        plain = one || many;
    }
    if (!plain) {
        lua_pushvalue(L, p->base + CHILDREN);
        lua_pushvalue(L, el);
        lua_pushvalue(L, kids);
        lua_pushvalue(L, lua_upvalueindex(2));
        lua_pushvalue(L, lua_upvalueindex(3));
        lua_call(L, 4, 0);
    }
    lua_settop(L, kids - 1);
}

/* Puts the first `count` of the list into a new one, which is pushed. */
static void push_copy(lua_State *L, int list, lua_Integer count)
{
    lua_createtable(L, (int)lua_rawlen(L, list), 0);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(L, list, i);
        lua_rawseti(L, -2, i);
    }
    lua_getmetatable(L, list);
    lua_setmetatable(L, -2);
}

/* Appends the result on top, which is popped, to the list at `out` of `n` items by the part `add`;
 * the new count. */
static lua_Integer add_result(Pass *p, bool blocks, int out, lua_Integer n, int handler, AjTag tag)
{
    lua_State *L = p->L;
    lua_pushvalue(L, p->base + (blocks ? ADD_BLOCKS : ADD_INLINES));
    lua_insert(L, -2);
    lua_pushvalue(L, out);
    lua_insert(L, -2);
    lua_pushinteger(L, n);
    lua_insert(L, -2);
    lua_pushvalue(L, handler);
    lua_pushstring(L, aj_luatag_name(tag));
    lua_call(L, 5, 1);
    n = lua_tointeger(L, -1);
    lua_pop(L, 1);
    return n;
}

static bool is_kind(AjTag tag, bool blocks)
{
    return tag && (blocks ? aj_luatag_is_block(tag) : aj_luatag_is_inline(tag));
}

static bool is_right(lua_State *L, int list, bool blocks)
{
    if (!lua_istable(L, list))
        return false;
    for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, list); i <= n; i++) {
        lua_rawgeti(L, list, i);
        bool right = is_kind(aj_luatag_at(L, lua_gettop(L)), blocks);
        lua_pop(L, 1);
        if (!right)
            return false;
    }
    return true;
}

static void go_items(Pass *p, bool blocks)
{
    lua_State *L = p->L;
    int list = lua_gettop(L), out = 0, by_tag = p->base + (blocks ? BLOCK : INLINE);
    bool any = lua_istable(L, by_tag);
    lua_Integer made = 0;
    for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, list); i <= n; i++) {
        int top = lua_gettop(L), el = top + 1;
        lua_rawgeti(L, list, i);
        AjTag tag = aj_luatag_at(L, el);
        if (tag != AJ_TAG_STR && tag != AJ_TAG_SPACE && tag && lua_getmetatable(L, el)) {
            lua_pushliteral(L, "kids");
            if (lua_rawget(L, -2) == LUA_TTABLE)
                descend(p, el);
        }
        lua_settop(L, el);
        if (any && lua_rawgeti(L, by_tag, tag) != LUA_TNIL) {
            int handler = el + 1;
            call(L, el, tag);
            bool same = lua_isnil(L, -1) || lua_rawequal(L, -1, el);
            bool one = !same && is_kind(aj_luatag_at(L, handler + 1), blocks);
            if (one && !out) {
                lua_rawseti(L, list, i);
                lua_settop(L, top);
                continue;
            }
            if (!same && !out) {
                push_copy(L, list, i - 1);
                lua_insert(L, el);
                out = el;
                handler++;
                made = i - 1;
            }
            if (one) {
                lua_rawseti(L, out, ++made);
            } else if (!same) {
                made = add_result(p, blocks, out, made, handler, tag);
            }
            if (!same) {
                lua_settop(L, MAX(out, top));
                continue;
            }
        }
        lua_settop(L, el);
        if (out)
            lua_rawseti(L, out, ++made);
        else
            lua_pop(L, 1);
    }
    if (out) {
        lua_pushvalue(L, out);
        lua_replace(L, list);
    }
    lua_settop(L, list);
}

/* Replaces the list on top by what the handlers make of it. */
static void go(Pass *p, bool blocks)
{
    lua_State *L = p->L;
    int list = lua_gettop(L);
    if (++p->depth > MAX_DEPTH)
        luaL_error(L, "the document is nested too deep");
    luaL_checkstack(L, 24, "nesting");
    if (!is_right(L, list, blocks)) {
        lua_pushvalue(L, p->base + REPAIR);
        lua_insert(L, list);
        lua_pushboolean(L, blocks);
        lua_call(L, 2, 1);
    }
    go_items(p, blocks);
    int on = p->base + (blocks ? ON_BLOCKS : ON_INLINES);
    if (lua_toboolean(L, on)) {
        lua_pushvalue(L, on);
        lua_insert(L, list);
        lua_call(L, 1, 1);
    }
    p->depth--;
}

/* upvalues: parts, the function over inlines, the one over blocks */
static int run(lua_State *L, bool blocks)
{
    lua_settop(L, 1);
    Pass p = {.L = L, .base = 1};
    luaL_checkstack(L, PARTS + 8, "nesting");
    for (int i = INLINE; i < PARTS; i++)
        lua_rawgeti(L, lua_upvalueindex(1), i);
    lua_pushvalue(L, 1);
    go(&p, blocks);
    return 1;
}

static int run_inlines(lua_State *L)
{
    return run(L, false);
}

static int run_blocks(lua_State *L)
{
    return run(L, true);
}

int aj_luapass_new(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    static const lua_CFunction functions[] = {run_inlines, run_blocks};
    for (int i = 0; i < 2; i++) {
        lua_pushvalue(L, 1);
        lua_pushnil(L);
        lua_pushnil(L);
        lua_pushcclosure(L, functions[i], 3);
    }
    for (int i = 2; i <= 3; i++) /* each knows both */
        for (int j = 2; j <= 3; j++) {
            lua_pushvalue(L, j);
            lua_setupvalue(L, i, j);
        }
    return 2;
}
