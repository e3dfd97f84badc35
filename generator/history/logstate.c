/* logstate - a walked history as tables, packed to bytes and back.
 *
 * Numbers are varints, lists of commits are differences; about 120 bytes a commit and 50 a path.
 * Pure. Must not know: repositories, how a walk is done. */
#include "history/logstate.h"

#include <stdlib.h>
#include <string.h>

static const char MAGIC[8] = "AJGLOG4";
enum { BYTES_MAX = 32 /* that are taken at once */ };

AjLog *aj_log_new(AjArena *arena)
{
    AjLog *log = g_new0(AjLog, 1);
    log->arena = arena;
    log->commits = g_array_new(FALSE, TRUE, sizeof(AjLogCommit));
    log->parents = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    log->names = g_ptr_array_new();
    log->name_ids = g_hash_table_new(g_str_hash, g_str_equal);
    log->events = g_array_new(FALSE, FALSE, sizeof(AjLogEvent));
    log->renames = g_array_new(FALSE, FALSE, sizeof(AjLogRename));
    log->files = g_array_new(FALSE, TRUE, sizeof(AjLogFile));
    return log;
}

void aj_log_free(AjLog *log)
{
    if (!log)
        return;
    g_array_unref(log->commits);
    g_array_unref(log->parents);
    g_ptr_array_unref(log->names);
    g_hash_table_unref(log->name_ids);
    g_array_unref(log->events);
    g_array_unref(log->renames);
    g_array_unref(log->files);
    g_free(log);
}

static int by_name(const void *name, const void *kept)
{
    return strcmp(name, *(const char *const *)kept);
}

bool aj_log_name_find(const AjLog *log, const char *name, uint32_t *out)
{
    void **names = log->names->pdata;
    void **found = log->sorted ? bsearch(name, names, log->sorted, sizeof *names, by_name) : NULL;
    gpointer number = found ? GUINT_TO_POINTER((uint32_t)(found - names) + 1)
                            : g_hash_table_lookup(log->name_ids, name);
    if (number)
        *out = GPOINTER_TO_UINT(number) - 1;
    return number != NULL;
}

bool aj_log_name_next(const AjLog *log, const char *name, uint32_t *at, uint32_t *out)
{
    if (*at < log->sorted && strcmp(log->names->pdata[*at], name) == 0) {
        *out = (*at)++;
        return true;
    }
    if (!aj_log_name_find(log, name, out))
        return false;
    *at = *out + 1;
    return true;
}

uint32_t aj_log_name(AjLog *log, const char *name, size_t len)
{
    uint32_t number;
    if (aj_log_name_find(log, name, &number))
        return number;
    char *kept = aj_arena_strndup(log->arena, name, len);
    g_ptr_array_add(log->names, kept);
    g_hash_table_insert(log->name_ids, kept, GUINT_TO_POINTER(log->names->len));
    return log->names->len - 1;
}

/* A cryptographic hash was a seventh of what one new commit costs. A change within eight bytes is
 * always seen here. */
void aj_logstate_sum(const void *bytes, size_t len, uint8_t out[AJ_LOGSTATE_SUM])
{
    const uint8_t *p = bytes;
    uint64_t sum = len, word;
    for (; len >= sizeof word; p += sizeof word, len -= sizeof word) {
        memcpy(&word, p, sizeof word);
        sum = (sum ^ word) * 0x9e3779b97f4a7c15u;
        sum ^= sum >> 32;
    }
    word = 0;
    memcpy(&word, p, len);
    sum = (sum ^ word) * 0x9e3779b97f4a7c15u;
    sum ^= sum >> 32;
    memcpy(out, &sum, sizeof sum);
}

static void put_number(GString *out, uint64_t n)
{
    while (n >= 0x80) {
        g_string_append_c(out, (char)(n | 0x80));
        n >>= 7;
    }
    g_string_append_c(out, (char)n);
}

static void put_signed(GString *out, int64_t n)
{
    put_number(out, (uint64_t)n << 1 ^ (uint64_t)(n >> 63));
}

