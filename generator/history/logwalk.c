/* logwalk - one walk over the commits: which of them revised which name, and what was renamed.
 *
 * Commits come children first, newest first. Each carries the set of names still followed there: at
 * a merge a name goes on to the first parent that has it unchanged, else to all of them (git's
 * history simplification, for all names at once). Where nothing else is waiting and every name is
 * followed, the rest of the walk cannot depend on what came before: there an old walk is taken up.
 * Must not know: pages, how a log is kept or asked. */
#include "history/logwalk.h"

#include "history/liveset.h"
#include "history/renames.h"

#include <string.h>

/* What the walk learns of a commit that it comes to; most known ones it never does. */
typedef struct {
    const uint8_t (*parent_ids)[20]; /* NULL: known from the state */
    AjLive *live;                    /* handed down by the children; NULL: nothing */
    bool has_root, has_tree, absent;
    uint8_t root[20], tree[20]; /* of the whole, of the prefix */
} Visit;

typedef struct {
    Visit *visit;     /* NULL: not come to */
    uint32_t waiting; /* children not walked yet */
    uint8_t flags;    /* AJ_LOG_ALONE, AJ_LOG_ALL of this walk */
    bool seen;
} Node;

typedef struct {
    size_t path; /* offset in Walk.paths */
    uint32_t len, same, absent;
    bool has_now, has_before;
    uint8_t now[20], before[20];
} Change;

typedef struct {
    AjCommits *commits;
    AjTrees *trees;
    AjRenames *renames;
    const char *prefix;
    AjLog *log;
    GArray *nodes; /* Node, beside log->commits */
    uint32_t *ids; /* open addressing: number of a commit + 1 */
    uint32_t id_slots;
    uint32_t known; /* commits that came with the state */
    GArray *queue;  /* uint32_t: ready to walk, the next one last */
    GArray *order;  /* uint32_t: walked */
    GArray *changes;
    GString *paths;
    uint32_t pending; /* nodes that hold a set */
    uint32_t resumed; /* commit of the state where its walk was taken up; UINT32_MAX: nowhere */
} Walk;

static AjLogCommit *commit_at(Walk *w, uint32_t i)
{
    return &g_array_index(w->log->commits, AjLogCommit, i);
}

static Node *node_at(Walk *w, uint32_t i)
{
    return &g_array_index(w->nodes, Node, i);
}

/* Lives as long as the walk's log. */
static Visit *visit_at(Walk *w, uint32_t i)
{
    Node *n = node_at(w, i);
    if (!n->visit)
        n->visit = aj_arena_alloc(w->log->arena, sizeof *n->visit);
    return n->visit;
}

static uint32_t parent_at(Walk *w, uint32_t commit, uint32_t k)
{
    return g_array_index(w->log->parents, uint32_t, commit_at(w, commit)->parents + k);
}

/* ---- commits by id ---- */

static uint32_t *id_slot(Walk *w, const uint8_t id[20])
{
    uint32_t at;
    memcpy(&at, id, sizeof at);
    for (at &= w->id_slots - 1;; at = (at + 1) & (w->id_slots - 1))
        if (w->ids[at] == 0 || memcmp(commit_at(w, w->ids[at] - 1)->id, id, 20) == 0)
            return &w->ids[at];
}

static void ids_grow(Walk *w, uint32_t slots)
{
    g_free(w->ids);
    w->ids = g_new0(uint32_t, slots);
    w->id_slots = slots;
    for (uint32_t i = 0; i < w->log->commits->len; i++)
        *id_slot(w, commit_at(w, i)->id) = i + 1;
}

static const char *author_share(Walk *w, const char *author)
{
    /* Neighbours in history mostly have the same author; the state shares all of them. */
    uint32_t n = w->log->commits->len;
    const char *last = n ? commit_at(w, n - 1)->author : NULL;
    return last && strcmp(last, author) == 0 ? last : author;
}

