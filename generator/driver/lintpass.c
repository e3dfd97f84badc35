/* lintpass - shows the finished site to the lint rules: whole records and the source text.
 *
 * The join keeps only the light part of each page; here front matter, headings and links come back,
 * for the time of the rules.
 * Must not know: what the rules look for. */
#include "driver/lintpass.h"

#include "base/fs.h"
#include "check/lint.h"
#include "driver/record.h"

#include <string.h>

static void fill(AjArena *a, AjPage *page, const AjPublishPage *bytes)
{
    AjRecord record;
    if (!aj_record_open(bytes->record, bytes->record_len, &record))
        return;
    const AjValue *heavy = aj_value_unpack(a, record.heavy, record.heavy_len, NULL);
    page->meta = aj_value_get(heavy, "meta");
    page->headings = aj_value_get(heavy, "headings");
    page->links = aj_value_unpack(a, record.links, record.links_len, NULL);
}

void aj_lintpass_run(const char *root, AjSite *site, const AjPublishPage *pages, AjDiags *diags)
{
    AjArena *a = aj_arena_new(1 << 20);
    AjPage *whole = g_new0(AjPage, site->page_count + 1);
    if (site->page_count)
        memcpy(whole, site->pages, site->page_count * sizeof *whole);
    for (uint32_t i = 0; i < site->page_count; i++) {
        g_autofree char *path = g_build_filename(root, whole[i].source, NULL);
        g_autofree char *text = NULL;
        size_t len = 0;
        fill(a, &whole[i], &pages[i]);
        /* what cannot be read has been reported by pass 1 */
        if (aj_fs_read(path, 1 << 20, &text, &len, NULL))
            aj_lint_text(whole[i].source, text, len, diags);
    }
    AjSite view = *site;
    view.pages = whole;
    aj_lint_run(&view, diags);
    g_free(whole);
    aj_arena_free(a);
}