/* With its NUL, so that a reader can point at it. */
static void put_text(GString *out, const char *text)
{
    put_number(out, text ? strlen(text) + 1 : 0);
    if (text)
        g_string_append_len(out, text, (gssize)strlen(text) + 1);
}

static void put_file(GString *out, const AjLogFile *file)
{
    g_string_append_c(out, file->is_there);
    if (file->is_there)
        g_string_append_len(out, (const char *)file->id, 20);
}

static void put_commits(const AjLog *log, GString *out)
{
    /* Few people write many commits: each author is put once. */
    g_autoptr(GHashTable) authors = g_hash_table_new(g_str_hash, g_str_equal);
    put_number(out, log->commits->len);
    for (uint32_t i = 0; i < log->commits->len; i++) {
        const AjLogCommit *c = &g_array_index(log->commits, AjLogCommit, i);
        gpointer author = g_hash_table_lookup(authors, c->author);
        g_string_append_len(out, (const char *)c->id, 20);
        g_string_append_c(out, (char)(c->flags | c->change << 4));
        put_number(out, c->parent_count);
        for (uint32_t k = 0; k < c->parent_count; k++)
            put_number(out, g_array_index(log->parents, uint32_t, c->parents + k) - i);
        put_signed(out, c->commit_time);
        put_signed(out, (int64_t)((uint64_t)c->author_time - (uint64_t)c->commit_time));
        put_signed(out, c->offset);
        put_number(out, GPOINTER_TO_UINT(author));
        if (!author) {
            g_hash_table_insert(authors, (gpointer)c->author,
                                GUINT_TO_POINTER(g_hash_table_size(authors) + 1));
            put_text(out, c->author);
        }
        put_text(out, c->subject);
        put_text(out, c->reviewed_by);
        put_text(out, c->approved_by);
    }
}

typedef struct {
    const char *name;
    uint32_t number;
} Named;

static int by_text(const void *x, const void *y)
{
    return strcmp(((const Named *)x)->name, ((const Named *)y)->name);
}

static int by_to(const void *x, const void *y)
{
    const AjLogRename *a = x, *b = y;
    if (a->to != b->to)
        return a->to < b->to ? -1 : 1;
    return a->commit != b->commit   ? (a->commit < b->commit ? -1 : 1)
           : a->parent != b->parent ? (a->parent < b->parent ? -1 : 1)
                                    : (a->from > b->from) - (a->from < b->from);
}

static void put_events(const AjLog *log, uint32_t from, uint32_t end, GString *out)
{
    const AjLogEvent *events = (const AjLogEvent *)(void *)log->events->data;
    put_number(out, end - from);
    for (uint32_t at = from, last = 0; at < end; last = events[at++].commit)
        put_number(out, events[at].commit - last);
}

/* In order, so that a reader needs no table of them. Names that nothing happened to (any more) are
 * left out. */
static void put_names(const AjLog *log, GString *out)
{
    uint32_t count = log->names->len, used = 0, at = 0;
    g_autofree uint32_t *number = g_new0(uint32_t, (size_t)count + 1);
    g_autofree uint32_t *first = g_new0(uint32_t, (size_t)count * 2 + 1);
    g_autofree Named *named = g_new(Named, (size_t)count + 1);
    const AjLogEvent *events = (const AjLogEvent *)(void *)log->events->data;
    for (uint32_t key = 0; key <= count * 2; key++) {
        while (at < log->events->len && events[at].name < key)
            at++;
        first[key] = at;
    }
    for (uint32_t i = 0; i < count; i++)
        number[i] = first[i * 2] < first[i * 2 + 2];
    for (uint32_t i = 0; i < log->renames->len; i++) {
        const AjLogRename *r = &g_array_index(log->renames, AjLogRename, i);
        number[r->from] = number[r->to / 2] = 1;
    }
    for (uint32_t i = 0; i < count; i++)
        if (number[i])
            named[used++] = (Named){log->names->pdata[i], i};
    qsort(named, used, sizeof *named, by_text);
    put_number(out, used);
    put_number(out, log->events->len);
    for (uint32_t i = 0; i < used; i++) {
        uint32_t old = named[i].number;
        number[old] = i;
        put_text(out, named[i].name);
        put_file(out, &g_array_index(log->files, AjLogFile, old));
        put_events(log, first[old * 2], first[old * 2 + 1], out);
        put_events(log, first[old * 2 + 1], first[old * 2 + 2], out);
    }
    g_autofree AjLogRename *renames = g_new(AjLogRename, (size_t)log->renames->len + 1);
    for (uint32_t i = 0; i < log->renames->len; i++) {
        const AjLogRename *r = &g_array_index(log->renames, AjLogRename, i);
        renames[i] =
            (AjLogRename){number[r->to / 2] * 2 + r->to % 2, number[r->from], r->commit, r->parent};
    }
    qsort(renames, log->renames->len, sizeof *renames, by_to);
    put_number(out, log->renames->len);
    for (uint32_t i = 0; i < log->renames->len; i++) {
        put_number(out, renames[i].to);
        put_number(out, renames[i].from);
        put_number(out, renames[i].commit);
        put_number(out, renames[i].parent);
    }
}

