/* html - tree to an HTML fragment, by one walk down the tree.
 *
 * The text is HTML and XHTML at once (empty attributes, closed tags), so that a book format can
 * take it. Trees of the parser are shallow (it refuses deep ones); below DEPTH nothing is drawn.
 * Must not know: where links lead, syntax, themes. */
#include "render/html.h"

#include "base/text.h"
#include "render/attrs.h"

#include <string.h>

enum { DEPTH = 2000 };

typedef struct {
    const AjHtmlOptions *options;
    GString *out;
    size_t start;
    unsigned depth;
    uint32_t back_number, back_count; /* a note's link back, due at the end of its last paragraph */
} Writer;

static void node_write(Writer *w, cmark_node *node, bool tight);

static inline void put(Writer *w, const char *s, size_t len)
{
    GString *out = w->out;
    if (out->len + len < out->allocated_len) {
        memcpy(out->str + out->len, s, len);
        out->len += len;
        out->str[out->len] = 0;
    } else {
        g_string_append_len(out, s, (gssize)len);
    }
}
#define PUT(w, literal) put(w, "" literal, sizeof(literal) - 1)

static void put_string(Writer *w, const char *s)
{
    put(w, s, strlen(s));
}

static void text(Writer *w, const char *s)
{
    if (s)
        aj_escape_text(w->out, s, strlen(s));
}

static void new_line(Writer *w)
{
    if (w->out->len > w->start && w->out->str[w->out->len - 1] != '\n')
        PUT(w, "\n");
}

static void children(Writer *w, cmark_node *node, bool tight)
{
    if (w->depth >= DEPTH)
        return;
    w->depth++;
    for (cmark_node *at = cmark_node_first_child(node); at; at = cmark_node_next(at))
        node_write(w, at, tight);
    w->depth--;
}

static void attributes(Writer *w, const AjElement *el, const char *classes)
{
    if (el || classes)
        aj_attrs_write(el ? &el->attr : NULL, classes, w->out);
}

static void open_tag(Writer *w, const char *name, const AjElement *el, const char *classes)
{
    PUT(w, "<");
    put_string(w, name);
    attributes(w, el, classes);
    PUT(w, ">");
}

static void close_tag(Writer *w, const char *name)
{
    PUT(w, "</");
    put_string(w, name);
    PUT(w, ">");
}

static void address(Writer *w, cmark_node *node, bool image)
{
    const char *url = cmark_node_get_url(node);
    size_t len = url ? strlen(url) : 0;
    bool any = w->options->plain && w->options->raw_html;
    if (!len || (!any && !aj_url_is_safe(url, len)))
        return;
    if (w->options->address)
        w->options->address(url, image, node, w->out, w->options->data);
    else
        aj_escape_url(w->out, url, len);
}

static void title(Writer *w, cmark_node *node)
{
    const char *s = cmark_node_get_title(node);
    if (s && *s) {
        PUT(w, " title=\"");
        text(w, s);
        PUT(w, "\"");
    }
}

/* What stands in alt: text only, as cmark does it. */
static void alt_text(Writer *w, cmark_node *node)
{
    if (w->depth >= DEPTH)
        return;
    w->depth++;
    for (cmark_node *at = cmark_node_first_child(node); at; at = cmark_node_next(at))
        switch (cmark_node_get_type(at)) {
        case CMARK_NODE_TEXT:
        case CMARK_NODE_CODE:
        case CMARK_NODE_HTML_INLINE:
            text(w, cmark_node_get_literal(at));
            break;
        case CMARK_NODE_SOFTBREAK:
        case CMARK_NODE_LINEBREAK:
            PUT(w, " ");
            break;
        default:
            alt_text(w, at);
        }
    w->depth--;
}

