/* test_driver_quizdata - what the page carries of a question: all of it, or nothing that answers.
 */
#include "base/json.h"
#include "driver/quizdata.h"
#include "model/quizseal.h"

#include <glib.h>
#include <string.h>

static AjArena *arena;

static const AjValue *page_of(const char *json, bool exam)
{
    g_autoptr(GError) error = NULL;
    AjValue *question = aj_json_parse(arena, json, strlen(json), &error);
    g_assert_no_error(error);
    AjQuizdataHow how = {.exam = exam};
    return aj_quizdata_question(arena, question, &how);
}

static AjValue *data_of(const AjValue *page)
{
    g_autoptr(GError) error = NULL;
    const char *json = aj_value_get_string(aj_value_get(page, "q"), "json", "");
    AjValue *data = aj_json_parse(arena, json, strlen(json), &error);
    g_assert_no_error(error);
    return data;
}

static const char *slot(const AjValue *data, const char *list, uint32_t i)
{
    return aj_value_at(aj_value_at(aj_value_get(data, list), i), 0)->s;
}

/* Nothing anywhere in what the template sees. */
static void assert_silent(const AjValue *v, const char *word)
{
    if (v->type == AJ_VALUE_STRING)
        g_assert_null(strstr(v->s, word));
    for (uint32_t i = 0; v->type == AJ_VALUE_MAP && i < v->len; i++)
        assert_silent(v->entries[i].value, word);
    for (uint32_t i = 0; v->type == AJ_VALUE_LIST && i < v->len; i++)
        assert_silent(v->items[i], word);
}

#define SINGLE                                                                                        \
    "{\"id\":\"a\",\"type\":\"single\",\"points\":2,\"options\":[{\"key\":\"A\",\"text\":\"甲\","    \
    "\"html\":\"甲\",\"correct\":false,\"feedback\":\"秘密一\",\"feedback_html\":\"秘密一\"}," \
    "{\"key\":\"B\",\"text\":\"乙\",\"html\":\"乙\",\"correct\":true}],"                            \
    "\"explanation\":\"秘密二\",\"explanation_html\":\"秘密二\"}"
#define FILL                                                                                         \
    "{\"id\":\"f\",\"type\":\"fill\",\"answers\":[[\"秘密\"],[{\"value\":19.5,\"tolerance\":0.1}]" \
    "]}"
#define ORDER                                                                                      \
    "{\"id\":\"o\",\"type\":\"order\",\"items\":[{\"text\":\"一\",\"html\":\"一\"},"             \
    "{\"text\":\"二\",\"html\":\"二\"},{\"text\":\"三\",\"html\":\"三\"}]}"
#define MATCH                                                                                         \
    "{\"id\":\"m\",\"type\":\"match\",\"pairs\":[{\"left\":\"左一\",\"right\":\"右一\","          \
    "\"left_html\":\"左一\"},{\"left\":\"左二\",\"right\":\"右一\",\"left_html\":\"左二\"}]," \
    "\"distractors\":[\"右三\"]}"
#define SCENARIO                                                                                   \
    "{\"id\":\"s\",\"type\":\"scenario\",\"start\":\"a\",\"nodes\":[{\"name\":\"a\",\"text\":\"\"" \
    ",\"choices\":[{\"text\":\"x\",\"to\":\"b\",\"points\":3},{\"text\":\"y\",\"to\":\"a\","       \
    "\"points\":9},{\"text\":\"z\",\"to\":\"c\",\"points\":4}]},{\"name\":\"b\",\"text\":\"\","    \
    "\"choices\":[{\"text\":\"w\",\"to\":\"c\",\"points\":2}]},{\"name\":\"c\",\"text\":\"\","     \
    "\"choices\":[]}]}"
#define SHORT                                                                                        \
    "{\"id\":\"k\",\"type\":\"short\",\"reference\":\"秘密一\",\"reference_html\":\"秘密一\"," \
    "\"rubric\":[{\"text\":\"秘密二\",\"html\":\"秘密二\",\"points\":2}]}"

