/* weight - what a page costs an old machine. Must not know: where a page is written.
 */
#include "driver/weight.h"

#include <string.h>

enum { QUIZ_BYTES = 40 << 10, QUESTION_BYTES = 3 << 10 };

uint32_t aj_weight_over(const AjTheme *theme, uint64_t limit, const char *html, size_t len,
                        uint32_t questions)
{
    uint64_t weight = len;
    const char *head = memmem(html, len, "</head>", strlen("</head>"));
    if (!limit || !head)
        return 0;
    for (uint32_t i = 0; i < theme->file_count; i++) {
        const AjThemeFile *f = &theme->files[i];
        if ((g_str_has_suffix(f->address, ".css") || g_str_has_suffix(f->address, ".js")) &&
            memmem(html, (size_t)(head - html), f->address, strlen(f->address)))
            weight += f->len;
    }
    limit += questions ? QUIZ_BYTES + (uint64_t)questions * QUESTION_BYTES : 0;
    return weight > limit ? (uint32_t)MIN(weight, UINT32_MAX) : 0;
}

static int by_bytes(const void *x, const void *y)
{
    const AjHeavy *a = x, *b = y;
    if (a->bytes != b->bytes)
        return a->bytes > b->bytes ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

/* The heaviest by name, the rest by number. Told anew each time, so that a build that keeps a page
 * says what one that draws it says. */
void aj_weight_tell(GArray *heavy, const AjContexts *c, AjDiags *diags)
{
    enum { TOLD = 10 };
    const char *cure = AJ_TR("分成几页，或调高 site.yaml 的 assets: page_kb",
                             "split it, or raise assets: page_kb in site.yaml");
    g_array_sort(heavy, by_bytes);
    for (guint i = 0; i < heavy->len && i < TOLD; i++) {
        const AjHeavy *h = &g_array_index(heavy, AjHeavy, i);
        const AjPlanned *out = &c->plan->outputs[h->place];
        const AjPage *page = aj_context_page(c, out);
        const char *path = page && page->source ? page->source : out->address;
        aj_diag(diags, AJ_WARNING, (AjPos){path, 0, 0}, "heavy-page", cure,
                AJ_TR("网页连同样式和脚本有 %u kB（图片不算），旧机器上会慢",
                      "with its styles and scripts the page has %u kB (pictures not counted)"),
                (h->bytes + 512) / 1024);
    }
    if (heavy->len > TOLD)
        aj_diag(diags, AJ_WARNING, (AjPos){"site.yaml", 0, 0}, "heavy-page", cure,
                AJ_TR("还有 %u 页也太重", "%u more pages are too heavy"), heavy->len - TOLD);
}
