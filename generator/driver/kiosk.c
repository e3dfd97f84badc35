/* kiosk - what the kiosk's page sees. Must not know: how a kiosk looks, who stands before it. */
#include "driver/kiosk.h"

#include "driver/entry.h"
#include "driver/join.h"

#include <string.h>

enum {
    STORIES = 6,
    MARK = 12 /* hex digits that tell one content of a page from another */
};

static bool is_source(const AjSite *site, const char *name)
{
    for (uint32_t i = 0; i < site->page_count; i++)
        if (g_strcmp0(site->pages[i].source, name) == 0)
            return true;
    return false;
}

/* Names of old that no page bears now: what was learnt under them was this page. */
static AjValue *former_names(AjArena *a, const AjSite *site, const AjPathLog *log)
{
    g_autoptr(GString) text = g_string_new(NULL);
    const char *last = log->path;
    for (uint32_t r = 0; log->names && r < log->count; r++) {
        const char *name = log->names[r];
        if (strcmp(name, last) == 0 || strcmp(name, log->path) == 0)
            continue;
        last = name;
        if (!is_source(site, name))
            g_string_append_printf(text, "%s%s", text->len ? "|" : "", name);
    }
    return aj_value_stringn(a, text->str, text->len);
}

/* What somebody who passed an earlier version has to know: which version this is, and what changed
 * in substance, with the diff pages. A shallow clone counts too few, so it says nothing. */
static void put_version(AjArena *a, const AjContexts *c, AjValue *v, uint32_t number)
{
    const AjSite *site = c->site;
    const AjPathLog *log = site->logs[number];
    AjValue *revisions = aj_value_list(a);
    bool counts = log && log->count && site->history->state == AJ_HISTORY_FULL;
    aj_value_set_int(a, v, "version", counts ? log->count : 0);
    aj_value_set_bool(a, v, "is_committed", counts && !log->modified);
    aj_value_set(a, v, "was", counts ? former_names(a, site, log) : aj_value_string(a, ""));
    for (uint32_t r = 0; counts && r + 1 < log->count; r++)
        if (site->history->commits[log->commits[r]].change == AJ_CHANGE_SUBSTANCE)
            aj_value_push(a, revisions, aj_entry_page_revision(a, c, number, r));
    aj_entry_set_list(a, v, "revisions", revisions);
}

/* Is the source not what the address says: a.html for a.md? */
static bool is_other(const AjPage *page)
{
    size_t stem = strlen(page->address) - strlen(".html");
    return !page->source || strncmp(page->source, page->address, stem) != 0 ||
           strcmp(page->source + stem, ".md") != 0;
}

static AjValue *step_of(AjArena *a, const AjContexts *c, uint32_t number, uint32_t position,
                        bool exam)
{
    const AjPage *page = &c->site->pages[number];
    AjValue *v = aj_entry_page(a, c, number);
    aj_value_set_int(a, v, "position", position);
    aj_value_set_bool(a, v, "is_exam", exam);
    put_version(a, c, v, number);
    if (c->sketch)
        return v; /* the rest follows from the page's key */
    const AjValue *light = aj_join_light(c->site, number);
    const AjValue *quiz = aj_value_get(light, "quiz");
    int64_t pick = aj_value_get_int(quiz, "pick", 0), count = aj_value_get_int(quiz, "count", 0);
    aj_value_set_int(a, v, "minutes", aj_value_get_int(light, "minutes", 1));
    aj_value_set_int(a, v, "questions", pick > 0 && pick < count ? pick : count);
    aj_value_set_string(a, v, "source", page->source ? page->source : "");
    aj_value_set(a, v, "content_mark", aj_value_stringn(a, page->blob, strnlen(page->blob, MARK)));
    aj_value_set_bool(a, v, "other_source", is_other(page));
    return v;
}

/* The signs of all steps, each once; a step says which. */
static void take_sign(AjArena *a, AjValue *signs, AjValue *step)
{
    const char *url = aj_value_get_string(step, "sign_url", "");
    uint32_t n = 0;
    if (!*url)
        return;
    while (n < signs->len && strcmp(signs->items[n]->s, url) != 0)
        n++;
    if (n == signs->len)
        aj_value_push(a, signs, aj_value_string(a, url));
    aj_value_set_int(a, step, "sign", n + 1);
}

static AjValue *course_of(AjArena *a, const AjContexts *c, const AjCourse *course, bool *in_course,
                          AjValue *signs)
{
    AjValue *v = step_of(a, c, course->page, 0, false), *steps = aj_value_list(a);
    uint32_t count = aj_entry_course_length(course);
    int64_t minutes = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t number = aj_entry_course_step(course, i);
        AjValue *step = step_of(a, c, number, i + 1, number == course->exam);
        minutes += aj_value_get_int(step, "minutes", 0);
        in_course[number] = true;
        take_sign(a, signs, step);
        aj_value_push(a, steps, step);
    }
    aj_value_set_int(a, v, "count", count);
    aj_value_set_int(a, v, "minutes", minutes);
    if (!c->sketch) {
        const AjValue *hours = aj_value_get(aj_join_light(c->site, course->page), "hours");
        aj_value_set(a, v, "hours", hours ? aj_value_copy(a, hours) : aj_value_string(a, ""));
        aj_value_set_int(a, v, "valid",
                         aj_value_get_int(aj_join_light(c->site, course->page), "valid", 0));
    }
    aj_entry_set_list(a, v, "steps", steps);
    return v;
}

void aj_kiosk_put(AjArena *a, const AjContexts *c, AjValue *map)
{
    const AjSite *site = c->site;
    AjValue *courses = aj_value_list(a), *quizzes = aj_value_list(a), *stories = aj_value_list(a),
            *signs = aj_value_list(a);
    bool *in_course = aj_arena_alloc(a, site->page_count + 1);
    for (uint32_t i = 0; i < site->course_count; i++)
        if (!site->pages[site->courses[i].page].failed)
            aj_value_push(a, courses, course_of(a, c, &site->courses[i], in_course, signs));
    for (uint32_t i = 0; i < c->plan->kind_count[AJ_KIND_QUIZ]; i++) {
        uint32_t number = c->plan->of_kind[AJ_KIND_QUIZ][i];
        if (!in_course[number] && !site->pages[number].failed)
            aj_value_push(a, quizzes, step_of(a, c, number, 0, true));
    }
    for (uint32_t i = 0; c->newest[i] != AJ_NO_PAGE && stories->len < STORIES; i++)
        if (site->pages[c->newest[i]].kind <= AJ_KIND_LESSON)
            aj_value_push(a, stories, aj_entry_page(a, c, c->newest[i]));
    aj_value_set(a, map, "signs", signs);
    aj_entry_set_list(a, map, "courses", courses);
    aj_entry_set_list(a, map, "quizzes", quizzes);
    aj_entry_set_list(a, map, "stories", stories);
}
