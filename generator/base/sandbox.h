/* sandbox - one door to landlock and seccomp: what a worker may still do.
 *
 * Best effort: an old kernel gives less, and the status says what holds.
 * Must not know: why the caller wants it. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct {
    const char *const *read_below;  /* NULL-terminated: folders and files that stay readable */
    const char *const *write_below; /* NULL-terminated: folders that stay writable; may be NULL */
} AjSandbox;
/* Irrevocable, for this process: no new program, no socket, no ptrace, no file outside the lists.
 * Open descriptors stay open. Appends one line on what holds, e.g. "landlock 3, seccomp". */
void aj_sandbox_enter(const AjSandbox *box, GString *status);
/* What would hold here, without entering: the same line. */
void aj_sandbox_probe(GString *status);
