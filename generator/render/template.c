/* template - Mustache with inheritance, compiled once, run anywhere, escaped by context.
 *
 * Here a set is kept and run; render/mustache reads a text, render/weave makes one program of all.
 * Must not know: pages, themes' names, files (the caller hands in texts). */
#include "render/template.h"

#include "base/arena.h"
#include "base/text.h"
#include "render/weave.h"

#include <string.h>

#define MAX_CONTEXT 512u /* maps on the stack while running */
#define MAX_CALLS 64u    /* of self-calling partials inside each other */
#define MAX_STEPS                                                                                  \
    20000000u /* operations in one run: a sitemap of 100,000 pages needs a million                 \
               */

struct AjTemplates {
    AjArena *arena;
    GPtrArray *templates; /* AjSource* */
    GHashTable *by_name;
    AjProgram program;
};

AjTemplates *aj_templates_new(void)
{
    AjTemplates *set = g_new0(AjTemplates, 1);
    set->arena = aj_arena_new(64 * 1024);
    set->templates = g_ptr_array_new();
    set->by_name = g_hash_table_new(g_str_hash, g_str_equal);
    aj_program_init(&set->program);
    return set;
}

void aj_templates_free(AjTemplates *set)
{
    if (!set)
        return;
    g_ptr_array_unref(set->templates);
    g_hash_table_unref(set->by_name);
    aj_program_clear(&set->program);
    aj_arena_free(set->arena);
    g_free(set);
}

void aj_templates_add(AjTemplates *set, const char *name, const char *text, size_t len)
{
    AjSource *t = g_hash_table_lookup(set->by_name, name);
    if (!t) {
        t = aj_arena_alloc(set->arena, sizeof *t);
        t->name = aj_arena_strdup(set->arena, name);
        const char *dot = strrchr(t->name, '.');
        const char *suffix = dot ? dot : "";
        t->suffix = (AjStr){suffix, (uint32_t)strlen(suffix)};
        g_ptr_array_add(set->templates, t);
        g_hash_table_insert(set->by_name, (char *)t->name, t);
    }
    t->text = (AjStr){aj_arena_strndup(set->arena, text, len), (uint32_t)len};
}

bool aj_templates_has(const AjTemplates *set, const char *name)
{
    const AjSource *t = g_hash_table_lookup(set->by_name, name);
    return t && t->runnable;
}

bool aj_templates_compile(AjTemplates *set, AjDiags *diags)
{
    return aj_weave(set->arena, set->templates, set->by_name, &set->program, diags);
}

typedef struct {
    const AjProgram *program;
    GString *out;
    GString *indent;    /* of the calls we are in; NULL at first */
    size_t indent_from; /* from here on it holds */
    size_t url_start;
    uint32_t depth, calls, steps;
    bool cut; /* a limit was met */
    const AjValue *stack[MAX_CONTEXT];
} Run;

static const AjValue *map_find(const AjValue *map, AjStr key)
{
    if (map->type != AJ_VALUE_MAP)
        return NULL;
    const AjValueEntry *e = map->entries, *end = e + map->len;
    for (; e < end; e++)
        if (aj_value_is_key(e->key, key.s, key.len))
            return e->value;
    return NULL;
}

static const AjValue *find(const Run *run, const AjName *name)
{
    if (name->parts == 0)
        return run->depth ? run->stack[run->depth - 1] : NULL;
    const AjValue *v = NULL;
    uint32_t floor = name->top_only && run->depth ? run->depth - 1 : 0;
    for (uint32_t d = run->depth; d > floor && !v; d--)
        v = map_find(run->stack[d - 1], name->part[0]);
    for (uint32_t i = 1; v && i < name->parts; i++)
        v = map_find(v, name->part[i]);
    return v;
}

static bool truthy(const AjValue *v)
{
    if (!v)
        return false;
    switch (v->type) {
    case AJ_VALUE_NULL:
        return false;
    case AJ_VALUE_BOOL:
        return v->b;
    case AJ_VALUE_INT:
        return v->i != 0;
    case AJ_VALUE_DOUBLE:
        return v->d != 0;
    case AJ_VALUE_STRING:
    case AJ_VALUE_LIST:
        return v->len > 0;
    case AJ_VALUE_MAP:
        return true;
    }
    return false;
}

