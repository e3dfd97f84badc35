/* html - tree to an HTML fragment.
 *
 * Byte for byte what cmark prints for cmark's own nodes, and clean HTML for ours. Escapes by
 * context; the scheme allow-list is applied here, after filters. Must not know: where links lead: a
 * callback may put something else in their place. */
#pragma once
#include "model/tree.h"

#include <glib.h>

typedef struct {
    bool raw_html; /* pass HTML of the source through; else <!-- raw HTML omitted --> */
    /* As cmark prints it, for its specification: no ids on headings, no loading="lazy", breaks kept
     * between wide characters, and with raw_html every scheme. */
    bool plain;
    /* Called for each link and image; appends the address (already escaped). NULL: the escaped URL.
     * Not called for an address whose scheme is blocked: that becomes "". */
    void (*address)(const char *url, bool image, cmark_node *node, GString *out, void *data);
    /* Draws an AJ_EL_QUESTION. NULL: nothing is drawn. */
    void (*question)(uint32_t number, GString *out, void *data);
    void *data;
    /* Words of the page's language, all may be NULL (then the element has none): titles of note,
     * tip, important, warning and caution, in this order; names of the notes and of a link back. */
    const char *const *alert_titles;
    const char *notes_title, *back_title;
} AjHtmlOptions;
void aj_html_render(cmark_node *root, const AjHtmlOptions *options, GString *out);
/* The children of a node, without the node. */
void aj_html_render_children(cmark_node *node, const AjHtmlOptions *options, GString *out);
