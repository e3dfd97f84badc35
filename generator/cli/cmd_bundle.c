/* cmd_bundle - anjian bundle: the site in one file, for a stick or a mail.
 *
 * The archive holds manifest.json, the site below site/, and start.html, which is what a person who
 * has unpacked it looks for.
 * Must not know: archive formats, how a site is built. */
#include "base/text.h"
#include "bundle/bundle.h"
#include "bundle/manifest.h"
#include "bundle/member.h"
#include "cli/options.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const GOptionEntry options[] = {
    {"format", 0, 0, 0, NULL, "包的格式：zip tar.zst|bundle format: zip, tar.zst", "FORMAT"},
    {"output", 'o', 0, 0, NULL, "包放在哪里（默认 dist/ 下，用标题命名）|the file to write",
     "FILE"},
    {0}};

/* dist/site: the bundle shares the site and the cache of `anjian build`. */
static bool build_site(const char *shown, const char *root, const char *out, AjDiags *diags,
                       AjBuildStats *stats, GError **error)
{
    struct timespec start;
    clock_gettime(CLOCK_MONOTONIC, &start);
    AjBuildOptions build = {
        .root = root, .shown = shown, .out = out, .progress = aj_options_progress, .data = &start};
    bool good = aj_build(&build, diags, stats, error);
    aj_options_progress_end();
    g_autoptr(GString) text = g_string_new(NULL);
    aj_diags_print_text(diags, aj_options_color(STDERR_FILENO), text);
    fputs(text->str, stderr);
    return good;
}

static bool skip_hidden(const char *path, bool is_folder, void *data)
{
    (void)is_folder;
    (void)data;
    const char *slash = strrchr(path, '/');
    return (slash ? slash + 1 : path)[0] == '.';
}

static char *start_page(const AjBuildStats *stats)
{
    g_autoptr(GString) title = g_string_new(NULL);
    aj_escape_text(title, stats->title, strlen(stats->title));
    return g_strdup_printf("<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
                           "<meta http-equiv=\"refresh\" content=\"0; url=site/index.html\">\n"
                           "<title>开始</title>\n</head>\n<body>\n"
                           "<p><a href=\"site/index.html\">开始：%s</a></p>\n</body>\n</html>\n",
                           stats->language, title->str);
}

static void make_manifest(const AjFsList *list, const AjMembers *members, const AjBuildStats *stats,
                          GString *json)
{
    uint32_t count = aj_fs_list_count(list);
    g_autofree AjManifestFile *files = g_new(AjManifestFile, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        const AjMember *m = aj_members_at(members, i);
        files[i] = (AjManifestFile){aj_fs_list_at(list, i)->path, m->size, m->hash};
    }
    AjManifestOrigin origin = {stats->head_time, "", stats->head};
    aj_manifest_print(files, count, &origin, json);
}

/* manifest.json, the site in order, start.html. */
static bool write_bundle(const AjBundleFormat *format, const char *site, const char *to,
                         const AjBuildStats *stats, uint64_t *bytes_out, GError **error)
{
    g_autoptr(AjFsList) list = aj_fs_walk(site, skip_hidden, NULL, error);
    g_autoptr(GString) manifest = g_string_new(NULL);
    if (!list)
        return false;
    AjArena *a = aj_arena_new(1 << 16);
    uint32_t count = aj_fs_list_count(list);
    AjBundleFile *files = aj_arena_alloc(a, (count + 2) * sizeof *files);
    for (uint32_t i = 0; i < count; i++) {
        const char *path = aj_fs_list_at(list, i)->path;
        files[i + 1] = (AjBundleFile){aj_arena_printf(a, "site/%s", path),
                                      aj_arena_printf(a, "%s/%s", site, path), NULL, 0};
    }
    g_autofree char *start = start_page(stats), *folder = g_path_get_dirname(site);
    g_autofree char *base = g_path_get_basename(site);
    g_autofree char *cache = g_strdup_printf("%s/.%s.members", folder, base);
    files[count + 1] = (AjBundleFile){"start.html", NULL, start, strlen(start)};
    g_autoptr(AjMembers) members = aj_members_make(files + 1, count + 1, cache, error);
    bool good = members != NULL;
    if (good) {
        make_manifest(list, members, stats, manifest);
        files[0] = (AjBundleFile){"manifest.json", NULL, manifest->str, manifest->len};
        aj_members_add_first(members, manifest->str, manifest->len);
        good = aj_bundle_write(format, files, members, count + 2, to, error);
    }
    AjFsEntry st;
    *bytes_out = good && aj_fs_stat(to, &st, NULL) ? st.size : 0;
    aj_arena_free(a);
    return good;
}

static int run(int argc, char **argv)
{
    g_autofree char *format_name = NULL, *file = NULL;
    GOptionEntry entries[G_N_ELEMENTS(options)];
    memcpy(entries, options, sizeof entries);
    entries[0].arg = G_OPTION_ARG_STRING;
    entries[0].arg_data = &format_name;
    entries[1].arg = G_OPTION_ARG_FILENAME;
    entries[1].arg_data = &file;
    if (!aj_options_parse(&aj_cmd_bundle, entries, &argc, &argv, 1))
        return AJ_EXIT_USAGE;
    const AjBundleFormat *format = aj_bundle_find(format_name ? format_name : "zip");
    const char *shown = argc > 1 ? argv[1] : ".";
    g_autofree char *root = aj_options_absolute(shown);
    g_autofree char *site = aj_options_absolute("dist/site");
    g_autofree char *wrong = NULL;
    g_autofree char *names = aj_bundle_names();
    if (!format)
        wrong =
            g_strdup_printf(AJ_TR("没有“%s”这种格式，可用：%s", "no format \"%s\"; there is: %s"),
                            format_name, names);
    else if (!g_file_test(root, G_FILE_TEST_IS_DIR))
        wrong = g_strdup_printf(AJ_TR("没有文件夹“%s”", "there is no folder \"%s\""), shown);
    if (wrong) {
        aj_options_complain(wrong);
        return AJ_EXIT_USAGE;
    }
    g_autoptr(AjDiags) diags = aj_diags_new();
    g_autoptr(GError) error = NULL;
    AjBuildStats stats;
    uint64_t bytes = 0;
    bool good = build_site(shown, root, site, diags, &stats, &error);
    if (good && !stats.published)
        return AJ_EXIT_CONTENT;
    g_autofree char *slug = good ? aj_slug(stats.title, strlen(stats.title)) : NULL;
    g_autofree char *target =
        file ? g_strdup(file) : g_strdup_printf("dist/%s%s", slug, format->suffix);
    g_autofree char *parent = g_path_get_dirname(target);
    good = good && aj_fs_mkdirs(parent, &error) &&
           write_bundle(format, site, target, &stats, &bytes, &error);
    if (!good) {
        aj_options_complain(error->message);
        return AJ_EXIT_WORLD;
    }
    if (!aj_options_quiet())
        fprintf(stderr, AJ_TR("打包 %u 个文件，%.1f MB\n", "%u files, %.1f MB\n"), stats.files,
                (double)bytes / 1e6);
    printf("%s\n", target);
    return aj_diags_count(diags, AJ_ERROR) ? AJ_EXIT_CONTENT : AJ_EXIT_GOOD;
}

const AjCommand aj_cmd_bundle = {"bundle",
                                 "[DIR] --format zip [-o FILE]",
                                 "生成网站并打成一个离线包，解压后双击 start.html",
                                 "build the site and pack it into one offline bundle",
                                 run,
                                 options};
