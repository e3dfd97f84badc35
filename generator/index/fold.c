/* fold - one character at a time to the form in which search compares it.
 *
 * The ranges are written out, not asked of a library, since old browsers have no Unicode classes in
 * their patterns and both sides have to agree.
 * Must not know: terms, pages, fields. */
#include "index/fold.h"

#include "base/hanzi.h"
#include "base/text.h"

static bool is_mark(uint32_t cp)
{
    return (cp >= 0x300 && cp <= 0x36F) || cp == 0x3099 || cp == 0x309A;
}

static bool is_zero_width(uint32_t cp)
{
    return cp == 0xAD || cp == 0x180E || (cp >= 0x200B && cp <= 0x200F) ||
           (cp >= 0x202A && cp <= 0x202E) || (cp >= 0x2060 && cp <= 0x2064) ||
           (cp >= 0xFE00 && cp <= 0xFE0F) || cp == 0xFEFF || (cp >= 0xE0100 && cp <= 0xE01EF);
}

AjFoldClass aj_fold_class(uint32_t cp)
{
    if (cp < 0x80)
        return (cp >= 'a' && cp <= 'z') || (cp >= '0' && cp <= '9') ? AJ_FOLD_WORD : AJ_FOLD_BREAK;
    if (cp >= 0x4E00 && cp <= 0x9FFF)
        return AJ_FOLD_CJK;
    if (cp < 0x3005)
        return (cp >= 0xC0 && cp <= 0x24F && cp != 0xD7 && cp != 0xF7) ||
                       (cp >= 0x370 && cp <= 0x52F && cp != 0x37E && cp != 0x387)
                   ? AJ_FOLD_WORD
                   : AJ_FOLD_BREAK;
    if (cp == 0x3005 || cp == 0x3007 || (cp >= 0x3041 && cp <= 0x3096) ||
        (cp >= 0x30A1 && cp <= 0x30FA) || cp == 0x30FC || (cp >= 0x3105 && cp <= 0x312F) ||
        (cp >= 0x3400 && cp <= 0x4DBF) || (cp >= 0xAC00 && cp <= 0xD7A3) ||
        (cp >= 0xF900 && cp <= 0xFAFF) || (cp >= 0x20000 && cp <= 0x3FFFD))
        return AJ_FOLD_CJK;
    return AJ_FOLD_BREAK;
}

/* NFKC of one character: taken apart wholly, then put together pair by pair. */
static size_t compatibility(uint32_t cp, uint32_t out[AJ_FOLD_MAX])
{
    gunichar apart[AJ_FOLD_MAX];
    size_t n = g_unichar_fully_decompose(cp, TRUE, apart, G_N_ELEMENTS(apart));
    size_t made = 0;
    for (size_t i = 0; i < MIN(n, (size_t)AJ_FOLD_MAX); i++) {
        gunichar joined;
        if (made && g_unichar_compose(out[made - 1], apart[i], &joined))
            out[made - 1] = joined;
        else
            out[made++] = apart[i];
    }
    return made;
}

static size_t fold_slow(uint32_t cp, uint32_t out[AJ_FOLD_MAX])
{
    if (cp >= 0xFF01 && cp <= 0xFF5E) {
        out[0] = cp - 0xFEE0;
        if (out[0] >= 'A' && out[0] <= 'Z')
            out[0] += 32;
        return 1;
    }
    if (is_zero_width(cp) || is_mark(cp))
        return 0;
    /* Chinese punctuation and plain quotes, the most common of what is left, fold to themselves. */
    if ((cp >= 0x3001 && cp <= 0x301F) ||
        (cp >= 0x2010 && cp <= 0x2025 && cp != 0x2011 && cp != 0x2017 && cp < 0x2024)) {
        out[0] = cp;
        return 1;
    }
    uint32_t apart[AJ_FOLD_MAX];
    size_t n = compatibility(cp, apart), made = 0;
    for (size_t i = 0; i < n; i++) {
        uint32_t low = aj_hanzi_simplify(g_unichar_tolower(apart[i]));
        if (!is_mark(low) && !is_zero_width(low))
            out[made++] = low;
    }
    return made;
}

size_t aj_fold_char(uint32_t cp, uint32_t out[AJ_FOLD_MAX])
{
    if (cp < 0x80) {
        out[0] = cp >= 'A' && cp <= 'Z' ? cp + 32 : cp;
        return 1;
    }
    if (cp >= 0x4E00 && cp <= 0x9FFF) {
        out[0] = aj_hanzi_simplify(cp);
        return 1;
    }
    return fold_slow(cp, out);
}

size_t aj_fold_next(const char **p, const char *end, uint32_t out[AJ_FOLD_MAX])
{
    const uint8_t *s = (const uint8_t *)*p;
    if (s[0] < 0x80) {
        ++*p;
        out[0] = s[0] >= 'A' && s[0] <= 'Z' ? s[0] + 32u : s[0];
        return 1;
    }
    /* E4..E9 and two more bytes: U+4000 to U+9FFF, most of any Chinese text. */
    if (end - *p >= 3 && s[0] >= 0xE4 && s[0] <= 0xE9 && (s[1] & 0xC0) == 0x80 &&
        (s[2] & 0xC0) == 0x80) {
        uint32_t cp = (s[0] & 0xFu) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu);
        *p += 3;
        return aj_fold_char(cp, out);
    }
    return aj_fold_char(aj_utf8_next(p, end), out);
}

char *aj_fold_compose(const char *s, size_t len)
{
    /* Combining marks, conjoining jamo and half-width voicing marks begin with bytes CC, CD, E1
     * 84-87, E3 82 99, E3 82 9A, EF BE 9E and EF BE 9F: look for these before decoding anything. */
    for (size_t i = 0; i + 1 < len; i++) {
        unsigned char c = (unsigned char)s[i], d = (unsigned char)s[i + 1];
        unsigned char e = i + 2 < len ? (unsigned char)s[i + 2] : 0;
        if (c < 0xCC)
            continue;
        if (c == 0xCC || (c == 0xCD && d <= 0xAF) || (c == 0xE1 && d >= 0x84 && d <= 0x87) ||
            (c == 0xE3 && d == 0x82 && (e == 0x99 || e == 0x9A)) ||
            (c == 0xEF && d == 0xBE && (e == 0x9E || e == 0x9F)))
            return g_utf8_normalize(s, (gssize)len, G_NORMALIZE_NFKC);
    }
    return NULL;
}
