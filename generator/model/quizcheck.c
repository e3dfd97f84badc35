/* quizcheck - what is wrong with a quiz, wherever it came from.
 *
 * Must not know: Markdown, any format. */
#include "model/quizcheck.h"

#include <glib.h>
#include <string.h>

typedef struct {
    const char *path;
    const AjQuestion *q;
    AjDiags *diags;
    bool failed;
} Check;

/* `message` and `hint` are pairs through AJ_TR; %s in the message takes `what`. */
#define SLIP(c, level, at, code, hint, message, what)                                              \
    do {                                                                                           \
        (c)->failed |= (level) == AJ_ERROR;                                                        \
        aj_diag((c)->diags, level, (AjPos){(c)->path, (at) ? (at) : (c)->q->line, 0}, code, hint,  \
                message, what);                                                                    \
    } while (0)

static bool empty(const char *s)
{
    for (; s && *s; s = g_utf8_next_char(s))
        if (!g_unichar_isspace(g_utf8_get_char(s)))
            return false;
    return true;
}

/* "<b>", "</p>", "<br/>": a tag, not "a < b" or "<500". */
static bool has_tag(const char *s)
{
    for (const char *p = s; p && (p = strchr(p, '<')); p++) {
        const char *name = p[1] == '/' ? p + 2 : p + 1;
        size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
        if (len && len < 12 && strchr(name, '>') &&
            (name[len] == '>' || name[len] == ' ' || name[len] == '/' || name[len] == '='))
            return true;
    }
    return false;
}

static void check_tag(Check *c, const char *text, uint32_t line)
{
    if (has_tag(text))
        SLIP(c, AJ_WARNING, line, "quiz-html",
             AJ_TR("去掉标签，只留文字", "take the tags out, keep the text"),
             AJ_TR("“%s”里有 HTML 标签，会照原样显示", "“%s” holds HTML tags, shown as they are"),
             text);
}

/* The first of the texts before `i` that folds to the same. */
static bool seen(GHashTable *table, const char *text)
{
    char *folded = aj_quiz_fold(text);
    if (g_hash_table_contains(table, folded)) {
        g_free(folded);
        return true;
    }
    g_hash_table_add(table, folded);
    return false;
}

