/* quizvalue - a quiz as a tree of values and back: the form in which it travels as JSON.
 *
 * Must not know: how JSON is written, Markdown. */
#include "model/quizvalue.h"

#include <string.h>

/* ------------------------------------------------------------------ to values */

static AjValue *number(AjArena *a, double n)
{
    return n > -1e15 && n < 1e15 && n == (double)(int64_t)n ? aj_value_int(a, (int64_t)n)
                                                            : aj_value_double(a, n);
}

static AjValue *strings(AjArena *a, const AjStrings *list)
{
    AjValue *out = aj_value_list(a);
    for (uint32_t i = 0; i < list->count; i++)
        aj_value_push(a, out, aj_value_string(a, list->at[i]));
    return out;
}

static void make_options(AjArena *a, AjValue *v, const AjQuestion *q)
{
    AjValue *list = aj_value_list(a);
    for (uint32_t i = 0; i < q->options.count; i++) {
        AjValue *o = aj_value_map(a);
        aj_value_set_string(a, o, "text", q->options.at[i].text);
        aj_value_set_bool(a, o, "correct", q->options.at[i].correct);
        aj_value_set_string(a, o, "feedback", q->options.at[i].feedback);
        aj_value_push(a, list, o);
    }
    aj_value_set(a, v, "options", list);
    if (q->type == AJ_QUESTION_MULTIPLE && q->half)
        aj_value_set_string(a, v, "partial", "half");
}

static void make_answers(AjArena *a, AjValue *v, const AjQuestion *q)
{
    AjValue *list = aj_value_list(a);
    for (uint32_t i = 0; i < q->blanks.count; i++) {
        const AjBlank *blank = &q->blanks.at[i];
        AjValue *one = aj_value_list(a);
        for (uint32_t k = 0; k < blank->count; k++) {
            const AjAnswer *answer = &blank->at[k];
            if (answer->text) {
                aj_value_push(a, one, aj_value_string(a, answer->text));
                continue;
            }
            AjValue *n = aj_value_map(a);
            aj_value_set(a, n, "value", number(a, answer->value));
            aj_value_set(a, n, "tolerance", number(a, answer->tolerance));
            aj_value_push(a, one, n);
        }
        aj_value_push(a, list, one);
    }
    aj_value_set(a, v, "answers", list);
}

static void make_match(AjArena *a, AjValue *v, const AjQuestion *q)
{
    AjValue *pairs = aj_value_map(a);
    for (uint32_t i = 0; i < q->pairs.count; i++)
        aj_value_set_string(a, pairs, q->pairs.at[i].left, q->pairs.at[i].right);
    aj_value_set(a, v, "pairs", pairs);
    aj_value_set(a, v, "distractors", strings(a, &q->distractors));
}

static void make_scenario(AjArena *a, AjValue *v, const AjQuestion *q)
{
    AjValue *nodes = aj_value_list(a);
    for (uint32_t i = 0; i < q->nodes.count; i++) {
        const AjNode *node = &q->nodes.at[i];
        AjValue *n = aj_value_map(a), *choices = aj_value_list(a);
        aj_value_set_string(a, n, "name", node->name);
        aj_value_set_string(a, n, "text", node->text);
        for (uint32_t k = 0; k < node->choices.count; k++) {
            AjValue *c = aj_value_map(a);
            aj_value_set_string(a, c, "text", node->choices.at[k].text);
            aj_value_set_string(a, c, "to", node->choices.at[k].to);
            aj_value_set(a, c, "points", number(a, node->choices.at[k].points));
            aj_value_push(a, choices, c);
        }
        aj_value_set(a, n, "choices", choices);
        aj_value_push(a, nodes, n);
    }
    aj_value_set_string(a, v, "start", q->start ? q->start : "");
    aj_value_set(a, v, "nodes", nodes);
}

static void make_short(AjArena *a, AjValue *v, const AjQuestion *q)
{
    AjValue *rubric = aj_value_list(a);
    for (uint32_t i = 0; i < q->rubric.count; i++) {
        AjValue *r = aj_value_map(a);
        aj_value_set_string(a, r, "text", q->rubric.at[i].text);
        aj_value_set(a, r, "points", number(a, q->rubric.at[i].points));
        aj_value_push(a, rubric, r);
    }
    aj_value_set_string(a, v, "reference", q->reference ? q->reference : "");
    aj_value_set(a, v, "rubric", rubric);
}

