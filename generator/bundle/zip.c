/* zip - members to a zip archive that every unpacker takes.
 *
 * After PKWARE's APPNOTE 6.3.10: a local header and the data for each member, then the central
 * directory; the zip64 forms only where a number does not fit. One time for all, 1980-01-01, mode
 * 0644. Must not know: what the files are, how they were deflated. */
#include "bundle/zip.h"

#include "base/lang.h"
#include "bundle/gather.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum {
    DOS_DATE = 1 << 5 | 1, /* the first day that a zip can tell */
    VERSION = 20,
    VERSION_64 = 45,
    UNIX = 3 << 8,
    STORED = 0,
    DEFLATED = 8
};
#define MODE ((uint32_t)0100644 << 16)
#define FULL UINT32_MAX /* in the place of a number that zip64 tells */

typedef struct {
    AjGather *to;
    const char *path;
    GError **error;
} Out;

static void put16(GString *s, uint32_t n)
{
    const char bytes[] = {(char)n, (char)(n >> 8)};
    g_string_append_len(s, bytes, sizeof bytes);
}

static void put32(GString *s, uint32_t n)
{
    put16(s, n);
    put16(s, n >> 16);
}

static void put64(GString *s, uint64_t n)
{
    put32(s, (uint32_t)n);
    put32(s, (uint32_t)(n >> 32));
}

static bool written(Out *out, bool good)
{
    if (!good)
        g_set_error(out->error, AJ_BUNDLE_ERROR, AJ_BUNDLE_ERROR_WRITE,
                    AJ_TR("写不成 %s：%s", "cannot write %s: %s"), out->path, aj_fs_reason(errno));
    return good;
}

/* What local header and directory have in common, from the version to the length of the name. */
static void put_common(GString *s, const AjMember *m, const char *name, bool large)
{
    put16(s, large ? VERSION_64 : VERSION);
    put16(s, 0);
    put16(s, m->deflated ? DEFLATED : STORED);
    put16(s, 0);
    put16(s, DOS_DATE);
    put32(s, m->crc);
    put32(s, large ? FULL : (uint32_t)m->data_len);
    put32(s, large ? FULL : (uint32_t)m->size);
    put16(s, (uint32_t)strlen(name));
}

static bool is_large(const AjMember *m)
{
    return m->size >= FULL || m->data_len >= FULL;
}

static bool put_data(Out *out, const AjBundleFile *file, const AjMember *m)
{
    if (m->deflated)
        return written(out, aj_gather_lend(out->to, m->data, m->data_len));
    if (!file->path)
        return written(out, aj_gather_lend(out->to, file->bytes, file->len));
    g_autoptr(GMappedFile) map = g_mapped_file_new(file->path, FALSE, out->error);
    if (!map)
        return false;
    const char *bytes = g_mapped_file_get_contents(map);
    if (g_mapped_file_get_length(map) == m->size)
        return written(out, aj_gather_lend(out->to, bytes ? bytes : "", m->size) &&
                                aj_gather_flush(out->to));
    g_set_error(out->error, AJ_BUNDLE_ERROR, AJ_BUNDLE_ERROR_READ,
                AJ_TR("打包时 %s 变了，请重来", "%s changed meanwhile: try again"), file->path);
    return false;
}

static bool put_member(Out *out, const AjBundleFile *file, const AjMember *m, GString *directory)
{
    g_autoptr(GString) head = g_string_new("PK\3\4");
    uint64_t start = aj_gather_len(out->to);
    bool large = is_large(m), far = start >= FULL;
    put_common(head, m, file->name, large);
    put16(head, large ? 20 : 0);
    g_string_append(head, file->name);
    if (large) {
        put16(head, 1);
        put16(head, 16);
        put64(head, m->size);
        put64(head, m->data_len);
    }
    g_string_append(directory, "PK\1\2");
    put16(directory, UNIX | (large || far ? VERSION_64 : VERSION));
    put_common(directory, m, file->name, large);
    unsigned extra = (large ? 16u : 0) + (far ? 8u : 0);
    put16(directory, extra ? extra + 4 : 0);
    put16(directory, 0); /* comment */
    put16(directory, 0); /* disk */
    put16(directory, 0);
    put32(directory, MODE);
    put32(directory, far ? FULL : (uint32_t)start);
    g_string_append(directory, file->name);
    if (extra) {
        put16(directory, 1);
        put16(directory, extra);
        if (large) {
            put64(directory, m->size);
            put64(directory, m->data_len);
        }
        if (far)
            put64(directory, start);
    }
    return written(out, aj_gather_copy(out->to, head->str, head->len)) && put_data(out, file, m);
}

static bool put_end(Out *out, uint64_t count, const GString *directory)
{
    uint64_t start = aj_gather_len(out->to), len = directory->len;
    g_autoptr(GString) end = g_string_new(NULL);
    bool many = count >= UINT16_MAX, far = start >= FULL || len >= FULL;
    if (many || far) {
        g_string_append(end, "PK\6\6");
        put64(end, 44);
        put16(end, UNIX | VERSION_64);
        put16(end, VERSION_64);
        put32(end, 0);
        put32(end, 0);
        put64(end, count);
        put64(end, count);
        put64(end, len);
        put64(end, start);
        g_string_append(end, "PK\6\7");
        put32(end, 0);
        put64(end, start + len);
        put32(end, 1);
    }
    g_string_append(end, "PK\5\6");
    put16(end, 0);
    put16(end, 0);
    put16(end, many ? UINT16_MAX : (uint32_t)count);
    put16(end, many ? UINT16_MAX : (uint32_t)count);
    put32(end, far ? FULL : (uint32_t)len);
    put32(end, far ? FULL : (uint32_t)start);
    put16(end, 0);
    return written(out, aj_gather_lend(out->to, directory->str, directory->len) &&
                            aj_gather_copy(out->to, end->str, end->len) &&
                            aj_gather_flush(out->to));
}

bool aj_zip_write(const AjBundleFile *files, const AjMembers *members, uint32_t count, int fd,
                  const char *path, GError **error)
{
    Out out = {.to = aj_gather_new(fd), .path = path, .error = error};
    g_autoptr(GString) directory = g_string_new(NULL);
    bool good = true;
    for (uint32_t i = 0; good && i < count; i++)
        good = put_member(&out, &files[i], aj_members_at(members, i), directory);
    good = good && put_end(&out, count, directory);
    aj_gather_free(out.to);
    return good;
}
