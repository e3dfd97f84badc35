/* lintpass - shows the finished site to the lint rules: whole records and the source text.
 *
 * The join keeps only the light part of each page; here front matter, headings and links come back,
 * for the time of the rules.
 * Must not know: what the rules look for. */
#include "driver/lintpass.h"

#include "base/fs.h"
#include "check/lint.h"
#include "driver/record.h"
#include "driver/sitecover.h"

#include <string.h>

static void fill(AjArena *a, AjPage *page, const AjPublishPage *bytes)
{
    AjRecord record;
    if (!aj_record_open(bytes->record, bytes->record_len, &record))
        return;
    const AjValue *heavy = aj_value_unpack(a, record.heavy, record.heavy_len, NULL);
    page->meta = aj_value_get(heavy, "meta");
    page->headings = aj_value_get(heavy, "headings");
    page->quiz = aj_value_get(heavy, "quiz");
    page->links = aj_value_unpack(a, record.links, record.links_len, NULL);
}

AjPage *aj_lintpass_whole(AjArena *a, const AjSite *site, const AjPublishPage *pages)
{
    AjPage *whole = aj_arena_alloc(a, (site->page_count + 1) * sizeof *whole);
    for (uint32_t i = 0; i < site->page_count; i++) {
        whole[i] = site->pages[i];
        fill(a, &whole[i], &pages[i]);
    }
    return whole;
}

void aj_lintpass_run(const char *root, AjSite *site, const AjPublishPage *pages, AjDiags *diags)
{
    AjArena *a = aj_arena_new(1 << 20);
    AjPage *whole = aj_lintpass_whole(a, site, pages);
    for (uint32_t i = 0; i < site->page_count; i++) {
        g_autofree char *path = g_build_filename(root, whole[i].source, NULL);
        g_autofree char *text = NULL;
        size_t len = 0;
        /* what cannot be read has been reported by pass 1 */
        if (aj_fs_read(path, 1 << 20, &text, &len, NULL))
            aj_lint_text(whole[i].source, text, len, diags);
    }
    AjSite view = *site;
    view.pages = whole;
    aj_lint_run(&view, diags);
    uint32_t staff;
    aj_sitecover_staff(a, root, site->config->now, &staff, diags); /* the roster's slips */
    if (aj_sitecover_is_wanted(site))
        aj_lint_coverage(&view, aj_sitecover_make(a, site), diags);
    aj_arena_free(a);
}
