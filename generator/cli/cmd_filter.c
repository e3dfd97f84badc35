/* cmd_filter - anjian filter: one document through Lua filters, as pandoc would run them.
 *
 * Must not know: what filters do, pandoc's tree. */
#include "base/pages.h"
#include "cli/options.h"
#include "driver/filterjob.h"
#include "driver/filterset.h"
#include "driver/theme.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const GOptionEntry options[] = {
    {"lua-filter", 'L', 0, 0, NULL,
     "过滤器：文件，或 lua-filters 里的名字；可以写几个|a filter: a file, or a name in "
     "lua-filters; may be given again",
     "F"},
    {"from", 'f', 0, 0, NULL, "markdown 或 json|markdown or json", "FORMAT"},
    {"to", 't', 0, 0, NULL, "html 或 json|html or json", "FORMAT"},
    {"as", 0, 0, 0, NULL, "过滤器看到的 FORMAT|what filters see as FORMAT", "NAME"},
    {"metadata", 'M', 0, 0, NULL, "写进头信息|set in the front matter", "KEY[=VALUE]"},
    {"allow-write", 0, 0, 0, NULL, "过滤器可以写这个文件夹|filters may write below this folder",
     NULL},
    {"allow-run", 0, 0, 0, NULL,
     "过滤器可以运行程序、看环境和时钟|filters may run programs, see environment and clock", NULL},
    {0}};

typedef struct {
    char **filters, **metadata;
    char *from, *to, *as;
    gboolean allow_write, allow_run;
} Given;

static bool is_json(const char *word, const char *other, const char *option, bool *json)
{
    *json = word && strcmp(word, "json") == 0;
    if (!word || *json || strcmp(word, other) == 0 ||
        (strcmp(other, "markdown") == 0 &&
         (g_str_has_prefix(word, "markdown") || g_str_has_prefix(word, "gfm") ||
          g_str_has_prefix(word, "commonmark"))) ||
        (strcmp(other, "html") == 0 && strcmp(word, "html5") == 0))
        return true;
    g_autofree char *text =
        g_strdup_printf(AJ_TR("%s 只有 %s 和 json", "%s is %s or json"), option, other);
    aj_options_complain(text);
    return false;
}

/* Straight into one piece, which is made for it where the size is known. */
static bool read_all(const char *file, GString *out, GError **error)
{
    bool in = strcmp(file, "-") == 0;
    int fd = in ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC);
    struct stat st;
    size_t room = 65536;
    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0)
        room = (size_t)st.st_size + 1;
    ssize_t n = fd < 0 ? -1 : 1;
    while (n > 0) {
        size_t len = out->len;
        aj_pages_reserve(out, room);
        do
            n = read(fd, out->str + len, room);
        while (n < 0 && errno == EINTR);
        g_string_set_size(out, len + (n > 0 ? (size_t)n : 0));
        room = 65536;
    }
    int why = errno;
    if (fd >= 0 && !in)
        close(fd);
    if (n < 0)
        g_set_error(error, G_FILE_ERROR, 0, "%s: %s", file, g_strerror(why));
    return n == 0;
}

/* A file as it is named; else a name in lua-filters/. */
static bool find_filter(AjArena *a, const char *word, AjFilterSource *out, GError **error)
{
    g_autofree char *base = g_path_get_basename(word);
    g_autofree char *folder = NULL, *shown = NULL, *name = NULL;
    if (g_file_test(word, G_FILE_TEST_IS_REGULAR) && g_str_has_suffix(word, ".lua")) {
        folder = g_path_get_dirname(word);
        name = g_strndup(base, strlen(base) - 4);
        shown = g_strdup(word);
    } else {
        g_autofree char *root = aj_options_absolute(".");
        name = g_strdup(base);
        folder = strchr(word, '/') ? NULL : aj_theme_find(root, NULL, "lua-filters", word);
        shown = g_strdup_printf("lua-filters/%s/%s.lua", name, name);
        if (!folder) {
            g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_NOENT,
                        AJ_TR("找不到过滤器“%s”", "there is no filter \"%s\""), word);
            return false;
        }
    }
    return aj_filterset_load(a, folder, name, shown, out, error);
}

