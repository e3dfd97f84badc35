/* pack - a made site to one bundle file: manifest first, the site below site/, what lies around it.
 *
 * See pack.h. Must not know: how a site is built, archive formats. */
#include "bundle/pack.h"

#include "base/lang.h"
#include "bundle/around.h"
#include "bundle/member.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    AjArena *arena;
    AjBundleFile *files; /* manifest, site, around it; the first not known yet */
    AjFsEntry *stats;    /* of the site and around it */
    uint32_t count;      /* of the site */
    AjMembers *members;  /* of all but the manifest */
    AjManifest whole;
} Site;

static bool skip_hidden(const char *path, bool is_folder, void *data)
{
    (void)is_folder;
    (void)data;
    const char *slash = strrchr(path, '/');
    return (slash ? slash + 1 : path)[0] == '.';
}

/* All files of the site from files[1] on, with room for those around, named PREFIX and their path.
 */
static bool site_list(Site *s, const char *site, const char *prefix, GError **error)
{
    g_autoptr(AjFsList) list = aj_fs_walk(site, skip_hidden, NULL, error);
    if (!list)
        return false;
    s->count = aj_fs_list_count(list);
    if (s->count > AJ_MANIFEST_FILES_MAX) {
        g_set_error(
            error, AJ_BUNDLE_ERROR, AJ_BUNDLE_ERROR_NAME,
            AJ_TR("网站有 %u 个文件，一个包最多 %d 个", "%u files; a bundle holds at most %d"),
            s->count, AJ_MANIFEST_FILES_MAX);
        return false;
    }
    s->files = aj_arena_alloc(s->arena, (s->count + 1 + AJ_AROUND) * sizeof *s->files);
    s->stats = aj_arena_alloc(s->arena, (s->count + AJ_AROUND) * sizeof *s->stats);
    for (uint32_t i = 0; i < s->count; i++) {
        s->stats[i] = *aj_fs_list_at(list, i);
        const char *path = s->stats[i].path;
        if (!aj_manifest_path_is_sound(path)) {
            g_set_error(error, AJ_BUNDLE_ERROR, AJ_BUNDLE_ERROR_NAME,
                        AJ_TR("“%s”不能放进包里：只能用字母、数字和 . _ -，不超过 %d 字节，"
                              "不用 con、nul 这类 Windows 设备名",
                              "\"%s\" cannot go into a bundle: letters, digits and . _ - only, at "
                              "most %d bytes, no device name of Windows like con or nul"),
                        path, AJ_MANIFEST_PATH_MAX);
            return false;
        }
        s->files[i + 1] = (AjBundleFile){aj_arena_printf(s->arena, "%s%s", prefix, path),
                                         aj_arena_printf(s->arena, "%s/%s", site, path), NULL, 0};
        s->stats[i].path = s->files[i + 1].path; /* the list goes */
    }
    return true;
}

/* Hashes and deflates; what the cache beside the site knows is not even read. */
static bool site_read(Site *s, const char *site, AjAround around, GError **error)
{
    if (!site_list(s, site, "site/", error))
        return false;
    around.count = s->count;
    aj_around(s->arena, &around, s->files + s->count + 1);
    g_autofree char *folder = g_path_get_dirname(site), *base = g_path_get_basename(site);
    g_autofree char *cache = g_strdup_printf("%s/.%s.members", folder, base);
    s->members = aj_members_make(s->files + 1, s->count + AJ_AROUND, s->stats, cache, error);
    if (!s->members)
        return false;
    AjManifestFile *files = aj_arena_alloc(s->arena, (s->count + 1) * sizeof *files);
    for (uint32_t i = 0; i < s->count; i++) {
        const AjMember *m = aj_members_at(s->members, i);
        files[i] = (AjManifestFile){s->files[i + 1].name + strlen("site/"), m->size, m->hash};
        s->whole.bytes += m->size;
    }
    s->whole.files = files;
    s->whole.count = s->count;
    s->whole.edition = s->whole.commit = "";
    aj_manifest_identify(files, s->count, s->whole.id);
    return true;
}

