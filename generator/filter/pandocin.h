/* pandocin - pandoc's JSON tree to Lua's values.
 *
 * The format is that of pandoc-types 1.22 and 1.23 (Text.Pandoc.Definition, its ToJSON instances):
 * {"t": tag, "c": contents}, keys in any order.
 * Must not know: cmark's tree, which filter runs. */
#pragma once
#include "filter/pandocread.h"

typedef struct {
    unsigned numbers[4]; /* pandoc-api-version as it came */
    unsigned count;
} AjPandocVersion;
#define AJ_PANDOC_VERSION_DEFAULT ((AjPandocVersion){{1, 22}, 2})
/* Pushes a Pandoc value. An error of Lua's names the JSON's line. */
void aj_pandocin_push(lua_State *L, AjLuatree *t, const char *json, size_t len,
                      AjPandocVersion *version_out);
/* Into a value of meta that may hold elements: its tag, with its contents next; the caller goes on
 * `after` it. false: it was a string or a truth value and is behind us. */
bool aj_pandocin_meta_tag(AjPandocRead *in, char tag[16], AjJsonWalk *after);
/* The value of pandoc-api-version, which stands next. */
void aj_pandocin_version(AjPandocRead *in, AjPandocVersion *v);
/* Pushes one of "Inline", "Block", "Inlines", "Blocks"; any other `what`: plain tables, null as the
 * light userdata NULL. */
void aj_pandocin_value(lua_State *L, AjLuatree *t, const char *what, const char *json, size_t len);
