/* Fields of the kinds: each name in both languages, each type, each refusal.
 * Must not know: YAML's grammar. */
#include "load/frontmatter.h"
#include "load/schema.h"
#include "load/spell.h"

#include <string.h>

static AjArena *arena;
static AjDiags *diags;
static AjValue *meta;

static bool apply_at(AjKind kind, const char *path, const char *yaml)
{
    aj_arena_reset(arena);
    aj_diags_clear(diags);
    AjValue *raw = aj_frontmatter_parse_file(arena, yaml, strlen(yaml), path, diags);
    g_assert_nonnull(raw);
    return aj_schema_apply(arena, kind, NULL, raw, true, path, &meta, diags);
}

static bool apply(AjKind kind, const char *yaml)
{
    return apply_at(kind, "pages/x.md", yaml);
}

static const char *text(const char *key)
{
    return aj_value_get_string(meta, key, NULL);
}

static const char *item(const char *key, uint32_t i)
{
    const AjValue *v = aj_value_at(aj_value_get(meta, key), i);
    return v && v->type == AJ_VALUE_STRING ? v->s : NULL;
}

static void check_fault(AjKind kind, const char *yaml, const char *code, uint32_t line)
{
    g_assert_false(apply(kind, yaml));
    const AjDiag *d = aj_diags_at(diags, 0);
    g_test_message("%s: %s (%s)", d->code, d->message, d->hint);
    g_assert_cmpstr(d->code, ==, code);
    g_assert_cmpuint(d->pos.line, ==, line);
    g_assert_cmpint(d->level, ==, AJ_ERROR);
    g_assert_nonnull(d->hint);
    g_assert_cmpuint(aj_diags_total(diags), ==, 1);
}

/* A value that the type takes, for each type there is. */
static const char *sample(const char *type)
{
    static const char *const samples[][2] = {
        {"text", "甲"},      {"names", "甲"},      {"date", "2026-11-20"}, {"tags", "[甲, 乙]"},
        {"list", "[甲]"},    {"int", "3"},         {"number", "1.5"},      {"bool", "是"},
        {"flag", "是"},      {"links", "[甲]"},    {"slug", "tank"},       {"path", "a/b.md"},
        {"paths", "[a.md]"}, {"addresses", "[a]"}, {"kind", ""},           {"duration", "20分钟"},
        {"map", "{a: 1}"},   {"any", "甲"},        {"shuffle", "[题目]"},  {"mode", "考试"}};
    for (size_t i = 0; i < G_N_ELEMENTS(samples); i++)
        if (strcmp(samples[i][0], type) == 0)
            return samples[i][1];
    g_assert_not_reached();
}

/* Every name of every field of every kind leads to its English key, without a word said. */
static void test_every_name(void)
{
    unsigned names = 0;
    for (unsigned kind = 0; kind < AJ_KINDS; kind++) {
        uint32_t count = 0;
        const AjField *fields = aj_schema_fields((AjKind)kind, &count);
        for (uint32_t i = 0; i < count; i++) {
            const AjField *f = &fields[i];
            g_autofree char *all =
                g_strdup_printf("%s %s %s", f->key, f->zh, f->also ? f->also : "");
            g_auto(GStrv) each = g_strsplit(g_strstrip(all), " ", -1);
            for (size_t k = 0; each[k]; k++) {
                bool is_kind = strcmp(f->type, "kind") == 0;
                g_autofree char *yaml = g_strdup_printf(
                    "%s: %s\n", each[k], is_kind ? aj_kind_name((AjKind)kind) : sample(f->type));
                aj_diags_clear(diags);
                AjValue *raw = aj_frontmatter_parse_file(arena, yaml, strlen(yaml), "x.md", diags);
                aj_schema_apply(arena, (AjKind)kind, NULL, raw, false, "x.md", &meta, diags);
                g_test_message("%s", yaml);
                g_assert_cmpuint(aj_diags_total(diags), ==, 0);
                g_assert_nonnull(aj_value_get(meta, f->key));
                names++;
            }
            for (uint32_t k = 0; k < i; k++) /* no name stands for two fields */
                for (size_t n = 0; each[n]; n++)
                    g_assert_true(aj_field_find(fields, i, each[n]) == NULL);
        }
    }
    g_assert_cmpuint(names, >, 300);
    aj_arena_reset(arena);
}

