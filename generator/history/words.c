/* words - what changed inside one text, in pieces that a person reads. Pure.
 *
 * Must not know: blocks, pages. */
#include "history/words.h"

#include "base/text.h"
#include "model/block.h"

#include <glib.h>
#include <string.h>

enum { CELLS_MAX = 4 << 20, TOKENS_COMPARED = 4000 };
enum { OPEN = 5, LOW = -(1 << 28) };
typedef enum { HAN, WORD, MARK, BLANK } Class;
typedef struct {
    const char *s;
    uint32_t len, hash;
    Class class;
} Token;

/* ---- tokens ---- */

static bool is_word(uint32_t cp)
{
    return g_unichar_isalnum(cp) || cp == '_' || cp == '%' || cp == 0x2103 /* ℃ */ || cp == 0xff05;
}

static bool joins_number(const char *p, const char *end, uint32_t last)
{
    return p + 1 < end && (*p == '.' || *p == ',') && g_ascii_isdigit(p[1]) &&
           g_ascii_isdigit((char)last);
}

static Token token_next(const char **p, const char *end)
{
    const char *start = *p;
    uint32_t cp = aj_utf8_next(p, end);
    Token t = {start, 0, 2166136261u, MARK};
    if (aj_text_is_han(cp)) {
        t.class = HAN;
    } else if (cp == ' ' || cp == 0x3000 || cp == 0xa0) {
        t.class = BLANK;
    } else if (is_word(cp)) {
        t.class = WORD;
        while (*p < end) {
            const char *next = *p;
            uint32_t more = aj_utf8_next(&next, end);
            if (!(is_word(more) && !aj_text_is_han(more)) && !joins_number(*p, end, cp))
                break;
            cp = more;
            *p = next;
        }
    }
    t.len = (uint32_t)(*p - start);
    for (const char *s = start; s < *p; s++)
        t.hash = (t.hash ^ (unsigned char)*s) * 16777619u;
    return t;
}

static GArray *tokens_of(const char *text)
{
    GArray *list = g_array_sized_new(FALSE, FALSE, sizeof(Token), 64);
    const char *p = text, *end = text + strlen(text);
    while (p < end) {
        Token t = token_next(&p, end);
        g_array_append_val(list, t);
    }
    return list;
}

static bool same(const Token *x, const Token *y)
{
    return x->hash == y->hash && x->len == y->len && memcmp(x->s, y->s, x->len) == 0;
}

static int worth(const Token *t)
{
    static const int of[] = {[HAN] = 4, [WORD] = 4, [MARK] = 2, [BLANK] = 1};
    return t->class == MARK && *t->s == AJ_CELL_END ? 100 : of[t->class];
}

/* ---- alignment ---- */

/* Trace: bits 0–1 whence a match came, bit 2 whence a deletion, bits 3–4 whence an insertion. */
enum { M, D, I };

static void align(const Token *x, uint32_t n, const Token *y, uint32_t m, uint8_t *kinds)
{
    uint32_t width = m + 1;
    g_autofree uint8_t *trace = g_malloc((size_t)(n + 1) * width);
    g_autofree int *rows = g_new(int, (size_t)width * 6);
    int *old[3] = {rows, rows + width, rows + 2 * width};
    int *now[3] = {rows + 3 * width, rows + 4 * width, rows + 5 * width};
    for (uint32_t i = 0; i <= n; i++) {
        for (uint32_t j = 0; j <= m; j++) {
            uint8_t t = 0;
            int best = i || j ? LOW : 0;
            if (i && j && same(&x[i - 1], &y[j - 1])) {
                int from = M;
                best = old[M][j - 1];
                for (int k = D; k <= I; k++)
                    if (old[k][j - 1] > best)
                        best = old[from = k][j - 1];
                best += worth(&x[i - 1]);
                t |= (uint8_t)from;
            }
            now[M][j] = best;
            now[D][j] = LOW;
            if (i) {
                bool goes_on = old[D][j] >= old[M][j] - OPEN;
                now[D][j] = goes_on ? old[D][j] : old[M][j] - OPEN;
                t |= (uint8_t)(goes_on << 2);
            }
            now[I][j] = LOW;
            if (j) {
                int from = I;
                now[I][j] = now[I][j - 1];
                if (now[D][j - 1] > now[I][j])
                    now[I][j] = now[from = D][j - 1];
                if (now[M][j - 1] - OPEN > now[I][j]) {
                    now[I][j] = now[M][j - 1] - OPEN;
                    from = M;
                }
                t |= (uint8_t)(from << 3);
            }
            trace[(size_t)i * width + j] = t;
        }
        for (int k = 0; k < 3; k++) {
            int *swap = old[k];
            old[k] = now[k];
            now[k] = swap;
        }
    }
    int state = old[D][m] > old[M][m] ? D : M;
    if (old[I][m] > old[state][m])
        state = I;
    uint32_t i = n, j = m, at = n + m;
    memset(kinds, 0xff, n + m);
    while (i || j) {
        uint8_t t = trace[(size_t)i * width + j];
        if (state == M) {
            kinds[--at] = AJ_PART_SAME;
            state = t & 3;
            i--;
            j--;
        } else if (state == D) {
            kinds[--at] = AJ_PART_GONE;
            state = t & 4 ? D : M;
            i--;
        } else {
            kinds[--at] = AJ_PART_NEW;
            state = t >> 3 & 3;
            j--;
        }
    }
}

/* ---- runs ---- */

typedef struct {
    AjPartKind kind;
    uint32_t from, count; /* tokens of `before` (GONE, SAME) or of `after` */
} Run;

