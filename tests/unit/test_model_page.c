/* Kinds, addresses, and the view on a record.
 * Must not know: how records are made. */
#include "model/page.h"

#include <string.h>

static void check_address(const char *source, const char *slug, const char *address)
{
    g_autofree char *got = aj_page_address(source, slug);
    g_assert_cmpstr(got, ==, address);
}

static void test_kinds(void)
{
    static const char *const names[] = {"case", "model", "lesson", "course", "quiz", "page"};
    static const char *const zh[] = {"案例", "标兵", "党课", "课程", "测验", "页面"};
    for (unsigned i = 0; i < AJ_KINDS; i++) {
        AjKind kind = AJ_KINDS;
        g_assert_cmpstr(aj_kind_name((AjKind)i), ==, names[i]);
        g_assert_cmpstr(aj_kind_zh((AjKind)i), ==, zh[i]);
        g_assert_true(aj_kind_find(names[i], &kind) && kind == (AjKind)i);
        g_assert_true(aj_kind_find(zh[i], &kind) && kind == (AjKind)i);
        g_assert_true(aj_kind_find(aj_kind_folder((AjKind)i), &kind) && kind == (AjKind)i);
    }
    AjKind kind = AJ_KINDS;
    g_assert_false(aj_kind_find("", &kind));
    g_assert_false(aj_kind_find("Case", &kind));
}

static void test_kind_of_path(void)
{
    g_assert_cmpint(aj_kind_of_path("cases/tank.md"), ==, AJ_KIND_CASE);
    g_assert_cmpint(aj_kind_of_path("quizzes/a/b.md"), ==, AJ_KIND_QUIZ);
    g_assert_cmpint(aj_kind_of_path("cases.md"), ==, AJ_KIND_PAGE);
    g_assert_cmpint(aj_kind_of_path("x/cases/a.md"), ==, AJ_KIND_PAGE);
    g_assert_cmpint(aj_kind_of_path("case/a.md"), ==, AJ_KIND_PAGE);
    g_assert_cmpint(aj_kind_of_path("/a.md"), ==, AJ_KIND_PAGE);
    g_assert_cmpint(aj_kind_of_path(""), ==, AJ_KIND_PAGE);
}

static void test_index(void)
{
    static const char *const yes[] = {"index.md", "README.md", "a/readme.markdown", "a/b/INDEX.MD"};
    static const char *const no[] = {"index",      "a/index",     "indexes.md", "a/readme.md.md",
                                     "index/a.md", "my-index.md", "README",     ""};
    for (size_t i = 0; i < G_N_ELEMENTS(yes); i++)
        g_assert_true(aj_page_is_index(yes[i]));
    for (size_t i = 0; i < G_N_ELEMENTS(no); i++)
        g_assert_false(aj_page_is_index(no[i]));
}

static void test_address_kept(void)
{
    check_address("tank.md", NULL, "tank.html");
    check_address("cases/Tank_v1.2-a.md", NULL, "cases/Tank_v1.2-a.html");
    check_address("a/b/c.markdown", NULL, "a/b/c.html");
    check_address("a.MD", NULL, "a.html");
    check_address("a.md.md", NULL, "a.md.html");
}

static void test_address_index(void)
{
    check_address("index.md", NULL, "index.html");
    check_address("README.md", NULL, "index.html");
    check_address("cases/readme.md", NULL, "cases/index.html");
    check_address("cases/index.md", "other", "cases/index.html");
}

static void test_address_slug(void)
{
    check_address("cases/储罐.md", "tank", "cases/tank.html");
    check_address("tank.md", "", "tank.html");
    check_address("a.md", "v1.2", "v1.2.html");
}

static void test_address_pinyin(void)
{
    check_address("cases/储罐.md", NULL, "cases/chu-guan.html");
    check_address("案例/有限空间/储罐.md", NULL, "an-li/you-xian-kong-jian/chu-guan.html");
    check_address("cases/a.md", "有限空间", "cases/you-xian-kong-jian.html");
    check_address("a b/c.md", NULL, "a-b/c.html");
    g_autofree char *odd = aj_page_address("cases/🦺.md", NULL);
    g_assert_true(g_str_has_prefix(odd, "cases/") && g_str_has_suffix(odd, ".html"));
    g_assert_cmpuint(strlen(odd), >, strlen("cases/.html"));
    for (const char *p = odd; *p; p++)
        g_assert_cmpint((unsigned char)*p, <, 0x80);
}

