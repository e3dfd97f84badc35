/* minisign - keys and signatures in minisign's form.
 *
 * See minisign.h. Must not know: what is signed. */
#include "bundle/minisign.h"

#include "base/lang.h"

#include <errno.h>
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#define UNTRUSTED "untrusted comment: "
#define TRUSTED "trusted comment: "
enum { COMMENT_MAX = 1024 };

typedef struct {
    uint8_t algorithm[2], id[8], key[32];
} PublicBytes;
typedef struct {
    uint8_t algorithm[2], kdf[2], checksum[2], salt[32], opslimit[8], memlimit[8];
    uint8_t id[8], key[64], sum[32];
} SecretBytes;
typedef struct {
    uint8_t algorithm[2], id[8], signature[64];
} SignatureBytes;

GQuark aj_sign_error_quark(void)
{
    return g_quark_from_static_string("aj-sign-error");
}

static void ready(void)
{
    int done = sodium_init();
    g_assert(done >= 0);
}

static bool fail(GError **error, AjSignError code, const char *message)
{
    g_set_error_literal(error, AJ_SIGN_ERROR, code, message);
    return false;
}

static void put_base64(GString *out, const void *bytes, size_t len)
{
    char text[512];
    sodium_bin2base64(text, sizeof text, bytes, len, sodium_base64_VARIANT_ORIGINAL);
    g_string_append(out, text);
    g_string_append_c(out, '\n');
}

/* --- lines --- */

typedef struct {
    const char *at, *end;
} Lines;

/* The next line without its end; NULL when there is none or it holds what no line may. */
static char *line_next(Lines *l)
{
    if (l->at == l->end)
        return NULL;
    const char *feed = memchr(l->at, '\n', (size_t)(l->end - l->at));
    size_t len = feed ? (size_t)(feed - l->at) : (size_t)(l->end - l->at);
    if (len > COMMENT_MAX || memchr(l->at, 0, len) || memchr(l->at, '\r', len))
        return NULL;
    char *line = g_strndup(l->at, len);
    l->at = feed ? feed + 1 : l->end;
    return line;
}

static bool take_comment(Lines *l, const char *prefix, char **rest_out)
{
    g_autofree char *line = line_next(l);
    if (!line || !g_str_has_prefix(line, prefix))
        return false;
    if (rest_out)
        *rest_out = g_strdup(line + strlen(prefix));
    return true;
}

/* sodium takes digits that a second writer would write otherwise: decode, encode, compare. */
static bool take_base64(Lines *l, void *bytes, size_t len)
{
    g_autofree char *line = line_next(l);
    size_t got;
    if (!line || sodium_base642bin(bytes, len, line, strlen(line), NULL, &got, NULL,
                                   sodium_base64_VARIANT_ORIGINAL) != 0)
        return false;
    char again[512];
    sodium_bin2base64(again, sizeof again, bytes, len, sodium_base64_VARIANT_ORIGINAL);
    return got == len && strcmp(line, again) == 0;
}

/* --- keys --- */

void aj_minisign_generate(GString *public_out, GString *secret_out)
{
    ready();
    PublicBytes public = {.algorithm = "Ed"};
    SecretBytes secret = {.algorithm = "Ed", .checksum = "B2"};
    randombytes_buf(public.id, sizeof public.id);
    memcpy(secret.id, public.id, sizeof secret.id);
    crypto_sign_keypair(public.key, secret.key);
    char id[17];
    for (int i = 0; i < 8; i++)
        g_snprintf(id + 2 * i, 3, "%02X", public.id[7 - i]);
    g_string_append_printf(public_out, UNTRUSTED "minisign public key %s\n", id);
    put_base64(public_out, &public, sizeof public);
    g_string_append_printf(secret_out, UNTRUSTED "minisign secret key %s\n", id);
    put_base64(secret_out, &secret, sizeof secret);
    sodium_memzero(&secret, sizeof secret);
}

bool aj_minisign_read_public(const char *text, size_t len, AjPublicKey *out, GError **error)
{
    Lines lines = {text, text + len};
    PublicBytes bytes;
    if (!take_comment(&lines, UNTRUSTED, NULL) || !take_base64(&lines, &bytes, sizeof bytes) ||
        lines.at != lines.end || memcmp(bytes.algorithm, "Ed", 2) != 0)
        return fail(error, AJ_SIGN_ERROR_FORM,
                    AJ_TR("不是公钥文件（anjian keygen 生成的 .pub）",
                          "not a public key file (the .pub that anjian keygen makes)"));
    memcpy(out->id, bytes.id, sizeof out->id);
    memcpy(out->key, bytes.key, sizeof out->key);
    return true;
}

