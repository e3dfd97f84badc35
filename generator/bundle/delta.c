/* delta - which files of a delta travel as patches of the old site's, and those patches.
 *
 * See delta.h. Must not know: archives, how either site was made. */
#include "bundle/delta.h"

#include "base/fs.h"
#include "base/lang.h"

#include <string.h>

/* Memory takes a few times this; a patch of more is several. Those of a fold are smaller: to take
 * one apart is work, which those who apply them share out. */
enum { GROUP = 32 << 20, FOLDED = 2 << 20, ENTRY = 120 /* what an entry costs beside its bytes */ };

/* One site's files with those bytes that are asked for. */
typedef struct {
    const AjManifest *manifest;
    char **bytes; /* by number; NULL: not asked for */
} Side;
typedef struct {
    const AjDeltaJob *job;
    Side old, new; /* the new one: the whole site */
    bool *want;    /* of the old, while it is read */
    bool *carried;
    GPtrArray *patches;
} Delta;

static void side_init(Side *s, const AjManifest *m)
{
    s->manifest = m;
    s->bytes = g_new0(char *, m->count + 1);
}

static void side_clear(Side *s)
{
    for (uint32_t i = 0; s->bytes && i < s->manifest->count; i++)
        g_free(s->bytes[i]);
    g_free(s->bytes);
}

static bool changed_meanwhile(const char *path, GError **error)
{
    g_set_error(error, AJ_BUNDLE_ERROR, AJ_BUNDLE_ERROR_READ,
                AJ_TR("打包时 %s 变了，请重来", "%s changed meanwhile: try again"), path);
    return false;
}

static bool read_one(const char *path, const AjManifestFile *file, char **bytes, GError **error)
{
    size_t len;
    if (!aj_fs_read(path, SIZE_MAX, bytes, &len, error))
        return false;
    return len == file->size || changed_meanwhile(path, error);
}

/* --- the old site --- */

static bool take_old(const AjManifestFile *file, uint64_t at, const void *bytes, size_t len,
                     void *data, GError **error)
{
    (void)error;
    Delta *d = data;
    size_t i = (size_t)(file - d->old.manifest->files);
    if (!d->want[i])
        return true;
    if (at == 0)
        d->old.bytes[i] = g_malloc(file->size + 1);
    memcpy(d->old.bytes[i] + at, bytes, len);
    return true;
}

static bool read_old(Delta *d, GError **error)
{
    const AjDeltaOld *old = d->job->old;
    if (old->bundle)
        return aj_unpack_files(old->bundle, NULL, take_old, d, error);
    for (uint32_t i = 0; i < old->manifest.count; i++) {
        const AjManifestFile *file = &old->manifest.files[i];
        g_autofree char *path = g_build_filename(old->folder, file->path, NULL);
        if (d->want[i] && !read_one(path, file, &d->old.bytes[i], error))
            return false;
    }
    return true;
}

static bool read_new(Delta *d, uint32_t i, GError **error)
{
    return d->new.bytes[i] ||
           read_one(d->job->files[i].path, &d->new.manifest->files[i], &d->new.bytes[i], error);
}

/* --- one patch --- */

/* Numbers of files, and the files. */
typedef struct {
    GArray *files, *numbers;
} Picks;

static void picks_init(Picks *p)
{
    p->files = g_array_new(FALSE, FALSE, sizeof(AjPatchFile));
    p->numbers = g_array_new(FALSE, FALSE, sizeof(uint32_t));
}

static void picks_clear(Picks *p)
{
    g_array_free(p->files, TRUE);
    g_array_free(p->numbers, TRUE);
}

static void pick(Picks *p, const Side *side, uint32_t i, size_t below, uint32_t number)
{
    const AjManifestFile *file = &side->manifest->files[i];
    AjPatchFile one = {file->path + below, side->bytes[i], file->size};
    g_array_append_val(p->files, one);
    g_array_append_val(p->numbers, number);
}

