/* quiztxt - questions pasted from Word or a text file.
 *
 * Line by line; a question is open until the next begins, and each of its lines belongs to the part
 * that is open: stem, option, answer, explanation. What a line says is quizline's, what a draft
 * comes to is quizdraft's. Must not know: Markdown, files. */
#include "quizio/quiztxt.h"

#include "quizio/quizdraft.h"
#include "quizio/quizline.h"
#include "quizio/quizstem.h"
#include "quizio/quiztext.h"

#include <glib.h>
#include <string.h>

enum { BRIEF = 40 }; /* bytes of an answer that goes on in no list */
typedef enum { P_NONE, P_STEM, P_OPTION, P_ANSWER, P_EXPLANATION, P_OTHER } Part;
typedef struct {
    AjArena *arena;
    const char *path;
    AjDiags *diags;
    AJ_QUIZ_LIST(AjDraft) drafts;
    Part part;
    bool blank_before; /* the line above is empty */
    AjQuizsection section;
    uint32_t section_number, number;
    AjNumberForm form; /* of the first question's number */
    AjLetterForm letters;
    const char *title, *type; /* of the file; said before a question begins, on type_line */
    uint32_t type_line;
    bool key; /* in a list of answers at the end */
    uint32_t key_section;
    AjDraft *keyed;    /* whose answer the list gives in words */
    GArray *key_heads; /* 题号 1 2 3, until 答案 A B C */
} Text;

#define TELL(t, level, line, code, hint, message, what)                                            \
    aj_diag((t)->diags, level, (AjPos){(t)->path, line, 0}, code, hint, message, what)

static AjDraft *draft_open(Text *t)
{
    return t->drafts.count ? &t->drafts.at[t->drafts.count - 1] : NULL;
}

static const char *trimmed(Text *t, const char *p, const char *end)
{
    return aj_quiztext_trim(t->arena, p, (size_t)(end - p));
}

static const char *joined(Text *t, const char *old, const char *more, const char *between)
{
    return old && *old ? aj_arena_printf(t->arena, "%s%s%s", old, between, more)
                       : aj_arena_strdup(t->arena, more);
}

static void tell_unread(Text *t, AjLevel level, const char *text, uint32_t line)
{
    TELL(t, level, line, "quiz-line-unread",
         AJ_TR("题目前写题号，选项前写 A、，答案前写 答案：",
               "number questions, letter options, write 答案： before answers"),
         AJ_TR("这一行没有读懂，没有导入：%s", "this line is not understood and left out: %s"),
         text);
}

/* ------------------------------------------------------------------ parts of a question */

/* Does the next letter in turn begin an option at `r`, inside a line? */
static const char *next_option(const char *r, const char *from, const char *end, unsigned due,
                               AjLetterForm like)
{
    unsigned letter;
    AjLetterForm form;
    const char *behind = aj_quizline_letter(r, end, &letter, &form);
    if (!behind || letter != due || r == from)
        return NULL;
    const char *left = g_utf8_prev_char(r);
    const char *q = left;
    bool apart = aj_quiztext_next(&q, end) == ' ';
    if (form == AJ_LETTER_BRACKET || (form == AJ_LETTER_MARK && !g_ascii_isalnum(*left)))
        return behind;
    /* "维生素B 片" begins nothing; "甲  B 乙" does where "A 甲" did */
    return apart && like == form ? behind : NULL;
}

