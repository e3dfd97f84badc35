/* Links: relative addresses, and the resolving of what editors write. */
#include "render/link.h"

static void test_root(void)
{
    static const char *const cases[][2] = {
        {"index.html", ""}, {"a/b.html", "../"}, {"a/b/c.html", "../../"}, {"", ""}};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) out = g_string_new(NULL);
        aj_link_root(cases[i][0], out);
        g_assert_cmpstr(out->str, ==, cases[i][1]);
    }
}

static void test_relative(void)
{
    static const char *const cases[][3] = {
        {"index.html", "cases/tank.html", "cases/tank.html"},
        {"cases/a.html", "cases/b.html", "b.html"},
        {"cases/a.html", "cases/a.html", "a.html"},
        {"cases/a.html", "index.html", "../index.html"},
        {"a/b/c.html", "a/d/e.html", "../d/e.html"},
        {"a/b/c.html", "x/y.html", "../../x/y.html"},
        {"ab/c.html", "a/c.html", "../a/c.html"},
        {"a/c.html", "ab/c.html", "../ab/c.html"},
        {"a/b.html", "a/b/c.html", "b/c.html"},
        {"a/b/c.html", "a/b.html", "../b.html"},
        {"a.html", "案例/罐.html", "%E6%A1%88%E4%BE%8B/%E7%BD%90.html"},
        {"a.html", "b c.html#第 1 节", "b%20c.html#%E7%AC%AC%201%20%E8%8A%82"},
        {"a.html", "a.html#x", "a.html#x"},
        {"a.html", "100%.pdf", "100%25.pdf"},
        {"a.html", "a?b.html", "a%3Fb.html"},
        {"a.html", "javascript:x.html", "javascript%3Ax.html"},
        {"a.html", "\"<>.html", "%22%3C%3E.html"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) out = g_string_new(NULL);
        aj_link_relative(cases[i][0], cases[i][1], out);
        g_assert_cmpstr(out->str, ==, cases[i][2]);
    }
}

static void test_resolve(void)
{
    static const struct {
        const char *source, *target, *path, *suffix;
    } cases[] = {
        {"cases/tank.md", "pit.md", "cases/pit.md", ""},
        {"cases/tank.md", "./pit.md", "cases/pit.md", ""},
        {"cases/tank.md", "../lessons/a.md", "lessons/a.md", ""},
        {"cases/tank.md", "/lessons/a.md", "lessons/a.md", ""},
        {"cases/tank.md", "../index.md#top", "index.md", "#top"},
        {"cases/tank.md", "pit.md?x=1#y", "cases/pit.md", "?x=1#y"},
        {"cases/tank.md", "罐.md", "cases/罐.md", ""},
        {"cases/tank.md", "%E7%BD%90.md", "cases/罐.md", ""},
        {"cases/tank.md", "a%20b.md", "cases/a b.md", ""},
        {"cases/tank.md", "a b.md", "cases/a b.md", ""},
        {"cases/tank.md", "a%3Fb%23.md", "cases/a?b#.md", ""},
        {"cases/tank.md", "100%.md", "cases/100%.md", ""},
        {"cases/tank.md", "100%2.md", "cases/100%2.md", ""},
        {"cases/tank.md", "%2e%2e/index.md", "index.md", ""},
        {"cases/tank.md", "a//b.md", "cases/a/b.md", ""},
        {"cases/tank.md", "a/../b.md", "cases/b.md", ""},
        {"cases/tank.md", "..", "", ""},
        {"cases/tank.md", ".", "cases/", ""},
        {"cases/tank.md", "sub/", "cases/sub/", ""},
        {"cases/tank.md", "/", "", ""},
        {"index.md", "cases/tank.md", "cases/tank.md", ""},
        {"a/b/c.md", "../../d.md", "d.md", ""},
        {"cases/tank.md", "a/b:c.md", "cases/a/b:c.md", ""},
        {"cases/tank.md", "...", "cases/...", ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) path = g_string_new("was");
        const char *suffix = NULL;
        bool escapes = true;
        g_test_message("%s", cases[i].target);
        g_assert_true(aj_link_resolve(cases[i].source, cases[i].target, path, &suffix, &escapes));
        g_assert_false(escapes);
        g_assert_cmpstr(path->str, ==, cases[i].path);
        g_assert_cmpstr(suffix, ==, cases[i].suffix);
    }
}

static void test_heading(void)
{
    static const char *const pairs[][2] = {{"%E9%80%9A%E9%A3%8E", "tong-feng"},
                                           {"通风", "tong-feng"},
                                           {"Air", "air"},
                                           {"rescue", "rescue"}};
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
        g_autofree char *id = aj_link_heading(pairs[i][0]);
        g_assert_cmpstr(id, ==, pairs[i][1]);
    }
}

static void test_outside(void)
{
    static const struct {
        const char *target;
        bool escapes;
    } cases[] = {
        {"", false},
        {"#top", false},
        {"?q=1", false},
        {"https://a.cn/b.md", false},
        {"HTTP://a.cn", false},
        {"mailto:a@b.cn", false},
        {"tel:119", false},
        {"javascript:alert(1)", false},
        {"//host/a.md", false},
        {"../../a.md", true},
        {"../..", true},
        {"/../a.md", true},
        {"%2e%2e/%2E%2E/a.md", true},
        {"a/../../../b.md", true},
        {"..%2f..%2fa.md", true},
        {"a%5cb.md", true},
        {"a%00.md", true},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) path = g_string_new(NULL);
        const char *suffix = NULL;
        bool escapes = false;
        g_test_message("%s", cases[i].target);
        g_assert_false(aj_link_resolve("cases/tank.md", cases[i].target, path, &suffix, &escapes));
        g_assert_cmpint(escapes, ==, cases[i].escapes);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/render/link/root", test_root);
    g_test_add_func("/render/link/relative", test_relative);
    g_test_add_func("/render/link/resolve", test_resolve);
    g_test_add_func("/render/link/heading", test_heading);
    g_test_add_func("/render/link/outside", test_outside);
    return g_test_run();
}
