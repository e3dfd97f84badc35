/* test_driver_weight - a page weighs its HTML with what its head links; what it only names, later.
 */
#include "driver/weight.h"

#include <string.h>

static void test_of(void)
{
    static const AjThemeFile files[] = {{"style.css", "assets/style.1.css", NULL, 5000},
                                        {"site.js", "assets/site.1.js", NULL, 3000},
                                        {"icon.svg", "assets/icon.1.svg", NULL, 90000},
                                        {"play.js", "assets/play.1.js", NULL, 700},
                                        {"play.css", "assets/play.1.css", NULL, 60},
                                        {"found.js", "assets/found.1.js", NULL, 8},
                                        {"other.js", "assets/other.1.js", NULL, 90000}};
    AjTheme theme = {.files = files, .file_count = G_N_ELEMENTS(files)};
    const char *html = "<link href=\"../assets/style.1.css\"><script src=\"assets/site.1.js\">"
                       "<link href=\"assets/icon.1.svg\"><meta content=\"../assets/play.1.css "
                       "../assets/play.1.js ../assets/style.1.css edition.js\"></head>\n"
                       "<body data-found=\"../assets/found.1.js\"><p data-x=\"assets/other.1.js\">";
    AjWeight weight = aj_weight_of(&theme, html, strlen(html));
    g_assert_cmpuint(weight.first, ==, strlen(html) + 8000);
    g_assert_cmpuint(weight.later, ==, 768 + 192);
    weight = aj_weight_of(&theme, "<p>no head", 10);
    g_assert_cmpuint(weight.first + weight.later, ==, 0);
}

static void test_over(void)
{
    g_assert_false(aj_weight_is_over((AjWeight){100, 100}, 100));
    g_assert_true(aj_weight_is_over((AjWeight){101, 0}, 100));
    g_assert_true(aj_weight_is_over((AjWeight){0, 101}, 100));
    g_assert_false(aj_weight_is_over((AjWeight){101, 101}, 0));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/driver/weight/of", test_of);
    g_test_add_func("/driver/weight/over", test_over);
    return g_test_run();
}
