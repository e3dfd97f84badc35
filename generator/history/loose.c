/* loose - the loose objects of a repository, whatever bytes their files hold.
 *
 * An object is believed when the file inflates to exactly what its header counts.
 * Must not know: what objects mean. */
#include "history/loose.h"

#include "base/fs.h"

#include <git2.h>
#include <git2/sys/odb_backend.h>
#include <string.h>
#include <zlib.h>

enum {
    HEADER_MAX = 64,      /* "commit 123\0" */
    FILE_LIMIT = 1 << 30, /* packed or not: beyond a course's video */
    ALTERNATES_LIMIT = 1 << 16,
    ALTERNATES_DEPTH = 5 /* as git */
};

typedef struct {
    git_odb_backend base; /* first: libgit2 hands us its address */
    char *objects;
} Loose;

static int damaged(const char *path)
{
    g_autofree char *text = g_strdup_printf("loose object %s is damaged", path);
    git_error_set_str(GIT_ERROR_ODB, text);
    return GIT_ERROR;
}

static char *path_of(const Loose *l, const git_oid *id)
{
    char hex[41];
    git_oid_tostr(hex, sizeof hex, id);
    return g_strdup_printf("%s/%.2s/%s", l->objects, hex, hex + 2);
}

/* "TYPE SIZE\0" at the start of `n` bytes; where the content begins, 0: it is not that. */
static size_t header_parse(const char *bytes, size_t n, git_object_t *type, size_t *size)
{
    const char *end = memchr(bytes, '\0', n), *blank = end ? memchr(bytes, ' ', n) : NULL;
    guint64 count;
    if (!blank || blank > end ||
        !g_ascii_string_to_unsigned(blank + 1, 10, 0, FILE_LIMIT, &count, NULL))
        return 0;
    g_autofree char *name = g_strndup(bytes, (gsize)(blank - bytes));
    *type = git_object_string2type(name);
    *size = (size_t)count;
    return git_object_typeisloose(*type) ? (size_t)(end - bytes) + 1 : 0;
}

/* `data` NULL: only the header is asked for. */
static int file_read(git_odb_backend *backend, const char *path, void **data, size_t *len,
                     git_object_t *type)
{
    g_autofree char *packed = NULL;
    g_autoptr(GError) error = NULL;
    size_t packed_len = 0;
    char head[HEADER_MAX];
    if (!aj_fs_read(path, FILE_LIMIT, &packed, &packed_len, &error)) {
        if (g_error_matches(error, AJ_FS_ERROR, AJ_FS_ERROR_NOT_FOUND))
            return GIT_ENOTFOUND;
        git_error_set_str(GIT_ERROR_ODB, error->message);
        return GIT_ERROR;
    }
    z_stream z = {.next_in = (Bytef *)packed,
                  .avail_in = (uInt)packed_len,
                  .next_out = (Bytef *)head,
                  .avail_out = sizeof head};
    if (inflateInit(&z) != Z_OK)
        return damaged(path);
    int state = inflate(&z, Z_SYNC_FLUSH);
    size_t got = sizeof head - z.avail_out;
    size_t start = state == Z_OK || state == Z_STREAM_END || state == Z_BUF_ERROR
                       ? header_parse(head, got, type, len)
                       : 0;
    bool good = start > 0 && got - start <= *len;
    char *out = good && data ? git_odb_backend_data_alloc(backend, *len + 1) : NULL;
    if (out) {
        memcpy(out, head + start, got - start);
        z.next_out = (Bytef *)out + (got - start);
        z.avail_out = (uInt)(*len - (got - start)) + 1; /* one more would be too much */
        while (state == Z_OK && z.avail_out)
            state = inflate(&z, Z_FINISH);
        good = state == Z_STREAM_END && z.avail_out == 1;
        out[*len] = '\0';
    }
    inflateEnd(&z);
    if (good && (out || !data)) {
        if (data)
            *data = out;
        return 0;
    }
    if (out)
        git_odb_backend_data_free(backend, out);
    return damaged(path);
}

