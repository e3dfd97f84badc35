/* cmd_records - anjian records: result files into the ledger, and what the ledger says.
 *
 * Must not know: the format of a statement, SQL, how a report is made. */
#include "base/fs.h"
#include "base/sign.h"
#include "cli/options.h"
#include "records/collect.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct {
    char *db, *site;
    int days;
    gboolean lines;
} given; /* filled by the option parser, once a run */

static const GOptionEntry options[] = {
    {"db", 0, 0, 0, NULL, "台账文件|the ledger", "FILE"},
    {"site", 0, 0, 0, NULL,
     "collect：只收这个网站的记录|collect: take statements of this site only", "URL"},
    {"days", 0, 0, 0, NULL, "forget：保留几天|forget: how many days to keep", "N"},
    {"lines", 0, 0, 0, NULL, "list：原样打印每一行|list: print each line as it was written", NULL},
    {0}};

static int usage(const char *text)
{
    aj_options_complain(text);
    fprintf(stderr, "%s: anjian %s %s\n", AJ_TR("用法", "usage"), aj_cmd_records.name,
            aj_cmd_records.usage);
    return AJ_EXIT_USAGE;
}

static int world(GError *error)
{
    aj_options_complain(error->message);
    return AJ_EXIT_WORLD;
}

/* Problems are the result of these commands. */
static int print(AjDiags *diags)
{
    g_autoptr(GString) text = g_string_new(NULL);
    aj_diags_sort(diags);
    aj_diags_print_text(diags, aj_options_color(STDOUT_FILENO), text);
    fputs(text->str, stdout);
    return aj_diags_count(diags, AJ_ERROR) ? AJ_EXIT_CONTENT : AJ_EXIT_GOOD;
}

static int64_t now(void)
{
    const char *epoch = g_getenv("SOURCE_DATE_EPOCH");
    return epoch ? g_ascii_strtoll(epoch, NULL, 10) : g_get_real_time() / G_USEC_PER_SEC;
}

/* The secret of this desk, FILE.key, made when it is missing. */
static bool load_secret(const char *db, char **secret_out, GError **error)
{
    g_autofree char *path = g_strconcat(db, ".key", NULL);
    g_autofree char *text = NULL;
    size_t len = 0;
    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        char fresh[66];
        aj_sign_fresh(fresh);
        fresh[64] = '\n';
        if (!aj_fs_write_private(path, fresh, 65, error))
            return false;
    }
    if (!aj_fs_read(path, 4096, &text, &len, error))
        return false;
    char public[65];
    *secret_out = g_strdup(g_strstrip(text));
    if (aj_sign_public(*secret_out, public))
        return true;
    g_set_error(error, AJ_FS_ERROR, AJ_FS_ERROR_IO,
                AJ_TR("%s 不是会签钥匙；从备份恢复，或删掉它另做一把",
                      "%s is no key: restore it, or remove it for a new one"),
                path);
    return false;
}

static int collect(int count, char **folders)
{
    if (count < 1 || !given.db)
        return usage(AJ_TR("要写文件夹和 --db FILE", "a folder and --db FILE are needed"));
    g_autoptr(GError) error = NULL;
    g_autoptr(AjDiags) diags = aj_diags_new();
    g_autofree char *secret = NULL;
    for (int i = 0; i < count; i++) {
        if (g_file_test(folders[i], G_FILE_TEST_EXISTS))
            continue;
        g_autofree char *text =
            g_strdup_printf(AJ_TR("没有文件夹“%s”", "there is no folder \"%s\""), folders[i]);
        aj_options_complain(text);
        return AJ_EXIT_USAGE;
    }
    g_autoptr(AjStore) store = aj_store_open(given.db, true, &error);
    if (!store || !load_secret(given.db, &secret, &error))
        return world(error);
    AjCollectCount sum = {0};
    for (int i = 0; i < count; i++) {
        AjCollectOptions how = {folders[i], folders[i], given.site, secret, now()};
        AjCollectCount one;
        if (!aj_collect(store, &how, diags, &one, &error)) {
            print(diags);
            return world(error);
        }
        sum.files += one.files;
        sum.statements += one.statements;
        sum.fresh += one.fresh;
        sum.refused += one.refused;
        sum.foreign += one.foreign;
    }
    int code = print(diags);
    if (!aj_options_quiet())
        fprintf(stderr,
                AJ_TR("读了 %u 个文件：%u 条记录，其中新的 %u 条；坏行 %u，别的网站 %u\n"
                      "台账共 %u 条：%s\n",
                      "%u files: %u statements, %u of them new; %u bad lines, %u of other sites\n"
                      "the ledger holds %u: %s\n"),
                sum.files, sum.statements, sum.fresh, sum.refused, sum.foreign,
                aj_store_count(store), given.db);
    return code;
}

