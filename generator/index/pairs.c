/* pairs - the postings of pairs of characters to files, dealt by first character.
 *
 * See pairs.h. Must not know: words, pages, files. */
#include "index/pairs.h"

#include "index/code.h"
#include "index/entries.h"
#include "index/fold.h"
#include "index/postings.h"
#include "index/segment.h"

#include <string.h>

enum {
    DIGEST_FORMAT = 3,
    WISHED = 64, /* units that a pair of a synonym counts as */
    BUCKETS_MAX = 4096,
    SHIFT_MAX = 9
};
#define DIGEST "digest" /* its name among the runs */

typedef struct {
    uint32_t key, at, bits;
} Entry;
typedef struct {
    GString *bytes;  /* entries without their keys */
    GArray *entries; /* Entry, by key */
} Held;

/* A slice of one group: its pairs at..end begin with the character. */
typedef struct {
    uint32_t group, at, end;
} Slice;
typedef struct {
    uint32_t character, slices, slice_count; /* slices: index of the first */
    uint64_t hash;                           /* of all its slices and their groups' places */
    uint32_t first, count; /* small and merged: its entries in `small`; count 0: still asleep */
    uint32_t size;         /* bytes of its entries */
    bool own;              /* has files of its own */
} Character;

/* A character as the digest of the last build tells it. */
typedef struct {
    uint32_t character, size;
    uint64_t hash;
    const uint8_t *tiers,
        *end; /* {n, {second, parts}…}, {n, {second - last, count << 1 | headed}…} */
} Known;

typedef struct {
    AjVolume *v;
    AjLexicon *lexicon;
    GString *splits;
    Slice *slices;
    Character *characters;
    uint32_t character_count;
    uint32_t rare;      /* units below which a pair outside headings is not worth typing */
    GHashTable *wished; /* keys of the pairs in synonyms: to be typed in pinyin, on a page or not */
    Held small;         /* entries of characters without files of their own */
    AjPostings postings;
    GString *old, *digest, *tiers, *lexemes; /* digests; two lists of the character under way */
    const uint8_t *old_at, *old_end;
} Pairs;

static Held held_new(void)
{
    return (Held){g_string_new(NULL), g_array_new(FALSE, FALSE, sizeof(Entry))};
}

static void held_clear(Held *h, uint32_t entries, size_t bytes)
{
    g_array_set_size(h->entries, entries);
    g_string_truncate(h->bytes, bytes);
}

static void held_free(Held *h)
{
    g_string_free(h->bytes, TRUE);
    g_array_free(h->entries, TRUE);
}

/* --- which characters there are --- */

/* Slices by character, then group: counted, then placed. */
static void characters_find(Pairs *p)
{
    enum { ALL = 1 << 16 };
    const AjVolume *v = p->v;
    uint32_t *starts = g_new0(uint32_t, ALL + 1), total = 0;
    for (uint32_t g = 0; g < v->group_count; g++)
        for (uint32_t s = 0; s < v->runs[g].slice_count; s++, total++)
            starts[aj_run_slice_character(&v->runs[g], s) + 1]++;
    uint64_t *hashes = g_new(uint64_t, total + 1);
    p->slices = g_new(Slice, total + 1);
    p->characters = g_new0(Character, total + 1);
    for (uint32_t c = 0; c < ALL; c++) {
        if (starts[c + 1])
            p->characters[p->character_count++] =
                (Character){.character = c, .slices = starts[c], .slice_count = starts[c + 1]};
        starts[c + 1] += starts[c];
    }
    for (uint32_t g = 0; g < v->group_count; g++)
        for (uint32_t s = 0; s < v->runs[g].slice_count; s++) {
            const AjRunSlice *slice = &v->runs[g].slices[s];
            uint32_t at = starts[aj_run_slice_character(&v->runs[g], s)]++;
            p->slices[at] = (Slice){g, slice->first, aj_run_slice_end(&v->runs[g], s)};
            hashes[at] = aj_run_mix(
                aj_run_mix((uint64_t)slice->hash_high << 32 | slice->hash_low, v->groups[g].base),
                v->groups[g].units);
        }
    for (uint32_t i = 0; i < p->character_count; i++) {
        Character *c = &p->characters[i];
        for (uint32_t s = 0; s < c->slice_count; s++)
            c->hash = aj_run_mix(c->hash, hashes[c->slices + s]);
    }
    g_free(hashes);
    g_free(starts);
}

