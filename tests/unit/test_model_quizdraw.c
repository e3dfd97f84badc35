/* test_model_quizdraw - draws and folding as the theme's quiz-core.js has them, by shared vectors
 * (tests/browser/quiz.mjs holds the script to the same file). */
#include "base/json.h"
#include "model/quizdraw.h"
#include "model/quizseal.h"

#include <glib.h>
#include <string.h>

static AjArena *arena;
static AjValue *vectors;

static void test_random(void)
{
    const AjValue *random = aj_value_get(vectors, "random"), *first = aj_value_get(random, "first");
    uint32_t state = (uint32_t)aj_value_get_int(random, "seed", 0);
    g_assert_cmpuint(aj_value_len(first), ==, 5);
    for (uint32_t i = 0; i < aj_value_len(first); i++)
        g_assert_cmpfloat(aj_quizdraw_next(&state) * 4294967296.0, ==,
                          (double)aj_value_at(first, i)->i);
}

static void make_question(AjQuiz *quiz, const AjValue *from)
{
    AjQuestion *q = aj_quiz_question(arena, quiz, 0);
    int64_t choices = aj_value_get_int(from, "choices", 0);
    g_assert_true(aj_question_type_find(aj_value_get_string(from, "type", ""), &q->type));
    q->stem = aj_arena_printf(arena, "题 %u", quiz->questions.count);
    q->pool = aj_value_get_string(from, "pool", NULL);
    for (int64_t i = 0; i < choices; i++) {
        const char *text = aj_arena_printf(arena, "项 %d", (int)i);
        if (q->type == AJ_QUESTION_ORDER) {
            aj_quiz_push_string(arena, &q->items, text);
        } else if (q->type == AJ_QUESTION_MATCH && i + 1 < choices) {
            AjPair *pair = aj_quiz_push(arena, &q->pairs);
            pair->left = aj_arena_printf(arena, "左 %d", (int)i);
            pair->right = text;
        } else if (q->type == AJ_QUESTION_MATCH) {
            aj_quiz_push_string(arena, &q->distractors, text);
        } else {
            AjOption *o = aj_quiz_push(arena, &q->options);
            o->text = text;
        }
    }
}

static void make_quiz(AjQuiz *quiz, const AjValue *from)
{
    const AjValue *pools = aj_value_get(from, "pools"), *shuffle = aj_value_get(from, "shuffle");
    *quiz = (AjQuiz){.pick = aj_value_get_int(from, "pick", 0)};
    for (uint32_t i = 0; i < aj_value_len(shuffle); i++) {
        quiz->shuffle_questions |= strcmp(aj_value_at(shuffle, i)->s, "questions") == 0;
        quiz->shuffle_options |= strcmp(aj_value_at(shuffle, i)->s, "options") == 0;
    }
    for (uint32_t i = 0; i < aj_value_len(pools); i++)
        aj_quiz_pool(arena, quiz, pools->entries[i].key)->pick =
            aj_value_get_int(pools->entries[i].value, "pick", 0);
    const AjValue *questions = aj_value_get(from, "questions");
    for (uint32_t i = 0; i < aj_value_len(questions); i++)
        make_question(quiz, aj_value_at(questions, i));
    aj_quiz_settle(arena, quiz);
}

/* The script counts in the order of the page, which is neutral there already. */
static uint32_t place(const AjQuestion *q, uint32_t n)
{
    AjStrings rights = {0};
    const AjStrings *texts = &q->items;
    uint32_t order[16];
    if (q->type == AJ_QUESTION_MATCH) {
        aj_quizdraw_rights(arena, q, &rights);
        texts = &rights;
    } else if (q->type != AJ_QUESTION_ORDER) {
        return n;
    }
    aj_quizdraw_neutral(q->id, texts->at, texts->count, order);
    return order[n];
}

