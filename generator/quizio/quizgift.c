/* quizgift - writes GIFT, Moodle's text form of questions.
 *
 * Must not know: how GIFT is read, Markdown, files. */
#include "quizio/quizgift.h"

#include "quizio/quizlost.h"

#include <string.h>

static void put(GString *out, const char *s)
{
    for (; *s; s++) {
        if (*s == '\n') {
            g_string_append(out, "\\n");
            continue;
        }
        if (strchr("~=#{}:\\", *s))
            g_string_append_c(out, '\\');
        g_string_append_c(out, *s);
    }
}

static void put_feedback(GString *out, const char *feedback)
{
    if (feedback && *feedback) {
        g_string_append(out, " #");
        put(out, feedback);
    }
    g_string_append_c(out, '\n');
}

static void put_choice(GString *out, const AjQuestion *q)
{
    uint32_t right = 0;
    for (uint32_t i = 0; i < q->options.count; i++)
        right += q->options.at[i].correct;
    for (uint32_t i = 0; i < q->options.count; i++) {
        const AjOption *o = &q->options.at[i];
        if (q->type == AJ_QUESTION_SINGLE) {
            g_string_append(out, o->correct ? "  =" : "  ~");
        } else {
            /* Moodle takes fractions with five places */
            char weight[32];
            g_ascii_formatd(weight, sizeof weight, "%.5f", o->correct ? 100.0 / right : -100.0);
            size_t n = strlen(weight);
            while (n && weight[n - 1] == '0')
                weight[--n] = '\0';
            if (n && weight[n - 1] == '.')
                weight[n - 1] = '\0';
            g_string_append_printf(out, "  ~%%%s%%", weight);
        }
        put(out, o->text);
        put_feedback(out, o->feedback);
    }
}

static void put_fill(GString *out, const AjQuestion *q)
{
    AjArena *a = aj_arena_new(256);
    const AjBlank *only = q->blanks.count == 1 ? &q->blanks.at[0] : NULL;
    bool numbers = only != NULL;
    for (uint32_t k = 0; only && k < only->count; k++)
        numbers &= !only->at[k].text;
    if (numbers)
        g_string_append(out, "  #\n");
    if (!only)
        g_string_append(out, "  =");
    for (uint32_t i = 0; i < q->blanks.count; i++) {
        for (uint32_t k = 0; k < q->blanks.at[i].count; k++) {
            const AjAnswer *answer = &q->blanks.at[i].at[k];
            const char *said = answer->text;
            if (!said)
                said = aj_arena_printf(a, numbers ? "%s:%s" : "%s±%s",
                                       aj_quiz_number(a, answer->value),
                                       aj_quiz_number(a, answer->tolerance));
            g_string_append(out, only ? "  =" : k ? "｜" : i ? "；" : "");
            if (numbers)
                g_string_append(out, said);
            else
                put(out, said);
            if (only)
                g_string_append_c(out, '\n');
        }
    }
    if (!only)
        g_string_append_c(out, '\n');
    aj_arena_free(a);
}

static void put_match(GString *out, const AjQuestion *q)
{
    for (uint32_t i = 0; i < q->pairs.count; i++) {
        g_string_append(out, "  =");
        put(out, q->pairs.at[i].left);
        g_string_append(out, " -> ");
        put(out, q->pairs.at[i].right);
        g_string_append_c(out, '\n');
    }
    for (uint32_t i = 0; i < q->distractors.count; i++) {
        g_string_append(out, "  = -> ");
        put(out, q->distractors.at[i]);
        g_string_append_c(out, '\n');
    }
}

static void put_category(GString *out, const AjQuestion *q, GString *last)
{
    g_autoptr(GString) now = g_string_new(NULL);
    for (uint32_t i = 0; i < q->tags.count; i++) {
        g_string_append(now, i ? "/" : "");
        for (const char *p = q->tags.at[i]; *p; p++)
            g_string_append_c(now, *p == '/' ? '-' : *p);
    }
    if (strcmp(now->str, last->str) == 0)
        return;
    g_string_append_printf(out, "$CATEGORY: %s\n\n", now->len ? now->str : "$course$");
    g_string_assign(last, now->str);
}

static void put_question(GString *out, const AjQuestion *q)
{
    if (q->own_id) {
        g_string_append(out, "::");
        put(out, q->id);
        g_string_append(out, "::");
    }
    put(out, q->stem);
    g_string_append(out, q->type == AJ_QUESTION_TRUEFALSE ? " {" : " {\n");
    switch (q->type) {
    case AJ_QUESTION_SINGLE:
    case AJ_QUESTION_MULTIPLE:
        put_choice(out, q);
        break;
    case AJ_QUESTION_TRUEFALSE:
        g_string_append(out, q->truth ? "TRUE" : "FALSE");
        if (q->explanation)
            g_string_append_c(out, '\n');
        break;
    case AJ_QUESTION_FILL:
        put_fill(out, q);
        break;
    case AJ_QUESTION_MATCH:
        put_match(out, q);
        break;
    default:
        break;
    }
    bool reference = q->type == AJ_QUESTION_SHORT && q->reference;
    if (reference) {
        g_string_append(out, "  ####参考答案：");
        put(out, q->reference);
        g_string_append(out, q->explanation ? "\\n解析：" : "\n");
    } else if (q->explanation) {
        g_string_append(out, "  ####");
    }
    if (q->explanation) {
        put(out, q->explanation);
        g_string_append_c(out, '\n');
    }
    g_string_append(out, "}\n\n");
}

void aj_quizgift_print(const AjQuiz *quiz, const char *path, GString *out, AjDiags *diags)
{
    static const AjQuizlost lost = {.format = "GIFT",
                                    .no_order = true,
                                    .no_scenario = true,
                                    .no_points = true,
                                    .no_difficulty = true,
                                    .no_red_line = true,
                                    .no_pool = true,
                                    .no_partial = true,
                                    .no_rubric = true,
                                    .no_settings = true};
    g_autoptr(GString) category = g_string_new(NULL);
    for (uint32_t i = 0; i < quiz->questions.count; i++) {
        const AjQuestion *q = &quiz->questions.at[i];
        if (q->type == AJ_QUESTION_ORDER || q->type == AJ_QUESTION_SCENARIO)
            continue;
        put_category(out, q, category);
        put_question(out, q);
    }
    aj_quizlost_tell(&lost, quiz, path, diags);
}
