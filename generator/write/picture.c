/* picture - a photo or a screenshot made small enough: JPEG and PNG, recoded and scaled down.
 *
 * See picture.h. A JPEG is scaled while it is decoded (by eighths, as its blocks are); a PNG is
 * averaged over boxes, colour weighed by opacity. Must not know: where the bytes come from, what
 * shows them. */
#include "write/picture.h"

#include <math.h>
#include <png.h>
#include <stdint.h>
#include <string.h>
#include <turbojpeg.h>

enum {
    POINTS_MAX = 64 << 20,
    EIGHTHS = 8, /* the scale is so many eighths */
    QUALITY = 82,
    ORIENTATION = 0x0112 /* Exif 2.3, 4.6.4 */
};

static bool is_jpeg(const uint8_t *p, size_t len)
{
    return len > 4 && memcmp(p, "\xff\xd8\xff", 3) == 0;
}

static bool is_png(const uint8_t *p, size_t len)
{
    return len > 8 && memcmp(p, "\x89PNG\r\n\x1a\n", 8) == 0;
}

bool aj_picture_is_one(const void *bytes, size_t len)
{
    return is_jpeg(bytes, len) || is_png(bytes, len);
}

/* --- JPEG --- */

static unsigned number(const uint8_t *p, unsigned bytes, bool little)
{
    unsigned n = 0;
    for (unsigned i = 0; i < bytes; i++)
        n |= (unsigned)p[i] << 8 * (little ? i : bytes - 1 - i);
    return n;
}

/* Of an Exif segment's data: 1 to 8; 1: upright, or it does not say. */
static unsigned orientation(const uint8_t *p, size_t len)
{
    const uint8_t *end = p + len;
    if (len < 14 || memcmp(p, "Exif\0\0", 6) != 0)
        return 1;
    p += 6;
    bool little = memcmp(p, "II*\0", 4) == 0;
    if (!little && memcmp(p, "MM\0*", 4) != 0)
        return 1;
    unsigned at = number(p + 4, 4, little);
    if (at > 1 << 16 || end - p < (ptrdiff_t)at + 2)
        return 1;
    unsigned count = number(p + at, 2, little);
    for (const uint8_t *row = p + at + 2; count-- > 0 && end - row >= 12; row += 12)
        if (number(row, 2, little) == ORIENTATION) {
            unsigned value = number(row + 8, 2, little);
            return value >= 1 && value <= 8 ? value : 1;
        }
    return 1;
}

static void put_orientation(unsigned value, GString *out)
{
    const uint8_t exif[] = {0xff, 0xe1, 0, 34,  'E', 'x', 'i', 'f', 0, 0,
                            'M',  'M',  0, '*', 0,   0,   0,   8,   0, 1,
                            1,    18,   0, 3,   0,   0,   0,   1,   0, (uint8_t)value,
                            0,    0,    0, 0,   0,   0};
    if (value != 1)
        g_string_append_len(out, (const char *)exif, sizeof exif);
}

/* The segments before the scan that a smaller version needs: which way is up, the colours' profile.
 */
static void put_kept(const uint8_t *p, size_t len, GString *out)
{
    unsigned up = 1;
    for (size_t at = 2; at + 4 <= len && p[at] == 0xff && p[at + 1] != 0xda;) {
        size_t segment = number(p + at + 2, 2, false);
        if (segment < 2 || segment > len - at - 2)
            break;
        if (p[at + 1] == 0xe1 && up == 1) {
            up = orientation(p + at + 4, segment - 2);
            put_orientation(up, out);
        } else if (p[at + 1] == 0xe2 && segment >= 14 &&
                   memcmp(p + at + 4, "ICC_PROFILE", 12) == 0) {
            g_string_append_len(out, (const char *)p + at, (gssize)segment + 2);
        }
        at += segment + 2;
    }
}

typedef struct {
    tjhandle decoder, coder;
    int width, height, format;
    GString *kept;
} Jpeg;

/* A warning is a damaged picture: it is left as it is. */
static bool jpeg_open(Jpeg *j, const uint8_t *bytes, size_t len)
{
    int sampling, space;
    j->decoder = tjInitDecompress();
    j->coder = tjInitCompress();
    j->kept = g_string_new(NULL);
    put_kept(bytes, len, j->kept);
    if (!j->decoder || !j->coder ||
        tjDecompressHeader3(j->decoder, bytes, len, &j->width, &j->height, &sampling, &space) != 0)
        return false;
    j->format = space == TJCS_GRAY ? TJPF_GRAY : TJPF_RGB;
    return (uint64_t)j->width * (uint64_t)j->height <= POINTS_MAX &&
           (space == TJCS_GRAY || space == TJCS_YCbCr || space == TJCS_RGB);
}

static void jpeg_close(Jpeg *j)
{
    if (j->decoder)
        tjDestroy(j->decoder);
    if (j->coder)
        tjDestroy(j->coder);
    g_string_free(j->kept, TRUE);
}

