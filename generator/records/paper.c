/* paper - the very paper of an attempt.
 *
 * Must not know: files, templates, where the page of then came from. */
#include "records/paper.h"

#include "model/quizdraw.h"
#include "model/quizvalue.h"

#include <glib.h>
#include <string.h>

typedef struct {
    AjArena *arena;
    const AjQuestion *question;
    const AjDrawn *drawn;
    const AjEntry *answer; /* NULL: none, or forgotten */
    char **given;          /* what was chosen or written, in order; empty without an answer */
    AjValue *map;
    GString *said, *expected; /* as people read them; empty for questions with options */
} Question;

static void set(AjArena *a, AjValue *map, const char *key, const char *text)
{
    aj_value_set_string(a, map, key, text ? text : "");
}

static void join(GString *out, const char *between, const char *text)
{
    g_string_append_printf(out, "%s%s", out->len ? between : "", text);
}

/* "C" is 2; UINT32_MAX for what is no key. */
static uint32_t index_of(const char *key)
{
    return *key >= 'A' && *key <= 'Z' && !key[1] ? (uint32_t)(*key - 'A') : UINT32_MAX;
}

static void put_options(Question *q)
{
    AjValue *options = aj_value_list(q->arena);
    for (uint32_t i = 0; i < q->drawn->choices; i++) {
        uint32_t index = q->drawn->order[i];
        const AjOption *option = &q->question->options.at[index];
        AjValue *v = aj_value_map(q->arena);
        bool chosen = false;
        for (char **g = q->given; *g; g++)
            chosen |= index_of(*g) == index;
        const char letter[2] = {(char)('A' + i), '\0'};
        set(q->arena, v, "letter", letter);
        set(q->arena, v, "text", option->text);
        aj_value_set_bool(q->arena, v, "correct", option->correct);
        aj_value_set_bool(q->arena, v, "chosen", chosen);
        aj_value_push(q->arena, options, v);
    }
    aj_value_set(q->arena, q->map, "options", options);
}

static void say_truth(Question *q)
{
    bool yes = *q->given && strcmp(*q->given, "true") == 0;
    if (*q->given)
        g_string_append(q->said, yes ? "对" : "错");
    g_string_append(q->expected, q->question->truth ? "对" : "错");
}

static void say_blanks(Question *q)
{
    for (char **g = q->given; *g; g++)
        join(q->said, "；", **g ? *g : "（空）");
    for (uint32_t i = 0; i < q->question->blanks.count; i++) {
        const AjBlank *blank = &q->question->blanks.at[i];
        const AjAnswer *first = blank->count ? &blank->at[0] : NULL;
        if (first && first->text)
            join(q->expected, "；", first->text);
        else if (first)
            join(q->expected, "；",
                 aj_arena_printf(q->arena, "%s±%s", aj_quiz_number(q->arena, first->value),
                                 aj_quiz_number(q->arena, first->tolerance)));
    }
}

/* What stands at a key of a list that is shown in its neutral order. */
static const char *at_key(const Question *q, const AjStrings *texts, const char *key)
{
    g_autofree uint32_t *order = g_new0(uint32_t, texts->count + 1);
    uint32_t place = index_of(key);
    aj_quizdraw_neutral(q->question->id, texts->at, texts->count, order);
    return place < texts->count ? texts->at[order[place]] : *key ? "？" : "（空）";
}

static void say_order(Question *q)
{
    for (char **g = q->given; *g; g++)
        join(q->said, " → ", at_key(q, &q->question->items, *g));
    for (uint32_t i = 0; i < q->question->items.count; i++)
        join(q->expected, " → ", q->question->items.at[i]);
}

static void say_match(Question *q)
{
    AjStrings rights = {0};
    char **g = q->given;
    aj_quizdraw_rights(q->arena, q->question, &rights);
    for (uint32_t i = 0; i < q->question->pairs.count; i++) {
        const AjPair *pair = &q->question->pairs.at[i];
        if (*g)
            join(q->said, "；",
                 aj_arena_printf(q->arena, "%s：%s", pair->left, at_key(q, &rights, *g++)));
        join(q->expected, "；", aj_arena_printf(q->arena, "%s：%s", pair->left, pair->right));
    }
}

static const AjNode *node_named(const AjQuestion *question, const char *name)
{
    for (uint32_t i = 0; name && i < question->nodes.count; i++)
        if (strcmp(question->nodes.at[i].name, name) == 0)
            return &question->nodes.at[i];
    return NULL;
}

/* The path: at each node the number of the choice. */
static void say_scenario(Question *q)
{
    const AjNode *node = node_named(q->question, q->question->start);
    for (char **g = q->given; *g && node; g++) {
        guint64 n = g_ascii_strtoull(*g, NULL, 10);
        if (!g_ascii_isdigit(**g) || n >= node->choices.count)
            break;
        const AjChoice *choice = &node->choices.at[n];
        join(q->said, " → ", choice->text);
        node = node_named(q->question, choice->to);
    }
}

