/* The YAML between two --- lines: what it gives, what it refuses, and how it says so.
 * Must not know: fields of kinds. */
#include "load/frontmatter.h"

#include <string.h>
#include <time.h>

static AjArena *arena;
static AjDiags *diags;
static AjFrontmatter fm;

static bool parse_n(const char *text, size_t len)
{
    aj_arena_reset(arena);
    aj_diags_clear(diags);
    return aj_frontmatter_parse(arena, text, len, "cases/tank.md", &fm, diags);
}

static bool parse(const char *text)
{
    return parse_n(text, strlen(text));
}

static void check_fault(const char *text, const char *code, uint32_t line)
{
    g_assert_false(parse(text));
    g_assert_cmpuint(aj_diags_total(diags), >=, 1);
    const AjDiag *d = aj_diags_at(diags, 0);
    g_test_message("%s: %s (%s)", d->code, d->message, d->hint);
    g_assert_cmpstr(d->code, ==, code);
    g_assert_cmpuint(d->pos.line, ==, line);
    g_assert_cmpstr(d->pos.path, ==, "cases/tank.md");
    g_assert_cmpint(d->level, ==, AJ_ERROR);
    g_assert_nonnull(d->hint);
    g_assert_cmpuint(fm.map->len, ==, 0);
}

static void test_absent(void)
{
    static const char *const texts[] = {"",
                                        "-",
                                        "--",
                                        "# 储罐\n",
                                        "text\n---\n",
                                        "----\ntitle: x\n---\n",
                                        "--- x\n",
                                        " ---\ntitle: x\n---\n"};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_assert_true(parse(texts[i]));
        g_assert_false(fm.present);
        g_assert_cmpuint(fm.body, ==, 0);
        g_assert_cmpuint(fm.body_line, ==, 1);
        g_assert_cmpuint(fm.map->len, ==, 0);
    }
}

static void test_thematic_break(void)
{
    static const char *const texts[] = {"---\n\ntext\n\n---\n", "---\r\n\r\ntext\r\n", "---",
                                        "---\n", "---\n  \t\ntext\n---\n"};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_assert_true(parse(texts[i]));
        g_assert_false(fm.present);
        g_assert_cmpuint(aj_diags_total(diags), ==, 0);
    }
}

static void test_plain(void)
{
    const char *text = "---\ntitle: 储罐清理\ndeaths: 3\n---\n# 正文\n";
    g_assert_true(parse(text));
    g_assert_true(fm.present);
    g_assert_cmpstr(aj_value_get_string(fm.map, "title", NULL), ==, "储罐清理");
    g_assert_cmpint(aj_value_get_int(fm.map, "deaths", 0), ==, 3);
    g_assert_cmpuint(aj_value_get(fm.map, "deaths")->line, ==, 3);
    g_assert_cmpstr(text + fm.body, ==, "# 正文\n");
    g_assert_cmpuint(fm.body_line, ==, 5);
}

static void test_empty_block(void)
{
    g_assert_true(parse("---\n---\ntext"));
    g_assert_true(fm.present);
    g_assert_cmpuint(fm.map->len, ==, 0);
    g_assert_cmpuint(fm.body_line, ==, 3);
    g_assert_true(parse("---\n# only a comment\n---\ntext"));
    g_assert_cmpuint(fm.map->len, ==, 0);
}

static void test_fences(void)
{
    g_assert_true(parse("---\ntitle: x\n...\nbody"));
    g_assert_cmpuint(fm.body_line, ==, 4);
    g_assert_true(parse("--- \t\ntitle: x\n---  \nbody"));
    g_assert_cmpstr(aj_value_get_string(fm.map, "title", NULL), ==, "x");
    g_assert_true(parse("---\ntitle: x\n---"));
    g_assert_cmpuint(fm.body, ==, strlen("---\ntitle: x\n---"));
    g_assert_true(parse("---\ntitle: a---b\nsummary: x\n---\n---\n"));
    g_assert_cmpuint(fm.map->len, ==, 2);
}

