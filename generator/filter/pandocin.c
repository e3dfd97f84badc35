/* pandocin - pandoc's JSON tree to Lua's values.
 *
 * One walk over the text, no tree of it between: an element is made as soon as its tag is known.
 * Where "c" stands before "t" it is passed over and read again.
 * Must not know: cmark's tree, which filter runs. */
#include "filter/pandocin.h"

#include "base/jsonwalk.h"

#include <lauxlib.h>
#include <string.h>

#define MAX_DEPTH 400

typedef struct {
    lua_State *L;
    AjLuatree *t;
    AjJsonWalk w;
    unsigned depth;
} In;

static void G_GNUC_NORETURN fail(In *in, const char *what)
{
    if (what)
        aj_jsonwalk_fail(&in->w, what);
    luaL_error(in->L, "JSON line %d: %s", (int)aj_jsonwalk_line(&in->w), in->w.fault);
    g_assert_not_reached();
}

#define CHECK(in, call)                                                                            \
    do {                                                                                           \
        if (!(call))                                                                               \
            fail(in, NULL);                                                                        \
    } while (0)

static void deeper(In *in)
{
    if (++in->depth > MAX_DEPTH)
        fail(in, "the document is nested too deep");
    luaL_checkstack(in->L, 16, "nesting");
}

static void enter(In *in, bool *first)
{
    *first = true;
    CHECK(in, aj_jsonwalk_enter(&in->w, '['));
}

static void item(In *in, bool *first)
{
    CHECK(in, aj_jsonwalk_item(&in->w, first));
}

static void leave(In *in, bool *first)
{
    CHECK(in, aj_jsonwalk_leave(&in->w, '[', first));
}

static bool more(In *in, bool *first)
{
    bool is = aj_jsonwalk_more(&in->w, '[', first);
    if (in->w.fault)
        fail(in, NULL);
    return is;
}

static void read_string(In *in)
{
    const char *s;
    size_t len;
    CHECK(in, aj_jsonwalk_string(&in->w, &s, &len));
    lua_pushlstring(in->L, s, len);
}

static void field_string(In *in, const char *name)
{
    read_string(in);
    lua_setfield(in->L, -2, name);
}

static void read_number(In *in)
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

static void field_number(In *in, const char *name)
{
    read_number(in);
    lua_setfield(in->L, -2, name);
}

/* {"t": "Decimal"}: pushes the word; with a number in "c" (ColWidth) that instead. */
static void read_enum(In *in)
{
    const char *s;
    size_t len;
    bool first = true, number = false;
    lua_pushnil(in->L);
    CHECK(in, aj_jsonwalk_enter(&in->w, '{'));
    while (aj_jsonwalk_more(&in->w, '{', &first)) {
        CHECK(in, aj_jsonwalk_key(&in->w, &s, &len));
        if (len == 1 && *s == 't') {
            read_string(in);
            if (number)
                lua_pop(in->L, 1);
            else
                lua_replace(in->L, -2);
        } else if (len == 1 && *s == 'c' && aj_jsonwalk_kind(&in->w) == '-') {
            read_number(in);
            lua_replace(in->L, -2);
            number = true;
        } else {
            CHECK(in, aj_jsonwalk_skip(&in->w));
        }
    }
    if (in->w.fault || lua_isnil(in->L, -1))
        fail(in, "a word {\"t\": …} is expected");
}

static void field_enum(In *in, const char *name)
{
    read_enum(in);
    lua_setfield(in->L, -2, name);
}

static void finish(In *in, AjTag tag)
{
    lua_rawgeti(in->L, in->t->elements, tag);
    lua_setmetatable(in->L, -2);
}

static void finish_list(In *in, int mt)
{
    lua_pushvalue(in->L, mt);
    lua_setmetatable(in->L, -2);
}

