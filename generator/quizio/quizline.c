/* quizline - what a piece of one line of a pasted question bank says.
 *
 * Must not know: which question is open, files. */
#include "quizio/quizline.h"

#include "quizio/quiztext.h"

#include <string.h>

static const char *skip_blank(const char *p, const char *end)
{
    for (const char *q = p; aj_quiztext_next(&q, end) == ' '; p = q)
        ;
    return p;
}

static gunichar peek(const char *p, const char *end)
{
    return aj_quiztext_next(&p, end);
}

static bool is_mark(gunichar c)
{
    return c == 0x3001 || c == '.' || c == ')' || c == ':' || c == 0x3002 || c == ',';
}

static bool is_digit(gunichar c)
{
    return c < 128 && g_ascii_isdigit((char)c);
}

static gunichar closing(gunichar open)
{
    return open == '(' ? ')' : open == '[' ? ']' : open == 0x3010 ? 0x3011 : 0;
}

static bool has_word(const char *p, const char *end, const char *word)
{
    size_t len = strlen(word);
    return (size_t)(end - p) >= len && memcmp(p, word, len) == 0;
}

/* ------------------------------------------------------------------ numbers and letters */

static uint32_t read_digits(const char **p, const char *end, uint32_t *count_out)
{
    uint32_t n = 0;
    const char *q = *p;
    for (*count_out = 0; is_digit(peek(q, end)) && *count_out < 5; ++*count_out) {
        n = n * 10 + (aj_quiztext_next(&q, end) - '0');
        *p = q;
    }
    return n;
}

/* Behind a mark, when one stands there. */
static const char *over_mark(const char *p, const char *end)
{
    const char *q = skip_blank(p, end);
    return is_mark(aj_quiztext_next(&q, end)) ? q : p;
}

static const char *number_behind(const char *q, const char *end, gunichar open, uint32_t n,
                                 uint32_t due, AjNumberForm *form_out)
{
    const char *r = skip_blank(q, end);
    bool apart = r > q;
    gunichar c = aj_quiztext_next(&r, end);
    if (closing(open)) {
        *form_out = AJ_NUMBER_BRACKET;
        return c == closing(open) ? over_mark(r, end) : NULL;
    }
    *form_out = AJ_NUMBER_WORD;
    if (open == 0x7b2c) /* 第 */
        return c == 0x9898 ? over_mark(r, end) : NULL;
    if (open)
        return is_mark(c) ? r : NULL;
    *form_out = AJ_NUMBER_BARE;
    if (!is_mark(c))
        return n == due && (apart || g_unichar_type(c) == G_UNICODE_OTHER_LETTER) ? q : NULL;
    *form_out = AJ_NUMBER_MARK;
    if (c == '.' || c == ':' || c == ',')
        if (is_digit(peek(r, end)) && n != due)
            return NULL;
    return r;
}

const char *aj_quizline_number(const char *p, const char *end, uint32_t due, uint32_t *number_out,
                               AjNumberForm *form_out)
{
    const char *q = p;
    gunichar open = aj_quiztext_next(&q, end);
    if (open == 0x9898 && has_word(q, end, "目")) /* 题目3： */
        q += strlen("目");
    if (!closing(open) && open != 0x7b2c && open != 0x9898) {
        open = 0;
        q = p;
    }
    q = open ? skip_blank(q, end) : q;
    uint32_t digits, n = read_digits(&q, end, &digits);
    if (!digits || digits > 4)
        return NULL;
    const char *behind = number_behind(q, end, open, n, due, form_out);
    *number_out = n;
    return behind ? skip_blank(behind, end) : NULL;
}

const char *aj_quizline_letter(const char *p, const char *end, unsigned *letter_out,
                               AjLetterForm *form_out)
{
    const char *q = has_word(p, end, "选项") ? p + strlen("选项") : p;
    gunichar c = aj_quiztext_next(&q, end), close = closing(c);
    if (close)
        c = aj_quiztext_next(&q, end);
    if (c >= 'a' && c <= 'z')
        c -= 32;
    if (c < 'A' || c > 'Z')
        return NULL;
    *letter_out = (unsigned)(c - 'A');
    const char *r = skip_blank(q, end);
    gunichar mark = aj_quiztext_next(&r, end);
    if (close) {
        *form_out = AJ_LETTER_BRACKET;
        return mark == close ? skip_blank(over_mark(r, end), end) : NULL;
    }
    if (is_mark(mark)) {
        *form_out = AJ_LETTER_MARK;
        return skip_blank(r, end);
    }
    const char *next = skip_blank(q, end);
    *form_out = next > q ? AJ_LETTER_BLANK : AJ_LETTER_BARE;
    if (next > q)
        return next;
    return g_unichar_type(mark) == G_UNICODE_OTHER_LETTER && *letter_out < 8 ? q : NULL;
}

