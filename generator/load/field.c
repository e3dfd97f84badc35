/* field - one map of named values held against a table of fields.
 *
 * Must not know: YAML, which kinds of pages there are beyond their names, how fields are shown. */
#include "load/field.h"

#include "base/text.h"
#include "load/scalar.h"
#include "load/spell.h"
#include "model/page.h"

#include <string.h>

/* --- names ----------------------------------------------------------------------------------- */

static bool field_has_name(const AjField *f, const char *name)
{
    if (strcmp(name, f->key) == 0 || strcmp(name, f->zh) == 0)
        return true;
    size_t len = strlen(name);
    for (const char *p = f->also; p && *p;) { /* names between blanks */
        size_t width = strcspn(p, " ");
        if (width == len && memcmp(p, name, len) == 0)
            return true;
        p += width + (p[width] == ' ');
    }
    return false;
}

static const AjField *find_exact(const AjField *fields, uint32_t count, const char *name)
{
    for (uint32_t i = 0; i < count; i++)
        if (field_has_name(&fields[i], name))
            return &fields[i];
    return NULL;
}

/* NFKC, lower case, '-' and blanks as '_': Time-Limit is time_limit. NULL for invalid UTF-8. */
static char *fold_name(const char *name)
{
    g_autofree char *wide = g_utf8_normalize(name, -1, G_NORMALIZE_ALL_COMPOSE);
    if (!wide)
        return NULL;
    char *folded = g_ascii_strdown(g_strstrip(wide), -1);
    return g_strdelimit(folded, "- ", '_');
}

const AjField *aj_field_find(const AjField *fields, uint32_t count, const char *name)
{
    const AjField *f = find_exact(fields, count, name);
    if (f || strlen(name) > 64)
        return f;
    g_autofree char *folded = fold_name(name);
    return folded ? find_exact(fields, count, folded) : NULL;
}

/* --- values ---------------------------------------------------------------------------------- */

typedef struct {
    AjArena *arena;
    const char *path;
    AjDiags *diags;
    const char *(*elsewhere)(const char *name);
    const char *written; /* the key as the editor wrote it */
    bool good;
} Apply;

static AjPos pos_of(const Apply *x, const AjValue *v)
{
    return (AjPos){x->path, v->line, 0};
}

/* “KEY” WHAT, and how to write it. Always NULL. */
static AjValue *wrong(Apply *x, const AjValue *v, const char *code, const char *hint,
                      const char *what)
{
    x->good = false;
    aj_diag(x->diags, AJ_ERROR, pos_of(x, v), code, hint, AJ_TR("“%s”%s", "“%s” %s"), x->written,
            what);
    return NULL;
}

static AjValue *string_new(Apply *x, const AjValue *v, const char *s)
{
    AjValue *made = aj_value_string(x->arena, s);
    made->line = v->line;
    return made;
}

static AjValue *take_text(Apply *x, const AjField *f, const AjValue *v)
{
    (void)f;
    g_autofree char *s = aj_scalar_text(v);
    if (!s)
        return wrong(x, v, "field-type",
                     AJ_TR("写成一行文字；文字里有冒号加空格，或以 [ { 开头时，用引号括起来",
                           "write one line of text, in quotes when it holds a colon and a blank or "
                           "begins with [ or {"),
                     AJ_TR("应当是文字", "has to be text"));
    return *s ? string_new(x, v, s) : NULL;
}

static void add_unique(Apply *x, AjValue *list, const AjValue *at, const char *s)
{
    for (uint32_t i = 0; i < list->len; i++)
        if (strcmp(list->items[i]->s, s) == 0)
            return;
    aj_value_push(x->arena, list, string_new(x, at, s));
}

