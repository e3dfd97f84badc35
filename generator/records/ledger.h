/* ledger - who has learned what: statements, a roster and a site's courses, joined.
 *
 * Pure: time comes in as a value, days are those of Beijing (UTC+8). A statement whose kiosk had a
 * wrong clock counts on the day it was collected, and is marked.
 * Must not know: files, SQLite, how a report looks. */
#pragma once
#include "base/value.h"

/* A statement as the store has it. Missing strings are "", missing numbers -1. */
typedef struct {
    const char *id, *chain, *who, *verb, *page, *commit, *content, *questions, *question, *seed;
    const char *station, *registration, *response, *file;
    int64_t seq, time, collected; /* time: INT64_MIN when the statement has none */
    double hours, raw, max, scaled, duration;
    int success, completion;
    uint32_t line;
    bool forgotten;
} AjEntry;
typedef struct {
    const char *number, *name, *unit, *team, *post; /* 工号, 姓名, 单位, 班组, 岗位 */
    const char *joined, *moved, *left;              /* 2026-11-20; "" */
    const char *who;                                /* pseudonym */
    uint32_t line;
} AjWorker;

typedef struct {
    const char *commit;
    int64_t time;
    bool substance;
    const char *subject;
} AjDeskRevision;
typedef struct {
    const char *source, *title, *kind, *content, *questions;
    const char *const *former; /* what its file was called before; NULL-terminated, or NULL */
    const char *const *posts, *const *hazards; /* NULL-terminated */
    double hours;
    const AjDeskRevision *revisions; /* newest first */
    uint32_t revision_count;
    const AjValue *quiz; /* NULL: no questions */
} AjDeskPage;
typedef struct {
    uint32_t page; /* index in AjDesk.pages of the course itself */
    const char *source, *title, *level;
    const char *const *posts; /* NULL-terminated; none: everybody */
    double hours;
    uint32_t valid_months;     /* 0: for good */
    const uint32_t *pages;     /* indices of AjDesk.pages, without the exam */
    uint32_t page_count, exam; /* exam: UINT32_MAX for none */
} AjDeskCourse;
typedef struct {
    const char *site, *title, *language, *head;
    const AjDeskPage *pages;
    uint32_t page_count;
    const AjDeskCourse *courses;
    uint32_t course_count;
} AjDesk;

typedef enum {
    AJ_STANDING_EXEMPT, /* not a course of his post */
    AJ_STANDING_DONE,
    AJ_STANDING_MISSING,
    AJ_STANDING_FAILED,
    AJ_STANDING_OLD, /* done, before the last substance change of the material */
    AJ_STANDING_DUE  /* done, and due again: time is over, or the post is another */
} AjStandingState;
typedef struct {
    AjStandingState state;
    const AjEntry *proof;      /* the statement that decides; NULL when missing */
    const AjDeskPage *changed; /* OLD: the page that was changed */
    int64_t time;              /* of the proof, corrected */
    uint32_t attempts;
    bool doubtful; /* the kiosk's clock was wrong */
} AjStanding;
typedef struct {
    uint32_t worker, course;
    int year;
    double hours;
    const AjEntry *proof;
    int64_t time;
    bool doubtful;
} AjCredit;
typedef struct {
    const char *who, *station;
    uint32_t statements;
    int64_t time;
} AjStranger;
typedef struct {
    const AjDesk *desk;
    const AjWorker *workers;
    uint32_t worker_count;
    const AjEntry *entries;
    uint32_t entry_count;
    int64_t now;
    int64_t forgotten_until;     /* answers from before that are not all here; INT64_MIN: all are */
    const AjStanding *standings; /* workers × courses */
    const AjCredit *credits;     /* by worker, course, year: once a year and course */
    uint32_t credit_count;
    const AjStranger *strangers; /* in the ledger, not on the roster; most statements first */
    uint32_t stranger_count;
    const uint32_t *worker_of; /* of each entry, UINT32_MAX: a stranger */
    const uint32_t *page_of;   /* of each entry, UINT32_MAX: no page of the site today */
} AjLedger;

/* Everything in `a`; the inputs are borrowed. */
AjLedger *aj_ledger_make(AjArena *a, const AjDesk *desk, const AjWorker *workers,
                         uint32_t worker_count, const AjEntry *entries, uint32_t entry_count,
                         int64_t now);
const AjStanding *aj_ledger_standing(const AjLedger *l, uint32_t worker, uint32_t course);
/* The time of a statement; of one whose clock was wrong the time it was collected. */
int64_t aj_ledger_time(const AjEntry *e, bool *doubtful_out);
/* "2026-11-20", Beijing; buffer of 11. */
const char *aj_ledger_day(int64_t time, char out[11]);
int aj_ledger_year(int64_t time);
bool aj_ledger_is_for(const AjDeskCourse *course, const AjWorker *worker);
/* Is what `e` names of `page` older than the last substance change? -1: cannot be told. */
int aj_ledger_is_old(const AjDeskPage *page, const AjEntry *e);
