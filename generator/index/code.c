/* code - small numbers and bytes in the forms the search files use.
 *
 * Must not know: what the numbers mean. */
#include "index/code.h"

#include <string.h>

/* ASCII from blank to '~' without '"', '<', '\\' and '&'. */
static const char alphabet[] =
    " !#$%'()*+,-./0123456789:;=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~";

void aj_code_append_string(GString *out, const char *s, size_t len)
{
    aj_code_append(out, (uint32_t)len);
    g_string_append_len(out, s, (gssize)len);
}

bool aj_code_get_string(const uint8_t **p, const uint8_t *end, const char **view, size_t *len)
{
    uint32_t n;
    if (!aj_code_get(p, end, &n) || n > (size_t)(end - *p))
        return false;
    *view = (const char *)*p;
    *len = n;
    *p += n;
    return true;
}

void aj_code_append_text(GString *out, const void *bytes, size_t len)
{
    const uint8_t *in = bytes;
    size_t at = out->len;
    g_string_set_size(out, at + (len * 8 + 12) / 13 * 2);
    char *to = out->str + at;
    uint32_t bits = 0;
    unsigned held = 0;
    for (size_t i = 0; i < len; i++) {
        bits |= (uint32_t)in[i] << held;
        held += 8;
        if (held >= 13) {
            uint32_t v = bits & 0x1FFF;
            bits >>= 13;
            held -= 13;
            *to++ = alphabet[v / 91];
            *to++ = alphabet[v % 91];
        }
    }
    if (held) {
        *to++ = alphabet[bits / 91];
        *to++ = alphabet[bits % 91];
    }
    g_string_truncate(out, (gsize)(to - out->str));
}

bool aj_code_read_text(const char *text, size_t len, GString *out)
{
    uint8_t value[256];
    memset(value, 0xFF, sizeof value);
    for (unsigned i = 0; i < sizeof alphabet - 1; i++)
        value[(uint8_t)alphabet[i]] = (uint8_t)i;
    uint32_t bits = 0;
    unsigned held = 0;
    size_t at = out->len;
    g_string_set_size(out, at + len / 2 * 13 / 8);
    char *to = out->str + at;
    for (size_t i = 0; i + 1 < len; i += 2) {
        uint8_t high = value[(uint8_t)text[i]], low = value[(uint8_t)text[i + 1]];
        if (high == 0xFF || low == 0xFF)
            return false;
        bits |= (uint32_t)(high * 91 + low) << held;
        for (held += 13; held >= 8; held -= 8, bits >>= 8)
            *to++ = (char)bits;
    }
    return len % 2 == 0;
}

/* Characters that stand as they are, wherever they stand. */
static bool is_plain(unsigned char c)
{
    return c > ' ' && c != '"' && c != '<' && c != '\\' && c != 0x7F && c != 0xE2;
}

static void append(GString *out, const char *s, size_t len, bool escape)
{
    bool blank = false;
    size_t start = out->len;
    g_string_set_size(out, start + (escape ? 4 : 1) * len + 1); /* "\x3c"; a blank at the end */
    char *to = out->str + start;
    for (size_t i = 0; i < len;) {
        unsigned char c = (unsigned char)s[i];
        bool line_mark = c == 0xE2 && i + 2 < len && (unsigned char)s[i + 1] == 0x80 &&
                         ((unsigned char)s[i + 2] & 0xFE) == 0xA8; /* U+2028, U+2029 */
        if (c <= ' ' || c == 0x7F || line_mark) {
            blank = to > out->str;
            i += line_mark ? 3 : 1;
            continue;
        }
        if (blank)
            *to++ = ' ';
        blank = false;
        size_t from = i++;
        if (c == '<' && escape) {
            memcpy(to, "\\x3c", 4);
            to += 4;
            continue;
        }
        if ((c == '"' || c == '\\') && escape)
            *to++ = '\\';
        while (i < len && is_plain((unsigned char)s[i]))
            i++;
        memcpy(to, s + from, i - from);
        to += i - from;
    }
    if (blank)
        *to++ = ' ';
    g_string_truncate(out, (gsize)(to - out->str));
}

void aj_code_append_plain(GString *out, const char *s, size_t len)
{
    append(out, s, len, false);
}

void aj_code_append_js(GString *out, const char *s, size_t len)
{
    append(out, s, len, true);
}