static void test_design_names(void)
{
    static const char *const pairs[][2] = {{"标题", "title"},
                                           {"日期", "date"},
                                           {"标签", "tags"},
                                           {"摘要", "summary"},
                                           {"作者", "author"},
                                           {"草稿", "draft"},
                                           {"排序", "weight"},
                                           {"危险因素", "hazards"},
                                           {"岗位", "posts"},
                                           {"等级", "level"},
                                           {"学时", "hours"},
                                           {"来源", "sources"},
                                           {"复审日期", "review"},
                                           {"测验", "quiz"},
                                           {"学习要点", "points"},
                                           {"讨论题", "discussion"},
                                           {"责任清单", "duties"},
                                           {"签到", "signin"},
                                           {"及格线", "pass"},
                                           {"抽题", "pick"},
                                           {"打乱", "shuffle"},
                                           {"次数", "attempts"},
                                           {"限时", "time_limit"},
                                           {"死亡人数", "deaths"},
                                           {"Time-Limit", "time_limit"},
                                           {"ＴＩＴＬＥ", "title"},
                                           {"Direct Cause", "direct_cause"}};
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
        g_assert_cmpstr(aj_schema_key(pairs[i][0]), ==, pairs[i][1]);
    g_assert_null(aj_schema_key("没有这一项"));
    g_assert_null(aj_schema_key(""));
}

static void test_empty(void)
{
    g_assert_true(apply(AJ_KIND_PAGE, ""));
    g_assert_cmpstr(text("kind"), ==, "page");
    g_assert_cmpuint(meta->len, ==, 1);
    g_assert_true(apply(AJ_KIND_PAGE, "title:\ntags: []\ndeaths:\nsummary: ''\n"));
    g_assert_null(aj_value_get(meta, "title"));
    g_assert_null(aj_value_get(meta, "tags"));
    g_assert_null(aj_value_get(meta, "summary"));
    AjValue *out = NULL;
    g_assert_true(aj_schema_apply(arena, AJ_KIND_CASE, NULL, NULL, false, "x.md", &out, diags));
}

static void test_texts(void)
{
    g_assert_true(apply(AJ_KIND_PAGE, "标题: '  储罐  '\n作者: [甲, 乙]\n摘要: |\n  一\n"));
    g_assert_cmpstr(text("title"), ==, "储罐");
    g_assert_cmpstr(text("author"), ==, "甲、乙");
    g_assert_cmpstr(text("summary"), ==, "一");
    g_assert_true(apply(AJ_KIND_CASE, "title: 2026\nplace: 1.5\nloss: 120\nsources: 甲\n"));
    g_assert_cmpstr(text("title"), ==, "2026");
    g_assert_cmpstr(text("place"), ==, "1.5");
    check_fault(AJ_KIND_PAGE, "title: [草稿]\n", "field-type", 1);
    check_fault(AJ_KIND_PAGE, "date: 2026-11-20\ntitle: {a: b}\n", "field-type", 2);
}

static void test_lists(void)
{
    g_assert_true(apply(AJ_KIND_LESSON, "要点: 一、二\n标签: 有限空间、气体，检测, 气体\n"
                                        "duties:\n  - 甲\n  -\n  - 2\n"));
    g_assert_cmpuint(aj_value_len(aj_value_get(meta, "points")), ==, 1);
    g_assert_cmpstr(item("points", 0), ==, "一、二");
    g_assert_cmpuint(aj_value_len(aj_value_get(meta, "tags")), ==, 3);
    g_assert_cmpstr(item("tags", 2), ==, "检测");
    g_assert_cmpuint(aj_value_len(aj_value_get(meta, "duties")), ==, 2);
    g_assert_cmpstr(item("duties", 1), ==, "2");
    check_fault(AJ_KIND_LESSON, "points:\n  - 甲\n  - 注意: 通风\n", "field-type", 3);
    check_fault(AJ_KIND_PAGE, "tags: {a: b}\n", "field-type", 1);
    g_assert_true(apply(AJ_KIND_PAGE, "tags: 🦺𠮷\n"));
    g_assert_cmpstr(item("tags", 0), ==, "🦺𠮷");
}

