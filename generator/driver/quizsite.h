/* quizsite - what lies around a quiz page that is read alone: its site's defaults, its version.
 *
 * Must not know: questions, how a version is printed on paper. */
#pragma once
#include "base/diag.h"
#include "base/value.h"

#include <glib.h>

/* The folder that `quiz` pages are reckoned from: that of the site.yaml which aj_quizsite_defaults
 * finds, else the file's own. Caller frees. */
char *aj_quizsite_root(const char *file);
/* `quiz` of the site.yaml in the folder of `file` or the nearest above it, not beyond the top of a
 * repository; NULL when there is none, or with `error` set or told when it cannot be read.
 * `file` is absolute. */
const AjValue *aj_quizsite_defaults(AjArena *a, const char *file, AjDiags *diags, GError **error);
/* "第 3 版 · 2026-11-20 · a1b2c3d", and what keeps it from being so: no history, a cut one, changes
 * that are not committed. `bytes` are the file's. NULL: `error` set. In `a`. */
const char *aj_quizsite_version(AjArena *a, const char *file, const char *bytes, size_t len,
                                GError **error);