/* Adds the strings of one string or a list of them. false: an item has another type. */
static bool add_strings(Apply *x, AjValue *list, const AjValue *v, const char *cut)
{
    if (v->type == AJ_VALUE_LIST) {
        for (uint32_t i = 0; i < v->len; i++) {
            const AjValue *item = v->items[i];
            if (item->type == AJ_VALUE_NULL)
                continue;
            g_autofree char *s = aj_scalar_text(item);
            if (!s) {
                wrong(x, item, "field-type",
                      AJ_TR("文字里有冒号加空格，或以 [ { 开头时，用引号把这一项括起来",
                            "put an item that holds a colon and a blank, or begins with [ or {, in "
                            "quotes"),
                      AJ_TR("的每一项应当是文字", "has to be a list of texts"));
                return false;
            }
            if (*s && cut)
                add_unique(x, list, item, s);
            else if (*s)
                aj_value_push(x->arena, list, string_new(x, item, s));
        }
        return true;
    }
    g_autofree char *s = aj_scalar_text(v);
    if (!s) {
        wrong(x, v, "field-type", AJ_TR("每项一行，以“- ”开头", "one item a line, “- ” first"),
              AJ_TR("应当是列表", "has to be a list"));
        return false;
    }
    const char *part = s;
    for (const char *p = s, *end = s + strlen(s); cut && p < end;) {
        const char *at = p;
        if (!g_utf8_strchr(cut, -1, aj_utf8_next(&p, end)))
            continue;
        g_autofree char *piece = g_strstrip(g_strndup(part, (gsize)(at - part)));
        if (*piece)
            add_unique(x, list, v, piece);
        part = p;
    }
    g_autofree char *rest = g_strstrip(g_strdup(part));
    if (*rest && cut)
        add_unique(x, list, v, rest);
    else if (*rest)
        aj_value_push(x->arena, list, string_new(x, v, rest));
    return true;
}

static AjValue *take_strings(Apply *x, const AjValue *v, const char *cut)
{
    AjValue *list = aj_value_list(x->arena);
    list->line = v->line;
    return add_strings(x, list, v, cut) && list->len > 0 ? list : NULL;
}

static AjValue *take_list(Apply *x, const AjField *f, const AjValue *v)
{
    (void)f;
    return take_strings(x, v, NULL);
}

static AjValue *take_tags(Apply *x, const AjField *f, const AjValue *v)
{
    (void)f;
    return take_strings(x, v, "、，,");
}

static AjValue *take_names(Apply *x, const AjField *f, const AjValue *v)
{
    if (v->type != AJ_VALUE_LIST)
        return take_text(x, f, v);
    AjValue *list = take_strings(x, v, NULL);
    if (!list)
        return NULL;
    g_autoptr(GString) joined = g_string_new(list->items[0]->s);
    for (uint32_t i = 1; i < list->len; i++)
        g_string_append_printf(joined, "、%s", list->items[i]->s);
    return string_new(x, v, joined->str);
}

static AjValue *take_date(Apply *x, const AjField *f, const AjValue *v)
{
    (void)f;
    unsigned year = 0, month = 0, day = 0;
    g_autofree char *s = aj_scalar_folded(v);
    if (!aj_scalar_date(s, &year, &month, &day))
        return wrong(x, v, "field-date", AJ_TR("写成 2026-11-20 这样", "write it as 2026-11-20"),
                     AJ_TR("应当是日期", "has to be a date"));
    if (year < 1000 || !g_date_valid_dmy((GDateDay)day, (GDateMonth)month, (GDateYear)year))
        return wrong(x, v, "field-date", AJ_TR("检查月和日", "check month and day"),
                     AJ_TR("写的这一天不存在", "names a day that does not exist"));
    g_autofree char *iso = g_strdup_printf("%04u-%02u-%02u", year, month, day);
    return string_new(x, v, iso);
}

