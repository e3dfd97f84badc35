/* versions - what the history says of the pages, as values: revisions, and what to learn again.
 *
 * Must not know: how it is printed, templates. */
#include "driver/versions.h"

#include "driver/entry.h"
#include "driver/join.h"
#include "history/checkout.h"
#include "history/commits.h"

#include <string.h>

static const AjCommit *commit_of(const AjSite *site, const AjPathLog *log, uint32_t r)
{
    return &site->history->commits[log->commits[r]];
}

uint32_t aj_versions_base(const AjSite *site, const AjPathLog *log, uint32_t r)
{
    const AjHistory *history = site->history;
    if (!site->config->diffs || r + 1 >= log->count ||
        history->commits[log->commits[r]].change != AJ_CHANGE_SUBSTANCE)
        return UINT32_MAX;
    for (uint32_t i = r + 1; i + 1 < log->count; i++)
        if (history->commits[log->commits[i]].change == AJ_CHANGE_SUBSTANCE)
            return i;
    return log->count - 1;
}

const char *aj_versions_path(const AjPathLog *log, uint32_t r)
{
    return log->names ? log->names[r] : log->path;
}

static const char *state_name(AjHistoryState state)
{
    static const char *const names[] = {"none", "empty", "shallow", "full"};
    return names[state];
}

static const char *change_name(AjChange change)
{
    return change == AJ_CHANGE_SUBSTANCE ? "substance"
           : change == AJ_CHANGE_WORDING ? "wording"
                                         : "";
}

static AjValue *revision_map(AjArena *a, const AjSite *site, const AjPathLog *log, uint32_t r)
{
    const AjCommit *c = commit_of(site, log, r);
    AjValue *v = aj_value_map(a);
    aj_value_set_int(a, v, "number", log->count - r);
    aj_value_set_string(a, v, "commit", c->id);
    aj_value_set_string(a, v, "date", aj_entry_day(a, c->time, c->offset));
    aj_value_set_string(a, v, "author", c->author);
    aj_value_set_string(a, v, "subject", c->subject);
    aj_value_set_string(a, v, "change", change_name(c->change));
    aj_value_set_string(a, v, "reviewed_by", c->reviewed_by);
    aj_value_set_string(a, v, "approved_by", c->approved_by);
    if (strcmp(aj_versions_path(log, r), log->path) != 0)
        aj_value_set_string(a, v, "path", aj_versions_path(log, r));
    return v;
}

static AjValue *page_map(AjArena *a, const AjSite *site, uint32_t number)
{
    const AjPage *page = &site->pages[number];
    AjValue *v = aj_value_map(a);
    aj_value_set_string(a, v, "path", page->source);
    aj_value_set_string(a, v, "title", page->title);
    aj_value_set_string(a, v, "kind", aj_kind_name(page->kind));
    return v;
}

AjValue *aj_versions_map(AjArena *a, const AjSite *site, uint32_t only)
{
    AjValue *map = aj_value_map(a), *pages = aj_value_list(a);
    aj_value_set_string(a, map, "state", state_name(site->history->state));
    aj_value_set_string(a, map, "head", site->history->head);
    for (uint32_t i = 0; i < site->page_count; i++) {
        if (only != AJ_NO_PAGE && only != i)
            continue;
        const AjPathLog *log = site->logs[i];
        AjValue *v = page_map(a, site, i), *revisions = aj_value_list(a);
        for (uint32_t r = 0; log && r < log->count; r++)
            aj_value_push(a, revisions, revision_map(a, site, log, r));
        aj_value_set_int(a, v, "version", log ? log->count : 0);
        aj_value_set_bool(a, v, "modified", log && log->modified);
        aj_value_set(a, v, "revisions", revisions);
        aj_value_push(a, pages, v);
    }
    aj_value_set(a, map, "pages", pages);
    return map;
}

uint32_t aj_versions_find(const AjSite *site, const char *name)
{
    g_autofree char *with_md = g_strconcat(name, ".md", NULL);
    for (uint32_t i = 0; i < site->page_count; i++)
        if (strcmp(site->pages[i].source, name) == 0 ||
            strcmp(site->pages[i].source, with_md) == 0 ||
            strcmp(site->pages[i].address, name) == 0)
            return i;
    return AJ_NO_PAGE;
}

/* ---- learning again ---- */

typedef struct {
    AjArena *a;
    const AjSite *site;
    GHashTable *reached; /* what `rev` reaches */
    AjValue *quizzes, *courses, *posts;
} Retrain;

static bool is_since(const Retrain *t, const AjCommit *commit)
{
    uint8_t id[20];
    return aj_commitparse_id(commit->id, 40, id) && !g_hash_table_contains(t->reached, id);
}

static void add_once(AjArena *a, AjValue *list, const char *text)
{
    for (uint32_t i = 0; i < list->len; i++)
        if (strcmp(list->items[i]->s, text) == 0)
            return;
    aj_value_push(a, list, aj_value_string(a, text));
}

/* Does the quiz of page `exam` draw from page `number`? */
static bool draws_from(const AjSite *site, uint32_t exam, uint32_t number)
{
    if (exam == AJ_NO_PAGE)
        return false;
    const AjValue *quiz = aj_value_get(aj_join_light(site, exam), "quiz"),
                  *sources = aj_value_get(quiz, "sources");
    for (uint32_t i = 0; i < aj_value_len(sources); i++)
        if (strcmp(aj_value_get_string(aj_value_at(sources, i), "source", ""),
                   site->pages[number].source) == 0)
            return true;
    return false;
}

