/* gitlog - the history of all pages: path to revisions.
 *
 * What an earlier walk left is taken up (history/logstate), new commits are walked
 * (history/logwalk), then each path is asked for (history/logask).
 * Must not know: pages beyond their paths and blob ids, how commits are walked. */
#include "history/gitlog.h"

#include "history/commits.h"
#include "history/logask.h"
#include "history/logstate.h"
#include "history/logwalk.h"
#include "history/treediff.h"

#include <string.h>

enum { WALKED_AGAIN = 128 /* one of so many commits */ };

/* ---- what was asked ---- */

static void file_see(const AjTreeChange *change, void *data)
{
    AjLog *log = data;
    uint32_t name;
    if (!aj_log_name_find(log, change->path, &name))
        return;
    AjLogFile *file = &g_array_index(log->files, AjLogFile, name);
    file->is_there = change->now != NULL;
    if (change->now)
        memcpy(file->id, change->now, 20);
}

/* What HEAD holds now, from what it held when the state was made: most folders stay as they are. */
static bool files_read(AjLog *log, AjTrees *trees, AjCommits *commits, const AjLogKey *key,
                       GError **error)
{
    AjRawCommit head;
    uint8_t now[20];
    bool found;
    const uint8_t *old = log->head_tree.is_there ? log->head_tree.id : NULL;
    if (!aj_commits_read(commits, log->arena, key->head, &head, error) ||
        !aj_trees_find(trees, head.tree, key->prefix, now, &found, error))
        return false;
    g_array_set_size(log->files, log->names->len);
    if (!old || !aj_trees_compare(trees, found ? now : NULL, &old, 1, file_see, log, NULL)) {
        /* The old tree may be gone from the repository. */
        if (log->files->len > 0)
            memset(log->files->data, 0, log->files->len * sizeof(AjLogFile));
        if (!aj_trees_compare(trees, found ? now : NULL, NULL, 0, file_see, log, error))
            return false;
    }
    log->head_tree.is_there = found;
    memcpy(log->head_tree.id, now, 20);
    return true;
}

/* `author`: a copy of the name that outlives the log. */
static void commit_copy(AjArena *a, const AjLogCommit *from, const char *author, AjCommit *to)
{
    static const char digits[] = "0123456789abcdef";
    for (int i = 0; i < 20; i++) {
        to->id[2 * i] = digits[from->id[i] >> 4];
        to->id[2 * i + 1] = digits[from->id[i] & 15];
    }
    to->id[40] = '\0';
    to->time = from->author_time;
    to->offset = from->offset;
    to->author = author;
    to->subject = aj_arena_strdup(a, from->subject);
    to->reviewed_by = from->reviewed_by ? aj_arena_strdup(a, from->reviewed_by) : NULL;
    to->approved_by = from->approved_by ? aj_arena_strdup(a, from->approved_by) : NULL;
    to->change = (AjChange)MIN(from->change, AJ_CHANGE_SUBSTANCE);
}

/* Each commit that has a number in `used` to that place in `out`. An author's name, which the log
 * shares, is copied once. */
static void commits_copy(AjArena *a, const AjLog *log, const uint32_t *used, AjCommit *out)
{
    g_autoptr(GHashTable) authors = g_hash_table_new(NULL, NULL);
    for (uint32_t i = 0; i < log->commits->len; i++) {
        const AjLogCommit *c = &g_array_index(log->commits, AjLogCommit, i);
        if (!used[i])
            continue;
        char *author = g_hash_table_lookup(authors, c->author);
        if (!author) {
            author = aj_arena_strdup(a, c->author);
            g_hash_table_insert(authors, (gpointer)c->author, author);
        }
        commit_copy(a, c, author, &out[used[i] - 1]);
    }
}

/* Only where a rename is among the revisions. */
static void names_fill(AjArena *a, const AjLog *log, const AjLogHit *hits, const char **kept,
                       AjPathLog *path)
{
    if (path->count == 0)
        return;
    bool renamed = strcmp(log->names->pdata[hits[0].name], path->path) != 0;
    for (uint32_t k = 0; k < path->count; k++)
        renamed |= hits[k].name != hits[0].name;
    if (!renamed)
        return;
    const char **names = aj_arena_alloc(a, (path->count + 1) * sizeof *names);
    for (uint32_t k = 0; k < path->count; k++) {
        const char **name = &kept[hits[k].name];
        if (!*name)
            *name = aj_arena_strdup(a, log->names->pdata[hits[k].name]);
        names[k] = *name;
    }
    path->names = names;
}

