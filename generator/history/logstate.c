/* logstate - a walked history as tables, packed to bytes and back.
 *
 * Numbers are varints, lists of commits are differences; about 120 bytes a commit and 50 a path.
 * Pure. Must not know: repositories, how a walk is done. */
#include "history/logstate.h"

#include "base/hash.h"

#include <string.h>

static const char MAGIC[8] = "AJGLOG3";
enum { HASH_LEN = 32 };

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

static uint32_t name_add(AjLog *log, const char *kept)
{
    g_ptr_array_add(log->names, (gpointer)kept);
    g_hash_table_insert(log->name_ids, (gpointer)kept, GUINT_TO_POINTER(log->names->len));
    return log->names->len - 1;
}

bool aj_log_name_find(const AjLog *log, const char *name, uint32_t *out)
{
    gpointer number = g_hash_table_lookup(log->name_ids, name);
    if (number)
        *out = GPOINTER_TO_UINT(number) - 1;
    return number != NULL;
}

uint32_t aj_log_name(AjLog *log, const char *name, size_t len)
{
    uint32_t number;
    if (aj_log_name_find(log, name, &number))
        return number;
    return name_add(log, aj_arena_strndup(log->arena, name, len));
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

static size_t bytes_guess(const AjLog *log)
{
    return 4096 + (size_t)log->commits->len * 140 + (size_t)log->names->len * 70 +
           (size_t)log->events->len * 2 + (size_t)log->renames->len * 12;
}

void aj_logstate_write(const AjLog *log, const AjLogKey *key, GString *out)
{
    size_t start = out->len;
    AjHash sum;
    /* Grown by doubling, the bytes of 10,000 pages were touched three times over. */
    g_string_set_size(out, start + bytes_guess(log));
    g_string_truncate(out, start);
    g_string_append_len(out, MAGIC, sizeof MAGIC);
    put_text(out, key->prefix);
    g_string_append_len(out, (const char *)key->shallow, sizeof key->shallow);
    put_file(out, &log->head_tree);
    put_commits(log, out);

    /* Names that nothing happened to (any more) are left out. */
    g_autofree uint32_t *number = g_new0(uint32_t, log->names->len + 1);
    const AjLogEvent *events = (const AjLogEvent *)(void *)log->events->data;
    for (uint32_t i = 0; i < log->events->len; i++)
        number[events[i].name / 2] = 1;
    for (uint32_t i = 0; i < log->renames->len; i++) {
        const AjLogRename *r = &g_array_index(log->renames, AjLogRename, i);
        number[r->from] = number[r->to / 2] = 1;
    }
    uint32_t names = 0;
    for (uint32_t i = 0; i < log->names->len; i++)
        if (number[i])
            number[i] = ++names;
    put_number(out, names);
    put_number(out, log->events->len);
    for (uint32_t i = 0, at = 0; i < log->names->len; i++) {
        if (!number[i])
            continue;
        put_text(out, log->names->pdata[i]);
        put_file(out, &g_array_index(log->files, AjLogFile, i));
        for (uint32_t kind = 0; kind < 2; kind++) {
            uint32_t end = at, last = 0;
            while (end < log->events->len && events[end].name == i * 2 + kind)
                end++;
            put_number(out, end - at);
            for (; at < end; at++) {
                put_number(out, events[at].commit - last);
                last = events[at].commit;
            }
        }
    }
    put_number(out, log->renames->len);
    for (uint32_t i = 0; i < log->renames->len; i++) {
        const AjLogRename *r = &g_array_index(log->renames, AjLogRename, i);
        put_number(out, (uint64_t)(number[r->to / 2] - 1) * 2 + r->to % 2);
        put_number(out, number[r->from] - 1);
        put_number(out, r->commit);
        put_number(out, r->parent);
    }
    aj_hash(out->str + start, out->len - start, &sum);
    g_string_append_len(out, (const char *)sum.bytes, HASH_LEN);
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
    static const uint8_t nothing[HASH_LEN];
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
    g_array_set_size(log->events, all_events); /* so that it does not grow by doubling */
    g_array_set_size(log->events, 0);
    for (uint32_t i = 0; i < count && !r->bad; i++) {
        name_add(log, take_text(r, true));
        take_file(r, &g_array_index(log->files, AjLogFile, i));
        for (uint32_t kind = 0; kind < 2; kind++) {
            uint32_t events = take_below(r, (uint64_t)commits + 1);
            AjLogEvent e = {i * 2 + kind, 0};
            for (uint32_t k = 0; k < events && !r->bad; k++) {
                e.commit += take_below(r, commits - e.commit);
                g_array_append_val(log->events, e);
            }
        }
    }
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
    AjHash sum;
    if (!bytes || len < sizeof MAGIC + HASH_LEN || memcmp(from, MAGIC, sizeof MAGIC) != 0)
        return NULL;
    aj_hash(bytes, len - HASH_LEN, &sum);
    if (memcmp(sum.bytes, from + len - HASH_LEN, HASH_LEN) != 0)
        return NULL;
    Reader r = {from + sizeof MAGIC, from + len - HASH_LEN, false};
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
