/* squeeze - our own scripts and styles without what only readers need: comments, blanks, long local
 * names.
 *
 * For ES5 as this project writes it: every statement ends in ';' or '}'. Property names, globals
 * and top-level names stay, so that files still call each other. Must not know: what a script does,
 * files. */
#pragma once
#include <glib.h>

/* Appends the squeezed script. Deterministic. */
void aj_squeeze_script(const char *js, size_t len, GString *out);
/* The same for a style sheet: comments and blanks go, strings stay. */
void aj_squeeze_style(const char *css, size_t len, GString *out);
