/* quiztext - bytes of an old file to UTF-8, and small looks at Chinese text.
 *
 * Must not know: any format. */
#include "quizio/quiztext.h"

#include "base/text.h"

#include <string.h>

static uint32_t line_at(const char *bytes, size_t at)
{
    uint32_t line = 1;
    for (size_t i = 0; i < at; i++)
        line += bytes[i] == '\n';
    return line;
}

/* LF alone, and no byte that means something inside the program: \x01, U+FDD0 and U+FDD1. */
static const char *cleaned(AjArena *a, const char *s, size_t len, size_t *len_out)
{
    char *out = aj_arena_alloc(a, len + 1);
    size_t n = 0;
    for (size_t i = 0; i < len; i++) {
        if (s[i] == '\r') {
            if (i + 1 == len || s[i + 1] != '\n')
                out[n++] = '\n';
        } else if (len - i >= 3 && memcmp(s + i, "\xef\xb7", 2) == 0 &&
                   ((unsigned char)s[i + 2] & 0xfe) == 0x90) {
            i += 2;
        } else if ((unsigned char)s[i] >= ' ' || s[i] == '\n' || s[i] == '\t') {
            out[n++] = s[i];
        }
    }
    *len_out = n;
    return out;
}

const char *aj_quiztext_decode(AjArena *a, const char *bytes, size_t len, const char *path,
                               size_t *len_out, AjDiags *diags)
{
    bool wide =
        len >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0);
    if (!wide && len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        bytes += 3;
        len -= 3;
    }
    size_t bad = wide ? 0 : aj_utf8_invalid_at(bytes, len);
    if (!wide && bad == SIZE_MAX)
        return cleaned(a, bytes, len, len_out);
    gsize read = 0, written = 0;
    g_autofree char *text =
        g_convert(bytes, (gssize)len, "UTF-8", wide ? "UTF-16" : "GB18030", &read, &written, NULL);
    if (!text || read != len || memchr(bytes, 0, wide ? 0 : len)) {
        aj_diag(diags, AJ_ERROR, (AjPos){path, line_at(bytes, wide ? 0 : bad), 0}, "quiz-encoding",
                AJ_TR("另存为 UTF-8 再导入", "save it as UTF-8 and import again"),
                AJ_TR("既不是 UTF-8，也不是 GB18030，第 %zu 个字节读不懂",
                      "neither UTF-8 nor GB18030: byte %zu makes no sense"),
                (text ? bad : MAX(bad, read)) + 1);
        return NULL;
    }
    return cleaned(a, text, written, len_out);
}

gunichar aj_quiztext_next(const char **p, const char *end)
{
    if (*p >= end)
        return 0;
    gunichar c = aj_utf8_next(p, end);
    if (c >= 0xff01 && c <= 0xff5e)
        return c - 0xfee0;
    return g_unichar_isspace(c) || c == 0x200b || c == 0xfeff ? ' ' : c;
}

char *aj_quiztext_trim(AjArena *a, const char *s, size_t len)
{
    const char *from = NULL, *to = s, *p = s, *end = s + len;
    while (p < end) {
        const char *at = p;
        if (aj_quiztext_next(&p, end) == ' ')
            continue;
        if (!from)
            from = at;
        to = p;
    }
    return from ? aj_arena_strndup(a, from, (size_t)(to - from)) : aj_arena_strdup(a, "");
}

bool aj_quiztext_letters(const char *text, uint32_t *bits_out, char *order_out)
{
    const char *p = text, *end = text + strlen(text);
    uint32_t bits = 0, count = 0;
    for (gunichar c; (c = aj_quiztext_next(&p, end));) {
        if (c == ' ' || c == ',' || c == ';' || c == '.' || c == 0x3001 || c == 0x3002 ||
            c == 0x548c /* 和 */ || c == '/' || c == '|')
            continue;
        unsigned letter = (unsigned)g_unichar_toupper(c) - 'A';
        if (letter > 25 || bits & 1u << letter)
            return false;
        bits |= 1u << letter;
        if (order_out)
            order_out[count] = (char)('A' + letter);
        count++;
    }
    if (order_out)
        order_out[count] = '\0';
    *bits_out = bits;
    return bits != 0;
}

