/* test_parse_quizblock - 题目 Markdown through the shipped filter, folded to data.
 *
 * Every slip must come with its own code and line, and a clean page with none. */
#include "filter/luabox.h"
#include "parse/markdown.h"
#include "parse/quizblock.h"
#include "render/html.h"

#include <string.h>

static AjArena *arena;
static AjLuabox *box;
static char *texts[3];

static void draw(cmark_node *node, bool inlines, GString *out, void *data)
{
    (void)inlines;
    (void)data;
    AjHtmlOptions how = {0};
    aj_html_render_children(node, &how, out);
}

static void draw_number(uint32_t number, GString *out, void *data)
{
    (void)data;
    g_string_append_printf(out, "<Q%u>", number);
}

typedef struct {
    const AjValue *quiz;
    AjDiags *diags;
    char *html;
} Page;

static Page page_of(const char *markdown, AjValue *meta, const AjValue *defaults)
{
    Page p = {.diags = aj_diags_new()};
    AjMarkdownOptions options = {"q.md", 1, true};
    AjTree *tree = aj_markdown_parse(arena, markdown, strlen(markdown), &options, p.diags);
    g_assert_nonnull(tree);
    AjLuaDocument doc = {.page = "q.md", .tree = tree, .meta = &meta};
    g_assert_true(aj_luabox_run(box, &doc, p.diags));
    p.quiz = aj_quizblock_fold(arena, tree, meta, defaults, "q.md", draw, NULL, p.diags);
    GString *html = g_string_new(NULL);
    AjHtmlOptions how = {.question = draw_number};
    aj_html_render(tree->root, &how, html);
    p.html = g_string_free(html, FALSE);
    return p;
}

static AjValue *quiz_meta(void)
{
    AjValue *meta = aj_value_map(arena);
    aj_value_set_string(arena, meta, "quiz", "考核");
    return meta;
}

static void page_clear(Page *p)
{
    aj_diags_free(p->diags);
    g_free(p->html);
}

static const AjValue *question(const Page *p, uint32_t i)
{
    return aj_value_at(aj_value_get(p->quiz, "questions"), i);
}

#define STRING(v, key) aj_value_get_string(v, key, NULL)

