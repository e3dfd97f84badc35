/* facet - which pages have which kind, tag, hazard, post or level: filters for the results.
 *
 * Pages are counted among those that the index holds, in their order.
 * Must not know: terms, files. */
#pragma once
#include "base/value.h"

typedef bool (*AjFacetFile)(const char *name, const char *json, size_t len, void *data);
/* `kinds`: the facet "kind", one string a page or NULL. `facets`: one map a page (key → string or
 * list of strings), or NULL. Gives files "c/KEY.js" (and "c/KEY-1.js" … when one is full), each a
 * list of [value, pages] with the pages as coded pairs of varints {gap, how many in a row - 1}; a
 * value too long for one file goes on in the next. Appends to `index` a map of key → number of
 * files. */
bool aj_facet_write(const char *const *kinds, const AjValue *const *facets, uint32_t pages,
                    AjFacetFile file, void *data, GString *index);
