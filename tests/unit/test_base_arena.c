/* test_base_arena - pieces stay where they are, zeroed and aligned, whatever their size.
 *
 * Must not know: the blocks. */
#include "base/arena.h"

#include <glib.h>
#include <stdint.h>
#include <string.h>

static void test_block_border(void)
{
    AjArena *a = aj_arena_new(64);
    char *first = aj_arena_strndup(a, "受限空间", 12);
    for (int i = 0; i < 100; i++)
        g_assert_nonnull(aj_arena_alloc(a, 48));
    g_assert_cmpstr(first, ==, "受限空间"); /* growth never moves old memory */
    aj_arena_free(a);
}

static void test_sizes(void)
{
    AjArena *a = aj_arena_new(256);
    for (int round = 0; round < 3; round++) {
        for (size_t size = 0; size < 1200; size += 7) {
            uint8_t *p = aj_arena_alloc(a, size);
            g_assert_cmpuint((uintptr_t)p % 16, ==, 0);
            for (size_t i = 0; i < size; i++)
                g_assert_cmpuint(p[i], ==, 0);
            memset(p, 0xa5, size);
        }
        g_assert_cmpuint(aj_arena_used(a), >=, 100000);
        aj_arena_reset(a);
        g_assert_cmpuint(aj_arena_used(a), ==, 0);
    }
    aj_arena_free(a);
    aj_arena_free(NULL);
}

static void test_grow(void)
{
    AjArena *a = aj_arena_new(128);
    uint32_t *list = NULL;
    size_t cap = 0;
    for (uint32_t i = 0; i < 5000; i++) {
        if (i == cap) {
            list = aj_arena_grow(a, list, cap * 4, (cap ? cap * 2 : 1) * 4);
            cap = cap ? cap * 2 : 1;
            g_assert_cmpuint(list[cap - 1], ==, 0);
        }
        list[i] = i;
        if (i % 3 == 0)
            aj_arena_alloc(a, 1); /* now and then the piece is not the last one */
    }
    for (uint32_t i = 0; i < 5000; i++)
        g_assert_cmpuint(list[i], ==, i);
    g_assert_true(aj_arena_grow(a, list, cap * 4, 8) == list);
    aj_arena_free(a);
}

static void test_printf(void)
{
    AjArena *a = aj_arena_new(64);
    g_assert_cmpstr(aj_arena_printf(a, "%s-%d", "吊装", 7), ==, "吊装-7");
    g_assert_cmpstr(aj_arena_printf(a, "%s", ""), ==, "");
    g_assert_cmpuint(strlen(aj_arena_printf(a, "%5000d", 1)), ==, 5000);
    g_assert_cmpstr(aj_arena_strdup(a, ""), ==, "");
    g_assert_cmpstr(aj_arena_strndup(a, NULL, 0), ==, "");
    aj_arena_free(a);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/arena/block-border", test_block_border);
    g_test_add_func("/base/arena/sizes", test_sizes);
    g_test_add_func("/base/arena/grow", test_grow);
    g_test_add_func("/base/arena/printf", test_printf);
    return g_test_run();
}