/* ["id", ["class"], [["key", "value"]]] into the field "attr"; an empty one is left out. */
static void field_attr(In *in)
{
    lua_State *L = in->L;
    bool first, inner, pair;
    lua_Integer n = 0, k = 0;
    enter(in, &first);
    item(in, &first);
    lua_createtable(L, 0, 3);
    read_string(in);
    bool any = lua_rawlen(L, -1) > 0;
    lua_setfield(L, -2, "identifier");
    item(in, &first);
    lua_newtable(L);
    for (enter(in, &inner); more(in, &inner);) {
        read_string(in);
        lua_rawseti(L, -2, ++n);
    }
    finish_list(in, in->t->list_mt);
    lua_setfield(L, -2, "classes");
    item(in, &first);
    lua_newtable(L);
    for (enter(in, &inner); more(in, &inner);) {
        lua_createtable(L, 2, 0);
        enter(in, &pair);
        item(in, &pair);
        read_string(in);
        lua_rawseti(L, -2, 1);
        item(in, &pair);
        read_string(in);
        lua_rawseti(L, -2, 2);
        leave(in, &pair);
        lua_rawseti(L, -2, ++k);
    }
    finish_list(in, in->t->attributes_mt);
    lua_setfield(L, -2, "attributes");
    leave(in, &first);
    if (any || n || k) {
        finish_list(in, in->t->attr_mt);
        lua_setfield(L, -2, "attr");
    } else {
        lua_pop(L, 1);
    }
}

static void read_element(In *in, char kind);

static void read_list(In *in, char kind)
{
    bool first;
    lua_Integer n = 0;
    deeper(in);
    lua_newtable(in->L);
    for (enter(in, &first); more(in, &first);) {
        read_element(in, kind);
        lua_rawseti(in->L, -2, ++n);
    }
    finish_list(in, kind == 'i' ? in->t->inlines_mt : in->t->blocks_mt);
    in->depth--;
}

static void field_list(In *in, char kind, const char *name)
{
    read_list(in, kind);
    lua_setfield(in->L, -2, name);
}

/* A list of lists of elements. */
static void read_lists(In *in, char kind)
{
    bool first;
    lua_Integer n = 0;
    lua_newtable(in->L);
    for (enter(in, &first); more(in, &first);) {
        read_list(in, kind);
        lua_rawseti(in->L, -2, ++n);
    }
    finish_list(in, in->t->list_mt);
}

static void read_citation(In *in)
{
    const char *s;
    size_t len;
    bool first = true;
    lua_createtable(in->L, 0, 6);
    CHECK(in, aj_jsonwalk_enter(&in->w, '{'));
    while (aj_jsonwalk_more(&in->w, '{', &first)) {
        CHECK(in, aj_jsonwalk_key(&in->w, &s, &len));
        if (len == 10 && memcmp(s, "citationId", len) == 0)
            field_string(in, "id");
        else if (len == 14 && memcmp(s, "citationPrefix", len) == 0)
            field_list(in, 'i', "prefix");
        else if (len == 14 && memcmp(s, "citationSuffix", len) == 0)
            field_list(in, 'i', "suffix");
        else if (len == 12 && memcmp(s, "citationMode", len) == 0)
            field_enum(in, "mode");
        else if (len == 15 && memcmp(s, "citationNoteNum", len) == 0)
            field_number(in, "note_num");
        else if (len == 12 && memcmp(s, "citationHash", len) == 0)
            field_number(in, "hash");
        else
            fail(in, "a citation has an unknown key");
    }
    if (in->w.fault)
        fail(in, NULL);
    finish(in, AJ_TAG_CITATION);
}

static void read_definitions(In *in)
{
    bool first, pair;
    lua_Integer n = 0;
    lua_newtable(in->L);
    for (enter(in, &first); more(in, &first);) {
        lua_createtable(in->L, 2, 0);
        enter(in, &pair);
        item(in, &pair);
        read_list(in, 'i');
        lua_rawseti(in->L, -2, 1);
        item(in, &pair);
        read_lists(in, 'b');
        lua_rawseti(in->L, -2, 2);
        leave(in, &pair);
        lua_rawseti(in->L, -2, ++n);
    }
    finish_list(in, in->t->list_mt);
}

/* [short or null, blocks] */
static void field_caption(In *in)
{
    bool first;
    enter(in, &first);
    item(in, &first);
    lua_createtable(in->L, 0, 2);
    if (aj_jsonwalk_kind(&in->w) == 'n')
        CHECK(in, aj_jsonwalk_word(&in->w, "null"));
    else
        field_list(in, 'i', "short");
    item(in, &first);
    field_list(in, 'b', "long");
    leave(in, &first);
    lua_setfield(in->L, -2, "caption");
}

static void read_cell(In *in)
{
    bool first;
    lua_createtable(in->L, 0, 6);
    enter(in, &first);
    item(in, &first);
    field_attr(in);
    item(in, &first);
    field_enum(in, "alignment");
    item(in, &first);
    field_number(in, "row_span");
    item(in, &first);
    field_number(in, "col_span");
    item(in, &first);
    field_list(in, 'b', "contents");
    leave(in, &first);
    finish(in, AJ_TAG_CELL);
}

