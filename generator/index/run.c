/* run - the sorted postings of one group of pages, the piece that the cache keeps.
 *
 * Must not know: files, other groups, the browser's form. */
#include "index/run.h"

#include "index/code.h"
#include "index/segment.h"

#include <string.h>

/* BM25F with these. */
static const float saturation = 1.2f, length_share = .6f;
/* doc << 6 | flags << 4 | impact below the key */
enum { DOC_SHIFT = 6, DOC_BITS = 26 };

typedef struct {
    uint64_t head; /* aj_code_head */
    const char *s;
    uint32_t len, doc;
    uint8_t flags, impact;
} Word;
typedef struct {
    uint64_t *pairs;
    size_t count, cap;
    GArray *words, *word_starts; /* where each page's begin */
    float *norms;                /* of the page's units */
    size_t norm_cap;
} Builder;

static unsigned impact_of(uint32_t weight, float norm, unsigned title_class)
{
    if (weight & AJ_WEIGHT_TITLE)
        return AJ_IMPACT_MAX - title_class;
    float mentions = (float)(weight & AJ_WEIGHT_MAX) * .5f;
    unsigned impact = 1 + (unsigned)(mentions / (mentions + norm) * AJ_IMPACT_BODY);
    return MIN(impact, (unsigned)AJ_IMPACT_BODY);
}

static uint8_t flags_of(uint32_t weight)
{
    return (uint8_t)((weight & AJ_WEIGHT_TITLE ? AJ_RUN_TITLE : 0) |
                     (weight & AJ_WEIGHT_HEADING ? AJ_RUN_HEADING : 0));
}

/* A page whose bytes are cut short gives what was read so far. */
static void page_read(Builder *b, const AjRunPage *page, uint32_t base, uint32_t average)
{
    const uint8_t *p = page->terms + AJ_SEGMENT_HEADER, *end = page->terms + page->len;
    const char *s;
    size_t len;
    uint32_t units, n;
    if (!aj_code_get(&p, end, &units) || units != page->units)
        return;
    if (units > b->norm_cap) {
        b->norm_cap = units * 2;
        b->norms = g_renew(float, b->norms, b->norm_cap);
    }
    for (uint32_t u = 0; u < units; u++) {
        uint32_t terms;
        if (!aj_code_get(&p, end, &terms) || !aj_code_get_string(&p, end, &s, &len))
            return;
        b->norms[u] =
            saturation * (1 - length_share + length_share * (float)terms / (float)average);
    }
    if (!aj_code_get_string(&p, end, &s, &len) || !aj_code_get(&p, end, &n) || n > page->len)
        return;
    if (b->count + n > b->cap) {
        b->cap = MAX(b->cap * 2, b->count + n);
        b->pairs = g_renew(uint64_t, b->pairs, b->cap);
    }
    uint32_t key = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t delta, unit, weight;
        if (!aj_code_get(&p, end, &delta) || !aj_code_get(&p, end, &unit) ||
            !aj_code_get(&p, end, &weight) || unit >= units)
            return;
        key += delta;
        uint32_t low = (base + unit) << DOC_SHIFT | (uint32_t)flags_of(weight) << 4 |
                       impact_of(weight, b->norms[unit], page->title_class);
        b->pairs[b->count++] = (uint64_t)key << 32 | low;
    }
    if (!aj_code_get(&p, end, &n))
        return;
    uint32_t start = b->words->len;
    g_array_append_val(b->word_starts, start);
    for (uint32_t i = 0; i < n; i++) {
        Word w;
        uint32_t unit, weight;
        if (!aj_code_get_string(&p, end, &w.s, &len) || !aj_code_get(&p, end, &unit) ||
            !aj_code_get(&p, end, &weight) || unit >= units)
            return;
        w.head = aj_code_head(w.s, len);
        w.len = (uint32_t)len;
        w.doc = base + unit;
        w.flags = flags_of(weight);
        w.impact = (uint8_t)impact_of(weight, b->norms[unit], page->title_class);
        g_array_append_val(b->words, w);
    }
}

/* By key; stable, so documents stay in order. Three passes over 11, 11 and 10 bits. */
static void pairs_sort(Builder *b)
{
    uint64_t *from = b->pairs, *to = g_new(uint64_t, MAX(b->cap, 1));
    uint32_t(*counts)[2048] = g_malloc0_n(3, sizeof *counts);
    for (size_t i = 0; i < b->count; i++) {
        counts[0][from[i] >> 32 & 2047]++;
        counts[1][from[i] >> 43 & 2047]++;
        counts[2][from[i] >> 54 & 2047]++;
    }
    static const unsigned shifts[3] = {32, 43, 54};
    for (unsigned pass = 0; pass < 3; pass++) {
        uint32_t sum = 0, *count = counts[pass];
        for (unsigned i = 0; i < 2048; i++) {
            uint32_t c = count[i];
            count[i] = sum;
            sum += c;
        }
        for (size_t i = 0; i < b->count; i++)
            to[count[from[i] >> shifts[pass] & 2047]++] = from[i];
        uint64_t *swap = from;
        from = to;
        to = swap;
    }
    b->pairs = from;
    g_free(to);
    g_free(counts);
}

