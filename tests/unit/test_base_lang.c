/* test_base_lang - which environment speaks which language.
 *
 * Must not know: any message. */
#include "base/lang.h"

#include <glib.h>

static void expect(const char *all, const char *messages, const char *lang, const char *wish,
                   bool english)
{
    const char *names[] = {"LC_ALL", "LC_MESSAGES", "LANG", "ANJIAN_LANG"};
    const char *values[] = {all, messages, lang, wish};
    for (size_t i = 0; i < 4; i++) {
        if (values[i])
            g_setenv(names[i], values[i], TRUE);
        else
            g_unsetenv(names[i]);
    }
    aj_lang_init();
    g_assert_cmpint(aj_lang_english(), ==, english);
    g_assert_cmpstr(AJ_TR("安", "safe"), ==, english ? "safe" : "安");
}

static void test_environment(void)
{
    expect(NULL, NULL, NULL, NULL, false);
    expect(NULL, NULL, "en_US.UTF-8", NULL, true);
    expect("zh_CN.UTF-8", NULL, "en_US.UTF-8", NULL, false);
    expect("", "en_GB", "zh_CN", NULL, true);
    expect(NULL, NULL, "C.UTF-8", NULL, false);
    expect("C", NULL, "en_US.UTF-8", NULL, false);
    expect(NULL, NULL, "C.UTF-8", "en", true);
    expect(NULL, NULL, NULL, "en", true);
    expect(NULL, NULL, "zh_CN.UTF-8", "en", false);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/lang/environment", test_environment);
    return g_test_run();
}
