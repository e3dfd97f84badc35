/* pandocput - the small pieces of pandoc's JSON on the way out.
 *
 * Must not know: which element holds what. */
#include "filter/pandocput.h"

#include "base/text.h"
#include "filter/luanode.h"

#include <lauxlib.h>
#include <math.h>
#include <string.h>

#define MAX_DEPTH 400

void aj_pandocput_raw(AjPandocPut *o, const char *s, size_t len)
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

void aj_pandocput_deeper(AjPandocPut *o)
{
    if (++o->depth > MAX_DEPTH)
        luaL_error(o->L, "the document is nested more than %d levels deep", MAX_DEPTH);
    if (++o->made > AJ_LUANODE_MAX)
        luaL_error(o->L, "the filter made more than %d nodes", AJ_LUANODE_MAX);
    luaL_checkstack(o->L, 24, "nesting");
}

void aj_pandocput_text(AjPandocPut *o, const char *s, size_t len)
{
    PUT(o, "\"");
    for (const char *end = s + len; s < end;) {
        const char *from = s;
        while (s < end && (unsigned char)*s >= 0x20 && *s != '"' && *s != '\\')
            s++;
        aj_pandocput_raw(o, from, (size_t)(s - from));
        if (s == end)
            break;
        char c = *s++;
        if (c == '"' || c == '\\') {
            char two[2] = {'\\', c};
            aj_pandocput_raw(o, two, 2);
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
void aj_pandocput_string(AjPandocPut *o, int at)
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
    aj_pandocput_text(o, s, len);
}

void aj_pandocput_field_string(AjPandocPut *o, int at, const char *name)
{
    aj_luanode_field(o->L, at, name);
    aj_pandocput_string(o, lua_gettop(o->L));
    lua_pop(o->L, 1);
}

void aj_pandocput_integer(AjPandocPut *o, lua_Integer i)
{
    g_string_append_printf(o->out, "%lld", (long long)i);
}

void aj_pandocput_field_integer(AjPandocPut *o, int at, const char *name, lua_Integer fallback)
{
    aj_luanode_field(o->L, at, name);
    int is = 0;
    lua_Integer i = lua_tointegerx(o->L, -1, &is);
    aj_pandocput_integer(o, is ? i : fallback);
    lua_pop(o->L, 1);
}

void aj_pandocput_number(AjPandocPut *o, double d)
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

/* The words that may stand where the first of them stands when nothing is said. */
static bool is_word(const char *fallback, const char *s)
{
    static const char *const words[][8] = {
        {"AlignDefault", "AlignLeft", "AlignRight", "AlignCenter"},
        {"DefaultStyle", "Example", "Decimal", "LowerRoman", "UpperRoman", "LowerAlpha",
         "UpperAlpha"},
        {"DefaultDelim", "Period", "OneParen", "TwoParens"},
        {"NormalCitation", "AuthorInText", "SuppressAuthor"},
        {"InlineMath", "DisplayMath"},
        {"DoubleQuote", "SingleQuote"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (strcmp(words[i][0], fallback) == 0)
            return g_strv_contains(words[i], s);
    return false;
}

/* {"t":"Word"} */
void aj_pandocput_word(AjPandocPut *o, int at, const char *fallback)
{
    const char *s = lua_type(o->L, at) == LUA_TSTRING ? lua_tostring(o->L, at) : fallback;
    if (!is_word(fallback, s))
        luaL_error(o->L, "there is no %s: one like %s is expected", s, fallback);
    PUT(o, "{\"t\":");
    aj_pandocput_text(o, s, strlen(s));
    PUT(o, "}");
}

void aj_pandocput_field_word(AjPandocPut *o, int at, const char *name, const char *fallback)
{
    aj_luanode_field(o->L, at, name);
    aj_pandocput_word(o, lua_gettop(o->L), fallback);
    lua_pop(o->L, 1);
}

void aj_pandocput_field_attr(AjPandocPut *o, int at)
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
    aj_pandocput_field_string(o, attr, "identifier");
    PUT(o, ",[");
    if (aj_luanode_field(L, attr, "classes") == LUA_TTABLE)
        for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, -1); i <= n; i++) {
            if (i > 1)
                PUT(o, ",");
            lua_rawgeti(L, -1, i);
            aj_pandocput_string(o, lua_gettop(L));
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
            aj_pandocput_string(o, lua_gettop(L));
            PUT(o, ",");
            lua_rawgeti(L, -2, 2);
            aj_pandocput_string(o, lua_gettop(L));
            PUT(o, "]");
            lua_pop(L, 3);
        }
    PUT(o, "]]");
    lua_settop(L, attr - 1);
}
