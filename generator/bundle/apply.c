/* apply - a signed bundle onto a folder that holds the site, whole or not at all.
 *
 * See apply.h. Must not know: archives. */
#include "bundle/apply.h"

#include "base/fs.h"
#include "base/lang.h"
#include "bundle/keeping.h"
#include "bundle/switching.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

typedef struct {
    AjUnpack *bundle;
    const AjManifest *manifest;
    AjApplyReport *report;
    AjArena *arena;
    AjPlace place;
    AjStaging *staging;
    const AjPatchFold *fold;
    bool has_state;
    AjManifest state, whole; /* the site as it is, and as it will be */
    GPtrArray *stays;        /* what the bundle does not bring, or has the same in the old site */
    bool *is_kept;           /* by number of the bundle's file: it stays */
    uint32_t *first;         /* likewise: the first file with its bytes */
} Apply;

GQuark aj_apply_error_quark(void)
{
    return g_quark_from_static_string("aj-apply-error");
}

static bool fail(GError **error, const char *doing, const char *path)
{
    g_set_error(error, AJ_APPLY_ERROR, AJ_APPLY_ERROR_WORLD, "%s %s: %s", doing, path,
                aj_fs_reason(errno));
    return false;
}

static bool refuse(GError **error, AjApplyError code, const char *message)
{
    g_set_error_literal(error, AJ_APPLY_ERROR, code, message);
    return false;
}

/* The old site's entry, when the file is the same in both. */
static const AjManifestFile *same_in_old(const Apply *p, const AjManifestFile *file)
{
    const AjManifestFile *old = p->has_state ? aj_manifest_find(&p->state, file->path) : NULL;
    bool same = old && old->size == file->size && aj_hash_equal(&old->hash, &file->hash);
    return same ? old : NULL;
}

/* A stick wears out by writing: what is there already, in this site or the next, is linked in.
 * Whatever is, the reader holds all bytes of the bundle against its manifest. */
static bool stage_piece(const AjManifestFile *file, uint64_t at, const void *bytes, size_t len,
                        void *data, GError **error)
{
    const Apply *p = data;
    uint32_t i = (uint32_t)(file - p->manifest->files);
    return p->is_kept[i] || p->first[i] != i ||
           aj_staging_piece(p->staging, file, at, bytes, len, error);
}

static void find_twins(Apply *p)
{
    const AjManifest *m = p->manifest;
    g_autoptr(GHashTable) seen = g_hash_table_new(aj_hash_key, aj_hash_is_same);
    for (uint32_t i = 0; i < m->count; i++) {
        const AjManifestFile *first = g_hash_table_lookup(seen, &m->files[i].hash);
        p->first[i] = first ? (uint32_t)(first - m->files) : i;
        if (!first)
            g_hash_table_insert(seen, (void *)&m->files[i].hash, (void *)&m->files[i]);
    }
}

static bool stage_twins(Apply *p, GError **error)
{
    const AjManifestFile *files = p->manifest->files;
    for (uint32_t i = 0; i < p->manifest->count; i++) {
        p->report->written += !p->is_kept[i];
        if (!p->is_kept[i] && p->first[i] != i &&
            !aj_staging_twin(p->staging, files[i].path, files[p->first[i]].path, error))
            return false;
    }
    return true;
}

static bool was_changed(const AjManifestFile *file, GError **error)
{
    g_set_error(error, AJ_APPLY_ERROR, AJ_APPLY_ERROR_BASE,
                AJ_TR("%s 被改过或不见了，增量包装不上；请用完整的包",
                      "%s was changed or is gone, so a delta cannot be applied: use the whole "
                      "bundle"),
                file->path);
    return false;
}

/* What a patch is upon. */
static char *read_old(const AjManifestFile *file, void *data, GError **error)
{
    Apply *p = data;
    char *bytes = aj_staging_read(p->staging, file);
    if (!bytes)
        was_changed(file, error);
    return bytes;
}

/* --- state --- */

static bool state_read(Apply *p, GError **error)
{
    const char *target = p->place.target;
    if (!aj_place_has(target, AJ_PLACE_STATE) && !aj_place_has(target, AJ_PLACE_SUM) &&
        !aj_place_has(target, AJ_PLACE_OURS "/previous"))
        return true; /* nothing was ever applied here to the end */
    g_autofree char *path = g_build_filename(target, AJ_PLACE_STATE, NULL);
    g_autofree char *sum_path = g_build_filename(target, AJ_PLACE_SUM, NULL), *sum = NULL;
    char *json = NULL, hex[65];
    size_t len, sum_len;
    AjHash hash;
    bool good = aj_fs_read(path, AJ_MANIFEST_BYTES_MAX, &json, &len, NULL) &&
                aj_fs_read(sum_path, 100, &sum, &sum_len, NULL);
    if (good) {
        aj_hash(json, len, &hash);
        aj_hash_hex(&hash, 64, hex);
        good = strcmp(sum, hex) == 0 && aj_manifest_parse(p->arena, json, len, &p->state, NULL);
    }
    g_free(json);
    if (!good)
        return refuse(error, AJ_APPLY_ERROR_STATE,
                      AJ_TR("目标里 .anjian 的状态丢了或被改过，无法确认版本先后；"
                            "确认来源可靠后，删掉 .anjian 文件夹再装完整的包",
                            "the state in the target's .anjian is lost or edited, so older and "
                            "newer cannot be told; if you trust the bundle, remove the folder "
                            ".anjian and apply a whole bundle"));
    p->has_state = true;
    p->report->old_seq = p->state.seq;
    return true;
}

