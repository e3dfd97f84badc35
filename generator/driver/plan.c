/* plan - every file of the site that a template draws. Must not know: contexts, the cache. */
#include "driver/plan.h"

#include "base/text.h"
#include "driver/edition.h"
#include "driver/join.h"
#include "driver/sincepage.h"
#include "driver/sitecover.h"
#include "driver/versions.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    AjArena *arena;
    const AjSite *site;
    const AjTemplates *templates;
    AjDiags *diags;
    GArray *list;
} Planning;

const char *aj_plan_part_address(AjArena *a, const char *address, uint32_t part)
{
    if (part <= 1)
        return address;
    size_t stem = strlen(address) - strlen(".html");
    return aj_arena_printf(a, "%.*s-page-%u.html", (int)stem, address, part);
}

const char *aj_plan_diff_address(AjArena *a, const char *address, uint32_t number)
{
    size_t stem = strlen(address) - strlen(".html");
    return aj_arena_printf(a, "changes/%.*s-%u.html", (int)stem, address, number);
}

const char *aj_plan_questions_address(AjArena *a, const char *address, const char *key)
{
    size_t stem = strlen(address) - strlen(".html");
    return aj_arena_printf(a, "%.*s.%s.questions.js", (int)stem, address, key);
}

static void add(Planning *p, AjOutKind kind, const char *address, const char *template,
                uint32_t index)
{
    AjPlanned out = {.kind = kind,
                     .address = address,
                     .template = template,
                     .index = index,
                     .part = 1,
                     .parts = 1};
    if (aj_templates_has(p->templates, template))
        g_array_append_val(p->list, out);
}

static void add_list(Planning *p, AjPlanned out, uint32_t count)
{
    uint32_t size = p->site->config->page_size;
    const char *address = out.address;
    out.parts = MAX(1, (count + size - 1) / size);
    for (out.part = 1; out.part <= out.parts; out.part++) {
        out.address = aj_plan_part_address(p->arena, address, out.part);
        g_array_append_val(p->list, out);
    }
}

/* An alias is an address of old: "old/tank.html", "/old/tank", "old/". */
static void add_aliases(Planning *p, const AjPage *page)
{
    const AjValue *list = aj_value_get(aj_join_light(p->site, page->number), "aliases");
    for (uint32_t i = 0; i < aj_value_len(list); i++) {
        const AjValue *v = aj_value_at(list, i);
        const char *alias = v->type == AJ_VALUE_STRING ? v->s : "";
        while (*alias == '/')
            alias++;
        size_t len = strlen(alias);
        while (len && alias[len - 1] == '/')
            len--;
        bool html = len > 5 && memcmp(alias + len - 5, ".html", 5) == 0;
        g_autofree char *source = g_strdup_printf("%.*s.md", (int)(html ? len - 5 : len), alias);
        if (!len || strstr(source, "..")) {
            aj_diag(p->diags, AJ_ERROR, (AjPos){page->source, v->line, 0}, "alias",
                    AJ_TR("写成网站里的旧地址，例如 old/tank.html",
                          "write an old address inside the site, e.g. old/tank.html"),
                    AJ_TR("别名“%s”不是网站里的地址", "the alias \"%s\" is no address of the site"),
                    v->type == AJ_VALUE_STRING ? v->s : "");
            continue;
        }
        g_autofree char *address = aj_page_address(source, NULL);
        add(p, AJ_OUT_REDIRECT, aj_arena_strdup(p->arena, address), "redirect.html", page->number);
    }
}

static void add_questions(Planning *p, const AjPage *page)
{
    const AjValue *quiz = aj_value_get(aj_join_light(p->site, page->number), "quiz");
    const char *key = aj_value_get_string(quiz, "key", "");
    if (*key && !page->failed && strcmp(aj_value_get_string(quiz, "mode", ""), "exam") != 0)
        add(p, AJ_OUT_QUESTIONS, aj_plan_questions_address(p->arena, page->address, key),
            AJ_QUESTIONS, page->number);
}

static const char *owner(const Planning *p, const AjPlanned *out)
{
    if (out->kind == AJ_OUT_PAGE || out->kind == AJ_OUT_REDIRECT)
        return p->site->pages[out->index].source;
    if (out->kind == AJ_OUT_SECTION && p->site->sections[out->index].index_page != AJ_NO_PAGE)
        return p->site->pages[p->site->sections[out->index].index_page].source;
    return out->address;
}

