/* entry - the small maps that many contexts share: a page in a list, a crumb, a revision.
 *
 * Must not know: which output they stand in. */
#include "driver/entry.h"

#include "driver/join.h"
#include "driver/versions.h"
#include "model/hazard.h"

#include <time.h>

enum { TAGS_SHOWN = 4 };

/* A list and the has_… beside it that a section around the list needs. */
void aj_entry_set_list(AjArena *a, AjValue *map, const char *key, AjValue *list)
{
    size_t len = strlen(key);
    char *has = aj_arena_alloc(a, len + sizeof "has_");
    memcpy(has, "has_", 4);
    memcpy(has + 4, key, len);
    aj_value_set(a, map, key, list);
    aj_value_set_bool(a, map, has, list->len > 0);
}

/* 9999-12-31, wherever one lives; git keeps any number that somebody's clock said. */
static const int64_t TIME_MAX = 253402214400;

const char *aj_entry_day(AjArena *a, int64_t seconds, int offset)
{
    if (seconds <= 0 || seconds > TIME_MAX)
        return "";
    time_t local = (time_t)(seconds + offset * 60);
    struct tm tm;
    char text[16];
    gmtime_r(&local, &tm);
    strftime(text, sizeof text, "%Y-%m-%d", &tm);
    return aj_arena_strdup(a, text);
}

const char *aj_entry_time(AjArena *a, int64_t seconds)
{
    if (seconds <= 0 || seconds > TIME_MAX)
        return "";
    time_t utc = (time_t)seconds;
    struct tm tm;
    char text[32];
    gmtime_r(&utc, &tm);
    strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
    return aj_arena_strdup(a, text);
}

const AjCommit *aj_entry_last_commit(const AjSite *site, uint32_t number)
{
    const AjPathLog *log = site->logs[number];
    return log && log->count ? &site->history->commits[log->commits[0]] : NULL;
}

const char *aj_entry_kind_title(const AjContexts *c, AjKind kind)
{
    return c->kind_titles[kind]->s;
}

static const char *const is_kind[AJ_KINDS] = {
    [AJ_KIND_CASE] = "is_case",     [AJ_KIND_MODEL] = "is_model", [AJ_KIND_LESSON] = "is_lesson",
    [AJ_KIND_COURSE] = "is_course", [AJ_KIND_QUIZ] = "is_quiz",   [AJ_KIND_PAGE] = "is_page"};

void aj_entry_set_kind(AjArena *a, const AjContexts *c, AjValue *map, AjKind kind)
{
    aj_value_set(a, map, "kind", c->kind_names[kind]);
    aj_value_set(a, map, is_kind[kind], c->yes);
    aj_value_set(a, map, "kind_title", c->kind_titles[kind]);
}

static void add_text(AjArena *a, AjValue *map, const char *key, const char *text)
{
    aj_value_add(a, map, key, aj_value_view(a, text, strlen(text)));
}

const char *aj_entry_sign(const AjContexts *c, const char *hazard)
{
    char name[64];
    g_snprintf(name, sizeof name, "sign-%s.svg", aj_hazard_sign(hazard));
    const AjThemeFile *file = aj_theme_file(c->theme, name);
    return file ? file->address : "";
}

AjValue *aj_entry_page(AjArena *a, const AjContexts *c, uint32_t number)
{
    const AjPage *page = &c->site->pages[number];
    const AjValue *light = aj_join_light(c->site, number);
    AjValue *ref = aj_value_map(a);
    if (c->sketch) { /* the rest follows from it */
        aj_value_add(a, ref, "key", aj_value_int(a, (int64_t)c->site->keys[number]));
        return ref;
    }
    add_text(a, ref, "title", page->title);
    add_text(a, ref, "url", page->address);
    aj_value_add(a, ref, "kind", c->kind_names[page->kind]);
    aj_value_add(a, ref, is_kind[page->kind], c->yes);
    aj_value_add(a, ref, "kind_title", c->kind_titles[page->kind]);
    add_text(a, ref, "date", page->date ? page->date : "");
    add_text(a, ref, "summary", page->summary);
    const AjValue *taxa = aj_value_get(light, "taxa");
    AjValue *tags = aj_value_list(a);
    for (uint32_t k = 0; k < aj_value_len(taxa) && k < 2; k++)
        for (uint32_t i = 0; i < taxa->entries[k].value->len && tags->len < TAGS_SHOWN; i++)
            aj_value_push(a, tags, taxa->entries[k].value->items[i]);
    const AjValue *hazard = aj_value_at(aj_value_get(taxa, "hazards"), 0);
    add_text(a, ref, "sign_url",
             hazard && hazard->type == AJ_VALUE_STRING ? aj_entry_sign(c, hazard->s) : "");
    aj_value_add(a, ref, "tags", tags);
    aj_value_add(a, ref, "has_tags", tags->len ? c->yes : c->no);
    return ref;
}

AjValue *aj_entry_crumb(AjArena *a, const char *title, const char *url)
{
    AjValue *v = aj_value_map(a);
    add_text(a, v, "title", title);
    add_text(a, v, "url", url);
    return v;
}

AjValue *aj_entry_revision(AjArena *a, const AjContexts *c, const AjCommit *commit, uint32_t number)
{
    AjValue *v = aj_value_map(a);
    if (c->sketch) {
        add_text(a, v, "commit", commit->id);
        return v;
    }
    aj_value_set_int(a, v, "number", number);
    aj_value_set_string(a, v, "date", aj_entry_day(a, commit->time, commit->offset));
    aj_value_set(a, v, "commit", aj_value_stringn(a, commit->id, 7));
    aj_value_set_string(a, v, "author", commit->author);
    aj_value_set_string(a, v, "subject", commit->subject);
    aj_value_set_bool(a, v, "is_substance", commit->change == AJ_CHANGE_SUBSTANCE);
    aj_value_set_bool(a, v, "is_wording", commit->change == AJ_CHANGE_WORDING);
    aj_value_set_string(a, v, "reviewed_by", commit->reviewed_by ? commit->reviewed_by : "");
    aj_value_set_string(a, v, "approved_by", commit->approved_by ? commit->approved_by : "");
    return v;
}

AjValue *aj_entry_page_revision(AjArena *a, const AjContexts *c, uint32_t page, uint32_t r)
{
    const AjHistory *history = c->site->history;
    const AjPathLog *log = c->site->logs[page];
    uint32_t number = log->count - r;
    AjValue *v = aj_entry_revision(a, c, &history->commits[log->commits[r]], number);
    if (c->sketch)
        return v;
    bool has_diff = aj_versions_base(c->site, log, r) != UINT32_MAX;
    aj_value_set_string(a, v, "diff_url",
                        has_diff ? aj_plan_diff_address(a, c->site->pages[page].address, number)
                                 : "");
    return v;
}

/* The steps of a course: its pages, then its exam when that is not one of them. */
uint32_t aj_entry_course_step(const AjCourse *course, uint32_t i)
{
    return i < course->page_count ? course->pages[i] : course->exam;
}

uint32_t aj_entry_course_length(const AjCourse *course)
{
    for (uint32_t i = 0; i < course->page_count; i++)
        if (course->pages[i] == course->exam)
            return course->page_count;
    return course->page_count + (course->exam != AJ_NO_PAGE);
}
