/* cmd_apply - anjian keygen, verify and apply: bundles that can be trusted.
 *
 * Must not know: archive formats, how a signature is made. */
#include "base/fs.h"
#include "bundle/apply.h"
#include "bundle/bundle.h"
#include "cli/options.h"
#include "driver/searchfold.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* --- keygen --- */

/* Never over a file that is there: a lost key cannot be had again. */
static bool write_new(const char *path, const GString *text, mode_t mode)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    bool good = fd >= 0 && write(fd, text->str, text->len) == (ssize_t)text->len &&
                fchmod(fd, mode) == 0 && fsync(fd) == 0;
    int code = errno;
    if (fd >= 0)
        close(fd);
    if (!good) {
        g_autofree char *message = g_strdup_printf(
            "%s: %s", path,
            code == EEXIST ? AJ_TR("已经有了，不覆盖", "is there already, and stays")
                           : aj_fs_reason(code));
        aj_options_complain(message);
    }
    return good;
}

static int run_keygen(int argc, char **argv)
{
    static const GOptionEntry none[] = {{0}};
    GOptionEntry entries[G_N_ELEMENTS(none)];
    memcpy(entries, none, sizeof entries);
    if (!aj_options_parse(&aj_cmd_keygen, entries, &argc, &argv, 1))
        return AJ_EXIT_USAGE;
    if (argc != 2) {
        aj_options_complain(AJ_TR("写上名字，例如 anjian keygen gongchang",
                                  "give a name, as in anjian keygen factory"));
        return AJ_EXIT_USAGE;
    }
    g_autoptr(GString) public = g_string_new(NULL), secret = g_string_new(NULL);
    g_autofree char *public_file = g_strconcat(argv[1], ".pub", NULL);
    g_autofree char *secret_file = g_strconcat(argv[1], ".key", NULL);
    aj_minisign_generate(public, secret);
    bool good = access(public_file, F_OK) != 0 || write_new(public_file, public, 0644);
    good = good && write_new(secret_file, secret, 0600) && write_new(public_file, public, 0644);
    memset(secret->str, 0, secret->len);
    if (!good)
        return AJ_EXIT_WORLD;
    if (!aj_options_quiet())
        fprintf(stderr, "%s",
                AJ_TR("公钥随包发给车间；私钥自己保管好，丢了就要换一对\n",
                      "the .pub goes to the workshops; keep the .key, and to yourself\n"));
    printf("%s\n%s\n", public_file, secret_file);
    return AJ_EXIT_GOOD;
}

static const GOptionEntry keygen_options[] = {{0}};
const AjCommand aj_cmd_keygen = {"keygen",
                                 "PREFIX",
                                 "生成一对签名钥匙：PREFIX.pub 和 PREFIX.key",
                                 "make a pair of keys for signing: PREFIX.pub and PREFIX.key",
                                 run_keygen,
                                 keygen_options};

/* --- verify and apply --- */

static const GOptionEntry options[] = {
    {"pubkey", 0, 0, 0, NULL, "发包人的公钥|the public key of who made it", "FILE"}, {0}};

/* NULL with an error, or told without one; `*code_out` is the exit code. */
static AjUnpack *open_bundle(const AjCommand *command, int *argc, char ***argv, int words,
                             int *code_out, GError **error)
{
    g_autofree char *key = NULL;
    GOptionEntry entries[G_N_ELEMENTS(options)];
    memcpy(entries, options, sizeof entries);
    entries[0].arg = G_OPTION_ARG_FILENAME;
    entries[0].arg_data = &key;
    *code_out = AJ_EXIT_USAGE;
    if (!aj_options_parse(command, entries, argc, argv, words))
        return NULL;
    if (*argc != words + 1 || !key) {
        aj_options_complain(*argc < 2 ? AJ_TR("写上包的名字", "name the bundle")
                            : *argc != words + 1
                                ? AJ_TR("写上装到哪个文件夹", "name the folder to apply it to")
                                : AJ_TR("写上发包人的公钥：--pubkey FILE",
                                        "give the public key of its maker: --pubkey FILE"));
        fprintf(stderr, "%s: anjian %s %s\n", AJ_TR("用法", "usage"), command->name,
                command->usage);
        return NULL;
    }
    *code_out = AJ_EXIT_WORLD;
    return aj_unpack_open((*argv)[1], key, error);
}

