/* The preview server's words: request paths, Host, ranges, injection, events. */
#include "cli/preview.h"

#include <string.h>

static void test_path(void)
{
    static const struct {
        const char *target;
        int status;
        const char *path;
    } cases[] = {
        {"/", 200, ""},
        {"/index.html", 200, "index.html"},
        {"/cases/", 200, "cases/"},
        {"/cases/tank.html?x=/../..#y", 200, "cases/tank.html"},
        {"/a%20b.html", 200, "a b.html"},
        {"/%E7%BD%90.html", 200, "罐.html"},
        {"/罐.html", 200, "罐.html"},
        {"/a..b/c...html", 200, "a..b/c...html"},
        {"", 400, NULL},
        {"index.html", 400, NULL},
        {"http://127.0.0.1/index.html", 400, NULL},
        {"*", 400, NULL},
        {"/%", 400, NULL},
        {"/%2", 400, NULL},
        {"/%zz", 400, NULL},
        {"/%00", 400, NULL},
        {"/a%00.html", 400, NULL},
        {"/a%0ab", 400, NULL},
        {"/a%7f", 400, NULL},
        {"/..\\..\\x", 400, NULL},
        {"/%5c..", 400, NULL},
        {"/%c0%ae%c0%ae/x", 400, NULL},
        {"/%ff", 400, NULL},
        {"/..", 404, NULL},
        {"/../x", 404, NULL},
        {"/./x", 404, NULL},
        {"/a/../x", 404, NULL},
        {"/a/..", 404, NULL},
        {"/%2e%2e/x", 404, NULL},
        {"/.%2e/x", 404, NULL},
        {"/%2E./x", 404, NULL},
        {"/..%2fx", 404, NULL},
        {"/a%2F..%2F..%2Fx", 404, NULL},
        {"//etc/passwd", 404, NULL},
        {"/%2fetc/passwd", 404, NULL},
        {"/a//b", 404, NULL},
        {"/.git/config", 404, NULL},
        {"/a/.hidden", 404, NULL},
        {"/.../x", 404, NULL},
        {"/%252e%252e/x", 200, "%2e%2e/x"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) path = g_string_new(NULL);
        g_test_message("%s", cases[i].target);
        g_assert_cmpint(aj_preview_path(cases[i].target, path), ==, cases[i].status);
        if (cases[i].path)
            g_assert_cmpstr(path->str, ==, cases[i].path);
    }
    g_autofree char *longest = g_strnfill(100000, 'a');
    longest[0] = '/';
    g_autoptr(GString) path = g_string_new(NULL);
    g_assert_cmpint(aj_preview_path(longest, path), ==, 400);
}

