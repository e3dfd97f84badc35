/* volume - what the rooms of one index build share: pages, groups, their runs, and the door by
 * which files leave.
 *
 * A file leaves under a key, the hash of what it was made from; one that the last build left with
 * the same key stays and is not even made. Must not know: what is in a file, the file system. */
#pragma once
#include "index/run.h"
#include "index/shard.h"

enum {
    AJ_VOLUME_NAME = 160, /* bytes of a file's name, its end included */
    AJ_GROUP_KEY = 4,     /* hexadecimal digits */
    AJ_FRAGMENT_PACK = 2  /* at most */
};

typedef struct {
    uint32_t first_page, pages;
    uint32_t base, units;       /* documents: the first, and how many */
    char key[AJ_GROUP_KEY + 1]; /* stays when groups come and go elsewhere */
} AjGroup;
typedef struct {
    const AjShardPage *pages;
    uint32_t page_count;
    const AjShardSink *sink;
    AjRunPage *run_pages; /* one a page; units 0: has none */
    AjGroup *groups;
    AjRun *runs;                     /* one a group */
    uint32_t group_count, documents; /* documents: end of the numbers */
    uint32_t reach;                  /* a power of two above it: hardly ever changes */
    char numbering[9];               /* changes when documents are numbered otherwise */
    unsigned pack;                   /* a fragment file holds the texts of 1 << pack pages */
    size_t shard_bytes, tier_bytes;  /* tier: beyond it low impacts go to files of their own */
    GString *script, *coded;         /* scratch of whoever writes a file */
    GHashTable *stayed; /* names that stay already though their neighbours do not; NULL: none */
} AjVolume;

/* True: the last build's file was made from the same and stays. */
bool aj_volume_keep(AjVolume *v, const char *name, const AjHash *key);
/* Begins v->script for a file: `aj("t/0","NUMBERING",`, to be ended with a value and ");\n". */
void aj_volume_begin(AjVolume *v, const char *name, const char *numbering);
/* A script that puts the payload under its name, with its key or (NULL) under the payload's hash.
 * `coded`: bytes, written as text of 91 characters; else text for the inside of a string. */
bool aj_volume_file(AjVolume *v, const char *name, const AjHash *key, const char *payload,
                    size_t len, bool coded);
/* The script that stands in v->script, quickly made: its hash is its key. */
bool aj_volume_script(AjVolume *v, const char *name);
