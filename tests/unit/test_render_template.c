/* Template tests: the rules of Mustache (tests/data/mustache), escaping by context, hostile sets.
 */
#include "base/json.h"
#include "render/template.h"

#include <string.h>

static const AjValue *load(AjArena *a, const char *path)
{
    g_autofree char *text = NULL;
    gsize len = 0;
    g_autoptr(GError) error = NULL;
    g_assert_true(g_file_get_contents(path, &text, &len, &error));
    const AjValue *v = aj_json_parse(a, text, len, &error);
    g_assert_no_error(error);
    return v;
}

static void run_rules(gconstpointer data)
{
    AjArena *a = aj_arena_new(65536);
    const AjValue *tests = aj_value_get(load(a, data), "tests");
    g_assert_cmpuint(aj_value_len(tests), >, 0);
    for (uint32_t i = 0; i < aj_value_len(tests); i++) {
        const AjValue *t = aj_value_at(tests, i);
        AjTemplates *set = aj_templates_new();
        const char *text = aj_value_get_string(t, "template", NULL);
        aj_templates_add(set, "main.mustache", text, strlen(text));
        const AjValue *partials = aj_value_get(t, "partials");
        for (uint32_t k = 0; partials && k < partials->len; k++) {
            g_autofree char *name = g_strconcat(partials->entries[k].key, ".mustache", NULL);
            aj_templates_add(set, name, partials->entries[k].value->s,
                             partials->entries[k].value->len);
        }
        g_autoptr(AjDiags) diags = aj_diags_new();
        bool good = aj_templates_compile(set, diags);
        const char *expected = aj_value_get_string(t, "expected", NULL);
        if (!good) {
            g_test_message("%s: %s", aj_value_get_string(t, "name", "?"),
                           aj_diags_at(diags, 0)->message);
            g_test_fail();
        } else {
            const AjValue *stack[] = {aj_value_get(t, "data")};
            g_autoptr(GString) out = g_string_new(NULL);
            aj_templates_run(set, "main.mustache", stack, 1, out);
            if (strcmp(out->str, expected) != 0) {
                g_test_message("%s\n--- expected\n%s\n--- got\n%s\n---",
                               aj_value_get_string(t, "name", "?"), expected, out->str);
                g_test_fail();
            }
        }
        aj_templates_free(set);
    }
    aj_arena_free(a);
}

/* ---- contexts ---- */

/* Compiles `text` as NAME; *diags_out tells why not. */
static AjTemplates *compile(const char *name, const char *text, AjDiags *diags)
{
    AjTemplates *set = aj_templates_new();
    aj_templates_add(set, name, text, strlen(text));
    aj_templates_compile(set, diags);
    return set;
}

static void expect(const char *name, const char *text, const AjValue *data, const char *expected)
{
    g_autoptr(AjDiags) diags = aj_diags_new();
    AjTemplates *set = compile(name, text, diags);
    if (!aj_templates_has(set, name)) {
        g_test_message("%s\n%s", text, aj_diags_at(diags, 0)->message);
        g_test_fail();
    } else {
        g_autoptr(GString) out = g_string_new(NULL);
        aj_templates_run(set, name, &data, 1, out);
        if (strcmp(out->str, expected) != 0) {
            g_test_message("%s\n- %s\n+ %s", text, expected, out->str);
            g_test_fail();
        }
    }
    aj_templates_free(set);
}

static const AjValue *json(AjArena *a, const char *text)
{
    g_autoptr(GError) error = NULL;
    const AjValue *v = aj_json_parse(a, text, strlen(text), &error);
    g_assert_no_error(error);
    return v;
}

