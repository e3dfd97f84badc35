/* tree - short names over cmark nodes: what a page is between parser and renderer.
 *
 * Nodes and their strings come from the current arena through cmark_mem, which has no user pointer:
 * hence the one variable here that changes. Nothing is freed alone.
 * Must not know: syntax, HTML, Lua. */
#include "model/tree.h"

#include "base/text.h"

#include <string.h>

/* cmark asks to resize without telling the old size, so each piece carries it in front. */
typedef struct {
    _Alignas(16) size_t size;
} Piece;

static AjArena *current;

static void *mem_calloc(size_t count, size_t size)
{
    g_assert(current && (size == 0 || count <= (SIZE_MAX - sizeof(Piece)) / size));
    Piece *piece = aj_arena_alloc(current, sizeof(Piece) + count * size);
    piece->size = count * size;
    return piece + 1;
}

static void *mem_realloc(void *old, size_t size)
{
    if (!old)
        return mem_calloc(1, size);
    Piece *piece = (Piece *)old - 1;
    if (size <= piece->size)
        return old;
    piece = aj_arena_grow(current, piece, sizeof(Piece) + piece->size, sizeof(Piece) + size);
    piece->size = size;
    return piece + 1;
}

static void mem_free(void *piece)
{
    (void)piece;
}

static cmark_mem mem = {mem_calloc, mem_realloc, mem_free};

void aj_tree_use_arena(AjArena *a)
{
    current = a;
}

cmark_mem *aj_tree_mem(void)
{
    return &mem;
}

cmark_node *aj_tree_node(cmark_node_type type)
{
    return cmark_node_new_with_mem(type, &mem);
}

cmark_node *aj_tree_text(const char *s, size_t len)
{
    char small[256];
    char *copy = len < sizeof small ? small : aj_arena_alloc(current, len + 1);
    memcpy(copy, s, len);
    copy[len] = 0;
    cmark_node *node = aj_tree_node(CMARK_NODE_TEXT);
    cmark_node_set_literal(node, copy);
    return node;
}

static AjElement *element_attach(AjArena *a, cmark_node *node, AjElementKind kind)
{
    AjElement *el = aj_arena_alloc(a, sizeof *el);
    el->kind = kind;
    cmark_node_set_user_data(node, el);
    return el;
}

cmark_node *aj_tree_element(AjArena *a, AjElementKind kind)
{
    cmark_node *node =
        aj_tree_node(kind >= AJ_EL_SPAN ? CMARK_NODE_CUSTOM_INLINE : CMARK_NODE_CUSTOM_BLOCK);
    element_attach(a, node, kind);
    return node;
}

AjElement *aj_element_of(cmark_node *node)
{
    return cmark_node_get_user_data(node);
}

AjElement *aj_element_get(AjArena *a, cmark_node *node)
{
    AjElement *el = cmark_node_get_user_data(node);
    return el ? el : element_attach(a, node, AJ_EL_PLAIN);
}

AjElementKind aj_element_kind(cmark_node *node)
{
    const AjElement *el = cmark_node_get_user_data(node);
    return el ? el->kind : AJ_EL_PLAIN;
}

/* Room for one more: arrays double at powers of two, so their capacity need not be kept. */
static void *room_for_one(AjArena *a, void *items, uint32_t count, size_t size)
{
    if (count & (count - 1))
        return items;
    return aj_arena_grow(a, items, count * size, (count ? 2 * count : 1) * size);
}

void aj_attr_add_class(AjArena *a, AjAttr *attr, const char *name)
{
    if (aj_attr_has_class(attr, name))
        return;
    attr->classes = room_for_one(a, attr->classes, attr->class_count, sizeof *attr->classes);
    attr->classes[attr->class_count++] = aj_arena_strdup(a, name);
}

bool aj_attr_has_class(const AjAttr *attr, const char *name)
{
    for (uint32_t i = 0; i < attr->class_count; i++)
        if (!strcmp(attr->classes[i], name))
            return true;
    return false;
}