/* Only the files that the delta carries, behind its patches. */
static bool make_delta(Site *s, const AjDeltaOld *old, const AjManifest *delta,
                       GPtrArray **patches_out, GError **error)
{
    g_autofree bool *carried = g_new0(bool, s->count + 1);
    for (uint32_t i = 0; i < s->count; i++)
        carried[i] = aj_manifest_find(delta, s->whole.files[i].path) != NULL;
    const AjDeltaJob job = {&s->whole, delta, s->files + 1, s->members, old};
    GPtrArray *patches = *patches_out = aj_delta_patches(&job, carried, error);
    if (!patches)
        return false;
    AjBundleFile *files =
        aj_arena_alloc(s->arena, (1 + patches->len + s->count + AJ_AROUND) * sizeof *files);
    uint32_t kept = 0, all = s->count + AJ_AROUND;
    for (uint32_t i = 0; i < all; i++) {
        if (i < s->count && !carried[i])
            continue;
        files[1 + patches->len + kept] = s->files[1 + i];
        aj_members_move(s->members, i, kept++);
    }
    aj_members_cut(s->members, kept);
    for (guint i = patches->len; i-- > 0;) {
        const GString *patch = patches->pdata[i];
        files[1 + i] = (AjBundleFile){aj_arena_printf(s->arena, AJ_PATCH_NAME, i), NULL, patch->str,
                                      patch->len};
        aj_members_add_first(s->members, patch->str, patch->len);
    }
    s->files = files;
    s->count = patches->len + kept - AJ_AROUND;
    return true;
}

/* `m`: NULL for a format without a manifest. */
static bool sign(const AjPackJob *job, const AjManifest *m, GError **error)
{
    AjDigest digest;
    int fd = open(job->to, O_RDONLY | O_CLOEXEC);
    bool good = fd >= 0 && aj_minisign_digest(fd, &digest, error);
    if (fd < 0)
        g_set_error(error, AJ_BUNDLE_ERROR, AJ_BUNDLE_ERROR_READ,
                    AJ_TR("打不开 %s：%s", "cannot open %s: %s"), job->to, aj_fs_reason(errno));
    else
        close(fd);
    if (!good)
        return false;
    g_autoptr(GString) text = g_string_new(NULL);
    g_autofree char *trusted =
        m ? g_strdup_printf("anjian seq:%" G_GINT64_FORMAT " bundle:%s", m->seq, m->id)
          : g_strdup_printf("anjian seq:%" G_GINT64_FORMAT, job->seq);
    g_autofree char *to = g_strconcat(job->to, ".minisig", NULL);
    aj_minisign_sign(job->key, &digest, trusted, text);
    return aj_fs_write(to, text->str, text->len, error);
}

/* What a file takes of the bundle; where it has no members, what it takes on disk. */
static uint64_t weight(const Site *s, uint32_t i)
{
    AjFsEntry st;
    if (s->members)
        return aj_members_at(s->members, i)->data_len;
    return aj_fs_stat(s->files[i].path, &st, NULL) ? st.size : 0;
}

static void find_largest(const Site *s, uint32_t count, AjPackReport *report)
{
    for (uint32_t i = 0; i < count; i++) {
        uint64_t bytes = weight(s, i);
        size_t at = 0, many = G_N_ELEMENTS(report->largest);
        while (at < many && *report->largest[at].name && report->largest[at].bytes >= bytes)
            at++;
        if (at == many)
            continue;
        memmove(report->largest + at + 1, report->largest + at,
                (many - at - 1) * sizeof *report->largest);
        g_strlcpy(report->largest[at].name, s->files[i].name, sizeof report->largest[at].name);
        report->largest[at].bytes = bytes;
    }
}

