/* attribute - {#id .class key=value}, as pandoc writes it.
 *
 * Read twice, first to see whether it is sound, so that a failure costs no memory.
 * Must not know: where it stands, which attributes are harmless (render/html decides). */
#include "parse/attribute.h"

#include "parse/prepass.h"

#include <string.h>

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Names take letters of any script, digits and -_.: */
static const char *name_end(const char *p, const char *end)
{
    while (p < end &&
           ((unsigned char)*p >= 0x80 || g_ascii_isalnum(*p) || (*p && strchr("-_.:", *p))))
        p++;
    return p;
}

static const char *copy(AjArena *a, const char *from, const char *to)
{
    char *s = aj_arena_strndup(a, from, (size_t)(to - from));
    s[aj_prepass_unescape(s, (size_t)(to - from))] = 0;
    return s;
}

/* One word of the braces. NULL when it is unsound; `out` may be NULL. */
static const char *word(AjArena *a, const char *p, const char *end, AjAttr *out)
{
    char kind = *p;
    if (kind == '#' || kind == '.') {
        const char *to = name_end(p + 1, end);
        while (kind == '.' && to > p + 1 && memchr(p + 1, '.', (size_t)(to - p - 1)))
            to = memchr(p + 1, '.', (size_t)(to - p - 1)); /* .a.b is two */
        if (to == p + 1)
            return NULL;
        if (out && kind == '#')
            out->id = copy(a, p + 1, to);
        else if (out)
            aj_attr_add_class(a, out, copy(a, p + 1, to));
        return to;
    }
    const char *key_end = name_end(p, end);
    if (key_end == p || key_end + 1 >= end || *key_end != '=')
        return NULL;
    const char *from = key_end + 1, *to = from, *next;
    if (*from == '"' || *from == '\'') {
        to = memchr(from + 1, *from, (size_t)(end - from - 1));
        if (!to)
            return NULL;
        next = to + 1;
        from++;
    } else {
        while (to < end && !is_blank(*to) && !strchr("{}\"'", *to))
            to++;
        next = to;
    }
    if (!out)
        return next;
    const char *key = copy(a, p, key_end), *value = copy(a, from, to);
    if (!strcmp(key, "id")) {
        out->id = value;
    } else if (!strcmp(key, "class")) {
        g_auto(GStrv) names = g_strsplit_set(value, " \t\n", -1);
        for (char **name = names; *name; name++)
            if (**name)
                aj_attr_add_class(a, out, *name);
    } else {
        aj_attr_set(a, out, key, value);
    }
    return next;
}

static size_t scan(AjArena *a, const char *s, size_t len, AjAttr *out)
{
    const char *p = s + 1, *end = s + len;
    unsigned words = 0;
    if (len < 3 || *s != '{')
        return 0;
    for (;;) {
        const char *from = p;
        while (p < end && is_blank(*p))
            p++;
        if (p == end)
            return 0;
        if (*p == '}')
            return words ? (size_t)(p + 1 - s) : 0;
        if (words && p == from && *p != '.')
            return 0;
        p = word(a, p, end, out);
        if (!p)
            return 0;
        words++;
    }
}

size_t aj_attribute_parse(AjArena *a, const char *s, size_t len, AjAttr *out)
{
    size_t used = scan(a, s, len, NULL);
    if (used)
        scan(a, s, used, out);
    return used;
}
