/* Requests of a browser to the preview: 'h' a Host header, 'r' a range, else a path. No path leaves
 * the site, no range its file. */
#include "cli/preview.h"

#include <stdint.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FILE_SIZE = 1000 };

static void check_path(const char *target)
{
    g_autoptr(GString) path = g_string_new(NULL);
    if (aj_preview_path(target, path) != 200)
        return;
    g_assert_cmpuint(strlen(path->str), ==, path->len);
    g_auto(GStrv) parts = g_strsplit(path->str, "/", -1);
    for (guint i = 0; parts[i]; i++) {
        g_assert_true(parts[i][0] != '.');
        g_assert_true(*parts[i] || !parts[i + 1]);
    }
    g_assert_nonnull(aj_preview_type(path->str));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    guint64 from, len;
    if (size < 1)
        return 0;
    g_autofree char *text = g_strndup((const char *)data + 1, size - 1);
    if (data[0] == 'h') {
        aj_preview_host(text, "127.0.0.1");
        aj_preview_host(text, "0.0.0.0");
    } else if (data[0] == 'r') {
        if (aj_preview_range(text, FILE_SIZE, &from, &len))
            g_assert_true(len && from < FILE_SIZE && len <= FILE_SIZE - from);
    } else {
        check_path(text);
    }
    return 0;
}
