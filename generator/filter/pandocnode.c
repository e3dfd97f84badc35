/* pandocnode - one element of pandoc's JSON, or a list of them, to Lua's values.
 *
 * An element is made as soon as its tag is known. Where "c" stands before "t" it is passed over and
 * read again.
 * Must not know: documents, meta, which filter runs. */
#include "filter/pandocnode.h"

#include <lauxlib.h>
#include <string.h>

static bool take(AjPandocRead *in, const char *text, size_t len)
{
    bool is = (size_t)(in->w.end - in->w.at) > len && memcmp(in->w.at, text, len) == 0;
    in->w.at += is ? len : 0;
    return is;
}

bool aj_pandocnode_word(AjPandocRead *in, const char **text, size_t *len)
{
    static const char space[] = "{\"t\":\"Space\"}", word[] = "{\"t\":\"Str\",\"c\":";
    const char *start = in->w.at;
    *text = NULL;
    if (take(in, space, sizeof space - 1))
        return true;
    if (take(in, word, sizeof word - 1) && aj_jsonwalk_kind(&in->w) == '"' &&
        aj_jsonwalk_string(&in->w, text, len) && in->w.at < in->w.end && *in->w.at == '}') {
        in->w.at++;
        return true;
    }
    in->w.at = start; /* whatever is wrong with it is found on the long way */
    return false;
}

void aj_pandocnode_push_word(AjPandocRead *in, const char *text, size_t len)
{
    lua_State *L = in->L;
    lua_createtable(L, 0, text ? 1 : 0);
    if (text) {
        lua_pushlstring(L, text, len);
        lua_setfield(L, -2, "text");
    }
    aj_pandocread_finish(in, text ? AJ_TAG_STR : AJ_TAG_SPACE);
}

void aj_pandocnode_list(AjPandocRead *in, char kind)
{
    const char *text;
    size_t len;
    bool first;
    lua_Integer n = 0;
    aj_pandocread_deeper(in);
    lua_newtable(in->L);
    for (aj_pandocread_enter(in, &first); aj_pandocread_more(in, &first);) {
        if (kind == 'i' && aj_pandocnode_word(in, &text, &len))
            aj_pandocnode_push_word(in, text, len);
        else
            aj_pandocnode_element(in, kind);
        lua_rawseti(in->L, -2, ++n);
    }
    aj_pandocread_finish_list(in, kind == 'i' ? in->t->inlines_mt : in->t->blocks_mt);
    in->depth--;
}

static void field_list(AjPandocRead *in, char kind, const char *name)
{
    aj_pandocnode_list(in, kind);
    lua_setfield(in->L, -2, name);
}

/* A list of lists of elements. */
static void read_lists(AjPandocRead *in, char kind)
{
    bool first;
    lua_Integer n = 0;
    lua_newtable(in->L);
    for (aj_pandocread_enter(in, &first); aj_pandocread_more(in, &first);) {
        aj_pandocnode_list(in, kind);
        lua_rawseti(in->L, -2, ++n);
    }
    aj_pandocread_finish_list(in, in->t->list_mt);
}

static void read_citation(AjPandocRead *in)
{
    const char *s;
    size_t len;
    bool first = true;
    lua_createtable(in->L, 0, 6);
    CHECK(in, aj_jsonwalk_enter(&in->w, '{'));
    while (aj_jsonwalk_more(&in->w, '{', &first)) {
        CHECK(in, aj_jsonwalk_key(&in->w, &s, &len));
        if (len == 10 && memcmp(s, "citationId", len) == 0)
            aj_pandocread_field_string(in, "id");
        else if (len == 14 && memcmp(s, "citationPrefix", len) == 0)
            field_list(in, 'i', "prefix");
        else if (len == 14 && memcmp(s, "citationSuffix", len) == 0)
            field_list(in, 'i', "suffix");
        else if (len == 12 && memcmp(s, "citationMode", len) == 0)
            aj_pandocread_field_word(in, "mode");
        else if (len == 15 && memcmp(s, "citationNoteNum", len) == 0)
            aj_pandocread_field_number(in, "note_num");
        else if (len == 12 && memcmp(s, "citationHash", len) == 0)
            aj_pandocread_field_number(in, "hash");
        else
            aj_pandocread_fail(in, "a citation has an unknown key");
    }
    if (in->w.fault)
        aj_pandocread_fail(in, NULL);
    aj_pandocread_finish(in, AJ_TAG_CITATION);
}

static void read_definitions(AjPandocRead *in)
{
    bool first, pair;
    lua_Integer n = 0;
    lua_newtable(in->L);
    for (aj_pandocread_enter(in, &first); aj_pandocread_more(in, &first);) {
        lua_createtable(in->L, 2, 0);
        aj_pandocread_enter(in, &pair);
        aj_pandocread_item(in, &pair);
        aj_pandocnode_list(in, 'i');
        lua_rawseti(in->L, -2, 1);
        aj_pandocread_item(in, &pair);
        read_lists(in, 'b');
        lua_rawseti(in->L, -2, 2);
        aj_pandocread_leave(in, &pair);
        lua_rawseti(in->L, -2, ++n);
    }
    aj_pandocread_finish_list(in, in->t->list_mt);
}

