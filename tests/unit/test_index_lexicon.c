/* Pairs of characters by sound, and the table of sounds. */
#include "index/lexicon.h"

#include <glib.h>
#include <string.h>

typedef struct {
    GString *all;
    unsigned files, left;
} Files;

static bool file_take(const char *name, const char *text, size_t len, void *data)
{
    Files *f = data;
    g_autofree char *want = g_strdup_printf("p/k%x.js", f->files++);
    g_assert_cmpstr(name, ==, want);
    g_assert_cmpuint(len, ==, strlen(text));
    g_assert_cmpuint(len, <, 16 << 10);
    g_string_append(f->all, text);
    g_string_append_c(f->all, '\n');
    return !f->left || --f->left;
}

static uint32_t key(gunichar first, gunichar second)
{
    return first << 16 | second;
}

static void test_pairs(void)
{
    AjLexicon *l = aj_lexicon_new();
    aj_lexicon_add(l, key(U'受', U'限'), 1, true);
    aj_lexicon_add(l, key(U'限', U'空'), 1, false);
    aj_lexicon_add(l, key(U'受', U'现'), 1, false);
    aj_lexicon_add(l, key(U'重', U'庆'), 9000, false); /* chong and zhong: two places */
    aj_lexicon_add(l, key(U'A', U'限'), 9, true);      /* not read */
    Files f = {.all = g_string_new(NULL)};
    GString *starts = g_string_new(NULL);
    g_assert_true(aj_lexicon_write(l, file_take, &f, starts));
    g_assert_cmpstr(f.all->str, ==, "cq重7庆|sx受2限0现|xk限0空|zq重7庆\n");
    g_assert_cmpstr(starts->str, ==, "cq");
    g_string_free(f.all, TRUE);
    g_string_free(starts, TRUE);
    aj_lexicon_free(l);
}

static void test_table(void)
{
    AjLexicon *l = aj_lexicon_new();
    char letters[AJ_LEXICON_LETTERS];
    g_assert_cmpuint(aj_lexicon_letters(l, U'重', letters), ==, 2);
    g_assert_true(memchr(letters, 'z', 2) && memchr(letters, 'c', 2));
    g_assert_cmpuint(aj_lexicon_letters(l, 'x', letters), ==, 0);
    g_assert_cmpuint(aj_lexicon_letters(l, 0x20000, letters), ==, 0);
    g_assert_true(aj_lexicon_knows(l, U'重'));
    g_assert_false(aj_lexicon_knows(l, U'限'));
    GString *own = g_string_new(NULL), *rest = g_string_new(NULL);
    aj_lexicon_table(l, false, own);
    g_assert_cmpstr(own->str, ==, "chong重;zhong重");
    aj_lexicon_table(l, true, rest);
    g_assert_true(g_str_has_prefix(rest->str, "chong") && strstr(rest->str, ";zhong"));
    g_assert_null(strstr(rest->str, "xian")); /* nothing seen sounds so */
    g_assert_null(strstr(rest->str, "重"));
    g_string_free(own, TRUE);
    g_string_free(rest, TRUE);
    aj_lexicon_free(l);
}

/* Many pairs: several files, each small, in the order of their letters. */
static void test_files(void)
{
    AjLexicon *l = aj_lexicon_new();
    for (uint32_t a = 0x4E00; a < 0x4F00; a++)
        for (uint32_t b = 0x5B00; b < 0x5B40; b++)
            aj_lexicon_add(l, key(a, b), a % 7, false);
    Files f = {.all = g_string_new(NULL)};
    GString *starts = g_string_new(NULL);
    g_assert_true(aj_lexicon_write(l, file_take, &f, starts));
    char **list = g_strsplit(starts->str, " ", -1);
    g_assert_cmpuint(g_strv_length(list), ==, f.files);
    g_assert_cmpuint(f.files, >, 3);
    for (unsigned i = 1; i < f.files; i++)
        g_assert_cmpstr(list[i - 1], <, list[i]);
    g_strfreev(list);
    Files stop = {.all = f.all, .left = 2};
    g_assert_false(aj_lexicon_write(l, file_take, &stop, starts));
    g_assert_cmpuint(stop.files, ==, 2);
    g_string_free(f.all, TRUE);
    g_string_free(starts, TRUE);
    aj_lexicon_free(l);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/index/lexicon/pairs", test_pairs);
    g_test_add_func("/index/lexicon/table", test_table);
    g_test_add_func("/index/lexicon/files", test_files);
    return g_test_run();
}
