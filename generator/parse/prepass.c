/* prepass - one look at the raw lines before cmark sees them.
 *
 * One loop over the bytes: limits, and whether there is anything of ours. Many pages need no more;
 * for the others parse/track rewrites lines.
 * Must not know: block structure, nodes, HTML, files. */
#include "parse/prepass.h"

#include "base/text.h"
#include "parse/track.h"

#include <string.h>

/* Measured on cmark 0.30.2: within these, doubling the input doubles the time. */
enum { MAX_FILE = 1 << 20, MAX_LINE = 1 << 16, MAX_IMAGES = 1000 };

static const char escapable[] = "[]~^{}@:!*";

typedef struct {
    const AjMarkdownOptions *options;
    AjDiags *diags;
} Where;

static bool refuse(const Where *w, uint32_t line, const char *code, const char *hint,
                   const char *message)
{
    uint32_t first = w->options->first_line ? w->options->first_line : 1;
    aj_diag(w->diags, AJ_ERROR, (AjPos){w->options->path, line ? first + line - 1 : 0, 0}, code,
            hint, "%s", message);
    return false;
}

static bool refuse_limit(const Where *w, uint32_t line, const char *code, const char *hint,
                         const char *format, unsigned limit)
{
    g_autofree char *message = g_strdup_printf(format, limit);
    return refuse(w, line, code, hint, message);
}

enum { STOP = 1 };
static const uint8_t stops[256] = {
    ['\0'] = STOP, ['\1'] = STOP, ['\n'] = STOP, ['\r'] = STOP,          ['|'] = STOP,
    [':'] = STOP,  ['['] = STOP,  [']'] = STOP,  ['^'] = STOP,           ['~'] = STOP,
    ['{'] = STOP,  ['@'] = STOP,  ['\\'] = STOP, ['&'] = STOP,           ['*'] = STOP,
    ['_'] = STOP,  ['!'] = STOP,  ['w'] = STOP,  [0x80 ... 0xff] = STOP,
};

/* Blocks of ours that show at the start of a line, and containers that may be too deep. */
static unsigned line_start(const char *p, const char *end)
{
    unsigned depth = 0;
    while (p < end && (g_ascii_isdigit(*p) || memchr(" \t>*+-.)", *p, 8))) {
        depth += *p == '\t' ? 2 : 1;
        p++;
    }
    if (p < end && *p == ':')
        return AJ_HAS_BLOCKS | AJ_HAS_COLON;
    return depth > AJ_MAX_DEPTH ? AJ_HAS_BLOCKS : 0;
}

static uint32_t code_point_before(const char *start, const char *p)
{
    const char *end = p;
    while (p > start && ((unsigned char)*--p & 0xc0) == 0x80)
        ;
    return p < end ? aj_utf8_next(&p, end) : 0;
}

static bool is_blank_or_mark(uint32_t cp)
{
    return cp <= ' ' || (cp < 0x80 && g_ascii_ispunct((char)cp)) || cp == 0x3000 ||
           aj_text_is_wide_punct(cp);
}

bool aj_prepass_stars_fail(const char *text, const char *p, const char *end, bool opens)
{
    const char *after = p + 2;
    uint32_t left = code_point_before(text, p);
    uint32_t right = after < end ? aj_utf8_next(&after, end) : 0;
    uint32_t inside = opens ? right : left, outside = opens ? left : right;
    return aj_text_is_wide_punct(inside) && !is_blank_or_mark(outside);
}

/* "&#91;" and its kin: the character, or 0. */
static uint32_t numeric_entity(const char *p, const char *end, const char **after)
{
    uint32_t cp = 0;
    int digits = 0;
    p += 2;
    bool hex = p < end && (*p == 'x' || *p == 'X');
    for (p += hex; p < end && digits < 7; p++, digits++) {
        int value = hex ? g_ascii_xdigit_value(*p) : g_ascii_digit_value(*p);
        if (value < 0)
            break;
        cp = cp * (hex ? 16 : 10) + (uint32_t)value;
    }
    if (!digits || p >= end || *p != ';')
        return 0;
    *after = p + 1;
    return cp;
}

static bool is_escapable(uint32_t cp)
{
    return cp && cp < 0x80 && strchr(escapable, (int)cp);
}

