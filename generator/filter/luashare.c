/* luashare - one element in two places becomes two, as it would be between pandoc's passes.
 *
 * Pandoc hands its tree over anew for each pass, so a table that a filter put in twice is two
 * elements from then on. Here the second place gets a copy. The set of seen tables lies in a
 * userdata, since Lua's errors jump.
 * Must not know: what any element holds. */
#include "filter/luashare.h"

#include "filter/luabase.h"
#include "filter/luatag.h"

#include <lauxlib.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define MAX_DEPTH 1000

typedef struct {
    const void **slots;
    size_t cap, count;       /* cap is a power of two */
    int place, clone, depth; /* stack places of the userdata and of what copies; nesting */
    uint64_t tags;           /* that were met */
} Seen;

static size_t slot_of(const Seen *s, const void *p)
{
    uint64_t h = (uint64_t)(uintptr_t)p * UINT64_C(0x9E3779B97F4A7C15);
    size_t at = (size_t)(h >> 32) & (s->cap - 1);
    while (s->slots[at] && s->slots[at] != p)
        at = (at + 1) & (s->cap - 1);
    return at;
}

static void resize(lua_State *L, Seen *s, size_t cap)
{
    Seen old = *s;
    s->cap = cap;
    s->slots = lua_newuserdatauv(L, cap * sizeof *s->slots, 0);
    memset(s->slots, 0, cap * sizeof *s->slots);
    for (size_t i = 0; i < old.cap; i++)
        if (old.slots[i])
            s->slots[slot_of(s, old.slots[i])] = old.slots[i];
    lua_replace(L, s->place);
}

/* false: it was there already. */
static bool add(lua_State *L, Seen *s, const void *p)
{
    size_t at = slot_of(s, p);
    if (s->slots[at])
        return false;
    s->slots[at] = p;
    if (++s->count * 2 > s->cap)
        resize(L, s, s->cap * 2);
    return true;
}

static void visit(lua_State *L, Seen *s, int at)
{
    if (++s->depth > MAX_DEPTH)
        luaL_error(L, "the document is nested too deep");
    luaL_checkstack(L, 8, "nesting");
    lua_pushnil(L);
    while (lua_next(L, at)) {
        if (!lua_istable(L, -1)) {
            lua_pop(L, 1);
            continue;
        }
        if (!add(L, s, lua_topointer(L, -1))) {
            lua_pushvalue(L, -2);
            lua_pushvalue(L, s->clone);
            lua_pushvalue(L, -3);
            lua_call(L, 1, 1);
            lua_rawset(L, at);
        } else {
            AjTag tag = aj_luatag_at(L, lua_gettop(L));
            s->tags |= UINT64_C(1) << tag;
            if (tag < AJ_TAG_STR || tag > AJ_TAG_LINEBREAK) /* these hold nothing */
                visit(L, s, lua_gettop(L));
        }
        lua_pop(L, 1);
    }
    s->depth--;
}

int aj_luashare(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    lua_pushnil(L);
    lua_rawgeti(L, LUA_REGISTRYINDEX, aj_luabase_state(L)->exports);
    lua_getfield(L, -1, "clone");
    Seen s = {.place = 2, .clone = 4};
    resize(L, &s, 1024);
    add(L, &s, lua_topointer(L, 1));
    visit(L, &s, 1);
    lua_pushinteger(L, (lua_Integer)s.tags);
    return 1;
}
