/* quizdraft - a question as pasted, before its type and its answer are settled.
 *
 * Must not know: lines, files. */
#include "quizio/quizdraft.h"

#include "quizio/quizline.h"
#include "quizio/quiztext.h"

#include <glib.h>
#include <string.h>

typedef struct {
    AjArena *arena;
    const char *path;
    AjDiags *diags;
} Settle;

#define TELL(t, level, line, code, hint, message, what)                                            \
    aj_diag((t)->diags, level, (AjPos){(t)->path, line, 0}, code, hint, message, what)

static void bad_answer(const Settle *t, const AjDraft *d, const char *code, const char *zh,
                       const char *en)
{
    TELL(t, AJ_ERROR, d->answer_line, code,
         AJ_TR("选择题写字母，判断题写 对 或 错",
               "letters for a choice, 对 or 错 for true or false"),
         AJ_TR(zh, en), d->answer);
}

static void settle_type(const Settle *t, AjDraft *d)
{
    AjQuestion *q = &d->q;
    uint32_t bits = 0;
    bool truth;
    const char *answer = d->answer ? d->answer : "";
    bool letters = aj_quiztext_letters(answer, &bits, NULL);
    /* the section says 单选, and the answer says that this one is none */
    bool astray = (q->type == AJ_QUESTION_SINGLE || q->type == AJ_QUESTION_MULTIPLE) &&
                  !q->options.count && *answer && !letters;
    if (d->typed && !astray)
        return;
    for (uint32_t i = 0; i < q->options.count && i < 32; i++)
        bits |= q->options.at[i].correct ? 1u << i : 0;
    if (q->options.count == 2 && aj_quiz_truth(q->options.at[0].text, &truth) &&
        aj_quiz_truth(q->options.at[1].text, &truth))
        q->type = AJ_QUESTION_TRUEFALSE;
    else if (q->options.count)
        q->type = bits & (bits - 1) ? AJ_QUESTION_MULTIPLE : AJ_QUESTION_SINGLE;
    else if (aj_quiz_truth(answer, &truth))
        q->type = AJ_QUESTION_TRUEFALSE;
    else
        q->type = aj_quiz_blanks(aj_quiztext_blanks(t->arena, q->stem)) ? AJ_QUESTION_FILL
                                                                        : AJ_QUESTION_SHORT;
}

static const char *without_end(AjArena *a, const char *text, const char *end)
{
    while (g_str_has_suffix(text, end))
        text = aj_quiztext_trim(a, text, strlen(text) - strlen(end));
    return text;
}

/* "通风" or "B、通风": the option that says so, as bits. */
static bool option_said(const AjQuestion *q, const char *answer, uint32_t *bits_out)
{
    unsigned letter = 0;
    AjLetterForm form;
    const char *behind = aj_quizline_letter(answer, answer + strlen(answer), &letter, &form);
    g_autofree char *whole = aj_quiz_fold(answer), *rest = aj_quiz_fold(behind ? behind : answer);
    for (uint32_t i = 0; i < q->options.count && i < 32; i++) {
        g_autofree char *text = aj_quiz_fold(q->options.at[i].text);
        if (strcmp(text, whole) != 0 && (!behind || letter != i || strcmp(text, rest) != 0))
            continue;
        *bits_out = 1u << i;
        return true;
    }
    return false;
}

static void settle_choice(const Settle *t, AjDraft *d)
{
    AjQuestion *q = &d->q;
    uint32_t bits = 0;
    for (uint32_t i = 0; i < q->options.count; i++) { /* A、甲；B、乙；C、丙。 */
        q->options.at[i].text = without_end(t->arena, q->options.at[i].text, "；");
        q->options.at[i].text = without_end(t->arena, q->options.at[i].text, ";");
    }
    if (!d->answer)
        return;
    if (!aj_quiztext_letters(d->answer, &bits, NULL) && !option_said(q, d->answer, &bits)) {
        bad_answer(t, d, "quiz-answer-letter", "看不懂选择题的答案“%s”", "“%s” answers no choice");
        return;
    }
    if (bits >> q->options.count)
        bad_answer(t, d, "quiz-answer-letter", "答案“%s”超出了选项",
                   "answer “%s” is outside the options");
    for (uint32_t i = 0; i < q->options.count && i < 32; i++)
        q->options.at[i].correct |= bits >> i & 1;
}

static void settle_truth(const Settle *t, AjDraft *d)
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
    q->untold = !good;
    if (d->answer && !good)
        bad_answer(t, d, "quiz-answer-bad", "判断题的答案“%s”不是对错",
                   "“%s” does not answer a true-or-false question");
    else if (!good)
        TELL(t, AJ_ERROR, q->line, "quiz-no-answer",
             AJ_TR("写成 答案：对 或 答案：错", "write 答案：对 or 答案：错"),
             AJ_TR("这道题没有答案：%s", "a question without an answer: %s"), q->stem);
    /* the blank that held √ is no part of the sentence */
    size_t len = strlen(q->stem), blank = strlen("（　）");
    if (g_str_has_prefix(q->stem, "（　）"))
        q->stem = aj_quiztext_trim(t->arena, q->stem + blank, len - blank);
    else if (g_str_has_suffix(q->stem, "（　）"))
        q->stem = aj_quiztext_trim(t->arena, q->stem, len - blank);
    else if (g_str_has_suffix(q->stem, "（　）。"))
        q->stem = aj_arena_printf(t->arena, "%.*s。", (int)(len - strlen("（　）。")), q->stem);
    q->options.count = 0;
}

