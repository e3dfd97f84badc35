/* member - what an archive says of each file: its hash, its checksum, its deflated bytes.
 *
 * See member.h. libdeflate makes what zlib's level 6 makes, in about half the time. Must not know:
 * any archive's form. */
#include "bundle/member.h"

#include "base/lang.h"
#include "base/pool.h"

#include <fcntl.h>
#include <libdeflate.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    LEVEL = 6,
    LARGE = 256 << 20 /* bytes beyond which a file is stored: deflating it would take its memory */
};

/* The cache file: Head, then a Row for each file, paths (each ended by NUL), deflated bytes. */
#define MAGIC "anjian members 1"
typedef struct {
    char magic[16];
    AjHash sum; /* of rows and paths */
    uint64_t rows, paths;
} Head;
typedef struct {
    uint64_t size, inode;
    int64_t mtime_ns;
    AjHash hash;
    uint64_t data, data_len; /* data: from the first deflated byte */
    uint32_t crc, data_crc;  /* data_crc: of the deflated bytes */
    uint32_t path, deflated;
} Row;

struct AjMembers {
    AjMember *members;
    uint32_t count, made;
    GMappedFile *old;
    AjPoolResult *result;
    GPtrArray *first; /* GStrings: what stands behind members that were added in front */
};
typedef struct {
    const AjBundleFile *files;
    const uint32_t *todo; /* numbers of files */
    struct libdeflate_compressor *compressor;
    GString *buffer;
} Work;

/* --- making --- */

/* What a worker says of a file; its deflated bytes follow. */
typedef struct {
    AjHash hash;
    uint64_t size;
    uint32_t crc, deflated;
} Made;

static bool work_begin(void *data, GError **error)
{
    (void)error;
    Work *w = data;
    w->compressor = libdeflate_alloc_compressor(LEVEL);
    w->buffer = g_string_new(NULL);
    return w->compressor != NULL;
}

static void make(Work *w, const char *bytes, size_t len, GString *result)
{
    Made made = {.size = len, .crc = libdeflate_crc32(0, bytes, len)};
    size_t got = 0;
    aj_hash(bytes, len, &made.hash);
    if (len > 0 && len <= LARGE) { /* room for less than it was, or it is stored */
        g_string_set_size(w->buffer, len);
        got = libdeflate_deflate_compress(w->compressor, bytes, len, w->buffer->str, len - 1);
    }
    made.deflated = got > 0;
    g_string_append_len(result, (const char *)&made, sizeof made);
    g_string_append_len(result, w->buffer->str, (gssize)got);
}

static bool work_one(uint32_t index, GString *result, void *data)
{
    Work *w = data;
    const AjBundleFile *file = &w->files[w->todo[index]];
    if (!file->path) {
        make(w, file->bytes, file->len, result);
        return true;
    }
    g_autoptr(GMappedFile) map = g_mapped_file_new(file->path, FALSE, NULL);
    if (!map)
        return true; /* an empty result: not read */
    const char *bytes = g_mapped_file_get_contents(map);
    make(w, bytes ? bytes : "", g_mapped_file_get_length(map), result);
    return true;
}

static bool take(const char *bytes, size_t len, AjMember *out)
{
    Made made;
    if (len < sizeof made)
        return false;
    memcpy(&made, bytes, sizeof made);
    *out = (AjMember){
        .hash = made.hash, .size = made.size, .crc = made.crc, .deflated = made.deflated};
    if (made.deflated) {
        out->data = bytes + sizeof made;
        out->data_len = len - sizeof made;
    } else {
        out->data_len = made.size;
    }
    return true;
}

/* --- the cache --- */

typedef struct {
    const Row *rows;
    const char *paths, *data;
    uint64_t count, paths_len, data_len;
} Known;

static bool known_open(const char *path, AjMembers *m, Known *k)
{
    Head head;
    *k = (Known){0};
    m->old = path ? g_mapped_file_new(path, FALSE, NULL) : NULL;
    size_t len = m->old ? g_mapped_file_get_length(m->old) : 0;
    const char *bytes = len ? g_mapped_file_get_contents(m->old) : NULL;
    if (len < sizeof head)
        return false;
    memcpy(&head, bytes, sizeof head);
    size_t rest = len - sizeof head;
    if (memcmp(head.magic, MAGIC, sizeof head.magic) != 0 || head.rows > rest / sizeof(Row) ||
        head.paths > rest - head.rows * sizeof(Row))
        return false;
    size_t index = head.rows * sizeof(Row) + head.paths;
    AjHash sum;
    aj_hash(bytes + sizeof head, index, &sum);
    if (!aj_hash_equal(&sum, &head.sum))
        return false;
    k->rows = (const Row *)(const void *)(bytes + sizeof head);
    k->count = head.rows;
    k->paths = bytes + sizeof head + head.rows * sizeof(Row);
    k->paths_len = head.paths;
    k->data = bytes + sizeof head + index;
    k->data_len = rest - index;
    return true;
}

/* Rows stand in the order of files, which is nearly the order of now: `at` moves along. */
static const Row *known_find(const Known *k, const char *path, uint64_t *at)
{
    for (uint64_t i = *at; i < k->count; i++) {
        int order = strcmp(k->paths + k->rows[i].path, path);
        if (order > 0)
            return NULL;
        *at = i + 1;
        if (order == 0)
            return &k->rows[i];
    }
    return NULL;
}

