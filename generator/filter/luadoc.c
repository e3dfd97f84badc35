/* luadoc - what the engine's Lua asks of C for whole documents: read, write, JSON, hashes.
 *
 * Each call opens its own AjLuatree, since stack places are a function's own. Long texts grow in
 * the state's buffer, which no error can leak.
 * Must not know: files, which filter runs. */
#include "filter/luadoc.h"

#include "filter/luabase.h"
#include "filter/luabuild.h"
#include "filter/luahost.h"
#include "filter/luashare.h"
#include "filter/pandocmeta.h"
#include "filter/pandocout.h"

#include <glib.h>
#include <lauxlib.h>

/* A tree with nothing in it, in the page's arena, and the engine's tables on the stack. */
static void open_tree(lua_State *L, AjLuatree *t)
{
    AjLuaState *s = aj_luabase_state(L);
    if (!s->arena)
        luaL_error(L, "there is no document yet");
    AjTree *tree = aj_arena_alloc(s->arena, sizeof *tree);
    tree->arena = s->arena;
    tree->root = aj_tree_node(CMARK_NODE_DOCUMENT);
    lua_rawgeti(L, LUA_REGISTRYINDEX, s->exports);
    aj_luatree_open(L, t, tree, lua_gettop(L));
}

static int doc_markdown(lua_State *L)
{
    AjLuaState *s = aj_luabase_state(L);
    size_t len;
    const char *text = luaL_checklstring(L, 1, &len);
    AjLuatree t;
    if (!s->host->markdown)
        return luaL_error(L, "there is no reader here");
    if (!g_utf8_validate(text, (gssize)len, NULL))
        return luaL_error(L, "the text is not UTF-8");
    open_tree(L, &t);
    AjTree *tree = s->host->markdown(s->arena, text, len, s->host->data);
    if (!tree)
        return luaL_error(L, "the text passes a limit of the reader");
    aj_luatree_push_other(L, &t, tree);
    return 1;
}

static int doc_html(lua_State *L)
{
    AjLuaState *s = aj_luabase_state(L);
    AjLuatree t;
    if (!s->host->html)
        return luaL_error(L, "there is no writer here");
    open_tree(L, &t);
    AjValue *meta = aj_value_map(s->arena);
    aj_luabuild(L, &t, 1, &meta);
    g_string_truncate(s->buffer, 0);
    s->host->html(t.tree, s->buffer, s->host->data);
    lua_pushlstring(L, s->buffer->str, s->buffer->len);
    return 1;
}

static int doc_from_json(lua_State *L)
{
    AjLuatree t;
    size_t len;
    const char *json = luaL_checklstring(L, 1, &len);
    AjPandocVersion version;
    open_tree(L, &t);
    aj_pandocin_push(L, &t, json, len, &version);
    return 1;
}

static int doc_to_json(lua_State *L)
{
    AjLuaState *s = aj_luabase_state(L);
    AjLuatree t;
    open_tree(L, &t);
    g_string_truncate(s->buffer, 0);
    aj_pandocout_print(L, &t, 1, &AJ_PANDOC_VERSION_DEFAULT, s->buffer);
    lua_pushlstring(L, s->buffer->str, s->buffer->len);
    return 1;
}

/* json_value(kind, text): see aj_pandocin_value. */
static int doc_json_value(lua_State *L)
{
    AjLuatree t;
    size_t len;
    const char *what = luaL_checkstring(L, 1), *json = luaL_checklstring(L, 2, &len);
    open_tree(L, &t);
    aj_pandocin_value(L, &t, what, json, len);
    return 1;
}

static int doc_json_print(lua_State *L)
{
    AjLuaState *s = aj_luabase_state(L);
    AjLuatree t;
    luaL_checkany(L, 1);
    open_tree(L, &t);
    g_string_truncate(s->buffer, 0);
    aj_pandocmeta_value(L, &t, 1, s->buffer);
    lua_pushlstring(L, s->buffer->str, s->buffer->len);
    return 1;
}

static int doc_sha1(lua_State *L)
{
    AjLuaState *s = aj_luabase_state(L);
    size_t len;
    const char *text = luaL_checklstring(L, 1, &len);
    g_free(s->scratch);
    s->scratch = g_compute_checksum_for_data(G_CHECKSUM_SHA1, (const guchar *)text, len);
    lua_pushstring(L, s->scratch);
    return 1;
}

/* Str(text): made for every word of a page, so here. */
static int doc_str(lua_State *L)
{
    luaL_argexpected(L, lua_isstring(L, 1), 1, "string");
    lua_tolstring(L, 1, NULL); /* a number becomes its text */
    lua_createtable(L, 0, 1);
    lua_pushvalue(L, 1);
    lua_setfield(L, -2, "text");
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_setmetatable(L, -2);
    return 1;
}

/* str(metatable) → the constructor */
static int doc_make_str(lua_State *L)
{
    lua_settop(L, 1);
    lua_pushcclosure(L, doc_str, 1);
    return 1;
}

static const luaL_Reg functions[] = {{"markdown", doc_markdown},
                                     {"html", doc_html},
                                     {"from_json", doc_from_json},
                                     {"to_json", doc_to_json},
                                     {"json_value", doc_json_value},
                                     {"json_print", doc_json_print},
                                     {"sha1", doc_sha1},
                                     {"make_str", doc_make_str},
                                     {NULL, NULL}};

void aj_luadoc_open(lua_State *L, int native)
{
    lua_pushvalue(L, native);
    luaL_setfuncs(L, functions, 0);
    lua_pop(L, 1);
}