/* "A、甲 B、乙": an option ends where the next letter in turn begins one. */
static void add_options(Text *t, AjDraft *d, const char *p, const char *end, uint32_t line)
{
    unsigned letter;
    AjLetterForm form;
    const char *from = aj_quizline_letter(p, end, &letter, &form);
    t->letters = form;
    while (from) {
        uint32_t due = d->q.options.count;
        if (letter != due) {
            char say[2] = {(char)('A' + letter), 0};
            TELL(t, letter < due ? AJ_ERROR : AJ_WARNING, line,
                 letter < due ? "quiz-option-twice" : "quiz-option-order",
                 AJ_TR("选项从 A 起按顺序写", "letter the options from A, in order"),
                 AJ_TR("这里不该是选项 %s", "option %s is not due here"), say);
        }
        const char *stop = from, *next = NULL;
        while (stop < end && !(next = next_option(stop, from, end, letter + 1, form)))
            stop = g_utf8_next_char(stop);
        AjOption *o = aj_quiz_push(t->arena, &d->q.options);
        o->line = line;
        const char *text = trimmed(t, from, stop);
        if (g_str_has_suffix(text, "√") || g_str_has_suffix(text, "✓")) { /* marks the option */
            text = aj_quiztext_trim(t->arena, text, strlen(text) - strlen("√"));
            o->correct = true;
        }
        o->text = text;
        from = next;
        letter++;
    }
    t->part = P_OPTION;
}

static void add_type(Text *t, AjDraft *d, const char *text, uint32_t line)
{
    if (aj_question_type_find(text, &d->q.type))
        d->typed = true;
    else
        TELL(t, AJ_ERROR, line, "quiz-type-unknown",
             AJ_TR("写成 单选 多选 判断 填空 排序 简答", "write 单选 多选 判断 填空 排序 简答"),
             AJ_TR("不认识的题型“%s”", "unknown type “%s”"), text);
}

static AjDraft *draft_new(Text *t, const char *p, const char *end, uint32_t line)
{
    AjDraft *d = aj_quiz_push(t->arena, &t->drafts);
    d->q = (AjQuestion){.line = line,
                        .points = t->section.points > 0 ? t->section.points : 1,
                        .type = t->section.type};
    d->typed = t->section.typed;
    d->section = t->section_number;
    d->answer_line = line;
    if (t->type)
        add_type(t, d, t->type, t->type_line);
    t->type = NULL;
    const char *options = aj_quizstem_options_inside(p, end);
    const char *stem = trimmed(t, p, options ? options : end);
    stem = aj_quizstem_take_type(t->arena, stem, &d->q.type, &d->typed);
    stem = aj_quizstem_take_points(t->arena, stem, &d->q.points);
    d->q.stem = aj_quizstem_take_inside(t->arena, stem,
                                        d->typed && d->q.type == AJ_QUESTION_TRUEFALSE, &d->inside);
    t->part = P_STEM;
    if (options)
        add_options(t, d, options, end, line);
    return d;
}

static void add_points(Text *t, AjDraft *d, const char *text, uint32_t line)
{
    g_autofree char *folded = aj_quiz_fold(text);
    char *stop;
    double n = g_ascii_strtod(folded, &stop);
    if (stop != folded && n > 0)
        d->q.points = n;
    else
        TELL(t, AJ_ERROR, line, "quiz-points-bad", AJ_TR("写成 分值：2", "write 分值：2"),
             AJ_TR("分值“%s”不是大于 0 的数", "“%s” is no number above 0"), text);
}

static void add_labelled(Text *t, AjDraft *d, AjLabel label, const char *text, uint32_t line)
{
    t->part = P_OTHER;
    switch (label) {
    case AJ_LABEL_ANSWER:
        if (d->answer)
            TELL(t, AJ_ERROR, line, "quiz-answer-twice", AJ_TR("只留一处", "keep one"),
                 AJ_TR("这道题已经有答案“%s”", "the question has the answer “%s” already"),
                 d->answer);
        d->answer = text;
        d->answer_line = line;
        d->item = 0;
        t->part = P_ANSWER;
        break;
    case AJ_LABEL_EXPLANATION:
    case AJ_LABEL_SOURCE:
        d->q.explanation = joined(t, d->q.explanation, text, "\n");
        d->item = 0;
        t->part = P_EXPLANATION;
        break;
    case AJ_LABEL_DIFFICULTY:
        d->q.difficulty = *text ? text : NULL;
        break;
    case AJ_LABEL_TAGS:
        aj_quiztext_tags(t->arena, &d->q, text);
        break;
    case AJ_LABEL_ID:
        d->q.id = *text ? text : NULL;
        d->q.own_id = d->q.id != NULL;
        break;
    case AJ_LABEL_POINTS:
        add_points(t, d, text, line);
        break;
    case AJ_LABEL_TYPE:
        add_type(t, d, text, line);
        break;
    case AJ_LABEL_STEM:
        break;
    }
}