/* Makes it, and takes it when it is smaller than its files would be. */
static void try_patch(Delta *d, const AjPatchFold *fold, const Picks *needs, const Picks *makes,
                      const uint32_t *sources, const GString *moves, const AjPatchFile *key)
{
    const AjPatchJob job = {.fold = fold,
                            .key = key,
                            .needs = (const AjPatchFile *)(void *)needs->files->data,
                            .makes = (const AjPatchFile *)(void *)makes->files->data,
                            .need_numbers = (const uint32_t *)(void *)needs->numbers->data,
                            .make_numbers = (const uint32_t *)(void *)makes->numbers->data,
                            .need_count = needs->files->len,
                            .make_count = makes->files->len,
                            .moves = moves};
    GString *patch = g_string_new(NULL);
    uint64_t whole = 0;
    for (uint32_t i = 0; i < job.make_count; i++)
        whole += aj_members_at(d->job->members, sources[i])->data_len + ENTRY;
    if (!job.make_count || !aj_patch_make(&job, patch) || patch->len + ENTRY >= whole) {
        g_string_free(patch, TRUE);
        return;
    }
    for (uint32_t i = 0; i < job.make_count; i++)
        d->carried[sources[i]] = false;
    g_ptr_array_add(d->patches, patch);
}

static uint32_t index_of(const AjManifest *m, const AjManifestFile *file)
{
    return (uint32_t)(file - m->files);
}

static bool is_same(const AjManifestFile *x, const AjManifestFile *y)
{
    return x && y && x->size == y->size && aj_hash_equal(&x->hash, &y->hash);
}

/* --- the folder that is unfolded first --- */

/* Does a fold bring anything, and does it fit? */
static bool fold_fits(const Delta *d, const AjPatchFold *fold)
{
    const Side *sides[] = {&d->old, &d->new};
    g_autofree char *key = g_strconcat(fold->folder, fold->key, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(sides); i++) {
        const AjManifest *m = sides[i]->manifest;
        uint64_t bytes = 0;
        for (uint32_t f = 0; f < m->count; f++)
            if (g_str_has_prefix(m->files[f].path, fold->folder))
                bytes += m->files[f].size;
        if (bytes > AJ_PATCH_BYTES_MAX / 2 || !aj_manifest_find(m, key))
            return false;
    }
    return aj_manifest_find(d->job->delta, key) != NULL;
}

/* Which documents of the old site are which of the new one. */
static bool find_moves(Delta *d, const AjPatchFold *fold, GString *moves, GError **error)
{
    const AjManifest *old = d->old.manifest, *new = d->new.manifest;
    size_t below = strlen(fold->folder);
    Picks from, to;
    bool good = true;
    picks_init(&from);
    picks_init(&to);
    for (uint32_t i = 0; i < old->count; i++)
        if (g_str_has_prefix(old->files[i].path, fold->folder))
            pick(&from, &d->old, i, below, i);
    for (uint32_t i = 0; good && i < new->count; i++) {
        if (!g_str_has_prefix(new->files[i].path, fold->folder))
            continue;
        good = read_new(d, i, error);
        pick(&to, &d->new, i, below, i);
    }
    if (good)
        fold->moves((const AjPatchFile *)(void *)from.files->data, from.files->len,
                    (const AjPatchFile *)(void *)to.files->data, to.files->len, moves);
    picks_clear(&from);
    picks_clear(&to);
    return good;
}

/* NULL: from the first, to the last. */
static bool is_between(const char *path, const char *after, const char *until)
{
    return (!after || strcmp(path, after) > 0) && (!until || strcmp(path, until) <= 0);
}

/* The changed files with such paths. Both keys are at hand, whoever makes the new one. */
static void patch_between(Delta *d, const AjPatchFold *fold, const GString *moves,
                          const char *after, const char *until)
{
    const AjManifest *old = d->old.manifest, *new = d->new.manifest, *delta = d->job->delta;
    size_t below = strlen(fold->folder);
    g_autofree char *key_path = g_strconcat(fold->folder, fold->key, NULL);
    uint32_t new_key = aj_manifest_first(new, key_path);
    const AjPatchFile key = {fold->key, d->new.bytes[new_key], new->files[new_key].size};
    bool makes_key = false;
    g_autoptr(GArray) sources = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    Picks needs, makes;
    picks_init(&needs);
    picks_init(&makes);
    for (uint32_t i = 0; i < old->count; i++) {
        const char *path = old->files[i].path;
        if (g_str_has_prefix(path, fold->folder) &&
            (is_between(path, after, until) || strcmp(path, key_path) == 0) &&
            !is_same(&old->files[i], aj_manifest_find(new, path)))
            pick(&needs, &d->old, i, below, i);
    }
    for (uint32_t i = 0; i < new->count; i++) {
        const char *path = new->files[i].path;
        if (!d->carried[i] || !g_str_has_prefix(path, fold->folder) ||
            !is_between(path, after, until))
            continue;
        makes_key = makes_key || i == new_key;
        pick(&makes, &d->new, i, below, index_of(delta, aj_manifest_find(delta, path)));
        g_array_append_val(sources, i);
    }
    try_patch(d, fold, &needs, &makes, (const uint32_t *)(void *)sources->data, moves,
              makes_key ? NULL : &key);
    picks_clear(&needs);
    picks_clear(&makes);
}

