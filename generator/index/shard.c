/* shard - all pages' terms to script shards, manifest and fragments.
 *
 * Pages are grouped where their addresses say so, and a group's documents start at a multiple of
 * 64: a new page or section changes its own group, hardly ever the numbers behind it. Pairs are
 * dealt to files by their first character, so that the manifest needs no list of them. Must not
 * know: files; each finished file goes to a callback. */
#include "index/shard.h"

#include "index/code.h"
#include "index/entries.h"
#include "index/facet.h"
#include "index/fragment.h"
#include "index/lexicon.h"
#include "index/pairs.h"
#include "index/places.h"
#include "index/postings.h"
#include "index/reading.h"
#include "index/segment.h"

#include <string.h>

enum {
    FORMAT = 4,
    GROUP_MIN = 64,
    GROUP_MAX = 512,
    GROUP_ALIGN = 64,  /* documents */
    SHARD_BYTES = 800, /* of a file of terms, unless there would be too many */
    SHARD_FILES = 10000,
    SYNONYM_MAX = 120,
    FRAGMENT_PAGES = 24576 /* above so many a fragment file holds two pages or four */
};

typedef struct {
    AjVolume v;
    GString **run_bytes;
    /* manifest */
    GString *splits, *word_starts;
    uint32_t buckets;
} Build;

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
    return len <= 5 ? 0 : len <= 10 ? 1 : 2;
}

/* Counts units and terms; a page whose bytes are not ours has no units. */
static void pages_open(Build *b, uint64_t *units_out, uint64_t *terms_out)
{
    for (uint32_t i = 0; i < b->v.page_count; i++) {
        const AjShardPage *page = &b->v.pages[i];
        AjRunPage *r = &b->v.run_pages[i];
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
        const char *s;
        size_t len;
        for (; u < units; u++) {
            uint32_t n;
            if (!aj_code_get(&p, end, &n) || !aj_code_get_string(&p, end, &s, &len))
                break;
            terms += n;
        }
        if (u < units || !aj_code_get_string(&p, end, &r->texts, &r->texts_len))
            continue;
        r->units = units;
        *units_out += units;
        *terms_out += terms;
    }
}

/* A group is called by the border before it, or by the next name that is free. */
static void group_name(AjGroup *g, const char *border, GHashTable *taken)
{
    uint32_t key = spread(border) & 0xFFFF;
    while (!g_hash_table_add(taken, GUINT_TO_POINTER(key + 1)))
        key = (key + 1) & 0xFFFF;
    g_snprintf(g->key, sizeof g->key, "%04x", key);
}

