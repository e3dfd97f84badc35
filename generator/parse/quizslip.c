/* quizslip - the words for what the quiz filter calls a slip.
 *
 * Must not know: how a slip is found, what a question is made of. */
#include "parse/quizslip.h"

#include "parse/quizparts.h"

#include <string.h>

typedef struct {
    const char *code;
    const char *zh, *en; /* may name the words a and b with %1 and %2 */
    const char *zh_hint, *en_hint;
} Slip;
static const Slip slips[] = {
    {"option-blank", "“%1”的方括号后面没有空格，不算选项", "no blank after the brackets in “%1”",
     "写成 - [x] 甲，方括号后空一格", "write - [x] text, with a blank after the bracket"},
    {"option-wide", "“%1”用的不是半角方括号，不算选项", "“%1” does not use plain square brackets",
     "改成半角的 [x] 或 [ ]", "use plain [x] or [ ]"},
    {"option-mark", "“%1”不是选项的记号", "“%1” does not mark an option",
     "对的写 [x]，错的写 [ ]，中间是一个空格", "write [x] for right, [ ] with one blank for wrong"},
    {"option-plain", "这一项没有选项记号：%1", "an item without brackets among the options: %1",
     "每个选项都以 - [ ] 或 - [x] 开头", "open each option with - [ ] or - [x]"},
    {"option-empty", "选项没有文字", "an option without text", "写上选项的文字，或删去这一行",
     "write its text, or take the line out"},
    {"option-same", "两个选项的文字相同：%1", "two options say the same: %1", "改写其中一个",
     "reword one of them"},
    {"stem-empty", "题目没有题干", "a question without a stem", "把题干写在标题里题型的后面",
     "write the stem after the type in the heading"},
    {"underscore", "下划线 ____ 在这里会变成加粗，不是填空的空",
     "____ turns text bold and makes no blank", "空写成全角括号加一个全角空格：（　）",
     "write a blank as （　）: wide brackets, wide space"},
    {"no-options", "这道选择题没有选项", "a choice question without options",
     "在题干下面用 - [ ] 和 - [x] 列出选项", "list the options below with - [ ] and - [x]"},
    {"few-options", "选择题至少要有两个选项", "a choice question needs two options at least",
     "补上其余的选项", "add the others"},
    {"no-right", "没有标出正确的选项", "no option is marked as right", "在正确的选项前写 - [x]",
     "write - [x] before the right one"},
    {"two-right", "单选题标出了 %1 个正确的选项", "a single-choice question with %1 right options",
     "只留一个 [x]，或把题型改为【多选】", "leave one [x], or make it 【多选】"},
    {"one-right", "多选题只有一个正确的选项", "a multiple-choice question with one right option",
     "确认答案，或把题型改为【单选】", "check the answer, or make it 【单选】"},
    {"answer-and-options", "选择题的答案由 [x] 标出，这里的“答案”没有用",
     "the answer of a choice question is its [x]; this line is not used", "删去“答案”这一项",
     "take it out"},
    {"no-answer", "这道题没有答案", "a question without an answer", "在题干下面写一行 答案：…",
     "add a line 答案：… below the stem"},
    {"answer-bad", "看不懂判断题的答案“%1”", "“%1” does not answer a true-or-false question",
     "写成 答案：对 或 答案：错", "write 答案：对 or 答案：错"},
    {"no-blank", "填空题的题干里没有空", "a fill-in question without a blank",
     "空写成全角括号加一个全角空格：（　）", "write a blank as （　）: wide brackets, wide space"},
    {"blank-count", "题干有 %1 个空，答案却有 %2 个", "%1 blanks, but %2 answers",
     "几个空就写几个答案，之间用；分开，同一个空的不同写法用｜分开",
     "one answer a blank, with ； between blanks and ｜ between spellings"},
    {"points-bad", "分值“%1”不是大于 0 的数", "“%1” is not a number of points above 0",
     "写成 分值：2", "write 分值：2"},
    {"red-bad", "红线写成了“%1”", "red line is “%1”", "写成 红线：是 或 红线：否",
     "write 红线：是 or 红线：否"},
    {"scoring-kind", "只有多选题有“计分”", "only multiple-choice questions have a scoring rule",
     "删去“计分”这一项", "take it out"},
    {"scoring-bad", "看不懂计分办法“%1”", "unknown scoring rule “%1”",
     "写成 计分：漏选得半 或 计分：全对", "write 计分：漏选得半 or 计分：全对"},
    {"pick-bad", "抽题数“%1”不是大于 0 的整数", "“%1” is not a whole number above 0 to draw",
     "写成 抽题：10", "write 抽题：10"},
    {"pick-place", "“%1”要写在题库的标题下面，写在题目里没有用",
     "“%1” belongs below the pool's heading, not into a question", "移到 ## 题库：名称 的下一行",
     "move it below ## 题库：name"},
    {"from-missing", "来自的页面“%1”找不到", "the page “%1” to draw from is not there",
     "写成到那一页 .md 文件的链接，例如 来自：[气体](gas.md)",
     "link to that page's .md file: 来自：[gas](gas.md)"},
    {"from-slip", "%1 里有 %2 处错误，不能从那里出题",
     "%1 holds %2 errors, so no question is drawn from it",
     "先改好那一页：anjian quiz check %1；那一页的题库不能再写“来自”",
     "mend that page first: anjian quiz check %1; its own pools must not say 来自"},
    {"from-pool", "%1 里没有题库“%2”", "%1 has no pool “%2”",
     "改成那一页里一个题库的名称，或去掉 # 和后面的",
     "use the name of a pool there, or leave out # and what follows"},
    {"from-none", "%1 里没有题目", "%1 holds no question", "在那一页写题目，或换一页",
     "write questions there, or name another page"},
    {"key-twice", "“%1”写了两次，用后面的一个", "“%1” stands twice; the second one counts",
     "删去一个", "take one out"},
    {"answer-twice", "“%1”写了两次，不知道哪一个对", "“%1” stands twice; which one is right?",
     "只留一个；几种写法都对，用｜隔开", "keep one; part spellings of one answer with ｜"},
    {"option-nested", "选项里面还有选项：%1", "an option inside an option: %1",
     "去掉前面的空格，和别的选项对齐", "take out the blanks before it"},
    {"list-twice", "一道题有两个选项列表，后面的没有用上", "a second list of options is not used",
     "把选项放在一个列表里，中间不要隔文字", "put all options into one list"},
    {"html", "题目里的 HTML 标签“%1”不会显示", "HTML in a question is not shown: %1",
     "去掉标签；要强调写 **文字**，要显示尖括号写 \\<",
     "take the tags out; write **text** for bold, \\< for a bracket"},
    {"type-unknown", "不认识的题型【%1】", "unknown type 【%1】",
     "写成 单选 多选 判断 填空 排序 匹配 情景 简答",
     "write 单选 多选 判断 填空 排序 匹配 情景 简答"},
    {"type-missing", "像一道题，标题里却没有题型：%1",
     "looks like a question, but says no type: %1",
     "在标题里写【判断】这样的题型；选择题用 - [ ] 和 - [x] 列出选项",
     "write the type in the heading, as 【判断】; mark options with - [ ] and - [x]"},
    {"unknown-key", "没有“%1”这一项", "there is no key “%1”",
     "可以写的有：分值 难度 标签 编号 红线 计分 答案",
     "known keys: 分值 难度 标签 编号 红线 计分 答案"},
    {"outside", "这里像是一道【%1】题，但本页没有声明测验",
     "this looks like a 【%1】 question, but the page has no quiz",
     "在开头写 测验: 名称，或把题目放在“## 测验”标题下面",
     "write 测验: NAME in the front matter, or put it below a heading 测验"},
    {"order-list", "排序题没有编号列表", "an ordering question without a numbered list",
     "用 1. 2. 3. 按正确的顺序列出各项", "list the items in the right order with 1. 2. 3."},
    {"order-few", "排序题至少要有两项", "an ordering question needs two items at least",
     "补上其余的项", "add the others"},
    {"item-empty", "这一项没有文字", "an item without text", "写上文字，或删去这一项",
     "write its text, or take it out"},
    {"match-table", "匹配题没有两列的表格", "a matching question without a table of two columns",
     "写一张表，左列是题，右列是对应的答案",
     "write a table: left what is asked, right what belongs"},
    {"match-columns", "匹配题的表格要有两列，这里有 %1 列", "the table needs two columns, not %1",
     "只留左右两列", "leave two columns"},
    {"match-empty", "“%1”的右边是空的", "nothing stands to the right of “%1”", "写上对应的答案",
     "write what belongs to it"},
    {"match-none", "匹配题的表格里没有一对左右都有的行", "the table has no row with both sides",
     "至少写两行左右都有的", "write two rows with both sides at least"},
    {"scenario-nodes", "情景题没有节点", "a scenario without nodes",
     "用更低一级的标题（####）写出每个节点", "write each node as a heading one level below (####)"},
    {"scenario-choices", "情景题没有一个选择", "a scenario without a choice",
     "在节点里写 - [选择](#节点) （+3）", "write - [choice](#node) （+3） in a node"},
    {"choice-link", "这一项不是通向节点的链接：%1", "this item is no link to a node: %1",
     "写成 - [选择](#节点) （+3）", "write - [choice](#node) （+3）"},
    {"choice-tail", "选择后面的“%1”看不懂，没有用上", "“%1” behind the choice is not understood",
     "链接后面只写分数：（+3）", "write points only behind the link: （+3）"},
    {"node-twice", "节点“%1”出现了两次", "node “%1” stands twice", "改名，并改正通向它的链接",
     "rename one, and mend the links to it"},
    {"node-missing", "选择通向的节点“%1”不存在", "a choice leads to “%1”, which is no node",
     "改成本题里一个节点的标题", "use the heading of a node of this question"},
    {"node-unreached", "没有选择通向节点“%1”", "no choice leads to node “%1”",
     "加一个通向它的选择，或删去它", "let a choice lead to it, or take it out"},
    {"node-endless", "从节点“%1”走不到结局", "no way leads from node “%1” to an ending",
     "让一个选择通向没有选择的节点：结局",
     "let a choice lead to a node without choices: an ending"},
    {"short-reference", "简答题没有参考答案，也没有评分要点",
     "a short-answer question with neither reference nor rubric",
     "写 > 参考答案：…，或 评分要点： 和一个列表", "write > 参考答案：… or 评分要点： and a list"},
    {"rubric-list", "“评分要点”下面没有列表", "no list stands below 评分要点",
     "用 - 列出要点，后面写（2分）", "list the points with -, and （2分） behind each"},
};

