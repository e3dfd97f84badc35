/* context - what a template sees.
 *
 * The site's map, lists, changes; a content page is driver/pagemap's, what programs read
 * driver/feed's. Must not know: how a template looks. */
#include "driver/context.h"

#include "base/text.h"
#include "driver/diffpage.h"
#include "driver/edition.h"
#include "driver/entry.h"
#include "driver/feed.h"
#include "driver/join.h"
#include "driver/kiosk.h"
#include "driver/pagemap.h"
#include "driver/sincepage.h"
#include "driver/sitecover.h"
#include "driver/versions.h"
#include "render/link.h"

#include <string.h>

enum { HOME_ENTRIES = 6, HOME_LATEST = 8, HOME_COURSES = 6, HOME_TERMS = 12, CHANGES_SHOWN = 80 };

/* Home and every section above `folder`; with itself when `own`. */
static AjValue *crumbs_of(AjArena *a, const AjContexts *c, const char *folder, bool own)
{
    AjValue *list = aj_value_list(a);
    aj_value_push(a, list,
                  aj_entry_crumb(a, aj_theme_word(c->theme, "home", "首页"), "index.html"));
    size_t len = strlen(folder);
    for (size_t i = 1; i <= len; i++) {
        if (i < len && folder[i] != '/')
            continue;
        const AjSection *s = aj_site_find_section(c->site, folder, i);
        if (s && (i < len || own))
            aj_value_push(a, list, aj_entry_crumb(a, s->title, s->address));
    }
    return list;
}

typedef struct {
    const char *when;
    uint32_t page;
} Dated;

static int by_when(const void *x, const void *y)
{
    const Dated *a = x, *b = y;
    int order = strcmp(b->when, a->when);
    return order ? order : (a->page > b->page) - (a->page < b->page);
}

const uint32_t *aj_context_newest(AjArena *a, const AjSite *site)
{
    g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(Dated));
    AjArena *scratch = aj_arena_new(1 << 14);
    for (uint32_t i = 0; i < site->page_count; i++) {
        const AjCommit *commit = aj_entry_last_commit(site, i);
        Dated d = {commit ? aj_entry_time(scratch, commit->time) : site->pages[i].date, i};
        bool home = site->sections[site->section_of[i]].folder[0] == 0 && site->pages[i].is_index;
        if (d.when && !site->pages[i].failed && !home)
            g_array_append_val(list, d);
    }
    g_array_sort(list, by_when);
    uint32_t *numbers = aj_arena_alloc(a, (list->len + 1) * sizeof *numbers);
    for (guint i = 0; i < list->len; i++)
        numbers[i] = g_array_index(list, Dated, i).page;
    numbers[list->len] = AJ_NO_PAGE;
    aj_arena_free(scratch);
    return numbers;
}

void aj_context_words(AjArena *a, AjContexts *c)
{
    static const char *const zh[AJ_KINDS] = {"案例", "标兵", "党课", "课程", "测验", "页面"};
    for (unsigned k = 0; k < AJ_KINDS; k++) {
        g_autofree char *word = g_strdup_printf("kind_names.%s", aj_kind_name((AjKind)k));
        c->kind_names[k] = aj_value_string(a, aj_kind_name((AjKind)k));
        c->kind_titles[k] = aj_value_string(a, aj_theme_word(c->theme, word, zh[k]));
    }
    c->yes = aj_value_bool(a, true);
    c->no = aj_value_bool(a, false);
    c->taxonomy_titles = aj_arena_alloc(a, (c->site->taxonomy_count + 1) * sizeof(AjValue *));
    for (uint32_t i = 0; i < c->site->taxonomy_count; i++) {
        const char *key = c->site->taxonomies[i].key;
        g_autofree char *word = g_strdup_printf("taxonomies.%s", key);
        c->taxonomy_titles[i] = aj_value_string(a, aj_theme_word(c->theme, word, key));
    }
}

/* The site */

static AjValue *asset_map(AjArena *a, const AjTheme *theme)
{
    AjValue *map = aj_value_map(a);
    for (uint32_t i = 0; i < theme->file_count; i++) {
        char *key = aj_arena_strdup(a, theme->files[i].name);
        for (char *p = key; *p; p++)
            if (!g_ascii_isalnum(*p))
                *p = '_';
        aj_value_set_string(a, map, key, theme->files[i].address);
    }
    return map;
}

