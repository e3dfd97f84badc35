/* page - kinds, addresses, and the view on a page record.
 *
 * Must not know: how the record was made, templates, files. */
#include "model/page.h"
#include "base/text.h"

#include <string.h>

typedef struct {
    const char *name, *folder, *zh;
} Kind;
static const Kind kinds[AJ_KINDS] = {
    [AJ_KIND_CASE] = {"case", "cases", "案例"},
    [AJ_KIND_MODEL] = {"model", "models", "标兵"},
    [AJ_KIND_LESSON] = {"lesson", "lessons", "党课"},
    [AJ_KIND_COURSE] = {"course", "courses", "课程"},
    [AJ_KIND_QUIZ] = {"quiz", "quizzes", "测验"},
    [AJ_KIND_PAGE] = {"page", "pages", "页面"},
};

const char *aj_kind_name(AjKind kind)
{
    g_assert(kind < AJ_KINDS);
    return kinds[kind].name;
}

const char *aj_kind_folder(AjKind kind)
{
    g_assert(kind < AJ_KINDS);
    return kinds[kind].folder;
}

const char *aj_kind_zh(AjKind kind)
{
    g_assert(kind < AJ_KINDS);
    return kinds[kind].zh;
}

bool aj_kind_find(const char *name, AjKind *kind_out)
{
    for (unsigned i = 0; i < AJ_KINDS; i++) {
        if (strcmp(name, kinds[i].name) == 0 || strcmp(name, kinds[i].folder) == 0 ||
            strcmp(name, kinds[i].zh) == 0) {
            *kind_out = (AjKind)i;
            return true;
        }
    }
    return false;
}

AjKind aj_kind_of_path(const char *source)
{
    const char *slash = strchr(source, '/');
    size_t len = slash ? (size_t)(slash - source) : 0;
    for (unsigned i = 0; len > 0 && i < AJ_KINDS; i++)
        if (strlen(kinds[i].folder) == len && memcmp(kinds[i].folder, source, len) == 0)
            return (AjKind)i;
    return AJ_KIND_PAGE;
}

/* Length of the last part without .md or .markdown. */
static size_t stem_length(const char *name)
{
    size_t len = strlen(name);
    if (len > 3 && g_ascii_strcasecmp(name + len - 3, ".md") == 0)
        return len - 3;
    if (len > 9 && g_ascii_strcasecmp(name + len - 9, ".markdown") == 0)
        return len - 9;
    return len;
}

static bool stem_is_index(const char *name, size_t len)
{
    return (len == 5 && g_ascii_strncasecmp(name, "index", 5) == 0) ||
           (len == 6 && g_ascii_strncasecmp(name, "readme", 6) == 0);
}

bool aj_page_is_index(const char *source)
{
    const char *slash = strrchr(source, '/');
    const char *name = slash ? slash + 1 : source;
    size_t len = stem_length(name);
    return name[len] != '\0' && stem_is_index(name, len);
}

static bool is_plain(const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!g_ascii_isalnum(s[i]) && s[i] != '.' && s[i] != '_' && s[i] != '-')
            return false;
    return true;
}

static void append_part(GString *out, const char *s, size_t len)
{
    if (is_plain(s, len)) {
        g_string_append_len(out, s, (gssize)len);
        return;
    }
    g_autofree char *slug = aj_slug(s, len);
    g_string_append(out, slug);
}

char *aj_page_address(const char *source, const char *slug)
{
    GString *out = g_string_sized_new(strlen(source) + 16);
    const char *part = source;
    for (const char *slash; (slash = strchr(part, '/')); part = slash + 1) {
        append_part(out, part, (size_t)(slash - part));
        g_string_append_c(out, '/');
    }
    if (aj_page_is_index(source))
        g_string_append(out, "index");
    else if (slug && *slug)
        append_part(out, slug, strlen(slug));
    else
        append_part(out, part, stem_length(part));
    g_string_append(out, ".html");
    return g_string_free(out, FALSE);
}

/* Absent and null are fine, another type is not. */
static bool find_typed(const AjValue *record, const char *key, AjValueType type,
                       const AjValue **value_out)
{
    const AjValue *v = aj_value_get(record, key);
    *value_out = v && v->type == type ? v : NULL;
    return !v || v->type == type || v->type == AJ_VALUE_NULL;
}

static bool find_string(const AjValue *record, const char *key, const char **string_out)
{
    const AjValue *v = NULL;
    if (!find_typed(record, key, AJ_VALUE_STRING, &v))
        return false;
    if (v)
        *string_out = v->s;
    return true;
}

static bool find_bool(const AjValue *record, const char *key, bool *bool_out)
{
    const AjValue *v = NULL;
    if (!find_typed(record, key, AJ_VALUE_BOOL, &v))
        return false;
    *bool_out = v && v->b;
    return true;
}

bool aj_page_view(const AjValue *record, AjPage *out)
{
    *out = (AjPage){.summary = "", .blob = ""};
    const AjValue *kind = NULL, *weight = NULL, *body = NULL;
    if (!find_string(record, "address", &out->address) ||
        !find_string(record, "source", &out->source) ||
        !find_string(record, "title", &out->title) ||
        !find_string(record, "summary", &out->summary) ||
        !find_string(record, "date", &out->date) || !find_string(record, "blob", &out->blob) ||
        !find_bool(record, "draft", &out->draft) || !find_bool(record, "failed", &out->failed) ||
        !find_bool(record, "is_index", &out->is_index) ||
        !find_typed(record, "meta", AJ_VALUE_MAP, &out->meta) ||
        !find_typed(record, "headings", AJ_VALUE_LIST, &out->headings) ||
        !find_typed(record, "links", AJ_VALUE_LIST, &out->links) ||
        !find_typed(record, "quiz", AJ_VALUE_MAP, &out->quiz) ||
        !find_typed(record, "terms", AJ_VALUE_STRING, &out->terms) ||
        !find_typed(record, "kind", AJ_VALUE_INT, &kind) ||
        !find_typed(record, "weight", AJ_VALUE_INT, &weight) ||
        !find_typed(record, "body", AJ_VALUE_STRING, &body))
        return false;
    if (!out->address || !out->title || !kind || kind->i < 0 || kind->i >= AJ_KINDS)
        return false;
    out->kind = (AjKind)kind->i;
    out->weight = weight ? (int)CLAMP(weight->i, G_MININT, G_MAXINT) : 0;
    out->body = body ? body->s : NULL;
    out->body_len = body ? body->len : 0;
    return true;
}
