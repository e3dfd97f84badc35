/* Texts in few bytes, as search files and deltas bring them. After 'r' come such bytes: whatever
 * they are, reading ends within the limit, and a text that comes out goes in again. After any other
 * byte comes a text: valid UTF-8 comes back as it was. */
#include "index/terse.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LIMIT = 5000, CHARACTER = 4 };

static void there_and_back(AjTerse *t, const char *text, size_t len)
{
    g_autoptr(GString) bytes = g_string_new(NULL), again = g_string_new(NULL);
    aj_terse_print(t, text, len, bytes);
    g_assert_true(aj_terse_read(t, bytes->str, bytes->len, len, again));
    g_assert_cmpmem(again->str, again->len, text, len);
    g_string_truncate(again, 0);
    g_assert_false(len && aj_terse_read(t, bytes->str, bytes->len, len - 1, again));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > LIMIT)
        return 0;
    AjTerse *t = aj_terse_new();
    if (data[0] == 'r') {
        g_autoptr(GString) out = g_string_new(NULL);
        bool whole = aj_terse_read(t, data + 1, size - 1, LIMIT, out);
        g_assert_cmpuint(out->len, <=, LIMIT + CHARACTER);
        if (whole) {
            g_assert_true(g_utf8_validate(out->str, (gssize)out->len, NULL));
            there_and_back(t, out->str, out->len);
        }
    } else if (g_utf8_validate((const char *)data + 1, (gssize)size - 1, NULL)) {
        there_and_back(t, (const char *)data + 1, size - 1);
    }
    aj_terse_free(t);
    return 0;
}