static bool commit_get(Walk *w, const uint8_t id[20], uint32_t *out, GError **error)
{
    uint32_t *slot = id_slot(w, id);
    if (*slot) {
        *out = *slot - 1;
        return true;
    }
    AjRawCommit raw;
    if (!aj_commits_read(w->commits, w->log->arena, id, &raw, error))
        return false;
    AjLogCommit c = {.change = (uint8_t)raw.change,
                     .offset = (int16_t)raw.offset,
                     .parent_count = raw.parent_count,
                     .author_time = raw.author_time,
                     .commit_time = raw.commit_time,
                     .author = author_share(w, raw.author),
                     .subject = raw.subject,
                     .reviewed_by = raw.reviewed_by,
                     .approved_by = raw.approved_by};
    Node n = {.visit = aj_arena_alloc(w->log->arena, sizeof *n.visit)};
    *n.visit = (Visit){.parent_ids = raw.parents, .has_root = true};
    memcpy(c.id, id, 20);
    memcpy(n.visit->root, raw.tree, 20);
    g_array_append_val(w->log->commits, c);
    g_array_append_val(w->nodes, n);
    *out = w->log->commits->len - 1;
    if (w->log->commits->len * 2 > w->id_slots)
        ids_grow(w, w->id_slots * 2);
    else
        *id_slot(w, id) = *out + 1;
    return true;
}

static bool parents_get(Walk *w, uint32_t commit, GError **error)
{
    const Visit *visit = node_at(w, commit)->visit;
    const uint8_t(*ids)[20] = visit ? visit->parent_ids : NULL;
    uint32_t count = commit_at(w, commit)->parent_count;
    if (!ids)
        return true;
    uint32_t at = w->log->parents->len;
    g_array_set_size(w->log->parents, at + count);
    for (uint32_t k = 0; k < count; k++) {
        uint32_t parent;
        if (!commit_get(w, ids[k], &parent, error))
            return false;
        g_array_index(w->log->parents, uint32_t, at + k) = parent;
    }
    commit_at(w, commit)->parents = at;
    return true;
}

/* Finds all that HEAD reaches, and how many children each commit has to wait for. */
static bool discover(Walk *w, uint32_t head, GError **error)
{
    g_autoptr(GArray) stack = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    node_at(w, head)->seen = true;
    g_array_append_val(stack, head);
    while (stack->len > 0) {
        uint32_t c = g_array_index(stack, uint32_t, stack->len - 1);
        g_array_set_size(stack, stack->len - 1);
        if (!parents_get(w, c, error))
            return false;
        for (uint32_t k = 0; k < commit_at(w, c)->parent_count; k++) {
            uint32_t parent = parent_at(w, c, k);
            Node *n = node_at(w, parent);
            n->waiting++;
            if (!n->seen)
                g_array_append_val(stack, parent);
            n->seen = true;
        }
    }
    return true;
}

/* ---- trees ---- */

static bool tree_get(Walk *w, uint32_t commit, const uint8_t **out, GError **error)
{
    Visit *n = visit_at(w, commit);
    if (!n->has_root) {
        AjRawCommit raw;
        if (!aj_commits_read(w->commits, w->log->arena, commit_at(w, commit)->id, &raw, error))
            return false;
        memcpy(n->root, raw.tree, 20);
        n->has_root = true;
    }
    if (!n->has_tree) {
        bool found;
        if (!aj_trees_find(w->trees, n->root, w->prefix, n->tree, &found, error))
            return false;
        n->has_tree = true;
        n->absent = !found;
    }
    *out = n->absent ? NULL : n->tree;
    return true;
}

static void change_see(const AjTreeChange *change, void *data)
{
    Walk *w = data;
    Change c = {.path = w->paths->len,
                .len = (uint32_t)change->len,
                .same = change->same,
                .absent = change->absent,
                .has_now = change->now != NULL,
                .has_before = change->before != NULL};
    if (change->now)
        memcpy(c.now, change->now, 20);
    if (change->before)
        memcpy(c.before, change->before, 20);
    g_string_append_len(w->paths, change->path, (gssize)change->len + 1);
    g_array_append_val(w->changes, c);
}

static bool changes_read(Walk *w, uint32_t commit, const uint32_t *parents, uint32_t count,
                         GError **error)
{
    const uint8_t *now, *before[AJ_TREE_PARENTS];
    g_array_set_size(w->changes, 0);
    g_string_truncate(w->paths, 0);
    if (!tree_get(w, commit, &now, error))
        return false;
    for (uint32_t k = 0; k < count; k++)
        if (!tree_get(w, parents[k], &before[k], error))
            return false;
    return aj_trees_compare(w->trees, now, before, count, change_see, w, error);
}

/* ---- renames ---- */

