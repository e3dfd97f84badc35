/* luaword - inlines as Lua sees them, and what every element is made with.
 *
 * Must not know: which blocks hold what, but that a note holds some. */
#pragma once
#include "filter/luatree.h"

void aj_luaword_deeper(lua_State *L, AjLuatree *t); /* t->depth-- on the way back */
/* Gives the table on top the metatable of its tag, and of what node it was made. */
void aj_luaword_finish(lua_State *L, AjLuatree *t, AjTag tag, cmark_node *node);
void aj_luaword_set_text(lua_State *L, const char *key, const char *text);
/* `first` is a class to stand before the others, NULL for none. Sets nothing when all is empty. */
void aj_luaword_set_attr(lua_State *L, AjLuatree *t, const AjAttr *attr, const char *first);
const AjAttr *aj_luaword_attr(cmark_node *node);

/* Appends the table on top to the list below it, as an element without a node. */
void aj_luaword_add_element(lua_State *L, AjLuatree *t, AjTag tag, lua_Integer *n);
/* Appends Str and Space to the list on top. */
void aj_luaword_add(lua_State *L, AjLuatree *t, const char *s, size_t len, lua_Integer *n);
/* Pushes an element that holds inlines. */
void aj_luaword_container(lua_State *L, AjLuatree *t, AjTag tag, cmark_node *node, bool attr);
/* Pushes the inlines below `parent`, behind a task's mark when `task` is one. */
void aj_luaword_push(lua_State *L, AjLuatree *t, cmark_node *parent, const char *task);
