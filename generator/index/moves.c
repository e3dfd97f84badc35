/* moves - which documents of one edition of a site are which of another.
 *
 * See moves.h. Must not know: terms, what the numbers are for. */
#include "index/moves.h"

#include "index/code.h"
#include "index/places.h"
#include "index/run.h"
#include "index/segment.h"

#include <string.h>

enum { DOCUMENTS_MAX = 1 << 26, TEXT_MAX = 1 << 20, GONE = -1 };

typedef struct {
    uint32_t document;
    uint64_t text; /* hash of what the unit says */
} Unit;
typedef struct {
    GArray *units; /* Unit, by document */
} Page;
struct AjMovesSide {
    GHashTable *pages; /* address → Page */
};
typedef struct {
    AjPlaces *places;
    AjTerse *terse;
    GString *bytes, *text; /* scratch */
} Reader;

/* --- reading f/ --- */

static void page_free(gpointer p)
{
    g_array_free(((Page *)p)->units, TRUE);
    g_free(p);
}

static Page *page_get(AjMovesSide *side, const char *address, size_t len)
{
    char *key = g_strndup(address, len);
    Page *page = g_hash_table_lookup(side->pages, key);
    if (page) {
        g_free(key);
        return page;
    }
    page = g_new(Page, 1);
    page->units = g_array_new(FALSE, FALSE, sizeof(Unit));
    g_hash_table_insert(side->pages, key, page);
    return page;
}

/* The lines of one page's text: {address, title, kind}, {id, heading, text} a unit. */
static void page_read(AjMovesSide *side, const GString *text, uint32_t document, uint32_t end)
{
    const char *at = text->str, *to = at + text->len, *line;
    Page *page = NULL;
    Unit u = {document, 0};
    for (unsigned n = 0; (line = memchr(at, '\n', (size_t)(to - at))); n++, at = line + 1) {
        if (!n)
            page = page_get(side, at, (size_t)(line - at));
        if (n < 3)
            continue;
        u.text = aj_run_mix_bytes(u.text, at, (size_t)(line - at));
        if (n % 3 < 2)
            continue;
        if (u.document >= end)
            return;
        g_array_append_val(page->units, u);
        u = (Unit){u.document + 1, 0};
    }
}

static void file_read(AjMovesSide *side, Reader *r, const AjUnfoldFile *f)
{
    uint32_t page, part, from, to;
    const char *at = g_strstr_len(f->bytes, (gssize)MIN(f->len, 64u), "\"\",\"");
    if (!at || !aj_places_file(r->places, f->name, &page, &part))
        return;
    at += 4;
    const char *end = memchr(at, '"', (size_t)(f->bytes + f->len - at)), *next;
    for (; end && at < end; at = next + 1, page++) {
        next = memchr(at, '&', (size_t)(end - at));
        next = next ? next : end;
        g_string_truncate(r->bytes, 0);
        g_string_truncate(r->text, 0);
        if (aj_places_page(r->places, page, &from, &to) &&
            aj_code_read_text(at, (size_t)(next - at), r->bytes) &&
            aj_terse_read(r->terse, r->bytes->str, r->bytes->len, TEXT_MAX, r->text) &&
            part < (to - from + AJ_SEGMENT_PART - 1) / AJ_SEGMENT_PART)
            page_read(side, r->text, from + part * AJ_SEGMENT_PART, to);
    }
}

static gint unit_compare(gconstpointer x, gconstpointer y)
{
    const Unit *a = x, *b = y;
    return a->document < b->document ? -1 : a->document > b->document;
}

AjMovesSide *aj_moves_side(const AjUnfoldFile *files, uint32_t count)
{
    AjMovesSide *side = g_new(AjMovesSide, 1);
    side->pages = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, page_free);
    Reader r = {0};
    for (uint32_t i = 0; i < count && !r.places; i++)
        if (!strcmp(files[i].name, "manifest.js"))
            r.places = aj_places_read(files[i].bytes, files[i].len);
    if (r.places) {
        r.terse = aj_terse_new();
        r.bytes = g_string_new(NULL);
        r.text = g_string_new(NULL);
        for (uint32_t i = 0; i < count; i++)
            file_read(side, &r, &files[i]);
        aj_terse_free(r.terse);
        g_string_free(r.bytes, TRUE);
        g_string_free(r.text, TRUE);
    }
    aj_places_free(r.places);
    GHashTableIter iter;
    gpointer page;
    g_hash_table_iter_init(&iter, side->pages);
    while (g_hash_table_iter_next(&iter, NULL,
                                  &page)) /* each for itself: files may come in any order */
        g_array_sort(((Page *)page)->units, unit_compare);
    return side;
}

