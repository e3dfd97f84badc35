/* settings - site.yaml to AjConfig.
 *
 * Must not know: the command line, themes' insides. */
#include "load/settings.h"
#include "load/field.h"
#include "load/frontmatter.h"
#include "load/schema.h"

#include <string.h>

#define F(k, z, t, a)                                                                              \
    {                                                                                              \
        .key = k, .zh = z, .type = t, .also = a                                                    \
    }
static const AjField site_fields[] = {
    F("title", "标题", "text", "名称"),
    F("language", "语言", "text", "lang"),
    F("base_url", "网址", "text", "baseurl"),
    F("description", "描述", "text", "简介 摘要 summary"),
    F("author", "作者", "names", "authors"),
    F("theme", "主题", "text", NULL),
    F("filters", "过滤器", "tags", NULL),
    F("sections", "栏目", "any", NULL),
    F("taxonomies", "分类", "tags", NULL),
    F("synonyms", "同义词", "any", NULL),
    F("quiz", "测验", "map", NULL),
    F("params", "参数", "map", NULL),
    F("raw_html", "原始HTML", "bool", "原始html"),
    F("search", "搜索", "bool", NULL),
    F("diffs", "改动页", "bool", NULL),
    F("coverage", "覆盖表", "bool", NULL),
    F("editions", "版次", "tags", NULL),
    {.key = "page_size", .zh = "每页条数", .type = "int", .min = 5, .max = 1000},
    F("assets", "附件", "map", NULL),
};
static const AjField section_fields[] = {
    F("title", "标题", "text", "名称"),
    {.key = "weight", .zh = "排序", .type = "int", .min = -1000000, .max = 1000000, .also = "顺序"},
    F("summary", "摘要", "text", "description 简介 描述"),
    F("kind", "类型", "kind", NULL),
};
static const AjField asset_fields[] = {
    {.key = "max_kb", .zh = "上限KB", .type = "int", .max = 1 << 30, .also = "上限kb"},
    {.key = "recode", .zh = "缩小图片", .type = "bool"},
    {.key = "page_kb", .zh = "页面上限KB", .type = "int", .max = 1 << 20, .also = "页面上限kb"},
};

typedef struct {
    AjArena *arena;
    const char *path;
    AjDiags *diags;
    bool good;
} Settings;

static void fault(Settings *s, const AjValue *v, const char *code, const char *hint,
                  const char *message)
{
    s->good = false;
    aj_diag(s->diags, AJ_ERROR, (AjPos){s->path, v->line, 0}, code, hint, "%s", message);
}

/* Names become paths: themes/NAME, lua-filters/NAME, a taxonomy's folder. */
static bool is_name(const char *s)
{
    if (!*s || *s == '.' || *s == '-' || strlen(s) > 64)
        return false;
    for (; *s; s++)
        if (!g_ascii_isalnum(*s) && !strchr("._-", *s))
            return false;
    return true;
}

static const char *const *string_array(AjArena *a, const char *const *items, size_t count)
{
    const char **array = aj_arena_alloc(a, (count + 1) * sizeof(*array));
    for (size_t i = 0; i < count; i++)
        array[i] = items[i];
    return array;
}

/* The list under `key` as names, else `fallback`; an empty list means none. */
static const char *const *take_names(Settings *s, const AjValue *raw, const AjValue *map,
                                     const char *key, const char *const *fallback, size_t count)
{
    const AjValue *list = aj_value_get(map, key);
    for (uint32_t i = 0; !list && i < raw->len; i++) {
        const AjField *f =
            aj_field_find(site_fields, G_N_ELEMENTS(site_fields), raw->entries[i].key);
        if (f && strcmp(f->key, key) == 0 && raw->entries[i].value->type == AJ_VALUE_LIST)
            return string_array(s->arena, NULL, 0);
    }
    if (!list)
        return string_array(s->arena, fallback, count);
    const char **array = aj_arena_alloc(s->arena, (list->len + 1) * sizeof(*array));
    for (uint32_t i = 0; i < list->len; i++) {
        const char *name = list->items[i]->s;
        if (strcmp(key, "taxonomies") == 0 && aj_schema_key(name))
            name = aj_schema_key(name);
        if (!is_name(name)) {
            g_autofree char *message = g_strdup_printf(
                AJ_TR("“%s”里的“%s”不能作名字", "%s: “%s” cannot be a name"), key, name);
            fault(s, list->items[i], "site-name",
                  AJ_TR("只用英文字母、数字和 - _ .", "use letters, digits and - _ . only"),
                  message);
        }
        array[i] = name;
    }
    return array;
}

