/* bits - numbers of as many bits as they need, one after the other.
 *
 * Must not know: what the numbers mean. */
#include "index/bits.h"

void aj_bits_put(AjBits *b, uint32_t value, unsigned count)
{
    b->held |= (uint64_t)value << b->n;
    b->n += count;
    b->total += count;
    for (; b->n >= 8; b->n -= 8, b->held >>= 8)
        g_string_append_c(b->out, (char)b->held);
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
    for (; count >= 8; count -= 8)
        aj_bits_put(b, (uint8_t)*bytes++, 8);
    if (count)
        aj_bits_put(b, (uint8_t)*bytes & ((1u << count) - 1), count);
}

void aj_bits_end(AjBits *b)
{
    if (b->n)
        g_string_append_c(b->out, (char)b->held);
    b->held = 0;
    b->n = 0;
}
