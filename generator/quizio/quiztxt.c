/* quiztxt - questions pasted from Word or a text file.
 *
 * Line by line; a question is open until the next begins, and each of its lines belongs to the part
 * that is open: stem, option, answer, explanation. Must not know: Markdown, files. */
#include "quizio/quiztxt.h"

#include "quizio/quiztext.h"

#include <glib.h>
#include <string.h>

typedef enum { P_NONE, P_STEM, P_OPTION, P_ANSWER, P_EXPLANATION, P_OTHER } Part;

/* What is known of a question before its type is. */
typedef struct {
    AjQuestion q;
    uint32_t number, section;
    bool typed;
    const char *answer; /* said behind 答案 */
    const char *inside; /* said in the stem's brackets */
    uint32_t answer_line;
} Draft;

typedef struct {
    AjArena *arena;
    const char *path;
    AjDiags *diags;
    AJ_QUIZ_LIST(Draft) drafts;
    Part part;
    bool blank_before; /* the line above is empty */
    AjQuestionType type;
    bool typed;    /* a section says the type */
    double points; /* and the points; 0: it does not */
    uint32_t section, number;
    const char *title;
    bool key; /* in a list of answers at the end */
    uint32_t key_section;
} Text;

static Draft *draft_open(Text *t)
{
    return t->drafts.count ? &t->drafts.at[t->drafts.count - 1] : NULL;
}

#define TELL(t, level, line, code, hint, message, what)                                            \
    aj_diag((t)->diags, level, (AjPos){(t)->path, line, 0}, code, hint, message, what)

/* ------------------------------------------------------------------ looks at a line */

static const char *skip_blank(const char *p, const char *end)
{
    for (const char *q = p; aj_quiztext_next(&q, end) == ' '; p = q)
        ;
    return p;
}

static bool is_mark(gunichar c)
{
    return c == 0x3001 || c == '.' || c == ')' || c == ':' || c == 0x3002 || c == ',';
}

/* "3、", "3.", "（3）", "第3题", "3．": the rest of the line, else NULL. "3.5 米" is none, unless 3
 * is the number that is due. */
static const char *after_number(const char *p, const char *end, uint32_t due, uint32_t *number_out)
{
    const char *q = p;
    gunichar c = aj_quiztext_next(&q, end);
    bool bracket = c == '(', said = c == 0x7b2c; /* 第 */
    if (bracket || said)
        c = aj_quiztext_next(&q, end);
    uint32_t n = 0, digits = 0;
    while (g_unichar_isdigit(c) && c < 128 && digits < 5) {
        n = n * 10 + (c - '0');
        digits++;
        c = aj_quiztext_next(&q, end);
    }
    if (!digits || digits > 4)
        return NULL;
    if (said) {
        if (c != 0x9898) /* 题 */
            return NULL;
        const char *r = q;
        if (is_mark(aj_quiztext_next(&r, end)))
            q = r;
    } else if (bracket) {
        if (c != ')')
            return NULL;
        const char *r = q;
        if (is_mark(aj_quiztext_next(&r, end)))
            q = r;
    } else if (!is_mark(c)) {
        return NULL;
    } else if (c == '.' || c == ':' || c == ',') {
        const char *r = q;
        gunichar next = aj_quiztext_next(&r, end);
        if (next < 128 && g_ascii_isdigit((char)next) && n != due)
            return NULL;
    }
    *number_out = n;
    return skip_blank(q, end);
}

/* "A、", "B.", "（C）", "D ": the text behind, else NULL. */
static const char *after_letter(const char *p, const char *end, unsigned *letter_out)
{
    const char *q = p;
    gunichar c = aj_quiztext_next(&q, end);
    bool bracket = c == '(' || c == '[' || c == 0x3010;
    if (bracket)
        c = aj_quiztext_next(&q, end);
    if (c >= 'a' && c <= 'z')
        c -= 32;
    if (c < 'A' || c > 'Z')
        return NULL;
    gunichar mark = aj_quiztext_next(&q, end);
    if (bracket ? mark != ')' && mark != ']' && mark != 0x3011 : !is_mark(mark) && mark != ' ')
        return NULL;
    if (bracket) {
        const char *r = q;
        if (is_mark(aj_quiztext_next(&r, end)))
            q = r;
    }
    *letter_out = (unsigned)(c - 'A');
    return skip_blank(q, end);
}

