/* luabuild - a Pandoc value of Lua's back to a tree of cmark's nodes.
 *
 * Strings stand for Inlines and Blocks as in pandoc. Whatever a filter made is checked here: type,
 * depth, number of nodes.
 * Must not know: which filter ran, how the value was made. */
#pragma once
#include "filter/luatree.h"

/* Rebuilds the tree from the Pandoc value at `doc`; *meta is replaced when its content changed.
 * Raises Lua's errors; the tree is then not to be used. */
void aj_luabuild(lua_State *L, AjLuatree *t, int doc, AjValue **meta);
/* Puts what has become of the parts at `parts` in their places; all else stays as it is. */
void aj_luabuild_parts(lua_State *L, AjLuatree *t, int parts);
/* For filter/luainline, since a note holds blocks: those at `at`, and those of a field. */
void aj_luabuild_blocks(lua_State *L, AjLuatree *t, int at, cmark_node *parent);
void aj_luabuild_field(lua_State *L, AjLuatree *t, int at, const char *name, cmark_node *node);
