/* cmd_bundle - anjian bundle: the site in one file, for a stick or a mail.
 *
 * Must not know: archive formats, how a site is built. */
#include "base/text.h"
#include "bundle/pack.h"
#include "cli/options.h"
#include "driver/edition.h"
#include "driver/searchfold.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const GOptionEntry options[] = {
    {"format", 0, 0, 0, NULL,
     "包的格式：zip tar.zst scorm12 scorm2004 epub zim html|zip, tar.zst, scorm12, scorm2004, "
     "epub, zim or html",
     "FORMAT"},
    {"output", 'o', 0, 0, NULL, "包放在哪里（默认 dist/ 下，用标题命名）|the file to write",
     "FILE"},
    {"since", 0, 0, 0, NULL,
     "只装这个包或提交以后变了的文件|only what changed since this bundle or commit", "BUNDLE|REV"},
    {"key", 0, 0, 0, NULL, "用这把私钥签名（anjian keygen）|sign with this key (anjian keygen)",
     "FILE"},
    {"page", 0, 0, 0, NULL,
     "只装这一门课或这一页，如 courses/first-course.html；用于 zip、tar.zst 以外的格式|"
     "only this course or page; for formats other than zip and tar.zst",
     "ADDRESS"},
    {"editions", 0, 0, 0, NULL,
     "每个标签一个版次，和当前版放在一个包里|an edition for every tag, in one bundle with the "
     "present one",
     NULL},
    {0}};

/* dist/site: the bundle shares the site and the cache of `anjian build`. */
static bool build_site(const char *shown, const char *root, const char *out, bool editions,
                       AjDiags *diags, AjBuildStats *stats, GError **error)
{
    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    AjBuildOptions build = {
        .root = root, .shown = shown, .out = out, .progress = aj_options_progress, .data = &start};
    bool good = (editions ? aj_editions_build : aj_build)(&build, diags, stats, error);
    aj_options_progress_end();
    aj_options_tell(diags);
    return good;
}

#define SINCE "dist/.since" /* the site of an older commit, while a delta is made */

/* A file is a bundle, anything else names a commit: its site is built beside. */
static bool read_since(AjArena *a, const char *since, const char *shown, const char *root,
                       AjDeltaOld *out, GError **error)
{
    *out = (AjDeltaOld){.fold = &aj_searchfold};
    if (g_file_test(since, G_FILE_TEST_IS_REGULAR)) {
        out->bundle = aj_unpack_peek(since, error);
        if (!out->bundle) {
            g_prefix_error(error, "%s: ", since);
            return false;
        }
        out->manifest = *aj_unpack_manifest(out->bundle);
        if (!*out->manifest.base)
            return true;
        g_set_error(error, AJ_BUNDLE_ERROR, AJ_BUNDLE_ERROR_FORM,
                    AJ_TR("%s 本身是增量包；--since 要一个完整的包",
                          "%s is a delta itself; --since wants a whole bundle"),
                    since);
        return false;
    }
    if (g_str_has_suffix(since, ".zip") || g_str_has_suffix(since, ".zst")) {
        g_set_error(
            error, AJ_BUNDLE_ERROR, AJ_BUNDLE_ERROR_READ,
            AJ_TR("没有这个包：%s；--since 写上一次的包，或一个提交、标签",
                  "there is no bundle %s; --since takes the last bundle, a commit or a tag"),
            since);
        return false;
    }
    g_autofree char *site = aj_options_absolute(SINCE "/site");
    g_autoptr(AjDiags) diags = aj_diags_new();
    AjBuildStats stats;
    AjBuildOptions build = {.root = root, .shown = shown, .out = site, .rev = since};
    bool good = aj_build(&build, diags, &stats, error) && stats.published &&
                aj_pack_manifest(a, site, &out->manifest, error);
    if (!good && !*error)
        g_set_error(error, AJ_BUNDLE_ERROR, AJ_BUNDLE_ERROR_READ,
                    AJ_TR("%s 的网站没有建成", "the site of %s could not be built"), since);
    out->folder = aj_arena_strdup(a, site);
    return good;
}

static void forget_since(AjDeltaOld *old)
{
    g_autofree char *folder = aj_options_absolute(SINCE);
    if (old->folder)
        aj_fs_remove_tree(folder, NULL);
    aj_unpack_free(old->bundle);
}

static bool read_key(const char *file, AjSecretKey *key, GError **error)
{
    g_autofree char *text = NULL;
    size_t len;
    if (!aj_fs_read(file, 4096, &text, &len, error))
        return false;
    if (aj_minisign_read_secret(text, len, key, error))
        return true;
    g_prefix_error(error, "%s: ", file);
    return false;
}

static void tell(const AjPackReport *report, const AjPackJob *job)
{
    if (aj_options_quiet())
        return;
    if (job->since)
        fprintf(stderr,
                AJ_TR("增量包：%u 个文件中的 %u 个，%.1f MB\n",
                      "a delta: %2$u of %1$u files, %3$.1f MB\n"),
                report->files, report->carried, (double)report->bytes / 1e6);
    else
        fprintf(stderr, AJ_TR("打包 %u 个文件，%.1f MB\n", "%u files, %.1f MB\n"), report->files,
                (double)report->bytes / 1e6);
    fputs(AJ_TR("最大的：\n", "the largest:\n"), stderr);
    for (size_t i = 0; i < G_N_ELEMENTS(report->largest) && *report->largest[i].name; i++)
        fprintf(stderr, "  %8.1f kB  %s\n", (double)report->largest[i].bytes / 1e3,
                report->largest[i].name);
    if (job->key)
        fprintf(stderr, AJ_TR("签名：%s.minisig\n", "signature: %s.minisig\n"), job->to);
}

