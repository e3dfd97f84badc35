/* text - UTF-8, character classes, slugs, and one escape for each place text is put.
 *
 * Must not know: Markdown, templates, files. The tables of Chinese characters are base/hanzi's. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Decodes one code point at *p and moves on; invalid bytes give U+FFFD and move by one.
 * Precondition: *p < end. */
uint32_t aj_utf8_next(const char **p, const char *end);
void aj_utf8_append(GString *out, uint32_t cp);
/* Offset of the first byte that is not valid UTF-8, or of a NUL; SIZE_MAX when all is well. */
size_t aj_utf8_invalid_at(const char *s, size_t len);

bool aj_text_is_han(uint32_t cp); /* ideographs, 〇 and 々 with them */
bool aj_text_is_cjk(uint32_t cp); /* Han, kana, bopomofo, CJK punctuation, full-width forms */
bool aj_text_is_wide_punct(uint32_t cp); /* ，。、；：？！（）《》“” … and their kin */

/* Text between tags: & < > " (as cmark escapes it). Attribute: the same and '. */
void aj_escape_text(GString *out, const char *s, size_t len);
void aj_escape_attr(GString *out, const char *s, size_t len);
/* For an attribute in single quotes: " stays, so JSON costs no more than it has. */
void aj_escape_single(GString *out, const char *s, size_t len);
/* A URL inside an attribute: percent-encodes what may not stand in a URL, keeps existing %XX,
 * and escapes & and ' for HTML, byte for byte as cmark does. */
void aj_escape_url(GString *out, const char *s, size_t len);
/* Inside a JS or JSON string: quotes, backslash, controls, U+2028/9, '<' '>' '&' as \u00XX. */
void aj_escape_js(GString *out, const char *s, size_t len);
/* True for relative addresses and http, https, mailto, tel; every spelling of javascript:, data:,
 * vbscript:, file: and any other scheme is false. Controls and blanks inside a scheme count. */
bool aj_url_is_safe(const char *s, size_t len);

/* A name made only of [A-Za-z0-9._-] as it is; else its pinyin, '-' between syllables and words,
 * ASCII runs kept (lower case), other marks dropped; "x" and a hash when nothing is left. */
char *aj_slug(const char *name, size_t len); /* caller frees */
