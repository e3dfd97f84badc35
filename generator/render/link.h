/* link - addresses inside the site: relative, ending in a file name, good on file://.
 *
 * Must not know: which pages exist. */
#pragma once
#include <glib.h>
#include <stdbool.h>

/* "../" as often as `address` has folders: from "a/b/c.html" it is "../../". */
void aj_link_root(const char *address, GString *out);
/* Relative address from page `from` to `to`, both below the site's root; percent-encoded, "#x" of
 * `to` kept. Same page: its file name. */
void aj_link_relative(const char *from, const char *to, GString *out);
/* A link as an editor wrote it in `source` ("cases/tank.md"): splits off #fragment and ?query,
 * decodes %XX, resolves against the source's folder ('/x' against the site's root). Returns false
 * for external and fragment-only links, and for those that climb out of the site (*escapes set). */
bool aj_link_resolve(const char *source, const char *target, GString *path_out,
                     const char **suffix_out, bool *escapes);
/* The id that a heading gets from its text, which stands percent-encoded behind a link's '#'.
 * Caller frees. */
char *aj_link_heading(const char *fragment);
