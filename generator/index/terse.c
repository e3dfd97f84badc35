/* terse - a text in few bytes, by what the text itself has said before.
 *
 * See terse.h. Must not know: what a text is for, files. */
#include "index/terse.h"

#include "base/text.h"

#include <string.h>

#include "index/terse_table.inc"

enum {
    SLOTS = 2048,    /* characters that a text remembers, the first is number 1 */
    PAIRS = 1024,    /* places for what follows two characters */
    ONE = 1 << 12,   /* a probability of one */
    RATE = 4,        /* how fast probabilities follow */
    TOTAL = 1 << 15, /* of counts, after which all are halved */
    TOP = 1 << 24,   /* the range is kept above */
    GUESSES = 5,
    CHARACTER_MAX = 16 /* bytes: 10 choices of at most 9 bits, 20 bits */
};

/* Kinds of new characters: Han by how common they are, then these. */
enum {
    HAN = TERSE_TIERS,
    LOWER,
    DIGIT,
    ASCII,
    WIDE, /* U+3000.. and U+FF00.. */
    MARK, /* U+2000.. */
    PLANE,
    BEYOND,
    BREAK,
    END,
    KINDS
};
static const struct {
    uint32_t first, count;
} kinds[KINDS] = {[HAN] = {0x4E00, 0x5200}, [LOWER] = {'a', 26},
                  [DIGIT] = {'0', 10},      [ASCII] = {' ', 96},
                  [WIDE] = {0x3000, 128},   [MARK] = {0x2000, 64},
                  [PLANE] = {0, 0x10000},   [BEYOND] = {0x10000, 1 << 20},
                  [BREAK] = {'\n', 1},      [END] = {0, 1}};

typedef struct {
    uint16_t next[3]; /* numbers of characters that came next, the last first; 0: none */
    uint16_t sure;    /* how often in a row it was the first one */
} Follow;
typedef uint16_t Chance; /* of a one, out of ONE */

struct AjTerse {
    uint16_t number[0x10000]; /* of a character of the plane in this text; 0: not yet */
    uint16_t tier[0x5200];    /* Han: tier << 12 | place in it; 0xFFFF: in none */
    uint32_t characters[SLOTS];
    uint16_t counts[SLOTS + 1], sums[SLOTS / 16 + 1]; /* sums: of 16 counts each */
    Follow one[SLOTS], two[PAIRS];
    Chance guess[GUESSES][4][4], seen[4][2], kind[2][16];
    uint32_t slots, total, first, second; /* first: number of the character just before */
    unsigned hits, last_kind;
    /* coder */
    uint32_t range;
    uint64_t low; /* writing */
    uint8_t *start, *to;
    uint32_t code; /* reading */
    const uint8_t *at, *end;
    unsigned over;
};

AjTerse *aj_terse_new(void)
{
    AjTerse *t = g_new0(AjTerse, 1);
    memset(t->tier, 0xFF, sizeof t->tier);
    for (unsigned k = 0; k < TERSE_TIERS; k++)
        for (unsigned i = 0; tiers[k][i]; i++)
            t->tier[tiers[k][i] - 0x4E00] = (uint16_t)(k << 12 | i);
    return t;
}

void aj_terse_free(AjTerse *t)
{
    g_free(t);
}

static void begin(AjTerse *t)
{
    for (uint32_t i = 0; i < t->slots; i++)
        if (t->characters[i] < 0x10000)
            t->number[t->characters[i]] = 0;
    memset(t->counts, 0, (t->slots + 1) * sizeof *t->counts);
    memset(t->sums, 0, sizeof t->sums);
    memset(t->one, 0, (t->slots + 1) * sizeof *t->one);
    memset(t->two, 0, sizeof t->two);
    for (unsigned g = 0; g < GUESSES; g++)
        for (unsigned s = 0; s < 4; s++)
            for (unsigned h = 0; h < 4; h++)
                t->guess[g][s][h] = (Chance)((g ? 600 : 1400) + (s + h / 2) * (g ? 200 : 400));
    for (unsigned i = 0; i < 8; i++)
        t->seen[i / 2][i % 2] = ONE / 2;
    for (unsigned i = 0; i < 32; i++)
        t->kind[i / 16][i % 16] = ONE / 2;
    t->slots = t->total = t->first = t->second = 0;
    t->hits = t->last_kind = 0;
    t->range = UINT32_MAX;
}

