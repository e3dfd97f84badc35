/* pandocout - Lua's values to pandoc's JSON tree.
 *
 * The mirror of filter/pandocin. A field that holds a string or a mixed list where elements are
 * wanted is set right first, by the same functions that constructors use.
 * Must not know: cmark's tree, which filter ran. */
#include "filter/pandocout.h"

#include "filter/luanode.h"
#include "filter/pandocmeta.h"

#include <lauxlib.h>
#include <string.h>

void aj_pandocout_element(AjPandocPut *o, int at, AjTag tag);

static bool is_kind(AjTag tag, char kind)
{
    return kind == 'i' ? aj_luatag_is_inline(tag) : aj_luatag_is_block(tag);
}

/* Replaces the value on top by what the function of that name in the exports makes of it. */
static void convert(AjPandocPut *o, int function)
{
    lua_pushvalue(o->L, function);
    lua_insert(o->L, -2);
    lua_call(o->L, 1, 1);
}

/* The list on top, which is popped. */
void aj_pandocout_list(AjPandocPut *o, char kind)
{
    lua_State *L = o->L;
    aj_pandocput_deeper(o);
    bool right = false;
    if (lua_istable(L, -1) && lua_getmetatable(L, -1)) {
        right = lua_rawequal(L, -1, kind == 'i' ? o->t->inlines_mt : o->t->blocks_mt);
        lua_pop(L, 1);
    }
    if (!right)
        convert(o, kind == 'i' ? o->t->to_inlines : o->t->to_blocks);
    int list = lua_gettop(L);
    size_t start = o->out->len;
    bool again = true;
    while (again) {
        again = false;
        bool any = false;
        PUT(o, "[");
        for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, list); i <= n; i++) {
            lua_rawgeti(L, list, i);
            AjTag tag = aj_luatag_at(L, list + 1);
            if (!tag || !is_kind(tag, kind)) {
                lua_pop(L, 1);
                convert(o, o->t->repair);
                g_string_truncate(o->out, start);
                again = true;
                break;
            }
            if (tag != AJ_TAG_NULL || o->minor < 23) {
                if (any)
                    PUT(o, ",");
                any = true;
                aj_pandocout_element(o, list + 1, tag);
            }
            lua_settop(L, list);
        }
    }
    PUT(o, "]");
    lua_pop(L, 1);
    o->depth--;
}

static void field_list(AjPandocPut *o, int at, const char *name, char kind)
{
    aj_luanode_field(o->L, at, name);
    aj_pandocout_list(o, kind);
}

/* The list of lists on top, which is popped. */
static void put_lists(AjPandocPut *o, char kind)
{
    lua_State *L = o->L;
    int list = lua_gettop(L);
    PUT(o, "[");
    if (lua_isstring(L, list) || (lua_istable(L, list) && aj_luatag_at(L, list))) {
        aj_pandocout_list(o, kind);
    } else if (lua_istable(L, list)) {
        for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, list); i <= n; i++) {
            if (i > 1)
                PUT(o, ",");
            lua_rawgeti(L, list, i);
            aj_pandocout_list(o, kind);
        }
    } else if (!lua_isnil(L, list)) {
        luaL_error(L, "a list of lists is expected, got %s", luaL_typename(L, list));
    }
    PUT(o, "]");
    lua_settop(L, list - 1);
}

static void field_citations(AjPandocPut *o, int at)
{
    lua_State *L = o->L;
    PUT(o, "[");
    if (aj_luanode_field(L, at, "citations") == LUA_TTABLE)
        for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, -1); i <= n; i++) {
            if (lua_rawgeti(L, -1, i) != LUA_TTABLE)
                luaL_error(L, "a Citation is expected, got %s", luaL_typename(L, -1));
            int c = lua_gettop(L);
            if (i > 1)
                PUT(o, ",");
            PUT(o, "{\"citationId\":");
            aj_pandocput_field_string(o, c, "id");
            PUT(o, ",\"citationPrefix\":");
            field_list(o, c, "prefix", 'i');
            PUT(o, ",\"citationSuffix\":");
            field_list(o, c, "suffix", 'i');
            PUT(o, ",\"citationMode\":");
            aj_pandocput_field_word(o, c, "mode", "NormalCitation");
            PUT(o, ",\"citationNoteNum\":");
            aj_pandocput_field_integer(o, c, "note_num", 0);
            PUT(o, ",\"citationHash\":");
            aj_pandocput_field_integer(o, c, "hash", 0);
            PUT(o, "}");
            lua_pop(L, 1);
        }
    PUT(o, "]");
    lua_pop(L, 1);
}

