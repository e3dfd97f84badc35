/* unpack - a bundle that is believed only after its signature, taken apart by its manifest.
 *
 * See unpack.h. Must not know: where files go. */
#include "bundle/unpack.h"

#include "base/fs.h"
#include "base/lang.h"
#include "bundle/around.h"
#include "bundle/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { KEY_MAX = 4096, PIECE = 256 << 10 };
#define MANIFEST "manifest.json"
#define SITE "site/"

struct AjUnpack {
    int fd;
    AjArena *arena;
    AjReader *reader;
    AjManifest manifest;
    char *comment;
};

static bool refuse(GError **error, const char *why, const char *what)
{
    g_autofree char *shown = g_strescape(what, NULL);
    g_set_error(error, AJ_BUNDLE_ERROR, AJ_BUNDLE_ERROR_FORM, "%s%s%s", why, *shown ? ": " : "",
                shown);
    return false;
}

static int open_file(const char *path, GError **error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        g_set_error(error, AJ_BUNDLE_ERROR, AJ_BUNDLE_ERROR_READ,
                    AJ_TR("打不开 %s：%s", "cannot open %s: %s"), path, aj_fs_reason(errno));
    return fd;
}

static bool check_signature(AjUnpack *u, const char *file, const char *key_file, GError **error)
{
    g_autofree char *key_text = NULL, *sig_text = NULL;
    g_autofree char *sig_file = g_strconcat(file, ".minisig", NULL);
    size_t key_len, sig_len;
    AjPublicKey key;
    AjDigest digest;
    if (!aj_fs_read(key_file, KEY_MAX, &key_text, &key_len, error))
        return false;
    if (!aj_minisign_read_public(key_text, key_len, &key, error)) {
        g_prefix_error(error, "%s: ", key_file);
        return false;
    }
    if (!aj_fs_read(sig_file, KEY_MAX, &sig_text, &sig_len, error)) {
        g_prefix_error(error, "%s", AJ_TR("没有签名：", "no signature: "));
        return false;
    }
    if (!aj_minisign_digest(u->fd, &digest, error))
        return false;
    u->comment = aj_minisign_verify(&key, &digest, sig_text, sig_len, error);
    if (!u->comment)
        g_prefix_error(error, "%s: ", sig_file);
    return u->comment != NULL;
}

/* A comment that names sequence and id has to name the manifest's. */
static bool check_comment(const AjUnpack *u, GError **error)
{
    if (!g_str_has_prefix(u->comment, "anjian "))
        return true;
    g_autofree char *ours = g_strdup_printf("anjian seq:%" G_GINT64_FORMAT " bundle:%s",
                                            u->manifest.seq, u->manifest.id);
    return strcmp(ours, u->comment) == 0 ||
           refuse(error, AJ_TR("签名是另一个包的", "the signature is of another bundle"),
                  u->comment);
}

static bool read_manifest(AjArena *a, AjReader *reader, AjManifest *out, GError **error)
{
    const char *name;
    uint64_t size;
    if (!aj_reader_next(reader, &name, &size, error))
        return error && *error ? false
                               : refuse(error, AJ_TR("包是空的", "the bundle is empty"), "");
    if (strcmp(name, MANIFEST) != 0)
        return refuse(error, AJ_TR("包的第一项不是清单", "the first entry is no manifest"), name);
    if (size > AJ_MANIFEST_BYTES_MAX)
        return refuse(error, AJ_TR("清单太大", "the manifest is too large"), "");
    char *json = aj_arena_alloc(a, size + 1);
    for (size_t at = 0; at <= size;) {
        gssize got = aj_reader_read(reader, json + at, size + 1 - at, error);
        if (got < 0)
            return false;
        if (got == 0 && at < size)
            return refuse(error, AJ_TR("清单没有拷完", "the manifest is cut short"), "");
        if (got == 0)
            break;
        at += (size_t)got;
        if (at > size)
            return refuse(error, AJ_TR("清单的大小不对", "the manifest's size is wrong"), "");
    }
    return aj_manifest_parse(a, json, size, out, error);
}

