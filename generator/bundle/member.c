/* member - what an archive says of each file: its hash, its checksum, its deflated bytes.
 *
 * See member.h. libdeflate makes what zlib's level 6 makes, in about half the time. Must not know:
 * any archive's form. */
#include "bundle/member.h"

#include "base/lang.h"
#include "base/pool.h"
#include "bundle/gather.h"

#include <errno.h>
#include <fcntl.h>
#include <libdeflate.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    LEVEL = 6,
    LARGE = 256 << 20, /* bytes beyond which a file is stored: deflating it would take its memory */
    FEW = 1 << 20      /* bytes below which workers cost more than they save */
};

/* The cache file: Head, then a Row for each file, paths (each ended by NUL). The deflated bytes lie
 * in a file of their own, CACHE.data: what changed is appended, and when half of it is of no use to
 * anybody it is written anew. A row is believed when the bytes have the checksum that it tells, so
 * index and data need not be of one moment. */
#define MAGIC "anjian members 2"
#define DATA ".data"
typedef struct {
    char magic[16];
    AjHash sum; /* of rows and paths */
    uint64_t rows, paths;
} Head;
typedef struct {
    uint64_t size, inode;
    int64_t mtime_ns;
    AjHash hash;
    uint64_t data, data_len; /* data: where in CACHE.data */
    uint32_t crc, data_crc;  /* data_crc: of the deflated bytes */
    uint32_t path, deflated;
} Row;

struct AjMembers {
    AjMember *members;
    uint32_t count, made;
    GMappedFile *rows, *data; /* the cache's */
    AjPoolResult *result;
    GPtrArray *own; /* GStrings: what stands behind members that no worker made */
};
typedef struct {
    const AjBundleFile *files;
    const uint32_t *todo;       /* numbers of files */
    const AjBundleFile *unread; /* in the end: the file that could not be read */
    struct libdeflate_compressor *compressor;
    GString *plain, *buffer;
} Work;

/* --- making --- */

/* What a worker says of a file; its deflated bytes follow. */
typedef struct {
    AjHash hash;
    uint64_t size;
    uint32_t crc, data_crc, deflated;
} Made;

static bool work_begin(void *data, GError **error)
{
    (void)error;
    Work *w = data;
    w->compressor = libdeflate_alloc_compressor(LEVEL);
    w->plain = g_string_new(NULL);
    w->buffer = g_string_new(NULL);
    return w->compressor != NULL;
}

static void work_end(Work *w)
{
    libdeflate_free_compressor(w->compressor);
    g_string_free(w->plain, TRUE);
    g_string_free(w->buffer, TRUE);
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
    made.data_crc = libdeflate_crc32(0, w->buffer->str, got);
    g_string_append_len(result, (const char *)&made, sizeof made);
    g_string_append_len(result, w->buffer->str, (gssize)got);
}

/* Reading costs less than mapping, but for what is large. */
static bool read_plain(int fd, size_t size, GString *out)
{
    g_string_set_size(out, size);
    for (size_t at = 0; at < size;) {
        ssize_t got = read(fd, out->str + at, size - at);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false; /* it shrinks while we look */
        at += (size_t)got;
    }
    return true;
}

