/* cursor - a place in a line, with columns as cmark counts them.
 *
 * Must not know: other lines, containers, what stands there. */
#include "parse/cursor.h"

#include <glib.h>

void aj_cursor_advance(AjCursor *c, uint32_t count, bool columns)
{
    while (count && c->at < c->eol) {
        if (*c->at == '\t') {
            uint32_t to_tab = 4 - c->column % 4;
            if (columns) {
                uint32_t now = MIN(count, to_tab);
                c->column += now;
                c->at += to_tab > count ? 0 : 1;
                count -= now;
            } else {
                c->column += to_tab;
                c->at++;
                count--;
            }
        } else {
            c->at++;
            c->column++;
            count--;
        }
    }
}

void aj_cursor_find_first(AjCursor *c)
{
    c->first = c->at;
    c->first_column = c->column;
    while (c->first < c->eol && (*c->first == ' ' || *c->first == '\t')) {
        c->first_column += *c->first == '\t' ? 4 - c->first_column % 4 : 1;
        c->first++;
    }
    c->indent = c->first_column - c->column;
    c->blank = c->first == c->eol;
}
