/* luainline - inlines of Lua's back to nodes.
 *
 * Str and Space run together into one text node. What our tree has no node for (math, citations,
 * quotes …) becomes a Span or its text; raw text of other formats than HTML is dropped, as pandoc's
 * HTML writer drops it.
 * Must not know: blocks, but that a note holds some. */
#include "filter/luainline.h"

#include "filter/luabuild.h"
#include "filter/luanode.h"

#include <lauxlib.h>
#include <string.h>

void aj_luainline_field(lua_State *L, AjLuatree *t, int at, const char *name, cmark_node *node)
{
    at = lua_absindex(L, at);
    aj_luanode_field(L, at, name);
    aj_luainline_build(L, t, lua_gettop(L), node);
    lua_pop(L, 1);
    aj_luanode_flush(L, t, node);
}

static void wrap(lua_State *L, AjLuatree *t, int at, cmark_node *node, cmark_node *parent)
{
    aj_luanode_flush(L, t, parent);
    aj_luanode_append(L, t, parent, node);
    aj_luainline_field(L, t, at, "content", node);
}

static void wrap_span(lua_State *L, AjLuatree *t, int at, const char *class_name,
                      cmark_node *parent)
{
    cmark_node *node = aj_tree_element(t->tree->arena, AJ_EL_SPAN);
    aj_attr_add_class(t->tree->arena, &aj_element_of(node)->attr, class_name);
    wrap(L, t, at, node, parent);
}

/* A note goes to the list at the end of the page. Elements that were made from references to one
 * note, and were not changed in kind, refer to one note again. */
static void build_note(lua_State *L, AjLuatree *t, int at, cmark_node *parent)
{
    AjArena *a = t->tree->arena;
    aj_luanode_flush(L, t, parent);
    uint32_t label = 0;
    aj_luanode_field(L, at, "_n");
    lua_Integer n = lua_tointeger(L, -1);
    lua_pop(L, 1);
    const char *word = NULL;
    if (n >= 1 && n <= t->node_count && aj_element_kind(t->nodes[n - 1]) == AJ_EL_NOTEREF) {
        label = t->old_numbers[n - 1];
        word = aj_element_of(t->nodes[n - 1])->word;
    }
    cmark_node *ref = aj_luanode_element(L, t, at, AJ_EL_NOTEREF);
    aj_luanode_append(L, t, parent, ref);
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
    aj_luanode_append(L, t, t->notes, note);
    aj_luabuild_field(L, t, at, "content", note);
}

static void build_link(lua_State *L, AjLuatree *t, int at, bool image, cmark_node *parent)
{
    aj_luanode_flush(L, t, parent);
    cmark_node *node = aj_luanode_plain(L, t, at, image ? CMARK_NODE_IMAGE : CMARK_NODE_LINK);
    aj_luanode_append(L, t, parent, node);
    const char *url = aj_luanode_text(L, t, at, image ? "src" : "target");
    if (g_strcmp0(url, cmark_node_get_url(node)) != 0)
        cmark_node_set_url(node, url);
    const char *title = aj_luanode_text(L, t, at, "title");
    if (g_strcmp0(title, cmark_node_get_title(node)) != 0)
        cmark_node_set_title(node, title);
    aj_luanode_give_attr(L, t, at, node);
    aj_luainline_field(L, t, at, image ? "caption" : "content", node);
}

static void build_text_node(lua_State *L, AjLuatree *t, int at, cmark_node_type type,
                            cmark_node *parent)
{
    aj_luanode_flush(L, t, parent);
    cmark_node *node = aj_luanode_plain(L, t, at, type);
    aj_luanode_append(L, t, parent, node);
    aj_luanode_set_literal(node, aj_luanode_text(L, t, at, "text"));
    if (type == CMARK_NODE_CODE)
        aj_luanode_give_attr(L, t, at, node);
}

