/* cmd_history - anjian history: every page's versions, and what has to be learnt again.
 *
 * Must not know: how a history is walked. */
#include "base/json.h"
#include "cli/options.h"
#include "driver/versions.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const GOptionEntry options[] = {
    {"format", 0, 0, 0, NULL, "text 或 json|text or json", "FORMAT"},
    {"retrain-since", 0, 0, 0, NULL,
     "这个版本以后，哪些页面、测验、岗位要重新培训|what has to be learnt again since this commit "
     "or tag",
     "REV"},
    {0}};

typedef struct {
    const char *page, *since;
    bool json;
    bool unknown_page;
} Asked;

static const char *text_of(const AjValue *v, const char *key)
{
    return aj_value_get_string(v, key, "");
}

static const char *date_of(const AjValue *v)
{
    const char *date = text_of(v, "date");
    return *date ? date : AJ_TR("日期不明", "date unknown");
}

static void print_revision(const AjValue *r)
{
    const char *change = text_of(r, "change");
    bool substance = strcmp(change, "substance") == 0;
    printf(AJ_TR("  第 %d 版  %s  %.7s  %s  %s%s", "  version %d  %s  %.7s  %s  %s%s"),
           (int)aj_value_get_int(r, "number", 0), date_of(r), text_of(r, "commit"),
           text_of(r, "author"), text_of(r, "subject"),
           substance ? AJ_TR("  [实质修改]", "  [substance]")
           : *change ? AJ_TR("  [文字修改]", "  [wording]")
                     : "");
    if (aj_value_get(r, "reviewed_by"))
        printf("  %s %s", AJ_TR("审核", "reviewed by"), text_of(r, "reviewed_by"));
    if (aj_value_get(r, "approved_by"))
        printf("  %s %s", AJ_TR("批准", "approved by"), text_of(r, "approved_by"));
    if (aj_value_get(r, "path"))
        printf("  (%s)", text_of(r, "path"));
    putchar('\n');
}

static void print_pages(const AjValue *map, bool whole)
{
    const AjValue *pages = aj_value_get(map, "pages");
    for (uint32_t i = 0; i < aj_value_len(pages); i++) {
        const AjValue *page = aj_value_at(pages, i);
        const AjValue *revisions = aj_value_get(page, "revisions");
        const AjValue *last = aj_value_at(revisions, 0);
        const char *flag = aj_value_get_bool(page, "modified", false)
                               ? AJ_TR("  未提交的修改", "  not committed")
                               : "";
        if (last)
            printf(AJ_TR("%s  第 %d 版 · %s · %.7s  %s%s\n", "%s  version %d · %s · %.7s  %s%s\n"),
                   text_of(page, "path"), (int)aj_value_get_int(page, "version", 0), date_of(last),
                   text_of(last, "commit"), text_of(page, "title"), flag);
        else
            printf("%s  %s  %s%s\n", text_of(page, "path"), AJ_TR("没有版本", "no version"),
                   text_of(page, "title"), flag);
        for (uint32_t r = 0; whole && r < aj_value_len(revisions); r++)
            print_revision(aj_value_at(revisions, r));
    }
}

static void print_list(const char *what, const AjValue *list)
{
    if (!aj_value_len(list))
        return;
    printf("%s", what);
    for (uint32_t i = 0; i < list->len; i++)
        printf("%s%s", i ? AJ_TR("、", ", ") : "", list->items[i]->s);
    putchar('\n');
}

static void print_retrain(const AjValue *map)
{
    const AjValue *since = aj_value_get(map, "since"), *pages = aj_value_get(map, "pages");
    const AjValue *removed = aj_value_get(map, "removed");
    printf(AJ_TR("%s（%s，%.7s）以后：\n", "since %s (%s, %.7s):\n"), text_of(since, "rev"),
           date_of(since), text_of(since, "commit"));
    if (!aj_value_len(pages) && !aj_value_len(removed))
        printf("%s\n", AJ_TR("没有实质修改，不用重新培训",
                             "no change of substance, nothing to learn again"));
    for (uint32_t i = 0; i < aj_value_len(pages); i++) {
        const AjValue *page = aj_value_at(pages, i), *revisions = aj_value_get(page, "revisions");
        printf("%s  %s%s\n", text_of(page, "path"), text_of(page, "title"),
               aj_value_get_bool(page, "new", false) ? AJ_TR("  [新页面]", "  [new]") : "");
        for (uint32_t r = 0; r < aj_value_len(revisions); r++)
            print_revision(aj_value_at(revisions, r));
        print_list(AJ_TR("  岗位：", "  posts: "), aj_value_get(page, "posts"));
        print_list(AJ_TR("  课程：", "  courses: "), aj_value_get(page, "courses"));
        print_list(AJ_TR("  测验：", "  quizzes: "), aj_value_get(page, "quizzes"));
    }
    print_list(AJ_TR("已删除的页面：", "pages removed: "), removed);
    print_list(AJ_TR("要重新考的测验：", "quizzes to take again: "), aj_value_get(map, "quizzes"));
    print_list(AJ_TR("涉及的岗位：", "posts concerned: "), aj_value_get(map, "posts"));
}