static const char *take_base_url(Settings *s, const AjValue *map)
{
    const AjValue *v = aj_value_get(map, "base_url");
    if (!v)
        return "";
    bool web = g_str_has_prefix(v->s, "https://") || g_str_has_prefix(v->s, "http://");
    if (!web || strlen(strchr(v->s, '/')) < 3 || strpbrk(v->s, " \"<>\\?#")) {
        fault(s, v, "site-url",
              AJ_TR("写成 https://example.org/safety/ 这样",
                    "write it as https://example.org/safety/"),
              AJ_TR("“网址”（base_url）不是完整的网址", "base_url is no whole web address"));
        return "";
    }
    return v->s[v->len - 1] == '/' ? v->s : aj_arena_printf(s->arena, "%s/", v->s);
}

static const char *take_language(Settings *s, const AjValue *map)
{
    const AjValue *v = aj_value_get(map, "language");
    if (!v)
        return "zh-CN";
    size_t part = 0;
    bool fits = g_ascii_isalpha(v->s[0]);
    for (const char *p = v->s; fits && *p; p++) {
        part = *p == '-' ? 0 : part + 1;
        fits =
            (*p == '-' || g_ascii_isalnum(*p)) && part <= 8 && (*p != '-' || g_ascii_isalnum(p[1]));
    }
    if (!fits) {
        fault(s, v, "site-language", AJ_TR("写成 zh-CN 或 en", "write zh-CN or en"),
              AJ_TR("“语言”（language）不是语言代码", "language is no language code"));
        return "zh-CN";
    }
    return v->s;
}

static const char *take_theme(Settings *s, const AjValue *map)
{
    const AjValue *v = aj_value_get(map, "theme");
    if (v && !is_name(v->s))
        fault(s, v, "site-name", AJ_TR("写 themes 里的文件夹名", "name a folder of themes"),
              AJ_TR("“主题”（theme）不是文件夹名", "theme is no folder's name"));
    return v ? v->s : "classic";
}

/* "cases/" → "cases"; NULL for what is no folder of the site. */
static const char *folder_name(AjArena *a, const char *s)
{
    size_t len = strlen(s);
    while (len > 0 && s[len - 1] == '/')
        len--;
    while (len > 0 && *s == '/') {
        s++;
        len--;
    }
    char *name = aj_arena_strndup(a, s, len);
    for (const char *part = name; part; part = strchr(part, '/') ? strchr(part, '/') + 1 : NULL)
        if (*part == '.' || *part == '/' || *part == '\0' || strchr(part, '\\'))
            return NULL;
    return name;
}