static bool patch_folded(Delta *d, const AjPatchFold *fold, GError **error)
{
    const AjManifest *new = d->new.manifest;
    g_autoptr(GString) moves = g_string_new(NULL);
    if (!find_moves(d, fold, moves, error))
        return false;
    const char *after = NULL;
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < new->count; i++) {
        const AjManifestFile *file = &new->files[i];
        if (!d->carried[i] || !g_str_has_prefix(file->path, fold->folder))
            continue;
        bytes += file->size;
        if (bytes < FOLDED)
            continue;
        patch_between(d, fold, moves, after, file->path);
        after = file->path;
        bytes = 0;
    }
    patch_between(d, fold, moves, after, NULL);
    return true;
}

/* --- the others --- */

static bool shrinks(const AjMember *m)
{
    return m->deflated && m->size <= GROUP && m->data_len < m->size - m->size / 10;
}

/* The carried files from `*from` on, as many as go into one patch. */
static bool patch_group(Delta *d, uint32_t *from, GError **error)
{
    const AjManifest *new = d->new.manifest, *delta = d->job->delta;
    g_autoptr(GArray) sources = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    Picks needs, makes;
    uint64_t bytes = 0;
    bool good = true;
    picks_init(&needs);
    picks_init(&makes);
    for (; good && *from < new->count &&bytes < GROUP; ++*from) {
        const AjManifestFile *file = &new->files[*from];
        if (!d->carried[*from] || !shrinks(aj_members_at(d->job->members, *from)))
            continue;
        good = read_new(d, *from, error);
        pick(&makes, &d->new, *from, 0, index_of(delta, aj_manifest_find(delta, file->path)));
        g_array_append_val(sources, *from);
        const AjManifestFile *was = aj_manifest_find(d->old.manifest, file->path);
        if (was)
            pick(&needs, &d->old, index_of(d->old.manifest, was), 0,
                 index_of(d->old.manifest, was));
        bytes += file->size + (was ? was->size : 0);
    }
    if (good)
        try_patch(d, NULL, &needs, &makes, (const uint32_t *)(void *)sources->data, NULL, NULL);
    picks_clear(&needs);
    picks_clear(&makes);
    return good;
}

static void free_string(void *s)
{
    g_string_free(s, TRUE);
}

GPtrArray *aj_delta_patches(const AjDeltaJob *job, bool *carried, GError **error)
{
    Delta d = {.job = job, .carried = carried};
    const AjPatchFold *fold = job->old->fold;
    d.patches = g_ptr_array_new_with_free_func(free_string);
    side_init(&d.old, &job->old->manifest);
    side_init(&d.new, job->whole);
    d.want = g_new0(bool, d.old.manifest->count + 1);
    if (fold && !fold_fits(&d, fold))
        fold = NULL;
    for (uint32_t i = 0; i < d.old.manifest->count; i++) {
        const AjManifestFile *file = &d.old.manifest->files[i];
        d.want[i] = aj_manifest_find(job->delta, file->path) ||
                    (fold && g_str_has_prefix(file->path, fold->folder));
    }
    bool good = read_old(&d, error) && (!fold || patch_folded(&d, fold, error));
    for (uint32_t i = 0; good && i < d.new.manifest->count;)
        good = patch_group(&d, &i, error);
    side_clear(&d.old);
    side_clear(&d.new);
    g_free(d.want);
    if (good)
        return d.patches;
    g_ptr_array_free(d.patches, TRUE);
    return NULL;
}
