/* plan - every file of the site that a template draws, with its address, before any is drawn.
 *
 * Must not know: how a context looks, what is cached. */
#pragma once
#include "model/site.h"
#include "render/template.h"

typedef enum {
    AJ_OUT_PAGE,     /* index: page */
    AJ_OUT_HOME,     /* the root section */
    AJ_OUT_SECTION,  /* index: section */
    AJ_OUT_KIND,     /* index: AjKind */
    AJ_OUT_TAXONOMY, /* index: taxonomy */
    AJ_OUT_TERM,     /* index: taxonomy, sub: term */
    AJ_OUT_SEARCH,
    AJ_OUT_CHANGES,
    AJ_OUT_COVERAGE,
    AJ_OUT_404,
    AJ_OUT_KIOSK,
    AJ_OUT_REDIRECT, /* index: page; address is the alias */
    AJ_OUT_FEED,
    AJ_OUT_SITEMAP,
    AJ_OUT_ROBOTS,
    AJ_OUT_KIOSK_PARTS, /* what the kiosk shows behind its first touch, as a script */
    AJ_OUT_KIOSK_CARDS, /* all its courses, once it knows who is there */
    AJ_OUT_KIOSK_STEPS, /* index: a course, when its card is shown */
    AJ_OUT_DIFF,        /* index: page, sub: its revision, 0 the newest */
    AJ_OUT_SINCE,       /* index: an old edition */
    AJ_OUT_QUESTIONS,   /* index: page; what its player knows of its questions, as a script */
    AJ_OUTS
} AjOutKind;
#define AJ_KIOSK_PARTS "kiosk_parts.html" /* their templates */
#define AJ_KIOSK_CARDS "kiosk_cards.html"
#define AJ_KIOSK_STEPS "kiosk_steps.html"
#define AJ_QUESTIONS "quiz_data.html"
typedef struct {
    AjOutKind kind;
    const char *address;
    const char *template; /* "case.html" */
    uint32_t index, sub;
    uint32_t part, parts; /* list pages: 1 … parts */
} AjPlanned;
typedef struct AjPlan {
    const AjPlanned *outputs;
    uint32_t count;
    const uint32_t *of_kind[AJ_KINDS]; /* page numbers by kind, in reading order */
    uint32_t kind_count[AJ_KINDS];
} AjPlan;

struct AjEditions;
/* What the theme has no template for is left out: a theme of then need not know all of today.
 * `editions`: of the site; NULL: one only. NULL when two outputs have one address, also when only
 * letter case differs: an error of the site.
 */
AjPlan *aj_plan(AjArena *a, const AjSite *site, const AjTemplates *templates,
                const struct AjEditions *editions, AjDiags *diags);
/* "cases/index.html", 2 → "cases/index-page-2.html" */
const char *aj_plan_part_address(AjArena *a, const char *address, uint32_t part);
/* Where the diff page of revision `number` (from 1) of a page lies: "changes/cases/tank-7.html". */
const char *aj_plan_diff_address(AjArena *a, const char *address, uint32_t number);
/* Where what a player knows of a practice page's questions lies; `key` of its quiz names what they
 * say: "quizzes/final.html" → "quizzes/final.5401ea03.questions.js". */
const char *aj_plan_questions_address(AjArena *a, const char *address, const char *key);
/* The pages a list is made of, without paging. */
const uint32_t *aj_plan_list(const AjPlan *plan, const AjSite *site, const AjPlanned *out,
                             uint32_t *count_out);