static void field_rows(In *in, const char *name)
{
    lua_State *L = in->L;
    bool first, row, cells;
    lua_Integer n = 0;
    lua_newtable(L);
    for (enter(in, &first); more(in, &first);) {
        lua_createtable(L, 0, 2);
        enter(in, &row);
        item(in, &row);
        field_attr(in);
        item(in, &row);
        lua_newtable(L);
        lua_Integer m = 0;
        for (enter(in, &cells); more(in, &cells);) {
            read_cell(in);
            lua_rawseti(L, -2, ++m);
        }
        finish_list(in, in->t->list_mt);
        lua_setfield(L, -2, "cells");
        leave(in, &row);
        finish(in, AJ_TAG_ROW);
        lua_rawseti(L, -2, ++n);
    }
    finish_list(in, in->t->list_mt);
    lua_setfield(L, -2, name);
}

static void field_head(In *in, AjTag tag, const char *name)
{
    bool first;
    lua_createtable(in->L, 0, 2);
    enter(in, &first);
    item(in, &first);
    field_attr(in);
    item(in, &first);
    field_rows(in, "rows");
    leave(in, &first);
    finish(in, tag);
    lua_setfield(in->L, -2, name);
}

static void field_bodies(In *in)
{
    bool first, body;
    lua_Integer n = 0;
    lua_newtable(in->L);
    for (enter(in, &first); more(in, &first);) {
        lua_createtable(in->L, 0, 4);
        enter(in, &body);
        item(in, &body);
        field_attr(in);
        item(in, &body);
        field_number(in, "row_head_columns");
        item(in, &body);
        field_rows(in, "head");
        item(in, &body);
        field_rows(in, "body");
        leave(in, &body);
        finish(in, AJ_TAG_TABLEBODY);
        lua_rawseti(in->L, -2, ++n);
    }
    finish_list(in, in->t->list_mt);
    lua_setfield(in->L, -2, "bodies");
}

static void field_colspecs(In *in)
{
    lua_State *L = in->L;
    bool first, pair;
    lua_Integer n = 0;
    lua_newtable(L);
    for (enter(in, &first); more(in, &first);) {
        lua_createtable(L, 2, 0);
        enter(in, &pair);
        item(in, &pair);
        read_enum(in);
        lua_rawseti(L, -2, 1);
        item(in, &pair);
        read_enum(in);
        if (lua_type(L, -1) == LUA_TNUMBER)
            lua_rawseti(L, -2, 2);
        else
            lua_pop(L, 1); /* ColWidthDefault */
        leave(in, &pair);
        lua_rawseti(L, -2, ++n);
    }
    finish_list(in, in->t->list_mt);
    lua_setfield(L, -2, "colspecs");
}

static void read_table(In *in)
{
    bool first;
    enter(in, &first);
    item(in, &first);
    field_attr(in);
    item(in, &first);
    field_caption(in);
    item(in, &first);
    field_colspecs(in);
    item(in, &first);
    field_head(in, AJ_TAG_TABLEHEAD, "head");
    item(in, &first);
    field_bodies(in);
    item(in, &first);
    field_head(in, AJ_TAG_TABLEFOOT, "foot");
    leave(in, &first);
}

static void read_ordered(In *in)
{
    bool first, inner;
    enter(in, &first);
    item(in, &first);
    lua_createtable(in->L, 0, 3);
    enter(in, &inner);
    item(in, &inner);
    field_number(in, "start");
    item(in, &inner);
    field_enum(in, "style");
    item(in, &inner);
    field_enum(in, "delimiter");
    leave(in, &inner);
    finish(in, AJ_TAG_LISTATTRIBUTES);
    lua_setfield(in->L, -2, "listAttributes");
    item(in, &first);
    read_lists(in, 'b');
    lua_setfield(in->L, -2, "content");
    leave(in, &first);
}

/* What the contents of a tag are, in the order in which its array has them; without an array when
 * there is but one. */
