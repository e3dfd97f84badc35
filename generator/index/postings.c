/* postings - the documents of one term, merged from its groups, in one or two tiers.
 *
 * See postings.h. Must not know: which file holds the term, what a term is. */
#include "index/postings.h"

#include "index/code.h"
#include "index/entries.h"

#include <string.h>

enum {
    PART_DOCUMENTS = 24 << 10, /* of a file of low impacts */
    WORD_BYTES = 64            /* that its name tells */
};

void aj_postings_clear(AjPostings *t)
{
    g_string_truncate(t->bytes, 0);
    t->count = t->flags = t->last = 0;
}

void aj_postings_add(AjPostings *t, const uint8_t *bytes, size_t len, uint32_t base)
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
                              (base + (first >> AJ_IMPACT_BITS) - t->last) << AJ_IMPACT_BITS |
                                  (first & AJ_IMPACT_MAX));
    memcpy(to, p, rest);
    g_string_truncate(t->bytes, (gsize)((char *)to + rest - t->bytes->str));
    t->last = base + c.last;
    t->count += c.count;
    t->flags |= c.flags;
}

/* The least impact that still fits into the first tier. */
static unsigned tier_border(const AjVolume *v, const AjPostings *t)
{
    uint32_t counts[AJ_IMPACT_MAX + 1] = {0}, n, sum = 0;
    const uint8_t *p = (const uint8_t *)t->bytes->str, *end = p + t->bytes->len;
    while (aj_code_get(&p, end, &n))
        counts[n & AJ_IMPACT_MAX]++;
    unsigned border = AJ_IMPACT_MAX + 1;
    while (border > 1 && (sum += counts[border - 1]) <= v->tier_bytes / 2)
        border--;
    return border;
}

void aj_postings_part(const AjPostingsTier *tier, uint32_t n, char name[AJ_VOLUME_NAME],
                      AjHash *key)
{
    char id[2 * WORD_BYTES + 2] = "x";
    if (tier->pair)
        g_snprintf(id, sizeof id, "%x", tier->pair);
    for (size_t i = 0; !tier->pair && i < MIN(tier->word->len, (size_t)WORD_BYTES); i++)
        g_snprintf(id + 1 + 2 * i, 3, "%02x", (uint8_t)tier->word->str[i]);
    g_snprintf(name, AJ_VOLUME_NAME, "t/%s-%u.js", id, n);
    if (!tier->key)
        return;
    AjHashState *state = aj_hash_begin();
    aj_hash_add(state, tier->key, sizeof *tier->key);
    aj_hash_add(state, &n, sizeof n);
    aj_hash_end(state, key);
}

static bool part_out(AjVolume *v, AjPostingsTier *tier, GString *part)
{
    char name[AJ_VOLUME_NAME];
    AjHash key;
    aj_postings_part(tier, ++tier->parts_out, name, &key);
    bool going = tier->silent ||
                 aj_volume_file(v, name, tier->key ? &key : NULL, part->str, part->len, true);
    g_string_truncate(part, 0);
    return going;
}

static uint32_t count_below(const AjPostings *t, unsigned border)
{
    uint32_t n, count = 0;
    const uint8_t *p = (const uint8_t *)t->bytes->str, *end = p + t->bytes->len;
    while (aj_code_get(&p, end, &n))
        count += (n & AJ_IMPACT_MAX) < border;
    return count;
}

/* The documents of impacts below the border, so many a file. */
static bool parts_write(AjVolume *v, const AjPostings *t, unsigned border, uint32_t left,
                        AjPostingsTier *tier)
{
    uint32_t n, doc = 0, open = 0;
    const uint8_t *p = (const uint8_t *)t->bytes->str, *end = p + t->bytes->len;
    GString *part = g_string_new(NULL);
    AjBits bits = {.out = part};
    AjEntryList list = {0};
    bool going = true;
    while (going && left && aj_code_get(&p, end, &n)) {
        doc += n >> AJ_IMPACT_BITS;
        if ((n & AJ_IMPACT_MAX) >= border)
            continue;
        if (!open) {
            open = MIN(left, (uint32_t)PART_DOCUMENTS);
            bits = (AjBits){.out = part};
            aj_entries_part(&bits, open);
            list = aj_entries_list(v->reach, open);
        }
        aj_entries_add(&list, &bits, doc, n & AJ_IMPACT_MAX);
        left--;
        if (--open)
            continue;
        aj_bits_end(&bits);
        going = part_out(v, tier, part);
    }
    g_string_free(part, TRUE);
    return going;
}

bool aj_postings_write(AjVolume *v, const AjPostings *t, AjPostingsTier *tier, GString *out,
                       uint32_t *bits_out)
{
    bool tiered = t->bytes->len > v->tier_bytes, going = true;
    unsigned border = tiered ? tier_border(v, t) : 0;
    uint32_t low = tiered ? count_below(t, border) : 0, high = t->count - low;
    tier->parts_out = 0;
    if (low)
        going = parts_write(v, t, border, low, tier);
    AjBits bits = {.out = out};
    aj_entries_head(&bits, &(AjEntryHead){high, t->count, tier->parts_out, tiered});
    AjEntryList list = aj_entries_list(v->reach, high);
    uint32_t n, doc = 0;
    const uint8_t *p = (const uint8_t *)t->bytes->str, *end = p + t->bytes->len;
    while (high && aj_code_get(&p, end, &n)) {
        doc += n >> AJ_IMPACT_BITS;
        if ((n & AJ_IMPACT_MAX) < border)
            continue;
        aj_entries_add(&list, &bits, doc, n & AJ_IMPACT_MAX);
        high--;
    }
    aj_bits_end(&bits);
    *bits_out = bits.total;
    return going;
}