static void field_definitions(AjPandocPut *o, int at)
{
    lua_State *L = o->L;
    if (aj_luanode_field(L, at, "content") != LUA_TTABLE)
        luaL_error(L, "a list of definitions is expected, got %s", luaL_typename(L, -1));
    PUT(o, "[");
    for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, -1); i <= n; i++) {
        if (lua_rawgeti(L, -1, i) != LUA_TTABLE)
            luaL_error(L, "a definition is expected, got %s", luaL_typename(L, -1));
        if (i > 1)
            PUT(o, ",");
        PUT(o, "[");
        lua_rawgeti(L, -1, 1);
        aj_pandocout_list(o, 'i');
        PUT(o, ",");
        lua_rawgeti(L, -1, 2);
        put_lists(o, 'b');
        PUT(o, "]");
        lua_pop(L, 1);
    }
    PUT(o, "]");
    lua_pop(L, 1);
}

/* A Caption: {long =, short =}, or blocks alone. */
static void field_caption(AjPandocPut *o, int at)
{
    lua_State *L = o->L;
    PUT(o, "[");
    aj_luanode_field(L, at, "caption");
    int caption = lua_gettop(L);
    bool named = false;
    if (lua_istable(L, caption) && !aj_luatag_at(L, caption)) {
        named = aj_luanode_field(L, caption, "long") != LUA_TNIL;
        named |= aj_luanode_field(L, caption, "short") != LUA_TNIL;
        lua_settop(L, caption);
    }
    if (named && aj_luanode_field(L, caption, "short") != LUA_TNIL)
        aj_pandocout_list(o, 'i');
    else
        PUT(o, "null");
    PUT(o, ",");
    lua_settop(L, caption);
    if (named)
        aj_luanode_field(L, caption, "long");
    aj_pandocout_list(o, 'b');
    PUT(o, "]");
    lua_settop(L, caption - 1);
}

static void put_cell(AjPandocPut *o, int at)
{
    PUT(o, "[");
    aj_pandocput_field_attr(o, at);
    PUT(o, ",");
    aj_pandocput_field_word(o, at, "alignment", "AlignDefault");
    PUT(o, ",");
    aj_pandocput_field_integer(o, at, "row_span", 1);
    PUT(o, ",");
    aj_pandocput_field_integer(o, at, "col_span", 1);
    PUT(o, ",");
    field_list(o, at, "contents", 'b');
    PUT(o, "]");
}

static void field_rows(AjPandocPut *o, int at, const char *name)
{
    lua_State *L = o->L;
    PUT(o, "[");
    if (aj_luanode_field(L, at, name) == LUA_TTABLE) {
        int rows = lua_gettop(L);
        for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, rows); i <= n; i++) {
            if (lua_rawgeti(L, rows, i) != LUA_TTABLE)
                luaL_error(L, "a Row is expected, got %s", luaL_typename(L, -1));
            if (i > 1)
                PUT(o, ",");
            PUT(o, "[");
            aj_pandocput_field_attr(o, rows + 1);
            PUT(o, ",[");
            if (aj_luanode_field(L, rows + 1, "cells") == LUA_TTABLE)
                for (lua_Integer j = 1, m = (lua_Integer)lua_rawlen(L, -1); j <= m; j++) {
                    if (lua_rawgeti(L, -1, j) != LUA_TTABLE)
                        luaL_error(L, "a Cell is expected, got %s", luaL_typename(L, -1));
                    if (j > 1)
                        PUT(o, ",");
                    put_cell(o, lua_gettop(L));
                    lua_pop(L, 1);
                }
            PUT(o, "]]");
            lua_settop(L, rows);
        }
    }
    PUT(o, "]");
    lua_pop(L, 1);
}

