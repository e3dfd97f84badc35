/* luabuild - a Pandoc value of Lua's back to a tree of cmark's nodes.
 *
 * Str and Space run together into one text node. What our tree has no node for (math, citations,
 * figures …) becomes the nearest Div or Span; raw text of other formats than HTML is dropped, as
 * pandoc's HTML writer drops it.
 * Must not know: which filter ran, how the value was made. */
#include "filter/luabuild.h"

#include "base/text.h"

#include <lauxlib.h>
#include <stdlib.h>
#include <string.h>

#define MAX_DEPTH 400
#define MAX_NODES 2000000

static void build_inlines(lua_State *L, AjLuatree *t, int at, cmark_node *parent);
static void build_blocks(lua_State *L, AjLuatree *t, int at, cmark_node *parent);

static void deeper(lua_State *L, AjLuatree *t)
{
    if (++t->depth > MAX_DEPTH)
        luaL_error(L, "the document is nested more than %d levels deep", MAX_DEPTH);
    luaL_checkstack(L, 24, "nesting");
}

static AjTag tag_at(lua_State *L, int at)
{
    if (!lua_istable(L, at) || !lua_getmetatable(L, at))
        return AJ_TAG_NONE;
    lua_rawgeti(L, -1, 1);
    lua_Integer id = lua_tointeger(L, -1);
    lua_pop(L, 2);
    return id > AJ_TAG_NONE && id < AJ_TAGS ? (AjTag)id : AJ_TAG_NONE;
}

/* Pushes the raw field; an element of ours holds its fields raw. */
static int field(lua_State *L, int at, const char *name)
{
    at = lua_absindex(L, at);
    lua_pushstring(L, name);
    return lua_rawget(L, at);
}

/* The string at `at` as the arena's or Lua's own (which lives as long as its element): no control
 * characters, since those are our marks, and valid UTF-8. */
static const char *string_at(lua_State *L, AjLuatree *t, int at, size_t *len_out)
{
    size_t len = 0;
    bool number = lua_type(L, at) == LUA_TNUMBER;
    const char *s = number || lua_isstring(L, at) ? lua_tolstring(L, at, &len) : "";
    bool clean = aj_utf8_invalid_at(s, len) == SIZE_MAX;
    for (size_t i = 0; clean && i < len; i++)
        clean = (unsigned char)s[i] >= 0x20 || s[i] == '\n' || s[i] == '\t';
    if (!clean) {
        char *out = aj_arena_alloc(t->tree->arena, len * 3 + 1), *w = out;
        for (const char *p = s, *end = s + len; p < end;) {
            const char *from = p;
            uint32_t cp = aj_utf8_next(&p, end);
            if (cp < 0x20 && cp != '\n' && cp != '\t')
                continue;
            if (cp == 0xFFFD) {
                from = "\xEF\xBF\xBD";
                memcpy(w, from, 3);
                w += 3;
                continue;
            }
            memcpy(w, from, (size_t)(p - from));
            w += p - from;
        }
        s = out;
        len = (size_t)(w - out);
        out[len] = '\0';
    } else if (number) {
        s = aj_arena_strndup(t->tree->arena, s, len);
    }
    if (len_out)
        *len_out = len;
    return s;
}

static const char *text_field(lua_State *L, AjLuatree *t, int at, const char *name)
{
    field(L, at, name);
    const char *s = string_at(L, t, -1, NULL);
    lua_pop(L, 1);
    return s;
}

static void add_text(AjLuatree *t, const char *s, size_t len)
{
    if (t->text_len + len + 1 > t->text_cap) {
        size_t cap = MAX(t->text_cap * 2, t->text_len + len + 256);
        t->text = aj_arena_grow(t->tree->arena, t->text, t->text_cap, cap);
        t->text_cap = cap;
    }
    memcpy(t->text + t->text_len, s, len);
    t->text_len += len;
}

static void append(lua_State *L, AjLuatree *t, cmark_node *parent, cmark_node *child)
{
    if (++t->made > MAX_NODES)
        luaL_error(L, "the filter made more than %d nodes", MAX_NODES);
    if (!cmark_node_append_child(parent, child))
        luaL_error(L, "a %s cannot stand in a %s", cmark_node_get_type_string(child),
                   cmark_node_get_type_string(parent));
}

static void flush(lua_State *L, AjLuatree *t, cmark_node *parent)
{
    if (!t->text_len)
        return;
    append(L, t, parent, aj_tree_text(t->text, t->text_len));
    t->text_len = 0;
}

static void drop_children(cmark_node *node)
{
    cmark_node *c;
    while ((c = cmark_node_first_child(node)))
        cmark_node_unlink(c);
}

/* The node that the element at `at` was made from, emptied, when it is of this kind and nobody has
 * taken it; else NULL. */
static cmark_node *old_node(lua_State *L, AjLuatree *t, int at, cmark_node_type type,
                            AjElementKind kind)
{
    field(L, at, "_n");
    lua_Integer n = lua_tointeger(L, -1);
    lua_pop(L, 1);
    if (n < 1 || n > t->node_count || t->used[n - 1])
        return NULL;
    cmark_node *node = t->nodes[n - 1];
    if (cmark_node_get_type(node) != type || aj_element_kind(node) != kind)
        return NULL;
    t->used[n - 1] = true;
    cmark_node_unlink(node);
    drop_children(node);
    return node;
}

static cmark_node *plain_node(lua_State *L, AjLuatree *t, int at, cmark_node_type type)
{
    cmark_node *node = old_node(L, t, at, type, AJ_EL_PLAIN);
    return node ? node : aj_tree_node(type);
}