static AjValue *take_number(Apply *x, const AjField *f, const AjValue *v)
{
    double number = 0;
    bool whole = strcmp(f->type, "int") == 0;
    if (!aj_scalar_number(v, &number) || (whole && number != (double)(int64_t)number))
        return wrong(x, v, "field-number",
                     AJ_TR("只写数字，例如 3", "write the number alone, such as 3"),
                     whole ? AJ_TR("应当是整数", "has to be a whole number")
                           : AJ_TR("应当是数字", "has to be a number"));
    if ((f->min != 0 || f->max != 0) && (number < f->min || number > f->max)) {
        g_autofree char *hint =
            f->min > 0 && f->min < 1
                ? g_strdup_printf(
                      AJ_TR("写成大于 0、不超过 %g 的数", "write more than 0, at most %g"), f->max)
                : g_strdup_printf(AJ_TR("写成 %.7g 到 %.7g 之间的数", "write %.7g to %.7g"), f->min,
                                  f->max);
        return wrong(x, v, "field-range", hint, AJ_TR("超出范围", "is out of range"));
    }
    AjValue *made = number == (double)(int64_t)number ? aj_value_int(x->arena, (int64_t)number)
                                                      : aj_value_double(x->arena, number);
    made->line = v->line;
    return made;
}

static AjValue *bool_new(Apply *x, const AjValue *v, bool b)
{
    AjValue *made = aj_value_bool(x->arena, b);
    made->line = v->line;
    return made;
}

static AjValue *take_bool(Apply *x, const AjField *f, const AjValue *v)
{
    (void)f;
    int b = aj_scalar_bool(v);
    if (b < 0)
        return wrong(x, v, "field-type",
                     AJ_TR("写 true 或 false（是 或 否）", "write true or false"),
                     AJ_TR("应当是 是 或 否", "has to be true or false"));
    return bool_new(x, v, b == 1);
}

static AjValue *take_flag(Apply *x, const AjField *f, const AjValue *v)
{
    int b = aj_scalar_bool(v);
    return b < 0 ? take_text(x, f, v) : bool_new(x, v, b == 1);
}

static AjValue *take_map(Apply *x, const AjField *f, const AjValue *v)
{
    (void)f;
    if (v->type != AJ_VALUE_MAP)
        return wrong(x, v, "field-type",
                     AJ_TR("在下面缩进两格写“键: 值”", "write “key: value” below, indented by two"),
                     AJ_TR("下面应当是“键: 值”", "has to be a map"));
    return aj_value_copy(x->arena, v);
}

static AjValue *take_any(Apply *x, const AjField *f, const AjValue *v)
{
    (void)f;
    return aj_value_copy(x->arena, v);
}

static AjValue *take_slug(Apply *x, const AjField *f, const AjValue *v)
{
    AjValue *made = take_text(x, f, v);
    if (!made)
        return NULL;
    bool fits = made->len <= 100 && made->s[0] != '.' && strcmp(made->s, "index") != 0;
    for (const char *p = made->s; fits && *p; p++)
        fits = *p != '/' && *p != '\\' && (unsigned char)*p >= 0x20;
    if (!fits)
        return wrong(
            x, v, "field-slug",
            AJ_TR("只写一个名字，例如 tank-cleaning", "write one name, such as tank-cleaning"),
            AJ_TR("不能含 / \\，不能以点开头，也不能是 index",
                  "may not hold / or \\, begin with a dot, or be index"));
    return made;
}

static AjValue *take_path(Apply *x, const AjField *f, const AjValue *v)
{
    AjValue *made = take_text(x, f, v);
    if (!made)
        return NULL;
    const char *s = made->s;
    while (*s == '/' || g_str_has_prefix(s, "./"))
        s += *s == '/' ? 1 : 2;
    bool climbs = g_str_has_prefix(s, "../"); /* from the page's own folder: resolved later */
    while (g_str_has_prefix(s, "../"))
        s += 3;
    if (!aj_scalar_inside(s))
        return wrong(x, v, "field-path",
                     AJ_TR("写文件名，例如 cases/tank.md", "write a file, such as cases/tank.md"),
                     AJ_TR("不是站内的文件", "is no file of the site"));
    return climbs ? made : string_new(x, v, s);
}