static void test_types(void)
{
    Page p = page_of("intro\n\n"
                     "### 3. 【单选】氧含量应处于（　）之间。\n"
                     "分值：2｜难度：易｜标签：有限空间、气体｜编号：yx-001\n"
                     "\n"
                     "- [ ] 12%～16%\n"
                     "  > *低*了\n"
                     "- [x] 19.5%～23.5%\n"
                     "\n"
                     "> 解析：低于 19.5% 为缺氧。\n"
                     "\n"
                     "### [ 多选题 ]  多项\n"
                     "计分: 漏选得半 | 红线: 是\n"
                     "\n"
                     "1. [x] 甲\n"
                     "2. [X] 乙\n"
                     "3. [ ] 丙\n"
                     "\n"
                     "### 12）［判断］ 对不对\n"
                     "答案：Ｔ\n"
                     "\n"
                     "### 【填空题】先（　），再（ ）。\n"
                     "分值：1.5\n"
                     "答案：通风｜换气；10±0.5\n"
                     "\n"
                     "没有题型的题也是**题**\n"
                     "\n"
                     "### 没有题型\n"
                     "\n"
                     "看图：\n"
                     "\n"
                     "- [x] 甲\n"
                     "- [ ] 乙\n"
                     "\n"
                     "余下的话\n",
                     quiz_meta(), NULL);
    g_assert_cmpuint(aj_diags_total(p.diags), ==, 0);
    g_assert_cmpstr(STRING(p.quiz, "title"), ==, "考核");
    g_assert_cmpint(aj_value_get_int(p.quiz, "count", 0), ==, 5);
    g_assert_cmpfloat(aj_value_get_double(p.quiz, "points", 0), ==, 6.5);
    const AjValue *q = question(&p, 0);
    g_assert_cmpstr(STRING(q, "id"), ==, "yx-001");
    g_assert_cmpstr(STRING(q, "type"), ==, "single");
    g_assert_cmpstr(STRING(q, "stem"), ==, "氧含量应处于（　）之间。");
    g_assert_cmpint(aj_value_get_int(q, "points", 0), ==, 2);
    g_assert_cmpint(aj_value_get_int(q, "line", 0), ==, 3);
    g_assert_cmpint(aj_value_get_int(q, "number", 0), ==, 1);
    g_assert_cmpstr(STRING(q, "difficulty"), ==, "易");
    g_assert_cmpuint(aj_value_len(aj_value_get(q, "tags")), ==, 2);
    g_assert_cmpstr(STRING(q, "explanation"), ==, "低于 19.5% 为缺氧。");
    g_assert_cmpstr(STRING(q, "explanation_html"), ==, "低于 19.5% 为缺氧。");
    const AjValue *o = aj_value_at(aj_value_get(q, "options"), 0);
    g_assert_cmpstr(STRING(o, "key"), ==, "A");
    g_assert_cmpstr(STRING(o, "text"), ==, "12%～16%");
    g_assert_cmpstr(STRING(o, "feedback_html"), ==, "<em>低</em>了");
    g_assert_false(aj_value_get_bool(o, "correct", true));
    q = question(&p, 1);
    g_assert_cmpstr(STRING(q, "type"), ==, "multiple");
    g_assert_cmpstr(STRING(q, "stem"), ==, "多项");
    g_assert_cmpstr(STRING(q, "partial"), ==, "half");
    g_assert_true(aj_value_get_bool(q, "red_line", false));
    g_assert_cmpuint(aj_value_len(aj_value_get(q, "options")), ==, 3);
    q = question(&p, 2);
    g_assert_cmpstr(STRING(q, "type"), ==, "truefalse");
    g_assert_cmpstr(STRING(q, "stem"), ==, "对不对");
    g_assert_true(aj_value_get_bool(q, "answer", false));
    g_assert_null(aj_value_get(q, "red_line"));
    g_assert_true(g_str_has_prefix(STRING(q, "id"), "h-"));
    g_assert_cmpuint(strlen(STRING(q, "id")), ==, 14);
    q = question(&p, 3);
    g_assert_cmpint(aj_value_get_int(q, "blanks", 0), ==, 2);
    const AjValue *answers = aj_value_get(q, "answers");
    g_assert_cmpuint(aj_value_len(aj_value_at(answers, 0)), ==, 2);
    const AjValue *number = aj_value_at(aj_value_at(answers, 1), 0);
    g_assert_cmpfloat(aj_value_get_double(number, "value", 0), ==, 10);
    g_assert_cmpfloat(aj_value_get_double(number, "tolerance", 0), ==, 0.5);
    q = question(&p, 4);
    g_assert_cmpstr(STRING(q, "type"), ==, "single");
    g_assert_cmpstr(STRING(q, "stem"), ==, "没有题型\n看图：");
    g_assert_cmpstr(STRING(q, "stem_html"), ==, "<p>没有题型</p>\n<p>看图：</p>\n");
    g_assert_nonnull(strstr(p.html, "<Q0>"));
    g_assert_nonnull(strstr(p.html, "<Q4>"));
    g_assert_nonnull(strstr(p.html, "<p>intro</p>"));
    g_assert_nonnull(strstr(p.html, "<p>余下的话</p>"));
    g_assert_null(strstr(p.html, "quiz-"));
    page_clear(&p);
}

/* The id stands on the folded stem: full width or not, one blank or two. */
static void test_id(void)
{
    Page a = page_of("### 【判断】ＡＢ，  甲\n答案：对\n", quiz_meta(), NULL);
    Page b = page_of("### 7、[判断题] AB, 甲\n答案：错\n", quiz_meta(), NULL);
    Page c = page_of("### 【判断】AB, 乙\n答案：错\n", quiz_meta(), NULL);
    g_assert_cmpstr(STRING(question(&a, 0), "id"), ==, STRING(question(&b, 0), "id"));
    g_assert_cmpstr(STRING(question(&a, 0), "id"), !=, STRING(question(&c, 0), "id"));
    g_assert_cmpstr(STRING(question(&a, 0), "stem"), ==, "ＡＢ， 甲");
    page_clear(&a);
    page_clear(&b);
    page_clear(&c);
}

