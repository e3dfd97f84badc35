/* luabox - one sealed Lua state and the filters that run in it.
 *
 * Before its first page every filter runs once without one, to learn what it handles; a page that
 * holds none of that costs one look at its tree.
 * Must not know: what a filter is for, where its file lies, the sandbox of the process. */
#include "filter/luabox.h"

#include "filter/luabase.h"
#include "filter/luaclock.h"
#include "filter/luaenv.h"
#include "filter/luaopen.h"
#include "filter/luapass.h"
#include "filter/luarun.h"

#include <lauxlib.h>
#include <string.h>

#define MEMORY_MAX (UINT64_C(256) << 20)
#define STEPS_MAX UINT64_C(400000000)
#define STEPS_LEARN UINT64_C(20000000)
#define SECONDS_MAX 5
#define GARBAGE_MAX ((size_t)16 << 20)

/* Keeps the first line of the filter's own that is still on the stack, and takes Lua's "file:line:"
 * off the message. */
static int remember(lua_State *L)
{
    AjLuarun *run = lua_touserdata(L, lua_upvalueindex(1));
    const char *path = run->box->count ? aj_luarun_source(run)->path : "";
    const char *message = lua_tostring(L, 1);
    char where[LUA_IDSIZE + 32] = "";
    lua_Debug ar;
    if (run->box->state.fail_line)
        run->line = (uint32_t)run->box->state.fail_line;
    if (aj_luabase_find_frame(L, path, &ar)) {
        if (!run->line && ar.currentline > 0)
            run->line = (uint32_t)ar.currentline;
        g_snprintf(where, sizeof where, "%s:%d: ", ar.short_src, ar.currentline);
    }
    if (!message)
        message =
            lua_istable(L, 1) ? "an error value that is not a text" : "an error without words";
    if (where[0] && g_str_has_prefix(message, where))
        message += strlen(where);
    else if (g_str_has_prefix(message, "pandoc:")) /* a part of the engine's own */
        message = strchr(message + strlen("pandoc:"), ' ') + 1;
    lua_pushstring(L, message);
    return 1;
}

/* ------------------------------------------------------------------ outside */

/* For an error that left no frame of the filter's. */
static void find_handler(AjLuarun *run)
{
    lua_State *L = run->box->L;
    lua_Debug ar;
    aj_luapass_push_handler(L);
    if (!lua_isfunction(L, -1)) {
        lua_pop(L, 1);
        return;
    }
    lua_getinfo(L, ">S", &ar);
    if (run->box->count && ar.source[0] == '@' &&
        strcmp(ar.source + 1, aj_luarun_source(run)->path) == 0)
        run->line = (uint32_t)MAX(ar.linedefined, 0);
}