/* --- what the last build knows --- */

/* All but slices that decides about the bytes of a character's files and its lexemes. */
static void digest_begin(const Pairs *p, GString *out)
{
    uint32_t wished = 0; /* their order in the table is nobody's */
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, p->wished);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        wished += (uint32_t)aj_run_mix(GPOINTER_TO_UINT(key), 1);
    aj_code_append(out, DIGEST_FORMAT);
    g_string_append_len(out, p->v->numbering, sizeof p->v->numbering);
    aj_code_append(out, (uint32_t)p->v->shard_bytes);
    aj_code_append(out, (uint32_t)p->v->tier_bytes);
    aj_code_append(out, p->rare);
    aj_code_append(out, wished);
}

static void digest_open(Pairs *p)
{
    const AjShardSink *sink = p->v->sink;
    digest_begin(p, p->digest);
    p->old_at = p->old_end = (const uint8_t *)p->old->str;
    if (sink->load && sink->load(DIGEST, p->old, sink->data) && p->old->len > p->digest->len &&
        memcmp(p->old->str, p->digest->str, p->digest->len) == 0) {
        p->old_at = (const uint8_t *)p->old->str + p->digest->len;
        p->old_end = (const uint8_t *)p->old->str + p->old->len;
    }
}

static bool list_skip(const uint8_t **at, const uint8_t *end)
{
    uint32_t n, x;
    if (!aj_code_get(at, end, &n) || n > (size_t)(end - *at))
        return false;
    for (uint32_t i = 0; i < 2 * n; i++)
        if (!aj_code_get(at, end, &x))
            return false;
    return true;
}

static bool known_next(Pairs *p, Known *k)
{
    if (!aj_code_get(&p->old_at, p->old_end, &k->character) ||
        !aj_code_get(&p->old_at, p->old_end, &k->size) || p->old_end - p->old_at < 8)
        return false;
    memcpy(&k->hash, p->old_at, 8);
    k->tiers = p->old_at += 8;
    if (!list_skip(&p->old_at, p->old_end) || !list_skip(&p->old_at, p->old_end))
        return false;
    k->end = p->old_at;
    return true;
}

static void digest_add(Pairs *p, const Character *c, const void *lists, size_t len)
{
    aj_code_append(p->digest, c->character);
    aj_code_append(p->digest, c->size);
    g_string_append_len(p->digest, (const char *)&c->hash, sizeof c->hash);
    g_string_append_len(p->digest, lists, (gssize)len);
}

/* --- keys and names of files --- */

typedef struct {
    char numbering[12];
    uint32_t format, shard_bytes, tier_bytes, character, part;
    uint64_t hash;
} Source; /* what a file of a character is made from */

static void character_key(const Pairs *p, const Character *c, uint32_t part, AjHash *key)
{
    Source s = {.format = DIGEST_FORMAT,
                .shard_bytes = (uint32_t)p->v->shard_bytes,
                .tier_bytes = (uint32_t)p->v->tier_bytes,
                .character = c->character,
                .part = part,
                .hash = c->hash};
    memcpy(s.numbering, p->v->numbering, sizeof p->v->numbering);
    aj_hash(&s, sizeof s, key);
}

enum { TIERS = UINT16_MAX }; /* in the place of a part */

static unsigned shift_of(const Pairs *p, uint32_t size)
{
    unsigned shift = 0;
    while (size >> shift > p->v->shard_bytes && shift < SHIFT_MAX)
        shift++;
    return shift;
}

static void part_name(const Character *c, uint32_t part, char name[AJ_VOLUME_NAME])
{
    g_snprintf(name, AJ_VOLUME_NAME, "t/%x-%x.js", c->character, part);
}

/* --- merging one character --- */

/* Appends its entries; the lists for lexicon and digest go to p->tiers and p->lexemes. `silent`:
 * its files of low impacts stay, lists are not wanted. */