typedef enum { L_ANSWER, L_EXPLANATION, L_DIFFICULTY, L_TAGS, L_POINTS, L_ID, L_NONE } Label;
static const struct {
    Label label;
    const char *word;
} labels[] = {
    {L_EXPLANATION, "答案解析"},
    {L_EXPLANATION, "试题解析"},
    {L_EXPLANATION, "题目解析"},
    {L_EXPLANATION, "解析"},
    {L_EXPLANATION, "解释"},
    {L_EXPLANATION, "依据"},
    {L_ANSWER, "正确答案"},
    {L_ANSWER, "参考答案"},
    {L_ANSWER, "标准答案"},
    {L_ANSWER, "答案"},
    {L_ANSWER, "答"},
    {L_DIFFICULTY, "难易程度"},
    {L_DIFFICULTY, "难度"},
    {L_TAGS, "知识点"},
    {L_TAGS, "考点"},
    {L_TAGS, "标签"},
    {L_POINTS, "分值"},
    {L_ID, "编号"},
};

/* "答案：", "【答案】", "[解析]:" at `p`: what is behind, else NULL. */
static const char *after_label(const char *p, const char *end, Label *label_out)
{
    const char *q = p;
    gunichar c = aj_quiztext_next(&q, end);
    bool bracket = c == '[' || c == 0x3010 || c == '(';
    if (!bracket)
        q = p;
    for (size_t i = 0; i < G_N_ELEMENTS(labels); i++) {
        size_t len = strlen(labels[i].word);
        if ((size_t)(end - q) < len || memcmp(q, labels[i].word, len) != 0)
            continue;
        const char *r = skip_blank(q + len, end);
        gunichar mark = aj_quiztext_next(&r, end);
        if (!mark && !bracket && labels[i].label == L_ANSWER && len > strlen("答案")) {
            *label_out = L_ANSWER; /* 参考答案, alone on its line */
            return end;
        }
        if (bracket ? mark != ']' && mark != 0x3011 && mark != ')' : mark != ':')
            return NULL;
        if (bracket) {
            const char *s = r;
            if (aj_quiztext_next(&s, end) == ':')
                r = s;
        }
        *label_out = labels[i].label;
        return skip_blank(r, end);
    }
    return NULL;
}

static bool is_numeral(gunichar c)
{
    return c && g_utf8_strchr("一二三四五六七八九十", -1, c);
}

/* 每题2分, 每小题 1.5 分: 0 when it does not say. */
static double points_each(const char *p, const char *end)
{
    for (; p < end; p = g_utf8_next_char(p)) {
        if (!g_str_has_prefix(p, "每"))
            continue;
        const char *q = p + strlen("每");
        if (g_str_has_prefix(q, "小"))
            q += strlen("小");
        if (g_str_has_prefix(q, "空"))
            q += strlen("空");
        else if (g_str_has_prefix(q, "题"))
            q += strlen("题");
        else if (g_str_has_prefix(q, "道题"))
            q += strlen("道题");
        else
            continue;
        g_autofree char *rest = g_strndup(q, (gsize)(end - q));
        g_autofree char *folded = aj_quiz_fold(rest);
        char *stop;
        double n = g_ascii_strtod(folded, &stop);
        stop += strspn(stop, " ");
        if (stop != folded && n > 0 && n <= 1000 && g_str_has_prefix(stop, "分"))
            return n;
    }
    return 0;
}

