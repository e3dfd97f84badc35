/* pandocout - Lua's values to pandoc's JSON tree.
 *
 * The mirror of filter/pandocin. A field that holds a string or a mixed list where elements are
 * wanted is set right first, by the same functions that constructors use.
 * Must not know: cmark's tree, which filter ran. */
#include "filter/pandocout.h"

#include "base/text.h"
#include "filter/luanode.h"

#include <lauxlib.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 400

typedef struct {
    lua_State *L;
    AjLuatree *t;
    GString *out;
    unsigned minor, depth; /* 22 or 23 */
    lua_Integer made;
} Out;

static void put_raw(Out *o, const char *s, size_t len)
{
    GString *g = o->out;
    if (g->len + len < g->allocated_len) {
        memcpy(g->str + g->len, s, len);
        g->len += len;
        g->str[g->len] = '\0';
    } else {
        g_string_append_len(g, s, (gssize)len);
    }
}
#define PUT(o, literal) put_raw(o, "" literal, sizeof(literal) - 1)

static void deeper(Out *o)
{
    if (++o->depth > MAX_DEPTH)
        luaL_error(o->L, "the document is nested more than %d levels deep", MAX_DEPTH);
    if (++o->made > AJ_LUANODE_MAX)
        luaL_error(o->L, "the filter made more than %d nodes", AJ_LUANODE_MAX);
    luaL_checkstack(o->L, 24, "nesting");
}

static void put_text(Out *o, const char *s, size_t len)
{
    PUT(o, "\"");
    for (const char *end = s + len; s < end;) {
        const char *from = s;
        while (s < end && (unsigned char)*s >= 0x20 && *s != '"' && *s != '\\')
            s++;
        put_raw(o, from, (size_t)(s - from));
        if (s == end)
            break;
        char c = *s++;
        if (c == '"' || c == '\\') {
            char two[2] = {'\\', c};
            put_raw(o, two, 2);
        } else if (c == '\n') {
            PUT(o, "\\n");
        } else if (c == '\t') {
            PUT(o, "\\t");
        } else if (c == '\r') {
            PUT(o, "\\r");
        } else if (c) {
            g_string_append_printf(o->out, "\\u%04x", c);
        }
    }
    PUT(o, "\"");
}

/* The string or number at `at`. */
static void put_string(Out *o, int at)
{
    size_t len = 0;
    const char *s = "";
    if (lua_type(o->L, at) == LUA_TSTRING) {
        s = lua_tolstring(o->L, at, &len);
        if (aj_utf8_invalid_at(s, len) != SIZE_MAX)
            s = aj_luanode_string(o->L, o->t, at, &len);
    } else if (lua_type(o->L, at) == LUA_TNUMBER) {
        s = aj_luanode_string(o->L, o->t, at, &len);
    } else if (!lua_isnil(o->L, at)) {
        luaL_error(o->L, "a string is expected, got %s", luaL_typename(o->L, at));
    }
    put_text(o, s, len);
}

static void field_string(Out *o, int at, const char *name)
{
    aj_luanode_field(o->L, at, name);
    put_string(o, lua_gettop(o->L));
    lua_pop(o->L, 1);
}

static void put_integer(Out *o, lua_Integer i)
{
    g_string_append_printf(o->out, "%lld", (long long)i);
}

static void field_integer(Out *o, int at, const char *name, lua_Integer fallback)
{
    aj_luanode_field(o->L, at, name);
    int is = 0;
    lua_Integer i = lua_tointegerx(o->L, -1, &is);
    put_integer(o, is ? i : fallback);
    lua_pop(o->L, 1);
}

static void put_double(Out *o, double d)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    static const char *const formats[] = {"%.15g", "%.16g", "%.17g"};
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_ascii_formatd(text, sizeof text, formats[i], d);
        if (g_ascii_strtod(text, NULL) == d)
            break;
    }
    g_string_append(o->out, isfinite(d) ? text : "0");
}

/* {"t":"Word"} */
static void put_enum(Out *o, int at, const char *fallback)
{
    const char *s = lua_type(o->L, at) == LUA_TSTRING ? lua_tostring(o->L, at) : fallback;
    PUT(o, "{\"t\":");
    put_text(o, s, strlen(s));
    PUT(o, "}");
}

static void field_enum(Out *o, int at, const char *name, const char *fallback)
{
    aj_luanode_field(o->L, at, name);
    put_enum(o, lua_gettop(o->L), fallback);
    lua_pop(o->L, 1);
}

