/* code - small numbers and bytes in the forms the search files use.
 *
 * Varint: seven bits a byte, low first. Text: 13 bits in two of 91 ASCII characters, so that a
 * script string carries bytes at 1.23 times their size whatever charset a browser assumes. Must not
 * know: what the numbers mean. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

static inline uint8_t *aj_code_put(uint8_t *p, uint32_t n)
{
    while (n >= 0x80) {
        *p++ = (uint8_t)(n | 0x80);
        n >>= 7;
    }
    *p++ = (uint8_t)n;
    return p;
}
static inline void aj_code_append(GString *out, uint32_t n)
{
    uint8_t bytes[5];
    g_string_append_len(out, (const char *)bytes, aj_code_put(bytes, n) - bytes);
}
/* Reads one number at *p; false (and *n = 0) at the end or when it is cut or too long. */
static inline bool aj_code_get(const uint8_t **p, const uint8_t *end, uint32_t *n)
{
    uint32_t v = 0;
    for (unsigned shift = 0; shift < 35 && *p < end; shift += 7) {
        uint8_t b = *(*p)++;
        v |= (uint32_t)(b & 0x7F) << shift;
        if (b < 0x80) {
            *n = v;
            return true;
        }
    }
    *n = 0;
    return false;
}
/* The first eight bytes as a number, zeros where there are fewer: in the order of the strings, for
 * strings that hold no zero. */
static inline uint64_t aj_code_head(const char *s, size_t len)
{
    uint64_t head = 0;
    for (size_t i = 0; i < len && i < 8; i++)
        head |= (uint64_t)(uint8_t)s[i] << (56 - 8 * i);
    return head;
}
/* A length-prefixed string. `view` borrows from the bytes. */
void aj_code_append_string(GString *out, const char *s, size_t len);
bool aj_code_get_string(const uint8_t **p, const uint8_t *end, const char **view, size_t *len);
/* Appends bytes as text of the 91 characters: no quote, no backslash, no '<'. */
void aj_code_append_text(GString *out, const void *bytes, size_t len);
/* Back, with up to one byte of zero bits more; false: other characters, or an odd number of them.
 */
bool aj_code_read_text(const char *text, size_t len, GString *out);
/* Appends UTF-8 with blanks and controls as one blank each, none at the start. */
void aj_code_append_plain(GString *out, const char *s, size_t len);
/* The same for the inside of a double-quoted script string. */
void aj_code_append_js(GString *out, const char *s, size_t len);