static GArray *runs_of(const uint8_t *kinds, uint32_t len, uint32_t head, uint32_t n, uint32_t m,
                       uint32_t tail)
{
    GArray *runs = g_array_new(FALSE, FALSE, sizeof(Run));
    uint32_t i = 0, j = 0;
    for (uint32_t k = 0; k < head + len + tail; k++) {
        uint8_t kind = k < head || k >= head + len ? AJ_PART_SAME : kinds[k - head];
        if (kind == 0xff)
            continue;
        Run *last = runs->len ? &g_array_index(runs, Run, runs->len - 1) : NULL;
        if (last && last->kind == (AjPartKind)kind) {
            last->count++;
        } else {
            Run r = {(AjPartKind)kind, kind == AJ_PART_NEW ? j : i, 1};
            g_array_append_val(runs, r);
        }
        i += kind != AJ_PART_NEW;
        j += kind != AJ_PART_GONE;
    }
    g_assert(i == head + n + tail && j == head + m + tail);
    return runs;
}

static bool ends_phrase(const Token *t)
{
    return t->class == MARK || t->class == BLANK;
}

/* A lone run between two equal ones may stand at several places; the best is behind a mark, with a
 * mark at its own end. */
static void slide(const Token *tokens, Run *before, Run *run, Run *after)
{
    uint32_t best = run->from, best_score = 0;
    uint32_t low = run->from, high = run->from;
    while (low > run->from - before->count && same(&tokens[low - 1], &tokens[low + run->count - 1]))
        low--;
    while (high < run->from + after->count && same(&tokens[high], &tokens[high + run->count]))
        high++;
    for (uint32_t at = high + 1; at-- > low;) {
        bool clean = at == 0 || ends_phrase(&tokens[at - 1]);
        uint32_t score = clean * 2u + ends_phrase(&tokens[at + run->count - 1]);
        if (score > best_score || (score == best_score && at == run->from)) {
            best = at;
            best_score = score;
        }
    }
    before->count += best - run->from;
    after->count -= best - run->from;
    after->from += best - run->from;
    run->from = best;
}

static void slide_all(GArray *runs, const Token *x, const Token *y)
{
    for (guint i = 1; i + 1 < runs->len; i++) {
        Run *r = &g_array_index(runs, Run, i);
        if (r->kind != AJ_PART_SAME && r[-1].kind == AJ_PART_SAME && r[1].kind == AJ_PART_SAME)
            slide(r->kind == AJ_PART_NEW ? y : x, r - 1, r, r + 1);
    }
}

AjPart *aj_words_diff(AjArena *a, const char *before, const char *after, uint32_t *count_out)
{
    g_autoptr(GArray) xs = tokens_of(before);
    g_autoptr(GArray) ys = tokens_of(after);
    const Token *x = (const Token *)(void *)xs->data, *y = (const Token *)(void *)ys->data;
    uint32_t n = xs->len, m = ys->len, head = 0, tail = 0;
    while (head < n && head < m && same(&x[head], &y[head]))
        head++;
    while (tail < n - head && tail < m - head && same(&x[n - 1 - tail], &y[m - 1 - tail]))
        tail++;
    n -= head + tail;
    m -= head + tail;
    g_autofree uint8_t *kinds = g_malloc(n + m + 1);
    if ((uint64_t)(n + 1) * (m + 1) <= CELLS_MAX) {
        align(x + head, n, y + head, m, kinds);
    } else {
        memset(kinds, AJ_PART_GONE, n);
        memset(kinds + n, AJ_PART_NEW, m);
    }
    g_autoptr(GArray) runs = runs_of(kinds, n + m, head, n, m, tail);
    slide_all(runs, x, y);
    AjPart *parts = aj_arena_alloc(a, (runs->len + 1) * sizeof *parts);
    uint32_t count = 0;
    for (guint i = 0; i < runs->len; i++) {
        const Run *r = &g_array_index(runs, Run, i);
        const Token *t = (r->kind == AJ_PART_NEW ? y : x) + r->from;
        if (r->count)
            parts[count++] =
                (AjPart){r->kind, t->s, (size_t)(t[r->count - 1].s + t[r->count - 1].len - t->s)};
    }
    *count_out = count;
    return parts;
}

/* ---- likeness ---- */

static int number_order(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

AjWordsMark aj_words_mark(AjArena *a, const char *text)
{
    g_autoptr(GArray) tokens = tokens_of(text);
    uint32_t n = MIN(tokens->len, TOKENS_COMPARED), count = 0;
    uint32_t *list = aj_arena_alloc(a, ((size_t)n * 2 + 1) * sizeof *list);
    for (uint32_t i = 0; i < n; i++) {
        const Token *t = &g_array_index(tokens, Token, i);
        if (t->class == BLANK || t->class == MARK)
            continue;
        list[count++] = t->hash;
        if (i)
            list[count++] = t->hash * 31 + g_array_index(tokens, Token, i - 1).hash * 17 + 1;
    }
    qsort(list, count, sizeof *list, number_order);
    return (AjWordsMark){list, count};
}

double aj_words_alike(AjWordsMark x, AjWordsMark y)
{
    uint32_t common = 0;
    for (uint32_t i = 0, j = 0; i < x.count && j < y.count;) {
        uint32_t a = x.hashes[i], b = y.hashes[j];
        common += a == b;
        i += a <= b;
        j += b <= a;
    }
    return x.count + y.count ? 2.0 * common / (x.count + y.count) : 0;
}
