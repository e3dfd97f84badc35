/* treediff - which paths differ between a tree and its parents' trees.
 *
 * Measured on 5,000 commits x 10,000 files: git_tree objects cost more than the comparison itself,
 * so entries are read from the raw bytes, and each tree is read once in a straight history.
 * Must not know: commits, revisions, pages. */
#include "history/treediff.h"

#include "base/lang.h"

#include <git2.h>
#include <string.h>

enum {
    CACHE_BYTES = 8 << 20,
    DEPTH_MAX = 64,
    /* A hostile tree that holds itself ten times on ten levels has 10^10 paths. */
    CHANGES_MAX = 2 * 1000 * 1000
};

typedef struct {
    git_odb_object *object;
    GList link; /* in AjTrees.recent, newest first */
} Cached;

struct AjTrees {
    git_odb *objects;
    GHashTable *by_id; /* id bytes inside the object -> Cached */
    GQueue recent;
    size_t bytes;
};

typedef struct {
    uint32_t mode;
    const char *name;
    size_t len;
    const uint8_t *id;
    const char *end;
} Entry;

typedef struct {
    const char *p, *end;
    git_odb_object *object;
} Cursor;

static guint id_hash(gconstpointer key)
{
    guint h;
    memcpy(&h, key, sizeof h);
    return h;
}

static gboolean id_equal(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, 20) == 0;
}

static void cached_free(gpointer data)
{
    Cached *c = data;
    git_odb_object_free(c->object);
    g_free(c);
}

AjTrees *aj_trees_new(AjRepo *repo)
{
    AjTrees *t = g_new0(AjTrees, 1);
    t->objects = aj_repo_objects(repo);
    t->by_id = g_hash_table_new_full(id_hash, id_equal, NULL, cached_free);
    g_queue_init(&t->recent);
    return t;
}

void aj_trees_free(AjTrees *t)
{
    if (!t)
        return;
    g_hash_table_unref(t->by_id);
    g_free(t);
}

static void cache_trim(AjTrees *t)
{
    while (t->bytes > CACHE_BYTES && t->recent.length > 1) {
        Cached *old = t->recent.tail->data;
        t->bytes -= git_odb_object_size(old->object);
        g_queue_unlink(&t->recent, &old->link);
        g_hash_table_remove(t->by_id, git_odb_object_id(old->object)->id);
    }
}

/* A reference of the caller's own: the cache may drop its one at any time. */
static bool tree_read(AjTrees *t, const uint8_t *id, git_odb_object **out, GError **error)
{
    Cached *hit = g_hash_table_lookup(t->by_id, id);
    if (hit) {
        g_queue_unlink(&t->recent, &hit->link);
        g_queue_push_head_link(&t->recent, &hit->link);
        return git_odb_object_dup(out, hit->object) == 0;
    }
    git_oid oid;
    git_odb_object *object = NULL;
    memcpy(oid.id, id, 20);
    int code = git_odb_read(&object, t->objects, &oid);
    if (code == 0 && git_odb_object_type(object) != GIT_OBJECT_TREE) {
        git_odb_object_free(object);
        git_error_set_str(GIT_ERROR_TREE, "not a tree");
        code = GIT_ERROR;
    }
    if (code < 0) {
        char hex[41];
        g_autofree char *doing = g_strdup_printf(AJ_TR("读取目录对象 %s", "reading tree %s"),
                                                 git_oid_tostr(hex, sizeof hex, &oid));
        aj_repo_error_take(error, code, doing);
        return false;
    }
    Cached *c = g_new0(Cached, 1);
    c->object = object;
    c->link.data = c;
    git_odb_object_dup(out, object);
    g_hash_table_insert(t->by_id, (gpointer)git_odb_object_id(object)->id, c);
    g_queue_push_head_link(&t->recent, &c->link);
    t->bytes += git_odb_object_size(object);
    cache_trim(t);
    return true;
}

static bool cursor_open(AjTrees *t, const uint8_t *id, Cursor *c, GError **error)
{
    *c = (Cursor){NULL, NULL, NULL};
    if (!id)
        return true;
    if (!tree_read(t, id, &c->object, error))
        return false;
    c->p = git_odb_object_data(c->object);
    c->end = c->p + git_odb_object_size(c->object);
    return true;
}

/* "MODE NAME\0ID"; false when it is not that. */
static inline bool entry_read(const char *p, const char *end, Entry *e)
{
    uint32_t mode = 0;
    const char *digit = p;
    while (digit < end && *digit >= '0' && *digit <= '7' && digit - p < 7)
        mode = mode << 3 | (uint32_t)(*digit++ - '0');
    if (digit == p || digit == end || *digit != ' ')
        return false;
    e->mode = mode;
    e->name = digit + 1;
    const char *nul = memchr(e->name, '\0', (size_t)(end - e->name));
    if (!nul || end - nul <= 20)
        return false;
    e->len = (size_t)(nul - e->name);
    e->id = (const uint8_t *)nul + 1;
    e->end = nul + 21;
    return true;
}

