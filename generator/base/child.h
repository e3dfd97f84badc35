/* child - one program, run to its end: bytes in, bytes out.
 *
 * Must not know: why it is run. */
#pragma once
#include <glib.h>
#include <stdbool.h>

/* `argv` ends with NULL; the program is looked for in PATH. What it writes on stdout is appended to
 * `out`. `code_out` is its exit code, -1 when a signal ended it. false: it could not be started. */
bool aj_child_run(const char *const *argv, const char *input, size_t len, GString *out,
                  int *code_out, GError **error);