static void test_crlf_and_bom(void)
{
    const char *text = "\xEF\xBB\xBF---\r\ntitle: 储罐\r\ntags:\r\n  - 甲\r\n---\r\nbody";
    g_assert_true(parse(text));
    g_assert_cmpstr(aj_value_get_string(fm.map, "title", NULL), ==, "储罐");
    g_assert_cmpuint(aj_value_get(fm.map, "tags")->line, ==, 4);
    g_assert_cmpstr(text + fm.body, ==, "body");
    g_assert_cmpuint(fm.body_line, ==, 6);
    g_assert_true(parse("\xEF\xBB\xBF# 无页首\n"));
    g_assert_cmpuint(fm.body, ==, 3);
    g_assert_false(fm.present);
}

static void check_type(const char *scalar, AjValueType type)
{
    g_autofree char *text = g_strdup_printf("---\nx: %s\n---\n", scalar);
    g_assert_true(parse(text));
    g_test_message("%s", scalar);
    g_assert_cmpint(aj_value_get(fm.map, "x")->type, ==, type);
    if (type == AJ_VALUE_STRING && !strchr("'\"", scalar[0]))
        g_assert_cmpstr(aj_value_get_string(fm.map, "x", NULL), ==, scalar);
}

static void test_scalars(void)
{
    static const char *const nulls[] = {"", "~", "null", "NULL"};
    static const char *const bools[] = {"true", "False", "TRUE"};
    static const char *const ints[] = {"0", "-7", "12", "9223372036854775807"};
    static const char *const doubles[] = {"0.5", "-1.5e3", ".5", "5.", "1e2"};
    static const char *const strings[] = {"2026-11-20",
                                          "yes",
                                          "007",
                                          "1.2.3",
                                          "+86",
                                          "-",
                                          "1 人",
                                          ".inf",
                                          ".nan",
                                          "1e999",
                                          "9223372036854775808",
                                          "0x1f",
                                          "'12'",
                                          "\"true\"",
                                          "是",
                                          "14:30",
                                          "e5",
                                          "1e",
                                          "."};
    for (size_t i = 0; i < G_N_ELEMENTS(nulls); i++)
        check_type(nulls[i], AJ_VALUE_NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(bools); i++)
        check_type(bools[i], AJ_VALUE_BOOL);
    for (size_t i = 0; i < G_N_ELEMENTS(ints); i++)
        check_type(ints[i], AJ_VALUE_INT);
    for (size_t i = 0; i < G_N_ELEMENTS(doubles); i++)
        check_type(doubles[i], AJ_VALUE_DOUBLE);
    for (size_t i = 0; i < G_N_ELEMENTS(strings); i++)
        if (strcmp(strings[i], "-") != 0)
            check_type(strings[i], AJ_VALUE_STRING);
}

static void test_texts(void)
{
    g_assert_true(parse("---\na: |\n  一\n  二\nb: >\n  一\n  二\nc: '它''s'\nd: \"a\\tb\"\n"
                        "e: 冒号：和 🦺 都行\n---\n"));
    g_assert_cmpstr(aj_value_get_string(fm.map, "a", NULL), ==, "一\n二\n");
    g_assert_cmpstr(aj_value_get_string(fm.map, "b", NULL), ==, "一 二\n");
    g_assert_cmpstr(aj_value_get_string(fm.map, "c", NULL), ==, "它's");
    g_assert_cmpstr(aj_value_get_string(fm.map, "d", NULL), ==, "a\tb");
    g_assert_cmpstr(aj_value_get_string(fm.map, "e", NULL), ==, "冒号：和 🦺 都行");
}

static void test_nested(void)
{
    g_assert_true(parse("---\nsources:\n  - title: 报告\n    url: https://example.org/a\n  - 通报\n"
                        "tags: [甲, 乙]\nparams: {a: {b: [1]}}\n---\n"));
    const AjValue *sources = aj_value_get(fm.map, "sources");
    g_assert_cmpuint(aj_value_len(sources), ==, 2);
    g_assert_cmpstr(aj_value_get_string(aj_value_at(sources, 0), "url", NULL), ==,
                    "https://example.org/a");
    g_assert_cmpuint(aj_value_at(sources, 1)->line, ==, 5);
    g_assert_cmpuint(aj_value_len(aj_value_get(fm.map, "tags")), ==, 2);
}

