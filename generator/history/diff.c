/* diff - two versions of a page, block by block, and word by word where a block changed. Pure.
 *
 * Must not know: how blocks are made or drawn, repositories. */
#include "history/diff.h"

#include <glib.h>
#include <string.h>

enum {
    NONE = 0x7fffffff,
    TABLE_MAX = 4 << 20, /* cells of an alignment of equal blocks */
    PAIRS_MAX = 20000,   /* pairs of blocks whose likeness is asked in one gap, or for moves */
    MOVED_MIN = 12,      /* bytes: a shorter block that turns up elsewhere is chance */
    HEADING_MIN = 6      /* but a heading of two characters goes with its section */
};
static const double ALIKE = 0.4, ALIKE_ALONE = 0.2, ALIKE_MOVED = 0.6;

typedef struct {
    AjArena *a;
    const AjBlock *x, *y;
    uint32_t n, m;
    uint32_t *hx, *hy;    /* hashes of kind and text */
    uint32_t *to, *from;  /* of each block: its pair on the other side, or NONE */
    AjWordsMark *mx, *my; /* made when asked for */
    uint8_t *moved;       /* of each block of y */
} Diff;

static uint32_t hash_of(const AjBlock *b)
{
    uint32_t h = 2166136261u ^ (uint32_t)b->kind * 31 ^ b->level * 131;
    for (const char *s = b->text; *s; s++)
        h = (h ^ (unsigned char)*s) * 16777619u;
    return h;
}

static bool equal(const Diff *d, uint32_t i, uint32_t j)
{
    const AjBlock *x = &d->x[i], *y = &d->y[j];
    return d->hx[i] == d->hy[j] && x->kind == y->kind && x->level == y->level &&
           strcmp(x->text, y->text) == 0;
}

static void pair(Diff *d, uint32_t i, uint32_t j)
{
    d->to[i] = j;
    d->from[j] = i;
}

/* ---- equal blocks ---- */

static void align_small(Diff *d, uint32_t x, uint32_t n, uint32_t y, uint32_t m)
{
    uint32_t width = m + 1;
    g_autofree uint32_t *longest = g_new0(uint32_t, (size_t)(n + 1) * width);
    for (uint32_t i = n; i-- > 0;)
        for (uint32_t j = m; j-- > 0;)
            longest[i * width + j] = equal(d, x + i, y + j) ? longest[(i + 1) * width + j + 1] + 1
                                                            : MAX(longest[(i + 1) * width + j],
                                                                  longest[i * width + j + 1]);
    for (uint32_t i = 0, j = 0; i < n && j < m;) {
        if (equal(d, x + i, y + j))
            pair(d, x + i++, y + j++);
        else if (longest[(i + 1) * width + j] >= longest[i * width + j + 1])
            i++;
        else
            j++;
    }
}

typedef struct {
    uint32_t i, j;
} Anchor;

/* Blocks that stand once on each side, in an order that both sides share: the longest rising row
 * of them (patience). */
static GArray *anchors_of(const Diff *d, uint32_t x, uint32_t n, uint32_t y, uint32_t m)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(Anchor));
    GArray *kept = g_array_new(FALSE, FALSE, sizeof(Anchor));
    for (uint32_t j = y; j < y + m; j++) {
        gpointer key = GUINT_TO_POINTER(d->hy[j]);
        bool twice = g_hash_table_contains(seen, key);
        g_hash_table_insert(seen, key, GUINT_TO_POINTER(twice ? 0 : j + 1));
    }
    for (uint32_t i = x; i < x + n; i++) {
        gpointer key = GUINT_TO_POINTER(d->hx[i]);
        uint32_t j = GPOINTER_TO_UINT(g_hash_table_lookup(seen, key));
        if (!j || !equal(d, i, j - 1))
            continue;
        g_hash_table_insert(seen, key, NULL);
        Anchor at = {i, j - 1};
        g_array_append_val(all, at);
    }
    uint32_t count = all->len, piles = 0;
    g_autofree uint32_t *top = g_new(uint32_t, (size_t)count + 1);
    g_autofree uint32_t *below = g_new(uint32_t, (size_t)count + 1);
    const Anchor *at = (const Anchor *)(void *)all->data;
    for (uint32_t k = 0; k < count; k++) {
        uint32_t low = 0, high = piles;
        while (low < high) {
            uint32_t mid = (low + high) / 2;
            if (at[top[mid]].j < at[k].j)
                low = mid + 1;
            else
                high = mid;
        }
        below[k] = low ? top[low - 1] : NONE;
        top[low] = k;
        piles += low == piles;
    }
    g_array_set_size(kept, piles);
    for (uint32_t k = piles ? top[piles - 1] : NONE, p = piles; k != NONE; k = below[k])
        g_array_index(kept, Anchor, --p) = at[k];
    return kept;
}