static void add_section(Settings *s, AjValue *sections, const char *written, const AjValue *v,
                        const AjValue *where)
{
    const char *folder = folder_name(s->arena, written);
    AjValue *section = aj_value_map(s->arena);
    section->line = where->line;
    if (!folder || (v && v->type == AJ_VALUE_LIST)) {
        fault(s, where, "site-section",
              AJ_TR("写成 文件夹名: 栏目标题，例如 cases: 案例",
                    "write folder: title, such as cases: Cases"),
              AJ_TR("“栏目”（sections）写法不对", "sections: this is no folder with its title"));
        return;
    }
    if (v && v->type == AJ_VALUE_MAP) {
        if (!aj_field_apply(s->arena, section_fields, G_N_ELEMENTS(section_fields), v, s->path,
                            NULL, section, s->diags))
            s->good = false;
    } else if (v && v->type != AJ_VALUE_NULL) {
        AjValue *one = aj_value_map(s->arena);
        aj_value_set(s->arena, one, "title", aj_value_copy(s->arena, v));
        aj_field_apply(s->arena, section_fields, G_N_ELEMENTS(section_fields), one, s->path, NULL,
                       section, s->diags);
    }
    if (!aj_value_get(section, "weight"))
        aj_value_set_int(s->arena, section, "weight", 10 * ((int64_t)sections->len + 1));
    aj_value_set(s->arena, sections, folder, section);
}

static AjValue *take_sections(Settings *s, const AjValue *map, bool english)
{
    static const char *const titles[AJ_KINDS] = {
        [AJ_KIND_CASE] = "Cases",     [AJ_KIND_MODEL] = "Models", [AJ_KIND_LESSON] = "Lessons",
        [AJ_KIND_COURSE] = "Courses", [AJ_KIND_QUIZ] = "Quizzes", [AJ_KIND_PAGE] = "Pages"};
    AjValue *sections = aj_value_map(s->arena);
    const AjValue *v = aj_value_get(map, "sections");
    if (v && v->type == AJ_VALUE_MAP) {
        for (uint32_t i = 0; i < v->len; i++)
            add_section(s, sections, v->entries[i].key, v->entries[i].value, v->entries[i].value);
    } else if (v && v->type == AJ_VALUE_LIST) {
        for (uint32_t i = 0; i < v->len; i++) {
            bool name = v->items[i]->type == AJ_VALUE_STRING;
            add_section(s, sections, name ? v->items[i]->s : "", NULL, v->items[i]);
        }
    } else if (v) {
        add_section(s, sections, "", NULL, v);
    }
    for (unsigned kind = 0; kind < AJ_KINDS; kind++) {
        const char *folder = aj_kind_folder((AjKind)kind);
        AjValue *section = (AjValue *)aj_value_get(sections, folder);
        if (!section) {
            section = aj_value_map(s->arena);
            aj_value_set_int(s->arena, section, "weight", 1000 + 10 * ((int64_t)kind + 1));
            aj_value_set(s->arena, sections, folder, section);
        }
        if (!aj_value_get(section, "title"))
            aj_value_set_string(s->arena, section, "title",
                                english ? titles[kind] : aj_kind_zh((AjKind)kind));
    }
    for (uint32_t i = 0; i < sections->len; i++)
        if (!aj_value_get(sections->entries[i].value, "title"))
            aj_value_set_string(s->arena, sections->entries[i].value, "title",
                                sections->entries[i].key);
    return sections;
}

static const AjField word_fields[] = {F("words", "同义词", "tags", NULL)};

/* Lists, "甲、乙" in one string, or 甲: [乙, 丙]. */
static AjValue *take_synonyms(Settings *s, const AjValue *map)
{
    AjValue *groups = aj_value_list(s->arena);
    const AjValue *v = aj_value_get(map, "synonyms");
    if (!v)
        return groups;
    if (v->type != AJ_VALUE_LIST && v->type != AJ_VALUE_MAP) {
        fault(s, v, "site-synonyms", AJ_TR("每行写 - [受限空间, 有限空间]", "write - [one, other]"),
              AJ_TR("“同义词”（synonyms）应当是列表", "synonyms has to be a list"));
        return groups;
    }
    for (uint32_t i = 0; i < v->len; i++) {
        const AjValue *item = v->type == AJ_VALUE_LIST ? v->items[i] : v->entries[i].value;
        AjValue *raw = aj_value_map(s->arena), *typed = aj_value_map(s->arena);
        aj_value_set(s->arena, raw, "words", aj_value_copy(s->arena, item));
        if (!aj_field_apply(s->arena, word_fields, 1, raw, s->path, NULL, typed, s->diags))
            s->good = false;
        AjValue *words = (AjValue *)aj_value_get(typed, "words");
        if (words && v->type == AJ_VALUE_MAP)
            aj_value_push(s->arena, words, aj_value_string(s->arena, v->entries[i].key));
        if (words && words->len > 1)
            aj_value_push(s->arena, groups, words);
    }
    return groups;
}

