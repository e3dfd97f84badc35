/* quiztable - rows of cells to questions and back: what CSV and XLSX share.
 *
 * Must not know: how rows are written in a file. */
#include "quizio/quiztable.h"

#include "quizio/quizlost.h"
#include "quizio/quiztext.h"

#include <glib.h>
#include <string.h>

enum { OPTIONS = 26, HEADER_ROWS = 10 };
typedef enum {
    C_TYPE,
    C_STEM,
    C_ANSWER,
    C_EXPLANATION,
    C_POINTS,
    C_DIFFICULTY,
    C_TAGS,
    C_ID,
    C_POOL,
    C_RED,
    C_SCORING,
    C_NUMBER,      /* 序号: read by nobody */
    C_OPTIONS_ALL, /* all options in one cell, parted by | or line ends */
    C_FIXED,
    C_NONE
} Column;

/* The first name is the one that is written. */
static const struct {
    Column column;
    const char *names;
} names[] = {
    {C_TYPE, " 题型 类型 试题类型 题目类型 题型名称 type "},
    {C_STEM, " 题干 题目 试题 试题内容 题目内容 试题题干 题干内容 问题 内容 stem question "},
    {C_ANSWER, " 正确答案 答案 标准答案 参考答案 试题答案 answer "},
    {C_EXPLANATION, " 解析 答案解析 试题解析 题目解析 说明 详解 explanation "},
    {C_POINTS, " 分值 分数 得分 points score "},
    {C_DIFFICULTY, " 难度 难易度 难易程度 难度等级 试题难度 difficulty "},
    {C_TAGS, " 知识点 标签 考点 所属知识点 分类 章节 tags "},
    {C_ID, " 编号 题目编号 试题编号 题号编码 id "},
    {C_POOL, " 题库 所属题库 题库名称 pool "},
    {C_RED, " 红线 红线题 red_line "},
    {C_SCORING, " 计分 计分方式 得分规则 scoring "},
    {C_NUMBER, " 序号 题号 no no. 序 "},
    {C_OPTIONS_ALL, " 选项 备选项 候选项 选项内容 options "},
};

typedef struct {
    AjArena *arena;
    const char *path;
    AjDiags *diags;
    AjQuiz *quiz;
    int column[C_FIXED];
    int option[OPTIONS], feedback[OPTIONS];
} Table;

/* "选项A", "A", "A选项", "选项 1", "option a": 0 …; -1 for anything else. */
static int option_of(const char *folded)
{
    const char *p = folded;
    static const char *const before[] = {"选项", "备选项", "答案选项", "option"};
    bool said = false;
    for (size_t i = 0; i < G_N_ELEMENTS(before); i++)
        if (g_str_has_prefix(p, before[i])) {
            p += strlen(before[i]);
            said = true;
            break;
        }
    p += strspn(p, " ");
    if (g_ascii_isalpha(*p) && (!p[1] || strcmp(p + 1, "选项") == 0 || strcmp(p + 1, " 选项") == 0))
        return g_ascii_toupper(*p) - 'A';
    if (said && g_ascii_isdigit(*p) && *p != '0' && !p[1])
        return *p - '1';
    return -1;
}

static Column column_of(const char *cell, int *option_out, bool *feedback_out)
{
    g_autofree char *folded = aj_quiz_fold(cell);
    g_autofree char *lower = g_ascii_strdown(folded, -1);
    char *mark = strpbrk(lower, "(*:"); /* 题干(必填) 答案* */
    if (mark && mark > lower)
        *mark = '\0';
    g_strstrip(lower);
    *option_out = -1;
    *feedback_out = false;
    if (!*lower)
        return C_NONE;
    g_autofree char *padded = g_strdup_printf(" %s ", lower);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (!strchr(lower, ' ') && strstr(names[i].names, padded))
            return names[i].column;
    if (g_str_has_prefix(lower, "反馈")) {
        *feedback_out = true;
        *option_out = option_of(lower + strlen("反馈"));
    } else {
        *option_out = option_of(lower);
    }
    return C_NONE;
}