/* The courses that teach a page, and the exams that ask for it or draw from it. */
static void add_holders(Retrain *t, uint32_t number, AjValue *v)
{
    AjArena *a = t->a;
    const AjSite *site = t->site;
    AjValue *quizzes = aj_value_list(a), *courses = aj_value_list(a), *posts = aj_value_list(a);
    if (site->pages[number].kind == AJ_KIND_QUIZ ||
        aj_value_get(aj_join_light(site, number), "quiz"))
        add_once(a, quizzes, site->pages[number].source);
    for (uint32_t i = 0; i < site->page_count; i++)
        if (draws_from(site, i, number))
            add_once(a, quizzes, site->pages[i].source);
    for (uint32_t i = 0; i < site->course_count; i++) {
        const AjCourse *course = &site->courses[i];
        bool holds = course->page == number || course->exam == number ||
                     draws_from(site, course->exam, number);
        for (uint32_t k = 0; k < course->page_count; k++)
            holds |= course->pages[k] == number;
        if (!holds)
            continue;
        add_once(a, courses, site->pages[course->page].source);
        if (course->exam != AJ_NO_PAGE)
            add_once(a, quizzes, site->pages[course->exam].source);
    }
    const AjValue *names = aj_value_get(aj_value_get(aj_join_light(site, number), "taxa"), "posts");
    for (uint32_t i = 0; i < aj_value_len(names); i++)
        add_once(a, posts, aj_value_at(names, i)->s);
    for (uint32_t i = 0; i < quizzes->len; i++)
        add_once(a, t->quizzes, quizzes->items[i]->s);
    for (uint32_t i = 0; i < courses->len; i++)
        add_once(a, t->courses, courses->items[i]->s);
    for (uint32_t i = 0; i < posts->len; i++)
        add_once(a, t->posts, posts->items[i]->s);
    aj_value_set(a, v, "posts", posts);
    aj_value_set(a, v, "quizzes", quizzes);
    aj_value_set(a, v, "courses", courses);
}

static AjValue *changed_pages(Retrain *t)
{
    AjArena *a = t->a;
    AjValue *pages = aj_value_list(a);
    for (uint32_t i = 0; i < t->site->page_count; i++) {
        const AjPathLog *log = t->site->logs[i];
        AjValue *revisions = aj_value_list(a);
        if (!log || !log->count)
            continue;
        bool is_new = is_since(t, commit_of(t->site, log, log->count - 1));
        for (uint32_t r = 0; r < log->count; r++) {
            const AjCommit *c = commit_of(t->site, log, r);
            if (is_since(t, c) && (c->change == AJ_CHANGE_SUBSTANCE || r + 1 == log->count))
                aj_value_push(a, revisions, revision_map(a, t->site, log, r));
        }
        if (!revisions->len)
            continue;
        AjValue *v = page_map(a, t->site, i);
        aj_value_set_bool(a, v, "new", is_new);
        add_holders(t, i, v);
        aj_value_set(a, v, "revisions", revisions);
        aj_value_push(a, pages, v);
    }
    return pages;
}

/* Pages that `rev` had and that are here no more, under any name. */
static AjValue *removed_pages(const Retrain *t, AjRepo *repo, const char *prefix,
                              const char *commit, GError **error)
{
    bool found;
    g_autoptr(GHashTable) names = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GArray) files = aj_checkout_list(repo, t->a, commit, prefix, &found, NULL, error);
    if (!files)
        return NULL;
    for (uint32_t i = 0; i < t->site->page_count; i++) {
        const AjPathLog *log = t->site->logs[i];
        g_hash_table_add(names, (void *)t->site->pages[i].source);
        for (uint32_t r = 0; log && log->names && r < log->count; r++)
            g_hash_table_add(names, (void *)log->names[r]);
    }
    AjValue *list = aj_value_list(t->a);
    for (guint i = 0; i < files->len; i++) {
        const char *path = g_array_index(files, AjCommitFile, i).path + strlen(prefix);
        if (g_str_has_suffix(path, ".md") && *path != '.' && !strstr(path, "/.") &&
            !g_str_has_prefix(path, "themes/") && !g_str_has_prefix(path, "lua-filters/") &&
            g_utf8_validate(path, -1, NULL) && !g_hash_table_contains(names, path))
            aj_value_push(t->a, list, aj_value_string(t->a, path));
    }
    return list;
}

AjValue *aj_versions_retrain(AjArena *a, const AjSite *site, AjRepo *repo, const char *prefix,
                             const char *rev, GError **error)
{
    char commit[41];
    uint8_t id[20];
    int64_t time = 0;
    if (!aj_repo_resolve(repo, rev, commit, &time, error))
        return NULL;
    aj_commitparse_id(commit, 40, id);
    g_autoptr(AjCommits) commits = aj_commits_new(repo, error);
    g_autoptr(GHashTable) reached = commits ? aj_commits_reached(commits, id, error) : NULL;
    if (!reached)
        return NULL;
    Retrain t = {a, site, reached, aj_value_list(a), aj_value_list(a), aj_value_list(a)};
    AjValue *map = aj_value_map(a), *since = aj_value_map(a), *pages = changed_pages(&t);
    AjValue *removed = removed_pages(&t, repo, prefix, commit, error);
    if (!removed)
        return NULL;
    aj_value_set_string(a, since, "rev", rev);
    aj_value_set_string(a, since, "commit", commit);
    aj_value_set_string(a, since, "date", aj_entry_day(a, time, aj_repo_offset(repo, commit)));
    aj_value_set(a, map, "since", since);
    aj_value_set_string(a, map, "head", site->history->head);
    aj_value_set_string(a, map, "state", state_name(site->history->state));
    aj_value_set(a, map, "pages", pages);
    aj_value_set(a, map, "removed", removed);
    aj_value_set(a, map, "quizzes", t.quizzes);
    aj_value_set(a, map, "courses", t.courses);
    aj_value_set(a, map, "posts", t.posts);
    return map;
}