static void test_escapes(void)
{
    static const struct {
        const char *name, *text, *data, *expected;
    } cases[] = {
        {"a.html", "<p>{{x}}</p>", "{\"x\":\"<script>\"}", "<p>&lt;script&gt;</p>"},
        {"a.html", "<p>{{{x}}}</p>", "{\"x\":\"<b>\"}", "<p><b></p>"},
        {"a.html", "<p>a{{x}}b{{x}}c{{x}}</p>", "{\"x\":\"<>\"}",
         "<p>a&lt;&gt;b&lt;&gt;c&lt;&gt;</p>"},
        {"a.html", "<p title=\"{{x}}\">", "{\"x\":\"\\\"><script>\"}",
         "<p title=\"&quot;&gt;&lt;script&gt;\">"},
        {"a.html", "<p title='{{x}}'>", "{\"x\":\"' onclick='a\"}",
         "<p title='&#39; onclick=&#39;a'>"},
        {"a.html", "<title>{{x}}</title>{{x}}", "{\"x\":\"</title>\"}",
         "<title>&lt;/title&gt;</title>&lt;/title&gt;"},
        {"a.html", "<textarea>{{x}}</textarea>", "{\"x\":\"</textarea>\"}",
         "<textarea>&lt;/textarea&gt;</textarea>"},
        {"a.html", "<div data-q=\"{{x}}\">", "{\"x\":\"{\\\"a\\\":1}\"}",
         "<div data-q=\"{&quot;a&quot;:1}\">"},
        {"a.html", "<div data-q='{{x}}'>{{x}}", "{\"x\":\"{\\\"a\\\":'<&'}\"}",
         "<div data-q='{\"a\":&#39;&lt;&amp;&#39;}'>{&quot;a&quot;:'&lt;&amp;'}"},
        {"a.html", "<script src=\"{{r}}a.js\"></script>{{r}}", "{\"r\":\"../\"}",
         "<script src=\"../a.js\"></script>../"},
        {"a.html", "<script>if (a < b) '</p>';</script>{{x}}", "{\"x\":\"<\"}",
         "<script>if (a < b) '</p>';</script>&lt;"},
        {"a.html", "<!-- <script> -->{{x}}<!---->{{x}}<!-->{{x}}", "{\"x\":\"<\"}",
         "<!-- <script> -->&lt;<!---->&lt;<!-->&lt;"},
        {"a.html", "<!doctype html>{{x}}", "{\"x\":\"<\"}", "<!doctype html>&lt;"},
        {"a.html", "<li{{#c}} class=\"on\"{{/c}}{{#d}} id=\"{{d}}\"{{/d}}>",
         "{\"c\":1,\"d\":\"'\"}", "<li class=\"on\" id=\"&#39;\">"},
        {"a.html", "<input{{#c}} checked{{/c}}>", "{\"c\":1}", "<input checked>"},
        {"a.html", "<p class=\"a{{#l}} b-{{.}}{{/l}}\">", "{\"l\":[1,2]}",
         "<p class=\"a b-1 b-2\">"},
        {"a.xml", "<a t=\"{{x}}\">{{x}}</a>", "{\"x\":\"<&\\\"'\\u0008\\ufffe。\"}",
         "<a t=\"&lt;&amp;&quot;&#39;。\">&lt;&amp;&quot;&#39;。</a>"},
        {"a.xml", "<?xml version=\"1.0\"?><script>{{x}}</script>", "{\"x\":\"<\"}",
         "<?xml version=\"1.0\"?><script>&lt;</script>"},
        {"a.txt", "{{x}}<a href={{x}}>", "{\"x\":\"<&\"}", "<&<a href=<&>"},
    };
    AjArena *a = aj_arena_new(4096);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        expect(cases[i].name, cases[i].text, json(a, cases[i].data), cases[i].expected);
    aj_arena_free(a);
}