const char *aj_context_site_id(AjArena *a, const AjConfig *config)
{
    if (*config->base_url)
        return config->base_url;
    g_autofree char *slug = aj_slug(config->title, strlen(config->title));
    return aj_arena_printf(a, "https://%s.invalid/", slug);
}

AjValue *aj_context_site(AjArena *a, const AjContexts *c)
{
    const AjConfig *config = c->site->config;
    AjValue *map = aj_value_map(a), *site = aj_value_map(a), *nav = aj_value_list(a);
    aj_value_set_string(a, site, "title", config->title);
    aj_value_set_string(a, site, "language", config->language);
    aj_value_set_string(a, site, "description", config->description);
    aj_value_set_string(a, site, "author", config->author);
    aj_value_set_string(a, site, "base_url", config->base_url);
    aj_value_set_string(a, site, "id", aj_context_site_id(a, config));
    if (config->extra)
        aj_value_set(a, site, "params", aj_value_copy(a, config->extra));
    for (uint32_t i = 0; i < c->site->section_count; i++) {
        const AjSection *s = &c->site->sections[i];
        if (*s->folder && !strchr(s->folder, '/'))
            aj_value_push(a, nav, aj_entry_crumb(a, s->title, s->address));
    }
    aj_value_set(a, map, "site", site);
    aj_value_set(a, map, "t", aj_value_copy(a, c->theme->strings));
    aj_value_set(a, map, "asset", asset_map(a, c->theme));
    aj_entry_set_list(a, map, "nav", nav);
    aj_value_set_bool(a, map, "has_search", c->has_search);
    aj_value_set_bool(a, map, "has_feed", *config->base_url != 0);
    aj_value_set_bool(a, map, "has_coverage",
                      aj_templates_has(c->theme->templates, "coverage.html") &&
                          aj_sitecover_is_wanted(c->site));
    aj_value_set_string(a, map, "search_base", "search/");
    aj_value_set_string(a, map, "generator", "Anjian " AJ_VERSION);
    return map;
}

/* Lists */

static void put_entries(AjArena *a, const AjContexts *c, AjValue *map, const AjPlanned *out)
{
    uint32_t total, size = c->site->config->page_size;
    const uint32_t *numbers = aj_plan_list(c->plan, c->site, out, &total);
    AjValue *entries = aj_value_list(a), *pages = aj_value_map(a);
    uint32_t from = (out->part - 1) * size;
    for (uint32_t i = from; i < total && i < from + size; i++)
        aj_value_push(a, entries, aj_entry_page(a, c, numbers[i]));
    aj_entry_set_list(a, map, "entries", entries);
    aj_value_set_int(a, map, "count", total);
    aj_value_set_int(a, pages, "number", out->part);
    aj_value_set_int(a, pages, "total", out->parts);
    aj_value_set_bool(a, pages, "has_more", out->parts > 1);
    const AjPlanned *first = out - (out->part - 1);
    if (out->part > 1)
        aj_value_set_string(a, pages, "prev",
                            aj_plan_part_address(a, first->address, out->part - 1));
    if (out->part < out->parts)
        aj_value_set_string(a, pages, "next",
                            aj_plan_part_address(a, first->address, out->part + 1));
    aj_value_set(a, map, "pages", pages);
}

static void put_subsections(AjArena *a, const AjContexts *c, AjValue *map, const AjSection *of)
{
    AjValue *list = aj_value_list(a);
    size_t len = strlen(of->folder);
    for (uint32_t i = 0; i < c->site->section_count; i++) {
        const AjSection *s = &c->site->sections[i];
        if (strncmp(s->folder, of->folder, len) == 0 && s->folder[len] == '/' &&
            !strchr(s->folder + len + 1, '/'))
            aj_value_push(a, list, aj_entry_crumb(a, s->title, s->address));
    }
    aj_entry_set_list(a, map, "subsections", list);
}

static void put_section(AjArena *a, const AjContexts *c, AjValue *map, const AjPlanned *out,
                        const AjValue *heavy)
{
    const AjSection *s = &c->site->sections[out->index];
    put_subsections(a, c, map, s);
    put_entries(a, c, map, out);
    aj_value_set_string(a, map, "summary", s->summary);
    if (s->index_page != AJ_NO_PAGE && out->part == 1)
        aj_pagemap_put(a, c, map, &c->site->pages[s->index_page], heavy);
    aj_value_set_string(a, map, "kind", "section");
}