static bool read_header(Table *t, const AjRow *row)
{
    for (unsigned i = 0; i < C_FIXED; i++)
        t->column[i] = -1;
    for (unsigned i = 0; i < OPTIONS; i++)
        t->option[i] = t->feedback[i] = -1;
    for (uint32_t i = 0; i < row->count; i++) {
        int option;
        bool feedback;
        Column c = column_of(row->cells[i], &option, &feedback);
        if (c != C_NONE && t->column[c] < 0)
            t->column[c] = (int)i;
        if (c == C_NONE && option >= 0)
            *(feedback ? &t->feedback[option] : &t->option[option]) = (int)i;
    }
    return t->column[C_STEM] >= 0 && t->column[C_ANSWER] >= 0;
}

static void tell_unknown(const Table *t, const AjRow *row)
{
    for (uint32_t i = 0; i < row->count; i++) {
        int option;
        bool feedback;
        g_autofree char *folded = aj_quiz_fold(row->cells[i]);
        Column c = column_of(row->cells[i], &option, &feedback);
        bool twice = c != C_NONE && t->column[c] != (int)i;
        if (*folded && ((c == C_NONE && option < 0) || twice))
            aj_diag(t->diags, AJ_WARNING, (AjPos){t->path, row->line, 0}, "quiz-column-unknown",
                    AJ_TR("改成认得的列名，例如 知识点", "use a known name such as 知识点"),
                    AJ_TR("不认识“%s”这一列，没有读入", "column “%s” is unknown and not read"),
                    row->cells[i]);
    }
}

static const char *cell(const Table *t, const AjRow *row, int column)
{
    if (column < 0 || (uint32_t)column >= row->count)
        return "";
    return aj_quiztext_trim(t->arena, row->cells[column], strlen(row->cells[column]));
}

#define ROW_SLIP(t, row, level, code, hint, message, what)                                         \
    aj_diag((t)->diags, level, (AjPos){(t)->path, (row)->line, 0}, code, hint, message, what)

static void add_option(const Table *t, const AjRow *row, AjQuestion *q, const char *text,
                       const char *feedback)
{
    AjOption *o = aj_quiz_push(t->arena, &q->options);
    o->text = text;
    o->line = row->line;
    o->feedback = feedback && *feedback ? feedback : NULL;
}

/* "A.甲|B.乙", or a line each: the letters are taken off. */
static void read_all_options(const Table *t, const AjRow *row, AjQuestion *q, const char *all)
{
    g_auto(GStrv) lines = g_strsplit_set(all, strchr(all, '\n') ? "\n" : "|", -1);
    for (char **l = lines; *l; l++) {
        const char *text = aj_quiztext_trim(t->arena, *l, strlen(*l));
        const char *p = text, *end = text + strlen(text);
        gunichar letter = g_unichar_toupper(aj_quiztext_next(&p, end));
        const char *behind = p;
        gunichar mark = aj_quiztext_next(&behind, end);
        if (letter == 'A' + q->options.count &&
            (mark == '.' || mark == 0x3001 || mark == ':' || mark == ')' || mark == ' '))
            text = aj_quiztext_trim(t->arena, behind, (size_t)(end - behind));
        if (*text)
            add_option(t, row, q, text, NULL);
    }
}

static void read_options(const Table *t, const AjRow *row, AjQuestion *q)
{
    int last = -1;
    for (int i = 0; i < OPTIONS; i++)
        if (*cell(t, row, t->option[i]))
            last = i;
    for (int i = 0; i <= last; i++)
        add_option(t, row, q, cell(t, row, t->option[i]), cell(t, row, t->feedback[i]));
    if (last < 0)
        read_all_options(t, row, q, cell(t, row, t->column[C_OPTIONS_ALL]));
}

static void bad_letter(const Table *t, const AjRow *row, const char *answer)
{
    ROW_SLIP(t, row, AJ_ERROR, "quiz-answer-letter",
             AJ_TR("写选项的字母，例如 B 或 ACD", "write letters of options, such as B or ACD"),
             AJ_TR("答案“%s”对不上选项", "answer “%s” does not fit the options"), answer);
}

