/* lexicon - what a site's characters sound like, and which pairs of them it has: so that sxkj and
 * shouxian find 受限空间.
 *
 * No words and no dictionary: a query of syllables becomes a chain of pairs that the site really
 * has, the common ones first. Every common reading of a character counts. Must not know: pages,
 * files, names (index/names). */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct AjLexicon AjLexicon;
AjLexicon *aj_lexicon_new(void);
/* Units that hold the pair `key` (first << 16 | second), and whether one has it in title or
 * heading. */
void aj_lexicon_add(AjLexicon *l, uint32_t key, uint32_t count, bool headed);
/* First letters of a character's readings, each once, the most common first; what it sounds like
 * goes into the table then. Returns how many: 0 for one that is not read. */
enum { AJ_LEXICON_LETTERS = 3 };
unsigned aj_lexicon_letters(AjLexicon *l, uint32_t cp, char letters[AJ_LEXICON_LETTERS]);
bool aj_lexicon_knows(const AjLexicon *l, uint32_t cp); /* it was asked for or added */
/* Gives each file's name below the search folder, "p/k0.js", and its text, UTF-8 that may stand in
 * a script string: "sx受7限3手;首7先|sy…", by the first letters of both characters, by the first
 * one, then the second ones behind a digit, their weight. Appends to `starts` with which letters
 * each file starts: "ab gd sx". false: `file` said stop. */
typedef bool (*AjLexiconFile)(const char *name, const char *text, size_t len, void *data);
bool aj_lexicon_write(AjLexicon *l, AjLexiconFile file, void *data, GString *starts);
/* Appends "a啊阿;ai爱…": the characters seen, or with `rest` those of the commonly used that were
 * not but sound like one. A character stands behind each of its readings. */
void aj_lexicon_table(AjLexicon *l, bool rest, GString *out);
void aj_lexicon_free(AjLexicon *l);
