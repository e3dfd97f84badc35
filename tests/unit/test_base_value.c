/* test_base_value - the tree, its packed bytes, and bytes that lie.
 *
 * Must not know: what any key means. */
#include "base/value.h"

#include <math.h>
#include <string.h>

static AjValue *sample(AjArena *a)
{
    AjValue *map = aj_value_map(a), *list = aj_value_list(a);
    aj_value_set_string(a, map, "title", "受限空间 🛢 作业");
    aj_value_set_int(a, map, "deaths", -3);
    aj_value_set_bool(a, map, "draft", true);
    aj_value_set(a, map, "loss", aj_value_double(a, 12.5));
    aj_value_set(a, map, "none", aj_value_null(a));
    aj_value_set(a, map, "list", list);
    aj_value_set(a, map, "empty", aj_value_map(a));
    for (int i = 0; i < 300; i++)
        aj_value_push(a, list, aj_value_int(a, (int64_t)((uint64_t)1 << (i % 64))));
    aj_value_push(a, list, aj_value_int(a, INT64_MIN));
    aj_value_push(a, list, aj_value_string(a, ""));
    aj_value_push(a, list, aj_value_list(a));
    list->line = 70000;
    return map;
}

static void test_map(void)
{
    AjArena *a = aj_arena_new(256);
    AjValue *m = aj_value_map(a);
    aj_value_set_string(a, m, "一", "1");
    aj_value_set_string(a, m, "b", NULL);
    aj_value_set_int(a, m, "c", 5);
    aj_value_set_string(a, m, "一", "2");
    g_assert_cmpuint(aj_value_len(m), ==, 2);
    g_assert_cmpstr(m->entries[0].key, ==, "一"); /* replaced in place */
    g_assert_cmpstr(aj_value_get_string(m, "一", "-"), ==, "2");
    g_assert_cmpstr(aj_value_get_string(m, "c", "-"), ==, "-"); /* another type */
    g_assert_cmpint(aj_value_get_int(m, "c", 0), ==, 5);
    g_assert_cmpfloat(aj_value_get_double(m, "c", 0), ==, 5);
    g_assert_true(aj_value_get_bool(m, "absent", true));
    g_assert_null(aj_value_get(NULL, "x"));
    g_assert_null(aj_value_get(aj_value_int(a, 1), "x"));
    g_assert_nonnull(aj_value_getn(m, "cde", 1));
    g_assert_null(aj_value_getn(m, "cde", 2));
    g_assert_null(aj_value_get(m, ""));
    g_assert_null(aj_value_at(m, 0));
    g_assert_cmpuint(aj_value_len(NULL), ==, 0);
    g_assert_cmpuint(aj_value_len(aj_value_string(a, "四个字")), ==, 9);
    aj_arena_free(a);
}

static void test_pack(void)
{
    AjArena *a = aj_arena_new(256), *b = aj_arena_new(256);
    g_autoptr(GString) first = g_string_new(NULL), second = g_string_new(NULL);
    AjValue *v = sample(a);
    aj_value_pack(v, first);
    size_t used = 0;
    AjValue *back = aj_value_unpack(b, first->str, first->len, &used);
    g_assert_nonnull(back);
    g_assert_cmpuint(used, ==, first->len);
    g_assert_true(aj_value_equal(v, back));
    g_assert_cmpuint(aj_value_get(back, "list")->line, ==, 70000);
    aj_value_pack(back, second);
    g_assert_true(g_string_equal(first, second));
    AjValue *copy = aj_value_copy(a, back);
    g_assert_true(aj_value_equal(copy, v));
    aj_value_push(a, copy->entries[5].value, aj_value_null(a)); /* what was unpacked can grow */
    aj_value_push(b, back->entries[5].value, aj_value_null(b));
    aj_value_set_int(b, back, "more", 1);
    g_assert_false(aj_value_equal(copy, v));
    aj_arena_free(a);
    aj_arena_free(b);
}

static void test_equal(void)
{
    AjArena *a = aj_arena_new(256);
    g_assert_true(aj_value_equal(aj_value_double(a, NAN), aj_value_double(a, NAN)));
    g_assert_false(aj_value_equal(aj_value_int(a, 1), aj_value_double(a, 1)));
    g_assert_false(aj_value_equal(NULL, aj_value_null(a)));
    g_assert_true(aj_value_equal(NULL, NULL));
    g_assert_false(aj_value_equal(aj_value_string(a, "甲"), aj_value_string(a, "乙")));
    aj_arena_free(a);
}

/* Every cut and every flipped byte gives NULL or some value, and reads nothing outside: each
 * input is its own allocation, so ASan and valgrind would see it. */
static void test_broken(void)
{
    AjArena *a = aj_arena_new(256), *b = aj_arena_new(4096);
    g_autoptr(GString) good = g_string_new(NULL);
    aj_value_pack(sample(a), good);
    for (size_t len = 0; len < good->len; len++) {
        g_autofree char *cut = g_memdup2(good->str, len);
        g_assert_null(aj_value_unpack(b, cut, len, NULL));
        aj_arena_reset(b);
    }
    uint32_t seed = 12345;
    for (size_t round = 0; round < 20000; round++) {
        g_autofree char *bad = g_memdup2(good->str, good->len);
        for (int i = 0; i < 3; i++) {
            seed = seed * 1664525 + 1013904223;
            bad[(seed >> 8) % good->len] = (char)(seed >> 3);
        }
        AjValue *v = aj_value_unpack(b, bad, good->len, NULL);
        if (v) {
            g_autoptr(GString) again = g_string_new(NULL);
            aj_value_pack(v, again);
        }
        aj_arena_reset(b);
    }
    /* Counts that promise more than the bytes hold, and depth without end. */
    static const uint8_t many[] = {AJ_VALUE_LIST, 0xff, 0xff, 0xff, 0x7f};
    g_assert_null(aj_value_unpack(b, many, sizeof many, NULL));
    uint8_t deep[8000];
    for (size_t i = 0; i < sizeof deep; i += 2) {
        deep[i] = AJ_VALUE_LIST;
        deep[i + 1] = 1;
    }
    g_assert_null(aj_value_unpack(b, deep, sizeof deep, NULL));
    aj_arena_free(a);
    aj_arena_free(b);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/value/map", test_map);
    g_test_add_func("/base/value/pack", test_pack);
    g_test_add_func("/base/value/equal", test_equal);
    g_test_add_func("/base/value/broken", test_broken);
    return g_test_run();
}