static cmark_node *element_node(lua_State *L, AjLuatree *t, int at, AjElementKind kind)
{
    cmark_node_type type = kind >= AJ_EL_SPAN ? CMARK_NODE_CUSTOM_INLINE : CMARK_NODE_CUSTOM_BLOCK;
    cmark_node *node = old_node(L, t, at, type, kind);
    return node ? node : aj_tree_element(t->tree->arena, kind);
}

/* Reads the element's Attr. Whatever stands for one (tuple, map, string) is made an Attr first. */
static AjAttr attr_at(lua_State *L, AjLuatree *t, int at)
{
    AjAttr out = {0};
    AjArena *a = t->tree->arena;
    if (field(L, at, "attr") == LUA_TNIL) {
        lua_pop(L, 1);
        return out;
    }
    lua_pushvalue(L, t->to_attr);
    lua_insert(L, -2);
    lua_call(L, 1, 1);
    if (!lua_istable(L, -1))
        luaL_error(L, "an Attr is expected");
    const char *id = text_field(L, t, -1, "identifier");
    if (*id)
        out.id = aj_arena_strdup(a, id);
    if (field(L, -1, "classes") == LUA_TTABLE) {
        lua_Integer n = (lua_Integer)lua_rawlen(L, -1);
        for (lua_Integer i = 1; i <= n; i++) {
            lua_rawgeti(L, -1, i);
            const char *name = string_at(L, t, -1, NULL);
            if (*name)
                aj_attr_add_class(a, &out, name);
            lua_pop(L, 1);
        }
    }
    lua_pop(L, 1);
    if (field(L, -1, "attributes") == LUA_TTABLE) {
        lua_Integer n = (lua_Integer)lua_rawlen(L, -1);
        for (lua_Integer i = 1; i <= n; i++) {
            if (lua_rawgeti(L, -1, i) == LUA_TTABLE) {
                lua_rawgeti(L, -1, 1);
                lua_rawgeti(L, -2, 2);
                aj_attr_set(a, &out, string_at(L, t, -2, NULL), string_at(L, t, -1, NULL));
                lua_pop(L, 2);
            }
            lua_pop(L, 1);
        }
    }
    lua_pop(L, 2);
    return out;
}

static void give_attr(lua_State *L, AjLuatree *t, int at, cmark_node *node)
{
    AjAttr attr = attr_at(L, t, at);
    if (attr.id || attr.class_count || attr.attribute_count || aj_element_of(node))
        aj_element_get(t->tree->arena, node)->attr = attr;
}

static void field_inlines(lua_State *L, AjLuatree *t, int at, const char *name, cmark_node *node)
{
    at = lua_absindex(L, at);
    field(L, at, name);
    build_inlines(L, t, lua_gettop(L), node);
    lua_pop(L, 1);
    flush(L, t, node);
}

static void field_blocks(lua_State *L, AjLuatree *t, int at, const char *name, cmark_node *node)
{
    at = lua_absindex(L, at);
    field(L, at, name);
    build_blocks(L, t, lua_gettop(L), node);
    lua_pop(L, 1);
}

static void wrap(lua_State *L, AjLuatree *t, int at, cmark_node *node, cmark_node *parent)
{
    flush(L, t, parent);
    append(L, t, parent, node);
    field_inlines(L, t, at, "content", node);
}

static void wrap_span(lua_State *L, AjLuatree *t, int at, const char *class_name,
                      cmark_node *parent)
{
    cmark_node *node = aj_tree_element(t->tree->arena, AJ_EL_SPAN);
    aj_attr_add_class(t->tree->arena, &aj_element_of(node)->attr, class_name);
    wrap(L, t, at, node, parent);
}

static void set_literal(cmark_node *node, const char *s)
{
    const char *old = cmark_node_get_literal(node);
    if (!old || strcmp(old, s) != 0)
        cmark_node_set_literal(node, s);
}

/* A note goes to the list at the end of the page. Elements that were made from references to one
 * note, and were not changed in kind, refer to one note again. */
static void build_note(lua_State *L, AjLuatree *t, int at, cmark_node *parent)
{
    AjArena *a = t->tree->arena;
    flush(L, t, parent);
    uint32_t label = 0;
    field(L, at, "_n");
    lua_Integer n = lua_tointeger(L, -1);
    lua_pop(L, 1);
    const char *word = NULL;
    if (n >= 1 && n <= t->node_count && aj_element_kind(t->nodes[n - 1]) == AJ_EL_NOTEREF) {
        label = t->old_numbers[n - 1];
        word = aj_element_of(t->nodes[n - 1])->word;
    }
    cmark_node *ref = element_node(L, t, at, AJ_EL_NOTEREF);
    append(L, t, parent, ref);
    if (!t->notes)
        t->notes = aj_tree_element(a, AJ_EL_NOTES);
    AjElement *e = aj_element_of(ref);
    if (label)
        for (cmark_node *c = cmark_node_first_child(t->notes); c; c = cmark_node_next(c)) {
            AjElement *note = aj_element_of(c);
            if (note->columns == label) { /* the old number, while we build */
                e->number = note->number;
                e->word = note->word;
                e->count = ++note->count;
                return;
            }
        }
    cmark_node *note = aj_tree_element(a, AJ_EL_NOTE);
    AjElement *last = t->notes && cmark_node_last_child(t->notes)
                          ? aj_element_of(cmark_node_last_child(t->notes))
                          : NULL;
    AjElement *ne = aj_element_of(note);
    ne->number = last ? last->number + 1 : 1;
    ne->word = word ? word : aj_arena_printf(a, "%u", ne->number);
    ne->count = 1;
    ne->columns = label;
    e->number = ne->number;
    e->word = ne->word;
    e->count = 1;
    append(L, t, t->notes, note);
    field_blocks(L, t, at, "content", note);
}

