/* cmd_diff - anjian diff: a static site that shows what differs between two versions.
 *
 * Must not know: how pages are compared. */
#include "cli/options.h"
#include "driver/review.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const GOptionEntry options[] = {
    {"output", 'o', 0, 0, NULL, "审阅网站放在哪里|where the review site goes", "OUT"},
    {"in-place", 0, 0, 0, NULL,
     "文件系统不能整体替换时分两步改名|rename in two steps where folders cannot be exchanged",
     NULL},
    {0}};

static int wrong(const char *text)
{
    aj_options_complain(text);
    fprintf(stderr, "%s: anjian diff %s\n", AJ_TR("用法", "usage"), aj_cmd_diff.usage);
    return AJ_EXIT_USAGE;
}

static void print_pages(const AjValue *map)
{
    const AjValue *pages = aj_value_get(map, "pages");
    for (uint32_t i = 0; i < aj_value_len(pages); i++) {
        const AjValue *p = aj_value_at(pages, i);
        const char *was = aj_value_get_string(p, "was", "");
        const char *sign = aj_value_get_bool(p, "is_added", false)     ? "+"
                           : aj_value_get_bool(p, "is_removed", false) ? "-"
                                                                       : "~";
        printf("%s %s%s%s\n", sign, aj_value_get_string(p, "path", ""), *was ? " < " : "", was);
    }
}

static int run(int argc, char **argv)
{
    g_autofree char *out = NULL, *from = NULL, *to = NULL;
    gboolean in_place = FALSE;
    GOptionEntry entries[G_N_ELEMENTS(options)];
    memcpy(entries, options, sizeof entries);
    entries[0].arg = G_OPTION_ARG_FILENAME;
    entries[0].arg_data = &out;
    entries[1].arg_data = &in_place;
    if (!aj_options_parse(&aj_cmd_diff, entries, &argc, &argv, 2))
        return AJ_EXIT_USAGE;
    const char *range = argc > 1 ? argv[1] : "", *dots = strstr(range, "..");
    if (!*range || dots == range || (dots && dots[2] == '.'))
        return wrong(AJ_TR("写两个版本，例如 v1..v2；v1.. 是到现在为止",
                           "name two versions, e.g. v1..v2; v1.. is up to now"));
    if (!out)
        return wrong(AJ_TR("用 -o 说明审阅网站放在哪里", "say with -o where the site goes"));
    from = dots ? g_strndup(range, (gsize)(dots - range)) : g_strdup(range);
    to = g_strdup(dots && dots[2] ? dots + 2 : "HEAD");
    const char *shown = argc > 2 ? argv[2] : ".";
    g_autofree char *root = aj_options_absolute(shown);
    g_autofree char *target = aj_options_absolute(out);
    AjReviewOptions review = {root, shown, from, to, target, in_place};
    AjArena *a = aj_arena_new(1 << 20);
    g_autoptr(AjDiags) diags = aj_diags_new();
    g_autoptr(GError) error = NULL;
    AjValue *pages = NULL;
    bool published = false;
    bool good = aj_review(a, &review, diags, &pages, &published, &error);
    aj_diags_sort(diags);
    aj_options_tell(diags);
    int code = AJ_EXIT_GOOD;
    if (!good) {
        code = aj_options_failed(error);
    } else if (!published) {
        code = AJ_EXIT_CONTENT;
    } else {
        print_pages(pages);
        if (!aj_options_quiet())
            fprintf(stderr, "%s: %s/index.html\n", AJ_TR("双击打开", "open"), out);
    }
    aj_arena_free(a);
    return code;
}

const AjCommand aj_cmd_diff = {"diff",
                               "REV1..REV2 [DIR] -o OUT",
                               "两个版本之间改了什么，做成一个可以双击打开的审阅网站",
                               "what differs between two versions, as a site to open and review",
                               run,
                               options};
