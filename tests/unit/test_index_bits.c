/* Numbers in bits: what is written is read back, and short numbers are short. */
#include "index/bits.h"

#include <string.h>

typedef struct {
    const GString *bytes;
    uint32_t at;
} Reader;

static uint32_t bits_read(Reader *r, unsigned count)
{
    uint32_t v = 0;
    for (unsigned i = 0; i < count; i++, r->at++) {
        g_assert_cmpuint(r->at / 8, <, r->bytes->len);
        v |= ((uint32_t)(uint8_t)r->bytes->str[r->at / 8] >> (r->at & 7) & 1) << i;
    }
    return v;
}

static uint32_t number_read(Reader *r, unsigned *k)
{
    unsigned more = 0, was = *k;
    while (bits_read(r, 1))
        more++;
    *k = more > 1 ? was + 1 : more || !was ? was : was - 1;
    return (((1u << more) - 1) << was) + bits_read(r, more + was);
}

static void test_numbers(void)
{
    static const uint32_t numbers[] = {0,  1,    2,     3,     7,          8, 62, 63,
                                       64, 1000, 65535, 65536, 0x3FFFFFFF, 0, 5};
    GString *out = g_string_new("x");
    AjBits b = {.out = out};
    unsigned k = 3, follows = 3;
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
        aj_bits_adapt(&b, numbers[i], &k);
    aj_bits_put(&b, 0xFFFFFFFF, 32);
    aj_bits_put(&b, 0, 0);
    uint32_t total = b.total;
    aj_bits_end(&b);
    g_assert_cmpuint(out->len, ==, 1 + (total + 7) / 8);
    Reader r = {out, 8};
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
        g_assert_cmpuint(number_read(&r, &follows), ==, numbers[i]);
    g_assert_cmpuint(bits_read(&r, 32), ==, 0xFFFFFFFF);
    g_assert_cmpuint(r.at - 8, ==, total);

    AjBitsView v = {(const uint8_t *)out->str + 1, 0, total, false};
    uint32_t value;
    k = 3;
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        g_assert_true(aj_bits_take_adapt(&v, &value, &k));
        g_assert_cmpuint(value, ==, numbers[i]);
    }
    g_assert_cmpuint(aj_bits_take(&v, 32), ==, 0xFFFFFFFF);
    g_assert_cmpuint(v.at, ==, total);
    g_assert_false(v.over);
    g_assert_cmpuint(aj_bits_take(&v, 1), ==, 0);
    g_assert_true(v.over);
    v = (AjBitsView){(const uint8_t *)"\377\377\377\377", 0, 32, false};
    g_assert_false(aj_bits_take_number(&v, &value, 0)); /* no end to its ones */
    g_string_free(out, TRUE);
}

static void test_length(void)
{
    GString *out = g_string_new(NULL);
    AjBits b = {.out = out};
    g_assert_cmpuint(aj_bits_number(&b, 0, 0), ==, 0);
    g_assert_cmpuint(b.total, ==, 1);
    g_assert_cmpuint(aj_bits_number(&b, 1, 0), ==, 1);
    g_assert_cmpuint(b.total, ==, 1 + 3);
    g_assert_cmpuint(aj_bits_number(&b, 255, 8), ==, 0);
    g_assert_cmpuint(b.total, ==, 1 + 3 + 9);
    aj_bits_end(&b);
    g_string_free(out, TRUE);
}

/* At every place in a byte. */
static void test_copy(void)
{
    GString *from = g_string_new(NULL);
    AjBits w = {.out = from};
    for (uint32_t i = 0; i < 40; i++)
        aj_bits_number(&w, i * i, i % 7);
    uint32_t total = w.total;
    aj_bits_end(&w);
    for (unsigned shift = 0; shift < 8; shift++) {
        GString *to = g_string_new(NULL);
        AjBits b = {.out = to};
        aj_bits_put(&b, 0, shift);
        aj_bits_copy(&b, from->str, total);
        aj_bits_put(&b, 1, 1);
        aj_bits_end(&b);
        Reader x = {from, 0}, y = {to, shift};
        for (uint32_t i = 0; i < total; i++)
            g_assert_cmpuint(bits_read(&x, 1), ==, bits_read(&y, 1));
        g_assert_cmpuint(bits_read(&y, 1), ==, 1);
        g_string_free(to, TRUE);
    }
    g_string_free(from, TRUE);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/index/bits/numbers", test_numbers);
    g_test_add_func("/index/bits/length", test_length);
    g_test_add_func("/index/bits/copy", test_copy);
    return g_test_run();
}
