/* luabox - one sealed Lua state and the filters that run in it.
 *
 * Filters are compiled once (text only) and run afresh for every page with an environment of their
 * own over a read-only base: no global or file-level local lives from page to page.
 * Must not know: what a filter is for, where its file lies, the sandbox of the process. */
#pragma once
#include "base/diag.h"
#include "base/value.h"
#include "model/tree.h"

typedef struct AjLuabox AjLuabox;
typedef struct {
    const char *name; /* "quiz" */
    const char *path; /* for messages and PANDOC_SCRIPT_FILE */
    const char *text;
    size_t len;
} AjFilterSource;
/* Besides pandoc's fields a filter table may carry `needs = {meta = {"quiz"}, heading = {"测验"}}`:
 * it then runs only on pages whose front matter has one of these keys or one of whose headings
 * holds one of these words. pandoc overlooks the field, and a page that needs nothing costs
 * nothing. The texts are borrowed until aj_luabox_free. NULL with diagnostics when one does not
 * compile. */
AjLuabox *aj_luabox_new(const AjFilterSource *filters, uint32_t count, AjDiags *diags);
void aj_luabox_free(AjLuabox *box);
/* Runs all filters in order over the tree. `meta` is replaced by what they leave. false when one
 * failed: diagnosed with the filter's file and line; the tree is then not to be used. A filter that
 * handles only element types that the page does not hold is not run. */
bool aj_luabox_run(AjLuabox *box, AjTree *tree, AjValue **meta, const char *page_path,
                   AjDiags *diags);
/* For tests and for tools with other needs: steps of the virtual machine for one page and bytes of
 * the whole state. By default 400 million and 256 MiB. */
void aj_luabox_limit(AjLuabox *box, uint64_t steps, uint64_t bytes);