static AjValue *make_question(AjArena *a, const AjQuestion *q)
{
    AjValue *v = aj_value_map(a);
    aj_value_set_string(a, v, "id", q->id);
    aj_value_set_string(a, v, "type", aj_question_type_name(q->type));
    aj_value_set_string(a, v, "stem", q->stem);
    aj_value_set(a, v, "points", number(a, q->points));
    aj_value_set_string(a, v, "difficulty", q->difficulty);
    if (q->tags.count)
        aj_value_set(a, v, "tags", strings(a, &q->tags));
    aj_value_set_string(a, v, "pool", q->pool);
    if (q->red_line)
        aj_value_set_bool(a, v, "red_line", true);
    aj_value_set_string(a, v, "explanation", q->explanation);
    switch (q->type) {
    case AJ_QUESTION_SINGLE:
    case AJ_QUESTION_MULTIPLE:
        make_options(a, v, q);
        break;
    case AJ_QUESTION_TRUEFALSE:
        aj_value_set_bool(a, v, "answer", q->truth);
        break;
    case AJ_QUESTION_FILL:
        make_answers(a, v, q);
        break;
    case AJ_QUESTION_ORDER:
        aj_value_set(a, v, "items", strings(a, &q->items));
        break;
    case AJ_QUESTION_MATCH:
        make_match(a, v, q);
        break;
    case AJ_QUESTION_SCENARIO:
        make_scenario(a, v, q);
        break;
    case AJ_QUESTION_SHORT:
        make_short(a, v, q);
        break;
    case AJ_QUESTION_TYPES:
        g_assert_not_reached();
    }
    return v;
}

static void set_given(AjArena *a, AjValue *map, const char *key, int64_t n)
{
    if (n)
        aj_value_set_int(a, map, key, n);
}

AjValue *aj_quizvalue_make(AjArena *a, const AjQuiz *quiz)
{
    AjValue *out = aj_value_map(a), *settings = aj_value_map(a);
    if (quiz->title && *quiz->title)
        aj_value_set_string(a, settings, "title", quiz->title);
    set_given(a, settings, "pass", quiz->pass);
    set_given(a, settings, "pick", quiz->pick);
    set_given(a, settings, "attempts", quiz->attempts);
    set_given(a, settings, "time_s", quiz->time_s);
    if (quiz->shuffle_questions || quiz->shuffle_options) {
        AjValue *shuffle = aj_value_list(a);
        if (quiz->shuffle_questions)
            aj_value_push(a, shuffle, aj_value_string(a, "questions"));
        if (quiz->shuffle_options)
            aj_value_push(a, shuffle, aj_value_string(a, "options"));
        aj_value_set(a, settings, "shuffle", shuffle);
    }
    aj_value_set(a, out, "quiz", settings);
    if (quiz->pools.count) {
        AjValue *pools = aj_value_map(a);
        for (uint32_t i = 0; i < quiz->pools.count; i++) {
            AjValue *pool = aj_value_map(a);
            aj_value_set_int(a, pool, "size", quiz->pools.at[i].size);
            set_given(a, pool, "pick", quiz->pools.at[i].pick);
            aj_value_set(a, pools, quiz->pools.at[i].name, pool);
        }
        aj_value_set(a, out, "pools", pools);
    }
    AjValue *questions = aj_value_list(a);
    for (uint32_t i = 0; i < quiz->questions.count; i++)
        aj_value_push(a, questions, make_question(a, &quiz->questions.at[i]));
    aj_value_set(a, out, "questions", questions);
    return out;
}

/* ------------------------------------------------------------------ from values */

typedef struct {
    AjArena *arena;
    const char *path;
    bool strict, failed;
    uint32_t line; /* of the question under way */
    AjDiags *diags;
} Reader;

static uint32_t line_of(const Reader *r, const AjValue *v)
{
    int64_t own = aj_value_get_int(v, "line", 0);
    return own > 0 && own <= UINT32_MAX ? (uint32_t)own : v && v->line ? v->line : r->line;
}

static void wrong(Reader *r, const AjValue *v, const char *key, const char *zh, const char *en)
{
    r->failed = true;
    aj_diag(r->diags, AJ_ERROR, (AjPos){r->path, line_of(r, v), 0}, "quiz-json-shape",
            AJ_TR("格式见手册“题目的 JSON”", "see the manual: questions as JSON"),
            AJ_TR("“%s”应当是%s", "“%s” has to be %s"), key, AJ_TR(zh, en));
}

static bool absent(const AjValue *v)
{
    return !v || v->type == AJ_VALUE_NULL;
}

/* NULL when absent, or told when it is no string. */
static const char *text_at(Reader *r, const AjValue *map, const char *key)
{
    const AjValue *v = aj_value_get(map, key);
    if (absent(v))
        return NULL;
    if (v->type != AJ_VALUE_STRING) {
        wrong(r, v, key, "文字", "a string");
        return NULL;
    }
    return aj_arena_strndup(r->arena, v->s, v->len);
}

