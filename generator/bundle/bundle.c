/* bundle - one list of files, many archive formats.
 *
 * libarchive writes. Its zip writer asks the C library for local time, so the zone is set to UTC
 * for the while of writing. Must not know: how the files were made. */
#include "bundle/bundle.h"

#include "base/lang.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    EARLIEST = 315619200 /* 1980-01-02T00:00:00Z: the first day that every zip reader can tell */
};

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

static bool put(struct archive *zip, const char *name, const void *bytes, size_t len)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, (la_int64_t)len);
    archive_entry_set_mtime(entry, EARLIEST, 0);
    archive_entry_set_uid(entry, 0);
    archive_entry_set_gid(entry, 0);
    bool good = archive_write_header(zip, entry) == ARCHIVE_OK &&
                (len == 0 || archive_write_data(zip, bytes, len) == (la_ssize_t)len);
    archive_entry_free(entry);
    return good;
}

static bool put_file(struct archive *zip, const AjBundleFile *file, GError **error)
{
    if (!file->path)
        return put(zip, file->name, file->bytes, file->len);
    g_autoptr(GMappedFile) map = g_mapped_file_new(file->path, FALSE, error);
    if (!map)
        return false;
    const char *bytes = g_mapped_file_get_contents(map);
    return put(zip, file->name, bytes ? bytes : "", g_mapped_file_get_length(map));
}

/* Written beside and renamed, so that a broken bundle is never found under its name. */
static bool write_zip(const AjBundleFile *files, uint32_t count, const char *to, GError **error)
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
    g_autofree char *zone = g_strdup(g_getenv("TZ"));
    g_autofree char *part = g_strdup_printf("%s.part-%ld", to, (long)getpid());
    g_setenv("TZ", "UTC", TRUE);
    tzset();
    struct archive *zip = archive_write_new();
    bool good =
        archive_write_set_format_zip(zip) == ARCHIVE_OK &&
        archive_write_set_options(zip, "zip:compression=deflate,zip:!experimental") == ARCHIVE_OK &&
        archive_write_open_filename(zip, part) == ARCHIVE_OK;
    for (uint32_t i = 0; good && i < count; i++)
        good = put_file(zip, &files[i], error);
    good = archive_write_close(zip) == ARCHIVE_OK && good;
    if (!good && error && !*error)
        g_set_error(error, AJ_BUNDLE_ERROR, AJ_BUNDLE_ERROR_WRITE,
                    AJ_TR("写不成 %s：%s", "cannot write %s: %s"), to,
                    archive_error_string(zip) ? archive_error_string(zip) : "");
    archive_write_free(zip);
    if (zone)
        g_setenv("TZ", zone, TRUE);
    else
        g_unsetenv("TZ");
    tzset();
    if (good && rename(part, to) != 0) {
        g_set_error(error, AJ_BUNDLE_ERROR, AJ_BUNDLE_ERROR_WRITE,
                    AJ_TR("写不成 %s：%s", "cannot write %s: %s"), to, g_strerror(errno));
        good = false;
    }
    if (!good)
        unlink(part);
    return good;
}

static const AjBundleFormat zip_format = {"zip", ".zip", write_zip};
static const AjBundleFormat *const formats[] = {&zip_format};

const AjBundleFormat *aj_bundle_find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++)
        if (strcmp(formats[i]->name, name) == 0)
            return formats[i];
    return NULL;
}

const char *aj_bundle_names(void)
{
    return "zip";
}