static void test_unclosed(void)
{
    check_fault("---\ntitle: 储罐\n\n# 正文\n", "front-matter-open", 1);
    g_assert_nonnull(strstr(aj_diags_at(diags, 0)->hint, "3"));
    check_fault("---\ntitle: 储罐\n正文没有冒号\n", "front-matter-open", 1);
    g_assert_nonnull(strstr(aj_diags_at(diags, 0)->hint, "3"));
    check_fault("---\ntitle: x", "front-matter-open", 1);
    check_fault("---\r\ntitle: x\r\n", "front-matter-open", 1);
}

static void test_slips(void)
{
    check_fault("---\ntags:\n\t- 甲\n---\n", "yaml-tab", 3);
    check_fault("---\ntitle: x\n标题：储罐\n---\n", "yaml-colon", 3);
    check_fault("---\n标题：储罐\n---\n", "yaml-colon", 2);
    check_fault("---\n标题：储罐\n日期：2026-11-20\n---\n", "yaml-colon", 2);
    check_fault("---\r\ntitle: x\r\n标题：储罐\r\n---\r\n", "yaml-colon", 3);
    check_fault("---\ntitle:储罐\n---\n", "yaml-colon", 2);
    check_fault("---\ntitle:储罐\ndate: 2026-11-20\n---\n", "yaml-colon", 2);
    check_fault("---\ntitle: \"储罐\ndate: 2026-11-20\n---\n", "yaml-quote", 2);
    check_fault("---\ntitle: '储罐\n---\n", "yaml-quote", 2);
    check_fault("---\ntitle: \"C:\\储罐\"\n---\n", "yaml-quote", 2);
    check_fault("---\ntitle: \"储罐\"清理\n---\n", "yaml-quote", 2);
    check_fault("---\ntitle: [草稿] 储罐\n---\n", "yaml-quote", 2);
    check_fault("---\ntitle: 储罐: 清理\n---\n", "yaml-colon", 2);
    check_fault("---\n  title: x\n date: y\n---\n", "yaml-indent", 3);
    check_fault("---\ntitle: x\n  date: y\n---\n", "yaml-colon", 3);
    check_fault("---\ntags: - 甲\n---\n", "yaml-list", 2);
    check_fault("---\ntags: [甲, 乙\ndate: x\n---\n", "yaml-bracket", 2);
    check_fault("---\nparams: {甲: 乙\n---\n", "yaml-bracket", 2);
    check_fault("---\ntitle: @储罐\n---\n", "yaml-character", 2);
    check_fault("---\ntitle: `储罐`\n---\n", "yaml-character", 2);
    check_fault("---\ntitle: *重要*\n---\n", "yaml-alias", 2);
    check_fault("---\nsummary: > 文字\n---\n", "yaml-block", 2);
    check_fault("---\ntitle: x\n这一行没有冒号\ndate: y\n---\n", "yaml-syntax", 3);
    check_fault("---\n只有文字\n---\n", "yaml-syntax", 2);
    check_fault("---\n- 甲\n- 乙\n---\n", "yaml-syntax", 2);
    check_fault("---\ntags:\n  - 甲\n - 乙\n---\n", "yaml-indent", 4);
    check_fault("---\n: x\n---\n", "yaml-key", 2);
}

