/* The rules, each on a page that breaks it and on one that does not.
 * Must not know: files. */
#include "check/lint.h"

#include <string.h>
#include <time.h>

static AjArena *arena;
static AjDiags *diags;

static AjPage page_new(AjKind kind, const char *source, const char *title)
{
    return (AjPage){.kind = kind,
                    .source = source,
                    .address = source,
                    .title = title,
                    .summary = "摘要",
                    .blob = "",
                    .body = "",
                    .meta = aj_value_map(arena)};
}

static void run(const AjPage *pages, uint32_t count, int64_t now)
{
    AjConfig config = {.now = now, .asset_limit = 1024};
    AjSite site = {.config = &config, .pages = pages, .page_count = count};
    aj_diags_clear(diags);
    aj_lint_run(&site, diags);
}

static void check_one(const AjPage *page, const char *code, uint32_t line)
{
    run(page, 1, 0);
    g_assert_cmpuint(aj_diags_total(diags), ==, code ? 1 : 0);
    if (!code)
        return;
    const AjDiag *d = aj_diags_at(diags, 0);
    g_test_message("%s: %s (%s)", d->code, d->message, d->hint);
    g_assert_cmpstr(d->code, ==, code);
    g_assert_cmpuint(d->pos.line, ==, line);
    g_assert_cmpstr(d->pos.path, ==, page->source);
    g_assert_nonnull(d->hint);
}

static void check_text(const char *text, const char *code, uint32_t line, uint32_t column)
{
    aj_diags_clear(diags);
    aj_lint_text("a.md", text, strlen(text), diags);
    g_assert_cmpuint(aj_diags_total(diags), ==, code ? 1 : 0);
    if (!code)
        return;
    const AjDiag *d = aj_diags_at(diags, 0);
    g_assert_cmpstr(d->code, ==, code);
    g_assert_cmpstr(d->pos.path, ==, "a.md");
    g_assert_cmpuint(d->pos.line, ==, line);
    g_assert_cmpuint(d->pos.column, ==, column);
}

static void test_text(void)
{
    check_text("", NULL, 0, 0);
    check_text("13800138000", "personal-phone", 1, 1);
    g_assert_null(strstr(aj_diags_at(diags, 0)->message, "13800138000"));
    check_text("---\r\ntitle: x\r\n---\r\n电话 13800138000\r\n", "personal-phone", 4, 8);
    check_text("---\nlessons:\n  - 张某 11010519491231002X\n---\n", "personal-id", 3, 12);
    check_text("值班 0913-12350，举报 12350，火警 119\n", NULL, 0, 0);
    check_text("一\n（待填写）\n（待填写）\n", "unfinished", 2, 1);
    aj_diags_clear(diags);
    aj_lint_text("a.md", "13800138000\n13900139000", strlen("13800138000\n1390013900"), diags);
    g_assert_cmpuint(aj_diags_total(diags), ==, 1); /* the second is cut */
    const char *two = "13800138000、13900139000\n11010519491231002X";
    aj_diags_clear(diags);
    aj_lint_text("a.md", two, strlen(two), diags);
    g_assert_cmpuint(aj_diags_total(diags), ==, 3);
}

/* Long runs of what could begin a number cost no more than their length. */
static void test_linear(void)
{
    static const char *const units[] = {"1", "+86", "１", "138-", "+", "13800138000，"};
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        g_autoptr(GString) s = g_string_new(NULL);
        while (s->len < 1000000)
            g_string_append(s, units[i]);
        clock_t start = clock(); /* CPU time: others may be at work on this machine */
        aj_diags_clear(diags);
        aj_lint_text("a.md", s->str, s->len, diags);
        g_assert_cmpint(clock() - start, <, 2 * CLOCKS_PER_SEC);
        g_assert_cmpuint(aj_diags_total(diags), ==, i == G_N_ELEMENTS(units) - 1 ? 20 : 0);
    }
}