static uint32_t pages_below(const AjSite *site, const AjSection *top)
{
    uint32_t count = 0;
    size_t len = strlen(top->folder);
    for (uint32_t i = 0; i < site->section_count; i++) {
        const char *folder = site->sections[i].folder;
        if (strncmp(folder, top->folder, len) == 0 && (!folder[len] || folder[len] == '/'))
            count += site->sections[i].page_count;
    }
    return count;
}

static const char *taxonomy_title(const AjContexts *c, const AjTaxonomy *taxonomy)
{
    return c->taxonomy_titles[taxonomy - c->site->taxonomies]->s;
}

/* At most `max` terms, those with most pages. */
static void put_taxonomy(AjArena *a, const AjContexts *c, AjValue *map, const AjTaxonomy *taxonomy,
                         uint32_t max)
{
    bool hazards = strcmp(taxonomy->key, "hazards") == 0;
    AjValue *terms = aj_value_list(a);
    for (uint32_t i = 0; i < taxonomy->term_count && i < max; i++) {
        AjValue *v = aj_entry_crumb(a, taxonomy->terms[i].name, taxonomy->terms[i].address);
        aj_value_set_int(a, v, "count", taxonomy->terms[i].page_count);
        aj_value_set_string(a, v, "sign_url",
                            hazards ? aj_entry_sign(c, taxonomy->terms[i].name) : "");
        aj_value_push(a, terms, v);
    }
    aj_value_set_string(a, map, "key", taxonomy->key);
    aj_value_set_bool(a, map, aj_arena_printf(a, "is_%s", taxonomy->key), true);
    aj_value_set_int(a, map, "count", taxonomy->term_count);
    aj_entry_set_list(a, map, "terms", terms);
}

/* The terms of one taxonomy, which may be missing, as the list KEY. */
static void put_terms_of(AjArena *a, const AjContexts *c, AjValue *map, const char *key)
{
    AjValue *found = aj_value_map(a);
    for (uint32_t i = 0; i < c->site->taxonomy_count; i++)
        if (strcmp(c->site->taxonomies[i].key, key) == 0)
            put_taxonomy(a, c, found, &c->site->taxonomies[i], HOME_TERMS);
    const AjValue *terms = aj_value_get(found, "terms");
    aj_entry_set_list(a, map, key, terms ? aj_value_copy(a, terms) : aj_value_list(a));
}

static void put_home(AjArena *a, const AjContexts *c, AjValue *map, const AjPlanned *out,
                     const AjValue *heavy)
{
    const AjSite *site = c->site;
    AjValue *sections = aj_value_list(a), *latest = aj_value_list(a), *courses = aj_value_list(a);
    AjValue *kinds = aj_value_list(a), *taxonomies = aj_value_list(a);
    for (uint32_t i = 0; i < site->section_count; i++) {
        const AjSection *s = &site->sections[i];
        if (!*s->folder || strchr(s->folder, '/'))
            continue;
        AjValue *v = aj_entry_crumb(a, s->title, s->address), *entries = aj_value_list(a);
        for (uint32_t n = 0; n < s->page_count && n < HOME_ENTRIES; n++)
            aj_value_push(a, entries, aj_entry_page(a, c, s->pages[n]));
        aj_value_set_string(a, v, "summary", s->summary);
        aj_entry_set_kind(a, c, v, s->kind);
        aj_value_set_int(a, v, "count", pages_below(site, s));
        aj_entry_set_list(a, v, "entries", entries);
        aj_value_push(a, sections, v);
    }
    for (uint32_t i = 0; c->newest[i] != AJ_NO_PAGE && i < HOME_LATEST; i++)
        aj_value_push(a, latest, aj_entry_page(a, c, c->newest[i]));
    for (uint32_t i = 0; i < site->course_count && i < HOME_COURSES; i++) {
        AjValue *v = aj_entry_page(a, c, site->courses[i].page);
        aj_value_set_int(a, v, "count", aj_entry_course_length(&site->courses[i]));
        aj_value_push(a, courses, v);
    }
    for (int k = 0; k < AJ_KINDS; k++) {
        if (!c->plan->kind_count[k] || k == AJ_KIND_PAGE)
            continue;
        AjValue *v = aj_entry_crumb(a, aj_entry_kind_title(c, (AjKind)k),
                                    aj_arena_printf(a, "kinds/%s.html", aj_kind_name((AjKind)k)));
        aj_value_set_string(a, v, "name", aj_kind_name((AjKind)k));
        aj_value_set_int(a, v, "count", c->plan->kind_count[k]);
        aj_value_push(a, kinds, v);
    }
    for (uint32_t i = 0; i < site->taxonomy_count; i++) {
        const AjTaxonomy *t = &site->taxonomies[i];
        AjValue *v = aj_entry_crumb(a, taxonomy_title(c, t), t->address);
        put_taxonomy(a, c, v, t, HOME_TERMS);
        if (t->term_count)
            aj_value_push(a, taxonomies, v);
    }
    uint32_t index = site->sections[out->index].index_page;
    if (index != AJ_NO_PAGE && out->part == 1)
        aj_pagemap_put(a, c, map, &site->pages[index], heavy);
    put_entries(a, c, map, out);
    aj_entry_set_list(a, map, "sections", sections);
    aj_entry_set_list(a, map, "latest", latest);
    aj_entry_set_list(a, map, "courses", courses);
    aj_value_set_int(a, map, "more_courses",
                     site->course_count > HOME_COURSES ? site->course_count : 0);
    aj_entry_set_list(a, map, "kinds", kinds);
    aj_entry_set_list(a, map, "taxonomies", taxonomies);
    aj_value_set_string(a, map, "kind", "home");
}