static void test_pools(void)
{
    AjValue *meta = quiz_meta();
    aj_value_set_int(arena, meta, "pass", 80);
    AjValue *defaults = aj_value_map(arena);
    aj_value_set_int(arena, defaults, "pass", 60);
    aj_value_set_int(arena, defaults, "time_limit", 1200);
    Page p =
        page_of("## 题库：通用\n抽题：1\n\n### 【判断】一\n答案：对\n\n### 【判断】二\n答案：错\n\n"
                "## 题库: 专用\n\n### 【判断】三\n答案：对\n\n## 完\n\n### 【判断】四\n答案：对\n",
                meta, defaults);
    g_assert_cmpuint(aj_diags_total(p.diags), ==, 0);
    const AjValue *pools = aj_value_get(p.quiz, "pools");
    g_assert_cmpint(aj_value_get_int(aj_value_get(pools, "通用"), "size", 0), ==, 2);
    g_assert_cmpint(aj_value_get_int(aj_value_get(pools, "通用"), "pick", 0), ==, 1);
    g_assert_cmpint(aj_value_get_int(aj_value_get(pools, "专用"), "size", 0), ==, 1);
    g_assert_null(aj_value_get(aj_value_get(pools, "专用"), "pick"));
    g_assert_cmpstr(STRING(question(&p, 2), "pool"), ==, "专用");
    g_assert_null(STRING(question(&p, 3), "pool"));
    g_assert_cmpint(aj_value_get_int(p.quiz, "pass", 0), ==, 80);
    g_assert_cmpint(aj_value_get_int(p.quiz, "time_s", 0), ==, 1200);
    g_assert_null(strstr(p.html, "抽题"));
    page_clear(&p);
}

static void test_lesson(void)
{
    const char *lesson =
        "# 课\n\n## 【情景】某厂\n\n- 一\n\n## 测验\n\n### 问\n- [x] 甲\n- [ ] 乙\n\n"
        "## 后来\n\n### 清单\n- [x] 不是题\n- [ ] 也不是\n";
    Page p = page_of(lesson, aj_value_map(arena), NULL);
    g_assert_cmpuint(aj_diags_total(p.diags), ==, 0);
    g_assert_cmpint(aj_value_get_int(p.quiz, "count", 0), ==, 1);
    g_assert_nonnull(strstr(p.html, "不是题"));
    page_clear(&p);
    Page none = page_of("# 课\n\n- [x] 甲\n", aj_value_map(arena), NULL);
    g_assert_null(none.quiz);
    g_assert_cmpuint(aj_diags_total(none.diags), ==, 0);
    page_clear(&none);
}

static void test_crlf(void)
{
    Page p = page_of("### 【填空】（　）\r\n分值：2\r\n答案：甲\r\n", quiz_meta(), NULL);
    g_assert_cmpuint(aj_diags_total(p.diags), ==, 0);
    g_assert_cmpint(aj_value_get_int(question(&p, 0), "points", 0), ==, 2);
    page_clear(&p);
}

static const AjValue *item(const AjValue *q, const char *list, uint32_t i)
{
    return aj_value_at(aj_value_get(q, list), i);
}

static void test_order_and_match(void)
{
    Page p = page_of(
        "### 【排序】顺序\n分值：3\n\n前言\n\n1. 通风\n2. *检测*\n3. 作业\n\n> 解析：都要\n\n"
        "### 【匹配】连一连\n\n| 气体 | 危害 |\n|---|---|\n| 氮气 | 窒息 |\n| | 触电 |\n",
        quiz_meta(), NULL);
    g_assert_cmpuint(aj_diags_total(p.diags), ==, 0);
    const AjValue *q = question(&p, 0);
    g_assert_cmpuint(aj_value_len(aj_value_get(q, "items")), ==, 3);
    g_assert_cmpstr(STRING(item(q, "items", 1), "text"), ==, "检测");
    g_assert_cmpstr(STRING(item(q, "items", 1), "html"), ==, "<em>检测</em>");
    g_assert_cmpstr(STRING(q, "stem"), ==, "顺序\n前言");
    g_assert_cmpstr(STRING(q, "explanation"), ==, "都要");
    q = question(&p, 1);
    g_assert_cmpuint(aj_value_len(aj_value_get(q, "pairs")), ==, 1);
    g_assert_cmpstr(STRING(item(q, "pairs", 0), "left"), ==, "氮气");
    g_assert_cmpstr(STRING(item(q, "pairs", 0), "right"), ==, "窒息");
    g_assert_cmpstr(item(q, "distractors", 0)->s, ==, "触电");
    page_clear(&p);
}

