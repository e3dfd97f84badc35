/* bits - numbers of as many bits as they need, one after the other.
 *
 * Low bits first. A number is written as S. Golomb's codes in their exponential form (used by H.264
 * as Exp-Golomb): as many ones as it takes bits beyond k, a zero, then the bits. Must not know:
 * what the numbers mean. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Zeroed but for `out`; begins at a whole byte. */
typedef struct {
    GString *out;
    uint64_t held;
    unsigned n;     /* bits in `held`, below 32 between calls */
    uint32_t total; /* bits written */
} AjBits;

/* The `count` low bits of `value`, at most 32. */
void aj_bits_put(AjBits *b, uint32_t value, unsigned count);
/* A number below 2^31; returns how many bits it took beyond k. */
unsigned aj_bits_number(AjBits *b, uint32_t value, unsigned k);
/* The same with a k that follows the numbers: kept by the caller between calls. */
void aj_bits_adapt(AjBits *b, uint32_t value, unsigned *k);
/* Bits that were written by such a writer, from the start of `bytes`. */
void aj_bits_copy(AjBits *b, const char *bytes, uint32_t count);
/* Fills up the last byte. */
void aj_bits_end(AjBits *b);

/* The same numbers read: beyond the end everything is 0 and `over` says so. */
typedef struct {
    const uint8_t *bytes;
    uint64_t at, end; /* bits */
    bool over;
} AjBitsView;
uint32_t aj_bits_take(AjBitsView *v, unsigned count);
/* false: no number that was written by aj_bits_number. */
bool aj_bits_take_number(AjBitsView *v, uint32_t *value_out, unsigned k);
bool aj_bits_take_adapt(AjBitsView *v, uint32_t *value_out, unsigned *k);
