/* quiz - questions, pools and settings of one quiz, as data.
 *
 * Must not know: Markdown, HTML, any format, the page a quiz stands on. */
#include "model/quiz.h"

#include "base/hash.h"

#include <glib.h>
#include <string.h>

static const struct {
    const char *name, *title;
} types[AJ_QUESTION_TYPES] = {
    {"single", "单选"}, {"multiple", "多选"}, {"truefalse", "判断"}, {"fill", "填空"},
    {"order", "排序"},  {"match", "匹配"},    {"scenario", "情景"},  {"short", "简答"},
};

/* What people call them in their old files; compared folded, without 题 at the end. */
static const struct {
    const char *word;
    AjQuestionType type;
} words[] = {
    {"单项选择", AJ_QUESTION_SINGLE},
    {"选择", AJ_QUESTION_SINGLE},
    {"多项选择", AJ_QUESTION_MULTIPLE},
    {"不定项选择", AJ_QUESTION_MULTIPLE},
    {"不定项", AJ_QUESTION_MULTIPLE},
    {"是非", AJ_QUESTION_TRUEFALSE},
    {"判断正误", AJ_QUESTION_TRUEFALSE},
    {"对错", AJ_QUESTION_TRUEFALSE},
    {"填充", AJ_QUESTION_FILL},
    {"连线", AJ_QUESTION_MATCH},
    {"配对", AJ_QUESTION_MATCH},
    {"问答", AJ_QUESTION_SHORT},
    {"论述", AJ_QUESTION_SHORT},
    {"案例", AJ_QUESTION_SHORT},
    {"案例分析", AJ_QUESTION_SHORT},
    {"主观", AJ_QUESTION_SHORT},
    {"single choice", AJ_QUESTION_SINGLE},
    {"multiple choice", AJ_QUESTION_MULTIPLE},
    {"true/false", AJ_QUESTION_TRUEFALSE},
    {"matching", AJ_QUESTION_MATCH},
    {"essay", AJ_QUESTION_SHORT},
};

void *aj_quiz_grow(AjArena *a, void **at, uint32_t *count, uint32_t *cap, size_t size)
{
    if (*count == *cap) {
        uint32_t more = *cap ? *cap * 2 : 4;
        *at = aj_arena_grow(a, *at, *cap * size, more * size);
        *cap = more;
    }
    void *place = (char *)*at + *count * size;
    memset(place, 0, size);
    (*count)++;
    return place;
}

void aj_quiz_push_string(AjArena *a, AjStrings *list, const char *text)
{
    *aj_quiz_push(a, list) = aj_arena_strdup(a, text);
}

AjQuestion *aj_quiz_question(AjArena *a, AjQuiz *quiz, uint32_t line)
{
    AjQuestion *q = aj_quiz_push(a, &quiz->questions);
    q->line = line;
    q->points = 1;
    q->stem = "";
    return q;
}

AjPool *aj_quiz_pool(AjArena *a, AjQuiz *quiz, const char *name)
{
    for (uint32_t i = 0; i < quiz->pools.count; i++)
        if (strcmp(quiz->pools.at[i].name, name) == 0)
            return &quiz->pools.at[i];
    AjPool *pool = aj_quiz_push(a, &quiz->pools);
    pool->name = aj_arena_strdup(a, name);
    return pool;
}

const char *aj_question_type_name(AjQuestionType type)
{
    return types[type].name;
}

const char *aj_question_type_title(AjQuestionType type)
{
    return types[type].title;
}

bool aj_question_type_find(const char *name, AjQuestionType *type_out)
{
    g_autofree char *folded = aj_quiz_fold(name);
    if (g_str_has_suffix(folded, "题") && strlen(folded) > strlen("题"))
        folded[strlen(folded) - strlen("题")] = '\0';
    for (unsigned i = 0; i < AJ_QUESTION_TYPES; i++)
        if (g_ascii_strcasecmp(folded, types[i].name) == 0 || strcmp(folded, types[i].title) == 0) {
            *type_out = (AjQuestionType)i;
            return true;
        }
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (g_ascii_strcasecmp(folded, words[i].word) == 0) {
            *type_out = words[i].type;
            return true;
        }
    return false;
}

