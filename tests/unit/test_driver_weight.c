/* test_driver_weight - a page weighs its HTML and the styles and scripts that its head names. */
#include "driver/weight.h"

#include <string.h>

static void test_over(void)
{
    static const AjThemeFile files[] = {{"style.css", "assets/style.1.css", NULL, 5000},
                                        {"site.js", "assets/site.1.js", NULL, 3000},
                                        {"icon.svg", "assets/icon.1.svg", NULL, 90000},
                                        {"other.js", "assets/other.1.js", NULL, 90000}};
    AjTheme theme = {.files = files, .file_count = G_N_ELEMENTS(files)};
    const char *html = "<link href=\"../assets/style.1.css\"><script src=\"assets/site.1.js\">"
                       "<link href=\"assets/icon.1.svg\"></head><p data-x=\"assets/other.1.js\">";
    size_t len = strlen(html);
    uint32_t weight = (uint32_t)len + 8000;
    g_assert_cmpuint(aj_weight_over(&theme, weight, html, len, 0), ==, 0);
    g_assert_cmpuint(aj_weight_over(&theme, weight - 1, html, len, 0), ==, weight);
    g_assert_cmpuint(aj_weight_over(&theme, weight - 1, html, len, 1), ==, 0);
    g_assert_cmpuint(aj_weight_over(&theme, 0, html, len, 0), ==, 0);
    g_assert_cmpuint(aj_weight_over(&theme, 1, "<p>no head", 10, 0), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/driver/weight/over", test_over);
    return g_test_run();
}
