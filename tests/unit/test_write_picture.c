/* Pictures made smaller: they fit, they look alike, a turned one stays turned, a clear one clear;
 * what is damaged, huge or something else is left alone. */
#include "write/picture.h"

#include <png.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

/* Soft shapes with some grain: about what a photo is. */
static uint8_t *points(unsigned width, unsigned height, unsigned channels)
{
    uint8_t *p = g_malloc((size_t)width * height * channels), *at = p;
    uint32_t x = 7;
    for (unsigned row = 0; row < height; row++)
        for (unsigned column = 0; column < width; column++)
            for (unsigned c = 0; c < channels; c++) {
                x = x * 1664525 + 1013904223;
                *at++ = c == 3 ? (column < width / 2 ? 0 : 255)
                               : (uint8_t)(row * 150 / height + c * 30 + (x >> 28));
            }
    return p;
}

static GString *png(unsigned width, unsigned height, bool clear)
{
    png_image to = {.version = PNG_IMAGE_VERSION,
                    .width = width,
                    .height = height,
                    .format = clear ? PNG_FORMAT_RGBA : PNG_FORMAT_RGB};
    g_autofree uint8_t *from = points(width, height, clear ? 4 : 3);
    png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(to);
    GString *out = g_string_sized_new(size);
    g_assert_true(png_image_write_to_memory(&to, out->str, &size, 0, from, 0, NULL));
    g_string_set_size(out, size);
    return out;
}

static GString *jpeg(unsigned width, unsigned height, unsigned turned)
{
    const uint8_t exif[] = {0xff, 0xe1, 0,    52,  'E', 'x', 'i', 'f', 0,
                            0,    'I',  'I',  '*', 0,   8,   0,   0,   0,
                            2,    0,    0x0f, 1,   2,   0,   1,   0,   0,
                            0,    'x',  0,    0,   0, /* who made the camera */
                            0x12, 1,    3,    0,   1,   0,   0,   0,   (uint8_t)turned,
                            0,    0,    0,    0,   0,   0,   0,   0,   0,
                            0,    0,    0,    0};
    g_autofree uint8_t *from = points(width, height, 3);
    tjhandle coder = tjInitCompress();
    unsigned char *made = NULL;
    unsigned long len = 0;
    g_assert_cmpuint(sizeof exif, ==, 54);
    g_assert_cmpint(tjCompress2(coder, from, (int)width, 0, (int)height, TJPF_RGB, &made, &len,
                                TJSAMP_444, 97, 0),
                    ==, 0);
    GString *out = g_string_new_len((const char *)made, 2);
    if (turned)
        g_string_append_len(out, (const char *)exif, sizeof exif);
    g_string_append_len(out, (const char *)made + 2, (gssize)len - 2);
    tjFree(made);
    tjDestroy(coder);
    return out;
}

/* Width and height of a JPEG's frame, after T.81 B.2.2. */
static bool frame_of(const GString *s, unsigned *width, unsigned *height)
{
    const uint8_t *p = (const uint8_t *)s->str;
    for (size_t at = 2; at + 9 < s->len && p[at] == 0xff; at += 2 + (p[at + 2] << 8) + p[at + 3])
        if (p[at + 1] >= 0xc0 && p[at + 1] <= 0xc2) {
            *height = (unsigned)p[at + 5] << 8 | p[at + 6];
            *width = (unsigned)p[at + 7] << 8 | p[at + 8];
            return true;
        }
    return false;
}

static void test_jpeg(void)
{
    for (unsigned turned = 0; turned <= 8; turned++) {
        GString *from = jpeg(1200, 801, turned), *to = g_string_new(NULL);
        g_assert_true(aj_picture_shrink(from->str, from->len, from->len - 1, to));
        for (size_t limit = to->len - 1; limit > 12000; limit /= 2) {
            g_string_truncate(to, 0);
            g_assert_true(aj_picture_shrink(from->str, from->len, limit, to));
            g_assert_cmpuint(to->len, <=, limit);
            g_assert_cmpuint(to->len, >, limit / 6);
        }
        unsigned width = 0, height = 0;
        g_assert_true(frame_of(to, &width, &height));
        g_assert_cmpuint(width, <, 1200);
        g_assert_cmpint(abs((int)(width * 801) - (int)(height * 1200)), <=, 1200);
        /* Only which way is up is left of what the camera wrote. */
        const char *exif = memmem(to->str, to->len, "Exif\0\0MM", 8);
        g_assert_cmpint(exif != NULL, ==, turned > 1);
        g_assert_true(!exif || exif[25] == (char)turned);
        g_assert_null(memmem(to->str, to->len, "x\0\0\0\x12", 5));
        g_string_free(from, TRUE);
        g_string_free(to, TRUE);
    }
}