static AjValue *take_each(Apply *x, const AjField *f, const AjValue *v,
                          AjValue *(*take)(Apply *, const AjField *, const AjValue *))
{
    AjValue *list = take_strings(x, v, NULL);
    if (!list)
        return NULL;
    for (uint32_t i = 0; i < list->len; i++)
        if (!(list->items[i] = take(x, f, list->items[i])))
            return NULL;
    return list;
}

static AjValue *take_paths(Apply *x, const AjField *f, const AjValue *v)
{
    return take_each(x, f, v, take_path);
}

static AjValue *take_address(Apply *x, const AjField *f, const AjValue *v)
{
    (void)f;
    const char *s = v->s;
    while (*s == '/')
        s++;
    size_t len = strlen(s);
    g_autofree char *address = NULL;
    if (len == 0 || s[len - 1] == '/')
        address = g_strconcat(s, "index.html", NULL);
    else if (g_str_has_suffix(s, ".html"))
        address = g_strdup(s);
    else if (g_str_has_suffix(s, ".md"))
        address = g_strdup_printf("%.*s.html", (int)(len - 3), s);
    else
        address = g_strconcat(s, ".html", NULL);
    if (!aj_scalar_inside(address) || strchr(address, ':') || strchr(address, '?') ||
        strchr(address, '#'))
        return wrong(x, v, "field-path",
                     AJ_TR("写站内的旧网址，例如 cases/old.html",
                           "write an old address of this site, such as cases/old.html"),
                     AJ_TR("不是站内的网址", "is no address of the site"));
    return string_new(x, v, address);
}

static AjValue *take_addresses(Apply *x, const AjField *f, const AjValue *v)
{
    return take_each(x, f, v, take_address);
}

static AjValue *take_kind(Apply *x, const AjField *f, const AjValue *v)
{
    (void)f;
    AjKind kind = AJ_KIND_PAGE;
    g_autofree char *s = aj_scalar_folded(v);
    if (!aj_kind_find(s, &kind))
        return wrong(x, v, "field-kind",
                     AJ_TR("写 案例 标兵 党课 课程 测验 页面 之一",
                           "write case, model, lesson, course, quiz or page"),
                     AJ_TR("不是已知的类型", "is no known kind"));
    return string_new(x, v, aj_kind_name(kind));
}

static AjValue *take_mode(Apply *x, const AjField *f, const AjValue *v)
{
    (void)f;
    g_autofree char *s = aj_scalar_folded(v);
    bool exam = strcmp(s, "考试") == 0 || strcmp(s, "exam") == 0;
    if (exam || strcmp(s, "练习") == 0 || strcmp(s, "practice") == 0)
        return string_new(x, v, exam ? "exam" : "practice");
    return wrong(x, v, "field-mode", AJ_TR("写成 练习 或 考试", "write practice or exam"),
                 AJ_TR("只能写 练习 或 考试", "has to be practice or exam"));
}

static AjValue *take_duration(Apply *x, const AjField *f, const AjValue *v)
{
    (void)f;
    g_autofree char *s = aj_scalar_folded(v);
    double total = aj_scalar_seconds(s);
    if (total < 1 || total > 24 * 3600)
        return wrong(x, v, "field-duration",
                     AJ_TR("写成 20分钟、90秒 或 1小时，最长 24 小时",
                           "write 20min, 90s or 1h, at most 24 hours"),
                     AJ_TR("应当是时长", "has to be a time"));
    AjValue *made = aj_value_int(x->arena, (int64_t)total);
    made->line = v->line;
    return made;
}

