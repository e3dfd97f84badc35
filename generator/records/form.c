/* form - the maps of printable forms: card, sign-in sheet, meeting register, one person's file.
 *
 * Must not know: files, templates. */
#include "records/form.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

static void set(AjArena *a, AjValue *map, const char *key, const char *text)
{
    aj_value_set_string(a, map, key, text ? text : "");
}

static void set_day(AjArena *a, AjValue *map, const char *key, int64_t time)
{
    char day[11];
    set(a, map, key, time == INT64_MIN ? "" : aj_ledger_day(time, day));
}

static const char *percent(AjArena *a, const AjEntry *e)
{
    if (e->scaled < 0)
        return "";
    char text[16];
    g_ascii_formatd(text, sizeof text, "%.4g", 100 * e->scaled);
    return aj_arena_printf(a, "%s", text);
}

static const char *hours_text(AjArena *a, double hours)
{
    char text[16];
    g_ascii_formatd(text, sizeof text, "%.4g", hours);
    return aj_arena_printf(a, "%s", text);
}

/* What the roster says of a person; each empty field with its gap. */
static AjValue *person_map(AjArena *a, const AjFormAsk *ask, const AjWorker *w)
{
    AjValue *map = aj_value_map(a), *gaps = aj_value_list(a);
    const struct {
        const char *key, *name, *text;
    } fields[] = {
        {"number", "工号", w->number}, {"name", "姓名", aj_sheet_person(a, w, ask->filter)},
        {"unit", "单位", w->unit},     {"team", "班组", w->team},
        {"post", "岗位", w->post},     {"joined", "入职日期", w->joined}};
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        set(a, map, fields[i].key, fields[i].text);
        if (*fields[i].text)
            continue;
        AjValue *gap = aj_value_map(a);
        set(a, gap, "text", fields[i].name);
        aj_value_push(a, gaps, gap);
    }
    set(a, map, "moved", w->moved);
    set(a, map, "left", w->left);
    aj_value_set(a, map, "gaps", gaps);
    aj_value_set_bool(a, map, "has_gaps", gaps->len > 0);
    return map;
}

static const AjCredit *first_credit(const AjLedger *l, uint32_t worker, uint32_t course)
{
    for (uint32_t i = 0; i < l->credit_count; i++)
        if (l->credits[i].worker == worker && l->credits[i].course == course)
            return &l->credits[i];
    return NULL;
}

/* One level of the card: its courses with date, hours and score, and what is missing. */
static AjValue *level_map(AjArena *a, const AjLedger *l, uint32_t worker, const char *level)
{
    AjValue *map = aj_value_map(a), *courses = aj_value_list(a);
    double hours = 0;
    for (uint32_t c = 0; c < l->desk->course_count; c++) {
        const AjDeskCourse *course = &l->desk->courses[c];
        const AjCredit *credit = first_credit(l, worker, c);
        if (strcmp(course->level, level) != 0 ||
            (!credit && !aj_ledger_is_for(course, &l->workers[worker])))
            continue;
        AjValue *row = aj_value_map(a);
        static const char *const empty[] = {"day", "hours", "score", "version", "gap"};
        for (size_t i = 0; i < G_N_ELEMENTS(empty); i++)
            set(a, row, empty[i], ""); /* else a template finds those of the whole form */
        set(a, row, "title", course->title);
        if (credit) {
            set_day(a, row, "day", credit->time);
            set(a, row, "hours", hours_text(a, credit->hours));
            set(a, row, "score", percent(a, credit->proof));
            set(a, row, "version", aj_arena_printf(a, "%.7s", credit->proof->commit));
            aj_value_set_bool(a, row, "doubtful", credit->doubtful);
            hours += credit->hours;
        } else {
            const AjStanding *s = aj_ledger_standing(l, worker, c);
            set(a, row, "gap", s->state == AJ_STANDING_FAILED ? "未合格" : "未学");
        }
        aj_value_push(a, courses, row);
    }
    set(a, map, "level", level);
    aj_value_set(a, map, "courses", courses);
    aj_value_set_bool(a, map, "is_empty", courses->len == 0);
    set(a, map, "hours", hours_text(a, hours));
    return map;
}

static AjValue *card_map(AjArena *a, const AjFormAsk *ask, uint32_t worker)
{
    static const char *const levels[] = {"公司级", "车间级", "班组级"};
    AjValue *map = person_map(a, ask, &ask->ledger->workers[worker]), *list = aj_value_list(a);
    for (size_t i = 0; i < G_N_ELEMENTS(levels); i++)
        aj_value_push(a, list, level_map(a, ask->ledger, worker, levels[i]));
    aj_value_set(a, map, "levels", list);
    return map;
}

