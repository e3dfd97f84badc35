/* lexicon - what a site's characters sound like, and which pairs of them it has.
 *
 * Must not know: pages, files, names. */
#include "index/lexicon.h"

#include "base/hanzi.h"

#include <stdlib.h>
#include <string.h>

enum {
    READINGS = 3,           /* of a character; what comes later is too rare to be typed */
    FILE_BYTES = 1 << 10,   /* after which a file ends where the letters change */
    SECTION_MAX = 12 << 10, /* of two letters: the rarest pairs are left out beyond it */
    KNOWN = 1 << 16
};

typedef struct {
    uint8_t count, letters; /* readings, letters among them; both one more than there are */
    bool used;
    char letter[READINGS];
    const char *sounds[READINGS];
} Readings;
/* letters of both << 36 | first << 20 | 15 - weight << 16 | second: sorted, it is as it is printed
 */
enum { LETTERS_SHIFT = 36, FIRST_SHIFT = 20, WEIGHT_SHIFT = 16 };
struct AjLexicon {
    GArray *items;   /* uint64_t */
    Readings *known; /* by character, filled on first use */
};

AjLexicon *aj_lexicon_new(void)
{
    AjLexicon *l = g_new(AjLexicon, 1);
    l->items = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    l->known = g_new0(Readings, KNOWN);
    return l;
}

void aj_lexicon_free(AjLexicon *l)
{
    g_array_free(l->items, TRUE);
    g_free(l->known);
    g_free(l);
}

static Readings *readings_of(AjLexicon *l, uint32_t cp)
{
    Readings *r = &l->known[cp & (KNOWN - 1)];
    if (r->count)
        return r;
    const char *all[AJ_HANZI_MAX_READINGS];
    size_t n = cp < KNOWN ? MIN(aj_hanzi_readings(cp, all), (size_t)READINGS) : 0;
    r->count = r->letters = 1;
    for (size_t i = 0; i < n; i++) {
        if (!g_ascii_islower(all[i][0]))
            continue;
        r->sounds[r->count++ - 1] = all[i];
        if (!memchr(r->letter, all[i][0], r->letters - 1u))
            r->letter[r->letters++ - 1] = all[i][0];
    }
    return r;
}

unsigned aj_lexicon_letters(AjLexicon *l, uint32_t cp, char letters[AJ_LEXICON_LETTERS])
{
    if (cp >= KNOWN)
        return 0;
    Readings *r = readings_of(l, cp);
    r->used = true;
    memcpy(letters, r->letter, r->letters - 1u);
    return r->letters - 1u;
}

bool aj_lexicon_knows(const AjLexicon *l, uint32_t cp)
{
    return cp < KNOWN && l->known[cp].used;
}

void aj_lexicon_add(AjLexicon *l, uint32_t key, uint32_t count, bool headed)
{
    char first[READINGS], second[READINGS];
    unsigned n = aj_lexicon_letters(l, key >> 16, first);
    unsigned m = aj_lexicon_letters(l, key & 0xFFFF, second);
    unsigned weight = 0; /* about 1.5 times the logarithm, so that small edits change nothing */
    while (weight < 7 && count >= 1u << (weight * 3 / 2 + 1))
        weight++;
    weight += headed ? 2 : 0;
    for (unsigned i = 0; i < n; i++)
        for (unsigned j = 0; j < m; j++) {
            uint64_t letters = (uint64_t)(first[i] - 'a') << 5 | (uint64_t)(second[j] - 'a');
            uint64_t item = letters << LETTERS_SHIFT | (uint64_t)(key >> 16) << FIRST_SHIFT |
                            (uint64_t)(15 - weight) << WEIGHT_SHIFT | (key & 0xFFFF);
            g_array_append_val(l->items, item);
        }
}

static int item_compare(const void *x, const void *y)
{
    const uint64_t *a = x, *b = y;
    return *a < *b ? -1 : *a > *b;
}

