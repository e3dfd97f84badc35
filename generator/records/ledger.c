/* ledger - who has learned what: statements, a roster and a site's courses, joined.
 *
 * Must not know: files, SQLite, how a report looks. */
#include "records/ledger.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

enum { DAY = 86400, BEIJING = 8 * 3600 };
#define NONE UINT32_MAX
/* 2020-01-01: before there was a kiosk of ours. */
static const int64_t earliest = 1577836800;

/* What one worker did with one page. */
typedef struct {
    const AjEntry *passed, *failed, *completed,
        *first_completed; /* the last of each, and the first */
    uint32_t attempts;
} Deed;

typedef struct {
    AjArena *arena;
    AjLedger *ledger;
    Deed *deeds; /* workers × pages */
    uint32_t *worker_of, *page_of;
    GArray *credits;
} Making;

/* Days since 1970-01-01 to a date: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms".
 */
static void civil(int64_t days, int *year, int *month, int *day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t doe = days - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    *day = (int)(doy - (153 * mp + 2) / 5 + 1);
    *month = (int)(mp < 10 ? mp + 3 : mp - 9);
    *year = (int)(yoe + era * 400 + (*month <= 2));
}

static int64_t day_number(int64_t time)
{
    int64_t t = time + BEIJING;
    return (t >= 0 ? t : t - DAY + 1) / DAY;
}

const char *aj_ledger_day(int64_t time, char out[11])
{
    int year, month, day;
    civil(day_number(time), &year, &month, &day);
    g_snprintf(out, 11, "%04u-%02u-%02u", (unsigned)year % 10000, (unsigned)month, (unsigned)day);
    return out;
}

int aj_ledger_year(int64_t time)
{
    int year, month, day;
    civil(day_number(time), &year, &month, &day);
    return year;
}

/* `time` as year and month, so that a term of months ends on the same day of a month. */
static bool is_over(int64_t time, uint32_t months, int64_t now)
{
    int year, month, day, year_now, month_now, day_now;
    civil(day_number(time), &year, &month, &day);
    civil(day_number(now), &year_now, &month_now, &day_now);
    int64_t then = (int64_t)year * 12 + month + months, today = (int64_t)year_now * 12 + month_now;
    return today > then || (today == then && day_now >= day);
}

int64_t aj_ledger_time(const AjEntry *e, bool *doubtful_out)
{
    bool doubtful = e->time < earliest || e->time > e->collected + DAY;
    if (doubtful_out)
        *doubtful_out = doubtful;
    return doubtful ? e->collected : e->time;
}

static bool has_word(const char *const *words, const char *word)
{
    for (; words && *words; words++)
        if (strcmp(*words, word) == 0)
            return true;
    return false;
}

bool aj_ledger_is_for(const AjDeskCourse *course, const AjWorker *worker)
{
    return !course->posts || !*course->posts || has_word(course->posts, "全员") ||
           has_word(course->posts, worker->post);
}

int aj_ledger_is_old(const AjDeskPage *page, const AjEntry *e)
{
    uint32_t substance = NONE, own = NONE;
    for (uint32_t i = 0; i < page->revision_count; i++) {
        if (substance == NONE && page->revisions[i].substance)
            substance = i;
        if (own == NONE && *e->commit && strcmp(page->revisions[i].commit, e->commit) == 0)
            own = i;
    }
    if (substance == NONE)
        return 0;
    return own == NONE ? -1 : own > substance;
}

static int64_t substance_time(const AjDeskPage *page)
{
    for (uint32_t i = 0; i < page->revision_count; i++)
        if (page->revisions[i].substance)
            return page->revisions[i].time;
    return INT64_MIN;
}

static bool is_later(const AjEntry *e, const AjEntry *than)
{
    return !than || aj_ledger_time(e, NULL) > aj_ledger_time(than, NULL) ||
           (strcmp(e->chain, than->chain) == 0 && e->seq > than->seq);
}

static void note_deed(Deed *d, const AjEntry *e)
{
    if (strcmp(e->verb, "passed") == 0) {
        d->attempts++;
        if (is_later(e, d->passed))
            d->passed = e;
    } else if (strcmp(e->verb, "failed") == 0) {
        d->attempts++;
        if (is_later(e, d->failed))
            d->failed = e;
    } else if (strcmp(e->verb, "completed") == 0) {
        if (is_later(e, d->completed))
            d->completed = e;
        if (!d->first_completed || !is_later(e, d->first_completed))
            d->first_completed = e;
    }
}

static GHashTable *index_of(const char *const *names, uint32_t count, size_t stride)
{
    GHashTable *index = g_hash_table_new(g_str_hash, g_str_equal);
    for (uint32_t i = 0; i < count; i++) {
        const char *name = *(const char *const *)((const char *)names + i * stride);
        if (!g_hash_table_contains(index, name)) /* of two with one number the first counts */
            g_hash_table_insert(index, (void *)name, GUINT_TO_POINTER(i + 1));
    }
    return index;
}