static void test_practice(void)
{
    const AjValue *page = page_of(SINGLE, false), *data = data_of(page);
    g_assert_cmpstr(slot(data, "right", 0), ==, "B");
    g_assert_cmpint(aj_value_get_int(data, "points", 1), ==, 2);
    assert_silent(data, "甲"); /* texts stand in the page once, and the data says none of them */
    assert_silent(data, "秘密");
    page = page_of(ORDER, false);
    data = data_of(page);
    assert_silent(data, "二");
    const AjValue *q = aj_value_get(page, "q");
    const AjValue *shown = aj_value_get(q, "shown"), *items = aj_value_get(q, "items");
    for (uint32_t i = 0; i < 3; i++)
        for (uint32_t k = 0; k < 3; k++)
            if (strcmp(aj_value_get_string(aj_value_at(shown, k), "key", ""),
                       slot(data, "right", i)) == 0)
                g_assert_cmpstr(aj_value_get_string(aj_value_at(shown, k), "text", ""), ==,
                                aj_value_get_string(aj_value_at(items, i), "text", ""));
    page = page_of(MATCH, false);
    data = data_of(page);
    g_assert_cmpuint(aj_value_len(aj_value_get(aj_value_get(page, "q"), "shown")), ==, 2);
    g_assert_cmpstr(slot(data, "right", 0), ==, slot(data, "right", 1));
    data = data_of(page_of(SCENARIO, false));
    g_assert_cmpint(aj_value_get_int(data, "best", 0), ==, 5);
}

/* What is said of an option goes to the script, but where a link in it has to be seen to. */
static void test_feedback(void)
{
    const char *json = "{\"id\":\"a\",\"type\":\"single\",\"options\":[{\"key\":\"A\",\"html\":"
                       "\"甲\",\"correct\":true,"
                       "\"feedback_html\":\"看<a href=\\\"\\u0001L0\\u0001\\\">此</a>\"},"
                       "{\"key\":\"B\",\"html\":\"乙\",\"feedback_html\":\"不对\"},{\"key\":\"C\","
                       "\"html\":\"丙\"}]}";
    const AjValue *q = aj_value_get(page_of(json, false), "q"),
                  *options = aj_value_get(q, "options");
    const char *data = aj_value_get_string(q, "data", "");
    g_assert_nonnull(strstr(data, "\"feedback\":{\"B\":\"不对\"}"));
    g_assert_null(strstr(aj_value_get_string(q, "json", ""), "feedback"));
    g_assert_nonnull(aj_value_get_string(aj_value_at(options, 0), "feedback_here", NULL));
    g_assert_null(aj_value_get_string(aj_value_at(options, 1), "feedback_here", NULL));
    assert_silent(page_of(json, true), "不对");
}

static void test_exam(void)
{
    char hash[17];
    const AjValue *page = page_of(SINGLE, true), *data = data_of(page);
    assert_silent(page, "秘密");
    assert_silent(page, "correct");
    g_assert_null(aj_value_get(data, "right"));
    aj_quizseal_hash(aj_value_get_string(data, "salt", ""), -1, "B", hash);
    g_assert_cmpstr(slot(data, "hashes", 0), ==, hash);
    g_assert_true(aj_value_get_bool(page, "is_exam", false));
    assert_silent(page_of(SHORT, true), "秘密");
    page = page_of(FILL, true);
    data = data_of(page);
    assert_silent(page, "秘密");
    assert_silent(page, "19.5");
    aj_quizseal_hash(aj_value_get_string(data, "salt", ""), 0, "秘密", hash);
    g_assert_cmpstr(slot(data, "hashes", 0), ==, hash);
    g_assert_cmpuint(aj_value_len(aj_value_at(aj_value_get(data, "hashes"), 1)), ==, 0);
    g_assert_cmpuint(aj_value_len(aj_value_get(aj_value_get(page, "q"), "blank_list")), ==, 2);
    data = data_of(page_of(SCENARIO, true));
    g_assert_null(aj_value_get(data, "best"));
    const AjValue *node = aj_value_at(aj_value_get(data, "nodes"), 0);
    g_assert_null(aj_value_get(aj_value_at(aj_value_get(node, "choices"), 0), "points"));
    data = data_of(page_of(ORDER, true));
    g_assert_null(aj_value_get(data, "items"));
    g_assert_cmpuint(aj_value_len(aj_value_get(data, "hashes")), ==, 3);
    page = page_of(MATCH, true);
    data = data_of(page);
    g_assert_null(aj_value_get(data, "pairs"));
    g_assert_null(aj_value_get(aj_value_get(page, "q"), "pairs"));
    g_assert_cmpuint(aj_value_len(aj_value_get(aj_value_get(page, "q"), "lefts")), ==, 2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    arena = aj_arena_new(4096);
    g_test_add_func("/driver/quizdata/practice", test_practice);
    g_test_add_func("/driver/quizdata/feedback", test_feedback);
    g_test_add_func("/driver/quizdata/exam", test_exam);
    int result = g_test_run();
    aj_arena_free(arena);
    return result;
}
