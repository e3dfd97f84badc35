/* context - what a template sees.
 *
 * Every key that a template may ask inside a list is set on each entry, empty if need be: Mustache
 * would else find the value of an outer map. Must not know: how a template looks. */
#include "driver/context.h"

#include "base/json.h"
#include "driver/join.h"
#include "render/link.h"

#include <string.h>
#include <time.h>

enum {
    HOME_ENTRIES = 6,
    HOME_LATEST = 8,
    FEED_ENTRIES = 20,
    CHANGES_SHOWN = 200,
    BACKLINKS_SHOWN = 50
};

static void set(AjArena *a, AjValue *map, const char *key, AjValue *v)
{
    aj_value_set(a, map, key, v);
}

/* A list and the has_… beside it that a section around the list needs. */
static void set_list(AjArena *a, AjValue *map, const char *key, AjValue *list)
{
    set(a, map, key, list);
    aj_value_set_bool(a, map, aj_arena_printf(a, "has_%s", key), list->len > 0);
}

static const char *day_of(AjArena *a, int64_t seconds, int offset)
{
    time_t local = (time_t)(seconds + offset * 60);
    struct tm tm;
    char text[16];
    gmtime_r(&local, &tm);
    strftime(text, sizeof text, "%Y-%m-%d", &tm);
    return aj_arena_strdup(a, text);
}

static const char *rfc3339(AjArena *a, int64_t seconds)
{
    time_t utc = (time_t)seconds;
    struct tm tm;
    char text[32];
    gmtime_r(&utc, &tm);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
    return aj_arena_strdup(a, text);
}

static const AjCommit *last_commit(const AjSite *site, uint32_t number)
{
    const AjPathLog *log = site->logs[number];
    return log && log->count ? &site->history->commits[log->commits[0]] : NULL;
}

/* Entries */

static const char *kind_title(const AjContexts *c, AjKind kind)
{
    static const char *const zh[AJ_KINDS] = {"案例", "标兵", "党课", "课程", "测验", "页面"};
    g_autofree char *path = g_strdup_printf("kind_names.%s", aj_kind_name(kind));
    return aj_theme_word(c->theme, path, zh[kind]);
}

static void set_kind(AjArena *a, AjValue *map, const char *kind)
{
    aj_value_set_string(a, map, "kind", kind);
    aj_value_set_bool(a, map, aj_arena_printf(a, "is_%s", kind), true);
}

static AjValue *ref_new(AjArena *a, const AjContexts *c, uint32_t number)
{
    const AjPage *page = &c->site->pages[number];
    const AjValue *light = aj_join_light(c->site, number);
    AjValue *ref = aj_value_map(a);
    aj_value_set_string(a, ref, "title", page->title);
    aj_value_set_string(a, ref, "url", page->address);
    set_kind(a, ref, aj_kind_name(page->kind));
    aj_value_set_string(a, ref, "kind_title", kind_title(c, page->kind));
    aj_value_set_string(a, ref, "date", page->date ? page->date : "");
    aj_value_set_string(a, ref, "summary", page->summary);
    const AjValue *taxa = aj_value_get(light, "taxa");
    AjValue *tags = aj_value_list(a);
    for (uint32_t k = 0; k < aj_value_len(taxa) && k < 2; k++)
        for (uint32_t i = 0; i < taxa->entries[k].value->len && tags->len < 4; i++)
            aj_value_push(a, tags, taxa->entries[k].value->items[i]);
    set_list(a, ref, "tags", tags);
    return ref;
}

static AjValue *crumb(AjArena *a, const char *title, const char *url)
{
    AjValue *v = aj_value_map(a);
    aj_value_set_string(a, v, "title", title);
    aj_value_set_string(a, v, "url", url);
    return v;
}

