/* shard - all pages' terms to script shards, manifest and fragments.
 *
 * Pages are grouped where their addresses say so, and a group's documents start at a multiple of
 * 64: a new page or section changes its own group, hardly ever the numbers behind it. Pairs are
 * dealt to files by their first character, so that the manifest needs no list of them. Must not
 * know: files; each finished file goes to a callback. */
#include "index/shard.h"

#include "base/hanzi.h"
#include "base/hash.h"
#include "index/code.h"
#include "index/facet.h"
#include "index/fold.h"
#include "index/lexicon.h"
#include "index/run.h"
#include "index/segment.h"

#include <string.h>

enum {
    FORMAT = 1,
    GROUP_MIN = 64,
    GROUP_MAX = 512,
    GROUP_ALIGN = 64,      /* documents; at least one fragment file */
    TIER_LEAST = 3 << 10,  /* bytes of postings that a term may always have in one file */
    PART_BYTES = 24 << 10, /* of such a file */
    WISHED = 64,           /* units that a pair of a synonym counts as */
    FRAGMENT_FILES = 2048, /* above so many, a fragment file holds twice as many units */
    NAME_MAX_BYTES = 160
};

typedef struct {
    uint32_t first_page, pages, base, units;
} Group;
typedef struct {
    const AjShardPage *pages;
    uint32_t page_count;
    const AjShardSink *sink;
    AjRunPage *run_pages; /* one a page; units 0: has none */
    Group *groups;
    uint32_t group_count, documents; /* documents: end of the numbers */
    GString **run_bytes;
    AjRun *runs;
    char numbering[9]; /* changes when documents are numbered otherwise */
    unsigned fragment_shift;
    size_t shard_bytes, tier_bytes; /* tier: beyond it low impacts go to files of their own */
    GString *script, *coded;
    GHashTable *wished; /* keys of the pairs in synonyms: to be typed in pinyin, on a page or not */
    /* manifest */
    GString *splits, *word_starts, *lexicon_index;
    uint32_t buckets;
} Build;

static bool kept(Build *b, const char *name, const AjHash *key)
{
    return b->sink->keep && b->sink->keep(name, key, b->sink->data);
}

static bool file_out(Build *b, const char *name, const char *payload, size_t len, bool bytes)
{
    AjHash key;
    AjHashState *state = aj_hash_begin();
    aj_hash_add(state, b->numbering, sizeof b->numbering);
    aj_hash_add(state, payload, len);
    aj_hash_end(state, &key);
    if (kept(b, name, &key))
        return true;
    GString *s = b->script;
    g_string_printf(s, "AnjianSearch.put(\"%s\",\"%s\",\"", name, b->numbering);
    if (bytes)
        aj_code_append_text(s, payload, len);
    else
        g_string_append_len(s, payload, (gssize)len);
    g_string_append(s, "\");\n");
    return b->sink->file(name, &key, s->str, s->len, b->sink->data);
}

/* A file whose bytes were quickly made. */
static bool script_out(Build *b, const char *name)
{
    AjHash key;
    aj_hash(b->script->str, b->script->len, &key);
    return kept(b, name, &key) ||
           b->sink->file(name, &key, b->script->str, b->script->len, b->sink->data);
}

static uint32_t spread(const char *s)
{
    uint32_t h = 2166136261u;
    for (; *s; s++)
        h = (h ^ (uint8_t)*s) * 16777619u;
    return h ^ h >> 15;
}

static unsigned title_class(const char *title)
{
    glong len = g_utf8_strlen(title, -1);
    return len <= 4 ? 0 : len <= 8 ? 1 : len <= 16 ? 2 : 3;
}

/* Counts units and terms; a page whose bytes are not ours has no units. */
static void pages_open(Build *b, uint64_t *units_out, uint64_t *terms_out)
{
    for (uint32_t i = 0; i < b->page_count; i++) {
        const AjShardPage *page = &b->pages[i];
        AjRunPage *r = &b->run_pages[i];
        const uint8_t *p = (const uint8_t *)page->terms, *end = p + page->terms_len;
        uint32_t units;
        if (page->terms_len <= AJ_SEGMENT_HEADER || *p != AJ_SEGMENT_VERSION)
            continue;
        r->terms = p;
        r->len = page->terms_len;
        r->title_class = title_class(page->title ? page->title : "");
        p += AJ_SEGMENT_HEADER;
        if (!aj_code_get(&p, end, &units) || units > r->len)
            continue;
        uint64_t terms = 0;
        uint32_t u = 0;
        for (; u < units; u++) {
            const char *s;
            size_t len;
            uint32_t n;
            if (!aj_code_get(&p, end, &n) || !aj_code_get_string(&p, end, &s, &len) ||
                !aj_code_get_string(&p, end, &s, &len) || !aj_code_get_string(&p, end, &s, &len))
                break;
            terms += n;
        }
        if (u < units)
            continue;
        r->units = units;
        *units_out += units;
        *terms_out += terms;
    }
}

