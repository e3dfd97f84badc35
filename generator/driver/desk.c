/* desk - what a ledger needs to know of a site: its courses, pages, revisions and questions.
 *
 * Must not know: the ledger's file, reports. */
#include "driver/desk.h"

#include "driver/build.h"
#include "driver/context.h"
#include "driver/quizdata.h"
#include "history/repo.h"

#include <string.h>

typedef struct {
    AjArena *arena;
    AjDesk *desk;
    AjDiags *diags;
    AjTheme **theme;
} Reading;

static const char *const *words(AjArena *a, const AjValue *list)
{
    uint32_t count = 0;
    const char **out = aj_arena_alloc(a, (aj_value_len(list) + 1) * sizeof *out);
    for (uint32_t i = 0; list && list->type == AJ_VALUE_LIST && i < list->len; i++)
        if (list->items[i]->type == AJ_VALUE_STRING)
            out[count++] = aj_arena_strdup(a, list->items[i]->s);
    return out;
}

static const AjDeskRevision *revisions(AjArena *a, const AjSite *site, uint32_t number,
                                       uint32_t *count_out)
{
    const AjPathLog *log = site->logs ? site->logs[number] : NULL;
    uint32_t count = log ? log->count : 0;
    AjDeskRevision *out = aj_arena_alloc(a, (count + 1) * sizeof *out);
    for (uint32_t i = 0; i < count; i++) {
        const AjCommit *c = &site->history->commits[log->commits[i]];
        out[i] = (AjDeskRevision){aj_arena_strdup(a, c->id), c->time,
                                  c->change == AJ_CHANGE_SUBSTANCE, aj_arena_strdup(a, c->subject)};
    }
    *count_out = count;
    return out;
}

/* The names that its file had at older revisions, each once. */
static const char *const *former(AjArena *a, const AjSite *site, uint32_t number)
{
    const AjPathLog *log = site->logs ? site->logs[number] : NULL;
    if (!log || !log->names)
        return NULL;
    const char **out = aj_arena_alloc(a, (log->count + 1) * sizeof *out);
    uint32_t count = 0;
    for (uint32_t i = 0; i < log->count; i++)
        if (log->names[i] && strcmp(log->names[i], log->path) != 0 &&
            !g_strv_contains((const char *const *)out, log->names[i]))
            out[count++] = aj_arena_strdup(a, log->names[i]);
    return out;
}

static AjDeskPage page_of(AjArena *a, const AjSite *site, const AjPage *page)
{
    AjDeskPage out = {.source = aj_arena_strdup(a, page->source ? page->source : ""),
                      .title = aj_arena_strdup(a, page->title),
                      .kind = aj_kind_name(page->kind),
                      .content = aj_arena_strdup(a, page->blob ? page->blob : ""),
                      .questions = aj_quizdata_hash(a, page->quiz),
                      .former = former(a, site, page->number),
                      .posts = words(a, aj_value_get(page->meta, "posts")),
                      .hazards = words(a, aj_value_get(page->meta, "hazards")),
                      .hours = aj_value_get_double(page->meta, "hours", 0),
                      .quiz = page->quiz ? aj_value_copy(a, page->quiz) : NULL};
    out.revisions = revisions(a, site, page->number, &out.revision_count);
    return out;
}

static AjDeskCourse course_of(AjArena *a, const AjSite *site, const AjCourse *course)
{
    const AjPage *page = &site->pages[course->page];
    const char *const *levels = words(a, aj_value_get(page->meta, "level"));
    uint32_t *pages = aj_arena_alloc(a, (course->page_count + 1) * sizeof *pages), count = 0;
    for (uint32_t i = 0; i < course->page_count; i++)
        if (course->pages[i] != course->exam)
            pages[count++] = course->pages[i];
    return (AjDeskCourse){.page = course->page,
                          .source = aj_arena_strdup(a, page->source),
                          .title = aj_arena_strdup(a, page->title),
                          .level = *levels ? *levels : "",
                          .posts = words(a, aj_value_get(page->meta, "posts")),
                          .hours = aj_value_get_double(page->meta, "hours", 0),
                          .valid_months = (uint32_t)aj_value_get_int(page->meta, "valid", 0),
                          .pages = pages,
                          .page_count = count,
                          .exam = course->exam};
}

static bool take(const AjSite *site, AjRepo *repo, const char *prefix, void *data, GError **error)
{
    Reading *r = data;
    AjArena *a = r->arena;
    (void)prefix;
    if (r->theme) {
        *r->theme = aj_theme_load(site->config, site->config->root,
                                  repo ? aj_repo_workdir(repo) : NULL, r->diags, error);
        if (!*r->theme)
            return false;
    }
    AjDeskPage *pages = aj_arena_alloc(a, (site->page_count + 1) * sizeof *pages);
    AjDeskCourse *courses = aj_arena_alloc(a, (site->course_count + 1) * sizeof *courses);
    for (uint32_t i = 0; i < site->page_count; i++)
        pages[i] = page_of(a, site, &site->pages[i]);
    for (uint32_t i = 0; i < site->course_count; i++)
        courses[i] = course_of(a, site, &site->courses[i]);
    r->desk = aj_arena_alloc(a, sizeof *r->desk);
    *r->desk = (AjDesk){.site = aj_arena_strdup(a, aj_context_site_id(a, site->config)),
                        .title = aj_arena_strdup(a, site->config->title),
                        .language = aj_arena_strdup(a, site->config->language),
                        .head = aj_arena_strdup(a, site->history ? site->history->head : ""),
                        .pages = pages,
                        .page_count = site->page_count,
                        .courses = courses,
                        .course_count = site->course_count};
    return true;
}

AjDesk *aj_desk_read(AjArena *a, const char *root, const char *rev, AjTheme **theme_out,
                     AjDiags *diags, GError **error)
{
    Reading r = {.arena = a, .diags = diags, .theme = theme_out};
    AjBuildStats stats;
    AjBuildOptions options = {.root = root,
                              .shown = root,
                              .out = "",
                              .rev = rev,
                              .check_only = true,
                              .whole = true,
                              .joined = take,
                              .data = &r};
    return aj_build(&options, diags, &stats, error) ? r.desk : NULL;
}

const AjDeskPage *aj_desk_find(const AjDesk *desk, const char *source)
{
    for (uint32_t i = 0; i < desk->page_count; i++)
        if (strcmp(desk->pages[i].source, source) == 0)
            return &desk->pages[i];
    return NULL;
}
