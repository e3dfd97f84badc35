/* RFC 8032's own example, and everything that must not be taken for a signature.
 * Must not know: what is signed. */
#include "base/sign.h"

#include <glib.h>
#include <string.h>

static void test_known(void)
{
    /* RFC 8032, 7.1, test 2: one byte, 0x72 */
    const char *secret = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
    char public[65], signature[129];
    g_assert_true(aj_sign_public(secret, public));
    g_assert_cmpstr(public, ==, "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    g_assert_true(aj_sign_make(secret, "\x72", 1, signature));
    g_assert_cmpstr(signature, ==,
                    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    g_assert_true(aj_sign_is_good(public, "\x72", 1, signature));
    g_assert_false(aj_sign_is_good(public, "\x73", 1, signature));
    for (size_t i = 0; i < 128; i++) {
        char bad[129];
        memcpy(bad, signature, sizeof bad);
        bad[i] = bad[i] == '0' ? '1' : '0';
        g_assert_false(aj_sign_is_good(public, "\x72", 1, bad));
    }
}

static void test_shape(void)
{
    char secret[65], other[65], public[65], signature[129];
    aj_sign_fresh(secret);
    aj_sign_fresh(other);
    g_assert_cmpstr(secret, !=, other);
    g_assert_true(aj_sign_make(secret, "x", 1, signature));
    g_assert_true(aj_sign_public(other, public));
    g_assert_false(aj_sign_is_good(public, "x", 1, signature));
    g_assert_false(aj_sign_public("", public));
    g_assert_false(aj_sign_public("zz", public));
    g_assert_false(aj_sign_make("00", "x", 1, signature));
    g_assert_false(aj_sign_is_good("", "x", 1, ""));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/sign/known", test_known);
    g_test_add_func("/base/sign/shape", test_shape);
    return g_test_run();
}