static void groups_make(Build *b)
{
    GArray *groups = g_array_new(FALSE, FALSE, sizeof(Group));
    AjHashState *state = aj_hash_begin();
    Group g = {0};
    for (uint32_t i = 0; i < b->page_count; i++) {
        g.pages++;
        g.units += b->run_pages[i].units;
        bool border = g.pages >= GROUP_MIN && !(spread(b->pages[i].address) & 255);
        if (border || g.pages == GROUP_MAX || i + 1 == b->page_count) {
            g_array_append_val(groups, g);
            aj_hash_add(state, &g.base, sizeof g.base);
            b->documents = g.base + g.units;
            g = (Group){.first_page = i + 1,
                        .base =
                            (g.base + g.units + GROUP_ALIGN - 1) & ~(uint32_t)(GROUP_ALIGN - 1)};
        }
    }
    b->group_count = groups->len;
    b->groups = (Group *)(void *)g_array_free(groups, FALSE);
    while (b->documents >> b->fragment_shift > FRAGMENT_FILES && b->fragment_shift < 5)
        b->fragment_shift++;
    aj_hash_add(state, &b->fragment_shift, sizeof b->fragment_shift);
    AjHash hash;
    aj_hash_end(state, &hash);
    aj_hash_hex(&hash, 8, b->numbering);
}

/* The average rounded to a power of the square root of two: it hardly ever changes. */
static uint32_t average_of(uint64_t terms, uint64_t units)
{
    double average = units ? (double)terms / (double)units : 1, step = 16;
    while (step * 1.189207 < average && step < 1e6)
        step *= 1.41421356;
    return (uint32_t)step;
}

static void run_get(Build *b, uint32_t g, uint32_t average)
{
    const Group *group = &b->groups[g];
    GString *bytes = b->run_bytes[g] = g_string_new(NULL);
    AjHashState *state = aj_hash_begin();
    uint32_t head[] = {FORMAT, AJ_SEGMENT_VERSION, average};
    aj_hash_add(state, head, sizeof head);
    for (uint32_t i = group->first_page; i < group->first_page + group->pages; i++) {
        const AjRunPage *r = &b->run_pages[i];
        uint32_t page[] = {r->units, r->title_class};
        aj_hash_add(state, page, sizeof page);
        if (r->units)
            aj_hash_add(state, r->terms, AJ_SEGMENT_HEADER);
    }
    AjHash hash;
    char key[33];
    aj_hash_end(state, &hash);
    aj_hash_hex(&hash, 32, key);
    if (b->sink->load && b->sink->load(key, bytes, b->sink->data) &&
        aj_run_open(bytes->str, bytes->len, &b->runs[g]))
        return;
    g_string_truncate(bytes, 0);
    aj_run_build(b->run_pages + group->first_page, group->pages, average, bytes);
    if (b->sink->store)
        b->sink->store(key, bytes->str, bytes->len, b->sink->data);
    bool ours = aj_run_open(bytes->str, bytes->len, &b->runs[g]);
    g_assert(ours);
}

/* The merged postings of one term. */
typedef struct {
    GString *bytes;
    uint32_t count, flags, last;
} Postings;

static void postings_clear(Postings *t)
{
    g_string_truncate(t->bytes, 0);
    t->count = t->flags = t->last = 0;
}

/* Appends a group's chunk: only its first gap has to be made anew. */
static void postings_add(Postings *t, const uint8_t *bytes, size_t len, uint32_t base)
{
    AjRunChunk c;
    uint32_t first;
    if (!aj_run_chunk(bytes, len, &c))
        return;
    const uint8_t *p = c.postings, *end = p + c.len;
    if (!aj_code_get(&p, end, &first))
        return;
    size_t at = t->bytes->len, rest = (size_t)(end - p);
    g_string_set_size(t->bytes, at + 5 + rest);
    uint8_t *to = aj_code_put((uint8_t *)t->bytes->str + at,
                              (base + (first >> 4) - t->last) << 4 | (first & 15));
    memcpy(to, p, rest);
    g_string_truncate(t->bytes, (gsize)((char *)to + rest - t->bytes->str));
    t->last = base + c.last;
    t->count += c.count;
    t->flags |= c.flags;
}

