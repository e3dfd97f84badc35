/* hash - one door to hashing: BLAKE2b and SHA-256 from libsodium, SHA-1 from base/sha1.
 *
 * Must not know: what is hashed. */
#include "base/hash.h"

#include "base/sha1.h"

#include <glib.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct AjHashState {
    crypto_generichash_state state;
};

/* Picks the vector code for this machine; every later call finds it done. */
static void ready(void)
{
    int done = sodium_init();
    g_assert(done >= 0);
}

void aj_hash(const void *bytes, size_t len, AjHash *out)
{
    ready();
    crypto_generichash(out->bytes, sizeof out->bytes, bytes, len, NULL, 0);
}

AjHashState *aj_hash_begin(void)
{
    ready();
    /* The library's state wants an alignment of 64. */
    AjHashState *s = aligned_alloc(64, (sizeof *s + 63) / 64 * 64);
    g_assert(s);
    crypto_generichash_init(&s->state, NULL, 0, sizeof(AjHash));
    return s;
}

void aj_hash_add(AjHashState *s, const void *bytes, size_t len)
{
    crypto_generichash_update(&s->state, bytes, len);
}

void aj_hash_add_string(AjHashState *s, const char *text)
{
    size_t len = text ? strlen(text) : 0;
    uint8_t head[9] = {text != NULL};
    for (unsigned i = 0; i < 8; i++)
        head[i + 1] = (uint8_t)((uint64_t)len >> (8 * i));
    aj_hash_add(s, head, sizeof head);
    aj_hash_add(s, text, len);
}

void aj_hash_end(AjHashState *s, AjHash *out)
{
    crypto_generichash_final(&s->state, out->bytes, sizeof out->bytes);
    free(s);
}

bool aj_hash_equal(const AjHash *x, const AjHash *y)
{
    return memcmp(x->bytes, y->bytes, sizeof x->bytes) == 0;
}

unsigned aj_hash_key(const void *hash)
{
    unsigned key;
    memcpy(&key, ((const AjHash *)hash)->bytes, sizeof key);
    return key;
}

int aj_hash_is_same(const void *x, const void *y)
{
    return aj_hash_equal(x, y);
}

void aj_hash_hex(const AjHash *h, size_t digits, char *out)
{
    g_assert(digits <= 2 * sizeof h->bytes);
    for (size_t i = 0; i < digits; i++)
        out[i] = "0123456789abcdef"[(h->bytes[i / 2] >> (i % 2 ? 0 : 4)) & 15];
    out[digits] = '\0';
}

void aj_hash_blob(const void *bytes, size_t len, uint8_t out[20])
{
    char head[32];
    int n = snprintf(head, sizeof head, "blob %zu", len);
    aj_sha1(head, (size_t)n + 1, bytes, len, out);
}

void aj_hash_sha256_hex(const void *bytes, size_t len, char out[65])
{
    uint8_t sum[crypto_hash_sha256_BYTES];
    ready();
    crypto_hash_sha256(sum, bytes, len);
    sodium_bin2hex(out, 65, sum, sizeof sum);
}

void aj_hash_hmac_hex(const void *key, size_t key_len, const void *text, size_t len, char out[65])
{
    uint8_t sum[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    ready();
    crypto_auth_hmacsha256_init(&state, key, key_len);
    crypto_auth_hmacsha256_update(&state, text, len);
    crypto_auth_hmacsha256_final(&state, sum);
    sodium_bin2hex(out, 65, sum, sizeof sum);
}
