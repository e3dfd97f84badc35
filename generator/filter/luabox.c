/* luabox - one sealed Lua state and the filters that run in it.
 *
 * When the box is made every filter runs once without a page, to learn what it handles; a page that
 * holds none of that costs one look at its tree. Besides pandoc's fields a filter table may carry
 * `needs = {meta = {…}, heading = {…}}`: the filter runs only on pages whose front matter has one
 * of the keys or one of whose headings holds one of the words. pandoc overlooks the field. Must not
 * know: what a filter is for, where its file lies, the sandbox of the process. */
#include "filter/luabox.h"

#include "filter/luabase.h"
#include "filter/luabuild.h"
#include "filter/luatree.h"

#include <lauxlib.h>
#include <string.h>

#define MEMORY_MAX (UINT64_C(256) << 20)
#define STEPS_MAX UINT64_C(400000000)
#define STEPS_LEARN UINT64_C(20000000)

/* generator/filter/pandoc.lua as it stands in the source, found through the -I of the build. */
__asm__(".section .rodata\n"
        "aj_pandoc_lua:\n"
        ".incbin \"generator/filter/pandoc.lua\"\n"
        "aj_pandoc_lua_end:\n"
        ".byte 0\n"
        ".previous\n");
extern const char aj_pandoc_lua[], aj_pandoc_lua_end[];

typedef struct {
    uint64_t tags;             /* elements that the table handles */
    bool always;               /* a handler of Pandoc, Meta, Blocks or Inlines */
    GPtrArray *meta, *heading; /* `needs`; NULL: nothing said */
} Table;
typedef struct {
    const AjFilterSource *source;
    GArray *tables; /* of Table */
    char *broken;   /* what it said when it first ran; NULL: it is sound */
    int broken_line;
} Filter;
struct AjLuabox {
    AjLuaState state;
    lua_State *L;
    Filter *filters;
    uint32_t count;
    int base, exports, chunks; /* references */
};

/* What crosses lua_pcall: the only argument of each protected function. */
typedef struct {
    AjLuabox *box;
    uint32_t filter; /* which runs now */
    AjTree *tree;
    AjValue **meta;
    const char *page;
    uint32_t line; /* of the filter, for an error */
    const char *message;
    AjDiags *diags;
    uint64_t tags;
    bool tags_known, ran;
} Run;

static bool headings_hold(cmark_node *parent, const GPtrArray *words, GString *text)
{
    for (cmark_node *n = cmark_node_first_child(parent); n; n = cmark_node_next(n)) {
        cmark_node_type type = cmark_node_get_type(n);
        if (type == CMARK_NODE_CUSTOM_BLOCK && aj_element_kind(n) == AJ_EL_DIV &&
            headings_hold(n, words, text))
            return true;
        if (type != CMARK_NODE_HEADING)
            continue;
        g_string_truncate(text, 0);
        aj_tree_stringify(n, text);
        for (guint i = 0; i < words->len; i++)
            if (strstr(text->str, words->pdata[i]))
                return true;
    }
    return false;
}

static bool needs_met(const Table *t, const AjTree *tree, const AjValue *meta)
{
    if (!t->meta && !t->heading)
        return true;
    for (guint i = 0; t->meta && i < t->meta->len; i++) {
        const AjValue *v = aj_value_get(meta, t->meta->pdata[i]);
        if (v && v->type != AJ_VALUE_NULL)
            return true;
    }
    if (!t->heading)
        return false;
    GString *text = g_string_sized_new(128);
    bool met = headings_hold(tree->root, t->heading, text);
    g_string_free(text, TRUE);
    return met;
}

/* Once a filter has run, the tree may hold anything: those after it run too, but for `needs`. */
static bool is_wanted(Run *run, const Filter *f)
{
    if (f->broken)
        return true;
    for (guint i = 0; i < f->tables->len; i++) {
        const Table *t = &g_array_index(f->tables, Table, i);
        if (!needs_met(t, run->tree, *run->meta))
            continue;
        if (t->always || run->ran)
            return true;
        if (!run->tags_known && t->tags) {
            run->tags = aj_luatag_set(run->tree->root);
            run->tags_known = true;
        }
        if (t->tags & run->tags)
            return true;
    }
    return false;
}