/* The least impact that still fits into the first tier. */
static unsigned tier_border(const Build *b, const Postings *t)
{
    uint32_t counts[16] = {0}, n, sum = 0;
    const uint8_t *p = (const uint8_t *)t->bytes->str, *end = p + t->bytes->len;
    while (aj_code_get(&p, end, &n))
        counts[n & 15]++;
    unsigned border = 16;
    while (border > 1 && (sum += counts[border - 1]) <= b->tier_bytes / 2)
        border--;
    return border;
}

static bool part_out(Build *b, const char *id, uint32_t *parts, GString *part)
{
    char name[NAME_MAX_BYTES];
    g_snprintf(name, sizeof name, "t/%s-%u.js", id, ++*parts);
    bool going = file_out(b, name, part->str, part->len, true);
    g_string_truncate(part, 0);
    return going;
}

/* Appends {length << 1 | tiered, postings}; a tiered one has {count, parts} between, and the rest
 * of its postings goes to files t/ID-1.js and so on: ID is the key in hex, or x and the word in
 * hex, each counted from document 0. */
static bool postings_out(Build *b, const Postings *t, uint32_t key, const GString *word,
                         GString *out)
{
    if (t->bytes->len <= b->tier_bytes) {
        aj_code_append(out, (uint32_t)t->bytes->len << 1);
        g_string_append_len(out, t->bytes->str, (gssize)t->bytes->len);
        return true;
    }
    char id[NAME_MAX_BYTES] = "x";
    if (word)
        for (size_t i = 0; i < MIN(word->len, 64u); i++)
            g_snprintf(id + 1 + 2 * i, 3, "%02x", (uint8_t)word->str[i]);
    else
        g_snprintf(id, sizeof id, "%x", key);
    unsigned border = tier_border(b, t);
    GString *high = g_string_new(NULL), *low = g_string_new(NULL);
    uint32_t n, doc = 0, last_high = 0, last_low = 0, parts = 0;
    const uint8_t *p = (const uint8_t *)t->bytes->str, *end = p + t->bytes->len;
    bool going = true;
    while (going && aj_code_get(&p, end, &n)) {
        doc += n >> 4;
        if ((n & 15) >= border) {
            aj_code_append(high, (doc - last_high) << 4 | (n & 15));
            last_high = doc;
            continue;
        }
        if (low->len >= PART_BYTES) {
            going = part_out(b, id, &parts, low);
            last_low = 0;
        }
        aj_code_append(low, (doc - last_low) << 4 | (n & 15));
        last_low = doc;
    }
    if (going && low->len)
        going = part_out(b, id, &parts, low);
    aj_code_append(out, (uint32_t)high->len << 1 | 1);
    aj_code_append(out, t->count);
    aj_code_append(out, parts);
    g_string_append_len(out, high->str, (gssize)high->len);
    g_string_free(high, TRUE);
    g_string_free(low, TRUE);
    return going;
}

/* --- pairs --- */

typedef struct {
    uint32_t key, at, len;
} Entry;
typedef struct {
    GString *bytes;  /* entries without their keys */
    GArray *entries; /* Entry, by key */
} Held;

static Held held_new(void)
{
    return (Held){g_string_new(NULL), g_array_new(FALSE, FALSE, sizeof(Entry))};
}

static void held_free(Held *h)
{
    g_string_free(h->bytes, TRUE);
    g_array_free(h->entries, TRUE);
}

/* Writes those entries i for which deal(key) == which. */
static bool pairs_out(Build *b, const Held *h, uint32_t from, uint32_t to, uint32_t mask,
                      uint32_t which, const char *name)
{
    GString *raw = b->coded;
    g_string_truncate(raw, 0);
    uint32_t n = 0, last = 0;
    for (uint32_t i = from; i < to; i++)
        n += (g_array_index(h->entries, Entry, i).key & mask) == which;
    aj_code_append(raw, n);
    for (uint32_t i = from; i < to; i++) {
        const Entry *e = &g_array_index(h->entries, Entry, i);
        if ((e->key & mask) != which)
            continue;
        aj_code_append(raw, e->key - last);
        last = e->key;
        g_string_append_len(raw, h->bytes->str + e->at, e->len);
    }
    return file_out(b, name, raw->str, raw->len, true);
}