static void test_dates(void)
{
    static const char *const good[][2] = {
        {"2026-11-20", "2026-11-20"},         {"2026/1/2", "2026-01-02"},
        {"2026年11月20日", "2026-11-20"},     {"2026 年 1 月 2 日", NULL},
        {"２０２６-１１-２０", "2026-11-20"}, {"2026.1.2", "2026-01-02"},
        {"2024-02-29", "2024-02-29"},         {"2026-11-20T08:00:00+08:00", "2026-11-20"},
        {"2026-11-20 08:00", "2026-11-20"},   {"1921-07-01", "1921-07-01"}};
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        g_autofree char *yaml = g_strdup_printf("日期: %s\n", good[i][0]);
        if (!good[i][1])
            continue;
        g_assert_true(apply(AJ_KIND_PAGE, yaml));
        g_assert_cmpstr(text("date"), ==, good[i][1]);
    }
    static const char *const bad[] = {"2026-02-29", "2026-13-01", "2026-00-01",  "2026-11-31",
                                      "0000-01-01", "2026",       "2026-11",     "26-11-20",
                                      "昨天",       "[a]",        "2026-11-20x", "2026-11-200"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *yaml = g_strdup_printf("title: x\n复审日期: %s\n", bad[i]);
        check_fault(AJ_KIND_PAGE, yaml, "field-date", 2);
    }
}

static void test_numbers(void)
{
    g_assert_true(apply(AJ_KIND_CASE, "deaths: 3人\ninjuries: ０\nhours: 1.5\nsources: 甲\n"));
    g_assert_cmpint(aj_value_get_int(meta, "deaths", -1), ==, 3);
    g_assert_cmpint(aj_value_get_int(meta, "injuries", -1), ==, 0);
    g_assert_cmpfloat(aj_value_get_double(meta, "hours", 0), ==, 1.5);
    g_assert_true(apply(AJ_KIND_PAGE, "学时: 4 学时\n及格线: 80分\nweight: -3\n"));
    g_assert_cmpint(aj_value_get(meta, "hours")->type, ==, AJ_VALUE_INT);
    g_assert_cmpint(aj_value_get_int(meta, "pass", 0), ==, 80);
    g_assert_cmpint(aj_value_get_int(meta, "weight", 0), ==, -3);
    g_assert_true(apply(AJ_KIND_PAGE, "hours: 72\npass: 100\n"));
    check_fault(AJ_KIND_PAGE, "hours: 0\n", "field-range", 1);
    check_fault(AJ_KIND_PAGE, "hours: -1\n", "field-range", 1);
    check_fault(AJ_KIND_PAGE, "hours: 72.5\n", "field-range", 1);
    check_fault(AJ_KIND_PAGE, "hours: 很多\n", "field-number", 1);
    check_fault(AJ_KIND_PAGE, "pass: 101\n", "field-range", 1);
    check_fault(AJ_KIND_PAGE, "pass: 80.5\n", "field-number", 1);
    check_fault(AJ_KIND_PAGE, "weight: [1]\n", "field-number", 1);
    check_fault(AJ_KIND_CASE, "sources: 甲\ndeaths: -1\n", "field-range", 2);
    check_fault(AJ_KIND_CASE, "sources: 甲\ndeaths: 三\n", "field-number", 2);
    check_fault(AJ_KIND_PAGE, "weight: 1e300\n", "field-number", 1);
    check_fault(AJ_KIND_PAGE, "weight: 99999999999999999999\n", "field-number", 1);
}

static void test_bools(void)
{
    g_assert_true(apply(AJ_KIND_LESSON, "draft: 是\nsignin: 班前扫码\n"));
    g_assert_true(aj_value_get_bool(meta, "draft", false));
    g_assert_cmpstr(text("signin"), ==, "班前扫码");
    g_assert_true(apply(AJ_KIND_LESSON, "draft: No\nsignin: 否\n"));
    g_assert_false(aj_value_get_bool(meta, "draft", true));
    g_assert_false(aj_value_get_bool(meta, "signin", true));
    check_fault(AJ_KIND_PAGE, "draft: 大概\n", "field-type", 1);
}

