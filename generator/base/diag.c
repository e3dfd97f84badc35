/* diag - problems of the content: collected, sorted, printed as text, JSON and SARIF.
 *
 * Messages may quote the content, so control characters and broken UTF-8 are taken out on the way
 * in: a title must not be able to paint the terminal.
 * Must not know: what a page is, which stage speaks, the terminal (colour is the caller's word). */
#include "base/diag.h"

#include "base/json.h"
#include "base/text.h"

#include <string.h>

struct AjDiags {
    AjArena *arena;
    GArray *list; /* AjDiag */
    uint32_t counts[2];
};

AjDiags *aj_diags_new(void)
{
    AjDiags *d = g_new0(AjDiags, 1);
    d->arena = aj_arena_new(4096);
    d->list = g_array_new(FALSE, FALSE, sizeof(AjDiag));
    return d;
}

void aj_diags_free(AjDiags *d)
{
    if (!d)
        return;
    g_array_free(d->list, TRUE);
    aj_arena_free(d->arena);
    g_free(d);
}

static void append_clean(GString *out, const char *s)
{
    for (const char *end = s + strlen(s); s < end;) {
        uint32_t cp = aj_utf8_next(&s, end);
        if (cp < 0x20)
            cp = ' ';
        /* C1 controls, and the marks that turn the direction of what follows. */
        if ((cp >= 0x7f && cp < 0xa0) || (cp >= 0x202a && cp <= 0x202e) ||
            (cp >= 0x2066 && cp <= 0x2069) || cp == 0x2028 || cp == 0x2029)
            cp = 0xfffd;
        aj_utf8_append(out, cp);
    }
}

static const char *copy_clean(AjDiags *d, const char *s)
{
    if (!s)
        return NULL;
    g_autoptr(GString) clean = g_string_new(NULL);
    append_clean(clean, s);
    return aj_arena_strndup(d->arena, clean->str, clean->len);
}

static void add(AjDiags *d, AjLevel level, AjPos pos, const char *code, const char *hint,
                const char *message)
{
    AjDiag one = {level, pos, aj_arena_strdup(d->arena, code), copy_clean(d, message),
                  copy_clean(d, hint)};
    one.pos.path = pos.path ? aj_arena_strdup(d->arena, pos.path) : NULL;
    g_array_append_val(d->list, one);
    d->counts[level == AJ_ERROR]++;
}

void aj_diag(AjDiags *d, AjLevel level, AjPos pos, const char *code, const char *hint,
             const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *message = g_strdup_vprintf(format, args);
    va_end(args);
    add(d, level, pos, code, hint, message);
}

uint32_t aj_diags_count(const AjDiags *d, AjLevel level)
{
    return d->counts[level == AJ_ERROR];
}

uint32_t aj_diags_total(const AjDiags *d)
{
    return d->list->len;
}

const AjDiag *aj_diags_at(const AjDiags *d, uint32_t i)
{
    g_assert(i < d->list->len);
    return &g_array_index(d->list, AjDiag, i);
}

void aj_diags_clear(AjDiags *d)
{
    g_array_set_size(d->list, 0);
    d->counts[0] = d->counts[1] = 0;
    aj_arena_reset(d->arena);
}

static int compare(gconstpointer x, gconstpointer y)
{
    const AjDiag *a = x, *b = y;
    int c = g_strcmp0(a->pos.path, b->pos.path);
    if (!c)
        c = (a->pos.line > b->pos.line) - (a->pos.line < b->pos.line);
    if (!c)
        c = (a->pos.column > b->pos.column) - (a->pos.column < b->pos.column);
    if (!c)
        c = strcmp(a->code, b->code);
    if (!c)
        c = strcmp(a->message, b->message);
    if (!c)
        c = g_strcmp0(a->hint, b->hint);
    return c ? c : (int)b->level - (int)a->level;
}

void aj_diags_sort(AjDiags *d)
{
    g_array_sort(d->list, compare);
    uint32_t kept = 0;
    d->counts[0] = d->counts[1] = 0;
    for (uint32_t i = 0; i < d->list->len; i++) {
        AjDiag one = g_array_index(d->list, AjDiag, i);
        if (kept && compare(&one, &g_array_index(d->list, AjDiag, kept - 1)) == 0)
            continue;
        g_array_index(d->list, AjDiag, kept++) = one;
        d->counts[one.level == AJ_ERROR]++;
    }
    g_array_set_size(d->list, kept);
}

static const char *level_name(AjLevel level)
{
    return level == AJ_ERROR ? "error" : "warning";
}

AjValue *aj_diags_to_value(const AjDiags *d, AjArena *a)
{
    AjValue *list = aj_value_list(a);
    for (uint32_t i = 0; i < d->list->len; i++) {
        const AjDiag *one = aj_diags_at(d, i);
        AjValue *v = aj_value_map(a);
        aj_value_set_string(a, v, "path", one->pos.path);
        aj_value_set_int(a, v, "line", one->pos.line);
        aj_value_set_int(a, v, "column", one->pos.column);
        aj_value_set_string(a, v, "level", level_name(one->level));
        aj_value_set_string(a, v, "code", one->code);
        aj_value_set_string(a, v, "message", one->message);
        aj_value_set_string(a, v, "hint", one->hint);
        aj_value_push(a, list, v);
    }
    return list;
}

