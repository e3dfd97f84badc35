/* text - UTF-8, character classes, and one escape for each place text is put.
 *
 * Every escape copies runs of harmless bytes at once, found by a table of 256.
 * Must not know: Markdown, templates, files. The tables of Chinese characters are base/hanzi's. */
#include "base/text.h"

#include "base/hanzi.h"
#include "base/hash.h"

#include <string.h>

/* Length of the sequence at p, 0 when invalid. Surrogates, overlong forms and what lies
 * past U+10FFFF are invalid. */
static unsigned sequence(const uint8_t *p, const uint8_t *end, uint32_t *cp_out)
{
    uint32_t c = p[0];
    size_t left = (size_t)(end - p);
    if (c < 0x80) {
        *cp_out = c;
        return 1;
    }
    if (left < 2 || (p[1] & 0xc0) != 0x80 || c < 0xc2)
        return 0;
    if (c < 0xe0) {
        *cp_out = (c & 0x1f) << 6 | (p[1] & 0x3fu);
        return 2;
    }
    if (left < 3 || (p[2] & 0xc0) != 0x80)
        return 0;
    if (c < 0xf0) {
        uint32_t cp = (c & 0x0f) << 12 | (p[1] & 0x3fu) << 6 | (p[2] & 0x3fu);
        *cp_out = cp;
        return cp >= 0x800 && (cp & 0xf800) != 0xd800 ? 3 : 0;
    }
    if (left < 4 || (p[3] & 0xc0) != 0x80 || c > 0xf4)
        return 0;
    uint32_t cp = (c & 7) << 18 | (p[1] & 0x3fu) << 12 | (p[2] & 0x3fu) << 6 | (p[3] & 0x3fu);
    *cp_out = cp;
    return cp >= 0x10000 && cp <= 0x10ffff ? 4 : 0;
}

uint32_t aj_utf8_next(const char **p, const char *end)
{
    uint32_t cp;
    unsigned n = sequence((const uint8_t *)*p, (const uint8_t *)end, &cp);
    *p += n ? n : 1;
    return n ? cp : 0xfffd;
}

void aj_utf8_append(GString *out, uint32_t cp)
{
    if (cp < 0x80)
        g_string_append_c(out, (char)cp);
    else
        g_string_append_unichar(out, cp > 0x10ffff || (cp & ~0x7ffu) == 0xd800 ? 0xfffd : cp);
}

/* True when four bytes can be read at p and the first three are one sound sequence, as nearly all
 * Chinese is. False says nothing. */
static inline bool sound_three(const uint8_t *p, const uint8_t *end)
{
    uint32_t word;
    if (end - p < 4)
        return false;
    memcpy(&word, p, 4);
    word = GUINT32_FROM_LE(word);
    uint32_t head = word & 0x200f; /* the lead's low bits, and the second's highest free bit */
    return (word & 0xc0c0f0) == 0x8080e0 && head != 0x0000 && head != 0x200d;
}

size_t aj_utf8_invalid_at(const char *s, size_t len)
{
    const uint8_t *p = (const uint8_t *)s, *end = p + len;
    while (p < end) {
        uint64_t word;
        while (sound_three(p, end))
            p += 3;
        while (end - p >= 8) { /* eight bytes of ASCII at once, none of them NUL */
            memcpy(&word, p, 8);
            if ((word | (word - 0x0101010101010101u)) & 0x8080808080808080u)
                break;
            p += 8;
        }
        if (p == end)
            break;
        uint32_t cp;
        unsigned n = *p ? sequence(p, end, &cp) : 0;
        if (!n)
            return (size_t)(p - (const uint8_t *)s);
        p += n;
    }
    return SIZE_MAX;
}

typedef struct {
    uint32_t from, to;
} Range;

static bool within(const Range *ranges, size_t count, uint32_t cp)
{
    for (size_t i = 0; i < count && cp >= ranges[i].from; i++)
        if (cp <= ranges[i].to)
            return true;
    return false;
}

bool aj_text_is_han(uint32_t cp)
{
    static const Range ranges[] = {{0x3005, 0x3005},   {0x3007, 0x3007},  {0x3021, 0x3029},
                                   {0x3400, 0x4dbf},   {0x4e00, 0x9fff},  {0xf900, 0xfaff},
                                   {0x20000, 0x2fa1f}, {0x30000, 0x323af}};
    if (cp >= 0x4e00 && cp <= 0x9fff)
        return true;
    return within(ranges, G_N_ELEMENTS(ranges), cp);
}

