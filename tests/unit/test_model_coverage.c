/* Who is taught what. */
#include "model/coverage.h"

#include <glib.h>

#define W(...) ((const char *const[]){__VA_ARGS__, NULL})

static const AjCoverCell *find(const AjCoverage *c, const char *post, const char *hazard)
{
    for (uint32_t p = 0; p < c->post_count; p++)
        for (uint32_t h = 0; h < c->hazard_count; h++)
            if (g_str_equal(c->posts[p].name, post) && g_str_equal(c->hazards[h].name, hazard))
                return aj_coverage_cell(c, p, h);
    g_assert_not_reached();
}

static void test_cells(void)
{
    AjArena *a = aj_arena_new(1 << 14);
    const AjCoveragePage pages[] = {
        {AJ_KIND_CASE, W("焊工", "电工"), W("触电", "触电"), false},
        {AJ_KIND_LESSON, W("电工"), W("触电"), false},
        {AJ_KIND_COURSE, W("焊工"), NULL, false},
        {AJ_KIND_COURSE, W(AJ_EVERYBODY), NULL, false},
        {AJ_KIND_QUIZ, NULL, NULL, true},
        {AJ_KIND_MODEL, NULL, W("灼烫"), false},
    };
    const uint32_t steps[] = {0, 1};
    AjCoverageCourse courses[] = {{2, 4, steps, 1}, {3, 4, steps, 1}};
    const AjStaff staff[] = {{"司机", 3}};
    AjCoverageInput in = {pages, 6, courses, 1, staff, 1};

    const AjCoverage *c = aj_coverage_make(a, &in);
    g_assert_cmpint(find(c, "焊工", "触电")->state, ==, AJ_COVER_GOOD);
    g_assert_cmpuint(find(c, "焊工", "触电")->lessons, ==, 1); /* the case, in his course */
    g_assert_cmpuint(find(c, "焊工", "触电")->quizzes, ==, 1);
    g_assert_cmpint(find(c, "电工", "触电")->state, ==, AJ_COVER_NO_QUIZ);
    g_assert_cmpint(find(c, "司机", "触电")->state, ==, AJ_COVER_NONE);
    g_assert_cmpint(find(c, "司机", "灼烫")->state, ==, AJ_COVER_NONE); /* a model asks nothing */
    g_assert_cmpuint(c->holes, ==, 2); /* and nothing is there for the drivers */

    in.course_count = 2; /* a page of two courses is one lesson */
    c = aj_coverage_make(a, &in);
    g_assert_cmpuint(find(c, "焊工", "触电")->lessons, ==, 1);
    g_assert_cmpuint(find(c, "焊工", "触电")->quizzes, ==, 1);
    g_assert_cmpint(find(c, "电工", "触电")->state, ==, AJ_COVER_GOOD);
    g_assert_cmpuint(find(c, "电工", "触电")->lessons, ==, 2);
    g_assert_cmpuint(c->holes, ==, 0);
    aj_arena_free(a);
}

static void test_nothing(void)
{
    AjArena *a = aj_arena_new(1 << 14);
    const AjCoveragePage pages[] = {{AJ_KIND_CASE, NULL, W("触电"), false},
                                    {AJ_KIND_COURSE, NULL, NULL, false}};
    AjCoverageCourse course = {1, UINT32_MAX, NULL, 0};
    AjCoverageInput in = {pages, 2, NULL, 0, NULL, 0};
    g_assert_null(aj_coverage_make(a, &in));
    in.courses = &course;
    in.course_count = 1;
    const AjCoverage *c = aj_coverage_make(a, &in);
    g_assert_cmpuint(c->post_count, ==, 1);
    g_assert_cmpint(find(c, AJ_EVERYBODY, "触电")->state, ==, AJ_COVER_NO_LESSON);
    in.pages = &pages[1];
    in.page_count = 1;
    course.page = 0;
    g_assert_null(aj_coverage_make(a, &in)); /* no hazard */
    aj_arena_free(a);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/model/coverage/cells", test_cells);
    g_test_add_func("/model/coverage/nothing", test_nothing);
    return g_test_run();
}