static bool character_out(Build *b, const Held *h, uint32_t from)
{
    uint32_t to = h->entries->len, character = g_array_index(h->entries, Entry, from).key >> 16;
    size_t size = h->bytes->len - g_array_index(h->entries, Entry, from).at;
    unsigned shift = 0;
    while (size >> shift > b->shard_bytes && shift < 9)
        shift++;
    g_string_append_unichar(b->splits, character);
    g_string_append_printf(b->splits, "%u", shift);
    for (uint32_t part = 0; part < 1u << shift; part++) {
        char name[32];
        g_snprintf(name, sizeof name, "t/%x-%x.js", character, part);
        if (!pairs_out(b, h, from, to, (1u << shift) - 1, part, name))
            return false;
    }
    return true;
}

/* Deals characters that are no file of their own to a power of two of buckets. */
static bool buckets_out(Build *b, const Held *small)
{
    b->buckets = 1;
    while (small->bytes->len / b->buckets > b->shard_bytes / 2 && b->buckets < 4096)
        b->buckets *= 2;
    uint32_t n = small->entries->len, mask = b->buckets - 1;
    /* Entries stay in order within a bucket: count, then place. */
    uint32_t *starts = g_new0(uint32_t, b->buckets + 1), *order = g_new(uint32_t, n + 1);
    for (uint32_t i = 0; i < n; i++)
        starts[(g_array_index(small->entries, Entry, i).key >> 16 & mask) + 1]++;
    for (uint32_t i = 0; i < b->buckets; i++)
        starts[i + 1] += starts[i];
    for (uint32_t i = 0; i < n; i++)
        order[starts[g_array_index(small->entries, Entry, i).key >> 16 & mask]++] = i;
    bool going = true;
    GString *raw = b->coded;
    for (uint32_t bucket = 0, i = 0; bucket < b->buckets && going; bucket++) {
        g_string_truncate(raw, 0);
        aj_code_append(raw, starts[bucket] - i);
        for (uint32_t last = 0; i < starts[bucket]; i++) {
            const Entry *e = &g_array_index(small->entries, Entry, order[i]);
            aj_code_append(raw, e->key - last);
            last = e->key;
            g_string_append_len(raw, small->bytes->str + e->at, e->len);
        }
        char name[32];
        g_snprintf(name, sizeof name, "t/b%x.js", bucket);
        going = file_out(b, name, raw->str, raw->len, true);
    }
    g_free(starts);
    g_free(order);
    return going;
}

static uint32_t least_key(const uint32_t *heads, uint32_t n)
{
    uint32_t least = UINT32_MAX;
    for (uint32_t i = 0; i < n; i++)
        least = heads[i] < least ? heads[i] : least;
    return least;
}

static bool character_done(Build *b, Held *small, Held *own)
{
    bool going = true;
    if (own->bytes->len > b->shard_bytes) {
        going = character_out(b, own, 0);
    } else {
        for (uint32_t i = 0; i < own->entries->len; i++) {
            Entry e = g_array_index(own->entries, Entry, i);
            e.at += (uint32_t)small->bytes->len;
            g_array_append_val(small->entries, e);
        }
        g_string_append_len(small->bytes, own->bytes->str, (gssize)own->bytes->len);
    }
    g_string_truncate(own->bytes, 0);
    g_array_set_size(own->entries, 0);
    return going;
}

/* All pairs of one first character: only the groups that have it take part. */
static bool character_merge(Build *b, uint32_t character, uint32_t *heads, uint32_t *active,
                            Postings *t, Held *own, AjLexicon *lexicon)
{
    uint32_t n = 0, rare = b->documents / 8192 + 1, end = (character + 1) << 16;
    for (uint32_t g = 0; g < b->group_count; g++)
        if (heads[g] >> 16 == character)
            active[n++] = g;
    bool going = true;
    while (n && going) {
        uint32_t key = UINT32_MAX, left = 0;
        for (uint32_t i = 0; i < n; i++)
            key = MIN(key, heads[active[i]]);
        postings_clear(t);
        for (uint32_t i = 0; i < n; i++) {
            uint32_t g = active[i];
            if (heads[g] == key) {
                AjRun *r = &b->runs[g];
                uint32_t at = r->at++, from = r->offsets[at];
                postings_add(t, r->chunks + from, r->offsets[at + 1] - from, b->groups[g].base);
                heads[g] = r->at < r->pairs ? r->keys[r->at] : UINT32_MAX;
            }
            if (heads[g] < end)
                active[left++] = g;
        }
        n = left;
        Entry e = {key, (uint32_t)own->bytes->len, 0};
        going = postings_out(b, t, key, NULL, own->bytes);
        e.len = (uint32_t)own->bytes->len - e.at;
        g_array_append_val(own->entries, e);
        bool wished = g_hash_table_remove(b->wished, GUINT_TO_POINTER(key));
        if ((key & 0xFFFF) && (t->count >= rare || t->flags || wished))
            aj_lexicon_add(lexicon, key, wished ? MAX(t->count, WISHED) : t->count,
                           wished || t->flags);
    }
    return going;
}

