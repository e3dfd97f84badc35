/* filterset - Lua filters by name or file, and what the program lends them.
 *
 * Must not know: pages, the cache. */
#include "driver/filterset.h"

#include "base/fs.h"
#include "base/hash.h"
#include "parse/markdown.h"
#include "render/html.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEXT_LIMIT = 1 << 20, FILE_LIMIT = 16 << 20, MODULES_MAX = 200 };

static gint by_name(gconstpointer x, gconstpointer y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static GPtrArray *names_in(const char *folder)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    if (!dir)
        return NULL;
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    for (const char *name; (name = g_dir_read_name(dir));)
        if (name[0] != '.' && g_utf8_validate(name, -1, NULL))
            g_ptr_array_add(names, g_strdup(name));
    g_dir_close(dir);
    g_ptr_array_sort(names, by_name);
    return names;
}

static void load_modules(AjArena *a, const char *folder, const char *own, AjFilterSource *out)
{
    g_autoptr(GPtrArray) names = names_in(folder);
    uint32_t count = names ? MIN(names->len, MODULES_MAX) : 0;
    AjFilterModule *modules = aj_arena_alloc(a, (count + 1) * sizeof *modules);
    for (uint32_t i = 0; i < count; i++) {
        const char *name = names->pdata[i];
        g_autofree char *text = NULL;
        size_t len = 0;
        if (!g_str_has_suffix(name, ".lua") || strcmp(name, own) == 0)
            continue;
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (aj_fs_read(path, TEXT_LIMIT, &text, &len, NULL))
            modules[out->module_count++] = (AjFilterModule){
                aj_arena_strndup(a, name, strlen(name) - 4), aj_arena_strndup(a, text, len), len};
    }
    out->modules = modules;
}

bool aj_filterset_load(AjArena *a, const char *folder, const char *name, const char *shown,
                       AjFilterSource *out, GError **error)
{
    g_autofree char *own = g_strdup_printf("%s.lua", name);
    g_autofree char *path = g_build_filename(folder, own, NULL);
    g_autofree char *text = NULL;
    size_t len = 0;
    if (!aj_fs_read(path, TEXT_LIMIT, &text, &len, error))
        return false;
    *out = (AjFilterSource){.name = aj_arena_strdup(a, name),
                            .path = aj_arena_strdup(a, shown),
                            .text = aj_arena_strndup(a, text, len),
                            .len = len};
    load_modules(a, folder, own, out);
    return true;
}

void aj_filterset_hash(const AjFilterSource *f, uint8_t hash[20])
{
    g_autoptr(GString) all = g_string_new(f->name);
    g_string_append_c(all, '\0');
    g_string_append_len(all, f->text, (gssize)f->len);
    for (uint32_t i = 0; i < f->module_count; i++) {
        g_string_append_printf(all, "\n%s\n%zu\n", f->modules[i].name, f->modules[i].len);
        g_string_append_len(all, f->modules[i].text, (gssize)f->modules[i].len);
    }
    aj_hash_blob(all->str, all->len, hash);
}

/* ------------------------------------------------------------------ what is lent */

static AjTree *read_markdown(AjArena *a, const char *text, size_t len, void *data)
{
    (void)data;
    g_autoptr(AjDiags) ignored = aj_diags_new();
    AjMarkdownOptions options = {"", 1, true};
    return aj_markdown_parse(a, text, len, &options, ignored);
}

static void write_html(AjTree *tree, GString *out, void *data)
{
    const AjFilterView *view = data;
    AjHtmlOptions how = {.raw_html = view->config && view->config->raw_html};
    aj_html_render(tree->root, &how, out);
}

static void note(AjFilterView *view, const char *what, const uint8_t hash[20])
{
    char hex[41] = "-";
    if (!view->reads)
        return;
    for (unsigned i = 0; hash && i < 20; i++)
        g_snprintf(hex + 2 * i, 3, "%02x", hash[i]);
    for (uint32_t i = 0; i < view->reads->len; i += 2)
        if (strcmp(view->reads->items[i]->s, what) == 0)
            return;
    aj_value_push(view->arena, view->reads, aj_value_string(view->arena, what));
    aj_value_push(view->arena, view->reads, aj_value_string(view->arena, hex));
}

/* What a site keeps for itself, a page must not show by way of a filter. */
static bool is_private(const char *path)
{
    g_auto(GStrv) parts = g_strsplit(path, "/", -1);
    for (char **p = parts; *p; p++)
        if (**p == '.')
            return true;
    return strcmp(path, "roster.csv") == 0 || g_str_has_suffix(path, ".key") ||
           g_str_has_suffix(path, ".pem");
}

