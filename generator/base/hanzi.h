/* hanzi - what a Chinese character reads like, and its simplified form.
 *
 * Tables made by base/hanzi.sh from Unicode's data and by base/hanzi_common.sh from GB 2312, kept
 * in the repository, and a short list of words whose reading differs from that of their characters
 * (重庆, 行车). Must not know: search, slugs, pages. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { AJ_HANZI_MAX_READINGS = 8 };
/* Readings without tone, ü as v, most common first; returns how many, 0 for other characters.
 * The strings are static. */
size_t aj_hanzi_readings(uint32_t cp, const char *readings[AJ_HANZI_MAX_READINGS]);
/* The simplified form; cp itself when there is none. */
uint32_t aj_hanzi_simplify(uint32_t cp);
/* One of the 3,755 most used characters (GB 2312, first level). */
bool aj_hanzi_is_common(uint32_t cp);
/* Syllables of a text, words of the override list first: "重庆 LOTO" gives
 * chong, qing, LOTO. Anything not Han comes through in runs, blanks and punctuation as borders.
 * Appends newly allocated strings. */
void aj_hanzi_syllables(const char *s, size_t len, GPtrArray *out);
