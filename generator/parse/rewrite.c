/* rewrite - the text that cmark will read: the source, with some of its lines in other words.
 *
 * Must not know: containers, leaves, what a line means. */
#include "parse/rewrite.h"

#include <string.h>

void aj_rewrite_init(AjRewrite *w, AjArena *a, const char *source, size_t source_len,
                     uint32_t first_line)
{
    *w = (AjRewrite){
        .a = a, .first_line = first_line, .size = source_len, .copied = source, .copied_line = 1};
}

void aj_rewrite_add(AjRewrite *w, const char *s, size_t len)
{
    if (w->len + len > w->cap) {
        size_t cap = w->cap ? w->cap : w->size + 1024;
        while (cap < w->len + len)
            cap *= 2;
        w->text = aj_arena_grow(w->a, w->text, w->cap, cap);
        w->cap = cap;
    }
    if (len)
        memcpy(w->text + w->len, s, len);
    w->len += len;
}

static void line_ended(AjRewrite *w, uint32_t number)
{
    if (w->line_count + 2 > w->line_cap) {
        uint32_t cap = w->line_cap ? 2 * w->line_cap : 512;
        w->lines =
            aj_arena_grow(w->a, w->lines, w->line_cap * sizeof(uint32_t), cap * sizeof(uint32_t));
        w->line_cap = cap;
    }
    w->lines[++w->line_count] = w->first_line + number - 1;
}

void aj_rewrite_end_line(AjRewrite *w, uint32_t number)
{
    aj_rewrite_add(w, "\n", 1);
    line_ended(w, number);
}

void aj_rewrite_copy(AjRewrite *w, const char *p, uint32_t number)
{
    aj_rewrite_add(w, w->copied, (size_t)(p - w->copied));
    while (w->copied_line < number)
        line_ended(w, w->copied_line++);
    w->copied = p;
}

void aj_rewrite_skip(AjRewrite *w, const char *next, uint32_t number)
{
    w->copied = next;
    w->copied_line = number + 1;
}

AjMark *aj_rewrite_mark(AjRewrite *w, AjMarkKind kind, uint32_t number)
{
    char heading[32];
    int n = g_snprintf(heading, sizeof heading, "### " AJ_MARKED "%u\n", w->mark_count);
    aj_rewrite_add(w, heading, (size_t)n);
    line_ended(w, number);
    w->headings++;
    if (w->mark_count == w->mark_cap) {
        uint32_t cap = w->mark_cap ? 2 * w->mark_cap : 16;
        w->marks =
            aj_arena_grow(w->a, w->marks, w->mark_cap * sizeof(AjMark), cap * sizeof(AjMark));
        w->mark_cap = cap;
    }
    AjMark *m = &w->marks[w->mark_count++];
    *m = (AjMark){.kind = kind, .line = w->first_line + number - 1};
    return m;
}

void aj_rewrite_finish(AjRewrite *w, const char *end, uint32_t number, AjPrepass *out)
{
    aj_rewrite_copy(w, end, number);
    line_ended(w, number);
    out->text = w->text;
    out->len = w->len;
    out->lines = w->lines;
    out->line_count = w->line_count;
    out->marks = w->marks;
    out->mark_count = w->mark_count;
    out->headings = w->headings;
}