static bool character_merge(Pairs *p, const Character *c, bool silent, Held *out)
{
    AjVolume *v = p->v;
    Slice *slices = p->slices + c->slices,
          *active = g_memdup2(slices, c->slice_count * sizeof *slices);
    uint32_t n = c->slice_count, tiers = 0, lexemes = 0, last = 0;
    bool going = true;
    AjHash tier_key;
    character_key(p, c, TIERS, &tier_key);
    g_string_truncate(p->tiers, 0);
    g_string_truncate(p->lexemes, 0);
    while (n && going) {
        uint32_t key = UINT32_MAX, left = 0;
        for (uint32_t i = 0; i < n; i++)
            key = MIN(key, v->runs[active[i].group].keys[active[i].at]);
        aj_postings_clear(&p->postings);
        for (uint32_t i = 0; i < n; i++) {
            Slice s = active[i];
            const AjRun *r = &v->runs[s.group];
            if (r->keys[s.at] == key) {
                uint32_t from = r->offsets[s.at], to = r->offsets[s.at + 1];
                aj_postings_add(&p->postings, r->chunks + from, to - from, v->groups[s.group].base);
                s.at++;
            }
            if (s.at < s.end)
                active[left++] = s;
        }
        n = left;
        AjPostingsTier tier = {.pair = key, .key = &tier_key, .silent = silent};
        Entry e = {key, (uint32_t)out->bytes->len, 0};
        going = aj_postings_write(v, &p->postings, &tier, out->bytes, &e.bits);
        g_array_append_val(out->entries, e);
        if (tier.parts_out) {
            aj_code_append(p->tiers, key & 0xFFFF);
            aj_code_append(p->tiers, tier.parts_out);
            tiers++;
        }
        if ((key & 0xFFFF) && (p->postings.count >= p->rare || p->postings.flags ||
                               g_hash_table_contains(p->wished, GUINT_TO_POINTER(key)))) {
            aj_code_append(p->lexemes, (key & 0xFFFF) - last);
            aj_code_append(p->lexemes, p->postings.count << 1 | (p->postings.flags != 0));
            last = key & 0xFFFF;
            lexemes++;
        }
    }
    uint8_t count[5];
    g_string_prepend_len(p->tiers, (const char *)count, aj_code_put(count, tiers) - count);
    aj_code_append(p->tiers, lexemes);
    g_string_append_len(p->tiers, p->lexemes->str, (gssize)p->lexemes->len);
    g_free(active);
    return going;
}

/* From the second list, which is sound: we made it, or known_next has been through it. */
static void lexemes_add(Pairs *p, uint32_t character, const uint8_t *lists, const uint8_t *end)
{
    uint32_t n, last = 0, gap, count;
    list_skip(&lists, end);
    aj_code_get(&lists, end, &n);
    for (uint32_t i = 0; i < n; i++) {
        aj_code_get(&lists, end, &gap);
        aj_code_get(&lists, end, &count);
        uint32_t key = character << 16 | ((last += gap) & 0xFFFF);
        bool wished = g_hash_table_remove(p->wished, GUINT_TO_POINTER(key));
        count = wished ? MAX(count, WISHED << 1 | 1) : count;
        aj_lexicon_add(p->lexicon, key, count >> 1, count & 1);
    }
}

/* --- files --- */

/* Appends those entries from..to for which the key ends in the `shift` bits of `which`. */
static void entries_print(const Held *h, uint32_t from, uint32_t to, unsigned shift, uint32_t which,
                          GString *out)
{
    uint32_t n = 0, mask = (1u << shift) - 1;
    for (uint32_t i = from; i < to; i++)
        n += (g_array_index(h->entries, Entry, i).key & mask) == which;
    AjBits bits = {.out = out};
    AjEntryPairs keys = aj_entries_pairs(&bits, shift, n);
    for (uint32_t i = from; i < to; i++) {
        const Entry *e = &g_array_index(h->entries, Entry, i);
        if ((e->key & mask) != which)
            continue;
        aj_entries_pair(&keys, &bits, e->key);
        aj_bits_copy(&bits, h->bytes->str + e->at, e->bits);
    }
    aj_bits_end(&bits);
}

static bool own_out(Pairs *p, const Character *c, const Held *h, uint32_t from)
{
    unsigned shift = shift_of(p, c->size);
    for (uint32_t part = 0; part < 1u << shift; part++) {
        char name[AJ_VOLUME_NAME];
        AjHash key;
        part_name(c, part, name);
        character_key(p, c, part, &key);
        GString *raw = p->v->coded;
        g_string_truncate(raw, 0);
        entries_print(h, from, h->entries->len, shift, part, raw);
        if (!aj_volume_file(p->v, name, &key, raw->str, raw->len, true))
            return false;
    }
    return true;
}

static bool stays(AjVolume *v, const char *name, const AjHash *key)
{
    return aj_volume_keep(v, name, key) && g_hash_table_add(v->stayed, g_strdup(name));
}