/* false: not read. */
static bool make_file(Work *w, const AjBundleFile *file, GString *result)
{
    if (!file->path) {
        make(w, file->bytes, file->len, result);
        return true;
    }
    struct stat st;
    int fd = open(file->path, O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && fstat(fd, &st) == 0;
    if (good && st.st_size <= LARGE) {
        good = read_plain(fd, (size_t)st.st_size, w->plain);
        if (good)
            make(w, w->plain->str, w->plain->len, result);
    } else if (good) {
        g_autoptr(GMappedFile) map = g_mapped_file_new_from_fd(fd, FALSE, NULL);
        good = map != NULL;
        if (good)
            make(w, g_mapped_file_get_contents(map), g_mapped_file_get_length(map), result);
    }
    if (fd >= 0)
        close(fd);
    return good;
}

static bool work_one(uint32_t index, GString *result, void *data)
{
    Work *w = data;
    make_file(w, &w->files[w->todo[index]], result);
    return true; /* an empty result: not read */
}

static bool take(const char *bytes, size_t len, AjMember *out)
{
    Made made;
    if (len < sizeof made)
        return false;
    memcpy(&made, bytes, sizeof made);
    *out = (AjMember){
        .hash = made.hash, .size = made.size, .crc = made.crc, .deflated = made.deflated};
    out->data_crc = made.data_crc;
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
    uint64_t count, data_len;
} Known;

static const char *map_file(const char *path, GMappedFile **map, size_t *len)
{
    *map = g_mapped_file_new(path, FALSE, NULL);
    *len = *map ? g_mapped_file_get_length(*map) : 0;
    return *len ? g_mapped_file_get_contents(*map) : NULL;
}

static void known_open(const char *path, AjMembers *m, Known *k)
{
    Head head;
    size_t len, data_len;
    *k = (Known){0};
    if (!path)
        return;
    const char *bytes = map_file(path, &m->rows, &len);
    if (len < sizeof head)
        return;
    memcpy(&head, bytes, sizeof head);
    size_t rest = len - sizeof head;
    if (memcmp(head.magic, MAGIC, sizeof head.magic) != 0 || head.rows > rest / sizeof(Row) ||
        head.paths != rest - head.rows * sizeof(Row))
        return;
    AjHash sum;
    aj_hash(bytes + sizeof head, rest, &sum);
    if (!aj_hash_equal(&sum, &head.sum))
        return;
    g_autofree char *data = g_strconcat(path, DATA, NULL);
    k->data = map_file(data, &m->data, &data_len);
    k->data_len = data_len;
    k->rows = (const Row *)(const void *)(bytes + sizeof head);
    k->count = head.rows;
    k->paths = bytes + sizeof head + head.rows * sizeof(Row);
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
                      .data_len = row->data_len,
                      .data_crc = row->data_crc};
    if (!row->deflated)
        return true;
    if (row->data > k->data_len || row->data_len > k->data_len - row->data)
        return false;
    out->data = k->data + row->data;
    return libdeflate_crc32(0, out->data, out->data_len) == row->data_crc;
}

static bool is_kept(const AjBundleFile *file, const AjFsEntry *stat, const AjMember *m)
{
    return file->path && stat->size == m->size;
}

/* Where each member's deflated bytes lie in CACHE.data, after what is new there was written. */
static bool save_data(const char *path, const bool *kept, const Known *k, const AjMembers *m,
                      uint64_t *places)
{
    uint64_t in_use = 0, at = 0;
    for (uint32_t i = 0; i < m->count; i++)
        in_use += kept[i] && m->members[i].deflated ? m->members[i].data_len : 0;
    bool append = k->data && in_use > k->data_len / 2;
    g_autofree char *data = g_strconcat(path, DATA, NULL);
    g_autofree char *part = g_strdup_printf("%s.part-%ld", data, (long)getpid());
    int fd = open(append ? data : part,
                  O_WRONLY | O_CLOEXEC | (append ? O_APPEND : O_CREAT | O_TRUNC), 0644);
    struct stat st;
    bool good = fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0 && fstat(fd, &st) == 0;
    if (good && append)
        at = (uint64_t)st.st_size;
    AjGather *out = aj_gather_new(fd);
    for (uint32_t i = 0; good && i < m->count; i++) {
        const AjMember *from = &m->members[i];
        if (!kept[i] || !from->deflated)
            continue;
        bool there = append && from->data >= k->data && from->data < k->data + k->data_len;
        places[i] = there ? (uint64_t)(from->data - k->data) : at + aj_gather_len(out);
        good = there || aj_gather_lend(out, from->data, from->data_len);
    }
    good = good && aj_gather_flush(out);
    aj_gather_free(out);
    if (fd >= 0)
        good = close(fd) == 0 && good;
    if (!append && (!good || rename(part, data) != 0)) {
        unlink(part);
        good = false;
    }
    return good;
}

/* A cache that cannot be written costs time only. */
static void known_save(const char *path, const AjBundleFile *files, const AjFsEntry *stats,
                       const Known *k, const AjMembers *m)
{
    g_autofree uint64_t *places = g_new0(uint64_t, m->count + 1);
    g_autofree bool *kept = g_new0(bool, m->count + 1);
    for (uint32_t i = 0; i < m->count; i++)
        kept[i] = is_kept(&files[i], &stats[i], &m->members[i]);
    if (!save_data(path, kept, k, m, places))
        return;
    g_autoptr(GString) all = g_string_new(NULL), paths = g_string_new(NULL);
    Head head = {.magic = MAGIC};
    g_string_append_len(all, (const char *)&head, sizeof head);
    for (uint32_t i = 0; i < m->count; i++) {
        const AjMember *from = &m->members[i];
        if (!kept[i])
            continue;
        Row row = {.size = stats[i].size,
                   .inode = stats[i].inode,
                   .mtime_ns = stats[i].mtime_ns,
                   .hash = from->hash,
                   .crc = from->crc,
                   .path = (uint32_t)paths->len,
                   .deflated = from->deflated,
                   .data = places[i],
                   .data_len = from->data_len,
                   .data_crc = from->data_crc};
        g_string_append_len(all, (const char *)&row, sizeof row);
        g_string_append_len(paths, files[i].path, (gssize)strlen(files[i].path) + 1);
        head.rows++;
    }
    head.paths = paths->len;
    g_string_append_len(all, paths->str, (gssize)paths->len);
    aj_hash(all->str + sizeof head, all->len - sizeof head, &head.sum);
    memcpy(all->str, &head, sizeof head);
    aj_fs_write(path, all->str, all->len, NULL);
}