static AjValue *take_shuffle(Apply *x, const AjField *f, const AjValue *v)
{
    (void)f;
    int b = aj_scalar_bool(v);
    AjValue *list = aj_value_list(x->arena);
    list->line = v->line;
    if (b >= 0) {
        if (b) {
            aj_value_push(x->arena, list, string_new(x, v, "questions"));
            aj_value_push(x->arena, list, string_new(x, v, "options"));
        }
        return list;
    }
    AjValue *words = take_strings(x, v, "、，,");
    for (uint32_t i = 0; words && i < words->len; i++) {
        const AjValue *word = words->items[i];
        if (strcmp(word->s, "题目") == 0 || g_ascii_strcasecmp(word->s, "questions") == 0)
            add_unique(x, list, word, "questions");
        else if (strcmp(word->s, "选项") == 0 || g_ascii_strcasecmp(word->s, "options") == 0)
            add_unique(x, list, word, "options");
        else
            return wrong(x, word, "field-shuffle",
                         AJ_TR("写成 [题目, 选项]", "write [questions, options]"),
                         AJ_TR("只能写 题目、选项", "may hold questions and options only"));
    }
    return words ? list : NULL;
}

/* --- sources --------------------------------------------------------------------------------- */

static bool is_safe(Apply *x, const AjValue *v, const char *url)
{
    if (aj_url_is_safe(url, strlen(url)))
        return true;
    wrong(x, v, "field-url", AJ_TR("网址以 https:// 或 http:// 开头", "begin it with https://"),
          AJ_TR("里的网址不能用", "holds an address that may not be used"));
    return false;
}

static AjValue *link_from_text(Apply *x, const AjValue *v)
{
    g_autofree char *s = aj_scalar_text(v);
    g_autofree char *text = NULL, *url = NULL;
    aj_scalar_link(s, &text, &url);
    AjValue *map = aj_value_map(x->arena);
    map->line = v->line;
    aj_value_set_string(x->arena, map, "text", *text ? text : url);
    if (url && *url) {
        if (!is_safe(x, v, url))
            return NULL;
        aj_value_set_string(x->arena, map, "url", url);
    }
    return map;
}

static const AjField link_fields[] = {
    {.key = "text", .zh = "名称", .type = "text", .also = "title 标题 文字"},
    {.key = "url", .zh = "网址", .type = "text", .also = "link 链接 地址"},
    {.key = "date", .zh = "日期", .type = "date"},
    {.key = "publisher", .zh = "发布单位", .type = "text", .also = "单位 发布"},
    {.key = "note", .zh = "说明", .type = "text", .also = "备注"},
};

static void apply_map(Apply *x, const AjField *fields, uint32_t count, const AjValue *raw,
                      AjValue *out);

static AjValue *link_from_map(Apply *x, const AjValue *v)
{
    AjValue *map = aj_value_map(x->arena);
    map->line = v->line;
    const char *written = x->written;
    apply_map(x, link_fields, G_N_ELEMENTS(link_fields), v, map);
    x->written = written;
    const char *url = aj_value_get_string(map, "url", NULL);
    if (url && !is_safe(x, v, url))
        return NULL;
    if (!aj_value_get(map, "text")) {
        if (!url)
            return wrong(x, v, "field-type",
                         AJ_TR("每项写“名称: …”和“网址: …”", "write text: and url: for each"),
                         AJ_TR("有一项没有名称", "has an entry without text"));
        aj_value_set_string(x->arena, map, "text", url);
    }
    return map;
}

static AjValue *take_links(Apply *x, const AjField *f, const AjValue *v)
{
    (void)f;
    AjValue *list = aj_value_list(x->arena);
    list->line = v->line;
    uint32_t count = v->type == AJ_VALUE_LIST ? v->len : 1;
    for (uint32_t i = 0; i < count; i++) {
        const AjValue *item = v->type == AJ_VALUE_LIST ? v->items[i] : v;
        AjValue *link = NULL;
        if (item->type == AJ_VALUE_NULL || (item->type == AJ_VALUE_STRING && !item->s[0]))
            continue;
        if (item->type == AJ_VALUE_MAP)
            link = link_from_map(x, item);
        else if (item->type == AJ_VALUE_LIST)
            wrong(x, item, "field-type",
                  AJ_TR("每项一行，以“- ”开头", "one item a line, “- ” first"),
                  AJ_TR("的一项又是列表", "holds a list in a list"));
        else
            link = link_from_text(x, item);
        if (link)
            aj_value_push(x->arena, list, link);
    }
    return list->len > 0 ? list : NULL;
}

