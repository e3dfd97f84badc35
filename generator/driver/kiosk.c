/* kiosk - what the kiosk's page sees. Must not know: how a kiosk looks, who stands before it. */
#include "driver/kiosk.h"

#include "base/hash.h"
#include "driver/entry.h"
#include "driver/join.h"

#include <string.h>

enum {
    STORIES = 6,
    NAME_MARK = 10,  /* hex digits of a page's name: two of 2000 are alike by 1 in 500000 */
    CONTENT_MARK = 6 /* that tell one content of a page from its others */
};

static bool is_source(const AjSite *site, const char *name)
{
    for (uint32_t i = 0; i < site->page_count; i++)
        if (g_strcmp0(site->pages[i].source, name) == 0)
            return true;
    return false;
}

static void put_name_mark(GString *mark, const char *source)
{
    char hex[65];
    aj_hash_sha256_hex(source, strlen(source), hex);
    g_string_append_len(mark, hex, NAME_MARK);
}

/* Names of old that no page bears now: what was learnt under them was this page. */
static void put_former_names(GString *mark, const AjSite *site, const AjPathLog *log)
{
    const char *last = log->path;
    for (uint32_t r = 0; log->names && r < log->count; r++) {
        const char *name = log->names[r];
        if (strcmp(name, last) == 0 || strcmp(name, log->path) == 0)
            continue;
        last = name;
        if (!is_source(site, name)) {
            g_string_append_c(mark, '+');
            put_name_mark(mark, name);
        }
    }
}

/* In few bytes, what decides whether somebody has still to learn a page: marks of its name and of
 * its content, its version, the last one that changed in substance: "0fa3b22c41" "c9d1e0" "7" ".3",
 * and the names of old: "+1b2c3d4e5f". A shallow clone counts too few versions, so it says none.
 * And what somebody who passed an earlier version is shown: the changes of substance with their
 * pages.
 */
static void put_mark(AjArena *a, const AjContexts *c, AjValue *v, uint32_t number)
{
    const AjSite *site = c->site;
    const AjPage *page = &site->pages[number];
    const AjPathLog *log = site->logs[number];
    AjValue *revisions = aj_value_list(a);
    bool counts = log && log->count && site->history->state == AJ_HISTORY_FULL;
    uint32_t since = 0;
    g_autoptr(GString) mark = g_string_new(NULL);
    for (uint32_t r = 0; counts && r + 1 < log->count; r++) {
        if (site->history->commits[log->commits[r]].change != AJ_CHANGE_SUBSTANCE)
            continue;
        aj_value_push(a, revisions, aj_entry_page_revision(a, c, number, r));
        since = MAX(since, log->count - r);
    }
    aj_entry_set_list(a, v, "revisions", revisions);
    put_name_mark(mark, page->source ? page->source : "");
    g_string_append_printf(mark, "%.*s", CONTENT_MARK, page->blob ? page->blob : "000000");
    if (counts && !log->modified)
        g_string_append_printf(mark, "%u", log->count);
    if (since)
        g_string_append_printf(mark, ".%u", since);
    if (counts)
        put_former_names(mark, site, log);
    aj_value_set(a, v, "mark", aj_value_stringn(a, mark->str, mark->len));
}

static AjValue *step_of(AjArena *a, const AjContexts *c, uint32_t number, uint32_t position,
                        bool exam)
{
    AjValue *v = aj_entry_page(a, c, number);
    aj_value_set_int(a, v, "position", position);
    aj_value_set_bool(a, v, "is_exam", exam);
    put_mark(a, c, v, number);
    if (c->sketch)
        return v; /* the rest follows from the page's key */
    const AjValue *light = aj_join_light(c->site, number);
    const AjValue *quiz = aj_value_get(light, "quiz");
    int64_t pick = aj_value_get_int(quiz, "pick", 0), count = aj_value_get_int(quiz, "count", 0);
    aj_value_set_int(a, v, "minutes", aj_value_get_int(light, "minutes", 1));
    aj_value_set_int(a, v, "questions", pick > 0 && pick < count ? pick : count);
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

/* steps, signs and count of a course; returns its minutes. `in_course`, by page, may be NULL. */
static int64_t put_steps(AjArena *a, const AjContexts *c, AjValue *map, const AjCourse *course,
                         bool *in_course)
{
    AjValue *steps = aj_value_list(a), *signs = aj_value_list(a);
    uint32_t count = aj_entry_course_length(course);
    int64_t minutes = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t number = aj_entry_course_step(course, i);
        AjValue *step = step_of(a, c, number, i + 1, number == course->exam);
        minutes += aj_value_get_int(step, "minutes", 0);
        if (in_course)
            in_course[number] = true;
        take_sign(a, signs, step);
        aj_value_push(a, steps, step);
    }
    aj_value_set_int(a, map, "count", count);
    aj_entry_set_list(a, map, "steps", steps);
    aj_value_set(a, map, "signs", signs);
    return minutes;
}

static AjValue *course_of(AjArena *a, const AjContexts *c, const AjCourse *course, bool *in_course)
{
    AjValue *v = step_of(a, c, course->page, 0, false);
    int64_t minutes = put_steps(a, c, v, course, in_course);
    aj_value_set_int(a, v, "minutes", minutes);
    if (!c->sketch) {
        const AjValue *light = aj_join_light(c->site, course->page);
        const AjValue *hours = aj_value_get(light, "hours");
        aj_value_set(a, v, "hours", hours ? aj_value_copy(a, hours) : aj_value_string(a, ""));
        aj_value_set_int(a, v, "valid", aj_value_get_int(light, "valid", 0));
    }
    return v;
}

void aj_kiosk_put_stories(AjArena *a, const AjContexts *c, AjValue *map)
{
    const AjSite *site = c->site;
    AjValue *stories = aj_value_list(a);
    for (uint32_t i = 0; c->newest[i] != AJ_NO_PAGE && stories->len < STORIES; i++)
        if (site->pages[c->newest[i]].kind <= AJ_KIND_LESSON)
            aj_value_push(a, stories, aj_entry_page(a, c, c->newest[i]));
    aj_entry_set_list(a, map, "stories", stories);
}

void aj_kiosk_put_cards(AjArena *a, const AjContexts *c, AjValue *map)
{
    const AjSite *site = c->site;
    AjValue *courses = aj_value_list(a), *quizzes = aj_value_list(a);
    bool *in_course = aj_arena_alloc(a, site->page_count + 1);
    for (uint32_t i = 0; i < site->course_count; i++)
        if (!site->pages[site->courses[i].page].failed)
            aj_value_push(a, courses, course_of(a, c, &site->courses[i], in_course));
    for (uint32_t i = 0; i < c->plan->kind_count[AJ_KIND_QUIZ]; i++) {
        uint32_t number = c->plan->of_kind[AJ_KIND_QUIZ][i];
        if (!in_course[number] && !site->pages[number].failed)
            aj_value_push(a, quizzes, step_of(a, c, number, 0, true));
    }
    aj_entry_set_list(a, map, "courses", courses);
    aj_entry_set_list(a, map, "quizzes", quizzes);
}

void aj_kiosk_put_steps(AjArena *a, const AjContexts *c, AjValue *map, uint32_t course)
{
    put_steps(a, c, map, &c->site->courses[course], NULL);
}