/* Bytes that it takes, appended when they are at most `limit`; 0: not readable. */
static size_t jpeg_try(const Jpeg *j, const uint8_t *bytes, size_t len, unsigned eighths,
                       size_t limit, GString *out)
{
    const tjscalingfactor factor = {(int)eighths, EIGHTHS};
    int width = TJSCALED(j->width, factor), height = TJSCALED(j->height, factor);
    g_autofree uint8_t *points =
        g_malloc((size_t)width * (size_t)height * (size_t)tjPixelSize[j->format]);
    uint8_t *made = NULL;
    unsigned long made_len = 0;
    size_t got = 0;
    if (tjDecompress2(j->decoder, bytes, len, points, width, 0, height, j->format,
                      TJFLAG_ACCURATEDCT | TJFLAG_STOPONWARNING) == 0 &&
        tjCompress2(j->coder, points, width, 0, height, j->format, &made, &made_len,
                    j->format == TJPF_GRAY ? TJSAMP_GRAY : TJSAMP_420, QUALITY,
                    TJFLAG_ACCURATEDCT) == 0 &&
        made_len > 2) {
        got = made_len + j->kept->len;
        if (got <= limit) {
            g_string_append_len(out, (const char *)made, 2); /* its start; then ours; the rest */
            g_string_append_len(out, j->kept->str, (gssize)j->kept->len);
            g_string_append_len(out, (const char *)made + 2, (gssize)made_len - 2);
        }
    }
    tjFree(made);
    return got;
}

/* --- PNG --- */

/* Of the box (x0, y0) to (x1, y1), four channels each. */
static void average(const uint8_t *points, unsigned width, const unsigned box[4], uint8_t *to)
{
    uint64_t sum[3] = {0}, opacity = 0, count = 0;
    for (unsigned y = box[1]; y < box[3]; y++)
        for (unsigned x = box[0]; x < box[2]; x++, count++) {
            const uint8_t *p = points + ((size_t)y * width + x) * 4;
            for (unsigned c = 0; c < 3; c++)
                sum[c] += (uint64_t)p[c] * p[3];
            opacity += p[3];
        }
    for (unsigned c = 0; c < 3; c++)
        to[c] = opacity ? (uint8_t)((sum[c] + opacity / 2) / opacity) : 0;
    to[3] = (uint8_t)((opacity + count / 2) / count);
}

static size_t png_try(const uint8_t *points, unsigned width, unsigned height, unsigned eighths,
                      bool transparent, size_t limit, GString *out)
{
    png_image to = {.version = PNG_IMAGE_VERSION,
                    .width = MAX(1, (unsigned)((uint64_t)width * eighths / EIGHTHS)),
                    .height = MAX(1, (unsigned)((uint64_t)height * eighths / EIGHTHS)),
                    .format = transparent ? PNG_FORMAT_RGBA : PNG_FORMAT_RGB};
    unsigned channels = transparent ? 4 : 3;
    g_autofree uint8_t *small = g_malloc((size_t)to.width * to.height * channels);
    for (unsigned y = 0; y < to.height; y++)
        for (unsigned x = 0; x < to.width; x++) {
            const unsigned box[] = {(unsigned)((uint64_t)x * width / to.width),
                                    (unsigned)((uint64_t)y * height / to.height),
                                    (unsigned)(((uint64_t)x + 1) * width / to.width),
                                    (unsigned)(((uint64_t)y + 1) * height / to.height)};
            uint8_t one[4];
            average(points, width, box, one);
            memcpy(small + ((size_t)y * to.width + x) * channels, one, channels);
        }
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(to);
    g_autofree uint8_t *made = g_malloc(size);
    if (!png_image_write_to_memory(&to, made, &size, 0, small, 0, NULL))
        return 0;
    if (size <= limit)
        g_string_append_len(out, (const char *)made, (gssize)size);
    return size;
}

/* Four channels a point; NULL: not readable. */
static uint8_t *png_read(const void *bytes, size_t len, png_image *from, bool *transparent)
{
    *from = (png_image){.version = PNG_IMAGE_VERSION};
    uint8_t *points = NULL;
    if (png_image_begin_read_from_memory(from, bytes, len) &&
        (uint64_t)from->width * from->height <= POINTS_MAX) {
        *transparent = from->format & PNG_FORMAT_FLAG_ALPHA;
        from->format = PNG_FORMAT_RGBA;
        points = g_malloc(PNG_IMAGE_SIZE(*from));
        if (!png_image_finish_read(from, NULL, points, 0, NULL) || from->warning_or_error) {
            g_free(points);
            points = NULL;
        }
    }
    png_image_free(from);
    return points;
}

/* --- both --- */

/* The largest of at most `limit` bytes; bytes go about with the area. */
static bool search(const Jpeg *j, const uint8_t *points, const png_image *from, bool transparent,
                   const void *bytes, size_t len, size_t limit, GString *out)
{
    for (unsigned eighths = EIGHTHS; eighths > 0;) {
        size_t got =
            j ? jpeg_try(j, bytes, len, eighths, limit, out)
              : png_try(points, from->width, from->height, eighths, transparent, limit, out);
        if (!got || got <= limit)
            return got > 0;
        unsigned guess = (unsigned)(eighths * sqrt((double)limit / (double)got));
        eighths = MIN(eighths - 1, guess + 1);
    }
    return false;
}

bool aj_picture_shrink(const void *bytes, size_t len, size_t limit, GString *out)
{
    png_image from = {0};
    if (is_jpeg(bytes, len)) {
        Jpeg j = {0};
        bool good =
            jpeg_open(&j, bytes, len) && search(&j, NULL, &from, false, bytes, len, limit, out);
        jpeg_close(&j);
        return good;
    }
    bool transparent = false;
    g_autofree uint8_t *points =
        is_png(bytes, len) ? png_read(bytes, len, &from, &transparent) : NULL;
    return points && search(NULL, points, &from, transparent, bytes, len, limit, out);
}