static bool state_write(const char *tree, const AjManifest *whole, GError **error)
{
    g_autofree char *folder = g_build_filename(tree, AJ_PLACE_OURS, NULL);
    g_autofree char *path = g_build_filename(tree, AJ_PLACE_STATE, NULL);
    g_autofree char *sum = g_build_filename(tree, AJ_PLACE_SUM, NULL);
    g_autofree char *fresh = g_build_filename(tree, AJ_PLACE_FRESH, NULL);
    g_autoptr(GString) json = g_string_new(NULL);
    AjHash hash;
    char hex[65];
    aj_manifest_print(whole, json);
    aj_hash(json->str, json->len, &hash);
    aj_hash_hex(&hash, 64, hex);
    return aj_fs_mkdirs(folder, error) && aj_fs_write(path, json->str, json->len, error) &&
           aj_fs_write(sum, hex, strlen(hex), error) && aj_fs_write(fresh, "", 0, error);
}

/* A sequence is the time of a commit. Caller frees. */
static char *date_of(int64_t seq)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(seq);
    return time ? g_date_time_format(time, "%Y-%m-%d %H:%M:%S UTC")
                : g_strdup_printf("%" G_GINT64_FORMAT, seq);
}

/* May this bundle follow what is there? */
static bool check_order(Apply *p, GError **error)
{
    const AjManifest *m = p->manifest;
    if (*m->base && !p->has_state)
        return refuse(error, AJ_APPLY_ERROR_BASE,
                      AJ_TR("这是增量包，目标里还没有装过完整的包；先装一个完整的",
                            "this is a delta, and no whole bundle was applied here yet: apply one "
                            "first"));
    if (!p->has_state)
        return true;
    bool same = strcmp(m->id, p->state.id) == 0;
    if (m->seq < p->state.seq || (m->seq == p->state.seq && !same)) {
        g_autofree char *its = date_of(m->seq), *there = date_of(p->state.seq);
        if (m->seq < p->state.seq)
            g_set_error(error, AJ_APPLY_ERROR, AJ_APPLY_ERROR_OLDER,
                        AJ_TR("这个包比目标里的旧（%s，目标里是 %s），不装；要用旧的内容，请发包人"
                              "重新提交、打包",
                              "this bundle is older than what is there (%s, there %s); for old "
                              "content again, its maker commits and packs it anew"),
                        its, there);
        else
            g_set_error(error, AJ_APPLY_ERROR, AJ_APPLY_ERROR_OLDER,
                        AJ_TR("这个包和目标里的序号相同（%s），内容却不同，不装",
                              "this bundle has the sequence of what is there (%s), but other "
                              "content"),
                        its);
        return false;
    }
    if (*m->base && !same && strcmp(m->base, p->state.id) != 0) {
        g_set_error(error, AJ_APPLY_ERROR, AJ_APPLY_ERROR_BASE,
                    AJ_TR("增量包要装在 %.8s 上，目标里是 %.8s；请用完整的包",
                          "the delta is for %.8s, the target has %.8s: use the whole bundle"),
                    m->base, p->state.id);
        return false;
    }
    return true;
}

/* --- what stays --- */

/* The site as it will be: a whole bundle's manifest, or base and delta merged. */
static bool merge(Apply *p, GError **error)
{
    const AjManifest *m = p->manifest, *old = &p->state;
    AjManifestFile *files = aj_arena_alloc(p->arena, (old->count + m->count + 1) * sizeof *files);
    uint32_t n = 0, o = 0, k = 0;
    while (o < old->count || k < m->count) {
        int order = o == old->count ? 1
                    : k == m->count ? -1
                                    : strcmp(old->files[o].path, m->files[k].path);
        if (order >= 0) {
            if (!*m->base && same_in_old(p, &m->files[k]))
                g_ptr_array_add(p->stays, (void *)&m->files[k]);
            files[n++] = m->files[k++];
            o += order == 0;
        } else if (!*m->base || aj_manifest_deletes(m, old->files[o].path)) {
            o++;
            p->report->deleted++;
        } else {
            g_ptr_array_add(p->stays, (void *)&old->files[o]);
            files[n++] = old->files[o++];
        }
    }
    p->whole = *m;
    p->whole.files = files;
    p->whole.count = n;
    p->whole.deleted = NULL;
    p->whole.deleted_count = 0;
    *p->whole.base = 0;
    char id[AJ_MANIFEST_ID + 1];
    aj_manifest_identify(files, n, id);
    return strcmp(id, m->id) == 0 ||
           refuse(error, AJ_APPLY_ERROR_BASE,
                  AJ_TR("装上增量以后和清单不符；请用完整的包",
                        "with the delta applied, the site is not the one of the manifest: use the "
                        "whole bundle"));
}

