/* quizfmt - pasted text to 题目 Markdown; 题目 Markdown to its tidy form.
 *
 * Must not know: files. */
#include "quizio/quizfmt.h"

#include "model/quizcheck.h"
#include "quizio/quizmarkdown.h"
#include "quizio/quiztext.h"
#include "quizio/quiztxt.h"

#include <string.h>

static bool is_heading(const char *line)
{
    size_t level = strspn(line, "#");
    return level >= 1 && level <= 6 && line[level] == ' ';
}

/* The type in a heading's brackets: where they open and close. */
static bool heading_type(const char *line, const char **open_out, const char **close_out,
                         AjQuestionType *type_out)
{
    const char *end = line + strlen(line);
    for (const char *p = line; p < end; p = g_utf8_next_char(p)) {
        const char *q = p;
        gunichar c = aj_quiztext_next(&q, end);
        if (c != 0x3010 && c != '[')
            continue;
        for (const char *r = q; r < end && r - q < 40;) {
            const char *at = r;
            gunichar d = aj_quiztext_next(&r, end);
            if (d != 0x3011 && d != ']')
                continue;
            g_autofree char *word = g_strndup(q, (gsize)(at - q));
            if (!aj_question_type_find(word, type_out))
                break;
            *open_out = p;
            *close_out = r;
            return true;
        }
    }
    return false;
}

/* "- [x] 甲" in any of the ways that a hand writes it: where the text begins, and the mark. */
static const char *option_text(const char *line, size_t *indent_out, bool *right_out)
{
    static const char *const ticks[] = {"x", "X", "√", "✓", "✔", "v", "V", "*", "对"};
    size_t indent = strspn(line, " ");
    const char *p = line + indent, *end = line + strlen(line);
    if (indent > 3 || (*p != '-' && *p != '*' && *p != '+') || p[1] != ' ')
        return NULL;
    p = p + 1 + strspn(p + 1, " ");
    gunichar c = aj_quiztext_next(&p, end);
    if (c != '[' && c != 0x3010)
        return NULL;
    const char *from = p;
    for (const char *r = p; r < end && r - from < 8;) {
        const char *at = r;
        gunichar d = aj_quiztext_next(&r, end);
        if (d != ']' && d != 0x3011)
            continue;
        if (*r == '(' || *r == '{') /* a link or a span */
            return NULL;
        g_autofree char *mark = g_strndup(from, (gsize)(at - from));
        g_autofree char *folded = aj_quiz_fold(mark);
        bool right = false;
        for (size_t i = 0; i < G_N_ELEMENTS(ticks); i++)
            right |= strcmp(folded, ticks[i]) == 0;
        if (!right && *folded)
            return NULL;
        *indent_out = indent;
        *right_out = right;
        while (r < end) {
            const char *s = r;
            if (aj_quiztext_next(&s, end) != ' ')
                break;
            r = s;
        }
        return *r ? r : NULL;
    }
    return NULL;
}

static bool is_key_line(const char *line)
{
    static const char *const keys[] = {"分值", "难度", "标签", "编号", "红线",
                                       "计分", "答案", "抽题", "来自"};
    const char *end = line + strlen(line);
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        if (!g_str_has_prefix(line, keys[i]))
            continue;
        const char *p = line + strlen(keys[i]);
        gunichar c;
        while ((c = aj_quiztext_next(&p, end)) == ' ')
            ;
        if (c == ':')
            return true;
    }
    return false;
}

/* Wide colon and bar between keys; blanks around them off. Values stay as they are. */
static void put_keys(GString *out, const char *line)
{
    const char *end = line + strlen(line);
    bool answer = g_str_has_prefix(line, "答案");
    bool in_key = true;
    for (const char *p = line; p < end;) {
        const char *q = p;
        gunichar c = aj_quiztext_next(&q, end);
        if (in_key && c == ':') {
            g_string_append(out, "：");
            in_key = false;
        } else if (c == '|') {
            const char *rest = q;
            while (*rest == ' ')
                rest++;
            g_string_append(out, "｜");
            in_key = !answer || is_key_line(rest);
            answer = g_str_has_prefix(rest, "答案") || (answer && !in_key);
        } else {
            g_string_append_len(out, p, q - p);
            p = q;
            continue;
        }
        p = q;
        const char *mark = p;
        while (mark < end) {
            const char *r = mark;
            if (aj_quiztext_next(&r, end) != ' ')
                break;
            mark = r;
        }
        p = mark;
    }
}

/* Blanks before ： and ｜ go, then the line is put. */
static void put_key_line(GString *out, const char *line)
{
    g_autoptr(GString) tight = g_string_new(NULL);
    const char *end = line + strlen(line);
    for (const char *p = line; p < end;) {
        const char *q = p;
        gunichar c = aj_quiztext_next(&q, end);
        if (c == ' ') {
            const char *r = q;
            gunichar d;
            while ((d = aj_quiztext_next(&r, end)) == ' ')
                q = r;
            if (d == '|' || d == ':' || d == 0) {
                p = q;
                continue;
            }
        }
        g_string_append_len(tight, p, q - p);
        p = q;
    }
    put_keys(out, tight->str);
}

