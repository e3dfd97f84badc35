/* lexicon - pairs of characters by their pinyin, so that sxkj and shouxian find 受限空间.
 *
 * No words and no dictionary: a query of syllables becomes a chain of pairs that the site really
 * has, the common ones first. Every common reading of a character counts. Must not know: pages,
 * files. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct AjLexicon AjLexicon;
AjLexicon *aj_lexicon_new(void);
/* Units that hold the pair `key` (first << 16 | second), and whether one has it in title or
 * heading. */
void aj_lexicon_add(AjLexicon *l, uint32_t key, uint32_t count, bool headed);
/* Gives each file's name below the search folder and its text, UTF-8 that may stand in a script
 * string: "7shou,xian:受限" groups parted by ';', a digit before the pairs of that weight.
 * Appends to `index` how the files are cut: a digit (0 one file "all", 1 by first letter, 2 by the
 * first letters of both), then the names. false: `file` said stop. */
typedef bool (*AjLexiconFile)(const char *name, const char *text, size_t len, void *data);
bool aj_lexicon_write(AjLexicon *l, AjLexiconFile file, void *data, GString *index);
void aj_lexicon_free(AjLexicon *l);
