/* entries - how a file of terms says each term and its documents, in bits: written and read.
 *
 * A file of pairs: {shift, n, {key, entry}…}; of words: {n, {word, entry}…}; a part of a very
 * common term: {n, list}. An entry: {documents here, tiered?, all documents and parts when it is,
 * list}. search.js reads the same. Must not know: which terms share a file, what a term is. */
#pragma once
#include "index/bits.h"

#include <stdbool.h>

/* A list: gaps with a k that follows them, impacts by their place among those that are not the last
 * one's. */
typedef struct {
    unsigned k, impact;
    int64_t document; /* the last one; -1: none yet */
} AjEntryList;
/* `reach`: a power of two above all documents. */
AjEntryList aj_entries_list(uint32_t reach, uint32_t count);
void aj_entries_add(AjEntryList *l, AjBits *bits, uint32_t document, unsigned impact);
bool aj_entries_take(AjEntryList *l, AjBitsView *view, uint32_t *document, unsigned *impact);

typedef struct {
    uint32_t here, all, parts; /* documents in the list, in all; all and parts: tiered ones only */
    bool tiered;
} AjEntryHead;
void aj_entries_head(AjBits *bits, const AjEntryHead *head);
bool aj_entries_take_head(AjBitsView *view, AjEntryHead *head_out);

/* The keys of a file of pairs, rising: first character << 16 | second. */
typedef struct {
    uint32_t last;
    unsigned k, shift; /* all keys are alike in so many low bits */
} AjEntryPairs;
AjEntryPairs aj_entries_pairs(AjBits *bits, unsigned shift, uint32_t count);
void aj_entries_pair(AjEntryPairs *p, AjBits *bits, uint32_t key);
/* From any n keys: their low bits are the first one's. */
bool aj_entries_take_pairs(AjBitsView *view, AjEntryPairs *p_out, uint32_t *count_out);
bool aj_entries_take_pair(AjEntryPairs *p, AjBitsView *view, uint32_t *key_out);

void aj_entries_words(AjBits *bits, uint32_t count);
/* `last`: the word before in this file, "" for the first. */
void aj_entries_word(AjBits *bits, const GString *last, const GString *word);
bool aj_entries_take_words(AjBitsView *view, uint32_t *count_out);
bool aj_entries_take_word(AjBitsView *view, GString *word); /* in place of the one before */

void aj_entries_part(AjBits *bits, uint32_t count);
bool aj_entries_take_part(AjBitsView *view, uint32_t *count_out);
