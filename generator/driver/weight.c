/* weight - what a page costs an old machine. Must not know: where a page is written.
 */
#include "driver/weight.h"

#include "driver/join.h"

#include <string.h>

enum { EDITION_BYTES = 192 }; /* edition.js: a commit, and the id that a bundle puts in */

/* The bytes before `at` link what follows: href="../ or src=" */
static bool is_linked(const char *html, const char *at)
{
    while (at > html && (at[-1] == '.' || at[-1] == '/'))
        at--;
    static const char *const ways[] = {"href=\"", "src=\""};
    for (size_t i = 0; i < G_N_ELEMENTS(ways); i++) {
        size_t len = strlen(ways[i]);
        if ((size_t)(at - html) >= len && !memcmp(at - len, ways[i], len))
            return true;
    }
    return false;
}

/* Each file is fetched once, however often it is named. */
static void weigh(AjWeight *weight, const char *html, size_t len, const char *address, size_t bytes)
{
    const char *at = memmem(html, len, address, strlen(address));
    bool linked = false;
    if (!at)
        return;
    for (const char *p = at; p && !linked;) {
        linked = is_linked(html, p);
        p++;
        p = memmem(p, len - (size_t)(p - html), address, strlen(address));
    }
    uint32_t *sum = linked ? &weight->first : &weight->later;
    *sum = (uint32_t)MIN(*sum + (uint64_t)bytes, UINT32_MAX);
}

AjWeight aj_weight_of(const AjTheme *theme, const char *html, size_t len)
{
    AjWeight weight = {0};
    const char *head = memmem(html, len, "</head>", strlen("</head>"));
    if (!head)
        return weight;
    const char *body = memchr(head + 1, '<', len - (size_t)(head + 1 - html));
    const char *end = body ? memchr(body, '>', len - (size_t)(body - html)) : NULL;
    size_t named = (size_t)((end ? end : head) - html);
    weight.first = (uint32_t)MIN(len, UINT32_MAX);
    for (uint32_t i = 0; i < theme->file_count; i++) {
        const AjThemeFile *f = &theme->files[i];
        if (g_str_has_suffix(f->address, ".css") || g_str_has_suffix(f->address, ".js"))
            weigh(&weight, html, named, f->address, f->len);
    }
    weigh(&weight, html, named, "edition.js", EDITION_BYTES);
    return weight;
}

bool aj_weight_is_over(AjWeight weight, uint64_t limit)
{
    return limit && (weight.first > limit || weight.later > limit);
}

static uint32_t more(AjWeight weight)
{
    return MAX(weight.first, weight.later);
}

static int by_bytes(const void *x, const void *y)
{
    const AjHeavy *a = x, *b = y;
    if (more(a->weight) != more(b->weight))
        return more(a->weight) > more(b->weight) ? -1 : 1;
    return (a->place > b->place) - (a->place < b->place);
}

/* What makes a page of this sort lighter. */
static const char *cure_of(const AjContexts *c, const AjPlanned *out, const AjPage *page)
{
    if (out->kind == AJ_OUT_KIOSK)
        return AJ_TR(
            "少列几个班组的工号，或把课程分到几个网站；或调高 site.yaml 的 assets: page_kb",
            "name fewer numbers of teams, or divide the courses among sites; or raise "
            "assets: page_kb in site.yaml");
    if (page && aj_value_get(aj_join_light(c->site, page->number), "quiz"))
        return AJ_TR(
            "题目分成几页：练习每页 30 题以内，考试 20 题上下；或调高 site.yaml 的 assets: "
            "page_kb",
            "put the questions on several pages, at most 30 of a practice or about 20 of an "
            "exam on each; or raise assets: page_kb in site.yaml");
    return AJ_TR("分成几页，或调高 site.yaml 的 assets: page_kb",
                 "split it, or raise assets: page_kb in site.yaml");
}

/* The heaviest by name, the rest by number. Told anew each time, so that a build that keeps a page
 * says what one that draws it says. */
void aj_weight_tell(GArray *heavy, const AjContexts *c, AjDiags *diags)
{
    enum { TOLD = 10 };
    g_array_sort(heavy, by_bytes);
    for (guint i = 0; i < heavy->len && i < TOLD; i++) {
        const AjHeavy *h = &g_array_index(heavy, AjHeavy, i);
        const AjPlanned *out = &c->plan->outputs[h->place];
        const AjPage *page = aj_context_page(c, out);
        const char *path = page && page->source ? page->source : out->address;
        aj_diag(diags, AJ_WARNING, (AjPos){path, 0, 0}, "heavy-page", cure_of(c, out, page),
                AJ_TR("网页连同样式和脚本有 %u kB，动手以后再取 %u kB（图片不算），旧机器上会慢",
                      "with its styles and scripts the page has %u kB, and fetches %u kB when "
                      "somebody acts (pictures not counted)"),
                (h->weight.first + 512) / 1024, (h->weight.later + 512) / 1024);
    }
    if (heavy->len > TOLD)
        aj_diag(diags, AJ_WARNING, (AjPos){"site.yaml", 0, 0}, "heavy-page",
                AJ_TR("先改上面的，再构建一次，看其余的", "mend those above, then build again"),
                AJ_TR("还有 %u 页也太重", "%u more pages are too heavy"), heavy->len - TOLD);
}