static AjUnpackBase base_of(const Apply *p)
{
    return (AjUnpackBase){&p->state, read_old, p->fold, true};
}

static bool make_patch(uint32_t i, void *data, GError **error)
{
    Apply *p = data;
    const AjUnpackBase base = base_of(p);
    return aj_unpack_make(p->bundle, i, &base, stage_piece, p, error);
}

static bool unpack(Apply *p, GError **error)
{
    const AjUnpackBase base = base_of(p);
    return aj_unpack_files(p->bundle, &base, stage_piece, p, error);
}

/* A delta needs all that stays; a whole bundle brings what was spoilt, once it is known what. */
static bool fill_stage(Apply *p, GError **error)
{
    bool delta = *p->manifest->base;
    g_autofree bool *kept = g_new0(bool, p->stays->len + 1);
    AjKeeping job = {.staging = p->staging,
                     .stays = (const AjManifestFile *const *)(void *)p->stays->pdata,
                     .stay_count = p->stays->len,
                     .kept = kept,
                     .make = make_patch,
                     .data = p};
    find_twins(p);
    if (!aj_staging_try_links(p->staging, job.stays, job.stay_count, error) ||
        (delta && !unpack(p, error)))
        return false;
    job.make_count = aj_unpack_waiting(p->bundle);
    if (!aj_keeping_run(&job, error))
        return false;
    for (uint32_t i = 0; i < job.stay_count; i++) {
        p->report->kept += kept[i];
        if (!delta)
            p->is_kept[job.stays[i] - p->manifest->files] = kept[i];
        else if (!kept[i])
            return was_changed(job.stays[i], error);
    }
    return (delta || unpack(p, error)) && stage_twins(p, error);
}

/* --- the whole --- */

/* Said before anything is tried: the first thing that fails would be named instead. */
static bool is_writable(const char *target, GError **error)
{
    if (access(target, W_OK) == 0)
        return true;
    if (errno != EROFS)
        return fail(error, AJ_TR("写入", "writing to"), target);
    g_set_error(error, AJ_APPLY_ERROR, AJ_APPLY_ERROR_WORLD,
                AJ_TR("%s 在只读的盘上，装不了：关掉 U 盘的写保护，或者重新挂载成可写的",
                      "%s is on a read-only disk: take off the stick's write protection, or mount "
                      "it writable"),
                target);
    return false;
}

