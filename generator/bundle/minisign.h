/* minisign - keys and signatures in minisign's form, so that `minisign -V` is a second judge.
 *
 * Formats: https://jedisct1.github.io/minisign/ ("Signature format", "Public key format"). Only
 * prehashed signatures (Ed25519 over BLAKE2b-512 of the file), only secret keys without a password.
 * Base64 must be canonical, lines as minisign writes them: every bit but those of the untrusted
 * comment and a final line feed counts. Must not know: what is signed. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AJ_SIGN_ERROR (aj_sign_error_quark())
GQuark aj_sign_error_quark(void);
typedef enum {
    AJ_SIGN_ERROR_FORM,   /* not a key, not a signature */
    AJ_SIGN_ERROR_KEY,    /* made with another key */
    AJ_SIGN_ERROR_FORGED, /* the file, the signature or the comment was changed */
    AJ_SIGN_ERROR_WORLD
} AjSignError;

typedef struct {
    uint8_t id[8], key[32];
} AjPublicKey;
typedef struct {
    uint8_t id[8], key[64];
} AjSecretKey; /* wipe with aj_secret_key_clear */
typedef struct {
    uint8_t bytes[64];
} AjDigest; /* BLAKE2b-512 of a file */

/* A new pair as text of the two key files. */
void aj_minisign_generate(GString *public_out, GString *secret_out);
bool aj_minisign_read_public(const char *text, size_t len, AjPublicKey *out, GError **error);
bool aj_minisign_read_secret(const char *text, size_t len, AjSecretKey *out, GError **error);
void aj_secret_key_clear(AjSecretKey *key);
bool aj_minisign_digest(int fd, AjDigest *out, GError **error); /* from its place to the end */
/* The text of a signature file. `trusted` is one line. */
void aj_minisign_sign(const AjSecretKey *key, const AjDigest *digest, const char *trusted,
                      GString *out);
/* The trusted comment when all is well (caller frees), else NULL. */
char *aj_minisign_verify(const AjPublicKey *key, const AjDigest *digest, const char *text,
                         size_t len, GError **error);