static void link_write(Writer *w, cmark_node *node, const AjElement *el)
{
    PUT(w, "<a href=\"");
    address(w, node, false);
    PUT(w, "\"");
    title(w, node);
    attributes(w, el, NULL);
    if (el && aj_attr_get(&el->attr, "target") && !aj_attr_get(&el->attr, "rel"))
        PUT(w, " rel=\"noopener\"");
    PUT(w, ">");
    children(w, node, false);
    PUT(w, "</a>");
}

static void image_write(Writer *w, cmark_node *node, const AjElement *el)
{
    PUT(w, "<img src=\"");
    address(w, node, true);
    PUT(w, "\" alt=\"");
    alt_text(w, node);
    PUT(w, "\"");
    title(w, node);
    attributes(w, el, NULL);
    if (!w->options->plain && !(el && aj_attr_get(&el->attr, "loading")))
        PUT(w, " loading=\"lazy\"");
    PUT(w, " />");
}

static void code_block(Writer *w, cmark_node *node, const AjElement *el)
{
    new_line(w);
    open_tag(w, "pre", el, NULL);
    const char *info = cmark_node_get_fence_info(node);
    size_t len = info ? strcspn(info, " \t\n\v\f\r") : 0;
    if (info && *info) {
        PUT(w, "<code class=\"language-");
        aj_escape_text(w->out, info, len);
        PUT(w, "\">");
    } else {
        PUT(w, "<code>");
    }
    text(w, cmark_node_get_literal(node));
    PUT(w, "</code></pre>\n");
}

/* First or last character drawn by an inline; 0 when it draws none. */
static uint32_t edge(cmark_node *node, bool last)
{
    while (node && cmark_node_first_child(node))
        node = last ? cmark_node_last_child(node) : cmark_node_first_child(node);
    const char *s = node ? cmark_node_get_literal(node) : NULL;
    if (!s || !*s || cmark_node_get_type(node) == CMARK_NODE_HTML_INLINE)
        return 0;
    const char *end = s + strlen(s), *p = s;
    if (last)
        for (p = end - 1; p > s && ((unsigned char)*p & 0xc0) == 0x80;)
            p--;
    return aj_utf8_next(&p, end);
}

static bool is_wide(uint32_t cp)
{
    return cp > 0x7f && (aj_text_is_cjk(cp) || aj_text_is_wide_punct(cp));
}

static void soft_break(Writer *w, cmark_node *node)
{
    if (w->options->plain || !is_wide(edge(cmark_node_previous(node), true)) ||
        !is_wide(edge(cmark_node_next(node), false)))
        PUT(w, "\n");
}

static void task_box(Writer *w, const AjElement *el)
{
    if (el->checked)
        PUT(w, "<input type=\"checkbox\" disabled checked /> ");
    else
        PUT(w, "<input type=\"checkbox\" disabled /> ");
}

static void back_links(Writer *w, bool after_text)
{
    for (uint32_t i = 1; i <= w->back_count; i++) {
        if (after_text || i > 1)
            PUT(w, " ");
        PUT(w, "<a href=\"#fnref-");
        g_string_append_printf(w->out, i > 1 ? "%u-%u\"" : "%u\"", w->back_number, i);
        PUT(w, " class=\"footnote-back\" role=\"doc-backlink\"");
        if (w->options->back_title) {
            PUT(w, " aria-label=\"");
            aj_escape_attr(w->out, w->options->back_title, strlen(w->options->back_title));
            g_string_append_printf(w->out, i > 1 ? " %u-%u\"" : " %u\"", w->back_number, i);
        }
        PUT(w, ">↩</a>");
    }
    w->back_count = 0;
}

static void paragraph(Writer *w, cmark_node *node, const AjElement *el, bool tight)
{
    cmark_node *parent = cmark_node_parent(node);
    const AjElement *up = parent ? aj_element_of(parent) : NULL;
    if (!tight) {
        new_line(w);
        open_tag(w, "p", el, NULL);
    }
    bool task = up && up->kind == AJ_EL_TASK && !cmark_node_previous(node);
    if (task) { /* the words name the box for those who cannot see them side by side */
        PUT(w, "<label>");
        task_box(w, up);
    }
    children(w, node, false);
    if (task)
        PUT(w, "</label>");
    if (w->back_count && up && up->kind == AJ_EL_NOTE && !cmark_node_next(node))
        back_links(w, true);
    if (!tight)
        PUT(w, "</p>\n");
}

