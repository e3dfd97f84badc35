/* rebuild - `anjian build` as a child, again whenever it is asked for.
 *
 * A change during a build asks for one more after it. Needs a running main loop.
 * Must not know: who asks, what is done with the site. */
#pragma once
#include <glib.h>

typedef struct {
    int code;         /* exit code; -1: it was killed */
    const char *said; /* on stderr, its beginning; also passed on to ours */
    double seconds;
} AjRebuilt;

typedef struct AjRebuild AjRebuild;
/* `dir` as the user wrote it: so are the paths of problems. `ended` runs in the main loop. The
 * strings are borrowed. */
AjRebuild *aj_rebuild_new(const char *program, const char *dir, const char *out,
                          void (*ended)(const AjRebuilt *result, void *data), void *data);
void aj_rebuild_ask(AjRebuild *r);
void aj_rebuild_free(AjRebuild *r); /* ends a running build */