/* ____ in a heading with a type is a blank, and would be bold. */
static void put_heading(GString *out, AjArena *a, const char *line)
{
    const char *open, *close;
    AjQuestionType type;
    if (!heading_type(line, &open, &close, &type)) {
        g_string_append(out, line);
        return;
    }
    const char *text = line + strspn(line, "#");
    g_string_append_len(out, line, text - line);
    g_autofree char *before = g_strndup(text, (gsize)(open - text));
    const char *stem = aj_quiztext_trim(a, close, strlen(close));
    const char *lead = aj_quiztext_trim(a, before, strlen(before));
    g_string_append_printf(out, " %s%s【%s】", lead, *lead ? " " : "",
                           aj_question_type_title(type));
    if (strstr(stem, "__") || strstr(stem, "＿"))
        stem = aj_quiztext_blanks(a, stem);
    g_string_append(out, stem);
}

static bool is_ours(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    bool option = false, heading = false;
    for (char **l = lines; *l; l++) {
        const char *open, *close;
        AjQuestionType type;
        size_t indent;
        bool right;
        if (is_heading(*l) && heading_type(*l, &open, &close, &type))
            return true;
        heading |= is_heading(*l);
        option |= option_text(*l, &indent, &right) != NULL;
    }
    return heading && option;
}

typedef enum { K_BLANK, K_HEADING, K_KEYS, K_OPTION, K_QUOTE, K_OTHER } Kind;

static void tidy(AjArena *a, const char *text, GString *out)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    Kind last = K_BLANK;
    bool front = lines[0] && strcmp(lines[0], "---") == 0, in_code = false;
    unsigned blanks = 0;
    for (char **l = lines; *l; l++) {
        char *line = *l;
        if (front) {
            g_string_append_printf(out, "%s\n", g_strchomp(line));
            front = l == lines || strcmp(line, "---") != 0;
            last = K_OTHER;
            continue;
        }
        const char *fence = line + strspn(line, " ");
        if (g_str_has_prefix(fence, "```") || g_str_has_prefix(fence, "~~~"))
            in_code = !in_code;
        size_t len = strlen(line);
        bool hard = !in_code && len > 2 && line[len - 1] == ' ' && line[len - 2] == ' ';
        if (!in_code)
            g_strchomp(line);
        if (!*line) {
            blanks++;
            continue;
        }
        size_t indent = 0;
        bool right = false;
        const char *option = in_code ? NULL : option_text(line, &indent, &right);
        Kind kind = in_code             ? K_OTHER
                    : is_heading(line)  ? K_HEADING
                    : option            ? K_OPTION
                    : is_key_line(line) ? K_KEYS
                    : line[0] == '>'    ? K_QUOTE
                                        : K_OTHER;
        /* a blank line where a block begins, none inside a list of options */
        bool want = blanks > 0;
        if (kind == K_HEADING || (kind == K_QUOTE && last != K_QUOTE) ||
            (kind == K_OPTION && last != K_OPTION && last != K_QUOTE && indent == 0 &&
             last != K_OTHER) ||
            (kind == K_KEYS && last != K_KEYS && last != K_HEADING) ||
            (last == K_KEYS && kind != K_KEYS))
            want = true;
        if (in_code || last == K_BLANK)
            want = blanks > 0 && last != K_BLANK;
        for (unsigned i = 0; i < (in_code ? blanks : want ? 1u : 0u); i++)
            g_string_append_c(out, '\n');
        blanks = 0;
        if (kind == K_HEADING)
            put_heading(out, a, line);
        else if (kind == K_OPTION)
            g_string_append_printf(out, "%.*s- [%c] %s", (int)indent, line, right ? 'x' : ' ',
                                   option);
        else if (kind == K_KEYS)
            put_key_line(out, line);
        else
            g_string_append(out, line);
        if (hard && kind == K_OTHER)
            g_string_append(out, "  ");
        g_string_append_c(out, '\n');
        last = kind;
    }
}

void aj_quizfmt(AjArena *a, const char *bytes, size_t len, const char *path, GString *out,
                AjDiags *diags)
{
    size_t size;
    const char *text = aj_quiztext_decode(a, bytes, len, path, &size, diags);
    if (!text)
        return;
    if (is_ours(text)) {
        tidy(a, text, out);
        return;
    }
    AjQuiz quiz;
    if (!aj_quiztxt_parse(a, text, size, path, &quiz, diags))
        return;
    aj_quizcheck(&quiz, path, diags);
    aj_quizmarkdown_print(&quiz, out);
}
