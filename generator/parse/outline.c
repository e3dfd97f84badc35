/* outline - a page's tree as a list of blocks, for the comparison of two versions.
 *
 * Must not know: how blocks are compared. */
#include "parse/outline.h"

#include <string.h>

enum { DEPTH = 200 };

typedef struct {
    AjArena *a;
    const AjTree *tree;
    GArray *blocks;
    GString *text, *form;
    uint32_t question, questions, question_level;
} Outline;

static const char *keep(AjArena *a, GString *text)
{
    for (char *p = text->str; *p; p++)
        if ((unsigned char)*p < 0x20 && *p != AJ_CELL_END)
            *p = ' ';
    return aj_arena_strndup(a, text->str, text->len);
}

/* What is drawn otherwise though its text is the same. */
static void add_form(cmark_node *node, GString *form)
{
    cmark_iter *iter = cmark_iter_new(node);
    for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
        cmark_node *at = cmark_iter_get_node(iter);
        cmark_node_type type = cmark_node_get_type(at);
        if (event != CMARK_EVENT_ENTER || at == node)
            continue;
        if (type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE)
            g_string_append_printf(form, "(%s)", cmark_node_get_url(at));
        else if (type == CMARK_NODE_EMPH || type == CMARK_NODE_STRONG || type == CMARK_NODE_CODE ||
                 type == CMARK_NODE_CUSTOM_INLINE)
            g_string_append_printf(form, "[%d]", (int)type * 100 + (int)aj_element_kind(at));
    }
    cmark_iter_free(iter);
}

static void push(Outline *o, AjBlockKind kind, uint32_t level, cmark_node *node)
{
    AjBlock b = {.kind = kind,
                 .level = level,
                 .text = keep(o->a, o->text),
                 .form = keep(o->a, o->form),
                 .question = o->question,
                 .line = aj_tree_line(o->tree, node)};
    if (*b.text)
        g_array_append_val(o->blocks, b);
    g_string_truncate(o->text, 0);
    g_string_truncate(o->form, 0);
}

static cmark_node *lone_image(cmark_node *paragraph)
{
    cmark_node *first = cmark_node_first_child(paragraph);
    bool is = first && !cmark_node_next(first) && cmark_node_get_type(first) == CMARK_NODE_IMAGE;
    return is ? first : NULL;
}

static void add_inlines(Outline *o, cmark_node *node)
{
    aj_tree_stringify(node, o->text);
    add_form(node, o->form);
}

static void paragraph(Outline *o, cmark_node *node, AjBlockKind kind, uint32_t level)
{
    cmark_node *image = kind == AJ_BLOCK_TEXT ? lone_image(node) : NULL;
    add_inlines(o, node);
    if (image) {
        g_string_append_printf(o->text, "（%s）", cmark_node_get_url(image));
        g_string_truncate(o->form, 0);
        kind = AJ_BLOCK_IMAGE;
    }
    push(o, kind, level, node);
}

static void code(Outline *o, cmark_node *node)
{
    const char *s = cmark_node_get_literal(node);
    while (s && *s) {
        size_t len = strcspn(s, "\n");
        g_string_append_len(o->text, s, (gssize)len);
        push(o, AJ_BLOCK_CODE, 0, node);
        s += len + (s[len] != 0);
    }
}

static void row(Outline *o, cmark_node *node)
{
    for (cmark_node *cell = cmark_node_first_child(node); cell; cell = cmark_node_next(cell)) {
        add_inlines(o, cell);
        if (cmark_node_next(cell))
            g_string_append_c(o->text, AJ_CELL_END);
    }
    push(o, AJ_BLOCK_ROW, 0, node);
}

static bool is_task_list(cmark_node *node)
{
    cmark_node *item = node ? cmark_node_first_child(node) : NULL;
    return item && cmark_node_get_type(node) == CMARK_NODE_LIST &&
           aj_element_kind(item) == AJ_EL_TASK;
}

static void heading(Outline *o, cmark_node *node)
{
    uint32_t level = (uint32_t)cmark_node_get_heading_level(node);
    add_inlines(o, node);
    bool is_question = strstr(o->text->str, "【") || is_task_list(cmark_node_next(node));
    if (is_question) {
        o->question = ++o->questions;
        o->question_level = level;
    } else if (level <= o->question_level) {
        o->question = 0;
    }
    push(o, AJ_BLOCK_HEADING, level, node);
}