static AjValue *record_new(AjArena *a)
{
    AjValue *r = aj_value_map(a);
    aj_value_set_string(a, r, "address", "cases/tank.html");
    aj_value_set_int(a, r, "kind", AJ_KIND_CASE);
    aj_value_set_string(a, r, "title", "储罐");
    aj_value_set_string(a, r, "body", "<p>\x01L0\x01</p>");
    return r;
}

static void test_view_small(void)
{
    AjArena *a = aj_arena_new(4096);
    AjPage page;
    g_assert_true(aj_page_view(record_new(a), &page));
    g_assert_cmpstr(page.address, ==, "cases/tank.html");
    g_assert_cmpint(page.kind, ==, AJ_KIND_CASE);
    g_assert_cmpuint(page.body_len, ==, strlen("<p>\x01L0\x01</p>"));
    g_assert_cmpstr(page.summary, ==, "");
    g_assert_cmpstr(page.blob, ==, "");
    g_assert_null(page.source);
    g_assert_null(page.date);
    g_assert_null(page.meta);
    g_assert_null(page.quiz);
    g_assert_cmpint(page.weight, ==, 0);
    g_assert_false(page.draft || page.failed || page.is_index);
    aj_arena_free(a);
}

static void test_view_whole(void)
{
    AjArena *a = aj_arena_new(4096);
    AjValue *r = record_new(a);
    aj_value_set_string(a, r, "source", "cases/tank.md");
    aj_value_set_string(a, r, "summary", "摘要");
    aj_value_set_string(a, r, "date", "2026-11-20");
    aj_value_set_string(a, r, "blob", "0123456789012345678901234567890123456789");
    aj_value_set_string(a, r, "terms", "t");
    aj_value_set_int(a, r, "weight", -2);
    aj_value_set_bool(a, r, "draft", true);
    aj_value_set_bool(a, r, "failed", true);
    aj_value_set_bool(a, r, "is_index", true);
    aj_value_set(a, r, "meta", aj_value_map(a));
    aj_value_set(a, r, "quiz", aj_value_null(a));
    aj_value_set(a, r, "headings", aj_value_list(a));
    aj_value_set(a, r, "links", aj_value_list(a));
    aj_value_set_int(a, r, "more", 1);
    g_autoptr(GString) packed = g_string_new(NULL);
    aj_value_pack(r, packed);
    AjPage page;
    g_assert_true(aj_page_view(aj_value_unpack(a, packed->str, packed->len, NULL), &page));
    g_assert_cmpstr(page.source, ==, "cases/tank.md");
    g_assert_cmpstr(page.date, ==, "2026-11-20");
    g_assert_cmpint(page.weight, ==, -2);
    g_assert_true(page.draft && page.failed && page.is_index);
    g_assert_nonnull(page.meta);
    g_assert_null(page.quiz);
    g_assert_nonnull(page.headings);
    g_assert_nonnull(page.links);
    g_assert_cmpstr(page.terms->s, ==, "t");
    aj_arena_free(a);
}

static void test_view_broken(void)
{
    static const char *const keys[] = {"address", "kind", "title"};
    AjArena *a = aj_arena_new(4096);
    AjPage page;
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        AjValue *r = record_new(a);
        aj_value_set(a, r, keys[i], aj_value_null(a));
        g_assert_false(aj_page_view(r, &page));
        aj_value_set(a, r, keys[i], aj_value_list(a));
        g_assert_false(aj_page_view(r, &page));
    }
    AjValue *r = record_new(a);
    aj_value_set_int(a, r, "kind", AJ_KINDS);
    g_assert_false(aj_page_view(r, &page));
    r = record_new(a);
    aj_value_set_string(a, r, "meta", "x");
    g_assert_false(aj_page_view(r, &page));
    g_assert_false(aj_page_view(NULL, &page));
    g_assert_false(aj_page_view(aj_value_list(a), &page));
    aj_arena_free(a);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/model/page/kinds", test_kinds);
    g_test_add_func("/model/page/kind-of-path", test_kind_of_path);
    g_test_add_func("/model/page/index", test_index);
    g_test_add_func("/model/page/address-kept", test_address_kept);
    g_test_add_func("/model/page/address-index", test_address_index);
    g_test_add_func("/model/page/address-slug", test_address_slug);
    g_test_add_func("/model/page/address-pinyin", test_address_pinyin);
    g_test_add_func("/model/page/view-small", test_view_small);
    g_test_add_func("/model/page/view-whole", test_view_whole);
    g_test_add_func("/model/page/view-broken", test_view_broken);
    return g_test_run();
}