static const AjValue *list_at(Reader *r, const AjValue *map, const char *key)
{
    const AjValue *v = aj_value_get(map, key);
    if (absent(v))
        return NULL;
    if (v->type != AJ_VALUE_LIST) {
        wrong(r, v, key, "数组", "an array");
        return NULL;
    }
    return v;
}

static double number_at(Reader *r, const AjValue *map, const char *key, double fallback)
{
    const AjValue *v = aj_value_get(map, key);
    if (absent(v))
        return fallback;
    if (v->type != AJ_VALUE_INT && v->type != AJ_VALUE_DOUBLE) {
        wrong(r, v, key, "数", "a number");
        return fallback;
    }
    return aj_value_get_double(map, key, fallback);
}

static int64_t count_at(Reader *r, const AjValue *map, const char *key)
{
    const AjValue *v = aj_value_get(map, key);
    if (absent(v))
        return 0;
    if (v->type != AJ_VALUE_INT || v->i < 1 || v->i > INT32_MAX) {
        wrong(r, v, key, "大于 0 的整数", "a whole number above 0");
        return 0;
    }
    return v->i;
}

static bool truth_at(Reader *r, const AjValue *map, const char *key, bool must)
{
    const AjValue *v = aj_value_get(map, key);
    if (absent(v) ? must : v->type != AJ_VALUE_BOOL) {
        wrong(r, v ? v : map, key, " true 或 false", "true or false");
        return false;
    }
    return !absent(v) && v->b;
}

static void read_strings(Reader *r, const AjValue *map, const char *key, AjStrings *out)
{
    const AjValue *list = list_at(r, map, key);
    for (uint32_t i = 0; i < aj_value_len(list); i++) {
        const AjValue *v = aj_value_at(list, i);
        const char *text = v->type == AJ_VALUE_STRING ? v->s
                           : v->type == AJ_VALUE_MAP  ? aj_value_get_string(v, "text", NULL)
                                                      : NULL;
        if (text)
            aj_quiz_push_string(r->arena, out, text);
        else
            wrong(r, v, key, "文字的数组", "an array of strings");
    }
}

static void read_options(Reader *r, const AjValue *v, AjQuestion *q)
{
    const AjValue *list = list_at(r, v, "options");
    for (uint32_t i = 0; i < aj_value_len(list); i++) {
        const AjValue *o = aj_value_at(list, i);
        if (o->type != AJ_VALUE_MAP) {
            wrong(r, o, "options", " {text, correct} 的数组", "an array of {text, correct}");
            continue;
        }
        AjOption *option = aj_quiz_push(r->arena, &q->options);
        const char *text = text_at(r, o, "text");
        option->text = text ? text : "";
        option->correct = truth_at(r, o, "correct", false);
        option->feedback = text_at(r, o, "feedback");
        option->line = line_of(r, o);
    }
    const char *partial = text_at(r, v, "partial");
    q->half = partial && strcmp(partial, "half") == 0;
    if (partial && !q->half)
        wrong(r, v, "partial", " \"half\"", "\"half\"");
}

static void read_answers(Reader *r, const AjValue *v, AjQuestion *q)
{
    const AjValue *list = list_at(r, v, "answers");
    for (uint32_t i = 0; i < aj_value_len(list); i++) {
        const AjValue *one = aj_value_at(list, i);
        AjBlank *blank = aj_quiz_push(r->arena, &q->blanks);
        if (one->type != AJ_VALUE_LIST) {
            wrong(r, one, "answers", "数组，每个空一个数组", "one array a blank");
            continue;
        }
        for (uint32_t k = 0; k < one->len; k++) {
            const AjValue *answer = one->items[k];
            if (answer->type == AJ_VALUE_STRING) {
                aj_quiz_push(r->arena, blank)->text =
                    aj_arena_strndup(r->arena, answer->s, answer->len);
            } else if (answer->type == AJ_VALUE_MAP && aj_value_get(answer, "value")) {
                AjAnswer *n = aj_quiz_push(r->arena, blank);
                n->value = number_at(r, answer, "value", 0);
                n->tolerance = number_at(r, answer, "tolerance", 0);
                if (n->tolerance < 0)
                    wrong(r, answer, "tolerance", "不小于 0 的数", "a number not below 0");
            } else {
                wrong(r, answer, "answers", "文字或 {value, tolerance}",
                      "strings or {value, tolerance}");
            }
        }
    }
}