bool aj_text_is_cjk(uint32_t cp)
{
    static const Range ranges[] = {{0x2e80, 0x2fdf},  {0x2ff0, 0x312f}, {0x31a0, 0x31ff},
                                   {0x3200, 0x9fff},  {0xf900, 0xfaff}, {0xfe10, 0xfe1f},
                                   {0xfe30, 0xfe4f},  {0xff01, 0xffe6}, {0x1b000, 0x1b16f},
                                   {0x20000, 0x323af}};
    if (cp < 0x2e80)
        return false;
    return within(ranges, G_N_ELEMENTS(ranges), cp);
}

bool aj_text_is_wide_punct(uint32_t cp)
{
    static const Range ranges[] = {
        {0xb7, 0xb7},     {0x2014, 0x2015}, {0x2018, 0x2019}, {0x201c, 0x201d}, {0x2025, 0x2027},
        {0x2e3a, 0x2e3b}, {0x3001, 0x3003}, {0x3008, 0x3011}, {0x3014, 0x301f}, {0x3030, 0x3030},
        {0x30fb, 0x30fb}, {0xfe10, 0xfe19}, {0xfe30, 0xfe6b}, {0xff01, 0xff0f}, {0xff1a, 0xff20},
        {0xff3b, 0xff40}, {0xff5b, 0xff65}, {0xffe0, 0xffe6}};
    return within(ranges, G_N_ELEMENTS(ranges), cp);
}

enum { TEXT = 1, ATTR = 2, URL = 4, JS = 8, SINGLE = 16 };

/* Which escapes touch a byte: built by the compiler from ranges. For URL the table
 * holds what may stay. */
#define A(c) [c] = URL
static const uint8_t touched[256] = {
    [0 ... 0x1f] = JS,
    ['"'] = TEXT | ATTR | JS,
    ['&'] = TEXT | ATTR | SINGLE | JS,
    ['\''] = ATTR | SINGLE | JS,
    ['<'] = TEXT | ATTR | SINGLE | JS,
    ['>'] = TEXT | ATTR | SINGLE | JS,
    ['\\'] = JS,
    [0x7f] = JS,
    [0x80 ... 0xff] = JS,
    ['0' ... '9'] = URL,
    ['A' ... 'Z'] = URL,
    ['a' ... 'z'] = URL,
    A('-'),
    A('_'),
    A('.'),
    A('+'),
    A('!'),
    A('*'),
    A('('),
    A(')'),
    A(','),
    A('%'),
    A('#'),
    A('@'),
    A('?'),
    A('='),
    A(';'),
    A(':'),
    A('/'),
    A('$'),
    A('~'),
};
#undef A

/* How many bytes from p are surely neither of & < > " ' : in steps of eight, so it may stop early.
 * The four pairs differ from 0x22 and 0x3c in bits that are masked away; '#' and '=' with them. */
static size_t harmless(const char *p, const char *end)
{
    const uint64_t ones = 0x0101010101010101u;
    const char *from = p;
    for (uint64_t word; end - p >= 8; p += 8) {
        memcpy(&word, p, 8);
        uint64_t quote = (word & ~(5 * ones)) ^ (0x22 * ones);
        uint64_t angle = (word & ~(3 * ones)) ^ (0x3c * ones);
        if ((((quote - ones) & ~quote) | ((angle - ones) & ~angle)) & (0x80 * ones))
            break;
    }
    return (size_t)(p - from);
}

static void escape_html(GString *out, const char *s, size_t len, unsigned mask)
{
    size_t from = 0;
    for (size_t i = harmless(s, s + len); i < len; i++) {
        const char *entity;
        if (!(touched[(uint8_t)s[i]] & mask)) {
            if (i % 8 == 0)
                i += harmless(s + i + 1, s + len);
            continue;
        }
        switch (s[i]) {
        case '&':
            entity = "&amp;";
            break;
        case '<':
            entity = "&lt;";
            break;
        case '>':
            entity = "&gt;";
            break;
        case '"':
            entity = "&quot;";
            break;
        default:
            entity = "&#39;";
        }
        g_string_append_len(out, s + from, (gssize)(i - from));
        g_string_append(out, entity);
        from = i + 1;
    }
    g_string_append_len(out, s + from, (gssize)(len - from));
}

void aj_escape_text(GString *out, const char *s, size_t len)
{
    escape_html(out, s, len, TEXT);
}

