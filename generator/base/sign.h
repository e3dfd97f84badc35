/* sign - one door to Ed25519 signatures (RFC 8032).
 *
 * Detached, 64 bytes, hex. Must not know: what is signed, where keys lie. */
#pragma once
#include <stdbool.h>
#include <stddef.h>

/* A fresh secret by chance: 32 bytes, 64 hex digits, NUL added. */
void aj_sign_fresh(char secret_out[65]);
/* false: `secret` is not 64 hex digits. */
bool aj_sign_public(const char *secret, char public_out[65]);
bool aj_sign_make(const char *secret, const void *bytes, size_t len, char signature_out[129]);
/* false for a wrong signature, and for anything that is not hex of the right length. */
bool aj_sign_is_good(const char *public, const void *bytes, size_t len, const char *signature);