static int verify_ledger(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(AjDiags) diags = aj_diags_new();
    g_autoptr(AjStore) store = aj_store_open(given.db, false, &error);
    uint32_t statements = 0, heads = 0;
    if (!store || !aj_store_verify(store, diags, &statements, &heads, &error))
        return world(error);
    int code = print(diags);
    if (code == AJ_EXIT_GOOD && !aj_options_quiet())
        printf(AJ_TR("%s：%u 条记录，%u 个会签，没有问题\n",
                     "%s: %u statements, %u countersignatures, all well\n"),
               given.db, statements, heads);
    return code;
}

static int verify(int count, char **files)
{
    if (count == 0 && given.db)
        return verify_ledger();
    if (count < 1)
        return usage(AJ_TR("要写文件名，或 --db FILE", "a file, or --db FILE, is needed"));
    g_autoptr(AjDiags) diags = aj_diags_new();
    g_autoptr(GString) good = g_string_new(NULL);
    AjReceiptSink sink = {0};
    for (int i = 0; i < count; i++) {
        g_autoptr(GError) error = NULL;
        AjReceiptCount found;
        if (!aj_receipt_read(files[i], files[i], &sink, diags, &found, &error))
            return world(error);
        if (!found.problems)
            g_string_append_printf(
                good, AJ_TR("%s：%u 条记录，没有问题\n", "%s: %u statements, all well\n"), files[i],
                found.good);
    }
    int code = print(diags);
    if (!aj_options_quiet())
        fputs(good->str, stdout);
    return code;
}

static int forget(int count, char **rest)
{
    (void)rest;
    if (count || !given.db || given.days < 1)
        return usage(AJ_TR("要写 --db FILE 和 --days N", "--db FILE and --days N are needed"));
    g_autoptr(GError) error = NULL;
    g_autoptr(AjStore) store = aj_store_open(given.db, false, &error);
    uint32_t gone = 0;
    if (!store || !aj_store_forget(store, now() - (int64_t)given.days * 86400, &gone, &error))
        return world(error);
    printf(
        AJ_TR("删去 %u 条答错的内容，凭证还在\n", "%u wrong answers removed, their proof kept\n"),
        gone);
    return AJ_EXIT_GOOD;
}

static bool print_line(const char *id, const char *line, size_t len, void *data)
{
    (void)data;
    if (!given.lines)
        return puts(id) >= 0;
    return len == 0 || (fwrite(line, 1, len, stdout) == len && putchar('\n') != EOF);
}

/* For other programs: an LRS takes the lines as they are. */
static int list(int count, char **rest)
{
    (void)rest;
    if (count || !given.db)
        return usage(AJ_TR("要写 --db FILE", "--db FILE is needed"));
    g_autoptr(GError) error = NULL;
    g_autoptr(AjStore) store = aj_store_open(given.db, false, &error);
    if (!store || !aj_store_each(store, print_line, NULL, &error))
        return world(error);
    return AJ_EXIT_GOOD;
}

static const struct {
    const char *name;
    int (*run)(int count, char **words);
} verbs[] = {{"collect", collect}, {"verify", verify}, {"list", list}, {"forget", forget}};

static int run(int argc, char **argv)
{
    GOptionEntry entries[G_N_ELEMENTS(options)];
    memcpy(entries, options, sizeof entries);
    void *where[] = {&given.db, &given.site, &given.days, &given.lines};
    for (size_t i = 0; i < G_N_ELEMENTS(where); i++) {
        entries[i].arg = G_OPTION_ARG_STRING;
        entries[i].arg_data = where[i];
    }
    entries[2].arg = G_OPTION_ARG_INT;
    entries[3].arg = G_OPTION_ARG_NONE;
    if (!aj_options_parse(&aj_cmd_records, entries, &argc, &argv, INT16_MAX))
        return AJ_EXIT_USAGE;
    for (size_t i = 0; argc > 1 && i < G_N_ELEMENTS(verbs); i++)
        if (strcmp(verbs[i].name, argv[1]) == 0)
            return verbs[i].run(argc - 2, argv + 2);
    return usage(argc > 1 ? AJ_TR("没有这个动作", "no such action")
                          : AJ_TR("要写做什么：collect、verify、list 或 forget",
                                  "say what to do: collect, verify, list or forget"));
}

const AjCommand aj_cmd_records = {
    "records",
    "collect DIR… --db FILE | verify FILE… | list --db FILE [--lines] | forget --db FILE --days N",
    "收集培训记录，核对，出台账",
    "collect training records, verify them, report",
    run,
    options};
