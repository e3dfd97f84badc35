/* luanode - an element's node on the way back: its own when that can be used again, its strings,
 * its Attr.
 *
 * Must not know: which element holds which others. */
#include "filter/luanode.h"

#include "base/text.h"

#include <lauxlib.h>
#include <string.h>

#define MAX_DEPTH 400

void aj_luanode_deeper(lua_State *L, AjLuatree *t)
{
    if (++t->depth > MAX_DEPTH)
        luaL_error(L, "the document is nested more than %d levels deep", MAX_DEPTH);
    luaL_checkstack(L, 24, "nesting");
}

int aj_luanode_field(lua_State *L, int at, const char *name)
{
    at = lua_absindex(L, at);
    lua_pushstring(L, name);
    return lua_rawget(L, at);
}

int aj_luanode_part(lua_State *L, int at, const char *name, int place)
{
    at = lua_absindex(L, at);
    int type = aj_luanode_field(L, at, name);
    if (type != LUA_TNIL)
        return type;
    lua_pop(L, 1);
    return lua_rawgeti(L, at, place);
}

const char *aj_luanode_string(lua_State *L, AjLuatree *t, int at, size_t *len_out)
{
    size_t len = 0;
    bool number = lua_type(L, at) == LUA_TNUMBER;
    const char *s = number || lua_isstring(L, at) ? lua_tolstring(L, at, &len) : "";
    t->made_text += len;
    if (t->made_text > AJ_LUANODE_TEXT_MAX && t->used)
        luaL_error(L, "the filter made more than %d bytes of text", AJ_LUANODE_TEXT_MAX);
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

const char *aj_luanode_text(lua_State *L, AjLuatree *t, int at, const char *name)
{
    aj_luanode_field(L, at, name);
    const char *s = aj_luanode_string(L, t, -1, NULL);
    lua_pop(L, 1);
    return s;
}

void aj_luanode_add_text(AjLuatree *t, const char *s, size_t len)
{
    if (t->text_len + len + 1 > t->text_cap) {
        size_t cap = MAX(t->text_cap * 2, t->text_len + len + 256);
        t->text = aj_arena_grow(t->tree->arena, t->text, t->text_cap, cap);
        t->text_cap = cap;
    }
    memcpy(t->text + t->text_len, s, len);
    t->text_len += len;
}

void aj_luanode_append(lua_State *L, AjLuatree *t, cmark_node *parent, cmark_node *child)
{
    if (++t->made > AJ_LUANODE_MAX)
        luaL_error(L, "the filter made more than %d nodes", AJ_LUANODE_MAX);
    if (!cmark_node_append_child(parent, child))
        luaL_error(L, "a %s cannot stand in a %s", cmark_node_get_type_string(child),
                   cmark_node_get_type_string(parent));
}

void aj_luanode_flush(lua_State *L, AjLuatree *t, cmark_node *parent)
{
    if (!t->text_len)
        return;
    aj_luanode_append(L, t, parent, aj_tree_text(t->text, t->text_len));
    t->text_len = 0;
}

void aj_luanode_drop_children(cmark_node *node)
{
    cmark_node *c;
    while ((c = cmark_node_first_child(node)))
        cmark_node_unlink(c);
}

cmark_node *aj_luanode_old(lua_State *L, AjLuatree *t, int at, cmark_node_type type,
                           AjElementKind kind)
{
    aj_luanode_field(L, at, "_n");
    lua_Integer n = lua_tointeger(L, -1);
    lua_pop(L, 1);
    if (n < 1 || n > t->node_count || t->used[n - 1])
        return NULL;
    cmark_node *node = t->nodes[n - 1];
    if (cmark_node_get_type(node) != type || aj_element_kind(node) != kind)
        return NULL;
    t->used[n - 1] = true;
    cmark_node_unlink(node);
    aj_luanode_drop_children(node);
    return node;
}

cmark_node *aj_luanode_plain(lua_State *L, AjLuatree *t, int at, cmark_node_type type)
{
    cmark_node *node = aj_luanode_old(L, t, at, type, AJ_EL_PLAIN);
    return node ? node : aj_tree_node(type);
}

cmark_node *aj_luanode_element(lua_State *L, AjLuatree *t, int at, AjElementKind kind)
{
    cmark_node_type type = kind >= AJ_EL_SPAN ? CMARK_NODE_CUSTOM_INLINE : CMARK_NODE_CUSTOM_BLOCK;
    cmark_node *node = aj_luanode_old(L, t, at, type, kind);
    return node ? node : aj_tree_element(t->tree->arena, kind);
}

AjAttr aj_luanode_attr(lua_State *L, AjLuatree *t, int at)
{
    AjAttr out = {0};
    AjArena *a = t->tree->arena;
    if (aj_luanode_field(L, at, "attr") == LUA_TNIL) {
        lua_pop(L, 1);
        return out;
    }
    lua_pushvalue(L, t->to_attr);
    lua_insert(L, -2);
    lua_call(L, 1, 1);
    if (!lua_istable(L, -1))
        luaL_error(L, "an Attr is expected");
    const char *id = aj_luanode_text(L, t, -1, "identifier");
    if (*id)
        out.id = aj_arena_strdup(a, id);
    if (aj_luanode_field(L, -1, "classes") == LUA_TTABLE) {
        lua_Integer n = (lua_Integer)lua_rawlen(L, -1);
        for (lua_Integer i = 1; i <= n; i++) {
            lua_rawgeti(L, -1, i);
            const char *name = aj_luanode_string(L, t, -1, NULL);
            if (*name)
                aj_attr_add_class(a, &out, name);
            lua_pop(L, 1);
        }
    }
    lua_pop(L, 1);
    if (aj_luanode_field(L, -1, "attributes") == LUA_TTABLE) {
        lua_Integer n = (lua_Integer)lua_rawlen(L, -1);
        for (lua_Integer i = 1; i <= n; i++) {
            if (lua_rawgeti(L, -1, i) == LUA_TTABLE) {
                lua_rawgeti(L, -1, 1);
                lua_rawgeti(L, -2, 2);
                aj_attr_set(a, &out, aj_luanode_string(L, t, -2, NULL),
                            aj_luanode_string(L, t, -1, NULL));
                lua_pop(L, 2);
            }
            lua_pop(L, 1);
        }
    }
    lua_pop(L, 2);
    return out;
}

void aj_luanode_give_attr(lua_State *L, AjLuatree *t, int at, cmark_node *node)
{
    AjAttr attr = aj_luanode_attr(L, t, at);
    if (attr.id || attr.class_count || attr.attribute_count || aj_element_of(node))
        aj_element_get(t->tree->arena, node)->attr = attr;
}

void aj_luanode_set_literal(cmark_node *node, const char *s)
{
    const char *old = cmark_node_get_literal(node);
    if (!old || strcmp(old, s) != 0)
        cmark_node_set_literal(node, s);
}