/* "一、单项选择题（每题2分，共20分）", "判断题：", "（二）多选题". */
static bool is_section(const char *p, const char *end, AjQuestionType *type_out)
{
    const char *q = p;
    gunichar c = aj_quiztext_next(&q, end);
    bool bracket = c == '(';
    bool numbered = false;
    if (bracket)
        c = aj_quiztext_next(&q, end);
    if (g_str_has_prefix(p, "第"))
        c = aj_quiztext_next(&q, end);
    while (is_numeral(c)) {
        numbered = true;
        c = aj_quiztext_next(&q, end);
    }
    if (numbered) {
        while (is_mark(c) || c == ' ' || c == 0x90e8 /* 部 */ || c == 0x5206 /* 分 */) {
            p = q;
            c = aj_quiztext_next(&q, end);
        }
    }
    p = skip_blank(p, end);
    const char *stop = p;
    while (stop < end) {
        const char *r = stop;
        gunichar d = aj_quiztext_next(&r, end);
        if (d == '(' || d == ':' || d == ' ' || d == 0xff0c || d == ',' || d == 0x3002)
            break;
        stop = r;
    }
    if (stop == p || stop - p > 40)
        return false;
    g_autofree char *word = g_strndup(p, (gsize)(stop - p));
    bool brackets = g_str_has_prefix(word, "【") && g_str_has_suffix(word, "】");
    const char *name = word;
    if (brackets) {
        word[strlen(word) - strlen("】")] = '\0';
        name = word + strlen("【");
    }
    /* without a numeral only 单选题, not 选择 or "short" */
    if (!numbered && !g_str_has_suffix(name, "题"))
        return false;
    if (!numbered && (size_t)(end - stop) > 0) {
        const char *r = stop;
        gunichar d = aj_quiztext_next(&r, end);
        if (d != '(' && d != ':')
            return false;
        if (d == ':' && skip_blank(r, end) < end)
            return false;
    }
    return aj_question_type_find(name, type_out);
}

/* ------------------------------------------------------------------ answers in the stem */

/* （B）, ( ABD ), （√）, （对） in a stem: taken out, a blank in its place. */
static const char *take_inside(Text *t, const char *stem, const char **inside_out)
{
    const char *end = stem + strlen(stem);
    for (const char *p = end; p > stem;) {
        p = g_utf8_prev_char(p);
        const char *q = p;
        gunichar c = aj_quiztext_next(&q, end);
        if (c != '(' && c != 0x3010 && c != '[')
            continue;
        const char *from = q, *close = NULL;
        for (const char *r = q; r < end && r - q < 32;) {
            const char *at = r;
            gunichar d = aj_quiztext_next(&r, end);
            if (d == ')' || d == 0x3011 || d == ']') {
                close = at;
                q = r;
                break;
            }
        }
        if (!close)
            continue;
        const char *said = aj_quiztext_trim(t->arena, from, (size_t)(close - from));
        uint32_t bits;
        bool truth;
        bool letters = aj_quiztext_letters(said, &bits, NULL) && bits < 1u << 8;
        /* （是） and （T） inside a sentence may be words: at the end only */
        if (!letters && !(aj_quiz_truth(said, &truth) &&
                          (q == end || !strcmp(q, "。") || !strcmp(q, "．") || !strcmp(q, "."))))
            continue;
        *inside_out = said;
        if (letters || q != end)
            return aj_arena_printf(t->arena, "%.*s（　）%s", (int)(p - stem), stem, q);
        return aj_arena_printf(t->arena, "%.*s（　）", (int)(p - stem), stem);
    }
    return stem;
}

/* （2分） at the start or the end of a stem. */
static const char *take_points(Text *t, const char *stem, double *points)
{
    size_t len = strlen(stem);
    for (int last = 0; last < 2; last++) {
        const char *open = stem, *close = NULL;
        if (last) {
            if (!g_str_has_suffix(stem, "）") && !g_str_has_suffix(stem, ")"))
                continue;
            open = stem + len;
            while (open > stem) {
                open = g_utf8_prev_char(open);
                if (*open == '(' || g_str_has_prefix(open, "（"))
                    break;
            }
        }
        const char *q = open, *end = stem + len;
        if (aj_quiztext_next(&q, end) != '(')
            continue;
        const char *from = q;
        for (const char *r = q; r < end && !close;) {
            const char *at = r;
            if (aj_quiztext_next(&r, end) == ')') {
                close = at;
                q = r;
            }
        }
        if (!close || (last && q != end))
            continue;
        g_autofree char *said = g_strndup(from, (gsize)(close - from));
        g_autofree char *folded = aj_quiz_fold(said);
        char *stop;
        double n = g_ascii_strtod(folded, &stop);
        stop += strspn(stop, " ");
        if (stop == folded || strcmp(stop, "分") != 0 || !(n > 0 && n <= 1000))
            continue;
        *points = n;
        return last ? aj_quiztext_trim(t->arena, stem, (size_t)(open - stem))
                    : aj_quiztext_trim(t->arena, q, strlen(q));
    }
    return stem;
}