static const char *const forms[AJ_TAGS] = {
    [AJ_TAG_STR] = "t",        [AJ_TAG_EMPH] = "i",
    [AJ_TAG_STRONG] = "i",     [AJ_TAG_UNDERLINE] = "i",
    [AJ_TAG_STRIKEOUT] = "i",  [AJ_TAG_SUPERSCRIPT] = "i",
    [AJ_TAG_SUBSCRIPT] = "i",  [AJ_TAG_SMALLCAPS] = "i",
    [AJ_TAG_QUOTED] = "qi",    [AJ_TAG_CITE] = "Ci",
    [AJ_TAG_CODE] = "at",      [AJ_TAG_MATH] = "mt",
    [AJ_TAG_RAWINLINE] = "ft", [AJ_TAG_LINK] = "aiu",
    [AJ_TAG_IMAGE] = "acs",    [AJ_TAG_NOTE] = "b",
    [AJ_TAG_SPAN] = "ai",      [AJ_TAG_PLAIN] = "i",
    [AJ_TAG_PARA] = "i",       [AJ_TAG_LINEBLOCK] = "L",
    [AJ_TAG_CODEBLOCK] = "at", [AJ_TAG_RAWBLOCK] = "ft",
    [AJ_TAG_BLOCKQUOTE] = "b", [AJ_TAG_ORDEREDLIST] = "O",
    [AJ_TAG_BULLETLIST] = "B", [AJ_TAG_DEFINITIONLIST] = "D",
    [AJ_TAG_HEADER] = "lai",   [AJ_TAG_TABLE] = "T",
    [AJ_TAG_FIGURE] = "akb",   [AJ_TAG_DIV] = "ab",
    [AJ_TAG_SPACE] = "",       [AJ_TAG_SOFTBREAK] = "",
    [AJ_TAG_LINEBREAK] = "",   [AJ_TAG_HORIZONTALRULE] = "",
    [AJ_TAG_NULL] = "",
};

static void read_target(In *in, const char *url)
{
    bool pair;
    enter(in, &pair);
    item(in, &pair);
    field_string(in, url);
    item(in, &pair);
    field_string(in, "title");
    leave(in, &pair);
}

static void read_citations(In *in)
{
    bool first;
    lua_Integer n = 0;
    lua_newtable(in->L);
    for (enter(in, &first); more(in, &first);) {
        read_citation(in);
        lua_rawseti(in->L, -2, ++n);
    }
    finish_list(in, in->t->list_mt);
    lua_setfield(in->L, -2, "citations");
}

static void read_part(In *in, char part)
{
    switch (part) {
    case 't':
        field_string(in, "text");
        break;
    case 'f':
        field_string(in, "format");
        break;
    case 'i':
        field_list(in, 'i', "content");
        break;
    case 'c':
        field_list(in, 'i', "caption");
        break;
    case 'b':
        field_list(in, 'b', "content");
        break;
    case 'a':
        field_attr(in);
        break;
    case 'q':
        field_enum(in, "quotetype");
        break;
    case 'm':
        field_enum(in, "mathtype");
        break;
    case 'l':
        field_number(in, "level");
        break;
    case 'u':
        read_target(in, "target");
        break;
    case 's':
        read_target(in, "src");
        break;
    case 'k':
        field_caption(in);
        break;
    case 'C':
        read_citations(in);
        break;
    case 'L':
    case 'B':
        read_lists(in, part == 'L' ? 'i' : 'b');
        lua_setfield(in->L, -2, "content");
        break;
    case 'D':
        read_definitions(in);
        lua_setfield(in->L, -2, "content");
        break;
    case 'O':
        read_ordered(in);
        break;
    default:
        read_table(in);
        break;
    }
}

/* Into the table on top. */
static void read_contents(In *in, AjTag tag)
{
    const char *form = forms[tag];
    if (!form[1]) {
        if (*form)
            read_part(in, *form);
        else
            CHECK(in, aj_jsonwalk_skip(&in->w));
        return;
    }
    bool first;
    enter(in, &first);
    for (const char *p = form; *p; p++) {
        item(in, &first);
        read_part(in, *p);
    }
    leave(in, &first);
}

static AjTag find_tag(In *in, const char *s, size_t len, char kind)
{
    if (kind == 'i' && len == 3 && memcmp(s, "Str", 3) == 0)
        return AJ_TAG_STR;
    if (kind == 'i' && len == 5 && memcmp(s, "Space", 5) == 0)
        return AJ_TAG_SPACE;
    for (int tag = 1; tag < AJ_TAGS; tag++) {
        const char *name = aj_luatag_name((AjTag)tag);
        if (forms[tag] && strncmp(name, s, len) == 0 && !name[len] &&
            (kind == 'i' ? aj_luatag_is_inline((AjTag)tag) : aj_luatag_is_block((AjTag)tag)))
            return (AjTag)tag;
    }
    fail(in, kind == 'i' ? "an unknown inline" : "an unknown block");
}

