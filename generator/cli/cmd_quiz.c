/* cmd_quiz - anjian quiz: questions checked, taken in from old files, given to other systems.
 *
 * Each verb is a row of a table. Must not know: any format, how a page is read. */
#include "base/fs.h"
#include "cli/options.h"
#include "driver/quizpage.h"
#include "model/quizcheck.h"
#include "quizio/quizformat.h"
#include "quizio/quizfmt.h"
#include "quizio/quizmarkdown.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { FILE_LIMIT = 64 << 20 };

static const GOptionEntry options[] = {
    {"to", 0, 0, 0, NULL, "导出的格式：json gift csv moodlexml qti21|format to export", "FORMAT"},
    {"from", 0, 0, 0, NULL, "导入的格式：json gift csv xlsx txt|format to import", "FORMAT"},
    {0}};

/* One run of a verb. */
typedef struct {
    const char *to, *from; /* NULL: not given */
    AjArena *arena;
    AjDiags *diags;
    GString *out; /* what was asked for: printed when the verb is done */
    GError *error;
} Run;
typedef struct {
    const char *name, *usage;
    int (*run)(Run *run, char **files, uint32_t count);
    bool many; /* takes several files */
    bool to, from;
} Verb;

/* ------------------------------------------------------------------ files */

static bool read_stdin(GString *text, GError **error)
{
    char piece[1 << 16];
    for (ssize_t n; (n = read(STDIN_FILENO, piece, sizeof piece)) != 0;) {
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 || text->len + (size_t)n > FILE_LIMIT) {
            int why = n < 0 ? errno : EFBIG;
            g_set_error(error, AJ_FS_ERROR, AJ_FS_ERROR_IO, "%s: %s", AJ_TR("标准输入", "stdin"),
                        aj_fs_reason(why));
            return false;
        }
        g_string_append_len(text, piece, n);
    }
    return true;
}

/* The bytes live in the run's arena, with a NUL behind them. */
static bool read_file(Run *run, const char *path, const char **bytes_out, size_t *len_out)
{
    if (strcmp(path, "-") == 0) {
        g_autoptr(GString) text = g_string_new(NULL);
        if (!read_stdin(text, &run->error))
            return false;
        *bytes_out = aj_arena_strndup(run->arena, text->str, text->len);
        *len_out = text->len;
        return true;
    }
    g_autofree char *bytes = NULL;
    if (!aj_fs_read(path, FILE_LIMIT, &bytes, len_out, &run->error))
        return false;
    *bytes_out = aj_arena_strndup(run->arena, bytes, *len_out);
    return true;
}

/* 0, or the exit code with which to leave. */
static int read_page(Run *run, const char *path, AjQuiz *quiz)
{
    const char *bytes;
    size_t len;
    if (!read_file(run, path, &bytes, &len))
        return AJ_EXIT_WORLD;
    AjQuizpage *reader = aj_quizpage_new(run->diags, &run->error);
    if (!reader)
        return run->error ? AJ_EXIT_WORLD : AJ_EXIT_CONTENT;
    bool good = aj_quizpage_read(reader, run->arena, bytes, len, path, quiz, run->diags);
    aj_quizpage_free(reader);
    return good ? AJ_EXIT_GOOD : AJ_EXIT_CONTENT;
}

/* ------------------------------------------------------------------ verbs */

static int run_check(Run *run, char **files, uint32_t count)
{
    int code = AJ_EXIT_GOOD;
    uint32_t questions = 0;
    for (uint32_t i = 0; i < count; i++) {
        AjQuiz quiz = {0};
        int now = read_page(run, files[i], &quiz);
        if (now == AJ_EXIT_WORLD)
            return now;
        code = MAX(code, now);
        questions += quiz.questions.count;
    }
    aj_diags_sort(run->diags);
    aj_diags_print_text(run->diags, aj_options_color(STDOUT_FILENO), run->out);
    if (!aj_options_quiet())
        fprintf(stderr,
                AJ_TR("查了 %u 份、%u 题：%u 个错误，%u 个警告\n",
                      "%u files, %u questions checked: %u errors, %u warnings\n"),
                count, questions, aj_diags_count(run->diags, AJ_ERROR),
                aj_diags_count(run->diags, AJ_WARNING));
    aj_diags_clear(run->diags);
    return code;
}

static int run_export(Run *run, char **files, uint32_t count)
{
    (void)count;
    AjQuiz quiz;
    int code = read_page(run, files[0], &quiz);
    if (code == AJ_EXIT_GOOD)
        aj_quizformat_find(run->to, true)->print(&quiz, files[0], run->out, run->diags);
    return code;
}