static int world_failed(GError *error)
{
    aj_options_complain(error->message);
    return AJ_EXIT_WORLD;
}

static int leave(AjArena *arena, AjDeltaOld *old, int code)
{
    forget_since(old);
    aj_arena_free(arena);
    return code;
}

static int run(int argc, char **argv)
{
    g_autofree char *format_name = NULL, *file = NULL, *since = NULL, *key_file = NULL;
    gboolean editions = FALSE;
    g_autofree char *page = NULL;
    GOptionEntry entries[G_N_ELEMENTS(options)];
    memcpy(entries, options, sizeof entries);
    void *const into[] = {&format_name, &file, &since, &key_file, &page};
    for (size_t i = 0; i < G_N_ELEMENTS(into); i++) {
        entries[i].arg = i % 2 == 0 ? G_OPTION_ARG_STRING : G_OPTION_ARG_FILENAME;
        entries[i].arg_data = into[i];
    }
    entries[5].arg_data = &editions;
    if (!aj_options_parse(&aj_cmd_bundle, entries, &argc, &argv, 1))
        return AJ_EXIT_USAGE;
    const AjBundleFormat *format = aj_bundle_find(format_name ? format_name : "zip");
    const char *shown = argc > 1 ? argv[1] : ".";
    g_autofree char *root = aj_options_absolute(shown);
    g_autofree char *site = aj_options_absolute("dist/site");
    g_autofree char *wrong = NULL, *names = aj_bundle_names();
    if (!format)
        wrong =
            g_strdup_printf(AJ_TR("没有“%s”这种格式，可用：%s", "no format \"%s\"; there is: %s"),
                            format_name, names);
    else if (!g_file_test(root, G_FILE_TEST_IS_DIR))
        wrong = g_strdup_printf(AJ_TR("没有文件夹“%s”", "there is no folder \"%s\""), shown);
    else if (since && format->arrange)
        wrong = g_strdup_printf(AJ_TR("--since 只用于 zip 和 tar.zst，%s 没有增量",
                                      "--since is for zip and tar.zst; %s knows no delta"),
                                format->name);
    else if (page && !format->arrange)
        wrong = g_strdup_printf(AJ_TR("--page 不用于 %s：它总是整个网站，从首页打开",
                                      "--page is not for %s: that is always the whole site"),
                                format->name);
    else if (editions && format->one_edition)
        wrong = g_strdup_printf(AJ_TR("--editions 不用于 %s：它只装当前版",
                                      "--editions is not for %s: that holds one edition"),
                                format->name);
    if (wrong) {
        aj_options_complain(wrong);
        return AJ_EXIT_USAGE;
    }
    g_autoptr(AjDiags) diags = aj_diags_new();
    g_autoptr(GError) error = NULL;
    AjSecretKey key;
    AjDeltaOld old = {0};
    AjBuildStats stats;
    AjPackReport report;
    if (key_file && !read_key(key_file, &key, &error))
        return world_failed(error);
    if (!build_site(shown, root, site, editions, diags, &stats, &error))
        return world_failed(error);
    if (!stats.published)
        return AJ_EXIT_CONTENT;
    if (key_file && !*stats.head) {
        aj_options_complain(AJ_TR("签名的包要有先后：先把内容提交到 git",
                                  "signed bundles follow each other: commit the content to git"));
        return AJ_EXIT_WORLD;
    }
    AjArena *arena = aj_arena_new(1 << 16); /* holds the old manifest */
    if (since && !read_since(arena, since, shown, root, &old, &error))
        return leave(arena, &old, aj_options_failed(error));
    g_autofree char *slug = aj_slug(stats.title, strlen(stats.title));
    g_autofree char *target =
        file ? g_strdup(file)
             : g_strdup_printf("dist/%s%s%s", slug, since ? "-update" : "", format->suffix);
    g_autofree char *parent = g_path_get_dirname(target);
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(stats.head_time);
    g_autofree char *date = *stats.head ? g_date_time_format(time, "%Y-%m-%d") : g_strdup("");
    AjPackJob job = {.format = format,
                     .site = site,
                     .to = target,
                     .title = stats.title,
                     .language = stats.language,
                     .seq = stats.head_time,
                     .edition = "",
                     .commit = stats.head,
                     .key = key_file ? &key : NULL,
                     .since = since ? &old : NULL,
                     .date = date,
                     .start = page};
    bool good = aj_fs_mkdirs(parent, &error) && aj_pack(&job, &report, &error);
    aj_secret_key_clear(&key);
    if (!good)
        return leave(arena, &old, world_failed(error));
    tell(&report, &job);
    printf("%s\n", target);
    return leave(arena, &old, aj_diags_count(diags, AJ_ERROR) ? AJ_EXIT_CONTENT : AJ_EXIT_GOOD);
}

const AjCommand aj_cmd_bundle = {"bundle",
                                 "[DIR] --format zip|tar.zst|scorm12|scorm2004|epub|zim|html [-o "
                                 "FILE] [--since BUNDLE|REV] [--key FILE] "
                                 "[--editions] [--page ADDRESS]",
                                 "生成网站并打成一个离线包，解压后双击 start.html",
                                 "build the site and pack it into one offline bundle",
                                 run,
                                 options};
