/* pandocstream - one pass of handlers over pandoc's JSON, text to text.
 *
 * Only what a handler wants becomes a value of Lua's, and is written anew when the handler returned
 * something. All the rest is held against its shape and copied as it lies, in as long pieces as
 * there are. A handler returns nil: the text stays, whatever it did to its copy.
 * Must not know: which passes there are, where the text comes from. */
#include "filter/pandocstream.h"

#include "filter/luapass.h"
#include "filter/pandocnode.h"
#include "filter/pandocout.h"
#include "filter/pandocput.h"

#include <lauxlib.h>
#include <string.h>

enum { INLINE_HANDLERS = 1, BLOCK_HANDLERS, ON_INLINES, ON_BLOCKS, ADD_INLINES, ADD_BLOCKS, PARTS };

typedef struct {
    AjPandocRead in;
    AjPandocPut put;
    const char *from; /* from here on nothing is copied yet */
    uint64_t wanted;  /* tags that have a handler */
    int base;         /* parts stand at base + INLINE_HANDLERS … */
} Stream;

/* What the contents of a tag are: s(tring) n(umber) w(ord), i(nlines) b(locks), o: inlines or null,
 * c(itation), [ ] around a tuple, * before what there are many of. */
#define ATTR "[s*s*[ss]]"
#define ROW "[" ATTR "*[" ATTR "wnnb]]"
#define HEAD "[" ATTR "*" ROW "]"
#define TABLE "[" ATTR "[ob]*[ww]" HEAD "*[" ATTR "n*" ROW "*" ROW "]" HEAD "]"
static const char *const shapes[AJ_TAGS] = {
    [AJ_TAG_STR] = "s",
    [AJ_TAG_EMPH] = "i",
    [AJ_TAG_STRONG] = "i",
    [AJ_TAG_UNDERLINE] = "i",
    [AJ_TAG_STRIKEOUT] = "i",
    [AJ_TAG_SUPERSCRIPT] = "i",
    [AJ_TAG_SUBSCRIPT] = "i",
    [AJ_TAG_SMALLCAPS] = "i",
    [AJ_TAG_QUOTED] = "[wi]",
    [AJ_TAG_CITE] = "[*ci]",
    [AJ_TAG_CODE] = "[" ATTR "s]",
    [AJ_TAG_MATH] = "[ws]",
    [AJ_TAG_RAWINLINE] = "[ss]",
    [AJ_TAG_LINK] = "[" ATTR "i[ss]]",
    [AJ_TAG_IMAGE] = "[" ATTR "i[ss]]",
    [AJ_TAG_NOTE] = "b",
    [AJ_TAG_SPAN] = "[" ATTR "i]",
    [AJ_TAG_PLAIN] = "i",
    [AJ_TAG_PARA] = "i",
    [AJ_TAG_LINEBLOCK] = "*i",
    [AJ_TAG_CODEBLOCK] = "[" ATTR "s]",
    [AJ_TAG_RAWBLOCK] = "[ss]",
    [AJ_TAG_BLOCKQUOTE] = "b",
    [AJ_TAG_ORDEREDLIST] = "[[nww]*b]",
    [AJ_TAG_BULLETLIST] = "*b",
    [AJ_TAG_DEFINITIONLIST] = "*[i*b]",
    [AJ_TAG_HEADER] = "[n" ATTR "i]",
    [AJ_TAG_TABLE] = TABLE,
    [AJ_TAG_FIGURE] = "[" ATTR "[ob]b]",
    [AJ_TAG_DIV] = "[" ATTR "b]",
};

static void stream_list(Stream *s, char kind);

static void copy_to(Stream *s, const char *end)
{
    if (end > s->from) {
        aj_pandocput_raw(&s->put, s->from, (size_t)(end - s->from));
        s->from = end;
    }
}

static void pass_word(AjPandocRead *in)
{
    const char *text;
    size_t len;
    bool first = true;
    CHECK(in, aj_jsonwalk_enter(&in->w, '{'));
    while (aj_jsonwalk_more(&in->w, '{', &first)) {
        CHECK(in, aj_jsonwalk_key(&in->w, &text, &len));
        CHECK(in, len == 1 && *text == 't' ? aj_jsonwalk_string(&in->w, &text, &len)
                                           : aj_jsonwalk_skip(&in->w));
    }
    if (in->w.fault || first)
        aj_pandocread_fail(in, "a word {\"t\": …} is expected");
}

