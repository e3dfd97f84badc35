/* coverage - who is taught what. Must not know: the site, the roster's file, how it is drawn. */
#include "model/coverage.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX

typedef struct {
    AjArena *arena;
    const AjCoverageInput *in;
    AjCoverPost *posts;
    AjCoverHazard *hazards;
    AjCoverCell *cells;
    uint32_t post_count, hazard_count;
    GHashTable *hazard_index;    /* name → index + 1 */
    uint32_t *mark, *mark_any;   /* by cell, by hazard: the page that was counted there last, + 1 */
    GArray **lessons, **quizzes; /* by hazard */
} Making;

bool aj_coverage_names(const char *const *posts, const char *post)
{
    if (!posts || !*posts)
        return true;
    for (; *posts; posts++)
        if (strcmp(*posts, post) == 0 || strcmp(*posts, AJ_EVERYBODY) == 0)
            return true;
    return false;
}

bool aj_coverage_is_untaught(const AjCoverPost *post)
{
    return post->people && !post->has_course;
}

const AjCoverCell *aj_coverage_cell(const AjCoverage *c, uint32_t post, uint32_t hazard)
{
    return &c->cells[(size_t)post * c->hazard_count + hazard];
}

static int by_text(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* The keys of a set, sorted. */
static const char **names_of(GHashTable *set, uint32_t *count_out)
{
    const char **names = (const char **)g_hash_table_get_keys_as_array(set, count_out);
    if (*count_out)
        qsort(names, *count_out, sizeof *names, by_text);
    return names;
}

static void find_names(Making *m)
{
    g_autoptr(GHashTable) posts = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) hazards = g_hash_table_new(g_str_hash, g_str_equal);
    for (uint32_t i = 0; i < m->in->page_count; i++) {
        const AjCoveragePage *page = &m->in->pages[i];
        for (const char *const *w = page->hazards; w && *w; w++)
            g_hash_table_add(hazards, (void *)*w);
        for (const char *const *w = page->posts; w && *w; w++)
            if (strcmp(*w, AJ_EVERYBODY) != 0)
                g_hash_table_add(posts, (void *)*w);
    }
    for (uint32_t i = 0; i < m->in->staff_count; i++)
        if (*m->in->staff[i].name)
            g_hash_table_add(posts, (void *)m->in->staff[i].name);
    if (!g_hash_table_size(posts))
        g_hash_table_add(posts, (void *)AJ_EVERYBODY);
    g_autofree const char **post = names_of(posts, &m->post_count);
    g_autofree const char **hazard = names_of(hazards, &m->hazard_count);
    m->posts = aj_arena_alloc(m->arena, (m->post_count + 1) * sizeof *m->posts);
    m->hazards = aj_arena_alloc(m->arena, (m->hazard_count + 1) * sizeof *m->hazards);
    for (uint32_t p = 0; p < m->post_count; p++) {
        m->posts[p].name = post[p];
        for (uint32_t i = 0; i < m->in->staff_count; i++)
            if (strcmp(m->in->staff[i].name, post[p]) == 0)
                m->posts[p].people += m->in->staff[i].people;
    }
    for (uint32_t h = 0; h < m->hazard_count; h++) {
        m->hazards[h].name = hazard[h];
        g_hash_table_insert(m->hazard_index, (void *)hazard[h], GUINT_TO_POINTER(h + 1));
    }
}

/* Counts `page` once in the cell, and once for the hazard. */
static void count(Making *m, uint32_t page, uint32_t p, uint32_t h, bool quiz)
{
    size_t cell = (size_t)p * m->hazard_count + h;
    if (m->mark[cell] != page + 1) {
        m->mark[cell] = page + 1;
        if (quiz)
            m->cells[cell].quizzes++;
        else
            m->cells[cell].lessons++;
    }
    if (m->mark_any[h] != page + 1) {
        m->mark_any[h] = page + 1;
        g_array_append_val(quiz ? m->quizzes[h] : m->lessons[h], page);
    }
}

static void forget_marks(Making *m)
{
    memset(m->mark, 0, (size_t)m->post_count * m->hazard_count * sizeof *m->mark);
    memset(m->mark_any, 0, m->hazard_count * sizeof *m->mark_any);
}

static void each_pair(Making *m, uint32_t about, const char *const *also, uint32_t counted,
                      bool quiz, bool needs)
{
    const AjCoveragePage *page = &m->in->pages[about];
    for (const char *const *w = page->hazards; w && *w; w++) {
        uint32_t h = GPOINTER_TO_UINT(g_hash_table_lookup(m->hazard_index, *w)) - 1;
        for (uint32_t p = 0; p < m->post_count; p++) {
            const char *post = m->posts[p].name;
            if (!aj_coverage_names(page->posts, post) || !aj_coverage_names(also, post))
                continue;
            AjCoverCell *cell = &m->cells[(size_t)p * m->hazard_count + h];
            if (needs && cell->why == NONE)
                cell->why = about;
            if (counted != NONE)
                count(m, counted, p, h, quiz);
        }
    }
}

static int by_number(const void *x, const void *y)
{
    uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return (a > b) - (a < b);
}

