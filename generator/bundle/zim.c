/* zim - a site as a ZIM file. See zim.h. Must not know: what is in the pages. */
#include "bundle/zim.h"

#include "base/lang.h"
#include "bundle/excerpt.h"

#include <string.h>
#include <unistd.h>

/* Found through the -I of the build; make knows that this room holds its bytes. 48 x 48 points, as
 * the writer wants it; after the theme's icon.svg. */
__asm__(".section .rodata\n"
        "aj_zim_png:\n"
        ".incbin \"generator/bundle/zim.png\"\n"
        "aj_zim_png_end:\n"
        ".byte 0\n"
        ".previous\n");
extern const char aj_zim_png[], aj_zim_png_end[];

#define WRITER "zimwriterfs"
#define ICON "anjian-zim.png"

/* ISO 639-3, as ZIM asks for it. */
static const char *language(const char *tag)
{
    static const char *const codes[][2] = {{"zh", "zho"}, {"en", "eng"}, {"ja", "jpn"},
                                           {"ko", "kor"}, {"ru", "rus"}, {"de", "deu"},
                                           {"fr", "fra"}, {"es", "spa"}};
    for (size_t i = 0; i < G_N_ELEMENTS(codes); i++)
        if (g_str_has_prefix(tag, codes[i][0]))
            return codes[i][1];
    return "und";
}

/* The writer wants a folder with nothing but the site and the icon. */
static bool lay_out(const AjBundleSite *site, const char *folder, GError **error)
{
    g_autofree char *icon = g_build_filename(folder, ICON, NULL);
    for (uint32_t i = 0; i < site->count; i++) {
        g_autofree char *to = g_build_filename(folder, site->files[i].name, NULL);
        g_autofree char *parent = g_path_get_dirname(to);
        if (!aj_fs_mkdirs(parent, error))
            return false;
        if (!site->files[i].path) {
            if (!aj_fs_write_new(to, site->files[i].bytes, site->files[i].len, error))
                return false;
            continue;
        }
        if (link(site->files[i].path, to) == 0)
            continue;
        g_autoptr(GMappedFile) map = g_mapped_file_new(site->files[i].path, FALSE, error);
        const char *bytes = map ? g_mapped_file_get_contents(map) : NULL;
        if (!map || !aj_fs_write_new(to, bytes ? bytes : "", g_mapped_file_get_length(map), error))
            return false;
    }
    return aj_fs_write_new(icon, aj_zim_png, (size_t)(aj_zim_png_end - aj_zim_png), error);
}

static bool run_writer(const AjBundleSite *site, const char *writer, const char *folder,
                       const char *to, GError **error)
{
    g_autofree char *said = NULL, *told = NULL;
    const char *about = *site->date ? site->date : site->title;
    const char *argv[] = {
        writer,   "-w",        site->start, "-I",   ICON, "-l",     language(site->language),
        "-t",     site->title, "-d",        about,  "-c", "anjian", "-p",
        "anjian", "-n",        "anjian",    folder, to,   NULL};
    int status = 0;
    if (!g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &told, &said, &status,
                      error))
        return false;
    if (g_spawn_check_wait_status(status, NULL) && g_file_test(to, G_FILE_TEST_IS_REGULAR))
        return true;
    char *words = *g_strstrip(said) ? said : g_strstrip(told);
    g_set_error(error, AJ_BUNDLE_ERROR, AJ_BUNDLE_ERROR_WRITE,
                AJ_TR("%s 没有做成：%s", "%s failed: %s"), WRITER, words);
    return false;
}

bool aj_zim_arrange(const AjBundleSite *whole, AjBundleFile **files_out, uint32_t *count_out,
                    GError **error)
{
    AjBundleSite part;
    const AjBundleSite *site = &part;
    if (!aj_excerpt(whole, &part, error))
        return false;
    g_autofree char *writer = g_find_program_in_path(WRITER);
    if (!writer) {
        g_set_error(error, AJ_BUNDLE_ERROR, AJ_BUNDLE_ERROR_WRITE,
                    AJ_TR("没有 %s，做不了 zim；请装上 zim-tools（apt-get install zim-tools）",
                          "a zim needs %s: install zim-tools (apt-get install zim-tools)"),
                    WRITER);
        return false;
    }
    g_autofree char *work = g_dir_make_tmp("anjian-zim-XXXXXX", error);
    if (!work)
        return false;
    g_autofree char *folder = g_build_filename(work, "site", NULL);
    g_autofree char *to = g_build_filename(work, "made.zim", NULL);
    g_autoptr(GMappedFile) map = NULL;
    bool good = aj_fs_mkdirs(folder, error) && lay_out(site, folder, error) &&
                run_writer(site, writer, folder, to, error) &&
                (map = g_mapped_file_new(to, FALSE, error)) != NULL;
    if (good) {
        AjBundleFile *file = aj_arena_alloc(site->arena, sizeof *file);
        size_t len = g_mapped_file_get_length(map);
        char *bytes = aj_arena_alloc(site->arena, len + 1);
        memcpy(bytes, g_mapped_file_get_contents(map), len);
        *file = (AjBundleFile){"site.zim", NULL, bytes, len};
        *files_out = file;
        *count_out = 1;
    }
    return aj_fs_remove_tree(work, good ? error : NULL) && good;
}