static int by_statements(const void *x, const void *y)
{
    const AjStranger *a = x, *b = y;
    return a->statements != b->statements ? (a->statements < b->statements ? 1 : -1)
                                          : strcmp(a->who, b->who);
}

static void note_stranger(GHashTable *strangers, const AjEntry *e)
{
    AjStranger *s = g_hash_table_lookup(strangers, e->who);
    if (!s) {
        s = g_new0(AjStranger, 1);
        s->who = e->who;
        s->time = INT64_MIN;
        g_hash_table_insert(strangers, (void *)e->who, s);
    }
    s->statements++;
    int64_t time = aj_ledger_time(e, NULL);
    if (time > s->time) {
        s->time = time;
        s->station = e->station;
    }
}

static void take_strangers(Making *m, GHashTable *strangers)
{
    uint32_t count = 0;
    AjStranger *list = aj_arena_alloc(m->arena, (g_hash_table_size(strangers) + 1) * sizeof *list);
    GHashTableIter it;
    void *value;
    g_hash_table_iter_init(&it, strangers);
    while (g_hash_table_iter_next(&it, NULL, &value))
        list[count++] = *(AjStranger *)value;
    qsort(list, count, sizeof *list, by_statements);
    m->ledger->strangers = list;
    m->ledger->stranger_count = count;
}

static void read_entries(Making *m)
{
    AjLedger *l = m->ledger;
    g_autoptr(GHashTable) workers =
        index_of(l->worker_count ? &l->workers->who : NULL, l->worker_count, sizeof *l->workers);
    g_autoptr(GHashTable) pages = index_of(l->desk->page_count ? &l->desk->pages->source : NULL,
                                           l->desk->page_count, sizeof *l->desk->pages);
    for (uint32_t p = 0; p < l->desk->page_count; p++)
        for (const char *const *name = l->desk->pages[p].former; name && *name; name++)
            if (!g_hash_table_contains(pages, *name))
                g_hash_table_insert(pages, (void *)*name, GUINT_TO_POINTER(p + 1));
    g_autoptr(GHashTable) strangers = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    for (uint32_t i = 0; i < l->entry_count; i++) {
        const AjEntry *e = &l->entries[i];
        uint32_t worker = GPOINTER_TO_UINT(g_hash_table_lookup(workers, e->who)) - 1;
        uint32_t page = GPOINTER_TO_UINT(g_hash_table_lookup(pages, e->page)) - 1;
        m->worker_of[i] = worker;
        m->page_of[i] = page;
        if (worker == NONE)
            note_stranger(strangers, e);
        else if (page != NONE)
            note_deed(&m->deeds[(size_t)worker * l->desk->page_count + page], e);
    }
    take_strangers(m, strangers);
}

static const Deed *deed_of(const Making *m, uint32_t worker, uint32_t page)
{
    return &m->deeds[(size_t)worker * m->ledger->desk->page_count + page];
}

/* When a course without an exam was done: when the last of its pages was first read to the end. */
static const AjEntry *read_all(const Making *m, uint32_t worker, const AjDeskCourse *course)
{
    const AjEntry *last = NULL;
    for (uint32_t i = 0; i < course->page_count; i++) {
        const AjEntry *e = deed_of(m, worker, course->pages[i])->first_completed;
        if (!e)
            return NULL;
        if (is_later(e, last))
            last = e;
    }
    return last;
}

/* The page of the course that has changed since the worker last saw it; NULL: none. */
static const AjDeskPage *changed_page(const Making *m, uint32_t worker, const AjDeskCourse *course,
                                      int64_t proven)
{
    for (uint32_t i = 0; i <= course->page_count; i++) {
        uint32_t number = i < course->page_count ? course->pages[i] : course->exam;
        if (number == NONE)
            continue;
        const AjDeskPage *page = &m->ledger->desk->pages[number];
        const Deed *d = deed_of(m, worker, number);
        const AjEntry *seen = d->completed;
        if (d->passed && is_later(d->passed, seen))
            seen = d->passed;
        int old = seen ? aj_ledger_is_old(page, seen) : -1;
        if (old > 0 || (old < 0 && substance_time(page) > proven))
            return page;
    }
    return NULL;
}