static void read_element(In *in, char kind)
{
    lua_State *L = in->L;
    AjTag tag = AJ_TAG_NONE;
    AjJsonWalk contents = {0};
    bool first = true, filled = false;
    const char *s;
    size_t len;
    int place = lua_gettop(L) + 1;
    CHECK(in, aj_jsonwalk_enter(&in->w, '{'));
    while (aj_jsonwalk_more(&in->w, '{', &first)) {
        CHECK(in, aj_jsonwalk_key(&in->w, &s, &len));
        if (len != 1 || (*s != 't' && *s != 'c'))
            fail(in, "an element has \"t\" and \"c\" only");
        if (*s == 't' && !tag) {
            CHECK(in, aj_jsonwalk_string(&in->w, &s, &len));
            tag = find_tag(in, s, len, kind);
            lua_createtable(L, 0, (int)strlen(forms[tag]) + (forms[tag][0] && forms[tag][1]));
        } else if (*s == 'c' && tag) {
            read_contents(in, tag);
            filled = true;
        } else if (*s == 'c') {
            contents = in->w;
            CHECK(in, aj_jsonwalk_skip(&in->w));
        } else {
            fail(in, "an element has two tags");
        }
    }
    if (in->w.fault || !tag || lua_gettop(L) != place)
        fail(in, "an element has no tag");
    if (!filled && contents.text) {
        AjJsonWalk after = in->w;
        in->w = contents;
        read_contents(in, tag);
        in->w = after;
    } else if (!filled && *forms[tag]) {
        fail(in, "an element has no contents");
    }
    finish(in, tag);
}

/* ------------------------------------------------------------------ meta */

static void read_meta(In *in);

static void read_meta_map(In *in)
{
    const char *s;
    size_t len;
    bool first = true;
    deeper(in);
    lua_newtable(in->L);
    CHECK(in, aj_jsonwalk_enter(&in->w, '{'));
    while (aj_jsonwalk_more(&in->w, '{', &first)) {
        CHECK(in, aj_jsonwalk_key(&in->w, &s, &len));
        lua_pushlstring(in->L, s, len);
        read_meta(in);
        lua_rawset(in->L, -3);
    }
    if (in->w.fault)
        fail(in, NULL);
    in->depth--;
}

static void read_meta_contents(In *in, const char *tag)
{
    bool first;
    lua_Integer n = 0;
    if (strcmp(tag, "MetaInlines") == 0) {
        read_list(in, 'i');
    } else if (strcmp(tag, "MetaBlocks") == 0) {
        read_list(in, 'b');
    } else if (strcmp(tag, "MetaString") == 0) {
        read_string(in);
    } else if (strcmp(tag, "MetaMap") == 0) {
        read_meta_map(in);
    } else if (strcmp(tag, "MetaBool") == 0) {
        bool is = aj_jsonwalk_kind(&in->w) == 't';
        CHECK(in, aj_jsonwalk_word(&in->w, is ? "true" : "false"));
        lua_pushboolean(in->L, is);
    } else if (strcmp(tag, "MetaList") == 0) {
        deeper(in);
        lua_newtable(in->L);
        for (enter(in, &first); more(in, &first);) {
            read_meta(in);
            lua_rawseti(in->L, -2, ++n);
        }
        finish_list(in, in->t->list_mt);
        in->depth--;
    } else {
        fail(in, "an unknown value in meta");
    }
}

static void read_meta(In *in)
{
    const char *s;
    size_t len;
    char tag[16] = "";
    AjJsonWalk contents = {0};
    bool first = true;
    CHECK(in, aj_jsonwalk_enter(&in->w, '{'));
    while (aj_jsonwalk_more(&in->w, '{', &first)) {
        CHECK(in, aj_jsonwalk_key(&in->w, &s, &len));
        if (len == 1 && *s == 't') {
            CHECK(in, aj_jsonwalk_string(&in->w, &s, &len));
            memcpy(tag, s, MIN(len, sizeof tag - 1));
        } else if (len == 1 && *s == 'c') {
            contents = in->w;
            CHECK(in, aj_jsonwalk_skip(&in->w));
        } else {
            fail(in, "a value of meta has \"t\" and \"c\" only");
        }
    }
    if (in->w.fault || !contents.text)
        fail(in, "a value of meta has no contents");
    AjJsonWalk after = in->w;
    in->w = contents;
    read_meta_contents(in, tag);
    in->w = after;
}

/* ------------------------------------------------------------------ doors */