bool aj_quiz_truth(const char *text, bool *truth_out)
{
    static const char *const right[] = {"对", "正确", "√", "✓", "✔", "是", "T", "TRUE", "Y", "YES"};
    static const char *const wrong[] = {"错", "错误",  "不正确", "×",  "✗", "✘",    "否",
                                        "F",  "FALSE", "N",      "NO", "╳", "不对", "X"};
    g_autofree char *folded = aj_quiz_fold(text);
    for (size_t i = 0; i < G_N_ELEMENTS(right); i++)
        if (g_ascii_strcasecmp(folded, right[i]) == 0) {
            *truth_out = true;
            return true;
        }
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++)
        if (g_ascii_strcasecmp(folded, wrong[i]) == 0) {
            *truth_out = false;
            return true;
        }
    return false;
}

char *aj_quiz_fold(const char *text)
{
    g_autofree char *n = g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE);
    const char *from = n ? n : text;
    GString *out = g_string_sized_new(strlen(from));
    bool blank = false;
    for (const char *p = from; *p; p++) {
        if (g_ascii_isspace(*p)) {
            blank = true;
            continue;
        }
        if (blank && out->len)
            g_string_append_c(out, ' ');
        blank = false;
        g_string_append_c(out, *p);
    }
    return g_string_free(out, FALSE);
}

const char *aj_quiz_blank_end(const char *s)
{
    bool wide = g_str_has_prefix(s, "（"), space = false;
    if (!wide && *s != '(')
        return NULL;
    const char *p = s + (wide ? strlen("（") : 1);
    for (; *p == ' ' || g_str_has_prefix(p, "\u3000") || g_str_has_prefix(p, "\u00a0");
         p = g_utf8_next_char(p))
        space = true;
    if (wide)
        return g_str_has_prefix(p, "）") ? p + strlen("）") : NULL;
    return *p == ')' && space ? p + 1 : NULL;
}

uint32_t aj_quiz_blanks(const char *stem)
{
    uint32_t count = 0;
    for (const char *p = stem, *end; *p; p = end ? end : g_utf8_next_char(p)) {
        end = aj_quiz_blank_end(p);
        count += end != NULL;
    }
    return count;
}

bool aj_quiz_tolerance(const char *text, double *value_out, double *tolerance_out)
{
    g_autofree char *folded = aj_quiz_fold(text);
    char *mark = strstr(folded, "±"), *rest = mark ? mark + strlen("±") : NULL;
    if (!mark && (mark = strstr(folded, "+-")))
        rest = mark + 2;
    if (!mark)
        return false;
    *mark = '\0';
    char *end;
    g_strstrip(folded);
    g_strstrip(rest);
    double value = g_ascii_strtod(folded, &end);
    if (end == folded || *end)
        return false;
    double tolerance = g_ascii_strtod(rest, &end);
    /* finite and not negative: NaN fails every comparison */
    if (end == rest || *end || !(tolerance >= 0 && tolerance < 1e15) ||
        !(value > -1e15 && value < 1e15))
        return false;
    *value_out = value;
    *tolerance_out = tolerance;
    return true;
}

void aj_quiz_push_answer(AjArena *a, AjBlank *blank, const char *text)
{
    double value, tolerance;
    bool number = aj_quiz_tolerance(text, &value, &tolerance);
    AjAnswer *answer = aj_quiz_push(a, blank);
    if (number)
        *answer = (AjAnswer){NULL, value, tolerance};
    else
        answer->text = aj_arena_strdup(a, text);
}

char *aj_quiz_number(AjArena *a, double n)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    /* the shortest form that reads back as the same number */
    for (int digits = 6; digits <= 17; digits++) {
        char format[8];
        g_snprintf(format, sizeof format, "%%.%dg", digits);
        g_ascii_formatd(text, sizeof text, format, n);
        if (g_ascii_strtod(text, NULL) == n)
            break;
    }
    return aj_arena_strdup(a, text);
}

const char *aj_quiz_stem_id(AjArena *a, const char *stem)
{
    g_autofree char *text = aj_quiz_fold(stem);
    char hex[65];
    aj_hash_sha256_hex(text, strlen(text), hex);
    return aj_arena_printf(a, "h-%.12s", hex);
}

void aj_quiz_settle(AjArena *a, AjQuiz *quiz)
{
    for (uint32_t i = 0; i < quiz->pools.count; i++)
        quiz->pools.at[i].size = 0;
    for (uint32_t i = 0; i < quiz->questions.count; i++) {
        AjQuestion *q = &quiz->questions.at[i];
        if (!q->id || !*q->id) {
            q->id = aj_quiz_stem_id(a, q->stem);
            q->own_id = false;
        }
        if (q->pool)
            aj_quiz_pool(a, quiz, q->pool)->size++;
    }
}
