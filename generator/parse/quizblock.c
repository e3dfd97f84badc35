/* quizblock - the quiz filter's Divs, folded into data.
 *
 * The filter recognises, this room checks what only the whole page can tell (ids used twice, pools
 * smaller than their draw) and finds the words for every slip.
 * Must not know: HTML (a callback draws inlines and blocks), Lua. */
#include "parse/quizblock.h"

#include "base/hash.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    AjArena *arena;
    AjTree *tree;
    const char *path;
    AjDraw draw;
    void *data;
    AjDiags *diags;
    AjValue *questions, *pools;
    GPtrArray *taken; /* nodes to take out or replace when all is read */
    GString *text;
    double points;
    bool failed;
} Fold;

/* ------------------------------------------------------------------ the words for slips */

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
    {"pick-place", "“抽题”要写在题库的标题下面，写在题目里没有用",
     "a draw belongs below the pool's heading, not into a question", "移到 ## 题库：名称 的下一行",
     "move it below ## 题库：name"},
    {"key-twice", "“%1”写了两次，用后面的一个", "“%1” stands twice; the second one counts",
     "删去一个", "take one out"},
    {"unknown-key", "没有“%1”这一项", "there is no key “%1”",
     "可以写的有：分值 难度 标签 编号 红线 计分 答案",
     "known keys: 分值 难度 标签 编号 红线 计分 答案"},
    {"outside", "这里像是一道【%1】题，但本页没有声明测验",
     "this looks like a 【%1】 question, but the page has no quiz",
     "在开头写 测验: 名称，或把题目放在“## 测验”标题下面",
     "write 测验: NAME in the front matter, or put it below a heading 测验"},
    {"unsupported", "还不能作答【%1】题，这里按普通文字显示",
     "【%1】 questions cannot be played yet; shown as text", "改用单选、多选、判断或填空",
     "use 单选, 多选, 判断 or 填空"},
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

static uint32_t line_attr(const AjAttr *attr, const char *key)
{
    const char *s = aj_attr_get(attr, key);
    unsigned long n = s ? strtoul(s, NULL, 10) : 0;
    return n <= UINT32_MAX ? (uint32_t)n : 0;
}

static void report_slip(Fold *f, const AjAttr *attr)
{
    const char *code = aj_attr_get(attr, "code"), *level = aj_attr_get(attr, "level");
    const char *one = aj_attr_get(attr, "a"), *two = aj_attr_get(attr, "b");
    bool warning = level && strcmp(level, "warning") == 0;
    f->failed |= !warning;
    const char *message = aj_attr_get(attr, "message"), *hint = aj_attr_get(attr, "hint");
    for (size_t i = 0; code && i < G_N_ELEMENTS(slips); i++) {
        if (strcmp(slips[i].code, code) != 0)
            continue;
        message = AJ_TR(slips[i].zh, slips[i].en);
        hint = AJ_TR(slips[i].zh_hint, slips[i].en_hint);
    }
    message = fill_in(f->arena,
                      message ? message
                      : code  ? code
                              : "",
                      one ? one : "", two ? two : "");
    aj_diag(f->diags, warning ? AJ_WARNING : AJ_ERROR, (AjPos){f->path, line_attr(attr, "line"), 0},
            aj_arena_printf(f->arena, "quiz-%s", code ? code : "slip"), hint, "%s", message);
}

/* ------------------------------------------------------------------ drawing and plain text */

static const char *plain_text(Fold *f, cmark_node *parent, cmark_node *without)
{
    g_string_truncate(f->text, 0);
    for (cmark_node *c = cmark_node_first_child(parent); c; c = cmark_node_next(c)) {
        if (c == without)
            continue;
        if (f->text->len)
            g_string_append_c(f->text, '\n');
        aj_tree_stringify(c, f->text);
    }
    return g_strstrip(f->text->str);
}

static bool is_bare(cmark_node *node)
{
    return cmark_node_get_type(node) == CMARK_NODE_PARAGRAPH ||
           aj_element_kind(node) == AJ_EL_PLAINTEXT;
}

