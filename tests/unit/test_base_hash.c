/* test_base_hash - known answers, and the two things hashing by parts must keep apart.
 *
 * Must not know: what is hashed. */
#include "base/hash.h"

#include <glib.h>
#include <string.h>

static void test_known(void)
{
    AjHash h;
    char hex[65];
    aj_hash("abc", 3, &h);
    aj_hash_hex(&h, 64, hex);
    g_assert_cmpstr(hex, ==, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
    aj_hash_hex(&h, 7, hex);
    g_assert_cmpstr(hex, ==, "bddd813");
    aj_hash_hex(&h, 0, hex);
    g_assert_cmpstr(hex, ==, "");
    aj_hash_sha256_hex("", 0, hex);
    g_assert_cmpstr(hex, ==, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void test_parts(void)
{
    AjHash whole, parts;
    aj_hash("受限空间", 12, &whole);
    AjHashState *s = aj_hash_begin();
    aj_hash_add(s, "受限", 6);
    aj_hash_add(s, "", 0);
    aj_hash_add(s, "空间", 6);
    aj_hash_end(s, &parts);
    g_assert_true(aj_hash_equal(&whole, &parts));

    const char *rows[][2] = {{"ab", "c"}, {"a", "bc"}, {"abc", ""}, {"abc", NULL}, {NULL, "abc"}};
    AjHash seen[5];
    for (int i = 0; i < 5; i++) {
        s = aj_hash_begin();
        aj_hash_add_string(s, rows[i][0]);
        aj_hash_add_string(s, rows[i][1]);
        aj_hash_end(s, &seen[i]);
        for (int k = 0; k < i; k++)
            g_assert_false(aj_hash_equal(&seen[i], &seen[k]));
    }
}

static void blob_is(const char *bytes, size_t len, const char *expected)
{
    uint8_t id[20];
    char hex[41];
    aj_hash_blob(bytes, len, id);
    for (int i = 0; i < 20; i++)
        g_snprintf(hex + 2 * i, 3, "%02x", id[i]);
    g_assert_cmpstr(hex, ==, expected);
}

static void test_blob(void)
{
    /* What `git hash-object --stdin` prints. */
    blob_is("", 0, "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
    blob_is("hello\n", 6, "ce013625030ba8dba906f756967f9e9ca394464a");
    blob_is("a\0b", 3, "20b5be91886d0b6f26dc98a225c0dac05fe2c86e");
    /* Lengths round the block of 64 bytes, against a second implementation. */
    for (size_t len = 40; len < 200; len++) {
        char bytes[200], hex[41];
        uint8_t id[20];
        memset(bytes, 'x', sizeof bytes);
        aj_hash_blob(bytes, len, id);
        g_autofree char *head = g_strdup_printf("blob %zu", len);
        g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA1);
        g_checksum_update(sum, (guchar *)head, (gssize)strlen(head) + 1);
        g_checksum_update(sum, (guchar *)bytes, (gssize)len);
        for (int i = 0; i < 20; i++)
            g_snprintf(hex + 2 * i, 3, "%02x", id[i]);
        g_assert_cmpstr(hex, ==, g_checksum_get_string(sum));
    }
}

/* RFC 4231, test 2; and a key longer than a block, test 6. */
static void test_hmac(void)
{
    char hex[65], key[131];
    const char *text = "what do ya want for nothing?";
    aj_hash_hmac_hex("Jefe", 4, text, strlen(text), hex);
    g_assert_cmpstr(hex, ==, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    memset(key, 0xaa, sizeof key);
    text = "Test Using Larger Than Block-Size Key - Hash Key First";
    aj_hash_hmac_hex(key, sizeof key, text, strlen(text), hex);
    g_assert_cmpstr(hex, ==, "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/hash/known", test_known);
    g_test_add_func("/base/hash/parts", test_parts);
    g_test_add_func("/base/hash/blob", test_blob);
    g_test_add_func("/base/hash/hmac", test_hmac);
    return g_test_run();
}