/* Changes, feed, sitemap */

typedef struct {
    int64_t time;
    uint32_t page, revision;
} Event;

static int by_time(const void *x, const void *y)
{
    const Event *a = x, *b = y;
    if (a->time != b->time)
        return a->time > b->time ? -1 : 1;
    return (a->page > b->page) - (a->page < b->page);
}

static void put_changes(AjArena *a, const AjContexts *c, AjValue *map)
{
    const AjSite *site = c->site;
    g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(Event));
    for (uint32_t i = 0; i < site->page_count; i++) {
        const AjPathLog *log = site->logs[i];
        for (uint32_t r = 0; log && r < log->count; r++) {
            Event e = {site->history->commits[log->commits[r]].time, i, r};
            g_array_append_val(events, e);
        }
    }
    g_array_sort(events, by_time);
    AjValue *days = aj_value_list(a), *entries = NULL;
    const char *day = "";
    for (guint i = 0; i < events->len && i < CHANGES_SHOWN; i++) {
        const Event *e = &g_array_index(events, Event, i);
        const AjPathLog *log = site->logs[e->page];
        AjValue *v = aj_entry_page(a, c, e->page);
        AjValue *about = aj_entry_page_revision(a, c, e->page, e->revision);
        for (uint32_t k = 0; k < about->len; k++)
            aj_value_set(a, v, about->entries[k].key, about->entries[k].value);
        if (c->sketch)
            aj_value_set_int(a, about, "number", log->count - e->revision);
        if (!entries || strcmp(day, aj_value_get_string(about, "date", "")) != 0) {
            day = aj_value_get_string(about, "date", "");
            AjValue *block = aj_value_map(a);
            entries = aj_value_list(a);
            aj_value_set_string(a, block, "date", day);
            aj_value_set(a, block, "entries", entries);
            aj_value_push(a, days, block);
        }
        aj_value_push(a, entries, v);
    }
    aj_entry_set_list(a, map, "days", days);
    aj_value_set(a, map, "commit",
                 aj_value_stringn(a, site->history->head, MIN(strlen(site->history->head), 7)));
    aj_value_set_bool(a, map, "is_shallow", site->history->state == AJ_HISTORY_SHALLOW);
}

enum { DIFF_LIMIT = 1 << 20 }; /* of a page's text, as pass 1 has it */

static void read_side(const AjContexts *c, const AjPathLog *log, uint32_t r, AjDiffSide *side)
{
    const AjCommit *commit = &c->site->history->commits[log->commits[r]];
    g_autofree char *path = g_strconcat(c->prefix, aj_versions_path(log, r), NULL);
    char *bytes = NULL;
    side->source = aj_versions_path(log, r);
    aj_repo_file(c->repo, commit->id, path, DIFF_LIMIT, &bytes, &side->len, NULL);
    side->bytes = bytes;
}

/* A page that cannot be read may be one. */
static bool is_exam(const AjPage *page)
{
    return strcmp(aj_value_get_string(page->quiz, "mode", ""), "exam") == 0 ||
           (page->failed && page->kind == AJ_KIND_QUIZ);
}

