/* renames - where a path that came with a commit lay before.
 *
 * Likeness is that of history/words: tokens and pairs of them, so it holds for Chinese without
 * lines. It is asked only of what the same bytes leave over.
 * Must not know: walks, which names are followed, pages. */
#include "history/renames.h"

#include "history/words.h"

#include <git2.h>
#include <string.h>

enum {
    PAIRS_MAX = 2500,     /* 50 pages moved and mended in one commit; with more, the same bytes */
    BLOB_LIMIT = 1 << 20, /* a page has no more */
    MARK_MIN = 100        /* fifty words; below, what all pages of a kind share makes them alike */
};
/* More than git's half: two cases made from one template are alike by that, and a page must not get
 * the versions of another. */
static const double ALIKE = 0.75;
static const uint8_t EMPTY_BLOB[20] = {0xe6, 0x9d, 0xe2, 0x9b, 0xb2, 0xd1, 0xd6, 0x43, 0x4b, 0x8b,
                                       0x29, 0xae, 0x77, 0x5a, 0xd8, 0xc2, 0xe4, 0x8c, 0x53, 0x91};

typedef struct {
    const uint8_t *id;
    const char *base, *path;
    AjWordsMark mark;
    bool is_read, is_taken; /* its bytes came elsewhere: it is the old name of that alone */
} Side;

struct AjRenames {
    AjRepo *repo;
    AjArena *arena;      /* of the marks of one commit */
    GArray *went, *came; /* Side */
    bool is_settled, is_few;
};

AjRenames *aj_renames_new(AjRepo *repo)
{
    AjRenames *r = g_new0(AjRenames, 1);
    r->repo = repo;
    r->went = g_array_new(FALSE, FALSE, sizeof(Side));
    r->came = g_array_new(FALSE, FALSE, sizeof(Side));
    return r;
}

void aj_renames_free(AjRenames *r)
{
    if (!r)
        return;
    g_array_unref(r->went);
    g_array_unref(r->came);
    if (r->arena)
        aj_arena_free(r->arena);
    g_free(r);
}

void aj_renames_begin(AjRenames *r)
{
    g_array_set_size(r->went, 0);
    g_array_set_size(r->came, 0);
    r->is_settled = false;
    if (r->arena)
        aj_arena_reset(r->arena);
}

static void side_add(GArray *sides, const char *path, const uint8_t *id)
{
    const char *slash = strrchr(path, '/');
    Side s = {.id = id, .base = slash ? slash + 1 : path, .path = path};
    g_array_append_val(sides, s);
}

void aj_renames_went(AjRenames *r, const char *path, const uint8_t *id)
{
    side_add(r->went, path, id);
}

void aj_renames_came(AjRenames *r, const char *path, const uint8_t *id)
{
    side_add(r->came, path, id);
}

static int side_order(const void *a, const void *b)
{
    const Side *x = a, *y = b;
    int order = memcmp(x->id, y->id, 20);
    if (!order)
        order = strcmp(x->base, y->base);
    return order ? order : strcmp(x->path, y->path);
}

/* The first that has these bytes or sorts behind them. */
static uint32_t first_of(const GArray *went, const Side *wanted)
{
    uint32_t low = 0, high = went->len;
    while (low < high) {
        uint32_t mid = (low + high) / 2;
        if (side_order(&g_array_index(went, Side, mid), wanted) < 0)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static Side *at_with(const GArray *went, uint32_t i, const uint8_t *id)
{
    Side *s = i < went->len ? &g_array_index(went, Side, i) : NULL;
    return s && memcmp(s->id, id, 20) == 0 ? s : NULL;
}

static void settle(AjRenames *r)
{
    uint64_t free_went = r->went->len, free_came = r->came->len;
    g_array_sort(r->went, side_order);
    for (uint32_t i = 0; i < r->came->len; i++) {
        const Side *c = &g_array_index(r->came, Side, i);
        const Side wanted = {.id = c->id, .base = "", .path = ""};
        Side *s = NULL;
        bool is_exact = false;
        for (uint32_t k = first_of(r->went, &wanted); (s = at_with(r->went, k, c->id)); k++) {
            free_went -= !s->is_taken;
            s->is_taken = is_exact = true;
        }
        free_came -= is_exact;
    }
    r->is_few = free_went * free_came <= PAIRS_MAX;
    r->is_settled = true;
}

static AjWordsMark mark_of(AjRenames *r, const uint8_t *id)
{
    AjWordsMark mark = {NULL, 0};
    git_odb_object *object = NULL;
    git_oid oid;
    memcpy(oid.id, id, 20);
    if (!r->arena)
        r->arena = aj_arena_new(1 << 16);
    if (git_odb_read(&object, aj_repo_objects(r->repo), &oid) == 0) {
        size_t len = git_odb_object_size(object);
        const char *bytes = git_odb_object_data(object);
        if (git_odb_object_type(object) == GIT_OBJECT_BLOB && len <= BLOB_LIMIT &&
            g_utf8_validate(bytes, (gssize)len, NULL)) {
            g_autofree char *text = g_strndup(bytes, len);
            mark = aj_words_mark(r->arena, text);
        }
        git_odb_object_free(object);
    }
    git_error_clear();
    return mark;
}

static const char *suffix_of(const char *base)
{
    const char *dot = strrchr(base, '.');
    return dot ? dot : "";
}

static const char *alike_find(AjRenames *r, const Side *wanted)
{
    const char *best = NULL;
    double most = ALIKE;
    AjWordsMark own = {NULL, 0};
    bool is_read = false;
    for (uint32_t i = 0; r->is_few && i < r->went->len; i++) {
        Side *s = &g_array_index(r->went, Side, i);
        if (s->is_taken || strcmp(suffix_of(s->base), suffix_of(wanted->base)) != 0)
            continue;
        if (!is_read)
            own = mark_of(r, wanted->id);
        is_read = true;
        if (!s->is_read)
            s->mark = mark_of(r, s->id);
        s->is_read = true;
        if (own.count < MARK_MIN || s->mark.count < MARK_MIN)
            continue;
        double alike = aj_words_alike(own, s->mark);
        if (alike > most) {
            most = alike;
            best = s->path;
        }
    }
    return best;
}

const char *aj_renames_find(AjRenames *r, const char *path, const uint8_t *id)
{
    const char *slash = strrchr(path, '/');
    Side wanted = {.id = id, .base = slash ? slash + 1 : path, .path = ""};
    if (r->went->len == 0 || memcmp(id, EMPTY_BLOB, 20) == 0)
        return NULL;
    if (!r->is_settled)
        settle(r);
    const Side *s = at_with(r->went, first_of(r->went, &wanted), id);
    if (s && strcmp(s->base, wanted.base) == 0)
        return s->path;
    wanted.base = "";
    s = at_with(r->went, first_of(r->went, &wanted), id);
    if (s)
        return s->path;
    wanted.base = slash ? slash + 1 : path;
    return alike_find(r, &wanted);
}
