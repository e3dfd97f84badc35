/* pandocin - a document of pandoc's JSON to Lua's values: its meta, its blocks, its version.
 *
 * One walk over the text, no tree of it between.
 * Must not know: what an element holds, cmark's tree, which filter runs. */
#include "filter/pandocin.h"

#include "filter/pandocnode.h"

#include <lauxlib.h>
#include <string.h>

static void read_meta(AjPandocRead *in);

static void read_meta_map(AjPandocRead *in)
{
    const char *s;
    size_t len;
    bool first = true;
    aj_pandocread_deeper(in);
    lua_newtable(in->L);
    CHECK(in, aj_jsonwalk_enter(&in->w, '{'));
    while (aj_jsonwalk_more(&in->w, '{', &first)) {
        CHECK(in, aj_jsonwalk_key(&in->w, &s, &len));
        lua_pushlstring(in->L, s, len);
        read_meta(in);
        lua_rawset(in->L, -3);
    }
    if (in->w.fault)
        aj_pandocread_fail(in, NULL);
    in->depth--;
}

static void read_meta_contents(AjPandocRead *in, const char *tag)
{
    bool first;
    lua_Integer n = 0;
    if (strcmp(tag, "MetaInlines") == 0) {
        aj_pandocnode_list(in, 'i');
    } else if (strcmp(tag, "MetaBlocks") == 0) {
        aj_pandocnode_list(in, 'b');
    } else if (strcmp(tag, "MetaString") == 0) {
        aj_pandocread_string(in);
    } else if (strcmp(tag, "MetaMap") == 0) {
        read_meta_map(in);
    } else if (strcmp(tag, "MetaBool") == 0) {
        bool is = aj_jsonwalk_kind(&in->w) == 't';
        CHECK(in, aj_jsonwalk_word(&in->w, is ? "true" : "false"));
        lua_pushboolean(in->L, is);
    } else if (strcmp(tag, "MetaList") == 0) {
        aj_pandocread_deeper(in);
        lua_newtable(in->L);
        for (aj_pandocread_enter(in, &first); aj_pandocread_more(in, &first);) {
            read_meta(in);
            lua_rawseti(in->L, -2, ++n);
        }
        aj_pandocread_finish_list(in, in->t->list_mt);
        in->depth--;
    } else {
        aj_pandocread_fail(in, "an unknown value in meta");
    }
}

/* The tag of a value of meta, and its contents next; `after` is what stands behind it. */
static void open_meta(AjPandocRead *in, char tag[16], AjJsonWalk *after)
{
    const char *s;
    size_t len;
    AjJsonWalk contents = {0};
    bool first = true;
    memset(tag, 0, 16);
    CHECK(in, aj_jsonwalk_enter(&in->w, '{'));
    while (aj_jsonwalk_more(&in->w, '{', &first)) {
        CHECK(in, aj_jsonwalk_key(&in->w, &s, &len));
        if (len == 1 && *s == 't') {
            CHECK(in, aj_jsonwalk_string(&in->w, &s, &len));
            memcpy(tag, s, MIN(len, 15));
        } else if (len == 1 && *s == 'c') {
            contents = in->w;
            CHECK(in, aj_jsonwalk_skip(&in->w));
        } else {
            aj_pandocread_fail(in, "a value of meta has \"t\" and \"c\" only");
        }
    }
    if (in->w.fault || !contents.text)
        aj_pandocread_fail(in, "a value of meta has no contents");
    *after = in->w;
    in->w = contents;
}

static void read_meta(AjPandocRead *in)
{
    char tag[16];
    AjJsonWalk after;
    open_meta(in, tag, &after);
    read_meta_contents(in, tag);
    in->w = after;
}

bool aj_pandocin_meta_tag(AjPandocRead *in, char tag[16], AjJsonWalk *after)
{
    open_meta(in, tag, after);
    if (strcmp(tag, "MetaString") != 0 && strcmp(tag, "MetaBool") != 0)
        return true;
    read_meta_contents(in, tag); /* a fault in it is one here too */
    lua_pop(in->L, 1);
    in->w = *after;
    return false;
}

void aj_pandocin_version(AjPandocRead *in, AjPandocVersion *v)
{
    bool first, whole;
    double d;
    int64_t i;
    *v = (AjPandocVersion){0};
    for (aj_pandocread_enter(in, &first); aj_pandocread_more(in, &first);) {
        CHECK(in, aj_jsonwalk_number(&in->w, &d, &i, &whole));
        if (v->count == G_N_ELEMENTS(v->numbers) || i < 0 || i > 10000)
            aj_pandocread_fail(in, "a wrong pandoc-api-version");
        v->numbers[v->count++] = (unsigned)i;
    }
    if (v->count < 2 || v->numbers[0] != 1 || (v->numbers[1] != 22 && v->numbers[1] != 23))
        aj_pandocread_fail(in, "pandoc-api-version is neither 1.22 nor 1.23");
}

void aj_pandocin_push(lua_State *L, AjLuatree *t, const char *json, size_t len,
                      AjPandocVersion *version_out)
{
    AjPandocRead in = {.L = L, .t = t};
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
            aj_pandocin_version(&in, version_out);
            seen |= 1;
        } else if (n == 4 && memcmp(s, "meta", n) == 0) {
            read_meta_map(&in);
            lua_pushvalue(L, t->meta_mt);
            lua_setmetatable(L, -2);
            lua_setfield(L, -2, "meta");
            seen |= 2;
        } else if (n == 6 && memcmp(s, "blocks", n) == 0) {
            aj_pandocnode_list(&in, 'b');
            lua_setfield(L, -2, "blocks");
            seen |= 4;
        } else {
            aj_pandocread_fail(&in, "a document has pandoc-api-version, meta and blocks only");
        }
    }
    if (in.w.fault || seen != 7)
        aj_pandocread_fail(&in, "a document has pandoc-api-version, meta and blocks");
    CHECK(&in, aj_jsonwalk_done(&in.w));
    aj_pandocread_finish(&in, AJ_TAG_PANDOC);
}

static void read_plain(AjPandocRead *in)
{
    lua_State *L = in->L;
    const char *s;
    size_t len;
    bool first = true;
    lua_Integer n = 0;
    aj_pandocread_deeper(in);
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
            aj_pandocread_fail(in, NULL);
        break;
    case '[':
        lua_newtable(L);
        for (aj_pandocread_enter(in, &first); aj_pandocread_more(in, &first);) {
            read_plain(in);
            lua_rawseti(L, -2, ++n);
        }
        aj_pandocread_finish_list(in, in->t->list_mt);
        break;
    case '"':
        aj_pandocread_string(in);
        break;
    case '-':
        aj_pandocread_number(in);
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
    AjPandocRead in = {.L = L, .t = t};
    luaL_checkstack(L, 16, "nesting");
    aj_jsonwalk_begin(&in.w, t->tree->arena, json, len);
    if (in.w.fault)
        aj_pandocread_fail(&in, NULL);
    char kind = *what == 'I' ? 'i' : 'b';
    if (strcmp(what, "Inlines") == 0 || strcmp(what, "Blocks") == 0)
        aj_pandocnode_list(&in, kind);
    else if (strcmp(what, "Inline") == 0 || strcmp(what, "Block") == 0)
        aj_pandocnode_element(&in, kind);
    else
        read_plain(&in);
    CHECK(&in, aj_jsonwalk_done(&in.w));
}
