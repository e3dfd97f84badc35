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
#include <sys/stat.h>
#include <unistd.h>

enum { KEY_MAX = 4096, PIECE = 256 << 10, WAITING_MAX = 64 << 20 };
#define MANIFEST "manifest.json"
#define SITE "site/"

typedef struct {
    char *bytes;
    AjPatch patch; /* into them */
} Waiting;
struct AjUnpack {
    int fd;
    AjArena *arena;
    AjReader *reader;
    AjManifest manifest;
    char *comment;
    GPtrArray *waiting; /* Waiting */
    uint64_t waiting_bytes;
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
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0 && fstat(fd, &st) == 0 && S_ISDIR(st.st_mode)) {
        close(fd);
        fd = -1;
        errno = EISDIR;
    }
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
    GError *why = NULL;
    bool read = aj_fs_read(key_file, KEY_MAX, &key_text, &key_len, &why);
    bool large = g_error_matches(why, AJ_FS_ERROR, AJ_FS_ERROR_TOO_BIG); /* no key is */
    if (!read && !large) {
        g_propagate_prefixed_error(error, why, "%s", AJ_TR("没有公钥：", "no public key: "));
        return false;
    }
    g_clear_error(&why);
    if (!aj_minisign_read_public(large ? "" : key_text, large ? 0 : key_len, &key, error)) {
        g_prefix_error(error, "%s: ", key_file);
        return false;
    }
    if (!aj_fs_read(sig_file, KEY_MAX, &sig_text, &sig_len, error)) {
        g_prefix_error(error, "%s",
                       AJ_TR("没有签名：包和它的 .minisig 要放在一起；没有的，请发包人用 "
                             "bundle --key 重做。",
                             "no signature: a bundle and its .minisig belong together; if there is "
                             "none, ask its maker for one made with bundle --key. "));
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
    if (strcmp(name, "mimetype") == 0 || strcmp(name, "imsmanifest.xml") == 0) {
        g_set_error_literal(
            error, AJ_BUNDLE_ERROR, AJ_BUNDLE_ERROR_OTHER,
            AJ_TR(
                "这是 EPUB 或 SCORM 包，给阅读软件或学习平台用；要装的包，用 --format zip 或 "
                "tar.zst 做",
                "this is an EPUB or a SCORM package, for a reader or a learning platform; what is "
                "applied is made with --format zip or tar.zst"));
        return false;
    }
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

static void waiting_free(void *data)
{
    Waiting *w = data;
    aj_patch_clear(&w->patch);
    g_free(w->bytes);
    g_free(w);
}

static AjUnpack *open_bundle(const char *file, const char *key_file, GError **error)
{
    AjUnpack *u = g_new0(AjUnpack, 1);
    GError *why = NULL;
    u->arena = aj_arena_new(1 << 16);
    u->waiting = g_ptr_array_new_with_free_func(waiting_free);
    u->fd = open_file(file, &why);
    bool good = u->fd >= 0 && (!key_file || check_signature(u, file, key_file, &why)) &&
                (u->reader = aj_reader_open(u->fd, &why)) != NULL &&
                read_manifest(u->arena, u->reader, &u->manifest, &why) &&
                (!key_file || check_comment(u, &why));
    if (good)
        return u;
    g_propagate_error(error, why);
    aj_unpack_free(u);
    return NULL;
}

AjUnpack *aj_unpack_open(const char *file, const char *key_file, GError **error)
{
    return open_bundle(file, key_file, error);
}

AjUnpack *aj_unpack_peek(const char *file, GError **error)
{
    return open_bundle(file, NULL, error);
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

/* --- patches --- */

typedef struct {
    AjUnpack *u;
    const AjUnpackBase *base;
    AjUnpackSink sink;
    void *data;
    bool *made; /* by number of the manifest's file */
    unsigned patches;
    const AjPatch *patch;
    uint32_t at;  /* of what the patch makes */
    size_t below; /* how much of a path a fold's names leave out */
    GError **error;
} Unpacking;

/* What a patch says is a file's: judged as if it stood in the archive. */
static bool take_made(const char *name, const char *bytes, size_t len, void *data)
{
    Unpacking *k = data;
    const AjPatch *p = k->patch;
    const AjManifestFile *file =
        k->at < p->make_count ? &k->u->manifest.files[p->makes[k->at++]] : NULL;
    AjHash hash;
    if (!file || strcmp(file->path + k->below, name) != 0 || file->size != len)
        return refuse(
            k->error,
            AJ_TR("补丁做出的文件和清单不符", "the patch makes what the manifest has not"),
            file ? file->path : name);
    aj_hash(bytes, len, &hash);
    return (aj_hash_equal(&hash, &file->hash) ||
            refuse(k->error, AJ_TR("内容和清单不符", "its bytes are not the manifest's"),
                   file->path)) &&
           k->sink(file, 0, bytes, len, k->data, k->error);
}

/* Each file once, and never more than a patch may hold. */
static bool claim(Unpacking *k, const AjPatch *p, GError **error)
{
    uint64_t needs = 0, makes = 0;
    for (uint32_t i = 0; k->base && i < p->need_count; i++)
        needs += k->base->manifest->files[p->needs[i]].size;
    for (uint32_t i = 0; i < p->make_count; i++) {
        const AjManifestFile *file = &k->u->manifest.files[p->makes[i]];
        makes += file->size;
        if (k->made[p->makes[i]])
            return refuse(error, AJ_TR("两个补丁做同一个文件", "two patches make one file"),
                          file->path);
        k->made[p->makes[i]] = true;
    }
    return (needs <= AJ_PATCH_BYTES_MAX && makes <= AJ_PATCH_BYTES_MAX &&
            p->plain <= makes * 3 + (1 << 20)) ||
           refuse(error, AJ_TR("补丁太大", "the patch is too large"), "");
}

/* A fold's files lie in its folder. */
static bool is_below(const AjManifestFile *file, const char *folder, GError **error)
{
    return g_str_has_prefix(file->path, folder) ||
           refuse(error, AJ_TR("补丁坏了", "the patch is damaged"), file->path);
}

static bool apply_patch(Unpacking *k, const AjPatch *p, GError **error)
{
    const char *folder = p->folded && k->base->fold ? k->base->fold->folder : "";
    g_autofree AjPatchFile *needs = g_new0(AjPatchFile, p->need_count + 1);
    g_autofree AjPatchFile *makes = g_new0(AjPatchFile, p->make_count + 1);
    GError *why = NULL;
    bool good = true;
    k->patch = p;
    k->at = 0;
    k->below = strlen(folder);
    k->error = &why;
    for (uint32_t i = 0; good && i < p->make_count; i++) {
        const AjManifestFile *file = &k->u->manifest.files[p->makes[i]];
        good = is_below(file, folder, &why);
        makes[i] = (AjPatchFile){good ? file->path + k->below : NULL, NULL, file->size};
    }
    for (uint32_t i = 0; good && i < p->need_count; i++) {
        const AjManifestFile *file = &k->base->manifest->files[p->needs[i]];
        char *bytes = is_below(file, folder, &why) ? k->base->read(file, k->data, &why) : NULL;
        good = bytes != NULL;
        needs[i] = (AjPatchFile){good ? file->path + k->below : NULL, bytes, file->size};
    }
    good = good && aj_patch_apply(p, k->base->fold, needs, makes, take_made, k, &why) &&
           k->at == p->make_count;
    if (!good && !why)
        refuse(&why, AJ_TR("补丁坏了", "the patch is damaged"), "");
    for (uint32_t i = 0; i < p->need_count; i++)
        g_free((void *)needs[i].bytes);
    if (why)
        g_propagate_error(error, why);
    return good;
}

static bool take_patch(Unpacking *k, uint64_t size, GError **error)
{
    AjUnpack *u = k->u;
    if (k->base && strcmp(k->base->manifest->id, u->manifest.base) != 0)
        return refuse(error,
                      AJ_TR("增量包要装在另一版上；请用完整的包",
                            "the delta is for another version: use the whole bundle"),
                      "");
    if (size > AJ_PATCH_BYTES_MAX)
        return refuse(error, AJ_TR("补丁太大", "the patch is too large"), "");
    g_autofree char *bytes = g_malloc(size + 1);
    gssize got = 1;
    size_t at = 0;
    while (got > 0 && at <= size) {
        got = aj_reader_read(u->reader, bytes + at, size + 1 - at, error);
        at += got > 0 ? (size_t)got : 0;
    }
    if (got < 0)
        return false;
    if (at != size)
        return refuse(error, AJ_TR("补丁没有拷完", "the patch is cut short"), "");
    AjPatch patch;
    uint32_t needs = k->base ? k->base->manifest->count : AJ_MANIFEST_FILES_MAX;
    if (!aj_patch_open(bytes, size, needs, u->manifest.count, &patch, error))
        return false;
    k->patches++;
    bool good = claim(k, &patch, error);
    if (good && k->base && k->base->later && u->waiting_bytes + size <= WAITING_MAX) {
        Waiting *w = g_new(Waiting, 1);
        *w = (Waiting){g_steal_pointer(&bytes), patch};
        g_ptr_array_add(u->waiting, w);
        u->waiting_bytes += size;
        return true;
    }
    good = good && (!k->base || apply_patch(k, &patch, error));
    aj_patch_clear(&patch);
    return good;
}

uint32_t aj_unpack_waiting(const AjUnpack *u)
{
    return u->waiting->len;
}

bool aj_unpack_make(AjUnpack *u, uint32_t i, const AjUnpackBase *base, AjUnpackSink sink,
                    void *data, GError **error)
{
    const Waiting *w = g_ptr_array_index(u->waiting, i);
    Unpacking k = {.u = u, .base = base, .sink = sink, .data = data};
    return apply_patch(&k, &w->patch, error);
}

/* --- the whole --- */

static bool take_file(Unpacking *k, uint32_t *next, const char *name, uint64_t size, char *piece,
                      GError **error)
{
    const AjManifest *m = &k->u->manifest;
    while (*next < m->count && k->made[*next])
        ++*next;
    const AjManifestFile *file = *next < m->count ? &m->files[*next] : NULL;
    if (!file || !g_str_has_prefix(name, SITE) || strcmp(name + strlen(SITE), file->path) != 0 ||
        size != file->size)
        return refuse(
            error, AJ_TR("包里的文件和清单不符", "not the file that the manifest has here"), name);
    k->made[(*next)++] = true;
    return file_out(k->u, file, piece, k->sink, k->data, error);
}

bool aj_unpack_files(AjUnpack *u, const AjUnpackBase *base, AjUnpackSink sink, void *data,
                     GError **error)
{
    g_autofree char *piece = g_malloc(PIECE);
    g_autofree bool *made = g_new0(bool, u->manifest.count + 1);
    Unpacking k = {.u = u, .base = base, .sink = sink, .data = data, .made = made};
    GError *why = NULL;
    const char *name;
    uint64_t size;
    uint32_t next = 0;
    bool good = true, patches = *u->manifest.base; /* may one still come? */
    g_autofree char *around = g_strdup("");        /* the last one met: sorted, each once */
    while (good && aj_reader_next(u->reader, &name, &size, &why)) {
        g_autofree char *patch = g_strdup_printf(AJ_PATCH_NAME, k.patches);
        if (aj_around_has(name) && strcmp(around, name) < 0) {
            g_free(around);
            around = g_strdup(name);
        } else if (patches && strcmp(name, patch) == 0) {
            good = take_patch(&k, size, &why);
        } else {
            patches = false;
            good = take_file(&k, &next, name, size, piece, &why);
        }
    }
    good = good && !why;
    while (good && next < u->manifest.count && made[next])
        next++;
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
    g_ptr_array_free(u->waiting, TRUE);
    aj_reader_free(u->reader);
    aj_arena_free(u->arena);
    if (u->fd >= 0)
        close(u->fd);
    g_free(u->comment);
    g_free(u);
}