static void alert(Writer *w, cmark_node *node, const AjElement *el)
{
    static const char *const names[] = {"note", "tip", "important", "warning", "caution"};
    const char *word = el->word ? el->word : "note";
    char classes[64];
    g_snprintf(classes, sizeof classes, "alert alert-%s", word);
    new_line(w);
    PUT(w, "<div");
    attributes(w, el, classes);
    PUT(w, " role=\"note\">\n");
    for (size_t i = 0; i < G_N_ELEMENTS(names) && w->options->alert_titles; i++)
        if (!strcmp(names[i], word)) {
            PUT(w, "<p class=\"alert-title\">");
            text(w, w->options->alert_titles[i]);
            PUT(w, "</p>\n");
        }
    children(w, node, false);
    new_line(w);
    PUT(w, "</div>\n");
}

static void cell(Writer *w, cmark_node *node, bool head, AjAlign align)
{
    static const char *const classes[] = {NULL, "align-left", "align-center", "align-right"};
    const AjElement *el = aj_element_of(node);
    if (el && el->align)
        align = el->align;
    /* An empty corner heads nothing. */
    head = head && cmark_node_first_child(node);
    PUT(w, "<t");
    PUT(w, "d");
    if (head) {
        w->out->str[w->out->len - 1] = 'h';
        PUT(w, " scope=\"col\"");
    }
    attributes(w, el, classes[align]);
    PUT(w, ">");
    children(w, node, true);
    put_string(w, head ? "</th>\n" : "</td>\n");
}

/* The first column says when: a theme may draw such a table as a line of time. */
static bool tells_time(cmark_node *node, const AjElement *el)
{
    cmark_node *row = el->head_rows ? cmark_node_first_child(node) : NULL;
    cmark_node *cell = row ? cmark_node_first_child(row) : NULL;
    cmark_node *text = cell ? cmark_node_first_child(cell) : NULL;
    if (!text || cmark_node_next(text) || cmark_node_get_type(text) != CMARK_NODE_TEXT)
        return false;
    const char *word = cmark_node_get_literal(text);
    return strcmp(word, "时间") == 0 || strcmp(word, "Time") == 0;
}

static void table(Writer *w, cmark_node *node, const AjElement *el)
{
    new_line(w);
    put_string(w, tells_time(node, el) ? "<div class=\"table table-time\">\n"
                                       : "<div class=\"table\">\n");
    open_tag(w, "table", el, NULL);
    PUT(w, "\n");
    uint32_t row = 0;
    for (cmark_node *at = cmark_node_first_child(node); at; at = cmark_node_next(at), row++) {
        if (row == 0 && el->head_rows)
            PUT(w, "<thead>\n");
        if (row == el->head_rows)
            PUT(w, "<tbody>\n");
        open_tag(w, "tr", aj_element_of(at), NULL);
        PUT(w, "\n");
        uint32_t column = 0;
        for (cmark_node *c = cmark_node_first_child(at); c; c = cmark_node_next(c), column++)
            cell(w, c, row < el->head_rows,
                 column < el->columns && el->aligns ? el->aligns[column] : AJ_ALIGN_DEFAULT);
        PUT(w, "</tr>\n");
        if (row + 1 == el->head_rows)
            PUT(w, "</thead>\n");
    }
    if (row > el->head_rows)
        PUT(w, "</tbody>\n");
    PUT(w, "</table>\n</div>\n");
}

static void notes(Writer *w, cmark_node *node)
{
    new_line(w);
    PUT(w, "<section class=\"footnotes\" role=\"doc-endnotes\"");
    if (w->options->notes_title) {
        PUT(w, " aria-label=\"");
        aj_escape_attr(w->out, w->options->notes_title, strlen(w->options->notes_title));
        PUT(w, "\"");
    }
    PUT(w, ">\n<ol>\n");
    children(w, node, false);
    PUT(w, "</ol>\n</section>\n");
}

