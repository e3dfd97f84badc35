/* value - one tagged tree for everything that travels, and its packed form.
 *
 * Maps are arrays searched in order: those that templates and pages carry are short, and big ones
 * come from readers that append without searching.
 * Must not know: what any key means, files, Lua, YAML. */
#include "base/value.h"

#include <math.h>
#include <string.h>

enum { MAX_DEPTH = 1000 };

static AjValue *value_new(AjArena *a, AjValueType type)
{
    AjValue *v = aj_arena_alloc(a, sizeof *v);
    v->type = type;
    return v;
}

AjValue *aj_value_null(AjArena *a)
{
    return value_new(a, AJ_VALUE_NULL);
}

AjValue *aj_value_bool(AjArena *a, bool b)
{
    AjValue *v = value_new(a, AJ_VALUE_BOOL);
    v->b = b;
    return v;
}

AjValue *aj_value_int(AjArena *a, int64_t i)
{
    AjValue *v = value_new(a, AJ_VALUE_INT);
    v->i = i;
    return v;
}

AjValue *aj_value_double(AjArena *a, double d)
{
    AjValue *v = value_new(a, AJ_VALUE_DOUBLE);
    v->d = d;
    return v;
}

AjValue *aj_value_view(AjArena *a, const char *s, size_t n)
{
    g_assert(n <= UINT32_MAX);
    AjValue *v = value_new(a, AJ_VALUE_STRING);
    v->s = s;
    v->len = (uint32_t)n;
    return v;
}

AjValue *aj_value_stringn(AjArena *a, const char *s, size_t n)
{
    return aj_value_view(a, aj_arena_strndup(a, s, n), n);
}

AjValue *aj_value_string(AjArena *a, const char *s)
{
    return aj_value_stringn(a, s, strlen(s));
}

AjValue *aj_value_list(AjArena *a)
{
    return value_new(a, AJ_VALUE_LIST);
}

AjValue *aj_value_map(AjArena *a)
{
    return value_new(a, AJ_VALUE_MAP);
}

static uint32_t more(uint32_t cap)
{
    g_assert(cap < UINT32_MAX / 4);
    return cap ? cap * 2 : 4;
}

void aj_value_push(AjArena *a, AjValue *list, AjValue *item)
{
    g_assert(list->type == AJ_VALUE_LIST);
    if (list->len == list->cap) {
        uint32_t cap = more(list->cap);
        list->items = aj_arena_grow(a, list->items, list->cap * sizeof *list->items,
                                    cap * sizeof *list->items);
        list->cap = cap;
    }
    list->items[list->len++] = item;
}

static AjValueEntry *entry_find(const AjValue *map, const char *key, size_t key_len)
{
    if (!map || map->type != AJ_VALUE_MAP)
        return NULL;
    for (uint32_t i = 0; i < map->len; i++)
        if (aj_value_is_key(map->entries[i].key, key, key_len))
            return &map->entries[i];
    return NULL;
}

void aj_value_set(AjArena *a, AjValue *map, const char *key, AjValue *value)
{
    g_assert(map->type == AJ_VALUE_MAP);
    AjValueEntry *e = entry_find(map, key, strlen(key));
    if (e) {
        e->value = value;
        return;
    }
    aj_value_add(a, map, key, value);
}

void aj_value_add(AjArena *a, AjValue *map, const char *key, AjValue *value)
{
    if (map->len == map->cap) {
        uint32_t cap = more(map->cap);
        map->entries = aj_arena_grow(a, map->entries, map->cap * sizeof *map->entries,
                                     cap * sizeof *map->entries);
        map->cap = cap;
    }
    map->entries[map->len++] = (AjValueEntry){key, value};
}

void aj_value_set_string(AjArena *a, AjValue *map, const char *key, const char *s)
{
    if (s)
        aj_value_set(a, map, key, aj_value_string(a, s));
}

void aj_value_set_int(AjArena *a, AjValue *map, const char *key, int64_t i)
{
    aj_value_set(a, map, key, aj_value_int(a, i));
}

void aj_value_set_bool(AjArena *a, AjValue *map, const char *key, bool b)
{
    aj_value_set(a, map, key, aj_value_bool(a, b));
}

const AjValue *aj_value_getn(const AjValue *map, const char *key, size_t key_len)
{
    const AjValueEntry *e = entry_find(map, key, key_len);
    return e ? e->value : NULL;
}

const AjValue *aj_value_get(const AjValue *map, const char *key)
{
    return aj_value_getn(map, key, strlen(key));
}

const char *aj_value_get_string(const AjValue *map, const char *key, const char *fallback)
{
    const AjValue *v = aj_value_get(map, key);
    return v && v->type == AJ_VALUE_STRING ? v->s : fallback;
}