static size_t bytes_guess(const AjLog *log)
{
    return 4096 + (size_t)log->commits->len * 140 + (size_t)log->names->len * 70 +
           (size_t)log->events->len * 2 + (size_t)log->renames->len * 12;
}

void aj_logstate_write(const AjLog *log, const AjLogKey *key, GString *out)
{
    size_t start = out->len;
    /* Grown by doubling, the bytes of 10,000 pages were touched three times over. */
    g_string_set_size(out, start + bytes_guess(log));
    g_string_truncate(out, start);
    g_string_append_len(out, MAGIC, sizeof MAGIC);
    put_text(out, key->prefix);
    g_string_append_len(out, (const char *)key->shallow, sizeof key->shallow);
    put_file(out, &log->head_tree);
    put_commits(log, out);

    put_names(log, out);
    uint8_t sum[AJ_LOGSTATE_SUM];
    aj_logstate_sum(out->str + start, out->len - start, sum);
    g_string_append_len(out, (const char *)sum, AJ_LOGSTATE_SUM);
}

typedef struct {
    const uint8_t *p, *end;
    bool bad;
} Reader;

static uint64_t take_number(Reader *r)
{
    uint64_t n = 0;
    for (unsigned shift = 0; shift < 64 && r->p < r->end; shift += 7) {
        uint8_t byte = *r->p++;
        n |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return n;
    }
    r->bad = true;
    return 0;
}

static int64_t take_signed(Reader *r)
{
    uint64_t n = take_number(r);
    return (int64_t)(n >> 1 ^ (0 - (n & 1)));
}

/* A number below `limit`. */
static uint32_t take_below(Reader *r, uint64_t limit)
{
    uint64_t n = take_number(r);
    if (n >= limit)
        r->bad = true;
    return r->bad ? 0 : (uint32_t)n;
}

static const void *take_bytes(Reader *r, size_t n)
{
    static const uint8_t nothing[BYTES_MAX];
    if (r->bad || (size_t)(r->end - r->p) < n) {
        r->bad = true;
        return nothing;
    }
    r->p += n;
    return r->p - n;
}

static const char *take_text(Reader *r, bool needed)
{
    uint64_t n = take_number(r);
    if (!r->bad && n > 0 && n <= (uint64_t)(r->end - r->p) && r->p[n - 1] == '\0') {
        r->p += n;
        return (const char *)r->p - n;
    }
    r->bad = r->bad || n > 0 || needed;
    return needed ? "" : NULL;
}

static void take_file(Reader *r, AjLogFile *out)
{
    out->is_there = *(const uint8_t *)take_bytes(r, 1) != 0;
    if (out->is_there)
        memcpy(out->id, take_bytes(r, 20), 20);
}

