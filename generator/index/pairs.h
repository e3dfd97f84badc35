/* pairs - the postings of pairs of characters to files, dealt by first character.
 *
 * A character with many bytes gets files of its own (t/CHARACTER-PART.js), the others share
 * buckets (t/bNUMBER.js). What a character came to is noted in a digest beside the runs, by a hash
 * of its slices in all groups: a build after a small change merges only the characters that
 * changed. Must not know: words, pages, files. */
#pragma once
#include "index/lexicon.h"
#include "index/volume.h"

/* Writes all files, adds common pairs to the lexicon. Appends to `splits` each character with files
 * of its own and a number, the logarithm of how many. `*buckets_out`: a power of two. false: the
 * sink said stop. */
bool aj_pairs_write(AjVolume *v, AjLexicon *lexicon, GString *splits, uint32_t *buckets_out);
