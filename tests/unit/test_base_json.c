/* test_base_json - what is read, what is refused, and that printing reads back.
 *
 * Must not know: any schema. */
#include "base/json.h"

#include <string.h>

static void test_round(void)
{
    static const char *const same[] = {"null",
                                       "true",
                                       "[]",
                                       "{}",
                                       "[1,-2,0.5,\"安\"]",
                                       "{\"b\":1,\"a\":[{}]}",
                                       "0.1",
                                       "1e+300",
                                       "-9223372036854775808",
                                       "{\"\":\"\"}",
                                       "\"\\u003c/script\\u003e\\\"\\\\\\n\""};
    AjArena *a = aj_arena_new(512);
    for (size_t i = 0; i < G_N_ELEMENTS(same); i++) {
        g_autoptr(GError) error = NULL;
        g_autoptr(GString) out = g_string_new(NULL);
        AjValue *v = aj_json_parse(a, same[i], strlen(same[i]), &error);
        g_assert_no_error(error);
        aj_json_print(v, 0, out);
        g_assert_cmpstr(out->str, ==, same[i]);
    }
    g_autoptr(GString) out = g_string_new(NULL);
    AjValue *v = aj_json_parse(a, "\xef\xbb\xbf{\"a\":[1,{}],\"b\":{}}", 22, NULL);
    aj_json_print(v, 2, out);
    g_assert_cmpstr(out->str, ==, "{\n  \"a\": [\n    1,\n    {}\n  ],\n  \"b\": {}\n}");
    aj_arena_free(a);
}

static void test_big_numbers(void)
{
    AjArena *a = aj_arena_new(512);
    AjValue *v = aj_json_parse(a, "[7,123456789012345678901234567890,1.5]", 38, NULL);
    g_assert_cmpint(aj_value_at(v, 0)->type, ==, AJ_VALUE_INT);
    g_assert_cmpint(aj_value_at(v, 1)->type, ==, AJ_VALUE_DOUBLE);
    g_assert_cmpfloat(aj_value_at(v, 1)->d, ==, 123456789012345678901234567890.0);
    g_assert_cmpfloat(aj_value_at(v, 2)->d, ==, 1.5);
    g_autoptr(GString) out = g_string_new(NULL);
    aj_json_print(aj_value_double(a, 2), 0, out);
    g_assert_cmpstr(out->str, ==, "2");
    aj_arena_free(a);
}

static void refused(const char *text, size_t len)
{
    AjArena *a = aj_arena_new(512);
    g_autoptr(GError) error = NULL;
    g_assert_null(aj_json_parse(a, text, len, &error));
    g_assert_nonnull(error);
    aj_arena_free(a);
}

static void test_refused(void)
{
    static const char *const bad[] = {
        "",      "{\"a\":1,\"a\":2}", "[1,]", "{a:1}", "\"\\u0000\"", "\"\xff\"", "1e999",
        "[1] x", "\"\xed\xa0\x80\""};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        refused(bad[i], strlen(bad[i]));
    refused("\"a\0b\"", 5);
    static const size_t depths[] = {513, 3000, 1000000};
    for (size_t i = 0; i < G_N_ELEMENTS(depths); i++) {
        g_autofree char *deep = g_malloc(2 * depths[i]);
        memset(deep, '[', depths[i]);
        memset(deep + depths[i], ']', depths[i]);
        refused(deep, 2 * depths[i]);
    }
    AjArena *a = aj_arena_new(512);
    g_autofree char *deep = g_malloc(1024);
    memset(deep, '[', 512);
    memset(deep + 512, ']', 512);
    g_assert_nonnull(aj_json_parse(a, deep, 1024, NULL));
    aj_arena_free(a);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/json/round", test_round);
    g_test_add_func("/base/json/big-numbers", test_big_numbers);
    g_test_add_func("/base/json/refused", test_refused);
    return g_test_run();
}