/* Appends the items of two letters, leaving out weights below `least`. */
static void section_print(const uint64_t *items, size_t n, unsigned least, GString *out)
{
    g_string_append_c(out, (char)('a' + (items[0] >> (LETTERS_SHIFT + 5))));
    g_string_append_c(out, (char)('a' + (items[0] >> LETTERS_SHIFT & 31)));
    uint32_t first = 0;
    unsigned weight = 99;
    for (size_t i = 0; i < n; i++) {
        unsigned own = 15 - (items[i] >> WEIGHT_SHIFT & 15);
        uint32_t character = items[i] >> FIRST_SHIFT & 0xFFFF;
        if (own < least)
            continue;
        if (character != first) {
            if (first)
                g_string_append_c(out, ';');
            g_string_append_unichar(out, first = character);
            weight = 99;
        }
        if (own != weight)
            g_string_append_c(out, (char)('0' + (weight = own)));
        g_string_append_unichar(out, items[i] & 0xFFFF);
    }
}

bool aj_lexicon_write(AjLexicon *l, AjLexiconFile file, void *data, GString *starts)
{
    uint64_t *items = (uint64_t *)(void *)l->items->data;
    size_t n = l->items->len;
    if (n)
        qsort(items, n, sizeof *items, item_compare);
    GString *text = g_string_new(NULL);
    unsigned files = 0;
    bool going = true;
    for (size_t i = 0, next; i < n && going; i = next) {
        uint64_t letters = items[i] >> LETTERS_SHIFT;
        for (next = i; next < n && items[next] >> LETTERS_SHIFT == letters;)
            next++;
        if (text->len)
            g_string_append_c(text, '|');
        else
            g_string_append_printf(starts, "%s%c%c", files ? " " : "", (char)('a' + (letters >> 5)),
                                   (char)('a' + (letters & 31)));
        size_t before = text->len;
        unsigned least = 0;
        do {
            g_string_truncate(text, before);
            section_print(items + i, next - i, least++, text);
        } while (text->len - before > SECTION_MAX && least < 10);
        if (text->len < FILE_BYTES && next < n)
            continue;
        char name[32];
        g_snprintf(name, sizeof name, "p/k%x.js", files++);
        going = file(name, text->str, text->len, data);
        g_string_truncate(text, 0);
    }
    g_string_free(text, TRUE);
    return going;
}

typedef struct {
    const char *sound;
    uint32_t cp;
} Sounding;

static int sounding_compare(const void *x, const void *y)
{
    const Sounding *a = x, *b = y;
    int order = strcmp(a->sound, b->sound);
    return order ? order : a->cp < b->cp ? -1 : a->cp > b->cp;
}

void aj_lexicon_table(AjLexicon *l, bool rest, GString *out)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(Sounding));
    GHashTable *heard = g_hash_table_new(g_str_hash, g_str_equal); /* sounds of what is used */
    for (uint32_t cp = 0x3007; rest && cp < KNOWN; cp++)
        for (unsigned i = 0; l->known[cp].used && i + 1u < readings_of(l, cp)->count; i++)
            g_hash_table_add(heard, (void *)readings_of(l, cp)->sounds[i]);
    for (uint32_t cp = 0x3007; cp < KNOWN; cp++) {
        if (rest ? l->known[cp].used || !aj_hanzi_is_common(cp) : !l->known[cp].used)
            continue;
        const Readings *r = readings_of(l, cp);
        for (unsigned i = 0; i + 1u < r->count; i++) {
            Sounding s = {r->sounds[i], cp};
            if (!rest || g_hash_table_contains(heard, s.sound))
                g_array_append_val(all, s);
        }
    }
    g_hash_table_destroy(heard);
    g_array_sort(all, sounding_compare);
    const char *last = "";
    for (uint32_t i = 0; i < all->len; i++) {
        const Sounding *s = &g_array_index(all, Sounding, i);
        if (strcmp(s->sound, last))
            g_string_append_printf(out, "%s%s", i ? ";" : "", last = s->sound);
        g_string_append_unichar(out, s->cp);
    }
    g_array_free(all, TRUE);
}
