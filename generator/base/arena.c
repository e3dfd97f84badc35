/* arena - memory that dies together: blocks in a chain, a bump in the newest one.
 *
 * A piece too big for what is left gets a block of its own size, put behind the current one so that
 * the rest of the current one is not lost. Under ASan every piece is its own malloc.
 * Must not know: pages, files, processes, GLib containers. */
#include "base/arena.h"

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#if defined(__SANITIZE_ADDRESS__)
#define AJ_ARENA_SINGLE 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define AJ_ARENA_SINGLE 1
#endif
#endif
#ifndef AJ_ARENA_SINGLE
#define AJ_ARENA_SINGLE 0
#endif

enum { ALIGN = 16 };

typedef struct Block Block;
struct Block {
    Block *next;
    size_t size, used;
    _Alignas(ALIGN) char data[];
};
struct AjArena {
    Block *blocks; /* the current one first */
    Block *first;  /* survives a reset; NULL when every piece is its own malloc */
    size_t block_size;
    size_t used;
};

static size_t rounded(size_t size)
{
    return (size + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

static Block *block_new(size_t size)
{
    Block *b = g_malloc(sizeof *b + size); /* says so and ends the program when there is none */
    b->next = NULL;
    b->size = size;
    b->used = 0;
    return b;
}

AjArena *aj_arena_new(size_t block_size)
{
    AjArena *a = g_new0(AjArena, 1);
    a->block_size = rounded(block_size < 64 ? 64 : block_size);
    if (!AJ_ARENA_SINGLE)
        a->first = a->blocks = block_new(a->block_size);
    return a;
}

void aj_arena_reset(AjArena *a)
{
    for (Block *b = a->blocks, *next; b; b = next) {
        next = b->next;
        if (b != a->first)
            g_free(b);
    }
    a->blocks = a->first;
    a->used = 0;
    if (a->first) {
        a->first->next = NULL;
        a->first->used = 0;
    }
}

void aj_arena_free(AjArena *a)
{
    if (!a)
        return;
    aj_arena_reset(a);
    g_free(a->first);
    g_free(a);
}

static void *alloc_slow(AjArena *a, size_t size)
{
    Block *now = a->blocks;
    bool alone = AJ_ARENA_SINGLE || size > a->block_size / 4;
    Block *b = block_new(alone ? size : a->block_size);
    b->used = size;
    if (alone && now) {
        b->next = now->next;
        now->next = b;
    } else {
        b->next = now;
        a->blocks = b;
    }
    return b->data;
}

/* Not zeroed. */
static void *piece(AjArena *a, size_t size)
{
    g_assert(size <= SIZE_MAX / 4);
    size_t need = AJ_ARENA_SINGLE ? size : rounded(size ? size : 1);
    Block *b = a->blocks;
    a->used += need;
    if (!AJ_ARENA_SINGLE && need <= b->size - b->used) {
        void *p = b->data + b->used;
        b->used += need;
        return p;
    }
    return alloc_slow(a, need);
}

void *aj_arena_alloc(AjArena *a, size_t size)
{
    return memset(piece(a, size), 0, size);
}

void *aj_arena_grow(AjArena *a, void *old, size_t old_size, size_t new_size)
{
    if (!old)
        return aj_arena_alloc(a, new_size);
    if (new_size <= old_size)
        return old;
    Block *b = a->blocks;
    size_t had = rounded(old_size ? old_size : 1);
    if (!AJ_ARENA_SINGLE && new_size < SIZE_MAX / 4 && (char *)old + had == b->data + b->used &&
        rounded(new_size) - had <= b->size - b->used) {
        b->used += rounded(new_size) - had;
        a->used += rounded(new_size) - had;
        memset((char *)old + old_size, 0, new_size - old_size);
        return old;
    }
    char *p = piece(a, new_size);
    memcpy(p, old, old_size);
    memset(p + old_size, 0, new_size - old_size);
    return p;
}

char *aj_arena_strndup(AjArena *a, const char *s, size_t n)
{
    char *p = piece(a, n + 1);
    if (n)
        memcpy(p, s, n);
    p[n] = '\0';
    return p;
}

char *aj_arena_strdup(AjArena *a, const char *s)
{
    return aj_arena_strndup(a, s, strlen(s));
}

char *aj_arena_printf(AjArena *a, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *p = piece(a, (size_t)(n < 0 ? 0 : n) + 1);
    p[0] = '\0';
    vsnprintf(p, (size_t)(n < 0 ? 0 : n) + 1, format, again);
    va_end(again);
    return p;
}

size_t aj_arena_used(const AjArena *a)
{
    return a->used;
}
