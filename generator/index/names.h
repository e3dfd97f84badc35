/* names - what pages and sections are called, by first letters: so that typing sxkj offers
 * 受限空间.
 *
 * Must not know: pages, files, postings. */
#pragma once
#include "index/lexicon.h"

typedef struct AjNames AjNames;
AjNames *aj_names_new(AjLexicon *lexicon); /* which says how characters are read */
/* A title or keyword (`strong`), or a heading. */
void aj_names_add(AjNames *n, const char *text, size_t len, bool strong);
/* Files "p/n0.js": names in the order of their letters, parted by '|', a strong one behind '!'. A
 * name whose characters are read in several ways comes several times. Appends to `starts` for each
 * file letters that are not behind its own and behind those of the file before, parted by blanks.
 * false: `file` said stop. */
bool aj_names_write(AjNames *n, AjLexiconFile file, void *data, GString *starts);
void aj_names_free(AjNames *n);
