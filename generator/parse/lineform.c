/* lineform - what a piece of one line is: a rule, a heading, a list marker, a table's row, a note's
 * label, a div's fence.
 *
 * Must not know: other lines, containers, nodes. */
#include "parse/lineform.h"

#include <string.h>

enum { MAX_LABEL = 999 };

const char *aj_lineform_end(const char *p, const char *end, bool cr, const char **next)
{
    if (!cr) {
        const char *lf = memchr(p, '\n', (size_t)(end - p));
        *next = lf ? lf + 1 : end;
        return lf ? lf : end;
    }
    const char *eol = p;
    /* A lone CR is rare enough to be looked for by hand. */
    while (eol < end && *eol != '\n' && *eol != '\r')
        eol++;
    *next = eol;
    if (*next < end && **next == '\r')
        (*next)++;
    if (*next < end && **next == '\n' && (*next == eol || (*next)[-1] == '\r'))
        (*next)++;
    return eol;
}

bool aj_lineform_starts(const char *p, const char *end, const char *with)
{
    size_t n = strlen(with);
    return (size_t)(end - p) >= n && !memcmp(p, with, n);
}

bool aj_lineform_is_blank(const char *p, const char *eol)
{
    while (p < eol && (*p == ' ' || *p == '\t'))
        p++;
    return p == eol;
}

size_t aj_lineform_run(const char *p, const char *eol, char c)
{
    const char *at = p;
    while (at < eol && *at == c)
        at++;
    return (size_t)(at - p);
}

bool aj_lineform_is_break(const char *p, const char *eol)
{
    char c = *p;
    unsigned n = 0;
    for (; p < eol; p++)
        if (*p == c)
            n++;
        else if (*p != ' ' && *p != '\t')
            return false;
    return n >= 3;
}

bool aj_lineform_is_heading(const char *p, const char *eol)
{
    size_t n = aj_lineform_run(p, eol, '#');
    return n <= 6 && (p + n == eol || p[n] == ' ' || p[n] == '\t');
}

uint32_t aj_lineform_marker(const char *p, const char *eol, bool interrupts)
{
    const char *at = p;
    if (*p == '-' || *p == '+' || *p == '*') {
        at++;
    } else {
        unsigned start = 0;
        while (at < eol && g_ascii_isdigit(*at) && at - p < 9)
            start = start * 10 + (unsigned)(*at++ - '0');
        if (at == p || at == eol || (*at != '.' && *at != ')') || (interrupts && start != 1))
            return 0;
        at++;
    }
    if (at < eol && *at != ' ' && *at != '\t')
        return 0;
    if (interrupts && aj_lineform_is_blank(at, eol))
        return 0;
    return (uint32_t)(at - p);
}

const char *aj_lineform_skip_blanks(const char *p, const char *eol)
{
    while (p < eol && (*p == ' ' || *p == '\t' || *p == '\v' || *p == '\f'))
        p++;
    return p;
}

bool aj_lineform_cell(const char **p, const char *eol, const char **from, const char **to)
{
    if (*p >= eol)
        return false;
    const char *at = *p;
    while (at < eol && (*at != '|' || (at > *p && at[-1] == '\\')))
        at++;
    *from = aj_lineform_skip_blanks(*p, at);
    *to = at;
    while (*to > *from && ((*to)[-1] == ' ' || (*to)[-1] == '\t'))
        (*to)--;
    *p = at < eol ? at + 1 : at;
    return true;
}

void aj_lineform_row(const char **p, const char **eol)
{
    while (*eol > *p && ((*eol)[-1] == ' ' || (*eol)[-1] == '\t'))
        (*eol)--;
    if (*p < *eol && **p == '|')
        (*p)++;
}

uint32_t aj_lineform_cells(const char *p, const char *eol)
{
    const char *from, *to;
    uint32_t n = 0;
    aj_lineform_row(&p, &eol);
    while (aj_lineform_cell(&p, eol, &from, &to))
        n++;
    return n;
}

uint32_t aj_lineform_delimiters(const char *p, const char *eol, AjAlign *aligns)
{
    const char *from, *to;
    uint32_t n = 0;
    if (p == eol || !memchr(p, '|', (size_t)(eol - p)))
        return 0;
    aj_lineform_row(&p, &eol);
    while (aj_lineform_cell(&p, eol, &from, &to)) {
        bool left = (from < to) && *from == ':';
        bool right = to - from >= 2 && to[-1] == ':';
        from += left;
        to -= right;
        if (from >= to || aj_lineform_run(from, to, '-') != (size_t)(to - from))
            return 0;
        if (aligns)
            aligns[n] = left && right ? AJ_ALIGN_CENTER
                        : left        ? AJ_ALIGN_LEFT
                        : right       ? AJ_ALIGN_RIGHT
                                      : AJ_ALIGN_DEFAULT;
        n++;
    }
    return n;
}

size_t aj_lineform_note(const char *p, const char *eol)
{
    const char *at = p + 2;
    if (!aj_lineform_starts(p, eol, "[^"))
        return 0;
    while (at < eol && !memchr(" \t[]", *at, 4) && at - p < MAX_LABEL)
        at++;
    return at > p + 2 && aj_lineform_starts(at, eol, "]:") ? (size_t)(at - p) + 2 : 0;
}

const char *aj_lineform_div(const char *p, const char *eol, size_t *len)
{
    size_t colons = aj_lineform_run(p, eol, ':');
    if (colons < 3)
        return NULL;
    p = aj_lineform_skip_blanks(p + colons, eol);
    while (eol > p && (eol[-1] == ' ' || eol[-1] == '\t'))
        eol--;
    while (eol > p && eol[-1] == ':')
        eol--;
    while (eol > p && (eol[-1] == ' ' || eol[-1] == '\t'))
        eol--;
    *len = (size_t)(eol - p);
    if (*len > 1 && *p == '{' && eol[-1] == '}')
        return p;
    for (const char *at = p; at < eol; at++)
        if (*at == ' ' || *at == '\t' || *at == '{' || *at == '}')
            return NULL;
    return p;
}
