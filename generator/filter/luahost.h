/* luahost - what the rest of the program lends to filters: reader, writer, files.
 *
 * Stages never meet, so driver/ hands these in. Each may be NULL: then filters have it not.
 * Must not know: who lends it. */
#pragma once
#include "model/tree.h"

#include <stdatomic.h>

/* Where a filter was when its time ran out inside one call, which no hook can end: filled in by a
 * signal handler just before the process goes, read by the process that started it. */
typedef struct {
    _Alignas(64) _Atomic uint32_t item; /* AjLuaHost.item + 1; 0: free */
    uint32_t filter, line;
    bool learning; /* at its first run, without a page */
} AjLuaTrace;

typedef struct AjLuaHost {
    const char *format; /* FORMAT; NULL: "html" */
    AjTree *(*markdown)(AjArena *a, const char *text, size_t len, void *data);
    void (*html)(AjTree *tree, GString *out, void *data);
    /* Below the site's folder. `path` has no "..". false: `why` says it for a person. */
    bool (*read)(const char *path, GString *out, const char **why, void *data);
    /* Names in a folder, sorted, one NUL after each. */
    bool (*list)(const char *path, GString *out, const char **why, void *data);
    bool write;         /* filters may write, rename and remove files, anywhere */
    bool run;           /* filters may run programs and see environment and clock */
    AjLuaTrace *traces; /* shared with the parent; NULL: nobody asks */
    uint32_t trace_count, item;
    void *data;
} AjLuaHost;