static void note(Writer *w, cmark_node *node, const AjElement *el)
{
    g_string_append_printf(w->out, "<li id=\"fn-%u\">\n", el->number);
    w->back_number = el->number;
    w->back_count = el->count;
    children(w, node, false);
    if (w->back_count) {
        new_line(w);
        PUT(w, "<p>");
        back_links(w, false);
        PUT(w, "</p>\n");
    }
    PUT(w, "</li>\n");
}

static void block_tag(Writer *w, cmark_node *node, const AjElement *el, const char *name)
{
    new_line(w);
    open_tag(w, name, el, NULL);
    PUT(w, "\n");
    children(w, node, false);
    new_line(w);
    close_tag(w, name);
    PUT(w, "\n");
}

static void line_tag(Writer *w, cmark_node *node, const AjElement *el, const char *name)
{
    new_line(w);
    open_tag(w, name, el, NULL);
    children(w, node, true);
    close_tag(w, name);
    PUT(w, "\n");
}

static void inline_tag(Writer *w, cmark_node *node, const AjElement *el, const char *name)
{
    open_tag(w, name, el, NULL);
    children(w, node, false);
    close_tag(w, name);
}

static void element_write(Writer *w, cmark_node *node, const AjElement *el, bool tight)
{
    switch (el ? el->kind : AJ_EL_FOREIGN) {
    case AJ_EL_DIV:
        block_tag(w, node, el, "div");
        break;
    case AJ_EL_ALERT:
        alert(w, node, el);
        break;
    case AJ_EL_TABLE:
        table(w, node, el);
        break;
    case AJ_EL_DEFLIST:
        block_tag(w, node, el, "dl");
        break;
    case AJ_EL_TERM:
        line_tag(w, node, el, "dt");
        break;
    case AJ_EL_DEFINITION:
        new_line(w);
        open_tag(w, "dd", el, NULL);
        children(w, node, false);
        PUT(w, "</dd>\n");
        break;
    case AJ_EL_NOTES:
        notes(w, node);
        break;
    case AJ_EL_NOTE:
        note(w, node, el);
        break;
    case AJ_EL_PLAINTEXT:
        paragraph(w, node, el, true);
        if (cmark_node_next(node))
            new_line(w);
        break;
    case AJ_EL_QUESTION:
        new_line(w);
        if (w->options->question)
            w->options->question(el->number, w->out, w->options->data);
        break;
    case AJ_EL_SPAN:
        inline_tag(w, node, el, "span");
        break;
    case AJ_EL_DEL:
        inline_tag(w, node, el, "del");
        break;
    case AJ_EL_SUP:
        inline_tag(w, node, el, "sup");
        break;
    case AJ_EL_SUB:
        inline_tag(w, node, el, "sub");
        break;
    case AJ_EL_NOTEREF:
        PUT(w, "<sup class=\"footnote-ref\">");
        g_string_append_printf(w->out, "<a href=\"#fn-%u\" id=\"fnref-%u", el->number, el->number);
        if (el->count > 1)
            g_string_append_printf(w->out, "-%u", el->count);
        g_string_append_printf(w->out, "\" role=\"doc-noteref\">%u</a></sup>", el->number);
        break;
    case AJ_EL_PLAIN:
    case AJ_EL_ROW:
    case AJ_EL_CELL:
    case AJ_EL_TASK:
    case AJ_EL_FOREIGN:
        children(w, node, tight);
    }
}

static void list(Writer *w, cmark_node *node, const AjElement *el)
{
    bool ordered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST;
    int start = cmark_node_get_list_start(node);
    new_line(w);
    put_string(w, ordered ? "<ol" : "<ul");
    if (ordered && start != 1)
        g_string_append_printf(w->out, " start=\"%d\"", start);
    attributes(w, el, NULL);
    PUT(w, ">\n");
    children(w, node, cmark_node_get_list_tight(node));
    put_string(w, ordered ? "</ol>\n" : "</ul>\n");
}