/* A blank that begins at `p`: the byte behind it, else NULL. */
static const char *blank_end(const char *p, const char *end)
{
    const char *q = p;
    gunichar open = aj_quiztext_next(&q, end), c;
    if (open == '_') {
        const char *behind = q;
        unsigned run = 1;
        bool wide = g_str_has_prefix(p, "＿");
        while (aj_quiztext_next(&q, end) == '_') {
            behind = q;
            run++;
        }
        return run > 1 || wide ? behind : NULL;
    }
    gunichar close = open == '(' ? ')' : open == '[' ? ']' : open == 0x3010 ? 0x3011 : 0;
    if (!close)
        return NULL;
    bool any = false;
    while ((c = aj_quiztext_next(&q, end)) == ' ' || c == '_')
        any = true;
    bool narrow = *p == '(' || *p == '[';
    return c == close && (any || !narrow) ? q : NULL;
}

char *aj_quiztext_blanks(AjArena *a, const char *stem)
{
    g_autoptr(GString) out = g_string_new(NULL);
    for (const char *p = stem, *end = stem + strlen(stem); p < end;) {
        const char *behind = blank_end(p, end);
        if (behind) {
            g_string_append(out, "（　）");
            p = behind;
        } else {
            const char *next = g_utf8_next_char(p);
            g_string_append_len(out, p, next - p);
            p = next;
        }
    }
    return aj_arena_strndup(a, out->str, out->len);
}

/* Pieces of `text` parted by any of the characters in `marks`; empty ones at the end are left out.
 */
static GPtrArray *parted(AjArena *a, const char *text, const char *marks)
{
    GPtrArray *out = g_ptr_array_new();
    const char *from = text, *p = text, *end = text + strlen(text);
    while (p < end) {
        const char *at = p;
        gunichar c = aj_quiztext_next(&p, end);
        if (!g_utf8_strchr(marks, -1, c))
            continue;
        g_ptr_array_add(out, aj_quiztext_trim(a, from, (size_t)(at - from)));
        from = p;
    }
    char *last = aj_quiztext_trim(a, from, (size_t)(end - from));
    if (*last || !out->len)
        g_ptr_array_add(out, last);
    return out;
}

void aj_quiztext_answers(AjArena *a, AjQuestion *q, const char *text)
{
    static const char *const ways[] = {";", "|", "、", ",", " "};
    uint32_t blanks = aj_quiz_blanks(q->stem);
    GPtrArray *pieces = parted(a, text, ways[0]);
    for (size_t i = 1; pieces->len != blanks && i < G_N_ELEMENTS(ways); i++) {
        GPtrArray *other = parted(a, text, ways[i]);
        bool better = other->len == blanks && pieces->len == 1;
        g_ptr_array_free(better ? pieces : other, TRUE);
        pieces = better ? other : pieces;
    }
    for (guint i = 0; i < pieces->len; i++) {
        const char *piece = pieces->pdata[i];
        AjBlank *blank = aj_quiz_push(a, &q->blanks);
        g_autoptr(GPtrArray) spellings = parted(a, piece, "|/");
        /* "km/h" or "1/2" is no choice between spellings, "6/六" is one */
        bool unit = false, fraction = true;
        for (guint k = 0; k < spellings->len; k++) {
            char first = *(const char *)spellings->pdata[k];
            unit |= g_ascii_isalpha(first);
            fraction &= g_ascii_isdigit(first);
        }
        if ((unit || fraction) && !strstr(piece, "|") && !strstr(piece, "｜")) {
            g_ptr_array_set_size(spellings, 0);
            g_ptr_array_add(spellings, (gpointer)piece);
        }
        for (guint k = 0; k < spellings->len; k++)
            if (*(const char *)spellings->pdata[k])
                aj_quiz_push_answer(a, blank, spellings->pdata[k]);
    }
    g_ptr_array_free(pieces, TRUE);
}

void aj_quiztext_tags(AjArena *a, AjQuestion *q, const char *text)
{
    g_autoptr(GPtrArray) pieces = parted(a, text, "、,;|");
    for (guint i = 0; i < pieces->len; i++)
        if (*(const char *)pieces->pdata[i])
            aj_quiz_push_string(a, &q->tags, pieces->pdata[i]);
}