/* --- one map --------------------------------------------------------------------------------- */

static const struct {
    const char *type;
    AjValue *(*take)(Apply *x, const AjField *f, const AjValue *v); /* NULL: leave it out */
} types[] = {
    {"text", take_text},       {"names", take_names},
    {"date", take_date},       {"tags", take_tags},
    {"list", take_list},       {"int", take_number},
    {"number", take_number},   {"bool", take_bool},
    {"flag", take_flag},       {"links", take_links},
    {"slug", take_slug},       {"path", take_path},
    {"paths", take_paths},     {"addresses", take_addresses},
    {"kind", take_kind},       {"duration", take_duration},
    {"shuffle", take_shuffle}, {"map", take_map},
    {"mode", take_mode},       {"any", take_any},
};

static void warn_unknown(Apply *x, const AjField *fields, uint32_t count, const AjValue *v)
{
    enum { MAX_NAMES = 160 };
    const char *names[MAX_NAMES];
    size_t n = 0;
    for (uint32_t i = 0; i < count && n + 2 <= MAX_NAMES; i++) {
        names[n++] = fields[i].key;
        names[n++] = fields[i].zh;
    }
    const char *near = aj_spell_nearest(x->written, names, n);
    g_autofree char *hint = NULL;
    if (near)
        hint = g_strdup_printf(AJ_TR("是不是想写“%s”？", "did you mean “%s”?"), near);
    else if (x->elsewhere && x->elsewhere(x->written))
        hint = g_strdup(AJ_TR("这一项属于另一类页面；检查文件夹或 类型",
                              "another kind of page has it; check the folder or kind"));
    else
        hint = g_strdup(AJ_TR("自定义的内容写在“参数:”下面", "put your own data below params:"));
    aj_diag(x->diags, AJ_WARNING, pos_of(x, v), "unknown-field", hint,
            AJ_TR("不认识“%.60s”", "“%.60s” is not known"), x->written);
}

static void apply_map(Apply *x, const AjField *fields, uint32_t count, const AjValue *raw,
                      AjValue *out)
{
    enum { MAX_WARNINGS = 20 };
    unsigned unknown = 0;
    for (uint32_t i = 0; i < raw->len; i++) {
        const AjValue *v = raw->entries[i].value;
        x->written = raw->entries[i].key;
        const AjField *f = aj_field_find(fields, count, x->written);
        if (!f) {
            if (unknown++ < MAX_WARNINGS)
                warn_unknown(x, fields, count, v);
            if (!aj_value_get(out, x->written))
                aj_value_set(x->arena, out, aj_arena_strdup(x->arena, x->written),
                             aj_value_copy(x->arena, v));
            continue;
        }
        if (v->type == AJ_VALUE_NULL)
            continue;
        if (aj_value_get(out, f->key)) {
            g_autofree char *what = g_strdup_printf(
                AJ_TR("和前面的一项都是 %s（%s）", "is %s (%s), given before"), f->key, f->zh);
            wrong(x, v, "field-twice", AJ_TR("只留一个", "keep one"), what);
            continue;
        }
        AjValue *made = NULL;
        for (size_t k = 0; k < G_N_ELEMENTS(types); k++) {
            if (strcmp(types[k].type, f->type) == 0) {
                made = types[k].take(x, f, v);
                break;
            }
        }
        if (made)
            aj_value_set(x->arena, out, f->key, made);
    }
}

bool aj_field_apply(AjArena *a, const AjField *fields, uint32_t count, const AjValue *raw,
                    const char *path, const char *(*elsewhere)(const char *name), AjValue *out,
                    AjDiags *diags)
{
    Apply x = {.arena = a, .path = path, .diags = diags, .elsewhere = elsewhere, .good = true};
    apply_map(&x, fields, count, raw, out);
    return x.good;
}