static void groups_make(Build *b)
{
    GHashTable *taken = g_hash_table_new(NULL, NULL);
    GArray *groups = g_array_new(FALSE, FALSE, sizeof(AjGroup));
    AjHashState *state = aj_hash_begin();
    AjGroup g = {0};
    for (uint32_t i = 0; i < b->v.page_count; i++) {
        g.pages++;
        g.units += b->v.run_pages[i].units;
        bool border = g.pages >= GROUP_MIN && !(spread(b->v.pages[i].address) & 255);
        if (border || g.pages == GROUP_MAX || i + 1 == b->v.page_count) {
            group_name(&g, g.first_page ? b->v.pages[g.first_page - 1].address : "", taken);
            g_array_append_val(groups, g);
            aj_hash_add(state, &g.base, sizeof g.base);
            b->v.documents = g.base + g.units;
            g = (AjGroup){.first_page = i + 1,
                          .base =
                              (g.base + g.units + GROUP_ALIGN - 1) & ~(uint32_t)(GROUP_ALIGN - 1)};
        }
    }
    b->v.group_count = groups->len;
    b->v.groups = (AjGroup *)(void *)g_array_free(groups, FALSE);
    g_hash_table_destroy(taken);
    while (b->v.pack < AJ_FRAGMENT_PACK && b->v.page_count >> b->v.pack > FRAGMENT_PAGES)
        b->v.pack++;
    for (b->v.reach = 1; b->v.reach <= b->v.documents;)
        b->v.reach *= 2;
    aj_hash_add(state, &b->v.reach, sizeof b->v.reach);
    AjHash hash;
    aj_hash_end(state, &hash);
    aj_hash_hex(&hash, 8, b->v.numbering);
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
    const AjGroup *group = &b->v.groups[g];
    GString *bytes = b->run_bytes[g] = g_string_new(NULL);
    AjHashState *state = aj_hash_begin();
    uint32_t head[] = {AJ_RUN_FORMAT, AJ_SEGMENT_VERSION, average};
    aj_hash_add(state, head, sizeof head);
    for (uint32_t i = group->first_page; i < group->first_page + group->pages; i++) {
        const AjRunPage *r = &b->v.run_pages[i];
        uint32_t page[] = {r->units, r->title_class};
        aj_hash_add(state, page, sizeof page);
        if (r->units)
            aj_hash_add(state, r->terms, AJ_SEGMENT_HEADER);
    }
    AjHash hash;
    char key[33];
    aj_hash_end(state, &hash);
    aj_hash_hex(&hash, 32, key);
    if (b->v.sink->load && b->v.sink->load(key, bytes, b->v.sink->data) &&
        aj_run_open(bytes->str, bytes->len, &b->v.runs[g]))
        return;
    g_string_truncate(bytes, 0);
    aj_run_build(b->v.run_pages + group->first_page, group->pages, average, bytes);
    if (b->v.sink->store)
        b->v.sink->store(key, bytes->str, bytes->len, b->v.sink->data);
    bool ours = aj_run_open(bytes->str, bytes->len, &b->v.runs[g]);
    g_assert(ours);
}

/* --- words --- */

static uint64_t word_head(const AjRun *r)
{
    return r->word ? aj_code_head(r->word, r->word_len) : UINT64_MAX;
}

static bool word_less(const AjRun *x, const AjRun *y)
{
    int order = memcmp(x->word, y->word, MIN(x->word_len, y->word_len));
    return order ? order < 0 : x->word_len < y->word_len;
}

static bool words_shard_out(Build *b, AjBits *raw, uint32_t *shards, uint32_t words)
{
    GString *whole = b->v.coded;
    g_string_truncate(whole, 0);
    AjBits bits = {.out = whole};
    aj_bits_end(raw);
    aj_entries_words(&bits, words);
    aj_bits_copy(&bits, raw->out->str, raw->total);
    aj_bits_end(&bits);
    char name[32];
    g_snprintf(name, sizeof name, "t/w%x.js", (*shards)++);
    g_string_truncate(raw->out, 0);
    *raw = (AjBits){.out = raw->out};
    return aj_volume_file(&b->v, name, NULL, whole->str, whole->len, true);
}

static bool word_write(Build *b, const AjPostings *t, const GString *last, const GString *word,
                       AjBits *out)
{
    AjPostingsTier tier = {.word = word};
    uint32_t bits;
    GString *entry = b->v.coded;
    g_string_truncate(entry, 0);
    bool going = aj_postings_write(&b->v, t, &tier, entry, &bits);
    aj_entries_word(out, last, word);
    aj_bits_copy(out, entry->str, bits);
    return going;
}

/* As much of a file's first word as tells it from the last one before. Words hold letters, digits
 * and -._/ only: a blank may part them. */
static void word_start(Build *b, const GString *word, const GString *before)
{
    size_t same = 0;
    while (same < before->len && word->str[same] == before->str[same])
        same++;
    same = MIN(same + 1, word->len);
    while (same < word->len && ((unsigned char)word->str[same] & 0xC0) == 0x80)
        same++;
    g_string_append_printf(b->word_starts, "%s%.*s", b->word_starts->len ? " " : "", (int)same,
                           word->str);
}