static void test_png(void)
{
    for (unsigned clear = 0; clear < 2; clear++) {
        GString *from = png(640, 481, clear), *to = g_string_new(NULL);
        g_assert_true(aj_picture_shrink(from->str, from->len, from->len / 3, to));
        g_assert_cmpuint(to->len, <=, from->len / 3);
        png_image image = {.version = PNG_IMAGE_VERSION};
        g_assert_true(png_image_begin_read_from_memory(&image, to->str, to->len));
        g_assert_cmpint((image.format & PNG_FORMAT_FLAG_ALPHA) != 0, ==, clear);
        g_assert_cmpuint(image.width, <, 640);
        g_assert_cmpint(abs((int)(image.width * 481) - (int)(image.height * 640)), <=, 640);
        image.format = PNG_FORMAT_RGBA;
        g_autofree uint8_t *p = g_malloc(PNG_IMAGE_SIZE(image));
        g_assert_true(png_image_finish_read(&image, NULL, p, 0, NULL));
        g_assert_cmpuint(p[3], ==, clear ? 0 : 255);
        const uint8_t *end = p + ((size_t)image.height * image.width - 1) * 4; /* its last point */
        g_assert_cmpuint(end[3], ==, 255);
        g_assert_cmpuint(end[0], >, 140); /* and bright as it was */
        g_assert_cmpuint(end[0], <, 172);
        g_string_free(from, TRUE);
        g_string_free(to, TRUE);
    }
}

static void expect_left(const char *bytes, size_t len, size_t limit)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_assert_false(aj_picture_shrink(bytes, len, limit, out));
    g_assert_cmpuint(out->len, ==, 0);
}

static void test_bad(void)
{
    GString *pictures[] = {jpeg(320, 200, 6), png(320, 200, true)};
    expect_left("", 0, 100);
    expect_left("GIF89a", 6, 1);
    expect_left("<svg xmlns='http://www.w3.org/2000/svg'/>", 41, 10);
    for (size_t i = 0; i < G_N_ELEMENTS(pictures); i++) {
        GString *from = pictures[i];
        g_assert_true(aj_picture_is_one(from->str, from->len));
        expect_left(from->str, from->len, 40); /* an eighth is too much still */
        for (size_t cut = 0; cut < from->len; cut += 1 + from->len / 100)
            expect_left(from->str, cut, from->len / 2);
        for (size_t at = 0; at < from->len; at += 1 + from->len / 150) { /* never a crash */
            g_autoptr(GString) out = g_string_new(NULL);
            from->str[at] ^= 0x55;
            if (aj_picture_shrink(from->str, from->len, from->len / 2, out))
                g_assert_cmpuint(out->len, <=, from->len / 2);
            else
                g_assert_cmpuint(out->len, ==, 0);
            from->str[at] ^= 0x55;
        }
    }
    /* A few bytes that claim 60,000 by 60,000 points. */
    GString *bomb = pictures[0];
    for (size_t at = 2; at + 9 < bomb->len;
         at += 2 + ((uint8_t)bomb->str[at + 2] << 8) + (uint8_t)bomb->str[at + 3])
        if ((uint8_t)bomb->str[at + 1] == 0xc0) {
            memcpy(bomb->str + at + 5, "\xea\x60\xea\x60", 4);
            break;
        }
    expect_left(bomb->str, bomb->len, bomb->len - 1);
    g_autofree uint8_t *blank = g_malloc0((size_t)8200 * 8200 * 3);
    png_image to = {
        .version = PNG_IMAGE_VERSION, .width = 8200, .height = 8200, .format = PNG_FORMAT_RGB};
    png_alloc_size_t size = 0;
    g_assert_true(png_image_write_get_memory_size(to, size, 0, blank, 0, NULL));
    g_autofree char *made = g_malloc(size);
    g_assert_true(png_image_write_to_memory(&to, made, &size, 0, blank, 0, NULL));
    g_assert_cmpuint(size, <, 2 << 20);
    expect_left(made, size, size / 2);
    for (size_t i = 0; i < G_N_ELEMENTS(pictures); i++)
        g_string_free(pictures[i], TRUE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/write/picture/jpeg", test_jpeg);
    g_test_add_func("/write/picture/png", test_png);
    g_test_add_func("/write/picture/bad", test_bad);
    return g_test_run();
}
