/* watch - tells when something in a set of folders has changed, once for a burst of changes.
 *
 * Must not know: what is done about it. */
#include "cli/watch.h"

#include <gio/gio.h>
#include <string.h>

#define MAX_FOLDERS 8192u
#define MAX_DEPTH 64u

struct AjWatch {
    unsigned quiet_ms;
    void (*changed)(void *data);
    void *data;
    guint timer;
    GHashTable *folders; /* path → GFileMonitor of a folder */
    GPtrArray *files;    /* GFileMonitor of single files */
    bool full;
};

static gboolean quiet(gpointer user)
{
    AjWatch *w = user;
    w->timer = 0;
    w->changed(w->data);
    return G_SOURCE_REMOVE;
}

static void stir(AjWatch *w)
{
    if (w->timer)
        g_source_remove(w->timer);
    w->timer = g_timeout_add(w->quiet_ms, quiet, w);
}

static bool ignored(const char *name)
{
    static const char *const names[] = {"dist", "node_modules", "4913"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    size_t len = strlen(name);
    return name[0] == '.' || name[0] == '#' || len == 0 || name[len - 1] == '~' ||
           g_str_has_suffix(name, ".swp") || g_str_has_suffix(name, ".tmp");
}

static bool is_folder(const char *path)
{
    return g_file_test(path, G_FILE_TEST_IS_DIR) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK);
}

static void add_below(AjWatch *w, const char *folder, unsigned depth);

static void folder_event(GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event,
                         gpointer user)
{
    (void)monitor;
    AjWatch *w = user;
    g_autofree char *path = g_file_get_path(file);
    g_autofree char *to = other ? g_file_get_path(other) : NULL;
    g_autofree char *name = g_path_get_basename(path);
    g_autofree char *to_name = to ? g_path_get_basename(to) : NULL;
    if (event == G_FILE_MONITOR_EVENT_ATTRIBUTE_CHANGED)
        return;
    /* An editor may write beside and rename: then only the second name counts. */
    if (ignored(name) && (!to_name || ignored(to_name)))
        return;
    if (event == G_FILE_MONITOR_EVENT_DELETED || event == G_FILE_MONITOR_EVENT_MOVED_OUT ||
        event == G_FILE_MONITOR_EVENT_RENAMED)
        g_hash_table_remove(w->folders, path);
    if (event == G_FILE_MONITOR_EVENT_CREATED || event == G_FILE_MONITOR_EVENT_MOVED_IN)
        add_below(w, path, 0);
    if (event == G_FILE_MONITOR_EVENT_RENAMED && to && !ignored(to_name))
        add_below(w, to, 0);
    stir(w);
}

static void add_below(AjWatch *w, const char *folder, unsigned depth)
{
    if (depth > MAX_DEPTH || !is_folder(folder))
        return;
    if (!g_hash_table_contains(w->folders, folder)) {
        if (g_hash_table_size(w->folders) >= MAX_FOLDERS) {
            w->full = true;
            return;
        }
        g_autoptr(GFile) file = g_file_new_for_path(folder);
        GFileMonitor *m = g_file_monitor_directory(file, G_FILE_MONITOR_WATCH_MOVES, NULL, NULL);
        if (!m) {
            w->full = true;
            return;
        }
        g_file_monitor_set_rate_limit(m, 20);
        g_signal_connect(m, "changed", G_CALLBACK(folder_event), w);
        g_hash_table_insert(w->folders, g_strdup(folder), m);
    }
    /* Watched first, listed after: what comes between is seen twice, not missed. */
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        if (ignored(name))
            continue;
        g_autofree char *path = g_build_filename(folder, name, NULL);
        add_below(w, path, depth + 1);
    }
}

static void file_event(GFileMonitor *monitor, GFile *file, GFile *other, GFileMonitorEvent event,
                       gpointer user)
{
    (void)monitor;
    (void)file;
    (void)other;
    if (event != G_FILE_MONITOR_EVENT_ATTRIBUTE_CHANGED)
        stir(user);
}

static void monitor_end(gpointer monitor)
{
    g_file_monitor_cancel(monitor);
    g_object_unref(monitor);
}

AjWatch *aj_watch_new(unsigned quiet_ms, void (*changed)(void *data), void *data)
{
    AjWatch *w = g_new0(AjWatch, 1);
    w->quiet_ms = quiet_ms;
    w->changed = changed;
    w->data = data;
    w->folders = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, monitor_end);
    w->files = g_ptr_array_new_with_free_func(monitor_end);
    return w;
}

void aj_watch_free(AjWatch *w)
{
    if (!w)
        return;
    if (w->timer)
        g_source_remove(w->timer);
    g_hash_table_unref(w->folders);
    g_ptr_array_unref(w->files);
    g_free(w);
}

bool aj_watch_add_tree(AjWatch *w, const char *folder)
{
    w->full = false;
    add_below(w, folder, 0);
    return !w->full;
}

void aj_watch_add_file(AjWatch *w, const char *path)
{
    g_autoptr(GFile) file = g_file_new_for_path(path);
    GFileMonitor *m = g_file_monitor_file(file, G_FILE_MONITOR_NONE, NULL, NULL);
    if (!m)
        return;
    g_file_monitor_set_rate_limit(m, 20);
    g_signal_connect(m, "changed", G_CALLBACK(file_event), w);
    g_ptr_array_add(w->files, m);
}

bool aj_watch_add_site(AjWatch *w, const char *dir, const char *program)
{
    bool all = aj_watch_add_tree(w, dir);
    g_autoptr(GPtrArray) roots = g_ptr_array_new_with_free_func(g_free);
    for (char *at = g_strdup(dir);;) {
        g_autofree char *log = g_build_filename(at, ".git", "logs", "HEAD", NULL);
        g_autofree char *git = g_build_filename(at, ".git", NULL);
        if (g_file_test(git, G_FILE_TEST_EXISTS)) {
            if (g_file_test(log, G_FILE_TEST_EXISTS))
                aj_watch_add_file(w, log);
            g_ptr_array_add(roots, at);
            break;
        }
        char *up = g_path_get_dirname(at);
        bool top = strcmp(up, at) == 0;
        g_free(at);
        at = up;
        if (top) {
            g_free(at);
            break;
        }
    }
    const char *data = g_getenv("ANJIAN_DATA");
    if (data)
        g_ptr_array_add(roots, g_strdup(data));
    g_autofree char *beside = g_path_get_dirname(program);
    g_ptr_array_add(roots, g_build_filename(beside, "..", "share", "anjian", NULL));
    g_ptr_array_add(roots, g_build_filename(beside, "..", "..", NULL));
    static const char *const kinds[] = {"themes", "lua-filters"};
    for (guint i = 0; i < roots->len; i++) {
        for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++) {
            g_autofree char *folder = g_build_filename(roots->pdata[i], kinds[k], NULL);
            g_autofree char *real = g_canonicalize_filename(folder, NULL);
            all &= aj_watch_add_tree(w, real);
        }
    }
    return all;
}
