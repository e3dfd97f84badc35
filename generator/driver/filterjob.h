/* filterjob - one document through Lua filters, in a worker of its own: what `anjian filter` does.
 *
 * Must not know: the command line, where the document came from. */
#pragma once
#include "base/diag.h"
#include "base/value.h"
#include "filter/luabox.h"

typedef struct {
    const AjFilterSource *filters;
    uint32_t filter_count;
    const char *text; /* the document */
    size_t len;
    const char *name; /* of the document, for messages */
    bool from_json, to_json;
    const char *format;  /* FORMAT for the filters; NULL: "html" */
    const AjValue *meta; /* set over the document's own; may be NULL */
    const char *root;    /* filters read (and with `write` write) below it */
    bool write, run;
} AjFilterJob;
/* The result goes to `take`, as it lies in the worker's file; it is good until that returns. false
 * with diagnostics: the content; false with `error`: the world. */
bool aj_filterjob_run(const AjFilterJob *job,
                      void (*take)(const char *text, size_t len, void *data), void *data,
                      AjDiags *diags, GError **error);