static void read_choice(const Table *t, const AjRow *row, AjQuestion *q, const char *answer)
{
    uint32_t bits = 0;
    if (!aj_quiztext_letters(answer, &bits, NULL) || bits >> q->options.count) {
        bits = 0;
        for (uint32_t i = 0; i < q->options.count; i++) /* the text of an option is an answer too */
            if (strcmp(q->options.at[i].text, answer) == 0)
                bits |= 1u << i;
        if (!bits && *answer)
            bad_letter(t, row, answer);
    }
    for (uint32_t i = 0; i < q->options.count && i < 32; i++)
        q->options.at[i].correct = bits >> i & 1;
}

static void read_truth(const Table *t, const AjRow *row, AjQuestion *q, const char *answer)
{
    uint32_t bits;
    bool good = aj_quiz_truth(answer, &q->truth);
    if (!good && aj_quiztext_letters(answer, &bits, NULL)) { /* A.正确 B.错误 */
        if (q->options.count == 0)
            good = bits == 1 || bits == 2, q->truth = bits == 1;
        for (uint32_t i = 0; i < q->options.count && i < 32; i++)
            if (bits == 1u << i)
                good = aj_quiz_truth(q->options.at[i].text, &q->truth);
    }
    q->untold = !good;
    if (!good)
        ROW_SLIP(t, row, AJ_ERROR, *answer ? "quiz-answer-bad" : "quiz-no-answer",
                 AJ_TR("写成 对 或 错", "write 对 or 错"),
                 AJ_TR("看不懂判断题的答案“%s”", "“%s” does not answer a true-or-false question"),
                 answer);
    q->options.count = 0;
}

static void read_order(const Table *t, const AjRow *row, AjQuestion *q, const char *answer)
{
    uint32_t bits = 0;
    char order[27] = "";
    if (!aj_quiztext_letters(answer, &bits, order) ||
        bits != (q->options.count < 32 ? (1u << q->options.count) - 1 : 0))
        bad_letter(t, row, answer);
    else
        for (const char *p = order; *p; p++)
            aj_quiz_push_string(t->arena, &q->items, q->options.at[*p - 'A'].text);
    q->options.count = 0;
}

/* "左=右；左=右"; "=右" is a distractor. */
static void read_match(const Table *t, const AjRow *row, AjQuestion *q, const char *answer)
{
    g_auto(GStrv) pieces = g_strsplit_set(answer, "\n;", -1);
    for (char **p = pieces; *p; p++) {
        g_auto(GStrv) halves = g_strsplit(*p, "；", -1);
        for (char **h = halves; *h; h++) {
            const char *one = aj_quiztext_trim(t->arena, *h, strlen(*h));
            const char *equals = strchr(one, '=');
            if (!*one)
                continue;
            if (!equals) {
                ROW_SLIP(t, row, AJ_ERROR, "quiz-pair-bad", AJ_TR("写成 左=右", "write left=right"),
                         AJ_TR("“%s”不是一对", "“%s” is no pair"), one);
                continue;
            }
            const char *left = aj_quiztext_trim(t->arena, one, (size_t)(equals - one));
            const char *right = aj_quiztext_trim(t->arena, equals + 1, strlen(equals + 1));
            if (*left) {
                AjPair *pair = aj_quiz_push(t->arena, &q->pairs);
                *pair = (AjPair){left, right, row->line};
            } else {
                aj_quiz_push_string(t->arena, &q->distractors, right);
            }
        }
    }
}

