/* rewrite - the text that cmark will read: the source, with some of its lines in other words.
 *
 * Remembers which line of the file each of its lines came from, and the marks that were put in.
 * `number` is the source line under way, 1 for the first.
 * Must not know: containers, leaves, what a line means. */
#pragma once
#include "parse/prepass.h"

typedef struct {
    AjArena *a;
    uint32_t first_line; /* of the file, for source line 1 */
    size_t size;         /* of the source */
    char *text;
    size_t len, cap;
    const char *copied; /* source bytes before this are in `text`, or left out on purpose */
    uint32_t copied_line;
    uint32_t *lines; /* as in AjPrepass; nothing was rewritten while line_count is 0 */
    uint32_t line_count, line_cap;
    AjMark *marks;
    uint32_t mark_count, mark_cap, headings;
} AjRewrite;

void aj_rewrite_init(AjRewrite *w, AjArena *a, const char *source, size_t source_len,
                     uint32_t first_line);
void aj_rewrite_add(AjRewrite *w, const char *s, size_t len);
void aj_rewrite_end_line(AjRewrite *w, uint32_t number);
/* Copies the source up to `p`, which lies in the line under way. */
void aj_rewrite_copy(AjRewrite *w, const char *p, uint32_t number);
/* Leaves out the rest of the line under way; the next one begins at `next`. */
void aj_rewrite_skip(AjRewrite *w, const char *next, uint32_t number);
/* A mark where the line under way has got to; the rest of that line still has to be dealt with.
 * Valid until the next mark. */
AjMark *aj_rewrite_mark(AjRewrite *w, AjMarkKind kind, uint32_t number);
/* Copies what is left of the source, and hands all over. */
void aj_rewrite_finish(AjRewrite *w, const char *end, uint32_t number, AjPrepass *out);