static void test_urls(void)
{
    static const struct {
        const char *text, *data, *expected;
    } cases[] = {
        {"<a href=\"{{x}}\">", "{\"x\":\"案例/a b.html?q=\\\"&c#'\"}",
         "<a href=\"%E6%A1%88%E4%BE%8B/a%20b.html?q=%22&amp;c#&#x27;\">"},
        {"<a href=\"{{r}}{{u}}\">", "{\"r\":\"../\",\"u\":\"a.html\"}", "<a href=\"../a.html\">"},
        {"<a href=\"{{r}}{{u}}\">", "{\"u\":\"a.html\"}", "<a href=\"a.html\">"},
        {"<a href=\"{{r}}{{u}}\">", "{\"u\":\"javascript:alert(1)\"}", "<a href=\"#\">"},
        {"<a href=\"{{r}}{{u}}\">", "{\"r\":\"java\",\"u\":\"script:alert(1)\"}", "<a href=\"#\">"},
        {"<a href=\"{{r}}{{u}}\">", "{\"r\":\"javascript\",\"u\":\":alert(1)\"}", "<a href=\"#\">"},
        {"<a href=\"{{r}}:{{u}}\">", "{\"r\":\"javascript\",\"u\":\"alert(1)\"}",
         "<a href=\"#alert(1)\">"},
        {"<a href=\"{{r}}:{{u}}\">", "{\"r\":\"https\",\"u\":\"//a.cn\"}",
         "<a href=\"https://a.cn\">"},
        {"<a href=\"java{{u}}\">", "{\"u\":\"script:alert(1)\"}", "<a href=\"#\">"},
        {"<a href=\"j{{#u}}ava{{.}}{{/u}}\">", "{\"u\":\"script:alert(1)\"}", "<a href=\"#\">"},
        {"<a href=\" {{u}}\">", "{\"u\":\"javascript:alert(1)\"}", "<a href=\"#\">"},
        {"<a href=\"{{#r}}{{r}}{{/r}}{{u}}\">", "{\"u\":\"javascript:alert(1)\"}",
         "<a href=\"#\">"},
        {"<a href=\"{{#e}}https://{{e}}{{/e}}{{^e}}{{r}}{{u}}{{/e}}\">", "{\"e\":\"a.cn\"}",
         "<a href=\"https://a.cn\">"},
        {"<a href=\"{{#e}}https://{{e}}{{/e}}{{^e}}{{r}}{{u}}{{/e}}\">", "{\"u\":\"vbscript:a\"}",
         "<a href=\"#\">"},
        {"<a href=\"{{#e}}javascript:{{e}}{{/e}}\">", "{\"e\":\"alert(1)\"}",
         "<a href=\"#alert(1)\">"},
        {"<a href=\"https://a.cn/{{u}}\">", "{\"u\":\"javascript:x\"}",
         "<a href=\"https://a.cn/javascript:x\">"},
        {"<a href=\"#{{u}}\">", "{\"u\":\"一\"}", "<a href=\"#%E4%B8%80\">"},
        {"<a href=\"{{r}}s.html?q={{q}}&amp;k={{q}}#x\">", "{\"q\":\"A&B=1 #\"}",
         "<a href=\"s.html?q=A%26B%3D1%20%23&amp;k=A%26B%3D1%20%23#x\">"},
        {"<a href=\"{{u}}{{#q}}?q={{q}}{{/q}}\">", "{\"u\":\"s\",\"q\":\"&\"}",
         "<a href=\"s?q=%26\">"},
        {"<a href=\"s?{{#l}}k={{.}}&amp;{{/l}}\">", "{\"l\":[\"=\",\"?\"]}",
         "<a href=\"s?k=%3D&amp;k=%3F&amp;\">"},
        {"<meta http-equiv=\"refresh\" content=\"0; URL={{u}}\">", "{\"u\":\"javascript:x\"}",
         "<meta http-equiv=\"refresh\" content=\"0; URL=#\">"},
        {"<meta http-equiv=\"refresh\" content=\"0; url={{u}}\">", "{\"u\":\"a b\"}",
         "<meta http-equiv=\"refresh\" content=\"0; url=a%20b\">"},
        {"<meta name=\"author\" content=\"{{u}}\">", "{\"u\":\"a: b\"}",
         "<meta name=\"author\" content=\"a: b\">"},
    };
    static const char *const bad[] = {"javascript:alert(1)",
                                      "JaVaScRiPt:alert(1)",
                                      " javascript:alert(1)",
                                      "\tjavascript:alert(1)",
                                      "java\nscript:alert(1)",
                                      "java\tscript:alert(1)",
                                      "\x01javascript:alert(1)",
                                      "javascript :alert(1)",
                                      "javascript&colon;alert(1)://:",
                                      "vbscript:msgbox(1)",
                                      "data:text/html,<script>alert(1)</script>",
                                      "file:///etc/passwd",
                                      "view-source:x",
                                      "jar:http://x!/",
                                      "blob:x",
                                      "feed:javascript:x"};
    static const char *const attributes[] = {
        "<a href=\"{{x}}\">",       "<img src='{{x}}'>",
        "<form action=\"{{x}}\">",  "<button formaction=\"{{x}}\">",
        "<video poster=\"{{x}}\">", "<q cite=\"{{x}}\">",
        "<object data=\"{{x}}\">",  "<use xlink:href=\"{{x}}\">",
        "<A HREF=\"{{x}}\">"};
    AjArena *a = aj_arena_new(4096);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
        expect("a.html", cases[i].text, json(a, cases[i].data), cases[i].expected);
    for (size_t i = 0; i < G_N_ELEMENTS(attributes); i++) {
        for (size_t k = 0; k < G_N_ELEMENTS(bad); k++) {
            AjValue *map = aj_value_map(a);
            aj_value_set_string(a, map, "x", bad[k]);
            g_autofree char *expected = g_strdup(attributes[i]);
            char *at = strstr(expected, "{{x}}");
            *at = '#';
            memmove(at + 1, at + 5, strlen(at + 5) + 1);
            expect("a.html", attributes[i], map, expected);
        }
    }
    aj_arena_free(a);
}

