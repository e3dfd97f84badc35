/* options - what all commands share. Must not know: what any command does. */
#include "cli/options.h"

#include "history/repo.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static struct {
    bool quiet, verbose, bar;
    char **words; /* the command's, as long as it runs */
} shared;         /* written once by main, but for the bar on the terminal */

void aj_options_set(bool quiet, bool verbose)
{
    shared.quiet = quiet;
    shared.verbose = verbose;
}

bool aj_options_quiet(void)
{
    return shared.quiet;
}

bool aj_options_verbose(void)
{
    return shared.verbose;
}

bool aj_options_color(int fd)
{
    const char *no = g_getenv("NO_COLOR");
    return isatty(fd) && (!no || !*no);
}

void aj_options_complain(const char *message)
{
    fprintf(stderr, "anjian: %s: %s\n", AJ_TR("错误", "error"), message);
}

void aj_options_tell(const AjDiags *diags)
{
    g_autoptr(AjDiags) errors = aj_diags_new();
    for (uint32_t i = 0; shared.quiet && i < aj_diags_total(diags); i++) {
        const AjDiag *d = aj_diags_at(diags, i);
        if (d->level == AJ_ERROR)
            aj_diag(errors, d->level, d->pos, d->code, d->hint, "%s", d->message);
    }
    g_autoptr(GString) text = g_string_new(NULL);
    aj_diags_print_text(shared.quiet ? errors : diags, aj_options_color(STDERR_FILENO), text);
    fputs(text->str, stderr);
}

int aj_options_failed(const GError *error)
{
    aj_options_complain(error->message);
    return g_error_matches(error, AJ_REPO_ERROR, AJ_REPO_ERROR_REV) ? AJ_EXIT_USAGE : AJ_EXIT_WORLD;
}

const char *aj_options_text(const char *both, char *buffer, size_t size)
{
    const char *bar = strchr(both, '|');
    if (aj_lang_english() && bar)
        return bar + 1;
    g_strlcpy(buffer, both, bar ? MIN(size, (size_t)(bar - both) + 1) : size);
    return buffer;
}

/* "-j2" as "-j" "2": what people type, and GOption does not know. */
static void split_glued(const GOptionEntry *entries, int *argc, char ***argv)
{
    GPtrArray *words = g_ptr_array_new();
    bool only_words = false;
    for (int i = 0; i < *argc; i++) {
        char *word = (*argv)[i];
        only_words |= strcmp(word, "--") == 0;
        bool glued = false;
        for (const GOptionEntry *e = entries; e->long_name && !only_words; e++)
            glued |= e->arg != G_OPTION_ARG_NONE && e->short_name && word[0] == '-' &&
                     word[1] == e->short_name && word[2];
        if (glued) {
            const char option[] = {'-', word[1], '\0'};
            g_ptr_array_add(words, (gpointer)g_intern_string(option));
        }
        g_ptr_array_add(words, glued ? word + 2 : word);
    }
    *argc = (int)words->len;
    g_ptr_array_add(words, NULL);
    g_free(shared.words);
    *argv = shared.words = (char **)g_ptr_array_free(words, FALSE);
}

static const GOptionEntry *entry_of(const GOptionEntry *entries, const char *word)
{
    size_t len = word[1] == '-' ? strcspn(word + 2, "=") : 0;
    for (const GOptionEntry *e = entries; e->long_name; e++)
        if (len ? strlen(e->long_name) == len && !strncmp(word + 2, e->long_name, len)
                : word[1] == e->short_name)
            return e;
    return NULL;
}

/* What is wrong with the options, in words of ours; GOption's are in English and take a value after
 * those that have none. NULL: nothing. Caller frees. */
static char *refused(const GOptionEntry *entries, char **words)
{
    for (char **word = words + 1; *word && strcmp(*word, "--"); word++) {
        const char *option = *word, *value = strchr(option, '=');
        int len = value ? (int)(value - option) : (int)strlen(option);
        if (option[0] != '-' || !option[1])
            continue;
        const GOptionEntry *e = entry_of(entries, option);
        if (!e)
            return g_strdup_printf(AJ_TR("没有“%.*s”这个选项", "there is no option \"%.*s\""), len,
                                   option);
        if (e->arg == G_OPTION_ARG_NONE && value)
            return g_strdup_printf(
                AJ_TR("%.*s 不带值，只写 %.*s", "%.*s takes no value: write %.*s"), len, option,
                len, option);
        if (e->arg == G_OPTION_ARG_NONE)
            continue;
        if (!value && !word[1])
            return g_strdup_printf(AJ_TR("%s 后面要写 %s", "%s wants %s after it"), option,
                                   e->arg_description);
        value = value ? value + 1 : *++word;
        if (e->arg == G_OPTION_ARG_INT &&
            !g_ascii_string_to_signed(value, 10, G_MININT, G_MAXINT, NULL, NULL))
            return g_strdup_printf(
                AJ_TR("%.*s 后面要写整数，不是“%s”", "%.*s wants a whole number, not \"%s\""), len,
                option, value);
    }
    return NULL;
}

bool aj_options_parse(const AjCommand *command, GOptionEntry *entries, int *argc, char ***argv,
                      int most)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    split_glued(entries, argc, argv);
    g_autofree char *wrong = refused(entries, *argv);
    g_option_context_set_help_enabled(context, FALSE);
    g_option_context_add_main_entries(context, entries, NULL);
    bool good = !wrong && g_option_context_parse(context, argc, argv, &error);
    if (good && *argc > 1 && strcmp((*argv)[1], "--") == 0) {
        memmove(*argv + 1, *argv + 2, (size_t)(*argc - 1) * sizeof **argv);
        --*argc;
    }
    if (good && *argc - 1 <= most)
        return true;
    if (good)
        wrong = g_strdup_printf(AJ_TR("多了一个参数：%s", "one argument too many: %s"),
                                (*argv)[most + 1]);
    aj_options_complain(wrong ? wrong : error->message);
    fprintf(stderr, "%s: anjian %s %s\n", AJ_TR("用法", "usage"), command->name, command->usage);
    return false;
}

char *aj_options_absolute(const char *path)
{
    return g_canonicalize_filename(path, NULL);
}

void aj_options_progress(AjStage stage, uint32_t done, uint32_t total, void *data)
{
    enum { WIDTH = 30 };
    const struct timespec *start = data;
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (shared.quiet || !isatty(STDERR_FILENO) || now.tv_sec - start->tv_sec < 1 || !total)
        return;
    int filled = (int)((uint64_t)WIDTH * done / total);
    const char *what = stage == AJ_STAGE_PARSE ? AJ_TR("解析", "parse") : AJ_TR("生成", "write");
    fprintf(stderr, "\r%s [%.*s%.*s] %u/%u", what, filled, "##############################",
            WIDTH - filled, "                              ", done, total);
    shared.bar = true;
}

void aj_options_progress_end(void)
{
    if (shared.bar)
        fputs("\r\033[K", stderr);
    shared.bar = false;
}