static void test_refusals(void)
{
    check_fault("---\na: &x 1\n---\n", "yaml-anchor", 2);
    check_fault("---\ntitle: y\na: *x\n---\n", "yaml-alias", 3);
    check_fault("---\na: !!str 1\n---\n", "yaml-tag", 2);
    check_fault("---\na: !local 1\n---\n", "yaml-tag", 2);
    check_fault("---\n!!map {a: 1}\n---\n", "yaml-tag", 2);
    check_fault("---\na: !<tag:yaml.org,2002:python/object/apply:os.system> x\n---\n", "yaml-tag",
                2);
    check_fault("---\ntitle: a\nx: 1\ntitle: b\n---\n", "yaml-duplicate-key", 4);
    g_assert_nonnull(strstr(aj_diags_at(diags, 0)->hint, "2"));
    check_fault("---\na: {b: 1, b: 2}\n---\n", "yaml-duplicate-key", 2);
    check_fault("---\na: [[[[[[[[1]]]]]]]]\n---\n", "yaml-depth", 2);
    g_assert_true(parse("---\na: [[[[[[[1]]]]]]]\n---\n"));
    check_fault("---\n? [a, b]\n: 1\n---\n", "yaml-key", 2);
    check_fault("---\n? {a: b}\n: 1\n---\n", "yaml-key", 2);
    check_fault("---\na: \"x\\0y\"\n---\n", "yaml-character", 2);
    check_fault("---\na: \"\\x01L0\\x01\"\n---\n", "yaml-character", 2);
    check_fault("---\n\"a\\x01\": 1\n---\n", "yaml-character", 2);
    check_fault("---\n%YAML 1.1\n---\n", "yaml-directive", 2);
    check_fault("---\ntitle: a\x01z\n---\n", "yaml-character", 2);
    check_fault("---\ntitle: \xFFz\n---\n", "yaml-character", 2);
    check_fault("---\nx: 1\ntitle: \xC3(\n---\n", "yaml-character", 3);
    g_assert_false(parse_n("---\ntitle: a\0z\n---\n", 19));
}

/* All of one block's refusals are told at once. */
static void test_several(void)
{
    g_assert_false(parse("---\na: &x 1\nb: *x\na: 2\nc: !t 3\n---\n"));
    g_assert_cmpuint(aj_diags_total(diags), ==, 4);
}

static char *repeat(const char *before, const char *unit, size_t count, const char *after)
{
    GString *s = g_string_new("---\n");
    g_string_append(s, before);
    for (size_t i = 0; i < count; i++)
        g_string_append(s, unit);
    g_string_append(s, after);
    g_string_append(s, "\n---\nbody\n");
    return g_string_free(s, FALSE);
}

static void test_limits(void)
{
    g_autofree char *fits = repeat("a: ", "x", 64 * 1024 - 4, "");
    g_assert_true(parse(fits));
    g_autofree char *big = repeat("a: ", "x", 64 * 1024 - 3, "");
    check_fault(big, "yaml-size", 1);
    g_autofree char *few = repeat("a: [", "1,", 9996, "1]");
    g_assert_true(parse(few));
    g_autofree char *many = repeat("a: [", "1,", 9998, "1]");
    check_fault(many, "yaml-nodes", 2);
    GString *keys = g_string_new("---\n");
    for (unsigned i = 0; i < 1001; i++)
        g_string_append_printf(keys, "k%u: %u\n", i, i);
    g_string_append(keys, "---\n");
    check_fault(keys->str, "yaml-nodes", 1002);
    g_string_free(keys, TRUE);
}