/* ------------------------------------------------------------------ inside protected mode */

static void push_chunk(lua_State *L, Run *run)
{
    lua_rawgeti(L, LUA_REGISTRYINDEX, run->box->chunks);
    lua_rawgeti(L, -1, run->filter + 1);
    lua_remove(L, -2);
}

/* Runs the chunk in a fresh environment; leaves the list of filter tables on the stack. */
static void run_chunk(lua_State *L, Run *run)
{
    AjLuabox *box = run->box;
    aj_luabase_wipe(L);
    push_chunk(L, run);
    int chunk = lua_gettop(L);
    lua_newtable(L);
    int env = lua_gettop(L);
    lua_pushvalue(L, env);
    lua_setfield(L, env, "_G");
    lua_pushstring(L, box->filters[run->filter].source->path);
    lua_setfield(L, env, "PANDOC_SCRIPT_FILE");
    lua_newtable(L);
    lua_newtable(L);
    if (run->page) {
        lua_pushstring(L, run->page);
        lua_rawseti(L, -2, 1);
    }
    lua_setfield(L, -2, "input_files");
    lua_setfield(L, env, "PANDOC_STATE");
    lua_newtable(L);
    lua_setfield(L, env, "PANDOC_READER_OPTIONS");
    lua_newtable(L);
    lua_setfield(L, env, "PANDOC_WRITER_OPTIONS");
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

static GPtrArray *read_words(lua_State *L, int at, const char *name)
{
    GPtrArray *out = NULL;
    lua_getfield(L, at, name);
    if (lua_istable(L, -1)) {
        out = g_ptr_array_new_with_free_func(g_free);
        lua_Integer n = (lua_Integer)lua_rawlen(L, -1);
        for (lua_Integer i = 1; i <= n; i++) {
            if (lua_rawgeti(L, -1, i) == LUA_TSTRING)
                g_ptr_array_add(out, g_strdup(lua_tostring(L, -1)));
            lua_pop(L, 1);
        }
    }
    lua_pop(L, 1);
    return out;
}

/* Reads of the table on top what it handles. Raw reads: nothing here can raise an error but for
 * memory, and then the program's own copy is what leaks. */
static void learn_table(lua_State *L, GArray *tables)
{
    Table t = {0};
    int at = lua_gettop(L);
    static const char *const always[] = {"Pandoc", "Doc", "Meta", "Blocks", "Inlines"};
    for (size_t i = 0; i < G_N_ELEMENTS(always); i++) {
        lua_pushstring(L, always[i]);
        t.always |= lua_rawget(L, at) != LUA_TNIL;
        lua_pop(L, 1);
    }
    lua_pushliteral(L, "Inline");
    bool inlines = lua_rawget(L, at) != LUA_TNIL;
    lua_pushliteral(L, "Block");
    bool blocks = lua_rawget(L, at) != LUA_TNIL;
    lua_settop(L, at);
    for (int tag = 1; tag < AJ_TAGS; tag++) {
        lua_pushstring(L, aj_luatag_name((AjTag)tag));
        if (lua_rawget(L, at) != LUA_TNIL || (inlines && aj_luatag_is_inline((AjTag)tag)) ||
            (blocks && aj_luatag_is_block((AjTag)tag)))
            t.tags |= UINT64_C(1) << tag;
        lua_pop(L, 1);
    }
    lua_pushliteral(L, "needs");
    if (lua_rawget(L, at) == LUA_TTABLE) {
        t.meta = read_words(L, at + 1, "meta");
        t.heading = read_words(L, at + 1, "heading");
    }
    lua_settop(L, at);
    g_array_append_val(tables, t);
}

static int learn(lua_State *L)
{
    Run *run = lua_touserdata(L, 1);
    run_chunk(L, run);
    lua_Integer n = (lua_Integer)lua_rawlen(L, -1);
    for (lua_Integer i = 1; i <= n; i++) {
        if (lua_rawgeti(L, -1, i) != LUA_TTABLE)
            return luaL_error(L, "a list of filters holds a %s", luaL_typename(L, -1));
        learn_table(L, run->box->filters[run->filter].tables);
        lua_pop(L, 1);
    }
    return 0;
}

static int run_filters(lua_State *L)
{
    Run *run = lua_touserdata(L, 1);
    AjLuabox *box = run->box;
    AjLuatree tree;
    lua_rawgeti(L, LUA_REGISTRYINDEX, box->exports);
    aj_luatree_open(L, &tree, run->tree, 2);
    lua_getfield(L, 2, "apply");
    int apply = lua_gettop(L);
    box->state.line = aj_luatree_line;
    box->state.line_data = &tree;
    aj_luatree_push(L, &tree, *run->meta);
    int doc = lua_gettop(L);
    uint32_t first = run->filter;
    for (uint32_t i = first; i < box->count; i++) {
        run->filter = i;
        if (i > first && !is_wanted(run, &box->filters[i]))
            continue;
        if (box->filters[i].broken) {
            run->line = (uint32_t)box->filters[i].broken_line;
            lua_pushstring(L, box->filters[i].broken);
            return lua_error(L);
        }
        run->ran = true;
        run_chunk(L, run);
        lua_Integer n = (lua_Integer)lua_rawlen(L, -1);
        for (lua_Integer k = 1; k <= n; k++) {
            lua_pushvalue(L, apply);
            if (lua_rawgeti(L, doc + 1, k) != LUA_TTABLE)
                return luaL_error(L, "a list of filters holds a %s", luaL_typename(L, -1));
            lua_pushvalue(L, doc);
            lua_call(L, 2, 1);
            lua_replace(L, doc);
        }
        lua_settop(L, doc);
    }
    aj_luabuild(L, &tree, doc, run->meta);
    return 0;
}

/* Keeps the first line of the filter's own that is still on the stack, and takes Lua's "file:line:"
 * off the message. */
static int remember(lua_State *L)
{
    Run *run = lua_touserdata(L, lua_upvalueindex(1));
    const char *path = run->box->filters[run->filter].source->path;
    const char *message = lua_tostring(L, 1);
    char where[LUA_IDSIZE + 32] = "";
    lua_Debug ar;
    if (run->box->state.fail_line)
        run->line = (uint32_t)run->box->state.fail_line;
    for (int level = 0; lua_getstack(L, level, &ar); level++) {
        lua_getinfo(L, "Sl", &ar);
        if (ar.source[0] != '@' || strcmp(ar.source + 1, path) != 0)
            continue;
        if (!run->line && ar.currentline > 0)
            run->line = (uint32_t)ar.currentline;
        g_snprintf(where, sizeof where, "%s:%d: ", ar.short_src, ar.currentline);
        break;
    }
    if (!message)
        message =
            lua_istable(L, 1) ? "an error value that is not a text" : "an error without words";
    if (where[0] && g_str_has_prefix(message, where))
        message += strlen(where);
    else if (g_str_has_prefix(message, "pandoc.lua:"))
        message = strchr(message + strlen("pandoc.lua:"), ' ') + 1;
    lua_pushstring(L, message);
    return 1;
}

/* ------------------------------------------------------------------ outside */

/* For an error that left no frame of the filter's. */
static void find_handler(Run *run)
{
    lua_State *L = run->box->L;
    lua_Debug ar;
    aj_luatag_push_handler(L);
    if (!lua_isfunction(L, -1)) {
        lua_pop(L, 1);
        return;
    }
    lua_getinfo(L, ">S", &ar);
    if (ar.source[0] == '@' &&
        strcmp(ar.source + 1, run->box->filters[run->filter].source->path) == 0)
        run->line = (uint32_t)MAX(ar.linedefined, 0);
}

/* Calls `fn` with the run; false leaves run->message, good until the next call. */
static bool guarded(lua_CFunction fn, Run *run)
{
    lua_State *L = run->box->L;
    lua_settop(L, 0);
    lua_pushlightuserdata(L, run); /* these three fit into what every state has in reserve */
    lua_pushcclosure(L, remember, 1);
    lua_pushcfunction(L, fn);
    lua_pushlightuserdata(L, run);
    int status = lua_pcall(L, 1, 0, 1);
    run->box->state.line = NULL;
    if (status == LUA_OK)
        return true;
    if (!run->line)
        find_handler(run);
    if (status == LUA_ERRMEM)
        run->message = "the filter needs more memory than the limit allows";
    else
        run->message = lua_isstring(L, -1) ? lua_tostring(L, -1) : "?";
    return false;
}

static void report(Run *run, const AjFilterSource *source)
{
    g_autofree char *message = g_utf8_make_valid(run->message, -1);
    g_strdelimit(message, "\n\r", ' ');
    AjPos pos = {source->path, run->line, 0};
    if (run->page)
        aj_diag(run->diags, AJ_ERROR, pos, "filter-error",
                AJ_TR("改正过滤器，或在 site.yaml 的 filters 里暂时去掉它",
                      "mend the filter, or take it out of filters in site.yaml"),
                AJ_TR("过滤器 %s 处理页面 %s 时出错：%s", "filter %s failed on page %s: %s"),
                source->name, run->page, message);
    else
        aj_diag(run->diags, AJ_ERROR, pos, "filter-syntax", AJ_TR("改正这一行", "mend this line"),
                AJ_TR("过滤器 %s 无法编译：%s", "filter %s does not compile: %s"), source->name,
                message);
}

static int open_box(lua_State *L)
{
    Run *run = lua_touserdata(L, 1);
    AjLuabox *box = run->box;
    aj_luabase_open(L); /* base, native */
    int base = lua_gettop(L) - 1, native = base + 1;
    lua_createtable(L, 0, AJ_TAGS);
    for (int i = 1; i < AJ_TAGS; i++) {
        lua_pushinteger(L, i);
        lua_setfield(L, -2, aj_luatag_name((AjTag)i));
    }
    lua_setfield(L, native, "ids");
    lua_pushcfunction(L, aj_luatag_step);
    lua_setfield(L, native, "step");
    if (luaL_loadbufferx(L, aj_pandoc_lua, (size_t)(aj_pandoc_lua_end - aj_pandoc_lua),
                         "=pandoc.lua", "t"))
        return lua_error(L);
    lua_pushvalue(L, native);
    lua_call(L, 1, 1);
    int exports = lua_gettop(L);
    lua_getfield(L, exports, "globals");
    lua_pushnil(L);
    while (lua_next(L, -2)) {
        lua_pushvalue(L, -2);
        lua_insert(L, -2);
        lua_settable(L, base);
    }
    lua_pop(L, 1);
    /* Elements by tag number, for C. */
    lua_getfield(L, exports, "elements");
    for (int i = 1; i < AJ_TAGS; i++) {
        lua_getfield(L, -1, aj_luatag_name((AjTag)i));
        lua_rawseti(L, -2, i);
    }
    lua_pop(L, 1);
    box->exports = luaL_ref(L, LUA_REGISTRYINDEX);
    lua_pop(L, 1);
    box->base = luaL_ref(L, LUA_REGISTRYINDEX);
    lua_newtable(L);
    box->chunks = luaL_ref(L, LUA_REGISTRYINDEX);
    /* What was needed to open must not be needed again: the state's own globals go. */
    lua_newtable(L);
    lua_rawseti(L, LUA_REGISTRYINDEX, LUA_RIDX_GLOBALS);
    return 0;
}

static int compile(lua_State *L)
{
    Run *run = lua_touserdata(L, 1);
    const AjFilterSource *source = run->box->filters[run->filter].source;
    lua_rawgeti(L, LUA_REGISTRYINDEX, run->box->chunks);
    lua_pushfstring(L, "@%s", source->path);
    const char *text = source->text;
    size_t len = source->len;
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        len -= 3;
    }
    if (luaL_loadbufferx(L, text, len, lua_tostring(L, -1), "t"))
        return lua_error(L);
    lua_rawseti(L, -3, run->filter + 1);
    return 0;
}