static void take_limits(Settings *s, const AjValue *map, AjConfig *c)
{
    AjValue *typed = aj_value_map(s->arena);
    const AjValue *v = aj_value_get(map, "assets");
    if (v && !aj_field_apply(s->arena, asset_fields, G_N_ELEMENTS(asset_fields), v, s->path, NULL,
                             typed, s->diags))
        s->good = false;
    c->asset_limit = (uint64_t)aj_value_get_int(typed, "max_kb", 5 * 1024) * 1024;
    c->page_limit = (uint64_t)aj_value_get_int(typed, "page_kb", 60) * 1024;
    c->recode = aj_value_get_bool(typed, "recode", false);
}

AjConfig *aj_settings_parse(AjArena *a, const char *text, size_t len, const char *path,
                            const char *root, AjDiags *diags)
{
    static const char *const filters[] = {"quiz"};
    static const char *const taxonomies[] = {"tags", "hazards", "posts", "level"};
    Settings s = {a, path, diags, true};
    const AjValue *raw =
        text ? aj_frontmatter_parse_file(a, text, len, path, diags) : aj_value_map(a);
    if (!raw)
        return NULL;
    AjValue *map = aj_value_map(a);
    s.good = aj_field_apply(a, site_fields, G_N_ELEMENTS(site_fields), raw, path, NULL, map, diags);
    AjConfig *c = aj_arena_alloc(a, sizeof(*c));
    g_autofree char *folder = g_path_get_basename(root);
    c->root = aj_arena_strdup(a, root);
    c->title = aj_value_get_string(map, "title", NULL);
    if (!c->title)
        c->title = aj_arena_strdup(a, folder);
    c->language = take_language(&s, map);
    c->base_url = take_base_url(&s, map);
    c->description = aj_value_get_string(map, "description", "");
    c->author = aj_value_get_string(map, "author", "");
    c->theme = take_theme(&s, map);
    const AjValue *tags = aj_value_get(map, "editions");
    const char **patterns = aj_arena_alloc(a, (aj_value_len(tags) + 1) * sizeof *patterns);
    for (uint32_t i = 0; i < aj_value_len(tags); i++)
        patterns[i] = aj_value_at(tags, i)->s;
    c->editions = patterns;
    c->filters = take_names(&s, raw, map, "filters", filters, G_N_ELEMENTS(filters));
    c->taxonomies = take_names(&s, raw, map, "taxonomies", taxonomies, G_N_ELEMENTS(taxonomies));
    c->sections = take_sections(&s, map, g_ascii_strncasecmp(c->language, "en", 2) == 0);
    c->synonyms = take_synonyms(&s, map);
    uint32_t before = aj_diags_count(diags, AJ_ERROR);
    c->quiz = aj_schema_quiz(a, aj_value_get(map, "quiz"), path, diags);
    s.good = s.good && aj_diags_count(diags, AJ_ERROR) == before;
    c->extra = aj_value_get(map, "params");
    take_limits(&s, map, c);
    c->page_size = (unsigned)aj_value_get_int(map, "page_size", 50);
    c->raw_html = aj_value_get_bool(map, "raw_html", false);
    c->search = aj_value_get_bool(map, "search", true);
    c->diffs = aj_value_get_bool(map, "diffs", true);
    c->coverage = aj_value_get_bool(map, "coverage", true);
    c->all = raw;
    return s.good ? c : NULL;
}