int64_t aj_value_get_int(const AjValue *map, const char *key, int64_t fallback)
{
    const AjValue *v = aj_value_get(map, key);
    return v && v->type == AJ_VALUE_INT ? v->i : fallback;
}

double aj_value_get_double(const AjValue *map, const char *key, double fallback)
{
    const AjValue *v = aj_value_get(map, key);
    if (v && v->type == AJ_VALUE_INT)
        return (double)v->i;
    return v && v->type == AJ_VALUE_DOUBLE ? v->d : fallback;
}

bool aj_value_get_bool(const AjValue *map, const char *key, bool fallback)
{
    const AjValue *v = aj_value_get(map, key);
    return v && v->type == AJ_VALUE_BOOL ? v->b : fallback;
}

uint32_t aj_value_len(const AjValue *v)
{
    return v && v->type >= AJ_VALUE_STRING ? v->len : 0;
}

const AjValue *aj_value_at(const AjValue *list, uint32_t i)
{
    return list && list->type == AJ_VALUE_LIST && i < list->len ? list->items[i] : NULL;
}

AjValue *aj_value_copy(AjArena *a, const AjValue *v)
{
    AjValue *c = value_new(a, v->type);
    *c = *v;
    switch (v->type) {
    case AJ_VALUE_STRING:
        c->s = aj_arena_strndup(a, v->s, v->len);
        break;
    case AJ_VALUE_LIST:
        c->cap = v->len;
        c->items = v->len ? aj_arena_alloc(a, v->len * sizeof *c->items) : NULL;
        for (uint32_t i = 0; i < v->len; i++)
            c->items[i] = aj_value_copy(a, v->items[i]);
        break;
    case AJ_VALUE_MAP:
        c->cap = v->len;
        c->entries = v->len ? aj_arena_alloc(a, v->len * sizeof *c->entries) : NULL;
        for (uint32_t i = 0; i < v->len; i++) {
            c->entries[i].key = aj_arena_strdup(a, v->entries[i].key);
            c->entries[i].value = aj_value_copy(a, v->entries[i].value);
        }
        break;
    default:
        break;
    }
    return c;
}

bool aj_value_equal(const AjValue *x, const AjValue *y)
{
    if (!x || !y || x->type != y->type)
        return x == y;
    switch (x->type) {
    case AJ_VALUE_NULL:
        return true;
    case AJ_VALUE_BOOL:
        return x->b == y->b;
    case AJ_VALUE_INT:
        return x->i == y->i;
    case AJ_VALUE_DOUBLE:
        return x->d == y->d || (isnan(x->d) && isnan(y->d));
    case AJ_VALUE_STRING:
        return x->len == y->len && memcmp(x->s, y->s, x->len) == 0;
    case AJ_VALUE_LIST:
    case AJ_VALUE_MAP:
        break;
    }
    if (x->len != y->len)
        return false;
    for (uint32_t i = 0; i < x->len; i++) {
        if (x->type == AJ_VALUE_LIST) {
            if (!aj_value_equal(x->items[i], y->items[i]))
                return false;
        } else if (strcmp(x->entries[i].key, y->entries[i].key) != 0 ||
                   !aj_value_equal(x->entries[i].value, y->entries[i].value)) {
            return false;
        }
    }
    return true;
}

static void put_number(GString *out, uint64_t n)
{
    while (n >= 0x80) {
        g_string_append_c(out, (char)(n | 0x80));
        n >>= 7;
    }
    g_string_append_c(out, (char)n);
}

static void put_text(GString *out, const char *s, size_t len)
{
    put_number(out, len);
    g_string_append_len(out, s, (gssize)len);
    g_string_append_c(out, '\0');
}

static void pack(const AjValue *v, GString *out, unsigned depth)
{
    g_assert(depth < MAX_DEPTH);
    /* The low bits of the tag are the type, one more says that a line follows. */
    g_string_append_c(out, (char)(v->type | (v->line ? 8 : 0)));
    if (v->line)
        put_number(out, v->line);
    switch (v->type) {
    case AJ_VALUE_NULL:
        break;
    case AJ_VALUE_BOOL:
        g_string_append_c(out, v->b);
        break;
    case AJ_VALUE_INT: /* the sign goes into the lowest bit, so that small numbers stay short */
        put_number(out, ((uint64_t)v->i << 1) ^ (v->i < 0 ? UINT64_MAX : 0));
        break;
    case AJ_VALUE_DOUBLE: {
        uint64_t bits;
        memcpy(&bits, &v->d, sizeof bits);
        bits = GUINT64_TO_LE(bits);
        g_string_append_len(out, (const char *)&bits, sizeof bits);
        break;
    }
    case AJ_VALUE_STRING:
        put_text(out, v->s, v->len);
        break;
    case AJ_VALUE_LIST:
        put_number(out, v->len);
        for (uint32_t i = 0; i < v->len; i++)
            pack(v->items[i], out, depth + 1);
        break;
    case AJ_VALUE_MAP:
        put_number(out, v->len);
        for (uint32_t i = 0; i < v->len; i++) {
            put_text(out, v->entries[i].key, strlen(v->entries[i].key));
            pack(v->entries[i].value, out, depth + 1);
        }
        break;
    }
}

