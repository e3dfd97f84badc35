/* test_bundle_feedback - what a script says of options, back beside them. */
#include "bundle/feedback.h"

#include <glib.h>
#include <string.h>

#define OPTION(text) "<li><label><input type=\"radio\" name=\"q\"><b>k</b>" text "</label></li>"
static const char page[] =
    "<meta name=\"anjian:later\" content=\"../a.css q.12ab.questions.js ../b.js\">"
    "<fieldset class=\"question q-single\" id=\"question-1\"><ul>" OPTION("x")
        OPTION("y") "</ul>"
                    "</fieldset><p>" OPTION(
                        "z") "</p>"
                             "<fieldset class=\"question q-fill\" id=\"question-2\"></fieldset>end";

static void test_script(void)
{
    AjArena *a = aj_arena_new(4096);
    g_assert_cmpstr(aj_feedback_script(a, page, strlen(page)), ==, "q.12ab.questions.js");
    g_assert_null(aj_feedback_script(a, page, 40));
    g_assert_null(aj_feedback_script(a, "", 0));
    aj_arena_free(a);
}

static void test_lay(void)
{
    AjArena *a = aj_arena_new(4096);
    const char *script = "x=[\n{\"feedback\":{\"B\":\"no<\\/p>\"}},\n{\"id\":\"2\"}\n];\n";
    const char *laid = aj_feedback_lay(a, page, strlen(page), script, strlen(script));
    const char *added = "<div class=\"q-feedback\" hidden>no</p></div>";
    const char *at = strstr(laid, added);
    g_assert_nonnull(at);
    g_assert_true(g_str_has_prefix(at + strlen(added), "</li></ul></fieldset>"));
    g_assert_null(strstr(at + 1, added));
    g_assert_cmpuint(strlen(laid), ==, strlen(page) + strlen(added));
    aj_arena_free(a);
}

/* Scripts that no build wrote, and any beginning of one. */
static void test_broken(void)
{
    AjArena *a = aj_arena_new(4096);
    const char *scripts[] = {
        "",   "[", "]",   "][", "[]", "{}", "[1,{\"feedback\":3}]", "[{\"feedback\":{}}]",
        "[[", "x", "[{}]"};
    for (size_t i = 0; i < G_N_ELEMENTS(scripts); i++)
        g_assert_null(aj_feedback_lay(a, page, strlen(page), scripts[i], strlen(scripts[i])));
    const char *script = "[{\"feedback\":{\"A\":\"no\"}}]";
    for (size_t len = 0; len < strlen(page); len++)
        aj_feedback_lay(a, page, len, script, strlen(script));
    aj_arena_free(a);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bundle/feedback/script", test_script);
    g_test_add_func("/bundle/feedback/lay", test_lay);
    g_test_add_func("/bundle/feedback/broken", test_broken);
    return g_test_run();
}