/* 【单选】 or （多选题） at the start or the end of a stem. */
static const char *take_type(Text *t, const char *stem, Draft *d)
{
    const char *end = stem + strlen(stem), *q = stem;
    gunichar c = aj_quiztext_next(&q, end);
    if (c == 0x3010 || c == '[' || c == '(') {
        const char *from = q;
        for (const char *r = q; r < end && r - from < 40;) {
            const char *at = r;
            gunichar e = aj_quiztext_next(&r, end);
            if (e != 0x3011 && e != ']' && e != ')')
                continue;
            g_autofree char *word = g_strndup(from, (gsize)(at - from));
            if (!aj_question_type_find(word, &d->q.type))
                break;
            d->typed = true;
            return aj_quiztext_trim(t->arena, r, (size_t)(end - r));
        }
    }
    return stem;
}

/* ------------------------------------------------------------------ lines into drafts */

static const char *joined(Text *t, const char *old, const char *more, const char *between)
{
    return old && *old ? aj_arena_printf(t->arena, "%s%s%s", old, between, more)
                       : aj_arena_strdup(t->arena, more);
}

static Draft *draft_new(Text *t, const char *p, const char *end, uint32_t line)
{
    Draft *d = aj_quiz_push(t->arena, &t->drafts);
    d->q = (AjQuestion){.line = line, .points = t->points > 0 ? t->points : 1, .type = t->type};
    d->typed = t->typed;
    d->section = t->section;
    const char *stem = aj_quiztext_trim(t->arena, p, (size_t)(end - p));
    stem = take_type(t, stem, d);
    stem = take_points(t, stem, &d->q.points);
    d->q.stem = take_inside(t, stem, &d->inside);
    d->answer_line = line;
    t->part = P_STEM;
    return d;
}

/* "A、甲 B、乙": an option ends where the next letter in turn has a mark behind it. */
static void add_options(Text *t, Draft *d, const char *p, const char *end, uint32_t line)
{
    unsigned letter;
    const char *from = after_letter(p, end, &letter);
    while (from) {
        uint32_t due = d->q.options.count;
        if (letter != due) {
            char say[2] = {(char)('A' + letter), 0};
            TELL(t, letter < due ? AJ_ERROR : AJ_WARNING, line,
                 letter < due ? "quiz-option-twice" : "quiz-option-order",
                 AJ_TR("选项从 A 起按顺序写", "letter the options from A, in order"),
                 AJ_TR("这里不该是选项 %s", "option %s is not due here"), say);
        }
        const char *stop = end, *next = NULL;
        unsigned other = 0;
        for (const char *r = from; r < end; r = g_utf8_next_char(r)) {
            const char *q = r;
            gunichar c = aj_quiztext_next(&q, end);
            if (c < 128 && g_ascii_isalnum((char)c) && r > from && g_ascii_isalnum(r[-1]))
                continue;
            const char *behind = after_letter(r, end, &other);
            gunichar mark = aj_quiztext_next(&q, end);
            /* "维生素B 片": a letter with only a blank behind it begins nothing in mid-line */
            if (behind && other == letter + 1 && (mark != ' ' || c == '(')) {
                stop = r;
                next = behind;
                break;
            }
        }
        AjOption *o = aj_quiz_push(t->arena, &d->q.options);
        o->line = line;
        const char *text = aj_quiztext_trim(t->arena, from, (size_t)(stop - from));
        size_t len = strlen(text); /* √ behind an option marks it */
        if (g_str_has_suffix(text, "√") || g_str_has_suffix(text, "✓")) {
            text = aj_quiztext_trim(t->arena, text, len - strlen("√"));
            o->correct = true;
        }
        o->text = text;
        from = next;
        letter = other;
    }
    t->part = P_OPTION;
}

static void add_labelled(Text *t, Draft *d, Label label, const char *text, uint32_t line)
{
    switch (label) {
    case L_ANSWER:
        if (d->answer)
            TELL(t, AJ_ERROR, line, "quiz-answer-twice", AJ_TR("只留一处", "keep one"),
                 AJ_TR("这道题已经有答案“%s”", "the question has the answer “%s” already"),
                 d->answer);
        d->answer = text;
        d->answer_line = line;
        t->part = P_ANSWER;
        return;
    case L_EXPLANATION:
        d->q.explanation = joined(t, d->q.explanation, text, "\n");
        t->part = P_EXPLANATION;
        return;
    case L_DIFFICULTY:
        d->q.difficulty = *text ? text : NULL;
        break;
    case L_TAGS:
        aj_quiztext_tags(t->arena, &d->q, text);
        break;
    case L_ID:
        d->q.id = *text ? text : NULL;
        d->q.own_id = d->q.id != NULL;
        break;
    case L_POINTS: {
        g_autofree char *folded = aj_quiz_fold(text);
        char *stop;
        double n = g_ascii_strtod(folded, &stop);
        if (stop != folded && n > 0)
            d->q.points = n;
        else
            TELL(t, AJ_ERROR, line, "quiz-points-bad", AJ_TR("写成 分值：2", "write 分值：2"),
                 AJ_TR("分值“%s”不是大于 0 的数", "“%s” is no number above 0"), text);
        break;
    }
    case L_NONE:
        break;
    }
    t->part = P_OTHER;
}