/* The text of a scalar; lists and maps have none. */
static AjStr value_text(const AjValue *v, char *buffer, size_t size)
{
    if (!v)
        return (AjStr){"", 0};
    switch (v->type) {
    case AJ_VALUE_STRING:
        return (AjStr){v->s, v->len};
    case AJ_VALUE_INT: {
        char *p = buffer + size;
        uint64_t u = v->i < 0 ? 0 - (uint64_t)v->i : (uint64_t)v->i;
        do {
            *--p = (char)('0' + u % 10);
            u /= 10;
        } while (u);
        if (v->i < 0)
            *--p = '-';
        return (AjStr){p, (uint32_t)(buffer + size - p)};
    }
    case AJ_VALUE_DOUBLE:
        for (int digits = 15; digits <= 17; digits++) { /* the shortest that reads back */
            char format[8];
            g_snprintf(format, sizeof format, "%%.%dg", digits);
            g_ascii_formatd(buffer, (int)size, format, v->d);
            if (g_ascii_strtod(buffer, NULL) == v->d)
                break;
        }
        return (AjStr){buffer, (uint32_t)strlen(buffer)};
    case AJ_VALUE_BOOL:
        return v->b ? (AjStr){"true", 4} : (AjStr){"false", 5};
    default:
        return (AjStr){"", 0};
    }
}

static void url_check(Run *run)
{
    GString *out = run->out;
    if (aj_url_is_safe(out->str + run->url_start, out->len - run->url_start))
        return;
    g_string_truncate(out, run->url_start);
    g_string_append_c(out, '#');
}

static void query_append(GString *out, AjStr s)
{
    static const char hex[] = "0123456789ABCDEF";
    for (uint32_t i = 0; i < s.len; i++) {
        unsigned char ch = (unsigned char)s.s[i];
        if (g_ascii_isalnum(ch) || ch == '-' || ch == '.' || ch == '_' || ch == '~') {
            g_string_append_c(out, (char)ch);
        } else {
            g_string_append_c(out, '%');
            g_string_append_c(out, hex[ch >> 4]);
            g_string_append_c(out, hex[ch & 15]);
        }
    }
}

/* XML 1.0 has no way at all to write most controls, nor U+FFFE and U+FFFF: they are left out. */
static void xml_append(GString *out, AjStr s)
{
    uint32_t from = 0;
    for (uint32_t i = 0; i < s.len; i++) {
        unsigned char ch = (unsigned char)s.s[i];
        uint32_t drop = ch < 0x20 && ch != '\t' && ch != '\n' && ch != '\r';
        if (ch == 0xef && i + 2 < s.len && (unsigned char)s.s[i + 1] == 0xbf &&
            (unsigned char)s.s[i + 2] >= 0xbe)
            drop = 3;
        if (!drop)
            continue;
        aj_escape_attr(out, s.s + from, i - from);
        from = i + drop;
        i = from - 1;
    }
    aj_escape_attr(out, s.s + from, s.len - from);
}

static void run_range(Run *run, uint32_t from, uint32_t to);

static void run_call(Run *run, const AjOp *op)
{
    if (run->calls >= MAX_CALLS) {
        run->cut = true;
        return;
    }
    run->calls++;
    const AjFunction *f = &g_array_index(run->program->functions, AjFunction, op->a);
    const AjStr *indent = run->program->indents->pdata[op->b];
    if (!run->indent)
        run->indent = g_string_new(NULL);
    size_t before = run->indent->len, from = run->indent_from;
    if (indent->s)
        g_string_append_len(run->indent, indent->s, indent->len);
    else
        run->indent_from = before;
    run_range(run, f->from, f->to);
    g_string_truncate(run->indent, before);
    run->indent_from = from;
    run->calls--;
}