static void test_quiz(void)
{
    g_assert_true(apply(AJ_KIND_PAGE,
                        "测验: 有限空间考核\n及格线: 80\n抽题: 10\n打乱: [题目, 选项]\n"
                        "次数: 3\n限时: 20分钟\n"));
    g_assert_cmpstr(text("quiz"), ==, "有限空间考核");
    g_assert_cmpint(aj_value_get_int(meta, "pick", 0), ==, 10);
    g_assert_cmpint(aj_value_get_int(meta, "attempts", 0), ==, 3);
    g_assert_cmpint(aj_value_get_int(meta, "time_limit", 0), ==, 1200);
    g_assert_cmpstr(item("shuffle", 0), ==, "questions");
    g_assert_cmpstr(item("shuffle", 1), ==, "options");
    g_assert_true(apply(AJ_KIND_PAGE, "quiz: {标题: 考核, pass: 60, time_limit: 90s}\npass: 70\n"));
    g_assert_cmpstr(text("quiz"), ==, "考核");
    g_assert_cmpint(aj_value_get_int(meta, "pass", 0), ==, 70);
    g_assert_cmpint(aj_value_get_int(meta, "time_limit", 0), ==, 90);
    g_assert_true(apply(AJ_KIND_PAGE, "quiz: true\nshuffle: 是\n"));
    g_assert_cmpstr(text("quiz"), ==, "");
    g_assert_cmpuint(aj_value_len(aj_value_get(meta, "shuffle")), ==, 2);
    g_assert_true(apply(AJ_KIND_PAGE, "quiz: 否\nshuffle: false\n"));
    g_assert_null(text("quiz"));
    g_assert_cmpuint(aj_value_len(aj_value_get(meta, "shuffle")), ==, 0);
    g_assert_true(apply_at(AJ_KIND_QUIZ, "quizzes/exam.md", "title: x\n"));
    g_assert_cmpstr(text("quiz"), ==, "");
    g_assert_true(apply_at(AJ_KIND_QUIZ, "quizzes/index.md", "title: x\n"));
    g_assert_null(text("quiz"));
    check_fault(AJ_KIND_PAGE, "quiz: [a]\n", "field-type", 1);
    check_fault(AJ_KIND_PAGE, "quiz:\n  pass: 300\n", "field-range", 2);
    check_fault(AJ_KIND_PAGE, "打乱: [答案]\n", "field-shuffle", 1);
}

static void test_durations(void)
{
    static const struct {
        const char *text;
        int64_t seconds;
    } good[] = {{"20分钟", 1200}, {"20", 1200},        {"90秒", 90},
                {"1小时", 3600},  {"1小时30分", 5400}, {"0.5h", 1800},
                {"20 min", 1200}, {"２０分钟", 1200},  {"1 h 5 m", 3900}};
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
        g_autofree char *yaml = g_strdup_printf("限时: %s\n", good[i].text);
        g_assert_true(apply(AJ_KIND_PAGE, yaml));
        g_assert_cmpint(aj_value_get_int(meta, "time_limit", 0), ==, good[i].seconds);
    }
    static const char *const bad[] = {"一会儿", "-5", "25小时", "0", "20分钟内", "5 5", "[1]"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autofree char *yaml = g_strdup_printf("限时: %s\n", bad[i]);
        check_fault(AJ_KIND_PAGE, yaml, "field-duration", 1);
    }
}

static const char *source(uint32_t i, const char *key)
{
    return aj_value_get_string(aj_value_at(aj_value_get(meta, "sources"), i), key, NULL);
}

static void test_sources(void)
{
    g_assert_true(apply(AJ_KIND_CASE,
                        "来源:\n  - 《调查报告》\n  - '[通报](https://example.org/a_(b))'\n"
                        "  - 通知：https://example.org/c。\n  - https://example.org/d\n"
                        "  - 名称: 公告\n    网址: http://example.org/e\n    日期: 2021年4月8日\n"
                        "  - url: https://example.org/f\n"));
    g_assert_cmpuint(aj_value_len(aj_value_get(meta, "sources")), ==, 6);
    g_assert_cmpstr(source(0, "text"), ==, "《调查报告》");
    g_assert_null(source(0, "url"));
    g_assert_cmpstr(source(1, "text"), ==, "通报");
    g_assert_cmpstr(source(1, "url"), ==, "https://example.org/a_(b)");
    g_assert_cmpstr(source(2, "text"), ==, "通知");
    g_assert_cmpstr(source(2, "url"), ==, "https://example.org/c");
    g_assert_cmpstr(source(3, "text"), ==, "https://example.org/d");
    g_assert_cmpstr(source(4, "text"), ==, "公告");
    g_assert_cmpstr(source(4, "url"), ==, "http://example.org/e");
    g_assert_cmpstr(source(4, "date"), ==, "2021-04-08");
    g_assert_cmpstr(source(5, "text"), ==, "https://example.org/f");
    g_assert_true(apply(AJ_KIND_CASE, "sources: 单独一项\n"));
    g_assert_cmpstr(source(0, "text"), ==, "单独一项");
    check_fault(AJ_KIND_PAGE, "sources:\n  - {text: a, url: 'javascript:alert(1)'}\n", "field-url",
                2);
    check_fault(AJ_KIND_PAGE, "sources:\n  - '[a](JaVaScript:alert(1))'\n", "field-url", 2);
    check_fault(AJ_KIND_PAGE, "sources:\n  - {date: 2021-01-01}\n", "field-type", 2);
    check_fault(AJ_KIND_PAGE, "sources:\n  - [a]\n", "field-type", 2);
}