/* ------------------------------------------------------------------ a list of answers */

typedef struct {
    uint32_t number;
    const char *text;
} KeyItem;

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

/* "1-5 ABCDA 6.√ 7、BD": pairs of number and answer; false when anything else is there. */
static bool read_key(Text *t, const char *p, const char *end, GArray *items)
{
    for (p = skip_blank(p, end); p < end; p = skip_blank(p, end)) {
        const char *q = p;
        uint32_t from = 0, to = 0, digits = 0;
        gunichar c;
        for (; (c = aj_quiztext_next(&q, end)) < 128 && g_ascii_isdigit((char)c) && digits < 4;
             digits++)
            from = from * 10 + (c - '0');
        if (!digits)
            return false;
        if (c == '-' || c == '~' || c == 0x2014 || c == 0x2013 || c == 0xff5e) {
            while ((c = aj_quiztext_next(&q, end)) == '-' || c == 0x2014)
                ;
            for (digits = 0; c < 128 && g_ascii_isdigit((char)c) && digits < 4; digits++) {
                to = to * 10 + (c - '0');
                c = aj_quiztext_next(&q, end);
            }
        }
        while (is_mark(c) || c == ' ')
            p = q, c = aj_quiztext_next(&q, end);
        if (p == end || !c)
            return false;
        if (!is_mark(c) && c != ' ') /* `c` is the first of the answer: step back to it */
            p = g_utf8_prev_char(q);
        const char *stop = answer_token(p, end);
        if (!stop)
            return false;
        if (to > from) { /* one letter each, blanks between them or not */
            for (uint32_t n = from; n <= to; n++) {
                p = skip_blank(p, end);
                const char *one = p;
                if (p >= end || !answer_token(p, end))
                    return false;
                aj_quiztext_next(&one, end);
                KeyItem item = {n, aj_arena_strndup(t->arena, p, (size_t)(one - p))};
                g_array_append_val(items, item);
                p = one;
            }
        } else {
            KeyItem item = {from, aj_arena_strndup(t->arena, p, (size_t)(stop - p))};
            g_array_append_val(items, item);
            p = stop;
        }
        while (p < end) {
            const char *r = p;
            gunichar d = aj_quiztext_next(&r, end);
            if (d != ',' && d != ';' && d != 0x3001 && d != 0x3002)
                break;
            p = r;
        }
    }
    return items->len > 0;
}

static Draft *draft_numbered(Text *t, uint32_t number)
{
    Draft *found = NULL;
    for (uint32_t i = 0; i < t->drafts.count; i++) {
        Draft *d = &t->drafts.at[i];
        if (d->number == number && (!t->key_section || d->section == t->key_section) &&
            (!found || (found->answer && !d->answer)))
            found = d;
    }
    return found;
}

/* `least` pairs make a list: one alone may be an answer like any other. */
static bool take_key(Text *t, const char *p, const char *end, uint32_t line, guint least)
{
    g_autoptr(GArray) items = g_array_new(FALSE, FALSE, sizeof(KeyItem));
    if (!read_key(t, p, end, items) || items->len < least)
        return false;
    t->key = true;
    t->part = P_NONE;
    for (guint i = 0; i < items->len; i++) {
        const KeyItem *item = &g_array_index(items, KeyItem, i);
        Draft *d = draft_numbered(t, item->number);
        if (!d) {
            TELL(t, AJ_ERROR, line, "quiz-key-number", AJ_TR("核对题号", "check the number"),
                 AJ_TR("答案表里的第 %u 题找不到",
                       "the list answers question %u, which is not there"),
                 item->number);
            continue;
        }
        d->answer = item->text;
        d->answer_line = line;
    }
    return true;
}

/* ------------------------------------------------------------------ lines */