static void test_host(void)
{
    static const struct {
        const char *host, *bind;
        bool ours;
    } cases[] = {
        {"localhost", "127.0.0.1", true},
        {"LocalHost:8080", "127.0.0.1", true},
        {"127.0.0.1", "127.0.0.1", true},
        {"127.0.0.1:80", "127.0.0.1", true},
        {"[::1]", "::1", true},
        {"[::1]:8080", "127.0.0.1", true},
        {"192.168.1.5:8080", "192.168.1.5", true},
        {"[fe80::1]:80", "fe80::1", true},
        {"192.168.1.5", "0.0.0.0", true},
        {"[fe80::1]", "::", true},
        {NULL, "127.0.0.1", false},
        {"", "127.0.0.1", false},
        {"", "0.0.0.0", false},
        {"evil.example", "127.0.0.1", false},
        {"evil.example", "0.0.0.0", false},
        {"abad.cafe", "::", false},
        {"localhost.evil.example", "127.0.0.1", false},
        {"evil.example:127.0.0.1", "127.0.0.1", false},
        {"127.0.0.1.evil.example", "127.0.0.1", false},
        {"127.0.0.1@evil.example", "127.0.0.1", false},
        {"127.0.0.1:80:80", "127.0.0.1", false},
        {"127.0.0.1:x", "127.0.0.1", false},
        {"192.168.1.5", "127.0.0.1", false},
        {"[::1", "127.0.0.1", false},
        {"[::1]x", "127.0.0.1", false},
        {"[", "::", false},
        {"localhos", "127.0.0.1", false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_test_message("%s", cases[i].host ? cases[i].host : "(none)");
        g_assert_cmpint(aj_preview_host(cases[i].host, cases[i].bind), ==, cases[i].ours);
    }
}

static void test_range(void)
{
    static const struct {
        const char *header;
        bool good;
        guint64 from, len;
    } cases[] = {
        {"bytes=0-", true, 0, 100},
        {"bytes=0-0", true, 0, 1},
        {"bytes=10-19", true, 10, 10},
        {"bytes=99-", true, 99, 1},
        {"bytes=90-200", true, 90, 10},
        {"bytes=-5", true, 95, 5},
        {"bytes=-500", true, 0, 100},
        {NULL, false, 0, 0},
        {"", false, 0, 0},
        {"bytes=", false, 0, 0},
        {"bytes=-", false, 0, 0},
        {"bytes=-0", false, 0, 0},
        {"bytes=100-", false, 0, 0},
        {"bytes=5-4", false, 0, 0},
        {"bytes=1-0", false, 0, 0},
        {"bytes=0-1,3-4", false, 0, 0},
        {"bytes=a-b", false, 0, 0},
        {"chars=0-1", false, 0, 0},
        {"bytes=99999999999999999999-", false, 0, 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        guint64 from = 0, len = 0;
        g_test_message("%s", cases[i].header ? cases[i].header : "(none)");
        g_assert_cmpint(aj_preview_range(cases[i].header, 100, &from, &len), ==, cases[i].good);
        if (cases[i].good) {
            g_assert_cmpuint(from, ==, cases[i].from);
            g_assert_cmpuint(len, ==, cases[i].len);
        }
    }
    guint64 from, len;
    g_assert_false(aj_preview_range("bytes=0-", 0, &from, &len));
}

static void test_inject(void)
{
#define TAG "<script src=\"/~anjian/reload.js\" data-state=\"7\"></script>"
    static const struct {
        const char *html;
        bool rooted;
        const char *expected;
    } cases[] = {
        {"", false, TAG},
        {"<p>a", false, "<p>a" TAG},
        {"<body>a</body></html>", false, "<body>a" TAG "</body></html>"},
        {"<BODY>a</BODY>", false, "<BODY>a" TAG "</BODY>"},
        {"</body>a</body>", false, "</body>a" TAG "</body>"},
        {"<", false, "<" TAG},
        {"a</body", false, "a</body" TAG},
        {"<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'\">", false,
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src "
         "'self'; connect-src 'self'\">" TAG},
        {"<meta http-equiv=\"Content-Security-Policy\" content=\"script-src 'self'; connect-src "
         "'self'\">",
         false,
         "<meta http-equiv=\"Content-Security-Policy\" content=\"script-src 'self'; connect-src "
         "'self'\">" TAG},
        {"<meta http-equiv=\"Content-Security-Policy\" content=\"cut", false,
         "<meta http-equiv=\"Content-Security-Policy\" content=\"cut" TAG},
        {"<head><meta http-equiv=\"Content-Security-Policy\" content=\"base-uri 'none'; "
         "script-src a\"></head>",
         true,
         "<head><base href=\"/\"><meta http-equiv=\"Content-Security-Policy\" content=\"base-uri "
         "'self'; script-src a; connect-src 'self'\"></head>" TAG},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) out = g_string_new(NULL);
        aj_preview_inject(cases[i].html, strlen(cases[i].html), "7", cases[i].rooted, out);
        g_assert_cmpstr(out->str, ==, cases[i].expected);
    }
    g_autoptr(GString) page = g_string_new(NULL);
    aj_preview_page("<t>", "a.md:1:1: <script>", "\"", page);
    g_assert_nonnull(strstr(page->str, "<h1>&lt;t&gt;</h1>"));
    g_assert_null(strstr(page->str, "<script>"));
    g_assert_nonnull(strstr(page->str, "data-state=\"&quot;\""));
}

static void test_event(void)
{
    static const char *const cases[][2] = {
        {"", "event: e\ndata: \n\n"},
        {"a", "event: e\ndata: a\n\n"},
        {"a\nb", "event: e\ndata: a\ndata: b\n\n"},
        {"a\r\nb\rc\n", "event: e\ndata: a\ndata: b\ndata: c\n\n"},
        {"a\n\nevent: x", "event: e\ndata: a\ndata: \ndata: event: x\n\n"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) out = g_string_new(NULL);
        aj_preview_event("e", cases[i][0], out);
        g_assert_cmpstr(out->str, ==, cases[i][1]);
    }
}

static void test_type(void)
{
    g_assert_cmpstr(aj_preview_type("a/b.HTML"), ==, "text/html; charset=utf-8");
    g_assert_cmpstr(aj_preview_type("a.b/c"), ==, "application/octet-stream");
    g_assert_cmpstr(aj_preview_type(""), ==, "application/octet-stream");
    g_assert_cmpstr(aj_preview_type("a.tar.js"), ==, "text/javascript; charset=utf-8");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cli/preview/path", test_path);
    g_test_add_func("/cli/preview/host", test_host);
    g_test_add_func("/cli/preview/range", test_range);
    g_test_add_func("/cli/preview/inject", test_inject);
    g_test_add_func("/cli/preview/event", test_event);
    g_test_add_func("/cli/preview/type", test_type);
    return g_test_run();
}