static void test_required(void)
{
    check_fault(AJ_KIND_CASE, "title: x\n", "field-missing", 1);
    check_fault(AJ_KIND_CASE, "title: x\nsources:\n", "field-missing", 2);
    check_fault(AJ_KIND_CASE, "title: x\nsources: []\n", "field-missing", 2);
    check_fault(AJ_KIND_COURSE, "title: x\n", "field-missing", 1);
    check_fault(AJ_KIND_CASE, "sources: [[a]]\n", "field-type", 1);
    g_assert_true(apply_at(AJ_KIND_CASE, "cases/index.md", "title: x\n"));
    g_assert_true(apply_at(AJ_KIND_COURSE, "courses/README.md", "title: x\n"));
}

static void test_paths(void)
{
    g_assert_true(
        apply(AJ_KIND_COURSE, "页面: [cases/tank.md, ./a.md, /b.md, ../c.md]\n考试: q.md\n"));
    g_assert_cmpstr(item("pages", 0), ==, "cases/tank.md");
    g_assert_cmpstr(item("pages", 1), ==, "a.md");
    g_assert_cmpstr(item("pages", 2), ==, "b.md");
    g_assert_cmpstr(item("pages", 3), ==, "../c.md");
    check_fault(AJ_KIND_COURSE, "pages: [a/../../b.md]\n", "field-path", 1);
    check_fault(AJ_KIND_COURSE, "pages:\n  - a.md\n  - a//b.md\n", "field-path", 3);
    check_fault(AJ_KIND_COURSE, "pages: ['a\\b.md']\n", "field-path", 1);
    check_fault(AJ_KIND_COURSE, "pages: [.git/config]\n", "field-path", 1);
    g_assert_true(apply(AJ_KIND_PAGE, "aliases: [/old/, old.md, a/b.html, c]\nslug: 新名\n"));
    g_assert_cmpstr(item("aliases", 0), ==, "old/index.html");
    g_assert_cmpstr(item("aliases", 1), ==, "old.html");
    g_assert_cmpstr(item("aliases", 2), ==, "a/b.html");
    g_assert_cmpstr(item("aliases", 3), ==, "c.html");
    g_assert_cmpstr(text("slug"), ==, "新名");
    check_fault(AJ_KIND_PAGE, "aliases: ../x\n", "field-path", 1);
    check_fault(AJ_KIND_PAGE, "aliases: 'https://example.org/'\n", "field-path", 1);
    check_fault(AJ_KIND_PAGE, "slug: a/b\n", "field-slug", 1);
    check_fault(AJ_KIND_PAGE, "slug: ..\n", "field-slug", 1);
    check_fault(AJ_KIND_PAGE, "slug: index\n", "field-slug", 1);
}

static void test_kinds(void)
{
    g_assert_true(apply(AJ_KIND_PAGE, "类型: 标兵\n荣誉: [甲]\n"));
    g_assert_cmpstr(text("kind"), ==, "model");
    g_assert_cmpstr(item("honours", 0), ==, "甲");
    check_fault(AJ_KIND_PAGE, "类型: 案例\n", "field-missing", 1);
    check_fault(AJ_KIND_PAGE, "kind: 别的\n", "field-kind", 1);
    AjValue *raw =
        aj_frontmatter_parse_file(arena, "类型: 党课\n", strlen("类型: 党课\n"), "x", diags);
    g_assert_cmpint(aj_schema_kind(raw, AJ_KIND_PAGE), ==, AJ_KIND_LESSON);
    g_assert_cmpint(aj_schema_kind(NULL, AJ_KIND_CASE), ==, AJ_KIND_CASE);
}

static void check_unknown(AjKind kind, const char *yaml, const char *hint_part)
{
    g_assert_true(apply(kind, yaml));
    g_assert_cmpuint(aj_diags_total(diags), ==, 1);
    const AjDiag *d = aj_diags_at(diags, 0);
    g_test_message("%s: %s (%s)", d->code, d->message, d->hint);
    g_assert_cmpint(d->level, ==, AJ_WARNING);
    g_assert_cmpstr(d->code, ==, "unknown-field");
    g_assert_nonnull(strstr(d->hint, hint_part));
}

