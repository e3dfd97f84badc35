/* cmd_quiz - anjian quiz: questions checked, taken in from old files, given to other systems,
 * printed.
 *
 * Each verb is a row of a table. Must not know: any format, how a page is read. */
#include "base/fs.h"
#include "cli/options.h"
#include "driver/quizpage.h"
#include "driver/quizsite.h"
#include "model/quizcheck.h"
#include "quizio/quizformat.h"
#include "quizio/quizfmt.h"
#include "quizio/quizmarkdown.h"
#include "quizio/quizpaper.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { FILE_LIMIT = 64 << 20 };

static const GOptionEntry options[] = {
    {"to", 0, 0, 0, NULL, "导出的格式：json gift csv moodlexml qti21|format to export", "FORMAT"},
    {"from", 0, 0, 0, NULL, "导入的格式：json gift csv xlsx txt|format to import", "FORMAT"},
    {"seed", 0, 0, 0, NULL, "试卷的种子：0 到 4294967295 的整数|the seed of a paper", "S"},
    {"output", 'o', 0, 0, NULL, "试卷写到这个文件|write the paper to this file", "FILE"},
    {0}};

/* One run of a verb. */
typedef struct {
    const char *to, *from, *output; /* NULL: not given */
    uint32_t seed;
    AjArena *arena;
    AjDiags *diags;
    GString *out; /* what was asked for: printed when the verb is done */
    GError *error;
} Run;
typedef struct {
    const char *name, *usage;
    int (*run)(Run *run, char **files, uint32_t count);
    bool many; /* takes several files */
    bool to, from, paper;
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

static AjQuizpage *reader_for(Run *run, const char *path)
{
    g_autofree char *full = aj_options_absolute(path); /* of stdin: a file "-" here */
    g_autofree char *root = aj_quizsite_root(full);
    const char *page = full + strlen(root);
    return aj_quizpage_new(root, page + strspn(page, "/"), run->diags, &run->error);
}

/* 0, or the exit code with which to leave. */
static int read_page(Run *run, const char *path, AjQuiz *quiz)
{
    const char *bytes;
    size_t len;
    if (!read_file(run, path, &bytes, &len))
        return AJ_EXIT_WORLD;
    AjQuizpage *reader = reader_for(run, path);
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

/* With the site's defaults and the page's version: the paper is the attempt that the site gives. */
static int run_paper(Run *run, char **files, uint32_t count)
{
    (void)count;
    const char *bytes;
    size_t len;
    AjQuiz quiz = {0};
    AjPaperAbout about = {.seed = run->seed, .version = "标准输入，没有版本记录"};
    const AjValue *defaults = NULL;
    if (!read_file(run, files[0], &bytes, &len))
        return AJ_EXIT_WORLD;
    if (strcmp(files[0], "-") != 0) {
        g_autofree char *path = aj_options_absolute(files[0]);
        defaults = aj_quizsite_defaults(run->arena, path, run->diags, &run->error);
        if (!run->error)
            about.version = aj_quizsite_version(run->arena, path, bytes, len, &run->error);
        if (run->error)
            return AJ_EXIT_WORLD;
    }
    AjQuizpage *reader = reader_for(run, files[0]);
    if (!reader)
        return run->error ? AJ_EXIT_WORLD : AJ_EXIT_CONTENT;
    aj_quizpage_set_defaults(reader, defaults);
    aj_quizpage_read(reader, run->arena, bytes, len, files[0], &quiz, run->diags);
    about.questions = aj_arena_strdup(run->arena, aj_quizpage_questions(reader));
    aj_quizpage_free(reader);
    if (aj_diags_count(run->diags, AJ_ERROR))
        return AJ_EXIT_CONTENT;
    if (!quiz.questions.count) {
        aj_diag(run->diags, AJ_ERROR, (AjPos){files[0], 0, 0}, "quiz-empty",
                AJ_TR("用“### 【单选】题干”开始一道题", "open a question with ### 【单选】 stem"),
                AJ_TR("没有题目，印不出试卷", "there is no question to print"));
        return AJ_EXIT_CONTENT;
    }
    aj_quizpaper_print(&quiz, &about, run->out);
    if (run->output) {
        if (!aj_fs_write(run->output, run->out->str, run->out->len, &run->error))
            return AJ_EXIT_WORLD;
        g_string_truncate(run->out, 0);
    }
    return AJ_EXIT_GOOD;
}

static const Verb verbs[] = {
    {"check", "FILE…", run_check, true, false, false, false},
    {"paper", "FILE --seed S [-o FILE]", run_paper, false, false, false, true},
    {"export", "--to FORMAT FILE", run_export, false, true, false, false},
    {"import", "--from FORMAT FILE", run_import, false, false, true, false},
    {"fmt", "FILE", run_fmt, false, false, false, false},
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
    g_autofree char *to = NULL, *from = NULL, *seed = NULL, *output = NULL;
    guint64 number = 0;
    GOptionEntry entries[G_N_ELEMENTS(options)];
    memcpy(entries, options, sizeof entries);
    entries[0].arg = entries[1].arg = G_OPTION_ARG_STRING;
    entries[0].arg_data = &to;
    entries[1].arg_data = &from;
    entries[2].arg = G_OPTION_ARG_STRING;
    entries[2].arg_data = &seed;
    entries[3].arg = G_OPTION_ARG_FILENAME;
    entries[3].arg_data = &output;
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
    if ((seed || output) && !verb->paper)
        return usage(AJ_TR("只有 paper 用 --seed 和 -o", "only paper takes --seed and -o"), verb);
    if (verb->paper &&
        (!seed || !g_ascii_string_to_unsigned(seed, 10, 0, G_MAXUINT32, &number, NULL)))
        return usage(AJ_TR("--seed 后面写 0 到 4294967295 的整数；同一个数总是同一份试卷",
                           "--seed takes a number from 0 to 4294967295; one number, one paper"),
                     verb);
    if (argc < 3 || (argc > 3 && !verb->many))
        return usage(argc < 3 ? AJ_TR("缺文件名；- 是标准输入", "a file is missing; - is stdin")
                              : AJ_TR("一次只处理一份文件", "one file at a time"),
                     verb);
    Run r = {.to = to,
             .from = from,
             .output = output,
             .seed = (uint32_t)number,
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
                               "check FILE… | paper FILE --seed S [-o FILE] | export --to "
                               "json|gift|moodlexml|qti21|csv FILE | "
                               "import --from gift|csv|xlsx|txt|json FILE | fmt FILE",
                               "检查、导入、导出题目，印试卷",
                               "check, import and export questions, print papers",
                               run,
                               options};