/* ------------------------------------------------------------------ labels */

static const struct {
    AjLabel label;
    const char *word;
} labels[] = {
    {AJ_LABEL_EXPLANATION, "答案解析"},
    {AJ_LABEL_EXPLANATION, "试题解析"},
    {AJ_LABEL_EXPLANATION, "题目解析"},
    {AJ_LABEL_EXPLANATION, "试题分析"},
    {AJ_LABEL_EXPLANATION, "解析"},
    {AJ_LABEL_EXPLANATION, "解释"},
    {AJ_LABEL_EXPLANATION, "详解"},
    {AJ_LABEL_SOURCE, "法规依据"},
    {AJ_LABEL_SOURCE, "依据"},
    {AJ_LABEL_SOURCE, "出处"},
    {AJ_LABEL_SOURCE, "来源"},
    {AJ_LABEL_ANSWER, "答案要点"},
    {AJ_LABEL_ANSWER, "答题要点"},
    {AJ_LABEL_ANSWER, "正确答案"},
    {AJ_LABEL_ANSWER, "参考答案"},
    {AJ_LABEL_ANSWER, "标准答案"},
    {AJ_LABEL_ANSWER, "本题答案"},
    {AJ_LABEL_ANSWER, "答案"},
    {AJ_LABEL_ANSWER, "答"},
    {AJ_LABEL_DIFFICULTY, "难易程度"},
    {AJ_LABEL_DIFFICULTY, "难易度"},
    {AJ_LABEL_DIFFICULTY, "难度"},
    {AJ_LABEL_TAGS, "知识点"},
    {AJ_LABEL_TAGS, "考点"},
    {AJ_LABEL_TAGS, "标签"},
    {AJ_LABEL_POINTS, "分值"},
    {AJ_LABEL_POINTS, "分数"},
    {AJ_LABEL_ID, "试题编号"},
    {AJ_LABEL_ID, "编号"},
    {AJ_LABEL_TYPE, "题目类型"},
    {AJ_LABEL_TYPE, "题型"},
    {AJ_LABEL_STEM, "题目内容"},
    {AJ_LABEL_STEM, "试题内容"},
    {AJ_LABEL_STEM, "题目"},
    {AJ_LABEL_STEM, "题干"},
    {AJ_LABEL_STEM, "试题"},
};

/* Do letters or a truth mark stand at `p`, alone up to the next blank? */
static bool answers_at(const char *p, const char *end)
{
    const char *stop = p;
    while (stop < end && peek(stop, end) != ' ')
        stop = g_utf8_next_char(stop);
    uint32_t bits;
    bool truth;
    g_autofree char *word = g_strndup(p, (gsize)(stop - p));
    return aj_quiztext_letters(word, &bits, NULL) || aj_quiz_truth(word, &truth);
}

/* Behind the mark that follows a label's word; NULL when none does. */
static const char *label_behind(AjLabel label, const char *word, const char *p, const char *end,
                                gunichar open)
{
    const char *q = skip_blank(p, end);
    bool answer = label == AJ_LABEL_ANSWER && strlen(word) >= strlen("答案");
    if (!open && answer && q == end && strlen(word) > strlen("答案"))
        return end; /* 参考答案, alone on its line */
    if (!open && answer && (has_word(q, end, "是") || has_word(q, end, "为")))
        q = skip_blank(q + strlen("是"), end);
    const char *r = q;
    gunichar c = aj_quiztext_next(&r, end);
    if (open) {
        if (c != closing(open))
            return NULL;
        return peek(r, end) == ':' ? g_utf8_next_char(r) : r;
    }
    if (c == ':')
        return r;
    return answer && answers_at(q, end) ? q : NULL;
}

const char *aj_quizline_label(const char *p, const char *end, AjLabel *label_out)
{
    const char *q = p;
    gunichar open = aj_quiztext_next(&q, end);
    if (!closing(open)) {
        open = 0;
        q = p;
    }
    q = skip_blank(q, end);
    for (size_t i = 0; i < G_N_ELEMENTS(labels); i++) {
        if (!has_word(q, end, labels[i].word))
            continue;
        const char *behind =
            label_behind(labels[i].label, labels[i].word, q + strlen(labels[i].word), end, open);
        *label_out = labels[i].label;
        if (behind)
            return skip_blank(behind, end);
    }
    return NULL;
}