static void test_scenario_and_short(void)
{
    Page p = page_of(
        "### 【情景】井下有人倒下\n\n先想。\n\n> 解析：先报告\n\n#### 发 现\n做什么？\n\n"
        "- [下井](#完) （-1）\n- [报告](<#发 现>)（+2.5分）\n- [等](#完)\n\n#### 完\n结束\n\n"
        "### 【简答】为什么\n\n> 参考答案：会中毒\n>\n> 会窒息\n\n评分要点：\n\n- "
        "说出中毒（2分）\n- 说清\n",
        quiz_meta(), NULL);
    g_assert_cmpuint(aj_diags_total(p.diags), ==, 0);
    const AjValue *q = question(&p, 0), *node = item(q, "nodes", 0);
    g_assert_cmpstr(STRING(q, "start"), ==, "发 现");
    g_assert_cmpstr(STRING(node, "text"), ==, "做什么？");
    g_assert_cmpstr(STRING(item(node, "choices", 1), "to"), ==, "发 现");
    g_assert_cmpfloat(aj_value_get_double(item(node, "choices", 0), "points", 0), ==, -1);
    g_assert_cmpfloat(aj_value_get_double(item(node, "choices", 1), "points", 0), ==, 2.5);
    g_assert_cmpuint(aj_value_len(aj_value_get(item(q, "nodes", 1), "choices")), ==, 0);
    g_assert_cmpstr(STRING(q, "explanation"), ==, "先报告");
    q = question(&p, 1);
    g_assert_cmpstr(STRING(q, "reference"), ==, "会中毒\n会窒息");
    g_assert_cmpstr(STRING(item(q, "rubric", 0), "text"), ==, "说出中毒");
    g_assert_cmpfloat(aj_value_get_double(item(q, "rubric", 0), "points", 0), ==, 2);
    g_assert_cmpfloat(aj_value_get_double(item(q, "rubric", 1), "points", 9), ==, 0);
    page_clear(&p);
}