static void field_head(AjPandocPut *o, int at, const char *name)
{
    lua_State *L = o->L;
    if (aj_luanode_field(L, at, name) == LUA_TTABLE) {
        int head = lua_gettop(L);
        PUT(o, "[");
        aj_pandocput_field_attr(o, head);
        PUT(o, ",");
        field_rows(o, head, "rows");
        PUT(o, "]");
    } else {
        PUT(o, "[[\"\",[],[]],[]]");
    }
    lua_pop(L, 1);
}

static void put_table(AjPandocPut *o, int at)
{
    lua_State *L = o->L;
    PUT(o, "[");
    aj_pandocput_field_attr(o, at);
    PUT(o, ",");
    field_caption(o, at);
    PUT(o, ",[");
    if (aj_luanode_field(L, at, "colspecs") == LUA_TTABLE) {
        int specs = lua_gettop(L);
        for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, specs); i <= n; i++) {
            if (lua_rawgeti(L, specs, i) != LUA_TTABLE)
                luaL_error(L, "a ColSpec is expected, got %s", luaL_typename(L, -1));
            if (i > 1)
                PUT(o, ",");
            PUT(o, "[");
            lua_rawgeti(L, -1, 1);
            aj_pandocput_word(o, lua_gettop(L), "AlignDefault");
            lua_rawgeti(L, specs + 1, 2);
            if (lua_type(L, -1) == LUA_TNUMBER) {
                PUT(o, ",{\"t\":\"ColWidth\",\"c\":");
                aj_pandocput_number(o, lua_tonumber(L, -1));
                PUT(o, "}]");
            } else {
                PUT(o, ",{\"t\":\"ColWidthDefault\"}]");
            }
            lua_settop(L, specs);
        }
    }
    lua_pop(L, 1);
    PUT(o, "],");
    field_head(o, at, "head");
    PUT(o, ",[");
    if (aj_luanode_field(L, at, "bodies") == LUA_TTABLE) {
        int bodies = lua_gettop(L);
        for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, bodies); i <= n; i++) {
            if (lua_rawgeti(L, bodies, i) != LUA_TTABLE)
                luaL_error(L, "a TableBody is expected, got %s", luaL_typename(L, -1));
            if (i > 1)
                PUT(o, ",");
            PUT(o, "[");
            aj_pandocput_field_attr(o, bodies + 1);
            PUT(o, ",");
            aj_pandocput_field_integer(o, bodies + 1, "row_head_columns", 0);
            PUT(o, ",");
            field_rows(o, bodies + 1, "head");
            PUT(o, ",");
            field_rows(o, bodies + 1, "body");
            PUT(o, "]");
            lua_settop(L, bodies);
        }
    }
    lua_pop(L, 1);
    PUT(o, "],");
    field_head(o, at, "foot");
    PUT(o, "]");
}

static void put_ordered(AjPandocPut *o, int at)
{
    lua_State *L = o->L;
    PUT(o, "[[");
    if (aj_luanode_field(L, at, "listAttributes") == LUA_TTABLE) {
        int a = lua_gettop(L);
        aj_luanode_part(L, a, "start", 1);
        int is = 0;
        lua_Integer start = lua_tointegerx(L, -1, &is);
        aj_pandocput_integer(o, is ? start : 1);
        PUT(o, ",");
        aj_luanode_part(L, a, "style", 2);
        aj_pandocput_word(o, lua_gettop(L), "DefaultStyle");
        PUT(o, ",");
        aj_luanode_part(L, a, "delimiter", 3);
        aj_pandocput_word(o, lua_gettop(L), "DefaultDelim");
        lua_settop(L, a);
    } else {
        PUT(o, "1,{\"t\":\"DefaultStyle\"},{\"t\":\"DefaultDelim\"}");
    }
    lua_pop(L, 1);
    PUT(o, "],");
    aj_luanode_field(L, at, "content");
    put_lists(o, 'b');
    PUT(o, "]");
}

