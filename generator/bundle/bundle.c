/* bundle - one list of files, many archive formats.
 *
 * See bundle.h. libarchive writes the tar of tar.zst; zip is our own (bundle/zip), since
 * libarchive can neither deflate beside itself nor take what is deflated already. Must not know:
 * how the files were made. */
#include "bundle/bundle.h"

#include "base/lang.h"
#include "bundle/epub.h"
#include "bundle/onefile.h"
#include "bundle/scorm.h"
#include "bundle/zim.h"
#include "bundle/zip.h"
#include "bundle/zst.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { EARLIEST = 315532800 /* 1980-01-01T00:00:00Z, as in a zip */ };

GQuark aj_bundle_error_quark(void)
{
    return g_quark_from_static_string("aj-bundle-error");
}

static bool name_is_plain(const char *name)
{
    for (const char *p = name; *p; p++)
        if (!g_ascii_isalnum(*p) && !strchr("._-/", *p))
            return false;
    return *name && *name != '/';
}

static bool put(struct archive *tar, const char *name, const void *bytes, size_t len)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, (la_int64_t)len);
    archive_entry_set_mtime(entry, EARLIEST, 0);
    archive_entry_set_uid(entry, 0);
    archive_entry_set_gid(entry, 0);
    bool good = archive_write_header(tar, entry) == ARCHIVE_OK &&
                (len == 0 || archive_write_data(tar, bytes, len) == (la_ssize_t)len);
    archive_entry_free(entry);
    return good;
}

static bool put_file(struct archive *tar, const AjBundleFile *file, GError **error)
{
    if (!file->path)
        return put(tar, file->name, file->bytes, file->len);
    g_autoptr(GMappedFile) map = g_mapped_file_new(file->path, FALSE, error);
    if (!map)
        return false;
    const char *bytes = g_mapped_file_get_contents(map);
    return put(tar, file->name, bytes ? bytes : "", g_mapped_file_get_length(map));
}

static la_ssize_t to_zst(struct archive *tar, void *data, const void *bytes, size_t len)
{
    if (aj_zst_add(data, bytes, len))
        return (la_ssize_t)len;
    archive_set_error(tar, EIO, "%s", aj_zst_reason(data));
    return -1;
}

static bool write_tar(const AjBundleFile *files, const AjMembers *members, uint32_t count, int fd,
                      const char *path, GError **error)
{
    enum { HEADER = 1024 }; /* about what tar needs beside a file's bytes */
    uint64_t total = 0;
    for (uint32_t i = 0; i < count; i++)
        total += HEADER + aj_members_at(members, i)->size;
    AjZst *zst = aj_zst_new(fd, total);
    struct archive *tar = archive_write_new();
    bool good = archive_write_set_format_pax_restricted(tar) == ARCHIVE_OK &&
                archive_write_set_bytes_in_last_block(tar, 1) == ARCHIVE_OK &&
                archive_write_open(tar, zst, NULL, to_zst, NULL) == ARCHIVE_OK;
    for (uint32_t i = 0; good && i < count; i++)
        good = put_file(tar, &files[i], error);
    good = archive_write_close(tar) == ARCHIVE_OK && good && aj_zst_end(zst);
    if (!good && error && !*error)
        g_set_error(error, AJ_BUNDLE_ERROR, AJ_BUNDLE_ERROR_WRITE,
                    AJ_TR("写不成 %s：%s", "cannot write %s: %s"), path,
                    *aj_zst_reason(zst)         ? aj_zst_reason(zst)
                    : archive_error_string(tar) ? archive_error_string(tar)
                                                : "");
    archive_write_free(tar);
    aj_zst_free(zst);
    return good;
}

static const AjBundleFormat formats[] = {
    {"zip", ".zip", NULL, aj_zip_write, false},
    {"tar.zst", ".tar.zst", NULL, write_tar, false},
    {"scorm12", "-scorm12.zip", aj_scorm12_arrange, aj_zip_write, false},
    {"scorm2004", "-scorm2004.zip", aj_scorm2004_arrange, aj_zip_write, false},
    {"epub", ".epub", aj_epub_arrange, aj_zip_write, true},
    {"html", ".html", aj_onefile_arrange, NULL, true},
    {"zim", ".zim", aj_zim_arrange, NULL, false},
};

bool aj_bundle_write(const AjBundleFormat *format, const AjBundleFile *files,
                     const AjMembers *members, uint32_t count, const char *to, GError **error)
{
    for (uint32_t i = 0; i < count; i++) {
        if (name_is_plain(files[i].name))
            continue;
        g_set_error(
            error, AJ_BUNDLE_ERROR, AJ_BUNDLE_ERROR_NAME,
            AJ_TR("文件名“%s”不能放进包里：只能用字母、数字和 . _ -",
                  "the name \"%s\" cannot go into a bundle: letters, digits and . _ - only"),
            files[i].name);
        return false;
    }
    g_autofree char *part = g_strdup_printf("%s.part-%ld", to, (long)getpid());
    int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
    bool good = fd >= 0;
    g_assert(format->write || count == 1);
    bool written = good && (format->write ? format->write(files, members, count, fd, to, error)
                                          : aj_fs_put(fd, files->bytes, files->len));
    good = good && aj_fs_open_to_all(fd);
    if (fd >= 0)
        good = close(fd) == 0 && good;
    good = good && ((!written && format->write) || (written && rename(part, to) == 0));
    if (!good && error && !*error)
        g_set_error(error, AJ_BUNDLE_ERROR, AJ_BUNDLE_ERROR_WRITE,
                    AJ_TR("写不成 %s：%s", "cannot write %s: %s"), to, aj_fs_reason(errno));
    if (!good || !written)
        unlink(part);
    return good && written;
}

const AjBundleFormat *aj_bundle_find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
        if (strcmp(formats[i].name, name) == 0)
            return &formats[i];
    return NULL;
}

char *aj_bundle_names(void)
{
    GString *names = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
        g_string_append_printf(names, "%s%s", i ? " " : "", formats[i].name);
    return g_string_free(names, FALSE);
}

const char *aj_bundle_media_type(const char *path)
{
    static const char *const types[][2] = {
        {".svg", "image/svg+xml"},   {".png", "image/png"},  {".jpg", "image/jpeg"},
        {".jpeg", "image/jpeg"},     {".gif", "image/gif"},  {".webp", "image/webp"},
        {".mp3", "audio/mpeg"},      {".m4a", "audio/mp4"},  {".mp4", "video/mp4"},
        {".webm", "video/webm"},     {".woff", "font/woff"}, {".woff2", "font/woff2"},
        {".pdf", "application/pdf"}, {".txt", "text/plain"}, {".csv", "text/csv"}};
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
        if (g_str_has_suffix(path, types[i][0]))
            return types[i][1];
    return NULL;
}