static AjStanding stand(const Making *m, uint32_t worker, uint32_t number)
{
    const AjLedger *l = m->ledger;
    const AjDeskCourse *course = &l->desk->courses[number];
    const AjWorker *who = &l->workers[worker];
    AjStanding s = {.state = AJ_STANDING_EXEMPT, .time = INT64_MIN};
    const Deed *exam = course->exam != NONE ? deed_of(m, worker, course->exam) : NULL;
    s.proof = exam ? exam->passed : read_all(m, worker, course);
    s.attempts = exam ? exam->attempts : 0;
    if (s.proof)
        s.time = aj_ledger_time(s.proof, &s.doubtful);
    if (!aj_ledger_is_for(course, who))
        return s;
    if (!s.proof) {
        s.state = exam && exam->failed ? AJ_STANDING_FAILED : AJ_STANDING_MISSING;
        s.proof = exam ? exam->failed : NULL;
        if (s.proof)
            s.time = aj_ledger_time(s.proof, &s.doubtful);
        return s;
    }
    char day[11];
    s.changed = changed_page(m, worker, course, s.time);
    bool other_post = *who->moved && course->posts && *course->posts &&
                      !has_word(course->posts, "全员") &&
                      strcmp(who->moved, aj_ledger_day(s.time, day)) > 0;
    if (s.changed)
        s.state = AJ_STANDING_OLD;
    else if (other_post || (course->valid_months && is_over(s.time, course->valid_months, l->now)))
        s.state = AJ_STANDING_DUE;
    else
        s.state = AJ_STANDING_DONE;
    return s;
}

static void credit(Making *m, uint32_t worker, uint32_t course, const AjEntry *proof)
{
    AjCredit c = {.worker = worker, .course = course, .proof = proof};
    c.time = aj_ledger_time(proof, &c.doubtful);
    c.year = aj_ledger_year(c.time);
    c.hours = m->ledger->desk->courses[course].hours;
    g_array_append_val(m->credits, c);
}

static int by_place(const void *x, const void *y)
{
    const AjCredit *a = x, *b = y;
    if (a->worker != b->worker)
        return a->worker < b->worker ? -1 : 1;
    if (a->course != b->course)
        return a->course < b->course ? -1 : 1;
    if (a->year != b->year)
        return a->year < b->year ? -1 : 1;
    return a->time != b->time ? (a->time < b->time ? -1 : 1) : strcmp(a->proof->id, b->proof->id);
}

/* Hours: once a course and year, for the first pass of that year. */
static void count_hours(Making *m)
{
    AjLedger *l = m->ledger;
    const AjDesk *desk = l->desk;
    for (uint32_t i = 0; i < l->entry_count; i++) {
        if (m->worker_of[i] == NONE || m->page_of[i] == NONE ||
            strcmp(l->entries[i].verb, "passed") != 0)
            continue;
        for (uint32_t c = 0; c < desk->course_count; c++)
            if (desk->courses[c].exam == m->page_of[i])
                credit(m, m->worker_of[i], c, &l->entries[i]);
    }
    for (uint32_t c = 0; c < desk->course_count; c++)
        for (uint32_t w = 0; desk->courses[c].exam == NONE && w < l->worker_count; w++) {
            const AjEntry *proof = read_all(m, w, &desk->courses[c]);
            if (proof)
                credit(m, w, c, proof);
        }
    if (m->credits->len)
        qsort(m->credits->data, m->credits->len, sizeof(AjCredit), by_place);
    AjCredit *list = aj_arena_alloc(m->arena, (m->credits->len + 1) * sizeof *list);
    uint32_t count = 0;
    for (guint i = 0; i < m->credits->len; i++) {
        AjCredit c = g_array_index(m->credits, AjCredit, i);
        if (!count || list[count - 1].worker != c.worker || list[count - 1].course != c.course ||
            list[count - 1].year != c.year)
            list[count++] = c;
    }
    l->credits = list;
    l->credit_count = count;
}

AjLedger *aj_ledger_make(AjArena *a, const AjDesk *desk, const AjWorker *workers,
                         uint32_t worker_count, const AjEntry *entries, uint32_t entry_count,
                         int64_t now)
{
    AjLedger *l = aj_arena_alloc(a, sizeof *l);
    *l = (AjLedger){.desk = desk,
                    .workers = workers,
                    .worker_count = worker_count,
                    .entries = entries,
                    .entry_count = entry_count,
                    .now = now,
                    .forgotten_until = INT64_MIN};
    Making m = {.arena = a, .ledger = l};
    size_t deeds = (size_t)worker_count * desk->page_count;
    m.deeds = aj_arena_alloc(a, (deeds + 1) * sizeof *m.deeds);
    m.worker_of = aj_arena_alloc(a, ((size_t)entry_count + 1) * sizeof *m.worker_of);
    m.page_of = aj_arena_alloc(a, ((size_t)entry_count + 1) * sizeof *m.page_of);
    m.credits = g_array_new(FALSE, FALSE, sizeof(AjCredit));
    l->worker_of = m.worker_of;
    l->page_of = m.page_of;
    read_entries(&m);
    AjStanding *standings =
        aj_arena_alloc(a, ((size_t)worker_count * desk->course_count + 1) * sizeof *standings);
    for (uint32_t w = 0; w < worker_count; w++)
        for (uint32_t c = 0; c < desk->course_count; c++)
            standings[(size_t)w * desk->course_count + c] = stand(&m, w, c);
    l->standings = standings;
    count_hours(&m);
    g_array_free(m.credits, TRUE);
    return l;
}

const AjStanding *aj_ledger_standing(const AjLedger *l, uint32_t worker, uint32_t course)
{
    return &l->standings[(size_t)worker * l->desk->course_count + course];
}