static void read_match(Reader *r, const AjValue *v, AjQuestion *q)
{
    const AjValue *pairs = aj_value_get(v, "pairs");
    if (pairs && pairs->type == AJ_VALUE_MAP) {
        for (uint32_t i = 0; i < pairs->len; i++) {
            const AjValue *right = pairs->entries[i].value;
            if (right->type != AJ_VALUE_STRING) {
                wrong(r, right, "pairs", "左边到右边的文字", "a map of strings");
                continue;
            }
            AjPair *pair = aj_quiz_push(r->arena, &q->pairs);
            pair->left = aj_arena_strdup(r->arena, pairs->entries[i].key);
            pair->right = aj_arena_strdup(r->arena, right->s);
            pair->line = line_of(r, right);
        }
    } else if (pairs && pairs->type == AJ_VALUE_LIST) {
        for (uint32_t i = 0; i < pairs->len; i++) {
            const char *left = text_at(r, pairs->items[i], "left");
            const char *right = text_at(r, pairs->items[i], "right");
            AjPair *pair = aj_quiz_push(r->arena, &q->pairs);
            pair->left = left ? left : "";
            pair->right = right ? right : "";
            pair->line = line_of(r, pairs->items[i]);
        }
    } else if (!absent(pairs)) {
        wrong(r, pairs, "pairs", "左边到右边的对照", "a map from left to right");
    }
    read_strings(r, v, "distractors", &q->distractors);
}

static void read_scenario(Reader *r, const AjValue *v, AjQuestion *q)
{
    const AjValue *nodes = list_at(r, v, "nodes");
    for (uint32_t i = 0; i < aj_value_len(nodes); i++) {
        const AjValue *n = aj_value_at(nodes, i);
        AjNode *node = aj_quiz_push(r->arena, &q->nodes);
        const char *name = text_at(r, n, "name"), *text = text_at(r, n, "text");
        node->name = name ? name : "";
        node->text = text ? text : "";
        node->line = line_of(r, n);
        const AjValue *choices = list_at(r, n, "choices");
        for (uint32_t k = 0; k < aj_value_len(choices); k++) {
            const AjValue *c = aj_value_at(choices, k);
            AjChoice *choice = aj_quiz_push(r->arena, &node->choices);
            const char *said = text_at(r, c, "text"), *to = text_at(r, c, "to");
            choice->text = said ? said : "";
            choice->to = to ? to : "";
            choice->points = number_at(r, c, "points", 0);
            choice->line = line_of(r, c);
        }
    }
    q->start = text_at(r, v, "start");
    if ((!q->start || !*q->start) && q->nodes.count)
        q->start = q->nodes.at[0].name;
}

static void read_short(Reader *r, const AjValue *v, AjQuestion *q)
{
    const char *reference = text_at(r, v, "reference");
    q->reference = reference && *reference ? reference : NULL;
    const AjValue *rubric = list_at(r, v, "rubric");
    for (uint32_t i = 0; i < aj_value_len(rubric); i++) {
        const AjValue *one = aj_value_at(rubric, i);
        const char *text = text_at(r, one, "text");
        AjRubric *item = aj_quiz_push(r->arena, &q->rubric);
        item->text = text ? text : "";
        item->points = number_at(r, one, "points", 0);
        item->line = line_of(r, one);
    }
}

static void check_keys(Reader *r, const AjValue *map, const char *known)
{
    for (uint32_t i = 0; r->strict && i < aj_value_len(map); i++) {
        g_autofree char *key = g_strdup_printf(" %s ", map->entries[i].key);
        if (!strstr(known, key))
            aj_diag(r->diags, AJ_WARNING, (AjPos){r->path, line_of(r, map->entries[i].value), 0},
                    "quiz-json-key", AJ_TR("删去，或改成认得的键", "take it out, or mend its name"),
                    AJ_TR("不认识的键“%s”，没有读入", "unknown key “%s”, not read"),
                    map->entries[i].key);
    }
}

