/* The seeds of one fuzzer, and its old crashes, once each: what `make check` runs in its place.
 * The program's own name says whose: fuzz_value reads tests/fuzz/seeds/value. Every file is given
 * whole, and cut short at each of its first bytes. */
#include <glib.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void give(const char *bytes, size_t size)
{
    uint8_t *exact = g_memdup2(bytes, size); /* one byte too far is seen */
    static const uint8_t nothing[1];
    LLVMFuzzerTestOneInput(exact ? exact : nothing, size);
    g_free(exact);
}

static int by_name(const void *x, const void *y)
{
    return strcmp(*(char *const *)x, *(char *const *)y);
}

int main(int argc, char **argv)
{
    (void)argc;
    g_autofree char *name = g_path_get_basename(argv[0]);
    g_autofree char *folder = g_build_filename("tests/fuzz/seeds", name + strlen("fuzz_"), NULL);
    g_autoptr(GError) error = NULL;
    GDir *dir = g_dir_open(folder, 0, &error);
    g_assert_no_error(error);
    g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(g_free);
    for (const char *file; (file = g_dir_read_name(dir));)
        g_ptr_array_add(files, g_strdup(file));
    g_dir_close(dir);
    g_ptr_array_sort(files, by_name);
    g_assert_cmpuint(files->len, >, 0);
    printf("1..%u\n", files->len);
    for (guint i = 0; i < files->len; i++) {
        g_autofree char *path = g_build_filename(folder, files->pdata[i], NULL);
        g_autofree char *bytes = NULL;
        size_t size = 0;
        g_file_get_contents(path, &bytes, &size, &error);
        g_assert_no_error(error);
        give(bytes, size);
        for (size_t len = 0; len < MIN(size, 300); len++)
            give(bytes, len);
        printf("ok %u - %s\n", i + 1, path);
        fflush(stdout);
    }
    return 0;
}
