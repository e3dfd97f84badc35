/* luanode - an element's node on the way back: its own when that can be used again, its strings,
 * its Attr.
 *
 * Whatever a filter made is checked here: depth, number of nodes, UTF-8. Raises Lua's errors.
 * Must not know: which element holds which others. */
#pragma once
#include "filter/luatree.h"

#define AJ_LUANODE_MAX 2000000
#define AJ_LUANODE_TEXT_MAX (4 << 20) /* bytes; a page has at most 1 MiB */

void aj_luanode_deeper(lua_State *L, AjLuatree *t); /* t->depth-- on the way back */
/* Pushes the raw field; an element of ours holds its fields raw. Its type. */
int aj_luanode_field(lua_State *L, int at, const char *name);
/* The same; where there is none, the item at `place`: what a filter wrote as a plain tuple. */
int aj_luanode_part(lua_State *L, int at, const char *name, int place);
/* The string at `at` as the arena's or Lua's own (which lives as long as its element): no control
 * characters, since those are our marks, and valid UTF-8. `len_out` may be NULL. */
const char *aj_luanode_string(lua_State *L, AjLuatree *t, int at, size_t *len_out);
const char *aj_luanode_text(lua_State *L, AjLuatree *t, int at, const char *name); /* a field */

/* Text waits in t->text until flush makes it a node. */
void aj_luanode_add_text(AjLuatree *t, const char *s, size_t len);
void aj_luanode_flush(lua_State *L, AjLuatree *t, cmark_node *parent);
void aj_luanode_append(lua_State *L, AjLuatree *t, cmark_node *parent, cmark_node *child);
void aj_luanode_drop_children(cmark_node *node);
void aj_luanode_set_literal(cmark_node *node, const char *s);

/* The node that the element at `at` was made from, emptied, when it is of this kind and nobody has
 * taken it; else NULL. */
cmark_node *aj_luanode_old(lua_State *L, AjLuatree *t, int at, cmark_node_type type,
                           AjElementKind kind);
/* The same, or a new one. */
cmark_node *aj_luanode_plain(lua_State *L, AjLuatree *t, int at, cmark_node_type type);
cmark_node *aj_luanode_element(lua_State *L, AjLuatree *t, int at, AjElementKind kind);

/* The element's Attr. Whatever stands for one (tuple, map, string) is made an Attr first. */
AjAttr aj_luanode_attr(lua_State *L, AjLuatree *t, int at);
void aj_luanode_give_attr(lua_State *L, AjLuatree *t, int at, cmark_node *node);