static void test_draw(void)
{
    const AjValue *cases = aj_value_get(vectors, "draw");
    g_assert_cmpuint(aj_value_len(cases), >, 10);
    for (uint32_t i = 0; i < aj_value_len(cases); i++) {
        const AjValue *one = aj_value_at(cases, i), *wanted = aj_value_get(one, "drawn");
        AjQuiz quiz;
        AjDrawing drawn = {0};
        make_quiz(&quiz, aj_value_get(one, "quiz"));
        aj_quizdraw(arena, &quiz, (uint32_t)aj_value_get_int(one, "seed", 0), &drawn);
        g_assert_cmpuint(drawn.count, ==, aj_value_len(wanted));
        for (uint32_t k = 0; k < drawn.count; k++) {
            const AjValue *w = aj_value_at(wanted, k), *order = aj_value_get(w, "order");
            const AjQuestion *q = &quiz.questions.at[drawn.at[k].index];
            g_assert_cmpuint(drawn.at[k].index, ==, aj_value_get_int(w, "index", -1));
            g_assert_cmpuint(drawn.at[k].choices, ==, aj_value_len(order));
            for (uint32_t c = 0; c < drawn.at[k].choices; c++)
                g_assert_cmpuint(drawn.at[k].order[c], ==,
                                 place(q, (uint32_t)aj_value_at(order, c)->i));
        }
    }
}

static void test_neutral(void)
{
    const char *const texts[] = {"通风", "检测", "作业", "撤离"};
    uint32_t one[4], two[4];
    aj_quizdraw_neutral("a", texts, 4, one);
    aj_quizdraw_neutral("a", texts, 4, two);
    g_assert_cmpmem(one, sizeof one, two, sizeof two);
    const char *const turned[] = {"撤离", "作业", "检测", "通风"};
    aj_quizdraw_neutral("a", turned, 4, two);
    for (unsigned i = 0; i < 4; i++) /* what is written first does not show */
        g_assert_cmpstr(texts[one[i]], ==, turned[two[i]]);
}

static void test_fold(void)
{
    const AjValue *folds = aj_value_get(vectors, "fold");
    g_assert_cmpuint(aj_value_len(folds), >, 8);
    for (uint32_t i = 0; i < aj_value_len(folds); i++) {
        const AjValue *pair = aj_value_at(folds, i);
        g_autofree char *text = aj_quizseal_fold(aj_value_at(pair, 0)->s);
        g_assert_cmpstr(text, ==, aj_value_at(pair, 1)->s);
    }
}

static void test_seal(void)
{
    char one[17], two[17], three[17];
    aj_quizseal_hash("s", 0, "通 风", one);
    aj_quizseal_hash("s", 0, "通风。", two);
    aj_quizseal_hash("s", -1, "通风", three);
    g_assert_cmpstr(one, ==, two);
    g_assert_cmpstr(one, !=, three);
    aj_quizseal_hash("t", 0, "通风", three);
    g_assert_cmpstr(one, !=, three);
    const char *text = "正确答案：通风，正确答案：检测，正确答案：作业";
    g_autofree char *hidden = aj_quizseal_seal("s", text, strlen(text));
    g_assert_cmpuint(strlen(hidden), ==, (strlen(text) + 2) / 3 * 4);
    g_assert_null(strstr(hidden, "答案"));
    g_autofree char *empty = aj_quizseal_seal("s", "", 0);
    g_assert_cmpstr(empty, ==, "");
}

int main(int argc, char **argv)
{
    g_autofree char *text = NULL;
    gsize len = 0;
    g_autoptr(GError) error = NULL;
    g_test_init(&argc, &argv, NULL);
    arena = aj_arena_new(4096);
    g_assert_true(g_file_get_contents("tests/data/quiz/draw.json", &text, &len, &error));
    vectors = aj_json_parse(arena, text, len, &error);
    g_assert_no_error(error);
    g_test_add_func("/model/quizdraw/random", test_random);
    g_test_add_func("/model/quizdraw/draw", test_draw);
    g_test_add_func("/model/quizdraw/neutral", test_neutral);
    g_test_add_func("/model/quizseal/fold", test_fold);
    g_test_add_func("/model/quizseal/seal", test_seal);
    int result = g_test_run();
    aj_arena_free(arena);
    return result;
}
