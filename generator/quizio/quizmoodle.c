/* quizmoodle - questions as Moodle XML.
 *
 * Must not know: Markdown, files. */
#include "quizio/quizmoodle.h"

#include "base/text.h"
#include "quizio/quizlost.h"

#include <string.h>

/* XML text; characters that XML 1.0 has no form for are left out. */
static void put(GString *out, const char *s)
{
    for (const char *p = s ? s : ""; *p;) {
        const char *next = g_utf8_next_char(p);
        if ((unsigned char)*p >= ' ' || *p == '\n' || *p == '\t')
            aj_escape_attr(out, p, (size_t)(next - p));
        p = next;
    }
}

static void put_text(GString *out, const char *indent, const char *element, const char *text)
{
    g_string_append_printf(out, "%s<%s format=\"plain_text\"><text>", indent, element);
    put(out, text);
    g_string_append_printf(out, "</text></%s>\n", element);
}

static void put_answer(GString *out, double fraction, const char *text, const char *feedback)
{
    char number[32];
    g_ascii_formatd(number, sizeof number, "%.5f", fraction);
    size_t n = strlen(number);
    while (number[n - 1] == '0')
        number[--n] = '\0';
    if (number[n - 1] == '.')
        number[n - 1] = '\0';
    g_string_append_printf(out, "    <answer fraction=\"%s\" format=\"plain_text\">\n      <text>",
                           number);
    put(out, text);
    g_string_append(out, "</text>\n");
    if (feedback)
        put_text(out, "      ", "feedback", feedback);
    g_string_append(out, "    </answer>\n");
}

static void put_choice(GString *out, const AjQuestion *q)
{
    uint32_t right = 0;
    bool single = q->type == AJ_QUESTION_SINGLE;
    for (uint32_t i = 0; i < q->options.count; i++)
        right += q->options.at[i].correct;
    g_string_append_printf(out,
                           "    <single>%s</single>\n    <shuffleanswers>true</shuffleanswers>\n"
                           "    <answernumbering>ABCD</answernumbering>\n",
                           single ? "true" : "false");
    for (uint32_t i = 0; i < q->options.count; i++) {
        const AjOption *o = &q->options.at[i];
        double share = single ? 100 : 100.0 / right;
        put_answer(out, o->correct ? share : single ? 0 : -100, o->text, o->feedback);
    }
}

/* Moodle adds a cloze up from whole weights: 0 when the points are no such sum. */
static uint32_t weight_of(const AjQuestion *q)
{
    double each = q->points / q->blanks.count;
    return each >= 1 && each == (double)(uint32_t)each ? (uint32_t)each : 0;
}

/* "{1:SHORTANSWER:=通风~=换气}": } # ~ / " and \ are escaped inside. */
static void put_gap(GString *out, const AjBlank *blank, uint32_t weight)
{
    AjArena *a = aj_arena_new(256);
    bool numbers = true;
    for (uint32_t k = 0; k < blank->count; k++)
        numbers &= !blank->at[k].text;
    g_string_append_printf(out, "{%u:%s:", MAX(weight, 1), numbers ? "NUMERICAL" : "SHORTANSWER");
    for (uint32_t k = 0; k < blank->count; k++) {
        const AjAnswer *answer = &blank->at[k];
        const char *said = answer->text;
        if (!said)
            said = aj_arena_printf(a, numbers ? "%s:%s" : "%s±%s", aj_quiz_number(a, answer->value),
                                   aj_quiz_number(a, answer->tolerance));
        g_string_append(out, k ? "~=" : "=");
        for (const char *p = said; *p; p++) {
            if (strchr("}#~/\"\\", *p))
                g_string_append_c(out, '\\');
            g_string_append_c(out, *p);
        }
    }
    g_string_append_c(out, '}');
    aj_arena_free(a);
}

/* The stem with a gap in place of each blank （　）. */
static char *cloze(const AjQuestion *q)
{
    GString *out = g_string_new(NULL);
    uint32_t blank = 0;
    for (const char *p = q->stem; *p;) {
        const char *end = aj_quiz_blank_end(p);
        if (end && blank < q->blanks.count) {
            put_gap(out, &q->blanks.at[blank++], weight_of(q));
            p = end;
        } else {
            const char *next = g_utf8_next_char(p);
            g_string_append_len(out, p, next - p);
            p = next;
        }
    }
    return g_string_free(out, FALSE);
}

static void put_short(GString *out, const AjQuestion *q)
{
    AjArena *a = aj_arena_new(256);
    const AjBlank *blank = &q->blanks.at[0];
    for (uint32_t k = 0; k < blank->count; k++) {
        const AjAnswer *answer = &blank->at[k];
        put_answer(out, 100,
                   answer->text ? answer->text
                                : aj_arena_printf(a, "%s±%s", aj_quiz_number(a, answer->value),
                                                  aj_quiz_number(a, answer->tolerance)),
                   NULL);
    }
    aj_arena_free(a);
}

static void put_numbers(GString *out, const AjQuestion *q)
{
    AjArena *a = aj_arena_new(256);
    for (uint32_t k = 0; k < q->blanks.at[0].count; k++) {
        const AjAnswer *answer = &q->blanks.at[0].at[k];
        g_string_append_printf(
            out,
            "    <answer fraction=\"100\" format=\"plain_text\">\n"
            "      <text>%s</text>\n      <tolerance>%s</tolerance>\n    </answer>\n",
            aj_quiz_number(a, answer->value), aj_quiz_number(a, answer->tolerance));
    }
    aj_arena_free(a);
}

static void put_pair(GString *out, const char *left, const char *right)
{
    g_string_append(out, "    <subquestion format=\"plain_text\">\n      <text>");
    put(out, left);
    g_string_append(out, "</text>\n      <answer><text>");
    put(out, right);
    g_string_append(out, "</text></answer>\n    </subquestion>\n");
}