/* Calls `fn` with the run; false leaves run->message, good until the next call. */
static bool guarded(lua_CFunction fn, AjLuarun *run)
{
    lua_State *L = run->box->L;
    lua_settop(L, 0);
    lua_pushlightuserdata(L, run); /* these three fit into what every state has in reserve */
    lua_pushcclosure(L, remember, 1);
    lua_pushcfunction(L, fn);
    lua_pushlightuserdata(L, run);
    int status = lua_pcall(L, 1, 0, 1);
    run->box->state.line = NULL;
    run->box->state.say = NULL;
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

static void report(AjLuarun *run, bool syntax)
{
    g_autofree char *message = g_utf8_make_valid(run->message, -1);
    g_strdelimit(message, "\n\r", ' ');
    const char *page = run->doc ? run->doc->page : NULL;
    if (!run->box->count) { /* JSON in, JSON out, no filter */
        aj_diag(run->diags, AJ_ERROR, (AjPos){page, 0, 0}, "filter-input",
                AJ_TR("给一份 pandoc -t json 写出的文件", "give it what pandoc -t json writes"),
                "%s", message);
        return;
    }
    const AjFilterSource *source = aj_luarun_source(run);
    AjPos pos = {source->path, run->line, 0};
    if (g_str_has_prefix(message, "JSON line ") && !run->page.changed)
        aj_diag(run->diags, AJ_ERROR, (AjPos){page, 0, 0}, "filter-input",
                AJ_TR("给一份 pandoc -t json 写出的文件", "give it what pandoc -t json writes"),
                "%s", message);
    else if (!syntax)
        aj_diag(run->diags, AJ_ERROR, pos, "filter-error",
                AJ_TR("改正过滤器，或在 site.yaml 的 filters 里暂时去掉它",
                      "mend the filter, or take it out of filters in site.yaml"),
                AJ_TR("过滤器 %s 处理页面 %s 时出错：%s", "filter %s failed on page %s: %s"),
                source->name, page, message);
    else
        aj_diag(run->diags, AJ_ERROR, pos, "filter-syntax", AJ_TR("改正这一行", "mend this line"),
                AJ_TR("过滤器 %s 无法编译：%s", "filter %s does not compile: %s"), source->name,
                message);
}

static int open_box(lua_State *L)
{
    AjLuabox *box = ((AjLuarun *)lua_touserdata(L, 1))->box;
    aj_luaopen(L); /* base, exports */
    box->state.exports = box->exports = luaL_ref(L, LUA_REGISTRYINDEX);
    box->base = luaL_ref(L, LUA_REGISTRYINDEX);
    lua_newtable(L);
    box->chunks = luaL_ref(L, LUA_REGISTRYINDEX);
    return 0;
}

static int compile(lua_State *L)
{
    AjLuarun *run = lua_touserdata(L, 1);
    const AjFilterSource *source = aj_luarun_source(run);
    lua_rawgeti(L, LUA_REGISTRYINDEX, run->box->chunks);
    aj_luaenv_load(L, source->path, source->text, source->len);
    lua_rawseti(L, -2, run->filter + 1);
    return 0;
}

/* "file:12: message" of a syntax error. */
static void split_syntax(AjLuarun *run)
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

static bool compile_one(AjLuarun *run)
{
    AjLuafilter *f = &run->box->filters[run->filter];
    if (f->compiled)
        return true;
    run->line = 0;
    if (guarded(compile, run)) {
        f->compiled = true;
        return true;
    }
    split_syntax(run);
    report(run, true);
    return false;
}

/* It was so when a worker before us ran it. */
static bool was_deadly(AjLuarun *run)
{
    const AjLuaHost *host = &run->box->host;
    AjLuafilter *f = &run->box->filters[run->filter];
    for (uint32_t i = 0; host->traces && i < host->trace_count && !f->broken; i++) {
        const AjLuaTrace *t = &host->traces[i];
        if (!t->item || !t->learning || t->filter != run->filter)
            continue;
        f->broken = g_strdup_printf("the filter runs too long (more than %g seconds)",
                                    run->box->seconds_max);
        f->broken_line = (int)t->line;
    }
    return f->broken != NULL;
}

/* What a filter says at its first run it says on each page: only one that took too long is not run
 * again. */
static void learn_one(AjLuarun *run)
{
    AjLuabox *box = run->box;
    AjLuafilter *f = &box->filters[run->filter];
    const AjLuaDocument *doc = run->doc;
    if (f->want || was_deadly(run))
        return;
    f->want = aj_luawant_new();
    run->doc = NULL;
    run->line = 0;
    box->state.quiet = true;
    aj_arena_reset(box->learning);
    aj_tree_use_arena(box->learning);
    box->state.arena = box->learning;
    box->state.count_max = MIN(STEPS_LEARN, box->count_max);
    aj_luabase_begin(box->L, GARBAGE_MAX);
    aj_luaclock_start(box->L, &box->host, box->seconds_max, f->source->path, run->filter, true);
    if (!guarded(aj_luarun_learn, run)) {
        if (box->state.fatal) {
            f->broken = g_strdup(run->message);
            f->broken_line = (int)run->line;
        } else {
            aj_luawant_always(f->want);
        }
    }
    aj_luaclock_stop();
    aj_luabase_end(box->L);
    box->state.quiet = false;
    box->state.count_max = box->count_max;
    box->state.arena = NULL;
    run->doc = doc;
    run->line = 0;
}

AjLuabox *aj_luabox_new(const AjFilterSource *filters, uint32_t count, const AjLuaHost *host,
                        AjDiags *diags)
{
    AjLuabox *box = g_new0(AjLuabox, 1);
    if (host)
        box->host = *host;
    box->learning = aj_arena_new(1 << 14);
    box->state.host = &box->host;
    box->state.buffer = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(box->texts); i++)
        box->texts[i] = g_string_new(NULL);
    box->state.memory_max = MEMORY_MAX;
    box->filters = g_new0(AjLuafilter, count + 1);
    box->count = count;
    aj_luabox_limit(box, STEPS_MAX, SECONDS_MAX, MEMORY_MAX);
    for (uint32_t i = 0; i < count; i++)
        box->filters[i].source = &filters[i];
    box->L = aj_luabase_new(&box->state);
    if (!box->L)
        g_error("no memory for Lua");
    AjLuarun run = {.box = box, .diags = diags};
    if (!guarded(open_box, &run))
        g_error("the filter engine: %s", run.message);
    bool good = true;
    for (run.filter = 0; run.filter < count; run.filter++)
        good &= filters[run.filter].on_demand || compile_one(&run);
    if (good) {
        lua_gc(box->L, LUA_GCCOLLECT);
        return box;
    }
    aj_luabox_free(box);
    return NULL;
}