static AjValue *read_metadata(AjArena *a, char **words)
{
    AjValue *meta = aj_value_map(a);
    for (; words && *words; words++) {
        const char *cut = strpbrk(*words, "=:");
        const char *key = cut ? aj_arena_strndup(a, *words, (size_t)(cut - *words)) : *words;
        const char *value = cut ? cut + 1 : "true";
        if (strcmp(value, "true") == 0 || strcmp(value, "false") == 0)
            aj_value_set_bool(a, meta, key, *value == 't');
        else
            aj_value_set_string(a, meta, key, value);
    }
    return meta;
}

typedef struct {
    bool written;
    int why;
} Written;

static void write_out(const char *text, size_t len, void *data)
{
    Written *w = data;
    while (len) {
        ssize_t n = write(STDOUT_FILENO, text, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0) {
            *w = (Written){false, errno};
            return;
        }
        text += n;
        len -= (size_t)n;
    }
}

static int filter(const Given *given, const char *file, bool from_json, bool to_json)
{
    AjArena *a = aj_arena_new(1 << 16);
    g_autoptr(GError) error = NULL;
    uint32_t count = given->filters ? g_strv_length(given->filters) : 0;
    AjFilterSource *filters = aj_arena_alloc(a, (count + 1) * sizeof *filters);
    for (uint32_t i = 0; i < count; i++)
        if (!find_filter(a, given->filters[i], &filters[i], &error)) {
            aj_options_complain(error->message);
            aj_arena_free(a);
            return AJ_EXIT_USAGE;
        }
    g_autoptr(GString) text = g_string_new(NULL);
    Written written = {true, 0};
    g_autoptr(AjDiags) diags = aj_diags_new();
    g_autofree char *root = aj_options_absolute(".");
    int code = AJ_EXIT_WORLD;
    bool good = read_all(file, text, &error);
    if (good) {
        AjFilterJob job = {.filters = filters,
                           .filter_count = count,
                           .text = text->str,
                           .len = text->len,
                           .name = file,
                           .from_json = from_json,
                           .to_json = to_json,
                           .format = given->as,
                           .meta = read_metadata(a, given->metadata),
                           .root = root,
                           .write = given->allow_write,
                           .run = given->allow_run};
        good = aj_filterjob_run(&job, write_out, &written, diags, &error);
        code = good ? AJ_EXIT_GOOD : error ? AJ_EXIT_WORLD : AJ_EXIT_CONTENT;
    }
    if (error)
        aj_options_complain(error->message);
    aj_options_tell(diags);
    if (!written.written) {
        aj_options_complain(g_strerror(written.why));
        code = AJ_EXIT_WORLD;
    }
    aj_arena_free(a);
    return code;
}

static int run(int argc, char **argv)
{
    Given given = {0};
    GOptionEntry entries[G_N_ELEMENTS(options)];
    memcpy(entries, options, sizeof entries);
    gpointer places[] = {&given.filters,  &given.from,        &given.to,       &given.as,
                         &given.metadata, &given.allow_write, &given.allow_run};
    static const GOptionArg kinds[] = {
        G_OPTION_ARG_FILENAME_ARRAY, G_OPTION_ARG_STRING, G_OPTION_ARG_STRING, G_OPTION_ARG_STRING,
        G_OPTION_ARG_FILENAME_ARRAY, G_OPTION_ARG_NONE,   G_OPTION_ARG_NONE};
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
        entries[i].arg = kinds[i];
        entries[i].arg_data = places[i];
    }
    bool from_json = false, to_json = false;
    int code = AJ_EXIT_USAGE;
    if (aj_options_parse(&aj_cmd_filter, entries, &argc, &argv, 1) &&
        is_json(given.from, "markdown", "--from", &from_json) &&
        is_json(given.to, "html", "--to", &to_json))
        code = filter(&given, argc > 1 ? argv[1] : "-", from_json, to_json);
    g_strfreev(given.filters);
    g_strfreev(given.metadata);
    g_free(given.from);
    g_free(given.to);
    g_free(given.as);
    return code;
}

const AjCommand aj_cmd_filter = {
    "filter",
    "[FILE|-] [--lua-filter F]… [--from markdown|json] [--to html|json] [--as NAME] "
    "[-M KEY[=VALUE]] [--allow-write] [--allow-run]",
    "让一份文档经过 Lua 过滤器，和 pandoc --lua-filter 一样",
    "one document through Lua filters, as pandoc --lua-filter does it",
    run,
    options};
