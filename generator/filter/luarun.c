/* luarun - one document through the filters of a box, inside Lua's protected mode.
 *
 * A document is text as long as no filter wants more than single elements of pandoc's JSON; of a
 * page only the blocks become values which some filter wants; else the whole does.
 * Must not know: what is said about an error, how filters are compiled. */
#include "filter/luarun.h"

#include "filter/luabase.h"
#include "filter/luabuild.h"
#include "filter/luaclock.h"
#include "filter/luaenv.h"
#include "filter/luameta.h"
#include "filter/luashare.h"
#include "filter/pandocout.h"
#include "filter/pandocstream.h"

#include <lauxlib.h>

const AjFilterSource *aj_luarun_source(const AjLuarun *run)
{
    return run->box->filters[run->filter].source;
}

/* Runs the chunk in a fresh environment; leaves the list of filter tables on the stack. */
static void run_chunk(lua_State *L, AjLuarun *run)
{
    AjLuabox *box = run->box;
    aj_luabase_wipe(L);
    lua_rawgeti(L, LUA_REGISTRYINDEX, box->chunks);
    lua_rawgeti(L, -1, run->filter + 1);
    lua_remove(L, -2);
    int chunk = lua_gettop(L);
    lua_newtable(L);
    int env = lua_gettop(L);
    aj_luaenv_fill(L, env, aj_luarun_source(run), box->host.format,
                   run->doc ? run->doc->page : NULL);
    lua_createtable(L, 0, 2);
    lua_rawgeti(L, LUA_REGISTRYINDEX, box->base);
    lua_setfield(L, -2, "__index");
    lua_pushboolean(L, 0);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, env);
    lua_pushvalue(L, env);
    lua_setupvalue(L, chunk, 1);
    lua_pushvalue(L, chunk);
    lua_call(L, 0, 1);
    if (lua_isnil(L, -1)) { /* global handlers */
        lua_newtable(L);
        lua_pushvalue(L, env);
        lua_rawseti(L, -2, 1);
    } else if (!lua_istable(L, -1)) {
        luaL_error(L, "a filter returns a table or nothing, not a %s", luaL_typename(L, -1));
    } else if (lua_rawlen(L, -1) == 0) { /* one table */
        lua_newtable(L);
        lua_pushvalue(L, -2);
        lua_rawseti(L, -2, 1);
    }
    lua_replace(L, chunk);
    lua_settop(L, chunk);
}

int aj_luarun_learn(lua_State *L)
{
    AjLuarun *run = lua_touserdata(L, 1);
    run_chunk(L, run);
    lua_Integer n = (lua_Integer)lua_rawlen(L, -1);
    for (lua_Integer i = 1; i <= n; i++) {
        if (lua_rawgeti(L, -1, i) != LUA_TTABLE)
            return luaL_error(L, "a list of filters holds a %s", luaL_typename(L, -1));
        aj_luawant_learn(L, run->box->filters[run->filter].want);
        lua_pop(L, 1);
    }
    return 0;
}

bool aj_luarun_wanted(AjLuarun *run, uint32_t filter)
{
    const AjLuafilter *f = &run->box->filters[filter];
    return f->broken || run->doc->once || aj_luawant_met(f->want, &run->page);
}

/* Sets what the command line says over what the document has. */
static void add_meta(lua_State *L, AjLuatree *t, int doc, const AjValue *more)
{
    lua_getfield(L, doc, "meta");
    for (uint32_t i = 0; i < more->len; i++) {
        aj_luameta_push(L, t, more->entries[i].value);
        lua_setfield(L, -2, more->entries[i].key);
    }
    lua_pop(L, 1);
}

/* The document becomes a value. */
static void read_json(lua_State *L, AjLuarun *run, int doc)
{
    if (!run->json)
        return;
    aj_pandocin_push(L, run->tree, run->json, run->json_len, &run->version);
    lua_replace(L, doc);
    run->json = NULL;
    run->unshared = true;
}

/* One element in two places becomes two; and what the document holds now is known. */
static void take_apart(lua_State *L, AjLuarun *run, int doc)
{
    if (!run->page.changed || run->json || run->unshared)
        return;
    lua_pushcfunction(L, aj_luashare);
    lua_pushvalue(L, doc);
    lua_call(L, 1, 1);
    uint64_t now = (uint64_t)lua_tointeger(L, -1);
    lua_pop(L, 1);
    run->page.tags = run->parts ? run->page.tags | now : now;
    run->page.known = true;
    run->unshared = true;
}

/* Runs the table on top over the document as text; false: it wants a value. */
static bool stream(lua_State *L, AjLuarun *run, bool last)
{
    int table = lua_gettop(L);
    lua_rawgeti(L, LUA_REGISTRYINDEX, run->box->exports);
    lua_getfield(L, -1, "streams");
    lua_pushvalue(L, table);
    lua_call(L, 1, 1);
    lua_Integer n = lua_istable(L, -1) ? (lua_Integer)lua_rawlen(L, -1) : -1;
    bool good = n >= 0;
    for (lua_Integer i = 1; good && i <= n; i++) {
        GString *out = run->doc->json_out;
        run->streamed = last && i == n;
        if (!run->streamed) {
            out = run->box->texts[run->json == run->box->texts[0]->str];
            g_string_truncate(out, 0);
        }
        lua_rawgeti(L, -1, i);
        good = aj_pandocstream_run(L, run->tree, -1, run->json, run->json_len, out);
        lua_pop(L, 1);
        if (good && !run->streamed) {
            run->json = out->str;
            run->json_len = out->len;
        }
        run->page.changed |= good;
    }
    run->streamed &= good;
    lua_settop(L, table);
    return good;
}