static void take_commits(Reader *r, AjLog *log)
{
    g_autoptr(GPtrArray) authors = g_ptr_array_new();
    uint32_t count = take_below(r, (uint64_t)(r->end - r->p)); /* each takes more than a byte */
    g_array_set_size(log->commits, count);
    for (uint32_t i = 0; i < count && !r->bad; i++) {
        AjLogCommit *c = &g_array_index(log->commits, AjLogCommit, i);
        memcpy(c->id, take_bytes(r, 20), 20);
        uint8_t flags = *(const uint8_t *)take_bytes(r, 1);
        c->flags = flags & 0x0f;
        c->change = flags >> 4;
        c->parents = log->parents->len;
        c->parent_count = take_below(r, (uint64_t)(r->end - r->p));
        for (uint32_t k = 0; k < c->parent_count && !r->bad; k++) {
            uint32_t parent = i + take_below(r, count - i);
            r->bad = r->bad || parent == i; /* a parent comes later: no circle gets in */
            g_array_append_val(log->parents, parent);
        }
        c->commit_time = take_signed(r);
        c->author_time = (int64_t)((uint64_t)take_signed(r) + (uint64_t)c->commit_time);
        c->offset = (int16_t)take_signed(r);
        uint32_t author = take_below(r, (uint64_t)authors->len + 1);
        if (author == 0)
            g_ptr_array_add(authors, (gpointer)take_text(r, true));
        c->author = authors->pdata[author ? author - 1 : authors->len - 1];
        c->subject = take_text(r, true);
        c->reviewed_by = take_text(r, false);
        c->approved_by = take_text(r, false);
    }
}

static void take_names(Reader *r, AjLog *log)
{
    uint32_t commits = log->commits->len;
    uint32_t count = take_below(r, (uint64_t)(r->end - r->p));
    uint32_t all_events = take_below(r, (uint64_t)(r->end - r->p) + 1); /* each takes a byte */
    g_array_set_size(log->files, count);
    g_array_set_size(log->events, all_events);
    AjLogEvent *events = (AjLogEvent *)(void *)log->events->data;
    uint32_t at = 0;
    g_ptr_array_set_size(log->names, (int)count);
    for (uint32_t i = 0; i < count && !r->bad; i++) {
        const char *name = take_text(r, true);
        r->bad = r->bad || (i && strcmp(log->names->pdata[i - 1], name) >= 0);
        log->names->pdata[i] = (gpointer)name;
        take_file(r, &g_array_index(log->files, AjLogFile, i));
        for (uint32_t kind = 0; kind < 2; kind++) {
            uint32_t many = take_below(r, (uint64_t)MIN(commits, all_events - at) + 1);
            AjLogEvent e = {i * 2 + kind, 0};
            for (uint32_t k = 0; k < many && !r->bad; k++) {
                e.commit += take_below(r, commits - e.commit);
                events[at++] = e;
            }
        }
    }
    log->sorted = count;
    r->bad = r->bad || at != all_events;
    uint32_t renames = take_below(r, (uint64_t)(r->end - r->p) + 1);
    for (uint32_t i = 0; i < renames && !r->bad; i++) {
        AjLogRename n;
        n.to = take_below(r, (uint64_t)count * 2);
        n.from = take_below(r, count);
        n.commit = take_below(r, commits);
        n.parent = take_below(r, commits);
        g_array_append_val(log->renames, n);
    }
}

AjLog *aj_logstate_read(AjArena *arena, const void *bytes, size_t len, const AjLogKey *key)
{
    const uint8_t *from = bytes;
    uint8_t sum[AJ_LOGSTATE_SUM];
    if (!bytes || len < sizeof MAGIC + AJ_LOGSTATE_SUM || memcmp(from, MAGIC, sizeof MAGIC) != 0)
        return NULL;
    aj_logstate_sum(from, len - AJ_LOGSTATE_SUM, sum);
    if (memcmp(sum, from + len - AJ_LOGSTATE_SUM, AJ_LOGSTATE_SUM) != 0)
        return NULL;
    Reader r = {from + sizeof MAGIC, from + len - AJ_LOGSTATE_SUM, false};
    const char *prefix = take_text(&r, true);
    if (r.bad || strcmp(prefix, key->prefix) != 0 ||
        memcmp(take_bytes(&r, sizeof key->shallow), key->shallow, sizeof key->shallow) != 0)
        return NULL;
    AjLog *log = aj_log_new(arena);
    take_file(&r, &log->head_tree);
    take_commits(&r, log);
    if (!r.bad)
        take_names(&r, log);
    if (!r.bad && r.p == r.end)
        return log;
    aj_log_free(log);
    return NULL;
}
