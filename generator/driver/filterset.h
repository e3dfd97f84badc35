/* filterset - Lua filters by name or file, and what the program lends them: reader, writer, files.
 *
 * What a page's filters read is noted, so that a page is made again when it changes.
 * Must not know: pages, the cache. */
#pragma once
#include "filter/luabox.h"
#include "model/config.h"

/* NAME.lua of `folder` and, for `require`, the other .lua files beside it. false: the world failed,
 * or there is no such file. `shown` is the path for messages; the strings live in `a`. */
bool aj_filterset_load(AjArena *a, const char *folder, const char *name, const char *shown,
                       AjFilterSource *out, GError **error);
/* Appends what makes two versions of a filter differ. */
void aj_filterset_hash(const AjFilterSource *f, uint8_t hash[20]);

/* One page's or document's view; `data` of the host. */
typedef struct {
    const char *root;       /* files are read below it; NULL: there are none */
    const AjConfig *config; /* NULL: defaults */
    AjArena *arena;
    AjValue *reads; /* list of path, hash, path, hash …; NULL: nobody asks */
} AjFilterView;
void aj_filterset_host(AjLuaHost *host, AjFilterView *view);
/* Notes that the page depends on a filter that not every page has; `f` NULL: it is not there. */
void aj_filterset_note(AjFilterView *view, const char *name, const AjFilterSource *f);
/* Whether everything that was read still is as it was. `memo` keeps hashes between calls (text to
 * text, both freed by the table). */
bool aj_filterset_reads_hold(const AjValue *reads, const char *root, const AjFilterSource *filters,
                             uint32_t count, GHashTable *memo);
