/* weave - a set of templates to one program.
 *
 * Partials, parents and blocks are woven into the templates that use them, and the markup around
 * each tag is followed (render/markup) to choose its escape. Only what calls itself stays a call.
 * Must not know: values, how a program is run. */
#pragma once
#include "base/arena.h"
#include "render/markup.h"
#include "render/mustache.h"

typedef struct {
    const char *name;
    AjStr suffix;
    AjMarkupKind kind;
    bool spec; /* ".mustache": the specification's own ways */
    AjStr text;
    AjNode *nodes;
    bool parsed;     /* without errors */
    bool referenced; /* another template uses it */
    bool reached;    /* its problems have been told while compiling another */
    bool runnable;
    uint32_t from, to; /* operations */
} AjSource;

typedef enum {
    AJ_OP_TEXT,    /* a: offset, b: length */
    AJ_OP_ESCAPED, /* & < > " */
    AJ_OP_ATTR,    /* and ' */
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
} AjProgram;

/* Fills `program` and the sources' results; `arena` has to live as long as both. False when one of
 * them cannot be used, after diagnostics. */
bool aj_weave(AjArena *arena, GPtrArray *sources, GHashTable *by_name, AjProgram *program,
              AjDiags *diags);