static void test_unknown(void)
{
    check_unknown(AJ_KIND_PAGE, "titel: x\n", "title");
    check_unknown(AJ_KIND_PAGE, "危险因数: x\n", "危险因素");
    check_unknown(AJ_KIND_CASE, "sources: 甲\n死忘人数: 3\n", "死亡人数");
    check_unknown(AJ_KIND_PAGE, "deaths: 3\n", "类型");
    check_unknown(AJ_KIND_PAGE, "zzzzzz: 3\n", "参数");
    g_assert_cmpint(aj_value_get_int(meta, "zzzzzz", 0), ==, 3);
    check_unknown(AJ_KIND_PAGE, "𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷𠮷: 3\n",
                  "参数");
    GString *many = g_string_new(NULL);
    for (unsigned i = 0; i < 900; i++)
        g_string_append_printf(many, "unknown%u: %u\n", i, i);
    g_assert_true(apply(AJ_KIND_PAGE, many->str));
    g_assert_cmpuint(aj_diags_total(diags), ==, 20);
    g_string_free(many, TRUE);
}

static void test_twice(void)
{
    check_fault(AJ_KIND_PAGE, "title: a\n标题: b\n", "field-twice", 2);
    check_fault(AJ_KIND_PAGE, "Title: a\ntitle: b\n", "field-twice", 2);
}

/* A site's own taxonomies are lists of tags like the built-in ones. */
static void test_own_lists(void)
{
    static const char *const lists[] = {"tags", "workshop", "工艺", NULL};
    const char *yaml = "workshop: 一车间、二车间\n工艺: [电解]\ntags: 甲\nother: 1\n";
    aj_arena_reset(arena);
    aj_diags_clear(diags);
    AjValue *raw = aj_frontmatter_parse_file(arena, yaml, strlen(yaml), "x.md", diags);
    g_assert_true(aj_schema_apply(arena, AJ_KIND_PAGE, lists, raw, true, "x.md", &meta, diags));
    g_assert_cmpstr(item("workshop", 1), ==, "二车间");
    g_assert_cmpstr(item("工艺", 0), ==, "电解");
    g_assert_cmpstr(item("tags", 0), ==, "甲");
    g_assert_cmpuint(aj_diags_total(diags), ==, 1);
    g_assert_cmpuint(aj_diags_at(diags, 0)->pos.line, ==, 4);
}

static void test_nearest(void)
{
    static const char *const names[] = {"title", "标题", NULL, "tags", "time"};
    g_assert_cmpstr(aj_spell_nearest("titlle", names, 5), ==, "title");
    g_assert_cmpstr(aj_spell_nearest("TITLE", names, 5), ==, "title");
    g_assert_cmpstr(aj_spell_nearest("标提", names, 5), ==, "标题");
    g_assert_cmpstr(aj_spell_nearest("tag", names, 5), ==, "tags");
    g_assert_null(aj_spell_nearest("", names, 5));
    g_assert_null(aj_spell_nearest("t", names, 5));
    g_assert_null(aj_spell_nearest("whatever", names, 5));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    arena = aj_arena_new(64 * 1024);
    diags = aj_diags_new();
    g_test_add_func("/load/schema/every-name", test_every_name);
    g_test_add_func("/load/schema/design-names", test_design_names);
    g_test_add_func("/load/schema/empty", test_empty);
    g_test_add_func("/load/schema/texts", test_texts);
    g_test_add_func("/load/schema/lists", test_lists);
    g_test_add_func("/load/schema/dates", test_dates);
    g_test_add_func("/load/schema/numbers", test_numbers);
    g_test_add_func("/load/schema/bools", test_bools);
    g_test_add_func("/load/schema/quiz", test_quiz);
    g_test_add_func("/load/schema/durations", test_durations);
    g_test_add_func("/load/schema/sources", test_sources);
    g_test_add_func("/load/schema/required", test_required);
    g_test_add_func("/load/schema/paths", test_paths);
    g_test_add_func("/load/schema/kinds", test_kinds);
    g_test_add_func("/load/schema/unknown", test_unknown);
    g_test_add_func("/load/schema/twice", test_twice);
    g_test_add_func("/load/schema/own-lists", test_own_lists);
    g_test_add_func("/load/schema/nearest", test_nearest);
    int status = g_test_run();
    aj_diags_free(diags);
    aj_arena_free(arena);
    return status;
}
