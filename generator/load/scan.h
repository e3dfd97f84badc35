/* scan - what lies in a site's folder: pages and assets, sorted.
 *
 * Left out: hidden names, editors' leavings (x~, Thumbs.db, desktop.ini), keys (*.key, *.pem),
 * node_modules, the output folder, and in the root site.yaml, roster.csv, dist/, themes/ and
 * lua-filters/; README.md where an index.md stands beside it. Devices and pipes are never entries.
 * Links that leave the tree, and names or files that cannot be read, are reported and left out.
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
    AjArena *arena; /* and this what was looked up for links: size and times are their target's */
} AjScan;
/* `skip_below`: absolute folders to leave out (OUT, its cache), NULL-terminated; may be NULL. */
AjScan *aj_scan(const char *root, const char *const *skip_below, AjDiags *diags, GError **error);
void aj_scan_free(AjScan *s); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AjScan, aj_scan_free)
