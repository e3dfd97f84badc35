/* sitecover - which posts learn what, from a site's front matter and the roster beside it.
 *
 * Must not know: what is missing how badly, how it is drawn. */
#include "driver/sitecover.h"

#include "base/fs.h"
#include "driver/entry.h"
#include "driver/join.h"
#include "records/ledger.h"
#include "records/roster.h"

#include <string.h>

enum { ROSTER_LIMIT = 64 << 20, PAGES_SHOWN = 12 /* of a hazard that has a list of its own */ };

/* ---- what a site says ----------------------------------------------------------------------- */

static int by_post(const void *x, const void *y)
{
    return strcmp(((const AjStaff *)x)->name, ((const AjStaff *)y)->name);
}

const AjStaff *aj_sitecover_staff(AjArena *a, const char *root, int64_t now, uint32_t *count_out,
                                  AjDiags *diags)
{
    g_autofree char *path = g_build_filename(root, "roster.csv", NULL), *text = NULL;
    g_autoptr(AjDiags) unasked = aj_diags_new();
    char today[11];
    size_t len = 0;
    uint32_t count = 0, used = 0;
    *count_out = 0;
    if (!g_file_test(path, G_FILE_TEST_EXISTS) ||
        !aj_fs_read(path, ROSTER_LIMIT, &text, &len, NULL))
        return NULL;
    const AjWorker *workers =
        aj_roster_parse(a, text, len, "roster.csv", NULL, &count, diags ? diags : unasked);
    AjStaff *staff = aj_arena_alloc(a, (count + 1) * sizeof *staff);
    aj_ledger_day(now, today);
    for (uint32_t i = 0; i < count; i++)
        if (*workers[i].post && !(*workers[i].left && strcmp(workers[i].left, today) <= 0))
            staff[used++] = (AjStaff){workers[i].post, 1};
    if (used)
        qsort(staff, used, sizeof *staff, by_post);
    for (uint32_t i = 0; i < used; i++) {
        if (*count_out && strcmp(staff[*count_out - 1].name, staff[i].name) == 0)
            staff[*count_out - 1].people++;
        else
            staff[(*count_out)++] = staff[i];
    }
    return staff;
}

static const char *const *words_of(AjArena *a, const AjValue *list)
{
    uint32_t count = 0;
    const char **out = aj_arena_alloc(a, (aj_value_len(list) + 1) * sizeof *out);
    for (uint32_t i = 0; i < aj_value_len(list); i++)
        if (aj_value_at(list, i)->type == AJ_VALUE_STRING)
            out[count++] = aj_value_at(list, i)->s;
    return out;
}

bool aj_sitecover_is_wanted(const AjSite *site)
{
    if (!site->config->coverage || (!site->course_count && !site->config->staff_count))
        return false;
    for (uint32_t t = 0; t < site->taxonomy_count; t++)
        if (strcmp(site->taxonomies[t].key, "hazards") == 0)
            return true;
    return false;
}

const AjCoverage *aj_sitecover_make(AjArena *a, const AjSite *site)
{
    AjCoveragePage *pages = aj_arena_alloc(a, (site->page_count + 1) * sizeof *pages);
    AjCoverageCourse *courses = aj_arena_alloc(a, (site->course_count + 1) * sizeof *courses);
    for (uint32_t i = 0; i < site->page_count; i++) {
        const AjValue *light = aj_join_light(site, i), *taxa = aj_value_get(light, "taxa");
        pages[i] = (AjCoveragePage){site->pages[i].kind, words_of(a, aj_value_get(taxa, "posts")),
                                    words_of(a, aj_value_get(taxa, "hazards")),
                                    aj_value_get(light, "quiz") != NULL};
    }
    for (uint32_t i = 0; i < site->course_count; i++) {
        const AjCourse *course = &site->courses[i];
        courses[i] =
            (AjCoverageCourse){course->page, course->exam, course->pages, course->page_count};
    }
    AjCoverageInput in = {.pages = pages,
                          .page_count = site->page_count,
                          .courses = courses,
                          .course_count = site->course_count,
                          .staff = site->config->staff,
                          .staff_count = site->config->staff_count};
    return aj_coverage_make(a, &in);
}

/* ---- how a template sees it ----------------------------------------------------------------- */

