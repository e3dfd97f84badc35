/* Texts in few bytes and back: all kinds of characters, none, many; spoilt bytes break nothing.
 * What the browser reads is held against tests/data/terse.json, whose third values are written
 * here. */
#include "base/arena.h"
#include "base/json.h"
#include "index/code.h"
#include "index/terse.h"

#include <glib.h>
#include <string.h>

#define TEXT "进入受限空间作业前，先通风，再检测，后作业。GB 30871-2022\n通风不足不得进入。"

static void back(AjTerse *t, const char *text, size_t len)
{
    GString *bytes = g_string_new("x"), *again = g_string_new("y");
    aj_terse_print(t, text, len, bytes);
    g_assert_true(aj_terse_read(t, bytes->str + 1, bytes->len - 1, len, again));
    g_assert_cmpmem(again->str + 1, again->len - 1, text, len);
    g_assert_false(len && aj_terse_read(t, bytes->str + 1, bytes->len - 1, len - 1, again));
    g_string_free(bytes, TRUE);
    g_string_free(again, TRUE);
}

static void test_back(void)
{
    AjTerse *t = aj_terse_new();
    back(t, "", 0);
    GString *all = g_string_new(NULL);
    for (uint32_t cp = 1; cp < 0x30000; cp = cp < 0xA100 ? cp + 1 : cp + 37)
        if (g_unichar_validate(cp))
            g_string_append_unichar(all, cp); /* more than it remembers */
    back(t, all->str, all->len);
    for (const char *p = all->str; *p; p = g_utf8_next_char(p) + 300 < all->str + all->len
                                               ? g_utf8_find_next_char(p + 300, NULL)
                                               : all->str + all->len)
        back(t, p, (size_t)(g_utf8_next_char(p) - p));
    g_string_truncate(all, 0);
    uint32_t seed = 1;
    while (all->len < 200 << 10) { /* counts are halved on the way */
        seed = seed * 1664525 + 1013904223;
        g_string_append_unichar(all, seed >> 31 ? 0x4E00 + (seed >> 16) % 300 : 'a' + seed % 7);
    }
    back(t, all->str, all->len);
    size_t cut = 64 << 10;
    while (((unsigned char)all->str[cut] & 0xC0) == 0x80)
        cut--;
    back(t, all->str, cut);
    g_string_free(all, TRUE);
    aj_terse_free(t);
}

static void test_small(void)
{
    AjTerse *t = aj_terse_new();
    GString *text = g_string_new(NULL), *bytes = g_string_new(NULL);
    for (unsigned i = 0; i < 100; i++)
        g_string_append(text, "进入受限空间作业前，先通风，再检测，后作业。");
    aj_terse_print(t, text->str, text->len, bytes);
    g_assert_cmpuint(bytes->len, <, 150);
    aj_terse_print(t, "受限空间", 12, bytes);
    g_assert_cmpuint(bytes->len, <, 160);
    g_string_free(text, TRUE);
    g_string_free(bytes, TRUE);
    aj_terse_free(t);
}

static void test_vectors(void)
{
    char *json;
    size_t len;
    AjArena *arena = aj_arena_new(1 << 16);
    AjTerse *t = aj_terse_new();
    GString *text = g_string_new(NULL), *bytes = g_string_new(NULL), *coded = g_string_new(NULL);
    g_assert_true(g_file_get_contents("tests/data/terse.json", &json, &len, NULL));
    const AjValue *all = aj_json_parse(arena, json, len, NULL);
    g_assert_cmpuint(aj_value_len(all), >, 8);
    for (uint32_t i = 0; i < aj_value_len(all); i++) {
        const AjValue *v = aj_value_at(all, i), *piece = aj_value_at(v, 0);
        g_string_truncate(text, 0);
        for (int64_t n = aj_value_at(v, 1)->i; n > 0; n--)
            g_string_append_len(text, piece->s, (gssize)piece->len);
        g_string_truncate(bytes, 0);
        g_string_truncate(coded, 0);
        aj_terse_print(t, text->str, text->len, bytes);
        aj_code_append_text(coded, bytes->str, bytes->len);
        g_assert_cmpstr(coded->str, ==, aj_value_at(v, 2)->s);
        g_string_truncate(bytes, 0);
        g_string_truncate(text, 0);
        g_assert_true(aj_code_read_text(coded->str, coded->len, bytes));
        g_assert_true(aj_terse_read(t, bytes->str, bytes->len, 1 << 20, text));
        g_assert_true(g_str_has_prefix(text->str, piece->s));
    }
    g_string_free(text, TRUE);
    g_string_free(bytes, TRUE);
    g_string_free(coded, TRUE);
    aj_terse_free(t);
    aj_arena_free(arena);
    g_free(json);
}

/* Any bytes end soon, in valid UTF-8 of no more than was asked for and a character. */
static void test_hostile(void)
{
    AjTerse *t = aj_terse_new();
    GString *out = g_string_new(NULL), *sound = g_string_new(NULL);
    uint32_t seed = 7;
    aj_terse_print(t, TEXT, sizeof TEXT - 1, sound);
    for (unsigned n = 0; n < 3000; n++) {
        uint8_t bytes[200];
        size_t len = n % (sizeof bytes + 1);
        for (size_t i = 0; i < len; i++) {
            seed = seed * 1664525 + 1013904223;
            bytes[i] = n % 3 == 0 ? 0xFF : n % 3 == 1 ? 0 : (uint8_t)(seed >> 24);
        }
        if (n % 2) { /* a sound one with a flipped bit, or cut */
            len = n % 4 == 1 ? sound->len : n % (sound->len + 1);
            memcpy(bytes, sound->str, len);
            if (n % 4 == 1)
                bytes[n / 8 % len] ^= (uint8_t)(1 << n % 8);
        }
        g_string_truncate(out, 0);
        aj_terse_read(t, bytes, len, 5000, out);
        g_assert_cmpuint(out->len, <=, 5004);
        g_assert_true(g_utf8_validate(out->str, (gssize)out->len, NULL));
    }
    g_string_free(out, TRUE);
    g_string_free(sound, TRUE);
    aj_terse_free(t);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/index/terse/back", test_back);
    g_test_add_func("/index/terse/small", test_small);
    g_test_add_func("/index/terse/vectors", test_vectors);
    g_test_add_func("/index/terse/hostile", test_hostile);
    return g_test_run();
}
