/* pandocstream - one pass of handlers over pandoc's JSON, text to text.
 *
 * Must not know: which passes there are, where the text comes from. */
#pragma once
#include "filter/pandocin.h"

#include <glib.h>

/* `pass` is the stack place of a table as walk.lua's `streams` makes it: handlers of inlines by
 * tag's number or false, those of blocks, the pass as a function over inlines, over blocks, what
 * adds a handler's result to a list of inlines, to one of blocks.
 * Appends the document as the handlers leave it. false, with nothing said to any handler: its parts
 * come in another order than pandoc writes them. An error of Lua's names the JSON's line. */
bool aj_pandocstream_run(lua_State *L, AjLuatree *t, int pass, const char *json, size_t len,
                         GString *out);
