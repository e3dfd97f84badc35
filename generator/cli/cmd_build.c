/* cmd_build - anjian build: the site, whole or not at all.
 *
 * Must not know: how a site is built. */
#include "base/fs.h"
#include "base/json.h"
#include "cli/options.h"
#include "driver/edition.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const GOptionEntry options[] = {
    {"output", 'o', 0, 0, NULL, "网站放在哪里（默认 dist/site）|where the site goes (dist/site)",
     "OUT"},
    {"rev", 0, 0, 0, NULL,
     "生成这个提交或标签，不碰工作区|build this commit or tag; files stay as they are", "REV"},
    {"theme-from", 0, 0, 0, NULL,
     "写 worktree：--rev 用现在的主题和过滤器|worktree: with --rev, themes and filters of now",
     "FROM"},
    {"editions", 0, 0, 0, NULL,
     "每个标签一个版次，和当前版放在一个网站里|an edition for every tag, in one site with the "
     "present one",
     NULL},
    {"jobs", 'j', 0, 0, NULL, "同时用几个进程（默认每核一个）|processes (one a core)", "N"},
    {"drafts", 0, 0, 0, NULL, "草稿也发布|publish drafts too", NULL},
    {"strict", 0, 0, 0, NULL, "有任何错误就不发布|publish nothing when there is an error", NULL},
    {"base-url", 0, 0, 0, NULL,
     "网站的网址，供订阅和站点地图用|address of the site, for feed and sitemap", "URL"},
    {"full", 0, 0, 0, NULL, "不用缓存，全部重做|use no cache", NULL},
    {"in-place", 0, 0, 0, NULL,
     "文件系统不能整体替换时分两步改名|rename in two steps where folders cannot be exchanged",
     NULL},
    {"stats", 0, 0, 0, NULL, "把用时等数字写成 JSON|write figures as JSON", "FILE"},
    {0}};

static bool write_stats(const char *path, const AjBuildStats *s, GError **error)
{
    AjArena *a = aj_arena_new(4096);
    AjValue *map = aj_value_map(a), *seconds = aj_value_map(a);
    aj_value_set_int(a, map, "pages", s->pages);
    aj_value_set_int(a, map, "made", s->made);
    aj_value_set_int(a, map, "cached", s->cached);
    aj_value_set_int(a, map, "files", s->files);
    aj_value_set_int(a, map, "written", s->written);
    for (int i = 0; i < AJ_STAGES; i++)
        aj_value_set(a, seconds, aj_stage_name((AjStage)i), aj_value_double(a, s->seconds[i]));
    aj_value_set(a, map, "seconds", seconds);
    aj_value_set_int(a, map, "peak_bytes", (int64_t)s->peak_bytes);
    g_autoptr(GString) text = g_string_new(NULL);
    aj_json_print(map, 2, text);
    g_string_append_c(text, '\n');
    bool good = aj_fs_write(path, text->str, text->len, error);
    aj_arena_free(a);
    return good;
}

static void print_summary(const AjBuildStats *s, const AjDiags *diags, const char *out)
{
    double total = 0;
    for (int i = 0; i < AJ_STAGES; i++)
        total += i == AJ_STAGE_HISTORY || i == AJ_STAGE_INDEX ? 0 : s->seconds[i];
    if (*s->history)
        fprintf(stderr, "anjian: %s\n", s->history);
    if (aj_options_verbose()) {
        fprintf(stderr, "%s: %s\n", AJ_TR("沙箱", "sandbox"), s->sandbox);
        for (int i = 0; i < AJ_STAGES; i++)
            fprintf(stderr, "  %-8s %.3f s\n", aj_stage_name((AjStage)i), s->seconds[i]);
        fprintf(stderr, "  %-8s %.1f MB\n", "peak", (double)s->peak_bytes / 1e6);
    }
    fprintf(
        stderr,
        AJ_TR("%u 页（新做 %u，沿用 %u），写了 %u 个文件，%u 个错误，%u 个警告，用时 %.2f 秒\n",
              "%u pages (%u made, %u cached), %u files written, %u errors, %u warnings, %.2f s\n"),
        s->pages, s->made, s->cached, s->written, aj_diags_count(diags, AJ_ERROR),
        aj_diags_count(diags, AJ_WARNING), total);
    if (s->published)
        fprintf(stderr, "%s: %s/index.html\n", AJ_TR("双击打开", "open"), out);
    else
        fprintf(stderr, "%s\n",
                AJ_TR("没有发布：先改掉上面的错误，原来的网站没有动",
                      "not published: mend the errors above; the old site is untouched"));
}