static void item(Writer *w, cmark_node *node, const AjElement *el, bool tight)
{
    bool task = el && el->kind == AJ_EL_TASK;
    new_line(w);
    open_tag(w, "li", el, task ? "task" : NULL);
    cmark_node *first = cmark_node_first_child(node);
    if (task && (!first || cmark_node_get_type(first) != CMARK_NODE_PARAGRAPH) &&
        (!first || aj_element_kind(first) != AJ_EL_PLAINTEXT))
        task_box(w, el);
    children(w, node, tight);
    PUT(w, "</li>\n");
}

static void raw_html(Writer *w, cmark_node *node)
{
    if (w->options->raw_html)
        put_string(w, cmark_node_get_literal(node));
    else
        PUT(w, "<!-- raw HTML omitted -->");
}

/* `tight`: paragraphs directly here get no <p>. */
static void node_write(Writer *w, cmark_node *node, bool tight)
{
    const AjElement *el = cmark_node_get_user_data(node);
    char name[] = "h1";
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_TEXT:
        text(w, cmark_node_get_literal(node));
        break;
    case CMARK_NODE_PARAGRAPH:
        paragraph(w, node, el, tight);
        break;
    case CMARK_NODE_HEADING:
        name[1] = (char)('0' + cmark_node_get_heading_level(node));
        line_tag(w, node, w->options->plain ? NULL : el, name);
        break;
    case CMARK_NODE_LIST:
        list(w, node, el);
        break;
    case CMARK_NODE_ITEM:
        item(w, node, el, tight);
        break;
    case CMARK_NODE_BLOCK_QUOTE:
        block_tag(w, node, el, "blockquote");
        break;
    case CMARK_NODE_CODE_BLOCK:
        code_block(w, node, el);
        break;
    case CMARK_NODE_THEMATIC_BREAK:
        new_line(w);
        PUT(w, "<hr />\n");
        break;
    case CMARK_NODE_HTML_BLOCK:
        new_line(w);
        raw_html(w, node);
        new_line(w);
        break;
    case CMARK_NODE_SOFTBREAK:
        soft_break(w, node);
        break;
    case CMARK_NODE_LINEBREAK:
        PUT(w, "<br />\n");
        break;
    case CMARK_NODE_CODE:
        open_tag(w, "code", el, NULL);
        text(w, cmark_node_get_literal(node));
        PUT(w, "</code>");
        break;
    case CMARK_NODE_HTML_INLINE:
        raw_html(w, node);
        break;
    case CMARK_NODE_EMPH:
        inline_tag(w, node, el, "em");
        break;
    case CMARK_NODE_STRONG:
        inline_tag(w, node, el, "strong");
        break;
    case CMARK_NODE_LINK:
        link_write(w, node, el);
        break;
    case CMARK_NODE_IMAGE:
        image_write(w, node, el);
        break;
    case CMARK_NODE_DOCUMENT:
        children(w, node, false);
        break;
    default:
        element_write(w, node, el, tight);
    }
}

void aj_html_render(cmark_node *root, const AjHtmlOptions *options, GString *out)
{
    Writer w = {.options = options, .out = out, .start = out->len};
    node_write(&w, root, false);
}

void aj_html_render_children(cmark_node *node, const AjHtmlOptions *options, GString *out)
{
    Writer w = {.options = options, .out = out, .start = out->len};
    AjElementKind kind = aj_element_kind(node);
    cmark_node *parent = cmark_node_parent(node);
    bool tight = kind == AJ_EL_CELL || kind == AJ_EL_TERM ||
                 (cmark_node_get_type(node) == CMARK_NODE_ITEM && parent &&
                  cmark_node_get_list_tight(parent));
    children(&w, node, tight);
}