static void test_refused(void)
{
    static const struct {
        const char *name, *text;
        uint32_t line, column;
    } cases[] = {
        {"a.html", "<a href={{x}}>", 1, 9},
        {"a.html", "<p\ntitle=a{{x}}>", 2, 8},
        {"a.html", "<script>\nvar a = '{{x}}';</script>", 2, 10},
        {"a.html", "<script>{{{x}}}</script>", 1, 9},
        {"a.html", "<SCRIPT type=\"application/json\">{{x}}</SCRIPT>", 1, 33},
        {"a.html", "<style>{{x}}</style>", 1, 8},
        {"a.html", "<p onclick=\"{{x}}\">", 1, 13},
        {"a.html", "<p ONCLICK='f(\"{{x}}\")'>", 1, 16},
        {"a.html", "<svg><a svg:onload=\"{{x}}\">", 1, 21},
        {"a.html", "<p style=\"color:{{x}}\">", 1, 17},
        {"a.html", "<img srcset=\"{{x}} 2x\">", 1, 14},
        {"a.html", "<iframe srcdoc=\"{{x}}\">", 1, 17},
        {"a.html", "<animate to=\"{{x}}\">", 1, 14},
        {"a.html", "<p title=\"{{{x}}}\">", 1, 11},
        {"a.html", "<p title=\"{{&x}}\">", 1, 11},
        {"a.html", "<title>{{{x}}}</title>", 1, 8},
        {"a.html", "<!-- {{x}} -->", 1, 6},
        {"a.html", "<!-- a -- > {{x}} -->", 1, 13},
        {"a.html", "<{{x}}>", 1, 2},
        {"a.html", "<h{{x}}>", 1, 3},
        {"a.html", "</{{x}}>", 1, 3},
        {"a.html", "<p {{x}}>", 1, 4},
        {"a.html", "<p {{x}}=\"a\">", 1, 4},
        {"a.html", "<p data-{{x}}=\"a\">", 1, 9},
        {"a.html", "<p title={{x}}>", 1, 10},
        {"a.html", "<a href=\"javascript:{{x}}\">", 1, 21},
        {"a.html", "<a href=\"java&#115;cript:{{x}}\">", 1, 26},
        {"a.html", "<a href=\"{{u}}{{#q}}?q={{/q}}{{x}}\">", 1, 30},
        {"a.html", "<!doctype {{x}}>", 1, 11},
        {"a.html", "<iframe>{{x}}</iframe>", 1, 9},
        {"a.html", "<plaintext>{{x}}", 1, 12},
        {"a.html", "<title></titl{{x}}", 1, 14},
        {"a.html", "<script><!--</script>", 1, 10},
        {"a.html", "a < b", 1, 4},
        {"a.html", "<p \"a\">", 1, 4},
        {"a.html", "<p a=\"b\"c=\"d\">", 1, 9},
        {"a.html", "<p{{#x}} a=\"{{/x}}\">", 1, 3},
        {"a.html", "<p>{{#x}}<a href=\"{{/x}}b\">", 1, 4},
        {"a.html", "<p>\n{{#x}}<!-- {{/x}}", 2, 1},
        {"a.html", "{{#x}}<script>{{/x}}", 1, 1},
        {"a.html", "<{{#x}}b{{/x}}>", 1, 2},
        {"a.html", "<p title={{#x}}\"a\"{{/x}}>", 1, 10},
        {"a.html", "<a{{#x}} b{{/x}}c>", 1, 17},
        {"a.html", "<p title=\"", 0, 0},
        {"a.html", "<script>", 0, 0},
        {"a.html", "<!-- a", 0, 0},
        {"a.xml", "<!-- {{x}} -->", 1, 6},
        {"a.xml", "<![CDATA[{{x}}]]>", 1, 10},
        {"a.xml", "<?xml {{x}}?>", 1, 7},
        {"a.xml", "<a b={{x}}>", 1, 6},
        {"a.js", "var a = '{{x}}';", 0, 0},
        {"a", "x", 0, 0},
        /* and what is no Mustache */
        {"a.txt", "一\n {{#x}}", 2, 2},
        {"a.txt", "{{/x}}", 1, 1},
        {"a.txt", "{{#x}}\n{{#y}}{{/x}}{{/y}}", 2, 7},
        {"a.txt", "a {{x", 1, 3},
        {"a.txt", "a {{{x}}", 1, 3},
        {"a.txt", "{{}}", 1, 1},
        {"a.txt", "{{ }}", 1, 1},
        {"a.txt", "{{#}}{{/}}", 1, 1},
        {"a.txt", "{{x y}}", 1, 1},
        {"a.txt", "{{=<%=}}", 1, 1},
        {"a.txt", "{{=x=}}", 1, 1},
        {"a.txt", "{{>none}}", 1, 1},
        {"a.txt", "a\n\xff", 2, 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(AjDiags) diags = aj_diags_new();
        AjTemplates *set = compile(cases[i].name, cases[i].text, diags);
        g_test_message("%s", cases[i].text);
        g_assert_false(aj_templates_has(set, cases[i].name));
        g_assert_cmpuint(aj_diags_count(diags, AJ_ERROR), >=, 1);
        const AjDiag *d = aj_diags_at(diags, 0);
        g_assert_cmpstr(d->pos.path, ==, cases[i].name);
        g_assert_cmpuint(d->pos.line, ==, cases[i].line);
        g_assert_cmpuint(d->pos.column, ==, cases[i].column);
        aj_templates_free(set);
    }
}

/* The same piece in text, in an attribute, in an address: each time another escape. */
static void test_piece_by_context(void)
{
    AjArena *a = aj_arena_new(4096);
    AjTemplates *set = aj_templates_new();
    static const char *const texts[][2] = {
        {"x.html", "{{x}}"},
        {"main.html", "{{<base}}{{$t}}{{>x}}{{/t}}{{$u}}{{>x}}{{/u}}{{/base}}"},
        {"base.html", "<a href=\"{{$u}}{{/u}}\" title='{{$t}}{{/t}}'>{{$t}}{{/t}}</a>"},
        {"attributes.html", " class=\"a\" title=\"{{x}}"},
        {"open.html", "<p{{>attributes}}\">"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        aj_templates_add(set, texts[i][0], texts[i][1], strlen(texts[i][1]));
    g_autoptr(AjDiags) diags = aj_diags_new();
    g_assert_true(aj_templates_compile(set, diags));
    g_assert_cmpuint(aj_diags_total(diags), ==, 0);
    const AjValue *data = json(a, "{\"x\":\"javascript:'\"}");
    g_autoptr(GString) out = g_string_new(NULL);
    aj_templates_run(set, "main.html", &data, 1, out);
    g_assert_cmpstr(out->str, ==, "<a href=\"#\" title='javascript:&#39;'>javascript:'</a>");
    g_string_truncate(out, 0);
    aj_templates_run(set, "open.html", &data, 1, out);
    g_assert_cmpstr(out->str, ==, "<p class=\"a\" title=\"javascript:&#39;\">");
    aj_templates_free(set);
    aj_arena_free(a);
}

/* A mistake in a piece is told once, where it stands, however often the piece is used. */
static void test_told_once(void)
{
    AjTemplates *set = aj_templates_new();
    static const char *const texts[][2] = {{"a.html", "{{>p}}{{>p}}<b>{{>p}}</b>"},
                                           {"b.html", "{{>p}}"},
                                           {"p.html", "\n<i onclick='{{x}}'>"}};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        aj_templates_add(set, texts[i][0], texts[i][1], strlen(texts[i][1]));
    g_autoptr(AjDiags) diags = aj_diags_new();
    g_assert_false(aj_templates_compile(set, diags));
    g_assert_cmpuint(aj_diags_total(diags), ==, 1);
    g_assert_cmpstr(aj_diags_at(diags, 0)->pos.path, ==, "p.html");
    g_assert_cmpuint(aj_diags_at(diags, 0)->pos.line, ==, 2);
    aj_templates_free(set);
}

/* Two pieces that use each other, and no page uses them: their mistakes are still told. */
static void test_unused_ring(void)
{
    AjTemplates *set = aj_templates_new();
    aj_templates_add(set, "a.html", "{{#x}}{{>b}}{{/x}}<script>{{x}}</script>", 40);
    aj_templates_add(set, "b.html", "{{#x}}{{>a}}{{/x}}", 18);
    g_autoptr(AjDiags) diags = aj_diags_new();
    g_assert_false(aj_templates_compile(set, diags));
    g_assert_cmpuint(aj_diags_total(diags), ==, 1);
    aj_templates_free(set);
}

/* Thirty templates, each of which uses the next twice, are refused in bounded time. */
static void test_doubling(void)
{
    for (int empty = 0; empty < 2; empty++) {
        AjTemplates *set = aj_templates_new();
        for (int i = 0; i < 30; i++) {
            g_autofree char *name = g_strdup_printf("t%d.txt", i);
            g_autofree char *text =
                g_strdup_printf("%s{{>t%d}}{{>t%d}}", empty ? "" : "{{x}}", i + 1, i + 1);
            aj_templates_add(set, name, text, strlen(text));
        }
        aj_templates_add(set, "t30.txt", "", 0);
        g_autoptr(AjDiags) diags = aj_diags_new();
        g_assert_false(aj_templates_compile(set, diags));
        g_assert_cmpuint(aj_diags_count(diags, AJ_ERROR), >=, 1);
        aj_templates_free(set);
    }
}

static void test_deep(void)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; i < 100000; i++)
        g_string_append(text, "{{#x}}");
    g_autoptr(AjDiags) diags = aj_diags_new();
    AjTemplates *set = compile("a.txt", text->str, diags);
    g_assert_false(aj_templates_has(set, "a.txt"));
    aj_templates_free(set);
}

/* What has no end is cut, and says so; a tree of 60 levels is not. */
static void test_endless(void)
{
    static const struct {
        const char *text, *data;
        bool good;
    } cases[] = {
        {"{{#c}}<i>{{>t}}</i>{{/c}}", "{\"c\":[{\"n\":1},{\"n\":2}]}", false},
        {"{{>t}}", "{}", false},
        {"{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}{{#a}}x"
         "{{/a}}{{/a}}{{/a}}{{/a}}{{/a}}{{/a}}{{/a}}{{/a}}{{/a}}{{/a}}{{/a}}{{/a}}",
         "{\"a\":[1,2,3,4,5,6,7,8]}", false},
        {"{{#.c}}({{>t}}){{/.c}}", "{\"c\":{\"c\":{\"c\":{}}}}", true},
    };
    AjArena *a = aj_arena_new(4096);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(AjDiags) diags = aj_diags_new();
        AjTemplates *set = compile("t.html", cases[i].text, diags);
        const AjValue *data = json(a, cases[i].data);
        g_autoptr(GString) out = g_string_new(NULL);
        g_assert_cmpint(aj_templates_run(set, "t.html", &data, 1, out), ==, cases[i].good);
        g_assert_cmpuint(out->len, <, 64u << 20);
        aj_templates_free(set);
    }
    AjValue *tree = NULL;
    for (int i = 0; i < 60; i++) {
        AjValue *map = aj_value_map(a);
        if (tree)
            aj_value_set(a, map, "c", tree);
        tree = map;
    }
    g_autoptr(AjDiags) diags = aj_diags_new();
    AjTemplates *set = compile("t.html", "<i>{{#.c}}{{>t}}{{/.c}}</i>", diags);
    g_autoptr(GString) out = g_string_new(NULL);
    const AjValue *data = tree;
    g_assert_true(aj_templates_run(set, "t.html", &data, 1, out));
    g_assert_cmpuint(out->len, ==, 60 * strlen("<i></i>"));
    aj_templates_free(set);
    aj_arena_free(a);
}

