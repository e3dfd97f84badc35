/* Vectors of normalisation, the same ones that the browser's side is held to. */
#include "base/json.h"
#include "index/segment.h"

#include <glib.h>
#include <string.h>

static void test_vectors(void)
{
    g_autofree char *text = NULL;
    gsize len;
    g_assert_true(g_file_get_contents("tests/data/normalise.json", &text, &len, NULL));
    AjArena *a = aj_arena_new(4096);
    const AjValue *list = aj_json_parse(a, text, len, NULL);
    g_assert_cmpuint(aj_value_len(list), >, 10);
    for (uint32_t i = 0; i < aj_value_len(list); i++) {
        const AjValue *in = aj_value_at(aj_value_at(list, i), 0);
        const AjValue *want = aj_value_at(aj_value_at(list, i), 1);
        g_autofree char *got = aj_segment_normalise(in->s, in->len);
        g_assert_cmpstr(got, ==, want->s);
    }
    aj_arena_free(a);
}

static void test_hostile(void)
{
    g_autofree char *cut = aj_segment_normalise("\xE5\xAE", 2);
    g_assert_true(g_utf8_validate(cut, -1, NULL));
    GString *marks = g_string_new("a");
    for (int i = 0; i < 100000; i++)
        g_string_append(marks, "\xCC\x81");
    g_autofree char *folded = aj_segment_normalise(marks->str, marks->len);
    g_assert_cmpstr(folded, ==, "á");
    g_string_free(marks, TRUE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/index/fold/vectors", test_vectors);
    g_test_add_func("/index/fold/hostile", test_hostile);
    return g_test_run();
}