static void build_inline(lua_State *L, AjLuatree *t, int at, AjTag tag, cmark_node *parent)
{
    switch (tag) {
    case AJ_TAG_STR: {
        size_t len;
        aj_luanode_field(L, at, "text");
        const char *s = aj_luanode_string(L, t, -1, &len);
        aj_luanode_add_text(t, s, len);
        lua_pop(L, 1);
        return;
    }
    case AJ_TAG_SPACE:
        aj_luanode_add_text(t, " ", 1);
        return;
    case AJ_TAG_SOFTBREAK:
        aj_luanode_flush(L, t, parent);
        aj_luanode_append(L, t, parent, aj_tree_node(CMARK_NODE_SOFTBREAK));
        return;
    case AJ_TAG_LINEBREAK:
        aj_luanode_flush(L, t, parent);
        aj_luanode_append(L, t, parent, aj_tree_node(CMARK_NODE_LINEBREAK));
        return;
    case AJ_TAG_EMPH:
        wrap(L, t, at, aj_luanode_plain(L, t, at, CMARK_NODE_EMPH), parent);
        return;
    case AJ_TAG_STRONG:
        wrap(L, t, at, aj_luanode_plain(L, t, at, CMARK_NODE_STRONG), parent);
        return;
    case AJ_TAG_STRIKEOUT:
        wrap(L, t, at, aj_luanode_element(L, t, at, AJ_EL_DEL), parent);
        return;
    case AJ_TAG_SUPERSCRIPT:
        wrap(L, t, at, aj_luanode_element(L, t, at, AJ_EL_SUP), parent);
        return;
    case AJ_TAG_SUBSCRIPT:
        wrap(L, t, at, aj_luanode_element(L, t, at, AJ_EL_SUB), parent);
        return;
    case AJ_TAG_UNDERLINE:
        wrap_span(L, t, at, "underline", parent);
        return;
    case AJ_TAG_SMALLCAPS:
        wrap_span(L, t, at, "smallcaps", parent);
        return;
    case AJ_TAG_SPAN: {
        cmark_node *node = aj_luanode_element(L, t, at, AJ_EL_SPAN);
        aj_luanode_give_attr(L, t, at, node);
        wrap(L, t, at, node, parent);
        return;
    }
    case AJ_TAG_QUOTED: {
        bool one = strcmp(aj_luanode_text(L, t, at, "quotetype"), "SingleQuote") == 0;
        aj_luanode_add_text(t, one ? "‘" : "“", 3);
        aj_luanode_field(L, at, "content");
        aj_luainline_build(L, t, lua_gettop(L), parent);
        lua_pop(L, 1);
        aj_luanode_add_text(t, one ? "’" : "”", 3);
        return;
    }
    case AJ_TAG_CITE:
        aj_luanode_field(L, at, "content");
        aj_luainline_build(L, t, lua_gettop(L), parent);
        lua_pop(L, 1);
        return;
    case AJ_TAG_CODE:
        build_text_node(L, t, at, CMARK_NODE_CODE, parent);
        return;
    case AJ_TAG_MATH: {
        aj_luanode_flush(L, t, parent);
        cmark_node *node = aj_tree_element(t->tree->arena, AJ_EL_SPAN);
        AjAttr *attr = &aj_element_of(node)->attr;
        bool display = strcmp(aj_luanode_text(L, t, at, "mathtype"), "DisplayMath") == 0;
        aj_attr_add_class(t->tree->arena, attr, "math");
        aj_attr_add_class(t->tree->arena, attr, display ? "display" : "inline");
        aj_luanode_append(L, t, parent, node);
        const char *s = aj_luanode_text(L, t, at, "text");
        aj_luanode_add_text(t, s, strlen(s));
        aj_luanode_flush(L, t, node);
        return;
    }
    case AJ_TAG_RAWINLINE:
        if (strncmp(aj_luanode_text(L, t, at, "format"), "html", 4) == 0)
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
        luaL_error(L, "an Inline is expected, got %s", aj_luatag_name(tag));
    }
}

/* A string as pandoc reads it where inlines are wanted: line ends are soft breaks. */
static void build_string(lua_State *L, AjLuatree *t, int at, cmark_node *parent)
{
    size_t len;
    const char *s = aj_luanode_string(L, t, at, &len);
    for (const char *end = s + len; s < end;) {
        const char *nl = memchr(s, '\n', (size_t)(end - s));
        aj_luanode_add_text(t, s, (size_t)((nl ? nl : end) - s));
        if (nl) {
            aj_luanode_flush(L, t, parent);
            aj_luanode_append(L, t, parent, aj_tree_node(CMARK_NODE_SOFTBREAK));
        }
        s = nl ? nl + 1 : end;
    }
}

/* Text that is not yet in a node waits in t->text; the caller flushes. */
void aj_luainline_build(lua_State *L, AjLuatree *t, int at, cmark_node *parent)
{
    if (lua_isnil(L, at))
        return;
    if (lua_isstring(L, at)) {
        build_string(L, t, at, parent);
        return;
    }
    AjTag tag = aj_luatag_at(L, at);
    aj_luanode_deeper(L, t);
    if (tag) {
        build_inline(L, t, at, tag, parent);
    } else if (lua_istable(L, at)) {
        lua_Integer n = (lua_Integer)lua_rawlen(L, at);
        for (lua_Integer i = 1; i <= n; i++) {
            lua_rawgeti(L, at, i);
            int item = lua_gettop(L);
            tag = aj_luatag_at(L, item);
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