static bool forget(const AjManifestFile *file, uint64_t at, const void *bytes, size_t len,
                   void *data, GError **error)
{
    (void)file, (void)at, (void)bytes, (void)len, (void)data, (void)error;
    return true;
}

static int run_verify(int argc, char **argv)
{
    int code;
    g_autoptr(GError) error = NULL;
    g_autoptr(AjUnpack) bundle = open_bundle(&aj_cmd_verify, &argc, &argv, 1, &code, &error);
    if (g_error_matches(error, AJ_BUNDLE_ERROR, AJ_BUNDLE_ERROR_OTHER)) { /* signed well */
        printf("%s", AJ_TR("签名有效，文件没有被改过（这种格式没有清单，不逐个核对）\n",
                           "signature good, nothing was changed (this format has no manifest)\n"));
        return AJ_EXIT_GOOD;
    }
    if (error)
        aj_options_complain(error->message);
    if (!bundle)
        return code;
    if (!aj_unpack_files(bundle, NULL, forget, NULL, &error)) {
        aj_options_complain(error->message);
        return AJ_EXIT_WORLD;
    }
    const AjManifest *m = aj_unpack_manifest(bundle);
    printf(AJ_TR("签名有效，内容完整：%u 个文件，序号 %lld，编号 %s\n",
                 "signature good, content whole: %u files, sequence %lld, id %s\n"),
           m->count, (long long)m->seq, m->id);
    if (*m->commit)
        printf(AJ_TR("内容版本：%.7s\n", "commit: %.7s\n"), m->commit);
    if (*m->base)
        printf(AJ_TR("增量包，装在 %s 上\n", "a delta for %s\n"), m->base);
    return AJ_EXIT_GOOD;
}

const AjCommand aj_cmd_verify = {"verify",
                                 "BUNDLE --pubkey FILE",
                                 "核对一个离线包：谁做的，有没有被改过",
                                 "check a bundle: who made it, and that nothing was changed",
                                 run_verify,
                                 options};

static int run_apply(int argc, char **argv)
{
    int code;
    g_autoptr(GError) error = NULL;
    g_autoptr(AjUnpack) bundle = open_bundle(&aj_cmd_apply, &argc, &argv, 2, &code, &error);
    AjApplyReport report;
    if (error)
        aj_options_complain(error->message);
    if (!bundle)
        return code;
    g_autofree char *target = aj_options_absolute(argv[2]);
    if (!aj_apply(bundle, target, &aj_searchfold, false, &report, &error)) {
        aj_options_complain(error->message);
        return AJ_EXIT_WORLD;
    }
    if (aj_options_quiet())
        return AJ_EXIT_GOOD;
    if (report.recovered)
        fprintf(stderr, "%s",
                AJ_TR("上次没装完，已经收拾好\n", "a run that was cut off has been settled\n"));
    if (report.result == AJ_APPLY_SAME)
        fprintf(stderr, "%s", AJ_TR("已经是这个版本\n", "it is this version already\n"));
    else
        fprintf(stderr,
                AJ_TR("装好了：新 %u 个文件，沿用 %u，删去 %u%s\n",
                      "applied: %u files new, %u kept, %u removed%s\n"),
                report.written, report.kept, report.deleted,
                report.in_place ? AJ_TR("（这块盘不能整体替换，是逐个替换的）",
                                        " (one by one: this disk cannot exchange folders)")
                                : "");
    return AJ_EXIT_GOOD;
}

const AjCommand aj_cmd_apply = {"apply",
                                "BUNDLE TARGET --pubkey FILE",
                                "核对一个离线包，再把它整个装到文件夹里",
                                "check a bundle, then put it onto a folder, whole or not at all",
                                run_apply,
                                options};
