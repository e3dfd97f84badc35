/* mustache - the text of a template to a tree of its tags.
 *
 * Lines and standalone tags are settled here: where a line of the source begins there is a node
 * with its leading white space; what a standalone tag takes with it is gone.
 * Must not know: HTML, other templates, values. */
#pragma once
#include "base/diag.h"

#include <string.h>

typedef struct {
    const char *s;
    uint32_t len;
} AjStr;

typedef struct {
    uint32_t parts; /* 0: the implicit iterator "." */
    bool top_only;  /* ".name": the innermost map alone */
    AjStr part[];
} AjName;

typedef enum {
    AJ_NODE_TEXT,
    AJ_NODE_LINE, /* here a line of the source begins; ws is its leading white space */
    AJ_NODE_VAR,
    AJ_NODE_RAW,
    AJ_NODE_SECTION,
    AJ_NODE_INVERTED,
    AJ_NODE_PARTIAL,
    AJ_NODE_PARENT,
    AJ_NODE_BLOCK,
    AJ_NODE_NONE
} AjNodeType;

typedef struct AjNode AjNode;
struct AjNode {
    AjNodeType type;
    bool standalone; /* the tag has its line, or shares it with tags of inheritance only */
    bool first;      /* nothing but white space before it on its line */
    uint32_t line, column;
    AjStr text; /* text, or the name as written */
    AjStr ws;   /* white space at the start of the line */
    const AjName *name;
    AjNode *children, *next;
};

static inline bool aj_str_equal(AjStr x, AjStr y)
{
    return x.len == y.len && memcmp(x.s, y.s, x.len) == 0;
}

/* Nodes live in `a` and borrow from `text`. False after diagnostics with path `path`. */
bool aj_mustache_parse(AjArena *a, const char *path, AjStr text, AjNode **nodes_out,
                       AjDiags *diags);
