/* pandocread - the small pieces of pandoc's JSON.
 *
 * Must not know: which element holds what. */
#include "filter/pandocread.h"

#include <lauxlib.h>

#define MAX_DEPTH 400

void G_GNUC_NORETURN aj_pandocread_fail(AjPandocRead *in, const char *what)
{
    if (what)
        aj_jsonwalk_fail(&in->w, what);
    luaL_error(in->L, "JSON line %d: %s", (int)aj_jsonwalk_line(&in->w), in->w.fault);
    g_assert_not_reached();
}

void aj_pandocread_deeper(AjPandocRead *in)
{
    if (++in->depth > MAX_DEPTH)
        aj_pandocread_fail(in, "the document is nested too deep");
    luaL_checkstack(in->L, 16, "nesting");
}

void aj_pandocread_enter(AjPandocRead *in, bool *first)
{
    *first = true;
    CHECK(in, aj_jsonwalk_enter(&in->w, '['));
}

void aj_pandocread_item(AjPandocRead *in, bool *first)
{
    CHECK(in, aj_jsonwalk_item(&in->w, first));
}

void aj_pandocread_leave(AjPandocRead *in, bool *first)
{
    CHECK(in, aj_jsonwalk_leave(&in->w, '[', first));
}

bool aj_pandocread_more(AjPandocRead *in, bool *first)
{
    bool is = aj_jsonwalk_more(&in->w, '[', first);
    if (in->w.fault)
        aj_pandocread_fail(in, NULL);
    return is;
}

void aj_pandocread_string(AjPandocRead *in)
{
    const char *s;
    size_t len;
    CHECK(in, aj_jsonwalk_string(&in->w, &s, &len));
    lua_pushlstring(in->L, s, len);
}

void aj_pandocread_field_string(AjPandocRead *in, const char *name)
{
    aj_pandocread_string(in);
    lua_setfield(in->L, -2, name);
}

void aj_pandocread_number(AjPandocRead *in)
{
    double d;
    int64_t i;
    bool whole;
    CHECK(in, aj_jsonwalk_number(&in->w, &d, &i, &whole));
    if (whole)
        lua_pushinteger(in->L, i);
    else
        lua_pushnumber(in->L, d);
}

void aj_pandocread_field_number(AjPandocRead *in, const char *name)
{
    aj_pandocread_number(in);
    lua_setfield(in->L, -2, name);
}

/* {"t": "Decimal"}: pushes the word; with a number in "c" (ColWidth) that instead. */
void aj_pandocread_word(AjPandocRead *in)
{
    const char *s;
    size_t len;
    bool first = true, number = false;
    lua_pushnil(in->L);
    CHECK(in, aj_jsonwalk_enter(&in->w, '{'));
    while (aj_jsonwalk_more(&in->w, '{', &first)) {
        CHECK(in, aj_jsonwalk_key(&in->w, &s, &len));
        if (len == 1 && *s == 't') {
            aj_pandocread_string(in);
            if (number)
                lua_pop(in->L, 1);
            else
                lua_replace(in->L, -2);
        } else if (len == 1 && *s == 'c' && aj_jsonwalk_kind(&in->w) == '-') {
            aj_pandocread_number(in);
            lua_replace(in->L, -2);
            number = true;
        } else {
            CHECK(in, aj_jsonwalk_skip(&in->w));
        }
    }
    if (in->w.fault || lua_isnil(in->L, -1))
        aj_pandocread_fail(in, "a word {\"t\": …} is expected");
}

void aj_pandocread_field_word(AjPandocRead *in, const char *name)
{
    aj_pandocread_word(in);
    lua_setfield(in->L, -2, name);
}

void aj_pandocread_finish(AjPandocRead *in, AjTag tag)
{
    lua_rawgeti(in->L, in->t->elements, tag);
    lua_setmetatable(in->L, -2);
}

void aj_pandocread_finish_list(AjPandocRead *in, int mt)
{
    lua_pushvalue(in->L, mt);
    lua_setmetatable(in->L, -2);
}

/* ["id", ["class"], [["key", "value"]]] into the field "attr"; an empty one is left out. */
void aj_pandocread_field_attr(AjPandocRead *in)
{
    lua_State *L = in->L;
    bool first, inner, pair;
    lua_Integer n = 0, k = 0;
    aj_pandocread_enter(in, &first);
    aj_pandocread_item(in, &first);
    lua_createtable(L, 0, 3);
    aj_pandocread_string(in);
    bool any = lua_rawlen(L, -1) > 0;
    lua_setfield(L, -2, "identifier");
    aj_pandocread_item(in, &first);
    lua_newtable(L);
    for (aj_pandocread_enter(in, &inner); aj_pandocread_more(in, &inner);) {
        aj_pandocread_string(in);
        lua_rawseti(L, -2, ++n);
    }
    aj_pandocread_finish_list(in, in->t->list_mt);
    lua_setfield(L, -2, "classes");
    aj_pandocread_item(in, &first);
    lua_newtable(L);
    for (aj_pandocread_enter(in, &inner); aj_pandocread_more(in, &inner);) {
        lua_createtable(L, 2, 0);
        aj_pandocread_enter(in, &pair);
        aj_pandocread_item(in, &pair);
        aj_pandocread_string(in);
        lua_rawseti(L, -2, 1);
        aj_pandocread_item(in, &pair);
        aj_pandocread_string(in);
        lua_rawseti(L, -2, 2);
        aj_pandocread_leave(in, &pair);
        lua_rawseti(L, -2, ++k);
    }
    aj_pandocread_finish_list(in, in->t->attributes_mt);
    lua_setfield(L, -2, "attributes");
    aj_pandocread_leave(in, &first);
    if (any || n || k) {
        aj_pandocread_finish_list(in, in->t->attr_mt);
        lua_setfield(L, -2, "attr");
    } else {
        lua_pop(L, 1);
    }
}
