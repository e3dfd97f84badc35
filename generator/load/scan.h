/* scan - what lies in a site's folder: pages and assets, sorted.
 *
 * Hidden names, site.yaml, roster.csv, README outside zero configuration's use, the output folder,
 * themes/, lua-filters/ and node_modules are left out. Links that leave the tree are reported.
 * Must not know: what a page says. */
#pragma once
#include "base/diag.h"
#include "base/fs.h"

typedef struct {
    const AjFsEntry **pages; /* *.md, *.markdown */
    uint32_t page_count;
    const AjFsEntry **assets; /* everything else that may be published */
    uint32_t asset_count;
    AjFsList *list; /* owns the entries */
} AjScan;
/* `skip_below`: absolute folders to leave out (OUT, its cache), NULL-terminated. */
AjScan *aj_scan(const char *root, const char *const *skip_below, AjDiags *diags, GError **error);
void aj_scan_free(AjScan *s);
