/* main - the door: command table, help, man page, exit code.
 *
 * Must not know: how any command does its work. */
#include "cli/command.h"
#include "cli/options.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const AjCommand *const commands[] = {
    &aj_cmd_build,  &aj_cmd_check,  &aj_cmd_serve,  &aj_cmd_new,     &aj_cmd_bundle,
    &aj_cmd_verify, &aj_cmd_apply,  &aj_cmd_keygen, &aj_cmd_history, &aj_cmd_diff,
    &aj_cmd_quiz,   &aj_cmd_filter, &aj_cmd_records};
static const GOptionEntry shared_options[] = {
    {"directory", 'C', 0, 0, NULL, "先进入这个文件夹|go to this folder first", "DIR"},
    {"quiet", 'q', 0, 0, NULL, "只说错误|errors only", NULL},
    {"verbose", 'v', 0, 0, NULL, "多说一些|say more", NULL},
    {"version", 0, 0, 0, NULL, "版本号|print the version", NULL},
    {"help", 'h', 0, 0, NULL, "这份帮助|this help", NULL},
    {0}};

static const AjCommand *find_command(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static const char *summary(const AjCommand *c)
{
    return AJ_TR(c->summary_zh, c->summary_en);
}

static void print_options(const GOptionEntry *e, const char *form)
{
    char text[256], name[96];
    for (; e && e->long_name; e++) {
        int at = e->short_name ? g_snprintf(name, sizeof name, "-%c, ", e->short_name) : 0;
        g_snprintf(name + at, sizeof name - (size_t)at, "--%s%s%s", e->long_name,
                   e->arg_description ? " " : "", e->arg_description ? e->arg_description : "");
        printf(form, name, aj_options_text(e->description, text, sizeof text));
    }
}

static void print_help(const AjCommand *command)
{
    if (command) {
        printf("%s: anjian %s %s\n\n%s\n\n", AJ_TR("用法", "usage"), command->name, command->usage,
               summary(command));
        print_options(command->options, "  %-28s %s\n");
        print_options(shared_options, "  %-28s %s\n");
        return;
    }
    printf("%s\n\n%s: anjian COMMAND …\n\n",
           AJ_TR("安鉴：把 Markdown 写的案例、标兵和党课变成可搜索的培训网站",
                 "anjian: Markdown case studies to a searchable training site"),
           AJ_TR("用法", "usage"));
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        printf("  %-8s %s\n", commands[i]->name, summary(commands[i]));
    printf("\n");
    print_options(shared_options, "  %-28s %s\n");
    printf("\n%s\n", AJ_TR("每条命令的用法：anjian COMMAND --help",
                           "about one command: anjian COMMAND --help"));
}

static void print_man(void)
{
    printf(".TH ANJIAN 1 \"\" \"Anjian %s\"\n.SH NAME\nanjian \\- %s\n.SH SYNOPSIS\n", AJ_VERSION,
           AJ_TR("把 Markdown 变成可搜索的安全培训网站", "training sites from Markdown"));
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++)
        printf(".B anjian %s\n%s\n.br\n", commands[i]->name, commands[i]->usage);
    printf(".SH COMMANDS\n");
    for (size_t i = 0; i < G_N_ELEMENTS(commands); i++) {
        printf(".SS %s\n%s\n", commands[i]->name, summary(commands[i]));
        print_options(commands[i]->options, ".TP\n.B %s\n%s\n");
    }
    printf(".SH OPTIONS\n");
    print_options(shared_options, ".TP\n.B %s\n%s\n");
    printf(".SH EXIT STATUS\n0 %s; 1 %s; 2 %s; 3 %s.\n", AJ_TR("成功", "good"),
           AJ_TR("内容有错误", "the content has errors"), AJ_TR("用法不对", "wrong usage"),
           AJ_TR("环境出错（磁盘、权限、git）", "the world failed (disk, permission, git)"));
}

/* Takes the shared options out of argv, wherever they stand before "--". false: wrong usage. */
static bool take_shared(int *argc, char **argv, bool *help, bool *man, bool *version)
{
    bool quiet = false, verbose = false;
    int kept = 1;
    for (int i = 1; i < *argc; i++) {
        const char *arg = argv[i];
        if (strcmp(arg, "--") == 0) {
            while (i < *argc)
                argv[kept++] = argv[i++];
            break;
        }
        const char *dir = NULL;
        if (strcmp(arg, "-C") == 0 || strcmp(arg, "--directory") == 0)
            dir = ++i < *argc ? argv[i] : "";
        else if (g_str_has_prefix(arg, "--directory="))
            dir = arg + strlen("--directory=");
        if (dir && chdir(dir) != 0) {
            g_autofree char *text = g_strdup_printf(
                AJ_TR("进不了文件夹“%s”：%s", "cannot enter \"%s\": %s"), dir, g_strerror(errno));
            aj_options_complain(text);
            return false;
        }
        if (dir)
            continue;
        if (strcmp(arg, "-q") == 0 || strcmp(arg, "--quiet") == 0)
            quiet = true;
        else if (strcmp(arg, "-v") == 0 || strcmp(arg, "--verbose") == 0)
            verbose = true;
        else if (strcmp(arg, "-h") == 0 || strcmp(arg, "--help") == 0)
            *help = true;
        else if (strcmp(arg, "--man") == 0)
            *man = true;
        else if (strcmp(arg, "--version") == 0)
            *version = true;
        else
            argv[kept++] = argv[i];
    }
    *argc = kept;
    argv[kept] = NULL;
    aj_options_set(quiet, verbose);
    return true;
}

int main(int argc, char **argv)
{
    bool help = false, man = false, version = false;
    setlocale(LC_CTYPE, "C.UTF-8");
    signal(SIGXFSZ, SIG_IGN); /* a file over its limit is an error of the disk like others */
    signal(SIGPIPE, SIG_DFL);
    aj_lang_init();
    if (!take_shared(&argc, argv, &help, &man, &version))
        return AJ_EXIT_USAGE;
    if (version) {
        printf("anjian %s\n", AJ_VERSION);
        return AJ_EXIT_GOOD;
    }
    if (man) {
        print_man();
        return AJ_EXIT_GOOD;
    }
    const char *name = argc > 1 ? argv[1] : NULL;
    if (name && strcmp(name, "help") == 0) {
        help = true;
        name = argc > 2 ? argv[2] : NULL;
    }
    const AjCommand *command = name ? find_command(name) : NULL;
    if (name && !command) {
        g_autofree char *text =
            g_strdup_printf(AJ_TR("没有“%s”这条命令；anjian --help 列出全部命令",
                                  "no command \"%s\"; see anjian --help"),
                            name);
        aj_options_complain(text);
        return AJ_EXIT_USAGE;
    }
    if (help) {
        print_help(command);
        return AJ_EXIT_GOOD;
    }
    if (!command) {
        print_help(NULL);
        return AJ_EXIT_USAGE;
    }
    return command->run(argc - 1, argv + 1);
}