/* "file:12: message" of a syntax error. */
static void split_syntax(Run *run)
{
    const char *p = run->message;
    while ((p = strchr(p, ':'))) {
        char *end;
        unsigned long line = strtoul(p + 1, &end, 10);
        if (end > p + 1 && end[0] == ':' && end[1] == ' ') {
            run->line = (uint32_t)line;
            run->message = end + 2;
            return;
        }
        p++;
    }
}

static void clear_table(gpointer data)
{
    Table *t = data;
    g_clear_pointer(&t->meta, g_ptr_array_unref);
    g_clear_pointer(&t->heading, g_ptr_array_unref);
}

AjLuabox *aj_luabox_new(const AjFilterSource *filters, uint32_t count, AjDiags *diags)
{
    AjLuabox *box = g_new0(AjLuabox, 1);
    box->state.memory_max = MEMORY_MAX;
    box->state.count_max = STEPS_MAX;
    box->filters = g_new0(Filter, count + 1);
    box->count = count;
    for (uint32_t i = 0; i < count; i++) {
        box->filters[i].source = &filters[i];
        box->filters[i].tables = g_array_new(FALSE, FALSE, sizeof(Table));
        g_array_set_clear_func(box->filters[i].tables, clear_table);
    }
    box->L = aj_luabase_new(&box->state);
    if (!box->L)
        g_error("no memory for Lua");
    Run run = {.box = box, .diags = diags};
    if (!guarded(open_box, &run))
        g_error("pandoc.lua: %s", run.message);
    bool good = true;
    for (run.filter = 0; run.filter < count; run.filter++) {
        run.line = 0;
        if (!guarded(compile, &run)) {
            split_syntax(&run);
            report(&run, &filters[run.filter]);
            good = false;
        }
    }
    if (!good) {
        aj_luabox_free(box);
        return NULL;
    }
    box->state.count_max = STEPS_LEARN;
    for (run.filter = 0; run.filter < count; run.filter++) {
        aj_luabase_begin(box->L);
        run.line = 0;
        Filter *f = &box->filters[run.filter];
        if (!guarded(learn, &run)) { /* told for each page, since each page lacks it */
            f->broken = g_strdup(run.message);
            f->broken_line = (int)run.line;
        }
        aj_luabase_end(box->L);
    }
    box->state.count_max = STEPS_MAX;
    lua_gc(box->L, LUA_GCCOLLECT);
    return box;
}

void aj_luabox_free(AjLuabox *box)
{
    if (!box)
        return;
    for (uint32_t i = 0; i < box->count; i++) {
        g_array_free(box->filters[i].tables, TRUE);
        g_free(box->filters[i].broken);
    }
    g_free(box->filters);
    lua_close(box->L);
    g_free(box->state.scratch);
    g_free(box);
}

void aj_luabox_limit(AjLuabox *box, uint64_t steps, uint64_t bytes)
{
    box->state.count_max = steps;
    box->state.memory_max = bytes;
}

bool aj_luabox_run(AjLuabox *box, AjTree *tree, AjValue **meta, const char *page_path,
                   AjDiags *diags)
{
    Run run = {.box = box, .tree = tree, .meta = meta, .page = page_path, .diags = diags};
    while (run.filter < box->count && !is_wanted(&run, &box->filters[run.filter]))
        run.filter++;
    if (run.filter == box->count)
        return true;
    aj_tree_use_arena(tree->arena);
    aj_luabase_begin(box->L);
    bool good = guarded(run_filters, &run);
    if (!good)
        report(&run, box->filters[run.filter].source);
    aj_luabase_end(box->L);
    return good;
}