static void stream_citation(Stream *s)
{
    AjPandocRead *in = &s->in;
    const char *key;
    size_t len;
    bool first = true;
    CHECK(in, aj_jsonwalk_enter(&in->w, '{'));
    while (aj_jsonwalk_more(&in->w, '{', &first)) {
        CHECK(in, aj_jsonwalk_key(&in->w, &key, &len));
        if (len == 14 &&
            (memcmp(key, "citationPrefix", len) == 0 || memcmp(key, "citationSuffix", len) == 0))
            stream_list(s, 'i');
        else
            CHECK(in, aj_jsonwalk_skip(&in->w));
    }
    if (in->w.fault)
        aj_pandocread_fail(in, NULL);
}

static const char *shape_end(const char *shape)
{
    while (*shape == '*')
        shape++;
    unsigned open = 0;
    do {
        open += *shape == '[';
        open -= *shape == ']';
        shape++;
    } while (open);
    return shape;
}

/* One value of this shape; what follows the shape. */
static const char *stream_shape(Stream *s, const char *shape)
{
    AjPandocRead *in = &s->in;
    const char *text;
    size_t len;
    double number;
    int64_t integer;
    bool first, whole;
    switch (*shape) {
    case '[':
        aj_pandocread_enter(in, &first);
        for (shape++; *shape != ']';) {
            aj_pandocread_item(in, &first);
            shape = stream_shape(s, shape);
        }
        aj_pandocread_leave(in, &first);
        break;
    case '*':
        aj_pandocread_enter(in, &first);
        while (aj_pandocread_more(in, &first))
            stream_shape(s, shape + 1);
        return shape_end(shape);
    case 's':
        CHECK(in, aj_jsonwalk_string(&in->w, &text, &len));
        break;
    case 'n':
        CHECK(in, aj_jsonwalk_number(&in->w, &number, &integer, &whole));
        break;
    case 'w':
        pass_word(in);
        break;
    case 'c':
        stream_citation(s);
        break;
    case 'o':
        if (aj_jsonwalk_kind(&in->w) == 'n')
            CHECK(in, aj_jsonwalk_word(&in->w, "null"));
        else
            stream_list(s, 'i');
        break;
    default:
        stream_list(s, *shape);
        break;
    }
    return shape + 1;
}

/* An element that this version of the format has. */
static bool is_known(const Stream *s, int list, lua_Integer i)
{
    lua_rawgeti(s->put.L, list, i);
    AjTag tag = aj_luatag_at(s->put.L, -1);
    lua_pop(s->put.L, 1);
    return tag != AJ_TAG_NULL || s->put.minor < 23;
}

static bool holds_any(const Stream *s)
{
    int list = lua_gettop(s->put.L);
    for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(s->put.L, list); i <= n; i++)
        if (is_known(s, list, i))
            return true;
    return false;
}

/* Writes the elements of the list on top. */
static void put_list(Stream *s)
{
    lua_State *L = s->put.L;
    int list = lua_gettop(L);
    bool any = false;
    for (lua_Integer i = 1, n = (lua_Integer)lua_rawlen(L, list); i <= n; i++) {
        if (!is_known(s, list, i))
            continue;
        if (any)
            PUT(&s->put, ",");
        any = true;
        lua_rawgeti(L, list, i);
        aj_pandocout_element(&s->put, list + 1, aj_luatag_at(L, list + 1));
        lua_settop(L, list);
    }
}

static bool is_kind(AjTag tag, char kind)
{
    return tag && (kind == 'i' ? aj_luatag_is_inline(tag) : aj_luatag_is_block(tag));
}

/* Replaces the element on top, which holds no others, by a list of what its handler made of it;
 * false, with nothing pushed: it stays as it is. */
static bool call_handler(Stream *s, char kind, AjTag tag)
{
    lua_State *L = s->put.L;
    int el = lua_gettop(L), handler = el + 1;
    lua_rawgeti(L, s->base + (kind == 'i' ? INLINE_HANDLERS : BLOCK_HANDLERS), tag);
    aj_luapass_call(L, el);
    if (lua_isnil(L, -1)) {
        lua_settop(L, el - 1);
        return false;
    }
    lua_createtable(L, 1, 0);
    if (is_kind(aj_luatag_at(L, handler + 1), kind)) {
        lua_insert(L, handler + 1);
        lua_rawseti(L, handler + 1, 1);
    } else {
        int out = handler + 2;
        lua_pushvalue(L, s->base + (kind == 'i' ? ADD_INLINES : ADD_BLOCKS));
        lua_pushvalue(L, out);
        lua_pushinteger(L, 0);
        lua_pushvalue(L, handler + 1);
        lua_pushvalue(L, handler);
        lua_pushstring(L, aj_luatag_name(tag));
        lua_call(L, 5, 0);
    }
    lua_replace(L, el);
    lua_settop(L, el);
    return true;
}