static bool words_merge(Build *b)
{
    uint32_t n = b->v.group_count, shards = 0, words = 0;
    uint64_t *heads = g_new(uint64_t, n + 1);
    for (uint32_t g = 0; g < n; g++)
        heads[g] = word_head(&b->v.runs[g]);
    AjPostings t = {.bytes = g_string_new(NULL)};
    GString *raw = g_string_new(NULL), *last = g_string_new(NULL), *word = g_string_new(NULL);
    GString *before = g_string_new(NULL);
    AjBits bits = {.out = raw};
    bool going = true;
    while (going) {
        uint64_t least = UINT64_MAX;
        for (uint32_t g = 0; g < n; g++)
            least = heads[g] < least ? heads[g] : least;
        const AjRun *first = NULL;
        for (uint32_t g = 0; g < n; g++)
            if (heads[g] == least && b->v.runs[g].word &&
                (!first || word_less(&b->v.runs[g], first)))
                first = &b->v.runs[g];
        if (!first)
            break;
        g_string_truncate(word, 0);
        g_string_append_len(word, first->word, (gssize)first->word_len);
        aj_postings_clear(&t);
        for (uint32_t g = 0; g < n; g++) {
            AjRun *r = &b->v.runs[g];
            if (heads[g] != least || !r->word || r->word_len != word->len ||
                memcmp(r->word, word->str, word->len))
                continue;
            aj_postings_add(&t, r->word_chunk, r->word_chunk_len, b->v.groups[g].base);
            aj_run_next_word(r);
            heads[g] = word_head(r);
        }
        if (bits.total / 8 > 2 * b->v.shard_bytes) { /* a query has few words */
            going = words_shard_out(b, &bits, &shards, words);
            words = 0;
            g_string_truncate(last, 0);
        }
        if (!words++)
            word_start(b, word, before);
        going = going && word_write(b, &t, last, word, &bits);
        g_string_assign(before, word->str);
        GString *swap = last;
        last = word;
        word = swap;
    }
    if (going && words)
        going = words_shard_out(b, &bits, &shards, words);
    g_string_free(t.bytes, TRUE);
    g_string_free(raw, TRUE);
    g_string_free(last, TRUE);
    g_string_free(word, TRUE);
    g_string_free(before, TRUE);
    g_free(heads);
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
            g_string_append_c(out, '"');
            size_t len = strlen(folded);
            if (len > SYNONYM_MAX)
                for (len = SYNONYM_MAX; len && ((unsigned char)folded[len] & 0xC0) == 0x80;)
                    len--;
            aj_code_append_js(out, folded, len);
            g_string_append_c(out, '"');
            inner = true;
            g_free(folded);
        }
        g_string_append_c(out, ']');
    }
    g_string_append_c(out, ']');
}

static bool manifest_out(Build *b, const char *facets)
{
    GString *out = b->v.script;
    aj_volume_begin(&b->v, "manifest.js", b->v.numbering);
    g_string_append_printf(
        out,
        "{\"format\":%d,\"documents\":%u,\"reach\":%u,\"pack\":%u,\"buckets\":%u,"
        "\"splits\":\"%s\",\"words\":\"",
        FORMAT, b->v.documents, b->v.reach, b->v.pack, b->buckets, b->splits->str);
    aj_code_append_js(out, b->word_starts->str, b->word_starts->len);
    g_string_append_printf(out, "\",\"facets\":%s,\"synonyms\":", facets);
    synonyms_out(b->v.sink->synonyms, out);
    aj_places_print(&b->v, out);
    g_string_append(out, "});\n");
    return aj_volume_script(&b->v, "manifest.js");
}

/* The number after `what`, at *at; moves on. */
static bool number_after(const char **at, const char *what, uint32_t *n)
{
    if (!g_str_has_prefix(*at, what) || !g_ascii_isdigit((*at)[strlen(what)]))
        return false;
    char *end;
    guint64 value = g_ascii_strtoull(*at + strlen(what), &end, 10);
    *at = end;
    *n = (uint32_t)MIN(value, UINT32_MAX);
    return *n == value;
}

