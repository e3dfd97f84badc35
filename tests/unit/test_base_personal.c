/* Numbers of persons in every spelling, and what only looks like one.
 * Must not know: who searches, and in what. */
#include "base/personal.h"

#include <glib.h>
#include <string.h>

static AjPersonal find(const char *text)
{
    size_t start = 0, end = 0;
    return aj_personal_find(text, strlen(text), 0, &start, &end);
}

/* 11010519491231002X is the example of the standard itself. */
static void test_identity(void)
{
    static const char *const yes[] = {"11010519491231002X", "编号11010519491231002x。",
                                      "（１１０１０５１９４９１２３１００２Ｘ）",
                                      "<p>11010519491231002X</p>", "a 11010519491231002X."};
    static const char *const no[] = {"110105194912310021",  "11010519491331002X",
                                     "1101051949123100",    "x11010519491231002X",
                                     "11010519491231002X1", "",
                                     "91110105194912310X",  "/11010519491231002X"};
    for (size_t i = 0; i < G_N_ELEMENTS(yes); i++)
        g_assert_cmpint(find(yes[i]), ==, AJ_PERSONAL_ID);
    for (size_t i = 0; i < G_N_ELEMENTS(no); i++)
        g_assert_cmpint(find(no[i]), ==, AJ_PERSONAL_NONE);
}

static void test_phone(void)
{
    static const char *const yes[] = {
        "13800138000",    "电话13800138000，", "138-0013-8000",          "138 0013 8000",
        "+8613800138000", "+86 138 0013 8000", "１３８００１３８０００", "13800138000.",
        "008613800138000"};
    static const char *const no[] = {"12350",
                                     "12345678901",
                                     "1380013800",
                                     "138001380001",
                                     "t20210408_13800138000.html",
                                     "https://a.cn/13800138000.html",
                                     "0913-13800138000",
                                     "138-00138000",
                                     "13800138000abc",
                                     "12800138000",
                                     "&#13800138000;",
                                     "x=13800138000"};
    for (size_t i = 0; i < G_N_ELEMENTS(yes); i++)
        g_assert_cmpint(find(yes[i]), ==, AJ_PERSONAL_PHONE);
    for (size_t i = 0; i < G_N_ELEMENTS(no); i++)
        g_assert_cmpint(find(no[i]), ==, AJ_PERSONAL_NONE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/personal/identity", test_identity);
    g_test_add_func("/base/personal/phone", test_phone);
    return g_test_run();
}