static void align(Diff *d, uint32_t x, uint32_t n, uint32_t y, uint32_t m, int depth)
{
    while (n && m && equal(d, x, y)) {
        pair(d, x++, y++);
        n--;
        m--;
    }
    while (n && m && equal(d, x + n - 1, y + m - 1)) {
        n--;
        m--;
        pair(d, x + n, y + m);
    }
    if (!n || !m)
        return;
    if ((uint64_t)(n + 1) * (m + 1) <= TABLE_MAX) {
        align_small(d, x, n, y, m);
        return;
    }
    g_autoptr(GArray) anchors = anchors_of(d, x, n, y, m);
    uint32_t i = x, j = y;
    for (guint k = 0; depth < 8 && k < anchors->len; k++) {
        Anchor at = g_array_index(anchors, Anchor, k);
        align(d, i, at.i - i, j, at.j - j, depth + 1);
        pair(d, at.i, at.j);
        i = at.i + 1;
        j = at.j + 1;
    }
    if (anchors->len)
        align(d, i, x + n - i, j, y + m - j, depth + 1);
}

/* ---- pairs that are alike ---- */

static size_t key_length(const char *field)
{
    const char *colon = strstr(field, "：");
    return colon ? (size_t)(colon - field) : strlen(field);
}

static size_t cell_length(const char *row)
{
    const char *end = strchr(row, AJ_CELL_END);
    return end ? (size_t)(end - row) : strlen(row);
}

static bool same_start(const char *x, const char *y, size_t n, size_t m)
{
    return n == m && memcmp(x, y, n) == 0;
}

/* 0: never a pair. */
static double likeness(Diff *d, uint32_t i, uint32_t j)
{
    const AjBlock *x = &d->x[i], *y = &d->y[j];
    if (x->kind == AJ_BLOCK_FIELD || y->kind == AJ_BLOCK_FIELD)
        return x->kind == y->kind &&
               same_start(x->text, y->text, key_length(x->text), key_length(y->text));
    if (x->kind != y->kind) /* a paragraph made a list item keeps its words */
        return strcmp(x->text, y->text) == 0;
    if (!d->mx[i].hashes)
        d->mx[i] = aj_words_mark(d->a, x->text);
    if (!d->my[j].hashes)
        d->my[j] = aj_words_mark(d->a, y->text);
    double alike = aj_words_alike(d->mx[i], d->my[j]);
    if (x->kind == AJ_BLOCK_ROW &&
        same_start(x->text, y->text, cell_length(x->text), cell_length(y->text)))
        alike = MAX(alike, 0.6);
    return alike;
}

static void pair_gap(Diff *d, uint32_t x, uint32_t n, uint32_t y, uint32_t m)
{
    if (!n || !m || (uint64_t)n * m > PAIRS_MAX)
        return;
    uint32_t width = m + 1;
    g_autofree double *like = g_new(double, (size_t)n *m);
    g_autofree double *best = g_new0(double, (size_t)(n + 1) * width);
    bool alone = n == 1 && m == 1; /* an item for an item is a pair whatever it says */
    double enough = !alone                           ? ALIKE
                    : d->x[x].kind == AJ_BLOCK_TEXT  ? ALIKE_ALONE
                    : d->x[x].kind != d->y[y].kind   ? ALIKE
                    : d->x[x].kind == AJ_BLOCK_FIELD ? ALIKE
                                                     : 0;
    for (uint32_t i = n; i-- > 0;)
        for (uint32_t j = m; j-- > 0;) {
            double l = likeness(d, x + i, y + j);
            like[i * m + j] = l = l >= enough ? l : -1;
            best[i * width + j] = MAX(best[(i + 1) * width + j], best[i * width + j + 1]);
            if (l >= 0)
                best[i * width + j] =
                    MAX(best[i * width + j], best[(i + 1) * width + j + 1] + l + 1e-6);
        }
    for (uint32_t i = 0, j = 0; i < n && j < m;) {
        if (best[i * width + j] <= best[(i + 1) * width + j])
            i++;
        else if (best[i * width + j] <= best[i * width + j + 1])
            j++;
        else
            pair(d, x + i++, y + j++);
    }
}

static void pair_gaps(Diff *d)
{
    uint32_t i = 0, j = 0;
    while (i < d->n || j < d->m) {
        uint32_t x = i, y = j;
        while (i < d->n && d->to[i] == NONE)
            i++;
        while (j < d->m && d->from[j] == NONE)
            j++;
        pair_gap(d, x, i - x, y, j - y);
        if (i < d->n && d->moved[d->to[i]]) /* it ends the gap on its own side alone */
            i++;
        else if (j < d->m && d->moved[j])
            j++;
        else {
            i += i < d->n;
            j += j < d->m;
        }
    }
}

