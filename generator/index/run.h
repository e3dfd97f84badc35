/* run - the sorted postings of one group of pages, the piece that the cache keeps.
 *
 * A run's bytes depend on its pages and the average length only, never on where the group stands in
 * the site: documents are counted from the group's first one. Must not know: files, other groups,
 * the browser's form. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum { AJ_RUN_FORMAT = 3, AJ_RUN_TITLE = 1, AJ_RUN_HEADING = 2 };
/* Of a posting, the low bits of {gap << AJ_IMPACT_BITS | impact}: 1..4 in the text, by BM25F; 5..7
 * in the title, by its length. */
enum { AJ_IMPACT_BITS = 3, AJ_IMPACT_BODY = 4, AJ_IMPACT_MAX = 7 };

typedef struct {
    const uint8_t *terms; /* what aj_segment_page made, header checked */
    size_t len;
    uint32_t units;
    const char *texts; /* of index/segment */
    size_t texts_len;
    unsigned title_class; /* 0..2, short titles first */
} AjRunPage;

/* Appends the run of these pages. `average`: terms in an average unit. */
void aj_run_build(const AjRunPage *pages, uint32_t count, uint32_t average, GString *out);

/* Postings of one term in one group: {gap, impact}, the first gap from the group's first
 * document. */
typedef struct {
    uint32_t count, flags, last; /* last: document, from the group's first */
    const uint8_t *postings;
    size_t len;
} AjRunChunk;
/* The pairs of one first character: where they begin, and a hash of all that is said of them. */
typedef struct {
    uint32_t first, hash_low, hash_high;
} AjRunSlice;
/* A view on the bytes of a run, moved along by the merge. The bytes must be 4-byte aligned. */
typedef struct {
    const uint32_t *keys, *offsets;
    const AjRunSlice *slices; /* by character */
    uint32_t pairs, slice_count;
    const uint8_t *chunks, *chunks_end;
    const uint8_t *next, *words_end; /* the rest of the words */
    const char *word;                /* the next word; NULL at the end */
    size_t word_len;
    const uint8_t *word_chunk;
    size_t word_chunk_len;
} AjRun;
bool aj_run_open(const char *bytes, size_t len, AjRun *run_out); /* false: malformed */
static inline uint32_t aj_run_slice_character(const AjRun *r, uint32_t slice)
{
    return r->keys[r->slices[slice].first] >> 16;
}
static inline uint32_t aj_run_slice_end(const AjRun *r, uint32_t slice)
{
    return slice + 1 < r->slice_count ? r->slices[slice + 1].first : r->pairs;
}
/* One step of the hash: quick, for telling apart, not for keeping enemies out. */
static inline uint64_t aj_run_mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0x9E3779B97F4A7C15u;
    return hash ^ hash >> 32;
}
uint64_t aj_run_mix_bytes(uint64_t hash, const void *bytes, size_t len);
bool aj_run_chunk(const uint8_t *bytes, size_t len, AjRunChunk *chunk_out);
void aj_run_next_word(AjRun *run);
