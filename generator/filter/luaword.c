/* luaword - inlines as Lua sees them, and what every element is made with.
 *
 * Adjacent text nodes become Str and Space as pandoc splits them.
 * Must not know: which blocks hold what, but that a note holds some. */
#include "filter/luaword.h"

#include <lauxlib.h>
#include <string.h>

#define MAX_DEPTH 400
#define MAX_NOTE_DEPTH 3

void aj_luaword_deeper(lua_State *L, AjLuatree *t)
{
    if (++t->depth > MAX_DEPTH)
        luaL_error(L, "the document is nested more than %d levels deep", MAX_DEPTH);
    luaL_checkstack(L, 16, "nesting");
}

/* Gives the table on top the metatable of its tag, and of what node it was made. */
void aj_luaword_finish(lua_State *L, AjLuatree *t, AjTag tag, cmark_node *node)
{
    if (node && !t->foreign) {
        if (t->node_count == t->node_cap) {
            uint32_t cap = t->node_cap ? t->node_cap * 2 : 64;
            t->nodes = aj_arena_grow(t->tree->arena, t->nodes, t->node_cap * sizeof *t->nodes,
                                     cap * sizeof *t->nodes);
            t->node_cap = cap;
        }
        t->nodes[t->node_count++] = node;
        lua_pushinteger(L, t->node_count);
        lua_setfield(L, -2, "_n");
    }
    lua_rawgeti(L, t->elements, tag);
    lua_setmetatable(L, -2);
}

void aj_luaword_set_text(lua_State *L, const char *key, const char *text)
{
    lua_pushstring(L, text ? text : "");
    lua_setfield(L, -2, key);
}

/* `first` is a class to stand before the others, NULL for none. Sets nothing when all is empty:
 * pandoc.lua makes an empty Attr when one is asked for. */
void aj_luaword_set_attr(lua_State *L, AjLuatree *t, const AjAttr *attr, const char *first)
{
    if (!first && (!attr || (!attr->id && !attr->class_count && !attr->attribute_count)))
        return;
    static const AjAttr none;
    if (!attr)
        attr = &none;
    lua_createtable(L, 0, 3);
    aj_luaword_set_text(L, "identifier", attr->id);
    lua_createtable(L, (int)attr->class_count + 1, 0);
    int n = 0;
    if (first) {
        lua_pushstring(L, first);
        lua_rawseti(L, -2, ++n);
    }
    for (uint32_t i = 0; i < attr->class_count; i++) {
        lua_pushstring(L, attr->classes[i]);
        lua_rawseti(L, -2, ++n);
    }
    lua_pushvalue(L, t->list_mt);
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "classes");
    lua_createtable(L, (int)attr->attribute_count, 0);
    for (uint32_t i = 0; i < attr->attribute_count; i++) {
        lua_createtable(L, 2, 0);
        lua_pushstring(L, attr->attributes[i].key);
        lua_rawseti(L, -2, 1);
        lua_pushstring(L, attr->attributes[i].value ? attr->attributes[i].value : "");
        lua_rawseti(L, -2, 2);
        lua_rawseti(L, -2, i + 1);
    }
    lua_pushvalue(L, t->attributes_mt);
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "attributes");
    lua_pushvalue(L, t->attr_mt);
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "attr");
}

const AjAttr *aj_luaword_attr(cmark_node *node)
{
    AjElement *e = aj_element_of(node);
    return e ? &e->attr : NULL;
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
    t->text[t->text_len] = '\0';
}

void aj_luaword_add_element(lua_State *L, AjLuatree *t, AjTag tag, lua_Integer *n)
{
    lua_rawgeti(L, t->elements, tag);
    lua_setmetatable(L, -2);
    lua_rawseti(L, -2, ++*n);
}

void aj_luaword_add(lua_State *L, AjLuatree *t, const char *s, size_t len, lua_Integer *n)
{
    const char *end = s + len;
    while (s < end) {
        const char *word = s;
        while (s < end && *s != ' ' && *s != '\t')
            s++;
        if (s > word) {
            lua_createtable(L, 0, 1);
            lua_pushlstring(L, word, (size_t)(s - word));
            lua_setfield(L, -2, "text");
            aj_luaword_add_element(L, t, AJ_TAG_STR, n);
        }
        if (s < end) {
            lua_createtable(L, 0, 0);
            aj_luaword_add_element(L, t, AJ_TAG_SPACE, n);
            while (s < end && (*s == ' ' || *s == '\t'))
                s++;
        }
    }
}

void aj_luaword_container(lua_State *L, AjLuatree *t, AjTag tag, cmark_node *node, bool attr)
{
    lua_createtable(L, 0, attr ? 3 : 2);
    aj_luaword_push(L, t, node, NULL);
    lua_setfield(L, -2, "content");
    if (attr)
        aj_luaword_set_attr(L, t, aj_luaword_attr(node), NULL);
    aj_luaword_finish(L, t, tag, node);
}

static cmark_node *find_note(AjLuatree *t, uint32_t number)
{
    for (cmark_node *n = cmark_node_last_child(t->tree->root); n; n = cmark_node_previous(n)) {
        if (aj_element_kind(n) != AJ_EL_NOTES)
            continue;
        for (cmark_node *c = cmark_node_first_child(n); c; c = cmark_node_next(c)) {
            AjElement *e = aj_element_of(c);
            if (e && e->kind == AJ_EL_NOTE && e->number == number)
                return c;
        }
    }
    return NULL;
}