/* True when all its files of the last build stay. */
static bool files_stay(Pairs *p, const Character *c, const Known *k)
{
    const uint8_t *at = k->tiers;
    char name[AJ_VOLUME_NAME];
    AjHash key, tier_key;
    uint32_t n, second, parts;
    bool all = true;
    character_key(p, c, TIERS, &tier_key);
    AjPostingsTier tier = {.key = &tier_key};
    aj_code_get(&at, k->end, &n);
    for (uint32_t i = 0; i < n && all; i++) {
        aj_code_get(&at, k->end, &second);
        aj_code_get(&at, k->end, &parts);
        tier.pair = c->character << 16 | (second & 0xFFFF);
        for (uint32_t part = 1; part <= parts && all; part++) {
            aj_postings_part(&tier, part, name, &key);
            all = stays(p->v, name, &key);
        }
    }
    parts = k->size > p->v->shard_bytes ? 1u << shift_of(p, k->size) : 0;
    for (uint32_t part = 0; part < parts && all; part++) {
        part_name(c, part, name);
        character_key(p, c, part, &key);
        all = stays(p->v, name, &key);
    }
    return all;
}

static bool character_write(Pairs *p, Character *c, const Known *known)
{
    bool going = true;
    g_hash_table_remove_all(p->v->stayed);
    if (known && known->hash == c->hash && files_stay(p, c, known)) {
        c->size = known->size;
        c->own = c->size > p->v->shard_bytes;
        lexemes_add(p, c->character, known->tiers, known->end);
        digest_add(p, c, known->tiers, (size_t)(known->end - known->tiers));
    } else {
        c->first = p->small.entries->len;
        size_t from = p->small.bytes->len;
        going = character_merge(p, c, false, &p->small);
        c->count = p->small.entries->len - c->first;
        c->size = (uint32_t)(p->small.bytes->len - from);
        c->own = c->size > p->v->shard_bytes;
        const uint8_t *lists = (const uint8_t *)p->tiers->str;
        lexemes_add(p, c->character, lists, lists + p->tiers->len);
        digest_add(p, c, lists, p->tiers->len);
        if (c->own) {
            going = going && own_out(p, c, &p->small, c->first);
            held_clear(&p->small, c->first, from);
        }
    }
    if (c->own) {
        g_string_append_unichar(p->splits, c->character);
        g_string_append_printf(p->splits, "%u", shift_of(p, c->size));
    }
    return going;
}

static bool bucket_out(Pairs *p, uint32_t bucket, uint32_t buckets, const uint32_t *members,
                       uint32_t n)
{
    char name[AJ_VOLUME_NAME];
    AjHash key;
    uint64_t hash = aj_run_mix(buckets, n);
    for (uint32_t i = 0; i < n; i++)
        hash = aj_run_mix(aj_run_mix(hash, p->characters[members[i]].character),
                          p->characters[members[i]].hash);
    character_key(p, &(Character){.character = bucket, .hash = hash}, TIERS - 1, &key);
    g_snprintf(name, sizeof name, "t/b%x.js", bucket);
    if (aj_volume_keep(p->v, name, &key))
        return true;
    Held asleep = held_new(), all = held_new();
    bool going = true;
    for (uint32_t i = 0; i < n && going; i++) {
        const Character *c = &p->characters[members[i]];
        const Held *from = &p->small;
        uint32_t first = c->first, count = c->count;
        if (!count) {
            held_clear(&asleep, 0, 0);
            going = character_merge(p, c, true, &asleep);
            from = &asleep;
            first = 0;
            count = asleep.entries->len;
        }
        for (uint32_t k = first; k < first + count; k++) {
            Entry e = g_array_index(from->entries, Entry, k);
            const char *bytes = from->bytes->str + e.at;
            e.at = (uint32_t)all.bytes->len;
            g_string_append_len(all.bytes, bytes, (e.bits + 7) / 8);
            g_array_append_val(all.entries, e);
        }
    }
    GString *raw = p->v->coded;
    g_string_truncate(raw, 0);
    entries_print(&all, 0, all.entries->len, 0, 0, raw);
    going = going && aj_volume_file(p->v, name, &key, raw->str, raw->len, true);
    held_free(&asleep);
    held_free(&all);
    return going;
}