static void read_version(In *in, AjPandocVersion *v)
{
    bool first, whole;
    double d;
    int64_t i;
    *v = (AjPandocVersion){0};
    for (enter(in, &first); more(in, &first);) {
        CHECK(in, aj_jsonwalk_number(&in->w, &d, &i, &whole));
        if (v->count == G_N_ELEMENTS(v->numbers) || i < 0 || i > 10000)
            fail(in, "a wrong pandoc-api-version");
        v->numbers[v->count++] = (unsigned)i;
    }
    if (v->count < 2 || v->numbers[0] != 1 || (v->numbers[1] != 22 && v->numbers[1] != 23))
        fail(in, "pandoc-api-version is neither 1.22 nor 1.23");
}

void aj_pandocin_push(lua_State *L, AjLuatree *t, const char *json, size_t len,
                      AjPandocVersion *version_out)
{
    In in = {.L = L, .t = t};
    bool first = true;
    const char *s;
    size_t n;
    unsigned seen = 0;
    luaL_checkstack(L, 16, "nesting");
    aj_jsonwalk_begin(&in.w, t->tree->arena, json, len);
    lua_createtable(L, 0, 3);
    CHECK(&in, aj_jsonwalk_enter(&in.w, '{'));
    while (aj_jsonwalk_more(&in.w, '{', &first)) {
        CHECK(&in, aj_jsonwalk_key(&in.w, &s, &n));
        if (n == 18 && memcmp(s, "pandoc-api-version", n) == 0) {
            read_version(&in, version_out);
            seen |= 1;
        } else if (n == 4 && memcmp(s, "meta", n) == 0) {
            read_meta_map(&in);
            lua_pushvalue(L, t->meta_mt);
            lua_setmetatable(L, -2);
            lua_setfield(L, -2, "meta");
            seen |= 2;
        } else if (n == 6 && memcmp(s, "blocks", n) == 0) {
            field_list(&in, 'b', "blocks");
            seen |= 4;
        } else {
            fail(&in, "a document has pandoc-api-version, meta and blocks only");
        }
    }
    if (in.w.fault || seen != 7)
        fail(&in, "a document has pandoc-api-version, meta and blocks");
    CHECK(&in, aj_jsonwalk_done(&in.w));
    finish(&in, AJ_TAG_PANDOC);
}

static void read_plain(In *in)
{
    lua_State *L = in->L;
    const char *s;
    size_t len;
    bool first = true;
    lua_Integer n = 0;
    deeper(in);
    switch (aj_jsonwalk_kind(&in->w)) {
    case '{':
        lua_newtable(L);
        CHECK(in, aj_jsonwalk_enter(&in->w, '{'));
        while (aj_jsonwalk_more(&in->w, '{', &first)) {
            CHECK(in, aj_jsonwalk_key(&in->w, &s, &len));
            lua_pushlstring(L, s, len);
            read_plain(in);
            lua_rawset(L, -3);
        }
        if (in->w.fault)
            fail(in, NULL);
        break;
    case '[':
        lua_newtable(L);
        for (enter(in, &first); more(in, &first);) {
            read_plain(in);
            lua_rawseti(L, -2, ++n);
        }
        finish_list(in, in->t->list_mt);
        break;
    case '"':
        read_string(in);
        break;
    case '-':
        read_number(in);
        break;
    case 't':
    case 'f':
        lua_pushboolean(L, aj_jsonwalk_kind(&in->w) == 't');
        CHECK(in, aj_jsonwalk_skip(&in->w));
        break;
    default:
        CHECK(in, aj_jsonwalk_word(&in->w, "null"));
        lua_pushlightuserdata(L, NULL);
        break;
    }
    in->depth--;
}

void aj_pandocin_value(lua_State *L, AjLuatree *t, const char *what, const char *json, size_t len)
{
    In in = {.L = L, .t = t};
    luaL_checkstack(L, 16, "nesting");
    aj_jsonwalk_begin(&in.w, t->tree->arena, json, len);
    if (in.w.fault)
        fail(&in, NULL);
    char kind = *what == 'I' ? 'i' : 'b';
    if (strcmp(what, "Inlines") == 0 || strcmp(what, "Blocks") == 0)
        read_list(&in, kind);
    else if (strcmp(what, "Inline") == 0 || strcmp(what, "Block") == 0)
        read_element(&in, kind);
    else
        read_plain(&in);
    CHECK(&in, aj_jsonwalk_done(&in.w));
}
