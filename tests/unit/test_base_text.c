/* test_base_text - UTF-8 at its borders, escapes against cmark, addresses that bite.
 *
 * Must not know: pages. cmark is here as the judge of our escapes only. */
#include "base/text.h"

#include <cmark.h>
#include <stdlib.h>
#include <string.h>

static void test_utf8(void)
{
    static const uint32_t points[] = {1,      0x7f,   0x80,   0x7ff,   0x800,
                                      0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff};
    g_autoptr(GString) s = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(points); i++)
        aj_utf8_append(s, points[i]);
    g_assert_cmpuint(aj_utf8_invalid_at(s->str, s->len), ==, SIZE_MAX);
    const char *p = s->str, *end = p + s->len;
    for (size_t i = 0; i < G_N_ELEMENTS(points); i++)
        g_assert_cmphex(aj_utf8_next(&p, end), ==, points[i]);
    g_assert_true(p == end);
    aj_utf8_append(s, 0xd800);
    g_assert_cmpstr(s->str + s->len - 3, ==, "\xef\xbf\xbd");
}

static void test_utf8_broken(void)
{
    static const char *const bad[] = {"\x80",
                                      "\xc0\x80",
                                      "\xc1\xbf",
                                      "\xe0\x9f\xbf",
                                      "\xed\xa0\x80",
                                      "\xf0\x8f\xbf\xbf",
                                      "\xf4\x90\x80\x80",
                                      "\xf8\x88\x80\x80\x80",
                                      "\xe4\xb8",
                                      "\xf0\x9f\x9b",
                                      "\xff",
                                      "\xc3"};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        for (size_t before = 0; before < 20; before++) {
            g_autoptr(GString) s = g_string_new(NULL);
            for (size_t k = 0; k < before; k++)
                g_string_append_c(s, 'a');
            g_string_append(s, bad[i]);
            g_autofree char *exact = g_memdup2(s->str, s->len);
            g_assert_cmpuint(aj_utf8_invalid_at(exact, s->len), ==, before);
            const char *p = exact + before;
            g_assert_cmphex(aj_utf8_next(&p, exact + s->len), ==, 0xfffd);
            g_assert_true(p == exact + before + 1);
        }
    }
    g_assert_cmpuint(aj_utf8_invalid_at("abcdefgh\0ijk", 12), ==, 8);
    g_assert_cmpuint(aj_utf8_invalid_at("abc\0efghijkl", 12), ==, 3);
    g_assert_cmpuint(aj_utf8_invalid_at("", 0), ==, SIZE_MAX);
    g_assert_cmpuint(aj_utf8_invalid_at("受限空间abc", 15), ==, SIZE_MAX);
}

/* Every sequence of three bytes, alone and with room behind it, against GLib. */
static void test_utf8_all_three(void)
{
    char s[5] = {0};
    for (uint32_t v = 0; v < 1u << 20; v++) {
        s[0] = (char)(0xe0 | v >> 16);
        s[1] = (char)(v >> 8);
        s[2] = (char)v;
        s[3] = 'a';
        bool good = s[1] && s[2] && g_utf8_validate(s, 3, NULL);
        if (good != (aj_utf8_invalid_at(s, 3) == SIZE_MAX) ||
            good != (aj_utf8_invalid_at(s, 4) == SIZE_MAX))
            g_error("%02x %02x %02x", (uint8_t)s[0], (uint8_t)s[1], (uint8_t)s[2]);
    }
}