/* The same for one that holds others: these go through the pass first. */
static void call_pass(Stream *s, char kind)
{
    lua_State *L = s->put.L;
    lua_createtable(L, 1, 0);
    lua_insert(L, -2);
    lua_rawseti(L, -2, 1);
    lua_pushvalue(L, kind == 'i' ? s->put.t->inlines_mt : s->put.t->blocks_mt);
    lua_setmetatable(L, -2);
    lua_pushvalue(L, s->base + (kind == 'i' ? ON_INLINES : ON_BLOCKS));
    lua_insert(L, -2);
    lua_call(L, 1, 1);
}

/* Where a list stands. */
typedef struct {
    char kind;
    bool first, written, dropped;
    const char *before; /* the end of the last element, or of the bracket */
} Place;

/* The element on top, which began at `start`. */
static void stream_wanted(Stream *s, Place *p, const char *start, AjTag tag)
{
    const char *shape = shapes[tag];
    bool leaf = !shape || !strpbrk(shape, "ibo");
    if (!leaf) {
        call_pass(s, p->kind);
    } else if (!call_handler(s, p->kind, tag)) {
        p->written = true;
        return;
    }
    if (holds_any(s)) {
        copy_to(s, start);
        put_list(s);
        p->written = true;
    } else {
        copy_to(s, p->before); /* without the comma */
        p->dropped = true;
    }
    lua_pop(s->put.L, 1);
    s->from = s->in.w.at;
}

static bool stream_word(Stream *s, Place *p, const char *start)
{
    const char *text;
    size_t len;
    if (p->kind != 'i' || !aj_pandocnode_word(&s->in, &text, &len))
        return false;
    AjTag tag = text ? AJ_TAG_STR : AJ_TAG_SPACE;
    if (s->wanted >> tag & 1) {
        aj_pandocnode_push_word(&s->in, text, len);
        stream_wanted(s, p, start, tag);
    } else {
        p->written = true;
    }
    return true;
}

static void stream_element(Stream *s, Place *p)
{
    AjPandocRead *in = &s->in;
    AjJsonWalk begin = in->w, contents = {0};
    AjTag tag = AJ_TAG_NONE;
    bool first = true, filled = false;
    const char *start = in->w.at, *text;
    size_t len;
    if (p->dropped && !p->written)
        s->from = start; /* the comma before it was between two */
    if (stream_word(s, p, start))
        return;
    CHECK(in, aj_jsonwalk_enter(&in->w, '{'));
    while (aj_jsonwalk_more(&in->w, '{', &first)) {
        CHECK(in, aj_jsonwalk_key(&in->w, &text, &len));
        if (len == 1 && *text == 't' && !tag) {
            CHECK(in, aj_jsonwalk_string(&in->w, &text, &len));
            tag = aj_pandocnode_tag(in, text, len, p->kind);
            if (s->wanted >> tag & 1) {
                in->w = begin;
                aj_pandocnode_element(in, p->kind);
                stream_wanted(s, p, start, tag);
                return;
            }
        } else if (len == 1 && *text == 'c' && tag && shapes[tag]) {
            stream_shape(s, shapes[tag]);
            filled = true;
        } else if (len == 1 && *text == 'c') {
            contents = in->w;
            CHECK(in, aj_jsonwalk_skip(&in->w));
        } else {
            aj_pandocread_fail(in, "an element has one \"t\" and \"c\" only");
        }
    }
    if (in->w.fault || !tag)
        aj_pandocread_fail(in, "an element has no tag");
    if (!filled && shapes[tag] && contents.text) {
        AjJsonWalk after = in->w;
        in->w = contents;
        stream_shape(s, shapes[tag]);
        in->w = after;
    } else if (!filled && shapes[tag]) {
        aj_pandocread_fail(in, "an element has no contents");
    }
    p->written = true;
}

