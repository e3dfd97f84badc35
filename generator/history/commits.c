/* commits - reads the commits of a repository by id, and knows where a shallow clone is cut.
 *
 * Must not know: walks, trees, pages. */
#include "history/commits.h"

#include "base/hash.h"
#include "base/lang.h"

#include <git2.h>
#include <string.h>

struct AjCommits {
    AjRepo *repo;
    GHashTable *cut;
    uint8_t cut_hash[32];
};

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

static bool cut_read(AjCommits *c, GError **error)
{
    g_autofree char *path = g_build_filename(aj_repo_commondir(c->repo), "shallow", NULL);
    g_autofree char *text = NULL;
    size_t len;
    AjHash hash;
    if (!aj_repo_is_shallow(c->repo))
        return true;
    if (!g_file_get_contents(path, &text, &len, error)) {
        g_prefix_error(error, "%s: ", AJ_TR("读取浅克隆的边界", "reading where the clone is cut"));
        return false;
    }
    for (const char *p = text; p < text + len;) {
        const char *nl = memchr(p, '\n', (size_t)(text + len - p));
        const char *end = nl ? nl : text + len;
        uint8_t id[20];
        if (aj_commitparse_id(p, (size_t)(end - p), id))
            g_hash_table_add(c->cut, g_memdup2(id, 20));
        p = nl ? nl + 1 : end;
    }
    aj_hash(text, len, &hash);
    memcpy(c->cut_hash, hash.bytes, 32);
    return true;
}

AjCommits *aj_commits_new(AjRepo *repo, GError **error)
{
    AjCommits *c = g_new0(AjCommits, 1);
    c->repo = repo;
    c->cut = g_hash_table_new_full(id_hash, id_equal, g_free, NULL);
    if (cut_read(c, error))
        return c;
    aj_commits_free(c);
    return NULL;
}

void aj_commits_free(AjCommits *c)
{
    if (!c)
        return;
    g_hash_table_unref(c->cut);
    g_free(c);
}

const uint8_t *aj_commits_cut(const AjCommits *c)
{
    return c->cut_hash;
}

bool aj_commits_read(const AjCommits *c, AjArena *a, const uint8_t id[20], AjRawCommit *out,
                     GError **error)
{
    git_odb_object *object = NULL;
    git_oid oid;
    char hex[41];
    memcpy(oid.id, id, 20);
    git_oid_tostr(hex, sizeof hex, &oid);
    int code = git_odb_read(&object, aj_repo_objects(c->repo), &oid);
    if (code < 0) {
        g_autofree char *doing = g_strdup_printf(AJ_TR("读取提交 %s", "reading commit %s"), hex);
        aj_repo_error_take(error, code, doing);
        return false;
    }
    bool good = git_odb_object_type(object) == GIT_OBJECT_COMMIT &&
                aj_commitparse(a, git_odb_object_data(object), git_odb_object_size(object), out);
    git_odb_object_free(object);
    if (!good)
        g_set_error(error, AJ_REPO_ERROR, AJ_REPO_ERROR_DAMAGED,
                    AJ_TR("提交 %s 已损坏，请运行 git fsck", "commit %s is damaged; run git fsck"),
                    hex);
    if (good && g_hash_table_contains(c->cut, id))
        out->parent_count = 0; /* a shallow clone ends here; libgit2's own walk would fail */
    return good;
}

GHashTable *aj_commits_reached(const AjCommits *c, const uint8_t id[20], GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new_full(id_hash, id_equal, g_free, NULL);
    g_autoptr(GPtrArray) stack = g_ptr_array_new(); /* keys of `seen` */
    AjArena *scratch = aj_arena_new(1 << 14);
    uint8_t *first = g_memdup2(id, 20);
    bool good = true;
    g_hash_table_add(seen, first);
    g_ptr_array_add(stack, first);
    while (good && stack->len) {
        const uint8_t *at = g_ptr_array_steal_index(stack, stack->len - 1);
        AjRawCommit raw;
        aj_arena_reset(scratch);
        good = aj_commits_read(c, scratch, at, &raw, error);
        for (uint32_t k = 0; good && k < raw.parent_count; k++) {
            if (g_hash_table_contains(seen, raw.parents[k]))
                continue;
            uint8_t *parent = g_memdup2(raw.parents[k], 20);
            g_hash_table_add(seen, parent);
            g_ptr_array_add(stack, parent);
        }
    }
    aj_arena_free(scratch);
    return good ? g_steal_pointer(&seen) : NULL;
}