/* --- the coder --- */

static void put_carry(AjTerse *t)
{
    t->low &= UINT32_MAX;
    for (uint8_t *p = t->to; p > t->start && !++p[-1];)
        p--;
}

static inline void put_shift(AjTerse *t)
{
    while (t->range < TOP) {
        if (G_UNLIKELY(t->low >> 32))
            put_carry(t);
        *t->to++ = (uint8_t)(t->low >> 24);
        t->low = (uint32_t)t->low << 8;
        t->range <<= 8;
    }
}

static inline void put_part(AjTerse *t, uint32_t start, uint32_t size, uint32_t total)
{
    uint32_t unit = t->range / total;
    t->low += (uint64_t)unit * start;
    t->range = unit * size;
    put_shift(t);
}

static inline void put_bit(AjTerse *t, Chance *c, bool one)
{
    uint32_t bound = (t->range >> 12) * *c;
    if (one) {
        t->range = bound;
        *c = (Chance)(*c + ((ONE - *c) >> RATE));
    } else {
        t->low += bound;
        t->range -= bound;
        *c = (Chance)(*c - (*c >> RATE));
    }
    put_shift(t);
}

/* As few bytes as tell the range, since zeros follow. */
static void put_end(AjTerse *t)
{
    uint64_t last = t->low + t->range - 1, value;
    unsigned keep = 0; /* bits */
    while ((value = keep < 32 ? last & ~(uint64_t)(UINT32_MAX >> keep) : last) < t->low)
        keep += 8;
    t->low = value;
    if (t->low >> 32)
        put_carry(t);
    for (unsigned bits = 0; bits < keep; bits += 8)
        *t->to++ = (uint8_t)(t->low >> (24 - bits));
    while (t->to > t->start && !t->to[-1])
        t->to--;
}

static inline void get_shift(AjTerse *t)
{
    while (t->range < TOP) {
        t->over += t->at == t->end;
        t->code = t->code << 8 | (t->at < t->end ? *t->at++ : 0);
        t->range <<= 8;
    }
}

/* Which of `total` comes next; get_part() takes it. */
static inline uint32_t get_place(const AjTerse *t, uint32_t total)
{
    return MIN(t->code / (t->range / total), total - 1);
}

static inline void get_part(AjTerse *t, uint32_t start, uint32_t size, uint32_t total)
{
    uint32_t unit = t->range / total;
    t->code -= unit * start;
    t->range = unit * size;
    get_shift(t);
}

static inline bool get_bit(AjTerse *t, Chance *c)
{
    uint32_t bound = (t->range >> 12) * *c;
    bool one = t->code < bound;
    if (one) {
        t->range = bound;
        *c = (Chance)(*c + ((ONE - *c) >> RATE));
    } else {
        t->code -= bound;
        t->range -= bound;
        *c = (Chance)(*c - (*c >> RATE));
    }
    get_shift(t);
    return one;
}

/* --- what writer and reader do alike --- */

static inline Follow *after_two(AjTerse *t)
{
    return &t->two[(t->first * 0x9E35u ^ t->second * 0x85EBu) >> 4 & (PAIRS - 1)];
}

/* Whom to guess, in order; returns how many. */
static inline unsigned guesses(const Follow *two, const Follow *one, uint16_t out[GUESSES],
                               uint16_t sure[GUESSES])
{
    unsigned n = 0;
    for (unsigned k = 0; k < 2 && two->next[k]; k++) {
        sure[n] = k ? 0 : two->sure;
        out[n++] = two->next[k];
    }
    unsigned had = n;
    for (unsigned k = 0; k < 3 && one->next[k]; k++) {
        uint16_t x = one->next[k];
        if ((had > 0 && out[0] == x) || (had > 1 && out[1] == x))
            continue;
        sure[n] = k ? 0 : one->sure;
        out[n++] = x;
    }
    return n;
}

static inline void follow(Follow *f, uint32_t number)
{
    if (f->next[0] == number) {
        f->sure = (uint16_t)MIN(f->sure + 1, 3);
        return;
    }
    if (f->next[1] != number)
        f->next[2] = f->next[1];
    f->next[1] = f->next[0];
    f->next[0] = (uint16_t)number;
    f->sure = 0;
}

