/* Values: packed bytes and JSON, told apart by the first byte. What can be read is written and read
 * again, and is the same. */
#include "base/json.h"
#include "base/text.h"
#include "base/value.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_packed(AjArena *a, const uint8_t *bytes, size_t size)
{
    size_t used = 0;
    const AjValue *v = aj_value_unpack(a, bytes, size, &used);
    if (!v)
        return;
    g_assert(used > 0 && used <= size);
    g_autoptr(GString) packed = g_string_new(NULL);
    aj_value_pack(v, packed);
    const AjValue *again = aj_value_unpack(a, packed->str, packed->len, &used);
    g_assert(again && used == packed->len);
    g_assert(aj_value_equal(v, again));
}

static const AjValue *print_and_read(AjArena *a, const AjValue *v, unsigned indent, GString *out)
{
    g_string_truncate(out, 0);
    aj_json_print(v, indent, out);
    g_assert(!strpbrk(out->str, "<>&"));
    g_assert(aj_utf8_invalid_at(out->str, out->len) == SIZE_MAX);
    const AjValue *again = aj_json_parse(a, out->str, out->len, NULL);
    g_assert(again);
    return again;
}

static void check_json(AjArena *a, const char *text, size_t size)
{
    const AjValue *v = aj_json_parse(a, text, size, NULL);
    if (!v)
        return;
    g_autoptr(GString) out = g_string_new(NULL);
    v = print_and_read(a, v, 0, out); /* 2e0 is written as 2 */
    g_assert(aj_value_equal(v, print_and_read(a, v, 0, out)));
    g_assert(aj_value_equal(v, print_and_read(a, v, 2, out)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > 4096)
        return 0;
    AjArena *a = aj_arena_new(16 * 1024);
    if (data[0] == 'j')
        check_json(a, (const char *)data + 1, size - 1);
    else
        check_packed(a, data + 1, size - 1);
    aj_arena_free(a);
    return 0;
}