/* "D、丁  答案：B  解析：…": a label in mid-line begins a line of its own. */
static const char *label_inside(const char *p, const char *end)
{
    for (const char *r = p; r < end; r = g_utf8_next_char(r)) {
        Label label;
        bool bracket = g_str_has_prefix(r, "【") || *r == '[';
        bool apart =
            r > p && (g_ascii_isspace(r[-1]) || g_str_has_prefix(g_utf8_prev_char(r), "　"));
        if (r > p && (bracket || apart) && after_label(r, end, &label))
            return r;
    }
    return NULL;
}

static bool begins_unnumbered(const Text *t, const char *p, const char *end, const char *next)
{
    const char *inside = NULL;
    unsigned letter;
    Label label;
    const char *stop = strchrnul(next, '\n');
    g_autofree char *copy = g_strndup(p, (gsize)(end - p));
    Text scratch = {.arena = t->arena};
    take_inside(&scratch, copy, &inside);
    return inside || (after_letter(next, stop, &letter) && letter == 0) ||
           (after_label(next, stop, &label) && label == L_ANSWER);
}

static void put_more(Text *t, Draft *d, const char *text, uint32_t line)
{
    switch (t->part) {
    case P_STEM:
        d->q.stem = joined(t, d->q.stem, take_inside(t, text, &d->inside), "\n");
        return;
    case P_OPTION: {
        AjOption *o = &d->q.options.at[d->q.options.count - 1];
        o->text = joined(t, o->text, text, " ");
        return;
    }
    case P_ANSWER:
        d->answer = joined(t, d->answer, text, "\n");
        return;
    case P_EXPLANATION:
        d->q.explanation = joined(t, d->q.explanation, text, "\n");
        return;
    case P_NONE:
    case P_OTHER:
        TELL(t, AJ_ERROR, line, "quiz-line-unread",
             AJ_TR("题目前写题号，选项前写 A、，答案前写 答案：",
                   "number questions, letter options, write 答案： before answers"),
             AJ_TR("这一行没有读懂，没有导入：%s", "this line is not understood and left out: %s"),
             text);
    }
}

static bool take_section(Text *t, const char *p, const char *end)
{
    AjQuestionType type;
    if (!is_section(p, end, &type))
        return false;
    if (t->key) {
        for (uint32_t i = 0; i < t->drafts.count; i++) /* the section of that type */
            if (t->drafts.at[i].typed && t->drafts.at[i].q.type == type)
                t->key_section = t->drafts.at[i].section;
        return true;
    }
    t->type = type;
    t->typed = true;
    t->points = points_each(p, end);
    t->section++;
    t->number = 0;
    t->part = P_NONE;
    return true;
}

static bool starts_question(Text *t, const char *p, const char *end, const char *next,
                            uint32_t line)
{
    uint32_t number = 0;
    Draft *d = draft_open(t);
    const char *rest = after_number(p, end, t->number + 1, &number);
    const char *q = p;
    bool bracket = aj_quiztext_next(&q, end) == '(';
    /* （1） inside an open question counts steps, unless all questions are written so */
    if (rest && bracket && d && number != t->number + 1)
        rest = NULL;
    if (rest && bracket && d && t->number && d->number != t->number)
        rest = NULL;
    /* items of an order or points of an answer: only the number that is due goes on */
    if (rest && d && (t->part == P_ANSWER || t->part == P_EXPLANATION) && number != t->number + 1 &&
        !t->blank_before)
        rest = NULL;
    if (rest) {
        if (t->number && number != t->number + 1)
            TELL(t, AJ_WARNING, line, "quiz-number-jump",
                 AJ_TR("核对有没有漏题", "look for a missing question"),
                 AJ_TR("题号跳到了 %u", "the number jumps to %u"), number);
        draft_new(t, rest, end, line)->number = number;
        t->number = number;
        return true;
    }
    bool may = !d || t->part == P_NONE || t->part == P_OTHER ||
               (t->blank_before && (d->answer || d->inside)) ||
               (t->part == P_OPTION && d->inside) || (t->part == P_STEM && d->inside) ||
               (t->part == P_ANSWER && d->answer && *d->answer);
    if (!may || !begins_unnumbered(t, p, end, next))
        return false;
    draft_new(t, p, end, line);
    return true;
}

