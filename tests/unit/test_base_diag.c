/* test_base_diag - what an editor reads, to the byte.
 *
 * Must not know: any stage. */
#include "base/diag.h"
#include "base/json.h"

#include <string.h>

static AjDiags *sample(void)
{
    AjDiags *d = aj_diags_new();
    aj_diag(d, AJ_ERROR, (AjPos){"cases/b.md", 12, 3}, "dead-link", "改成已有的页面",
            "没有这一页：%s", "x.md");
    aj_diag(d, AJ_WARNING, (AjPos){"cases/b.md", 2, 0}, "no-summary", NULL, "没有摘要");
    aj_diag(d, AJ_ERROR, (AjPos){"cases/a.md", 0, 0}, "not-utf8", NULL, "不是 UTF-8");
    aj_diag(d, AJ_WARNING, (AjPos){"cases/b.md", 2, 0}, "no-summary", NULL, "没有摘要");
    aj_diag(d, AJ_ERROR, (AjPos){NULL, 0, 0}, "site", NULL, "一\n二\033[31m\xff");
    return d;
}

static const char *const text = "错误: 一 二 [31m\xef\xbf\xbd [site]\n"
                                "cases/a.md: 错误: 不是 UTF-8 [not-utf8]\n"
                                "cases/b.md:2: 警告: 没有摘要 [no-summary]\n"
                                "cases/b.md:12:3: 错误: 没有这一页：x.md [dead-link]\n"
                                "  → 改成已有的页面\n";

static void test_text(void)
{
    g_autoptr(AjDiags) d = sample();
    g_autoptr(GString) out = g_string_new(NULL);
    g_assert_cmpuint(aj_diags_count(d, AJ_WARNING), ==, 2);
    aj_diags_sort(d);
    g_assert_cmpuint(aj_diags_count(d, AJ_WARNING), ==, 1);
    g_assert_cmpuint(aj_diags_count(d, AJ_ERROR), ==, 3);
    g_assert_cmpuint(aj_diags_total(d), ==, 4);
    aj_diags_print_text(d, false, out);
    g_assert_cmpstr(out->str, ==, text);
    aj_diags_clear(d);
    aj_diags_sort(d);
    g_string_truncate(out, 0);
    aj_diags_print_text(d, true, out);
    aj_diags_print_json(d, out);
    g_assert_cmpstr(out->str, ==, "[]\n");
}

static void test_hand_off(void)
{
    g_autoptr(AjDiags) d = sample(), back = aj_diags_new();
    AjArena *a = aj_arena_new(512);
    aj_diags_add_value(back, aj_diags_to_value(d, a));
    aj_diags_add_value(back, NULL);
    aj_diags_sort(back);
    g_autoptr(GString) out = g_string_new(NULL);
    aj_diags_print_text(back, false, out);
    g_assert_cmpstr(out->str, ==, text);
    aj_arena_free(a);
}

static void test_machines(void)
{
    g_autoptr(AjDiags) d = sample();
    AjArena *a = aj_arena_new(512);
    g_autoptr(GString) out = g_string_new(NULL);
    aj_diags_sort(d);
    aj_diags_print_json(d, out);
    AjValue *v = aj_json_parse(a, out->str, out->len, NULL);
    g_assert_cmpuint(aj_value_len(v), ==, 4);
    const AjValue *last = aj_value_at(v, 3);
    g_assert_cmpstr(last->entries[0].key, ==, "path");
    g_assert_cmpint(aj_value_get_int(last, "column", 0), ==, 3);
    g_assert_cmpstr(aj_value_get_string(last, "level", ""), ==, "error");
    g_assert_cmpstr(aj_value_get_string(last, "hint", ""), ==, "改成已有的页面");
    g_assert_cmpint(aj_value_get(aj_value_at(v, 0), "path")->type, ==, AJ_VALUE_NULL);
    g_string_truncate(out, 0);
    aj_diags_print_sarif(d, out);
    v = aj_json_parse(a, out->str, out->len, NULL);
    g_assert_cmpstr(aj_value_get_string(v, "version", ""), ==, "2.1.0");
    const AjValue *run = aj_value_at(aj_value_get(v, "runs"), 0);
    g_assert_cmpuint(aj_value_len(aj_value_get(run, "results")), ==, 4);
    aj_arena_free(a);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/diag/text", test_text);
    g_test_add_func("/base/diag/hand-off", test_hand_off);
    g_test_add_func("/base/diag/machines", test_machines);
    return g_test_run();
}
