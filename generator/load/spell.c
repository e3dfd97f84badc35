/* spell - which known name an unknown one was meant to be.
 *
 * Must not know: what the names stand for. */
#include "load/spell.h"
#include "base/text.h"

enum { NEAR_LENGTH = 24 }; /* characters: no name is longer, and distance costs their product */

static size_t decode(const char *s, gunichar out[NEAR_LENGTH])
{
    size_t n = 0;
    const char *end = s + strlen(s);
    while (s < end) {
        if (n == NEAR_LENGTH)
            return NEAR_LENGTH + 1;
        out[n++] = g_unichar_tolower(aj_utf8_next(&s, end));
    }
    return n;
}

static size_t edit_distance(const gunichar *x, size_t x_len, const gunichar *y, size_t y_len)
{
    size_t row[NEAR_LENGTH + 1];
    for (size_t j = 0; j <= y_len; j++)
        row[j] = j;
    for (size_t i = 1; i <= x_len; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= y_len; j++) {
            size_t change = diagonal + (x[i - 1] != y[j - 1]);
            diagonal = row[j];
            row[j] = MIN(change, MIN(row[j], row[j - 1]) + 1);
        }
    }
    return row[y_len];
}

const char *aj_spell_nearest(const char *word, const char *const *names, size_t count)
{
    gunichar x[NEAR_LENGTH], y[NEAR_LENGTH];
    size_t x_len = decode(word, x);
    const char *best = NULL;
    size_t best_distance = SIZE_MAX;
    if (x_len < 2 || x_len > NEAR_LENGTH)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        size_t y_len = names[i] ? decode(names[i], y) : 0;
        if (y_len < 2 || y_len > NEAR_LENGTH)
            continue;
        size_t distance = edit_distance(x, x_len, y, y_len);
        if (distance < best_distance && distance <= MAX(1, (MIN(x_len, y_len) + 1) / 3)) {
            best = names[i];
            best_distance = distance;
        }
    }
    return best;
}
