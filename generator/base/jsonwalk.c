/* jsonwalk - JSON read in place (RFC 8259), value by value, without a tree of it.
 *
 * A string without escapes is handed out as it lies in the text.
 * Must not know: any schema. */
#include "base/jsonwalk.h"

#include "base/text.h"

#include <glib.h>
#include <string.h>

enum { MAX_DEPTH = 4096 };

void aj_jsonwalk_fail(AjJsonWalk *w, const char *fault)
{
    if (!w->fault)
        w->fault = fault;
}

void aj_jsonwalk_begin(AjJsonWalk *w, AjArena *arena, const char *text, size_t len)
{
    *w = (AjJsonWalk){.text = text, .at = text, .end = text + len, .arena = arena};
    if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0)
        w->at += 3;
    size_t bad = aj_utf8_invalid_at(text, len);
    if (bad != SIZE_MAX) {
        w->at = text + bad;
        aj_jsonwalk_fail(w, "not UTF-8");
    }
}

static char look(AjJsonWalk *w)
{
    while (w->at < w->end && (*w->at == ' ' || *w->at == '\n' || *w->at == '\t' || *w->at == '\r'))
        w->at++;
    return w->fault || w->at == w->end ? '\0' : *w->at;
}

char aj_jsonwalk_kind(AjJsonWalk *w)
{
    char c = look(w);
    return g_ascii_isdigit(c) ? '-' : c;
}

bool aj_jsonwalk_enter(AjJsonWalk *w, char bracket)
{
    if (look(w) != bracket) {
        aj_jsonwalk_fail(w, bracket == '{' ? "an object is expected" : "an array is expected");
        return false;
    }
    if (++w->depth > MAX_DEPTH) {
        aj_jsonwalk_fail(w, "nested too deep");
        return false;
    }
    w->at++;
    return true;
}

bool aj_jsonwalk_more(AjJsonWalk *w, char bracket, bool *first)
{
    char c = look(w);
    if (c == (bracket == '{' ? '}' : ']')) {
        w->at++;
        w->depth--;
        return false;
    }
    if (!*first && c == ',') {
        w->at++;
        c = look(w);
        if (c == ']' || c == '}')
            c = '\0';
    } else if (!*first) {
        c = '\0';
    }
    *first = false;
    if (!c)
        aj_jsonwalk_fail(w, "a comma or a closing bracket is expected");
    return !w->fault;
}

bool aj_jsonwalk_item(AjJsonWalk *w, bool *first)
{
    if (aj_jsonwalk_more(w, '[', first))
        return true;
    aj_jsonwalk_fail(w, "the array is too short");
    return false;
}

bool aj_jsonwalk_leave(AjJsonWalk *w, char bracket, bool *first)
{
    if (!aj_jsonwalk_more(w, bracket, first))
        return !w->fault;
    aj_jsonwalk_fail(w, "the array is too long");
    return false;
}

static int hex4(const char *p, const char *end)
{
    int v = 0;
    if (end - p < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        int d = g_ascii_xdigit_value(p[i]);
        if (d < 0)
            return -1;
        v = v * 16 + d;
    }
    return v;
}

static char *put_utf8(char *out, uint32_t cp)
{
    return out + g_unichar_to_utf8(cp, out);
}

/* Four hex digits behind \u, or a pair of such; `p` at the first digit. NULL: malformed. */
static const char *unfold_unicode(const char *p, const char *end, char **out)
{
    int high = hex4(p, end);
    if (high <= 0 || (high >= 0xdc00 && high < 0xe000))
        return NULL;
    p += 4;
    uint32_t cp = (uint32_t)high;
    if (high >= 0xd800 && high < 0xdc00) {
        int low = end - p >= 6 && p[0] == '\\' && p[1] == 'u' ? hex4(p + 2, end) : -1;
        if (low < 0xdc00 || low >= 0xe000)
            return NULL;
        cp = 0x10000 + (((uint32_t)high - 0xd800) << 10) + ((uint32_t)low - 0xdc00);
        p += 6;
    }
    *out = put_utf8(*out, cp);
    return p;
}