/* What was read is printed even when something is wrong with it: it is to be mended in Markdown. */
static int run_import(Run *run, char **files, uint32_t count)
{
    (void)count;
    const char *bytes;
    size_t len;
    AjQuiz quiz = {0};
    if (!read_file(run, files[0], &bytes, &len))
        return AJ_EXIT_WORLD;
    if (!aj_quizformat_find(run->from, false)
             ->parse(run->arena, bytes, len, files[0], &quiz, run->diags))
        return AJ_EXIT_CONTENT;
    aj_quizcheck(&quiz, files[0], run->diags);
    if (quiz.questions.count)
        aj_quizmarkdown_print(&quiz, run->out);
    if (!aj_options_quiet())
        fprintf(stderr, AJ_TR("读入 %u 题\n", "%u questions read\n"), quiz.questions.count);
    return aj_diags_count(run->diags, AJ_ERROR) ? AJ_EXIT_CONTENT : AJ_EXIT_GOOD;
}

static int run_fmt(Run *run, char **files, uint32_t count)
{
    (void)count;
    const char *bytes;
    size_t len;
    if (!read_file(run, files[0], &bytes, &len))
        return AJ_EXIT_WORLD;
    aj_quizfmt(run->arena, bytes, len, files[0], run->out, run->diags);
    return aj_diags_count(run->diags, AJ_ERROR) ? AJ_EXIT_CONTENT : AJ_EXIT_GOOD;
}

static const Verb verbs[] = {
    {"check", "FILE…", run_check, true, false, false},
    {"export", "--to FORMAT FILE", run_export, false, true, false},
    {"import", "--from FORMAT FILE", run_import, false, false, true},
    {"fmt", "FILE", run_fmt, false, false, false},
};

/* ------------------------------------------------------------------ the command */

static int usage(const char *message, const Verb *verb)
{
    aj_options_complain(message);
    for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++)
        if (!verb || verb == &verbs[i])
            fprintf(stderr, "%s: anjian quiz %s %s\n", AJ_TR("用法", "usage"), verbs[i].name,
                    verbs[i].usage);
    return AJ_EXIT_USAGE;
}

static int check_format(const Verb *verb, const char *name, bool to_write)
{
    if (name && aj_quizformat_find(name, to_write))
        return AJ_EXIT_GOOD;
    g_autofree char *names = aj_quizformat_names(to_write);
    g_autofree char *text = g_strdup_printf(AJ_TR("%s 后面写格式：%s", "%s takes one of: %s"),
                                            to_write ? "--to" : "--from", names);
    return usage(text, verb);
}

static int run(int argc, char **argv)
{
    g_autofree char *to = NULL, *from = NULL;
    GOptionEntry entries[G_N_ELEMENTS(options)];
    memcpy(entries, options, sizeof entries);
    entries[0].arg = entries[1].arg = G_OPTION_ARG_STRING;
    entries[0].arg_data = &to;
    entries[1].arg_data = &from;
    if (!aj_options_parse(&aj_cmd_quiz, entries, &argc, &argv, G_MAXINT - 1))
        return AJ_EXIT_USAGE;
    const Verb *verb = NULL;
    for (size_t i = 0; argc > 1 && i < G_N_ELEMENTS(verbs); i++)
        if (strcmp(argv[1], verbs[i].name) == 0)
            verb = &verbs[i];
    if (!verb)
        return usage(argc > 1 ? AJ_TR("没有这个动作", "no such verb")
                              : AJ_TR("要做什么？", "what is to be done?"),
                     NULL);
    if ((to && !verb->to) || (from && !verb->from))
        return usage(AJ_TR("这个动作不用 --to 或 --from", "--to or --from does not belong here"),
                     verb);
    if ((verb->to && check_format(verb, to, true) != AJ_EXIT_GOOD) ||
        (verb->from && check_format(verb, from, false) != AJ_EXIT_GOOD))
        return AJ_EXIT_USAGE;
    if (argc < 3 || (argc > 3 && !verb->many))
        return usage(argc < 3 ? AJ_TR("缺文件名；- 是标准输入", "a file is missing; - is stdin")
                              : AJ_TR("一次只处理一份文件", "one file at a time"),
                     verb);
    Run r = {.to = to,
             .from = from,
             .arena = aj_arena_new(1 << 18),
             .diags = aj_diags_new(),
             .out = g_string_new(NULL)};
    int code = verb->run(&r, argv + 2, (uint32_t)argc - 2);
    g_autoptr(GString) told = g_string_new(NULL);
    aj_diags_sort(r.diags);
    aj_diags_print_text(r.diags, aj_options_color(STDERR_FILENO), told);
    fputs(told->str, stderr);
    if (r.error)
        aj_options_complain(r.error->message);
    if (code != AJ_EXIT_WORLD)
        fwrite(r.out->str, 1, r.out->len, stdout);
    if (fflush(stdout) != 0) {
        aj_options_complain(aj_fs_reason(errno));
        code = AJ_EXIT_WORLD;
    }
    g_clear_error(&r.error);
    g_string_free(r.out, TRUE);
    aj_diags_free(r.diags);
    aj_arena_free(r.arena);
    return code;
}

const AjCommand aj_cmd_quiz = {"quiz",
                               "check FILE… | export --to json|gift|moodlexml|qti21|csv FILE | "
                               "import --from gift|csv|xlsx|txt|json FILE | fmt FILE",
                               "检查、导入、导出题目",
                               "check, import and export questions",
                               run,
                               options};