static void stream_list(Stream *s, char kind)
{
    AjPandocRead *in = &s->in;
    Place p = {.kind = kind};
    aj_pandocread_deeper(in);
    aj_pandocread_enter(in, &p.first);
    p.before = in->w.at;
    while (aj_pandocread_more(in, &p.first)) {
        stream_element(s, &p);
        p.before = in->w.at;
    }
    in->depth--;
}

static void stream_meta(Stream *s);

static void stream_meta_map(Stream *s)
{
    AjPandocRead *in = &s->in;
    const char *key;
    size_t len;
    bool first = true;
    aj_pandocread_deeper(in);
    CHECK(in, aj_jsonwalk_enter(&in->w, '{'));
    while (aj_jsonwalk_more(&in->w, '{', &first)) {
        CHECK(in, aj_jsonwalk_key(&in->w, &key, &len));
        stream_meta(s);
    }
    if (in->w.fault)
        aj_pandocread_fail(in, NULL);
    in->depth--;
}

static void stream_meta(Stream *s)
{
    AjPandocRead *in = &s->in;
    char tag[16];
    bool first;
    AjJsonWalk after;
    if (!aj_pandocin_meta_tag(in, tag, &after))
        return; /* it holds no elements */
    if (strcmp(tag, "MetaInlines") == 0) {
        stream_list(s, 'i');
    } else if (strcmp(tag, "MetaBlocks") == 0) {
        stream_list(s, 'b');
    } else if (strcmp(tag, "MetaMap") == 0) {
        stream_meta_map(s);
    } else if (strcmp(tag, "MetaList") == 0) {
        aj_pandocread_deeper(in);
        for (aj_pandocread_enter(in, &first); aj_pandocread_more(in, &first);)
            stream_meta(s);
        in->depth--;
    } else {
        aj_pandocread_fail(in, "an unknown value in meta");
    }
    in->w = after;
}

static void take_pass(Stream *s, int pass)
{
    lua_State *L = s->put.L;
    s->base = lua_gettop(L);
    for (int i = INLINE_HANDLERS; i < PARTS; i++)
        lua_rawgeti(L, pass, i);
    for (int k = INLINE_HANDLERS; k <= BLOCK_HANDLERS; k++)
        for (int tag = 1; lua_istable(L, s->base + k) && tag < AJ_TAGS; tag++) {
            if (lua_rawgeti(L, s->base + k, tag) != LUA_TNIL)
                s->wanted |= UINT64_C(1) << tag;
            lua_pop(L, 1);
        }
}

bool aj_pandocstream_run(lua_State *L, AjLuatree *t, int pass, const char *json, size_t len,
                         GString *out)
{
    Stream s = {.in = {.L = L, .t = t}, .put = {.L = L, .t = t, .out = out}};
    AjPandocVersion version;
    bool first = true;
    const char *key;
    size_t n;
    unsigned seen = 0;
    int top = lua_gettop(L);
    luaL_checkstack(L, PARTS + 16, "nesting");
    take_pass(&s, lua_absindex(L, pass));
    aj_jsonwalk_begin(&s.in.w, t->tree->arena, json, len);
    CHECK(&s.in, aj_jsonwalk_kind(&s.in.w) == '{' && !s.in.w.fault);
    s.from = s.in.w.at;
    CHECK(&s.in, aj_jsonwalk_enter(&s.in.w, '{'));
    while (aj_jsonwalk_more(&s.in.w, '{', &first)) {
        CHECK(&s.in, aj_jsonwalk_key(&s.in.w, &key, &n));
        if (n == 18 && memcmp(key, "pandoc-api-version", n) == 0 && seen == 0) {
            aj_pandocin_version(&s.in, &version);
            s.put.minor = version.numbers[1];
        } else if (n == 4 && memcmp(key, "meta", n) == 0 && seen == 1) {
            stream_meta_map(&s);
        } else if (n == 6 && memcmp(key, "blocks", n) == 0 && seen == 2) {
            stream_list(&s, 'b');
        } else if (seen == 0) {
            lua_settop(L, top);
            return false;
        } else {
            aj_pandocread_fail(&s.in, "a document has pandoc-api-version, meta and blocks only");
        }
        seen++;
    }
    if (s.in.w.fault || seen != 3)
        aj_pandocread_fail(&s.in, "a document has pandoc-api-version, meta and blocks");
    copy_to(&s, s.in.w.at);
    CHECK(&s.in, aj_jsonwalk_done(&s.in.w));
    lua_settop(L, top);
    return true;
}
