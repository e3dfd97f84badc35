/* test_model_hazard - the sign of a hazard follows from the words of its name. */
#include "model/hazard.h"

#include <glib.h>

static void test_words(void)
{
    static const char *const want[][2] = {
        {"受限空间", "confined"},    {"有限空间作业", "confined"},
        {"粉尘爆炸", "dust"},        {"爆炸", "explosion"},
        {"铝镁粉尘", "dust"},        {"硫化氢中毒", "toxic"},
        {"高处坠落", "fall"},        {"机械伤害", "machine"},
        {"触电", "shock"},           {"危险化学品", "hazmat"},
        {"起重伤害", "lifting"},     {"物体打击", "object"},
        {"没有听说过的", "general"}, {"", "general"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(want); i++)
        g_assert_cmpstr(aj_hazard_sign(want[i][0]), ==, want[i][1]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/model/hazard/words", test_words);
    return g_test_run();
}