static void count_lessons(Making *m)
{
    for (uint32_t i = 0; i < m->in->page_count; i++) {
        AjKind kind = m->in->pages[i].kind;
        bool teaches = kind == AJ_KIND_LESSON || kind == AJ_KIND_PAGE || kind == AJ_KIND_COURSE;
        if (teaches || kind == AJ_KIND_CASE)
            each_pair(m, i, NULL, teaches ? i : NONE, false, true);
    }
    /* By page, so that one that stands in two courses counts once. */
    g_autoptr(GArray) steps = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    for (uint32_t c = 0; c < m->in->course_count; c++)
        for (uint32_t i = 0; i < m->in->courses[c].page_count; i++) {
            uint64_t step = (uint64_t)m->in->courses[c].pages[i] << 32 | c;
            g_array_append_val(steps, step);
        }
    g_array_sort(steps, by_number);
    for (guint i = 0; i < steps->len; i++) {
        uint64_t step = g_array_index(steps, uint64_t, i);
        uint32_t page = (uint32_t)(step >> 32);
        const AjCoverageCourse *course = &m->in->courses[(uint32_t)step];
        AjKind kind = m->in->pages[page].kind;
        if (kind == AJ_KIND_CASE || kind == AJ_KIND_MODEL)
            each_pair(m, page, m->in->pages[course->page].posts, page, false, false);
    }
}

/* What an exam asks about: itself, and what the courses teach whose exam it is. */
static void count_quizzes(Making *m)
{
    g_autofree bool *is_exam = g_new0(bool, m->in->page_count + 1);
    for (uint32_t c = 0; c < m->in->course_count; c++)
        if (m->in->courses[c].exam != NONE)
            is_exam[m->in->courses[c].exam] = true;
    forget_marks(m);
    for (uint32_t i = 0; i < m->in->page_count; i++) {
        if (m->in->pages[i].asks)
            each_pair(m, i, NULL, i, true, false);
        for (uint32_t c = 0; is_exam[i] && c < m->in->course_count; c++) {
            const AjCoverageCourse *course = &m->in->courses[c];
            const char *const *posts = m->in->pages[course->page].posts;
            if (course->exam != i)
                continue;
            each_pair(m, course->page, NULL, i, true, false);
            for (uint32_t n = 0; n < course->page_count; n++)
                each_pair(m, course->pages[n], posts, i, true, false);
        }
    }
}

static const uint32_t *keep(Making *m, GArray *list, uint32_t *count_out)
{
    uint32_t *out = aj_arena_alloc(m->arena, (list->len + 1) * sizeof *out);
    if (list->len)
        memcpy(out, list->data, list->len * sizeof *out);
    *count_out = list->len;
    g_array_unref(list);
    return out;
}

static uint32_t judge(Making *m)
{
    uint32_t holes = 0;
    for (size_t i = 0; i < (size_t)m->post_count * m->hazard_count; i++) {
        AjCoverCell *cell = &m->cells[i];
        cell->state = cell->why == NONE ? AJ_COVER_NONE
                      : !cell->lessons  ? AJ_COVER_NO_LESSON
                      : !cell->quizzes  ? AJ_COVER_NO_QUIZ
                                        : AJ_COVER_GOOD;
        holes += cell->state > AJ_COVER_GOOD;
    }
    for (uint32_t p = 0; p < m->post_count; p++) {
        for (uint32_t c = 0; c < m->in->course_count; c++)
            m->posts[p].has_course |=
                aj_coverage_names(m->in->pages[m->in->courses[c].page].posts, m->posts[p].name);
        holes += aj_coverage_is_untaught(&m->posts[p]);
    }
    return holes;
}

const AjCoverage *aj_coverage_make(AjArena *a, const AjCoverageInput *in)
{
    Making m = {.arena = a, .in = in};
    if (!in->course_count && !in->staff_count)
        return NULL;
    m.hazard_index = g_hash_table_new(g_str_hash, g_str_equal);
    find_names(&m);
    size_t cells = (size_t)m.post_count * m.hazard_count;
    m.cells = aj_arena_alloc(a, (cells + 1) * sizeof *m.cells);
    for (size_t i = 0; i < cells; i++)
        m.cells[i].why = NONE;
    m.mark = g_new0(uint32_t, cells + 1);
    m.mark_any = g_new0(uint32_t, m.hazard_count + 1);
    m.lessons = g_new0(GArray *, m.hazard_count + 1);
    m.quizzes = g_new0(GArray *, m.hazard_count + 1);
    for (uint32_t h = 0; h < m.hazard_count; h++) {
        m.lessons[h] = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        m.quizzes[h] = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    }
    count_lessons(&m);
    count_quizzes(&m);
    for (uint32_t h = 0; h < m.hazard_count; h++) {
        m.hazards[h].lessons = keep(&m, m.lessons[h], &m.hazards[h].lesson_count);
        m.hazards[h].quizzes = keep(&m, m.quizzes[h], &m.hazards[h].quiz_count);
    }
    AjCoverage *out = aj_arena_alloc(a, sizeof *out);
    *out = (AjCoverage){m.posts, m.post_count, m.hazards, m.hazard_count, m.cells, judge(&m)};
    g_hash_table_unref(m.hazard_index);
    g_free(m.mark);
    g_free(m.mark_any);
    g_free(m.lessons);
    g_free(m.quizzes);
    return m.hazard_count ? out : NULL;
}