/* Workers type the initials of a word that may be on no page, only its synonym is. */
static void wished_find(Build *b)
{
    b->wished = g_hash_table_new(NULL, NULL);
    for (uint32_t i = 0; i < aj_value_len(b->sink->synonyms); i++) {
        const AjValue *set = aj_value_at(b->sink->synonyms, i);
        for (uint32_t k = 0; k < aj_value_len(set); k++) {
            const AjValue *word = aj_value_at(set, k);
            if (word->type != AJ_VALUE_STRING)
                continue;
            g_autofree char *folded = aj_segment_normalise(word->s, word->len);
            uint32_t last = 0;
            for (const char *p = folded; *p; p = g_utf8_next_char(p)) {
                uint32_t cp = g_utf8_get_char(p);
                bool han = cp <= 0xFFFF && aj_fold_class(cp) == AJ_FOLD_CJK;
                if (han && last)
                    g_hash_table_add(b->wished, GUINT_TO_POINTER(last << 16 | cp));
                last = han ? cp : 0;
            }
        }
    }
}

static void wished_rest(Build *b, AjLexicon *lexicon)
{
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, b->wished);
    while (g_hash_table_iter_next(&iter, &key, NULL)) /* the lexicon sorts */
        aj_lexicon_add(lexicon, GPOINTER_TO_UINT(key), WISHED, true);
}

static bool pairs_merge(Build *b, AjLexicon *lexicon)
{
    uint32_t n = b->group_count;
    uint32_t *heads = g_new(uint32_t, n + 1), *active = g_new(uint32_t, n + 1);
    for (uint32_t g = 0; g < n; g++)
        heads[g] = b->runs[g].pairs ? b->runs[g].keys[0] : UINT32_MAX;
    Held small = held_new(), own = held_new();
    Postings t = {.bytes = g_string_new(NULL)};
    bool going = true;
    for (uint32_t key; going && (key = least_key(heads, n)) != UINT32_MAX;)
        going = character_merge(b, key >> 16, heads, active, &t, &own, lexicon) &&
                character_done(b, &small, &own);
    wished_rest(b, lexicon);
    going = going && buckets_out(b, &small);
    held_free(&small);
    held_free(&own);
    g_string_free(t.bytes, TRUE);
    g_free(heads);
    g_free(active);
    return going;
}

/* --- words --- */

static uint64_t word_head(const AjRun *r)
{
    uint64_t head = 0;
    for (size_t i = 0; i < 8; i++)
        head = head << 8 | (i < r->word_len ? (uint8_t)r->word[i] : 0);
    return r->word ? head : UINT64_MAX;
}

static bool word_less(const AjRun *x, const AjRun *y)
{
    int order = memcmp(x->word, y->word, MIN(x->word_len, y->word_len));
    return order ? order < 0 : x->word_len < y->word_len;
}

static bool words_shard_out(Build *b, GString *raw, uint32_t *shards, uint32_t words)
{
    GString *whole = b->coded;
    g_string_truncate(whole, 0);
    aj_code_append(whole, words);
    g_string_append_len(whole, raw->str, (gssize)raw->len);
    char name[32];
    g_snprintf(name, sizeof name, "t/w%x.js", (*shards)++);
    g_string_truncate(raw, 0);
    return file_out(b, name, whole->str, whole->len, true);
}