static void field_attr(Out *o, int at)
{
    lua_State *L = o->L;
    if (aj_luanode_field(L, at, "attr") == LUA_TNIL) {
        PUT(o, "[\"\",[],[]]");
        lua_pop(L, 1);
        return;
    }
    lua_pushvalue(L, o->t->to_attr);
    lua_insert(L, -2);
    lua_call(L, 1, 1);
    int attr = lua_gettop(L);
    PUT(o, "[");
    field_string(o, attr, "identifier");
    PUT(o, ",[");
    if (aj_luanode_field(L, attr, "classes") == LUA_TTABLE)
        for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, -1); i <= n; i++) {
            if (i > 1)
                PUT(o, ",");
            lua_rawgeti(L, -1, i);
            put_string(o, lua_gettop(L));
            lua_pop(L, 1);
        }
    PUT(o, "],[");
    if (aj_luanode_field(L, attr, "attributes") == LUA_TTABLE)
        for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, -1); i <= n; i++) {
            if (lua_rawgeti(L, -1, i) != LUA_TTABLE)
                luaL_error(L, "an attribute is expected, got %s", luaL_typename(L, -1));
            if (i > 1)
                PUT(o, ",");
            PUT(o, "[");
            lua_rawgeti(L, -1, 1);
            put_string(o, lua_gettop(L));
            PUT(o, ",");
            lua_rawgeti(L, -2, 2);
            put_string(o, lua_gettop(L));
            PUT(o, "]");
            lua_pop(L, 3);
        }
    PUT(o, "]]");
    lua_settop(L, attr - 1);
}

static void put_element(Out *o, int at, AjTag tag);

static bool is_kind(AjTag tag, char kind)
{
    return kind == 'i' ? aj_luatag_is_inline(tag) : aj_luatag_is_block(tag);
}

/* Replaces the value on top by what the function of that name in the exports makes of it. */
static void convert(Out *o, int function)
{
    lua_pushvalue(o->L, function);
    lua_insert(o->L, -2);
    lua_call(o->L, 1, 1);
}

/* The list on top, which is popped. */
static void put_list(Out *o, char kind)
{
    lua_State *L = o->L;
    deeper(o);
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
                put_element(o, list + 1, tag);
            }
            lua_settop(L, list);
        }
    }
    PUT(o, "]");
    lua_pop(L, 1);
    o->depth--;
}

static void field_list(Out *o, int at, const char *name, char kind)
{
    aj_luanode_field(o->L, at, name);
    put_list(o, kind);
}

/* The list of lists on top, which is popped. */
static void put_lists(Out *o, char kind)
{
    lua_State *L = o->L;
    int list = lua_gettop(L);
    PUT(o, "[");
    if (lua_isstring(L, list) || (lua_istable(L, list) && aj_luatag_at(L, list))) {
        put_list(o, kind);
    } else if (lua_istable(L, list)) {
        for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, list); i <= n; i++) {
            if (i > 1)
                PUT(o, ",");
            lua_rawgeti(L, list, i);
            put_list(o, kind);
        }
    } else if (!lua_isnil(L, list)) {
        luaL_error(L, "a list of lists is expected, got %s", luaL_typename(L, list));
    }
    PUT(o, "]");
    lua_settop(L, list - 1);
}

static void field_citations(Out *o, int at)
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
            field_string(o, c, "id");
            PUT(o, ",\"citationPrefix\":");
            field_list(o, c, "prefix", 'i');
            PUT(o, ",\"citationSuffix\":");
            field_list(o, c, "suffix", 'i');
            PUT(o, ",\"citationMode\":");
            field_enum(o, c, "mode", "NormalCitation");
            PUT(o, ",\"citationNoteNum\":");
            field_integer(o, c, "note_num", 0);
            PUT(o, ",\"citationHash\":");
            field_integer(o, c, "hash", 0);
            PUT(o, "}");
            lua_pop(L, 1);
        }
    PUT(o, "]");
    lua_pop(L, 1);
}

static void field_definitions(Out *o, int at)
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
        put_list(o, 'i');
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
static void field_caption(Out *o, int at)
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
        put_list(o, 'i');
    else
        PUT(o, "null");
    PUT(o, ",");
    lua_settop(L, caption);
    if (named)
        aj_luanode_field(L, caption, "long");
    put_list(o, 'b');
    PUT(o, "]");
    lua_settop(L, caption - 1);
}

