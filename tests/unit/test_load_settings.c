/* site.yaml: every key in both languages, defaults, refusals.
 * Must not know: the command line. */
#include "load/settings.h"
#include "model/page.h"

#include <string.h>

static AjArena *arena;
static AjDiags *diags;

static AjConfig *parse(const char *yaml)
{
    aj_arena_reset(arena);
    aj_diags_clear(diags);
    return aj_settings_parse(arena, yaml, yaml ? strlen(yaml) : 0, "site.yaml", "/srv/安全课",
                             diags);
}

static const AjValue *section(const AjConfig *c, const char *folder)
{
    return aj_value_get(c->sections, folder);
}

static void check_fault(const char *yaml, const char *code, uint32_t line)
{
    g_assert_null(parse(yaml));
    const AjDiag *d = aj_diags_at(diags, 0);
    g_test_message("%s: %s (%s)", d->code, d->message, d->hint);
    g_assert_cmpstr(d->code, ==, code);
    g_assert_cmpuint(d->pos.line, ==, line);
    g_assert_cmpstr(d->pos.path, ==, "site.yaml");
    g_assert_nonnull(d->hint);
}

static void check_defaults(const AjConfig *c)
{
    g_assert_nonnull(c);
    g_assert_cmpuint(aj_diags_total(diags), ==, 0);
    g_assert_cmpstr(c->title, ==, "安全课");
    g_assert_cmpstr(c->root, ==, "/srv/安全课");
    g_assert_cmpstr(c->language, ==, "zh-CN");
    g_assert_cmpstr(c->base_url, ==, "");
    g_assert_cmpstr(c->description, ==, "");
    g_assert_cmpstr(c->theme, ==, "classic");
    g_assert_cmpstr(c->filters[0], ==, "quiz");
    g_assert_null(c->filters[1]);
    g_assert_cmpstr(c->taxonomies[0], ==, "tags");
    g_assert_cmpstr(c->taxonomies[3], ==, "level");
    g_assert_null(c->taxonomies[4]);
    g_assert_cmpuint(c->page_size, ==, 50);
    g_assert_cmpuint(c->asset_limit, ==, 5 * 1024 * 1024);
    g_assert_false(c->raw_html);
    g_assert_cmpuint(c->sections->len, ==, AJ_KINDS);
    g_assert_cmpstr(aj_value_get_string(section(c, "cases"), "title", NULL), ==, "案例");
    g_assert_cmpstr(aj_value_get_string(section(c, "models"), "title", NULL), ==, "标兵");
    g_assert_cmpstr(aj_value_get_string(section(c, "lessons"), "title", NULL), ==, "党课");
    g_assert_cmpstr(aj_value_get_string(section(c, "courses"), "title", NULL), ==, "课程");
    g_assert_cmpstr(aj_value_get_string(section(c, "quizzes"), "title", NULL), ==, "测验");
    g_assert_cmpstr(aj_value_get_string(section(c, "pages"), "title", NULL), ==, "页面");
    g_assert_cmpint(aj_value_get_int(section(c, "cases"), "weight", 0), ==, 1010);
    g_assert_cmpuint(c->synonyms->len, ==, 0);
    g_assert_cmpuint(c->quiz->len, ==, 0);
    g_assert_null(c->extra);
    g_assert_nonnull(c->all);
}

static void test_defaults(void)
{
    check_defaults(parse(NULL));
    check_defaults(parse(""));
    check_defaults(parse("# nothing\n"));
    check_defaults(parse("\xEF\xBB\xBFtitle:\r\n"));
}

static void check_all(const AjConfig *c)
{
    g_assert_nonnull(c);
    g_assert_cmpuint(aj_diags_total(diags), ==, 0);
    g_assert_cmpstr(c->title, ==, "甲");
    g_assert_cmpstr(c->language, ==, "en");
    g_assert_cmpstr(c->base_url, ==, "https://example.org/x/");
    g_assert_cmpstr(c->description, ==, "乙");
    g_assert_cmpstr(c->author, ==, "丙、丁");
    g_assert_cmpstr(c->theme, ==, "plain");
    g_assert_cmpstr(c->filters[1], ==, "risk");
    g_assert_cmpstr(c->taxonomies[0], ==, "tags");
    g_assert_cmpstr(c->taxonomies[1], ==, "hazards");
    g_assert_null(c->taxonomies[2]);
    g_assert_cmpuint(c->page_size, ==, 20);
    g_assert_cmpuint(c->asset_limit, ==, 300 * 1024);
    g_assert_true(c->raw_html);
    g_assert_cmpint(aj_value_get_int(c->quiz, "pass", 0), ==, 80);
    g_assert_cmpint(aj_value_get_int(c->quiz, "time_limit", 0), ==, 600);
    g_assert_cmpint(aj_value_get_int(c->extra, "phone", 0), ==, 12350);
    g_assert_cmpuint(c->synonyms->len, ==, 1);
    g_assert_cmpstr(aj_value_get_string(section(c, "lessons"), "title", NULL), ==, "Lessons");
}

static void test_all_keys(void)
{
    check_all(parse("title: 甲\nlanguage: en\nbase_url: https://example.org/x\ndescription: 乙\n"
                    "author: [丙, 丁]\ntheme: plain\nfilters: [quiz, risk]\nsections: {}\n"
                    "taxonomies: [tags, hazards]\nsynonyms: [[受限空间, 有限空间]]\n"
                    "quiz: {pass: 80, time_limit: 10分钟}\nparams: {phone: 12350}\nraw_html: true\n"
                    "page_size: 20\nassets: {max_kb: 300}\n"));
    check_all(parse("标题: 甲\n语言: en\n网址: https://example.org/x/\n描述: 乙\n作者: [丙, 丁]\n"
                    "主题: plain\n过滤器: quiz、risk\n栏目: {}\n分类: [标签, 危险因素]\n"
                    "同义词: [受限空间、有限空间]\n测验: {及格线: 80, 限时: 10分钟}\n"
                    "参数: {phone: 12350}\n原始HTML: 是\n每页条数: 20\n附件: {上限KB: 300}\n"));
}