static void put_essay(GString *out, const AjQuestion *q)
{
    g_autoptr(GString) notes = g_string_new(q->reference ? q->reference : "");
    for (uint32_t i = 0; i < q->rubric.count; i++)
        g_string_append_printf(notes, "%s%s（%g分）", notes->len ? "\n" : "", q->rubric.at[i].text,
                               q->rubric.at[i].points);
    g_string_append(out, "    <responseformat>plain</responseformat>\n");
    put_text(out, "    ", "graderinfo", notes->str);
}

static const char *moodle_type(const AjQuestion *q)
{
    if (q->type != AJ_QUESTION_FILL) {
        static const char *const names[AJ_QUESTION_TYPES] = {
            "multichoice", "multichoice", "truefalse", NULL, "matching", "matching", NULL, "essay"};
        return names[q->type];
    }
    if (q->blanks.count != 1)
        return "cloze";
    for (uint32_t k = 0; k < q->blanks.at[0].count; k++)
        if (q->blanks.at[0].at[k].text)
            return "shortanswer";
    return "numerical";
}

static void put_question(GString *out, const AjQuestion *q, const char *type)
{
    AjArena *a = aj_arena_new(256);
    bool is_cloze = strcmp(type, "cloze") == 0;
    g_autofree char *gaps = is_cloze ? cloze(q) : NULL;
    g_string_append_printf(out, "  <question type=\"%s\">\n    <name><text>", type);
    put(out, q->id);
    g_string_append(out, "</text></name>\n");
    put_text(out, "    ", "questiontext", is_cloze ? gaps : q->stem);
    if (q->explanation)
        put_text(out, "    ", "generalfeedback", q->explanation);
    if (!is_cloze)
        g_string_append_printf(out, "    <defaultgrade>%s</defaultgrade>\n",
                               aj_quiz_number(a, q->points));
    if (q->own_id) {
        g_string_append(out, "    <idnumber>");
        put(out, q->id);
        g_string_append(out, "</idnumber>\n");
    }
    if (q->type == AJ_QUESTION_SINGLE || q->type == AJ_QUESTION_MULTIPLE) {
        put_choice(out, q);
    } else if (q->type == AJ_QUESTION_TRUEFALSE) {
        put_answer(out, q->truth ? 100 : 0, "true", NULL);
        put_answer(out, q->truth ? 0 : 100, "false", NULL);
    } else if (strcmp(type, "shortanswer") == 0) {
        put_short(out, q);
    } else if (strcmp(type, "numerical") == 0) {
        put_numbers(out, q);
    } else if (q->type == AJ_QUESTION_SHORT) {
        put_essay(out, q);
    } else if (!is_cloze) {
        g_string_append(out, "    <shuffleanswers>true</shuffleanswers>\n");
    }
    for (uint32_t i = 0; i < q->pairs.count; i++)
        put_pair(out, q->pairs.at[i].left, q->pairs.at[i].right);
    for (uint32_t i = 0; i < q->distractors.count; i++)
        put_pair(out, "", q->distractors.at[i]);
    for (uint32_t i = 0; i < q->items.count; i++)
        put_pair(out, q->items.at[i], aj_arena_printf(a, "%u", i + 1));
    if (q->tags.count || q->difficulty) {
        g_string_append(out, "    <tags>\n");
        for (uint32_t i = 0; i < q->tags.count; i++) {
            g_string_append(out, "      <tag><text>");
            put(out, q->tags.at[i]);
            g_string_append(out, "</text></tag>\n");
        }
        if (q->difficulty) {
            g_string_append(out, "      <tag><text>难度：");
            put(out, q->difficulty);
            g_string_append(out, "</text></tag>\n");
        }
        g_string_append(out, "    </tags>\n");
    }
    g_string_append(out, "  </question>\n");
    aj_arena_free(a);
}

static void put_category(GString *out, const AjQuiz *quiz, const char *pool)
{
    g_string_append(out, "  <question type=\"category\">\n    <category><text>$course$/top/");
    g_autoptr(GString) name = g_string_new(pool ? pool : quiz->title ? quiz->title : "");
    for (char *p = name->str; *p; p++)
        if (*p == '/')
            *p = '-';
    put(out, name->len ? name->str : "题目");
    g_string_append(out, "</text></category>\n  </question>\n");
}

void aj_quizmoodle_print(const AjQuiz *quiz, const char *path, GString *out, AjDiags *diags)
{
    static const AjQuizlost lost = {.format = "Moodle XML",
                                    .no_scenario = true,
                                    .no_red_line = true,
                                    .no_partial = true,
                                    .no_settings = true};
    const char *pool = "";
    g_string_append(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<quiz>\n");
    for (uint32_t i = 0; i < quiz->questions.count; i++) {
        const AjQuestion *q = &quiz->questions.at[i];
        const char *type = moodle_type(q);
        if (!type)
            continue;
        if (!i || g_strcmp0(pool, q->pool) != 0)
            put_category(out, quiz, q->pool);
        pool = q->pool;
        if (strcmp(type, "cloze") == 0 && !weight_of(q))
            aj_diag(diags, AJ_WARNING, (AjPos){path, q->line, 0}, "quiz-export-lost",
                    AJ_TR("让分值是空数的整数倍", "make the points a multiple of the blanks"),
                    AJ_TR("Moodle 的填空每空是整数分，这道题 %g 分、%u 个空，导出后每空 1 分",
                          "Moodle's blanks have whole points; of %g for %u blanks each gets 1"),
                    q->points, q->blanks.count);
        put_question(out, q, type);
    }
    g_string_append(out, "</quiz>\n");
    aj_quizlost_tell(&lost, quiz, path, diags);
}
