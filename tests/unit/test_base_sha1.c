/* test_base_sha1 - every length round the borders of a block, against GLib.
 *
 * Must not know: git's objects. */
#include "base/sha1.h"

#include <glib.h>
#include <string.h>

static void test_against_glib(void)
{
    uint8_t bytes[400], expected[20], out[20];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)(i * 7 + 3);
    for (size_t head = 0; head < 64; head++) {
        for (size_t len = 0; len < 330; len++) {
            g_autofree uint8_t *exact = g_memdup2(bytes + head, len);
            g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA1);
            gsize size = 20;
            g_checksum_update(sum, bytes, (gssize)(head + len));
            g_checksum_get_digest(sum, expected, &size);
            aj_sha1(bytes, head, exact, len, out);
            if (memcmp(out, expected, 20) != 0)
                g_error("head %zu, length %zu", head, len);
        }
    }
}

static void test_known(void)
{
    static const uint8_t abc[20] = {0xa9, 0x99, 0x3e, 0x36, 0x47, 0x06, 0x81, 0x6a, 0xba, 0x3e,
                                    0x25, 0x71, 0x78, 0x50, 0xc2, 0x6c, 0x9c, 0xd0, 0xd8, 0x9d};
    uint8_t out[20];
    aj_sha1("", 0, "abc", 3, out);
    g_assert_cmpmem(out, 20, abc, 20);
    aj_sha1("a", 1, "bc", 2, out);
    g_assert_cmpmem(out, 20, abc, 20);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/sha1/against-glib", test_against_glib);
    g_test_add_func("/base/sha1/known", test_known);
    return g_test_run();
}
