/* draw - the paper that a seed gives: which questions, in which order, with options in which order.
 *
 * Must not know: who answered, how a paper looks. */
#include "records/draw.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

/* mulberry32, by Tommy Ettinger (public domain), as quiz.js has it. */
static double chance(uint32_t *state)
{
    uint32_t a = *state += 0x6d2b79f5;
    uint32_t t = (a ^ (a >> 15)) * (1 | a);
    t = (t + (t ^ (t >> 7)) * (61 | t)) ^ t;
    return (double)(t ^ (t >> 14)) / 4294967296.0;
}

static void shuffle(const void **list, uint32_t count, uint32_t *state)
{
    for (uint32_t i = count; i-- > 1;) {
        uint32_t j = (uint32_t)(chance(state) * (i + 1));
        const void *keep = list[i];
        list[i] = list[j];
        list[j] = keep;
    }
}

/* Keeps `wanted` of the list by chance, in their order. */
static void pick(const void **list, uint32_t *count, int64_t wanted, uint32_t *state)
{
    if (wanted <= 0 || wanted >= *count)
        return;
    g_autofree const void **mixed = g_memdup2(list, *count * sizeof *list);
    shuffle(mixed, *count, state);
    uint32_t kept = 0;
    for (uint32_t i = 0; i < *count; i++)
        for (uint32_t j = 0; j < wanted; j++)
            if (mixed[j] == list[i]) {
                list[kept++] = list[i];
                break;
            }
    *count = kept;
}

static const char *pool_of(const AjValue *question)
{
    return aj_value_get_string(question, "pool", "");
}

static bool shuffles(const AjValue *quiz, const char *what)
{
    const AjValue *list = aj_value_get(quiz, "shuffle");
    for (uint32_t i = 0; list && list->type == AJ_VALUE_LIST && i < list->len; i++)
        if (list->items[i]->type == AJ_VALUE_STRING && strcmp(list->items[i]->s, what) == 0)
            return true;
    return false;
}

static int by_key(const void *x, const void *y)
{
    const AjValue *const *a = x, *const *b = y;
    return strcmp(aj_value_get_string(*a, "key", ""), aj_value_get_string(*b, "key", ""));
}

static void take_options(AjArena *a, AjDrawn *d, bool mixed, uint32_t *state)
{
    const char *type = aj_value_get_string(d->question, "type", "");
    const AjValue *options = aj_value_get(d->question, "options");
    if (strcmp(type, "single") != 0 && strcmp(type, "multiple") != 0)
        return;
    d->option_count = aj_value_len(options);
    d->options = aj_arena_alloc(a, (d->option_count + 1) * sizeof *d->options);
    for (uint32_t i = 0; i < d->option_count; i++)
        d->options[i] = options->items[i];
    if (d->option_count)
        qsort(d->options, d->option_count, sizeof *d->options, by_key);
    if (mixed)
        shuffle((const void **)d->options, d->option_count, state);
}

AjDrawn *aj_draw(AjArena *a, const AjValue *quiz, uint32_t seed, uint32_t *count_out)
{
    const AjValue *questions = aj_value_get(quiz, "questions"),
                  *pools = aj_value_get(quiz, "pools");
    uint32_t all = aj_value_len(questions), taken = 0, names = 0, shown = 0;
    g_autofree const void **list = g_new0(const void *, all + 1);
    g_autofree const char **pool = g_new0(const char *, all + 1);
    AjDrawn *drawn = aj_arena_alloc(a, (all + 1) * sizeof *drawn);
    for (uint32_t i = 0; i < all; i++) {
        const char *name = pool_of(questions->items[i]);
        uint32_t n = 0;
        while (n < names && strcmp(pool[n], name) != 0)
            n++;
        if (n == names)
            pool[names++] = name;
    }
    for (uint32_t n = 0; n < names; n++) {
        uint32_t own = 0;
        for (uint32_t i = 0; i < all; i++)
            if (strcmp(pool_of(questions->items[i]), pool[n]) == 0)
                list[taken + own++] = questions->items[i];
        pick(list + taken, &own, aj_value_get_int(aj_value_get(pools, pool[n]), "pick", 0), &seed);
        taken += own;
    }
    pick(list, &taken, aj_value_get_int(quiz, "pick", 0), &seed);
    bool mix = shuffles(quiz, "questions"), mix_options = shuffles(quiz, "options");
    for (uint32_t n = 0, at = 0; n < names; n++) {
        uint32_t own = 0;
        while (at + own < taken && strcmp(pool_of(list[at + own]), pool[n]) == 0)
            own++;
        if (mix)
            shuffle(list + at, own, &seed);
        for (uint32_t i = 0; i < own; i++) {
            drawn[shown].question = list[at + i];
            take_options(a, &drawn[shown++], mix_options, &seed);
        }
        at += own;
    }
    *count_out = shown;
    return drawn;
}