static bool open_target(AjPlace *p, GError **error)
{
    struct stat st;
    if (lstat(p->target, &st) == 0 && !S_ISDIR(st.st_mode)) {
        g_set_error(error, AJ_APPLY_ERROR, AJ_APPLY_ERROR_NOT_OURS,
                    AJ_TR("目标不是文件夹：%s；写上放网站的文件夹，没有的会新建",
                          "the target is no folder: %s; name the folder for the site, it is made "
                          "when there is none"),
                    p->target);
        return false;
    }
    p->parent_fd = open(p->parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (p->parent_fd < 0)
        return fail(error, AJ_TR("打开", "opening"), p->parent);
    while (flock(p->parent_fd, LOCK_EX) != 0) /* two at once: one after the other */
        if (errno != EINTR)
            break; /* a file system without locks */
    if (lstat(p->target, &st) != 0) {
        p->is_made = mkdir(p->target, 0755) == 0;
        if (!p->is_made)
            return is_writable(p->parent, error) &&
                   fail(error, AJ_TR("新建文件夹", "making folder"), p->target);
    }
    if (!is_writable(p->target, error))
        return false;
    GDir *dir = g_dir_open(p->target, 0, NULL);
    bool empty = dir && !g_dir_read_name(dir);
    if (dir)
        g_dir_close(dir);
    if (empty || aj_place_has(p->target, AJ_PLACE_OURS) || aj_place_has(p->target, "index.html"))
        return true;
    return refuse(
        error, AJ_APPLY_ERROR_NOT_OURS,
        aj_place_has(p->target, "site/index.html")
            ? AJ_TR("目标是解开的离线包，网站在它的 site 文件夹里：目标后面加上 /site",
                    "the target is an unpacked bundle, its site lies in the folder site: add /site")
            : AJ_TR("目标不是空文件夹，里面也没有网站（index.html）；为免误删，请换一个",
                    "the target is not empty and holds no site (index.html); choose another "
                    "folder"));
}

/* The same edition again, and nothing of it was changed or lost meanwhile. */
static bool is_there(const Apply *p)
{
    bool same = p->has_state && p->manifest->seq == p->state.seq &&
                strcmp(p->manifest->id, p->state.id) == 0;
    for (uint32_t i = 0; same && i < p->state.count; i++)
        same = aj_staging_matches(p->staging, &p->state.files[i]);
    return same;
}

static bool has_room(const Apply *p, GError **error)
{
    struct statvfs st;
    if (statvfs(p->place.target, &st) != 0)
        return fail(error, AJ_TR("查看", "looking at"), p->place.target);
    uint64_t room = (uint64_t)st.f_bavail * st.f_frsize, need = 0;
    for (uint32_t i = 0; i < p->manifest->count; i++)
        if (!same_in_old(p, &p->manifest->files[i]))
            need += p->manifest->files[i].size;
    if (need <= room || st.f_blocks == 0) /* nothing at all: it does not say */
        return true;
    g_set_error(error, AJ_APPLY_ERROR, AJ_APPLY_ERROR_WORLD,
                AJ_TR("磁盘放不下：要 %.1f MB，只剩 %.1f MB",
                      "the disk has no room: %.1f MB needed, %.1f MB left"),
                (double)need / 1e6, (double)room / 1e6);
    return false;
}

static bool is_of_a_bundle(const char *path, bool is_folder, void *data)
{
    const Apply *p = data;
    return aj_place_skip(path, is_folder, NULL) ||
           (!is_folder && (aj_manifest_find(&p->state, path) || aj_manifest_find(&p->whole, path)));
}

/* What no bundle brought, somebody keeps there: it goes along. Links and devices stay behind. */
static bool carry_along(Apply *p, GError **error)
{
    if (!p->has_state)
        return true; /* all that lies there is the site of before */
    g_autoptr(AjFsList) list = aj_fs_walk(p->place.target, is_of_a_bundle, p, error);
    for (uint32_t i = 0; list && i < aj_fs_list_count(list); i++) {
        const AjFsEntry *e = aj_fs_list_at(list, i);
        if (S_ISREG(e->mode) && !aj_place_is_taken(&p->whole, e->path) &&
            !aj_staging_keep(p->staging, e->path, error))
            return false;
    }
    return list != NULL;
}

static bool stage_and_switch(Apply *p, bool in_place, GError **error)
{
    if (!merge(p, error) || !aj_staging_begin(p->staging, p->place.stage, error) ||
        !fill_stage(p, error) || !carry_along(p, error) ||
        !state_write(p->place.stage, &p->whole, error) || !aj_switch_sync(p->place.stage, error))
        return false;
    p->report->in_place = in_place || aj_staging_lacks_links(p->staging);
    return aj_switch(&p->place, &p->whole, p->has_state ? &p->state : NULL, &p->report->in_place,
                     error);
}

/* What holds something stays, whatever went wrong. */
static void leave_as_it_was(const AjPlace *p)
{
    g_autofree char *ours = g_build_filename(p->target, AJ_PLACE_OURS, NULL);
    aj_place_clean(p, NULL);
    rmdir(ours);
    if (p->is_made)
        rmdir(p->target);
}

bool aj_apply(AjUnpack *bundle, const char *target, const AjPatchFold *fold, bool in_place,
              AjApplyReport *report, GError **error)
{
    *report = (AjApplyReport){.old_seq = -1};
    Apply p = {.bundle = bundle,
               .manifest = aj_unpack_manifest(bundle),
               .report = report,
               .fold = fold,
               .arena = aj_arena_new(1 << 16),
               .stays = g_ptr_array_new()};
    p.is_kept = g_new0(bool, p.manifest->count + 1);
    p.first = g_new0(uint32_t, p.manifest->count + 1);
    mode_t mask = umask(022);
    aj_place_init(&p.place, target);
    bool good = open_target(&p.place, error) &&
                aj_switch_recover(&p.place, p.arena, &report->recovered, error) &&
                (p.staging = aj_staging_open(target, error)) != NULL && state_read(&p, error) &&
                check_order(&p, error);
    if (good && is_there(&p))
        report->result = AJ_APPLY_SAME;
    else
        good = good && has_room(&p, error) && stage_and_switch(&p, in_place, error);
    if (!good)
        leave_as_it_was(&p.place);
    umask(mask);
    g_ptr_array_free(p.stays, TRUE);
    g_free(p.is_kept);
    g_free(p.first);
    aj_staging_close(p.staging);
    aj_place_clear(&p.place);
    aj_arena_free(p.arena);
    return good;
}