static inline bool entry_is_tree(const Entry *e)
{
    return e->mode == 040000;
}

static inline bool entry_equal(const Entry *a, const Entry *b)
{
    return a->mode == b->mode && memcmp(a->id, b->id, 20) == 0;
}

/* git's order: a folder sorts as if its name ended in '/'. */
static int entry_order(const Entry *a, const Entry *b)
{
    size_t n = MIN(a->len, b->len);
    int order = memcmp(a->name, b->name, n);
    if (order)
        return order;
    int last_a = a->len > n ? (unsigned char)a->name[n] : entry_is_tree(a) ? '/' : 0;
    int last_b = b->len > n ? (unsigned char)b->name[n] : entry_is_tree(b) ? '/' : 0;
    if (last_a != last_b)
        return last_a - last_b;
    return a->len < b->len ? -1 : a->len > b->len;
}

static bool name_usable(const Entry *e)
{
    if (e->len == 0 || memchr(e->name, '/', e->len))
        return false;
    return !(e->name[0] == '.' && (e->len == 1 || (e->len == 2 && e->name[1] == '.')));
}

static void damaged_set(GError **error)
{
    g_set_error(error, AJ_REPO_ERROR, AJ_REPO_ERROR_DAMAGED, "%s",
                AJ_TR("git 仓库里有损坏的目录对象，请运行 git fsck",
                      "a tree object of the git repository is damaged; run git fsck"));
}

bool aj_trees_find(AjTrees *t, const uint8_t root[20], const char *prefix, uint8_t id_out[20],
                   bool *found_out, GError **error)
{
    memcpy(id_out, root, 20);
    *found_out = true;
    while (*prefix) {
        size_t len = strcspn(prefix, "/");
        Cursor c;
        Entry e;
        bool good = true, found = false;
        if (!cursor_open(t, id_out, &c, error))
            return false;
        while (!found && c.p < c.end && (good = entry_read(c.p, c.end, &e))) {
            found = entry_is_tree(&e) && e.len == len && memcmp(e.name, prefix, len) == 0;
            c.p = e.end;
        }
        if (found)
            memcpy(id_out, e.id, 20);
        git_odb_object_free(c.object);
        if (!good) {
            damaged_set(error);
            return false;
        }
        if (!found) {
            *found_out = false;
            return true;
        }
        prefix += len;
        prefix += strspn(prefix, "/");
    }
    return true;
}

typedef struct {
    AjTrees *trees;
    AjTreeSee see;
    void *data;
    GString *path;
    uint32_t parents; /* looked at, at most AJ_TREE_PARENTS */
    uint32_t changes;
    GError **error;
} Compare;

/* One folder on one level, in `now` and in every parent. */
typedef struct {
    Cursor now, before;
    Cursor other[AJ_TREE_PARENTS]; /* 1...: opened when the first difference asks for them */
    const uint8_t *const *ids;     /* of this folder in each parent; NULL: absent */
    bool is_open, equal[AJ_TREE_PARENTS];
} Level;

static bool level_compare(Compare *c, const uint8_t *now, const uint8_t *const *ids, int depth);

static size_t common_prefix(const char *a, const char *b, size_t n)
{
    size_t i = 0;
    while (i + 256 <= n && memcmp(a + i, b + i, 256) == 0)
        i += 256;
    while (i + 8 <= n) {
        uint64_t x, y;
        memcpy(&x, a + i, 8);
        memcpy(&y, b + i, 8);
        if (x != y)
            break;
        i += 8;
    }
    while (i < n && a[i] == b[i])
        i++;
    return i;
}

/* Moves both cursors behind the entries they have in common from here on. Ids may hold any byte,
 * so the start of the entry that differs is found by hopping, never by looking back. */
static bool equal_skip(Cursor *a, Cursor *b)
{
    if (a->p == a->end || b->p == b->end)
        return true;
    size_t same = common_prefix(a->p, b->p, (size_t)MIN(a->end - a->p, b->end - b->p));
    if (same < 24)
        return true;
    const char *from = a->p, *stop = a->p + same;
    if (stop == a->end && stop - from == b->end - b->p) {
        a->p = a->end;
        b->p = b->end;
        return true;
    }
    const char *p = from;
    while (p < stop) {
        const char *nul = memchr(p, '\0', (size_t)(a->end - p));
        if (!nul || a->end - nul <= 20)
            return false;
        if (nul + 21 > stop)
            break;
        p = nul + 21;
    }
    a->p = p;
    b->p += p - from;
    return true;
}

static bool others_open(Compare *c, Level *l, const uint8_t *now)
{
    if (l->is_open)
        return true;
    l->is_open = true;
    for (uint32_t i = 1; i < c->parents; i++) {
        l->equal[i] = now && l->ids[i] && memcmp(now, l->ids[i], 20) == 0;
        if (!l->equal[i] && !cursor_open(c->trees, l->ids[i], &l->other[i], c->error))
            return false;
    }
    return true;
}

