/* feedback - what a page's script says of the options of its questions, back beside them.
 *
 * A page of the site leaves that to the script which it fetches when somebody answers
 * (NAME.KEY.questions.js); a book has no scripts. Must not know: books, where files lie. */
#pragma once
#include "base/arena.h"

#include <stddef.h>

/* The address, as the page writes it, of the script with its questions; NULL: it has none. */
const char *aj_feedback_script(AjArena *a, const char *html, size_t len);
/* The page with the feedback behind each option's label, in `a`; NULL when the script says none or
 * is not what a build writes. */
char *aj_feedback_lay(AjArena *a, const char *html, size_t len, const char *script,
                      size_t script_len);
