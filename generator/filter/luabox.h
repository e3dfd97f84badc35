/* luabox - one sealed Lua state and the filters that run in it.
 *
 * Filters are compiled once (text only) and run afresh for every page with an environment of their
 * own over a read-only base: no global or file-level local lives from page to page.
 * Must not know: what a filter is for, where its file lies, the sandbox of the process. */
#pragma once
#include "base/diag.h"
#include "base/value.h"
#include "filter/luahost.h"

typedef struct AjLuabox AjLuabox;
typedef struct {
    const char *name; /* as in require: "words" */
    const char *text;
    size_t len;
} AjFilterModule;
typedef struct {
    const char *name; /* "quiz" */
    const char *path; /* for messages and PANDOC_SCRIPT_FILE */
    const char *text;
    size_t len;
    bool on_demand;                /* runs only on pages that name it, compiled for the first */
    const AjFilterModule *modules; /* what lies beside it, for `require`; may be NULL */
    uint32_t module_count;
} AjFilterSource;
/* Besides pandoc's fields a filter table may carry `needs = {meta = {"quiz"}, heading = {"测验"}}`:
 * it then runs only on pages whose front matter has one of these keys or one of whose headings
 * holds one of these words. pandoc overlooks the field, and a page that needs nothing costs
 * nothing. The texts and the host (may be NULL) are borrowed until aj_luabox_free. NULL with
 * diagnostics when one does not compile. */
AjLuabox *aj_luabox_new(const AjFilterSource *filters, uint32_t count, const AjLuaHost *host,
                        AjDiags *diags);
void aj_luabox_free(AjLuabox *box);

/* One document on its way through the filters, as a tree or as pandoc's JSON on either side. */
typedef struct {
    const char *page; /* for messages and PANDOC_STATE */
    AjTree *tree;     /* what comes in unless `json`; what goes out unless `json_out` */
    AjValue **meta;   /* with the tree; replaced by what the filters leave */
    const char *json;
    size_t json_len;
    GString *json_out;
    bool once;                    /* the only one: every filter runs, none is looked at before */
    const AjValue *more_meta;     /* set over what the document has; may be NULL */
    const char *const *on_demand; /* filters that the page names, run after all others, in order */
} AjLuaDocument;
/* Runs all filters in order. false when one failed: diagnosed with the filter's file and line; the
 * tree is then not to be used. A filter that handles only element types that the page does not hold
 * is not run. With JSON on either side every filter runs. */
bool aj_luabox_run(AjLuabox *box, const AjLuaDocument *doc, AjDiags *diags);
/* For tests and for tools with other needs: steps of the virtual machine for one page, seconds of
 * CPU and bytes of the whole state. By default 400 million, 5 and 256 MiB. */
void aj_luabox_limit(AjLuabox *box, uint64_t steps, double seconds, uint64_t bytes);
/* Which of the parent's items is under way, for AjLuaHost.traces. */
void aj_luabox_item(AjLuabox *box, uint32_t item);
