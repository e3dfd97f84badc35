/* value - one tagged tree for everything that travels: front matter, page
 * records, template contexts, filter metadata, JSON.
 *
 * Values live in an arena and are never freed alone. Maps keep the order in
 * which keys were set. Packing gives the same bytes for the same tree.
 * Must not know: what any key means, files, Lua, YAML. */
#pragma once
#include "base/arena.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum {
    AJ_VALUE_NULL,
    AJ_VALUE_BOOL,
    AJ_VALUE_INT,
    AJ_VALUE_DOUBLE,
    AJ_VALUE_STRING,
    AJ_VALUE_LIST,
    AJ_VALUE_MAP
} AjValueType;

typedef struct AjValue AjValue;
typedef struct {
    const char *key;
    AjValue *value;
} AjValueEntry;
struct AjValue {
    AjValueType type;
    uint32_t line; /* where it stood in the source, 1-based; 0 when unknown */
    uint32_t len;  /* bytes of a string, items of a list, entries of a map */
    uint32_t cap;
    union {
        bool b;
        int64_t i;
        double d;
        const char *s; /* always NUL-terminated; may hold no NUL inside */
        AjValue **items;
        AjValueEntry *entries;
    };
};

/* Keys are short and mostly differ at once: a loop here is faster than a call. */
static inline bool aj_value_is_key(const char *key, const char *wanted, size_t wanted_len)
{
    for (size_t i = 0; i < wanted_len; i++)
        if (key[i] != wanted[i] || !key[i])
            return false;
    return !key[wanted_len];
}
AjValue *aj_value_null(AjArena *a);
AjValue *aj_value_bool(AjArena *a, bool b);
AjValue *aj_value_int(AjArena *a, int64_t i);
AjValue *aj_value_double(AjArena *a, double d);
AjValue *aj_value_string(AjArena *a, const char *s);            /* copies */
AjValue *aj_value_stringn(AjArena *a, const char *s, size_t n); /* copies */
AjValue *aj_value_view(AjArena *a, const char *s, size_t n);    /* borrows; s[n] must be 0 */
AjValue *aj_value_list(AjArena *a);
AjValue *aj_value_map(AjArena *a);
void aj_value_push(AjArena *a, AjValue *list, AjValue *item);
/* Replaces an old value of the same key in place. `key` is borrowed: a literal or arena text. */
void aj_value_set(AjArena *a, AjValue *map, const char *key, AjValue *value);
/* The same for a key that the map does not have yet: nothing is searched. */
void aj_value_add(AjArena *a, AjValue *map, const char *key, AjValue *value);
/* Short forms, each returns nothing: set KEY to a copied string (NULL s: not set), int, bool. */
void aj_value_set_string(AjArena *a, AjValue *map, const char *key, const char *s);
void aj_value_set_int(AjArena *a, AjValue *map, const char *key, int64_t i);
void aj_value_set_bool(AjArena *a, AjValue *map, const char *key, bool b);

/* Reading: `map` may be NULL or of another type; then nothing is found. */
const AjValue *aj_value_get(const AjValue *map, const char *key); /* NULL when absent */
const AjValue *aj_value_getn(const AjValue *map, const char *key, size_t key_len);
const char *aj_value_get_string(const AjValue *map, const char *key, const char *fallback);
int64_t aj_value_get_int(const AjValue *map, const char *key, int64_t fallback);
double aj_value_get_double(const AjValue *map, const char *key, double fallback); /* ints too */
bool aj_value_get_bool(const AjValue *map, const char *key, bool fallback);
uint32_t aj_value_len(const AjValue *v); /* 0 for NULL and scalars but strings */
const AjValue *aj_value_at(const AjValue *list, uint32_t i); /* NULL past the end */
AjValue *aj_value_copy(AjArena *a, const AjValue *v);        /* deep, strings too */
bool aj_value_equal(const AjValue *x, const AjValue *y);     /* lines do not count */

/* Packed form: tag byte, then LEB128 lengths and raw bytes, strings with their NUL, little endian.
 * Source lines are kept. It is our own cache format and carries no version: the cache file does. */
void aj_value_pack(const AjValue *v, GString *out);
/* Strings of the result borrow from `bytes`, which must outlive it. NULL when the bytes are cut or
 * malformed. `used_out` may be NULL. */
AjValue *aj_value_unpack(AjArena *a, const void *bytes, size_t len, size_t *used_out);