static int loose_read(void **data, size_t *len, git_object_t *type, git_odb_backend *backend,
                      const git_oid *id)
{
    g_autofree char *path = path_of((Loose *)backend, id);
    return file_read(backend, path, data, len, type);
}

static int loose_read_header(size_t *len, git_object_t *type, git_odb_backend *backend,
                             const git_oid *id)
{
    g_autofree char *path = path_of((Loose *)backend, id);
    return file_read(backend, path, NULL, len, type);
}

static int loose_exists(git_odb_backend *backend, const git_oid *id)
{
    g_autofree char *path = path_of((Loose *)backend, id);
    AjFsEntry entry;
    return aj_fs_stat(path, &entry, NULL);
}

/* The one object whose id begins with `len` hex digits of `id`. */
static int loose_exists_prefix(git_oid *out, git_odb_backend *backend, const git_oid *id,
                               size_t len)
{
    const Loose *l = (const Loose *)backend;
    char hex[41];
    git_oid_tostr(hex, sizeof hex, id);
    g_autofree char *folder = g_strdup_printf("%s/%.2s", l->objects, hex);
    g_autoptr(AjFsList) files = len >= 2 ? aj_fs_walk(folder, NULL, NULL, NULL) : NULL;
    uint32_t found = 0;
    for (uint32_t i = 0; files && i < aj_fs_list_count(files); i++) {
        g_autofree char *full = g_strdup_printf("%.2s%s", hex, aj_fs_list_at(files, i)->path);
        if (strncmp(full, hex, len) == 0 && strlen(full) == 40 && git_oid_fromstr(out, full) == 0)
            found++;
    }
    return found == 1 ? 0 : found ? GIT_EAMBIGUOUS : GIT_ENOTFOUND;
}

static int loose_read_prefix(git_oid *out, void **data, size_t *len, git_object_t *type,
                             git_odb_backend *backend, const git_oid *id, size_t digits)
{
    int code = loose_exists_prefix(out, backend, id, digits);
    return code < 0 ? code : loose_read(data, len, type, backend, out);
}

static void loose_free(git_odb_backend *backend)
{
    Loose *l = (Loose *)backend;
    g_free(l->objects);
    g_free(l);
}

static git_odb_backend *loose_new(const char *objects)
{
    Loose *l = g_new0(Loose, 1);
    git_odb_init_backend(&l->base, GIT_ODB_BACKEND_VERSION);
    l->objects = g_strdup(objects);
    l->base.read = loose_read;
    l->base.read_prefix = loose_read_prefix;
    l->base.read_header = loose_read_header;
    l->base.exists = loose_exists;
    l->base.exists_prefix = loose_exists_prefix;
    l->base.free = loose_free;
    return &l->base;
}

/* Packs first, as libgit2 does: most objects are there. */
static int folder_add(git_odb *odb, const char *objects, int depth)
{
    int (*add)(git_odb *, git_odb_backend *, int) =
        depth ? git_odb_add_alternate : git_odb_add_backend;
    git_odb_backend *packs = NULL;
    int code = git_odb_backend_pack(&packs, objects);
    if (code == 0)
        code = add(odb, packs, 2);
    if (code == 0)
        code = add(odb, loose_new(objects), 1);
    g_autofree char *path = g_build_filename(objects, "info", "alternates", NULL);
    g_autofree char *text = NULL;
    size_t len;
    if (code < 0 || depth == ALTERNATES_DEPTH ||
        !aj_fs_read(path, ALTERNATES_LIMIT, &text, &len, NULL))
        return code;
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (char **line = lines; code == 0 && *line; line++) {
        g_autofree char *full =
            g_path_is_absolute(*line) ? g_strdup(*line) : g_build_filename(objects, *line, NULL);
        if (**line && **line != '#' && g_file_test(full, G_FILE_TEST_IS_DIR))
            code = folder_add(odb, full, depth + 1);
    }
    return code;
}

int aj_loose_odb(struct git_odb **out, const char *objects)
{
    git_odb *odb = NULL;
    int code = git_odb_new(&odb);
    if (code == 0)
        code = folder_add(odb, objects, 0);
    if (code < 0)
        git_odb_free(odb);
    else
        *out = odb;
    return code;
}
