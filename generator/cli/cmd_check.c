/* cmd_check - anjian check: everything an editor should mend, and nothing is published.
 *
 * Must not know: the rules. */
#include "cli/options.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const GOptionEntry options[] = {
    {"format", 0, 0, 0, NULL, "text、json 或 sarif|text, json or sarif", "FORMAT"},
    {"strict", 0, 0, 0, NULL, "警告也算错误|warnings count as errors", NULL},
    {0}};

static int run(int argc, char **argv)
{
    g_autofree char *format = NULL;
    gboolean strict = FALSE;
    GOptionEntry entries[G_N_ELEMENTS(options)];
    memcpy(entries, options, sizeof entries);
    entries[0].arg = G_OPTION_ARG_STRING;
    entries[0].arg_data = &format;
    entries[1].arg_data = &strict;
    if (!aj_options_parse(&aj_cmd_check, entries, &argc, &argv, 1))
        return AJ_EXIT_USAGE;
    void (*print)(const AjDiags *, GString *) = NULL;
    if (format && strcmp(format, "json") == 0)
        print = aj_diags_print_json;
    else if (format && strcmp(format, "sarif") == 0)
        print = aj_diags_print_sarif;
    else if (format && strcmp(format, "text") != 0) {
        aj_options_complain(
            AJ_TR("--format 只有 text、json、sarif", "--format is text, json or sarif"));
        return AJ_EXIT_USAGE;
    }
    const char *shown = argc > 1 ? argv[1] : ".";
    g_autofree char *root = aj_options_absolute(shown);
    g_autofree char *out = aj_options_absolute("dist/site");
    if (!g_file_test(root, G_FILE_TEST_IS_DIR)) {
        g_autofree char *text =
            g_strdup_printf(AJ_TR("没有文件夹“%s”", "there is no folder \"%s\""), shown);
        aj_options_complain(text);
        return AJ_EXIT_USAGE;
    }
    AjBuildOptions build = {
        .root = root, .shown = shown, .out = out, .drafts = true, .check_only = true};
    g_autoptr(AjDiags) diags = aj_diags_new();
    g_autoptr(GError) error = NULL;
    AjBuildStats stats;
    if (!aj_build(&build, diags, &stats, &error))
        return aj_options_failed(error);
    g_autoptr(GString) text = g_string_new(NULL);
    if (print)
        print(diags, text);
    else
        aj_diags_print_text(diags, aj_options_color(STDOUT_FILENO), text);
    fputs(text->str, stdout);
    uint32_t errors = aj_diags_count(diags, AJ_ERROR), warnings = aj_diags_count(diags, AJ_WARNING);
    if (!aj_options_quiet())
        fprintf(stderr,
                AJ_TR("查了 %u 页：%u 个错误，%u 个警告\n",
                      "%u pages checked: %u errors, %u warnings\n"),
                stats.pages, errors, warnings);
    return errors || (strict && warnings) ? AJ_EXIT_CONTENT : AJ_EXIT_GOOD;
}

const AjCommand aj_cmd_check = {"check",
                                "[DIR] [--format text|json|sarif] [--strict]",
                                "检查链接、图片、头信息和题目，不发布",
                                "check links, pictures, front matter and quizzes; publish nothing",
                                run,
                                options};