/* The worker's day of the course asked for, or why there is none. */
static void put_course(AjArena *a, AjValue *map, const AjLedger *l, uint32_t worker,
                       uint32_t course)
{
    const AjStanding *s = aj_ledger_standing(l, worker, course);
    static const char *const gaps[] = {"", "", "未学", "未合格", "旧版", "到期"};
    set_day(a, map, "day", s->proof ? s->time : INT64_MIN);
    set(a, map, "score", s->proof ? percent(a, s->proof) : "");
    set(a, map, "gap", gaps[s->state]);
}

AjValue *aj_form_make(AjArena *a, const AjFormAsk *ask, const char *name)
{
    static const struct {
        const char *name, *title;
    } forms[] = {{"card", "三级安全教育卡"}, {"signin", "签到表"}, {"meeting", "班前会登记"}};
    const AjLedger *l = ask->ledger;
    const char *title = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++)
        if (strcmp(forms[i].name, name) == 0)
            title = forms[i].title;
    if (!title)
        return NULL;
    bool card = strcmp(name, "card") == 0;
    uint32_t course = UINT32_MAX, count = 0;
    for (uint32_t c = 0; c < l->desk->course_count && ask->filter->course; c++)
        if (strcmp(l->desk->courses[c].source, ask->filter->course) == 0)
            course = c;
    AjValue *map = aj_value_map(a), *people = aj_value_list(a);
    set(a, map, "name", name);
    set(a, map, "title", title);
    set(a, map, "site", l->desk->title);
    set(a, map, "date", ask->date);
    set_day(a, map, "today", l->now);
    set(a, map, "unit", ask->filter->unit);
    set(a, map, "team", ask->filter->team);
    if (course != UINT32_MAX) {
        set(a, map, "course", l->desk->courses[course].title);
        set(a, map, "course_hours", hours_text(a, l->desk->courses[course].hours));
    }
    char today[11];
    aj_ledger_day(l->now, today);
    for (uint32_t w = 0; w < l->worker_count; w++) {
        const AjWorker *worker = &l->workers[w];
        bool gone = *worker->left && strcmp(worker->left, today) <= 0;
        if (!aj_sheet_fits(ask->filter, worker) || (gone && !card))
            continue;
        AjValue *one = card ? card_map(a, ask, w) : person_map(a, ask, worker);
        aj_value_set_int(a, one, "row", ++count);
        if (course != UINT32_MAX)
            put_course(a, one, l, w, course);
        aj_value_push(a, people, one);
    }
    aj_value_set(a, map, "people", people);
    aj_value_set_int(a, map, "count", count);
    aj_value_set_bool(a, map, "is_empty", count == 0);
    return map;
}

/* ---- attempts and papers -------------------------------------------------------------------- */

static bool is_attempt(const AjEntry *e)
{
    return strcmp(e->verb, "passed") == 0 || strcmp(e->verb, "failed") == 0;
}

static bool is_reading(const AjEntry *e)
{
    return strcmp(e->verb, "completed") == 0 && e->scaled < 0;
}

/* What a worker did of one sort, oldest first. */
static uint32_t *deeds_of(AjArena *a, const AjLedger *l, uint32_t worker,
                          bool (*wanted)(const AjEntry *e), uint32_t *count_out)
{
    uint32_t *list = aj_arena_alloc(a, ((size_t)l->entry_count + 1) * sizeof *list);
    uint32_t count = 0;
    for (uint32_t i = 0; i < l->entry_count; i++) {
        if (l->worker_of[i] != worker || !wanted(&l->entries[i]))
            continue;
        uint32_t at = count++;
        int64_t time = aj_ledger_time(&l->entries[i], NULL);
        for (; at > 0 && aj_ledger_time(&l->entries[list[at - 1]], NULL) > time; at--)
            list[at] = list[at - 1];
        list[at] = i;
    }
    *count_out = count;
    return list;
}

uint32_t *aj_form_attempts(AjArena *a, const AjLedger *l, uint32_t worker, uint32_t *count_out)
{
    return deeds_of(a, l, worker, is_attempt, count_out);
}

static const char *page_title(const AjLedger *l, uint32_t entry)
{
    uint32_t page = l->page_of[entry];
    return page == UINT32_MAX ? l->entries[entry].page : l->desk->pages[page].title;
}