static const char *unfold(const char *p, const char *end, char **out)
{
    static const char names[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    char *w = *out;
    while (p < end) {
        if (*p != '\\') {
            *w++ = *p++;
            continue;
        }
        p++;
        const char *name = *p != 'u' ? strchr(names, *p) : NULL;
        if (name && *name) {
            *w++ = values[name - names];
            p++;
        } else if (*p != 'u' || !(p = unfold_unicode(p + 1, end, &w))) {
            return NULL;
        }
    }
    *out = w;
    return p;
}

bool aj_jsonwalk_string(AjJsonWalk *w, const char **s, size_t *len)
{
    if (look(w) != '"') {
        aj_jsonwalk_fail(w, "a string is expected");
        return false;
    }
    const char *from = ++w->at, *p = from;
    bool escapes = false;
    while (p < w->end && *p != '"') {
        if ((unsigned char)*p < 0x20)
            break;
        if (*p == '\\') {
            escapes = true;
            if (++p == w->end)
                break;
        }
        p++;
    }
    if (p >= w->end || *p != '"') {
        aj_jsonwalk_fail(w, "a string is not closed");
        return false;
    }
    w->at = p + 1;
    *s = from;
    *len = (size_t)(p - from);
    if (!escapes)
        return true;
    if (w->buffer_cap < *len + 1) {
        w->buffer_cap = *len * 2 + 64;
        w->buffer = aj_arena_alloc(w->arena, w->buffer_cap);
    }
    char *out = w->buffer;
    if (!unfold(from, p, &out)) {
        aj_jsonwalk_fail(w, "a string has a wrong escape");
        return false;
    }
    *s = w->buffer;
    *len = (size_t)(out - w->buffer);
    return true;
}

bool aj_jsonwalk_key(AjJsonWalk *w, const char **s, size_t *len)
{
    if (!aj_jsonwalk_string(w, s, len))
        return false;
    if (look(w) != ':') {
        aj_jsonwalk_fail(w, "a colon is expected");
        return false;
    }
    w->at++;
    return true;
}

bool aj_jsonwalk_number(AjJsonWalk *w, double *d, int64_t *i, bool *whole)
{
    char c = look(w), text[64];
    size_t len = 0;
    const char *p = w->at;
    if (c != '-' && !g_ascii_isdigit(c)) {
        aj_jsonwalk_fail(w, "a number is expected");
        return false;
    }
    while (p + len < w->end && len < sizeof text - 1 && strchr("+-.0123456789eE", p[len]) && p[len])
        len++;
    memcpy(text, p, len);
    text[len] = '\0';
    char *stop;
    *d = g_ascii_strtod(text, &stop);
    const char *digits = text + (text[0] == '-');
    if (*stop || !g_ascii_isdigit(*digits) || (digits[0] == '0' && g_ascii_isdigit(digits[1]))) {
        aj_jsonwalk_fail(w, "a number is malformed");
        return false;
    }
    *whole = !strpbrk(text, ".eE") && *d > -9e18 && *d < 9e18;
    *i = *whole ? g_ascii_strtoll(text, NULL, 10) : 0;
    w->at += len;
    return true;
}

bool aj_jsonwalk_word(AjJsonWalk *w, const char *word)
{
    size_t len = strlen(word);
    if (!look(w) || (size_t)(w->end - w->at) < len || memcmp(w->at, word, len) != 0) {
        aj_jsonwalk_fail(w, "a value is expected");
        return false;
    }
    w->at += len;
    return true;
}

bool aj_jsonwalk_skip(AjJsonWalk *w)
{
    const char *s;
    size_t len;
    double d;
    int64_t i;
    bool whole, first = true;
    char c = aj_jsonwalk_kind(w);
    switch (c) {
    case '{':
    case '[':
        if (!aj_jsonwalk_enter(w, c))
            return false;
        while (aj_jsonwalk_more(w, c, &first))
            if ((c == '{' && !aj_jsonwalk_key(w, &s, &len)) || !aj_jsonwalk_skip(w))
                return false;
        return !w->fault;
    case '"':
        return aj_jsonwalk_string(w, &s, &len);
    case '-':
        return aj_jsonwalk_number(w, &d, &i, &whole);
    case 't':
        return aj_jsonwalk_word(w, "true");
    case 'f':
        return aj_jsonwalk_word(w, "false");
    default:
        return aj_jsonwalk_word(w, "null");
    }
}

bool aj_jsonwalk_done(AjJsonWalk *w)
{
    look(w);
    if (w->at != w->end)
        aj_jsonwalk_fail(w, "there is more text behind the value");
    return !w->fault;
}

size_t aj_jsonwalk_line(const AjJsonWalk *w)
{
    size_t line = 1;
    for (const char *p = w->text; p < w->at; p++)
        line += *p == '\n';
    return line;
}