/* Version 1.22 knows no Figure: a Div with its caption behind, as pandoc's older writers had it. */
static void put_figure_as_div(AjPandocPut *o, int at)
{
    lua_State *L = o->L;
    PUT(o, "{\"t\":\"Div\",\"c\":[");
    size_t attr = o->out->len;
    aj_pandocput_field_attr(o, at);
    const char *p = o->out->str + attr + 2; /* in the id */
    while (*p != '"')
        p += *p == '\\' ? 2 : 1;
    p += 3; /* ",[ */
    g_string_insert(o->out, p - o->out->str, *p != ']' ? "\"figure\"," : "\"figure\"");
    PUT(o, ",");
    field_list(o, at, "content", 'b');
    size_t end = o->out->len;
    if (aj_luanode_field(L, at, "caption") == LUA_TTABLE) {
        if (!aj_luatag_at(L, lua_gettop(L)) && aj_luanode_field(L, -1, "long") == LUA_TNIL)
            lua_pop(L, 1);
        aj_pandocout_list(o, 'b');
        if (o->out->len > end + 2) { /* …content][caption] becomes …content,{Div [caption]}] */
            g_autofree char *caption = g_strdup(o->out->str + end);
            bool empty = o->out->str[end - 2] == '[';
            g_string_truncate(o->out, end - 1);
            g_string_append_printf(o->out, "%s{\"t\":\"Div\",\"c\":[[\"\",[\"caption\"],[]],%s]}]",
                                   empty ? "" : ",", caption);
        }
    }
    lua_settop(L, at);
    PUT(o, "]}");
}

static void put_contents(AjPandocPut *o, int at, AjTag tag)
{
    lua_State *L = o->L;
    switch (tag) {
    case AJ_TAG_STR:
        aj_pandocput_field_string(o, at, "text");
        break;
    case AJ_TAG_QUOTED:
    case AJ_TAG_MATH:
        PUT(o, "[");
        aj_pandocput_field_word(o, at, tag == AJ_TAG_MATH ? "mathtype" : "quotetype",
                                tag == AJ_TAG_MATH ? "InlineMath" : "DoubleQuote");
        PUT(o, ",");
        if (tag == AJ_TAG_MATH)
            aj_pandocput_field_string(o, at, "text");
        else
            field_list(o, at, "content", 'i');
        PUT(o, "]");
        break;
    case AJ_TAG_CITE:
        PUT(o, "[");
        field_citations(o, at);
        PUT(o, ",");
        field_list(o, at, "content", 'i');
        PUT(o, "]");
        break;
    case AJ_TAG_CODE:
    case AJ_TAG_CODEBLOCK:
        PUT(o, "[");
        aj_pandocput_field_attr(o, at);
        PUT(o, ",");
        aj_pandocput_field_string(o, at, "text");
        PUT(o, "]");
        break;
    case AJ_TAG_RAWINLINE:
    case AJ_TAG_RAWBLOCK:
        PUT(o, "[");
        aj_pandocput_field_string(o, at, "format");
        PUT(o, ",");
        aj_pandocput_field_string(o, at, "text");
        PUT(o, "]");
        break;
    case AJ_TAG_LINK:
    case AJ_TAG_IMAGE:
        PUT(o, "[");
        aj_pandocput_field_attr(o, at);
        PUT(o, ",");
        field_list(o, at, tag == AJ_TAG_LINK ? "content" : "caption", 'i');
        PUT(o, ",[");
        aj_pandocput_field_string(o, at, tag == AJ_TAG_LINK ? "target" : "src");
        PUT(o, ",");
        aj_pandocput_field_string(o, at, "title");
        PUT(o, "]]");
        break;
    case AJ_TAG_NOTE:
    case AJ_TAG_BLOCKQUOTE:
        field_list(o, at, "content", 'b');
        break;
    case AJ_TAG_SPAN:
    case AJ_TAG_DIV:
        PUT(o, "[");
        aj_pandocput_field_attr(o, at);
        PUT(o, ",");
        field_list(o, at, "content", tag == AJ_TAG_SPAN ? 'i' : 'b');
        PUT(o, "]");
        break;
    case AJ_TAG_LINEBLOCK:
    case AJ_TAG_BULLETLIST:
        aj_luanode_field(L, at, "content");
        put_lists(o, tag == AJ_TAG_LINEBLOCK ? 'i' : 'b');
        break;
    case AJ_TAG_ORDEREDLIST:
        put_ordered(o, at);
        break;
    case AJ_TAG_DEFINITIONLIST:
        field_definitions(o, at);
        break;
    case AJ_TAG_HEADER:
        PUT(o, "[");
        aj_pandocput_field_integer(o, at, "level", 1);
        PUT(o, ",");
        aj_pandocput_field_attr(o, at);
        PUT(o, ",");
        field_list(o, at, "content", 'i');
        PUT(o, "]");
        break;
    case AJ_TAG_TABLE:
        put_table(o, at);
        break;
    case AJ_TAG_FIGURE:
        PUT(o, "[");
        aj_pandocput_field_attr(o, at);
        PUT(o, ",");
        field_caption(o, at);
        PUT(o, ",");
        field_list(o, at, "content", 'b');
        PUT(o, "]");
        break;
    default: /* Emph, Para … */
        field_list(o, at, "content", 'i');
        break;
    }
}