static void put_cell(Out *o, int at)
{
    PUT(o, "[");
    field_attr(o, at);
    PUT(o, ",");
    field_enum(o, at, "alignment", "AlignDefault");
    PUT(o, ",");
    field_integer(o, at, "row_span", 1);
    PUT(o, ",");
    field_integer(o, at, "col_span", 1);
    PUT(o, ",");
    field_list(o, at, "contents", 'b');
    PUT(o, "]");
}

static void field_rows(Out *o, int at, const char *name)
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
            field_attr(o, rows + 1);
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

static void field_head(Out *o, int at, const char *name)
{
    lua_State *L = o->L;
    if (aj_luanode_field(L, at, name) == LUA_TTABLE) {
        int head = lua_gettop(L);
        PUT(o, "[");
        field_attr(o, head);
        PUT(o, ",");
        field_rows(o, head, "rows");
        PUT(o, "]");
    } else {
        PUT(o, "[[\"\",[],[]],[]]");
    }
    lua_pop(L, 1);
}

static void put_table(Out *o, int at)
{
    lua_State *L = o->L;
    PUT(o, "[");
    field_attr(o, at);
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
            put_enum(o, lua_gettop(L), "AlignDefault");
            lua_rawgeti(L, specs + 1, 2);
            if (lua_type(L, -1) == LUA_TNUMBER) {
                PUT(o, ",{\"t\":\"ColWidth\",\"c\":");
                put_double(o, lua_tonumber(L, -1));
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
            field_attr(o, bodies + 1);
            PUT(o, ",");
            field_integer(o, bodies + 1, "row_head_columns", 0);
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

static void put_ordered(Out *o, int at)
{
    lua_State *L = o->L;
    PUT(o, "[[");
    if (aj_luanode_field(L, at, "listAttributes") == LUA_TTABLE) {
        int a = lua_gettop(L);
        field_integer(o, a, "start", 1);
        PUT(o, ",");
        field_enum(o, a, "style", "DefaultStyle");
        PUT(o, ",");
        field_enum(o, a, "delimiter", "DefaultDelim");
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
static void put_figure_as_div(Out *o, int at)
{
    lua_State *L = o->L;
    PUT(o, "{\"t\":\"Div\",\"c\":[");
    size_t attr = o->out->len;
    field_attr(o, at);
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
        put_list(o, 'b');
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

static void put_contents(Out *o, int at, AjTag tag)
{
    lua_State *L = o->L;
    switch (tag) {
    case AJ_TAG_STR:
        field_string(o, at, "text");
        break;
    case AJ_TAG_QUOTED:
    case AJ_TAG_MATH:
        PUT(o, "[");
        field_enum(o, at, tag == AJ_TAG_MATH ? "mathtype" : "quotetype",
                   tag == AJ_TAG_MATH ? "InlineMath" : "DoubleQuote");
        PUT(o, ",");
        if (tag == AJ_TAG_MATH)
            field_string(o, at, "text");
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
        field_attr(o, at);
        PUT(o, ",");
        field_string(o, at, "text");
        PUT(o, "]");
        break;
    case AJ_TAG_RAWINLINE:
    case AJ_TAG_RAWBLOCK:
        PUT(o, "[");
        field_string(o, at, "format");
        PUT(o, ",");
        field_string(o, at, "text");
        PUT(o, "]");
        break;
    case AJ_TAG_LINK:
    case AJ_TAG_IMAGE:
        PUT(o, "[");
        field_attr(o, at);
        PUT(o, ",");
        field_list(o, at, tag == AJ_TAG_LINK ? "content" : "caption", 'i');
        PUT(o, ",[");
        field_string(o, at, tag == AJ_TAG_LINK ? "target" : "src");
        PUT(o, ",");
        field_string(o, at, "title");
        PUT(o, "]]");
        break;
    case AJ_TAG_NOTE:
    case AJ_TAG_BLOCKQUOTE:
        field_list(o, at, "content", 'b');
        break;
    case AJ_TAG_SPAN:
    case AJ_TAG_DIV:
        PUT(o, "[");
        field_attr(o, at);
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
        field_integer(o, at, "level", 1);
        PUT(o, ",");
        field_attr(o, at);
        PUT(o, ",");
        field_list(o, at, "content", 'i');
        PUT(o, "]");
        break;
    case AJ_TAG_TABLE:
        put_table(o, at);
        break;
    case AJ_TAG_FIGURE:
        PUT(o, "[");
        field_attr(o, at);
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

static void put_element(Out *o, int at, AjTag tag)
{
    if (tag == AJ_TAG_FIGURE && o->minor < 23) {
        put_figure_as_div(o, at);
        return;
    }
    const char *name = aj_luatag_name(tag);
    PUT(o, "{\"t\":\"");
    put_raw(o, name, strlen(name));
    if (tag == AJ_TAG_SPACE || tag == AJ_TAG_SOFTBREAK || tag == AJ_TAG_LINEBREAK ||
        tag == AJ_TAG_HORIZONTALRULE || tag == AJ_TAG_NULL) {
        PUT(o, "\"}");
        return;
    }
    PUT(o, "\",\"c\":");
    put_contents(o, at, tag);
    PUT(o, "}");
}

/* ------------------------------------------------------------------ meta and plain values */

static int by_name(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* The text keys of the table at `at`, sorted; Lua holds them as long as the table does. */
static const char **sorted_keys(Out *o, int at, size_t *count_out)
{
    lua_State *L = o->L;
    const char **keys = NULL;
    size_t count = 0, cap = 0;
    lua_pushnil(L);
    while (lua_next(L, at)) {
        lua_pop(L, 1);
        if (lua_type(L, -1) != LUA_TSTRING)
            continue;
        if (count == cap) {
            keys = aj_arena_grow(o->t->tree->arena, keys, cap * sizeof *keys,
                                 (cap * 2 + 8) * sizeof *keys);
            cap = cap * 2 + 8;
        }
        keys[count++] = lua_tostring(L, -1);
    }
    if (count)
        qsort(keys, count, sizeof *keys, by_name);
    *count_out = count;
    return keys;
}

static void put_meta(Out *o);

static void put_meta_map(Out *o, int at)
{
    size_t count;
    deeper(o);
    const char **keys = sorted_keys(o, at, &count);
    PUT(o, "{");
    for (size_t i = 0; i < count; i++) {
        if (i)
            PUT(o, ",");
        put_text(o, keys[i], strlen(keys[i]));
        PUT(o, ":");
        aj_luanode_field(o->L, at, keys[i]);
        put_meta(o);
    }
    PUT(o, "}");
    o->depth--;
}

/* 'i' or 'b' when the list at `at` says by its metatable or all its items what it is; 0: neither.
 */
static char list_kind(Out *o, int at)
{
    lua_State *L = o->L;
    if (lua_getmetatable(L, at)) {
        char kind = lua_rawequal(L, -1, o->t->inlines_mt)  ? 'i'
                    : lua_rawequal(L, -1, o->t->blocks_mt) ? 'b'
                                                           : '\0';
        bool plain = lua_rawequal(L, -1, o->t->list_mt);
        lua_pop(L, 1);
        if (kind || plain)
            return kind;
    }
    char kind = '\0';
    for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, at); i <= n; i++) {
        lua_rawgeti(L, at, i);
        AjTag tag = aj_luatag_at(L, lua_gettop(L));
        lua_pop(L, 1);
        char this = tag && aj_luatag_is_inline(tag)  ? 'i'
                    : tag && aj_luatag_is_block(tag) ? 'b'
                                                     : '\0';
        if (!this || (kind && this != kind))
            return '\0';
        kind = this;
    }
    return kind;
}

/* The value on top, which is popped. */
static void put_meta(Out *o)
{
    lua_State *L = o->L;
    int at = lua_gettop(L);
    AjTag tag = aj_luatag_at(L, at);
    char kind;
    switch (lua_type(L, at)) {
    case LUA_TBOOLEAN:
        g_string_append_printf(o->out, "{\"t\":\"MetaBool\",\"c\":%s}",
                               lua_toboolean(L, at) ? "true" : "false");
        break;
    case LUA_TSTRING:
    case LUA_TNUMBER:
        PUT(o, "{\"t\":\"MetaString\",\"c\":");
        put_string(o, at);
        PUT(o, "}");
        break;
    case LUA_TTABLE:
        kind = tag && aj_luatag_is_inline(tag)  ? 'i'
               : tag && aj_luatag_is_block(tag) ? 'b'
                                                : list_kind(o, at);
        if (kind) {
            g_string_append_printf(o->out,
                                   "{\"t\":\"Meta%s\",\"c\":", kind == 'i' ? "Inlines" : "Blocks");
            lua_pushvalue(L, at);
            put_list(o, kind);
        } else if (lua_rawlen(L, at) > 0) {
            deeper(o);
            PUT(o, "{\"t\":\"MetaList\",\"c\":[");
            for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, at); i <= n; i++) {
                if (i > 1)
                    PUT(o, ",");
                lua_rawgeti(L, at, i);
                put_meta(o);
            }
            PUT(o, "]");
            o->depth--;
        } else {
            bool list = false;
            if (lua_getmetatable(L, at)) {
                list = lua_rawequal(L, -1, o->t->list_mt);
                lua_pop(L, 1);
            }
            if (list) {
                PUT(o, "{\"t\":\"MetaList\",\"c\":[]");
            } else {
                PUT(o, "{\"t\":\"MetaMap\",\"c\":");
                put_meta_map(o, at);
            }
        }
        PUT(o, "}");
        break;
    default:
        luaL_error(L, "the front matter cannot hold a %s", luaL_typename(L, at));
    }
    lua_settop(L, at - 1);
}

void aj_pandocout_print(lua_State *L, AjLuatree *t, int doc, const AjPandocVersion *version,
                        GString *out)
{
    Out o = {.L = L, .t = t, .out = out, .minor = version->numbers[1]};
    doc = lua_absindex(L, doc);
    if (aj_luatag_at(L, doc) != AJ_TAG_PANDOC)
        luaL_error(L, "a Pandoc value is expected, got %s", luaL_typename(L, doc));
    PUT(&o, "{\"pandoc-api-version\":[");
    for (unsigned i = 0; i < version->count; i++)
        g_string_append_printf(out, i ? ",%u" : "%u", version->numbers[i]);
    PUT(&o, "],\"meta\":");
    if (aj_luanode_field(L, doc, "meta") == LUA_TTABLE)
        put_meta_map(&o, lua_gettop(L));
    else
        PUT(&o, "{}");
    lua_pop(L, 1);
    PUT(&o, ",\"blocks\":");
    field_list(&o, doc, "blocks", 'b');
    PUT(&o, "}");
}

static void put_value(Out *o, int at)
{
    lua_State *L = o->L;
    AjTag tag = aj_luatag_at(L, at);
    char kind;
    switch (lua_type(L, at)) {
    case LUA_TBOOLEAN:
        g_string_append(o->out, lua_toboolean(L, at) ? "true" : "false");
        return;
    case LUA_TNUMBER:
        if (lua_isinteger(L, at))
            put_integer(o, lua_tointeger(L, at));
        else
            put_double(o, lua_tonumber(L, at));
        return;
    case LUA_TSTRING:
        put_string(o, at);
        return;
    case LUA_TTABLE:
        break;
    case LUA_TNIL:
    case LUA_TLIGHTUSERDATA:
        PUT(o, "null");
        return;
    default:
        luaL_error(L, "JSON cannot hold a %s", luaL_typename(L, at));
    }
    if (luaL_getmetafield(L, at, "__tojson") != LUA_TNIL) {
        size_t len;
        lua_pushvalue(L, at);
        lua_call(L, 1, 1);
        const char *s = luaL_checklstring(L, -1, &len);
        put_raw(o, s, len);
        lua_pop(L, 1);
        return;
    }
    if (tag == AJ_TAG_PANDOC) {
        aj_pandocout_print(L, o->t, at, &AJ_PANDOC_VERSION_DEFAULT, o->out);
    } else if (tag && (aj_luatag_is_inline(tag) || aj_luatag_is_block(tag))) {
        put_element(o, at, tag);
    } else if ((kind = list_kind(o, at))) {
        lua_pushvalue(L, at);
        put_list(o, kind);
    } else if (lua_rawlen(L, at) > 0) {
        deeper(o);
        PUT(o, "[");
        for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, at); i <= n; i++) {
            if (i > 1)
                PUT(o, ",");
            lua_rawgeti(L, at, i);
            put_value(o, lua_gettop(L));
            lua_pop(L, 1);
        }
        PUT(o, "]");
        o->depth--;
    } else {
        size_t count;
        deeper(o);
        const char **keys = sorted_keys(o, at, &count);
        bool list = false;
        if (!count && lua_getmetatable(L, at)) {
            list = lua_rawequal(L, -1, o->t->list_mt);
            lua_pop(L, 1);
        }
        g_string_append_c(o->out, list ? '[' : '{');
        for (size_t i = 0; i < count; i++) {
            if (i)
                PUT(o, ",");
            put_text(o, keys[i], strlen(keys[i]));
            PUT(o, ":");
            aj_luanode_field(L, at, keys[i]);
            put_value(o, lua_gettop(L));
            lua_pop(L, 1);
        }
        g_string_append_c(o->out, list ? ']' : '}');
        o->depth--;
    }
}

void aj_pandocout_value(lua_State *L, AjLuatree *t, int at, GString *out)
{
    Out o = {.L = L, .t = t, .out = out, .minor = 23};
    put_value(&o, lua_absindex(L, at));
}
