/* Who has learned what, case by case: missing, failed, done, old, due again, another post, a wrong
 * clock. Must not know: files, SQLite. */
#include "records/ledger.h"

#include <glib.h>

enum { T = 1795200000 }; /* 2026-11-20 and a bit */
static AjArena *arena;
static const char *const everybody[] = {NULL}, *const welders[] = {"焊工", NULL};
static const AjDeskRevision revisions[] = {
    {"c3", T - 100, false, ""}, {"c2", T - 1000, true, ""}, {"c1", T - 100000, true, ""}};
static const AjDeskPage pages[] = {{.source = "a.md",
                                    .title = "甲",
                                    .posts = everybody,
                                    .revisions = revisions,
                                    .revision_count = 3},
                                   {.source = "q.md",
                                    .title = "考",
                                    .posts = everybody,
                                    .revisions = revisions + 2,
                                    .revision_count = 1}};
static const uint32_t first[] = {0};
static const AjDeskCourse courses[] = {{.source = "x.md",
                                        .title = "有考试",
                                        .posts = everybody,
                                        .hours = 2,
                                        .valid_months = 12,
                                        .pages = first,
                                        .page_count = 1,
                                        .exam = 1},
                                       {.source = "y.md",
                                        .title = "只读",
                                        .posts = welders,
                                        .hours = 1,
                                        .pages = first,
                                        .page_count = 1,
                                        .exam = UINT32_MAX}};
static const AjDesk desk = {
    .site = "", .pages = pages, .page_count = 2, .courses = courses, .course_count = 2};

static AjEntry entry(const char *who, const char *verb, const char *page, const char *commit,
                     int64_t time, int64_t seq)
{
    return (AjEntry){.id = "",
                     .chain = "c",
                     .who = who,
                     .verb = verb,
                     .page = page,
                     .commit = commit,
                     .station = "",
                     .time = time,
                     .collected = T,
                     .seq = seq};
}

static AjWorker worker(const char *number, const char *post, const char *who)
{
    return (AjWorker){.number = number,
                      .name = number,
                      .unit = "",
                      .team = "",
                      .post = post,
                      .joined = "",
                      .moved = "",
                      .left = "",
                      .who = who};
}

static AjStandingState state(const AjEntry *entries, uint32_t count, AjWorker w, uint32_t course,
                             int64_t now)
{
    AjWorker *one = aj_arena_alloc(arena, sizeof *one);
    *one = w;
    AjLedger *l = aj_ledger_make(arena, &desk, one, 1, entries, count, now);
    return aj_ledger_standing(l, 0, course)->state;
}

static void test_standing(void)
{
    AjWorker w = worker("1001", "焊工", "p-1"), other = worker("1002", "电工", "p-1");
    AjEntry pass[] = {entry("p-1", "completed", "a.md", "c2", T - 500, 1),
                      entry("p-1", "passed", "q.md", "c1", T - 400, 2)};
    AjEntry fail[] = {entry("p-1", "failed", "q.md", "c1", T - 400, 2)};
    AjEntry old[] = {entry("p-1", "completed", "a.md", "c1", T - 5000, 1),
                     entry("p-1", "passed", "q.md", "c1", T - 400, 2)};
    g_assert_cmpint(state(NULL, 0, w, 0, T), ==, AJ_STANDING_MISSING);
    g_assert_cmpint(state(NULL, 0, other, 1, T), ==, AJ_STANDING_EXEMPT);
    g_assert_cmpint(state(fail, 1, w, 0, T), ==, AJ_STANDING_FAILED);
    g_assert_cmpint(state(pass, 2, w, 0, T), ==, AJ_STANDING_DONE);
    g_assert_cmpint(state(pass, 2, w, 1, T), ==, AJ_STANDING_DONE);
    g_assert_cmpint(state(old, 2, w, 0, T), ==, AJ_STANDING_OLD);
    pass[0].commit = "c3"; /* a change of wording is none */
    g_assert_cmpint(state(pass, 2, w, 0, T), ==, AJ_STANDING_DONE);
    pass[0].commit = "unknown"; /* then time decides */
    g_assert_cmpint(state(pass, 2, w, 0, T), ==, AJ_STANDING_DONE);
    pass[0].commit = "c2";
    g_assert_cmpint(state(pass, 2, w, 0, T + 366 * 86400), ==, AJ_STANDING_DUE);
    g_assert_cmpint(state(pass, 2, w, 0, T + 360 * 86400), ==, AJ_STANDING_DONE);
    w.moved = "2026-12-01"; /* a course of the post has to be learned again, one for all has not */
    g_assert_cmpint(state(pass, 2, w, 1, T), ==, AJ_STANDING_DUE);
    g_assert_cmpint(state(pass, 2, w, 0, T), ==, AJ_STANDING_DONE);
}

static void test_hours(void)
{
    AjWorker people[] = {worker("1001", "焊工", "p-1"), worker("1002", "焊工", "p-2")};
    AjEntry entries[] = {entry("p-1", "passed", "q.md", "c1", T, 1),
                         entry("p-1", "passed", "q.md", "c1", T + 10, 2),
                         entry("p-1", "passed", "q.md", "c1", T - 365 * 86400, 3),
                         entry("p-2", "failed", "q.md", "c1", T, 4),
                         entry("p-2", "completed", "a.md", "c1", T, 5),
                         entry("p-3", "passed", "q.md", "c1", T, 6)};
    AjLedger *l = aj_ledger_make(arena, &desk, people, 2, entries, G_N_ELEMENTS(entries), T);
    g_assert_cmpuint(l->credit_count, ==, 3); /* two years of one, the course that is only read */
    g_assert_cmpint(l->credits[0].year, ==, 2025);
    g_assert_cmpint(l->credits[1].year, ==, 2026);
    g_assert_cmpint(l->credits[1].time, ==, T);
    g_assert_true(l->credits[2].worker == 1 && l->credits[2].course == 1);
    g_assert_cmpuint(l->stranger_count, ==, 1);
    g_assert_cmpstr(l->strangers[0].who, ==, "p-3");
}

static void test_time(void)
{
    char day[11];
    bool doubtful;
    g_assert_cmpstr(aj_ledger_day(0, day), ==, "1970-01-01");
    g_assert_cmpstr(aj_ledger_day(1795190399, day), ==, "2026-11-20"); /* 23:59:59 in Beijing */
    g_assert_cmpstr(aj_ledger_day(1795190400, day), ==, "2026-11-21");
    g_assert_cmpstr(aj_ledger_day(951782400, day), ==, "2000-02-29");
    g_assert_cmpint(aj_ledger_year(1798732800), ==, 2027);
    AjEntry e = entry("", "", "", "", 5, 1);
    g_assert_cmpint(aj_ledger_time(&e, &doubtful), ==, T);
    g_assert_true(doubtful);
    e.time = T + 3 * 86400;
    g_assert_cmpint(aj_ledger_time(&e, &doubtful), ==, T);
    e.time = T - 3;
    g_assert_cmpint(aj_ledger_time(&e, &doubtful), ==, T - 3);
    g_assert_false(doubtful);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    arena = aj_arena_new(1 << 16);
    g_test_add_func("/records/ledger/standing", test_standing);
    g_test_add_func("/records/ledger/hours", test_hours);
    g_test_add_func("/records/ledger/time", test_time);
    int code = g_test_run();
    aj_arena_free(arena);
    return code;
}