static void test_sections(void)
{
    const AjConfig *c =
        parse("sections:\n  lessons: 微党课\n  现场/: {标题: 现场, 类型: 案例, 排序: 5}\n"
              "  cases:\n  a/b: {summary: x}\n");
    g_assert_nonnull(c);
    g_assert_cmpstr(c->sections->entries[0].key, ==, "lessons");
    g_assert_cmpstr(aj_value_get_string(section(c, "lessons"), "title", NULL), ==, "微党课");
    g_assert_cmpint(aj_value_get_int(section(c, "lessons"), "weight", 0), ==, 10);
    g_assert_cmpstr(aj_value_get_string(section(c, "现场"), "kind", NULL), ==, "case");
    g_assert_cmpint(aj_value_get_int(section(c, "现场"), "weight", 0), ==, 5);
    g_assert_cmpstr(aj_value_get_string(section(c, "cases"), "title", NULL), ==, "案例");
    g_assert_cmpint(aj_value_get_int(section(c, "cases"), "weight", 0), ==, 30);
    g_assert_cmpstr(aj_value_get_string(section(c, "a/b"), "title", NULL), ==, "a/b");
    g_assert_cmpint(aj_value_get_int(section(c, "models"), "weight", 0), ==, 1020);
    c = parse("sections: [courses, cases]\n");
    g_assert_cmpint(aj_value_get_int(section(c, "courses"), "weight", 0), ==, 10);
    g_assert_cmpint(aj_value_get_int(section(c, "cases"), "weight", 0), ==, 20);
    check_fault("sections:\n  ../x: 甲\n", "site-section", 2);
    check_fault("sections: 甲\n", "site-section", 1);
    check_fault("sections:\n  cases: [甲]\n", "site-section", 2);
    check_fault("sections:\n  cases: {kind: 别的}\n", "field-kind", 2);
}

static void test_none(void)
{
    const AjConfig *c = parse("filters: []\ntaxonomies: []\nassets: {max_kb: 0}\n");
    g_assert_nonnull(c);
    g_assert_null(c->filters[0]);
    g_assert_null(c->taxonomies[0]);
    g_assert_cmpuint(c->asset_limit, ==, 0);
}

static void test_synonyms(void)
{
    const AjConfig *c = parse("synonyms:\n  受限空间: [有限空间, 密闭空间]\n  只有一个:\n");
    g_assert_nonnull(c);
    g_assert_cmpuint(c->synonyms->len, ==, 1);
    g_assert_cmpuint(aj_value_len(aj_value_at(c->synonyms, 0)), ==, 3);
    check_fault("synonyms: 甲\n", "site-synonyms", 1);
    check_fault("synonyms:\n  - [[甲], 乙]\n", "field-type", 2);
}

static void test_refusals(void)
{
    check_fault("title: x\nbase_url: example.org\n", "site-url", 2);
    check_fault("base_url: https://\n", "site-url", 1);
    check_fault("base_url: 'javascript:x'\n", "site-url", 1);
    check_fault("base_url: https://example.org/?a\n", "site-url", 1);
    check_fault("language: 中文\n", "site-language", 1);
    check_fault("language: zh--CN\n", "site-language", 1);
    check_fault("theme: ../../etc\n", "site-name", 1);
    check_fault("theme: .git\n", "site-name", 1);
    check_fault("filters: [quiz, ../x]\n", "site-name", 1);
    check_fault("filters: 测验过滤器\n", "site-name", 1);
    check_fault("taxonomies: [a/b]\n", "site-name", 1);
    check_fault("page_size: 0\n", "field-range", 1);
    check_fault("page_size: 很多\n", "field-number", 1);
    check_fault("raw_html: maybe\n", "field-type", 1);
    check_fault("params: x\n", "field-type", 1);
    check_fault("assets: x\n", "field-type", 1);
    check_fault("assets: {max_kb: -1}\n", "field-range", 1);
    check_fault("quiz: {pass: 300}\n", "field-range", 1);
    check_fault("title: x\ntitle: y\n", "yaml-duplicate-key", 2);
    check_fault("title：x\n", "yaml-colon", 1);
}

static void test_unknown(void)
{
    g_assert_nonnull(parse("titel: x\n"));
    g_assert_cmpuint(aj_diags_count(diags, AJ_WARNING), ==, 1);
    g_assert_nonnull(strstr(aj_diags_at(diags, 0)->hint, "title"));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    arena = aj_arena_new(64 * 1024);
    diags = aj_diags_new();
    g_test_add_func("/load/settings/defaults", test_defaults);
    g_test_add_func("/load/settings/all-keys", test_all_keys);
    g_test_add_func("/load/settings/sections", test_sections);
    g_test_add_func("/load/settings/none", test_none);
    g_test_add_func("/load/settings/synonyms", test_synonyms);
    g_test_add_func("/load/settings/refusals", test_refusals);
    g_test_add_func("/load/settings/unknown", test_unknown);
    int status = g_test_run();
    aj_diags_free(diags);
    aj_arena_free(arena);
    return status;
}
