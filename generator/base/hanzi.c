/* hanzi - readings and simplified forms: tables made by hanzi.sh, words kept by hand.
 *
 * All tables are const and searched in place, so that every worker shares the same pages.
 * Must not know: search, slugs, pages. */
#include "base/hanzi.h"

#include "base/text.h"

#include <string.h>

#include "base/hanzi_common.inc"
#include "base/hanzi_table.inc"

typedef struct {
    const char *word, *reading; /* one syllable a character, blanks between */
} Word;
static const Word words[] = {
#include "base/hanzi_words.inc"
};

/* From '#' to '~' without '?' and the backslash. */
static unsigned digit(char c)
{
    return (unsigned)(c - '#') - (c > '?') - (c > '\\');
}

static unsigned code_of(uint32_t cp)
{
    if (cp >= 0x4e00 && cp <= 0x9fff) {
        const char *two = codes + 2 * (cp - 0x4e00);
        return digit(two[0]) * DIGITS + digit(two[1]);
    }
    for (size_t low = 0, high = G_N_ELEMENTS(rare); low < high;) {
        size_t middle = (low + high) / 2;
        if (rare[middle].cp == cp)
            return rare[middle].code;
        if (rare[middle].cp < cp)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

size_t aj_hanzi_readings(uint32_t cp, const char *readings[AJ_HANZI_MAX_READINGS])
{
    unsigned code = code_of(cp);
    if (!code)
        return 0;
    if (code <= SYLLABLES) {
        readings[0] = syllables[code - 1];
        return 1;
    }
    const uint16_t *set = sets[code - SYLLABLES - 1];
    size_t n = 0;
    for (; n < AJ_HANZI_MAX_READINGS && set[n]; n++)
        readings[n] = syllables[set[n] - 1];
    return n;
}

uint32_t aj_hanzi_simplify(uint32_t cp)
{
    if (cp >= 0x4e00 && cp <= 0x9fff && !(old_forms[(cp >> 4) - 0x4e0] >> (cp & 15) & 1))
        return cp;
    size_t low = 0, high = (G_N_ELEMENTS(simplified) - 1) / 2; /* the literal ends in a zero */
    while (low < high) {
        size_t middle = (low + high) / 2;
        uint32_t from = simplified[2 * middle];
        if (from == cp)
            return simplified[2 * middle + 1];
        if (from < cp)
            low = middle + 1;
        else
            high = middle;
    }
    return cp;
}

bool aj_hanzi_is_common(uint32_t cp)
{
    return cp >= 0x4e00 && cp <= 0x9fff && common[(cp >> 4) - 0x4e0] >> (cp & 15) & 1;
}

/* The longest word that `s` begins with. Words are sorted by bytes, so all that share its first
 * character lie together, the shorter before the longer. */
static const Word *word_find(const char *s)
{
    const size_t first = (size_t)(g_utf8_next_char(s) - s);
    const Word *found = NULL;
    size_t low = 0, high = G_N_ELEMENTS(words);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (strncmp(words[middle].word, s, first) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < G_N_ELEMENTS(words) && strncmp(words[low].word, s, first) == 0; low++)
        if (g_str_has_prefix(s, words[low].word))
            found = &words[low];
    return found;
}

static void read_han(const char *s, GPtrArray *out)
{
    while (*s) {
        const Word *word = word_find(s);
        if (word) {
            g_auto(GStrv) parts = g_strsplit(word->reading, " ", -1);
            for (size_t i = 0; parts[i]; i++)
                g_ptr_array_add(out, g_strdup(parts[i]));
            s += strlen(word->word);
            continue;
        }
        const char *readings[AJ_HANZI_MAX_READINGS];
        if (aj_hanzi_readings(g_utf8_get_char(s), readings))
            g_ptr_array_add(out, g_strdup(readings[0]));
        s = g_utf8_next_char(s);
    }
}

static void emit(GString *run, bool han, GPtrArray *out)
{
    if (run->len && han)
        read_han(run->str, out);
    else if (run->len)
        g_ptr_array_add(out, g_strndup(run->str, run->len));
    g_string_truncate(run, 0);
}

void aj_hanzi_syllables(const char *s, size_t len, GPtrArray *out)
{
    g_autoptr(GString) run = g_string_new(NULL);
    bool han = false;
    for (const char *end = s + len; s < end;) {
        uint32_t cp = aj_utf8_next(&s, end);
        if (cp >= 0xff01 && cp <= 0xff5e) /* full width: the same letters and digits */
            cp -= 0xfee0;
        bool now = aj_text_is_han(cp);
        bool border = !now && !g_unichar_isalnum(cp) && !g_unichar_ismark(cp);
        if (border || now != han)
            emit(run, han, out);
        han = now;
        if (!border)
            aj_utf8_append(run, now ? aj_hanzi_simplify(cp) : cp);
    }
    emit(run, han, out);
}