static void say_short(Question *q)
{
    g_string_append(q->said, q->answer ? q->answer->response : "");
    if (q->question->reference)
        g_string_append(q->expected, q->question->reference);
}

static void put_verdict(Question *q)
{
    const AjEntry *e = q->answer;
    bool right = e && e->success == 1, part = e && !right && e->raw > 0;
    aj_value_set_bool(q->arena, q->map, "right", right);
    aj_value_set_bool(q->arena, q->map, "part", part);
    aj_value_set_bool(q->arena, q->map, "wrong", e && !right && !part);
    aj_value_set_bool(q->arena, q->map, "lost", !e);
    set(q->arena, q->map, "got", e && e->raw >= 0 ? aj_quiz_number(q->arena, e->raw) : "");
}

static AjValue *question_map(AjArena *a, const AjQuestion *question, const AjDrawn *drawn,
                             const AjEntry *answer, uint32_t number)
{
    g_autoptr(GString) said = g_string_new(NULL), expected = g_string_new(NULL);
    g_auto(GStrv) given = g_strsplit(answer ? answer->response : "", "[,]", -1);
    Question q = {a, question, drawn, answer, given, aj_value_map(a), said, expected};
    static void (*const say[AJ_QUESTION_TYPES])(Question *) = {
        [AJ_QUESTION_TRUEFALSE] = say_truth,   [AJ_QUESTION_FILL] = say_blanks,
        [AJ_QUESTION_ORDER] = say_order,       [AJ_QUESTION_MATCH] = say_match,
        [AJ_QUESTION_SCENARIO] = say_scenario, [AJ_QUESTION_SHORT] = say_short};
    aj_value_set_int(a, q.map, "number", number);
    set(a, q.map, "type", aj_question_type_title(question->type));
    set(a, q.map, "stem", question->stem);
    set(a, q.map, "id", question->id);
    set(a, q.map, "points", aj_quiz_number(a, question->points));
    aj_value_set_bool(a, q.map, "red_line", question->red_line);
    bool has_options = question->options.count > 0;
    aj_value_set_bool(a, q.map, "has_options", has_options);
    if (has_options)
        put_options(&q);
    else if (say[question->type])
        say[question->type](&q);
    set(a, q.map, "given", said->str);
    set(a, q.map, "answer", expected->str);
    put_verdict(&q);
    return q.map;
}

/* By question, the answers of one attempt. */
static GHashTable *answers_of(const AjLedger *l, const AjEntry *attempt)
{
    GHashTable *answers = g_hash_table_new(g_str_hash, g_str_equal);
    for (uint32_t i = 0; i < l->entry_count; i++) {
        const AjEntry *e = &l->entries[i];
        if (strcmp(e->registration, attempt->registration) == 0 &&
            strcmp(e->verb, "answered") == 0 && *e->question)
            g_hash_table_insert(answers, (void *)e->question, (void *)e);
    }
    return answers;
}

AjValue *aj_paper_make(AjArena *a, const AjFormAsk *ask, const AjEntry *attempt,
                       const AjDeskPage *page, const char *why)
{
    AjQuiz quiz = {0};
    AjDrawing drawing = {0};
    AjValue *map = aj_form_attempt(a, ask, attempt), *questions = aj_value_list(a);
    g_autoptr(AjDiags) quiet = aj_diags_new(); /* what a page of then had wrong was told then */
    g_autoptr(GHashTable) answers = answers_of(ask->ledger, attempt);
    if (page && !*attempt->seed)
        why = "记录里没有种子";
    else if (page && !page->quiz)
        why = "当天这一页没有题目";
    else if (page)
        aj_quizvalue_read(a, page->quiz, page->source, false, &quiz, quiet);
    if (quiz.questions.count)
        aj_quizdraw(a, &quiz, (uint32_t)g_ascii_strtoull(attempt->seed, NULL, 10), &drawing);
    for (uint32_t i = 0; i < drawing.count; i++) {
        const AjQuestion *question = &quiz.questions.at[drawing.at[i].index];
        aj_value_push(a, questions,
                      question_map(a, question, &drawing.at[i],
                                   g_hash_table_lookup(answers, question->id), i + 1));
    }
    if (!drawing.count)
        set(a, map, "gap", aj_arena_printf(a, "当天的题目取不回来：%s", why ? why : "没有题"));
    else
        set(a, map, "pass", aj_quiz_number(a, quiz.pass ? (double)quiz.pass : 60));
    aj_value_set(a, map, "questions", questions);
    aj_value_set_int(a, map, "count", drawing.count);
    return map;
}