static const struct {
    const char *code, *markdown;
    uint32_t line;
    bool warning;
} slips[] = {
    {"quiz-option-blank", "### 【单选】问\n- [x]甲\n- [ ] 乙\n", 2, false},
    {"quiz-option-blank", "### 问\n\n- [x] 甲\n- [ ]乙\n", 4, false},
    {"quiz-option-wide", "### 【单选】问\n- 【x】甲\n- [ ] 乙\n", 2, false},
    {"quiz-option-wide", "### 【单选】问\n- [x] 甲\n- ［ ］乙\n", 3, false},
    {"quiz-option-mark", "### 【单选】问\n- [√] 甲\n- [ ] 乙\n", 2, false},
    {"quiz-option-mark", "### 【单选】问\n- [x] 甲\n- [] 乙\n", 3, false},
    {"quiz-option-plain", "### 【单选】问\n- [x] 甲\n- 乙\n", 3, false},
    {"quiz-option-same", "### 【单选】问\n- [x] 甲\n- [ ] 甲\n", 3, true},
    {"quiz-stem-empty", "### 【单选】\n- [x] 甲\n- [ ] 乙\n", 1, false},
    {"quiz-underscore", "### 【填空】从（____）至（____）\n答案：甲；乙\n", 1, false},
    {"quiz-underscore", "### 【填空】问\n\n从\n（____）止\n\n答案：甲\n", 4, false},
    {"quiz-no-options", "### 【单选】问\n\n甲还是乙\n", 1, false},
    {"quiz-few-options", "### 【单选】问\n- [x] 甲\n", 1, false},
    {"quiz-no-right", "\n\n### 【单选】问\n- [ ] 甲\n- [ ] 乙\n", 3, false},
    {"quiz-no-right", "### 【多选】问\n- [ ] 甲\n- [ ] 乙\n", 1, false},
    {"quiz-two-right", "### 【单选】问\n- [x] 甲\n- [x] 乙\n", 1, false},
    {"quiz-one-right", "### 【多选】问\n- [x] 甲\n- [ ] 乙\n", 1, true},
    {"quiz-answer-and-options", "### 【单选】问\n- [x] 甲\n- [ ] 乙\n\n答案：A\n", 5, true},
    {"quiz-no-answer", "### 【判断】问\n", 1, false},
    {"quiz-no-answer", "### 【填空】问（　）\n", 1, false},
    {"quiz-answer-bad", "### 【判断】问\n分值：1\n答案：也许\n", 3, false},
    {"quiz-no-blank", "### 【填空】问\n答案：甲\n", 1, false},
    {"quiz-blank-count", "### 【填空】（　）和（　）\n答案：甲\n", 2, false},
    {"quiz-answer-empty", "### 【填空】（　）和（　）\n答案：；乙\n", 1, false},
    {"quiz-points-bad", "### 【判断】问\n答案：对｜分值：零\n", 2, false},
    {"quiz-red-bad", "### 【判断】问\n答案：对\n红线：也许\n", 3, false},
    {"quiz-scoring-kind", "### 【判断】问\n答案：对\n计分：全对\n", 3, true},
    {"quiz-scoring-bad", "### 【多选】问\n计分：随便\n- [x] 甲\n- [x] 乙\n", 2, false},
    {"quiz-unknown-key", "### 【判断】问\n答案：对\n分值：1｜作者：甲\n", 3, true},
    {"quiz-key-twice", "### 【判断】问\n答案：对\n分值：1\n分值：2\n", 4, true},
    {"quiz-answer-twice", "### 【判断】问\n答案：对\n答案：错\n", 3, false},
    {"quiz-duplicate-id",
     "### 【判断】一\n编号：a\n答案：对\n\n### 【判断】二\n编号：a\n答案：错\n", 5, false},
    {"quiz-duplicate-stem", "### 【判断】一\n答案：对\n\n### 【判断】一\n答案：错\n", 4, false},
    {"quiz-pick-bad", "## 题库：甲\n抽题：零\n\n### 【判断】一\n答案：对\n", 2, false},
    {"quiz-pool-small", "\n## 题库：甲\n抽题：2\n\n### 【判断】一\n答案：对\n", 2, false},
    {"quiz-duplicate-pool", "## 题库：甲\n\n## 题库：甲\n\n### 【判断】一\n答案：对\n", 3, false},
    {"quiz-order-list", "### 【判断】一\n答案：对\n\n### 【排序】二\n\n- 甲\n- 乙\n", 4, false},
    {"quiz-order-few", "### 【排序】问\n\n1. 甲\n", 1, false},
    {"quiz-item-empty", "### 【排序】问\n\n1. 甲\n2.\n3. 乙\n", 4, false},
    {"quiz-match-table", "### 【匹配】问\n\n- 甲\n", 1, false},
    {"quiz-match-columns", "### 【匹配】问\n\n| 一 | 二 | 三 |\n|---|---|---|\n| 甲 | 乙 | 丙 |\n",
     5, false},
    {"quiz-match-empty", "### 【匹配】问\n\n| 左 | 右 |\n|---|---|\n| 甲 | 子 |\n| 乙 | |\n", 6,
     false},
    {"quiz-match-none", "### 【匹配】问\n\n| 左 | 右 |\n|---|---|\n| | 子 |\n", 1, false},
    {"quiz-scenario-nodes", "### 【情景】问\n\n一段\n", 1, false},
    {"quiz-scenario-choices", "### 【情景】问\n\n#### 甲\n\n完\n", 1, false},
    {"quiz-choice-link", "### 【情景】问\n\n#### 甲\n\n- [去](#乙) （+1）\n- 不去\n\n#### 乙\n", 6,
     false},
    {"quiz-choice-tail", "### 【情景】问\n\n#### 甲\n\n- [去](#乙) 加一\n\n#### 乙\n", 5, true},
    {"quiz-node-twice", "### 【情景】问\n\n#### 甲\n\n- [去](#乙)\n\n#### 乙\n\n#### 乙\n", 9,
     false},
    {"quiz-node-missing", "### 【情景】问\n\n#### 甲\n\n- [去](#丙)\n- [来](#乙)\n\n#### 乙\n", 5,
     false},
    {"quiz-node-unreached", "### 【情景】问\n\n#### 甲\n\n- [去](#乙)\n\n#### 乙\n\n#### 丙\n", 9,
     true},
    {"quiz-node-endless", "### 【情景】问\n\n#### 甲\n\n- [去](#乙)\n\n#### 乙\n\n- [回](#甲)\n", 3,
     false},
    {"quiz-short-reference", "### 【简答】问\n\n想一想\n", 1, false},
    {"quiz-rubric-list", "### 【简答】问\n\n> 参考答案：甲\n\n评分要点：\n", 1, false},
    {"quiz-empty", "没有题目\n", 0, true},
};

