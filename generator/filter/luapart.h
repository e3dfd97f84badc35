/* luapart - the parts of the filter engine that are written in Lua, held in the program.
 *
 * Must not know: what any of them does. */
#pragma once
#include <stddef.h>

/* The text of generator/filter/NAME.lua as it stood when the program was made; NULL for none. */
const char *aj_luapart_find(const char *name, size_t *len_out);