static void settle_order(const Settle *t, AjDraft *d)
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

/* Behind the bracket that opens at `p`; NULL when none opens there, or nothing stands inside. */
static const char *said_end(const char *p, const char *end)
{
    bool wide = g_str_has_prefix(p, "（");
    const char *q = wide ? p + strlen("（") : p + 1, *from = q;
    if (p == end || (!wide && *p != '('))
        return NULL;
    while (q < end && *q != ')' && !g_str_has_prefix(q, "）"))
        q = g_utf8_next_char(q);
    return q > from && q < end ? g_utf8_next_char(q) : NULL;
}

static bool says_nothing(const char *p, const char *end)
{
    for (; p < end; p = g_utf8_next_char(p))
        if (g_unichar_isalnum(g_utf8_get_char(p)))
            return false;
    return true;
}

/* 安全第一、（预防为主）、综合治理: the words in brackets are the answers when nothing else is; and
 * 基准面 __2__ 米: so are those between underscores. */
static void take_filled(const Settle *t, AjQuestion *q)
{
    g_autoptr(GString) stem = g_string_new(NULL);
    g_autoptr(GString) answers = g_string_new(NULL);
    for (const char *p = q->stem, *end = p + strlen(p); p < end;) {
        const char *behind = said_end(p, end), *from = p, *to = NULL;
        if (behind) {
            from = g_utf8_next_char(p);
            to = g_utf8_prev_char(behind);
        } else if (strspn(p, "_") == 2) { /* longer ones are blanks */
            from = p + 2;
            to = strstr(from, "__");
            behind = to && strspn(to, "_") == 2 && !says_nothing(from, to) ? to + 2 : NULL;
        }
        const char *said = to ? aj_quiztext_trim(t->arena, from, (size_t)(to - from)) : "";
        if (behind && *said) {
            g_string_append_printf(answers, "%s%s", answers->len ? "；" : "", said);
            g_string_append(stem, "（　）");
            p = behind;
        } else if (*p == '_') {
            size_t run = strspn(p, "_");
            g_string_append_len(stem, p, (gssize)run);
            p += run;
        } else {
            const char *next = g_utf8_next_char(p);
            g_string_append_len(stem, p, next - p);
            p = next;
        }
    }
    if (!answers->len)
        return;
    q->stem = aj_arena_strdup(t->arena, stem->str);
    aj_quiztext_answers(t->arena, q, answers->str);
    TELL(t, AJ_WARNING, q->line, "quiz-fill-inside",
         AJ_TR("核对哪些是空、哪些是原来的括号", "see which brackets are blanks and which are not"),
         AJ_TR("把题干里的字当作答案：%s", "words in the stem are taken for answers: %s"),
         answers->str);
}

/* 红色表示（　），黄色表示（　）。（禁止；警告）: as many parts as there are blanks before it. */
static bool take_trailing(const Settle *t, AjQuestion *q)
{
    const char *end = q->stem + strlen(q->stem), *open = end;
    uint32_t blanks = aj_quiz_blanks(q->stem);
    while (open > q->stem && *open != '(' && !g_str_has_prefix(open, "（"))
        open = g_utf8_prev_char(open);
    const char *from = open < end ? g_utf8_next_char(open) : end, *to = g_utf8_prev_char(end);
    if (!blanks || said_end(open, end) != end ||
        !*aj_quiztext_trim(t->arena, from, (size_t)(to - from)))
        return false;
    AjQuestion trial = {.stem = q->stem};
    aj_quiztext_answers(t->arena, &trial, aj_quiztext_trim(t->arena, from, (size_t)(to - from)));
    if (trial.blanks.count != blanks)
        return false;
    q->blanks = trial.blanks;
    q->stem = aj_quiztext_trim(t->arena, q->stem, (size_t)(open - q->stem));
    return true;
}

static void settle_fill(const Settle *t, AjDraft *d, const char *raw)
{
    AjQuestion *q = &d->q;
    if (d->answer && *d->answer) {
        aj_quiztext_answers(t->arena, q, d->answer);
        return;
    }
    if (take_trailing(t, q) || (aj_quiz_blanks(q->stem) && !strstr(raw, "__")))
        return;
    q->stem = raw;
    take_filled(t, q);
    q->stem = aj_quiztext_blanks(t->arena, q->stem);
}

static void settle(const Settle *t, AjDraft *d)
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
    settle_type(t, d);
    const char *raw = q->stem;
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
        settle_fill(t, d, raw);
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

void aj_quizdraft_settle(AjArena *a, AjDraft *draft, const char *path, AjDiags *diags)
{
    Settle t = {a, path, diags};
    settle(&t, draft);
}