bool aj_minisign_read_secret(const char *text, size_t len, AjSecretKey *out, GError **error)
{
    Lines lines = {text, text + len};
    SecretBytes bytes;
    bool good = take_comment(&lines, UNTRUSTED, NULL) &&
                take_base64(&lines, &bytes, sizeof bytes) && lines.at == lines.end &&
                memcmp(bytes.algorithm, "Ed", 2) == 0;
    bool open = good && !bytes.kdf[0] && !bytes.kdf[1];
    if (open) {
        memcpy(out->id, bytes.id, sizeof out->id);
        memcpy(out->key, bytes.key, sizeof out->key);
    }
    sodium_memzero(&bytes, sizeof bytes);
    if (open)
        return true;
    return fail(error, AJ_SIGN_ERROR_FORM,
                good ? AJ_TR("这把私钥有密码；请用 anjian keygen 或 minisign -G -W 生成没有密码的",
                             "this secret key has a password; make one without by anjian keygen "
                             "or minisign -G -W")
                     : AJ_TR("不是私钥文件（anjian keygen 生成的 .key）",
                             "not a secret key file (the .key that anjian keygen makes)"));
}

void aj_secret_key_clear(AjSecretKey *key)
{
    sodium_memzero(key, sizeof *key);
}

/* --- signatures --- */

bool aj_minisign_digest(int fd, AjDigest *out, GError **error)
{
    ready();
    crypto_generichash_state state;
    uint8_t buffer[64 << 10];
    crypto_generichash_init(&state, NULL, 0, sizeof out->bytes);
    for (;;) {
        ssize_t got = read(fd, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            g_set_error(error, AJ_SIGN_ERROR, AJ_SIGN_ERROR_WORLD,
                        AJ_TR("读不了：%s", "reading: %s"), g_strerror(errno));
            return false;
        }
        if (got == 0)
            break;
        crypto_generichash_update(&state, buffer, (unsigned long long)got);
    }
    crypto_generichash_final(&state, out->bytes, sizeof out->bytes);
    return true;
}

/* The global signature is over signature and trusted comment. */
static GString *global_message(const SignatureBytes *s, const char *trusted)
{
    GString *message = g_string_new_len((const char *)s->signature, sizeof s->signature);
    g_string_append(message, trusted);
    return message;
}

void aj_minisign_sign(const AjSecretKey *key, const AjDigest *digest, const char *trusted,
                      GString *out)
{
    SignatureBytes s = {.algorithm = "ED"};
    uint8_t global[64];
    memcpy(s.id, key->id, sizeof s.id);
    crypto_sign_detached(s.signature, NULL, digest->bytes, sizeof digest->bytes, key->key);
    GString *message = global_message(&s, trusted);
    crypto_sign_detached(global, NULL, (const uint8_t *)message->str, message->len, key->key);
    g_string_append(out, UNTRUSTED "signature from anjian secret key\n");
    put_base64(out, &s, sizeof s);
    g_string_append_printf(out, TRUSTED "%s\n", trusted);
    put_base64(out, global, sizeof global);
    g_string_free(message, TRUE);
}

char *aj_minisign_verify(const AjPublicKey *key, const AjDigest *digest, const char *text,
                         size_t len, GError **error)
{
    Lines lines = {text, text + len};
    SignatureBytes s;
    uint8_t global[64];
    g_autofree char *trusted = NULL;
    if (!take_comment(&lines, UNTRUSTED, NULL) || !take_base64(&lines, &s, sizeof s) ||
        !take_comment(&lines, TRUSTED, &trusted) || !take_base64(&lines, global, sizeof global) ||
        lines.at != lines.end || memcmp(s.algorithm, "ED", 2) != 0) {
        fail(error, AJ_SIGN_ERROR_FORM,
             AJ_TR("签名文件不完整或不是 minisign 的格式",
                   "the signature file is cut short or not minisign's form"));
        return NULL;
    }
    if (memcmp(s.id, key->id, sizeof s.id) != 0) {
        fail(error, AJ_SIGN_ERROR_KEY,
             AJ_TR("不是用这把钥匙签的；核对公钥是不是发包人给的那一把",
                   "signed with another key: is this the .pub that the maker gave you?"));
        return NULL;
    }
    GString *message = global_message(&s, trusted);
    bool good = crypto_sign_verify_detached(s.signature, digest->bytes, sizeof digest->bytes,
                                            key->key) == 0 &&
                crypto_sign_verify_detached(global, (const uint8_t *)message->str, message->len,
                                            key->key) == 0;
    g_string_free(message, TRUE);
    if (!good) {
        fail(error, AJ_SIGN_ERROR_FORGED,
             AJ_TR("签名不符：包或签名被改过，或者没有拷完",
                   "the signature does not fit: bundle or signature was changed or cut short"));
        return NULL;
    }
    return g_steal_pointer(&trusted);
}
