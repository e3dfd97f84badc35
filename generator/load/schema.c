/* schema - the fields of each kind, and front matter held against them.
 *
 * Must not know: YAML, how fields are shown. */
#include "load/schema.h"

#include "load/scalar.h"

#include <string.h>

/* --- the tables ------------------------------------------------------------------------------ */

#define F(k, z, t, a, h)                                                                           \
    {                                                                                              \
        .key = k, .zh = z, .type = t, .also = a, .hint = h                                         \
    }
#define MUST(k, z, t, a, h)                                                                        \
    {                                                                                              \
        .key = k, .zh = z, .type = t, .also = a, .hint = h, .required = true                       \
    }
#define N(k, z, t, lo, hi, a, h)                                                                   \
    {                                                                                              \
        .key = k, .zh = z, .type = t, .min = lo, .max = hi, .also = a, .hint = h                   \
    }

#define QUIZ_FIELDS                                                                                \
    N("pass", "及格线", "int", 1, 100, "合格线", "百分数，例如 80"),                               \
        N("pick", "抽题", "int", 1, 1000, "抽题数", "每次抽几题；不写就全部出"),                   \
        F("shuffle", "打乱", "shuffle", NULL, "[题目, 选项]"),                                     \
        N("attempts", "次数", "int", 1, 1000, NULL, "最多可以做几次"),                             \
        F("mode", "模式", "mode", NULL, "练习（答完就看解析）或 考试（交卷后才判）"),              \
        F("time_limit", "限时", "duration", NULL, "例如 20分钟")

#define COMMON_FIELDS                                                                              \
    F("title", "标题", "text", NULL, "不写就用正文的第一个标题"),                                  \
        F("date", "日期", "date", NULL, "写作日期，例如 2026-11-20"),                              \
        F("summary", "摘要", "text", "description 简介 描述", "一两句话，列表页上显示"),           \
        F("author", "作者", "names", "authors 编写", "编写人"),                                    \
        F("tags", "标签", "tags", "tag", "[标签一, 标签二]"),                                      \
        F("hazards", "危险因素", "tags", "hazard 危害因素", "[有限空间, 中毒窒息]"),               \
        F("posts", "岗位", "tags", NULL, "哪些岗位要学"),                                          \
        F("level", "等级", "tags", "levels 级别", "例如 较大事故、班组级"),                        \
        N("hours", "学时", "number", 0.01, 72, NULL, "0.5 到 72"),                                 \
        F("review", "复审日期", "date", NULL, "到这一天要再看一遍内容"),                           \
        F("draft", "草稿", "bool", NULL, "是：暂不发布"),                                          \
        N("weight", "排序", "int", -1000000, 1000000, "顺序", "小的排在前面"),                     \
        F("slug", "网址名", "slug", NULL, "代替文件名作网址，用英文"),                             \
        F("aliases", "别名", "addresses", "旧网址", "旧网址，会转到本页"),                         \
        F("categories", "分类", "tags", "category", "另一种分类"),                                 \
        F("series", "系列", "tags", NULL, "属于哪个系列"),                                         \
        F("keywords", "关键词", "tags", NULL, "帮助检索的词"),                                     \
        F("kind", "类型", "kind", NULL, "不写就由文件夹决定"),                                     \
        F("filters", "过滤器", "tags", "filter", "这一页另外用的过滤器，例如 [glossary]"),         \
        F("params", "参数", "map", NULL, "自定义内容，模板可用"),                                  \
        F("quiz", "测验", "any", NULL, "本页有题目时写测验的名称"), QUIZ_FIELDS

