/* apply - a signed bundle onto a folder that holds the site, whole or not at all.
 *
 * See apply.h. Must not know: archives. */
#include "bundle/apply.h"

#include "base/fs.h"
#include "base/lang.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#define OURS ".anjian"
#define STATE OURS "/state.json"
#define SUM OURS "/state.sum"
#define FRESH OURS "/fresh" /* in a tree that is not switched in yet, or only just */
#define JOURNAL OURS "/journal"

typedef struct {
    AjUnpack *bundle;
    const AjManifest *manifest;
    AjApplyReport *report;
    AjArena *arena;
    char *target, *parent, *stage, *previous, *beside; /* beside: the stage while it is switched */
    int parent_fd, stage_fd, file_fd;
    bool has_state;
    AjManifest state;
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

static bool exists(const char *folder, const char *name)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    struct stat st;
    return lstat(path, &st) == 0;
}

/* --- writing below a folder, wherever links in it may lead --- */

static int open_below(int folder, const char *path, uint64_t flags)
{
    struct open_how how = {.flags = flags | O_CLOEXEC | O_NOFOLLOW,
                           .mode = flags & O_CREAT ? 0644 : 0,
                           .resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS};
    return (int)syscall(SYS_openat2, folder, path, &how, sizeof how);
}

static bool make_folders(int folder, const char *path)
{
    g_autofree char *copy = g_strdup(path);
    for (char *slash = strchr(copy, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        if (mkdirat(folder, copy, 0755) != 0 && errno != EEXIST)
            return false;
        *slash = '/';
    }
    return true;
}

static bool write_all(int fd, const char *bytes, size_t len)
{
    for (size_t at = 0; at < len;) {
        ssize_t put = write(fd, bytes + at, len - at);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0)
            return false;
        at += (size_t)put;
    }
    return true;
}

static bool stage_piece(const AjManifestFile *file, uint64_t at, const void *bytes, size_t len,
                        void *data, GError **error)
{
    Apply *p = data;
    bool good = true;
    if (at == 0) {
        good = make_folders(p->stage_fd, file->path);
        p->file_fd = good ? open_below(p->stage_fd, file->path, O_WRONLY | O_CREAT | O_EXCL) : -1;
        good = p->file_fd >= 0;
    }
    good = good && write_all(p->file_fd, bytes, len);
    if (good && at + len == file->size) {
        good = fchmod(p->file_fd, 0644) == 0 && close(p->file_fd) == 0;
        p->file_fd = -1;
        p->report->written++;
    }
    return good || fail(error, AJ_TR("写入", "writing"), file->path);
}

static bool is_as_listed(GMappedFile *map, const AjManifestFile *file)
{
    AjHash hash;
    if (!map || g_mapped_file_get_length(map) != file->size)
        return false;
    const char *bytes = g_mapped_file_get_contents(map);
    aj_hash(bytes ? bytes : "", file->size, &hash);
    return aj_hash_equal(&hash, &file->hash);
}

/* A file of the site that stays: its bytes are compared with the manifest again. */
static bool stage_kept(Apply *p, const AjManifestFile *file, GError **error)
{
    g_autofree char *from = g_build_filename(p->target, file->path, NULL);
    g_autofree char *to = g_build_filename(p->stage, file->path, NULL);
    g_autoptr(GMappedFile) map = g_mapped_file_new(from, FALSE, NULL);
    if (!is_as_listed(map, file)) {
        g_set_error(error, AJ_APPLY_ERROR, AJ_APPLY_ERROR_BASE,
                    AJ_TR("%s 被改过或不见了，增量包装不上；请用完整的包",
                          "%s was changed or is gone, so a delta cannot be applied: use the whole "
                          "bundle"),
                    file->path);
        return false;
    }
    p->report->kept++;
    if (!make_folders(p->stage_fd, file->path))
        return fail(error, AJ_TR("新建文件夹", "making folders"), to);
    const char *bytes = g_mapped_file_get_contents(map);
    return link(from, to) == 0 || aj_fs_write_new(to, bytes ? bytes : "", file->size, error);
}

/* --- state --- */