/* One paragraph shows bare; among other blocks a Plain becomes a paragraph of its own. */
static AjValue *drawn(Fold *f, cmark_node *parent)
{
    g_string_truncate(f->text, 0);
    cmark_node *first = cmark_node_first_child(parent);
    if (first && !cmark_node_next(first) && is_bare(first)) {
        f->draw(first, true, f->text, f->data);
    } else {
        for (cmark_node *c = first, *next; c; c = next) {
            next = cmark_node_next(c);
            if (aj_element_kind(c) != AJ_EL_PLAINTEXT)
                continue;
            cmark_node *p = aj_tree_node(CMARK_NODE_PARAGRAPH);
            cmark_node_insert_before(c, p);
            for (cmark_node *inside; (inside = cmark_node_first_child(c));)
                cmark_node_append_child(p, inside);
            cmark_node_unlink(c);
        }
        f->draw(parent, false, f->text, f->data);
    }
    return aj_value_stringn(f->arena, f->text->str, f->text->len);
}

static cmark_node *child_of_class(cmark_node *parent, const char *name)
{
    for (cmark_node *c = cmark_node_first_child(parent); c; c = cmark_node_next(c)) {
        AjElement *e = aj_element_of(c);
        if (e && e->kind == AJ_EL_DIV && aj_attr_has_class(&e->attr, name))
            return c;
    }
    return NULL;
}

static void set_number(Fold *f, AjValue *map, const char *key, double n)
{
    aj_value_set(f->arena, map, key,
                 n == (double)(int64_t)n ? aj_value_int(f->arena, (int64_t)n)
                                         : aj_value_double(f->arena, n));
}

/* ------------------------------------------------------------------ the parts of a question */

static void read_tags(Fold *f, AjValue *q, const char *tags)
{
    if (!tags || !*tags)
        return;
    AjValue *list = aj_value_list(f->arena);
    g_auto(GStrv) parts = g_strsplit(tags, "｜", -1);
    for (char **p = parts; *p; p++)
        if (**p)
            aj_value_push(f->arena, list, aj_value_string(f->arena, *p));
    aj_value_set(f->arena, q, "tags", list);
}

static void read_options(Fold *f, AjValue *q, cmark_node *div)
{
    AjArena *a = f->arena;
    AjValue *options = aj_value_list(a);
    uint32_t n = 0;
    for (cmark_node *c = cmark_node_first_child(div); c; c = cmark_node_next(c)) {
        AjElement *e = aj_element_of(c);
        if (!e || e->kind != AJ_EL_DIV || !aj_attr_has_class(&e->attr, "option"))
            continue;
        AjValue *o = aj_value_map(a);
        char key[3] = {(char)('A' + n % 26), 0, 0};
        if (n >= 26) {
            key[1] = key[0];
            key[0] = (char)('A' + n / 26 % 26 - 1);
        }
        n++;
        aj_value_set_string(a, o, "key", key);
        cmark_node *feedback = child_of_class(c, "feedback");
        if (feedback)
            cmark_node_unlink(feedback);
        aj_value_set_string(a, o, "text", plain_text(f, c, NULL));
        aj_value_set(a, o, "html", drawn(f, c));
        const char *correct = aj_attr_get(&e->attr, "correct");
        aj_value_set_bool(a, o, "correct", correct && strcmp(correct, "true") == 0);
        if (feedback) {
            aj_value_set_string(a, o, "feedback", plain_text(f, feedback, NULL));
            aj_value_set(a, o, "feedback_html", drawn(f, feedback));
        }
        aj_value_push(a, options, o);
    }
    aj_value_set(a, q, "options", options);
}

/* "10±0.5" in any width; false when it is no such number. */
static bool read_tolerance(const char *s, double *value, double *tolerance)
{
    g_autofree char *folded = g_utf8_normalize(s, -1, G_NORMALIZE_ALL_COMPOSE);
    char *mark = folded ? strstr(folded, "±") : NULL;
    if (!mark)
        return false;
    *mark = '\0';
    char *end;
    g_strstrip(folded);
    *value = g_ascii_strtod(folded, &end);
    if (end == folded || *end)
        return false;
    char *rest = g_strstrip(mark + strlen("±"));
    *tolerance = g_ascii_strtod(rest, &end);
    return end != rest && !*end && *tolerance >= 0 && *value == *value && *tolerance == *tolerance;
}

