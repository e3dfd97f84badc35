/* cmd_records - anjian records: result files into the ledger, and what the ledger says.
 *
 * Must not know: the format of a statement, SQL, how a report is made. */
#include "base/fs.h"
#include "base/sign.h"
#include "cli/options.h"
#include "driver/report.h"
#include "records/audit.h"
#include "records/collect.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct {
    char *db, *site, *form, *output, *roster, *key, *number, *course, *unit, *team, *post, *attempt;
    char *date;
    int days, year;
    gboolean lines, names, content;
} given; /* filled by the option parser, once a run */

static const GOptionEntry options[] = {
    {"db", 0, 0, G_OPTION_ARG_FILENAME, &given.db, "台账文件|the ledger", "FILE"},
    {"site", 0, 0, G_OPTION_ARG_FILENAME, &given.site,
     "report、verify --content：网站的文件夹；collect：只收这个网站（网址）的记录|"
     "report, verify --content: the site's folder; collect: take statements of this address only",
     "DIR"},
    {"form", 0, 0, G_OPTION_ARG_STRING, &given.form,
     "report：hours credits due unknown questions editor coverage card signin meeting person paper|"
     "report: hours credits due unknown questions editor coverage card signin meeting person paper",
     "FORM"},
    {"output", 'o', 0, G_OPTION_ARG_FILENAME, &given.output,
     "report：写到这里，按后缀 .html .csv .txt；person 写成文件夹|"
     "report: write here, by suffix .html .csv .txt; a folder for person",
     "OUT"},
    {"roster", 0, 0, G_OPTION_ARG_FILENAME, &given.roster,
     "report：名册 CSV|report: the roster, CSV", "FILE"},
    {"key", 0, 0, G_OPTION_ARG_FILENAME, &given.key,
     "report：假名的钥匙文件|report: the file with the key of the pseudonyms", "FILE"},
    {"names", 0, 0, G_OPTION_ARG_NONE, &given.names, "report：写全名|report: whole names", NULL},
    {"number", 0, 0, G_OPTION_ARG_STRING, &given.number, "report：这个工号|report: this person",
     "工号"},
    {"unit", 0, 0, G_OPTION_ARG_STRING, &given.unit, "report：这个单位|report: this unit", "单位"},
    {"team", 0, 0, G_OPTION_ARG_STRING, &given.team, "report：这个班组|report: this team", "班组"},
    {"post", 0, 0, G_OPTION_ARG_STRING, &given.post, "report：这个岗位|report: this post", "岗位"},
    {"course", 0, 0, G_OPTION_ARG_STRING, &given.course,
     "report：这门课，例如 courses/first.md|report: this course, e.g. courses/first.md", "PAGE"},
    {"year", 0, 0, G_OPTION_ARG_INT, &given.year, "report：这一年|report: this year", "YEAR"},
    {"date", 0, 0, G_OPTION_ARG_STRING, &given.date,
     "report：印在签到表、班前会登记上的日期|report: the date printed on sign-in sheets", "DATE"},
    {"attempt", 0, 0, G_OPTION_ARG_STRING, &given.attempt,
     "report --form paper：哪一场，passed 或 failed 那条记录的编号|"
     "report --form paper: id of the statement passed or failed",
     "ID"},
    {"content", 0, 0, G_OPTION_ARG_NONE, &given.content,
     "verify：重建当天的页面，核对学的是什么|verify: rebuild what was learnt that day", NULL},
    {"lines", 0, 0, G_OPTION_ARG_NONE, &given.lines,
     "list：原样打印每一行|list: print each line as it was written", NULL},
    {"days", 0, 0, G_OPTION_ARG_INT, &given.days, "forget：保留几天|forget: how many days to keep",
     "N"},
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

/* By the key that lies beside it, if any: else whoever edits a ledger signs it again. */
static int verify_ledger(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(AjDiags) diags = aj_diags_new();
    g_autoptr(AjStore) store = aj_store_open(given.db, false, &error);
    g_autofree char *key = g_strconcat(given.db, ".key", NULL), *secret = NULL;
    char public[65] = "";
    uint32_t statements = 0, heads = 0;
    bool known = g_file_test(key, G_FILE_TEST_EXISTS);
    if (!store || (known && !load_secret(given.db, &secret, &error)))
        return world(error);
    if (known)
        aj_sign_public(secret, public);
    if (!aj_audit_ledger(store, known ? public : NULL, diags, &statements, &heads, &error))
        return world(error);
    int code = print(diags);
    if (code == AJ_EXIT_GOOD && !aj_options_quiet())
        printf(AJ_TR("%s：%u 条记录，%u 个会签，没有问题\n",
                     "%s: %u statements, %u countersignatures, all well\n"),
               given.db, statements, heads);
    if (!aj_options_quiet())
        fprintf(stderr,
                known ? AJ_TR("会签的公钥：%s\n", "public key of the countersignatures: %s\n")
                      : AJ_TR("台账旁边没有会签钥匙%s，没有核对是谁签的\n",
                              "no key beside the ledger%s: who signed was not checked\n"),
                public);
    return code;
}

/* The statements of files as the ledger would have them, for verify --content. */
typedef struct {
    AjArena *arena;
    GArray *entries;
    const char *file;
} Taking;

static bool take(const AjReceipt *r, void *data, GError **error)
{
    Taking *t = data;
    (void)error;
    AjEntry e = {.id = aj_arena_strdup(t->arena, r->id),
                 .page = aj_arena_strdup(t->arena, r->page),
                 .commit = aj_arena_strdup(t->arena, r->commit),
                 .content = aj_arena_strdup(t->arena, r->content),
                 .questions = aj_arena_strdup(t->arena, r->questions),
                 .file = t->file,
                 .line = r->line};
    g_array_append_val(t->entries, e);
    return true;
}

static int verify_content(int count, char **files)
{
    if (!given.site || (count == 0 && !given.db))
        return usage(AJ_TR("要写 --site DIR，和文件名或 --db FILE",
                           "--site DIR, and files or --db FILE, are needed"));
    g_autoptr(GError) error = NULL;
    g_autoptr(AjDiags) diags = aj_diags_new();
    AjArena *a = aj_arena_new(1 << 16);
    g_autoptr(GArray) read = g_array_new(FALSE, FALSE, sizeof(AjEntry));
    AjEntry *entries = NULL;
    uint32_t total = 0, checked = 0, editions = 0;
    bool good = true;
    for (int i = 0; good && i < count; i++) {
        Taking t = {a, read, files[i]};
        AjReceiptSink sink = {take, NULL, &t};
        AjReceiptCount found;
        good = aj_receipt_read(files[i], files[i], &sink, diags, &found, &error);
    }
    if (count) {
        entries = (AjEntry *)(void *)read->data;
        total = read->len;
    } else {
        g_autoptr(AjStore) store = aj_store_open(given.db, false, &error);
        good = store && aj_store_load(store, a, &entries, &total, &error);
    }
    good =
        good && aj_report_content(given.site, entries, total, diags, &checked, &editions, &error);
    int code = good ? print(diags) : world(error);
    if (code == AJ_EXIT_GOOD && !aj_options_quiet())
        printf(AJ_TR("%u 条记录，%u 个提交：页面和题目都和当天一样\n",
                     "%u statements, %u commits: pages and questions are those of that day\n"),
               checked, editions);
    aj_arena_free(a);
    return code;
}

static int verify(int count, char **files)
{
    if (given.content)
        return verify_content(count, files);
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

static int report(int count, char **rest)
{
    (void)rest;
    if (count || !given.db || !given.form)
        return usage(
            AJ_TR("要写 --db FILE 和 --form FORM", "--db FILE and --form FORM are needed"));
    g_autoptr(GError) error = NULL;
    g_autoptr(AjDiags) diags = aj_diags_new();
    g_autoptr(GString) text = g_string_new(NULL), said = g_string_new(NULL);
    AjReportAsk ask = {.db = given.db,
                       .site = given.site ? given.site : ".",
                       .roster = given.roster,
                       .key = given.key,
                       .form = given.form,
                       .output = given.output,
                       .attempt = given.attempt,
                       .date = given.date,
                       .filter = {.unit = given.unit,
                                  .team = given.team,
                                  .post = given.post,
                                  .number = given.number,
                                  .course = given.course,
                                  .names = given.names,
                                  .year = given.year},
                       .now = now()};
    uint32_t rows = 0;
    bool good = aj_report(&ask, diags, &rows, text, &error);
    aj_diags_sort(diags);
    aj_diags_print_text(diags, aj_options_color(STDERR_FILENO), said);
    fputs(said->str, strcmp(given.form, "editor") == 0 ? stdout : stderr);
    if (!good)
        return world(error);
    fputs(text->str, stdout);
    if (given.output && !aj_options_quiet())
        fprintf(stderr, AJ_TR("%s：%u 行\n", "%s: %u rows\n"), given.output, rows);
    return aj_diags_count(diags, AJ_ERROR) ? AJ_EXIT_CONTENT : AJ_EXIT_GOOD;
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
} verbs[] = {{"collect", collect},
             {"verify", verify},
             {"report", report},
             {"list", list},
             {"forget", forget}};

static int run(int argc, char **argv)
{
    GOptionEntry entries[G_N_ELEMENTS(options)];
    memcpy(entries, options, sizeof entries);
    if (!aj_options_parse(&aj_cmd_records, entries, &argc, &argv, INT16_MAX))
        return AJ_EXIT_USAGE;
    for (size_t i = 0; argc > 1 && i < G_N_ELEMENTS(verbs); i++)
        if (strcmp(verbs[i].name, argv[1]) == 0)
            return verbs[i].run(argc - 2, argv + 2);
    return usage(argc > 1 ? AJ_TR("没有这个动作", "no such action")
                          : AJ_TR("要写做什么：collect、verify、report、list 或 forget",
                                  "say what to do: collect, verify, report, list or forget"));
}

const AjCommand aj_cmd_records = {"records",
                                  "collect DIR… --db FILE | verify FILE… [--content --site DIR] | "
                                  "report --db FILE --form FORM -o OUT"
                                  " | list --db FILE [--lines] | forget --db FILE --days N",
                                  "收集培训记录，核对，出台账",
                                  "collect training records, verify them, report",
                                  run,
                                  options};