static bool words_merge(Build *b)
{
    uint32_t n = b->group_count, shards = 0, words = 0;
    uint64_t *heads = g_new(uint64_t, n + 1);
    for (uint32_t g = 0; g < n; g++)
        heads[g] = word_head(&b->runs[g]);
    Postings t = {.bytes = g_string_new(NULL)};
    GString *raw = g_string_new(NULL), *last = g_string_new(NULL), *word = g_string_new(NULL);
    bool going = true;
    while (going) {
        uint64_t least = UINT64_MAX;
        for (uint32_t g = 0; g < n; g++)
            least = heads[g] < least ? heads[g] : least;
        const AjRun *first = NULL;
        for (uint32_t g = 0; g < n; g++)
            if (heads[g] == least && b->runs[g].word && (!first || word_less(&b->runs[g], first)))
                first = &b->runs[g];
        if (!first)
            break;
        g_string_truncate(word, 0);
        g_string_append_len(word, first->word, (gssize)first->word_len);
        postings_clear(&t);
        for (uint32_t g = 0; g < n; g++) {
            AjRun *r = &b->runs[g];
            if (heads[g] != least || !r->word || r->word_len != word->len ||
                memcmp(r->word, word->str, word->len))
                continue;
            postings_add(&t, r->word_chunk, r->word_chunk_len, b->groups[g].base);
            aj_run_next_word(r);
            heads[g] = word_head(r);
        }
        if (raw->len > b->shard_bytes) {
            going = words_shard_out(b, raw, &shards, words);
            words = 0;
            g_string_truncate(last, 0);
        }
        if (!words++) /* words hold letters, digits and -._/ only: a blank may part them */
            g_string_append_printf(b->word_starts, "%s%s", shards ? " " : "", word->str);
        uint32_t same = 0;
        while (same < last->len && same < word->len && last->str[same] == word->str[same])
            same++;
        aj_code_append(raw, same);
        aj_code_append_string(raw, word->str + same, word->len - same);
        going = going && postings_out(b, &t, 0, word, raw);
        GString *swap = last;
        last = word;
        word = swap;
    }
    if (going && words)
        going = words_shard_out(b, raw, &shards, words);
    g_string_free(t.bytes, TRUE);
    g_string_free(raw, TRUE);
    g_string_free(last, TRUE);
    g_string_free(word, TRUE);
    g_free(heads);
    return going;
}

/* --- fragments --- */

static void string_out(GString *out, const char *s, size_t limit)
{
    size_t len = strlen(s);
    if (len > limit)
        for (len = limit; len && ((unsigned char)s[len] & 0xC0) == 0x80;)
            len--;
    g_string_append_c(out, '"');
    aj_code_append_js(out, s, len);
    g_string_append_c(out, '"');
}

/* The units of one page as fragments tell them. */
typedef struct {
    const AjShardPage *page;
    const AjRunPage *run;
    const uint8_t *at, *end;
    uint32_t first, doc; /* documents: the page's first, the one at `at` */
} Teller;

static Teller teller_new(const Build *b, uint32_t page, uint32_t doc)
{
    const AjRunPage *r = &b->run_pages[page];
    Teller t = {&b->pages[page], r, r->terms + AJ_SEGMENT_HEADER, r->terms + r->len, doc, doc};
    uint32_t units;
    aj_code_get(&t.at, t.end, &units);
    return t;
}

static void unit_tell(Teller *t, GString *out)
{
    uint32_t terms;
    aj_code_get(&t->at, t->end, &terms);
    for (unsigned k = 0; k < 3; k++) {
        const char *s;
        size_t len;
        if (!aj_code_get_string(&t->at, t->end, &s, &len))
            len = 0, s = "";
        if (!out)
            continue;
        g_string_append(out, out->str[out->len - 1] == '[' ? "\"" : ",\"");
        g_string_append_len(out, s, (gssize)len);
        g_string_append_c(out, '"');
    }
    t->doc++;
}

/* [first unit, address, title, kind, [id, heading, text, …]] for units from..to of a page; a page
 * that goes on from the file before starts with its first unit here. */
static void page_tell(Teller *t, uint32_t from, uint32_t to, GString *out)
{
    while (t->doc < from)
        unit_tell(t, NULL);
    g_string_append_printf(out, "%s[%u,", out->str[out->len - 1] == '[' ? "" : ",", from);
    string_out(out, t->page->address, 1024);
    g_string_append_c(out, ',');
    string_out(out, t->page->title ? t->page->title : "", 600);
    g_string_append_c(out, ',');
    string_out(out, t->page->kind ? t->page->kind : "", 40);
    g_string_append(out, ",[");
    while (t->doc < to)
        unit_tell(t, out);
    g_string_append(out, "]]");
}

/* What the documents from..to are made from: their pages' hashes, names and places. */
static void fragment_key(const Build *b, const Teller *tellers, uint32_t n, uint32_t from,
                         uint32_t to, AjHash *key)
{
    AjHashState *state = aj_hash_begin();
    uint32_t place[] = {b->fragment_shift, from, to};
    aj_hash_add(state, place, sizeof place);
    for (uint32_t i = 0; i < n; i++) {
        const Teller *t = &tellers[i];
        aj_hash_add(state, &t->first, sizeof t->first);
        aj_hash_add(state, t->run->terms, AJ_SEGMENT_HEADER);
        aj_hash_add_string(state, t->page->address);
        aj_hash_add_string(state, t->page->title);
        aj_hash_add_string(state, t->page->kind);
    }
    aj_hash_end(state, key);
}