/* The entry of the same name and sort in another parent; names only ever come in rising order. */
static bool other_find(Cursor *o, const Entry *wanted, Entry *out)
{
    while (o->p && o->p < o->end && entry_read(o->p, o->end, out)) {
        int order = entry_order(out, wanted);
        if (order == 0)
            return true;
        if (order > 0)
            return false;
        o->p = out->end;
    }
    return false;
}

static bool entry_see(Compare *c, Level *l, const uint8_t *level_now, const Entry *now,
                      const Entry *before, int depth)
{
    const Entry *any = now ? now : before;
    const uint8_t *ids[AJ_TREE_PARENTS] = {before ? before->id : NULL};
    AjTreeChange change = {.now = now ? now->id : NULL, .before = ids[0], .absent = before ? 0 : 1};
    if (!name_usable(any))
        return true;
    if (c->parents > 1 && !others_open(c, l, level_now))
        return false;
    for (uint32_t i = 1; i < c->parents; i++) {
        Entry e;
        bool same;
        if (l->equal[i]) {
            ids[i] = change.now;
            same = true;
        } else {
            bool found = other_find(&l->other[i], any, &e);
            ids[i] = found ? e.id : NULL;
            same = found ? now && entry_equal(now, &e) : !now;
        }
        if (!ids[i])
            change.absent |= 1u << i;
        if (same && !change.same)
            change.same = i;
    }
    size_t len = c->path->len;
    g_string_append_len(c->path, any->name, (gssize)any->len);
    bool good = true;
    if (entry_is_tree(any)) {
        g_string_append_c(c->path, '/');
        good = level_compare(c, change.now, ids, depth + 1);
    } else if (++c->changes > CHANGES_MAX) {
        g_set_error(c->error, AJ_REPO_ERROR, AJ_REPO_ERROR_DAMAGED, "%s",
                    AJ_TR("一个提交里的路径太多", "one commit has too many paths"));
        good = false;
    } else {
        change.path = c->path->str;
        change.len = c->path->len;
        c->see(&change, c->data);
    }
    g_string_truncate(c->path, len);
    return good;
}

static bool level_merge(Compare *c, Level *l, const uint8_t *level_now, int depth)
{
    Cursor *a = &l->now, *b = &l->before;
    for (;;) {
        Entry x, y;
        bool good = equal_skip(a, b), has_x = a->p < a->end, has_y = b->p < b->end;
        if (good && !has_x && !has_y)
            return true;
        if (!good || (has_x && !entry_read(a->p, a->end, &x)) ||
            (has_y && !entry_read(b->p, b->end, &y))) {
            damaged_set(c->error);
            return false;
        }
        int order = !has_x ? 1 : !has_y ? -1 : entry_order(&x, &y);
        if (order <= 0)
            a->p = x.end;
        if (order >= 0)
            b->p = y.end;
        if (order == 0 && entry_equal(&x, &y))
            continue;
        if (!entry_see(c, l, level_now, order <= 0 ? &x : NULL, order >= 0 ? &y : NULL, depth))
            return false;
    }
}

static bool level_compare(Compare *c, const uint8_t *now, const uint8_t *const *ids, int depth)
{
    Level l = {.ids = ids};
    if (depth > DEPTH_MAX) {
        g_set_error(
            c->error, AJ_REPO_ERROR, AJ_REPO_ERROR_DAMAGED, "%s",
            AJ_TR("git 仓库里的目录超过 64 层", "folders of the repository nest over 64 deep"));
        return false;
    }
    bool good = cursor_open(c->trees, now, &l.now, c->error) &&
                cursor_open(c->trees, ids[0], &l.before, c->error) &&
                level_merge(c, &l, now, depth);
    git_odb_object_free(l.now.object);
    git_odb_object_free(l.before.object);
    for (uint32_t i = 1; i < c->parents; i++)
        git_odb_object_free(l.other[i].object);
    return good;
}

bool aj_trees_compare(AjTrees *t, const uint8_t *now, const uint8_t *const *parents, uint32_t count,
                      AjTreeSee see, void *data, GError **error)
{
    const uint8_t *ids[AJ_TREE_PARENTS] = {NULL};
    Compare c = {.trees = t, .see = see, .data = data, .error = error};
    c.parents = CLAMP(count, 1, AJ_TREE_PARENTS);
    for (uint32_t i = 0; i < MIN(count, AJ_TREE_PARENTS); i++)
        ids[i] = parents[i];
    if (now && ids[0] && memcmp(now, ids[0], 20) == 0)
        return true;
    c.path = g_string_sized_new(256);
    bool good = level_compare(&c, now, ids, 0);
    g_string_free(c.path, TRUE);
    return good;
}
