/* luapass - one pass of handlers over a tree of Lua's elements.
 *
 * Must not know: which passes there are, their order. */
#pragma once
#include <lua.h>

/* For the engine's Lua: pass{inline handlers, block handlers, on inlines, on blocks, children,
 * add inlines, add blocks, repair} → two functions, over a list of inlines and one of blocks, which
 * give the list as the handlers left it. Handlers are by tag's number; each of the first four may
 * be false. children(el, kids, inlines, blocks) goes into what is not plain lists; add(out, n,
 * result, handler, tag) → n appends what a handler returned that is not one element. */
int aj_luapass_new(lua_State *L);
/* clone(value): a copy of it and of all that it holds. */
int aj_luapass_clone(lua_State *L);
/* Calls the handler on top with the value at `el`; pushes its first result over it. */
void aj_luapass_call(lua_State *L, int el);
/* Pushes the handler that was called last, or nil: where an error lies whose own frame is gone
 * (tail calls, memory). */
void aj_luapass_push_handler(lua_State *L);
/* note(handler): what aj_luapass_push_handler gives, for passes that are gone through in Lua. */
int aj_luapass_note(lua_State *L);