/* One file: the documents from..to, which are those of `n` pages. */
static bool fragment_out(Build *b, Teller *tellers, uint32_t n, uint32_t from, uint32_t to,
                         GString *out)
{
    char name[32];
    AjHash key;
    g_snprintf(name, sizeof name, "f/%x.js", from >> b->fragment_shift);
    fragment_key(b, tellers, n, from, to, &key);
    if (kept(b, name, &key))
        return true;
    g_string_printf(out, "AnjianSearch.put(\"%s\",\"\",[", name);
    for (uint32_t i = 0; i < n; i++) {
        Teller *t = &tellers[i];
        page_tell(t, MAX(from, t->first), MIN(to, t->first + t->run->units), out);
    }
    g_string_append(out, "]);\n");
    return b->sink->file(name, &key, out->str, out->len, b->sink->data);
}

static bool fragments_out(Build *b)
{
    GString *out = g_string_new(NULL);
    Teller *tellers = g_new(Teller, GROUP_MAX); /* pages of the file under way */
    uint32_t per_file = 1u << b->fragment_shift;
    bool going = true;
    for (uint32_t g = 0; g < b->group_count && going; g++) {
        const Group *group = &b->groups[g];
        uint32_t n = 0, doc = group->base, from = doc, end = doc + group->units;
        for (uint32_t i = group->first_page; i < group->first_page + group->pages && going; i++) {
            if (!b->run_pages[i].units)
                continue;
            tellers[n++] = teller_new(b, i, doc);
            doc += b->run_pages[i].units;
            while (going && (doc >= from + per_file || (doc == end && from < end))) {
                uint32_t to = MIN(from + per_file, end);
                going = fragment_out(b, tellers, n, from, to, out);
                from = to;
                if (doc > to)
                    tellers[0] = tellers[n - 1];
                n = doc > to ? 1 : 0;
            }
        }
    }
    g_string_free(out, TRUE);
    g_free(tellers);
    return going;
}

/* --- manifest --- */

static void synonyms_out(const AjValue *synonyms, GString *out)
{
    g_string_append_c(out, '[');
    bool any = false;
    for (uint32_t i = 0; i < aj_value_len(synonyms); i++) {
        const AjValue *set = aj_value_at(synonyms, i);
        if (set->type != AJ_VALUE_LIST || aj_value_len(set) < 2)
            continue;
        g_string_append(out, any ? ",[" : "[");
        any = true;
        bool inner = false;
        for (uint32_t k = 0; k < aj_value_len(set); k++) {
            const AjValue *word = aj_value_at(set, k);
            if (word->type != AJ_VALUE_STRING || !word->len)
                continue;
            char *folded = aj_segment_normalise(word->s, word->len);
            g_string_append(out, inner ? "," : "");
            string_out(out, folded, 120);
            inner = true;
            g_free(folded);
        }
        g_string_append_c(out, ']');
    }
    g_string_append_c(out, ']');
}

/* One bit a document, set where a page starts; low bits first. */
static void page_starts(const Build *b, GString *out)
{
    g_string_set_size(out, (b->documents + 7) / 8);
    memset(out->str, 0, out->len);
    for (uint32_t g = 0; g < b->group_count; g++) {
        uint32_t doc = b->groups[g].base, first = b->groups[g].first_page;
        for (uint32_t i = first; i < first + b->groups[g].pages; i++) {
            if (b->run_pages[i].units)
                out->str[doc / 8] |= (char)(1 << doc % 8);
            doc += b->run_pages[i].units;
        }
    }
}

static bool manifest_out(Build *b, const char *facets)
{
    GString *out = b->script, *bits = b->coded;
    g_string_printf(out,
                    "AnjianSearch.put(\"manifest.js\",\"%s\",{\"format\":%d,\"documents\":%u,"
                    "\"shift\":%u,\"buckets\":%u,\"splits\":\"%s\",\"words\":\"",
                    b->numbering, FORMAT, b->documents, b->fragment_shift, b->buckets,
                    b->splits->str);
    aj_code_append_js(out, b->word_starts->str, b->word_starts->len);
    g_string_append_printf(
        out, "\",\"pinyin\":\"%s\",\"facets\":%s,\"synonyms\":", b->lexicon_index->str, facets);
    synonyms_out(b->sink->synonyms, out);
    page_starts(b, bits);
    g_string_append(out, ",\"pages\":\"");
    aj_code_append_text(out, bits->str, bits->len);
    g_string_append(out, "\"});\n");
    return script_out(b, "manifest.js");
}