static void run_section(Run *run, uint32_t from, uint32_t to, const AjValue *v)
{
    if (!truthy(v))
        return;
    if (run->depth == MAX_CONTEXT) {
        run->cut = true;
        return;
    }
    run->depth++;
    if (v->type != AJ_VALUE_LIST) {
        run->stack[run->depth - 1] = v;
        run_range(run, from, to);
    } else {
        for (uint32_t i = 0; i < v->len && !run->cut; i++) {
            run->stack[run->depth - 1] = v->items[i];
            run_range(run, from, to);
        }
    }
    run->depth--;
}

static void run_range(Run *run, uint32_t from, uint32_t to)
{
    const AjOp *ops = (const AjOp *)run->program->ops->data;
    GString *out = run->out;
    char number[64];
    run->steps += to - from + 1;
    if (run->steps > MAX_STEPS) {
        run->cut = true;
        return;
    }
    for (uint32_t i = from; i < to; i++) {
        const AjOp *op = &ops[i];
        AjStr s;
        switch (op->code) {
        case AJ_OP_TEXT:
            g_string_append_len(out, run->program->pool->str + op->a, op->b);
            break;
        case AJ_OP_ESCAPED:
            s = value_text(find(run, op->name), number, sizeof number);
            aj_escape_text(out, s.s, s.len);
            break;
        case AJ_OP_ATTR:
            s = value_text(find(run, op->name), number, sizeof number);
            aj_escape_attr(out, s.s, s.len);
            break;
        case AJ_OP_SINGLE:
            s = value_text(find(run, op->name), number, sizeof number);
            aj_escape_single(out, s.s, s.len);
            break;
        case AJ_OP_RAW:
            s = value_text(find(run, op->name), number, sizeof number);
            g_string_append_len(out, s.s, s.len);
            break;
        case AJ_OP_XML:
            xml_append(out, value_text(find(run, op->name), number, sizeof number));
            break;
        case AJ_OP_URL_FIRST:
        case AJ_OP_URL_NEXT:
            s = value_text(find(run, op->name), number, sizeof number);
            if (op->code == AJ_OP_URL_FIRST) {
                run->url_start = out->len - op->b;
                if (op->b == 0 && !aj_url_is_safe(s.s, s.len))
                    s = (AjStr){"#", 1};
            }
            aj_escape_url(out, s.s, s.len);
            url_check(run);
            break;
        case AJ_OP_URL:
            s = value_text(find(run, op->name), number, sizeof number);
            aj_escape_url(out, s.s, s.len);
            break;
        case AJ_OP_QUERY:
            query_append(out, value_text(find(run, op->name), number, sizeof number));
            break;
        case AJ_OP_MARK:
            run->url_start = out->len - op->b;
            break;
        case AJ_OP_CHECK:
            url_check(run);
            break;
        case AJ_OP_SECTION:
            run_section(run, i + 1, op->b, find(run, op->name));
            i = op->b - 1;
            break;
        case AJ_OP_INVERTED:
            if (truthy(find(run, op->name)))
                i = op->b - 1;
            break;
        case AJ_OP_CALL:
            run_call(run, op);
            break;
        case AJ_OP_LINE:
            g_string_append_len(out, run->indent->str + run->indent_from,
                                (gssize)(run->indent->len - run->indent_from));
            break;
        }
    }
}

bool aj_templates_run(const AjTemplates *set, const char *name, const AjValue *const *stack,
                      uint32_t depth, GString *out)
{
    const AjSource *t = g_hash_table_lookup(set->by_name, name);
    g_assert(t && t->runnable && depth <= MAX_CONTEXT / 2);
    Run run;
    run.program = &set->program;
    run.out = out;
    run.indent = NULL;
    run.indent_from = 0;
    run.url_start = out->len;
    run.calls = run.steps = 0;
    run.cut = false;
    static const AjValue nothing = {.type = AJ_VALUE_NULL};
    run.depth = MAX(depth, 1);
    run.stack[0] = &nothing;
    for (uint32_t i = 0; i < depth; i++)
        run.stack[i] = stack[i];
    run_range(&run, t->from, t->to);
    if (run.indent)
        g_string_free(run.indent, TRUE);
    return !run.cut;
}