static int by_folded(const void *x, const void *y)
{
    const AjPlanned *a = *(AjPlanned *const *)x, *b = *(AjPlanned *const *)y;
    int order = g_ascii_strcasecmp(a->address, b->address);
    return order ? order : (a > b) - (a < b);
}

static bool addresses_differ(Planning *p)
{
    bool good = true;
    guint count = p->list->len;
    g_autofree const AjPlanned **sorted = g_new(const AjPlanned *, count + 1);
    for (guint i = 0; i < count; i++)
        sorted[i] = &g_array_index(p->list, AjPlanned, i);
    qsort(sorted, count, sizeof *sorted, by_folded);
    for (guint i = 1; i < count; i++) {
        if (g_ascii_strcasecmp(sorted[i - 1]->address, sorted[i]->address) != 0)
            continue;
        good = false;
        aj_diag(p->diags, AJ_ERROR, (AjPos){owner(p, sorted[i]), 0, 0}, "same-address",
                AJ_TR("给其中一个改文件名，或在头信息里写 slug",
                      "rename one of them, or give it a slug in its front matter"),
                AJ_TR("与 %s 的网址相同：%s", "has the address of %s: %s"), owner(p, sorted[i - 1]),
                sorted[i]->address);
    }
    return good;
}

static const char *page_template(AjArena *a, const AjPage *page)
{
    return page->failed ? "notice.html" : aj_arena_printf(a, "%s.html", aj_kind_name(page->kind));
}

static void plan_diffs(Planning *p)
{
    const AjSite *site = p->site;
    for (uint32_t i = 0; i < site->page_count; i++) {
        const AjPathLog *log = site->logs[i];
        for (uint32_t r = 0; log && r + 1 < log->count; r++) {
            if (aj_versions_base(site, log, r) == UINT32_MAX)
                continue;
            add(p, AJ_OUT_DIFF,
                aj_plan_diff_address(p->arena, site->pages[i].address, log->count - r), "diff.html",
                i);
            g_array_index(p->list, AjPlanned, p->list->len - 1).sub = r;
        }
    }
}

/* A course's steps lie beside its page: "courses/first.html" → "courses/first.kiosk.js". */
static void plan_kiosk(Planning *p)
{
    const AjSite *site = p->site;
    add(p, AJ_OUT_KIOSK, "kiosk.html", "kiosk.html", 0);
    add(p, AJ_OUT_KIOSK_PARTS, "kiosk-parts.js", AJ_KIOSK_PARTS, 0);
    add(p, AJ_OUT_KIOSK_CARDS, "kiosk-cards.js", AJ_KIOSK_CARDS, 0);
    for (uint32_t i = 0; i < site->course_count; i++) {
        const AjPage *page = &site->pages[site->courses[i].page];
        size_t stem = strlen(page->address) - strlen(".html");
        if (!page->failed)
            add(p, AJ_OUT_KIOSK_STEPS,
                aj_arena_printf(p->arena, "%.*s.kiosk.js", (int)stem, page->address),
                AJ_KIOSK_STEPS, i);
    }
}

static void plan_kinds(Planning *p, AjPlan *plan)
{
    const AjSite *site = p->site;
    uint32_t *numbers = aj_arena_alloc(p->arena, (site->page_count + 1) * sizeof *numbers);
    for (int kind = 0; kind < AJ_KINDS; kind++) {
        plan->of_kind[kind] = numbers;
        uint32_t count = 0;
        for (uint32_t s = 0; s < site->section_count; s++)
            for (uint32_t i = 0; i < site->sections[s].page_count; i++)
                if ((int)site->pages[site->sections[s].pages[i]].kind == kind)
                    numbers[count++] = site->sections[s].pages[i];
        numbers += count;
        plan->kind_count[kind] = count;
        if (!count || kind == AJ_KIND_PAGE)
            continue;
        AjPlanned out = {.kind = AJ_OUT_KIND,
                         .address = aj_arena_printf(p->arena, "kinds/%s.html", aj_kind_name(kind)),
                         .template = "kind.html",
                         .index = (uint32_t)kind};
        add_list(p, out, count);
    }
}