/* No link is followed, and nothing is waited for. */
static bool is_file(const char *root, const char *path, const char **why)
{
    struct stat st;
    int fd = aj_fs_open_below(root, path);
    *why = fd < 0 && errno == ELOOP ? "a link, which is not for filters" : "no such file";
    if (fd < 0)
        return false;
    bool regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
    close(fd);
    *why = "no regular file";
    return regular;
}

static bool bytes_of(const char *root, const char *path, GString *out, const char **why)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *full = is_private(path) ? NULL : aj_fs_join(root, path, &error);
    g_autofree char *text = NULL;
    size_t len = 0;
    *why = "not for filters";
    if (!full || !is_file(root, path, why))
        return false;
    *why = "no such file";
    if (!aj_fs_read(full, FILE_LIMIT, &text, &len, &error)) {
        if (g_error_matches(error, AJ_FS_ERROR, AJ_FS_ERROR_TOO_BIG))
            *why = "too big";
        return false;
    }
    g_string_append_len(out, text, (gssize)len);
    return true;
}

static bool names_of(const char *root, const char *path, GString *out, const char **why)
{
    *why = "no such folder";
    g_autofree char *full = !*path             ? g_strdup(root)
                            : is_private(path) ? NULL
                                               : aj_fs_join(root, path, NULL);
    g_autoptr(GPtrArray) names = full ? names_in(full) : NULL;
    for (guint i = 0; names && i < names->len; i++) {
        const char *name = names->pdata[i];
        g_string_append_len(out, name, (gssize)strlen(name) + 1);
    }
    return names != NULL;
}

static bool read_file(const char *path, GString *out, const char **why, void *data)
{
    AjFilterView *view = data;
    uint8_t hash[20];
    size_t from = out->len;
    bool good = bytes_of(view->root, path, out, why);
    if (good)
        aj_hash_blob(out->str + from, out->len - from, hash);
    note(view, path, good ? hash : NULL);
    return good;
}

static bool list_folder(const char *path, GString *out, const char **why, void *data)
{
    AjFilterView *view = data;
    uint8_t hash[20];
    size_t from = out->len;
    bool good = names_of(view->root, path, out, why);
    if (good)
        aj_hash_blob(out->str + from, out->len - from, hash);
    g_autofree char *what = g_strdup_printf("%s/", path); /* no file's path ends so */
    note(view, what, good ? hash : NULL);
    return good;
}

void aj_filterset_host(AjLuaHost *host, AjFilterView *view)
{
    host->markdown = read_markdown;
    host->html = write_html;
    if (view->root) {
        host->read = read_file;
        host->list = list_folder;
    }
    host->data = view;
}

void aj_filterset_note(AjFilterView *view, const char *name, const AjFilterSource *f)
{
    uint8_t hash[20];
    g_autofree char *what = g_strdup_printf("//%s", name);
    if (f)
        aj_filterset_hash(f, hash);
    note(view, what, f ? hash : NULL);
}

static char *hash_now(const char *what, const char *root, const AjFilterSource *filters,
                      uint32_t count)
{
    g_autoptr(GString) bytes = g_string_new(NULL);
    const char *why;
    uint8_t hash[20];
    bool there = false;
    size_t len = strlen(what);
    if (strncmp(what, "//", 2) == 0) {
        for (uint32_t i = 0; i < count && !there; i++)
            if (strcmp(filters[i].name, what + 2) == 0) {
                aj_filterset_hash(&filters[i], hash);
                there = true;
            }
    } else {
        g_autofree char *folder = g_strndup(what, len - (what[len - 1] == '/'));
        there = what[len - 1] == '/' ? names_of(root, folder, bytes, &why)
                                     : bytes_of(root, what, bytes, &why);
        if (there)
            aj_hash_blob(bytes->str, bytes->len, hash);
    }
    char hex[41] = "-";
    for (unsigned i = 0; there && i < 20; i++)
        g_snprintf(hex + 2 * i, 3, "%02x", hash[i]);
    return g_strdup(hex);
}

bool aj_filterset_reads_hold(const AjValue *reads, const char *root, const AjFilterSource *filters,
                             uint32_t count, GHashTable *memo)
{
    for (uint32_t i = 0; i + 1 < aj_value_len(reads); i += 2) {
        const char *what = aj_value_at(reads, i)->s;
        const char *now = g_hash_table_lookup(memo, what);
        if (!now) {
            char *fresh = hash_now(what, root, filters, count);
            g_hash_table_insert(memo, g_strdup(what), fresh);
            now = fresh;
        }
        if (strcmp(now, aj_value_at(reads, i + 1)->s) != 0)
            return false;
    }
    return true;
}