void aj_value_pack(const AjValue *v, GString *out)
{
    pack(v, out, 0);
}

typedef struct {
    AjArena *arena;
    const uint8_t *at, *end;
    size_t room; /* values that the bytes can still hold: a bound on what counts may claim */
} Reader;

static bool take_number(Reader *r, uint64_t *out)
{
    uint64_t n = 0;
    for (unsigned shift = 0; shift < 64 && r->at < r->end; shift += 7) {
        uint8_t c = *r->at++;
        if (shift == 63 && c > 1)
            return false;
        n |= (uint64_t)(c & 0x7f) << shift;
        if (c < 0x80) {
            *out = n;
            return true;
        }
    }
    return false;
}

static bool take_text(Reader *r, const char **out, uint32_t *len_out)
{
    uint64_t n;
    if (!take_number(r, &n) || n >= (uint64_t)(r->end - r->at) || n > UINT32_MAX)
        return false;
    if (memchr(r->at, '\0', (size_t)n + 1) != r->at + n)
        return false;
    *out = (const char *)r->at;
    *len_out = (uint32_t)n;
    r->at += n + 1;
    return true;
}

static bool take_count(Reader *r, uint32_t *out)
{
    uint64_t n;
    if (!take_number(r, &n) || n > r->room || n > UINT32_MAX / 16)
        return false;
    r->room -= (size_t)n;
    *out = (uint32_t)n;
    return true;
}

static bool unpack(Reader *r, AjValue *v, unsigned depth)
{
    uint64_t n = 0;
    uint32_t key_len;
    if (r->at >= r->end || depth >= MAX_DEPTH)
        return false;
    uint8_t tag = *r->at++;
    if ((tag & 7) > AJ_VALUE_MAP || tag > 15)
        return false;
    v->type = (AjValueType)(tag & 7);
    if (tag & 8) {
        if (!take_number(r, &n) || n > UINT32_MAX)
            return false;
        v->line = (uint32_t)n;
    }
    switch (v->type) {
    case AJ_VALUE_NULL:
        return true;
    case AJ_VALUE_BOOL:
        if (r->at >= r->end || *r->at > 1)
            return false;
        v->b = *r->at++;
        return true;
    case AJ_VALUE_INT:
        if (!take_number(r, &n))
            return false;
        v->i = (int64_t)((n >> 1) ^ (n & 1 ? UINT64_MAX : 0));
        return true;
    case AJ_VALUE_DOUBLE:
        if (r->end - r->at < 8)
            return false;
        memcpy(&n, r->at, 8);
        r->at += 8;
        n = GUINT64_FROM_LE(n);
        memcpy(&v->d, &n, 8);
        return true;
    case AJ_VALUE_STRING:
        return take_text(r, &v->s, &v->len);
    case AJ_VALUE_LIST:
    case AJ_VALUE_MAP:
        break;
    }
    if (!take_count(r, &v->len))
        return false;
    v->cap = v->len;
    if (!v->len)
        return true;
    bool list = v->type == AJ_VALUE_LIST;
    AjValue *values = aj_arena_alloc(r->arena, v->len * sizeof *values);
    if (list)
        v->items = aj_arena_alloc(r->arena, v->len * sizeof *v->items);
    else
        v->entries = aj_arena_alloc(r->arena, v->len * sizeof *v->entries);
    for (uint32_t i = 0; i < v->len; i++) {
        if (list)
            v->items[i] = &values[i];
        else if (take_text(r, &v->entries[i].key, &key_len))
            v->entries[i].value = &values[i];
        else
            return false;
        if (!unpack(r, &values[i], depth + 1))
            return false;
    }
    return true;
}

AjValue *aj_value_unpack(AjArena *a, const void *bytes, size_t len, size_t *used_out)
{
    Reader r = {a, bytes, (const uint8_t *)bytes + len, len};
    AjValue *v = value_new(a, AJ_VALUE_NULL);
    if (!len || !unpack(&r, v, 0))
        return NULL;
    if (used_out)
        *used_out = (size_t)(r.at - (const uint8_t *)bytes);
    return v;
}