void aj_attr_set(AjArena *a, AjAttr *attr, const char *key, const char *value)
{
    for (uint32_t i = 0; i < attr->attribute_count; i++)
        if (!strcmp(attr->attributes[i].key, key)) {
            attr->attributes[i].value = aj_arena_strdup(a, value);
            return;
        }
    attr->attributes =
        room_for_one(a, attr->attributes, attr->attribute_count, sizeof *attr->attributes);
    attr->attributes[attr->attribute_count++] =
        (AjAttribute){aj_arena_strdup(a, key), aj_arena_strdup(a, value)};
}

const char *aj_attr_get(const AjAttr *attr, const char *key)
{
    for (uint32_t i = 0; i < attr->attribute_count; i++)
        if (!strcmp(attr->attributes[i].key, key))
            return attr->attributes[i].value;
    return NULL;
}

static uint32_t own_line(const AjTree *t, cmark_node *node)
{
    const AjElement *el = cmark_node_get_user_data(node);
    if (el && el->line)
        return el->line;
    int at = cmark_node_get_start_line(node);
    if (at <= 0)
        return 0;
    if (!t->lines)
        return (uint32_t)at + (t->first_line ? t->first_line - 1 : 0);
    return (uint32_t)at <= t->line_count ? t->lines[at] : 0;
}

uint32_t aj_tree_line(const AjTree *t, cmark_node *node)
{
    uint32_t line = 0;
    for (cmark_node *at = node; at && !line; at = cmark_node_first_child(at))
        line = own_line(t, at);
    for (cmark_node *at = cmark_node_parent(node); at && !line; at = cmark_node_parent(at))
        if (cmark_node_get_type(at) != CMARK_NODE_DOCUMENT)
            line = own_line(t, at);
    return line;
}

/* Code point in front of the end of a text; 0 when it is empty. */
static uint32_t last_code_point(const char *s, size_t len)
{
    const char *end = s + len, *p = end;
    while (p > s && ((unsigned char)*--p & 0xc0) == 0x80)
        ;
    return p < end ? aj_utf8_next(&p, end) : 0;
}

/* A break becomes a blank unless wide characters stand on both sides: the blank waits for the next
 * piece of text to decide. */
static void stringify(cmark_node *node, GString *out, size_t start, bool *waiting)
{
    for (cmark_node *at = cmark_node_first_child(node); at; at = cmark_node_next(at)) {
        cmark_node_type type = cmark_node_get_type(at);
        if (type == CMARK_NODE_SOFTBREAK || type == CMARK_NODE_LINEBREAK) {
            *waiting = out->len > start;
        } else if (type == CMARK_NODE_TEXT || type == CMARK_NODE_CODE ||
                   type == CMARK_NODE_CODE_BLOCK) {
            const char *s = cmark_node_get_literal(at);
            size_t len = s ? strlen(s) : 0;
            if (!len)
                continue;
            if (*waiting) {
                const char *p = s;
                if (!aj_text_is_cjk(last_code_point(out->str, out->len)) ||
                    !aj_text_is_cjk(aj_utf8_next(&p, s + len)))
                    g_string_append_c(out, ' ');
                *waiting = false;
            }
            g_string_append_len(out, s, (gssize)len);
        } else if (aj_element_kind(at) != AJ_EL_NOTEREF) {
            if (type <= CMARK_NODE_LAST_BLOCK && cmark_node_previous(at))
                *waiting = out->len > start;
            stringify(at, out, start, waiting);
        }
    }
}

void aj_tree_stringify(cmark_node *node, GString *out)
{
    bool waiting = false;
    stringify(node, out, out->len, &waiting);
}

void aj_tree_splice_before(cmark_node *place, cmark_node *from)
{
    cmark_node *child;
    while ((child = cmark_node_first_child(from)))
        cmark_node_insert_before(place, child);
}