static AjQuestionType type_of(const Table *t, const AjRow *row, const AjQuestion *q,
                              const char *said, const char *answer)
{
    AjQuestionType type;
    uint32_t bits = 0;
    bool truth;
    if (*said && aj_question_type_find(said, &type) && type != AJ_QUESTION_SCENARIO)
        return type;
    if (*said)
        ROW_SLIP(t, row, AJ_ERROR, "quiz-type-unknown",
                 AJ_TR("可用：单选 多选 判断 填空 排序 匹配 简答",
                       "use 单选, 多选, 判断, 填空, 排序, 匹配 or 简答"),
                 AJ_TR("没有“%s”这种题型，按内容猜了一种",
                       "there is no type “%s”; guessed from the row"),
                 said);
    if (q->options.count) {
        aj_quiztext_letters(answer, &bits, NULL);
        return bits & (bits - 1) ? AJ_QUESTION_MULTIPLE : AJ_QUESTION_SINGLE;
    }
    if (aj_quiz_truth(answer, &truth))
        return AJ_QUESTION_TRUEFALSE;
    return aj_quiz_blanks(q->stem) ? AJ_QUESTION_FILL : AJ_QUESTION_SHORT;
}

static void read_points(const Table *t, const AjRow *row, AjQuestion *q, const char *said)
{
    g_autofree char *folded = aj_quiz_fold(said);
    char *end = folded;
    if (!*folded)
        return;
    double points = g_ascii_strtod(folded, &end);
    if (end == folded || (*end && strcmp(end, "分") != 0) || !(points > 0)) {
        ROW_SLIP(t, row, AJ_ERROR, "quiz-points-bad", AJ_TR("写成 2", "write a number such as 2"),
                 AJ_TR("分值“%s”不是大于 0 的数，按 1 分", "“%s” is no number above 0; 1 taken"),
                 said);
        return;
    }
    q->points = points;
}

static const char *given(const char *s)
{
    return *s ? s : NULL;
}

static void read_row(Table *t, const AjRow *row)
{
    const char *answer = cell(t, row, t->column[C_ANSWER]);
    const char *said = cell(t, row, t->column[C_TYPE]);
    AjQuestion *q = aj_quiz_question(t->arena, t->quiz, row->line);
    const char *stem = cell(t, row, t->column[C_STEM]);
    q->stem = aj_quiztext_blanks(t->arena, stem);
    read_options(t, row, q);
    q->type = type_of(t, row, q, said, answer);
    q->explanation = given(cell(t, row, t->column[C_EXPLANATION]));
    q->difficulty = given(cell(t, row, t->column[C_DIFFICULTY]));
    q->pool = given(cell(t, row, t->column[C_POOL]));
    q->id = given(cell(t, row, t->column[C_ID]));
    q->own_id = q->id != NULL;
    read_points(t, row, q, cell(t, row, t->column[C_POINTS]));
    aj_quiztext_tags(t->arena, q, cell(t, row, t->column[C_TAGS]));
    const char *red = cell(t, row, t->column[C_RED]);
    if (*red && !aj_quiz_truth(red, &q->red_line))
        ROW_SLIP(t, row, AJ_ERROR, "quiz-red-bad", AJ_TR("写成 是 或 否", "write 是 or 否"),
                 AJ_TR("红线写成了“%s”", "red line is “%s”"), red);
    const char *scoring = cell(t, row, t->column[C_SCORING]);
    q->half = q->type == AJ_QUESTION_MULTIPLE && strcmp(scoring, "漏选得半") == 0;
    if (*scoring && !q->half && strcmp(scoring, "全对") != 0)
        ROW_SLIP(t, row, AJ_ERROR, "quiz-scoring-bad",
                 AJ_TR("写成 漏选得半 或 全对", "write 漏选得半 or 全对"),
                 AJ_TR("看不懂计分办法“%s”", "unknown scoring rule “%s”"), scoring);
    switch (q->type) {
    case AJ_QUESTION_SINGLE:
    case AJ_QUESTION_MULTIPLE:
        read_choice(t, row, q, answer);
        break;
    case AJ_QUESTION_TRUEFALSE:
        read_truth(t, row, q, answer);
        break;
    case AJ_QUESTION_FILL:
        if (*answer)
            aj_quiztext_answers(t->arena, q, answer);
        break;
    case AJ_QUESTION_ORDER:
        read_order(t, row, q, answer);
        break;
    case AJ_QUESTION_MATCH:
        read_match(t, row, q, answer);
        break;
    case AJ_QUESTION_SHORT:
        q->reference = given(answer);
        break;
    case AJ_QUESTION_SCENARIO:
    case AJ_QUESTION_TYPES:
        break;
    }
}

