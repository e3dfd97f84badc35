/* pandocin - pandoc's JSON tree to Lua's values.
 *
 * The format is that of pandoc-types 1.22 and 1.23 (Text.Pandoc.Definition, its ToJSON instances):
 * {"t": tag, "c": contents}, keys in any order.
 * Must not know: cmark's tree, which filter runs. */
#pragma once
#include "filter/luatree.h"

typedef struct {
    unsigned numbers[4]; /* pandoc-api-version as it came */
    unsigned count;
} AjPandocVersion;
#define AJ_PANDOC_VERSION_DEFAULT ((AjPandocVersion){{1, 22}, 2})
/* Pushes a Pandoc value. An error of Lua's names the JSON's line. */
void aj_pandocin_push(lua_State *L, AjLuatree *t, const char *json, size_t len,
                      AjPandocVersion *version_out);
/* Pushes one of "Inline", "Block", "Inlines", "Blocks"; any other `what`: plain tables, null as the
 * light userdata NULL. */
void aj_pandocin_value(lua_State *L, AjLuatree *t, const char *what, const char *json, size_t len);