void aj_pandocout_element(AjPandocPut *o, int at, AjTag tag)
{
    if (tag == AJ_TAG_SPACE) { /* these two are nine of ten */
        PUT(o, "{\"t\":\"Space\"}");
        return;
    }
    if (tag == AJ_TAG_STR) {
        PUT(o, "{\"t\":\"Str\",\"c\":");
        aj_pandocput_field_string(o, at, "text");
        PUT(o, "}");
        return;
    }
    if (tag == AJ_TAG_FIGURE && o->minor < 23) {
        put_figure_as_div(o, at);
        return;
    }
    const char *name = aj_luatag_name(tag);
    PUT(o, "{\"t\":\"");
    aj_pandocput_raw(o, name, strlen(name));
    if (tag == AJ_TAG_SPACE || tag == AJ_TAG_SOFTBREAK || tag == AJ_TAG_LINEBREAK ||
        tag == AJ_TAG_HORIZONTALRULE || tag == AJ_TAG_NULL) {
        PUT(o, "\"}");
        return;
    }
    PUT(o, "\",\"c\":");
    put_contents(o, at, tag);
    PUT(o, "}");
}

void aj_pandocout_print(lua_State *L, AjLuatree *t, int doc, const AjPandocVersion *version,
                        GString *out)
{
    AjPandocPut o = {.L = L, .t = t, .out = out, .minor = version->numbers[1]};
    doc = lua_absindex(L, doc);
    if (aj_luatag_at(L, doc) != AJ_TAG_PANDOC)
        luaL_error(L, "a Pandoc value is expected, got %s", luaL_typename(L, doc));
    PUT(&o, "{\"pandoc-api-version\":[");
    for (unsigned i = 0; i < version->count; i++)
        g_string_append_printf(out, i ? ",%u" : "%u", version->numbers[i]);
    PUT(&o, "],\"meta\":");
    if (aj_luanode_field(L, doc, "meta") == LUA_TTABLE)
        aj_pandocmeta_map(&o, lua_gettop(L));
    else
        PUT(&o, "{}");
    lua_pop(L, 1);
    PUT(&o, ",\"blocks\":");
    field_list(&o, doc, "blocks", 'b');
    PUT(&o, "}");
}
