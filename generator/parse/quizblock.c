/* quizblock - the quiz filter's Divs, folded into data.
 *
 * The filter recognises, this room checks what only the whole page can tell (ids used twice, pools
 * smaller than their draw).
 * Must not know: HTML (a callback draws inlines and blocks), Lua. */
#include "parse/quizblock.h"

#include "base/hash.h"
#include "parse/quizparts.h"
#include "parse/quizslip.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    AjArena *arena;
    AjTree *tree;
    const char *path;
    AjDiags *diags;
    AjValue *questions, *pools, *sources;
    GPtrArray *taken; /* nodes to take out or replace when all is read */
    AjQuizparts parts;
    double points;
    bool failed;
} Fold;

/* ------------------------------------------------------------------ small help */

static uint32_t line_attr(const AjAttr *attr, const char *key)
{
    return aj_quizparts_line(attr, key);
}

static const char *plain_text(Fold *f, cmark_node *parent)
{
    return aj_quizparts_text(&f->parts, parent);
}

static AjValue *drawn(Fold *f, cmark_node *parent)
{
    return aj_quizparts_drawn(&f->parts, parent);
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
        cmark_node *feedback = aj_quizparts_child(c, "feedback");
        if (feedback)
            cmark_node_unlink(feedback);
        aj_value_set_string(a, o, "text", plain_text(f, c));
        aj_value_set(a, o, "html", drawn(f, c));
        const char *correct = aj_attr_get(&e->attr, "correct");
        aj_value_set_bool(a, o, "correct", correct && strcmp(correct, "true") == 0);
        if (feedback) {
            aj_value_set_string(a, o, "feedback", plain_text(f, feedback));
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
    cmark_node *stem = aj_quizparts_child(div, "stem");
    const char *type = aj_attr_get(attr, "type");
    uint32_t line = line_attr(attr, "stem-line");
    if (!stem || !type)
        return;
    const char *text = aj_arena_strdup(a, plain_text(f, stem));
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
    } else {
        aj_quizparts_read(&f->parts, q, type, div);
    }
    cmark_node *explanation = aj_quizparts_child(div, "explanation");
    if (explanation) {
        aj_value_set_string(a, q, "explanation", plain_text(f, explanation));
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
    const char *name = aj_attr_get(attr, "name"), *pick = aj_attr_get(attr, "pick"),
               *from = aj_attr_get(attr, "from");
    uint32_t line = line_attr(attr, "line");
    if (!name)
        return;
    g_auto(GStrv) sources = g_strsplit(from ? from : "", "｜", -1);
    for (char **file = sources; *file; file++) {
        AjValue *source = aj_value_map(a);
        aj_value_set_string(a, source, "source", *file);
        aj_value_set_int(a, source, "line", line_attr(attr, "from-line"));
        aj_value_push(a, f->sources, source);
    }
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
            f->failed |= aj_quizslip_report(f->arena, &e->attr, f->path, f->diags);
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

/* A record names a question by its id; one made from the stem changes with it. */
static void check_exam_ids(Fold *f)
{
    uint32_t without = 0, line = 0;
    for (uint32_t i = 0; i < f->questions->len; i++) {
        const AjValue *q = f->questions->items[i];
        if (!g_str_has_prefix(aj_value_get_string(q, "id", ""), "h-"))
            continue;
        if (!without++)
            line = (uint32_t)aj_value_get_int(q, "line", 0);
    }
    if (without)
        aj_diag(f->diags, AJ_WARNING, (AjPos){f->path, line, 0}, "quiz-id-made",
                AJ_TR("给考试的每道题写一个 编号", "write an 编号 for each question of an exam"),
                AJ_TR("考试有 %u 道题没有编号：一改题干，成绩就对不上这道题",
                      "%u questions of the exam have no id: results lose them when a stem changes"),
                without);
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
    const AjValue *mode = setting(meta, defaults, "mode");
    if (mode && mode->type == AJ_VALUE_STRING && strcmp(mode->s, "exam") == 0) {
        aj_value_set_string(a, out, "mode", "exam");
        check_exam_ids(f);
    }
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
              .diags = diags,
              .questions = aj_value_list(a),
              .pools = aj_value_map(a),
              .sources = aj_value_list(a),
              .taken = g_ptr_array_new(),
              .parts = {a, draw, data, g_string_new(NULL)}};
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
        if (f.sources->len)
            aj_value_set(a, out, "sources", f.sources);
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
    g_string_free(f.parts.text, TRUE);
    return out;
}
