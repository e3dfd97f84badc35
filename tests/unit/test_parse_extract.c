/* Headings, sections, title, summary and counts of a page. */
#include "parse/extract.h"
#include "parse/markdown.h"

#include <string.h>

static AjArena *arena;

static AjExtract extract(const char *text)
{
    g_autoptr(AjDiags) diags = aj_diags_new();
    AjMarkdownOptions options = {.path = "x.md", .first_line = 5, .extensions = true};
    AjExtract out;
    AjTree *tree = aj_markdown_parse(arena, text, strlen(text), &options, diags);
    g_assert_nonnull(tree);
    aj_extract(arena, tree, &out);
    return out;
}

static const char *text_of(const AjValue *list, uint32_t i, const char *key)
{
    return aj_value_get_string(aj_value_at(list, i), key, NULL);
}

static void test_empty(void)
{
    AjExtract e = extract("");
    g_assert_null(e.title);
    g_assert_cmpstr(e.summary, ==, "");
    g_assert_cmpuint(aj_value_len(e.headings) + aj_value_len(e.sections), ==, 0);
    g_assert_cmpuint(e.han + e.words, ==, 0);
}

static void test_sections(void)
{
    AjExtract e = extract("前言\n\n# 题 *目*\n\n第一\n段。\n\n- 甲\n- 乙\n\n"
                          "| a | b |\n|---|---|\n| c | d |\n\n## Two\n\n```\ncode\n```\n\n# 三\n");
    g_assert_cmpstr(e.title, ==, "题 目");
    g_assert_cmpstr(e.summary, ==, "前言");
    g_assert_cmpuint(aj_value_len(e.headings), ==, 3);
    g_assert_cmpstr(text_of(e.headings, 1, "id"), ==, "two");
    g_assert_cmpint(aj_value_get_int(aj_value_at(e.headings, 0), "line", 0), ==, 7);
    g_assert_cmpint(aj_value_get_int(aj_value_at(e.headings, 1), "level", 0), ==, 2);
    g_assert_cmpint(aj_value_get_int(aj_value_at(e.headings, 1), "line", 0), ==, 19);
    g_assert_cmpuint(aj_value_len(e.sections), ==, 4);
    g_assert_cmpstr(text_of(e.sections, 0, "id"), ==, "");
    g_assert_cmpstr(text_of(e.sections, 0, "text"), ==, "前言");
    g_assert_cmpstr(text_of(e.sections, 1, "title"), ==, "题 目");
    g_assert_cmpstr(text_of(e.sections, 1, "text"), ==, "第一段。\n甲\n乙\na\nb\nc\nd");
    g_assert_cmpstr(text_of(e.sections, 2, "text"), ==, "code");
    g_assert_cmpstr(text_of(e.sections, 3, "text"), ==, "");
}

static void test_title_is_level_one(void)
{
    AjExtract e = extract("## 二\n\n# 一\n\n# 又\n");
    g_assert_cmpstr(e.title, ==, "一");
    g_assert_null(extract("## 二\n").title);
}

static void test_summary_border(void)
{
    GString *text = g_string_new(NULL);
    for (int i = 0; i < 120; i++)
        g_string_append(text, i % 2 ? "安" : "𠮷");
    g_assert_cmpstr(extract(text->str).summary, ==, text->str);
    g_string_append(text, "全");
    const char *summary = extract(text->str).summary;
    g_assert_cmpint(g_utf8_strlen(summary, -1), ==, 120);
    g_assert_true(g_str_has_suffix(summary, "安𠮷…"));
    g_string_free(text, TRUE);
    g_assert_cmpstr(extract("![图](a.png)\n\n文\n").summary, ==, "图");
    g_assert_cmpstr(extract("<b>\n\n文[^1]\n\n[^1]: x\n").summary, ==, "文");
}

static void test_counts(void)
{
    AjExtract e = extract("有限空间 H2S 10 ppm，don't。\n");
    g_assert_cmpuint(e.han, ==, 4);
    g_assert_cmpuint(e.words, ==, 4);
    e = extract("naïve Straße\n");
    g_assert_cmpuint(e.words, ==, 2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    arena = aj_arena_new(1 << 16);
    g_test_add_func("/parse/extract/empty", test_empty);
    g_test_add_func("/parse/extract/sections", test_sections);
    g_test_add_func("/parse/extract/title", test_title_is_level_one);
    g_test_add_func("/parse/extract/summary", test_summary_border);
    g_test_add_func("/parse/extract/counts", test_counts);
    int failed = g_test_run();
    aj_arena_free(arena);
    return failed;
}
