/* quizstem - what a pasted question's stem holds that is no stem: its answer, points, type,
 * options.
 *
 * Must not know: which question is open, files. */
#include "quizio/quizstem.h"

#include "quizio/quizline.h"
#include "quizio/quiztext.h"

#include <string.h>

static gunichar peek(const char *p, const char *end)
{
    return aj_quiztext_next(&p, end);
}

static gunichar closing(gunichar open)
{
    return open == '(' ? ')' : open == '[' ? ']' : open == 0x3010 ? 0x3011 : 0;
}

static char *trimmed(AjArena *a, const char *p, const char *end)
{
    return aj_quiztext_trim(a, p, (size_t)(end - p));
}

/* Where the bracket that opens at `p` closes, at most 32 bytes on: the text inside, without
 * underscores and blanks at its ends; NULL when it does not. */
static const char *bracketed(AjArena *a, const char *p, const char *end, const char **behind)
{
    const char *q = p;
    gunichar close = closing(aj_quiztext_next(&q, end));
    for (const char *r = q; close && r < end && r - q < 32;) {
        const char *at = r;
        if (aj_quiztext_next(&r, end) != close)
            continue;
        while (q < at && (peek(q, at) == '_' || peek(q, at) == ' '))
            q = g_utf8_next_char(q);
        while (at > q && strchr("_ ", (int)MIN(peek(g_utf8_prev_char(at), end), 127)))
            at = g_utf8_prev_char(at);
        *behind = r;
        return aj_arena_strndup(a, q, (size_t)(at - q));
    }
    return NULL;
}

static bool only_stops(const char *p, const char *end)
{
    for (gunichar c; (c = aj_quiztext_next(&p, end));)
        if (c != ' ' && c != 0x3002 && c != '.' && c != '?' && c != ';')
            return false;
    return true;
}

static bool is_stop(gunichar c)
{
    return c == ' ' || c == 0x3002 || c == '.' || c == ')' || c == ';';
}

/* √ behind the sentence, or 对 in a section of true or false. */
static const char *take_bare(AjArena *a, const char *stem, bool truth, const char **inside_out)
{
    const char *end = stem + strlen(stem), *from = end;
    if (from == stem)
        return stem;
    from = g_utf8_prev_char(from);
    gunichar c = peek(from, end);
    bool mark = c == 0x221a || c == 0xd7 || c == 0x2713 || c == 0x2717 || c == 0x2714;
    while (truth && !mark && from > stem && !is_stop(peek(g_utf8_prev_char(from), end)))
        from = g_utf8_prev_char(from);
    bool value;
    if ((!mark && !truth) || from == stem || !is_stop(peek(g_utf8_prev_char(from), end)) ||
        !aj_quiz_truth(from, &value))
        return stem;
    *inside_out = aj_arena_strdup(a, from);
    return trimmed(a, stem, from);
}

const char *aj_quizstem_take_inside(AjArena *a, const char *stem, bool truth,
                                    const char **inside_out)
{
    const char *end = stem + strlen(stem), *behind = NULL;
    uint32_t bits;
    bool value;
    for (const char *p = end; p > stem;) {
        p = g_utf8_prev_char(p);
        const char *said = closing(peek(p, end)) ? bracketed(a, p, end, &behind) : NULL;
        if (!said)
            continue;
        bool letters = aj_quiztext_letters(said, &bits, NULL) && bits < 1u << 8;
        /* （是） and （T） inside a sentence may be words: before and behind it only */
        if (!letters && !(aj_quiz_truth(said, &value) && (p == stem || only_stops(behind, end))))
            continue;
        *inside_out = said;
        g_autofree char *before = g_strndup(stem, (gsize)(p - stem));
        bool second = letters && p > stem && only_stops(behind, end) &&
                      aj_quiz_blanks(aj_quiztext_blanks(a, before));
        if (p == stem && !letters)
            return trimmed(a, behind, end);
        if (second)
            return trimmed(a, before, before + strlen(before));
        return aj_arena_printf(a, "%s（　）%s", before, letters || *behind ? behind : "");
    }
    return take_bare(a, stem, truth, inside_out);
}

/* The points in the bracket at `p`; 0 when it says anything else. */
static double points_in(AjArena *a, const char *p, const char *end, const char **behind)
{
    const char *more = "+";
    const char *said = peek(p, end) == '(' ? bracketed(a, p, end, behind) : NULL;
    double n = said ? aj_quizline_points(said, said + strlen(said), &more) : 0;
    return *more ? 0 : n;
}

const char *aj_quizstem_take_points(AjArena *a, const char *stem, double *points)
{
    const char *end = stem + strlen(stem), *behind = NULL, *last = end;
    double n = points_in(a, stem, end, &behind);
    if (n > 0) {
        *points = n;
        return trimmed(a, behind, end);
    }
    while (last > stem && peek(last, end) != '(')
        last = g_utf8_prev_char(last);
    n = last > stem ? points_in(a, last, end, &behind) : 0;
    if (!(n > 0) || behind != end)
        return stem;
    *points = n;
    return trimmed(a, stem, last);
}

const char *aj_quizstem_take_type(AjArena *a, const char *stem, AjQuestionType *type, bool *found)
{
    const char *end = stem + strlen(stem), *behind = NULL, *last = end;
    const char *said = bracketed(a, stem, end, &behind);
    if (said && aj_question_type_find(said, type)) {
        *found = true;
        return trimmed(a, behind, end);
    }
    while (last > stem && !closing(peek(last, end)))
        last = g_utf8_prev_char(last);
    said = last > stem ? bracketed(a, last, end, &behind) : NULL;
    if (!said || behind != end || !aj_question_type_find(said, type))
        return stem;
    *found = true;
    return trimmed(a, stem, last);
}

const char *aj_quizstem_options_inside(const char *p, const char *end)
{
    for (const char *r = p; r < end; r = g_utf8_next_char(r)) {
        unsigned letter, second;
        AjLetterForm form;
        if (r == p || peek(r, end) == '(')
            continue;
        gunichar left = peek(g_utf8_prev_char(r), end);
        if (left != ' ' && left != ')' && left != 0x3002 && left != '?' && left != ':')
            continue;
        const char *q = aj_quizline_letter(r, end, &letter, &form);
        if (!q || letter != 0 || form != AJ_LETTER_MARK)
            continue;
        for (; q < end; q = g_utf8_next_char(q))
            if (!g_ascii_isalnum(q[-1]) && aj_quizline_letter(q, end, &second, &form) &&
                second == 1 && form == AJ_LETTER_MARK)
                return r;
    }
    return NULL;
}

bool aj_quizstem_asks(const char *p, const char *end)
{
    g_autofree char *copy = g_strndup(p, (gsize)(end - p));
    AjArena *a = aj_arena_new(256);
    const char *inside = NULL;
    aj_quizstem_take_inside(a, copy, false, &inside);
    bool asks = inside || aj_quiz_blanks(aj_quiztext_blanks(a, copy)) ||
                g_str_has_suffix(copy, "？") || g_str_has_suffix(copy, "?");
    aj_arena_free(a);
    return asks;
}
