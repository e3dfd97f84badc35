/* json - one door to JSON: jansson reads, we write.
 *
 * Must not know: any schema. */
#include "base/json.h"

#include "base/text.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

enum { MAX_DEPTH = 512 };

static GQuark json_quark(void)
{
    return g_quark_from_static_string("aj-json-error");
}

/* NULL when nested too deep. `whole` makes integers of reals again that were read as such only
 * because some other number of the text was too big. */
static AjValue *convert(AjArena *a, json_t *j, bool whole, unsigned depth)
{
    if (depth >= MAX_DEPTH && (json_is_object(j) || json_is_array(j)))
        return NULL;
    switch (json_typeof(j)) {
    case JSON_OBJECT: {
        AjValue *map = aj_value_map(a);
        size_t size = json_object_size(j);
        if (!size)
            return map;
        /* Keys differ, the reader has seen to that: no need to search for each. */
        map->entries = aj_arena_alloc(a, size * sizeof *map->entries);
        map->cap = (uint32_t)size;
        const char *key;
        json_t *item;
        json_object_foreach(j, key, item)
        {
            AjValue *v = convert(a, item, whole, depth + 1);
            if (!v)
                return NULL;
            map->entries[map->len++] = (AjValueEntry){aj_arena_strdup(a, key), v};
        }
        return map;
    }
    case JSON_ARRAY: {
        AjValue *list = aj_value_list(a);
        for (size_t i = 0; i < json_array_size(j); i++) {
            AjValue *v = convert(a, json_array_get(j, i), whole, depth + 1);
            if (!v)
                return NULL;
            aj_value_push(a, list, v);
        }
        return list;
    }
    case JSON_STRING:
        return aj_value_stringn(a, json_string_value(j), json_string_length(j));
    case JSON_INTEGER:
        return aj_value_int(a, json_integer_value(j));
    case JSON_REAL: {
        double d = json_real_value(j);
        if (whole && fabs(d) < 9007199254740992.0 && d == floor(d))
            return aj_value_int(a, (int64_t)d);
        return aj_value_double(a, d);
    }
    case JSON_TRUE:
    case JSON_FALSE:
        return aj_value_bool(a, json_is_true(j));
    case JSON_NULL:
        break;
    }
    return aj_value_null(a);
}

AjValue *aj_json_parse(AjArena *a, const char *text, size_t len, GError **error)
{
    const size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY;
    json_error_t wrong;
    bool whole = false;
    if (len >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        text += 3;
        len -= 3;
    }
    json_t *j = json_loadb(text, len, flags, &wrong);
    if (!j && json_error_code(&wrong) == json_error_numeric_overflow) {
        whole = true;
        j = json_loadb(text, len, flags | JSON_DECODE_INT_AS_REAL, &wrong);
    }
    if (!j) {
        g_set_error(error, json_quark(), 0, "JSON line %d, column %d: %s", wrong.line, wrong.column,
                    wrong.text);
        return NULL;
    }
    AjValue *v = convert(a, j, whole, 0);
    json_decref(j);
    if (!v)
        g_set_error(error, json_quark(), 0, "JSON nested deeper than %d", MAX_DEPTH);
    return v;
}

static void print_double(double d, GString *out)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    if (!isfinite(d)) {
        g_string_append(out, "null");
        return;
    }
    /* The shortest that reads back as the same number. */
    static const char *const formats[] = {"%.15g", "%.16g", "%.17g"};
    for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_ascii_formatd(text, sizeof text, formats[i], d);
        if (g_ascii_strtod(text, NULL) == d)
            break;
    }
    g_string_append(out, text);
}

static void print_string(const char *s, size_t len, GString *out)
{
    g_string_append_c(out, '"');
    aj_escape_js(out, s, len);
    g_string_append_c(out, '"');
}

static void new_line(GString *out, unsigned indent, unsigned depth)
{
    if (!indent)
        return;
    g_string_append_c(out, '\n');
    for (unsigned i = 0; i < indent * depth; i++)
        g_string_append_c(out, ' ');
}

static void print(const AjValue *v, unsigned indent, unsigned depth, GString *out)
{
    switch (v->type) {
    case AJ_VALUE_NULL:
        g_string_append(out, "null");
        return;
    case AJ_VALUE_BOOL:
        g_string_append(out, v->b ? "true" : "false");
        return;
    case AJ_VALUE_INT:
        g_string_append_printf(out, "%" G_GINT64_FORMAT, v->i);
        return;
    case AJ_VALUE_DOUBLE:
        print_double(v->d, out);
        return;
    case AJ_VALUE_STRING:
        print_string(v->s, v->len, out);
        return;
    case AJ_VALUE_LIST:
    case AJ_VALUE_MAP:
        break;
    }
    bool map = v->type == AJ_VALUE_MAP;
    g_string_append_c(out, map ? '{' : '[');
    for (uint32_t i = 0; i < v->len; i++) {
        if (i)
            g_string_append_c(out, ',');
        new_line(out, indent, depth + 1);
        if (map) {
            print_string(v->entries[i].key, strlen(v->entries[i].key), out);
            g_string_append(out, indent ? ": " : ":");
        }
        print(map ? v->entries[i].value : v->items[i], indent, depth + 1, out);
    }
    if (v->len)
        new_line(out, indent, depth);
    g_string_append_c(out, map ? '}' : ']');
}

void aj_json_print(const AjValue *v, unsigned indent, GString *out)
{
    print(v, indent, 0, out);
}