static bool blank_line(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '>' || *p == '\r'))
        p++;
    return p == end || *p == '\n';
}

typedef struct {
    uint32_t line, images, stars, nesting;
    const char *line_start;
} Look;

static bool line_end(const Where *w, Look *k, const char *p, const char *next, const char *end,
                     unsigned *has)
{
    if (p - k->line_start > MAX_LINE)
        return refuse_limit(w, k->line, "limit-line",
                            AJ_TR("把这一行分成几行", "break the line into several"),
                            AJ_TR("一行超过 %u 字节", "a line is longer than %u bytes"), MAX_LINE);
    k->line_start = next;
    k->line++;
    if (blank_line(next, end)) {
        k->images = 0;
        k->stars = 0;
    }
    *has |= line_start(next, end);
    return true;
}

static bool starts(const char *p, const char *end, const char *with)
{
    size_t n = strlen(with);
    return (size_t)(end - p) >= n && !memcmp(p, with, n);
}

static bool look(const Where *w, const char *text, size_t len, unsigned *has_out)
{
    const char *p = text, *end = text + len;
    unsigned has = line_start(p, end);
    Look k = {.line = 1, .line_start = text};
    if (len > MAX_FILE)
        return refuse_limit(w, 0, "limit-file", AJ_TR("分成几页", "split it into several pages"),
                            AJ_TR("文件超过 %u 字节", "the file is longer than %u bytes"),
                            MAX_FILE);
    for (; p < end; p++) {
        unsigned char c = (unsigned char)*p;
        if (!stops[c])
            continue;
        if (c >= 0xe1 && c < 0xef && c != 0xed && end - p >= 3 && (p[1] & 0xc0) == 0x80 &&
            (p[2] & 0xc0) == 0x80) { /* most of Chinese, at once */
            p += 2;
            continue;
        }
        char next = p + 1 < end ? p[1] : 0;
        switch (c) {
        case '\n':
            if (!line_end(w, &k, p, p + 1, end, &has))
                return false;
            break;
        case '\r':
            has |= AJ_HAS_CR;
            if (next != '\n' && !line_end(w, &k, p, p + 1, end, &has))
                return false;
            break;
        case '\0':
        case '\1':
            return refuse(w, k.line, "bad-character", AJ_TR("删掉这个字符", "delete the character"),
                          AJ_TR("有不该出现在文本里的控制字符",
                                "a control character that has no place in text"));
        case '|':
            has |= AJ_HAS_BLOCKS | AJ_HAS_PIPE;
            break;
        case ':':
            if (starts(p, end, "://"))
                has |= AJ_HAS_URL;
            break;
        case 'w':
            if (starts(p, end, "www."))
                has |= AJ_HAS_URL;
            break;
        case '@':
            has |= AJ_HAS_AT;
            break;
        case '[':
            k.nesting++;
            if (next == '^')
                has |= AJ_HAS_NOTE;
            else if (next == ' ' || next == 'x' || next == 'X' || next == '!')
                has |= AJ_HAS_BOX;
            break;
        case ']':
            if (next == '{')
                has |= AJ_HAS_BRACKETS;
            else if (next == ':' && has & AJ_HAS_NOTE)
                has |= AJ_HAS_BLOCKS;
            break;
        case '^':
            if (next == '[')
                has |= AJ_HAS_BRACKETS;
            break;
        case '~':
            if (next == '~')
                has |= AJ_HAS_TILDES;
            break;
        case '{':
            has |= AJ_HAS_BRACE;
            break;
        case '\\':
            if (is_escapable((unsigned char)next))
                has |= AJ_HAS_ESCAPES;
            if (g_ascii_ispunct(next))
                p++;
            break;
        case '&': {
            const char *after;
            if (next == '#' && is_escapable(numeric_entity(p, end, &after)))
                has |= AJ_HAS_ESCAPES;
            break;
        }
        case '*':
            k.nesting++;
            if (next == '*') {
                if (aj_prepass_stars_fail(text, p, end, !(k.stars++ & 1)))
                    has |= AJ_HAS_STARS;
                p++;
            }
            break;
        case '_':
            k.nesting++;
            break;
        case '!':
            if (next == '[' && ++k.images > MAX_IMAGES)
                return refuse_limit(
                    w, k.line, "limit-images",
                    AJ_TR("用空行分段", "break the paragraph with blank lines"),
                    AJ_TR("一段里多于 %u 个“![”", "more than %u \"![\" in a paragraph"),
                    MAX_IMAGES);
            break;
        default: {
            const char *at = p;
            uint32_t cp = aj_utf8_next(&p, end);
            if (cp == 0xfffd && memcmp(at, "\xef\xbf\xbd", MIN((size_t)(end - at), 3)))
                return refuse(w, k.line, "bad-utf8",
                              AJ_TR("用 UTF-8 编码保存文件", "save the file as UTF-8"),
                              AJ_TR("不是 UTF-8 文本", "this is not UTF-8"));
            if (cp == 0xfdd0 || cp == 0xfdd1)
                return refuse(w, k.line, "bad-character",
                              AJ_TR("删掉这个字符", "delete the character"),
                              AJ_TR("有不是文字的码位（U+FDD0、U+FDD1）",
                                    "a code point that is no character (U+FDD0, U+FDD1)"));
            p--;
        }
        }
    }
    if (p - k.line_start > MAX_LINE && !line_end(w, &k, p, p, end, &has))
        return false;
    if (k.nesting > 200)
        has |= AJ_HAS_DEPTH;
    *has_out = has;
    return true;
}