static bool known_take(const Known *k, const Row *row, const AjFsEntry *st, AjMember *out)
{
    if (row->size != st->size || row->inode != st->inode || row->mtime_ns != st->mtime_ns)
        return false;
    *out = (AjMember){.hash = row->hash,
                      .size = row->size,
                      .crc = row->crc,
                      .deflated = row->deflated,
                      .data_len = row->data_len};
    if (!row->deflated)
        return true;
    if (row->data > k->data_len || row->data_len > k->data_len - row->data)
        return false;
    out->data = k->data + row->data;
    return libdeflate_crc32(0, out->data, out->data_len) == row->data_crc;
}

static void known_save(const char *path, const AjBundleFile *files, const AjFsEntry *stats,
                       const AjMembers *m)
{
    g_autoptr(GString) rows = g_string_new(NULL), paths = g_string_new(NULL);
    uint64_t at = 0;
    for (uint32_t i = 0; i < m->count; i++) {
        const AjMember *from = &m->members[i];
        if (!files[i].path || stats[i].size != from->size)
            continue;
        Row row = {.size = stats[i].size,
                   .inode = stats[i].inode,
                   .mtime_ns = stats[i].mtime_ns,
                   .hash = from->hash,
                   .crc = from->crc,
                   .path = (uint32_t)paths->len,
                   .deflated = from->deflated,
                   .data = at,
                   .data_len = from->data_len};
        if (from->deflated) {
            row.data_crc = libdeflate_crc32(0, from->data, from->data_len);
            at += from->data_len;
        }
        g_string_append_len(rows, (const char *)&row, sizeof row);
        g_string_append_len(paths, files[i].path, (gssize)strlen(files[i].path) + 1);
    }
    Head head = {.magic = MAGIC, .rows = rows->len / sizeof(Row), .paths = paths->len};
    g_string_append_len(rows, paths->str, (gssize)paths->len);
    aj_hash(rows->str, rows->len, &head.sum);
    g_autofree char *part = g_strdup_printf("%s.part-%ld", path, (long)getpid());
    FILE *out = fopen(part, "w");
    if (!out)
        return; /* a cache that cannot be written costs time only */
    bool good = fwrite(&head, sizeof head, 1, out) == 1 &&
                (!rows->len || fwrite(rows->str, rows->len, 1, out) == 1);
    for (uint32_t i = 0; i < m->count && good; i++)
        if (files[i].path && stats[i].size == m->members[i].size && m->members[i].deflated)
            good = fwrite(m->members[i].data, m->members[i].data_len, 1, out) == 1;
    good = fclose(out) == 0 && good;
    if (!good || rename(part, path) != 0)
        unlink(part);
}

/* --- the whole --- */

AjMembers *aj_members_make(const AjBundleFile *files, uint32_t count, const char *cache,
                           GError **error)
{
    AjMembers *m = g_new0(AjMembers, 1);
    g_autofree AjFsEntry *stats = g_new0(AjFsEntry, count + 1);
    g_autofree uint32_t *todo = g_new(uint32_t, count + 1);
    m->members = g_new0(AjMember, count + 1);
    m->count = count;
    Known known;
    known_open(cache, m, &known);
    uint64_t at = 0;
    for (uint32_t i = 0; i < count; i++) {
        const Row *row = NULL;
        if (files[i].path && aj_fs_stat(files[i].path, &stats[i], NULL))
            row = known_find(&known, files[i].path, &at);
        if (!row || !known_take(&known, row, &stats[i], &m->members[i]))
            todo[m->made++] = i;
    }
    Work work = {.files = files, .todo = todo};
    AjPoolJob job = {.begin = work_begin, .work = work_one, .data = &work};
    bool good = aj_pool_run(&job, m->made, &m->result, error);
    for (uint32_t i = 0; good && i < m->made; i++) {
        size_t len;
        const char *bytes = aj_pool_bytes(m->result, i, &len);
        good = take(bytes, len, &m->members[todo[i]]);
        if (!good)
            g_set_error(error, AJ_BUNDLE_ERROR, AJ_BUNDLE_ERROR_READ,
                        AJ_TR("读不了 %s", "cannot read %s"), files[todo[i]].name);
    }
    if (!good) {
        aj_members_free(m);
        return NULL;
    }
    if (cache && m->made)
        known_save(cache, files, stats, m);
    return m;
}

void aj_members_add_first(AjMembers *m, const char *bytes, size_t len)
{
    Work work = {0};
    work_begin(&work, NULL);
    g_assert(work.compressor);
    GString *first = g_string_new(NULL);
    if (!m->first)
        m->first = g_ptr_array_new();
    g_ptr_array_add(m->first, first);
    make(&work, bytes, len, first);
    m->members = g_renew(AjMember, m->members, m->count + 1);
    memmove(m->members + 1, m->members, m->count * sizeof *m->members);
    bool ours = take(first->str, first->len, m->members);
    g_assert(ours);
    m->count++;
    libdeflate_free_compressor(work.compressor);
    g_string_free(work.buffer, TRUE);
}

void aj_members_move(AjMembers *m, uint32_t from, uint32_t to)
{
    g_assert(from < m->count && to <= from);
    m->members[to] = m->members[from];
}

void aj_members_cut(AjMembers *m, uint32_t count)
{
    g_assert(count <= m->count);
    m->count = count;
}

const AjMember *aj_members_at(const AjMembers *m, uint32_t i)
{
    g_assert(i < m->count);
    return &m->members[i];
}

uint32_t aj_members_made(const AjMembers *m)
{
    return m->made;
}

void aj_members_free(AjMembers *m)
{
    if (!m)
        return;
    if (m->old)
        g_mapped_file_unref(m->old);
    aj_pool_result_free(m->result);
    for (guint i = 0; m->first && i < m->first->len; i++)
        g_string_free(m->first->pdata[i], TRUE);
    if (m->first)
        g_ptr_array_free(m->first, TRUE);
    g_free(m->members);
    g_free(m);
}