static void history_fill(AjArena *a, const AjLog *log, const AjTracked *tracked, uint32_t count,
                         AjHistory *h)
{
    uint32_t commits = log->commits->len;
    g_autofree uint32_t *starts = g_new0(uint32_t, (size_t)count + 1);
    g_autofree uint32_t *used = g_new0(uint32_t, (size_t)commits + 1);
    g_autoptr(GArray) all = g_array_sized_new(FALSE, FALSE, sizeof(AjLogHit), log->events->len);
    g_autofree const char **kept_names = g_new0(const char *, (size_t)log->names->len + 1);
    AjPathLog *paths = aj_arena_alloc(a, ((size_t)count + 1) * sizeof *paths);
    g_autoptr(AjLogAsk) ask = aj_logask_new(log);
    const AjLogFile *files = (const AjLogFile *)(void *)log->files->data;
    uint32_t name, at = 0;
    for (uint32_t i = 0; i < count; i++) {
        bool in_head = aj_log_name_next(log, tracked[i].path, &at, &name) && files[name].is_there;
        starts[i] = all->len;
        paths[i].path = tracked[i].path;
        paths[i].modified =
            !in_head || (tracked[i].blob && memcmp(files[name].id, tracked[i].blob, 20) != 0);
        if (!in_head)
            continue;
        memcpy(paths[i].head_blob, files[name].id, 20);
        aj_logask_name(ask, name, all);
    }
    starts[count] = all->len;
    uint32_t *numbers = aj_arena_alloc(a, ((size_t)all->len + 1) * sizeof *numbers);
    for (uint32_t i = 0; i < all->len; i++)
        used[g_array_index(all, AjLogHit, i).commit] = 1;
    for (uint32_t i = 0; i < commits; i++)
        if (used[i])
            used[i] = ++h->commit_count;
    AjCommit *kept = aj_arena_alloc(a, ((size_t)h->commit_count + 1) * sizeof *kept);
    commits_copy(a, log, used, kept);
    for (uint32_t i = 0; i < all->len; i++)
        numbers[i] = used[g_array_index(all, AjLogHit, i).commit] - 1;
    for (uint32_t i = 0; i < count; i++) {
        paths[i].commits = numbers + starts[i];
        paths[i].count = starts[i + 1] - starts[i];
        names_fill(a, log, &g_array_index(all, AjLogHit, starts[i]), kept_names, &paths[i]);
    }
    h->commits = kept;
    h->paths = paths;
}

/* Without a commit there is nothing to ask. */
static AjHistory *history_bare(AjArena *a, AjHistoryState state, const AjTracked *tracked,
                               uint32_t count)
{
    AjHistory *h = aj_arena_alloc(a, sizeof *h);
    AjPathLog *paths = aj_arena_alloc(a, ((size_t)count + 1) * sizeof *paths);
    for (uint32_t i = 0; i < count; i++) {
        paths[i].path = tracked[i].path;
        paths[i].modified = state != AJ_HISTORY_NONE;
    }
    h->state = state;
    h->paths = paths;
    h->path_count = count;
    return h;
}

AjHistory *aj_gitlog_walk(AjArena *a, AjRepo *repo, const char *prefix, const AjTracked *paths,
                          uint32_t count, const void *state, size_t state_len, GString *state_out,
                          uint32_t *walked_out, GError **error)
{
    uint32_t walked = 0;
    char head[41];
    AjLogKey key = {.prefix = prefix ? prefix : ""};
    if (walked_out)
        *walked_out = 0;
    if (!repo)
        return history_bare(a, AJ_HISTORY_NONE, paths, count);
    if (!aj_repo_head(repo, head, NULL, error))
        return NULL;
    if (!*head)
        return history_bare(a, AJ_HISTORY_EMPTY, paths, count);
    aj_commitparse_id(head, 40, key.head);

    AjArena *scratch = aj_arena_new(64 * 1024);
    AjHistory *h = aj_arena_alloc(a, sizeof *h);
    g_autoptr(AjTrees) trees = aj_trees_new(repo);
    g_autoptr(AjCommits) commits = aj_commits_new(repo, error);
    g_autoptr(AjLog) log = NULL;
    bool good = commits != NULL, is_resumed = false;
    if (good) {
        memcpy(key.shallow, aj_commits_cut(commits), sizeof key.shallow);
        log = aj_logstate_read(scratch, state, state_len, &key);
        is_resumed = log != NULL;
        if (!log)
            log = aj_log_new(scratch);
        h->state = aj_repo_is_shallow(repo) ? AJ_HISTORY_SHALLOW : AJ_HISTORY_FULL;
        h->path_count = count;
        memcpy(h->head, head, sizeof head);
        good = aj_logwalk_run(log, repo, commits, trees, &key, &walked, error) &&
               files_read(log, trees, commits, &key, error);
    }
    if (good)
        history_fill(a, log, paths, count, h);
    /* Where few commits are new it costs more to write the state than to walk them again. */
    if (good && state_out && !(is_resumed && walked <= log->commits->len / WALKED_AGAIN))
        aj_logstate_write(log, &key, state_out);
    if (good && walked_out)
        *walked_out = walked;
    g_clear_pointer(&log, aj_log_free);
    aj_arena_free(scratch);
    return good ? h : NULL;
}