static GHashTable *texts_new(void)
{
    return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

/* ------------------------------------------------------------------ by type */

static void check_options(Check *c)
{
    const AjQuestion *q = c->q;
    uint32_t right = 0;
    if (q->options.count < 2) {
        SLIP(c, AJ_ERROR, 0, q->options.count ? "quiz-few-options" : "quiz-no-options",
             AJ_TR("补上其余的选项", "add the others"),
             AJ_TR("选择题至少要有两个选项，这里有 %u 个", "two options are needed, here are %u"),
             q->options.count);
        return;
    }
    g_autoptr(GHashTable) texts = texts_new();
    for (uint32_t i = 0; i < q->options.count; i++) {
        const AjOption *o = &q->options.at[i];
        char letter[2] = {(char)('A' + i % 26), 0};
        right += o->correct;
        if (empty(o->text))
            SLIP(c, AJ_ERROR, o->line, "quiz-option-empty",
                 AJ_TR("写上选项的文字，或删去它", "write its text, or take it out"),
                 AJ_TR("选项 %s 没有文字", "option %s has no text"), letter);
        else if (seen(texts, o->text))
            SLIP(c, AJ_WARNING, o->line, "quiz-option-same",
                 AJ_TR("改写其中一个", "reword one of them"),
                 AJ_TR("两个选项的文字相同：%s", "two options say the same: %s"), o->text);
        check_tag(c, o->text, o->line);
        check_tag(c, o->feedback, o->line);
    }
    if (!right)
        SLIP(c, AJ_ERROR, 0, "quiz-no-right", AJ_TR("标出正确的选项", "mark the right one"),
             AJ_TR("没有标出正确的选项：%s", "no option is marked as right: %s"), q->stem);
    if (q->type == AJ_QUESTION_SINGLE && right > 1)
        SLIP(
            c, AJ_ERROR, 0, "quiz-two-right",
            AJ_TR("只留一个，或把题型改为多选", "leave one, or make it multiple choice"),
            AJ_TR("单选题标出了 %u 个正确的选项", "a single-choice question with %u right options"),
            right);
    if (q->type == AJ_QUESTION_MULTIPLE && right == 1)
        SLIP(c, AJ_WARNING, 0, "quiz-one-right",
             AJ_TR("确认答案，或把题型改为单选", "check the answer, or make it single choice"),
             AJ_TR("多选题只有 %u 个正确的选项", "a multiple-choice question with %u right option"),
             right);
    if (q->type == AJ_QUESTION_MULTIPLE && q->half && right == q->options.count)
        SLIP(c, AJ_WARNING, 0, "quiz-all-right",
             AJ_TR("补一个错误的选项，或改为 计分：全对",
                   "add a wrong option, or score all or nothing"),
             AJ_TR("%u 个选项全对又漏选得半：随便选一个就得分",
                   "all %u options are right and part gives half: any choice scores"),
             right);
}

static void check_fill(Check *c)
{
    const AjQuestion *q = c->q;
    uint32_t blanks = aj_quiz_blanks(q->stem);
    if (!q->blanks.count) {
        SLIP(c, AJ_ERROR, 0, "quiz-no-answer", AJ_TR("补上答案", "add it"),
             AJ_TR("这道题没有答案：%s", "a question without an answer: %s"), q->stem);
        return;
    }
    if (!blanks)
        SLIP(c, AJ_ERROR, 0, "quiz-no-blank",
             AJ_TR("空写成全角括号加一个全角空格：（　）", "write a blank as （　）"),
             AJ_TR("填空题的题干里没有空：%s", "a fill-in question without a blank: %s"), q->stem);
    else if (blanks != q->blanks.count) {
        g_autofree char *both = g_strdup_printf("%u / %u", blanks, q->blanks.count);
        SLIP(c, AJ_ERROR, 0, "quiz-blank-count",
             AJ_TR("几个空就写几个答案", "give one answer a blank"),
             AJ_TR("空的个数和答案的个数不同：%s", "blanks and answers differ: %s"), both);
    }
    for (uint32_t i = 0; i < q->blanks.count; i++) {
        const AjBlank *blank = &q->blanks.at[i];
        bool any = false;
        g_autoptr(GHashTable) texts = texts_new();
        for (uint32_t k = 0; k < blank->count; k++) {
            const char *text = blank->at[k].text;
            any |= !text || !empty(text);
            if (text && !empty(text) && seen(texts, text))
                SLIP(c, AJ_WARNING, 0, "quiz-answer-same",
                     AJ_TR("删去一个：全角半角、大小写不必分开写",
                           "take one out: width need not be written twice"),
                     AJ_TR("同一个空的两种写法相同：%s", "a blank takes “%s” twice"), text);
            if (text && strstr(text, "±"))
                SLIP(c, AJ_ERROR, 0, "quiz-tolerance-bad",
                     AJ_TR("写成 10±0.5，两边都是数", "write 10±0.5, a number on each side"),
                     AJ_TR("看不懂带误差的数“%s”", "“%s” is no number with a tolerance"), text);
            if (text && (strpbrk(text, ";|") || strstr(text, "；") || strstr(text, "｜")))
                SLIP(c, AJ_ERROR, 0, "quiz-answer-mark", AJ_TR("换一个标点", "use another mark"),
                     AJ_TR("答案“%s”里有分隔用的；或｜",
                           "answer “%s” holds ； or ｜, which part answers"),
                     text);
        }
        if (!any)
            SLIP(c, AJ_ERROR, 0, "quiz-answer-empty",
                 AJ_TR("给这个空写上答案", "write an answer for it"),
                 AJ_TR("第 %u 个空没有答案", "blank %u has no answer"), i + 1);
    }
}

static void check_order(Check *c)
{
    const AjQuestion *q = c->q;
    g_autoptr(GHashTable) texts = texts_new();
    if (q->items.count < 2)
        SLIP(c, AJ_ERROR, 0, "quiz-order-few", AJ_TR("补上其余的步骤", "add the other steps"),
             AJ_TR("排序题至少要有两项，这里有 %u 项", "two items are needed, here are %u"),
             q->items.count);
    for (uint32_t i = 0; i < q->items.count; i++) {
        if (empty(q->items.at[i]))
            SLIP(c, AJ_ERROR, 0, "quiz-item-empty", AJ_TR("补上文字", "write its text"),
                 AJ_TR("第 %u 项没有文字", "item %u has no text"), i + 1);
        else if (seen(texts, q->items.at[i]))
            SLIP(c, AJ_ERROR, 0, "quiz-item-same",
                 AJ_TR("改写其中一项，否则分不出先后",
                       "reword one, else their order cannot be told"),
                 AJ_TR("两项相同：%s", "two items are the same: %s"), q->items.at[i]);
        check_tag(c, q->items.at[i], 0);
    }
}

static void check_match(Check *c)
{
    const AjQuestion *q = c->q;
    g_autoptr(GHashTable) lefts = texts_new();
    g_autoptr(GHashTable) rights = texts_new();
    if (q->pairs.count < 2)
        SLIP(c, AJ_ERROR, 0, "quiz-few-pairs", AJ_TR("补上其余的对", "add the other pairs"),
             AJ_TR("匹配题至少要有两对，这里有 %u 对", "two pairs are needed, here are %u"),
             q->pairs.count);
    for (uint32_t i = 0; i < q->pairs.count; i++) {
        const AjPair *p = &q->pairs.at[i];
        if (empty(p->left) || empty(p->right))
            SLIP(c, AJ_ERROR, p->line, "quiz-match-empty",
                 AJ_TR("两边都要有文字", "both sides need text"),
                 AJ_TR("第 %u 对缺了一边", "pair %u lacks a side"), i + 1);
        else if (seen(lefts, p->left))
            SLIP(c, AJ_ERROR, p->line, "quiz-left-same",
                 AJ_TR("左边每项只写一次", "write each left side once"),
                 AJ_TR("左边有两个“%s”", "“%s” stands twice on the left"), p->left);
        if (!empty(p->right))
            seen(rights, p->right);
        check_tag(c, p->left, p->line);
        check_tag(c, p->right, p->line);
    }
    for (uint32_t i = 0; i < q->distractors.count; i++)
        if (seen(rights, q->distractors.at[i]))
            SLIP(c, AJ_ERROR, 0, "quiz-distractor-right",
                 AJ_TR("换一个干扰项", "use another distractor"),
                 AJ_TR("干扰项“%s”和别的右边相同", "distractor “%s” equals another right side"),
                 q->distractors.at[i]);
}

static uint32_t node_find(const AjQuestion *q, const char *name)
{
    for (uint32_t i = 0; i < q->nodes.count; i++)
        if (strcmp(q->nodes.at[i].name, name) == 0)
            return i;
    return UINT32_MAX;
}

/* Forward from the start; then backward from the endings, until nothing changes. */
static void check_paths(Check *c)
{
    const AjQuestion *q = c->q;
    uint32_t n = q->nodes.count, start = q->start ? node_find(q, q->start) : UINT32_MAX;
    if (start == UINT32_MAX) {
        SLIP(c, AJ_ERROR, 0, "quiz-start-unknown",
             AJ_TR("写一个有的节点", "name a node that there is"),
             AJ_TR("起点“%s”不存在", "there is no start “%s”"), q->start ? q->start : "");
        return;
    }
    g_autofree bool *reached = g_new0(bool, n), *ends = g_new0(bool, n);
    g_autofree uint32_t *stack = g_new(uint32_t, n);
    uint32_t depth = 0;
    reached[start] = true;
    stack[depth++] = start;
    while (depth) {
        const AjNode *node = &q->nodes.at[stack[--depth]];
        for (uint32_t k = 0; k < node->choices.count; k++) {
            uint32_t to = node_find(q, node->choices.at[k].to);
            if (to != UINT32_MAX && !reached[to]) {
                reached[to] = true;
                stack[depth++] = to;
            }
        }
    }
    for (bool changed = true; changed;) {
        changed = false;
        for (uint32_t i = n; i-- > 0;) {
            const AjNode *node = &q->nodes.at[i];
            bool good = !node->choices.count;
            for (uint32_t k = 0; k < node->choices.count && !good; k++) {
                uint32_t to = node_find(q, node->choices.at[k].to);
                good = to == UINT32_MAX || ends[to];
            }
            changed |= good && !ends[i];
            ends[i] |= good;
        }
    }
    for (uint32_t i = 0; i < n; i++) {
        const AjNode *node = &q->nodes.at[i];
        if (!reached[i])
            SLIP(c, AJ_WARNING, node->line, "quiz-node-unreached",
                 AJ_TR("从别的节点链接过来，或删去它", "link to it, or take it out"),
                 AJ_TR("没有选择通向节点“%s”", "no choice leads to node “%s”"), node->name);
        else if (!ends[i])
            SLIP(c, AJ_ERROR, node->line, "quiz-node-endless",
                 AJ_TR("让一个选择通向没有选择的节点，那就是结局",
                       "let a choice lead to a node without choices: an ending"),
                 AJ_TR("从节点“%s”走不到任何结局", "no ending can be reached from node “%s”"),
                 node->name);
    }
}

static void check_scenario(Check *c)
{
    const AjQuestion *q = c->q;
    if (!q->nodes.count) {
        SLIP(c, AJ_ERROR, 0, "quiz-scenario-nodes",
             AJ_TR("用 #### 名称 写出各个节点", "write nodes as #### name"),
             AJ_TR("情景题没有节点：%s", "a scenario without nodes: %s"), q->stem);
        return;
    }
    double most = 0;
    bool broken = false;
    for (uint32_t i = 0; i < q->nodes.count; i++) {
        const AjNode *node = &q->nodes.at[i];
        if (empty(node->name) || node_find(q, node->name) != i) {
            broken = true;
            SLIP(c, AJ_ERROR, node->line, "quiz-node-twice",
                 AJ_TR("给每个节点一个自己的名称", "give each node a name of its own"),
                 AJ_TR("两个节点都叫“%s”", "two nodes are called “%s”"), node->name);
        }
        if (empty(node->text) && !node->choices.count)
            SLIP(c, AJ_WARNING, node->line, "quiz-node-empty",
                 AJ_TR("写明这里发生了什么", "say what happens here"),
                 AJ_TR("节点“%s”没有文字", "node “%s” says nothing"), node->name);
        for (uint32_t k = 0; k < node->choices.count; k++) {
            const AjChoice *choice = &node->choices.at[k];
            if (empty(choice->text))
                SLIP(c, AJ_ERROR, choice->line, "quiz-choice-empty",
                     AJ_TR("写上选择的文字", "write its text"),
                     AJ_TR("节点“%s”里有没有文字的选择", "node “%s” has a choice without text"),
                     node->name);
            if (node_find(q, choice->to) == UINT32_MAX) {
                broken = true;
                SLIP(c, AJ_ERROR, choice->line, "quiz-node-missing",
                     AJ_TR("改成有的节点，或写出这个节点", "mend the name, or write the node"),
                     AJ_TR("选择通向的节点“%s”不存在", "a choice leads to “%s”, which is no node"),
                     choice->to);
            }
            most = MAX(most, choice->points);
        }
    }
    if (!broken)
        check_paths(c);
    if (most <= 0)
        SLIP(c, AJ_WARNING, 0, "quiz-no-points",
             AJ_TR("在好的选择后面写（+3）", "write （+3） behind the good choices"),
             AJ_TR("没有一个选择加分：%s", "no choice gives points: %s"), q->stem);
}

static void check_short(Check *c)
{
    const AjQuestion *q = c->q;
    if (!q->reference && !q->rubric.count)
        SLIP(c, AJ_ERROR, 0, "quiz-short-reference",
             AJ_TR("写 > 参考答案：… 或 评分要点", "write > 参考答案：… or a rubric"),
             AJ_TR("简答题没有参考答案，也没有评分要点：%s",
                   "neither reference answer nor rubric: %s"),
             q->stem);
    double sum = 0;
    for (uint32_t i = 0; i < q->rubric.count; i++) {
        sum += q->rubric.at[i].points;
        if (empty(q->rubric.at[i].text))
            SLIP(c, AJ_ERROR, q->rubric.at[i].line, "quiz-rubric-empty",
                 AJ_TR("写上要点", "write it"),
                 AJ_TR("评分要点 %u 没有文字", "rubric item %u is empty"), i + 1);
        if (q->rubric.at[i].points < 0)
            SLIP(c, AJ_ERROR, q->rubric.at[i].line, "quiz-rubric-negative",
                 AJ_TR("写成不小于 0 的数", "write a number not below 0"),
                 AJ_TR("评分要点 %u 的分数小于 0", "rubric item %u has points below 0"), i + 1);
    }
    if (sum > 0 && (sum > q->points + 1e-9 || sum < q->points - 1e-9)) {
        g_autofree char *both = g_strdup_printf("%g / %g", sum, q->points);
        SLIP(c, AJ_WARNING, 0, "quiz-rubric-sum",
             AJ_TR("让要点的分数加起来等于分值", "let the items add up to the question's points"),
             AJ_TR("评分要点的分数和分值不同：%s", "rubric and question differ in points: %s"),
             both);
    }
}

/* ------------------------------------------------------------------ any question */

static void check_question(Check *c)
{
    const AjQuestion *q = c->q;
    if (empty(q->stem))
        SLIP(c, AJ_ERROR, 0, "quiz-stem-empty", AJ_TR("写上题干", "write it"),
             AJ_TR("%s题没有题干", "a %s question without a stem"),
             AJ_TR(aj_question_type_title(q->type), aj_question_type_name(q->type)));
    check_tag(c, q->stem, 0);
    check_tag(c, q->explanation, 0);
    if (!(q->points > 0 && q->points <= 1000))
        SLIP(c, AJ_ERROR, 0, "quiz-points-bad", AJ_TR("写成 分值：2", "write a number such as 2"),
             AJ_TR("分值 %g 不在 0 到 1000 之间", "%g points: not above 0 and at most 1000"),
             q->points);
    if (q->own_id && (strpbrk(q->id, " |\t\n") || strstr(q->id, "｜")))
        SLIP(c, AJ_ERROR, 0, "quiz-id-bad",
             AJ_TR("只用字母、数字、汉字和 - . _", "use letters, digits, - . _"),
             AJ_TR("编号“%s”里有空格或竖线", "id “%s” holds a blank or bar"), q->id);
    for (uint32_t i = 0; i < q->tags.count; i++)
        if (empty(q->tags.at[i]) || strpbrk(q->tags.at[i], ",;|") || strstr(q->tags.at[i], "、") ||
            strstr(q->tags.at[i], "，") || strstr(q->tags.at[i], "；") ||
            strstr(q->tags.at[i], "｜"))
            SLIP(c, AJ_WARNING, 0, "quiz-tag-mark",
                 AJ_TR("拆成几个标签", "make several tags of it"),
                 AJ_TR("标签“%s”是空的，或里面有分隔的标点", "tag “%s” is empty or holds a mark"),
                 q->tags.at[i]);
    switch (q->type) {
    case AJ_QUESTION_SINGLE:
    case AJ_QUESTION_MULTIPLE:
        check_options(c);
        break;
    case AJ_QUESTION_FILL:
        check_fill(c);
        break;
    case AJ_QUESTION_ORDER:
        check_order(c);
        break;
    case AJ_QUESTION_MATCH:
        check_match(c);
        break;
    case AJ_QUESTION_SCENARIO:
        check_scenario(c);
        break;
    case AJ_QUESTION_SHORT:
        check_short(c);
        break;
    case AJ_QUESTION_TRUEFALSE:
    case AJ_QUESTION_TYPES:
        break;
    }
}

static void check_ids(Check *c, const AjQuiz *quiz)
{
    g_autoptr(GHashTable) first = g_hash_table_new(g_str_hash, g_str_equal);
    for (uint32_t i = 0; i < quiz->questions.count; i++) {
        const AjQuestion *q = c->q = &quiz->questions.at[i];
        const AjQuestion *other = g_hash_table_lookup(first, q->id);
        if (!other) {
            g_hash_table_insert(first, (gpointer)q->id, (gpointer)q);
            continue;
        }
        c->failed = true;
        if (q->own_id)
            aj_diag(c->diags, AJ_ERROR, (AjPos){c->path, q->line, 0}, "quiz-duplicate-id",
                    AJ_TR("给每道题一个自己的编号", "give each question an id of its own"),
                    AJ_TR("编号“%s”在第 %u 行已经用过", "id “%s” is used on line %u already"),
                    q->id, other->line);
        else
            aj_diag(c->diags, AJ_ERROR, (AjPos){c->path, q->line, 0}, "quiz-duplicate-stem",
                    AJ_TR("改写题干，删去一道，或给两道题各写一个编号",
                          "reword it, take one out, or give both an id"),
                    AJ_TR("题干和第 %u 行的题目相同：%s", "the stem is the same as on line %u: %s"),
                    other->line, q->stem);
    }
}

static void check_settings(Check *c, const AjQuiz *quiz)
{
    static const AjQuestion whole = {0};
    c->q = &whole;
    if (!quiz->questions.count)
        SLIP(c, AJ_ERROR, 0, "quiz-none",
             AJ_TR("检查格式对不对：见手册“题目的导入和导出”", "check the format: see the manual"),
             AJ_TR("%s里没有题目", "no question in %s"), AJ_TR("这份文件", "this file"));
    if (quiz->pass < 0 || quiz->pass > 100)
        SLIP(c, AJ_ERROR, 0, "quiz-pass-large",
             AJ_TR("写成 1 到 100：及格线是总分的百分之几", "write 1 to 100: percent of the total"),
             AJ_TR("及格线 %d 超过了总分", "a pass mark of %d is above the total"),
             (int)quiz->pass);
    if (quiz->questions.count && quiz->pick > quiz->questions.count)
        SLIP(c, AJ_ERROR, 0, "quiz-pick-large",
             AJ_TR("减少抽题数，或补充题目", "draw fewer, or add questions"),
             AJ_TR("题目不够抽 %d 题", "fewer questions than the %d drawn"), (int)quiz->pick);
    for (uint32_t i = 0; i < quiz->pools.count; i++) {
        const AjPool *p = &quiz->pools.at[i];
        if (p->pick > p->size)
            SLIP(
                c, AJ_ERROR, p->line, "quiz-pool-small",
                AJ_TR("减少抽题数，或补充题目", "draw fewer, or add questions"),
                AJ_TR("题库“%s”的题目比要抽的少", "pool “%s” holds fewer questions than are drawn"),
                p->name);
        else if (!p->size)
            SLIP(c, AJ_WARNING, p->line, "quiz-pool-empty",
                 AJ_TR("补充题目，或删去它", "add questions, or take it out"),
                 AJ_TR("题库“%s”里没有题目", "pool “%s” holds no question"), p->name);
    }
}

static bool check_all(const AjQuiz *quiz, const char *path, bool whole, AjDiags *diags)
{
    Check c = {.path = path, .diags = diags};
    if (whole)
        check_settings(&c, quiz);
    for (uint32_t i = 0; i < quiz->questions.count; i++) {
        c.q = &quiz->questions.at[i];
        check_question(&c);
    }
    check_ids(&c, quiz);
    return !c.failed;
}

bool aj_quizcheck(const AjQuiz *quiz, const char *path, AjDiags *diags)
{
    return check_all(quiz, path, true, diags);
}

bool aj_quizcheck_rest(const AjQuiz *quiz, const char *path, bool whole, AjDiags *diags)
{
    g_autoptr(AjDiags) own = aj_diags_new();
    g_autoptr(GHashTable) told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    bool good = check_all(quiz, path, whole, own);
    for (uint32_t i = 0; i < aj_diags_total(diags); i++)
        if (g_strcmp0(aj_diags_at(diags, i)->pos.path, path) == 0)
            g_hash_table_add(told, g_strdup(aj_diags_at(diags, i)->code));
    for (uint32_t i = 0; i < aj_diags_total(own); i++) {
        const AjDiag *d = aj_diags_at(own, i);
        if (!g_hash_table_contains(told, d->code))
            aj_diag(diags, d->level, d->pos, d->code, d->hint, "%s", d->message);
    }
    return good;
}
