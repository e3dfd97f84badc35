/* xhtml - the main part of a page of the site as well-formed XHTML for a book.
 *
 * Believes nothing of the HTML: unknown elements fall away around their text, every element is
 * closed, attributes are a short list. What only a browser can do (forms, scripts, navigation)
 * goes; a box becomes ☐, a gap a line, an answer moves to where `aside` says. Must not know: files,
 * addresses, archives. */
#pragma once
#include <glib.h>
#include <stdbool.h>

typedef struct {
    /* Appends where `address` leads in the book, escaped for an attribute; false: nowhere. The
     * address is without entities; `from` is the text in which the link will stand. */
    bool (*link)(void *data, const char *address, bool is_file, const GString *from, GString *out);
    /* An answer (option NULL) or what is said of one option begins: what stands in its place goes
     * to `out`; gives the text that takes it. */
    GString *(*aside)(void *data, const char *question, const char *option, GString *out);
    void *data;
    GHashTable *ids; /* a set; gets each id that was kept (g_strdup) */
} AjXhtml;
/* Appends the inside of <main>; nothing when the page has none. */
void aj_xhtml_main(const char *html, size_t len, const AjXhtml *x, GString *out);