typedef struct {
    uint32_t to, absent;
    uint8_t id[20];
} Arrived;

/* What arrived at `commit` and lay elsewhere in parent `k`. */
static void renames_match(Walk *w, uint32_t commit, uint32_t parent, uint32_t k,
                          const GArray *arrived, AjLive *live)
{
    bool went = false;
    aj_renames_begin(w->renames);
    for (uint32_t i = 0; i < w->changes->len; i++) {
        const Change *c = &g_array_index(w->changes, Change, i);
        if (!c->has_now && c->has_before)
            aj_renames_went(w->renames, w->paths->str + c->path, c->before);
        went |= !c->has_now && c->has_before;
    }
    if (!went)
        return;
    for (uint32_t i = 0; i < w->changes->len; i++) {
        const Change *c = &g_array_index(w->changes, Change, i);
        if (c->has_now && !c->has_before)
            aj_renames_came(w->renames, w->paths->str + c->path, c->now);
    }
    for (uint32_t i = 0; i < arrived->len; i++) {
        const Arrived *a = &g_array_index(arrived, Arrived, i);
        if (!(a->absent >> k & 1))
            continue;
        const char *from = aj_renames_find(w->renames, w->log->names->pdata[a->to / 2], a->id);
        if (!from)
            continue;
        AjLogRename r = {a->to, aj_log_name(w->log, from, strlen(from)), commit, parent};
        g_array_append_val(w->log->renames, r);
        if (!aj_live_has(live, r.from))
            aj_live_add_renamed(live, r.from);
    }
}

static bool renames_find(Walk *w, uint32_t commit, const uint32_t *parents, uint32_t count,
                         const GArray *arrived, AjLive **lives, GError **error)
{
    uint32_t absent = 0;
    for (uint32_t i = 0; i < arrived->len; i++)
        absent |= g_array_index(arrived, Arrived, i).absent;
    for (uint32_t k = 0; k < count; k++) {
        if (!(absent >> k & 1))
            continue;
        /* Against the first parent it has been compared already. */
        if (k > 0 && !changes_read(w, commit, &parents[k], 1, error))
            return false;
        renames_match(w, commit, parents[k], k, arrived, lives[k]);
    }
    return true;
}

/* ---- the walk ---- */

/* One name at one commit: a revision, or handed on to the parent that has it unchanged. */
static void name_follow(Walk *w, uint32_t commit, uint32_t name, bool renamed, uint32_t same,
                        AjLive **lives, uint32_t count)
{
    void (*add)(AjLive *, uint32_t) = renamed ? aj_live_add_renamed : aj_live_add;
    if (same) {
        (renamed ? aj_live_remove_renamed : aj_live_remove)(lives[0], name);
        add(lives[same], name);
        return;
    }
    AjLogEvent e = {name * 2 + renamed, commit};
    g_array_append_val(w->log->events, e);
    for (uint32_t k = 1; k < count; k++)
        add(lives[k], name);
}

static bool commit_walk(Walk *w, uint32_t commit, AjLive *live, GError **error)
{
    uint32_t parents[AJ_TREE_PARENTS];
    AjLive *lives[AJ_TREE_PARENTS] = {live};
    uint32_t count = MIN(commit_at(w, commit)->parent_count, AJ_TREE_PARENTS);
    g_autoptr(GArray) arrived = g_array_new(FALSE, FALSE, sizeof(Arrived));
    for (uint32_t k = 0; k < count; k++)
        parents[k] = parent_at(w, commit, k);
    bool good = changes_read(w, commit, parents, count, error);
    for (uint32_t k = 1; k < count; k++)
        lives[k] = aj_live_new(false);
    for (uint32_t i = 0; good && i < w->changes->len; i++) {
        const Change *c = &g_array_index(w->changes, Change, i);
        const char *path = w->paths->str + c->path;
        uint32_t name;
        if (!aj_live_is_some(live))
            name = aj_log_name(w->log, path, c->len);
        else if (!aj_log_name_find(w->log, path, &name))
            continue;
        bool plain = aj_live_has(live, name), renamed = aj_live_has_renamed(live, name);
        if (plain)
            name_follow(w, commit, name, false, c->same, lives, count);
        if (renamed)
            name_follow(w, commit, name, true, c->same, lives, count);
        Arrived a = {name * 2 + !plain, c->absent, {0}};
        memcpy(a.id, c->now, 20);
        if ((plain || renamed) && c->has_now && c->absent && !c->same && count > 0)
            g_array_append_val(arrived, a);
    }
    good = good && renames_find(w, commit, parents, count, arrived, lives, error);
    for (uint32_t k = 0; k < count; k++) {
        Visit *n = visit_at(w, parents[k]);
        if (aj_live_is_none(lives[k])) {
            aj_live_free(lives[k]);
            continue;
        }
        w->pending += !n->live;
        n->live = aj_live_join(n->live, lives[k]);
    }
    if (count == 0)
        aj_live_free(live);
    return good;
}

