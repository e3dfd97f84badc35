/* pool - fork-join over an index range, with limits and restart.
 *
 * Workers are processes: what crashes, hangs or eats memory costs its own item, never the run.
 * Items are handed out in small chunks; results land in slots by index, so the outcome does not
 * depend on the number of workers. Must not know: pages. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum {
    AJ_POOL_DONE,
    AJ_POOL_CRASHED, /* a signal that we did not send */
    AJ_POOL_TIMEOUT, /* over cpu_seconds for one item */
    AJ_POOL_MEMORY,  /* over memory_bytes */
    AJ_POOL_MISSING  /* not run: the world failed before */
} AjPoolStatus;
typedef struct {
    AjPoolStatus status;
    uint32_t pack; /* which of the pack files */
    uint64_t offset;
    uint64_t len;
} AjPoolSlot;

typedef struct {
    unsigned jobs;         /* workers; 0: one a core */
    double cpu_seconds;    /* for one item; 0: no limit */
    uint64_t memory_bytes; /* for one worker, address space beyond what it had at start; 0: none */
    const char *pack_prefix; /* results are appended to PREFIX0, PREFIX1 … (created, truncated);
                                NULL: unlinked temporary files */
    bool (*begin)(void *data, GError **error); /* in each worker after the fork; may be NULL */
    /* Appends its result. false: the item is as if crashed. */
    bool (*work)(uint32_t index, GString *result, void *data);
    void (*progress)(uint32_t done, uint32_t total, void *data); /* in the parent; may be NULL */
    /* In the parent, once, while the workers run: for what goes on beside them. May be NULL. */
    void (*beside)(void *data);
    void *data;
} AjPoolJob;
typedef struct AjPoolResult AjPoolResult;

/* jobs == 1 still forks one worker. false only when the world failed (fork, disk full). */
bool aj_pool_run(const AjPoolJob *job, uint32_t count, AjPoolResult **result_out, GError **error);
const AjPoolSlot *aj_pool_slot(const AjPoolResult *r, uint32_t index);
/* The result bytes, mapped; valid until aj_pool_result_free. Empty for a failed slot. */
const char *aj_pool_bytes(const AjPoolResult *r, uint32_t index, size_t *len_out);
uint32_t aj_pool_packs(const AjPoolResult *r);
/* Sum of the peak proportional sets of the workers and of the process that runs them, each taken
 * when a worker ends (VmHWM where that is not to be had), in bytes. */
uint64_t aj_pool_peak_bytes(const AjPoolResult *r);
void aj_pool_result_free(AjPoolResult *r);
unsigned aj_pool_cores(void);
