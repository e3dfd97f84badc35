/* hash - one door to hashing.
 *
 * BLAKE2b-256 for everything of our own; git's blob id where a page is named as git names it.
 * Must not know: what is hashed. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    uint8_t bytes[32];
} AjHash;
typedef struct AjHashState AjHashState;

void aj_hash(const void *bytes, size_t len, AjHash *out);
AjHashState *aj_hash_begin(void);
void aj_hash_add(AjHashState *s, const void *bytes, size_t len);
/* With its length first, so that ("ab","c") and ("a","bc") differ. NULL counts as its own value. */
void aj_hash_add_string(AjHashState *s, const char *text);
void aj_hash_end(AjHashState *s, AjHash *out); /* frees s */
bool aj_hash_equal(const AjHash *x, const AjHash *y);
/* For tables by AjHash: GHashFunc and GEqualFunc. */
unsigned aj_hash_key(const void *hash);
int aj_hash_is_same(const void *x, const void *y);
void aj_hash_hex(const AjHash *h, size_t digits, char *out); /* digits <= 64, NUL added */
/* SHA-1 of "blob LEN\0" + bytes: the object id git gives these bytes. */
void aj_hash_blob(const void *bytes, size_t len, uint8_t out[20]);
/* SHA-256, hex, for ids that other programs have to compute too (question ids). */
void aj_hash_sha256_hex(const void *bytes, size_t len, char out[65]);
/* HMAC-SHA256 (RFC 2104) of `text` with a key of any length, hex. */
void aj_hash_hmac_hex(const void *key, size_t key_len, const void *text, size_t len, char out[65]);