/* Newer first; the id settles the rest, so that the order depends on nothing but the history. */
static bool comes_before(Walk *w, uint32_t a, uint32_t b)
{
    const AjLogCommit *x = commit_at(w, a), *y = commit_at(w, b);
    if (x->commit_time != y->commit_time)
        return x->commit_time > y->commit_time;
    return memcmp(x->id, y->id, 20) < 0;
}

static void queue_add(Walk *w, uint32_t commit)
{
    uint32_t low = 0, high = w->queue->len;
    while (low < high) {
        uint32_t mid = (low + high) / 2;
        if (comes_before(w, g_array_index(w->queue, uint32_t, mid), commit))
            high = mid;
        else
            low = mid + 1;
    }
    g_array_insert_val(w->queue, low, commit);
}

static bool walk_all(Walk *w, uint32_t head, GError **error)
{
    visit_at(w, head)->live = aj_live_new(true);
    w->pending = 1;
    queue_add(w, head);
    while (w->queue->len > 0) {
        uint32_t c = g_array_index(w->queue, uint32_t, w->queue->len - 1);
        g_array_set_size(w->queue, w->queue->len - 1);
        AjLive *live = g_steal_pointer(&visit_at(w, c)->live);
        w->pending -= live != NULL;
        if (w->queue->len == 0)
            node_at(w, c)->flags |= AJ_LOG_ALONE;
        /* A merge may have handed names to an ancestor of this one past it. */
        if (w->queue->len == 0 && w->pending == 0 && live && aj_live_is_all(live)) {
            node_at(w, c)->flags |= AJ_LOG_ALL;
            aj_live_free(live); /* nothing is followed for a rename only where all is followed */
            live = aj_live_new(true);
        }
        if (c < w->known && node_at(w, c)->flags == (AJ_LOG_ALONE | AJ_LOG_ALL) &&
            commit_at(w, c)->flags == node_at(w, c)->flags) {
            aj_live_free(live);
            w->resumed = c;
            return true;
        }
        g_array_append_val(w->order, c);
        if (live && !commit_walk(w, c, live, error))
            return false;
        for (uint32_t k = 0; k < commit_at(w, c)->parent_count; k++) {
            uint32_t parent = parent_at(w, c, k);
            if (--node_at(w, parent)->waiting == 0)
                queue_add(w, parent);
        }
    }
    return true;
}

/* ---- from what was met to what is kept: commits in walk order, events by name ---- */

static int rename_order(const void *a, const void *b)
{
    const AjLogRename *x = a, *y = b;
    if (x->to != y->to)
        return x->to < y->to ? -1 : 1;
    if (x->commit != y->commit)
        return x->commit < y->commit ? -1 : 1;
    if (x->parent != y->parent)
        return x->parent < y->parent ? -1 : 1;
    return x->from < y->from ? -1 : x->from > y->from;
}

static void events_settle(Walk *w, GArray *old, uint32_t first_new, const uint32_t *place)
{
    AjLog *log = w->log;
    uint32_t keys = log->names->len * 2;
    g_autofree uint32_t *at = g_new0(uint32_t, keys + 1);
    GArray *sorted = g_array_new(FALSE, FALSE, sizeof(AjLogEvent));
    const AjLogEvent *e = (const AjLogEvent *)(void *)old->data;
    /* What is new is newer than all that was taken over: placing it first keeps walk order. */
    for (int pass = 0; pass < 2; pass++) {
        for (int half = 0; half < 2; half++) {
            uint32_t end = half ? first_new : old->len;
            for (uint32_t i = half ? 0 : first_new; i < end; i++) {
                if (half && (w->resumed == UINT32_MAX || e[i].commit < w->resumed))
                    continue;
                if (pass == 0)
                    at[e[i].name + 1]++;
                else
                    g_array_index(sorted, AjLogEvent, at[e[i].name]++) =
                        (AjLogEvent){e[i].name, place[e[i].commit]};
            }
        }
        if (pass == 0) {
            for (uint32_t k = 0; k < keys; k++)
                at[k + 1] += at[k];
            g_array_set_size(sorted, at[keys]);
        }
    }
    log->events = sorted;
    g_array_unref(old);
}

