/* luarun - one document through the filters of a box, inside Lua's protected mode.
 *
 * Only for filter/luabox, which owns all of this.
 * Must not know: what is said about an error, how filters are compiled. */
#pragma once
#include "filter/luabase.h"
#include "filter/luabox.h"
#include "filter/luawant.h"
#include "filter/pandocin.h"

typedef struct {
    const AjFilterSource *source;
    AjLuawant *want; /* NULL until it has run once without a page */
    bool compiled;
    char *broken; /* what it said when it first ran; NULL: it is sound */
    int broken_line;
} AjLuafilter;
struct AjLuabox {
    AjLuaState state;
    lua_State *L;
    AjLuafilter *filters;
    uint32_t count;
    int base, exports, chunks; /* references */
    GString *texts[2];         /* of a document between two passes */
    uint64_t count_max;
    double seconds_max;
    AjLuaHost host;
    AjArena *learning; /* for what a filter makes at its first run */
};

/* What crosses lua_pcall: the only argument of each protected function. */
typedef struct {
    AjLuabox *box;
    uint32_t filter; /* which runs now */
    const AjLuaDocument *doc;
    AjLuapage page; /* what is known of it */
    uint32_t *order, order_count, at;
    AjLuatree *tree;
    const char *json; /* the document while no filter wants it as a value; else NULL */
    size_t json_len;
    bool streamed; /* the last pass wrote it where it has to go */
    bool parts;    /* only the blocks that some filter wants are values */
    bool unshared; /* since the last table ran */
    AjPandocVersion version;
    uint32_t line; /* of the filter, for an error */
    const char *message;
    AjDiags *diags;
} AjLuarun;

const AjFilterSource *aj_luarun_source(const AjLuarun *run); /* of the filter that runs */
/* Once a filter has run, run->page says what the document holds now. */
bool aj_luarun_wanted(AjLuarun *run, uint32_t filter);
/* Called by lua_pcall with the run as their argument: the filter without a page, for what it
 * handles; and all filters over run->doc. */
int aj_luarun_learn(lua_State *L);
int aj_luarun_filters(lua_State *L);