static const AjField case_fields[] = {
    F("time", "时间", "text", "事故时间 发生时间", "事故发生的时间"),
    F("place", "地点", "text", "事故地点 发生地点", "事故发生的地点"),
    F("industry", "行业", "text", NULL, "例如 有色金属冶炼"),
    N("deaths", "死亡人数", "int", 0, 100000, "死亡", "没有写 0"),
    N("injuries", "受伤人数", "int", 0, 100000, "受伤", "没有写 0"),
    F("loss", "直接经济损失", "text", "经济损失", "例如 1200 万元"),
    F("direct_cause", "直接原因", "text", NULL, "一句话"),
    F("causes", "间接原因", "list", "原因 indirect_causes", "每行一条，以“- ”开头"),
    F("lessons", "教训", "list", "事故教训", "每行一条，以“- ”开头，写给同岗位的人"),
    F("discussion", "讨论题", "list", "讨论", "班前会问的三个问题，每行一题；不写用通用的"),
    MUST("sources", "来源", "links", "source 出处 资料来源", "每项写名称和网址"),
    COMMON_FIELDS,
};
static const AjField model_fields[] = {
    F("name", "姓名", "text", "名称", "个人、班组或单位的名称"),
    F("unit", "单位", "text", NULL, "所在单位"),
    F("post", "职务", "text", "工种", "职务或工种"),
    F("honours", "荣誉", "list", "honors honour", "每行一项，以“- ”开头"),
    F("sources", "来源", "links", "source 出处 资料来源", "每项写名称和网址"),
    COMMON_FIELDS,
};
static const AjField lesson_fields[] = {
    F("duty", "职责", "text", NULL, "这一课对应的安全职责"),
    F("points", "学习要点", "list", "要点", "每行一条，以“- ”开头"),
    F("discussion", "讨论题", "list", "讨论", "每行一题，以“- ”开头"),
    F("duties", "责任清单", "list", NULL, "每行一条，以“- ”开头"),
    F("signin", "签到", "flag", "sign_in", "是：页末附签到表"),
    F("sources", "来源", "links", "source 出处 资料来源", "每项写名称和网址"),
    COMMON_FIELDS,
};
static const AjField course_fields[] = {
    MUST("pages", "页面", "paths", "课程页面 目录", "按学习顺序，每行一个文件，例如 cases/tank.md"),
    F("exam", "考试", "path", "结业考试", "考试用的测验页，例如 quizzes/exam.md"),
    N("valid", "有效期", "int", 1, 120, "有效期月", "几个月后要再学，例如 12；不写就一直有效"),
    F("sources", "来源", "links", "source 出处 资料来源", "每项写名称和网址"),
    COMMON_FIELDS,
};
static const AjField plain_fields[] = {
    F("sources", "来源", "links", "source 出处 资料来源", "每项写名称和网址"),
    COMMON_FIELDS,
};
static const AjField quiz_fields[] = {
    F("title", "标题", "text", "名称", NULL), /* the first: left out for site.yaml */
    QUIZ_FIELDS,
};

static const struct {
    const AjField *fields;
    uint32_t count;
} tables[AJ_KINDS] = {
    [AJ_KIND_CASE] = {case_fields, G_N_ELEMENTS(case_fields)},
    [AJ_KIND_MODEL] = {model_fields, G_N_ELEMENTS(model_fields)},
    [AJ_KIND_LESSON] = {lesson_fields, G_N_ELEMENTS(lesson_fields)},
    [AJ_KIND_COURSE] = {course_fields, G_N_ELEMENTS(course_fields)},
    [AJ_KIND_QUIZ] = {plain_fields, G_N_ELEMENTS(plain_fields)},
    [AJ_KIND_PAGE] = {plain_fields, G_N_ELEMENTS(plain_fields)},
};

const AjField *aj_schema_fields(AjKind kind, uint32_t *count_out)
{
    g_assert(kind < AJ_KINDS);
    *count_out = tables[kind].count;
    return tables[kind].fields;
}

const char *aj_schema_key(const char *name)
{
    for (unsigned kind = 0; kind < AJ_KINDS; kind++) {
        const AjField *f = aj_field_find(tables[kind].fields, tables[kind].count, name);
        if (f)
            return f->key;
    }
    return NULL;
}

/* `quiz` as the title alone; the other keys of a map move up, where a key of the page wins. */
static bool settle_quiz(AjArena *a, AjValue *meta, const AjValue *v, const char *path,
                        AjDiags *diags)
{
    const char *title = "";
    g_autofree char *text = NULL;
    bool good = true;
    int b = aj_scalar_bool(v);
    if (v->type == AJ_VALUE_MAP) {
        AjValue *map = aj_value_map(a);
        good = aj_field_apply(a, quiz_fields, G_N_ELEMENTS(quiz_fields), v, path, NULL, map, diags);
        title = aj_value_get_string(map, "title", "");
        for (uint32_t i = 0; i < map->len; i++)
            if (strcmp(map->entries[i].key, "title") != 0 &&
                !aj_value_get(meta, map->entries[i].key))
                aj_value_set(a, meta, map->entries[i].key, map->entries[i].value);
    } else if (v->type == AJ_VALUE_LIST) {
        aj_diag(diags, AJ_ERROR, (AjPos){path, v->line, 0}, "field-type",
                AJ_TR("写成 测验: 名称", "write quiz: and its title"),
                AJ_TR("“测验”应当是名称", "“quiz” has to be a title"));
        good = false;
    } else if (b == 0) {
        title = NULL;
    } else if (b < 0) {
        title = v->type == AJ_VALUE_STRING ? v->s : (text = aj_scalar_folded(v));
    }
    uint32_t line = v->line;
    AjValue *quiz = title ? aj_value_string(a, title) : aj_value_null(a);
    quiz->line = line;
    aj_value_set(a, meta, "quiz", quiz);
    return good;
}

