/* terse - a text in few bytes, by what the text itself has said before.
 *
 * Each character is, in this order: one that followed the same two characters or the same one
 * before, one of those that the text has had, by how often, or a new one, by how common it is in
 * Chinese (terse_table.inc, made from word frequencies that have nothing to do with any site). The
 * choices are coded with adaptive probabilities as in LZMA: a range coder after G. N. N. Martin
 * (1979), carries put right in what is written; the ranking of followers is C. Bloom's symbol
 * ranking in small. Nothing is kept between texts, so equal texts are equal bytes in every site.
 * themes/classic/search/text.js reads the same. Must not know: what a text is for, files. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct AjTerse AjTerse; /* tables for one text after the other; 200 kB */
AjTerse *aj_terse_new(void);
void aj_terse_free(AjTerse *t);
/* Appends the bytes of valid UTF-8; zeros at their end are left out. */
void aj_terse_print(AjTerse *t, const char *text, size_t len, GString *out);
/* Appends the text again, as UTF-8. Bytes beyond the end are 0. false: not what aj_terse_print
 * makes, or a text longer than `limit` bytes; something may have been appended. */
bool aj_terse_read(AjTerse *t, const void *bytes, size_t len, size_t limit, GString *out);
