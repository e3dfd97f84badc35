/* entry - the small maps that many contexts share: a page in a list, a crumb, a revision.
 *
 * Must not know: which output they stand in. */
#include "driver/entry.h"

#include "driver/join.h"

#include <time.h>

enum { TAGS_SHOWN = 4 };

/* A list and the has_… beside it that a section around the list needs. */
void aj_entry_set_list(AjArena *a, AjValue *map, const char *key, AjValue *list)
{
    aj_value_set(a, map, key, list);
    aj_value_set_bool(a, map, aj_arena_printf(a, "has_%s", key), list->len > 0);
}

const char *aj_entry_day(AjArena *a, int64_t seconds, int offset)
{
    time_t local = (time_t)(seconds + offset * 60);
    struct tm tm;
    char text[16];
    gmtime_r(&local, &tm);
    strftime(text, sizeof text, "%Y-%m-%d", &tm);
    return aj_arena_strdup(a, text);
}

const char *aj_entry_time(AjArena *a, int64_t seconds)
{
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
    static const char *const zh[AJ_KINDS] = {"案例", "标兵", "党课", "课程", "测验", "页面"};
    g_autofree char *path = g_strdup_printf("kind_names.%s", aj_kind_name(kind));
    return aj_theme_word(c->theme, path, zh[kind]);
}

void aj_entry_set_kind(AjArena *a, AjValue *map, const char *kind)
{
    aj_value_set_string(a, map, "kind", kind);
    aj_value_set_bool(a, map, aj_arena_printf(a, "is_%s", kind), true);
}

AjValue *aj_entry_page(AjArena *a, const AjContexts *c, uint32_t number)
{
    const AjPage *page = &c->site->pages[number];
    const AjValue *light = aj_join_light(c->site, number);
    AjValue *ref = aj_value_map(a);
    aj_value_set_string(a, ref, "title", page->title);
    aj_value_set_string(a, ref, "url", page->address);
    aj_entry_set_kind(a, ref, aj_kind_name(page->kind));
    aj_value_set_string(a, ref, "kind_title", aj_entry_kind_title(c, page->kind));
    aj_value_set_string(a, ref, "date", page->date ? page->date : "");
    aj_value_set_string(a, ref, "summary", page->summary);
    const AjValue *taxa = aj_value_get(light, "taxa");
    AjValue *tags = aj_value_list(a);
    for (uint32_t k = 0; k < aj_value_len(taxa) && k < 2; k++)
        for (uint32_t i = 0; i < taxa->entries[k].value->len && tags->len < TAGS_SHOWN; i++)
            aj_value_push(a, tags, taxa->entries[k].value->items[i]);
    aj_entry_set_list(a, ref, "tags", tags);
    return ref;
}

AjValue *aj_entry_crumb(AjArena *a, const char *title, const char *url)
{
    AjValue *v = aj_value_map(a);
    aj_value_set_string(a, v, "title", title);
    aj_value_set_string(a, v, "url", url);
    return v;
}

AjValue *aj_entry_revision(AjArena *a, const AjCommit *commit, uint32_t number)
{
    AjValue *v = aj_value_map(a);
    aj_value_set_int(a, v, "number", number);
    aj_value_set_string(a, v, "date", aj_entry_day(a, commit->time, commit->offset));
    aj_value_set(a, v, "commit", aj_value_stringn(a, commit->id, 7));
    aj_value_set_string(a, v, "author", commit->author);
    aj_value_set_string(a, v, "subject", commit->subject);
    aj_value_set_bool(a, v, "is_substance", commit->change == AJ_CHANGE_SUBSTANCE);
    aj_value_set_bool(a, v, "is_wording", commit->change == AJ_CHANGE_WORDING);
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
