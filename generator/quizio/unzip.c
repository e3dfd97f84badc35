/* unzip - one member of a zip file held in memory, with a limit on what it may become.
 *
 * Must not know: what is in the members. */
#include "quizio/unzip.h"

#include <glib.h>
#include <string.h>
#include <zlib.h>

enum {
    END_SIZE = 22,
    ENTRY_SIZE = 46,
    LOCAL_SIZE = 30,
    COMMENT_MOST = 65535,
    MEMBERS_MOST = 10000
};

static uint32_t le16(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8;
}

static uint32_t le32(const uint8_t *p)
{
    return le16(p) | le16(p + 2) << 16;
}

bool aj_unzip_open(AjUnzip *zip, const void *bytes, size_t len)
{
    *zip = (AjUnzip){bytes, len, NULL, 0};
    if (len < END_SIZE)
        return false;
    size_t least = len > END_SIZE + COMMENT_MOST ? len - END_SIZE - COMMENT_MOST : 0;
    for (size_t at = len - END_SIZE + 1; at-- > least;) {
        const uint8_t *p = zip->bytes + at;
        if (memcmp(p, "PK\5\6", 4) != 0)
            continue;
        uint32_t size = le32(p + 12), offset = le32(p + 16);
        zip->count = le16(p + 10);
        if (le16(p + 4) || offset > at || size > at - offset || zip->count > MEMBERS_MOST)
            return false;
        zip->directory = zip->bytes + offset;
        return true;
    }
    return false;
}

/* Entry `i` of the directory, checked to lie inside; NULL when it does not. Walks from the start:
 * a workbook has a dozen members. */
static const uint8_t *entry_at(const AjUnzip *zip, uint32_t i)
{
    const uint8_t *p = zip->directory, *end = zip->bytes + zip->len;
    for (uint32_t k = 0; k < zip->count; k++) {
        if ((size_t)(end - p) < ENTRY_SIZE || memcmp(p, "PK\1\2", 4) != 0)
            return NULL;
        size_t size = (size_t)ENTRY_SIZE + le16(p + 28) + le16(p + 30) + le16(p + 32);
        if ((size_t)(end - p) < size)
            return NULL;
        if (k == i)
            return p;
        p += size;
    }
    return NULL;
}

const char *aj_unzip_name(const AjUnzip *zip, uint32_t i, size_t *len_out)
{
    const uint8_t *entry = i < zip->count ? entry_at(zip, i) : NULL;
    if (!entry)
        return NULL;
    *len_out = le16(entry + 28);
    return (const char *)entry + ENTRY_SIZE;
}

static AjUnzipResult inflate_raw(const uint8_t *from, size_t size, size_t limit, GByteArray *out)
{
    uint8_t piece[1 << 15];
    z_stream z = {.next_in = (Bytef *)from, .avail_in = (uInt)size};
    if (inflateInit2(&z, -MAX_WBITS) != Z_OK)
        return AJ_UNZIP_BROKEN;
    int code = Z_OK;
    AjUnzipResult result = AJ_UNZIP_GOOD;
    while (code == Z_OK && result == AJ_UNZIP_GOOD) {
        z.next_out = piece;
        z.avail_out = sizeof piece;
        code = inflate(&z, Z_NO_FLUSH);
        size_t made = sizeof piece - z.avail_out;
        if (out->len + made > limit)
            result = AJ_UNZIP_LARGE;
        else
            g_byte_array_append(out, piece, (guint)made);
    }
    inflateEnd(&z);
    return result == AJ_UNZIP_GOOD && code != Z_STREAM_END ? AJ_UNZIP_BROKEN : result;
}

static AjUnzipResult read_entry(const AjUnzip *zip, const uint8_t *entry, size_t limit,
                                char **text_out, size_t *len_out)
{
    uint32_t flags = le16(entry + 8), method = le16(entry + 10), crc = le32(entry + 16);
    uint32_t size = le32(entry + 20), offset = le32(entry + 42);
    if (flags & 1 || (method != 0 && method != 8) || offset > zip->len ||
        zip->len - offset < LOCAL_SIZE || memcmp(zip->bytes + offset, "PK\3\4", 4) != 0)
        return AJ_UNZIP_BROKEN;
    const uint8_t *local = zip->bytes + offset;
    size_t start = (size_t)LOCAL_SIZE + le16(local + 26) + le16(local + 28);
    if (zip->len - offset < start || zip->len - offset - start < size)
        return AJ_UNZIP_BROKEN;
    if (method == 0 && size > limit)
        return AJ_UNZIP_LARGE;
    g_autoptr(GByteArray) out = g_byte_array_new();
    AjUnzipResult result = AJ_UNZIP_GOOD;
    if (method == 0)
        g_byte_array_append(out, local + start, size);
    else
        result = inflate_raw(local + start, size, limit, out);
    if (result == AJ_UNZIP_GOOD && crc32(crc32(0, NULL, 0), out->data, out->len) != crc)
        result = AJ_UNZIP_BROKEN;
    if (result != AJ_UNZIP_GOOD)
        return result;
    *len_out = out->len;
    g_byte_array_append(out, (const guint8 *)"", 1);
    *text_out = (char *)g_byte_array_free(g_steal_pointer(&out), FALSE);
    return AJ_UNZIP_GOOD;
}

AjUnzipResult aj_unzip_read(const AjUnzip *zip, const char *name, size_t limit, char **text_out,
                            size_t *len_out)
{
    size_t wanted = strlen(name), len;
    const char *found;
    for (uint32_t i = 0; (found = aj_unzip_name(zip, i, &len)); i++)
        if (len == wanted && memcmp(found, name, len) == 0)
            return read_entry(zip, entry_at(zip, i), limit, text_out, len_out);
    return AJ_UNZIP_ABSENT;
}