static void build_link(lua_State *L, AjLuatree *t, int at, bool image, cmark_node *parent)
{
    flush(L, t, parent);
    cmark_node *node = plain_node(L, t, at, image ? CMARK_NODE_IMAGE : CMARK_NODE_LINK);
    append(L, t, parent, node);
    const char *url = text_field(L, t, at, image ? "src" : "target");
    if (g_strcmp0(url, cmark_node_get_url(node)) != 0)
        cmark_node_set_url(node, url);
    const char *title = text_field(L, t, at, "title");
    if (g_strcmp0(title, cmark_node_get_title(node)) != 0)
        cmark_node_set_title(node, title);
    give_attr(L, t, at, node);
    field_inlines(L, t, at, image ? "caption" : "content", node);
}

static void build_text_node(lua_State *L, AjLuatree *t, int at, cmark_node_type type,
                            cmark_node *parent)
{
    flush(L, t, parent);
    cmark_node *node = plain_node(L, t, at, type);
    append(L, t, parent, node);
    set_literal(node, text_field(L, t, at, "text"));
    if (type == CMARK_NODE_CODE)
        give_attr(L, t, at, node);
}

static void build_inline(lua_State *L, AjLuatree *t, int at, AjTag tag, cmark_node *parent)
{
    switch (tag) {
    case AJ_TAG_STR: {
        size_t len;
        field(L, at, "text");
        const char *s = string_at(L, t, -1, &len);
        add_text(t, s, len);
        lua_pop(L, 1);
        return;
    }
    case AJ_TAG_SPACE:
        add_text(t, " ", 1);
        return;
    case AJ_TAG_SOFTBREAK:
        flush(L, t, parent);
        append(L, t, parent, aj_tree_node(CMARK_NODE_SOFTBREAK));
        return;
    case AJ_TAG_LINEBREAK:
        flush(L, t, parent);
        append(L, t, parent, aj_tree_node(CMARK_NODE_LINEBREAK));
        return;
    case AJ_TAG_EMPH:
        wrap(L, t, at, plain_node(L, t, at, CMARK_NODE_EMPH), parent);
        return;
    case AJ_TAG_STRONG:
        wrap(L, t, at, plain_node(L, t, at, CMARK_NODE_STRONG), parent);
        return;
    case AJ_TAG_STRIKEOUT:
        wrap(L, t, at, element_node(L, t, at, AJ_EL_DEL), parent);
        return;
    case AJ_TAG_SUPERSCRIPT:
        wrap(L, t, at, element_node(L, t, at, AJ_EL_SUP), parent);
        return;
    case AJ_TAG_SUBSCRIPT:
        wrap(L, t, at, element_node(L, t, at, AJ_EL_SUB), parent);
        return;
    case AJ_TAG_UNDERLINE:
        wrap_span(L, t, at, "underline", parent);
        return;
    case AJ_TAG_SMALLCAPS:
        wrap_span(L, t, at, "smallcaps", parent);
        return;
    case AJ_TAG_SPAN: {
        cmark_node *node = element_node(L, t, at, AJ_EL_SPAN);
        give_attr(L, t, at, node);
        wrap(L, t, at, node, parent);
        return;
    }
    case AJ_TAG_QUOTED: {
        bool one = strcmp(text_field(L, t, at, "quotetype"), "SingleQuote") == 0;
        add_text(t, one ? "‘" : "“", 3);
        field(L, at, "content");
        build_inlines(L, t, lua_gettop(L), parent);
        lua_pop(L, 1);
        add_text(t, one ? "’" : "”", 3);
        return;
    }
    case AJ_TAG_CITE:
        field(L, at, "content");
        build_inlines(L, t, lua_gettop(L), parent);
        lua_pop(L, 1);
        return;
    case AJ_TAG_CODE:
        build_text_node(L, t, at, CMARK_NODE_CODE, parent);
        return;
    case AJ_TAG_MATH: {
        flush(L, t, parent);
        cmark_node *node = aj_tree_element(t->tree->arena, AJ_EL_SPAN);
        AjAttr *attr = &aj_element_of(node)->attr;
        bool display = strcmp(text_field(L, t, at, "mathtype"), "DisplayMath") == 0;
        aj_attr_add_class(t->tree->arena, attr, "math");
        aj_attr_add_class(t->tree->arena, attr, display ? "display" : "inline");
        append(L, t, parent, node);
        const char *s = text_field(L, t, at, "text");
        add_text(t, s, strlen(s));
        flush(L, t, node);
        return;
    }
    case AJ_TAG_RAWINLINE:
        if (strncmp(text_field(L, t, at, "format"), "html", 4) == 0)
            build_text_node(L, t, at, CMARK_NODE_HTML_INLINE, parent);
        return;
    case AJ_TAG_LINK:
    case AJ_TAG_IMAGE:
        build_link(L, t, at, tag == AJ_TAG_IMAGE, parent);
        return;
    case AJ_TAG_NOTE:
        build_note(L, t, at, parent);
        return;
    default:
        luaL_error(L, "an Inline is expected, got %s", aj_tag_name(tag));
    }
}

/* A string as pandoc reads it where inlines are wanted: line ends are soft breaks. */
static void build_string(lua_State *L, AjLuatree *t, int at, cmark_node *parent)
{
    size_t len;
    const char *s = string_at(L, t, at, &len);
    for (const char *end = s + len; s < end;) {
        const char *nl = memchr(s, '\n', (size_t)(end - s));
        add_text(t, s, (size_t)((nl ? nl : end) - s));
        if (nl) {
            flush(L, t, parent);
            append(L, t, parent, aj_tree_node(CMARK_NODE_SOFTBREAK));
        }
        s = nl ? nl + 1 : end;
    }
}