/* Whatever it is, it takes less than 50 ms of our own time (the test allows slow machines more). */
static void test_hostile(void)
{
    static const struct {
        const char *before, *unit;
        size_t count;
        const char *after;
    } shapes[] = {
        {"", "[", 60000, ""},
        {"", "{", 60000, ""},
        {"a: ", "[", 60000, ""},
        {"a: ", "{a: ", 16000, ""},
        {"", "- ", 32000, "x"},
        {"", "? ", 32000, "x"},
        {"", ": ", 32000, "x"},
        {"", "a: ", 20000, "x"},
        {"a: ", "[a, ", 16000, ""},
        {"a: [", "a,", 32000, "]"},
        {"a: [", "[],", 20000, "]"},
        {"a: [", "{},", 20000, "]"},
        {"a: {", "a,", 32000, "}"},
        {"a: {", "a: b,", 12000, "}"},
        {"a: ", "\"", 60000, ""},
        {"a: ", "'", 60001, ""},
        {"a: \"", "\\", 60001, "\""},
        {"a: \"", "\\n", 30000, "\""},
        {"a: \"", "\\u4e00", 10000, "\""},
        {"a: ", "&", 60000, ""},
        {"a: ", "*", 60000, ""},
        {"a: ", "!", 60000, ""},
        {"a: ", "&a ", 20000, "x"},
        {"a: &a [x]\n", "b: *a\n", 10000, ""},
        {"a: ", "x ", 32000, ""},
        {"a: |\n", " x\n", 20000, ""},
        {"a: |\n", "\n", 60000, " x"},
        {"a: ", "\n ", 30000, "x"},
        {"a: ", "#", 60000, ""},
        {"", "#\n", 30000, ""},
        {"", " ", 60000, "a: b"},
        {"a:\n", "\t", 60000, "b"},
        {"", "%a b\n", 12000, ""},
        {"", "k", 60000, ": v"},
        {"", "好", 20000, "：v"},
        {"a: \xEF\xBB\xBF", "\xEF\xBB\xBF", 20000, ""},
        {"", "? a\n", 16000, ""},
        {"", "x\n", 30000, ""},
        {"a: [\n", "  \n", 20000, "]"},
        {"a: >\n", "  x\n\n", 10000, ""},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++) {
        g_autofree char *text =
            repeat(shapes[i].before, shapes[i].unit, shapes[i].count, shapes[i].after);
        clock_t start = clock(); /* CPU time: others may be at work on this machine */
        parse(text);
        clock_t took = clock() - start;
        g_test_message("shape %zu: %ld ms, %u problems", i, took / (CLOCKS_PER_SEC / 1000),
                       aj_diags_total(diags));
        g_assert_cmpint(took, <, CLOCKS_PER_SEC / 2);
        g_assert_cmpuint(aj_diags_total(diags), <=, 21);
    }
}

static void test_file(void)
{
    const char *text = "\xEF\xBB\xBF# 站点\ntitle: 课程\r\nnav:\n  a: 一\n";
    AjValue *map = aj_frontmatter_parse_file(arena, text, strlen(text), "site.yaml", diags);
    g_assert_nonnull(map);
    g_assert_cmpstr(aj_value_get_string(map, "title", NULL), ==, "课程");
    g_assert_cmpuint(aj_value_get(map, "title")->line, ==, 2);
    map = aj_frontmatter_parse_file(arena, "", 0, "site.yaml", diags);
    g_assert_nonnull(map);
    g_assert_cmpuint(map->len, ==, 0);
    aj_diags_clear(diags);
    text = "---\na: 1\n---\nb: 2\n";
    g_assert_null(aj_frontmatter_parse_file(arena, text, strlen(text), "site.yaml", diags));
    g_assert_cmpstr(aj_diags_at(diags, 0)->code, ==, "yaml-documents");
    g_assert_cmpuint(aj_diags_at(diags, 0)->pos.line, ==, 3);
    aj_diags_clear(diags);
    text = "a: 1\nb:2\n";
    g_assert_null(aj_frontmatter_parse_file(arena, text, strlen(text), "site.yaml", diags));
    g_assert_cmpuint(aj_diags_at(diags, 0)->pos.line, ==, 2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    arena = aj_arena_new(64 * 1024);
    diags = aj_diags_new();
    g_test_add_func("/load/frontmatter/absent", test_absent);
    g_test_add_func("/load/frontmatter/thematic-break", test_thematic_break);
    g_test_add_func("/load/frontmatter/plain", test_plain);
    g_test_add_func("/load/frontmatter/empty-block", test_empty_block);
    g_test_add_func("/load/frontmatter/fences", test_fences);
    g_test_add_func("/load/frontmatter/crlf-and-bom", test_crlf_and_bom);
    g_test_add_func("/load/frontmatter/scalars", test_scalars);
    g_test_add_func("/load/frontmatter/texts", test_texts);
    g_test_add_func("/load/frontmatter/nested", test_nested);
    g_test_add_func("/load/frontmatter/unclosed", test_unclosed);
    g_test_add_func("/load/frontmatter/slips", test_slips);
    g_test_add_func("/load/frontmatter/refusals", test_refusals);
    g_test_add_func("/load/frontmatter/several", test_several);
    g_test_add_func("/load/frontmatter/limits", test_limits);
    g_test_add_func("/load/frontmatter/hostile", test_hostile);
    g_test_add_func("/load/frontmatter/file", test_file);
    int status = g_test_run();
    aj_diags_free(diags);
    aj_arena_free(arena);
    return status;
}
