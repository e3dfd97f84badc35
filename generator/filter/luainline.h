/* luainline - inlines of Lua's back to nodes.
 *
 * A string stands for Inlines as in pandoc. Raises Lua's errors.
 * Must not know: blocks, but that a note holds some. */
#pragma once
#include "filter/luatree.h"

/* Text that is not yet in a node waits in t->text; the caller flushes. */
void aj_luainline_build(lua_State *L, AjLuatree *t, int at, cmark_node *parent);
/* The field `name` of the element at `at`; flushes. */
void aj_luainline_field(lua_State *L, AjLuatree *t, int at, const char *name, cmark_node *node);
