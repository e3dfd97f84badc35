/* run - the sorted postings of one group of pages, the piece that the cache keeps.
 *
 * A run's bytes depend on its pages and the average length only, never on where the group stands in
 * the site: documents are counted from the group's first one. Must not know: files, other groups,
 * the browser's form. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

enum { AJ_RUN_TITLE = 1, AJ_RUN_HEADING = 2, AJ_IMPACT_MAX = 15 };

typedef struct {
    const uint8_t *terms; /* what aj_segment_page made, header checked */
    size_t len;
    uint32_t units;
    unsigned title_class; /* 0..3, short titles first */
} AjRunPage;

/* Appends the run of these pages. `average`: terms in an average unit. */
void aj_run_build(const AjRunPage *pages, uint32_t count, uint32_t average, GString *out);

/* Postings of one term in one group: {gap << 4 | impact}, the first gap from the group's first
 * document. */
typedef struct {
    uint32_t count, flags, last; /* last: document, from the group's first */
    const uint8_t *postings;
    size_t len;
} AjRunChunk;
/* A view on the bytes of a run, moved along by the merge. The bytes must be 4-byte aligned. */
typedef struct {
    const uint32_t *keys, *offsets;
    uint32_t pairs, at; /* at: next pair */
    const uint8_t *chunks, *chunks_end;
    const uint8_t *next, *words_end; /* the rest of the words */
    const char *word;                /* the next word; NULL at the end */
    size_t word_len;
    const uint8_t *word_chunk;
    size_t word_chunk_len;
} AjRun;
bool aj_run_open(const char *bytes, size_t len, AjRun *run_out); /* false: malformed */
bool aj_run_chunk(const uint8_t *bytes, size_t len, AjRunChunk *chunk_out);
void aj_run_next_word(AjRun *run);
