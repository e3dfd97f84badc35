/* logask - which commits revised a name, its earlier names with it.
 *
 * Pure: reads a walked log. Must not know: repositories, trees, how the log was made. */
#pragma once
#include "history/logstate.h"

typedef struct AjLogAsk AjLogAsk;
typedef struct {
    uint32_t commit, name; /* and what it was called there */
} AjLogHit;
/* The log must be in walk order, events sorted by name then commit, renames by `to`. */
AjLogAsk *aj_logask_new(const AjLog *log);
void aj_logask_free(AjLogAsk *ask);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AjLogAsk, aj_logask_free)
/* Appends to `out` (of AjLogHit) the commits that revised `name`, newest first. */
void aj_logask_name(AjLogAsk *ask, uint32_t name, GArray *out);
