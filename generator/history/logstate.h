/* logstate - a walked history as tables, packed to bytes and back.
 *
 * The packed form is what a later build goes on from. It carries its own checksum; one that is
 * cut, foreign or of another version is not read.
 * Pure. Must not know: repositories, how a walk is done. */
#pragma once
#include "base/arena.h"
#include "model/history.h"

#include <glib.h>
#include <stdbool.h>

enum {
    AJ_LOG_ALONE =
        1,         /* nothing else was waiting when it was walked: all later ones are ancestors */
    AJ_LOG_ALL = 2 /* and every name was followed: from here on any walk finds the same */
};
typedef struct {
    uint8_t id[20];
    uint8_t flags;
    uint8_t change; /* AjChange */
    int16_t offset;
    uint32_t parents, parent_count; /* in AjLog.parents */
    int64_t author_time, commit_time;
    const char *author, *subject, *reviewed_by, *approved_by;
} AjLogCommit;
typedef struct {
    uint32_t name; /* number of the name * 2, + 1 when it was followed for a rename only */
    uint32_t commit;
} AjLogEvent;
typedef struct {
    uint32_t to;     /* as AjLogEvent.name */
    uint32_t from;   /* number of the name */
    uint32_t commit; /* where `from` became `to` */
    uint32_t parent; /* the parent in which it was `from` */
} AjLogRename;
typedef struct {
    uint8_t id[20];
    bool is_there;
} AjLogFile;
typedef struct {
    AjArena *arena;       /* of the strings */
    GArray *commits;      /* AjLogCommit */
    GArray *parents;      /* uint32_t: numbers of commits */
    GPtrArray *names;     /* const char *: paths below the prefix */
    uint32_t sorted;      /* so many of them, from the first on, are in order */
    GHashTable *name_ids; /* the others: name -> number + 1 */
    GArray *events;       /* AjLogEvent */
    GArray *renames;      /* AjLogRename */
    GArray *files;        /* AjLogFile by number of name: what HEAD holds */
    AjLogFile head_tree;  /* the prefix's folder in HEAD, to which `files` belongs */
} AjLog;

AjLog *aj_log_new(AjArena *arena);
void aj_log_free(AjLog *log); /* not the arena */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AjLog, aj_log_free)
uint32_t aj_log_name(AjLog *log, const char *name, size_t len);           /* makes it when new */
bool aj_log_name_find(const AjLog *log, const char *name, uint32_t *out); /* does not */
/* The same for many names that are asked in order: `at` begins with 0 and stays where they are. */
bool aj_log_name_next(const AjLog *log, const char *name, uint32_t *at, uint32_t *out);

/* What a state is about: it is of use only for the same folder and the same cut of the history,
 * with any head. */
typedef struct {
    const char *prefix;
    uint8_t head[20];
    uint8_t shallow[32]; /* hash of the cut; zeros: none */
} AjLogKey;
/* What ends a state: of a cache, against a cut or a flipped bit. */
enum { AJ_LOGSTATE_SUM = 8 };
void aj_logstate_sum(const void *bytes, size_t len, uint8_t out[AJ_LOGSTATE_SUM]);
/* The log must be in walk order, its events sorted by name, then commit. */
void aj_logstate_write(const AjLog *log, const AjLogKey *key, GString *out);
/* NULL when the bytes are of no use. The strings of the log point into `bytes`. */
AjLog *aj_logstate_read(AjArena *arena, const void *bytes, size_t len, const AjLogKey *key);
