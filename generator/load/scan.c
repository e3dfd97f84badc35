/* scan - what lies in a site's folder: pages and assets, sorted.
 *
 * Must not know: what a page says. */
#include "load/scan.h"
#include "base/text.h"
#include "model/page.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
    const char *root;
    GPtrArray *skip; /* folders below the root, relative */
    AjDiags *diags;
} Walk;

static bool has_suffix(const char *name, const char *suffix)
{
    size_t len = strlen(name), width = strlen(suffix);
    return len > width && g_ascii_strcasecmp(name + len - width, suffix) == 0;
}

static bool is_page(const char *path)
{
    return has_suffix(path, ".md") || has_suffix(path, ".markdown");
}

/* One name of a path that is not for publishing. */
static bool is_private(const char *name, bool in_root, bool is_folder)
{
    if (name[0] == '.' || strcmp(name, "node_modules") == 0)
        return true;
    if (is_folder)
        return in_root && (strcmp(name, "themes") == 0 || strcmp(name, "lua-filters") == 0 ||
                           strcmp(name, "dist") == 0); /* where builds and bundles go */
    if (in_root && (strcmp(name, "site.yaml") == 0 || strcmp(name, "roster.csv") == 0))
        return true;
    return g_str_has_suffix(name, "~") || g_ascii_strcasecmp(name, "Thumbs.db") == 0 ||
           g_ascii_strcasecmp(name, "desktop.ini") == 0 || has_suffix(name, ".key") ||
           has_suffix(name, ".pem");
}

static bool is_printable(const char *name)
{
    if (aj_utf8_invalid_at(name, strlen(name)) != SIZE_MAX)
        return false;
    for (const char *p = name; *p; p++)
        if ((unsigned char)*p < 0x20 || *p == 0x7F)
            return false;
    return true;
}

/* A submodule or a repository of its own inside the site: published, but the site's history knows
 * nothing of it. */
static void tell_module(const Walk *w, const char *path, size_t len)
{
    g_autofree char *folder = g_strndup(path, len);
    aj_diag(w->diags, AJ_WARNING, (AjPos){folder, 0, 0}, "git-module",
            AJ_TR("要有版本，把它的文件提交到网站的仓库里",
                  "to have versions, commit its files to the site's repository"),
            AJ_TR("这是另一个 git 仓库（子模块）：它的页面没有版本，--rev 和旧版次里也没有它",
                  "this is another git repository (a submodule): its pages have no versions, and "
                  "--rev and old editions have nothing of it"));
}

static bool skip_name(const char *path, bool is_folder, void *data)
{
    Walk *w = data;
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    if (slash && strcmp(name, ".git") == 0)
        tell_module(w, path, (size_t)(slash - path));
    if (is_private(name, !slash, is_folder))
        return true;
    if (!is_printable(name)) {
        g_autofree char *valid = g_utf8_make_valid(path, -1);
        for (char *p = valid; *p; p++)
            if ((unsigned char)*p < 0x20 || *p == 0x7F)
                *p = '?';
        aj_diag(
            w->diags, AJ_ERROR, (AjPos){valid, 0, 0}, "file-name",
            AJ_TR("把文件名改成 UTF-8 文字；从旧 Windows 压缩包解出的文件要重新解压",
                  "rename it in UTF-8"),
            AJ_TR("文件名里有控制字符或不是 UTF-8", "the name is not UTF-8, or holds controls"));
        return true;
    }
    for (guint i = 0; is_folder && i < w->skip->len; i++)
        if (strcmp(path, w->skip->pdata[i]) == 0)
            return true;
    return false;
}

/* `path` relative to `root`; NULL when it is not below it. */
static const char *below(const char *root, const char *path)
{
    size_t len = strlen(root);
    if (len == 1) /* "/" */
        return path[1] ? path + 1 : NULL;
    return strncmp(root, path, len) == 0 && path[len] == '/' && path[len + 1] ? path + len + 1
                                                                              : NULL;
}

/* Each part of a link's target has to be something that a walk would have shown. */
static bool target_is_public(const Walk *w, const char *target)
{
    const char *part = target;
    for (const char *slash; (slash = strchr(part, '/')); part = slash + 1) {
        g_autofree char *name = g_strndup(part, (gsize)(slash - part));
        if (is_private(name, part == target, true))
            return false;
    }
    if (is_private(part, part == target, false))
        return false;
    for (guint i = 0; i < w->skip->len; i++)
        if (g_str_has_prefix(target, w->skip->pdata[i]) && target[strlen(w->skip->pdata[i])] == '/')
            return false;
    return true;
}