/* `next` is the text of the line below. */
static void take_line(Text *t, const char *p, const char *end, const char *next, uint32_t line)
{
    Label label = L_NONE;
    unsigned letter;
    Draft *d = draft_open(t);
    if (take_section(t, p, end))
        return;
    const char *behind = after_label(p, end, &label);
    if (behind && label == L_ANSWER) {
        g_autoptr(GArray) items = g_array_new(FALSE, FALSE, sizeof(KeyItem));
        if (take_key(t, behind, end, line, 2))
            return;
        AjQuestionType type;
        const char *stop = strchrnul(next, '\n');
        if (behind == end && (read_key(t, next, stop, items) || is_section(next, stop, &type))) {
            t->key = true;
            return;
        }
    }
    if (t->key && take_key(t, p, end, line, 1))
        return;
    const char *inside = label_inside(behind ? behind : p, end);
    if (inside) {
        take_line(t, p, inside, next, line);
        take_line(t, inside, end, next, line);
        return;
    }
    if (behind && d) {
        add_labelled(t, d, label, aj_quiztext_trim(t->arena, behind, (size_t)(end - behind)), line);
        return;
    }
    const char *option = d && !t->key ? after_letter(p, end, &letter) : NULL;
    if (option && t->part != P_EXPLANATION &&
        (letter == d->q.options.count || t->part == P_OPTION ||
         (t->part == P_STEM && letter < 26 && !strchr(" ", *option)))) {
        const char *q = p;
        aj_quiztext_next(&q, end);
        /* "A 字架": a letter and a blank are an option only when it is due */
        if (letter == d->q.options.count || aj_quiztext_next(&q, end) != ' ') {
            add_options(t, d, p, end, line);
            return;
        }
    }
    if (starts_question(t, p, end, next, line))
        return;
    const char *text = aj_quiztext_trim(t->arena, p, (size_t)(end - p));
    if (!d && !t->title) {
        t->title = text;
        return;
    }
    if (!d) {
        t->part = P_NONE;
        put_more(t, d, text, line);
        return;
    }
    put_more(t, d, text, line);
}

/* ------------------------------------------------------------------ drafts into questions */

static void bad_answer(Text *t, const Draft *d, const char *code, const char *zh, const char *en)
{
    TELL(t, AJ_ERROR, d->answer_line, code,
         AJ_TR("选择题写字母，判断题写 对 或 错",
               "letters for a choice, 对 or 错 for true or false"),
         AJ_TR(zh, en), d->answer);
}

static void settle_type(Draft *d)
{
    AjQuestion *q = &d->q;
    uint32_t bits = 0;
    bool truth;
    const char *answer = d->answer ? d->answer : "";
    if (d->typed)
        return;
    aj_quiztext_letters(answer, &bits, NULL);
    for (uint32_t i = 0; i < q->options.count && i < 32; i++)
        bits |= q->options.at[i].correct ? 1u << i : 0;
    if (q->options.count)
        q->type = bits & (bits - 1) ? AJ_QUESTION_MULTIPLE : AJ_QUESTION_SINGLE;
    else if (aj_quiz_truth(answer, &truth))
        q->type = AJ_QUESTION_TRUEFALSE;
    else
        q->type = aj_quiz_blanks(q->stem) ? AJ_QUESTION_FILL : AJ_QUESTION_SHORT;
}

static void settle_choice(Text *t, Draft *d)
{
    AjQuestion *q = &d->q;
    uint32_t bits = 0;
    if (!d->answer)
        return;
    if (!aj_quiztext_letters(d->answer, &bits, NULL)) {
        bad_answer(t, d, "quiz-answer-letter", "看不懂选择题的答案“%s”", "“%s” answers no choice");
        return;
    }
    if (bits >> q->options.count)
        bad_answer(t, d, "quiz-answer-letter", "答案“%s”超出了选项",
                   "answer “%s” is outside the options");
    for (uint32_t i = 0; i < q->options.count && i < 32; i++)
        q->options.at[i].correct |= bits >> i & 1;
}

