/* tag - HTML in pieces. See tag.h. Must not know: which elements there are, what becomes of them.
 */
#include "bundle/tag.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    unsigned code;
} entities[] = {{"nbsp", 160},   {"copy", 169},   {"reg", 174},    {"deg", 176},
                {"plusmn", 177}, {"middot", 183}, {"times", 215},  {"ensp", 8194},
                {"emsp", 8195},  {"ndash", 8211}, {"mdash", 8212}, {"lsquo", 8216},
                {"rsquo", 8217}, {"ldquo", 8220}, {"rdquo", 8221}, {"hellip", 8230},
                {"rarr", 8594},  {"le", 8804},    {"ge", 8805}};

static bool is_xml(unsigned long c)
{
    return c == 9 || c == 10 || c == 13 || (c >= 32 && c < 0xd800) || (c >= 0xe000 && c < 0xfffe) ||
           (c >= 0x10000 && c <= 0x10ffff);
}

/* The code point at an &, 0 when none is meant; *len_out bytes are it. */
static unsigned long entity(const char *s, size_t len, size_t *len_out)
{
    const char *end = memchr(s, ';', MIN(len, 12));
    if (!end || end == s + 1)
        return 0;
    g_autofree char *name = g_strndup(s + 1, (size_t)(end - s - 1));
    *len_out = (size_t)(end - s + 1);
    if (name[0] == '#') {
        bool hex = name[1] == 'x' || name[1] == 'X';
        char *stop;
        unsigned long c = strtoul(name + 1 + hex, &stop, hex ? 16 : 10);
        return *stop == '\0' && is_xml(c) ? c : 0;
    }
    static const char *const own[] = {"amp", "&", "lt", "<", "gt", ">", "quot", "\"", "apos", "'"};
    for (size_t i = 0; i < G_N_ELEMENTS(own); i += 2)
        if (strcmp(name, own[i]) == 0)
            return (unsigned char)own[i + 1][0];
    for (size_t i = 0; i < G_N_ELEMENTS(entities); i++)
        if (strcmp(name, entities[i].name) == 0)
            return entities[i].code;
    return 0;
}

static void put_char(GString *out, unsigned long c, bool escape)
{
    const char *as = c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : "&quot;";
    if (escape && (c == '&' || c == '<' || c == '>' || c == '"'))
        g_string_append(out, as);
    else if (c < 128)
        g_string_append_c(out, (char)c);
    else
        g_string_append_unichar(out, (gunichar)c);
}

void aj_tag_put_text(GString *out, const char *s, size_t len, bool escape)
{
    for (size_t i = 0; i < len; i++) {
        size_t taken = 1;
        unsigned char byte = (unsigned char)s[i];
        unsigned long c = byte == '&' ? entity(s + i, len - i, &taken) : 0;
        if (byte >= 128)
            g_string_append_c(out, s[i]);
        else if (c || is_xml(byte))
            put_char(out, c ? c : byte, escape);
        i += c ? taken - 1 : 0;
    }
}

const AjTagAttr *aj_tag_find(const AjTag *tag, const char *name)
{
    for (unsigned i = 0; i < tag->count; i++)
        if (tag->attrs[i].name_len == strlen(name) &&
            g_ascii_strncasecmp(tag->attrs[i].name, name, tag->attrs[i].name_len) == 0)
            return &tag->attrs[i];
    return NULL;
}

char *aj_tag_value(const AjTag *tag, const char *name)
{
    const AjTagAttr *a = aj_tag_find(tag, name);
    if (!a)
        return NULL;
    GString *text = g_string_new(NULL);
    aj_tag_put_text(text, a->value, a->len, false);
    return g_string_free(text, FALSE);
}

bool aj_tag_has_class(const char *classes, const char *name)
{
    size_t len = strlen(name);
    for (const char *p = classes; p && (p = strstr(p, name)); p += len)
        if ((p == classes || p[-1] == ' ') && (p[len] == ' ' || p[len] == '\0'))
            return true;
    return false;
}

const char *aj_tag_read(const char *p, const char *end, AjTag *tag)
{
    size_t len = 0;
    memset(tag->name, 0, sizeof tag->name);
    tag->closing = p[1] == '/';
    tag->count = 0;
    tag->rest = tag->as = NULL;
    for (p += 1 + tag->closing; p < end && (g_ascii_isalnum(*p) || *p == '-'); p++)
        if (len < AJ_TAG_NAME_MAX)
            tag->name[len++] = g_ascii_tolower(*p);
    while (p < end && *p != '>') {
        if (g_ascii_isspace(*p) || *p == '/') {
            p++;
            continue;
        }
        AjTagAttr a = {.name = p};
        while (p < end && !strchr("=>/ \t\r\n", *p))
            p++;
        a.name_len = (size_t)(p - a.name);
        a.value = p;
        if (p < end && *p == '=') {
            p++;
            char quote = p < end && (*p == '"' || *p == '\'') ? *p++ : 0;
            a.value = p;
            while (p < end && (quote ? *p != quote : !g_ascii_isspace(*p) && *p != '>'))
                p++;
            a.len = (size_t)(p - a.value);
            p += quote && p < end;
        }
        if (tag->count < AJ_TAG_ATTRS)
            tag->attrs[tag->count++] = a;
        else if (!tag->rest)
            tag->rest = a.name;
        if (!a.name_len)
            p += p < end && *p != '>';
    }
    return p < end ? p + 1 : end;
}

void aj_tag_put_plain(GString *out, const char *text)
{
    for (const char *p = text; *p; p++)
        if (*p & 0x80)
            g_string_append_c(out, *p);
        else if (is_xml((unsigned char)*p))
            put_char(out, (unsigned char)*p, true);
}

const char *aj_tag_skip(const char *p, const char *end, const char *name)
{
    size_t len = strlen(name);
    bool raw = !strcmp(name, "script") || !strcmp(name, "style");
    for (int depth = 1; depth > 0 && p < end; p++) {
        if (*p != '<')
            continue;
        bool closing = end - p > 1 && p[1] == '/';
        const char *n = p + 1 + closing;
        if ((size_t)(end - n) > len && g_ascii_strncasecmp(n, name, len) == 0 &&
            !g_ascii_isalnum(n[len]) && n[len] != '-')
            depth += closing ? -1 : raw ? 0 : 1;
        if (depth == 0)
            while (p + 1 < end && *p != '>')
                p++;
    }
    return p;
}
