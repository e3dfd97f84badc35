/* program - the operations that draw a set of templates, and the room to collect them.
 *
 * Must not know: how templates are read or woven, values. */
#pragma once
#include "render/mustache.h"

typedef enum {
    AJ_OP_TEXT,    /* a: offset, b: length */
    AJ_OP_ESCAPED, /* & < > " */
    AJ_OP_ATTR,    /* and ' */
    AJ_OP_SINGLE,  /* & < > ' */
    AJ_OP_RAW,
    AJ_OP_XML,       /* as AJ_OP_ATTR, without what XML cannot hold */
    AJ_OP_URL_FIRST, /* b: length of the literal before it in the attribute */
    AJ_OP_URL_NEXT,
    AJ_OP_URL,
    AJ_OP_QUERY,
    AJ_OP_MARK,    /* here a URL begins; b as above */
    AJ_OP_CHECK,   /* the URL so far must still be a safe one */
    AJ_OP_SECTION, /* b: operation behind the section */
    AJ_OP_INVERTED,
    AJ_OP_CALL, /* a: function, b: index of the indentation, name NULL */
    AJ_OP_LINE  /* the indentation of the call */
} AjOpCode;

typedef struct {
    AjOpCode code;
    uint32_t a, b;
    const AjName *name;
} AjOp;

typedef struct {
    uint32_t from, to;
} AjFunction;

typedef struct {
    GArray *ops;        /* AjOp */
    GString *pool;      /* text of AJ_OP_TEXT */
    GArray *functions;  /* AjFunction */
    GPtrArray *indents; /* AjStr* of calls; s NULL: the call goes on in a line that has begun */
    uint32_t barrier;   /* while it is made: no text before this operation may grow */
    bool full;          /* a limit was met: operations are missing */
} AjProgram;

void aj_program_init(AjProgram *p);
void aj_program_clear(AjProgram *p);
/* Takes all operations out, to be made again. */
void aj_program_empty(AjProgram *p);
uint32_t aj_program_count(const AjProgram *p);
/* Sets `full` instead, past a million operations or 64 MiB of text: partials can double at each
 * level. */
void aj_program_add(AjProgram *p, AjOpCode code, uint32_t a, uint32_t b, const AjName *name);
/* Literal text; joins the text before it, unless a barrier stands between. */
void aj_program_text(AjProgram *p, const char *s, size_t len);
/* Jumps lead to here: what comes now begins an operation of its own. */
void aj_program_barrier(AjProgram *p);
/* Appends a function's body (AjOp), whose jumps count from its start; frees it. */
void aj_program_place(AjProgram *p, uint32_t function, GArray *body);
