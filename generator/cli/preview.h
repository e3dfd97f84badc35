/* preview - what the preview server says, without the server: which file a request means, its type,
 * the live reload put into a page, events.
 *
 * Bytes in, bytes out. Must not know: sockets, files, builds. */
#pragma once
#include <glib.h>
#include <stdbool.h>

/* The path of a request as it came ("/cases/a%20b.html?x"), decoded and relative; a folder ends in
 * '/', the root is "". Returns an HTTP status: 200; 400 when malformed; 404 for what is never
 * shown: dotfiles, empty parts, "..". */
int aj_preview_path(const char *target, GString *path_out);
const char *aj_preview_type(const char *path);
/* Is `host` (a Host header) us? Guards against pages that rebind their name to this machine. When
 * bound to all addresses ("0.0.0.0", "::") any numeric host is. */
bool aj_preview_host(const char *host, const char *bind);
/* "bytes=a-b" over a file of `size`; false when it has to be answered with the whole. */
bool aj_preview_range(const char *header, guint64 size, guint64 *from_out, guint64 *len_out);
/* The page with the reload script, which remembers `state`, and a policy that lets it listen.
 * `rooted`: relative links count from the root (the 404 page, shown at any address). */
void aj_preview_inject(const char *html, gsize len, const char *state, bool rooted, GString *out);
/* A page of our own, for when there is no site yet. */
void aj_preview_page(const char *title, const char *text, const char *state, GString *out);
/* One server-sent event; lines of `data` are kept. */
void aj_preview_event(const char *name, const char *data, GString *out);
const char *aj_preview_script(void); /* /~anjian/reload.js */
