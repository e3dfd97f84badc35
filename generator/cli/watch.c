/* watch - tells when something in a set of folders has changed, once for a burst of changes.
 *
 * Must not know: what is done about it. */
#include "cli/watch.h"

#include <errno.h>
#include <glib-unix.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#define MAX_FOLDERS 8192u
#define MAX_DEPTH 64u
#define EVENTS                                                                                     \
    (IN_CREATE | IN_DELETE | IN_MODIFY | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO |            \
     IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR)

typedef struct {
    char *path;
    int number;       /* the kernel's */
    bool tree;        /* all in it counts, but for what is ignored */
    GPtrArray *names; /* else these files only */
} Folder;

struct AjWatch {
    unsigned quiet_ms;
    void (*changed)(void *data);
    void *data;
    guint timer, source;
    int fd;              /* inotify's */
    GHashTable *paths;   /* path → Folder */
    GHashTable *numbers; /* number → Folder, borrowed */
    GPtrArray *roots;    /* of trees, to look again when events were lost */
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

static void folder_free(gpointer data)
{
    Folder *f = data;
    g_ptr_array_unref(f->names);
    g_free(f->path);
    g_free(f);
}

/* NULL when it cannot be watched: it is gone, or there are too many. */
static Folder *add_folder(AjWatch *w, const char *path)
{
    Folder *f = g_hash_table_lookup(w->paths, path);
    if (f)
        return f;
    int number = w->fd < 0 || g_hash_table_size(w->paths) >= MAX_FOLDERS
                     ? -1
                     : inotify_add_watch(w->fd, path, EVENTS);
    if (number < 0) {
        w->full = true;
        return NULL;
    }
    f = g_hash_table_lookup(w->numbers, GINT_TO_POINTER(number));
    if (f) /* the same under another name */
        return f;
    f = g_new0(Folder, 1);
    *f = (Folder){g_strdup(path), number, .names = g_ptr_array_new_with_free_func(g_free)};
    g_hash_table_insert(w->paths, f->path, f);
    g_hash_table_insert(w->numbers, GINT_TO_POINTER(number), f);
    return f;
}

static void drop_folder(AjWatch *w, Folder *f)
{
    inotify_rm_watch(w->fd, f->number);
    g_hash_table_remove(w->numbers, GINT_TO_POINTER(f->number));
    g_hash_table_remove(w->paths, f->path);
}

/* What was moved away is still watched, under names that are no longer true. */
static void drop_below(AjWatch *w, const char *path)
{
    g_autofree char *below = g_strconcat(path, "/", NULL);
    g_autoptr(GPtrArray) gone = g_ptr_array_new();
    GHashTableIter iter;
    gpointer folder;
    g_hash_table_iter_init(&iter, w->paths);
    while (g_hash_table_iter_next(&iter, NULL, &folder)) {
        Folder *f = folder;
        if (strcmp(f->path, path) == 0 || g_str_has_prefix(f->path, below))
            g_ptr_array_add(gone, f);
    }
    for (guint i = 0; i < gone->len; i++)
        drop_folder(w, gone->pdata[i]);
}

static void add_below(AjWatch *w, const char *folder, unsigned depth)
{
    if (depth > MAX_DEPTH || !is_folder(folder))
        return;
    Folder *f = add_folder(w, folder);
    if (!f)
        return;
    f->tree = true;
    /* Watched first, listed after: what comes between is seen twice, not missed. */
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        if (ignored(name))
            continue;
        g_autofree char *path = g_build_filename(folder, name, NULL);
        add_below(w, path, depth + 1);
    }
}

static void take_event(AjWatch *w, const struct inotify_event *e)
{
    if (e->mask & IN_Q_OVERFLOW) {
        for (guint i = 0; i < w->roots->len; i++)
            add_below(w, w->roots->pdata[i], 0);
        stir(w);
        return;
    }
    Folder *f = g_hash_table_lookup(w->numbers, GINT_TO_POINTER(e->wd));
    if (!f)
        return;
    if (e->mask & (IN_IGNORED | IN_DELETE_SELF | IN_MOVE_SELF)) {
        drop_folder(w, f);
        stir(w);
        return;
    }
    const char *name = e->len ? e->name : "";
    bool counts = f->tree && !ignored(name);
    if (!counts && !g_ptr_array_find_with_equal_func(f->names, name, g_str_equal, NULL))
        return;
    stir(w);
    if (!f->tree || !(e->mask & IN_ISDIR))
        return;
    g_autofree char *path = g_build_filename(f->path, name, NULL);
    if (e->mask & (IN_DELETE | IN_MOVED_FROM))
        drop_below(w, path);
    if (e->mask & (IN_CREATE | IN_MOVED_TO))
        add_below(w, path, 0);
}

static gboolean events_came(gint fd, GIOCondition condition, gpointer user)
{
    (void)condition;
    _Alignas(struct inotify_event) char bytes[16384];
    for (ssize_t n; (n = read(fd, bytes, sizeof bytes)) > 0 || (n < 0 && errno == EINTR);)
        for (ssize_t at = 0; at < n;) {
            const struct inotify_event *e = (const struct inotify_event *)(bytes + at);
            take_event(user, e);
            at += (ssize_t)(sizeof *e + e->len);
        }
    return G_SOURCE_CONTINUE;
}

AjWatch *aj_watch_new(unsigned quiet_ms, void (*changed)(void *data), void *data)
{
    AjWatch *w = g_new0(AjWatch, 1);
    w->quiet_ms = quiet_ms;
    w->changed = changed;
    w->data = data;
    w->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (w->fd >= 0)
        w->source = g_unix_fd_add(w->fd, G_IO_IN, events_came, w);
    w->paths = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, folder_free);
    w->numbers = g_hash_table_new(NULL, NULL);
    w->roots = g_ptr_array_new_with_free_func(g_free);
    return w;
}

void aj_watch_free(AjWatch *w)
{
    if (!w)
        return;
    if (w->timer)
        g_source_remove(w->timer);
    if (w->fd >= 0) {
        g_source_remove(w->source);
        close(w->fd);
    }
    g_hash_table_unref(w->numbers);
    g_hash_table_unref(w->paths);
    g_ptr_array_unref(w->roots);
    g_free(w);
}

bool aj_watch_add_tree(AjWatch *w, const char *folder)
{
    w->full = false;
    g_ptr_array_add(w->roots, g_strdup(folder));
    add_below(w, folder, 0);
    return !w->full;
}

void aj_watch_add_file(AjWatch *w, const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    Folder *f = add_folder(w, folder);
    if (f)
        g_ptr_array_add(f->names, g_path_get_basename(path));
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