static bool word_after(const Word *a, const Word *b)
{
    if (a->head != b->head)
        return a->head > b->head;
    int order = memcmp(a->s, b->s, MIN(a->len, b->len));
    return order ? order > 0 : a->len > b->len;
}

/* By bytes, then document. Each page's words are sorted already: neighbours are merged two by two.
 */
static void words_sort(Builder *b)
{
    uint32_t n = b->words->len, runs = b->word_starts->len;
    uint32_t *starts = (uint32_t *)(void *)b->word_starts->data;
    Word *from = (Word *)(void *)b->words->data, *spare = g_new(Word, n + 1), *to = spare;
    for (; n && runs > 1; runs = (runs + 1) / 2) {
        for (uint32_t i = 0; i < runs; i += 2) {
            uint32_t x = starts[i], x_end = i + 1 < runs ? starts[i + 1] : n, y = x_end;
            uint32_t y_end = i + 2 < runs ? starts[i + 2] : n, at = x;
            starts[i / 2] = x;
            while (x < x_end && y < y_end)
                to[at++] = word_after(&from[x], &from[y]) ? from[y++] : from[x++];
            memcpy(to + at, from + x, (x_end - x) * sizeof *to);
            memcpy(to + at + (x_end - x), from + y, (y_end - y) * sizeof *to);
        }
        Word *swap = from;
        from = to;
        to = swap;
    }
    if (n && from == spare)
        memcpy(b->words->data, spare, n * sizeof *spare);
    g_free(spare);
}

static uint8_t *chunk_head(uint8_t *p, uint32_t count, uint32_t flags, uint32_t last)
{
    p = aj_code_put(p, count << 2 | flags);
    return aj_code_put(p, last);
}

uint64_t aj_run_mix_bytes(uint64_t hash, const void *data, size_t len)
{
    const uint8_t *bytes = data;
    uint64_t word = len;
    hash = aj_run_mix(hash, word);
    for (; len >= 8; bytes += 8, len -= 8) {
        memcpy(&word, bytes, 8);
        hash = aj_run_mix(hash, word);
    }
    word = 0;
    memcpy(&word, bytes, len);
    return aj_run_mix(hash, word);
}

/* A run: three numbers (keys, bytes of chunks, slices), keys, offsets, slices, chunks, words. */
enum { HEAD = 3 };

static size_t table_size(size_t keys, size_t slices)
{
    return (HEAD + 2 * keys + 1) * 4 + slices * sizeof(AjRunSlice);
}

static void slices_hash(const uint32_t *keys, const uint32_t *offsets, uint32_t count,
                        const uint8_t *chunks, AjRunSlice *out)
{
    for (uint32_t i = 0; i < count; out++) {
        uint64_t hash = 0;
        uint32_t first = i, character = keys[i] >> 16;
        for (; i < count && keys[i] >> 16 == character; i++)
            hash = aj_run_mix(hash, (uint64_t)keys[i] << 32 | (offsets[i + 1] - offsets[i]));
        hash = aj_run_mix_bytes(hash, chunks + offsets[first], offsets[i] - offsets[first]);
        *out = (AjRunSlice){first, (uint32_t)hash, (uint32_t)(hash >> 32)};
    }
}

static void pairs_write(const Builder *b, GString *out)
{
    uint32_t keys = 0, slices = 0;
    for (size_t i = 0; i < b->count; i++) {
        keys += !i || b->pairs[i] >> 32 != b->pairs[i - 1] >> 32;
        slices += !i || b->pairs[i] >> 48 != b->pairs[i - 1] >> 48;
    }
    size_t start = out->len;
    g_string_set_size(out, start + table_size(keys, slices) + b->count * 5 + (size_t)keys * 10);
    uint32_t *head = (uint32_t *)(void *)(out->str + start);
    uint32_t *key_at = head + HEAD, *offset_at = key_at + keys;
    AjRunSlice *slice_at = (AjRunSlice *)(void *)(offset_at + keys + 1);
    uint8_t *chunks = (uint8_t *)(slice_at + slices), *p = chunks;
    uint32_t at = 0;
    for (size_t i = 0; i < b->count;) {
        uint64_t key = b->pairs[i] >> 32;
        uint32_t flags = 0;
        size_t next = i;
        for (; next < b->count && b->pairs[next] >> 32 == key; next++)
            flags |= b->pairs[next] >> 4 & 3;
        key_at[at] = (uint32_t)key;
        offset_at[at++] = (uint32_t)(p - chunks);
        p = chunk_head(p, (uint32_t)(next - i), flags, (uint32_t)b->pairs[next - 1] >> DOC_SHIFT);
        for (uint32_t last = 0; i < next; i++) {
            uint32_t doc = (uint32_t)b->pairs[i] >> DOC_SHIFT;
            p = aj_code_put(p, (doc - last) << AJ_IMPACT_BITS | (b->pairs[i] & AJ_IMPACT_MAX));
            last = doc;
        }
    }
    offset_at[at] = (uint32_t)(p - chunks);
    head[0] = keys;
    head[1] = (uint32_t)(p - chunks);
    head[2] = slices;
    slices_hash(key_at, offset_at, keys, chunks, slice_at);
    g_string_truncate(out, (gsize)((char *)p - out->str));
}

