/* html - tree to an HTML fragment.
 *
 * Byte for byte what cmark prints for cmark's own nodes, and clean HTML for ours. Escapes by context;
 * the scheme allow-list is applied here, after filters.
 * Must not know: where links lead: a callback may put something else in their place. */
#pragma once
#include "model/tree.h"

#include <glib.h>

typedef struct {
    bool raw_html; /* pass HTML of the source through; else <!-- raw HTML omitted --> */
    /* Called for each link and image; appends the address (already escaped). NULL: the escaped URL. */
    void (*address)(const char *url, bool image, cmark_node *node, GString *out, void *data);
    /* Draws an AJ_EL_QUESTION. NULL: nothing is drawn. */
    void (*question)(uint32_t number, GString *out, void *data);
    void *data;
} AjHtmlOptions;
void aj_html_render(cmark_node *root, const AjHtmlOptions *options, GString *out);
/* The children of a node, without the node. */
void aj_html_render_children(cmark_node *node, const AjHtmlOptions *options, GString *out);