/* Writes twice what cmark would forget to have been escaped. */
static const char *protect(AjArena *a, const char *text, size_t *len)
{
    const char *end = text + *len, *from = text;
    GString *out = g_string_sized_new(*len + *len / 8);
    for (const char *p = text; p < end; p++) {
        const char *after = p + 2;
        if (*p == '\\' && p + 1 < end) {
            if (!is_escapable((unsigned char)p[1])) {
                p++;
                continue;
            }
        } else if (*p != '&' || p + 1 >= end || p[1] != '#' ||
                   !is_escapable(numeric_entity(p, end, &after))) {
            continue;
        }
        g_string_append_len(out, from, after - from);
        g_string_append(out, AJ_ESCAPED);
        g_string_append_len(out, p, after - p);
        from = after;
        p = after - 1;
    }
    g_string_append_len(out, from, end - from);
    *len = out->len;
    const char *copy = aj_arena_strndup(a, out->str, out->len);
    g_string_free(out, TRUE);
    return copy;
}

/* The second copy of an escaped thing: a character, `\\x` or `&#…;`. */
static size_t copy_length(const char *p, const char *end)
{
    if (p < end && *p == '\\')
        return MIN(2, (size_t)(end - p));
    const char *semicolon = p < end && *p == '&' ? memchr(p, ';', (size_t)(end - p)) : NULL;
    return semicolon ? (size_t)(semicolon + 1 - p) : (size_t)(p < end);
}

size_t aj_prepass_unescape(char *s, size_t len)
{
    char *end = s + len, *to = memmem(s, len, AJ_ESCAPED, 3);
    if (!to)
        return len;
    for (const char *from = to; from < end;)
        if (starts(from, end, AJ_ESCAPED))
            from += 3 + copy_length(from + 3, end);
        else
            *to++ = *from++;
    return (size_t)(to - s);
}

bool aj_prepass_run(AjArena *a, const char *text, size_t len, const AjMarkdownOptions *options,
                    AjDiags *diags, AjPrepass *out)
{
    Where where = {options, diags};
    memset(out, 0, sizeof *out);
    if (starts(text, text + len, "\xef\xbb\xbf")) { /* a byte order mark is no text */
        text += 3;
        len -= 3;
    }
    if (!look(&where, text, len, &out->has))
        return false;
    if (!options->extensions)
        out->has &= AJ_HAS_BLOCKS | AJ_HAS_DEPTH;
    if (out->has & AJ_HAS_ESCAPES)
        text = protect(a, text, &len);
    out->text = out->source = text;
    out->len = out->source_len = len;
    return !(out->has & AJ_HAS_BLOCKS) || aj_track_run(a, options, diags, out);
}

void aj_prepass_forget(AjPrepass *pre)
{
    *pre = (AjPrepass){.text = pre->source,
                       .len = pre->source_len,
                       .source = pre->source,
                       .source_len = pre->source_len,
                       .has = pre->has};
}