/* Home and every section above `folder`; with itself when `own`. */
static AjValue *crumbs_of(AjArena *a, const AjContexts *c, const char *folder, bool own)
{
    AjValue *list = aj_value_list(a);
    aj_value_push(a, list, crumb(a, aj_theme_word(c->theme, "home", "首页"), "index.html"));
    size_t len = strlen(folder);
    for (size_t i = 1; i <= len; i++) {
        if (i < len && folder[i] != '/')
            continue;
        const AjSection *s = aj_site_find_section(c->site, folder, i);
        if (s && (i < len || own))
            aj_value_push(a, list, crumb(a, s->title, s->address));
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
        const AjCommit *commit = last_commit(site, i);
        Dated d = {commit ? rfc3339(scratch, commit->time) : site->pages[i].date, i};
        if (d.when && !site->pages[i].failed)
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

AjValue *aj_context_site(AjArena *a, const AjContexts *c)
{
    const AjConfig *config = c->site->config;
    AjValue *map = aj_value_map(a), *site = aj_value_map(a), *nav = aj_value_list(a);
    aj_value_set_string(a, site, "title", config->title);
    aj_value_set_string(a, site, "language", config->language);
    aj_value_set_string(a, site, "description", config->description);
    aj_value_set_string(a, site, "author", config->author);
    aj_value_set_string(a, site, "base_url", config->base_url);
    if (config->extra)
        set(a, site, "params", aj_value_copy(a, config->extra));
    for (uint32_t i = 0; i < c->site->section_count; i++) {
        const AjSection *s = &c->site->sections[i];
        if (*s->folder && !strchr(s->folder, '/'))
            aj_value_push(a, nav, crumb(a, s->title, s->address));
    }
    set(a, map, "site", site);
    set(a, map, "t", aj_value_copy(a, c->theme->strings));
    set(a, map, "asset", asset_map(a, c->theme));
    set_list(a, map, "nav", nav);
    aj_value_set_bool(a, map, "has_search", c->has_search);
    aj_value_set_bool(a, map, "has_feed", *config->base_url != 0);
    aj_value_set_string(a, map, "search_base", "search/");
    aj_value_set_string(a, map, "generator", "Anjian " AJ_VERSION);
    return map;
}

/* One page */

/* Strings in lists become {text}, so that a template may say {{text}} for every kind of list. */
static AjValue *meta_of(AjArena *a, const AjValue *meta)
{
    AjValue *out = aj_value_map(a);
    for (uint32_t i = 0; i < aj_value_len(meta); i++) {
        const char *key = meta->entries[i].key;
        AjValue *v = meta->entries[i].value;
        if (v->type != AJ_VALUE_LIST) {
            set(a, out, key, v);
            continue;
        }
        AjValue *list = aj_value_list(a);
        for (uint32_t n = 0; n < v->len; n++) {
            AjValue *item = v->items[n];
            if (item->type == AJ_VALUE_STRING) {
                AjValue *text = aj_value_map(a);
                set(a, text, "text", item);
                item = text;
            }
            aj_value_push(a, list, item);
        }
        set_list(a, out, key, list);
    }
    return out;
}

static void put_sources(AjArena *a, AjValue *map, const AjValue *meta)
{
    const AjValue *from = aj_value_get(meta, "sources");
    AjValue *list = aj_value_list(a);
    for (uint32_t i = 0; i < aj_value_len(from); i++) {
        const AjValue *item = aj_value_at(from, i);
        AjValue *source = aj_value_map(a);
        const char *text = item->type == AJ_VALUE_STRING ? item->s : "";
        const char *url = aj_value_get_string(item, "url", "");
        text = aj_value_get_string(item, "text", aj_value_get_string(item, "title", text));
        aj_value_set_string(a, source, "text", *text ? text : url);
        aj_value_set_string(a, source, "url", url);
        aj_value_set_string(a, source, "date", aj_value_get_string(item, "date", ""));
        aj_value_push(a, list, source);
    }
    set_list(a, map, "sources", list);
}

static void put_toc(AjArena *a, AjValue *map, const AjValue *headings)
{
    AjValue *toc = aj_value_list(a);
    for (uint32_t i = 0; i < aj_value_len(headings); i++) {
        const AjValue *h = aj_value_at(headings, i);
        int64_t level = aj_value_get_int(h, "level", 0);
        if (level != 2 && level != 3)
            continue;
        AjValue *entry = aj_value_map(a);
        aj_value_set_string(a, entry, "id", aj_value_get_string(h, "id", ""));
        aj_value_set_string(a, entry, "text", aj_value_get_string(h, "text", ""));
        aj_value_set_int(a, entry, "level", level);
        aj_value_set_bool(a, entry, "is_h2", level == 2);
        aj_value_set_bool(a, entry, "is_h3", level == 3);
        aj_value_push(a, toc, entry);
    }
    set(a, map, "toc", toc);
    aj_value_set_bool(a, map, "has_toc", toc->len >= 2);
}

static void put_terms(AjArena *a, const AjContexts *c, AjValue *map, const AjPage *page)
{
    AjValue *list = aj_value_list(a);
    const AjValue *taxa = aj_value_get(aj_join_light(c->site, page->number), "taxa");
    for (uint32_t t = 0; t < c->site->taxonomy_count; t++) {
        const AjTaxonomy *taxonomy = &c->site->taxonomies[t];
        const AjValue *names = aj_value_get(taxa, taxonomy->key);
        if (!aj_value_len(names))
            continue;
        AjValue *entry = aj_value_map(a), *items = aj_value_list(a);
        g_autofree char *word = g_strdup_printf("taxonomies.%s", taxonomy->key);
        for (uint32_t n = 0; n < taxonomy->term_count; n++)
            for (uint32_t i = 0; i < names->len; i++)
                if (strcmp(taxonomy->terms[n].name, names->items[i]->s) == 0)
                    aj_value_push(a, items,
                                  crumb(a, taxonomy->terms[n].name, taxonomy->terms[n].address));
        aj_value_set_string(a, entry, "key", taxonomy->key);
        aj_value_set_string(a, entry, "title", aj_theme_word(c->theme, word, taxonomy->key));
        set(a, entry, "items", items);
        aj_value_push(a, list, entry);
    }
    set_list(a, map, "terms", list);
}

static AjValue *commit_map(AjArena *a, const AjCommit *commit, uint32_t number)
{
    AjValue *v = aj_value_map(a);
    aj_value_set_int(a, v, "number", number);
    aj_value_set_string(a, v, "date", day_of(a, commit->time, commit->offset));
    aj_value_set(a, v, "commit", aj_value_stringn(a, commit->id, 7));
    aj_value_set_string(a, v, "author", commit->author);
    aj_value_set_string(a, v, "subject", commit->subject);
    aj_value_set_bool(a, v, "is_substance", commit->change == AJ_CHANGE_SUBSTANCE);
    aj_value_set_bool(a, v, "is_wording", commit->change == AJ_CHANGE_WORDING);
    return v;
}

static void put_history(AjArena *a, const AjContexts *c, AjValue *map, const AjPage *page)
{
    const AjHistory *history = c->site->history;
    const AjPathLog *log = c->site->logs[page->number];
    AjValue *version = aj_value_map(a), *changes = aj_value_list(a);
    g_autoptr(GString) authors = g_string_new(NULL);
    for (uint32_t i = 0; log && i < log->count; i++) {
        const AjCommit *commit = &history->commits[log->commits[i]];
        aj_value_push(a, changes, commit_map(a, commit, log->count - i));
        if (!strstr(authors->str, commit->author))
            g_string_append_printf(authors, "%s%s", authors->len ? "、" : "", commit->author);
    }
    if (log && log->count) {
        const AjCommit *last = &history->commits[log->commits[0]];
        version = commit_map(a, last, log->count);
        const AjCommit *first = &history->commits[log->commits[log->count - 1]];
        aj_value_set_string(a, version, "author", first->author);
        aj_value_set_string(a, version, "authors", authors->str);
        for (uint32_t i = 0; i < log->count; i++) {
            const AjCommit *commit = &history->commits[log->commits[i]];
            if (commit->reviewed_by && !aj_value_get(version, "reviewed_by"))
                aj_value_set_string(a, version, "reviewed_by", commit->reviewed_by);
            if (commit->approved_by && !aj_value_get(version, "approved_by"))
                aj_value_set_string(a, version, "approved_by", commit->approved_by);
        }
    }
    bool in_git = history->state == AJ_HISTORY_FULL || history->state == AJ_HISTORY_SHALLOW;
    aj_value_set_bool(a, version, "modified", in_git && (!log || log->modified));
    aj_value_set_bool(a, version, "history_state_none", history->state == AJ_HISTORY_NONE);
    aj_value_set_bool(a, version, "history_state_empty", history->state == AJ_HISTORY_EMPTY);
    aj_value_set_bool(a, version, "history_state_shallow", history->state == AJ_HISTORY_SHALLOW);
    set(a, map, "version", version);
    set_list(a, map, "changes", changes);
}

static void put_neighbours(AjArena *a, const AjContexts *c, AjValue *map, const AjPage *page)
{
    const AjSection *s = &c->site->sections[c->site->section_of[page->number]];
    uint32_t place = c->site->place[page->number];
    bool has_prev = place != AJ_NO_PAGE && place > 0;
    bool has_next = place != AJ_NO_PAGE && place + 1 < s->page_count;
    if (has_prev)
        set(a, map, "prev", ref_new(a, c, s->pages[place - 1]));
    if (has_next)
        set(a, map, "next", ref_new(a, c, s->pages[place + 1]));
    aj_value_set_bool(a, map, "has_neighbours", has_prev || has_next);
}

/* The steps of a course: its pages, then its exam when that is not one of them. */
static uint32_t course_step(const AjCourse *course, uint32_t i)
{
    return i < course->page_count ? course->pages[i] : course->exam;
}

static uint32_t course_length(const AjCourse *course)
{
    for (uint32_t i = 0; i < course->page_count; i++)
        if (course->pages[i] == course->exam)
            return course->page_count;
    return course->page_count + (course->exam != AJ_NO_PAGE);
}

static void put_courses(AjArena *a, const AjContexts *c, AjValue *map, const AjPage *page)
{
    AjValue *courses = aj_value_list(a);
    for (uint32_t n = 0; n < c->site->course_count; n++) {
        const AjCourse *course = &c->site->courses[n];
        uint32_t count = course_length(course);
        for (uint32_t i = 0; i < count; i++) {
            if (course_step(course, i) != page->number)
                continue;
            AjValue *v = ref_new(a, c, course->page);
            aj_value_set_int(a, v, "position", i + 1);
            aj_value_set_int(a, v, "count", count);
            if (i > 0)
                set(a, v, "prev", ref_new(a, c, course_step(course, i - 1)));
            if (i + 1 < count)
                set(a, v, "next", ref_new(a, c, course_step(course, i + 1)));
            aj_value_push(a, courses, v);
            break;
        }
        if (course->page != page->number)
            continue;
        AjValue *steps = aj_value_list(a);
        for (uint32_t i = 0; i < course->page_count; i++) {
            AjValue *step = ref_new(a, c, course->pages[i]);
            aj_value_set_int(a, step, "position", i + 1);
            aj_value_push(a, steps, step);
        }
        set_list(a, map, "course_pages", steps);
        if (course->exam != AJ_NO_PAGE)
            set(a, map, "course_exam", ref_new(a, c, course->exam));
    }
    if (courses->len)
        set(a, map, "course", courses->items[0]);
    set_list(a, map, "courses", courses);
}

static void put_backlinks(AjArena *a, const AjContexts *c, AjValue *map, const AjPage *page)
{
    const AjSite *site = c->site;
    AjValue *list = aj_value_list(a);
    for (uint32_t i = site->first_backlink[page->number];
         i < site->first_backlink[page->number + 1] && list->len < BACKLINKS_SHOWN; i++)
        aj_value_push(a, list, ref_new(a, c, site->backlinks[i]));
    set_list(a, map, "backlinks", list);
}

static void put_quiz(AjArena *a, AjValue *map, const AjValue *quiz)
{
    if (!quiz)
        return;
    AjValue *v = aj_value_map(a), *json = aj_value_map(a);
    for (uint32_t i = 0; i < quiz->len; i++) {
        const char *key = quiz->entries[i].key;
        if (strcmp(key, "questions") == 0)
            continue;
        set(a, v, key, quiz->entries[i].value);
        set(a, json, key, quiz->entries[i].value);
    }
    g_autoptr(GString) text = g_string_new(NULL);
    aj_json_print(json, 0, text);
    aj_value_set_string(a, v, "json", text->str);
    set(a, map, "quiz", v);
}

static bool has_facts(const AjValue *meta)
{
    static const char *const keys[] = {"time", "place", "industry", "deaths", "injuries", "loss"};
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
        if (aj_value_get(meta, keys[i]))
            return true;
    return false;
}

static void put_page(AjArena *a, const AjContexts *c, AjValue *map, const AjPage *page,
                     const AjValue *heavy)
{
    const AjValue *meta = aj_value_get(heavy, "meta");
    const AjValue *light = aj_join_light(c->site, page->number);
    set_kind(a, map, aj_kind_name(page->kind));
    aj_value_set_string(a, map, "kind_title", kind_title(c, page->kind));
    set(a, map, "meta", meta_of(a, meta));
    aj_value_set_bool(a, map, "has_facts", has_facts(meta));
    aj_value_set_int(a, map, "reading_minutes", aj_value_get_int(light, "minutes", 1));
    put_sources(a, map, meta);
    put_toc(a, map, aj_value_get(heavy, "headings"));
    put_terms(a, c, map, page);
    put_history(a, c, map, page);
    put_neighbours(a, c, map, page);
    put_courses(a, c, map, page);
    put_backlinks(a, c, map, page);
    put_quiz(a, map, aj_value_get(heavy, "quiz"));
}

/* Lists */

static void put_entries(AjArena *a, const AjContexts *c, AjValue *map, const AjPlanned *out)
{
    uint32_t total, size = c->site->config->page_size;
    const uint32_t *numbers = aj_plan_list(c->plan, c->site, out, &total);
    AjValue *entries = aj_value_list(a), *pages = aj_value_map(a);
    uint32_t from = (out->part - 1) * size;
    for (uint32_t i = from; i < total && i < from + size; i++)
        aj_value_push(a, entries, ref_new(a, c, numbers[i]));
    set_list(a, map, "entries", entries);
    aj_value_set_int(a, map, "count", total);
    aj_value_set_int(a, pages, "number", out->part);
    aj_value_set_int(a, pages, "total", out->parts);
    aj_value_set_bool(a, pages, "has_more", out->parts > 1);
    const AjPlanned *first = out - (out->part - 1);
    if (out->part > 1)
        aj_value_set_string(a, pages, "prev", aj_plan_part_address(a, first->address, out->part - 1));
    if (out->part < out->parts)
        aj_value_set_string(a, pages, "next", aj_plan_part_address(a, first->address, out->part + 1));
    set(a, map, "pages", pages);
}

static void put_subsections(AjArena *a, const AjContexts *c, AjValue *map, const AjSection *of)
{
    AjValue *list = aj_value_list(a);
    size_t len = strlen(of->folder);
    for (uint32_t i = 0; i < c->site->section_count; i++) {
        const AjSection *s = &c->site->sections[i];
        if (strncmp(s->folder, of->folder, len) == 0 && s->folder[len] == '/' &&
            !strchr(s->folder + len + 1, '/'))
            aj_value_push(a, list, crumb(a, s->title, s->address));
    }
    set_list(a, map, "subsections", list);
}

static void put_section(AjArena *a, const AjContexts *c, AjValue *map, const AjPlanned *out,
                        const AjValue *heavy)
{
    const AjSection *s = &c->site->sections[out->index];
    put_subsections(a, c, map, s);
    put_entries(a, c, map, out);
    aj_value_set_string(a, map, "summary", s->summary);
    if (s->index_page != AJ_NO_PAGE && out->part == 1)
        put_page(a, c, map, &c->site->pages[s->index_page], heavy);
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

static void put_home(AjArena *a, const AjContexts *c, AjValue *map, const AjPlanned *out,
                     const AjValue *heavy)
{
    const AjSite *site = c->site;
    AjValue *sections = aj_value_list(a), *latest = aj_value_list(a), *courses = aj_value_list(a);
    AjValue *kinds = aj_value_list(a);
    for (uint32_t i = 0; i < site->section_count; i++) {
        const AjSection *s = &site->sections[i];
        if (!*s->folder || strchr(s->folder, '/'))
            continue;
        AjValue *v = crumb(a, s->title, s->address), *entries = aj_value_list(a);
        for (uint32_t n = 0; n < s->page_count && n < HOME_ENTRIES; n++)
            aj_value_push(a, entries, ref_new(a, c, s->pages[n]));
        aj_value_set_string(a, v, "summary", s->summary);
        set_kind(a, v, aj_kind_name(s->kind));
        aj_value_set_int(a, v, "count", pages_below(site, s));
        set_list(a, v, "entries", entries);
        aj_value_push(a, sections, v);
    }
    for (uint32_t i = 0; c->newest[i] != AJ_NO_PAGE && i < HOME_LATEST; i++)
        aj_value_push(a, latest, ref_new(a, c, c->newest[i]));
    for (uint32_t i = 0; i < site->course_count; i++) {
        AjValue *v = ref_new(a, c, site->courses[i].page);
        aj_value_set_int(a, v, "count", course_length(&site->courses[i]));
        aj_value_push(a, courses, v);
    }
    for (int k = 0; k < AJ_KINDS; k++) {
        if (!c->plan->kind_count[k] || k == AJ_KIND_PAGE)
            continue;
        AjValue *v = crumb(a, kind_title(c, (AjKind)k),
                           aj_arena_printf(a, "kinds/%s.html", aj_kind_name((AjKind)k)));
        aj_value_set_string(a, v, "name", aj_kind_name((AjKind)k));
        aj_value_set_int(a, v, "count", c->plan->kind_count[k]);
        aj_value_push(a, kinds, v);
    }
    uint32_t index = site->sections[out->index].index_page;
    if (index != AJ_NO_PAGE && out->part == 1)
        put_page(a, c, map, &site->pages[index], heavy);
    put_entries(a, c, map, out);
    set_list(a, map, "sections", sections);
    set_list(a, map, "latest", latest);
    set_list(a, map, "courses", courses);
    set_list(a, map, "kinds", kinds);
    aj_value_set_string(a, map, "kind", "home");
}

static void put_taxonomy(AjArena *a, AjValue *map, const AjTaxonomy *taxonomy)
{
    AjValue *terms = aj_value_list(a);
    for (uint32_t i = 0; i < taxonomy->term_count; i++) {
        AjValue *v = crumb(a, taxonomy->terms[i].name, taxonomy->terms[i].address);
        aj_value_set_int(a, v, "count", taxonomy->terms[i].page_count);
        aj_value_push(a, terms, v);
    }
    aj_value_set_string(a, map, "key", taxonomy->key);
    set_list(a, map, "terms", terms);
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
        const AjCommit *commit = &site->history->commits[log->commits[e->revision]];
        AjValue *v = ref_new(a, c, e->page);
        AjValue *about = commit_map(a, commit, log->count - e->revision);
        for (uint32_t k = 0; k < about->len; k++)
            set(a, v, about->entries[k].key, about->entries[k].value);
        if (strcmp(day, aj_value_get_string(about, "date", "")) != 0) {
            day = aj_value_get_string(about, "date", "");
            AjValue *block = aj_value_map(a);
            entries = aj_value_list(a);
            aj_value_set_string(a, block, "date", day);
            set(a, block, "entries", entries);
            aj_value_push(a, days, block);
        }
        aj_value_push(a, entries, v);
    }
    set_list(a, map, "days", days);
    aj_value_set(a, map, "commit", aj_value_stringn(a, site->history->head,
                                                    MIN(strlen(site->history->head), 7)));
    aj_value_set_bool(a, map, "is_shallow", site->history->state == AJ_HISTORY_SHALLOW);
}

static const char *absolute(AjArena *a, const AjContexts *c, const char *address)
{
    return aj_arena_printf(a, "%s%s", c->site->config->base_url, address);
}

static const char *updated_of(AjArena *a, const AjContexts *c, uint32_t number)
{
    const AjCommit *commit = last_commit(c->site, number);
    const char *date = c->site->pages[number].date;
    if (commit)
        return rfc3339(a, commit->time);
    return date ? aj_arena_printf(a, "%sT00:00:00Z", date) : "";
}

static void put_feed(AjArena *a, const AjContexts *c, AjValue *map)
{
    AjValue *entries = aj_value_list(a);
    const char *newest = "1970-01-01T00:00:00Z";
    for (uint32_t i = 0; c->newest[i] != AJ_NO_PAGE && i < FEED_ENTRIES; i++) {
        uint32_t n = c->newest[i];
        AjValue *v = ref_new(a, c, n);
        const char *updated = updated_of(a, c, n);
        newest = strcmp(updated, newest) > 0 ? updated : newest;
        aj_value_set_string(a, v, "updated", updated);
        aj_value_set_string(a, v, "absolute_url", absolute(a, c, c->site->pages[n].address));
        aj_value_set_string(a, v, "id", absolute(a, c, c->site->pages[n].address));
        aj_value_push(a, entries, v);
    }
    set_list(a, map, "entries", entries);
    aj_value_set_string(a, map, "updated", newest);
    aj_value_set_string(a, map, "id", absolute(a, c, ""));
}

static void put_sitemap(AjArena *a, const AjContexts *c, AjValue *map)
{
    AjValue *entries = aj_value_list(a);
    for (uint32_t i = 0; i < c->plan->count; i++) {
        const AjPlanned *out = &c->plan->outputs[i];
        if (out->kind > AJ_OUT_TERM || out->part > 1)
            continue;
        const AjPage *page = aj_context_page(c, out);
        AjValue *v = aj_value_map(a);
        aj_value_set_string(a, v, "absolute_url", absolute(a, c, out->address));
        const char *updated = page ? updated_of(a, c, page->number) : "";
        aj_value_set(a, v, "lastmod", aj_value_stringn(a, updated, MIN(strlen(updated), 10)));
        aj_value_push(a, entries, v);
    }
    set_list(a, map, "entries", entries);
}

/* Outputs */

const AjPage *aj_context_page(const AjContexts *c, const AjPlanned *out)
{
    uint32_t n = AJ_NO_PAGE;
    if (out->kind == AJ_OUT_PAGE || out->kind == AJ_OUT_REDIRECT)
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
        return c->site->pages[out->index].title;
    case AJ_OUT_SECTION:
        return c->site->sections[out->index].title;
    case AJ_OUT_KIND:
        return kind_title(c, (AjKind)out->index);
    case AJ_OUT_TAXONOMY: {
        const char *key = c->site->taxonomies[out->index].key;
        g_autofree char *word = g_strdup_printf("taxonomies.%s", key);
        return aj_theme_word(c->theme, word, key);
    }
    case AJ_OUT_TERM:
        return c->site->taxonomies[out->index].terms[out->sub].name;
    case AJ_OUT_SEARCH:
        return aj_theme_word(c->theme, "search.title", "搜索");
    case AJ_OUT_CHANGES:
        return aj_theme_word(c->theme, "changes.title", "最近的修改");
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
    AjValue *list = crumbs_of(a, c, "", false);
    if (out->kind == AJ_OUT_TERM) {
        AjPlanned up = {.kind = AJ_OUT_TAXONOMY, .index = out->index};
        aj_value_push(a, list, crumb(a, title_of(c, &up), c->site->taxonomies[out->index].address));
    }
    return list;
}

AjValue *aj_context_output(AjArena *a, const AjContexts *c, const AjPlanned *out,
                           const AjValue *heavy)
{
    static const char *const names[] = {"page",   "home",    "section", "kind",     "taxonomy",
                                        "term",   "search",  "changes", "404",      "redirect",
                                        "feed",   "sitemap", "robots"};
    const AjPage *page = aj_context_page(c, out);
    AjValue *map = aj_value_map(a);
    g_autoptr(GString) root = g_string_new(NULL);
    aj_link_root(out->address, root);
    size_t stem = strcspn(out->template, ".");
    aj_value_set_string(a, map, "root", root->str);
    aj_value_set_string(a, map, "url", out->address);
    aj_value_set(a, map, "template", aj_value_stringn(a, out->template, stem));
    aj_value_set_string(a, map, "title", title_of(c, out));
    aj_value_set_string(a, map, "description", page ? page->summary : "");
    aj_value_set_string(a, map, "kind", names[out->kind]);
    aj_value_set_bool(a, map, aj_arena_printf(a, "is_%s", names[out->kind]), true);
    set_list(a, map, "breadcrumbs", crumbs_to(a, c, out));
    switch (out->kind) {
    case AJ_OUT_PAGE:
        if (page->failed)
            aj_value_set_string(a, map, "message", page->source);
        else
            put_page(a, c, map, page, heavy);
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
        put_taxonomy(a, map, &c->site->taxonomies[out->index]);
        break;
    case AJ_OUT_CHANGES:
        put_changes(a, c, map);
        break;
    case AJ_OUT_REDIRECT: {
        g_autoptr(GString) target = g_string_new(NULL);
        aj_link_relative(out->address, page->address, target);
        aj_value_set_string(a, map, "target", target->str);
        aj_value_set_string(a, map, "target_title", page->title);
        break;
    }
    case AJ_OUT_FEED:
        put_feed(a, c, map);
        break;
    case AJ_OUT_SITEMAP:
        put_sitemap(a, c, map);
        break;
    default:
        break;
    }
    return map;
}

/* Fields that the player needs not: what is drawn already. */
static bool is_drawn(const char *key)
{
    return g_str_has_suffix(key, "_html") || strcmp(key, "html") == 0 || strcmp(key, "line") == 0;
}

static AjValue *without_drawn(AjArena *a, const AjValue *v)
{
    AjValue *out;
    if (v->type == AJ_VALUE_MAP) {
        out = aj_value_map(a);
        for (uint32_t i = 0; i < v->len; i++)
            if (!is_drawn(v->entries[i].key))
                set(a, out, v->entries[i].key, without_drawn(a, v->entries[i].value));
    } else if (v->type == AJ_VALUE_LIST) {
        out = aj_value_list(a);
        for (uint32_t i = 0; i < v->len; i++)
            aj_value_push(a, out, without_drawn(a, v->items[i]));
    } else {
        out = (AjValue *)v;
    }
    return out;
}

AjValue *aj_context_question(AjArena *a, const AjValue *question)
{
    AjValue *map = aj_value_map(a), *q = aj_value_map(a);
    for (uint32_t i = 0; i < question->len; i++)
        set(a, q, question->entries[i].key, question->entries[i].value);
    g_autoptr(GString) json = g_string_new(NULL);
    aj_json_print(without_drawn(a, question), 0, json);
    aj_value_set_string(a, q, "json", json->str);
    set(a, map, "q", q);
    aj_value_set_bool(a, map, aj_arena_printf(a, "is_%s", aj_value_get_string(question, "type", "")),
                      true);
    return map;
}
