/* fold - one character at a time to the form in which search compares it.
 *
 * NFKC, lower case, simplified, zero-width and combining marks dropped.
 * themes/classic/search/search.js does the same to queries; tests/data/normalise.json holds both to
 * it. Must not know: terms, pages, fields. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    AJ_FOLD_BREAK, /* everything that parts two runs: blanks, punctuation, symbols */
    AJ_FOLD_CJK,   /* Han, kana, bopomofo, Hangul: indexed as pairs */
    AJ_FOLD_WORD   /* letters and digits: indexed as runs */
} AjFoldClass;
AjFoldClass aj_fold_class(uint32_t folded);

enum { AJ_FOLD_MAX = 20 };
/* Folded forms of one character; returns how many, 0 when it is dropped. */
size_t aj_fold_char(uint32_t cp, uint32_t out[AJ_FOLD_MAX]);
/* The same for the character at *p, which moves on; U+FFFD for a malformed one. */
size_t aj_fold_next(const char **p, const char *end, uint32_t out[AJ_FOLD_MAX]);
/* Text whose characters may be folded one by one: NULL when `s` is so already, else a composed copy
 * (NFKC) that the caller frees. Only combining marks need it. */
char *aj_fold_compose(const char *s, size_t len);