static void test_stack(void)
{
    AjArena *a = aj_arena_new(4096);
    g_autoptr(AjDiags) diags = aj_diags_new();
    AjTemplates *set = compile("a.txt", "{{a}}{{b}}{{c}}", diags);
    const AjValue *stack[] = {json(a, "{\"a\":1,\"b\":1}"), json(a, "{\"b\":2,\"c\":2}"),
                              json(a, "{\"c\":3}")};
    g_autoptr(GString) out = g_string_new("|");
    aj_templates_run(set, "a.txt", stack, 3, out);
    aj_templates_run(set, "a.txt", NULL, 0, out);
    g_assert_cmpstr(out->str, ==, "|123");
    aj_templates_free(set);
    aj_arena_free(a);
}

/* Added again, compiled again: the new text counts. */
static void test_again(void)
{
    AjTemplates *set = aj_templates_new();
    aj_templates_add(set, "a.txt", "旧", 3);
    g_autoptr(AjDiags) diags = aj_diags_new();
    g_assert_true(aj_templates_compile(set, diags));
    aj_templates_add(set, "a.txt", "新", 3);
    g_assert_true(aj_templates_compile(set, diags));
    g_autoptr(GString) out = g_string_new(NULL);
    aj_templates_run(set, "a.txt", NULL, 0, out);
    g_assert_cmpstr(out->str, ==, "新");
    g_assert_false(aj_templates_has(set, "b.txt"));
    aj_templates_free(set);
}

