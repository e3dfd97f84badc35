/* postings - the documents of one term, merged from its groups, in one or two tiers.
 *
 * Merged as varints {gap << AJ_IMPACT_BITS | impact}, written as bits (index/bits). A term beyond
 * the volume's tier_bytes keeps the highest impacts with it; the rest goes to files of its own,
 * which a browser loads only when it must. Must not know: which file holds the term, what a term
 * is. */
#pragma once
#include "index/volume.h"

typedef struct {
    GString *bytes;
    uint32_t count, flags, last; /* flags: of AjRun; last: document */
} AjPostings;

/* How the files of low impacts are called and kept: t/PAIR-1.js or t/xWORD-1.js and so on, both in
 * hexadecimal, each counted from document 0. */
typedef struct {
    uint32_t pair; /* the key of a pair; 0: a word */
    const GString *word;
    const AjHash *key;  /* of part n: this hash with n; NULL: the bytes' own */
    bool silent;        /* they stay as they are: only count them */
    uint32_t parts_out; /* how many there are */
} AjPostingsTier;

void aj_postings_clear(AjPostings *t);
/* Appends a group's chunk: only its first gap has to be made anew. Malformed bytes add nothing. */
void aj_postings_add(AjPostings *t, const uint8_t *bytes, size_t len, uint32_t base);
/* Appends an entry of `*bits_out` bits to `out`, from a whole byte: {documents, tiered?, the
 * list}; a tiered one has {all documents, parts} before the list. false: the sink said stop. */
bool aj_postings_write(AjVolume *v, const AjPostings *t, AjPostingsTier *tier, GString *out,
                       uint32_t *bits_out);
/* The name and the key of part `n`, from 1. */
void aj_postings_part(const AjPostingsTier *tier, uint32_t n, char name[AJ_VOLUME_NAME],
                      AjHash *key);