static AjValue *read_alternatives(Fold *f, const char *blank)
{
    AjArena *a = f->arena;
    AjValue *out = aj_value_list(a);
    g_auto(GStrv) parts = g_strsplit(blank, "｜", -1);
    for (char **p = parts; *p; p++) {
        g_auto(GStrv) halves = g_strsplit(*p, "|", -1);
        for (char **h = halves; *h; h++) {
            double value, tolerance;
            char *s = g_strstrip(*h);
            if (!*s)
                continue;
            if (read_tolerance(s, &value, &tolerance)) {
                AjValue *number = aj_value_map(a);
                set_number(f, number, "value", value);
                set_number(f, number, "tolerance", tolerance);
                aj_value_push(a, out, number);
            } else {
                aj_value_push(a, out, aj_value_string(a, s));
            }
        }
    }
    return out;
}

static void read_answers(Fold *f, AjValue *q, const AjAttr *attr, uint32_t line)
{
    AjArena *a = f->arena;
    const char *answer = aj_attr_get(attr, "answer");
    AjValue *answers = aj_value_list(a);
    g_auto(GStrv) parts = g_strsplit(answer ? answer : "", "；", -1);
    for (char **p = parts; *p; p++) {
        AjValue *one = read_alternatives(f, *p);
        if (one->len == 0) {
            f->failed = true;
            aj_diag(f->diags, AJ_ERROR, (AjPos){f->path, line, 0}, "quiz-answer-empty",
                    AJ_TR("写成 答案：10｜十；30，每个空都要有答案",
                          "write 答案：10｜十；30, with an answer for each blank"),
                    AJ_TR("第 %u 个空没有答案", "blank %u has no answer"), answers->len + 1);
        }
        aj_value_push(a, answers, one);
    }
    aj_value_set(a, q, "answers", answers);
    aj_value_set_int(a, q, "blanks", answers->len);
}