/* A note holds its blocks, as in pandoc; `_n` is the NOTE's number, for both references to it. */
static void push_note(lua_State *L, AjLuatree *t, cmark_node *node)
{
    cmark_node *note = find_note(t, aj_element_of(node)->number);
    lua_createtable(L, 0, 2);
    if (note && t->note_depth < MAX_NOTE_DEPTH) {
        t->note_depth++;
        aj_luatree_blocks(L, t, note);
        t->note_depth--;
    } else { /* a note in a note in a note: most likely a circle */
        lua_newtable(L);
        lua_pushvalue(L, t->blocks_mt);
        lua_setmetatable(L, -2);
    }
    lua_setfield(L, -2, "content");
    aj_luaword_finish(L, t, AJ_TAG_NOTE, node);
}

static void push_custom_inline(lua_State *L, AjLuatree *t, cmark_node *node)
{
    switch (aj_element_kind(node)) {
    case AJ_EL_DEL:
        aj_luaword_container(L, t, AJ_TAG_STRIKEOUT, node, false);
        break;
    case AJ_EL_SUP:
        aj_luaword_container(L, t, AJ_TAG_SUPERSCRIPT, node, false);
        break;
    case AJ_EL_SUB:
        aj_luaword_container(L, t, AJ_TAG_SUBSCRIPT, node, false);
        break;
    case AJ_EL_NOTEREF:
        push_note(L, t, node);
        break;
    default:
        aj_luaword_container(L, t, AJ_TAG_SPAN, node, true);
        break;
    }
}

static void push_inline(lua_State *L, AjLuatree *t, cmark_node *node)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_SOFTBREAK:
        lua_createtable(L, 0, 0);
        aj_luaword_finish(L, t, AJ_TAG_SOFTBREAK, NULL);
        break;
    case CMARK_NODE_LINEBREAK:
        lua_createtable(L, 0, 0);
        aj_luaword_finish(L, t, AJ_TAG_LINEBREAK, NULL);
        break;
    case CMARK_NODE_CODE:
        lua_createtable(L, 0, 3);
        aj_luaword_set_text(L, "text", cmark_node_get_literal(node));
        aj_luaword_set_attr(L, t, aj_luaword_attr(node), NULL);
        aj_luaword_finish(L, t, AJ_TAG_CODE, node);
        break;
    case CMARK_NODE_HTML_INLINE:
        lua_createtable(L, 0, 3);
        aj_luaword_set_text(L, "format", "html");
        aj_luaword_set_text(L, "text", cmark_node_get_literal(node));
        aj_luaword_finish(L, t, AJ_TAG_RAWINLINE, node);
        break;
    case CMARK_NODE_EMPH:
        aj_luaword_container(L, t, AJ_TAG_EMPH, node, false);
        break;
    case CMARK_NODE_STRONG:
        aj_luaword_container(L, t, AJ_TAG_STRONG, node, false);
        break;
    case CMARK_NODE_LINK:
    case CMARK_NODE_IMAGE: {
        bool image = cmark_node_get_type(node) == CMARK_NODE_IMAGE;
        lua_createtable(L, 0, 5);
        aj_luaword_push(L, t, node, NULL);
        lua_setfield(L, -2, image ? "caption" : "content");
        aj_luaword_set_text(L, image ? "src" : "target", cmark_node_get_url(node));
        aj_luaword_set_text(L, "title", cmark_node_get_title(node));
        aj_luaword_set_attr(L, t, aj_luaword_attr(node), NULL);
        aj_luaword_finish(L, t, image ? AJ_TAG_IMAGE : AJ_TAG_LINK, node);
        break;
    }
    default:
        push_custom_inline(L, t, node);
        break;
    }
}

void aj_luaword_push(lua_State *L, AjLuatree *t, cmark_node *parent, const char *task)
{
    aj_luaword_deeper(L, t);
    lua_Integer n = 0;
    lua_newtable(L);
    if (task) {
        aj_luaword_add(L, t, task, strlen(task), &n);
        lua_createtable(L, 0, 0);
        aj_luaword_add_element(L, t, AJ_TAG_SPACE, &n);
    }
    for (cmark_node *c = cmark_node_first_child(parent); c;) {
        if (cmark_node_get_type(c) != CMARK_NODE_TEXT) {
            push_inline(L, t, c);
            lua_rawseti(L, -2, ++n);
            c = cmark_node_next(c);
            continue;
        }
        cmark_node *next = cmark_node_next(c);
        const char *s = cmark_node_get_literal(c);
        if (!next || cmark_node_get_type(next) != CMARK_NODE_TEXT) {
            aj_luaword_add(L, t, s, strlen(s), &n);
            c = next;
            continue;
        }
        t->text_len = 0; /* cmark cuts text at brackets and the like; pandoc does not */
        for (; c && cmark_node_get_type(c) == CMARK_NODE_TEXT; c = cmark_node_next(c)) {
            s = cmark_node_get_literal(c);
            add_text(t, s, strlen(s));
        }
        aj_luaword_add(L, t, t->text, t->text_len, &n);
        t->text_len = 0;
    }
    lua_pushvalue(L, t->inlines_mt);
    lua_setmetatable(L, -2);
    t->depth--;
}