AjKind aj_schema_kind(const AjValue *raw, AjKind fallback)
{
    for (uint32_t i = 0; raw && raw->type == AJ_VALUE_MAP && i < raw->len; i++) {
        const char *key = raw->entries[i].key;
        AjKind kind = fallback;
        if (g_ascii_strcasecmp(key, "kind") != 0 && strcmp(key, "类型") != 0)
            continue;
        g_autofree char *s = aj_scalar_folded(raw->entries[i].value);
        if (aj_kind_find(s, &kind))
            return kind;
    }
    return fallback;
}

/* What was given and refused has been said already. */
static bool check_required(const AjField *fields, uint32_t count, const AjValue *raw,
                           const AjValue *meta, const char *path, AjDiags *diags)
{
    bool good = true;
    for (uint32_t i = 0; i < count; i++) {
        const AjField *f = &fields[i];
        if (!f->required || aj_value_get(meta, f->key))
            continue;
        uint32_t line = 1;
        bool refused = false;
        for (uint32_t k = 0; k < raw->len; k++) {
            const AjValue *v = raw->entries[k].value;
            if (aj_field_find(fields, count, raw->entries[k].key) != f)
                continue;
            line = v->line;
            refused = v->type != AJ_VALUE_NULL && aj_value_len(v) > 0;
        }
        good = false;
        if (refused)
            continue;
        g_autofree char *hint = aj_lang_english()
                                    ? g_strdup_printf("add %s: to the front matter", f->key)
                                    : g_strdup_printf("在页首信息里写上“%s:”，%s", f->zh, f->hint);
        aj_diag(diags, AJ_ERROR, (AjPos){path, line, 0}, "field-missing", hint,
                AJ_TR("缺少“%s”", "“%s” is missing"), AJ_TR(f->zh, f->key));
    }
    return good;
}

/* The kind's fields, and one of tags for each of the site's own lists that has none. */
static const AjField *fields_with(AjArena *a, AjKind kind, const char *const *lists,
                                  uint32_t *count_out)
{
    const AjField *fields = aj_schema_fields(kind, count_out);
    uint32_t more = 0, known = *count_out;
    for (size_t i = 0; lists && lists[i]; i++)
        more += !aj_field_find(fields, known, lists[i]);
    if (more == 0)
        return fields;
    AjField *own = aj_arena_alloc(a, (known + more) * sizeof(*own));
    memcpy(own, fields, known * sizeof(*own));
    for (size_t i = 0; lists[i]; i++)
        if (!aj_field_find(fields, known, lists[i]))
            own[(*count_out)++] = (AjField)F(lists[i], lists[i], "tags", NULL, NULL);
    return own;
}

bool aj_schema_apply(AjArena *a, AjKind kind, const char *const *lists, const AjValue *raw,
                     bool present, const char *path, AjValue **meta_out, AjDiags *diags)
{
    AjValue *meta = aj_value_map(a);
    *meta_out = meta;
    kind = aj_schema_kind(raw, kind);
    uint32_t count = 0;
    const AjField *fields = fields_with(a, kind, lists, &count);
    bool good = true, index = aj_page_is_index(path);
    if (raw && raw->type == AJ_VALUE_MAP) {
        good = aj_field_apply(a, fields, count, raw, path, aj_schema_key, meta, diags);
        const AjValue *quiz = aj_value_get(meta, "quiz");
        if (quiz && !settle_quiz(a, meta, quiz, path, diags))
            good = false;
        if (present && !index && !check_required(fields, count, raw, meta, path, diags))
            good = false;
    }
    if (kind == AJ_KIND_QUIZ && !index && !aj_value_get(meta, "quiz"))
        aj_value_set_string(a, meta, "quiz", "");
    aj_value_set_string(a, meta, "kind", aj_kind_name(kind));
    return good;
}

AjValue *aj_schema_quiz(AjArena *a, const AjValue *raw, const char *path, AjDiags *diags)
{
    AjValue *out = aj_value_map(a);
    if (raw && raw->type == AJ_VALUE_MAP)
        aj_field_apply(a, quiz_fields + 1, G_N_ELEMENTS(quiz_fields) - 1, raw, path, NULL, out,
                       diags);
    return out;
}