static int run(int argc, char **argv)
{
    g_autofree char *out = NULL, *base_url = NULL, *stats_file = NULL, *rev = NULL, *from = NULL;
    int jobs = 0;
    gboolean drafts = FALSE, strict = FALSE, full = FALSE, in_place = FALSE, editions = FALSE;
    GOptionEntry entries[G_N_ELEMENTS(options)];
    void *const into[] = {&out,    &rev,      &from, &editions, &jobs,      &drafts,
                          &strict, &base_url, &full, &in_place, &stats_file};
    static const GOptionArg args[] = {
        G_OPTION_ARG_FILENAME, G_OPTION_ARG_STRING, G_OPTION_ARG_STRING,  G_OPTION_ARG_NONE,
        G_OPTION_ARG_INT,      G_OPTION_ARG_NONE,   G_OPTION_ARG_NONE,    G_OPTION_ARG_STRING,
        G_OPTION_ARG_NONE,     G_OPTION_ARG_NONE,   G_OPTION_ARG_FILENAME};
    memcpy(entries, options, sizeof entries);
    for (size_t i = 0; i < G_N_ELEMENTS(into); i++) {
        entries[i].arg = args[i];
        entries[i].arg_data = into[i];
    }
    if (!aj_options_parse(&aj_cmd_build, entries, &argc, &argv, 1))
        return AJ_EXIT_USAGE;
    if (jobs < 0 || jobs > 256) {
        aj_options_complain(AJ_TR("-j 要 1 到 256", "-j takes 1 to 256"));
        return AJ_EXIT_USAGE;
    }
    if (from && ((!rev && !editions) || strcmp(from, "worktree") != 0)) {
        aj_options_complain(AJ_TR("--theme-from 只有 worktree，与 --rev 或 --editions 一起用",
                                  "--theme-from is worktree, and goes with --rev or --editions"));
        return AJ_EXIT_USAGE;
    }
    if (rev && editions) {
        aj_options_complain(
            AJ_TR("--rev 和 --editions 只能用一个", "--rev and --editions do not go together"));
        return AJ_EXIT_USAGE;
    }
    const char *shown = argc > 1 ? argv[1] : ".";
    g_autofree char *root = aj_options_absolute(shown);
    g_autofree char *target = aj_options_absolute(out ? out : "dist/site");
    if (!rev && !g_file_test(root, G_FILE_TEST_IS_DIR)) {
        g_autofree char *text =
            g_strdup_printf(AJ_TR("没有文件夹“%s”", "there is no folder \"%s\""), shown);
        aj_options_complain(text);
        return AJ_EXIT_USAGE;
    }
    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    AjBuildOptions build = {.root = root,
                            .shown = shown,
                            .out = target,
                            .rev = rev,
                            .present_theme = from != NULL,
                            .base_url = base_url,
                            .jobs = (unsigned)jobs,
                            .drafts = drafts,
                            .strict = strict,
                            .full = full,
                            .in_place = in_place,
                            .progress = aj_options_progress,
                            .data = &start};
    g_autoptr(AjDiags) diags = aj_diags_new();
    g_autoptr(GError) error = NULL;
    AjBuildStats stats = {0};
    bool good = (editions ? aj_editions_build : aj_build)(&build, diags, &stats, &error);
    aj_options_progress_end();
    aj_options_tell(diags);
    if (good && stats_file)
        good = write_stats(stats_file, &stats, &error);
    if (!good)
        return aj_options_failed(error);
    if (!aj_options_quiet())
        print_summary(&stats, diags, out ? out : "dist/site");
    return aj_diags_count(diags, AJ_ERROR) ? AJ_EXIT_CONTENT : AJ_EXIT_GOOD;
}

const AjCommand aj_cmd_build = {
    "build",
    "[DIR] [-o OUT] [--rev REV] [--theme-from worktree] [--editions] [-j N] [--drafts] [--strict] "
    "[--base-url "
    "URL] [--full] [--stats FILE.json]",
    "把 DIR 里的 Markdown 生成网站，整体替换旧网站",
    "build the site from the Markdown in DIR, replacing the old one as a whole",
    run,
    options};