/* [short or null, blocks] */
static void field_caption(AjPandocRead *in)
{
    bool first;
    aj_pandocread_enter(in, &first);
    aj_pandocread_item(in, &first);
    lua_createtable(in->L, 0, 2);
    if (aj_jsonwalk_kind(&in->w) == 'n')
        CHECK(in, aj_jsonwalk_word(&in->w, "null"));
    else
        field_list(in, 'i', "short");
    aj_pandocread_item(in, &first);
    field_list(in, 'b', "long");
    aj_pandocread_leave(in, &first);
    lua_setfield(in->L, -2, "caption");
}

static void read_cell(AjPandocRead *in)
{
    bool first;
    lua_createtable(in->L, 0, 6);
    aj_pandocread_enter(in, &first);
    aj_pandocread_item(in, &first);
    aj_pandocread_field_attr(in);
    aj_pandocread_item(in, &first);
    aj_pandocread_field_word(in, "alignment");
    aj_pandocread_item(in, &first);
    aj_pandocread_field_number(in, "row_span");
    aj_pandocread_item(in, &first);
    aj_pandocread_field_number(in, "col_span");
    aj_pandocread_item(in, &first);
    field_list(in, 'b', "contents");
    aj_pandocread_leave(in, &first);
    aj_pandocread_finish(in, AJ_TAG_CELL);
}

static void field_rows(AjPandocRead *in, const char *name)
{
    lua_State *L = in->L;
    bool first, row, cells;
    lua_Integer n = 0;
    lua_newtable(L);
    for (aj_pandocread_enter(in, &first); aj_pandocread_more(in, &first);) {
        lua_createtable(L, 0, 2);
        aj_pandocread_enter(in, &row);
        aj_pandocread_item(in, &row);
        aj_pandocread_field_attr(in);
        aj_pandocread_item(in, &row);
        lua_newtable(L);
        lua_Integer m = 0;
        for (aj_pandocread_enter(in, &cells); aj_pandocread_more(in, &cells);) {
            read_cell(in);
            lua_rawseti(L, -2, ++m);
        }
        aj_pandocread_finish_list(in, in->t->list_mt);
        lua_setfield(L, -2, "cells");
        aj_pandocread_leave(in, &row);
        aj_pandocread_finish(in, AJ_TAG_ROW);
        lua_rawseti(L, -2, ++n);
    }
    aj_pandocread_finish_list(in, in->t->list_mt);
    lua_setfield(L, -2, name);
}

static void field_head(AjPandocRead *in, AjTag tag, const char *name)
{
    bool first;
    lua_createtable(in->L, 0, 2);
    aj_pandocread_enter(in, &first);
    aj_pandocread_item(in, &first);
    aj_pandocread_field_attr(in);
    aj_pandocread_item(in, &first);
    field_rows(in, "rows");
    aj_pandocread_leave(in, &first);
    aj_pandocread_finish(in, tag);
    lua_setfield(in->L, -2, name);
}

static void field_bodies(AjPandocRead *in)
{
    bool first, body;
    lua_Integer n = 0;
    lua_newtable(in->L);
    for (aj_pandocread_enter(in, &first); aj_pandocread_more(in, &first);) {
        lua_createtable(in->L, 0, 4);
        aj_pandocread_enter(in, &body);
        aj_pandocread_item(in, &body);
        aj_pandocread_field_attr(in);
        aj_pandocread_item(in, &body);
        aj_pandocread_field_number(in, "row_head_columns");
        aj_pandocread_item(in, &body);
        field_rows(in, "head");
        aj_pandocread_item(in, &body);
        field_rows(in, "body");
        aj_pandocread_leave(in, &body);
        aj_pandocread_finish(in, AJ_TAG_TABLEBODY);
        lua_rawseti(in->L, -2, ++n);
    }
    aj_pandocread_finish_list(in, in->t->list_mt);
    lua_setfield(in->L, -2, "bodies");
}

static void field_colspecs(AjPandocRead *in)
{
    lua_State *L = in->L;
    bool first, pair;
    lua_Integer n = 0;
    lua_newtable(L);
    for (aj_pandocread_enter(in, &first); aj_pandocread_more(in, &first);) {
        lua_createtable(L, 2, 0);
        aj_pandocread_enter(in, &pair);
        aj_pandocread_item(in, &pair);
        aj_pandocread_word(in);
        lua_rawseti(L, -2, 1);
        aj_pandocread_item(in, &pair);
        aj_pandocread_word(in);
        if (lua_type(L, -1) == LUA_TNUMBER)
            lua_rawseti(L, -2, 2);
        else
            lua_pop(L, 1); /* ColWidthDefault */
        aj_pandocread_leave(in, &pair);
        lua_rawseti(L, -2, ++n);
    }
    aj_pandocread_finish_list(in, in->t->list_mt);
    lua_setfield(L, -2, "colspecs");
}

