/* tree - short names over cmark nodes: what a page is between parser and renderer.
 *
 * The tree is cmark's. What cmark has no node for (tables, notes, divs, spans …) is a CUSTOM_BLOCK
 * or CUSTOM_INLINE, and any node, cmark's own too, may carry an AjElement as its user data: its
 * kind, attributes and what the kind needs. Nodes and elements live in the tree's arena; nothing is
 * freed alone. One tree is under way at a time in a process (cmark_mem has no user pointer). Must
 * not know: syntax, HTML, Lua. */
#pragma once
#include "base/arena.h"

#include <cmark.h>
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum {
    AJ_EL_PLAIN, /* a node of cmark that only carries attributes */
    /* blocks */
    AJ_EL_DIV,        /* ::: fences; children blocks */
    AJ_EL_ALERT,      /* > [!WARNING]; `word` note tip important warning caution; children blocks */
    AJ_EL_TABLE,      /* children: ROWs; `aligns`, the first `head_rows` rows are the head */
    AJ_EL_ROW,        /* children: CELLs */
    AJ_EL_CELL,       /* children: inlines or blocks; `align` */
    AJ_EL_DEFLIST,    /* children: TERM and DEFINITION in turn */
    AJ_EL_TERM,       /* children inlines */
    AJ_EL_DEFINITION, /* children blocks */
    AJ_EL_TASK,       /* on a CMARK_NODE_ITEM: `checked` */
    AJ_EL_NOTES,      /* the list of footnotes at the end of the page; children: NOTE */
    AJ_EL_NOTE,       /* `number`, `word` is the label; children blocks */
    AJ_EL_PLAINTEXT,  /* pandoc's Plain: inlines without <p> */
    AJ_EL_QUESTION,   /* a question drawn by the theme: `number` is its index in the page's quiz */
    AJ_EL_FOREIGN,    /* an element of pandoc that our reader does not make: `word` its name */
    /* inlines */
    AJ_EL_SPAN,    /* [text]{.class} */
    AJ_EL_DEL,     /* ~~text~~ */
    AJ_EL_NOTEREF, /* [^1]: `number`, `word` the label, `count` which reference to it, from 1 */
    AJ_EL_SUP,
    AJ_EL_SUB
} AjElementKind;

typedef enum { AJ_ALIGN_DEFAULT, AJ_ALIGN_LEFT, AJ_ALIGN_CENTER, AJ_ALIGN_RIGHT } AjAlign;

typedef struct {
    const char *key, *value;
} AjAttribute;
typedef struct {
    const char *id; /* NULL: none */
    const char **classes;
    uint32_t class_count;
    AjAttribute *attributes; /* in source order, keys unique */
    uint32_t attribute_count;
} AjAttr;
typedef struct {
    AjElementKind kind;
    AjAttr attr;
    const char *word;
    uint32_t number, count;
    bool checked;
    AjAlign align;
    AjAlign *aligns;
    uint32_t columns, head_rows;
    uint32_t line;    /* file line, 1-based; 0: see the node */
    const void *data; /* for AJ_EL_FOREIGN: what the filter engine needs to give it back whole */
} AjElement;

typedef struct {
    AjArena *arena;
    cmark_node *root;      /* CMARK_NODE_DOCUMENT */
    const uint32_t *lines; /* file line of each line cmark saw, index from 1; NULL: the same */
    uint32_t line_count;
    uint32_t first_line; /* file line of cmark's first line where `lines` is NULL; 0 counts as 1 */
} AjTree;

/* Makes `a` the arena of every node made from now on, by cmark or by us, in this process. */
void aj_tree_use_arena(AjArena *a);
cmark_mem *aj_tree_mem(void);
cmark_node *aj_tree_node(cmark_node_type type);
cmark_node *aj_tree_text(const char *s, size_t len);
/* A custom node (block or inline by kind) with a fresh element. */
cmark_node *aj_tree_element(AjArena *a, AjElementKind kind);
AjElement *aj_element_of(cmark_node *node);              /* NULL when it has none */
AjElement *aj_element_get(AjArena *a, cmark_node *node); /* makes one of AJ_EL_PLAIN */
AjElementKind aj_element_kind(cmark_node *node);         /* AJ_EL_PLAIN when it has none */
void aj_attr_add_class(AjArena *a, AjAttr *attr, const char *name);
bool aj_attr_has_class(const AjAttr *attr, const char *name);
void aj_attr_set(AjArena *a, AjAttr *attr, const char *key, const char *value);
const char *aj_attr_get(const AjAttr *attr, const char *key); /* NULL when absent */
/* File line of a node, 1-based, through the line map; of its nearest kin when a filter made it; 0
 * when nothing around it has one. */
uint32_t aj_tree_line(const AjTree *t, cmark_node *node);
/* Text of the inlines below `node`: no marks, code included, breaks as one blank (none between
 * CJK characters), footnote references and raw HTML left out. Appends. */
void aj_tree_stringify(cmark_node *node, GString *out);
/* Moves all children of `from` before `place`, in order. */
void aj_tree_splice_before(cmark_node *place, cmark_node *from);