/* Text that is not yet in a node waits in t->text; the caller flushes. */
static void build_inlines(lua_State *L, AjLuatree *t, int at, cmark_node *parent)
{
    if (lua_isnil(L, at))
        return;
    if (lua_isstring(L, at)) {
        build_string(L, t, at, parent);
        return;
    }
    AjTag tag = tag_at(L, at);
    deeper(L, t);
    if (tag) {
        build_inline(L, t, at, tag, parent);
    } else if (lua_istable(L, at)) {
        lua_Integer n = (lua_Integer)lua_rawlen(L, at);
        for (lua_Integer i = 1; i <= n; i++) {
            lua_rawgeti(L, at, i);
            int item = lua_gettop(L);
            tag = tag_at(L, item);
            if (tag)
                build_inline(L, t, item, tag, parent);
            else if (lua_isstring(L, item))
                build_string(L, t, item, parent);
            else
                luaL_error(L, "an Inline is expected, got %s", luaL_typename(L, item));
            lua_settop(L, item - 1);
        }
    } else {
        luaL_error(L, "a list of Inlines is expected, got %s", luaL_typename(L, at));
    }
    t->depth--;
}

/* True, and the mark is taken off, when the blocks at `at` open with ☐ or ☒ and a blank. */
static bool take_task(lua_State *L, int at, bool *checked_out)
{
    bool task = false;
    int top = lua_gettop(L);
    if (lua_istable(L, at) && !tag_at(L, at) && lua_rawgeti(L, at, 1) == LUA_TTABLE) {
        int block = lua_gettop(L);
        AjTag tag = tag_at(L, block);
        if ((tag == AJ_TAG_PLAIN || tag == AJ_TAG_PARA) &&
            field(L, block, "content") == LUA_TTABLE && lua_rawgeti(L, -1, 1) == LUA_TTABLE &&
            tag_at(L, lua_gettop(L)) == AJ_TAG_STR && field(L, -1, "text") == LUA_TSTRING) {
            const char *s = lua_tostring(L, -1);
            bool box = strcmp(s, "☐") == 0, ticked = strcmp(s, "☒") == 0;
            lua_rawgeti(L, block + 1, 2);
            AjTag next = tag_at(L, lua_gettop(L));
            task = (box || ticked) && (next == AJ_TAG_SPACE || next == AJ_TAG_NONE);
            *checked_out = ticked;
        }
    }
    lua_settop(L, top);
    return task;
}

/* Whether a list item shows its paragraphs bare: no Para in any item, as pandoc decides. */
static bool items_tight(lua_State *L, int list)
{
    lua_Integer n = (lua_Integer)lua_rawlen(L, list);
    for (lua_Integer i = 1; i <= n; i++) {
        if (lua_rawgeti(L, list, i) == LUA_TTABLE && !tag_at(L, lua_gettop(L))) {
            lua_Integer m = (lua_Integer)lua_rawlen(L, -1);
            for (lua_Integer j = 1; j <= m; j++) {
                lua_rawgeti(L, -1, j);
                bool para = tag_at(L, lua_gettop(L)) == AJ_TAG_PARA;
                lua_pop(L, 1);
                if (para) {
                    lua_pop(L, 1);
                    return false;
                }
            }
        }
        lua_pop(L, 1);
    }
    return true;
}

static void build_item(lua_State *L, AjLuatree *t, int at, cmark_node *list)
{
    cmark_node *item = aj_tree_node(CMARK_NODE_ITEM);
    append(L, t, list, item);
    bool checked = false, task = take_task(L, at, &checked);
    if (task) {
        AjElement *e = aj_element_get(t->tree->arena, item);
        e->kind = AJ_EL_TASK;
        e->checked = checked;
    }
    build_blocks(L, t, at, item);
    if (!task)
        return;
    cmark_node *text = cmark_node_first_child(cmark_node_first_child(item));
    const char *rest = cmark_node_get_literal(text) + strlen("☐");
    rest += *rest == ' ';
    if (*rest) {
        cmark_node_set_literal(text, aj_arena_strdup(t->tree->arena, rest));
        return;
    }
    cmark_node *p = cmark_node_parent(text);
    cmark_node_unlink(text);
    if (!cmark_node_first_child(p))
        cmark_node_unlink(p);
}

