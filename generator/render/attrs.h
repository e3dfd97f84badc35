/* attrs - what an element carries into HTML: its id, classes and attributes, made harmless.
 *
 * Editors and filters may write any name; what could run a script, load something or style beyond
 * the page's own style sheet becomes data-NAME, as pandoc has it. Must not know: elements, trees,
 * where links lead. */
#pragma once
#include "model/tree.h"

#include <glib.h>

/* Appends ` id="…" class="…" key="…"`, as far as there is something. `classes`: the renderer's own,
 * which come first; NULL for none. `attr` may be NULL. */
void aj_attrs_write(const AjAttr *attr, const char *classes, GString *out);