AjUnpack *aj_unpack_open(const char *file, const char *key_file, GError **error)
{
    AjUnpack *u = g_new0(AjUnpack, 1);
    GError *why = NULL;
    u->arena = aj_arena_new(1 << 16);
    u->fd = open_file(file, &why);
    bool good = u->fd >= 0 && check_signature(u, file, key_file, &why) &&
                (u->reader = aj_reader_open(u->fd, &why)) != NULL &&
                read_manifest(u->arena, u->reader, &u->manifest, &why) && check_comment(u, &why);
    if (good)
        return u;
    g_propagate_error(error, why);
    aj_unpack_free(u);
    return NULL;
}

const AjManifest *aj_unpack_manifest(const AjUnpack *u)
{
    return &u->manifest;
}

const char *aj_unpack_comment(const AjUnpack *u)
{
    return u->comment;
}

static bool file_out(AjUnpack *u, const AjManifestFile *file, char *piece, AjUnpackSink sink,
                     void *data, GError **error)
{
    AjHashState *state = aj_hash_begin();
    AjHash hash;
    uint64_t at = 0;
    bool good = true;
    do {
        gssize got = aj_reader_read(u->reader, piece, PIECE, error);
        good = got >= 0;
        if (good && ((got == 0 && at < file->size) || (uint64_t)got > file->size - at))
            good = refuse(error, AJ_TR("大小和清单不符", "its size is not the manifest's"),
                          file->path);
        if (!good)
            break;
        aj_hash_add(state, piece, (size_t)got);
        good = sink(file, at, piece, (size_t)got, data, error);
        at += (uint64_t)got;
    } while (good && at < file->size);
    aj_hash_end(state, &hash);
    char more;
    if (good && aj_reader_read(u->reader, &more, 1, error) != 0)
        good = error && *error
                   ? false
                   : refuse(error, AJ_TR("大小和清单不符", "its size is not the manifest's"),
                            file->path);
    return good &&
           (aj_hash_equal(&hash, &file->hash) ||
            refuse(error, AJ_TR("内容和清单不符", "its bytes are not the manifest's"), file->path));
}

bool aj_unpack_files(AjUnpack *u, AjUnpackSink sink, void *data, GError **error)
{
    g_autofree char *piece = g_malloc(PIECE);
    GError *why = NULL;
    const char *name;
    uint64_t size;
    uint32_t next = 0;
    bool good = true;
    g_autofree char *around = g_strdup(""); /* the last one met: sorted, each once */
    while (good && aj_reader_next(u->reader, &name, &size, &why)) {
        if (aj_around_has(name) && strcmp(around, name) < 0) {
            g_free(around);
            around = g_strdup(name);
            continue;
        }
        const AjManifestFile *file = next < u->manifest.count ? &u->manifest.files[next] : NULL;
        if (!file || !g_str_has_prefix(name, SITE) ||
            strcmp(name + strlen(SITE), file->path) != 0 || size != file->size) {
            good = refuse(&why,
                          AJ_TR("包里的文件和清单不符", "not the file that the manifest has here"),
                          name);
            break;
        }
        good = file_out(u, file, piece, sink, data, &why);
        next++;
    }
    good = good && !why;
    if (good && next < u->manifest.count)
        good = refuse(&why, AJ_TR("包里少了文件", "a file of the manifest is missing"),
                      u->manifest.files[next].path);
    if (why)
        g_propagate_error(error, why);
    return good;
}

void aj_unpack_free(AjUnpack *u)
{
    if (!u)
        return;
    aj_reader_free(u->reader);
    aj_arena_free(u->arena);
    if (u->fd >= 0)
        close(u->fd);
    g_free(u->comment);
    g_free(u);
}

bool aj_unpack_peek(AjArena *a, const char *file, AjManifest *out, GError **error)
{
    GError *why = NULL;
    int fd = open_file(file, &why);
    g_autoptr(AjReader) reader = fd < 0 ? NULL : aj_reader_open(fd, &why);
    bool good = reader && read_manifest(a, reader, out, &why);
    if (fd >= 0)
        close(fd);
    if (why)
        g_propagate_error(error, why);
    return good;
}
