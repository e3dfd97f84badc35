/* lexicon - pairs of characters by their pinyin, so that sxkj and shouxian find 受限空间.
 *
 * Must not know: pages, files. */
#include "index/lexicon.h"

#include "base/hanzi.h"

#include <stdlib.h>
#include <string.h>

enum {
    READINGS = 3,           /* of a character; what comes later is too rare to be typed */
    FILE_ALL = 12 << 10,    /* bytes up to which one file holds all */
    FILE_LETTER = 24 << 10, /* bytes up to which a letter is one file */
    FILE_MAX = 40 << 10,    /* of pairs of letters: the rarest are left out beyond it */
    KNOWN = 1 << 16
};

typedef struct {
    uint64_t sound; /* two syllables of 30 bits, five a letter; then 15 - weight */
    uint32_t key;
} Item;
typedef struct {
    uint8_t count;
    uint32_t sounds[READINGS];
} Readings;
struct AjLexicon {
    GArray *items;
    Readings *known; /* by character, filled on first use; count is one more than there are */
};

AjLexicon *aj_lexicon_new(void)
{
    AjLexicon *l = g_new(AjLexicon, 1);
    l->items = g_array_new(FALSE, FALSE, sizeof(Item));
    l->known = g_new0(Readings, KNOWN);
    return l;
}

void aj_lexicon_free(AjLexicon *l)
{
    g_array_free(l->items, TRUE);
    g_free(l->known);
    g_free(l);
}

static uint32_t sound_pack(const char *syllable)
{
    uint32_t sound = 0;
    for (unsigned i = 0; i < 6; i++) {
        char c = *syllable;
        sound = sound << 5 | (c >= 'a' && c <= 'z' ? (uint32_t)(c - 'a' + 1) : 0);
        syllable += c != 0;
    }
    return sound;
}

static void sound_print(uint32_t sound, GString *out)
{
    for (int shift = 25; shift >= 0; shift -= 5)
        if (sound >> shift & 31)
            g_string_append_c(out, (char)('a' - 1 + (sound >> shift & 31)));
}

static const Readings *readings_of(AjLexicon *l, uint32_t cp)
{
    Readings *r = &l->known[cp];
    if (!r->count) {
        const char *all[AJ_HANZI_MAX_READINGS];
        size_t n = MIN(aj_hanzi_readings(cp, all), (size_t)READINGS);
        for (size_t i = 0; i < n; i++)
            r->sounds[i] = sound_pack(all[i]);
        r->count = (uint8_t)(n + 1);
    }
    return r;
}

void aj_lexicon_add(AjLexicon *l, uint32_t key, uint32_t count, bool headed)
{
    const Readings *first = readings_of(l, key >> 16), *second = readings_of(l, key & 0xFFFF);
    unsigned weight = 0; /* about 1.5 times the logarithm, so that small edits change nothing */
    while (weight < 7 && count >= 1u << (weight * 3 / 2 + 1))
        weight++;
    weight += headed ? 2 : 0;
    for (unsigned i = 0; i + 1 < first->count; i++)
        for (unsigned j = 0; j + 1 < second->count; j++) {
            Item item = {(uint64_t)first->sounds[i] << 34 | (uint64_t)second->sounds[j] << 4 |
                             (15 - weight),
                         key};
            g_array_append_val(l->items, item);
        }
}

static int item_compare(const void *x, const void *y)
{
    const Item *a = x, *b = y;
    if (a->sound != b->sound)
        return a->sound < b->sound ? -1 : 1;
    return a->key < b->key ? -1 : a->key > b->key;
}

/* Prints the items, which share their first letters, leaving out weights below `least`. */
static void items_print(const Item *items, size_t n, unsigned least, GString *out)
{
    uint64_t group = UINT64_MAX;
    unsigned weight = 99;
    for (size_t i = 0; i < n; i++) {
        unsigned own = 15 - (items[i].sound & 15);
        if (own < least)
            continue;
        if (items[i].sound >> 4 != group) {
            if (group != UINT64_MAX)
                g_string_append_c(out, ';');
            group = items[i].sound >> 4;
            weight = 99;
            sound_print((uint32_t)(group >> 30), out);
            g_string_append_c(out, ',');
            sound_print((uint32_t)(group & 0x3FFFFFFF), out);
            g_string_append_c(out, ':');
        }
        if (own != weight)
            g_string_append_printf(out, "%u", weight = own);
        g_string_append_unichar(out, items[i].key >> 16);
        g_string_append_unichar(out, items[i].key & 0xFFFF);
    }
}

static char letter(uint64_t sound, unsigned shift)
{
    return (char)('a' - 1 + (sound >> shift & 31));
}

enum { FIRST_LETTER = 59, SECOND_LETTER = 29 };

static size_t level_end(const Item *items, size_t i, size_t n, unsigned level)
{
    size_t next = i;
    while (next < n &&
           (level < 1 ||
            letter(items[next].sound, FIRST_LETTER) == letter(items[i].sound, FIRST_LETTER)) &&
           (level < 2 ||
            letter(items[next].sound, SECOND_LETTER) == letter(items[i].sound, SECOND_LETTER)))
        next++;
    return next;
}

static int by_letters(const void *x, const void *y)
{
    const Item *a = x, *b = y;
    int order = (int)letter(a->sound, FIRST_LETTER) - letter(b->sound, FIRST_LETTER);
    if (!order)
        order = (int)letter(a->sound, SECOND_LETTER) - letter(b->sound, SECOND_LETTER);
    return order ? order : item_compare(x, y);
}

bool aj_lexicon_write(AjLexicon *l, AjLexiconFile file, void *data, GString *index)
{
    Item *items = (Item *)(void *)l->items->data;
    size_t n = l->items->len;
    if (n)
        qsort(items, n, sizeof *items, by_letters);
    GString *text = g_string_new(NULL);
    unsigned level = 0;
    items_print(items, n, 0, text);
    if (text->len > FILE_ALL) {
        level = 1;
        for (size_t i = 0, next; i < n && level < 2; i = next) {
            next = level_end(items, i, n, 1);
            g_string_truncate(text, 0);
            items_print(items + i, next - i, 0, text);
            level = text->len > FILE_LETTER ? 2 : 1;
        }
    }
    g_string_append_printf(index, "%u", level);
    bool going = true;
    for (size_t i = 0, next; i < n && going; i = next) {
        next = level_end(items, i, n, level);
        char name[] = "p/all.js", *letters = name + 2;
        if (level > 0)
            g_snprintf(letters, 6, "%.*s", (int)level,
                       (char[]){letter(items[i].sound, FIRST_LETTER),
                                letter(items[i].sound, SECOND_LETTER)});
        if (level > 0) {
            g_string_append(index, letters);
            g_strlcat(letters, ".js", sizeof name - 2);
        }
        unsigned least = 0;
        do {
            g_string_truncate(text, 0);
            items_print(items + i, next - i, least++, text);
        } while (text->len > FILE_MAX && least < 10);
        going = file(name, text->str, text->len, data);
    }
    g_string_free(text, TRUE);
    return going;
}
