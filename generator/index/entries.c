/* entries - how a file of terms says each term and its documents, in bits.
 *
 * See entries.h. Must not know: which terms share a file, what a term is. */
#include "index/entries.h"

enum {
    PAIRS_K = 6, /* numbers that begin with a k of their own */
    SECOND_K = 6,
    WORDS_K = 6,
    SAME_K = 2,
    ALL_K = 8,
    FIRST_IMPACT = 2, /* the commonest */
    IMPACTS = 7,
    WORD_MAX = 256
};
static const uint8_t order[IMPACTS] = {2, 3, 4, 5, 6, 7, 1}; /* common ones first */

AjEntryList aj_entries_list(uint32_t reach, uint32_t count)
{
    unsigned k = 0;
    while ((uint64_t)count << (k + 2) < reach && k < 30)
        k++;
    return (AjEntryList){k, FIRST_IMPACT, -1};
}

/* A run that was spoilt on the disk may say anything. */
void aj_entries_add(AjEntryList *l, AjBits *bits, uint32_t document, unsigned impact)
{
    aj_bits_adapt(bits, document > l->document ? (uint32_t)(document - l->document - 1) : 0, &l->k);
    l->document = document;
    impact = MAX(impact, 1u);
    unsigned rank = 0;
    if (impact != l->impact) {
        bool passed = false; /* the last impact is not in the line */
        for (; order[rank] != impact; rank++)
            passed = passed || order[rank] == l->impact;
        rank += passed ? 0 : 1;
    }
    l->impact = impact;
    aj_bits_put(bits, (1u << rank) - 1, rank + (rank < IMPACTS - 1));
}

bool aj_entries_take(AjEntryList *l, AjBitsView *view, uint32_t *document, unsigned *impact)
{
    uint32_t gap;
    unsigned rank = 0;
    if (!aj_bits_take_adapt(view, &gap, &l->k) || l->document + 1 + gap >= UINT32_MAX)
        return false;
    while (rank < IMPACTS - 1 && aj_bits_take(view, 1))
        rank++;
    if (rank) {
        unsigned own = 0;
        while (order[own] != l->impact)
            own++;
        l->impact = order[rank - (rank <= own)];
    }
    *document = (uint32_t)(l->document += 1 + (int64_t)gap);
    *impact = l->impact;
    return !view->over;
}

void aj_entries_head(AjBits *bits, const AjEntryHead *head)
{
    aj_bits_number(bits, head->here, 0);
    aj_bits_put(bits, head->tiered, 1);
    if (head->tiered) {
        aj_bits_number(bits, head->all, ALL_K);
        aj_bits_number(bits, head->parts, 0);
    }
}

bool aj_entries_take_head(AjBitsView *view, AjEntryHead *head)
{
    *head = (AjEntryHead){0};
    bool sound = aj_bits_take_number(view, &head->here, 0);
    head->tiered = aj_bits_take(view, 1);
    if (head->tiered)
        sound = sound && aj_bits_take_number(view, &head->all, ALL_K) &&
                aj_bits_take_number(view, &head->parts, 0);
    return sound && !view->over;
}

AjEntryPairs aj_entries_pairs(AjBits *bits, unsigned shift, uint32_t count)
{
    aj_bits_put(bits, shift, 4);
    aj_bits_number(bits, count, PAIRS_K);
    return (AjEntryPairs){0, SECOND_K, shift};
}

void aj_entries_pair(AjEntryPairs *p, AjBits *bits, uint32_t key)
{
    uint32_t first = (key >> 16) - (p->last >> 16);
    aj_bits_number(bits, first, 0);
    if (first)
        aj_bits_put(bits, key & 0xFFFF, 16);
    else
        aj_bits_adapt(bits, ((key - p->last) >> p->shift) - 1, &p->k);
    p->last = key;
}

bool aj_entries_take_pairs(AjBitsView *view, AjEntryPairs *p, uint32_t *count)
{
    *p = (AjEntryPairs){0, SECOND_K, aj_bits_take(view, 4)};
    return aj_bits_take_number(view, count, PAIRS_K);
}

bool aj_entries_take_pair(AjEntryPairs *p, AjBitsView *view, uint32_t *key)
{
    uint32_t first, second;
    if (!aj_bits_take_number(view, &first, 0) || first > 0xFFFF - (p->last >> 16))
        return false;
    if (first) {
        p->last = ((p->last >> 16) + first) << 16 | aj_bits_take(view, 16);
    } else {
        if (!aj_bits_take_adapt(view, &second, &p->k) ||
            (uint64_t)(second + 1) << p->shift > 0xFFFF - (p->last & 0xFFFF))
            return false;
        p->last += (second + 1) << p->shift;
    }
    *key = p->last;
    return !view->over;
}

void aj_entries_words(AjBits *bits, uint32_t count)
{
    aj_bits_number(bits, count, WORDS_K);
}

void aj_entries_word(AjBits *bits, const GString *last, const GString *word)
{
    size_t same = 0;
    while (same < last->len && same < word->len && last->str[same] == word->str[same])
        same++;
    aj_bits_number(bits, (uint32_t)same, SAME_K);
    aj_bits_number(bits, (uint32_t)(word->len - same), SAME_K);
    for (size_t i = same; i < word->len; i++)
        aj_bits_put(bits, (uint8_t)word->str[i], 8);
}

bool aj_entries_take_words(AjBitsView *view, uint32_t *count)
{
    return aj_bits_take_number(view, count, WORDS_K);
}

bool aj_entries_take_word(AjBitsView *view, GString *word)
{
    uint32_t same, more;
    if (!aj_bits_take_number(view, &same, SAME_K) || !aj_bits_take_number(view, &more, SAME_K) ||
        same > word->len || more > WORD_MAX)
        return false;
    g_string_truncate(word, same);
    while (more--)
        g_string_append_c(word, (char)aj_bits_take(view, 8));
    return !view->over;
}

void aj_entries_part(AjBits *bits, uint32_t count)
{
    aj_bits_number(bits, count, ALL_K);
}

bool aj_entries_take_part(AjBitsView *view, uint32_t *count)
{
    return aj_bits_take_number(view, count, ALL_K);
}