static void read_table(AjPandocRead *in)
{
    bool first;
    aj_pandocread_enter(in, &first);
    aj_pandocread_item(in, &first);
    aj_pandocread_field_attr(in);
    aj_pandocread_item(in, &first);
    field_caption(in);
    aj_pandocread_item(in, &first);
    field_colspecs(in);
    aj_pandocread_item(in, &first);
    field_head(in, AJ_TAG_TABLEHEAD, "head");
    aj_pandocread_item(in, &first);
    field_bodies(in);
    aj_pandocread_item(in, &first);
    field_head(in, AJ_TAG_TABLEFOOT, "foot");
    aj_pandocread_leave(in, &first);
}

static void read_ordered(AjPandocRead *in)
{
    bool first, inner;
    aj_pandocread_enter(in, &first);
    aj_pandocread_item(in, &first);
    lua_createtable(in->L, 0, 3);
    aj_pandocread_enter(in, &inner);
    aj_pandocread_item(in, &inner);
    aj_pandocread_field_number(in, "start");
    aj_pandocread_item(in, &inner);
    aj_pandocread_field_word(in, "style");
    aj_pandocread_item(in, &inner);
    aj_pandocread_field_word(in, "delimiter");
    aj_pandocread_leave(in, &inner);
    aj_pandocread_finish(in, AJ_TAG_LISTATTRIBUTES);
    lua_setfield(in->L, -2, "listAttributes");
    aj_pandocread_item(in, &first);
    read_lists(in, 'b');
    lua_setfield(in->L, -2, "content");
    aj_pandocread_leave(in, &first);
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

static void read_target(AjPandocRead *in, const char *url)
{
    bool pair;
    aj_pandocread_enter(in, &pair);
    aj_pandocread_item(in, &pair);
    aj_pandocread_field_string(in, url);
    aj_pandocread_item(in, &pair);
    aj_pandocread_field_string(in, "title");
    aj_pandocread_leave(in, &pair);
}

static void read_citations(AjPandocRead *in)
{
    bool first;
    lua_Integer n = 0;
    lua_newtable(in->L);
    for (aj_pandocread_enter(in, &first); aj_pandocread_more(in, &first);) {
        read_citation(in);
        lua_rawseti(in->L, -2, ++n);
    }
    aj_pandocread_finish_list(in, in->t->list_mt);
    lua_setfield(in->L, -2, "citations");
}

static void read_part(AjPandocRead *in, char part)
{
    switch (part) {
    case 't':
        aj_pandocread_field_string(in, "text");
        break;
    case 'f':
        aj_pandocread_field_string(in, "format");
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
        aj_pandocread_field_attr(in);
        break;
    case 'q':
        aj_pandocread_field_word(in, "quotetype");
        break;
    case 'm':
        aj_pandocread_field_word(in, "mathtype");
        break;
    case 'l':
        aj_pandocread_field_number(in, "level");
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
static void read_contents(AjPandocRead *in, AjTag tag)
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
    aj_pandocread_enter(in, &first);
    for (const char *p = form; *p; p++) {
        aj_pandocread_item(in, &first);
        read_part(in, *p);
    }
    aj_pandocread_leave(in, &first);
}

AjTag aj_pandocnode_tag(AjPandocRead *in, const char *s, size_t len, char kind)
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
    aj_pandocread_fail(in, kind == 'i' ? "an unknown inline" : "an unknown block");
}

void aj_pandocnode_element(AjPandocRead *in, char kind)
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
            aj_pandocread_fail(in, "an element has \"t\" and \"c\" only");
        if (*s == 't' && !tag) {
            CHECK(in, aj_jsonwalk_string(&in->w, &s, &len));
            tag = aj_pandocnode_tag(in, s, len, kind);
            lua_createtable(L, 0, (int)strlen(forms[tag]) + (forms[tag][0] && forms[tag][1]));
        } else if (*s == 'c' && tag) {
            read_contents(in, tag);
            filled = true;
        } else if (*s == 'c') {
            contents = in->w;
            CHECK(in, aj_jsonwalk_skip(&in->w));
        } else {
            aj_pandocread_fail(in, "an element has two tags");
        }
    }
    if (in->w.fault || !tag || lua_gettop(L) != place)
        aj_pandocread_fail(in, "an element has no tag");
    if (!filled && contents.text) {
        AjJsonWalk after = in->w;
        in->w = contents;
        read_contents(in, tag);
        in->w = after;
    } else if (!filled && *forms[tag]) {
        aj_pandocread_fail(in, "an element has no contents");
    }
    aj_pandocread_finish(in, tag);
}
