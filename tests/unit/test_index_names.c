/* Names by first letters: order, polyphones, what is left out. */
#include "index/names.h"

#include <glib.h>
#include <string.h>

static bool file_take(const char *name, const char *text, size_t len, void *data)
{
    GString *all = data;
    g_assert_true(g_str_has_prefix(name, "p/n"));
    g_assert_cmpuint(len, ==, strlen(text));
    g_assert_null(strpbrk(text, "\"\\<"));
    g_string_append(all, text);
    g_string_append_c(all, '\n');
    return true;
}

static void check(const char *const *names, const char *want, const char *want_starts)
{
    AjLexicon *l = aj_lexicon_new();
    AjNames *n = aj_names_new(l);
    GString *all = g_string_new(NULL), *starts = g_string_new(NULL);
    for (; *names; names++)
        aj_names_add(n, *names + 1, strlen(*names) - 1, **names == '!');
    g_assert_true(aj_names_write(n, file_take, all, starts));
    g_assert_cmpstr(all->str, ==, want);
    g_assert_cmpstr(starts->str, ==, want_starts);
    g_string_free(all, TRUE);
    g_string_free(starts, TRUE);
    aj_names_free(n);
    aj_lexicon_free(l);
}

static void test_order(void)
{
    check((const char *[]){"!受限空间", ".氧含量", "!硫化氢", ".硫化氢", NULL},
          "!硫化氢|!受限空间|氧含量\n", "l");
    check((const char *[]){".重庆", NULL}, "重庆|重庆\n", "c"); /* chong, zhong */
    check((const char *[]){NULL}, "", "");
}

static void test_tidied(void)
{
    check((const char *[]){"!  GB 30871  標準 ", NULL}, "!gb 30871 标准\n", "g");
    check((const char *[]){"!a < b|\"受!限", NULL}, "!a b 受 限\n", "a");
    check((const char *[]){"!LOTO", "!受", "!。，", "!", NULL}, "", ""); /* not Han, or too short */
}

static void test_long(void)
{
    GString *name = g_string_new("!");
    for (unsigned i = 0; i < 500; i++)
        g_string_append(name, "受限");
    AjLexicon *l = aj_lexicon_new();
    AjNames *n = aj_names_new(l);
    GString *all = g_string_new(NULL), *starts = g_string_new(NULL);
    aj_names_add(n, name->str, name->len, true);
    g_assert_true(aj_names_write(n, file_take, all, starts));
    g_assert_cmpuint(all->len, <, 140);
    g_assert_true(g_utf8_validate(all->str, -1, NULL));
    g_string_free(name, TRUE);
    g_string_free(all, TRUE);
    g_string_free(starts, TRUE);
    aj_names_free(n);
    aj_lexicon_free(l);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/index/names/order", test_order);
    g_test_add_func("/index/names/tidied", test_tidied);
    g_test_add_func("/index/names/long", test_long);
    return g_test_run();
}