/* Run with -m perf: a page of about 8 kB with 60 tags. */
static void test_speed(void)
{
    if (!g_test_perf())
        return g_test_skip("measured with -m perf");
    AjArena *a = aj_arena_new(65536);
    g_autoptr(GString) text = g_string_new("<!doctype html><title>{{title}}</title>");
    for (int i = 0; i < 28; i++)
        g_string_append_printf(
            text,
            "<section class=\"part part-%d\"><h2>第 %d 节 作业前的准备工作</h2><a "
            "href=\"{{root}}{{u%d}}\">{{v%d}}</a>"
            "<p>进入有限空间前先通风、再检测、后作业，严禁盲目施救。作业人员与监护人"
            "员各负其责，"
            "票证齐全。</p></section>\n",
            i, i, i % 8, i % 8);
    g_autoptr(AjDiags) diags = aj_diags_new();
    AjTemplates *set = compile("a.html", text->str, diags);
    AjValue *site = aj_value_map(a), *page = aj_value_map(a);
    for (int i = 0; i < 10; i++)
        aj_value_set_string(a, site, aj_arena_printf(a, "site_key_%d", i), "值");
    for (int i = 0; i < 30; i++)
        aj_value_set_bool(a, page, aj_arena_printf(a, "is_%d", i), true);
    for (int i = 0; i < 8; i++) {
        aj_value_set_string(a, page, aj_arena_printf(a, "u%d", i), "cases/tank.html");
        aj_value_set_string(a, page, aj_arena_printf(a, "v%d", i), "受限空间作业：一次未遂事故");
    }
    aj_value_set_string(a, page, "root", "../");
    aj_value_set_string(a, page, "title", "标题");
    const AjValue *stack[] = {site, page};
    GString *out = g_string_sized_new(65536);
    g_test_timer_start();
    for (int i = 0; i < 20000; i++) {
        g_string_truncate(out, 0);
        aj_templates_run(set, "a.html", stack, 2, out);
    }
    double us = g_test_timer_elapsed() / 20000 * 1e6;
    g_test_message("%zu bytes in %.2f us", out->len, us);
    g_string_free(out, TRUE);
    aj_templates_free(set);
    aj_arena_free(a);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    const char *folder = argc > 1 ? argv[1] : "tests/data/mustache";
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    g_assert_nonnull(dir);
    for (const char *name; (name = g_dir_read_name(dir));) {
        if (!g_str_has_suffix(name, ".json"))
            continue;
        char *path = g_build_filename(folder, name, NULL);
        g_autofree char *test =
            g_strdup_printf("/render/template/rules/%.*s", (int)strlen(name) - 5, name);
        g_test_add_data_func_full(test, path, run_rules, g_free);
    }
    g_test_add_func("/render/template/escapes", test_escapes);
    g_test_add_func("/render/template/urls", test_urls);
    g_test_add_func("/render/template/refused", test_refused);
    g_test_add_func("/render/template/piece-by-context", test_piece_by_context);
    g_test_add_func("/render/template/told-once", test_told_once);
    g_test_add_func("/render/template/unused-ring", test_unused_ring);
    g_test_add_func("/render/template/doubling", test_doubling);
    g_test_add_func("/render/template/deep", test_deep);
    g_test_add_func("/render/template/endless", test_endless);
    g_test_add_func("/render/template/stack", test_stack);
    g_test_add_func("/render/template/again", test_again);
    g_test_add_func("/render/template/speed", test_speed);
    return g_test_run();
}
