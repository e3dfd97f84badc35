/* Scripts squeezed: what must go, what must stay. */
#include "index/squeeze.h"

#include <glib.h>
#include <string.h>

static void check(const char *js, const char *want)
{
    GString *out = g_string_new(NULL);
    aj_squeeze_script(js, strlen(js), out);
    g_assert_cmpstr(out->str, ==, want);
    g_string_free(out, TRUE);
}

static void test_blanks(void)
{
    check("", "\n");
    check("/* a */ var x = 1; // b\r\nreturn x ;", "var x=1;return x;\n");
    check("a = b + +c; d = e - -f; g = h + -i;", "a=b+ +c;d=e- -f;g=h+-i;\n");
    check("/* not closed", "\n");
    check("'not closed", "'not closed\n");
}

static void test_strings(void)
{
    check("s = ' // \\' /* ' + \"\\\"  x\";", "s=' // \\' /* '+\"\\\"  x\";\n");
    check("r = / [/ ] \\/ /gi.test( x ) ; y = a / b / c;", "r=/ [/ ] \\/ /gi.test(x);y=a/b/c;\n");
    check("return /a/ ;", "return/a/;\n");
    check("s = '\xE5\xAE\x89 \xE5\x85\xA8';", "s='\xE5\xAE\x89 \xE5\x85\xA8';\n");
}

static void test_names(void)
{
    /* Top-level names, properties, keys and globals keep their names. */
    check("var Top = (function (first) { var second = first.second, third = { second: second };"
          " return third; })();",
          "var Top=(function(a){var b=a.second,c={second:b};return c})();\n");
    /* A short name never hides a global. */
    check("(function () { var long = a; return long; })();", "(function(){var b=a;return b})();\n");
    check("(function () { for (var key in list) { use(key ? key : 1); } })();",
          "(function(){for(var a in list){use(a?a:1)}})();\n");
    check("(function () { try { x(); } catch (problem) { y(problem); } })();",
          "(function(){try{x()}catch(a){y(a)}})();\n");
}

static void test_styles(void)
{
    static const char *const want[][2] = {
        {"/* a */ .a , .b > c {\n  color : red;\n  margin: 0 -1px;\n}\n",
         ".a,.b>c{color :red;margin:0 -1px}"},
        {"@media (min-width: 64em) and (x) { .p :not(q) { width: calc(1px + 2px); } }",
         "@media (min-width:64em) and (x){.p :not(q){width:calc(1px + 2px)}}"},
        {"a ~ b + c { d: e !important; f: calc(1px + 2px) } p + q {}",
         "a~b+c{d:e!important;f:calc(1px + 2px)}p+q{}"},
        {"i { content: \"/* ; \\\" { \"; }", "i{content:\"/* ; \\\" { \"}"},
        {"a { b: url( 'x  y' ) } /* open", "a{b:url( 'x  y' )}"},
        {"", ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(want); i++) {
        g_autoptr(GString) out = g_string_new(NULL);
        aj_squeeze_style(want[i][0], strlen(want[i][0]), out);
        g_assert_cmpstr(out->str, ==, want[i][1]);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/index/squeeze/blanks", test_blanks);
    g_test_add_func("/index/squeeze/strings", test_strings);
    g_test_add_func("/index/squeeze/names", test_names);
    g_test_add_func("/index/squeeze/styles", test_styles);
    return g_test_run();
}
