/* cursor - a place in a line, with columns as cmark counts them.
 *
 * A tab goes to the next multiple of four, and may be half used.
 * Must not know: other lines, containers, what stands there. */
#pragma once
#include <stdbool.h>
#include <stdint.h>

typedef struct {
    const char *at, *eol; /* the line end is not counted */
    uint32_t column;
    /* set by aj_cursor_find_first */
    const char *first; /* first byte that is no blank, eol when there is none */
    uint32_t first_column, indent;
    bool blank;
} AjCursor;

/* Goes on by `count` bytes, or columns: then a tab may be left half used. Stops at eol. */
void aj_cursor_advance(AjCursor *c, uint32_t count, bool columns);
void aj_cursor_find_first(AjCursor *c);