static void test_classes(void)
{
    g_assert_true(aj_text_is_han(0x5b89));
    g_assert_true(aj_text_is_han(0x3007)); /* 〇 */
    g_assert_true(aj_text_is_han(0x3005)); /* 々 */
    g_assert_true(aj_text_is_han(0x20000));
    g_assert_false(aj_text_is_han('a'));
    g_assert_false(aj_text_is_han(0x3042)); /* あ */
    g_assert_true(aj_text_is_cjk(0x3042));
    g_assert_true(aj_text_is_cjk(0xff0c));
    g_assert_false(aj_text_is_cjk(0xac00)); /* Korean parts its words with blanks */
    g_assert_false(aj_text_is_cjk(0x1f6e2));
    for (const char *p = "，。、；：？！（）《》“”…—「」·￥～", *end = p + strlen(p); p < end;)
        g_assert_true(aj_text_is_wide_punct(aj_utf8_next(&p, end)));
    g_assert_false(aj_text_is_wide_punct(','));
    g_assert_false(aj_text_is_wide_punct(0x5b89));
    g_assert_false(aj_text_is_wide_punct(0xff11)); /* １ */
}

/* What cmark makes of one byte in a text and in an address is what we make of it. */
static void test_as_cmark(void)
{
    for (int c = 1; c < 256; c++) {
        char s[] = {'a', (char)c, 'z', 0};
        g_autoptr(GString) text = g_string_new("<p>"), url = g_string_new("<p><a href=\"");
        aj_escape_text(text, s, 3);
        g_string_append(text, "</p>\n");
        aj_escape_url(url, s, 3);
        g_string_append(url, "\"></a></p>\n");

        cmark_node *p = cmark_node_new(CMARK_NODE_PARAGRAPH), *n = cmark_node_new(CMARK_NODE_TEXT);
        cmark_node_set_literal(n, s);
        cmark_node_append_child(p, n);
        char *html = cmark_render_html(p, CMARK_OPT_UNSAFE);
        g_assert_cmpstr(html, ==, text->str);
        free(html);
        cmark_node_free(n);
        n = cmark_node_new(CMARK_NODE_LINK);
        cmark_node_set_url(n, s);
        cmark_node_append_child(p, n);
        html = cmark_render_html(p, CMARK_OPT_UNSAFE);
        g_assert_cmpstr(html, ==, url->str);
        free(html);
        cmark_node_free(p);
    }
}

static void test_escapes(void)
{
    g_autoptr(GString) s = g_string_new(NULL);
    aj_escape_attr(s, "<a b='c' d=\"e\">&", 16);
    g_assert_cmpstr(s->str, ==, "&lt;a b=&#39;c&#39; d=&quot;e&quot;&gt;&amp;");
    g_string_truncate(s, 0);
    const char *js = "安\"\\\n\t\x01'</script>\xe2\x80\xa8\xff&🛢";
    aj_escape_js(s, js, strlen(js));
    g_assert_cmpstr(s->str, ==,
                    "安\\\"\\\\\\n\\t\\u0001\\u0027\\u003c/script\\u003e\\u2028\xef\xbf\xbd"
                    "\\u0026🛢");
    g_string_truncate(s, 0);
    aj_escape_url(s, "案 a%20b%zz.html?x=1&y='2'#段", strlen("案 a%20b%zz.html?x=1&y='2'#段"));
    g_assert_cmpstr(s->str, ==, "%E6%A1%88%20a%20b%zz.html?x=1&amp;y=&#x27;2&#x27;#%E6%AE%B5");
    g_string_truncate(s, 0);
    aj_escape_text(s, "", 0);
    g_assert_cmpstr(s->str, ==, "");
}

/* One byte to escape at every place of a text of every length: eight at a time must miss none. */
static void test_escape_places(void)
{
    for (size_t len = 1; len < 40; len++) {
        for (size_t at = 0; at < len; at++) {
            for (const char *c = "&<>\"'#=\x22"; *c; c++) {
                g_autoptr(GString) plain = g_string_new(NULL), out = g_string_new(NULL);
                g_autoptr(GString) expected = g_string_new(NULL);
                for (size_t i = 0; i < len; i++)
                    g_string_append_c(plain, i == at ? *c : i % 3 ? 'x' : '\xe5');
                for (size_t i = 0; i < len; i++) {
                    if (!strchr("&<>\"", plain->str[i]))
                        g_string_append_c(expected, plain->str[i]);
                    else
                        g_string_append(expected, *c == '&'   ? "&amp;"
                                                  : *c == '<' ? "&lt;"
                                                  : *c == '>' ? "&gt;"
                                                              : "&quot;");
                }
                g_autofree char *exact = g_memdup2(plain->str, len);
                aj_escape_text(out, exact, len);
                g_assert_true(g_string_equal(out, expected));
            }
        }
    }
}