static void walk(Outline *o, cmark_node *node, uint32_t list, int depth);

static void item(Outline *o, cmark_node *node, uint32_t list, int depth)
{
    const AjElement *el = aj_element_of(node);
    cmark_node *first = cmark_node_first_child(node);
    if (el && el->kind == AJ_EL_TASK)
        g_string_append(o->text, el->checked ? "☑ " : "☐ ");
    bool plain = first && (cmark_node_get_type(first) == CMARK_NODE_PARAGRAPH ||
                           aj_element_kind(first) == AJ_EL_PLAINTEXT);
    if (plain)
        paragraph(o, first, AJ_BLOCK_ITEM, list);
    else
        g_string_truncate(o->text, 0);
    for (cmark_node *at = plain ? cmark_node_next(first) : first; at; at = cmark_node_next(at)) {
        cmark_node_type type = cmark_node_get_type(at);
        if (type == CMARK_NODE_PARAGRAPH)
            paragraph(o, at, AJ_BLOCK_TEXT, 0);
        else if (type == CMARK_NODE_CODE_BLOCK || type == CMARK_NODE_HTML_BLOCK)
            code(o, at);
        else
            walk(o, at, type == CMARK_NODE_LIST ? list + 1 : list, depth + 1);
    }
}

static void walk(Outline *o, cmark_node *node, uint32_t list, int depth)
{
    if (depth > DEPTH)
        return;
    for (cmark_node *at = cmark_node_first_child(node); at; at = cmark_node_next(at)) {
        AjElementKind element = aj_element_kind(at);
        cmark_node *first = cmark_node_first_child(at);
        switch (cmark_node_get_type(at)) {
        case CMARK_NODE_HEADING:
            heading(o, at);
            break;
        case CMARK_NODE_PARAGRAPH:
            paragraph(o, at, AJ_BLOCK_TEXT, 0);
            break;
        case CMARK_NODE_CODE_BLOCK:
        case CMARK_NODE_HTML_BLOCK:
            code(o, at);
            break;
        case CMARK_NODE_ITEM:
            item(o, at, list, depth);
            break;
        case CMARK_NODE_LIST:
            walk(o, at, list + 1, depth + 1);
            break;
        case CMARK_NODE_THEMATIC_BREAK:
            break;
        default:
            if (element == AJ_EL_ROW)
                row(o, at);
            else if (element == AJ_EL_TERM ||
                     (first && cmark_node_get_type(first) > CMARK_NODE_LAST_BLOCK))
                paragraph(o, at, element == AJ_EL_TERM ? AJ_BLOCK_ITEM : AJ_BLOCK_TEXT, 1);
            else
                walk(o, at, list, depth + 1);
        }
    }
}

GArray *aj_outline(AjArena *a, const AjTree *tree)
{
    Outline o = {.a = a,
                 .tree = tree,
                 .blocks = g_array_new(FALSE, TRUE, sizeof(AjBlock)),
                 .text = g_string_sized_new(1024),
                 .form = g_string_sized_new(128)};
    walk(&o, tree->root, 0, 0);
    g_string_free(o.text, TRUE);
    g_string_free(o.form, TRUE);
    return o.blocks;
}

GArray *aj_outline_lines(AjArena *a, const char *text, size_t len)
{
    Outline o = {.a = a,
                 .blocks = g_array_new(FALSE, TRUE, sizeof(AjBlock)),
                 .text = g_string_sized_new(1024)};
    g_autofree char *valid = g_utf8_make_valid(text, (gssize)len);
    uint32_t line = 1;
    for (const char *s = valid; *s; line++) {
        size_t n = strcspn(s, "\n");
        g_string_truncate(o.text, 0);
        g_string_append_len(o.text, s, (gssize)n);
        AjBlock b = {.kind = AJ_BLOCK_CODE, .text = keep(a, o.text), .form = "", .line = line};
        if (*b.text)
            g_array_append_val(o.blocks, b);
        s += n + (s[n] != 0);
    }
    g_string_free(o.text, TRUE);
    return o.blocks;
}