/* Which of the page's revisions a statement names: "第 2 版 · a1b2c3d · 补一条规定". */
static const char *version_text(AjArena *a, const AjLedger *l, uint32_t entry)
{
    const AjEntry *e = &l->entries[entry];
    uint32_t number = l->page_of[entry];
    if (!*e->commit)
        return "没有版本";
    for (uint32_t i = 0; number != UINT32_MAX && i < l->desk->pages[number].revision_count; i++) {
        const AjDeskPage *page = &l->desk->pages[number];
        if (strcmp(page->revisions[i].commit, e->commit) == 0)
            return aj_arena_printf(a, "第 %u 版 · %.7s · %s", page->revision_count - i, e->commit,
                                   page->revisions[i].subject);
    }
    return aj_arena_printf(a, "%.7s（网站的历史里没有）", e->commit);
}

static AjValue *entry_map(AjArena *a, const AjLedger *l, uint32_t entry)
{
    const AjEntry *e = &l->entries[entry];
    AjValue *map = aj_value_map(a);
    bool doubtful, passed = strcmp(e->verb, "passed") == 0;
    set_day(a, map, "day", aj_ledger_time(e, &doubtful));
    set(a, map, "title", page_title(l, entry));
    set(a, map, "score", percent(a, e));
    set(a, map, "result", passed ? "合格" : "不合格");
    set(a, map, "version", version_text(a, l, entry));
    set(a, map, "station", e->station);
    set(a, map, "id", e->id);
    set(a, map, "seed", e->seed);
    set(a, map, "chain", aj_arena_printf(a, "%.8s-%d", e->chain, (int)e->seq));
    aj_value_set_bool(a, map, "passed", passed);
    aj_value_set_bool(a, map, "doubtful", doubtful);
    return map;
}

AjValue *aj_form_person(AjArena *a, const AjFormAsk *ask, uint32_t worker)
{
    const AjLedger *l = ask->ledger;
    AjValue *map = card_map(a, ask, worker), *credits = aj_value_list(a), *due = aj_value_list(a);
    AjValue *attempts = aj_value_list(a), *read = aj_value_list(a);
    double sum = 0;
    uint32_t count;
    set(a, map, "site", l->desk->title);
    set_day(a, map, "today", l->now);
    for (uint32_t i = 0; i < l->credit_count; i++) {
        const AjCredit *c = &l->credits[i];
        if (c->worker != worker)
            continue;
        AjValue *row = entry_map(a, l, (uint32_t)(c->proof - l->entries));
        set(a, row, "course", l->desk->courses[c->course].title);
        set(a, row, "level", l->desk->courses[c->course].level);
        set(a, row, "hours", hours_text(a, c->hours));
        aj_value_set_int(a, row, "year", c->year);
        aj_value_push(a, credits, row);
        sum += c->hours;
    }
    for (uint32_t c = 0; c < l->desk->course_count; c++) {
        static const char *const names[] = {"", "", "未学", "未合格", "学的是旧版", "到期再学"};
        AjStandingState state = aj_ledger_standing(l, worker, c)->state;
        if (state <= AJ_STANDING_DONE)
            continue;
        AjValue *row = aj_value_map(a);
        set(a, row, "course", l->desk->courses[c].title);
        set(a, row, "state", names[state]);
        aj_value_push(a, due, row);
    }
    uint32_t *list = aj_form_attempts(a, l, worker, &count);
    for (uint32_t i = 0; i < count; i++) {
        AjValue *row = entry_map(a, l, list[i]);
        set(a, row, "paper", aj_arena_printf(a, "paper-%02u.html", i + 1));
        aj_value_push(a, attempts, row);
    }
    list = deeds_of(a, l, worker, is_reading, &count);
    for (uint32_t i = 0; i < count; i++)
        aj_value_push(a, read, entry_map(a, l, list[i]));
    aj_value_set(a, map, "credits", credits);
    aj_value_set(a, map, "due", due);
    aj_value_set(a, map, "attempts", attempts);
    aj_value_set(a, map, "read", read);
    set(a, map, "total", hours_text(a, sum));
    aj_value_set_bool(a, map, "has_due", due->len > 0);
    aj_value_set_bool(a, map, "has_credits", credits->len > 0);
    aj_value_set_bool(a, map, "has_attempts", attempts->len > 0);
    aj_value_set_bool(a, map, "has_read", read->len > 0);
    return map;
}

AjValue *aj_form_attempt(AjArena *a, const AjFormAsk *ask, const AjEntry *attempt)
{
    const AjLedger *l = ask->ledger;
    uint32_t entry = (uint32_t)(attempt - l->entries);
    AjValue *map = entry_map(a, l, entry);
    if (l->worker_of[entry] != UINT32_MAX)
        aj_value_set(a, map, "person", person_map(a, ask, &l->workers[l->worker_of[entry]]));
    set(a, map, "site", l->desk->title);
    set(a, map, "who", attempt->who);
    return map;
}