/* What a link stands for, under the link's name; NULL, and reported, when it may not be used. */
static const AjFsEntry *follow(const Walk *w, const char *real_root, const AjFsEntry *link,
                               AjArena *arena)
{
    g_autofree char *full = g_build_filename(w->root, link->path, NULL);
    char *real = realpath(full, NULL);
    struct stat st;
    if (!real || stat(real, &st) != 0) {
        aj_diag(w->diags, AJ_ERROR, (AjPos){link->path, 0, 0}, "link-broken",
                AJ_TR("删掉这个链接，或补上它指向的文件", "remove the link, or add its target"),
                AJ_TR("链接指向的文件不存在", "the link leads to nothing"));
        free(real);
        return NULL;
    }
    const char *target = below(real_root, real);
    bool usable = false;
    if (!target || !target_is_public(w, target))
        aj_diag(w->diags, AJ_ERROR, (AjPos){link->path, 0, 0}, "link-escapes",
                AJ_TR("把文件本身复制到这里", "copy the file itself to this place"),
                AJ_TR("链接指向站点之外或不公开的文件",
                      "the link leads out of the site, or to a private file"));
    else if (!S_ISREG(st.st_mode))
        aj_diag(w->diags, AJ_WARNING, (AjPos){link->path, 0, 0}, "link-folder",
                AJ_TR("把文件夹本身放到这里", "put the folder itself in this place"),
                AJ_TR("指向文件夹的链接不会发布", "a link to a folder is not published"));
    else
        usable = true;
    free(real);
    if (!usable)
        return NULL;
    AjFsEntry *entry = aj_arena_alloc(arena, sizeof(*entry));
    *entry = (AjFsEntry){.path = link->path,
                         .size = (uint64_t)st.st_size,
                         .mtime_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec,
                         .ctime_ns = (int64_t)st.st_ctim.tv_sec * 1000000000 + st.st_ctim.tv_nsec,
                         .inode = st.st_ino,
                         .mode = st.st_mode};
    return entry;
}

/* Only a mode that leaves doubt costs a system call. */
static bool is_readable(const Walk *w, const AjFsEntry *entry)
{
    if (entry->mode & S_IROTH)
        return true;
    g_autofree char *full = g_build_filename(w->root, entry->path, NULL);
    if (access(full, R_OK) == 0)
        return true;
    aj_diag(w->diags, AJ_ERROR, (AjPos){entry->path, 0, 0}, "unreadable",
            AJ_TR("改一下文件权限：chmod a+r", "mend its mode: chmod a+r"),
            AJ_TR("没有权限读这个文件", "no permission to read this file"));
    return false;
}

static bool is_readme(const char *path)
{
    const char *slash = strrchr(path, '/');
    return g_ascii_strncasecmp(slash ? slash + 1 : path, "readme", 6) == 0 &&
           aj_page_is_index(path);
}

/* README.md gives way to the index.md beside it. */
static void drop_readmes(AjScan *s)
{
    g_autoptr(GHashTable) folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (uint32_t i = 0; i < s->page_count; i++)
        if (aj_page_is_index(s->pages[i]->path) && !is_readme(s->pages[i]->path))
            g_hash_table_add(folders, g_path_get_dirname(s->pages[i]->path));
    uint32_t kept = 0;
    for (uint32_t i = 0; i < s->page_count; i++) {
        bool drop = false;
        if (is_readme(s->pages[i]->path)) {
            g_autofree char *folder = g_path_get_dirname(s->pages[i]->path);
            drop = g_hash_table_contains(folders, folder);
        }
        if (!drop)
            s->pages[kept++] = s->pages[i];
    }
    s->page_count = kept;
}

AjScan *aj_scan(const char *root, const char *const *skip_below, AjDiags *diags, GError **error)
{
    g_autofree char *whole = g_canonicalize_filename(root, NULL);
    g_autoptr(GPtrArray) skip = g_ptr_array_new_with_free_func(g_free);
    for (size_t i = 0; skip_below && skip_below[i]; i++) {
        g_autofree char *folder = g_canonicalize_filename(skip_below[i], NULL);
        if (below(whole, folder))
            g_ptr_array_add(skip, g_strdup(below(whole, folder)));
    }
    Walk w = {whole, skip, diags};
    AjFsList *list = aj_fs_walk(whole, skip_name, &w, error);
    if (!list)
        return NULL;
    uint32_t count = aj_fs_list_count(list);
    AjScan *s = g_new0(AjScan, 1);
    s->list = list;
    s->arena = aj_arena_new(4096);
    s->pages = g_new(const AjFsEntry *, count + 1);
    s->assets = g_new(const AjFsEntry *, count + 1);
    char *real_root = realpath(whole, NULL);
    for (uint32_t i = 0; i < count; i++) {
        const AjFsEntry *entry = aj_fs_list_at(list, i);
        if (S_ISLNK(entry->mode))
            entry = follow(&w, real_root ? real_root : whole, entry, s->arena);
        if (!entry || !is_readable(&w, entry))
            continue;
        if (is_page(entry->path))
            s->pages[s->page_count++] = entry;
        else
            s->assets[s->asset_count++] = entry;
    }
    free(real_root);
    drop_readmes(s);
    return s;
}

void aj_scan_free(AjScan *s)
{
    if (!s)
        return;
    g_free(s->pages);
    g_free(s->assets);
    aj_fs_list_free(s->list);
    aj_arena_free(s->arena);
    g_free(s);
}