static void build_list(lua_State *L, AjLuatree *t, int at, bool ordered, cmark_node *parent)
{
    cmark_node *list = old_node(L, t, at, CMARK_NODE_LIST, AJ_EL_PLAIN);
    if (!list)
        list = aj_tree_node(CMARK_NODE_LIST);
    append(L, t, parent, list);
    cmark_node_set_list_type(list, ordered ? CMARK_ORDERED_LIST : CMARK_BULLET_LIST);
    if (ordered) {
        lua_Integer start = 1;
        const char *delim = "";
        if (field(L, at, "listAttributes") == LUA_TTABLE) {
            field(L, -1, "start");
            start = lua_tointeger(L, -1);
            lua_pop(L, 1);
            delim = text_field(L, t, -1, "delimiter");
        }
        lua_pop(L, 1);
        cmark_node_set_list_start(list, (int)CLAMP(start, 0, 999999999));
        cmark_node_set_list_delim(list, strcmp(delim, "OneParen") == 0 ? CMARK_PAREN_DELIM
                                                                       : CMARK_PERIOD_DELIM);
    }
    if (field(L, at, "content") != LUA_TTABLE)
        luaL_error(L, "a list of items is expected, got %s", luaL_typename(L, -1));
    int items = lua_gettop(L);
    cmark_node_set_list_tight(list, items_tight(L, items));
    lua_Integer n = (lua_Integer)lua_rawlen(L, items);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, items, i);
        build_item(L, t, lua_gettop(L), list);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static void build_definitions(lua_State *L, AjLuatree *t, int at, cmark_node *parent)
{
    AjArena *a = t->tree->arena;
    cmark_node *list = element_node(L, t, at, AJ_EL_DEFLIST);
    append(L, t, parent, list);
    if (field(L, at, "content") != LUA_TTABLE)
        luaL_error(L, "a list of definitions is expected, got %s", luaL_typename(L, -1));
    int items = lua_gettop(L);
    lua_Integer n = (lua_Integer)lua_rawlen(L, items);
    for (lua_Integer i = 1; i <= n; i++) {
        if (lua_rawgeti(L, items, i) != LUA_TTABLE)
            luaL_error(L, "a definition is expected, got %s", luaL_typename(L, -1));
        cmark_node *term = aj_tree_element(a, AJ_EL_TERM);
        append(L, t, list, term);
        lua_rawgeti(L, -1, 1);
        build_inlines(L, t, lua_gettop(L), term);
        flush(L, t, term);
        lua_pop(L, 1);
        if (lua_rawgeti(L, -1, 2) == LUA_TTABLE) {
            int list_at = lua_gettop(L);
            lua_Integer m = (lua_Integer)lua_rawlen(L, list_at);
            for (lua_Integer j = 1; j <= m; j++) {
                cmark_node *definition = aj_tree_element(a, AJ_EL_DEFINITION);
                append(L, t, list, definition);
                lua_rawgeti(L, list_at, j);
                build_blocks(L, t, lua_gettop(L), definition);
                lua_pop(L, 1);
            }
        }
        lua_settop(L, items);
    }
    lua_pop(L, 1);
}

static AjAlign align_of(const char *name)
{
    static const char *const names[] = {"AlignDefault", "AlignLeft", "AlignCenter", "AlignRight"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (strcmp(name, names[i]) == 0)
            return (AjAlign)i;
    return AJ_ALIGN_DEFAULT;
}

/* One Plain in a cell is bare inlines, as our reader makes them. */
static void build_cell(lua_State *L, AjLuatree *t, int at, AjAlign column, cmark_node *row)
{
    cmark_node *cell = element_node(L, t, at, AJ_EL_CELL);
    append(L, t, row, cell);
    AjElement *e = aj_element_of(cell);
    e->align = align_of(text_field(L, t, at, "alignment"));
    if (e->align == AJ_ALIGN_DEFAULT)
        e->align = column;
    give_attr(L, t, at, cell);
    field(L, at, "contents");
    int contents = lua_gettop(L);
    if (lua_istable(L, contents) && !tag_at(L, contents) && lua_rawlen(L, contents) == 1) {
        lua_rawgeti(L, contents, 1);
        if (tag_at(L, lua_gettop(L)) == AJ_TAG_PLAIN) {
            field_inlines(L, t, lua_gettop(L), "content", cell);
            lua_settop(L, contents - 1);
            return;
        }
        lua_pop(L, 1);
    }
    build_blocks(L, t, contents, cell);
    lua_settop(L, contents - 1);
}

/* Rows of the list on top, which is popped. Returns how many. */
static uint32_t build_rows(lua_State *L, AjLuatree *t, cmark_node *table)
{
    uint32_t count = 0;
    int rows = lua_gettop(L);
    AjElement *te = aj_element_of(table);
    lua_Integer n = lua_istable(L, rows) ? (lua_Integer)lua_rawlen(L, rows) : 0;
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, rows, i);
        if (tag_at(L, lua_gettop(L)) != AJ_TAG_ROW)
            luaL_error(L, "a Row is expected, got %s", luaL_typename(L, -1));
        cmark_node *row = element_node(L, t, lua_gettop(L), AJ_EL_ROW);
        append(L, t, table, row);
        give_attr(L, t, lua_gettop(L), row);
        if (field(L, -1, "cells") == LUA_TTABLE) {
            int cells = lua_gettop(L);
            lua_Integer m = (lua_Integer)lua_rawlen(L, cells);
            for (lua_Integer j = 1; j <= m; j++) {
                lua_rawgeti(L, cells, j);
                if (tag_at(L, lua_gettop(L)) != AJ_TAG_CELL)
                    luaL_error(L, "a Cell is expected, got %s", luaL_typename(L, -1));
                build_cell(L, t, lua_gettop(L),
                           (uint32_t)j <= te->columns ? te->aligns[j - 1] : AJ_ALIGN_DEFAULT, row);
                lua_settop(L, cells);
            }
        }
        lua_settop(L, rows);
        count++;
    }
    lua_settop(L, rows - 1);
    return count;
}