static void test_images(void)
{
    AjPage page = page_new(AJ_KIND_PAGE, "a.md", "甲");
    AjValue *links = aj_value_list(arena), *link = aj_value_map(arena);
    aj_value_set_string(arena, link, "target", "p.png");
    aj_value_set_int(arena, link, "line", 4);
    aj_value_set_bool(arena, link, "image", true);
    aj_value_set_string(arena, link, "alt", " ");
    aj_value_push(arena, links, link);
    page.links = links;
    check_one(&page, "image-alt", 4);
    aj_value_set_string(arena, link, "alt", "储罐");
    check_one(&page, NULL, 0);
    aj_value_set_string(arena, link, "alt", "");
    aj_value_set_bool(arena, link, "image", false);
    check_one(&page, NULL, 0);
}

static void test_cases(void)
{
    AjPage page = page_new(AJ_KIND_CASE, "cases/a.md", "甲");
    check_one(&page, "case-lessons", 1);
    AjValue *headings = aj_value_list(arena), *heading = aj_value_map(arena);
    aj_value_set_string(arena, heading, "text", "事故教训");
    aj_value_push(arena, headings, heading);
    page.headings = headings;
    check_one(&page, NULL, 0);
    page.summary = "";
    check_one(&page, "summary-missing", 1);
    page.is_index = true;
    check_one(&page, NULL, 0);
    page = page_new(AJ_KIND_MODEL, "models/a.md", "甲");
    check_one(&page, "model-sources", 1);
    page.meta = NULL; /* a view without front matter */
    check_one(&page, NULL, 0);
    page = page_new(AJ_KIND_CASE, "cases/a.md", "甲");
    page.meta = NULL;
    check_one(&page, NULL, 0);
}

static void test_review(void)
{
    AjPage page = page_new(AJ_KIND_PAGE, "a.md", "甲");
    AjValue *meta = aj_value_map(arena), *date = aj_value_string(arena, "2026-11-20");
    date->line = 3;
    aj_value_set(arena, meta, "review", date);
    page.meta = meta;
    run(&page, 1, 0);
    g_assert_cmpuint(aj_diags_total(diags), ==, 0);
    run(&page, 1, 1795132800 + 86399); /* the last second of 2026-11-20, UTC */
    g_assert_cmpuint(aj_diags_total(diags), ==, 0);
    run(&page, 1, 1795132800 + 86400);
    g_assert_cmpuint(aj_diags_total(diags), ==, 1);
    g_assert_cmpstr(aj_diags_at(diags, 0)->code, ==, "review-due");
    g_assert_cmpuint(aj_diags_at(diags, 0)->pos.line, ==, 3);
}

static void test_titles(void)
{
    AjPage pages[3] = {page_new(AJ_KIND_PAGE, "a/x.md", "甲"),
                       page_new(AJ_KIND_PAGE, "a/y.md", "甲"),
                       page_new(AJ_KIND_PAGE, "b/x.md", "甲")};
    run(pages, 3, 0);
    g_assert_cmpuint(aj_diags_total(diags), ==, 1);
    g_assert_cmpstr(aj_diags_at(diags, 0)->code, ==, "title-twice");
    g_assert_cmpstr(aj_diags_at(diags, 0)->pos.path, ==, "a/y.md");
    g_assert_nonnull(strstr(aj_diags_at(diags, 0)->hint, "a/x.md"));
}

static void test_table(void)
{
    uint32_t count = 0;
    for (const AjLintRule *rule; (rule = aj_lint_rule(count)); count++) {
        g_assert_true(rule->code[0] && rule->zh[0] && rule->en[0]);
        for (uint32_t i = 0; i < count; i++)
            g_assert_cmpstr(aj_lint_rule(i)->code, !=, rule->code);
    }
    g_assert_cmpuint(count, >=, 9);
    run(NULL, 0, 0);
    g_assert_cmpuint(aj_diags_total(diags), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    arena = aj_arena_new(64 * 1024);
    diags = aj_diags_new();
    g_test_add_func("/check/lint/text", test_text);
    g_test_add_func("/check/lint/linear", test_linear);
    g_test_add_func("/check/lint/images", test_images);
    g_test_add_func("/check/lint/cases", test_cases);
    g_test_add_func("/check/lint/review", test_review);
    g_test_add_func("/check/lint/titles", test_titles);
    g_test_add_func("/check/lint/table", test_table);
    int status = g_test_run();
    aj_diags_free(diags);
    aj_arena_free(arena);
    return status;
}