/* upvalues: the run, the document's text and its length. The document as it came. */
static int read_again(lua_State *L)
{
    AjLuarun *run = lua_touserdata(L, lua_upvalueindex(1));
    AjLuatree tree;
    lua_settop(L, 0);
    lua_rawgeti(L, LUA_REGISTRYINDEX, run->box->exports);
    aj_luatree_open(L, &tree, run->doc->tree, 1);
    aj_pandocin_push(L, &tree, lua_touserdata(L, lua_upvalueindex(2)),
                     (size_t)lua_tointeger(L, lua_upvalueindex(3)), &run->version);
    return 1;
}

static void run_table(lua_State *L, AjLuarun *run, int doc, bool last)
{
    const char *text = run->json;
    if (!lua_istable(L, -1))
        luaL_error(L, "a list of filters holds a %s", luaL_typename(L, -1));
    if (run->json && stream(L, run, last))
        return;
    read_json(L, run, doc);
    take_apart(L, run, doc);
    int table = lua_gettop(L);
    run->page.changed = true;
    run->unshared = false;
    lua_rawgeti(L, LUA_REGISTRYINDEX, run->box->exports);
    lua_getfield(L, -1, run->parts ? "apply_parts" : "apply");
    lua_pushvalue(L, table);
    lua_pushvalue(L, doc);
    if (text) {
        lua_pushlightuserdata(L, run);
        lua_pushlightuserdata(L, (void *)text);
        lua_pushinteger(L, (lua_Integer)run->json_len);
        lua_pushcclosure(L, read_again, 3);
    } else {
        lua_pushnil(L);
    }
    lua_call(L, 3, run->parts ? 0 : 1);
    if (!run->parts)
        lua_replace(L, doc);
}

static void run_one(lua_State *L, AjLuarun *run, int doc)
{
    AjLuabox *box = run->box;
    const AjLuafilter *f = &box->filters[run->filter];
    aj_luaclock_switch(f->source->path, run->filter);
    if (f->broken) {
        run->line = (uint32_t)f->broken_line;
        lua_pushstring(L, f->broken);
        lua_error(L);
    }
    run_chunk(L, run);
    lua_Integer n = (lua_Integer)lua_rawlen(L, -1);
    for (lua_Integer k = 1; k <= n; k++) {
        lua_rawgeti(L, doc + 1, k);
        run_table(L, run, doc, run->at + 1 == run->order_count && k == n);
        lua_settop(L, doc + 1);
    }
    lua_settop(L, doc);
}

/* pandoc.log.warn */
static void say(void *data, const char *text)
{
    const AjLuarun *run = data;
    aj_diag(run->diags, AJ_WARNING,
            (AjPos){run->doc ? run->doc->page : aj_luarun_source(run)->path, 0, 0},
            "filter-warning", AJ_TR("看过滤器的说明", "see the filter's own manual"),
            AJ_TR("过滤器 %s：%s", "filter %s: %s"), aj_luarun_source(run)->name, text);
}

/* Whether some blocks of the page are all that its filters can want: those with these types. Notes
 * stand in one place and are shown in another. */
static bool take_parts(AjLuarun *run, uint64_t *tags)
{
    const AjLuaDocument *d = run->doc;
    bool whole = d->json_out || d->once || !run->page.known || run->page.tags >> AJ_TAG_NOTE & 1;
    for (uint32_t i = 0; i < run->order_count && !whole; i++) {
        const AjLuafilter *f = &run->box->filters[run->order[i]];
        if (f->broken)
            whole = true;
        else
            *tags |= aj_luawant_tags(f->want, &run->page, &whole);
    }
    run->parts = !whole;
    return run->parts;
}

int aj_luarun_filters(lua_State *L)
{
    AjLuarun *run = lua_touserdata(L, 1);
    AjLuabox *box = run->box;
    const AjLuaDocument *d = run->doc;
    AjLuatree tree;
    lua_rawgeti(L, LUA_REGISTRYINDEX, box->exports);
    aj_luatree_open(L, &tree, d->tree, 2);
    run->tree = &tree;
    run->version = AJ_PANDOC_VERSION_DEFAULT;
    run->json = d->json;
    run->json_len = d->json_len;
    box->state.line = aj_luatree_line;
    box->state.line_data = &tree;
    box->state.say = say;
    box->state.say_data = run;
    bool more = d->more_meta && d->more_meta->len > 0;
    uint64_t tags = 0;
    if (d->json)
        lua_pushnil(L);
    else if (take_parts(run, &tags))
        aj_luatree_push_parts(L, &tree, tags);
    else
        aj_luatree_push(L, &tree, *d->meta);
    int doc = lua_gettop(L);
    if (!d->json_out || more || run->order_count == 0)
        read_json(L, run, doc);
    if (more)
        add_meta(L, &tree, doc, d->more_meta);
    for (; run->at < run->order_count; run->at++) {
        run->filter = run->order[run->at];
        take_apart(L, run, doc);
        if (aj_luarun_wanted(run, run->filter))
            run_one(L, run, doc);
    }
    if (run->json && !run->streamed)
        g_string_append_len(d->json_out, run->json, (gssize)run->json_len);
    else if (run->json)
        return 0;
    else if (run->parts)
        aj_luabuild_parts(L, &tree, doc);
    else if (d->json_out)
        aj_pandocout_print(L, &tree, doc, &run->version, d->json_out);
    else
        aj_luabuild(L, &tree, doc, d->meta);
    return 0;
}