static void build_caption(lua_State *L, AjLuatree *t, int at, cmark_node *parent)
{
    if (field(L, at, "caption") == LUA_TTABLE) {
        field(L, -1, "long");
        if (lua_isstring(L, -1) || (lua_istable(L, -1) && lua_rawlen(L, -1) > 0)) {
            cmark_node *div = aj_tree_element(t->tree->arena, AJ_EL_DIV);
            aj_attr_add_class(t->tree->arena, &aj_element_of(div)->attr, "caption");
            append(L, t, parent, div);
            build_blocks(L, t, lua_gettop(L), div);
        }
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static void build_table(lua_State *L, AjLuatree *t, int at, cmark_node *parent)
{
    build_caption(L, t, at, parent);
    cmark_node *table = element_node(L, t, at, AJ_EL_TABLE);
    append(L, t, parent, table);
    give_attr(L, t, at, table);
    AjElement *e = aj_element_of(table);
    e->columns = 0;
    if (field(L, at, "colspecs") == LUA_TTABLE) {
        lua_Unsigned n = MIN(lua_rawlen(L, -1), 10000);
        e->aligns = aj_arena_alloc(t->tree->arena, (n + 1) * sizeof *e->aligns);
        for (lua_Unsigned i = 0; i < n; i++) {
            if (lua_rawgeti(L, -1, (lua_Integer)i + 1) == LUA_TTABLE) {
                lua_rawgeti(L, -1, 1);
                e->aligns[i] = align_of(string_at(L, t, -1, NULL));
                lua_pop(L, 1);
            }
            lua_pop(L, 1);
        }
        e->columns = (uint32_t)n;
    }
    lua_pop(L, 1);
    e->head_rows = 0;
    if (field(L, at, "head") == LUA_TTABLE) {
        field(L, -1, "rows");
        e->head_rows = build_rows(L, t, table);
    }
    lua_pop(L, 1);
    if (field(L, at, "bodies") == LUA_TTABLE) {
        int bodies = lua_gettop(L);
        lua_Integer n = (lua_Integer)lua_rawlen(L, bodies);
        for (lua_Integer i = 1; i <= n; i++) {
            if (lua_rawgeti(L, bodies, i) == LUA_TTABLE) {
                field(L, bodies + 1, "head");
                build_rows(L, t, table);
                field(L, bodies + 1, "body");
                build_rows(L, t, table);
            }
            lua_settop(L, bodies);
        }
    }
    lua_pop(L, 1);
    if (field(L, at, "foot") == LUA_TTABLE) {
        field(L, -1, "rows");
        build_rows(L, t, table);
    }
    lua_pop(L, 1);
}

static void drop_first_class(AjAttr *attr)
{
    attr->class_count--;
    memmove(attr->classes, attr->classes + 1, attr->class_count * sizeof *attr->classes);
}

/* The word of an alert that opens with its title, or NULL. */
static const char *alert_word(lua_State *L, AjLuatree *t, int at, const AjAttr *attr)
{
    static const char *const names[] = {"note", "tip", "important", "warning", "caution"};
    const char *word = NULL;
    for (size_t i = 0; attr->class_count && i < G_N_ELEMENTS(names); i++)
        if (strcmp(attr->classes[0], names[i]) == 0)
            word = names[i];
    if (!word)
        return NULL;
    int top = lua_gettop(L);
    bool title = false;
    if (field(L, at, "content") == LUA_TTABLE && lua_rawgeti(L, -1, 1) == LUA_TTABLE &&
        tag_at(L, lua_gettop(L)) == AJ_TAG_DIV) {
        AjAttr inner = attr_at(L, t, lua_gettop(L));
        title = aj_attr_has_class(&inner, "title");
    }
    lua_settop(L, top);
    return title ? word : NULL;
}

static void build_div(lua_State *L, AjLuatree *t, int at, cmark_node *parent)
{
    AjAttr attr = attr_at(L, t, at);
    const char *word = alert_word(L, t, at, &attr);
    cmark_node *node = element_node(L, t, at, word ? AJ_EL_ALERT : AJ_EL_DIV);
    AjElement *e = aj_element_of(node);
    append(L, t, parent, node);
    e->attr = attr;
    if (!word) {
        field_blocks(L, t, at, "content", node);
        return;
    }
    e->word = word;
    drop_first_class(&e->attr);
    field_blocks(L, t, at, "content", node);
    cmark_node_unlink(cmark_node_first_child(node));
}

/* The first class is the language; the rest of an unchanged info string is kept. */
static void build_code_block(lua_State *L, AjLuatree *t, int at, cmark_node *parent)
{
    cmark_node *node = plain_node(L, t, at, CMARK_NODE_CODE_BLOCK);
    append(L, t, parent, node);
    const char *text = text_field(L, t, at, "text");
    size_t len = strlen(text);
    set_literal(node, len ? aj_arena_printf(t->tree->arena, "%s\n", text) : "");
    AjAttr attr = attr_at(L, t, at);
    const char *info = cmark_node_get_fence_info(node);
    size_t word = info ? strcspn(info, " \t") : 0;
    const char *language = attr.class_count ? attr.classes[0] : "";
    if (strlen(language) != word || strncmp(language, info ? info : "", word) != 0)
        cmark_node_set_fence_info(node, language);
    if (attr.class_count)
        drop_first_class(&attr);
    if (attr.id || attr.class_count || attr.attribute_count || aj_element_of(node))
        aj_element_get(t->tree->arena, node)->attr = attr;
}

static void build_paragraph(lua_State *L, AjLuatree *t, int at, bool plain, cmark_node *parent)
{
    bool item = cmark_node_get_type(parent) == CMARK_NODE_ITEM;
    cmark_node *node;
    if (plain && !(item && cmark_node_get_list_tight(cmark_node_parent(parent))))
        node = element_node(L, t, at, AJ_EL_PLAINTEXT);
    else
        node = plain_node(L, t, at, CMARK_NODE_PARAGRAPH);
    append(L, t, parent, node);
    field_inlines(L, t, at, "content", node);
}

static void build_lines(lua_State *L, AjLuatree *t, int at, cmark_node *parent)
{
    cmark_node *div = aj_tree_element(t->tree->arena, AJ_EL_DIV);
    aj_attr_add_class(t->tree->arena, &aj_element_of(div)->attr, "line-block");
    append(L, t, parent, div);
    cmark_node *p = aj_tree_node(CMARK_NODE_PARAGRAPH);
    append(L, t, div, p);
    if (field(L, at, "content") == LUA_TTABLE) {
        int lines = lua_gettop(L);
        lua_Integer n = (lua_Integer)lua_rawlen(L, lines);
        for (lua_Integer i = 1; i <= n; i++) {
            if (i > 1)
                append(L, t, p, aj_tree_node(CMARK_NODE_LINEBREAK));
            lua_rawgeti(L, lines, i);
            build_inlines(L, t, lua_gettop(L), p);
            flush(L, t, p);
            lua_settop(L, lines);
        }
    }
    lua_pop(L, 1);
}

static void build_block(lua_State *L, AjLuatree *t, int at, AjTag tag, cmark_node *parent)
{
    cmark_node *node;
    switch (tag) {
    case AJ_TAG_PLAIN:
    case AJ_TAG_PARA:
        build_paragraph(L, t, at, tag == AJ_TAG_PLAIN, parent);
        return;
    case AJ_TAG_HEADER: {
        node = plain_node(L, t, at, CMARK_NODE_HEADING);
        append(L, t, parent, node);
        field(L, at, "level");
        lua_Integer level = lua_tointeger(L, -1);
        lua_pop(L, 1);
        cmark_node_set_heading_level(node, (int)CLAMP(level, 1, 6));
        give_attr(L, t, at, node);
        field_inlines(L, t, at, "content", node);
        return;
    }
    case AJ_TAG_BULLETLIST:
    case AJ_TAG_ORDEREDLIST:
        build_list(L, t, at, tag == AJ_TAG_ORDEREDLIST, parent);
        return;
    case AJ_TAG_DEFINITIONLIST:
        build_definitions(L, t, at, parent);
        return;
    case AJ_TAG_BLOCKQUOTE:
        node = plain_node(L, t, at, CMARK_NODE_BLOCK_QUOTE);
        append(L, t, parent, node);
        field_blocks(L, t, at, "content", node);
        return;
    case AJ_TAG_CODEBLOCK:
        build_code_block(L, t, at, parent);
        return;
    case AJ_TAG_RAWBLOCK:
        if (strncmp(text_field(L, t, at, "format"), "html", 4) != 0)
            return;
        node = plain_node(L, t, at, CMARK_NODE_HTML_BLOCK);
        append(L, t, parent, node);
        set_literal(node, text_field(L, t, at, "text"));
        return;
    case AJ_TAG_HORIZONTALRULE:
        append(L, t, parent, plain_node(L, t, at, CMARK_NODE_THEMATIC_BREAK));
        return;
    case AJ_TAG_DIV:
        build_div(L, t, at, parent);
        return;
    case AJ_TAG_TABLE:
        build_table(L, t, at, parent);
        return;
    case AJ_TAG_FIGURE:
        node = aj_tree_element(t->tree->arena, AJ_EL_DIV);
        aj_element_of(node)->attr = attr_at(L, t, at);
        aj_attr_add_class(t->tree->arena, &aj_element_of(node)->attr, "figure");
        append(L, t, parent, node);
        field_blocks(L, t, at, "content", node);
        build_caption(L, t, at, node);
        return;
    case AJ_TAG_LINEBLOCK:
        build_lines(L, t, at, parent);
        return;
    case AJ_TAG_NULL:
        return;
    default:
        luaL_error(L, "a Block is expected, got %s", aj_tag_name(tag));
    }
}

/* Inlines among blocks come together in one Plain. */
static void build_blocks(lua_State *L, AjLuatree *t, int at, cmark_node *parent)
{
    if (lua_isnil(L, at))
        return;
    deeper(L, t);
    AjTag tag = tag_at(L, at);
    if (tag && aj_tag_is_block(tag)) {
        build_block(L, t, at, tag, parent);
    } else if (tag || lua_isstring(L, at)) {
        cmark_node *node = aj_tree_element(t->tree->arena, AJ_EL_PLAINTEXT);
        append(L, t, parent, node);
        build_inlines(L, t, at, node);
        flush(L, t, node);
    } else if (lua_istable(L, at)) {
        cmark_node *run = NULL;
        lua_Integer n = (lua_Integer)lua_rawlen(L, at);
        for (lua_Integer i = 1; i <= n; i++) {
            lua_rawgeti(L, at, i);
            int item = lua_gettop(L);
            tag = tag_at(L, item);
            if ((tag && aj_tag_is_inline(tag)) || lua_isstring(L, item)) {
                if (!run) {
                    run = aj_tree_element(t->tree->arena, AJ_EL_PLAINTEXT);
                    append(L, t, parent, run);
                }
                build_inlines(L, t, item, run);
            } else {
                if (run)
                    flush(L, t, run);
                run = NULL;
                build_blocks(L, t, item, parent);
            }
            lua_settop(L, item - 1);
        }
        if (run)
            flush(L, t, run);
    } else {
        luaL_error(L, "a list of Blocks is expected, got %s", luaL_typename(L, at));
    }
    t->depth--;
}

static void stringify(lua_State *L, AjLuatree *t, int at)
{
    if (lua_isstring(L, at)) {
        size_t len;
        const char *s = string_at(L, t, at, &len);
        add_text(t, s, len);
        return;
    }
    if (!lua_istable(L, at))
        return;
    deeper(L, t);
    AjTag tag = tag_at(L, at);
    if (tag == AJ_TAG_SPACE || tag == AJ_TAG_SOFTBREAK || tag == AJ_TAG_LINEBREAK) {
        add_text(t, " ", 1);
    } else if (tag) {
        static const char *const names[] = {"text", "content", "caption"};
        for (size_t i = 0; i < G_N_ELEMENTS(names) && tag != AJ_TAG_NOTE; i++) {
            field(L, at, names[i]);
            stringify(L, t, lua_gettop(L));
            lua_pop(L, 1);
        }
    } else {
        lua_Integer n = (lua_Integer)lua_rawlen(L, at);
        for (lua_Integer i = 1; i <= n; i++) {
            lua_rawgeti(L, at, i);
            stringify(L, t, lua_gettop(L));
            lua_pop(L, 1);
        }
    }
    t->depth--;
}

static bool is_rich(lua_State *L, AjLuatree *t, int at)
{
    if (tag_at(L, at))
        return true;
    if (!lua_getmetatable(L, at))
        return false;
    bool rich = lua_rawequal(L, -1, t->inlines_mt) || lua_rawequal(L, -1, t->blocks_mt);
    lua_pop(L, 1);
    return rich;
}

static int by_name(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static AjValue *read_value(lua_State *L, AjLuatree *t, int at, const AjValue *old);

/* Old keys in their old order, then the new ones by name. */
static AjValue *read_map(lua_State *L, AjLuatree *t, int at, const AjValue *old)
{
    AjArena *a = t->tree->arena;
    AjValue *out = aj_value_map(a);
    uint32_t count = 0, cap = 0;
    const char **names = NULL;
    for (uint32_t i = 0; old && old->type == AJ_VALUE_MAP && i < old->len; i++) {
        const AjValueEntry *entry = &old->entries[i];
        lua_pushstring(L, entry->key);
        if (lua_rawget(L, at) != LUA_TNIL)
            aj_value_set(a, out, entry->key, read_value(L, t, lua_gettop(L), entry->value));
        else if (entry->value->type == AJ_VALUE_NULL) /* it was never there for the filter */
            aj_value_set(a, out, entry->key, entry->value);
        lua_pop(L, 1);
    }
    lua_pushnil(L);
    while (lua_next(L, at)) {
        lua_pop(L, 1);
        if (lua_type(L, -1) == LUA_TSTRING && !aj_value_get(old, lua_tostring(L, -1))) {
            if (count == cap) {
                names = aj_arena_grow(a, names, cap * sizeof *names, (cap * 2 + 8) * sizeof *names);
                cap = cap * 2 + 8;
            }
            names[count++] = aj_arena_strdup(a, lua_tostring(L, -1));
        }
    }
    if (count)
        qsort(names, count, sizeof *names, by_name);
    for (uint32_t i = 0; i < count; i++) {
        lua_pushstring(L, names[i]);
        lua_rawget(L, at);
        aj_value_set(a, out, names[i], read_value(L, t, lua_gettop(L), NULL));
        lua_pop(L, 1);
    }
    return out;
}

static AjValue *read_plain(lua_State *L, AjLuatree *t, int at, const AjValue *old)
{
    AjArena *a = t->tree->arena;
    size_t len;
    const char *s;
    switch (lua_type(L, at)) {
    case LUA_TBOOLEAN:
        return aj_value_bool(a, lua_toboolean(L, at));
    case LUA_TNUMBER:
        return lua_isinteger(L, at) ? aj_value_int(a, lua_tointeger(L, at))
                                    : aj_value_double(a, lua_tonumber(L, at));
    case LUA_TSTRING:
        s = string_at(L, t, at, &len);
        return aj_value_stringn(a, s, len);
    case LUA_TTABLE:
        break;
    default:
        luaL_error(L, "the front matter cannot hold a %s", luaL_typename(L, at));
    }
    if (is_rich(L, t, at)) {
        t->text_len = 0;
        stringify(L, t, at);
        AjValue *v = aj_value_stringn(a, t->text ? t->text : "", t->text_len);
        t->text_len = 0;
        return v;
    }
    lua_Integer n = (lua_Integer)lua_rawlen(L, at);
    bool list = n > 0 || (old && old->type == AJ_VALUE_LIST);
    if (!list)
        return read_map(L, t, at, old);
    AjValue *out = aj_value_list(a);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, at, i);
        aj_value_push(a, out, read_value(L, t, lua_gettop(L), aj_value_at(old, (uint32_t)i - 1)));
        lua_pop(L, 1);
    }
    return out;
}

/* An unchanged value keeps its source line. */
static AjValue *read_value(lua_State *L, AjLuatree *t, int at, const AjValue *old)
{
    deeper(L, t);
    if (++t->made > MAX_NODES)
        luaL_error(L, "the front matter is too large");
    AjValue *v = read_plain(L, t, at, old);
    if (old && v->type == old->type)
        v->line = old->line;
    t->depth--;
    return v;
}

void aj_luabuild(lua_State *L, AjLuatree *t, int doc, AjValue **meta)
{
    AjArena *a = t->tree->arena;
    if (tag_at(L, doc) != AJ_TAG_PANDOC)
        luaL_error(L, "a Pandoc value is expected, got %s", luaL_typename(L, doc));
    t->used = aj_arena_alloc(a, t->node_count + 1);
    t->old_numbers = aj_arena_alloc(a, (t->node_count + 1) * sizeof *t->old_numbers);
    for (uint32_t i = 0; i < t->node_count; i++)
        if (aj_element_kind(t->nodes[i]) == AJ_EL_NOTEREF)
            t->old_numbers[i] = aj_element_of(t->nodes[i])->number;
    t->depth = t->made = 0;
    t->notes = NULL;
    t->text_len = 0;
    drop_children(t->tree->root);
    field_blocks(L, t, doc, "blocks", t->tree->root);
    if (t->notes) {
        for (cmark_node *c = cmark_node_first_child(t->notes); c; c = cmark_node_next(c))
            aj_element_of(c)->columns = 0;
        append(L, t, t->tree->root, t->notes);
    }
    if (field(L, doc, "meta") == LUA_TTABLE) {
        AjValue *now = read_map(L, t, lua_gettop(L), *meta);
        if (!aj_value_equal(now, *meta))
            *meta = now;
    }
    lua_pop(L, 1);
}