const char *aj_quizline_label_inside(const char *p, const char *end)
{
    for (const char *r = p; r < end; r = g_utf8_next_char(r)) {
        AjLabel label;
        gunichar left = r > p ? peek(g_utf8_prev_char(r), end) : 0;
        bool apart = left && (g_str_has_prefix(r, "【") || *r == '[' || left == ' ');
        bool stop = left == 0x3002 || left == '?' || left == ')' || left == ';';
        if ((!apart && !stop) || !aj_quizline_label(r, end, &label) || label == AJ_LABEL_STEM)
            continue;
        if (apart || has_word(r, end, "答案") || has_word(r, end, "正确答案") ||
            has_word(r, end, "参考答案") || has_word(r, end, "解析"))
            return r;
    }
    return NULL;
}

/* ------------------------------------------------------------------ sections */

double aj_quizline_points(const char *p, const char *end, const char **behind)
{
    g_autofree char *rest = g_strndup(p, (gsize)(end - p));
    g_autofree char *folded = aj_quiz_fold(rest);
    char *stop;
    double n = g_ascii_strtod(folded, &stop);
    stop += strspn(stop, " ");
    if (stop == folded || !(n > 0 && n <= 1000) || !g_str_has_prefix(stop, "分"))
        return 0;
    stop += strlen("分");
    if (behind)
        *behind = g_str_has_prefix(stop, "/") ? "/" : *stop ? "+" : "";
    return n;
}

/* 每题2分, 每小题 1.5 分, 2分/题: 0 when it does not say. */
static double points_each(const char *p, const char *end)
{
    static const char *const words[] = {"每小题", "每道题", "每题", "每空"};
    const char *behind = "";
    for (; p < end; p = g_utf8_next_char(p)) {
        double n = is_digit(peek(p, end)) ? aj_quizline_points(p, end, &behind) : 0;
        if (n > 0 && *behind == '/')
            return n;
        for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
            if (has_word(p, end, words[i]) &&
                (n = aj_quizline_points(p + strlen(words[i]), end, NULL)) > 0)
                return n;
    }
    return 0;
}

static bool is_numeral(gunichar c)
{
    return (c >= 0x2160 && c <= 0x216b) || (c && g_utf8_strchr("一二三四五六七八九十", -1, c));
}

/* Behind "一、", "（二）", "第三部分"; `p` itself when there is none. */
static const char *over_numeral(const char *p, const char *end, bool *strong_out)
{
    const char *q = p;
    gunichar c = aj_quiztext_next(&q, end);
    bool any = false;
    if (c == '(' || c == 0x7b2c /* 第 */)
        c = aj_quiztext_next(&q, end);
    for (; is_numeral(c); any = true)
        c = aj_quiztext_next(&q, end);
    if (any) {
        *strong_out = true;
        while (is_mark(c) || c == ' ' || c == 0x90e8 /* 部 */ || c == 0x5206 /* 分 */) {
            p = q;
            c = aj_quiztext_next(&q, end);
        }
        return p;
    }
    uint32_t n;
    AjNumberForm form;
    const char *behind = aj_quizline_number(p, end, 0, &n, &form);
    return behind && form == AJ_NUMBER_MARK ? behind : p;
}

/* "（每题2分）", "：20 道，每题 1 分": behind a section's name. */
static bool is_count(const char *p, const char *end, double points)
{
    p = skip_blank(p, end);
    if (peek(p, end) == ':')
        p = skip_blank(g_utf8_next_char(p), end);
    if (p < end && peek(p, end) != '(')
        return points > 0;
    while (p < end && peek(p, end) != ')')
        p = g_utf8_next_char(p);
    for (gunichar c; (c = aj_quiztext_next(&p, end));) /* one bracket, to the end of the line */
        if (c != ' ' && c != ':' && c != 0x3002 && c != ')')
            return false;
    return true;
}