bool aj_shard_manifest(const char *bytes, size_t len, AjShardManifest *m)
{
    static const char name[] = "aj(\"manifest\",\"";
    char head[160] = "";
    uint32_t format;
    memcpy(head, bytes, MIN(len, sizeof head - 1));
    const char *at = head + sizeof name - 1;
    if (!g_str_has_prefix(head, name) || strspn(at, "0123456789abcdef") != sizeof m->numbering - 1)
        return false;
    g_strlcpy(m->numbering, at, sizeof m->numbering);
    at += sizeof m->numbering - 1;
    if (!number_after(&at, "\",{\"format\":", &format) || format != FORMAT ||
        !number_after(&at, ",\"documents\":", &m->documents) ||
        !number_after(&at, ",\"reach\":", &m->reach) || !number_after(&at, ",\"pack\":", &m->pack))
        return false;
    return m->pack <= AJ_FRAGMENT_PACK;
}

static bool facet_file(const char *name, const char *json, size_t len, void *data)
{
    Build *b = data;
    aj_volume_begin(&b->v, name, b->v.numbering);
    g_string_append_len(b->v.script, json, (gssize)len);
    g_string_append(b->v.script, ");\n");
    return aj_volume_script(&b->v, name);
}

static bool facets_out(Build *b, GString *index)
{
    const AjValue **facets = g_new(const AjValue *, b->v.page_count + 1);
    const char **kinds = g_new(const char *, b->v.page_count + 1);
    uint32_t n = 0; /* pages without units have no number */
    for (uint32_t i = 0; i < b->v.page_count; i++) {
        if (!b->v.run_pages[i].units)
            continue;
        kinds[n] = b->v.pages[i].kind;
        facets[n++] = b->v.pages[i].facets;
    }
    bool going = aj_facet_write(kinds, facets, n, facet_file, b, index);
    g_free(facets);
    g_free(kinds);
    return going;
}

bool aj_shard_build(const AjShardPage *pages, uint32_t count, const AjShardSink *sink)
{
    Build b = {.v = {.pages = pages, .page_count = count, .sink = sink}};
    uint64_t units = 0, terms = 0;
    b.v.run_pages = g_new0(AjRunPage, count + 1);
    pages_open(&b, &units, &terms);
    groups_make(&b);
    b.v.script = g_string_new(NULL);
    b.v.coded = g_string_new(NULL);
    b.splits = g_string_new(NULL);
    b.word_starts = g_string_new(NULL);
    b.run_bytes = g_new0(GString *, b.v.group_count + 1);
    b.v.runs = g_new0(AjRun, b.v.group_count + 1);
    uint32_t average = average_of(terms, units);
    size_t run_size = 0;
    for (uint32_t g = 0; g < b.v.group_count; g++) {
        run_get(&b, g, average);
        run_size += b.run_bytes[g]->len;
    }
    b.v.shard_bytes = SHARD_BYTES;
    while (b.v.shard_bytes < 16 << 10 && run_size / b.v.shard_bytes > SHARD_FILES)
        b.v.shard_bytes *= 2;
    b.v.tier_bytes = b.v.shard_bytes;
    AjLexicon *lexicon = aj_lexicon_new();
    GString *facets = g_string_new(NULL);
    bool done = aj_pairs_write(&b.v, lexicon, b.splits, &b.buckets) && words_merge(&b) &&
                aj_reading_write(&b.v, lexicon) && aj_fragment_write(&b.v) &&
                facets_out(&b, facets) && manifest_out(&b, facets->str);
    g_string_free(facets, TRUE);
    aj_lexicon_free(lexicon);
    for (uint32_t g = 0; g < b.v.group_count; g++)
        g_string_free(b.run_bytes[g], TRUE);
    g_free(b.run_bytes);
    g_free(b.v.runs);
    g_free(b.v.groups);
    g_free(b.v.run_pages);
    g_string_free(b.v.script, TRUE);
    g_string_free(b.v.coded, TRUE);
    g_string_free(b.splits, TRUE);
    g_string_free(b.word_starts, TRUE);
    return done;
}