/* The commits decide everything but whether the page is an exam now, so a sketch reads no text. */
static void put_diff(AjArena *a, const AjContexts *c, AjValue *map, const AjPlanned *out)
{
    const AjPathLog *log = c->site->logs[out->index];
    uint32_t base = aj_versions_base(c->site, log, out->sub);
    aj_value_set(a, map, "page", aj_entry_page(a, c, out->index));
    aj_value_set(a, map, "from", aj_entry_page_revision(a, c, out->index, base));
    aj_value_set(a, map, "to", aj_entry_page_revision(a, c, out->index, out->sub));
    bool exam = is_exam(&c->site->pages[out->index]);
    aj_value_set_bool(a, map, "hides_answers", exam);
    if (c->sketch)
        return;
    AjDiffSide before, after;
    read_side(c, log, base, &before);
    read_side(c, log, out->sub, &after);
    aj_value_set_bool(a, map, "is_missing", !before.bytes || !after.bytes);
    if (before.bytes && after.bytes) {
        AjValue *diff = aj_diffpage_map(a, &before, &after);
        if (exam || aj_diffpage_is_exam(a, &before) || aj_diffpage_is_exam(a, &after))
            aj_diffpage_hide_answers(a, diff);
        aj_value_set(a, map, "diff", diff);
    }
    g_free((char *)before.bytes);
    g_free((char *)after.bytes);
}

/* Outputs */

const AjPage *aj_context_page(const AjContexts *c, const AjPlanned *out)
{
    uint32_t n = AJ_NO_PAGE;
    if (out->kind == AJ_OUT_PAGE || out->kind == AJ_OUT_REDIRECT || out->kind == AJ_OUT_QUESTIONS)
        n = out->index;
    else if ((out->kind == AJ_OUT_SECTION || out->kind == AJ_OUT_HOME) && out->part == 1)
        n = c->site->sections[out->index].index_page;
    return n == AJ_NO_PAGE ? NULL : &c->site->pages[n];
}

static const char *title_of(const AjContexts *c, const AjPlanned *out)
{
    switch (out->kind) {
    case AJ_OUT_PAGE:
    case AJ_OUT_REDIRECT:
    case AJ_OUT_DIFF:
    case AJ_OUT_QUESTIONS:
        return c->site->pages[out->index].title;
    case AJ_OUT_SECTION:
        return c->site->sections[out->index].title;
    case AJ_OUT_KIND:
        return aj_entry_kind_title(c, (AjKind)out->index);
    case AJ_OUT_TAXONOMY:
        return taxonomy_title(c, &c->site->taxonomies[out->index]);
    case AJ_OUT_TERM:
        return c->site->taxonomies[out->index].terms[out->sub].name;
    case AJ_OUT_SEARCH:
        return aj_theme_word(c->theme, "search.title", "搜索");
    case AJ_OUT_SINCE:
        return aj_theme_word(c->theme, "since.title", "上次培训以后改了什么");
    case AJ_OUT_CHANGES:
        return aj_theme_word(c->theme, "changes.title", "最近的修改");
    case AJ_OUT_COVERAGE:
        return aj_theme_word(c->theme, "coverage.title", "岗位和危险因素");
    case AJ_OUT_KIOSK:
        return aj_theme_word(c->theme, "kiosk.title", "一体机");
    case AJ_OUT_404:
        return aj_theme_word(c->theme, "notfound.title", "没有找到这个页面");
    default:
        return c->site->config->title;
    }
}

static AjValue *crumbs_to(AjArena *a, const AjContexts *c, const AjPlanned *out)
{
    const AjPage *page = aj_context_page(c, out);
    if (out->kind == AJ_OUT_HOME)
        return aj_value_list(a);
    if (out->kind == AJ_OUT_SECTION)
        return crumbs_of(a, c, c->site->sections[out->index].folder, false);
    if (page)
        return crumbs_of(a, c, c->site->sections[c->site->section_of[page->number]].folder, true);
    if (out->kind == AJ_OUT_DIFF) {
        AjPlanned up = {.kind = AJ_OUT_PAGE, .index = out->index};
        AjValue *above = crumbs_to(a, c, &up);
        page = &c->site->pages[out->index];
        aj_value_push(a, above, aj_entry_crumb(a, page->title, page->address));
        return above;
    }
    AjValue *list = crumbs_of(a, c, "", false);
    if (out->kind == AJ_OUT_SINCE)
        aj_value_push(a, list,
                      aj_entry_crumb(a, aj_theme_word(c->theme, "changes.title", "最近的修改"),
                                     "changes.html"));
    if (out->kind == AJ_OUT_TERM) {
        AjPlanned up = {.kind = AJ_OUT_TAXONOMY, .index = out->index};
        aj_value_push(a, list,
                      aj_entry_crumb(a, title_of(c, &up), c->site->taxonomies[out->index].address));
    }
    return list;
}

