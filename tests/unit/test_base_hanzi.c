/* test_base_hanzi - readings, words that differ, old forms; and that the tables are in order.
 *
 * Must not know: search, slugs. */
#include "base/hanzi.h"
#include "base/text.h"

#include <string.h>

static void reads(const char *text, const char *expected)
{
    g_autoptr(GPtrArray) out = g_ptr_array_new_with_free_func(g_free);
    aj_hanzi_syllables(text, strlen(text), out);
    g_ptr_array_add(out, NULL);
    g_autofree char *joined = g_strjoinv(" ", (char **)out->pdata);
    g_assert_cmpstr(joined, ==, expected);
}

static void test_syllables(void)
{
    reads("受限空间缺氧", "shou xian kong jian que yang");
    reads("重庆 LOTO", "chong qing LOTO");
    reads("重量", "zhong liang");
    reads("行车吊运", "hang che diao yun");
    reads("行车安全", "xing che an quan");
    reads("执行情况", "zhi xing qing kuang"); /* not 行情 */
    reads("班长期间", "ban zhang qi jian");
    reads("长期调度", "chang qi diao du");
    reads("重慶銀行", "chong qing yin hang");
    reads("三重一大", "san zhong yi da");
    reads("参差不齐的给水泵", "cen ci bu qi de ji shui beng");
    reads("工人参加", "gong ren can jia");
    reads("二〇二六", "er ling er liu");
    reads("GB 30871-2022，第3条", "GB 30871 2022 di 3 tiao");
    reads("Ｈ２Ｓ", "H2S");
    reads("绿色旅客", "lv se lv ke");
    reads("", "");
    reads("🛢 —— ！", "");
    reads("工地", "gong di");
    reads("\xff\xe5", "");
}

static void test_readings(void)
{
    const char *r[AJ_HANZI_MAX_READINGS];
    g_assert_cmpuint(aj_hanzi_readings(0x884c, r), >=, 2); /* 行 */
    g_assert_cmpstr(r[0], ==, "xing");
    g_assert_cmpstr(r[1], ==, "hang");
    g_assert_cmpuint(aj_hanzi_readings(0x6c27, r), ==, 1); /* 氧 */
    g_assert_cmpstr(r[0], ==, "yang");
    g_assert_cmpuint(aj_hanzi_readings(0x3007, r), ==, 1);
    g_assert_cmpuint(aj_hanzi_readings('a', r), ==, 0);
    g_assert_cmpuint(aj_hanzi_readings(0x10ffff, r), ==, 0);
    size_t known = 0;
    for (uint32_t cp = 0x3000; cp < 0x32000; cp++) {
        size_t n = aj_hanzi_readings(cp, r);
        known += n > 0;
        g_assert_cmpuint(n, <=, AJ_HANZI_MAX_READINGS);
        g_assert_true(!n || aj_text_is_han(cp));
        for (size_t i = 0; i < n; i++)
            for (const char *p = r[i]; *p; p++)
                g_assert_true(g_ascii_islower(*p));
    }
    g_assert_cmpuint(known, >, 20000);
}

static void test_simplify(void)
{
    const char *from = "國際壓力設備裏綫後發體於安全一a，";
    const char *to = "国际压力设备里线后发体于安全一a，";
    const char *p = from, *q = to;
    while (*p) {
        g_assert_cmphex(aj_hanzi_simplify(aj_utf8_next(&p, from + strlen(from))), ==,
                        aj_utf8_next(&q, to + strlen(to)));
    }
    size_t changed = 0;
    for (uint32_t cp = 1; cp < 0x11000; cp++) {
        uint32_t s = aj_hanzi_simplify(cp);
        changed += s != cp;
        g_assert_cmphex(aj_hanzi_simplify(s), ==, s); /* once is enough */
    }
    g_assert_cmpuint(changed, >, 2500);
    g_assert_cmphex(aj_hanzi_simplify(0x4e7e), ==, 0x4e7e); /* 乾坤 is not 干坤 */
    g_assert_cmphex(aj_hanzi_simplify(0), ==, 0);
}

/* Every word of the list is found and is read as it says: the list is sorted and well-formed. */
static void test_words(void)
{
    static const struct {
        const char *word, *reading;
    } words[] = {
#include "base/hanzi_words.inc"
    };
    const char *r[AJ_HANZI_MAX_READINGS];
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        g_auto(GStrv) parts = g_strsplit(words[i].reading, " ", -1);
        g_assert_cmpint(g_utf8_strlen(words[i].word, -1), ==, g_strv_length(parts));
        if (i)
            g_assert_cmpstr(words[i - 1].word, <, words[i].word);
        reads(words[i].word, words[i].reading);
        for (const char *p = words[i].word, *end = p + strlen(p); p < end;)
            g_assert_cmpuint(aj_hanzi_readings(aj_utf8_next(&p, end), r), >, 0);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/hanzi/syllables", test_syllables);
    g_test_add_func("/base/hanzi/readings", test_readings);
    g_test_add_func("/base/hanzi/simplify", test_simplify);
    g_test_add_func("/base/hanzi/words", test_words);
    return g_test_run();
}