static void tell_long(const Table *t, const AjRow *row, uint32_t width)
{
    for (uint32_t i = width; i < row->count; i++)
        if (*cell(t, row, (int)i)) {
            ROW_SLIP(t, row, AJ_ERROR, "quiz-row-long",
                     AJ_TR("带逗号的文字要放在引号里，或给这一列起个列名",
                           "put text with commas in quotes, or name the column"),
                     AJ_TR("这一行比表头长，“%s”没有读入",
                           "the row is longer than the header; “%s” is not read"),
                     cell(t, row, (int)i));
            return;
        }
}

bool aj_quiztable_read(AjArena *a, const AjRows *rows, const char *path, AjQuiz *quiz_out,
                       AjDiags *diags)
{
    Table t = {.arena = a, .path = path, .diags = diags, .quiz = quiz_out};
    *quiz_out = (AjQuiz){0};
    uint32_t header = 0;
    while (header < rows->count && header < HEADER_ROWS && !read_header(&t, &rows->at[header]))
        header++;
    if (header == rows->count || header == HEADER_ROWS) {
        aj_diag(diags, AJ_ERROR, (AjPos){path, rows->count ? rows->at[0].line : 0, 0},
                "quiz-no-header",
                AJ_TR("第一行写列名：题型,题干,选项A,选项B,正确答案,解析,分值,难度,知识点",
                      "name the columns in the first row: 题型,题干,选项A,选项B,正确答案…"),
                "%s",
                AJ_TR("找不到表头：至少要有“题干”和“正确答案”两列",
                      "no header: columns 题干 and 正确答案 are needed"));
        return false;
    }
    tell_unknown(&t, &rows->at[header]);
    for (uint32_t i = header + 1; i < rows->count; i++) {
        bool any = false;
        for (uint32_t k = 0; k < rows->at[i].count && !any; k++)
            any = *cell(&t, &rows->at[i], (int)k) != '\0';
        if (!any)
            continue;
        read_row(&t, &rows->at[i]);
        tell_long(&t, &rows->at[i], rows->at[header].count);
    }
    aj_quiz_settle(a, quiz_out);
    return true;
}

/* ------------------------------------------------------------------ to rows */

static void push_cell(AjArena *a, AjRow *row, uint32_t *cap, const char *text)
{
    void *at = (void *)row->cells;
    const char **place = aj_quiz_grow(a, &at, &row->count, cap, sizeof *place);
    row->cells = at;
    *place = text ? text : "";
}

static const char *answer_text(AjArena *a, const AjQuestion *q)
{
    g_autoptr(GString) out = g_string_new(NULL);
    switch (q->type) {
    case AJ_QUESTION_SINGLE:
    case AJ_QUESTION_MULTIPLE:
        for (uint32_t i = 0; i < q->options.count && i < OPTIONS; i++)
            if (q->options.at[i].correct)
                g_string_append_c(out, (char)('A' + i));
        break;
    case AJ_QUESTION_TRUEFALSE:
        g_string_append(out, q->truth ? "对" : "错");
        break;
    case AJ_QUESTION_FILL:
        for (uint32_t i = 0; i < q->blanks.count; i++)
            for (uint32_t k = 0; k < q->blanks.at[i].count; k++) {
                const AjAnswer *answer = &q->blanks.at[i].at[k];
                g_string_append(out, k ? "｜" : i ? "；" : "");
                if (answer->text)
                    g_string_append(out, answer->text);
                else
                    g_string_append_printf(out, "%s±%s", aj_quiz_number(a, answer->value),
                                           aj_quiz_number(a, answer->tolerance));
            }
        break;
    case AJ_QUESTION_ORDER:
        for (uint32_t i = 0; i < q->items.count && i < OPTIONS; i++)
            g_string_append_c(out, (char)('A' + i));
        break;
    case AJ_QUESTION_MATCH:
        for (uint32_t i = 0; i < q->pairs.count; i++)
            g_string_append_printf(out, "%s%s=%s", i ? "；" : "", q->pairs.at[i].left,
                                   q->pairs.at[i].right);
        for (uint32_t i = 0; i < q->distractors.count; i++)
            g_string_append_printf(out, "；=%s", q->distractors.at[i]);
        break;
    case AJ_QUESTION_SHORT:
        g_string_append(out, q->reference ? q->reference : "");
        break;
    case AJ_QUESTION_SCENARIO:
    case AJ_QUESTION_TYPES:
        break;
    }
    return aj_arena_strndup(a, out->str, out->len);
}

