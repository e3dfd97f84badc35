/* postings - the documents of one term, merged from its groups, in one or two tiers.
 *
 * See postings.h. Must not know: which file holds the term, what a term is. */
#include "index/postings.h"

#include "index/code.h"

#include <string.h>

enum { PART_BYTES = 24 << 10 /* of a file of low impacts */ };

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
    g_snprintf(name, AJ_VOLUME_NAME, "t/%s-%u.js", tier->id, n);
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

bool aj_postings_write(AjVolume *v, const AjPostings *t, AjPostingsTier *tier, GString *out)
{
    tier->parts_out = 0;
    if (t->bytes->len <= v->tier_bytes) {
        aj_code_append(out, (uint32_t)t->bytes->len << 1);
        g_string_append_len(out, t->bytes->str, (gssize)t->bytes->len);
        return true;
    }
    unsigned border = tier_border(v, t);
    GString *high = g_string_new(NULL), *low = g_string_new(NULL);
    uint32_t n, doc = 0, last_high = 0, last_low = 0;
    const uint8_t *p = (const uint8_t *)t->bytes->str, *end = p + t->bytes->len;
    bool going = true;
    while (going && aj_code_get(&p, end, &n)) {
        doc += n >> AJ_IMPACT_BITS;
        if ((n & AJ_IMPACT_MAX) >= border) {
            aj_code_append(high, (doc - last_high) << AJ_IMPACT_BITS | (n & AJ_IMPACT_MAX));
            last_high = doc;
            continue;
        }
        if (low->len >= PART_BYTES) {
            going = part_out(v, tier, low);
            last_low = 0;
        }
        aj_code_append(low, (doc - last_low) << AJ_IMPACT_BITS | (n & AJ_IMPACT_MAX));
        last_low = doc;
    }
    if (going && low->len)
        going = part_out(v, tier, low);
    aj_code_append(out, (uint32_t)high->len << 1 | 1);
    aj_code_append(out, t->count);
    aj_code_append(out, tier->parts_out);
    g_string_append_len(out, high->str, (gssize)high->len);
    g_string_free(high, TRUE);
    g_string_free(low, TRUE);
    return going;
}
