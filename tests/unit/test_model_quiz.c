/* test_model_quiz - names, truth, blanks, numbers and ids of questions. */
#include "model/quiz.h"

#include <glib.h>
#include <string.h>

static void test_types(void)
{
    AjQuestionType type;
    for (unsigned i = 0; i < AJ_QUESTION_TYPES; i++) {
        g_assert_true(aj_question_type_find(aj_question_type_name((AjQuestionType)i), &type));
        g_assert_cmpuint(type, ==, i);
        g_assert_true(aj_question_type_find(aj_question_type_title((AjQuestionType)i), &type));
        g_assert_cmpuint(type, ==, i);
    }
    g_assert_true(aj_question_type_find("　单项选择题 ", &type));
    g_assert_cmpuint(type, ==, AJ_QUESTION_SINGLE);
    g_assert_true(aj_question_type_find("ＦＩＬＬ", &type));
    g_assert_cmpuint(type, ==, AJ_QUESTION_FILL);
    g_assert_false(aj_question_type_find("题", &type));
    g_assert_false(aj_question_type_find("", &type));
}

static void test_truth(void)
{
    bool truth = false;
    g_assert_true(aj_quiz_truth(" Ｔ", &truth) && truth);
    g_assert_true(aj_quiz_truth("√", &truth) && truth);
    g_assert_true(aj_quiz_truth("×", &truth) && !truth);
    g_assert_true(aj_quiz_truth("ｆａｌｓｅ", &truth) && !truth);
    g_assert_false(aj_quiz_truth("也许", &truth));
}

static void test_blanks(void)
{
    g_assert_cmpuint(aj_quiz_blanks(""), ==, 0);
    g_assert_cmpuint(aj_quiz_blanks("先（　），再( )，后（）"), ==, 3);
    g_assert_cmpuint(aj_quiz_blanks("函数 f() 与（甲）"), ==, 0);
    g_assert_cmpuint(aj_quiz_blanks("没有完（　"), ==, 0);
}

static void test_numbers(void)
{
    AjArena *a = aj_arena_new(1024);
    double value, tolerance;
    g_assert_true(aj_quiz_tolerance("１０ ± 0.5", &value, &tolerance));
    g_assert_cmpfloat(value, ==, 10);
    g_assert_cmpfloat(tolerance, ==, 0.5);
    g_assert_false(aj_quiz_tolerance("10", &value, &tolerance));
    g_assert_false(aj_quiz_tolerance("10±", &value, &tolerance));
    g_assert_false(aj_quiz_tolerance("nan±1", &value, &tolerance));
    g_assert_cmpstr(aj_quiz_number(a, 2), ==, "2");
    g_assert_cmpstr(aj_quiz_number(a, 0.1), ==, "0.1");
    g_assert_cmpstr(aj_quiz_number(a, 19.5), ==, "19.5");
    AjBlank blank = {0};
    aj_quiz_push_answer(a, &blank, "10±0.5");
    aj_quiz_push_answer(a, &blank, "十");
    g_assert_cmpuint(blank.count, ==, 2);
    g_assert_null(blank.at[0].text);
    g_assert_cmpstr(blank.at[1].text, ==, "十");
    aj_arena_free(a);
}

static void test_settle(void)
{
    AjArena *a = aj_arena_new(1024);
    AjQuiz quiz = {0};
    for (unsigned i = 0; i < 20; i++) {
        AjQuestion *q = aj_quiz_question(a, &quiz, i);
        q->stem = aj_arena_printf(a, "第 %u 题", i % 2);
        q->pool = i < 3 ? "通用" : NULL;
    }
    quiz.questions.at[7].id = "a-7";
    quiz.questions.at[7].own_id = true;
    aj_quiz_settle(a, &quiz);
    g_assert_cmpuint(quiz.pools.count, ==, 1);
    g_assert_cmpint(quiz.pools.at[0].size, ==, 3);
    g_assert_cmpstr(quiz.questions.at[7].id, ==, "a-7");
    g_assert_cmpstr(quiz.questions.at[0].id, ==, quiz.questions.at[2].id);
    g_assert_cmpuint(strlen(quiz.questions.at[0].id), ==, 14);
    g_assert_true(g_str_has_prefix(quiz.questions.at[0].id, "h-"));
    aj_quiz_settle(a, &quiz); /* again, nothing moves */
    g_assert_cmpint(quiz.pools.at[0].size, ==, 3);
    aj_arena_free(a);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/model/quiz/types", test_types);
    g_test_add_func("/model/quiz/truth", test_truth);
    g_test_add_func("/model/quiz/blanks", test_blanks);
    g_test_add_func("/model/quiz/numbers", test_numbers);
    g_test_add_func("/model/quiz/settle", test_settle);
    return g_test_run();
}