void aj_quiztable_make(AjArena *a, const AjQuiz *quiz, const char *path, AjRows *rows_out,
                       AjDiags *diags)
{
    static const Column before[] = {C_TYPE, C_STEM},
                        after[] = {C_ANSWER, C_EXPLANATION, C_POINTS, C_DIFFICULTY, C_TAGS,
                                   C_ID,     C_POOL,        C_RED,    C_SCORING};
    uint32_t options = 4, feedbacks = 0;
    for (uint32_t i = 0; i < quiz->questions.count; i++) {
        const AjQuestion *q = &quiz->questions.at[i];
        options = MAX(options, MAX(q->options.count, q->items.count));
        for (uint32_t k = 0; k < q->options.count; k++)
            if (q->options.at[k].feedback)
                feedbacks = MAX(feedbacks, k + 1);
    }
    options = MIN(options, OPTIONS);
    feedbacks = MIN(feedbacks, OPTIONS);
    AjRow *row = aj_quiz_push(a, rows_out);
    uint32_t cap = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(before); i++)
        push_cell(a, row, &cap,
                  aj_arena_strndup(a, names[before[i]].names + 1,
                                   strcspn(names[before[i]].names + 1, " ")));
    for (uint32_t i = 0; i < options; i++)
        push_cell(a, row, &cap, aj_arena_printf(a, "选项%c", 'A' + i));
    for (size_t i = 0; i < G_N_ELEMENTS(after); i++)
        push_cell(a, row, &cap,
                  aj_arena_strndup(a, names[after[i]].names + 1,
                                   strcspn(names[after[i]].names + 1, " ")));
    for (uint32_t i = 0; i < feedbacks; i++)
        push_cell(a, row, &cap, aj_arena_printf(a, "反馈%c", 'A' + i));
    for (uint32_t i = 0; i < quiz->questions.count; i++) {
        const AjQuestion *q = &quiz->questions.at[i];
        if (q->type == AJ_QUESTION_SCENARIO)
            continue;
        row = aj_quiz_push(a, rows_out);
        cap = 0;
        push_cell(a, row, &cap, aj_question_type_title(q->type));
        push_cell(a, row, &cap, q->stem);
        for (uint32_t k = 0; k < options; k++)
            push_cell(a, row, &cap,
                      k < q->options.count ? q->options.at[k].text
                      : k < q->items.count ? q->items.at[k]
                                           : "");
        push_cell(a, row, &cap, answer_text(a, q));
        push_cell(a, row, &cap, q->explanation);
        push_cell(a, row, &cap, aj_quiz_number(a, q->points));
        push_cell(a, row, &cap, q->difficulty);
        g_autoptr(GString) tags = g_string_new(NULL);
        for (uint32_t k = 0; k < q->tags.count; k++)
            g_string_append_printf(tags, "%s%s", k ? "、" : "", q->tags.at[k]);
        push_cell(a, row, &cap, aj_arena_strdup(a, tags->str));
        push_cell(a, row, &cap, q->own_id ? q->id : "");
        push_cell(a, row, &cap, q->pool);
        push_cell(a, row, &cap, q->red_line ? "是" : "");
        push_cell(a, row, &cap, q->half ? "漏选得半" : "");
        for (uint32_t k = 0; k < feedbacks; k++)
            push_cell(a, row, &cap, k < q->options.count ? q->options.at[k].feedback : "");
    }
    static const AjQuizlost lost = {
        .format = "CSV", .no_scenario = true, .no_rubric = true, .no_settings = true};
    aj_quizlost_tell(&lost, quiz, path, diags);
}