static bool answer(const AjSite *site, AjRepo *repo, const char *prefix, void *data, GError **error)
{
    Asked *asked = data;
    AjArena *a = aj_arena_new(1 << 16);
    uint32_t only = asked->page ? aj_versions_find(site, asked->page) : AJ_NO_PAGE;
    AjValue *map = NULL;
    if (asked->page && only == AJ_NO_PAGE) {
        asked->unknown_page = true;
    } else if (asked->since && !repo) {
        g_set_error(
            error, AJ_REPO_ERROR, AJ_REPO_ERROR_REV, "%s",
            AJ_TR("不在 git 仓库里，没有版本可选", "not a git repository: there are no versions"));
    } else if (asked->since) {
        map = aj_versions_retrain(a, site, repo, prefix, asked->since, error);
    } else {
        map = aj_versions_map(a, site, only);
    }
    if (map && asked->json) {
        g_autoptr(GString) text = g_string_new(NULL);
        aj_json_print(map, 2, text);
        puts(text->str);
    } else if (map && asked->since) {
        print_retrain(map);
    } else if (map) {
        print_pages(map, only != AJ_NO_PAGE);
    }
    aj_arena_free(a);
    return map || asked->unknown_page;
}

/* What was typed, as a path below the site: from here, or from the site's folder. */
static char *page_below(const char *root, const char *typed)
{
    g_autofree char *whole = aj_options_absolute(typed);
    g_autofree char *base = g_strconcat(root, "/", NULL);
    return g_strdup(g_str_has_prefix(whole, base) && g_file_test(whole, G_FILE_TEST_EXISTS)
                        ? whole + strlen(base)
                        : typed);
}

static int run(int argc, char **argv)
{
    g_autofree char *format = NULL, *since = NULL, *page = NULL;
    GOptionEntry entries[G_N_ELEMENTS(options)];
    memcpy(entries, options, sizeof entries);
    entries[0].arg = entries[1].arg = G_OPTION_ARG_STRING;
    entries[0].arg_data = &format;
    entries[1].arg_data = &since;
    if (!aj_options_parse(&aj_cmd_history, entries, &argc, &argv, 2))
        return AJ_EXIT_USAGE;
    bool json = format && strcmp(format, "json") == 0;
    if (format && !json && strcmp(format, "text") != 0) {
        aj_options_complain(AJ_TR("--format 只有 text、json", "--format is text or json"));
        return AJ_EXIT_USAGE;
    }
    const char *shown = argc > 1 ? argv[1] : ".", *typed = argc > 2 ? argv[2] : NULL;
    if (argc == 2 && !g_file_test(shown, G_FILE_TEST_IS_DIR)) { /* a page alone */
        typed = shown;
        shown = ".";
    }
    g_autofree char *root = aj_options_absolute(shown);
    g_autoptr(GError) error = NULL;
    if (!g_file_test(root, G_FILE_TEST_IS_DIR)) {
        g_autofree char *text =
            g_strdup_printf(AJ_TR("没有文件夹“%s”", "there is no folder \"%s\""), shown);
        aj_options_complain(text);
        return AJ_EXIT_USAGE;
    }
    page = typed ? page_below(root, typed) : NULL;
    g_autoptr(AjRepo) repo = aj_repo_open(root, NULL, &error);
    const char *rev = repo && !aj_repo_workdir(repo) ? "HEAD" : NULL; /* a bare one */
    Asked asked = {page, since, json, false};
    AjBuildOptions build = {.root = root,
                            .shown = shown,
                            .rev = rev,
                            .drafts = true,
                            .check_only = true,
                            .joined = answer,
                            .data = &asked};
    g_autoptr(AjDiags) diags = aj_diags_new();
    AjBuildStats stats;
    if (error || !aj_build(&build, diags, &stats, &error))
        return aj_options_failed(error);
    if (asked.unknown_page) {
        g_autofree char *text =
            g_strdup_printf(AJ_TR("没有页面“%s”；写成 cases/tank.md 这样",
                                  "there is no page \"%s\"; write it as cases/tank.md"),
                            typed);
        aj_options_complain(text);
        return AJ_EXIT_USAGE;
    }
    if (!stats.joined) { /* an error of the site: its settings */
        aj_options_tell(diags);
        return AJ_EXIT_CONTENT;
    }
    if (*stats.history && !aj_options_quiet())
        fprintf(stderr, "anjian: %s\n", stats.history);
    return AJ_EXIT_GOOD;
}

const AjCommand aj_cmd_history = {"history",
                                  "[DIR] [PAGE] [--format text|json] [--retrain-since REV]",
                                  "每一页的版本；某个版本以后要重新培训什么",
                                  "the versions of every page; what to learn again since one",
                                  run,
                                  options};