/* Deals characters that are no file of their own to a power of two of buckets. */
static bool buckets_out(Pairs *p, uint32_t *buckets_out)
{
    size_t size = 0;
    for (uint32_t i = 0; i < p->character_count; i++)
        size += p->characters[i].own ? 0 : p->characters[i].size;
    uint32_t buckets = 1;
    while (size / buckets > p->v->shard_bytes / 2 && buckets < BUCKETS_MAX)
        buckets *= 2;
    uint32_t *starts = g_new0(uint32_t, buckets + 1);
    uint32_t *members = g_new(uint32_t, p->character_count + 1);
    for (uint32_t i = 0; i < p->character_count; i++)
        starts[(p->characters[i].character & (buckets - 1)) + 1] += !p->characters[i].own;
    for (uint32_t i = 0; i < buckets; i++)
        starts[i + 1] += starts[i];
    for (uint32_t i = 0; i < p->character_count; i++)
        if (!p->characters[i].own)
            members[starts[p->characters[i].character & (buckets - 1)]++] = i;
    bool going = true;
    for (uint32_t bucket = 0, from = 0; bucket < buckets && going; from = starts[bucket++])
        going = bucket_out(p, bucket, buckets, members + from, starts[bucket] - from);
    g_free(members);
    g_free(starts);
    *buckets_out = buckets;
    return going;
}

/* --- the whole --- */

/* Workers type the initials of a word that may be on no page, only its synonym is. */
static void wished_find(Pairs *p)
{
    const AjValue *synonyms = p->v->sink->synonyms;
    for (uint32_t i = 0; i < aj_value_len(synonyms); i++) {
        const AjValue *set = aj_value_at(synonyms, i);
        for (uint32_t k = 0; k < aj_value_len(set); k++) {
            const AjValue *word = aj_value_at(set, k);
            if (word->type != AJ_VALUE_STRING)
                continue;
            g_autofree char *folded = aj_segment_normalise(word->s, word->len);
            uint32_t last = 0;
            for (const char *s = folded; *s; s = g_utf8_next_char(s)) {
                uint32_t cp = g_utf8_get_char(s);
                bool han = cp <= 0xFFFF && aj_fold_class(cp) == AJ_FOLD_CJK;
                if (han && last)
                    g_hash_table_add(p->wished, GUINT_TO_POINTER(last << 16 | cp));
                last = han ? cp : 0;
            }
        }
    }
}

static void wished_rest(Pairs *p)
{
    GHashTableIter iter;
    gpointer key;
    g_hash_table_iter_init(&iter, p->wished);
    while (g_hash_table_iter_next(&iter, &key, NULL)) /* the lexicon sorts */
        aj_lexicon_add(p->lexicon, GPOINTER_TO_UINT(key), WISHED, true);
}

bool aj_pairs_write(AjVolume *v, AjLexicon *lexicon, GString *splits, uint32_t *buckets)
{
    Pairs p = {.v = v,
               .lexicon = lexicon,
               .splits = splits,
               .rare = v->documents / 2048 + 1,
               .wished = g_hash_table_new(NULL, NULL),
               .small = held_new(),
               .postings = {.bytes = g_string_new(NULL)},
               .old = g_string_new(NULL),
               .digest = g_string_new(NULL),
               .tiers = g_string_new(NULL),
               .lexemes = g_string_new(NULL)};
    v->stayed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    characters_find(&p);
    wished_find(&p);
    digest_open(&p);
    Known known;
    bool more = known_next(&p, &known), going = true;
    for (uint32_t i = 0; i < p.character_count && going; i++) {
        Character *c = &p.characters[i];
        char letters[AJ_LEXICON_LETTERS];
        aj_lexicon_letters(lexicon, c->character, letters); /* the table is to have it */
        while (more && known.character < c->character)
            more = known_next(&p, &known);
        going = character_write(&p, c, more && known.character == c->character ? &known : NULL);
    }
    wished_rest(&p);
    g_hash_table_remove_all(v->stayed);
    going = going && buckets_out(&p, buckets);
    if (going && v->sink->store)
        v->sink->store(DIGEST, p.digest->str, p.digest->len, v->sink->data);
    g_hash_table_destroy(v->stayed);
    v->stayed = NULL;
    g_hash_table_destroy(p.wished);
    held_free(&p.small);
    g_string_free(p.postings.bytes, TRUE);
    g_string_free(p.old, TRUE);
    g_string_free(p.digest, TRUE);
    g_string_free(p.tiers, TRUE);
    g_string_free(p.lexemes, TRUE);
    g_free(p.slices);
    g_free(p.characters);
    return going;
}
