/* htmlblock - where CommonMark's HTML blocks begin and end.
 *
 * Must not know: containers, our own syntax, what HTML means. */
#include "parse/htmlblock.h"

#include <glib.h>
#include <string.h>

static bool starts(const char *p, const char *end, const char *with)
{
    size_t n = strlen(with);
    return (size_t)(end - p) >= n && !memcmp(p, with, n);
}

/* Names stand in a text between blanks. */
static bool name_is(const char *p, size_t len, const char *names)
{
    char name[16];
    if (!len || len > sizeof name - 3)
        return false;
    name[0] = ' ';
    for (size_t i = 0; i < len; i++)
        name[i + 1] = g_ascii_tolower(p[i]);
    memcpy(name + len + 1, " ", 2);
    return strstr(names, name) != NULL;
}

static const char *skip_blanks(const char *p, const char *eol)
{
    while (p < eol && (*p == ' ' || *p == '\t' || *p == '\v' || *p == '\f'))
        p++;
    return p;
}

/* A whole open or close tag with nothing after it in the line: HTML block of kind 7. */
static bool is_lone_tag(const char *p, const char *eol)
{
    bool closes = ++p < eol && *p == '/';
    p += closes;
    if (p >= eol || !g_ascii_isalpha(*p))
        return false;
    while (p < eol && (g_ascii_isalnum(*p) || *p == '-'))
        p++;
    while (!closes) {
        const char *at = skip_blanks(p, eol);
        if (at == p || at == eol || !(g_ascii_isalpha(*at) || *at == '_' || *at == ':')) {
            p = at;
            break;
        }
        while (at < eol && (g_ascii_isalnum(*at) || strchr("_.:-", *at)))
            at++;
        p = at;
        at = skip_blanks(at, eol);
        if (at == eol || *at != '=')
            continue;
        at = skip_blanks(at + 1, eol);
        if (at < eol && (*at == '"' || *at == '\'')) {
            const char *quote = memchr(at + 1, *at, (size_t)(eol - at - 1));
            if (!quote)
                return false;
            p = quote + 1;
        } else {
            p = at;
            while (p < eol && !strchr(" \t\v\f\"'=<>`", *p))
                p++;
            if (p == at)
                return false;
        }
    }
    p = skip_blanks(p, eol);
    if (!closes && p < eol && *p == '/')
        p++;
    return p < eol && *p == '>' && skip_blanks(p + 1, eol) == eol;
}

int aj_htmlblock_start(const char *p, const char *eol, bool in_paragraph)
{
    static const char raw[] = " script pre style textarea ";
    static const char block[] =
        " address article aside base basefont blockquote body caption center col colgroup"
        " dd details dialog dir div dl dt fieldset figcaption figure footer form frame"
        " frameset h1 h2 h3 h4 h5 h6 head header hr html iframe legend li link main menu"
        " menuitem nav noframes ol optgroup option p param section source summary table"
        " tbody td tfoot th thead title tr track ul ";
    if (starts(p, eol, "<!--"))
        return 2;
    if (starts(p, eol, "<?"))
        return 3;
    if (starts(p, eol, "<![CDATA["))
        return 5;
    if (p + 2 < eol && p[1] == '!' && g_ascii_isalpha(p[2]))
        return 4;
    const char *name = p + 1;
    bool closes = name < eol && *name == '/';
    name += closes;
    const char *at = name;
    while (at < eol && g_ascii_isalnum(*at))
        at++;
    size_t len = (size_t)(at - name);
    bool ends = at == eol || *at == ' ' || *at == '\t' || *at == '\v' || *at == '\f' || *at == '>';
    if (ends && !closes && name_is(name, len, raw))
        return 1;
    if ((ends || starts(at, eol, "/>")) && name_is(name, len, block))
        return 6;
    return !in_paragraph && is_lone_tag(p, eol) ? 7 : 0;
}

bool aj_htmlblock_ends(int kind, const char *p, const char *eol)
{
    static const char *const ends[] = {NULL, NULL, "-->", "?>", ">", "]]>"};
    static const char *const raw[] = {"</script>", "</pre>", "</style>", "</textarea>"};
    if (kind != 1)
        return kind <= 5 && memmem(p, (size_t)(eol - p), ends[kind], strlen(ends[kind]));
    while ((p = memmem(p, (size_t)(eol - p), "</", 2))) {
        for (size_t i = 0; i < G_N_ELEMENTS(raw); i++)
            if ((size_t)(eol - p) >= strlen(raw[i]) &&
                !g_ascii_strncasecmp(p, raw[i], strlen(raw[i])))
                return true;
        p += 2;
    }
    return false;
}
