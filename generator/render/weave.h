/* weave - a set of templates to one program.
 *
 * Partials, parents and blocks are woven into the templates that use them, and the markup around
 * each tag is followed (render/markup) to choose its escape. Only what calls itself stays a call.
 * Must not know: values, how a program is run. */
#pragma once
#include "base/arena.h"
#include "render/markup.h"
#include "render/mustache.h"
#include "render/program.h"

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

/* Fills `program` and the sources' results; `arena` has to live as long as both. False when one of
 * them cannot be used, after diagnostics. */
bool aj_weave(AjArena *arena, GPtrArray *sources, GHashTable *by_name, AjProgram *program,
              AjDiags *diags);