void aj_luabox_free(AjLuabox *box)
{
    if (!box)
        return;
    for (uint32_t i = 0; i < box->count; i++) {
        aj_luawant_free(box->filters[i].want);
        g_free(box->filters[i].broken);
    }
    g_free(box->filters);
    aj_luabase_free(box->L);
    g_free(box->state.scratch);
    g_string_free(box->state.buffer, TRUE);
    for (size_t i = 0; i < G_N_ELEMENTS(box->texts); i++)
        g_string_free(box->texts[i], TRUE);
    aj_arena_free(box->learning);
    g_free(box);
}

void aj_luabox_limit(AjLuabox *box, uint64_t steps, double seconds, uint64_t bytes)
{
    box->state.count_max = box->count_max = steps;
    box->state.seconds_max = box->seconds_max = seconds;
    box->state.memory_max = bytes;
}

void aj_luabox_item(AjLuabox *box, uint32_t item)
{
    box->host.item = item;
}

/* All that run on every page, then those that this page names. */
static void take_order(AjLuarun *run)
{
    AjLuabox *box = run->box;
    const AjLuaDocument *doc = run->doc;
    uint32_t named = doc->on_demand ? g_strv_length((char **)doc->on_demand) : 0;
    run->order = aj_arena_alloc(doc->tree->arena, (box->count + named + 1) * sizeof *run->order);
    for (uint32_t i = 0; i < box->count; i++)
        if (!box->filters[i].source->on_demand)
            run->order[run->order_count++] = i;
    for (uint32_t k = 0; k < named; k++)
        for (uint32_t i = 0; i < box->count; i++)
            if (box->filters[i].source->on_demand &&
                strcmp(box->filters[i].source->name, doc->on_demand[k]) == 0)
                run->order[run->order_count++] = i;
}

bool aj_luabox_run(AjLuabox *box, const AjLuaDocument *doc, AjDiags *diags)
{
    AjLuarun run = {.box = box, .doc = doc, .diags = diags};
    run.page = (AjLuapage){.tree = doc->tree, .meta = doc->json ? NULL : *doc->meta};
    take_order(&run);
    for (uint32_t i = 0; i < run.order_count; i++) {
        run.filter = run.order[i];
        if (!compile_one(&run))
            return false;
        if (!doc->once)
            learn_one(&run);
    }
    while (run.at < run.order_count && !aj_luarun_wanted(&run, run.order[run.at]))
        run.at++;
    if (run.at == run.order_count && !doc->once)
        return true;
    run.filter = run.at < run.order_count ? run.order[run.at] : 0;
    aj_tree_use_arena(doc->tree->arena);
    box->state.arena = doc->tree->arena;
    aj_luabase_begin(box->L, doc->once ? GARBAGE_MAX * 4 : GARBAGE_MAX);
    aj_luaclock_start(box->L, &box->host, box->seconds_max,
                      box->count ? aj_luarun_source(&run)->path : "", run.filter, false);
    bool good = guarded(aj_luarun_filters, &run);
    aj_luaclock_stop();
    if (!good)
        report(&run, false);
    if (!doc->once) /* else there is no next page to tidy up for */
        aj_luabase_end(box->L);
    box->state.arena = NULL;
    return good;
}