/* `number` 0: a character that there is no room for. */
static inline void learn(AjTerse *t, Follow *two, uint32_t number, bool hit)
{
    if (number) {
        follow(two, number);
        follow(&t->one[t->first], number);
    }
    t->second = t->first;
    t->first = number;
    t->hits = t->hits << 1 | hit;
}

static inline void count(AjTerse *t, uint32_t number)
{
    t->counts[number - 1]++;
    t->sums[(number - 1) / 16]++;
    if (++t->total < TOTAL)
        return;
    t->total = 0;
    memset(t->sums, 0, sizeof t->sums);
    for (uint32_t i = 0; i < t->slots; i++) {
        t->counts[i] = (uint16_t)((t->counts[i] + 1) / 2);
        t->sums[i / 16] = (uint16_t)(t->sums[i / 16] + t->counts[i]);
        t->total += t->counts[i];
    }
}

static inline uint32_t enter(AjTerse *t, uint32_t character)
{
    if (t->slots == SLOTS - 1)
        return 0;
    t->characters[t->slots++] = character;
    if (character < 0x10000)
        t->number[character] = (uint16_t)t->slots;
    memset(&t->one[t->slots], 0, sizeof *t->one);
    count(t, t->slots);
    return t->slots;
}

static inline Chance *seen_chance(AjTerse *t)
{
    unsigned many = (t->slots > 60) + (t->slots > 150) + (t->slots > 300);
    return &t->seen[many][t->hits & 1];
}

/* --- writing --- */

static uint32_t number_of(const AjTerse *t, uint32_t cp)
{
    if (cp < 0x10000)
        return t->number[cp];
    for (uint32_t i = 0; i < t->slots; i++) /* rare */
        if (t->characters[i] == cp)
            return i + 1;
    return 0;
}

static unsigned kind_of(const AjTerse *t, uint32_t cp, uint32_t *place)
{
    unsigned kind;
    if (cp - 0x4E00 < 0x5200) {
        uint16_t tier = t->tier[cp - 0x4E00];
        *place = tier & 0xFFF;
        if (tier != 0xFFFF)
            return tier >> 12;
        kind = HAN;
    } else if (cp < 0x80) {
        kind = cp >= 'a' && cp <= 'z'   ? LOWER
               : cp >= '0' && cp <= '9' ? DIGIT
               : cp == '\n'             ? BREAK
               : cp >= ' '              ? ASCII
                                        : PLANE;
    } else if (cp >> 6 == 0x3000 >> 6 || cp >> 6 == 0xFF00 >> 6) {
        *place = (cp & 63) | (cp >> 6 == 0xFF00 >> 6) << 6;
        return WIDE;
    } else {
        kind = cp >> 6 == 0x2000 >> 6 ? MARK : cp >> 16 ? BEYOND : PLANE;
    }
    *place = cp - kinds[kind].first;
    return kind;
}

static uint32_t kind_count(unsigned kind)
{
    return kind >= HAN ? kinds[kind].count
           : kind      ? (uint32_t)TERSE_FIRST << (kind - 1)
                       : TERSE_FIRST;
}

static void put_new(AjTerse *t, unsigned kind, uint32_t place)
{
    Chance *chances = t->kind[t->last_kind >= HAN];
    unsigned node = 1;
    for (unsigned bit = 4; bit--;) {
        put_bit(t, &chances[node], kind >> bit & 1);
        node = node * 2 | (kind >> bit & 1);
    }
    t->last_kind = kind;
    if (kind == BEYOND)
        put_part(t, place >> 10, 1, 1 << 10);
    if (kind == BEYOND)
        put_part(t, place & 1023, 1, 1 << 10);
    else if (kind < KINDS)
        put_part(t, place, 1, kind_count(kind));
}

/* The guesses as guesses() orders them, one by one, up to the one that is right: nobody else needs
 * the list. */
static inline bool put_guesses(AjTerse *t, const Follow *two, const Follow *one, uint32_t number)
{
    Chance(*chance)[4] = t->guess[0];
    uint32_t a = two->next[0], b = two->next[1];
    unsigned at = t->hits & 3;
    if (a) {
        put_bit(t, &chance[two->sure][at], a == number);
        if (a == number)
            return true;
        chance += 4;
        if (b) {
            put_bit(t, &chance[0][at], b == number);
            if (b == number)
                return true;
            chance += 4;
        }
    }
    for (unsigned k = 0; k < 3 && one->next[k]; k++) {
        uint32_t x = one->next[k];
        if (x == a || x == b)
            continue;
        put_bit(t, &chance[k ? 0 : one->sure][at], x == number);
        if (x == number)
            return true;
        chance += 4;
    }
    return false;
}