/* The text as matching sees it: NFKC, runs of blanks as one. */
static char *folded(const char *text)
{
    g_autofree char *n = g_utf8_normalize(text, -1, G_NORMALIZE_ALL_COMPOSE);
    GString *out = g_string_new(NULL);
    bool blank = false;
    for (const char *p = n ? n : text; *p; p++) {
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

static const char *question_id(Fold *f, const AjAttr *attr, const char *stem)
{
    if (attr->id && *attr->id)
        return attr->id;
    g_autofree char *text = folded(stem);
    char hex[65];
    aj_hash_sha256_hex(text, strlen(text), hex);
    return aj_arena_printf(f->arena, "h-%.12s", hex);
}

static void check_id(Fold *f, const char *id, uint32_t line, bool own)
{
    for (uint32_t i = 0; i < f->questions->len; i++) {
        const AjValue *other = f->questions->items[i];
        if (strcmp(aj_value_get_string(other, "id", ""), id) != 0)
            continue;
        int64_t first = aj_value_get_int(other, "line", 0);
        f->failed = true;
        if (own)
            aj_diag(f->diags, AJ_ERROR, (AjPos){f->path, line, 0}, "quiz-duplicate-id",
                    AJ_TR("给每道题一个自己的编号", "give each question an id of its own"),
                    AJ_TR("编号“%s”在第 %d 行已经用过", "id “%s” is used on line %d already"), id,
                    (int)first);
        else
            aj_diag(f->diags, AJ_ERROR, (AjPos){f->path, line, 0}, "quiz-duplicate-stem",
                    AJ_TR("改写题干，或给两道题各写一个编号", "reword it, or give both an 编号"),
                    AJ_TR("题干和第 %d 行的题目相同", "the stem is the same as on line %d"),
                    (int)first);
        return;
    }
}

static void read_question(Fold *f, cmark_node *div)
{
    AjArena *a = f->arena;
    const AjAttr *attr = &aj_element_of(div)->attr;
    AjValue *q = aj_value_map(a);
    cmark_node *stem = child_of_class(div, "stem");
    const char *type = aj_attr_get(attr, "type");
    uint32_t line = line_attr(attr, "stem-line");
    if (!stem || !type)
        return;
    const char *text = aj_arena_strdup(a, plain_text(f, stem, NULL));
    const char *id = question_id(f, attr, text);
    check_id(f, id, line, attr->id && *attr->id);
    q->line = line;
    aj_value_set_int(a, q, "number", f->questions->len + 1);
    aj_value_set_int(a, q, "line", line);
    aj_value_set_string(a, q, "id", id);
    aj_value_set_string(a, q, "type", type);
    aj_value_set_string(a, q, "stem", text);
    aj_value_set(a, q, "stem_html", drawn(f, stem));
    const char *points = aj_attr_get(attr, "points");
    double n = points ? g_ascii_strtod(points, NULL) : 1;
    set_number(f, q, "points", n);
    f->points += n;
    aj_value_set_string(a, q, "difficulty", aj_attr_get(attr, "difficulty"));
    read_tags(f, q, aj_attr_get(attr, "tags"));
    aj_value_set_string(a, q, "pool", aj_attr_get(attr, "pool"));
    if (aj_attr_get(attr, "red-line"))
        aj_value_set_bool(a, q, "red_line", true);
    if (strcmp(type, "single") == 0 || strcmp(type, "multiple") == 0) {
        read_options(f, q, div);
        aj_value_set_string(a, q, "partial", aj_attr_get(attr, "partial"));
    } else if (strcmp(type, "truefalse") == 0) {
        const char *answer = aj_attr_get(attr, "answer");
        aj_value_set_bool(a, q, "answer", answer && strcmp(answer, "true") == 0);
    } else if (strcmp(type, "fill") == 0) {
        read_answers(f, q, attr, line);
    }
    cmark_node *explanation = child_of_class(div, "explanation");
    if (explanation) {
        aj_value_set_string(a, q, "explanation", plain_text(f, explanation, NULL));
        aj_value_set(a, q, "explanation_html", drawn(f, explanation));
    }
    cmark_node *mark = aj_tree_element(a, AJ_EL_QUESTION);
    aj_element_of(mark)->number = f->questions->len;
    cmark_node_insert_before(div, mark);
    aj_value_push(a, f->questions, q);
}

static void read_pool(Fold *f, const AjAttr *attr)
{
    AjArena *a = f->arena;
    const char *name = aj_attr_get(attr, "name"), *pick = aj_attr_get(attr, "pick");
    uint32_t line = line_attr(attr, "line");
    if (!name)
        return;
    if (aj_value_get(f->pools, name)) {
        f->failed = true;
        aj_diag(f->diags, AJ_ERROR, (AjPos){f->path, line, 0}, "quiz-duplicate-pool",
                AJ_TR("改名，或把两处的题目放到一起", "rename it, or put the questions together"),
                AJ_TR("题库“%s”出现了两次", "pool “%s” stands twice"), name);
        return;
    }
    AjValue *pool = aj_value_map(a);
    pool->line = line;
    aj_value_set_int(a, pool, "size", 0);
    if (pick)
        aj_value_set_int(a, pool, "pick", strtol(pick, NULL, 10));
    aj_value_set(a, f->pools, aj_arena_strdup(a, name), pool);
}

static void collect(Fold *f, cmark_node *parent)
{
    for (cmark_node *c = cmark_node_first_child(parent); c; c = cmark_node_next(c)) {
        AjElement *e = aj_element_of(c);
        if (!e || e->kind != AJ_EL_DIV)
            continue;
        bool slip = aj_attr_has_class(&e->attr, "quiz-slip");
        bool pool = aj_attr_has_class(&e->attr, "pool") && aj_attr_get(&e->attr, "name");
        bool question = aj_attr_has_class(&e->attr, "question") && aj_attr_get(&e->attr, "type");
        if (slip)
            report_slip(f, &e->attr);
        else if (pool)
            read_pool(f, &e->attr);
        else if (question)
            read_question(f, c);
        if (slip || pool || question)
            g_ptr_array_add(f->taken, c);
        else
            collect(f, c);
    }
}

/* ------------------------------------------------------------------ the page as a whole */

static void check_pools(Fold *f)
{
    for (uint32_t i = 0; i < f->questions->len; i++) {
        const char *name = aj_value_get_string(f->questions->items[i], "pool", NULL);
        const AjValue *pool = name ? aj_value_get(f->pools, name) : NULL;
        if (pool)
            aj_value_set_int(f->arena, (AjValue *)pool, "size",
                             aj_value_get_int(pool, "size", 0) + 1);
    }
    for (uint32_t i = 0; i < f->pools->len; i++) {
        const AjValue *pool = f->pools->entries[i].value;
        int64_t size = aj_value_get_int(pool, "size", 0), pick = aj_value_get_int(pool, "pick", 0);
        if (pick <= size || f->failed) /* a question left out for its slip is no second one */
            continue;
        f->failed = true;
        aj_diag(f->diags, AJ_ERROR, (AjPos){f->path, pool->line, 0}, "quiz-pool-small",
                AJ_TR("减少抽题数，或补充题目", "draw fewer, or add questions"),
                AJ_TR("题库“%s”只有 %d 题，却要抽 %d 题",
                      "pool “%s” holds %d questions, but %d are drawn"),
                f->pools->entries[i].key, (int)size, (int)pick);
    }
}

static const AjValue *setting(const AjValue *meta, const AjValue *defaults, const char *key)
{
    const AjValue *v = aj_value_get(meta, key);
    return v && v->type != AJ_VALUE_NULL ? v : aj_value_get(defaults, key);
}

static void set_setting(Fold *f, AjValue *out, const char *key, const AjValue *v)
{
    if (v && v->type == AJ_VALUE_INT)
        aj_value_set_int(f->arena, out, key, v->i);
}

static AjValue *settings(Fold *f, const AjValue *meta, const AjValue *defaults)
{
    AjArena *a = f->arena;
    AjValue *out = aj_value_map(a);
    const char *title = aj_value_get_string(meta, "quiz", "");
    if (!*title)
        title = aj_value_get_string(meta, "title", "");
    aj_value_set_string(a, out, "title", title);
    set_setting(f, out, "pass", setting(meta, defaults, "pass"));
    const AjValue *pick = setting(meta, defaults, "pick");
    set_setting(f, out, "pick", pick);
    set_setting(f, out, "attempts", setting(meta, defaults, "attempts"));
    set_setting(f, out, "time_s", setting(meta, defaults, "time_limit"));
    const AjValue *shuffle = setting(meta, defaults, "shuffle");
    aj_value_set(a, out, "shuffle",
                 shuffle && shuffle->type == AJ_VALUE_LIST ? aj_value_copy(a, shuffle)
                                                           : aj_value_list(a));
    const AjValue *own = aj_value_get(meta, "pick");
    if (own && own->type == AJ_VALUE_INT && own->i > f->questions->len && !f->failed) {
        f->failed = true;
        aj_diag(
            f->diags, AJ_ERROR, (AjPos){f->path, own->line, 0}, "quiz-pick-large",
            AJ_TR("减少抽题数，或补充题目", "draw fewer, or add questions"),
            AJ_TR("本页只有 %u 题，却要抽 %d 题", "the page holds %u questions, but %d are drawn"),
            f->questions->len, (int)own->i);
    }
    return out;
}

AjValue *aj_quizblock_fold(AjArena *a, AjTree *tree, const AjValue *meta, const AjValue *defaults,
                           const char *path, AjDraw draw, void *data, AjDiags *diags)
{
    const AjValue *declared = aj_value_get(meta, "quiz");
    Fold f = {.arena = a,
              .tree = tree,
              .path = path,
              .draw = draw,
              .data = data,
              .diags = diags,
              .questions = aj_value_list(a),
              .pools = aj_value_map(a),
              .taken = g_ptr_array_new(),
              .text = g_string_new(NULL)};
    aj_tree_use_arena(a);
    collect(&f, tree->root);
    for (guint i = 0; i < f.taken->len; i++)
        cmark_node_unlink(f.taken->pdata[i]);
    AjValue *out = NULL;
    if (f.questions->len) {
        check_pools(&f);
        out = settings(&f, meta, defaults);
        aj_value_set_int(a, out, "count", f.questions->len);
        set_number(&f, out, "points", f.points);
        aj_value_set(a, out, "pools", f.pools);
        aj_value_set(a, out, "questions", f.questions);
    } else if (declared && declared->type != AJ_VALUE_NULL && !f.failed) {
        aj_diag(
            diags, AJ_WARNING, (AjPos){path, declared->line, 0}, "quiz-empty",
            AJ_TR("用“### 【单选】题干”开始一道题，或从开头去掉“测验”",
                  "open a question with ### 【单选】 stem, or take quiz out of the front matter"),
            AJ_TR("声明了测验，但本页没有题目",
                  "a quiz is declared, but the page has no question"));
    }
    g_ptr_array_free(f.taken, TRUE);
    g_string_free(f.text, TRUE);
    return out;
}
