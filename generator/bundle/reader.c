/* reader - the entries of a bundle's archive, and nothing that a bundle of ours would not have.
 *
 * See reader.h. Must not know: manifests, signatures. */
#include "bundle/reader.h"

#include "base/lang.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { BLOCK = 64 << 10, EOCD = 22, EOCD64_LOCATOR = 20 };

struct AjReader {
    struct archive *archive;
};

static bool refuse(GError **error, const char *why, const char *what)
{
    g_autofree char *shown = g_strescape(what ? what : "", NULL);
    g_set_error(error, AJ_BUNDLE_ERROR, AJ_BUNDLE_ERROR_FORM, "%s%s%s", why, *shown ? ": " : "",
                shown);
    return false;
}

static bool read_at(int fd, void *bytes, size_t len, uint64_t at)
{
    for (size_t done = 0; done < len;) {
        ssize_t got = pread(fd, (char *)bytes + done, len - done, (off_t)(at + done));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        done += (size_t)got;
    }
    return true;
}

static uint64_t number(const uint8_t *p, unsigned bytes)
{
    uint64_t n = 0;
    for (unsigned i = 0; i < bytes; i++)
        n |= (uint64_t)p[i] << 8 * i;
    return n;
}

/* The directory ends where its end says, and that end is the file's (APPNOTE 4.3.14–16). */
static bool zip_is_whole(int fd, uint64_t size)
{
    uint8_t end[EOCD], locator[EOCD64_LOCATOR], far[56];
    if (size < EOCD || !read_at(fd, end, EOCD, size - EOCD) || memcmp(end, "PK\5\6", 4) != 0 ||
        number(end + 4, 4) || number(end + 20, 2) || number(end + 8, 2) != number(end + 10, 2))
        return false;
    uint64_t len = number(end + 12, 4), start = number(end + 16, 4), close = size - EOCD;
    if (start == UINT32_MAX || len == UINT32_MAX || number(end + 10, 2) == UINT16_MAX) {
        if (close < EOCD64_LOCATOR ||
            !read_at(fd, locator, sizeof locator, close - sizeof locator) ||
            memcmp(locator, "PK\6\7", 4) != 0)
            return false;
        close = number(locator + 8, 8);
        if (size < EOCD + sizeof locator + sizeof far ||
            close != size - EOCD - sizeof locator - sizeof far ||
            !read_at(fd, far, sizeof far, close) || memcmp(far, "PK\6\6", 4) != 0 ||
            number(far + 4, 8) != sizeof far - 12)
            return false;
        len = number(far + 40, 8);
        start = number(far + 48, 8);
    }
    return start <= close && len == close - start;
}

/* One frame, from the first to the last byte (RFC 8878, 3.1.1). */
static bool zstd_is_whole(int fd, uint64_t size)
{
    static const uint8_t dictionary[] = {0, 1, 2, 4}, content[] = {0, 2, 4, 8};
    uint8_t head[5];
    if (!read_at(fd, head, sizeof head, 0))
        return false;
    unsigned flags = head[4], single = flags >> 5 & 1;
    uint64_t at = 5 + !single + dictionary[flags & 3] + content[flags >> 6];
    at += single && !(flags >> 6);
    for (bool last = false; !last;) {
        uint8_t block[3];
        if (at + 3 > size || !read_at(fd, block, sizeof block, at))
            return false;
        uint64_t n = number(block, 3);
        last = n & 1;
        unsigned type = n >> 1 & 3;
        at += 3 + (type == 1 ? 1 : n >> 3);
        if (type == 3)
            return false;
    }
    return at + (flags & 4 ? 4 : 0) == size;
}

AjReader *aj_reader_open(int fd, GError **error)
{
    struct stat st;
    uint8_t magic[4] = {0};
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || !read_at(fd, magic, sizeof magic, 0) ||
        lseek(fd, 0, SEEK_SET) != 0) {
        refuse(error, AJ_TR("不是离线包", "not a bundle"), "");
        return NULL;
    }
    bool zip = memcmp(magic, "PK\3\4", 4) == 0, zstd = memcmp(magic, "\x28\xb5\x2f\xfd", 4) == 0;
    if (!zip && !zstd) {
        g_set_error_literal(
            error, AJ_BUNDLE_ERROR, AJ_BUNDLE_ERROR_OTHER,
            AJ_TR("不是 zip 或 tar.zst 离线包；html、zim 的直接打开，不用装",
                  "not a zip or tar.zst bundle; those of html and zim are opened as they are"));
        return NULL;
    }
    if (!(zip ? zip_is_whole : zstd_is_whole)(fd, (uint64_t)st.st_size)) {
        refuse(error,
               AJ_TR("包没有拷完，或前后接了别的东西",
                     "the bundle is cut short, or something was joined to it"),
               "");
        return NULL;
    }
    AjReader *r = g_new0(AjReader, 1);
    r->archive = archive_read_new();
    int good = zip ? archive_read_support_format_zip_seekable(r->archive)
                   : archive_read_support_format_tar(r->archive);
    if (zstd && good == ARCHIVE_OK)
        good = archive_read_support_filter_zstd(r->archive);
    if (good == ARCHIVE_OK && archive_read_open_fd(r->archive, fd, BLOCK) == ARCHIVE_OK)
        return r;
    refuse(error, AJ_TR("打不开包", "cannot open the bundle"), archive_error_string(r->archive));
    aj_reader_free(r);
    return NULL;
}

bool aj_reader_next(AjReader *r, const char **name, uint64_t *size, GError **error)
{
    struct archive_entry *e;
    int got = archive_read_next_header(r->archive, &e);
    if (got == ARCHIVE_EOF)
        return false;
    if (got != ARCHIVE_OK)
        return refuse(error, AJ_TR("包坏了", "the bundle is damaged"),
                      archive_error_string(r->archive));
    *name = archive_entry_pathname(e);
    if (!*name || !**name)
        return refuse(error, AJ_TR("包里有没有名字的文件", "an entry has no name"), "");
    if (archive_entry_filetype(e) != AE_IFREG || archive_entry_hardlink(e) ||
        archive_entry_symlink(e) || archive_entry_is_encrypted(e) ||
        archive_entry_sparse_count(e) || archive_entry_xattr_count(e) ||
        !archive_entry_size_is_set(e) || archive_entry_size(e) < 0)
        return refuse(error, AJ_TR("包里有不是普通文件的东西", "an entry is no plain file"), *name);
    *size = (uint64_t)archive_entry_size(e);
    return true;
}

gssize aj_reader_read(AjReader *r, void *bytes, size_t len, GError **error)
{
    la_ssize_t got = archive_read_data(r->archive, bytes, len);
    if (got >= 0)
        return got;
    refuse(error, AJ_TR("包坏了", "the bundle is damaged"), archive_error_string(r->archive));
    return -1;
}

void aj_reader_free(AjReader *r)
{
    if (!r)
        return;
    archive_read_free(r->archive);
    g_free(r);
}