static void check_slip(gconstpointer data)
{
    size_t i = GPOINTER_TO_SIZE(data);
    Page p = page_of(slips[i].markdown, quiz_meta(), NULL);
    g_assert_cmpuint(aj_diags_total(p.diags), ==, 1);
    const AjDiag *d = aj_diags_at(p.diags, 0);
    g_assert_cmpstr(d->code, ==, slips[i].code);
    g_assert_cmpuint(d->pos.line, ==, slips[i].line);
    g_assert_cmpint(d->level, ==, slips[i].warning ? AJ_WARNING : AJ_ERROR);
    g_assert_true(d->hint && *d->hint);
    g_assert_null(strstr(d->message, "%1"));
    g_assert_null(strstr(p.html, "quiz-slip"));
    page_clear(&p);
}

static void test_outside(void)
{
    Page p = page_of("# 课\n\n### 【单选】问\n- [x] 甲\n- [ ] 乙\n", aj_value_map(arena), NULL);
    g_assert_null(p.quiz);
    g_assert_cmpuint(aj_diags_count(p.diags, AJ_WARNING), ==, 1);
    g_assert_cmpstr(aj_diags_at(p.diags, 0)->code, ==, "quiz-outside");
    page_clear(&p);
}

static void test_pick(void)
{
    AjValue *meta = quiz_meta();
    AjValue *pick = aj_value_int(arena, 2);
    pick->line = 4;
    aj_value_set(arena, meta, "pick", pick);
    Page p = page_of("### 【判断】一\n答案：对\n", meta, NULL);
    g_assert_cmpstr(aj_diags_at(p.diags, 0)->code, ==, "quiz-pick-large");
    g_assert_cmpuint(aj_diags_at(p.diags, 0)->pos.line, ==, 4);
    page_clear(&p);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    arena = aj_arena_new(1 << 20);
    static const char *const names[] = {"quiz", "marks",
                                        "parts"}; /* the filter, then its modules */
    AjFilterModule parts[G_N_ELEMENTS(names)];
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *file = g_strdup_printf("lua-filters/quiz/%s.lua", names[i]);
        if (!g_file_get_contents(file, &texts[i], &parts[i].len, NULL))
            g_error("%s is missing; run from the root of the source", file);
        parts[i].name = names[i];
        parts[i].text = texts[i];
    }
    AjFilterSource source = {.name = "quiz",
                             .path = "lua-filters/quiz/quiz.lua",
                             .text = texts[0],
                             .len = parts[0].len,
                             .modules = parts + 1,
                             .module_count = G_N_ELEMENTS(names) - 1};
    AjDiags *diags = aj_diags_new();
    box = aj_luabox_new(&source, 1, NULL, diags);
    g_assert_nonnull(box);
    g_test_add_func("/parse/quizblock/types", test_types);
    g_test_add_func("/parse/quizblock/id", test_id);
    g_test_add_func("/parse/quizblock/pools", test_pools);
    g_test_add_func("/parse/quizblock/order-and-match", test_order_and_match);
    g_test_add_func("/parse/quizblock/scenario-and-short", test_scenario_and_short);
    g_test_add_func("/parse/quizblock/lesson", test_lesson);
    g_test_add_func("/parse/quizblock/crlf", test_crlf);
    g_test_add_func("/parse/quizblock/outside", test_outside);
    g_test_add_func("/parse/quizblock/pick", test_pick);
    for (size_t i = 0; i < G_N_ELEMENTS(slips); i++) {
        g_autofree char *name =
            g_strdup_printf("/parse/quizblock/slip-%02zu-%s", i + 1, slips[i].code);
        g_test_add_data_func(name, GSIZE_TO_POINTER(i), check_slip);
    }
    int code = g_test_run();
    aj_luabox_free(box);
    aj_diags_free(diags);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        g_free(texts[i]);
    aj_arena_free(arena);
    return code;
}
