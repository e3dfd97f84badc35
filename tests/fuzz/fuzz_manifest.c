/* Manifests of bundles: what can be read is printed and read again, and is the same; its paths are
 * sound and in order. */
#include "bundle/manifest.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_order(const AjManifest *m)
{
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < m->count; i++) {
        g_assert_true(aj_manifest_path_is_sound(m->files[i].path));
        g_assert_true(!i || strcmp(m->files[i - 1].path, m->files[i].path) < 0);
        g_assert_true(aj_manifest_find(m, m->files[i].path) == &m->files[i]);
        g_assert_false(aj_manifest_deletes(m, m->files[i].path));
        bytes += m->files[i].size;
    }
    g_assert_cmpuint(bytes, ==, m->bytes);
    for (uint32_t i = 0; i < m->deleted_count; i++)
        g_assert_true(aj_manifest_deletes(m, m->deleted[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AjArena *a = aj_arena_new(16 * 1024);
    AjManifest m;
    GError *error = NULL;
    if (aj_manifest_parse(a, (const char *)data, size, &m, &error)) {
        g_autoptr(GString) text = g_string_new(NULL), again = g_string_new(NULL);
        check_order(&m);
        aj_manifest_print(&m, text);
        g_assert_true(aj_manifest_parse(a, text->str, text->len, &m, &error));
        aj_manifest_print(&m, again);
        g_assert_true(g_string_equal(text, again));
    }
    g_clear_error(&error);
    aj_arena_free(a);
    return 0;
}