void aj_moves_side_free(AjMovesSide *side)
{
    g_hash_table_destroy(side->pages);
    g_free(side);
}

/* --- from one to the other --- */

typedef struct {
    uint32_t from, to;
} Move;

static const Unit *unit_at(const Page *p, uint32_t i)
{
    return &g_array_index(p->units, Unit, i);
}

/* Units that say the same at the beginning and at the end; between them one after the other. */
static void page_moves(const Page *old, const Page *new, GArray *out)
{
    uint32_t n = old->units->len, m = new->units->len, least = MIN(n, m), head = 0, tail = 0;
    while (head < least && unit_at(old, head)->text == unit_at(new, head)->text)
        head++;
    while (tail < least - head &&
           unit_at(old, n - 1 - tail)->text == unit_at(new, m - 1 - tail)->text)
        tail++;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t to = i >= n - tail ? m - (n - i) : i;
        if (i < n - tail && to >= m - tail)
            continue;
        Move move = {unit_at(old, i)->document, unit_at(new, to)->document};
        g_array_append_val(out, move);
    }
}

static gint move_compare(gconstpointer x, gconstpointer y)
{
    const Move *a = x, *b = y;
    return a->from < b->from ? -1 : a->from > b->from;
}

void aj_moves_print(const AjMovesSide *old, const AjMovesSide *new, GString *out)
{
    GArray *moves = g_array_new(FALSE, FALSE, sizeof(Move));
    GHashTableIter iter;
    gpointer address, page;
    g_hash_table_iter_init(&iter, old->pages);
    while (g_hash_table_iter_next(&iter, &address, &page)) { /* sorted below */
        const Page *now = g_hash_table_lookup(new->pages, address);
        if (now)
            page_moves(page, now, moves);
    }
    g_array_sort(moves, move_compare);
    GString *ranges = g_string_new(NULL);
    uint32_t count = 0, end = 0;
    for (uint32_t i = 0, next; i < moves->len; i = next) {
        const Move *m = &g_array_index(moves, Move, i);
        for (next = i + 1; next < moves->len; next++) {
            const Move *x = &g_array_index(moves, Move, next);
            if (x->from - m->from != next - i || x->to - m->to != next - i)
                break;
        }
        aj_code_append(ranges, m->from - end);
        aj_code_append(ranges, next - i);
        aj_code_append(ranges, m->to);
        end = m->from + (next - i);
        count++;
    }
    aj_code_append(out, count);
    g_string_append_len(out, ranges->str, (gssize)ranges->len);
    g_string_free(ranges, TRUE);
    g_array_free(moves, TRUE);
}

struct AjMoves {
    uint32_t count;
    int32_t to[]; /* by document; GONE: nowhere */
};

/* Calls for each range; returns the end of the last one, 0 when malformed. `m` NULL: only counts.
 */
static uint32_t ranges_read(const char *bytes, size_t len, AjMoves *m)
{
    const uint8_t *p = (const uint8_t *)bytes, *end = p + len;
    uint32_t ranges, at = 0, gap, count, to;
    if (!aj_code_get(&p, end, &ranges))
        return 0;
    while (ranges--) {
        if (!aj_code_get(&p, end, &gap) || !aj_code_get(&p, end, &count) ||
            !aj_code_get(&p, end, &to) || gap > DOCUMENTS_MAX - at ||
            count > DOCUMENTS_MAX - at - gap || to > DOCUMENTS_MAX - count)
            return 0;
        at += gap;
        for (uint32_t i = 0; m && i < count; i++)
            m->to[at + i] = (int32_t)(to + i);
        at += count;
    }
    return at;
}

AjMoves *aj_moves_open(const char *bytes, size_t len)
{
    uint32_t count = ranges_read(bytes, len, NULL);
    AjMoves *m = g_malloc(sizeof *m + count * sizeof *m->to);
    m->count = count;
    memset(m->to, 0xFF, count * sizeof *m->to);
    if (count)
        ranges_read(bytes, len, m);
    return m;
}

void aj_moves_free(const AjMoves *m)
{
    g_free((gpointer)m);
}

bool aj_moves_find(const AjMoves *m, uint32_t *document)
{
    if (*document >= m->count || m->to[*document] == GONE)
        return false;
    *document = (uint32_t)m->to[*document];
    return true;
}
