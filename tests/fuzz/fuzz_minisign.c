/* Keys and signatures: 'p' a public key, 's' a secret one, else a signature over known bytes. One
 * that is believed is the one that was made, but for its untrusted comment. */
#include "bundle/minisign.h"

#include <sodium.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define TRUSTED "timestamp:0"

/* From its second line on, without a last line feed. */
static char *judged(const char *text, size_t len)
{
    const char *feed = memchr(text, '\n', len);
    g_assert_nonnull(feed);
    size_t rest = len - (size_t)(feed + 1 - text);
    if (rest && feed[rest] == '\n')
        rest--;
    return g_strndup(feed + 1, rest);
}

static void check_signature(const char *text, size_t len)
{
    static const uint8_t seed[crypto_sign_SEEDBYTES] = "seed";
    AjPublicKey public = {.id = "anjian"};
    AjSecretKey secret = {.id = "anjian"};
    AjDigest digest = {{1, 2, 3}};
    crypto_sign_seed_keypair(public.key, secret.key, seed);
    g_autofree char *comment = aj_minisign_verify(&public, &digest, text, len, NULL);
    if (!comment)
        return;
    g_autoptr(GString) made = g_string_new(NULL);
    aj_minisign_sign(&secret, &digest, TRUSTED, made);
    g_autofree char *want = judged(made->str, made->len), *got = judged(text, len);
    g_assert_cmpstr(comment, ==, TRUSTED);
    g_assert_cmpstr(got, ==, want);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AjPublicKey public;
    AjSecretKey secret;
    if (size < 1 || sodium_init() < 0)
        return 0;
    const char *text = (const char *)data + 1;
    if (data[0] == 'p')
        aj_minisign_read_public(text, size - 1, &public, NULL);
    else if (data[0] == 's' && aj_minisign_read_secret(text, size - 1, &secret, NULL))
        aj_secret_key_clear(&secret);
    else if (data[0] != 's')
        check_signature(text, size - 1);
    return 0;
}