void aj_escape_attr(GString *out, const char *s, size_t len)
{
    escape_html(out, s, len, ATTR);
}

void aj_escape_single(GString *out, const char *s, size_t len)
{
    escape_html(out, s, len, SINGLE);
}

void aj_escape_url(GString *out, const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        size_t from = i;
        while (i < len && touched[(uint8_t)s[i]] & URL)
            i++;
        g_string_append_len(out, s + from, (gssize)(i - from));
        if (i == len)
            break;
        uint8_t c = (uint8_t)s[i];
        if (c == '&') {
            g_string_append(out, "&amp;");
        } else if (c == '\'') {
            g_string_append(out, "&#x27;");
        } else {
            g_string_append_c(out, '%');
            g_string_append_c(out, "0123456789ABCDEF"[c >> 4]);
            g_string_append_c(out, "0123456789ABCDEF"[c & 15]);
        }
    }
}

void aj_escape_js(GString *out, const char *s, size_t len)
{
    const char *p = s, *end = s + len, *from = s;
    while (p < end) {
        if (!(touched[(uint8_t)*p] & JS)) {
            p++;
            continue;
        }
        if (sound_three((const uint8_t *)p, (const uint8_t *)end) && (uint8_t)*p != 0xe2) {
            p += 3; /* U+2028 and U+2029 begin with E2 */
            continue;
        }
        const char *here = p;
        uint32_t cp;
        unsigned n = sequence((const uint8_t *)p, (const uint8_t *)end, &cp);
        p += n ? n : 1;
        if (n > 1 && cp != 0x2028 && cp != 0x2029)
            continue;
        g_string_append_len(out, from, here - from);
        from = p;
        if (!n)
            g_string_append(out, "\xef\xbf\xbd"); /* U+FFFD: what was there is no text */
        else if (cp == '"' || cp == '\\')
            g_string_append_printf(out, "\\%c", (char)cp);
        else if (cp == '\n')
            g_string_append(out, "\\n");
        else if (cp == '\t')
            g_string_append(out, "\\t");
        else
            g_string_append_printf(out, "\\u%04x", cp);
    }
    g_string_append_len(out, from, end - from);
}

bool aj_url_is_safe(const char *s, size_t len)
{
    static const char *const good[] = {"http", "https", "mailto", "tel"};
    size_t n = 0;
    while (n < len && !strchr(":/?#", s[n]))
        n++;
    /* strchr finds the NUL too: a NUL before any mark is hostile. */
    if (n < len && s[n] == '\0')
        return false;
    if (n == len || s[n] != ':')
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++)
        if (strlen(good[i]) == n && g_ascii_strncasecmp(s, good[i], n) == 0)
            return true;
    return false;
}

enum { SLUG_MAX = 120 }; /* with a hash after it: file systems stop at 255 bytes */

static bool slug_keeps(const char *name, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!g_ascii_isalnum(name[i]) && !strchr("._-", name[i]))
            return false;
    return len > 0;
}

char *aj_slug(const char *name, size_t len)
{
    if (slug_keeps(name, len))
        return g_strndup(name, len);
    g_autofree char *valid = g_utf8_make_valid(name, (gssize)len);
    /* Letters with marks fall apart into the letter and the mark, which is then dropped. */
    g_autofree char *plain = g_utf8_normalize(valid, -1, G_NORMALIZE_NFKD);
    g_autoptr(GPtrArray) parts = g_ptr_array_new_with_free_func(g_free);
    aj_hanzi_syllables(plain, strlen(plain), parts);
    GString *slug = g_string_new(NULL);
    bool cut = false;
    for (guint i = 0; i < parts->len && !cut; i++) {
        g_autoptr(GString) part = g_string_new(NULL);
        for (const char *p = parts->pdata[i]; *p; p++)
            if (g_ascii_isalnum(*p))
                g_string_append_c(part, g_ascii_tolower(*p));
        cut = slug->len + part->len > SLUG_MAX;
        if (!part->len || cut)
            continue;
        g_string_append(slug, slug->len ? "-" : "");
        g_string_append_len(slug, part->str, (gssize)part->len);
    }
    if (cut || !slug->len) {
        AjHash hash;
        char hex[9];
        aj_hash(name, len, &hash);
        aj_hash_hex(&hash, 8, hex);
        g_string_append(slug, !slug->len ? "x" : "-");
        g_string_append(slug, hex);
    }
    return g_string_free(slug, FALSE);
}
