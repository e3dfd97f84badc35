/* arena - memory that dies together.
 *
 * A chain of blocks, bumped, never freed piece by piece. Under ASan every piece
 * is its own malloc, so that one byte too far is still caught.
 * Must not know: pages, files, processes, GLib containers. */
#pragma once
#include <stdarg.h>
#include <stddef.h>

typedef struct AjArena AjArena;

AjArena *aj_arena_new(size_t block_size);
void aj_arena_free(AjArena *a); /* NULL is fine */
/* Forgets every piece and keeps the first block for the next page. */
void aj_arena_reset(AjArena *a);
/* Zeroed, 16-byte aligned, never NULL: running out of memory ends the program. */
void *aj_arena_alloc(AjArena *a, size_t size);
/* Grows the piece at `old` (may be NULL) from `old_size` to `new_size`; may move it. */
void *aj_arena_grow(AjArena *a, void *old, size_t old_size, size_t new_size);
char *aj_arena_strdup(AjArena *a, const char *s);
char *aj_arena_strndup(AjArena *a, const char *s, size_t n); /* adds the NUL */
char *aj_arena_printf(AjArena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Bytes handed out since the last reset. */
size_t aj_arena_used(const AjArena *a);