/* --- the whole --- */

static bool make_here(AjMembers *m, Work *work, uint32_t count)
{
    bool good = work_begin(work, NULL);
    g_assert(good);
    for (uint32_t i = 0; good && i < count; i++) {
        GString *result = g_string_new(NULL);
        g_ptr_array_add(m->own, result);
        good = make_file(work, &work->files[work->todo[i]], result) &&
               take(result->str, result->len, &m->members[work->todo[i]]);
        work->unread = good ? NULL : &work->files[work->todo[i]];
    }
    work_end(work);
    return good;
}

static bool make_beside(AjMembers *m, Work *work, uint32_t count, GError **error)
{
    AjPoolJob job = {.begin = work_begin, .work = work_one, .data = work};
    bool good = aj_pool_run(&job, count, &m->result, error);
    for (uint32_t i = 0; good && i < count; i++) {
        size_t len;
        const char *bytes = aj_pool_bytes(m->result, i, &len);
        good = take(bytes, len, &m->members[work->todo[i]]);
        work->unread = good ? NULL : &work->files[work->todo[i]];
    }
    return good;
}

/* What the cache knows is taken, the numbers of the others are put into `todo`. */
static uint32_t take_known(AjMembers *m, const Known *known, const AjBundleFile *files,
                           const AjFsEntry *stats, uint32_t *todo)
{
    uint32_t count = 0;
    uint64_t at = 0;
    for (uint32_t i = 0; i < m->count; i++) {
        const Row *row = files[i].path ? known_find(known, files[i].path, &at) : NULL;
        if (row && known_take(known, row, &stats[i], &m->members[i]))
            continue;
        todo[count++] = i;
        m->made += files[i].path != NULL;
    }
    return count;
}

static bool are_few(const Work *w, uint32_t count, const AjFsEntry *stats)
{
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < count && bytes <= FEW; i++) {
        const AjBundleFile *file = &w->files[w->todo[i]];
        bytes += !file->path ? file->len : stats ? stats[w->todo[i]].size : FEW;
    }
    return bytes <= FEW;
}

AjMembers *aj_members_make(const AjBundleFile *files, uint32_t count, const AjFsEntry *stats,
                           const char *cache, GError **error)
{
    AjMembers *m = g_new0(AjMembers, 1);
    g_autofree uint32_t *todo = g_new(uint32_t, count + 1);
    m->members = g_new0(AjMember, count + 1);
    m->count = count;
    m->own = g_ptr_array_new();
    Known known;
    known_open(cache, m, &known);
    uint32_t left = take_known(m, &known, files, stats, todo);
    Work work = {.files = files, .todo = todo};
    GError *why = NULL;
    if (are_few(&work, left, stats) ? make_here(m, &work, left)
                                    : make_beside(m, &work, left, &why)) {
        if (cache && m->made)
            known_save(cache, files, stats, &known, m);
        return m;
    }
    if (work.unread)
        why = g_error_new(AJ_BUNDLE_ERROR, AJ_BUNDLE_ERROR_READ,
                          AJ_TR("读不了 %s", "cannot read %s"), work.unread->name);
    g_propagate_error(error, why);
    aj_members_free(m);
    return NULL;
}

void aj_members_add_first(AjMembers *m, const char *bytes, size_t len)
{
    const AjBundleFile file = {"", NULL, bytes, len};
    const uint32_t todo = 0;
    Work work = {.files = &file, .todo = &todo};
    m->members = g_renew(AjMember, m->members, m->count + 1);
    memmove(m->members + 1, m->members, m->count * sizeof *m->members);
    bool ours = make_here(m, &work, 1);
    g_assert(ours);
    m->count++;
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
    if (m->rows)
        g_mapped_file_unref(m->rows);
    if (m->data)
        g_mapped_file_unref(m->data);
    aj_pool_result_free(m->result);
    for (guint i = 0; i < m->own->len; i++)
        g_string_free(m->own->pdata[i], TRUE);
    g_ptr_array_free(m->own, TRUE);
    g_free(m->members);
    g_free(m);
}