/* Walked ones first, then the tail of the state that was taken up, which stays as it is. */
static void commits_settle(Walk *w, const uint32_t *place)
{
    GArray *commits = w->log->commits;
    uint32_t walked = w->order->len;
    uint32_t tail = w->resumed < w->known ? w->known - w->resumed : 0;
    g_autofree AjLogCommit *copy = g_new(AjLogCommit, (size_t)walked + 1);
    for (uint32_t i = 0; i < walked; i++) {
        uint32_t c = g_array_index(w->order, uint32_t, i);
        copy[i] = *commit_at(w, c);
        copy[i].flags = node_at(w, c)->flags;
    }
    for (uint32_t i = 0; i < w->log->parents->len; i++) {
        uint32_t *parent = &g_array_index(w->log->parents, uint32_t, i);
        *parent = place[*parent];
    }
    AjLogCommit *all = (AjLogCommit *)(void *)commits->data;
    if (tail)
        memmove(all + walked, all + w->resumed, tail * sizeof *all);
    memcpy(all, copy, walked * sizeof *all);
    g_array_set_size(commits, walked + tail);
}

static void settle(Walk *w, uint32_t old_events, uint32_t old_renames)
{
    AjLog *log = w->log;
    uint32_t kept = 0, at = 0;
    g_autofree uint32_t *place = g_new0(uint32_t, log->commits->len + 1);
    for (uint32_t i = 0; i < w->order->len; i++)
        place[g_array_index(w->order, uint32_t, i)] = at++;
    for (uint32_t c = w->resumed; c < w->known; c++) /* not at all when nowhere resumed */
        place[c] = at++;
    commits_settle(w, place);
    events_settle(w, log->events, old_events, place);
    for (uint32_t i = 0; i < log->renames->len; i++) {
        AjLogRename r = g_array_index(log->renames, AjLogRename, i);
        if (i < old_renames && (w->resumed == UINT32_MAX || r.commit < w->resumed))
            continue;
        r.commit = place[r.commit];
        r.parent = place[r.parent];
        g_array_index(log->renames, AjLogRename, kept++) = r;
    }
    g_array_set_size(log->renames, kept);
    g_array_sort(log->renames, rename_order);
}

static void walk_clear(Walk *w)
{
    for (uint32_t i = 0; i < w->nodes->len; i++)
        if (node_at(w, i)->visit)
            aj_live_free(node_at(w, i)->visit->live);
    g_array_unref(w->nodes);
    g_array_unref(w->queue);
    g_array_unref(w->order);
    g_array_unref(w->changes);
    aj_renames_free(w->renames);
    g_string_free(w->paths, TRUE);
    g_free(w->ids);
}

bool aj_logwalk_run(AjLog *log, AjRepo *repo, AjCommits *commits, AjTrees *trees,
                    const AjLogKey *key, uint32_t *walked_out, GError **error)
{
    uint32_t old_events = log->events->len, old_renames = log->renames->len, head, slots = 1024;
    Walk w = {.commits = commits, .trees = trees, .prefix = key->prefix, .log = log};
    w.nodes = g_array_new(FALSE, TRUE, sizeof(Node));
    w.queue = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    w.order = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    w.changes = g_array_new(FALSE, FALSE, sizeof(Change));
    w.paths = g_string_new(NULL);
    w.renames = aj_renames_new(repo);
    w.known = log->commits->len;
    w.resumed = UINT32_MAX;
    g_array_set_size(w.nodes, w.known);
    while (slots < w.known * 2 + 2)
        slots *= 2;
    ids_grow(&w, slots);
    bool good = commit_get(&w, key->head, &head, error) && discover(&w, head, error) &&
                walk_all(&w, head, error);
    *walked_out = w.order->len;
    if (good)
        settle(&w, old_events, old_renames);
    walk_clear(&w);
    return good;
}
