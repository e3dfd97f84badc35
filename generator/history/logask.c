/* logask - which commits revised a name, its earlier names with it.
 *
 * A name's own log is what `git log -- PATH` lists. Where a rename led to it, what the log knows of
 * the earlier name in and before that parent belongs to it too.
 * Pure. Must not know: repositories, trees, how the log was made. */
#include "history/logask.h"

#include <stdlib.h>

enum { STEPS_MAX = 4096, REACHED_KEPT = 256 };

typedef struct {
    uint32_t name, parent; /* what `name` was in and before `parent` */
} Step;

struct AjLogAsk {
    const AjLog *log;
    GHashTable *reached; /* commit -> uint8_t[]: what it reaches */
    uint32_t *first;     /* by AjLogEvent.name: first event; one more at the end */
    GArray *steps;
};

AjLogAsk *aj_logask_new(const AjLog *log)
{
    AjLogAsk *ask = g_new0(AjLogAsk, 1);
    uint32_t keys = log->names->len * 2;
    ask->log = log;
    ask->reached = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    ask->steps = g_array_new(FALSE, FALSE, sizeof(Step));
    ask->first = g_new0(uint32_t, (size_t)keys + 1);
    for (uint32_t i = 0, k = 0; k <= keys; k++) {
        while (i < log->events->len && g_array_index(log->events, AjLogEvent, i).name < k)
            i++;
        ask->first[k] = i;
    }
    return ask;
}

void aj_logask_free(AjLogAsk *ask)
{
    if (!ask)
        return;
    g_hash_table_unref(ask->reached);
    g_array_unref(ask->steps);
    g_free(ask->first);
    g_free(ask);
}

static const AjLogCommit *log_commit(const AjLog *log, uint32_t i)
{
    return &g_array_index(log->commits, AjLogCommit, i);
}

/* Parents have higher numbers, so one sweep reaches all. */
static const uint8_t *reached_from(AjLogAsk *ask, uint32_t commit)
{
    uint8_t *bits = g_hash_table_lookup(ask->reached, GUINT_TO_POINTER(commit));
    if (bits)
        return bits;
    if (g_hash_table_size(ask->reached) >= REACHED_KEPT)
        g_hash_table_remove_all(ask->reached);
    uint32_t count = ask->log->commits->len;
    bits = g_malloc0(count / 8 + 1);
    bits[commit / 8] |= (uint8_t)(1 << commit % 8);
    for (uint32_t i = commit; i < count; i++) {
        const AjLogCommit *c = log_commit(ask->log, i);
        if (!(bits[i / 8] >> i % 8 & 1))
            continue;
        for (uint32_t k = 0; k < c->parent_count; k++) {
            uint32_t p = g_array_index(ask->log->parents, uint32_t, c->parents + k);
            bits[p / 8] |= (uint8_t)(1 << p % 8);
        }
    }
    g_hash_table_insert(ask->reached, GUINT_TO_POINTER(commit), bits);
    return bits;
}

static bool is_reached(AjLogAsk *ask, uint32_t from, uint32_t commit)
{
    if (commit <= from || log_commit(ask->log, from)->flags & AJ_LOG_ALONE)
        return commit >= from;
    return reached_from(ask, from)[commit / 8] >> commit % 8 & 1;
}

static uint32_t rename_first(const AjLog *log, uint32_t to)
{
    uint32_t low = 0, high = log->renames->len;
    while (low < high) {
        uint32_t mid = (low + high) / 2;
        if (g_array_index(log->renames, AjLogRename, mid).to < to)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

/* By commit; in each, the name first that was met first. */
typedef struct {
    AjLogHit hit;
    uint32_t met;
} Met;

static int met_order(const void *a, const void *b)
{
    const Met *x = a, *y = b;
    if (x->hit.commit != y->hit.commit)
        return x->hit.commit < y->hit.commit ? -1 : 1;
    return x->met < y->met ? -1 : x->met > y->met;
}

static void hits_settle(GArray *out, uint32_t start)
{
    uint32_t count = out->len - start, kept = start;
    g_autofree Met *met = g_new(Met, (size_t)count + 1);
    for (uint32_t i = 0; i < count; i++)
        met[i] = (Met){g_array_index(out, AjLogHit, start + i), i};
    qsort(met, count, sizeof *met, met_order);
    for (uint32_t i = 0; i < count; i++)
        if (i == 0 || met[i - 1].hit.commit != met[i].hit.commit)
            g_array_index(out, AjLogHit, kept++) = met[i].hit;
    g_array_set_size(out, kept);
}

static void steps_add(AjLogAsk *ask, uint32_t to, uint32_t parent)
{
    const AjLog *log = ask->log;
    GArray *steps = ask->steps;
    for (uint32_t i = rename_first(log, to); i < log->renames->len; i++) {
        const AjLogRename *r = &g_array_index(log->renames, AjLogRename, i);
        if (r->to != to || steps->len >= STEPS_MAX)
            return;
        Step s = {r->from, r->parent};
        bool is_new = parent == UINT32_MAX || is_reached(ask, parent, r->commit);
        for (uint32_t k = 0; is_new && k < steps->len; k++) {
            const Step *old = &g_array_index(steps, Step, k);
            is_new = old->name != s.name || old->parent != s.parent;
        }
        if (is_new)
            g_array_append_val(steps, s);
    }
}

void aj_logask_name(AjLogAsk *ask, uint32_t name, GArray *out)
{
    GArray *steps = ask->steps;
    const AjLog *log = ask->log;
    uint32_t start = out->len;
    uint32_t first = ask->first[name * 2], own = ask->first[name * 2 + 1] - first;
    g_array_set_size(out, start + own);
    for (uint32_t i = 0; i < own; i++)
        g_array_index(out, AjLogHit, start + i) =
            (AjLogHit){g_array_index(log->events, AjLogEvent, first + i).commit, name};
    g_array_set_size(steps, 0);
    steps_add(ask, name * 2, UINT32_MAX);
    if (steps->len == 0)
        return;
    for (uint32_t k = 0; k < steps->len; k++) {
        Step s = g_array_index(steps, Step, k);
        for (uint32_t i = ask->first[s.name * 2]; i < ask->first[s.name * 2 + 2]; i++) {
            AjLogHit hit = {g_array_index(log->events, AjLogEvent, i).commit, s.name};
            if (is_reached(ask, s.parent, hit.commit))
                g_array_append_val(out, hit);
        }
        steps_add(ask, s.name * 2, s.parent);
        steps_add(ask, s.name * 2 + 1, s.parent);
    }
    hits_settle(out, start);
}
