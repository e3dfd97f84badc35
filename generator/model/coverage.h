/* coverage - who is taught what: post × hazard, with the lessons that teach it and the quizzes that
 * ask about it, and where one is missing.
 *
 * A hazard concerns a post when a case, lesson, page or course says so in its front matter; a page
 * without posts, or for 全员, concerns everybody. It is taught by a lesson or page about it, by a
 * course for it, and by whatever stands in a course of that post. It is asked about by a page about
 * it that has questions, and by the exam of a course of that post that teaches it. Must not know:
 * the site, the roster's file, how it is drawn. */
#pragma once
#include "model/page.h"

#define AJ_EVERYBODY "全员"

typedef struct {
    AjKind kind;
    const char *const *posts, *const *hazards; /* NULL-terminated, or NULL */
    bool asks;                                 /* it has questions */
} AjCoveragePage;
typedef struct {
    uint32_t page, exam;   /* the course itself; its exam, UINT32_MAX: none */
    const uint32_t *pages; /* may name the exam */
    uint32_t page_count;
} AjCoverageCourse;
typedef struct {
    const char *name;
    uint32_t people;
} AjStaff; /* how many of a post the roster names */
typedef struct {
    const AjCoveragePage *pages;
    uint32_t page_count;
    const AjCoverageCourse *courses;
    uint32_t course_count;
    const AjStaff *staff;
    uint32_t staff_count;
} AjCoverageInput;

typedef enum {
    AJ_COVER_NONE, /* the hazard does not concern the post */
    AJ_COVER_GOOD,
    AJ_COVER_NO_LESSON,
    AJ_COVER_NO_QUIZ
} AjCoverState;
typedef struct {
    AjCoverState state;
    uint32_t lessons, quizzes; /* how many pages */
    uint32_t why;              /* the first page that says so */
} AjCoverCell;
typedef struct {
    const char *name;
    uint32_t people;
    bool has_course;
} AjCoverPost;
typedef struct {
    const char *name;
    const uint32_t *lessons, *quizzes; /* pages that teach it, ask about it, for whatever post */
    uint32_t lesson_count, quiz_count;
} AjCoverHazard;
typedef struct {
    const AjCoverPost *posts; /* by name; only 全员 when no page and no roster names one */
    uint32_t post_count;
    const AjCoverHazard *hazards; /* by name */
    uint32_t hazard_count;
    const AjCoverCell *cells; /* posts × hazards */
    uint32_t holes;           /* cells without lesson or quiz, and staffed posts without a course */
} AjCoverage;

/* NULL when there is nothing to hold: no hazard, or neither a course nor a roster. Names are
 * borrowed, the rest lies in `a`. */
const AjCoverage *aj_coverage_make(AjArena *a, const AjCoverageInput *in);
const AjCoverCell *aj_coverage_cell(const AjCoverage *c, uint32_t post, uint32_t hazard);
/* A post that people hold and that no course is for. */
bool aj_coverage_is_untaught(const AjCoverPost *post);
/* A list of words that says "everybody", or the word. */
bool aj_coverage_names(const char *const *posts, const char *post);