/* ---- moves ---- */

static bool may_move(const AjBlock *b, bool loose)
{
    size_t least = b->kind == AJ_BLOCK_HEADING && !loose ? HEADING_MIN : MOVED_MIN;
    return b->kind != AJ_BLOCK_FIELD && strlen(b->text) >= least;
}

/* Blocks that are equal, or with `loose` alike, wherever they stand. */
static void find_moves(Diff *d, bool loose)
{
    g_autoptr(GArray) gone = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    uint64_t fresh = 0;
    for (uint32_t i = 0; i < d->n; i++)
        if (d->to[i] == NONE && may_move(&d->x[i], loose))
            g_array_append_val(gone, i);
    for (uint32_t j = 0; j < d->m; j++)
        fresh += d->from[j] == NONE;
    if (fresh * gone->len > (loose ? PAIRS_MAX : TABLE_MAX))
        return;
    for (uint32_t j = 0; j < d->m; j++) {
        double best = ALIKE_MOVED;
        uint32_t found = NONE;
        if (d->from[j] != NONE || !may_move(&d->y[j], loose))
            continue;
        for (guint k = 0; k < gone->len; k++) {
            uint32_t i = g_array_index(gone, uint32_t, k);
            if (d->to[i] != NONE)
                continue;
            double l = loose ? likeness(d, i, j) : equal(d, i, j);
            if (l > best) {
                best = l;
                found = i;
            }
        }
        if (found == NONE)
            continue;
        pair(d, found, j);
        d->moved[j] = 1;
    }
}

/* ---- the result ---- */

static void emit(Diff *d, AjDiff *out, GArray *entries, uint32_t i, uint32_t j)
{
    AjDiffEntry e = {.before = i == NONE ? NULL : &d->x[i], .after = j == NONE ? NULL : &d->y[j]};
    if (!e.after) {
        e.kind = AJ_DIFF_GONE;
        out->removed++;
    } else if (!e.before) {
        e.kind = AJ_DIFF_NEW;
        out->added++;
    } else {
        e.moved = d->moved[j];
        out->moved += e.moved;
        if (strcmp(e.before->text, e.after->text) != 0) {
            e.kind = AJ_DIFF_CHANGED;
            e.parts = aj_words_diff(d->a, e.before->text, e.after->text, &e.part_count);
        } else {
            e.form = strcmp(e.before->form, e.after->form) != 0 ||
                     e.before->kind != e.after->kind || e.before->level != e.after->level;
        }
        out->changed += e.kind == AJ_DIFF_CHANGED || e.form;
    }
    g_array_append_val(entries, e);
}

AjDiff *aj_diff_blocks(AjArena *a, const AjBlock *before, uint32_t n, const AjBlock *after,
                       uint32_t m)
{
    Diff d = {.a = a, .x = before, .y = after, .n = n, .m = m};
    AjDiff *out = aj_arena_alloc(a, sizeof *out);
    d.hx = aj_arena_alloc(a, (n + 1) * sizeof *d.hx);
    d.hy = aj_arena_alloc(a, (m + 1) * sizeof *d.hy);
    d.to = aj_arena_alloc(a, (n + 1) * sizeof *d.to);
    d.from = aj_arena_alloc(a, (m + 1) * sizeof *d.from);
    d.mx = aj_arena_alloc(a, (n + 1) * sizeof *d.mx);
    d.my = aj_arena_alloc(a, (m + 1) * sizeof *d.my);
    d.moved = aj_arena_alloc(a, m + 1);
    for (uint32_t i = 0; i < n; i++) {
        d.hx[i] = hash_of(&before[i]);
        d.to[i] = NONE;
    }
    for (uint32_t j = 0; j < m; j++) {
        d.hy[j] = hash_of(&after[j]);
        d.from[j] = NONE;
    }
    align(&d, 0, n, 0, m, 0);
    find_moves(&d, false);
    pair_gaps(&d);
    find_moves(&d, true);
    g_autoptr(GArray) entries = g_array_new(FALSE, TRUE, sizeof(AjDiffEntry));
    for (uint32_t i = 0, j = 0; i < n || j < m;) {
        if (i < n && d.to[i] == NONE)
            emit(&d, out, entries, i++, NONE);
        else if (i < n && d.moved[d.to[i]])
            i++; /* shown where it stands now */
        else if (d.from[j] == NONE || d.moved[j]) {
            emit(&d, out, entries, d.from[j], j);
            j++;
        } else
            emit(&d, out, entries, i++, j++);
    }
    AjDiffEntry *list = aj_arena_alloc(a, (entries->len + 1) * sizeof *list);
    if (entries->len)
        memcpy(list, entries->data, entries->len * sizeof *list);
    out->entries = list;
    out->count = entries->len;
    return out;
}