static void settle_truth(Text *t, Draft *d)
{
    AjQuestion *q = &d->q;
    uint32_t bits = 0;
    bool good = d->answer && aj_quiz_truth(d->answer, &q->truth);
    if (!good && d->answer && aj_quiztext_letters(d->answer, &bits, NULL)) {
        for (uint32_t i = 0; i < q->options.count && i < 32; i++)
            if (bits == 1u << i)
                good = aj_quiz_truth(q->options.at[i].text, &q->truth);
        if (!q->options.count && (bits == 1 || bits == 2)) {
            q->truth = bits == 1;
            good = true;
        }
    }
    if (!good)
        TELL(t, AJ_ERROR, d->answer ? d->answer_line : q->line,
             d->answer ? "quiz-answer-bad" : "quiz-no-answer",
             AJ_TR("写成 答案：对 或 答案：错", "write 答案：对 or 答案：错"),
             AJ_TR("判断题的答案“%s”不是对错", "“%s” does not answer a true-or-false question"),
             d->answer ? d->answer : "");
    /* the blank that held √ is no part of the sentence */
    if (g_str_has_suffix(q->stem, "（　）"))
        q->stem = aj_quiztext_trim(t->arena, q->stem, strlen(q->stem) - strlen("（　）"));
    q->options.count = 0;
}

static void settle_order(Text *t, Draft *d)
{
    AjQuestion *q = &d->q;
    char order[27] = "";
    uint32_t bits = 0, all = q->options.count < 32 ? (1u << q->options.count) - 1 : 0;
    if (d->answer && aj_quiztext_letters(d->answer, &bits, order) && bits == all)
        for (const char *p = order; *p; p++)
            aj_quiz_push_string(t->arena, &q->items, q->options.at[*p - 'A'].text);
    else if (d->answer)
        bad_answer(t, d, "quiz-answer-letter", "排序题的答案“%s”没有用到每个选项",
                   "answer “%s” does not use every option once");
    q->options.count = 0;
}

static void settle(Text *t, Draft *d)
{
    AjQuestion *q = &d->q;
    if (d->inside && d->answer && strcmp(d->inside, d->answer) != 0) {
        uint32_t x = 0, y = 0;
        bool letters =
            aj_quiztext_letters(d->inside, &x, NULL) && aj_quiztext_letters(d->answer, &y, NULL);
        if (letters ? x != y : true)
            bad_answer(t, d, "quiz-answer-differs", "题干里的答案和“答案：%s”不同",
                       "the answer in the stem differs from “%s”");
    }
    if (!d->answer && d->inside) {
        d->answer = d->inside;
        d->answer_line = q->line;
    }
    settle_type(d);
    q->stem = aj_quiztext_blanks(t->arena, q->stem);
    switch (q->type) {
    case AJ_QUESTION_SINGLE:
    case AJ_QUESTION_MULTIPLE:
        settle_choice(t, d);
        break;
    case AJ_QUESTION_TRUEFALSE:
        settle_truth(t, d);
        break;
    case AJ_QUESTION_FILL:
        if (d->answer && *d->answer)
            aj_quiztext_answers(t->arena, q, d->answer);
        break;
    case AJ_QUESTION_ORDER:
        settle_order(t, d);
        break;
    case AJ_QUESTION_SHORT:
        q->reference = d->answer && *d->answer ? d->answer : NULL;
        break;
    case AJ_QUESTION_MATCH:
    case AJ_QUESTION_SCENARIO:
    case AJ_QUESTION_TYPES:
        break;
    }
    if (q->explanation && !*q->explanation)
        q->explanation = NULL;
}

bool aj_quiztxt_parse(AjArena *a, const char *bytes, size_t len, const char *path, AjQuiz *quiz_out,
                      AjDiags *diags)
{
    size_t size;
    *quiz_out = (AjQuiz){0};
    const char *text = aj_quiztext_decode(a, bytes, len, path, &size, diags);
    if (!text)
        return false;
    Text t = {.arena = a, .path = path, .diags = diags};
    uint32_t line = 0;
    for (const char *p = text, *end = text + size; p < end;) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        stop = stop ? stop : end;
        line++;
        const char *next = stop;
        while (next < end && (*next == '\n' || *next == ' ' || *next == '\t'))
            next++;
        const char *from = skip_blank(p, stop);
        if (from < stop)
            take_line(&t, from, stop, next, line);
        t.blank_before = from == stop;
        p = stop < end ? stop + 1 : end;
    }
    quiz_out->title = t.title;
    for (uint32_t i = 0; i < t.drafts.count; i++) {
        settle(&t, &t.drafts.at[i]);
        *aj_quiz_push(a, &quiz_out->questions) = t.drafts.at[i].q;
    }
    aj_quiz_settle(a, quiz_out);
    return true;
}