void aj_diags_add_value(AjDiags *d, const AjValue *list)
{
    if (!list || list->type != AJ_VALUE_LIST)
        return;
    for (uint32_t i = 0; i < list->len; i++) {
        const AjValue *v = list->items[i];
        bool error = strcmp(aj_value_get_string(v, "level", "error"), "error") == 0;
        AjPos pos = {aj_value_get_string(v, "path", NULL), (uint32_t)aj_value_get_int(v, "line", 0),
                     (uint32_t)aj_value_get_int(v, "column", 0)};
        add(d, error ? AJ_ERROR : AJ_WARNING, pos, aj_value_get_string(v, "code", "unknown"),
            aj_value_get_string(v, "hint", NULL), aj_value_get_string(v, "message", ""));
    }
}

void aj_diags_print_text(const AjDiags *d, bool color, GString *out)
{
    for (uint32_t i = 0; i < d->list->len; i++) {
        const AjDiag *one = aj_diags_at(d, i);
        bool error = one->level == AJ_ERROR;
        if (one->pos.path) {
            append_clean(out, one->pos.path);
            if (one->pos.line)
                g_string_append_printf(out, ":%u", one->pos.line);
            if (one->pos.line && one->pos.column)
                g_string_append_printf(out, ":%u", one->pos.column);
            g_string_append(out, ": ");
        }
        g_string_append(out, !color ? "" : error ? "\033[1;31m" : "\033[1;33m");
        g_string_append(out, error ? AJ_TR("错误", "error") : AJ_TR("警告", "warning"));
        g_string_append(out, color ? "\033[0m" : "");
        g_string_append_printf(out, ": %s [%s]\n", one->message, one->code);
        if (one->hint)
            g_string_append_printf(out, "  → %s\n", one->hint);
    }
}

void aj_diags_print_json(const AjDiags *d, GString *out)
{
    /* Always the same keys in the same order: easier on those who read it. */
    static const char *const keys[] = {"path", "line",    "column", "level",
                                       "code", "message", "hint"};
    AjArena *a = aj_arena_new(4096);
    AjValue *list = aj_diags_to_value(d, a);
    for (uint32_t i = 0; i < list->len; i++) {
        AjValue *v = aj_value_map(a), *null = aj_value_null(a);
        for (size_t k = 0; k < G_N_ELEMENTS(keys); k++) {
            const AjValue *old = aj_value_get(list->items[i], keys[k]);
            aj_value_set(a, v, keys[k], old ? (AjValue *)old : null);
        }
        list->items[i] = v;
    }
    aj_json_print(list, 2, out);
    g_string_append_c(out, '\n');
    aj_arena_free(a);
}

static AjValue *text_map(AjArena *a, const char *text)
{
    AjValue *v = aj_value_map(a);
    aj_value_set_string(a, v, "text", text);
    return v;
}

static AjValue *sarif_place(AjArena *a, const AjDiag *one)
{
    AjValue *physical = aj_value_map(a), *artifact = aj_value_map(a);
    g_autofree char *uri = g_uri_escape_string(one->pos.path, "/", FALSE);
    aj_value_set_string(a, artifact, "uri", uri);
    aj_value_set(a, physical, "artifactLocation", artifact);
    if (one->pos.line) { /* no column: SARIF counts characters, we count bytes */
        AjValue *region = aj_value_map(a);
        aj_value_set_int(a, region, "startLine", one->pos.line);
        aj_value_set(a, physical, "region", region);
    }
    AjValue *location = aj_value_map(a);
    aj_value_set(a, location, "physicalLocation", physical);
    return location;
}

void aj_diags_print_sarif(const AjDiags *d, GString *out)
{
    AjArena *a = aj_arena_new(4096);
    AjValue *results = aj_value_list(a);
    for (uint32_t i = 0; i < d->list->len; i++) {
        const AjDiag *one = aj_diags_at(d, i);
        AjValue *r = aj_value_map(a);
        aj_value_set_string(a, r, "ruleId", one->code);
        aj_value_set_string(a, r, "level", level_name(one->level));
        g_autofree char *text = one->hint ? g_strdup_printf("%s → %s", one->message, one->hint)
                                          : g_strdup(one->message);
        aj_value_set(a, r, "message", text_map(a, text));
        AjValue *places = aj_value_list(a);
        if (one->pos.path)
            aj_value_push(a, places, sarif_place(a, one));
        aj_value_set(a, r, "locations", places);
        aj_value_push(a, results, r);
    }
    AjValue *driver = aj_value_map(a), *tool = aj_value_map(a), *run = aj_value_map(a);
    aj_value_set_string(a, driver, "name", "anjian");
    aj_value_set(a, tool, "driver", driver);
    aj_value_set(a, run, "tool", tool);
    aj_value_set(a, run, "results", results);
    AjValue *runs = aj_value_list(a), *log = aj_value_map(a);
    aj_value_push(a, runs, run);
    aj_value_set_string(a, log, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    aj_value_set_string(a, log, "version", "2.1.0");
    aj_value_set(a, log, "runs", runs);
    aj_json_print(log, 2, out);
    g_string_append_c(out, '\n');
    aj_arena_free(a);
}