static void put_more(Text *t, AjDraft *d, const char *text, uint32_t line)
{
    switch (t->part) {
    case P_STEM:
        d->q.stem =
            joined(t, d->q.stem, aj_quizstem_take_inside(t->arena, text, false, &d->inside), "\n");
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
        tell_unread(t, AJ_ERROR, text, line);
    }
}

/* ------------------------------------------------------------------ a list of answers */

static AjDraft *draft_numbered(Text *t, uint32_t number)
{
    AjDraft *found = NULL;
    for (uint32_t i = 0; i < t->drafts.count; i++) {
        AjDraft *d = &t->drafts.at[i];
        if (d->number == number && (!t->key_section || d->section == t->key_section) &&
            (!found || (found->answer && !d->answer)))
            found = d;
    }
    return found;
}

static void give_answers(Text *t, const GArray *items, uint32_t line)
{
    t->key = true;
    t->keyed = NULL;
    t->part = P_NONE;
    for (guint i = 0; i < items->len; i++) {
        const AjKeyItem *item = &g_array_index(items, AjKeyItem, i);
        AjDraft *d = draft_numbered(t, item->number);
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
}

/* `least` pairs make a list: one alone may be an answer like any other. */
static bool take_key(Text *t, const char *p, const char *end, uint32_t line, guint least)
{
    g_autoptr(GArray) items = g_array_new(FALSE, FALSE, sizeof(AjKeyItem));
    if (!aj_quizline_key(t->arena, p, end, items) || items->len < least)
        return false;
    give_answers(t, items, line);
    return true;
}

/* 题号 1 2 3 above 答案 A B C: a table out of Word. */
static bool take_key_table(Text *t, const char *p, const char *end, const char *next, uint32_t line)
{
    if (t->key_heads && aj_quizline_key_row(t->arena, p, end, t->key_heads)) {
        give_answers(t, t->key_heads, line);
        g_clear_pointer(&t->key_heads, g_array_unref);
        return true;
    }
    g_clear_pointer(&t->key_heads, g_array_unref);
    g_autoptr(GArray) heads = g_array_new(FALSE, TRUE, sizeof(AjKeyItem));
    g_autoptr(GArray) trial = NULL;
    if (!t->drafts.count || !aj_quizline_key_head(p, end, heads))
        return false;
    trial = g_array_copy(heads);
    if (!aj_quizline_key_row(t->arena, next, strchrnul(next, '\n'), trial))
        return false;
    t->key_heads = g_steal_pointer(&heads);
    return true;
}

/* "1、预防为主" below the list's own 四、填空题: an answer in words, on to the next number. */
static bool take_key_words(Text *t, const char *p, const char *end, uint32_t line)
{
    uint32_t number = 0;
    AjNumberForm form;
    const char *rest = aj_quizline_number(p, end, 0, &number, &form);
    AjDraft *d = rest && form != AJ_NUMBER_BARE ? draft_numbered(t, number) : NULL;
    if (d && !d->answer && (!t->keyed || form == t->form)) {
        AjLabel label;
        const char *behind = aj_quizline_label(rest, end, &label);
        d->answer = trimmed(t, behind && label == AJ_LABEL_ANSWER ? behind : rest, end);
        d->answer_line = line;
        t->keyed = d;
        return true;
    }
    if (!t->keyed)
        return false;
    t->keyed->answer = joined(t, t->keyed->answer, trimmed(t, p, end), "\n");
    return true;
}

/* ------------------------------------------------------------------ lines */

static bool take_section(Text *t, const char *p, const char *end)
{
    AjQuizsection section;
    if (!aj_quizline_section(p, end, &section))
        return false;
    if (t->key) {
        t->keyed = NULL;
        for (uint32_t i = 0; i < t->drafts.count; i++) /* the section of that type */
            if (t->drafts.at[i].typed && section.typed && t->drafts.at[i].q.type == section.type)
                t->key_section = t->drafts.at[i].section;
        return true;
    }
    t->section = section;
    t->section_number++;
    t->number = 0;
    t->part = P_NONE;
    return true;
}

static bool answers_next(const char *next)
{
    unsigned letter;
    AjLetterForm form;
    AjLabel label;
    const char *stop = strchrnul(next, '\n');
    return (aj_quizline_letter(next, stop, &letter, &form) && letter == 0) ||
           (aj_quizline_label(next, stop, &label) && label == AJ_LABEL_ANSWER);
}

static bool begins_unnumbered(Text *t, const char *p, const char *end, const char *next)
{
    const char *inside = NULL;
    g_autofree char *copy = g_strndup(p, (gsize)(end - p));
    aj_quizstem_take_inside(t->arena, copy, false, &inside);
    return inside || answers_next(next);
}

/* Is a numbered line a step of the answer or explanation under way, not the next question? */
static bool is_step(Text *t, AjDraft *d, const char *p, const char *end, const char *next,
                    uint32_t number, AjNumberForm form)
{
    if (!d || t->part == P_NONE)
        return false;
    bool due = number == t->number + 1;
    bool asks = aj_quizstem_asks(p, end) || answers_next(next);
    bool other = (form == AJ_NUMBER_BRACKET) != (t->form == AJ_NUMBER_BRACKET);
    bool brief = d->inside || (d->answer && strlen(d->answer) < BRIEF);
    if (other && due && asks && brief)
        return false;
    if (t->part != P_ANSWER && t->part != P_EXPLANATION)
        return other;
    bool goes_on = d->item && number == d->item + 1;
    if (!other && (due || t->blank_before) && (!goes_on || asks || t->blank_before))
        return false;
    d->item = number;
    return true;
}

static bool starts_question(Text *t, const char *p, const char *end, const char *next,
                            uint32_t line)
{
    uint32_t number = 0;
    AjNumberForm form = AJ_NUMBER_MARK;
    AjDraft *d = draft_open(t);
    const char *rest = aj_quizline_number(p, end, t->number + 1, &number, &form);
    if (rest && form == AJ_NUMBER_BARE &&
        !(begins_unnumbered(t, rest, end, next) || aj_quizstem_options_inside(rest, end)))
        rest = NULL;
    /* （1） inside an open question counts steps, unless all questions are written so */
    if (rest && form == AJ_NUMBER_BRACKET && d && number != t->number + 1)
        rest = NULL;
    if (rest && is_step(t, d, rest, end, next, number, form))
        rest = NULL;
    if (rest) {
        if (t->number && number != t->number + 1)
            TELL(t, AJ_WARNING, line, "quiz-number-jump",
                 AJ_TR("核对有没有漏题", "look for a missing question"),
                 AJ_TR("题号跳到了 %u", "the number jumps to %u"), number);
        if (!d)
            t->form = form;
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

static bool is_option(Text *t, AjDraft *d, const char *p, const char *end, const char *next)
{
    unsigned letter, below;
    AjLetterForm form, other;
    if (!d || t->key || (t->part != P_STEM && t->part != P_OPTION && d->q.options.count) ||
        t->part == P_EXPLANATION || !aj_quizline_letter(p, end, &letter, &form))
        return false;
    bool due = letter == d->q.options.count;
    if (form == AJ_LETTER_MARK || form == AJ_LETTER_BRACKET)
        return due || t->part == P_OPTION || t->part == P_STEM;
    /* "A 字架", "A字架": an option only when it is due; without a blank only among others */
    if (form == AJ_LETTER_BLANK || !due)
        return due;
    return (letter && t->letters == AJ_LETTER_BARE) ||
           (aj_quizline_letter(next, strchrnul(next, '\n'), &below, &other) && below == letter + 1);
}

static void take_line(Text *t, const char *p, const char *end, const char *next, uint32_t line);

/* 答案：, 解析： and their kin at the start of a line. */
static bool take_label(Text *t, const char *p, const char *end, const char *next, uint32_t line)
{
    AjLabel label;
    AjDraft *d = draft_open(t);
    const char *behind = aj_quizline_label(p, end, &label);
    if (behind && label == AJ_LABEL_ANSWER) {
        g_autoptr(GArray) items = g_array_new(FALSE, FALSE, sizeof(AjKeyItem));
        AjQuizsection section;
        const char *stop = strchrnul(next, '\n');
        if (take_key(t, behind, end, line, 2))
            return true;
        if (behind == end && (aj_quizline_key(t->arena, next, stop, items) ||
                              aj_quizline_section(next, stop, &section))) {
            t->key = true;
            return true;
        }
    }
    const char *inside = aj_quizline_label_inside(behind ? behind : p, end);
    if (inside) {
        take_line(t, p, inside, next, line);
        take_line(t, inside, end, next, line);
        return true;
    }
    if (!behind || t->key)
        return false;
    if (label == AJ_LABEL_STEM) {
        draft_new(t, behind, end, line);
        return true;
    }
    if (label == AJ_LABEL_TYPE && (!d || d->answer || t->part == P_NONE)) {
        t->type = trimmed(t, behind, end); /* of the question that comes */
        t->type_line = line;
        t->part = P_NONE;
        return true;
    }
    if (!d)
        return false;
    add_labelled(t, d, label, trimmed(t, label == AJ_LABEL_SOURCE ? p : behind, end), line);
    return true;
}

/* `next` is the text of the line below. */
static void take_line(Text *t, const char *p, const char *end, const char *next, uint32_t line)
{
    AjDraft *d = draft_open(t);
    const char *text = trimmed(t, p, end);
    if (aj_quizline_is_noise(p, end)) {
        tell_unread(t, AJ_WARNING, text, line);
        return;
    }
    if (take_section(t, p, end) || take_key_table(t, p, end, next, line) ||
        (t->key && take_key(t, p, end, line, 1)) || take_label(t, p, end, next, line) ||
        (t->key && take_key_words(t, p, end, line)))
        return;
    if (is_option(t, d, p, end, next)) {
        add_options(t, d, p, end, line);
        return;
    }
    if (d && !t->key && !*d->q.stem && !d->q.options.count) { /* 1．【答案】A, then the stem */
        d->q.stem = aj_quizstem_take_inside(t->arena, text, false, &d->inside);
        t->part = P_STEM;
        return;
    }
    if (!t->key && starts_question(t, p, end, next, line))
        return;
    if (!d && !t->title)
        t->title = text;
    else if (!d)
        tell_unread(t, AJ_WARNING, text, line); /* 姓名、部门、考试时间 above the questions */
    else
        put_more(t, d, text, line);
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
        const char *next = stop, *from = p;
        for (const char *q = next; aj_quiztext_next(&q, end) == ' '; next = q)
            ;
        for (const char *q = from; aj_quiztext_next(&q, stop) == ' '; from = q)
            ;
        if (from < stop)
            take_line(&t, from, stop, next, line);
        t.blank_before = from == stop;
        p = stop < end ? stop + 1 : end;
    }
    g_clear_pointer(&t.key_heads, g_array_unref);
    quiz_out->title = t.title;
    for (uint32_t i = 0; i < t.drafts.count; i++) {
        aj_quizdraft_settle(a, &t.drafts.at[i], path, diags);
        *aj_quiz_push(a, &quiz_out->questions) = t.drafts.at[i].q;
    }
    aj_quiz_settle(a, quiz_out);
    return true;
}