static void read_question(Reader *r, const AjValue *v, AjQuiz *quiz)
{
    r->line = line_of(r, v);
    if (v->type != AJ_VALUE_MAP) {
        wrong(r, v, "questions", "题目的数组", "an array of questions");
        return;
    }
    check_keys(r, v,
               " id type stem points difficulty tags pool red_line explanation options partial "
               "answer answers items pairs distractors start nodes reference rubric ");
    const char *name = text_at(r, v, "type");
    AjQuestionType type;
    if (!name || !aj_question_type_find(name, &type)) {
        r->failed = true;
        aj_diag(r->diags, AJ_ERROR, (AjPos){r->path, r->line, 0}, "quiz-type-unknown",
                AJ_TR("可用：单选 多选 判断 填空 排序 匹配 情景 简答",
                      "use single, multiple, truefalse, fill, order, match, scenario or short"),
                AJ_TR("没有“%s”这种题型", "there is no type “%s”"), name ? name : "");
        return;
    }
    AjQuestion *q = aj_quiz_question(r->arena, quiz, r->line);
    q->type = type;
    q->id = text_at(r, v, "id");
    q->own_id = q->id && *q->id;
    const char *stem = text_at(r, v, "stem");
    q->stem = stem ? stem : "";
    q->points = number_at(r, v, "points", 1);
    q->difficulty = text_at(r, v, "difficulty");
    q->pool = text_at(r, v, "pool");
    q->explanation = text_at(r, v, "explanation");
    q->red_line = truth_at(r, v, "red_line", false);
    read_strings(r, v, "tags", &q->tags);
    switch (type) {
    case AJ_QUESTION_SINGLE:
    case AJ_QUESTION_MULTIPLE:
        read_options(r, v, q);
        break;
    case AJ_QUESTION_TRUEFALSE:
        q->truth = truth_at(r, v, "answer", true);
        break;
    case AJ_QUESTION_FILL:
        read_answers(r, v, q);
        break;
    case AJ_QUESTION_ORDER:
        read_strings(r, v, "items", &q->items);
        break;
    case AJ_QUESTION_MATCH:
        read_match(r, v, q);
        break;
    case AJ_QUESTION_SCENARIO:
        read_scenario(r, v, q);
        break;
    case AJ_QUESTION_SHORT:
        read_short(r, v, q);
        break;
    case AJ_QUESTION_TYPES:
        break;
    }
}

static void read_settings(Reader *r, const AjValue *value, AjQuiz *quiz)
{
    const AjValue *own = aj_value_get(value, "quiz");
    const AjValue *from = own && own->type == AJ_VALUE_MAP ? own : value;
    check_keys(r, from == own ? own : NULL, " title pass pick attempts time_s shuffle ");
    quiz->title = text_at(r, from, "title");
    quiz->pass = count_at(r, from, "pass");
    quiz->pick = count_at(r, from, "pick");
    quiz->attempts = count_at(r, from, "attempts");
    quiz->time_s = count_at(r, from, "time_s");
    AjStrings shuffle = {0};
    read_strings(r, from, "shuffle", &shuffle);
    for (uint32_t i = 0; i < shuffle.count; i++) {
        if (strcmp(shuffle.at[i], "questions") == 0)
            quiz->shuffle_questions = true;
        else if (strcmp(shuffle.at[i], "options") == 0)
            quiz->shuffle_options = true;
        else
            wrong(r, from, "shuffle", " \"questions\"、\"options\"", "\"questions\", \"options\"");
    }
}

bool aj_quizvalue_read(AjArena *a, const AjValue *value, const char *path, bool strict,
                       AjQuiz *quiz_out, AjDiags *diags)
{
    Reader r = {.arena = a, .path = path, .strict = strict, .diags = diags};
    *quiz_out = (AjQuiz){0};
    if (value->type != AJ_VALUE_MAP || !aj_value_get(value, "questions")) {
        wrong(&r, value, "questions", "题目的数组", "an array of questions");
        return false;
    }
    check_keys(&r, value, " quiz pools questions ");
    read_settings(&r, value, quiz_out);
    const AjValue *pools = aj_value_get(value, "pools");
    if (!absent(pools) && pools->type != AJ_VALUE_MAP)
        wrong(&r, pools, "pools", "题库的对照", "a map of pools");
    for (uint32_t i = 0; pools && pools->type == AJ_VALUE_MAP && i < pools->len; i++) {
        const AjValue *from = pools->entries[i].value;
        check_keys(&r, from, " size pick ");
        AjPool *pool = aj_quiz_pool(a, quiz_out, pools->entries[i].key);
        pool->line = line_of(&r, from);
        pool->pick = count_at(&r, from, "pick");
    }
    const AjValue *questions = list_at(&r, value, "questions");
    for (uint32_t i = 0; i < aj_value_len(questions); i++)
        read_question(&r, aj_value_at(questions, i), quiz_out);
    aj_quiz_settle(a, quiz_out);
    /* An id that is the stem's own hash was never given by a person. */
    for (uint32_t i = 0; i < quiz_out->questions.count; i++) {
        AjQuestion *q = &quiz_out->questions.at[i];
        if (q->own_id && g_str_has_prefix(q->id, "h-"))
            q->own_id = strcmp(q->id, aj_quiz_stem_id(a, q->stem)) != 0;
    }
    return !r.failed;
}
