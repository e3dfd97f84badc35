/* bits - numbers of as many bits as they need, one after the other.
 *
 * Must not know: what the numbers mean. */
#include "index/bits.h"

#include <string.h>

void aj_bits_put(AjBits *b, uint32_t value, unsigned count)
{
    b->held |= (uint64_t)value << b->n;
    b->n += count;
    b->total += count;
    if (b->n < 32)
        return;
    uint32_t word = GUINT32_TO_LE((uint32_t)b->held);
    size_t at = b->out->len;
    if (at + sizeof word < b->out->allocated_len)
        b->out->len += sizeof word; /* GString's own way costs more than the rest of this */
    else
        g_string_set_size(b->out, at + sizeof word);
    memcpy(b->out->str + at, &word, sizeof word);
    b->out->str[b->out->len] = 0;
    b->held >>= 32;
    b->n -= 32;
}

unsigned aj_bits_number(AjBits *b, uint32_t value, unsigned k)
{
    uint32_t above = (value >> k) + 1;
    unsigned more = 31 - (unsigned)__builtin_clz(above);
    aj_bits_put(b, (1u << more) - 1, more + 1);
    uint64_t rest = value - ((uint64_t)((1u << more) - 1) << k);
    aj_bits_put(b, (uint32_t)rest, more + k);
    return more;
}

void aj_bits_adapt(AjBits *b, uint32_t value, unsigned *k)
{
    unsigned more = aj_bits_number(b, value, *k);
    if (more > 1)
        ++*k;
    else if (!more && *k)
        --*k;
}

void aj_bits_copy(AjBits *b, const char *bytes, uint32_t count)
{
    for (; count >= 32; count -= 32, bytes += 4) {
        uint32_t word;
        memcpy(&word, bytes, 4);
        aj_bits_put(b, GUINT32_FROM_LE(word), 32);
    }
    for (; count; bytes++) {
        unsigned n = MIN(count, 8u);
        aj_bits_put(b, (uint8_t)*bytes & ((1u << n) - 1), n);
        count -= n;
    }
}

void aj_bits_end(AjBits *b)
{
    for (; b->n; b->n -= MIN(b->n, 8u), b->held >>= 8)
        g_string_append_c(b->out, (char)b->held);
    b->held = 0;
}

/* At least 56 bits from where the view stands, with zeros beyond the end. */
static uint64_t view_peek(const AjBitsView *v)
{
    uint64_t bits = 0;
    size_t from = v->at >> 3, end = (v->end + 7) >> 3;
    if (end - from >= 8)
        memcpy(&bits, v->bytes + from, 8);
    else
        memcpy(&bits, v->bytes + from, end - from);
    return GUINT64_FROM_LE(bits) >> (v->at & 7);
}

static bool view_skip(AjBitsView *v, unsigned count)
{
    bool enough = count <= v->end - v->at;
    v->at = enough ? v->at + count : v->end;
    v->over = v->over || !enough;
    return enough;
}

uint32_t aj_bits_take(AjBitsView *v, unsigned count)
{
    uint64_t bits = view_peek(v) & ((1ull << count) - 1);
    return view_skip(v, count) ? (uint32_t)bits : 0;
}

static bool take_number(AjBitsView *v, uint32_t *value, unsigned k, unsigned *more_out)
{
    uint64_t bits = view_peek(v);
    unsigned more = (unsigned)__builtin_ctzll(~bits);
    *more_out = more;
    *value = 0;
    if (more + k > 31 || !view_skip(v, more + 1))
        return false;
    *value = (((1u << more) - 1) << k) + aj_bits_take(v, more + k);
    return !v->over;
}

bool aj_bits_take_number(AjBitsView *v, uint32_t *value, unsigned k)
{
    unsigned more;
    return take_number(v, value, k, &more);
}

bool aj_bits_take_adapt(AjBitsView *v, uint32_t *value, unsigned *k)
{
    unsigned more;
    if (!take_number(v, value, *k, &more))
        return false;
    if (more > 1)
        ++*k;
    else if (!more && *k)
        --*k;
    return true;
}
