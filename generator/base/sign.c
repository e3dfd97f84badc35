/* sign - one door to Ed25519 signatures: libsodium's.
 *
 * Must not know: what is signed, where keys lie. */
#include "base/sign.h"

#include <glib.h>
#include <sodium.h>
#include <string.h>

static void ready(void)
{
    int done = sodium_init();
    g_assert(done >= 0);
}

static bool from_hex(const char *hex, unsigned char *out, size_t len)
{
    size_t got = 0;
    return strlen(hex) == 2 * len &&
           sodium_hex2bin(out, len, hex, 2 * len, NULL, &got, NULL) == 0 && got == len;
}

static bool pair_of(const char *secret, unsigned char *public, unsigned char *whole)
{
    unsigned char seed[crypto_sign_SEEDBYTES];
    ready();
    bool good =
        from_hex(secret, seed, sizeof seed) && crypto_sign_seed_keypair(public, whole, seed) == 0;
    sodium_memzero(seed, sizeof seed);
    return good;
}

void aj_sign_fresh(char secret_out[65])
{
    unsigned char seed[crypto_sign_SEEDBYTES];
    ready();
    randombytes_buf(seed, sizeof seed);
    sodium_bin2hex(secret_out, 65, seed, sizeof seed);
    sodium_memzero(seed, sizeof seed);
}

bool aj_sign_public(const char *secret, char public_out[65])
{
    unsigned char public[crypto_sign_PUBLICKEYBYTES], whole[crypto_sign_SECRETKEYBYTES];
    if (!pair_of(secret, public, whole))
        return false;
    sodium_bin2hex(public_out, 65, public, sizeof public);
    sodium_memzero(whole, sizeof whole);
    return true;
}

bool aj_sign_make(const char *secret, const void *bytes, size_t len, char signature_out[129])
{
    unsigned char public[crypto_sign_PUBLICKEYBYTES], whole[crypto_sign_SECRETKEYBYTES];
    unsigned char signature[crypto_sign_BYTES];
    if (!pair_of(secret, public, whole))
        return false;
    crypto_sign_detached(signature, NULL, bytes, len, whole);
    sodium_bin2hex(signature_out, 129, signature, sizeof signature);
    sodium_memzero(whole, sizeof whole);
    return true;
}

bool aj_sign_is_good(const char *public, const void *bytes, size_t len, const char *signature)
{
    unsigned char key[crypto_sign_PUBLICKEYBYTES], raw[crypto_sign_BYTES];
    ready();
    return from_hex(public, key, sizeof key) && from_hex(signature, raw, sizeof raw) &&
           crypto_sign_verify_detached(raw, bytes, len, key) == 0;
}
