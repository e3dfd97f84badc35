/* jsonwalk - JSON read in place, value by value, without a tree of it.
 *
 * For big texts of a known shape. The caller asks for what it expects; after the first fault every
 * question is answered with false, and `fault` says what was wrong.
 * Must not know: any schema. */
#pragma once
#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    const char *text, *at, *end;
    const char *fault; /* NULL: none so far */
    AjArena *arena;    /* strings with escapes are unfolded here */
    char *buffer;
    size_t buffer_cap;
    unsigned depth;
} AjJsonWalk;

/* A leading BOM is passed over. Text that is no UTF-8 is a fault at once. */
void aj_jsonwalk_begin(AjJsonWalk *w, AjArena *arena, const char *text, size_t len);
/* First character of the next value: { [ " t f n or - for any number; 0 at the end or a fault. */
char aj_jsonwalk_kind(AjJsonWalk *w);
/* Enters { or [. Then `more` is true before each member and takes the closing bracket otherwise;
 * *first must be true for the first call. */
bool aj_jsonwalk_enter(AjJsonWalk *w, char bracket);
bool aj_jsonwalk_more(AjJsonWalk *w, char bracket, bool *first);
/* A member that must be there, and the closing bracket that must follow. */
bool aj_jsonwalk_item(AjJsonWalk *w, bool *first);
bool aj_jsonwalk_leave(AjJsonWalk *w, char bracket, bool *first);
/* *s is good until the next string is read; no NUL at its end. Refuses \u0000. */
bool aj_jsonwalk_string(AjJsonWalk *w, const char **s, size_t *len);
bool aj_jsonwalk_key(AjJsonWalk *w, const char **s, size_t *len); /* and the colon */
/* *whole: it has no fraction and no exponent and fits, then *i holds it as well. */
bool aj_jsonwalk_number(AjJsonWalk *w, double *d, int64_t *i, bool *whole);
bool aj_jsonwalk_word(AjJsonWalk *w, const char *word); /* true, false, null */
bool aj_jsonwalk_skip(AjJsonWalk *w);
bool aj_jsonwalk_done(AjJsonWalk *w); /* nothing but blanks is left */
void aj_jsonwalk_fail(AjJsonWalk *w, const char *fault);
size_t aj_jsonwalk_line(const AjJsonWalk *w); /* of the fault, from 1 */
