/* lines - a file line by line, in the memory of one line, however big the file is.
 *
 * A line ends with LF; a CR before it and a BOM at the start of the file are left out. A line over
 * the limit is skipped and said to be long. Must not know: what the lines mean. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct AjLines AjLines;
typedef struct {
    uint32_t number;  /* 1-based */
    const char *text; /* NUL added; until the next call; of a long line its first bytes */
    size_t len;
    bool cut;   /* the file ends here, without a line feed */
    bool blank; /* nothing but spaces, tabs and NULs, the whole of a long line too */
    bool too_long;
} AjLine;

/* Regular files only: a pipe or a device would never end. */
AjLines *aj_lines_open(const char *path, size_t limit, GError **error);
/* false at the end, and when the disk fails: then `error` is set. */
bool aj_lines_next(AjLines *l, AjLine *out, GError **error);
void aj_lines_close(AjLines *l); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AjLines, aj_lines_close)