/* `%1` and `%2` in the text, since both languages may want another order. */
static char *fill_in(AjArena *a, const char *text, const char *one, const char *two)
{
    GString *out = g_string_new(NULL);
    for (const char *p = text; *p; p++) {
        if (p[0] == '%' && (p[1] == '1' || p[1] == '2')) {
            g_string_append(out, p[1] == '1' ? one : two);
            p++;
        } else {
            g_string_append_c(out, *p);
        }
    }
    char *done = aj_arena_strdup(a, out->str);
    g_string_free(out, TRUE);
    return done;
}

bool aj_quizslip_report(AjArena *a, const AjAttr *attr, const char *path, AjDiags *diags)
{
    const char *code = aj_attr_get(attr, "code"), *level = aj_attr_get(attr, "level");
    const char *one = aj_attr_get(attr, "a"), *two = aj_attr_get(attr, "b");
    bool warning = level && strcmp(level, "warning") == 0;
    const char *message = aj_attr_get(attr, "message"), *hint = aj_attr_get(attr, "hint");
    for (size_t i = 0; code && i < G_N_ELEMENTS(slips); i++) {
        if (strcmp(slips[i].code, code) != 0)
            continue;
        message = AJ_TR(slips[i].zh, slips[i].en);
        hint = AJ_TR(slips[i].zh_hint, slips[i].en_hint);
    }
    message = fill_in(a, message ? message : code ? code : "", one ? one : "", two ? two : "");
    hint = hint ? fill_in(a, hint, one ? one : "", two ? two : "") : NULL;
    aj_diag(diags, warning ? AJ_WARNING : AJ_ERROR,
            (AjPos){path, aj_quizparts_line(attr, "line"), 0},
            aj_arena_printf(a, "quiz-%s", code ? code : "slip"), hint, "%s", message);
    return !warning;
}