static void words_write(const Builder *b, GString *out)
{
    const Word *words = (const Word *)(const void *)b->words->data;
    GString *chunk = g_string_new(NULL);
    for (uint32_t i = 0; i < b->words->len;) {
        uint32_t next = i, flags = 0, last = 0;
        for (; next < b->words->len && words[next].len == words[i].len &&
               !memcmp(words[next].s, words[i].s, words[i].len);
             next++)
            flags |= words[next].flags;
        aj_code_append_string(out, words[i].s, words[i].len);
        g_string_truncate(chunk, 0);
        aj_code_append(chunk, (next - i) << 2 | flags);
        aj_code_append(chunk, words[next - 1].doc);
        for (; i < next; i++) {
            aj_code_append(chunk, (words[i].doc - last) << AJ_IMPACT_BITS | words[i].impact);
            last = words[i].doc;
        }
        aj_code_append_string(out, chunk->str, chunk->len);
    }
    g_string_free(chunk, TRUE);
}

void aj_run_build(const AjRunPage *pages, uint32_t count, uint32_t average, GString *out)
{
    Builder b = {.words = g_array_new(FALSE, FALSE, sizeof(Word)),
                 .word_starts = g_array_new(FALSE, FALSE, sizeof(uint32_t))};
    for (uint32_t i = 0; i < count; i++)
        b.cap += pages[i].len / 3; /* a pair takes three bytes at least */
    b.pairs = g_new(uint64_t, b.cap + 1);
    uint32_t base = 0;
    for (uint32_t i = 0; i < count && base + pages[i].units < 1u << DOC_BITS; i++) {
        page_read(&b, &pages[i], base, average);
        base += pages[i].units;
    }
    pairs_sort(&b);
    words_sort(&b);
    g_assert(out->len % 4 == 0);
    pairs_write(&b, out);
    words_write(&b, out);
    g_free(b.pairs);
    g_free(b.norms);
    g_array_free(b.words, TRUE);
    g_array_free(b.word_starts, TRUE);
}

bool aj_run_open(const char *bytes, size_t len, AjRun *run)
{
    *run = (AjRun){0};
    if (len < table_size(0, 0))
        return false;
    const uint32_t *head = (const uint32_t *)(const void *)bytes;
    size_t table = table_size(head[0], head[2]);
    if (head[0] > len / 8 || head[2] > head[0] || table > len || head[1] > len - table)
        return false;
    run->pairs = head[0];
    run->slice_count = head[2];
    run->keys = head + HEAD;
    run->offsets = run->keys + run->pairs;
    run->slices = (const AjRunSlice *)(const void *)(run->offsets + run->pairs + 1);
    run->chunks = (const uint8_t *)bytes + table;
    run->chunks_end = run->chunks + head[1];
    uint32_t slices = 0;
    for (uint32_t i = 0; i < run->pairs; i++) {
        if (run->offsets[i] > run->offsets[i + 1] || (i && run->keys[i] <= run->keys[i - 1]))
            return false;
        if (!i || run->keys[i] >> 16 != run->keys[i - 1] >> 16)
            if (slices == run->slice_count || run->slices[slices++].first != i)
                return false;
    }
    if (run->offsets[run->pairs] != head[1] || slices != run->slice_count)
        return false;
    run->next = run->chunks_end;
    run->words_end = (const uint8_t *)bytes + len;
    aj_run_next_word(run);
    return true;
}

bool aj_run_chunk(const uint8_t *bytes, size_t len, AjRunChunk *chunk)
{
    const uint8_t *p = bytes, *end = bytes + len;
    uint32_t head;
    if (!aj_code_get(&p, end, &head) || !aj_code_get(&p, end, &chunk->last))
        return false;
    chunk->count = head >> 2;
    chunk->flags = head & 3;
    chunk->postings = p;
    chunk->len = (size_t)(end - p);
    return true;
}

void aj_run_next_word(AjRun *run)
{
    const char *chunk;
    if (!aj_code_get_string(&run->next, run->words_end, &run->word, &run->word_len) ||
        !aj_code_get_string(&run->next, run->words_end, &chunk, &run->word_chunk_len)) {
        run->word = NULL;
        run->word_len = 0;
        return;
    }
    run->word_chunk = (const uint8_t *)chunk;
}