static void put_character(AjTerse *t, uint32_t cp, bool end)
{
    uint32_t number = end ? 0 : number_of(t, cp);
    Follow *two = after_two(t), *one = &t->one[t->first];
    if (put_guesses(t, two, one, number)) {
        learn(t, two, number, true);
        return;
    }
    if (t->total)
        put_bit(t, seen_chance(t), number);
    if (number) {
        uint32_t before = 0, slot = number - 1;
        for (uint32_t i = 0; i < slot / 16; i++)
            before += t->sums[i];
        for (uint32_t i = slot & ~15u; i < slot; i++)
            before += t->counts[i];
        put_part(t, before, t->counts[slot], t->total);
        count(t, number);
    } else {
        uint32_t place = 0;
        unsigned kind = end ? END : kind_of(t, cp, &place);
        put_new(t, kind, place);
        if (!end)
            number = enter(t, cp);
    }
    learn(t, two, number, false);
}

void aj_terse_print(AjTerse *t, const char *text, size_t len, GString *out)
{
    size_t before = out->len;
    begin(t);
    g_string_set_size(out, before + (len + 1) * CHARACTER_MAX + sizeof t->low);
    t->start = t->to = (uint8_t *)out->str + before;
    t->low = 0;
    for (const char *p = text, *end = text + len; p < end;) {
        uint32_t cp = aj_utf8_next(&p, end);
        put_character(t, cp, false);
    }
    put_character(t, 0, true);
    put_end(t);
    g_string_truncate(out, (gsize)((char *)t->to - out->str));
}

/* --- reading --- */

/* false: the end. */
static bool get_new(AjTerse *t, uint32_t *cp)
{
    Chance *chances = t->kind[t->last_kind >= HAN];
    unsigned kind = 1;
    while (kind < 16)
        kind = kind * 2 | get_bit(t, &chances[kind]);
    kind &= 15;
    t->last_kind = kind;
    if (kind >= END)
        return false;
    uint32_t total = kind_count(kind), high = 0;
    if (kind == BEYOND) {
        total = 1 << 10;
        high = get_place(t, total);
        get_part(t, high, 1, total);
    }
    uint32_t place = get_place(t, total);
    get_part(t, place, 1, total);
    place |= high << 10;
    if (kind < HAN)
        *cp = tiers[kind][place];
    else if (kind == WIDE && place >= 64)
        *cp = 0xFF00 + (place & 63);
    else
        *cp = kinds[kind].first + place;
    return true;
}

static bool get_character(AjTerse *t, uint32_t *cp)
{
    Follow *two = after_two(t);
    uint16_t guess[GUESSES], sure[GUESSES];
    unsigned n = guesses(two, &t->one[t->first], guess, sure);
    uint32_t number = 0;
    for (unsigned k = 0; k < n; k++)
        if (get_bit(t, &t->guess[k][sure[k]][t->hits & 3])) {
            *cp = t->characters[guess[k] - 1];
            learn(t, two, guess[k], true);
            return true;
        }
    if (t->total && get_bit(t, seen_chance(t))) {
        uint32_t place = get_place(t, t->total), before = 0, slot = 0;
        while (before + t->counts[slot] <= place)
            before += t->counts[slot++];
        get_part(t, before, t->counts[slot], t->total);
        number = slot + 1;
        *cp = t->characters[slot];
        count(t, number);
    } else {
        if (!get_new(t, cp))
            return false;
        number = enter(t, *cp);
    }
    learn(t, two, number, false);
    return true;
}

bool aj_terse_read(AjTerse *t, const void *bytes, size_t len, size_t limit, GString *out)
{
    begin(t);
    t->at = bytes;
    t->end = t->at + len;
    t->over = 0;
    t->code = 0;
    for (unsigned i = 0; i < 4; i++)
        t->code = t->code << 8 | (t->at < t->end ? *t->at++ : 0);
    size_t start = out->len;
    uint32_t cp;
    while (get_character(t, &cp)) {
        if (cp - 0xD800 < 0x800 || !cp || t->over > len + 64)
            return false;
        aj_utf8_append(out, cp);
        if (out->len - start > limit)
            return false;
    }
    return true;
}