/* Traditional character and simplified one by turns: a browser asks for it when a query's character
 * is nowhere in the site. */
static bool han_out(Build *b)
{
    GString *pairs = b->coded;
    g_string_truncate(pairs, 0);
    for (uint32_t cp = 0x3400; cp < 0x30000; cp++) {
        if (cp == 0xA000)
            cp = 0xF900;
        if (cp == 0xFB00)
            cp = 0x20000;
        uint32_t simple = aj_hanzi_simplify(cp);
        if (simple == cp)
            continue;
        g_string_append_unichar(pairs, cp);
        g_string_append_unichar(pairs, simple);
    }
    GString *s = b->script;
    g_string_printf(s, "AnjianSearch.put(\"han.js\",\"\",\"%s\");\n", pairs->str);
    return script_out(b, "han.js");
}

static bool lexicon_file(const char *name, const char *text, size_t len, void *data)
{
    return file_out(data, name, text, len, false);
}

static bool facet_file(const char *name, const char *json, size_t len, void *data)
{
    Build *b = data;
    g_string_printf(b->script, "AnjianSearch.put(\"%s\",\"%s\",", name, b->numbering);
    g_string_append_len(b->script, json, (gssize)len);
    g_string_append(b->script, ");\n");
    return script_out(b, name);
}

static bool facets_out(Build *b, GString *index)
{
    const AjValue **facets = g_new(const AjValue *, b->page_count + 1);
    const char **kinds = g_new(const char *, b->page_count + 1);
    uint32_t n = 0; /* pages without units have no number */
    for (uint32_t i = 0; i < b->page_count; i++) {
        if (!b->run_pages[i].units)
            continue;
        kinds[n] = b->pages[i].kind;
        facets[n++] = b->pages[i].facets;
    }
    bool going = aj_facet_write(kinds, facets, n, facet_file, b, index);
    g_free(facets);
    g_free(kinds);
    return going;
}

bool aj_shard_build(const AjShardPage *pages, uint32_t count, const AjShardSink *sink)
{
    Build b = {.pages = pages, .page_count = count, .sink = sink, .fragment_shift = 2};
    uint64_t units = 0, terms = 0;
    b.run_pages = g_new0(AjRunPage, count + 1);
    pages_open(&b, &units, &terms);
    groups_make(&b);
    b.script = g_string_new(NULL);
    b.coded = g_string_new(NULL);
    b.splits = g_string_new(NULL);
    b.word_starts = g_string_new(NULL);
    b.lexicon_index = g_string_new(NULL);
    b.run_bytes = g_new0(GString *, b.group_count + 1);
    b.runs = g_new0(AjRun, b.group_count + 1);
    uint32_t average = average_of(terms, units);
    size_t run_size = 0;
    for (uint32_t g = 0; g < b.group_count; g++) {
        run_get(&b, g, average);
        run_size += b.run_bytes[g]->len;
    }
    b.shard_bytes = 2 << 10;
    while (b.shard_bytes < 16 << 10 && run_size / b.shard_bytes > 1500)
        b.shard_bytes *= 2;
    b.tier_bytes = MAX(b.shard_bytes * 3 / 4, (size_t)TIER_LEAST);
    wished_find(&b);
    AjLexicon *lexicon = aj_lexicon_new();
    GString *facets = g_string_new(NULL);
    bool done = pairs_merge(&b, lexicon) && words_merge(&b) &&
                aj_lexicon_write(lexicon, lexicon_file, &b, b.lexicon_index) && fragments_out(&b) &&
                facets_out(&b, facets) && han_out(&b) && manifest_out(&b, facets->str);
    g_string_free(facets, TRUE);
    aj_lexicon_free(lexicon);
    g_hash_table_destroy(b.wished);
    for (uint32_t g = 0; g < b.group_count; g++)
        g_string_free(b.run_bytes[g], TRUE);
    g_free(b.run_bytes);
    g_free(b.runs);
    g_free(b.groups);
    g_free(b.run_pages);
    g_string_free(b.script, TRUE);
    g_string_free(b.coded, TRUE);
    g_string_free(b.splits, TRUE);
    g_string_free(b.word_starts, TRUE);
    g_string_free(b.lexicon_index, TRUE);
    return done;
}
