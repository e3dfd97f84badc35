/* Lines at every border: none, one, without an end, over the limit, across pieces, blank.
 * Must not know: what reads them. */
#include "base/lines.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

enum { LIMIT = 100 };

/* "3:abc" a line, with ! cut, ~ blank, > too long. */
static char *read_all(const char *bytes, gssize len)
{
    g_autofree char *path = NULL;
    int fd = g_file_open_tmp("lines-XXXXXX", &path, NULL);
    g_assert_cmpint(fd, >=, 0);
    close(fd);
    g_assert_true(g_file_set_contents(path, bytes, len, NULL));
    g_autoptr(GError) error = NULL;
    g_autoptr(AjLines) lines = aj_lines_open(path, LIMIT, &error);
    g_assert_no_error(error);
    GString *out = g_string_new(NULL);
    AjLine line;
    while (aj_lines_next(lines, &line, &error))
        g_string_append_printf(out, "%u:%s%s%s%s ", line.number, line.len > 20 ? "…" : line.text,
                               line.cut ? "!" : "", line.blank ? "~" : "",
                               line.too_long ? ">" : "");
    g_assert_no_error(error);
    g_unlink(path);
    return g_string_free(out, FALSE);
}

static void is(const char *bytes, gssize len, const char *wanted)
{
    g_autofree char *got = read_all(bytes, len);
    g_assert_cmpstr(got, ==, wanted);
}

static void test_borders(void)
{
    is("", 0, "");
    is("\n", -1, "1:~ ");
    is("a", -1, "1:a! ");
    is("a\nb\r\n\nc", -1, "1:a 2:b 3:~ 4:c! ");
    is("\xef\xbb\xbfx\n", -1, "1:x ");
    is("\xef\xbb\xbf\n", -1, "1:~ ");
    is("\0\0\n \t\n", 6, "1:~ 2: \t~ ");
}

static void test_long(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; i < LIMIT; i++)
        g_string_append_c(text, 'x');
    g_string_append_c(text, '\n');
    is(text->str, -1, "1:… ");
    g_string_prepend_c(text, 'x');
    g_string_append(text, "b\n");
    is(text->str, -1, "1:…> 2:b ");
    g_string_assign(text, "");
    for (int i = 0; i < 300000; i++)
        g_string_append_c(text, ' ');
    is(text->str, -1, "1:…!~> ");
    g_string_append(text, "x\ny\n");
    is(text->str, -1, "1:…> 2:y ");
}

static void test_not_a_file(void)
{
    g_autoptr(GError) error = NULL;
    g_assert_null(aj_lines_open("/", LIMIT, &error));
    g_assert_nonnull(error);
    g_clear_error(&error);
    g_assert_null(aj_lines_open("/dev/zero", LIMIT, &error));
    g_assert_nonnull(error);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/lines/borders", test_borders);
    g_test_add_func("/base/lines/long", test_long);
    g_test_add_func("/base/lines/not-a-file", test_not_a_file);
    return g_test_run();
}