/* Where the term NAME of a taxonomy lies; "" when it has no page. */
static const char *term_url(const AjSite *site, const char *key, const char *name)
{
    for (uint32_t t = 0; t < site->taxonomy_count; t++)
        for (uint32_t i = 0; i < site->taxonomies[t].term_count; i++)
            if (strcmp(site->taxonomies[t].key, key) == 0 &&
                strcmp(site->taxonomies[t].terms[i].name, name) == 0)
                return site->taxonomies[t].terms[i].address;
    return "";
}

/* The pages as the list KEY of `v`, and as more_KEY how many they are when some are left out. */
static void put_pages(AjArena *a, const AjContexts *c, AjValue *v, const char *key,
                      const uint32_t *numbers, uint32_t count)
{
    AjValue *list = aj_value_list(a);
    uint32_t shown = *aj_value_get_string(v, "url", "") ? MIN(count, PAGES_SHOWN) : count;
    for (uint32_t i = 0; i < shown; i++)
        aj_value_push(a, list, aj_entry_page(a, c, numbers[i]));
    aj_entry_set_list(a, v, key, list);
    aj_value_set_int(a, v, aj_arena_printf(a, "more_%s", key), shown < count ? count : 0);
}

static AjValue *cell_map(AjArena *a, const AjCoverCell *cell)
{
    AjValue *v = aj_value_map(a);
    aj_value_set_int(a, v, "lessons", cell->lessons);
    aj_value_set_int(a, v, "quizzes", cell->quizzes);
    aj_value_set_bool(a, v, "is_none", cell->state == AJ_COVER_NONE);
    aj_value_set_bool(a, v, "is_good", cell->state == AJ_COVER_GOOD);
    aj_value_set_bool(a, v, "no_lesson", cell->state == AJ_COVER_NO_LESSON);
    aj_value_set_bool(a, v, "no_quiz", cell->state == AJ_COVER_NO_QUIZ);
    return v;
}

static void add_hole(AjArena *a, const AjContexts *c, AjValue *list, const AjCoverage *cover,
                     uint32_t p, uint32_t h)
{
    const AjCoverCell *cell = aj_coverage_cell(cover, p, h);
    if (cell->state <= AJ_COVER_GOOD)
        return;
    AjValue *v = cell_map(a, cell);
    aj_value_set_string(a, v, "post", cover->posts[p].name);
    aj_value_set_string(a, v, "hazard", cover->hazards[h].name);
    aj_value_set(a, v, "page", aj_entry_page(a, c, cell->why));
    aj_value_push(a, list, v);
}

void aj_sitecover_put(AjArena *a, const AjContexts *c, AjValue *map)
{
    const AjCoverage *cover = aj_sitecover_make(a, c->site);
    AjValue *posts = aj_value_list(a), *hazards = aj_value_list(a), *holes = aj_value_list(a);
    AjValue *untaught = aj_value_list(a);
    for (uint32_t h = 0; cover && h < cover->hazard_count; h++) {
        const AjCoverHazard *hazard = &cover->hazards[h];
        AjValue *v = aj_entry_crumb(a, hazard->name, term_url(c->site, "hazards", hazard->name));
        aj_value_set_string(a, v, "sign_url", aj_entry_sign(c, hazard->name));
        put_pages(a, c, v, "teaching", hazard->lessons, hazard->lesson_count);
        put_pages(a, c, v, "asking", hazard->quizzes, hazard->quiz_count);
        aj_value_push(a, hazards, v);
    }
    for (uint32_t p = 0; cover && p < cover->post_count; p++) {
        AjValue *v = aj_entry_crumb(a, cover->posts[p].name,
                                    term_url(c->site, "posts", cover->posts[p].name));
        AjValue *cells = aj_value_list(a);
        for (uint32_t h = 0; h < cover->hazard_count; h++) {
            aj_value_push(a, cells, cell_map(a, aj_coverage_cell(cover, p, h)));
            add_hole(a, c, holes, cover, p, h);
        }
        aj_value_set(a, v, "cells", cells);
        aj_value_set_int(a, v, "people", cover->posts[p].people);
        aj_value_set_bool(a, v, "has_people", cover->posts[p].people > 0);
        aj_value_push(a, posts, v);
        if (aj_coverage_is_untaught(&cover->posts[p]))
            aj_value_push(a, untaught, aj_value_copy(a, v));
    }
    aj_entry_set_list(a, map, "rows", posts);
    aj_entry_set_list(a, map, "columns", hazards);
    aj_entry_set_list(a, map, "holes", holes);
    aj_entry_set_list(a, map, "untaught", untaught);
    aj_value_set_bool(a, map, "is_whole", cover && !cover->holes);
}