AjValue *aj_context_output(AjArena *a, const AjContexts *c, const AjPlanned *out,
                           const AjValue *heavy)
{
    static const char *const names[] = {
        "page",    "home",     "section", "kind",  "taxonomy", "term",  "search",
        "changes", "coverage", "404",     "kiosk", "redirect", "feed",  "sitemap",
        "robots",  "parts",    "cards",   "steps", "diff",     "since", "questions"};
    G_STATIC_ASSERT(G_N_ELEMENTS(names) == AJ_OUTS);
    const AjPage *page = aj_context_page(c, out);
    AjValue *map = aj_value_map(a);
    g_autoptr(GString) root = g_string_new(NULL);
    aj_link_root(out->address, root);
    size_t stem = strcspn(out->template, ".");
    aj_value_set_string(a, map, "root", root->str);
    aj_value_set_string(a, map, "url", out->address);
    aj_value_set(a, map, "template", aj_value_stringn(a, out->template, stem));
    if (!c->sketch || !page) {
        aj_value_set_string(a, map, "title", title_of(c, out));
        aj_value_set_string(a, map, "description", page ? page->summary : "");
    }
    aj_value_set_string(a, map, "kind", names[out->kind]);
    aj_value_set_bool(a, map, aj_arena_printf(a, "is_%s", names[out->kind]), true);
    aj_entry_set_list(a, map, "breadcrumbs", crumbs_to(a, c, out));
    if (c->editions)
        aj_editions_put(a, c->editions, map, out->address, root->str);
    if (c->sketch && page)
        aj_value_set(a, map, "page", aj_entry_page(a, c, page->number));
    switch (out->kind) {
    case AJ_OUT_PAGE:
        if (page->failed)
            aj_value_set_string(a, map, "message", page->source);
        else
            aj_pagemap_put(a, c, map, page, heavy);
        break;
    case AJ_OUT_HOME:
        aj_value_set_string(a, map, "description", c->site->config->description);
        put_home(a, c, map, out, heavy);
        break;
    case AJ_OUT_SECTION:
        put_section(a, c, map, out, heavy);
        break;
    case AJ_OUT_KIND:
    case AJ_OUT_TERM:
        put_entries(a, c, map, out);
        break;
    case AJ_OUT_TAXONOMY:
        put_taxonomy(a, c, map, &c->site->taxonomies[out->index], UINT32_MAX);
        break;
    case AJ_OUT_CHANGES:
        put_changes(a, c, map);
        aj_sincepage_put_list(a, c, map);
        break;
    case AJ_OUT_COVERAGE:
        aj_sitecover_put(a, c, map);
        break;
    case AJ_OUT_KIOSK:
        aj_kiosk_put_stories(a, c, map);
        if (c->sketch) { /* the page is weighed with what it fetches */
            put_terms_of(a, c, map, "hazards");
            aj_kiosk_put_cards(a, c, map);
        }
        break;
    case AJ_OUT_KIOSK_PARTS:
        put_terms_of(a, c, map, "hazards");
        break;
    case AJ_OUT_KIOSK_CARDS:
        aj_kiosk_put_cards(a, c, map);
        break;
    case AJ_OUT_KIOSK_STEPS:
        aj_kiosk_put_steps(a, c, map, out->index);
        break;
    case AJ_OUT_REDIRECT: {
        g_autoptr(GString) target = g_string_new(NULL);
        aj_link_relative(out->address, page->address, target);
        aj_value_set_string(a, map, "target", target->str);
        aj_value_set_string(a, map, "target_title", page->title);
        break;
    }
    case AJ_OUT_FEED:
        aj_feed_atom(a, c, map);
        break;
    case AJ_OUT_SITEMAP:
        aj_feed_sitemap(a, c, map);
        break;
    case AJ_OUT_DIFF:
        put_diff(a, c, map, out);
        break;
    case AJ_OUT_SINCE:
        aj_sincepage_put(a, c, map, out->index);
        break;
    default:
        break;
    }
    return map;
}
