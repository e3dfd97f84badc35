/* test_base_jsonwalk - JSON in place: values, escapes, and every way to be malformed. */
#include "base/jsonwalk.h"

#include <glib.h>
#include <string.h>

static AjArena *arena;

static bool is_sound(const char *text, size_t len)
{
    AjJsonWalk w;
    aj_jsonwalk_begin(&w, arena, text, len);
    return aj_jsonwalk_skip(&w) && aj_jsonwalk_done(&w) && !w.fault;
}

static void test_sound(void)
{
    static const char *const good[] = {"null",
                                       " true ",
                                       "false",
                                       "0",
                                       "-1",
                                       "1.5e3",
                                       "\"\"",
                                       "\"a\\nb\"",
                                       "[]",
                                       "{}",
                                       "[1,2]",
                                       "{\"a\":{\"b\":[{}]}}",
                                       "\xef\xbb\xbf[1]",
                                       "\"\\u53d7\\ud83d\\ude00\""};
    static const char *const bad[] = {
        "",        "nul",        "[1,]",        "[1 2]",       "{\"a\"}",     "{\"a\":}",
        "{a:1}",   "{\"a\":1,}", "01",          "1.5.2",       "-",           "\"a",
        "\"\\q\"", "\"\\u12\"",  "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\"", "[",
        "{",       "]",          "1 2",         "\"a\nb\"",    "\"\xff\""};
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++)
        if (!is_sound(good[i], strlen(good[i])))
            g_test_fail_printf("refused: %s", good[i]);
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        if (is_sound(bad[i], strlen(bad[i])))
            g_test_fail_printf("taken: %s", bad[i]);
}

static void test_values(void)
{
    const char *text = "{\"k\": [\"x\\\"\\u53d7\", 12, -0.5, null],\n \"z\": true}";
    AjJsonWalk w;
    bool object = true, list = true, whole;
    const char *s;
    size_t len;
    double d;
    int64_t i;
    aj_jsonwalk_begin(&w, arena, text, strlen(text));
    g_assert_true(aj_jsonwalk_enter(&w, '{'));
    g_assert_true(aj_jsonwalk_more(&w, '{', &object));
    g_assert_true(aj_jsonwalk_key(&w, &s, &len));
    g_assert_cmpmem(s, len, "k", 1);
    g_assert_true(aj_jsonwalk_enter(&w, '['));
    g_assert_true(aj_jsonwalk_item(&w, &list));
    g_assert_true(aj_jsonwalk_string(&w, &s, &len));
    g_assert_cmpmem(s, len, "x\"受", 5);
    g_assert_true(aj_jsonwalk_item(&w, &list));
    g_assert_true(aj_jsonwalk_number(&w, &d, &i, &whole) && whole);
    g_assert_cmpint(i, ==, 12);
    g_assert_true(aj_jsonwalk_item(&w, &list));
    g_assert_true(aj_jsonwalk_number(&w, &d, &i, &whole) && !whole);
    g_assert_cmpfloat(d, ==, -0.5);
    g_assert_true(aj_jsonwalk_item(&w, &list));
    g_assert_cmpint(aj_jsonwalk_kind(&w), ==, 'n');
    g_assert_true(aj_jsonwalk_word(&w, "null"));
    g_assert_true(aj_jsonwalk_leave(&w, '[', &list));
    g_assert_true(aj_jsonwalk_more(&w, '{', &object));
    g_assert_true(aj_jsonwalk_key(&w, &s, &len));
    g_assert_false(aj_jsonwalk_word(&w, "false"));
    g_assert_nonnull(w.fault);
    g_assert_cmpuint(aj_jsonwalk_line(&w), ==, 2);
    g_assert_false(aj_jsonwalk_more(&w, '{', &object)); /* after a fault nothing is true */
}

static void test_depth(void)
{
    GString *deep = g_string_new(NULL);
    for (int i = 0; i < 100000; i++)
        g_string_append_c(deep, '[');
    g_assert_false(is_sound(deep->str, deep->len));
    g_string_free(deep, TRUE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    arena = aj_arena_new(1 << 12);
    g_test_add_func("/base/jsonwalk/sound", test_sound);
    g_test_add_func("/base/jsonwalk/values", test_values);
    g_test_add_func("/base/jsonwalk/depth", test_depth);
    int code = g_test_run();
    aj_arena_free(arena);
    return code;
}