/* Whoever learnt from an old edition asks the present one. */
static void plan_since(Planning *p, const AjEditions *editions)
{
    for (uint32_t i = 0; editions && editions->current == 0 && i < editions->count; i++)
        if (*editions->list[i].name)
            add(p, AJ_OUT_SINCE, aj_sincepage_address(p->arena, editions->list[i].folder),
                "since.html", i);
}

AjPlan *aj_plan(AjArena *a, const AjSite *site, const AjTemplates *templates,
                const struct AjEditions *editions, AjDiags *diags)
{
    Planning p = {a, site, templates, diags, g_array_new(FALSE, TRUE, sizeof(AjPlanned))};
    AjPlan *plan = aj_arena_alloc(a, sizeof *plan);
    for (uint32_t i = 0; i < site->page_count; i++) {
        const AjPage *page = &site->pages[i];
        uint32_t index = site->sections[site->section_of[i]].index_page;
        if (index != i || page->failed) {
            add(&p, AJ_OUT_PAGE, page->address, page_template(a, page), i);
            add_questions(&p, page);
        }
        add_aliases(&p, page);
    }
    for (uint32_t s = 0; s < site->section_count; s++) {
        const AjSection *section = &site->sections[s];
        if (section->index_page != AJ_NO_PAGE && site->pages[section->index_page].failed)
            continue;
        AjPlanned out = {.kind = AJ_OUT_SECTION,
                         .address = section->address,
                         .template = "section.html",
                         .index = s};
        if (*section->folder) {
            add_list(&p, out, section->page_count);
        } else {
            out.kind = AJ_OUT_HOME;
            out.template = "home.html";
            add_list(&p, out, section->page_count);
        }
    }
    plan_kinds(&p, plan);
    for (uint32_t t = 0; t < site->taxonomy_count; t++) {
        const AjTaxonomy *taxonomy = &site->taxonomies[t];
        add(&p, AJ_OUT_TAXONOMY, taxonomy->address, "taxonomy.html", t);
        for (uint32_t i = 0; i < taxonomy->term_count; i++) {
            AjPlanned out = {.kind = AJ_OUT_TERM,
                             .address = taxonomy->terms[i].address,
                             .template = "term.html",
                             .index = t,
                             .sub = i};
            add_list(&p, out, taxonomy->terms[i].page_count);
        }
    }
    plan_diffs(&p);
    plan_since(&p, editions);
    add(&p, AJ_OUT_SEARCH, "search.html", "search.html", 0);
    add(&p, AJ_OUT_CHANGES, "changes.html", "changes.html", 0);
    if (aj_sitecover_is_wanted(site))
        add(&p, AJ_OUT_COVERAGE, "coverage.html", "coverage.html", 0);
    add(&p, AJ_OUT_404, "404.html", "404.html", 0);
    plan_kiosk(&p);
    add(&p, AJ_OUT_ROBOTS, "robots.txt", "robots.txt", 0);
    if (*site->config->base_url) { /* both need absolute addresses */
        add(&p, AJ_OUT_FEED, "feed.xml", "feed.xml", 0);
        add(&p, AJ_OUT_SITEMAP, "sitemap.xml", "sitemap.xml", 0);
    }
    plan->count = p.list->len;
    AjPlanned *outputs = aj_arena_alloc(a, (plan->count + 1) * sizeof *outputs);
    memcpy(outputs, p.list->data, plan->count * sizeof *outputs);
    plan->outputs = outputs;
    bool good = addresses_differ(&p);
    g_array_free(p.list, TRUE);
    return good ? plan : NULL;
}

const uint32_t *aj_plan_list(const AjPlan *plan, const AjSite *site, const AjPlanned *out,
                             uint32_t *count_out)
{
    switch (out->kind) {
    case AJ_OUT_HOME:
    case AJ_OUT_SECTION:
        *count_out = site->sections[out->index].page_count;
        return site->sections[out->index].pages;
    case AJ_OUT_KIND:
        *count_out = plan->kind_count[out->index];
        return plan->of_kind[out->index];
    case AJ_OUT_TERM:
        *count_out = site->taxonomies[out->index].terms[out->sub].page_count;
        return site->taxonomies[out->index].terms[out->sub].pages;
    default:
        *count_out = 0;
        return NULL;
    }
}