/* A format with an arrangement of its own. */
static bool pack_arranged(const AjPackJob *job, AjPackReport *report, GError **error)
{
    Site s = {.arena = aj_arena_new(1 << 16)};
    bool good = site_list(&s, job->site, "", error);
    AjBundleSite site = {.arena = s.arena,
                         .files = s.files + 1,
                         .count = s.count,
                         .title = job->title,
                         .language = job->language,
                         .commit = job->commit,
                         .date = job->date,
                         .time = job->seq,
                         .start = job->start ? job->start : "index.html",
                         .one_course = job->start != NULL};
    uint32_t count = 0;
    bool found = false;
    for (uint32_t i = 0; i < s.count; i++)
        found = found || strcmp(site.files[i].name, site.start) == 0;
    if (good && !found) {
        g_set_error(error, AJ_BUNDLE_ERROR, AJ_BUNDLE_ERROR_NAME,
                    AJ_TR("网站里没有 %s 这一页；写网页的地址，如 courses/first-course.html",
                          "the site has no page %s; give the address of one, as in "
                          "courses/first-course.html"),
                    site.start);
        good = false;
    }
    AjBundleFile *files = NULL;
    good = good && job->format->arrange(&site, &files, &count, error);
    if (good && job->format->write) {
        s.files = files;
        s.members = aj_members_make(files, count, NULL, NULL, error);
        good = s.members != NULL;
    }
    good = good && aj_bundle_write(job->format, files, s.members, count, job->to, error) &&
           (!job->key || sign(job, NULL, error));
    s.files += !s.members; /* the first was kept for a manifest */
    if (good)
        find_largest(&s, s.members ? count : s.count, report);
    report->files = s.members ? count : s.count; /* one file, or another's: the site's */
    report->carried = count;
    aj_members_free(s.members);
    aj_arena_free(s.arena);
    return good;
}

static bool pack_whole(const AjPackJob *job, AjPackReport *report, GError **error)
{
    Site s = {.arena = aj_arena_new(1 << 16)};
    g_autoptr(GString) json = g_string_new(NULL);
    GPtrArray *patches = NULL;
    AjManifest manifest;
    const AjAround around = {job->title, job->language, job->commit, job->date, 0};
    bool good = site_read(&s, job->site, around, error);
    if (good) {
        report->files = s.count;
        s.whole.seq = job->seq;
        s.whole.edition = job->edition;
        s.whole.commit = job->commit;
        manifest = s.whole;
        if (job->since)
            aj_manifest_delta(s.arena, &s.whole, &job->since->manifest, &manifest);
        report->carried = manifest.count;
        good = !job->since || make_delta(&s, job->since, &manifest, &patches, error);
    }
    if (good) {
        aj_manifest_print(&manifest, json);
        s.files[0] = (AjBundleFile){"manifest.json", NULL, json->str, json->len};
        aj_members_add_first(s.members, json->str, json->len);
        good = aj_bundle_write(job->format, s.files, s.members, s.count + 1 + AJ_AROUND, job->to,
                               error) &&
               (!job->key || sign(job, &manifest, error));
        find_largest(&s, s.count + 1 + AJ_AROUND, report);
    }
    if (patches)
        g_ptr_array_free(patches, TRUE);
    aj_members_free(s.members);
    aj_arena_free(s.arena);
    return good;
}

bool aj_pack(const AjPackJob *job, AjPackReport *report, GError **error)
{
    AjFsEntry st;
    *report = (AjPackReport){0};
    bool good = (job->format->arrange ? pack_arranged : pack_whole)(job, report, error);
    report->bytes = good && aj_fs_stat(job->to, &st, NULL) ? st.size : 0;
    return good;
}

bool aj_pack_manifest(AjArena *a, const char *site, AjManifest *out, GError **error)
{
    Site s = {.arena = a};
    bool good = site_read(&s, site, (AjAround){"", "", "", "", 0}, error);
    *out = s.whole;
    aj_members_free(s.members);
    return good;
}