bool aj_quizline_section(const char *p, const char *end, AjQuizsection *out)
{
    bool numbered = false;
    p = skip_blank(over_numeral(p, end, &numbered), end);
    const char *stop = p;
    while (stop < end) {
        gunichar d = peek(stop, end);
        if (d == '(' || d == ':' || d == ' ' || d == ',' || d == 0x3002)
            break;
        stop = g_utf8_next_char(stop);
    }
    if (stop == p || stop - p > 40)
        return false;
    g_autofree char *word = g_strndup(p, (gsize)(stop - p));
    const char *name = word;
    if (g_str_has_prefix(word, "【") && g_str_has_suffix(word, "】")) {
        word[strlen(word) - strlen("】")] = '\0';
        name = word + strlen("【");
    }
    out->points = points_each(stop, end);
    /* without a numeral only 单选题, not 选择 or "short", and nothing behind but what counts it */
    if (!numbered && (!g_str_has_suffix(name, "题") || !is_count(stop, end, out->points)))
        return false;
    bool open = strcmp(name, "选择题") == 0 || strcmp(name, "选择") == 0;
    out->typed = !open && aj_question_type_find(name, &out->type);
    return out->typed || open;
}

bool aj_quizline_is_noise(const char *p, const char *end)
{
    bool page = false, digits = false;
    if (is_numeral(peek(p, end)))
        return false;
    for (gunichar c; (c = aj_quiztext_next(&p, end));) {
        page |= c == 0x9875 /* 页 */ || c == '-' || c == 0x2014 || c == '/';
        digits |= is_digit(c);
        if (!is_digit(c) && !strchr(" -/,.", (int)MIN(c, 127)) && !g_utf8_strchr("第页共—–", -1, c))
            return false;
    }
    return page && digits;
}

/* ------------------------------------------------------------------ a list of answers */

/* One token of letters or a truth mark at `p`: the byte behind it, else NULL. */
static const char *answer_token(const char *p, const char *end)
{
    const char *q = p;
    for (;;) {
        const char *r = q;
        gunichar c = aj_quiztext_next(&r, end);
        bool good = (c >= 'A' && c <= 'H') || c == 0x221a || c == 0xd7 || c == 0x5bf9 ||
                    c == 0x9519 || c == 0x2713 || c == 0x2717;
        if (!good)
            return q > p ? q : NULL;
        q = r;
    }
}

static const char *over_marks(const char *p, const char *end)
{
    while (p < end && (is_mark(peek(p, end)) || peek(p, end) == ' ' || peek(p, end) == ';'))
        p = g_utf8_next_char(p);
    return p;
}

static void add_item(AjArena *a, GArray *items, uint32_t number, const char *p, const char *end)
{
    AjKeyItem item = {number, aj_arena_strndup(a, p, (size_t)(end - p))};
    g_array_append_val(items, item);
}

bool aj_quizline_key(AjArena *a, const char *p, const char *end, GArray *items)
{
    for (p = skip_blank(p, end); p < end; p = over_marks(p, end)) {
        uint32_t digits, from = read_digits(&p, end, &digits), to = 0;
        if (!digits || digits > 4)
            return false;
        const char *q = skip_blank(p, end);
        gunichar c = peek(q, end);
        if (c == '-' || c == '~' || c == 0x2014 || c == 0x2013) {
            while ((c = peek(q, end)) == '-' || c == '~' || c == 0x2014 || c == 0x2013)
                q = g_utf8_next_char(q);
            q = skip_blank(q, end);
            to = read_digits(&q, end, &digits);
            p = q;
        }
        p = over_marks(p, end);
        const char *stop = answer_token(p, end);
        if (!stop)
            return false;
        if (to <= from) {
            add_item(a, items, from, p, stop);
            p = stop;
            continue;
        }
        for (uint32_t n = from; n <= to; n++) { /* one letter each, blanks between them or not */
            p = skip_blank(p, end);
            if (p >= end || !answer_token(p, end))
                return false;
            add_item(a, items, n, p, g_utf8_next_char(p));
            p = g_utf8_next_char(p);
        }
    }
    return items->len > 0;
}

bool aj_quizline_key_head(const char *p, const char *end, GArray *items)
{
    if (!has_word(p, end, "题号"))
        return false;
    for (p = over_marks(p + strlen("题号"), end); p < end; p = over_marks(p, end)) {
        uint32_t digits;
        AjKeyItem item = {read_digits(&p, end, &digits), NULL};
        if (!digits)
            return false;
        g_array_append_val(items, item);
    }
    return items->len > 0;
}

bool aj_quizline_key_row(AjArena *a, const char *p, const char *end, GArray *items)
{
    if (!has_word(p, end, "答案"))
        return false;
    guint n = 0;
    for (p = over_marks(p + strlen("答案"), end); p < end; p = over_marks(p, end), n++) {
        const char *stop = answer_token(p, end);
        if (!stop || n >= items->len)
            return false;
        g_array_index(items, AjKeyItem, n).text = aj_arena_strndup(a, p, (size_t)(stop - p));
        p = stop;
    }
    return n == items->len;
}
