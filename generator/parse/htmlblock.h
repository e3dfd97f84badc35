/* htmlblock - where CommonMark's HTML blocks begin and end.
 *
 * Must not know: containers, our own syntax, what HTML means. */
#pragma once
#include <stdbool.h>

/* Kind 1 to 7 of the HTML block that begins with the `<` at p, 0 for none. Kind 7 may not interrupt
 * a paragraph. */
int aj_htmlblock_start(const char *p, const char *eol, bool in_paragraph);
/* Whether a line ends a block of kind 1 to 5; those of kind 6 and 7 end with a blank line. */
bool aj_htmlblock_ends(int kind, const char *p, const char *eol);