static void test_url(void)
{
    static const char *const good[] = {
        "",          "a.html",           "../b/c.html#d:e", "?x:y",    "#a:b",
        "http://x/", "HTTPS://x",        "MailTo:a@b",      "tel:110", "a/b:c",
        "//host/x",  "第一章 通则.html", "data.html"};
    static const char *const bad[] = {"javascript:alert(1)",
                                      "JaVaScRiPt:x",
                                      " javascript:x",
                                      "\x01javascript:x",
                                      "java\tscript:x",
                                      "java\nscript:x",
                                      "data:text/html,x",
                                      "vbscript:x",
                                      "file:///etc/passwd",
                                      "blob:x",
                                      "javascript\x7f:x",
                                      "ht tp://x",
                                      ":x",
                                      "about:blank",
                                      "http\t:x",
                                      "javascript :x"};
    for (size_t i = 0; i < G_N_ELEMENTS(good); i++)
        g_assert_true(aj_url_is_safe(good[i], strlen(good[i])));
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++)
        g_assert_false(aj_url_is_safe(bad[i], strlen(bad[i])));
    g_assert_false(aj_url_is_safe("java\0script:x", 13));
}

static void slug_is(const char *name, const char *expected)
{
    g_autofree char *slug = aj_slug(name, strlen(name));
    g_assert_cmpstr(slug, ==, expected);
}

static void test_slug(void)
{
    slug_is("Tank_01.v2-x", "Tank_01.v2-x");
    slug_is("受限空间", "shou-xian-kong-jian");
    slug_is("2.1 重庆 LOTO（上锁）", "2-1-chong-qing-loto-shang-suo");
    slug_is("Café Ünï", "cafe-uni");
    slug_is("ＡＢ１２", "ab12");
    slug_is("行车調運", "hang-che-diao-yun");
    slug_is("女工", "nv-gong");
    g_autofree char *none = aj_slug("！？", 6), *other = aj_slug("？！", 6),
                    *empty = aj_slug("", 0);
    g_assert_cmpuint(strlen(none), ==, 9);
    g_assert_true(none[0] == 'x' && empty[0] == 'x');
    g_assert_cmpstr(none, !=, other);
    g_autoptr(GString) name = g_string_new(NULL);
    for (int i = 0; i < 80; i++)
        g_string_append(name, "装");
    g_autofree char *once = aj_slug(name->str, name->len);
    g_string_append(name, "甲");
    g_autofree char *twice = aj_slug(name->str, name->len);
    g_assert_cmpuint(strlen(once), <, 140);
    g_assert_cmpstr(once, !=, twice);
    g_autofree char *broken = aj_slug("\xff\xe5\xae", 3);
    g_assert_true(broken[0] == 'x');
    for (int i = 0; i < 250; i++)
        g_string_append_c(name, 'a'); /* one run longer than the limit */
    g_autofree char *run = aj_slug(name->str, name->len);
    g_assert_cmpuint(strlen(run), <, 140);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/text/utf8", test_utf8);
    g_test_add_func("/base/text/utf8-broken", test_utf8_broken);
    g_test_add_func("/base/text/utf8-all-three", test_utf8_all_three);
    g_test_add_func("/base/text/classes", test_classes);
    g_test_add_func("/base/text/as-cmark", test_as_cmark);
    g_test_add_func("/base/text/escapes", test_escapes);
    g_test_add_func("/base/text/escape-places", test_escape_places);
    g_test_add_func("/base/text/url", test_url);
    g_test_add_func("/base/text/slug", test_slug);
    return g_test_run();
}