static bool state_read(Apply *p, GError **error)
{
    if (!exists(p->target, STATE) && !exists(p->target, SUM) &&
        !exists(p->target, OURS "/previous"))
        return true; /* nothing was ever applied here to the end */
    g_autofree char *path = g_build_filename(p->target, STATE, NULL);
    g_autofree char *sum_path = g_build_filename(p->target, SUM, NULL), *sum = NULL;
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
    g_autofree char *folder = g_build_filename(tree, OURS, NULL);
    g_autofree char *path = g_build_filename(tree, STATE, NULL);
    g_autofree char *sum = g_build_filename(tree, SUM, NULL);
    g_autofree char *fresh = g_build_filename(tree, FRESH, NULL);
    g_autoptr(GString) json = g_string_new(NULL);
    AjHash hash;
    char hex[65];
    aj_manifest_print(whole, json);
    aj_hash(json->str, json->len, &hash);
    aj_hash_hex(&hash, 64, hex);
    return aj_fs_mkdirs(folder, error) && aj_fs_write(path, json->str, json->len, error) &&
           aj_fs_write(sum, hex, strlen(hex), error) && aj_fs_write(fresh, "", 0, error);
}

/* May this bundle follow what is there? */
static bool check_order(Apply *p, GError **error)
{
    const AjManifest *m = p->manifest;
    if (*m->base && !p->has_state)
        return refuse(error, AJ_APPLY_ERROR_BASE,
                      AJ_TR("这是增量包，目标里还没有装过完整的包",
                            "this is a delta, and no whole bundle was applied here yet"));
    if (!p->has_state)
        return true;
    bool same = strcmp(m->id, p->state.id) == 0;
    if (m->seq < p->state.seq || (m->seq == p->state.seq && !same)) {
        g_set_error(error, AJ_APPLY_ERROR, AJ_APPLY_ERROR_OLDER,
                    m->seq < p->state.seq
                        ? AJ_TR("这个包比目标里的旧（%lld < %lld），不装",
                                "this bundle is older than what is there (%lld < %lld)")
                        : AJ_TR("这个包和目标里的序号相同（%lld = %lld），内容却不同，不装",
                                "this bundle has the sequence of what is there (%lld = %lld), "
                                "but other content"),
                    (long long)m->seq, (long long)p->state.seq);
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

static bool is_deleted(const AjManifest *m, const char *path)
{
    uint32_t low = 0, high = m->deleted_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        int order = strcmp(m->deleted[middle], path);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* The site as it will be: a whole bundle's manifest, or base and delta merged. */
static bool merge(Apply *p, AjManifest *whole, GError **error)
{
    const AjManifest *m = p->manifest, *old = &p->state;
    *whole = *m;
    if (!*m->base)
        return true;
    AjManifestFile *files = aj_arena_alloc(p->arena, (old->count + m->count + 1) * sizeof *files);
    uint32_t n = 0, o = 0, k = 0;
    while (o < old->count || k < m->count) {
        int order = o == old->count ? 1
                    : k == m->count ? -1
                                    : strcmp(old->files[o].path, m->files[k].path);
        if (order >= 0) {
            files[n++] = m->files[k++];
            o += order == 0;
        } else if (is_deleted(m, old->files[o].path)) {
            o++;
            p->report->deleted++;
        } else if (stage_kept(p, &old->files[o], error)) {
            files[n++] = old->files[o++];
        } else {
            return false;
        }
    }
    whole->files = files;
    whole->count = n;
    whole->deleted = NULL;
    whole->deleted_count = 0;
    *whole->base = 0;
    char id[AJ_MANIFEST_ID + 1];
    aj_manifest_identify(files, n, id);
    return strcmp(id, m->id) == 0 ||
           refuse(error, AJ_APPLY_ERROR_BASE,
                  AJ_TR("装上增量以后和清单不符；请用完整的包",
                        "with the delta applied, the site is not the one of the manifest: use the "
                        "whole bundle"));
}

/* --- switching --- */

static bool sync_tree(const char *path, GError **error)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool good = fd >= 0 && syncfs(fd) == 0;
    if (!good)
        fail(error, AJ_TR("同步到磁盘", "syncing"), path);
    if (fd >= 0)
        close(fd);
    return good;
}

/* The tree beside TARGET after an exchange: what was the site becomes the generation before. */
static bool settle(Apply *p, GError **error)
{
    g_autofree char *older = g_build_filename(p->beside, OURS, "previous", NULL);
    g_autofree char *fresh = g_build_filename(p->target, FRESH, NULL);
    if (!aj_fs_remove_tree(older, error) || !aj_fs_remove_tree(p->previous, error))
        return false;
    if (rename(p->beside, p->previous) != 0)
        return fail(error, AJ_TR("改名", "renaming"), p->beside);
    if (unlink(fresh) != 0 && errno != ENOENT)
        return fail(error, AJ_TR("删除", "removing"), fresh);
    return sync_tree(p->target, error);
}

/* false without an error: names cannot be exchanged here. */
static bool exchange(Apply *p, GError **error)
{
    if (rename(p->stage, p->beside) != 0)
        return false;
    if (renameat2(AT_FDCWD, p->beside, AT_FDCWD, p->target, RENAME_EXCHANGE) != 0) {
        int code = errno;
        if (rename(p->beside, p->stage) != 0)
            return fail(error, AJ_TR("改名", "renaming"), p->beside);
        errno = code;
        if (code != EINVAL && code != ENOSYS && code != EXDEV && code != EBUSY && code != EPERM &&
            code != EACCES)
            return fail(error, AJ_TR("换上新版本", "switching"), p->target);
        return false;
    }
    if (fsync(p->parent_fd) != 0 && errno != EINVAL)
        return fail(error, AJ_TR("同步到磁盘", "syncing"), p->parent);
    return settle(p, error);
}

static bool move_one(const char *from_tree, const char *to_tree, const char *path, GError **error)
{
    g_autofree char *from = g_build_filename(from_tree, path, NULL);
    g_autofree char *to = g_build_filename(to_tree, path, NULL);
    g_autofree char *folder = g_path_get_dirname(to);
    struct stat st;
    if (lstat(from, &st) != 0)
        return true; /* moved by the run before */
    return aj_fs_mkdirs(folder, error) &&
           (rename(from, to) == 0 || fail(error, AJ_TR("改名", "renaming"), from));
}

static int by_path(const void *path, const void *file)
{
    return strcmp(path, ((const AjManifestFile *)file)->path);
}

static bool is_listed(const AjManifest *m, const char *path)
{
    return m->count && bsearch(path, m->files, m->count, sizeof *m->files, by_path);
}

static bool skip_ours(const char *path, bool is_folder, void *data)
{
    (void)is_folder;
    (void)data;
    return strcmp(path, OURS) == 0;
}

/* Under the journal, from wherever it stands: what the new site has not goes to `previous`, then
 * each file of the stage takes its place, the state last. */
static bool run_journal(Apply *p, const AjManifest *whole, GError **error)
{
    g_autoptr(AjFsList) old = aj_fs_walk(p->target, skip_ours, NULL, error);
    g_autofree char *journal = g_build_filename(p->target, JOURNAL, NULL);
    g_autofree char *fresh = g_build_filename(p->stage, FRESH, NULL);
    if (!old)
        return false;
    for (uint32_t i = 0; i < aj_fs_list_count(old); i++) {
        const char *path = aj_fs_list_at(old, i)->path;
        bool stays = is_listed(whole, path) && !exists(p->stage, path);
        if (!stays && !move_one(p->target, p->previous, path, error))
            return false;
        if (!stays && exists(p->stage, path) && !move_one(p->stage, p->target, path, error))
            return false;
    }
    for (uint32_t i = 0; i < whole->count; i++)
        if (!move_one(p->stage, p->target, whole->files[i].path, error))
            return false;
    if (!sync_tree(p->target, error) || !move_one(p->stage, p->target, STATE, error) ||
        !move_one(p->stage, p->target, SUM, error) || !sync_tree(p->target, error))
        return false;
    if (unlink(journal) != 0 && errno != ENOENT)
        return fail(error, AJ_TR("删除", "removing"), journal);
    return aj_fs_remove_tree(p->stage, error) && sync_tree(p->target, error);
}

static bool switch_in_place(Apply *p, const AjManifest *whole, GError **error)
{
    g_autofree char *journal = g_build_filename(p->target, JOURNAL, NULL);
    p->report->in_place = true;
    return aj_fs_remove_tree(p->previous, error) && aj_fs_write(journal, "", 0, error) &&
           sync_tree(p->target, error) && run_journal(p, whole, error);
}

/* --- what a run that was cut off left --- */

static bool recover(Apply *p, GError **error)
{
    if (exists(p->parent, strrchr(p->beside, '/') + 1)) {
        p->report->recovered = true;
        bool good =
            exists(p->beside, FRESH) ? aj_fs_remove_tree(p->beside, error) : settle(p, error);
        if (!good)
            return false;
    }
    if (exists(p->target, JOURNAL)) {
        g_autofree char *path = g_build_filename(p->stage, STATE, NULL);
        g_autofree char *done = g_build_filename(p->target, STATE, NULL), *json = NULL;
        AjManifest whole;
        size_t len;
        p->report->recovered = true;
        if ((!aj_fs_read(path, AJ_MANIFEST_BYTES_MAX, &json, &len, NULL) &&
             !aj_fs_read(done, AJ_MANIFEST_BYTES_MAX, &json, &len, error)) ||
            !aj_manifest_parse(p->arena, aj_arena_strndup(p->arena, json, len), len, &whole,
                               error) ||
            !run_journal(p, &whole, error))
            return false;
    }
    g_autofree char *fresh = g_build_filename(p->target, FRESH, NULL);
    if (unlink(fresh) != 0 && errno != ENOENT && errno != ENOTDIR)
        return fail(error, AJ_TR("删除", "removing"), fresh);
    return aj_fs_remove_tree(p->stage, error);
}

static bool open_target(Apply *p, GError **error)
{
    struct stat st;
    if (lstat(p->target, &st) == 0 && !S_ISDIR(st.st_mode))
        return refuse(error, AJ_APPLY_ERROR_NOT_OURS,
                      AJ_TR("目标不是文件夹", "the target is no folder"));
    p->parent_fd = open(p->parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (p->parent_fd < 0)
        return fail(error, AJ_TR("打开", "opening"), p->parent);
    while (flock(p->parent_fd, LOCK_EX) != 0) /* two at once: one after the other */
        if (errno != EINTR)
            break; /* a file system without locks */
    if (lstat(p->target, &st) != 0 && mkdir(p->target, 0755) != 0)
        return fail(error, AJ_TR("新建文件夹", "making folder"), p->target);
    GDir *dir = g_dir_open(p->target, 0, NULL);
    bool empty = dir && !g_dir_read_name(dir);
    if (dir)
        g_dir_close(dir);
    if (!empty && !exists(p->target, OURS) && !exists(p->target, "index.html"))
        return refuse(error, AJ_APPLY_ERROR_NOT_OURS,
                      AJ_TR("目标不是空文件夹，里面也没有网站（index.html）；为免误删，请换一个",
                            "the target is not empty and holds no site (index.html); choose "
                            "another folder"));
    return true;
}

/* The same edition again, and nothing of it was changed or lost meanwhile. */
static bool is_there(const Apply *p)
{
    bool same = p->has_state && p->manifest->seq == p->state.seq &&
                strcmp(p->manifest->id, p->state.id) == 0;
    for (uint32_t i = 0; same && i < p->state.count; i++) {
        const AjManifestFile *file = &p->state.files[i];
        g_autofree char *path = g_build_filename(p->target, file->path, NULL);
        g_autoptr(GMappedFile) map = g_mapped_file_new(path, FALSE, NULL);
        same = is_as_listed(map, file);
    }
    return same;
}

static bool has_room(const Apply *p, GError **error)
{
    struct statvfs st;
    if (statvfs(p->target, &st) != 0)
        return fail(error, AJ_TR("查看", "looking at"), p->target);
    uint64_t room = (uint64_t)st.f_bavail * st.f_frsize;
    if (p->manifest->bytes <= room)
        return true;
    g_set_error(error, AJ_APPLY_ERROR, AJ_APPLY_ERROR_WORLD,
                AJ_TR("磁盘放不下：要 %.1f MB，只剩 %.1f MB",
                      "the disk has no room: %.1f MB needed, %.1f MB left"),
                (double)p->manifest->bytes / 1e6, (double)room / 1e6);
    return false;
}

/* What no bundle brought, somebody keeps there: it goes along. Links and devices stay behind. */
static bool carry_along(Apply *p, const AjManifest *whole, GError **error)
{
    if (!p->has_state)
        return true; /* all that lies there is the site of before */
    g_autoptr(AjFsList) list = aj_fs_walk(p->target, skip_ours, NULL, error);
    for (uint32_t i = 0; list && i < aj_fs_list_count(list); i++) {
        const AjFsEntry *e = aj_fs_list_at(list, i);
        if (!S_ISREG(e->mode) || is_listed(&p->state, e->path) || is_listed(whole, e->path) ||
            exists(p->stage, e->path))
            continue;
        g_autofree char *from = g_build_filename(p->target, e->path, NULL);
        g_autofree char *to = g_build_filename(p->stage, e->path, NULL);
        g_autoptr(GMappedFile) map = NULL;
        if (!make_folders(p->stage_fd, e->path))
            continue; /* the new site has a file where the folder was */
        if (link(from, to) == 0)
            continue;
        map = g_mapped_file_new(from, FALSE, error);
        const char *bytes = map ? g_mapped_file_get_contents(map) : NULL;
        if (!map || !aj_fs_write_new(to, bytes ? bytes : "", g_mapped_file_get_length(map), error))
            return false;
    }
    return list != NULL;
}

static bool stage_and_switch(Apply *p, bool in_place, GError **error)
{
    AjManifest whole;
    if (!aj_fs_mkdirs(p->stage, error))
        return false;
    p->stage_fd = open(p->stage, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (p->stage_fd < 0)
        return fail(error, AJ_TR("打开", "opening"), p->stage);
    if (!aj_unpack_files(p->bundle, stage_piece, p, error) || !merge(p, &whole, error) ||
        !carry_along(p, &whole, error) || !state_write(p->stage, &whole, error) ||
        !sync_tree(p->stage, error))
        return false;
    GError *why = NULL;
    if (!in_place && exchange(p, &why))
        return true;
    if (why) {
        g_propagate_error(error, why);
        return false;
    }
    return switch_in_place(p, &whole, error);
}

bool aj_apply(AjUnpack *bundle, const char *target, bool in_place, AjApplyReport *report,
              GError **error)
{
    *report = (AjApplyReport){.old_seq = -1};
    Apply p = {.bundle = bundle,
               .manifest = aj_unpack_manifest(bundle),
               .report = report,
               .arena = aj_arena_new(1 << 16),
               .target = g_strdup(target),
               .parent = g_path_get_dirname(target),
               .stage = g_build_filename(target, OURS, "stage", NULL),
               .previous = g_build_filename(target, OURS, "previous", NULL),
               .parent_fd = -1,
               .stage_fd = -1,
               .file_fd = -1};
    g_autofree char *base = g_path_get_basename(target);
    p.beside = g_strdup_printf("%s/.%s.anjian-new", p.parent, base);
    mode_t mask = umask(022);
    bool good = open_target(&p, error) && recover(&p, error) && state_read(&p, error) &&
                check_order(&p, error);
    if (good && is_there(&p))
        report->result = AJ_APPLY_SAME;
    else
        good = good && has_room(&p, error) && stage_and_switch(&p, in_place, error);
    if (!good && !exists(p.target, JOURNAL)) /* a journal needs its stage */
        aj_fs_remove_tree(p.stage, NULL);
    umask(mask);
    const int fds[] = {p.parent_fd, p.stage_fd, p.file_fd};
    for (size_t i = 0; i < G_N_ELEMENTS(fds); i++)
        if (fds[i] >= 0)
            close(fds[i]);
    g_free(p.target);
    g_free(p.parent);
    g_free(p.stage);
    g_free(p.previous);
    g_free(p.beside);
    aj_arena_free(p.arena);
    return good;
}
