/* quizdraw - which questions a seed draws, and in which order.
 *
 * Must not know: pages, HTML, who answers. */
#include "model/quizdraw.h"

#include "base/hash.h"

#include <glib.h>
#include <string.h>

double aj_quizdraw_next(uint32_t *state)
{
    uint32_t t = *state += 0x6d2b79f5u;
    t = (t ^ (t >> 15)) * (1 | t);
    t = (t + (t ^ (t >> 7)) * (61 | t)) ^ t;
    return (t ^ (t >> 14)) / 4294967296.0;
}

static void shuffle(uint32_t *list, uint32_t count, uint32_t *state)
{
    for (uint32_t i = count; i-- > 1;) {
        uint32_t j = (uint32_t)(aj_quizdraw_next(state) * (i + 1));
        uint32_t keep = list[i];
        list[i] = list[j];
        list[j] = keep;
    }
}

/* Leaves `pick` of a list, in the list's order; gives how many are left. `marks` is scratch, zeroed
 * before and after. */
static uint32_t pick_some(AjArena *a, uint32_t *list, uint32_t count, int64_t pick, bool *marks,
                          uint32_t *state)
{
    if (pick <= 0 || pick >= count)
        return count;
    uint32_t *mixed = aj_arena_alloc(a, count * sizeof *mixed), kept = 0;
    memcpy(mixed, list, count * sizeof *mixed);
    shuffle(mixed, count, state);
    for (uint32_t i = 0; i < (uint32_t)pick; i++)
        marks[mixed[i]] = true;
    for (uint32_t i = 0; i < count; i++)
        if (marks[list[i]]) {
            marks[list[i]] = false;
            list[kept++] = list[i];
        }
    return kept;
}

typedef struct {
    char hex[65];
    uint32_t index;
} Keyed;

static int keyed_compare(const void *x, const void *y)
{
    const Keyed *a = x, *b = y;
    int order = strcmp(a->hex, b->hex);
    return order ? order : (a->index > b->index) - (a->index < b->index);
}

void aj_quizdraw_neutral(const char *id, const char *const *texts, uint32_t count,
                         uint32_t *order_out)
{
    g_autofree Keyed *keyed = g_new0(Keyed, count + 1);
    for (uint32_t i = 0; i < count; i++) {
        g_autofree char *text = g_strconcat(id, "\n", texts[i], NULL);
        aj_hash_sha256_hex(text, strlen(text), keyed[i].hex);
        keyed[i].index = i;
    }
    qsort(keyed, count, sizeof *keyed, keyed_compare);
    for (uint32_t i = 0; i < count; i++)
        order_out[i] = keyed[i].index;
}

static void push_once(AjArena *a, AjStrings *list, const char *text)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (strcmp(list->at[i], text) == 0)
            return;
    aj_quiz_push_string(a, list, text);
}

void aj_quizdraw_rights(AjArena *a, const AjQuestion *q, AjStrings *out)
{
    for (uint32_t i = 0; i < q->pairs.count; i++)
        push_once(a, out, q->pairs.at[i].right);
    for (uint32_t i = 0; i < q->distractors.count; i++)
        push_once(a, out, q->distractors.at[i]);
}

static void order_choices(AjArena *a, const AjQuiz *quiz, AjDrawn *d, uint32_t *state)
{
    const AjQuestion *q = &quiz->questions.at[d->index];
    AjStrings rights = {0};
    const AjStrings *neutral = NULL;
    if (q->type == AJ_QUESTION_ORDER) {
        neutral = &q->items;
    } else if (q->type == AJ_QUESTION_MATCH) {
        aj_quizdraw_rights(a, q, &rights);
        neutral = &rights;
    }
    d->choices = neutral ? neutral->count : q->options.count;
    d->order = aj_arena_alloc(a, (d->choices + 1) * sizeof *d->order);
    for (uint32_t i = 0; i < d->choices; i++)
        d->order[i] = i;
    if (neutral)
        aj_quizdraw_neutral(q->id, neutral->at, neutral->count, d->order);
    if (neutral || quiz->shuffle_options)
        shuffle(d->order, d->choices, state);
}

void aj_quizdraw(AjArena *a, const AjQuiz *quiz, uint32_t seed, AjDrawing *out)
{
    uint32_t count = quiz->questions.count, groups = 0, state = seed, taken = 0;
    uint32_t *group = aj_arena_alloc(a, (count + 1) * sizeof *group);
    uint32_t *first = aj_arena_alloc(a, (count + 1) * sizeof *first);
    uint32_t *list = aj_arena_alloc(a, (count + 1) * sizeof *list);
    uint32_t *mine = aj_arena_alloc(a, (count + 1) * sizeof *mine);
    bool *marks = aj_arena_alloc(a, (count + 1) * sizeof *marks);
    for (uint32_t i = 0; i < count; i++) {
        const char *pool = quiz->questions.at[i].pool;
        uint32_t g = 0;
        for (; g < groups; g++)
            if (g_strcmp0(quiz->questions.at[first[g]].pool, pool) == 0)
                break;
        if (g == groups)
            first[groups++] = i;
        group[i] = g;
    }
    for (uint32_t g = 0; g < groups; g++) {
        uint32_t own = 0;
        int64_t pick = 0;
        const char *name = quiz->questions.at[first[g]].pool;
        for (uint32_t i = 0; i < count; i++)
            if (group[i] == g)
                mine[own++] = i;
        for (uint32_t i = 0; name && i < quiz->pools.count; i++)
            if (strcmp(quiz->pools.at[i].name, name) == 0)
                pick = quiz->pools.at[i].pick;
        own = pick_some(a, mine, own, pick, marks, &state);
        memcpy(list + taken, mine, own * sizeof *mine);
        taken += own;
    }
    taken = pick_some(a, list, taken, quiz->pick, marks, &state);
    for (uint32_t g = 0; g < groups; g++) {
        uint32_t own = 0;
        for (uint32_t i = 0; i < taken; i++)
            if (group[list[i]] == g)
                mine[own++] = list[i];
        if (quiz->shuffle_questions)
            shuffle(mine, own, &state);
        for (uint32_t i = 0; i < own; i++) {
            AjDrawn *d = aj_quiz_push(a, out);
            d->index = mine[i];
            order_choices(a, quiz, d, &state);
        }
    }
}
