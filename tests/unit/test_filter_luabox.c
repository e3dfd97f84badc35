/* test_filter_luabox - filters as pandoc runs them, and what a sealed state must withstand.
 *
 * Each case is a filter, a page and the HTML that comes out; an error shows as "LINE: message". */
#include "filter/luabox.h"
#include "parse/markdown.h"
#include "render/html.h"

#include <string.h>

static AjArena *arena;

static char *print_errors(const AjDiags *diags)
{
    GString *out = g_string_new(NULL);
    for (uint32_t i = 0; i < aj_diags_total(diags); i++) {
        const AjDiag *d = aj_diags_at(diags, i);
        g_string_append_printf(out, "%s:%u: [%s] %s\n", d->pos.path, d->pos.line, d->code,
                               d->message);
    }
    return g_string_free(out, FALSE);
}

static bool run_doc(AjLuabox *box, AjTree *tree, AjValue **meta, const char *page, AjDiags *diags)
{
    AjLuaDocument doc = {.page = page, .tree = tree, .meta = meta};
    return aj_luabox_run(box, &doc, diags);
}

static char *run_in(AjLuabox *box, const char *markdown, AjValue **meta, const char *page)
{
    AjDiags *diags = aj_diags_new();
    AjMarkdownOptions options = {page, 1, true};
    AjTree *tree = aj_markdown_parse(arena, markdown, strlen(markdown), &options, diags);
    g_assert_nonnull(tree);
    AjValue *none = aj_value_map(arena);
    char *out;
    if (run_doc(box, tree, meta ? meta : &none, page, diags)) {
        GString *html = g_string_new(NULL);
        AjHtmlOptions how = {.raw_html = true};
        aj_html_render(tree->root, &how, html);
        out = g_string_free(html, FALSE);
    } else {
        out = print_errors(diags);
    }
    aj_diags_free(diags);
    return out;
}

static AjLuabox *box_of(const AjFilterSource *sources, uint32_t count)
{
    AjDiags *diags = aj_diags_new();
    AjLuabox *box = aj_luabox_new(sources, count, NULL, diags);
    if (!box)
        g_error("%s", print_errors(diags));
    aj_diags_free(diags);
    return box;
}

static AjFilterSource source(const char *text)
{
    return (AjFilterSource){.name = "f", .path = "f.lua", .text = text, .len = strlen(text)};
}

static char *run(const char *filter, const char *markdown)
{
    AjFilterSource s = source(filter);
    AjLuabox *box = box_of(&s, 1);
    char *out = run_in(box, markdown, NULL, "page.md");
    aj_luabox_free(box);
    return out;
}

typedef struct {
    const char *name, *filter, *markdown, *html;
} Case;

static void check_case(gconstpointer data)
{
    const Case *c = data;
    g_autofree char *out = run(c->filter, c->markdown);
    g_assert_cmpstr(out, ==, c->html);
}

/* What pandoc's manual says of handlers, orders, constructors. */
static const Case cases[] = {
    {"keep", "function Str(el) return nil end", "a *b*", "<p>a <em>b</em></p>\n"},
    {"replace", "function Str(el) return pandoc.Str(el.text:upper()) end", "ab *c*",
     "<p>AB <em>C</em></p>\n"},
    {"splice",
     "function Str(el) return {el, pandoc.Str('!'), pandoc.Space(), pandoc.Emph('x')} end", "a b",
     "<p>a! <em>x</em> b! <em>x</em></p>\n"},
    {"delete", "function Emph() return {} end", "a *b* c", "<p>a  c</p>\n"},
    {"string-result", "function Emph(el) return 'two words' end", "*b*", "<p>two words</p>\n"},
    {"in-place", "function Header(h) h.level = h.level + 1 h.classes:insert('k') return h end",
     "# t {#i}", "<h2 id=\"i\" class=\"k\">t</h2>\n"},
    {"block-splice", "function Para(p) return {p, pandoc.HorizontalRule(), pandoc.Para 'z'} end",
     "a", "<p>a</p>\n<hr />\n<p>z</p>\n"},
    {"block-delete", "function CodeBlock() return {} end", "a\n\n    c\n\nb",
     "<p>a</p>\n<p>b</p>\n"},
    {"inline-for-block", "function Para(p) return p.content end", "a *b*", "a <em>b</em>"},
    {"catch-all",
     "function Inline(el) if el.t == 'Str' then return pandoc.Str('i') end end "
     "function Emph(el) return pandoc.Strong(el.content) end",
     "a *b*", "<p>i <strong>i</strong></p>\n"},
    {"block-catch-all",
     "function Block(el) if el.tag == 'Header' then return pandoc.Para(el.content) "
     "end end",
     "# a", "<p>a</p>\n"},
    {"inlines",
     "function Inlines(l) local o = pandoc.List() for i = #l, 1, -1 do o:insert(l[i]) end "
     "return o end",
     "a b *c d*", "<p><em>d c</em> b a</p>\n"},
    {"blocks", "function Blocks(b) b:insert(pandoc.Para('end')) return b end", "a\n\n> q",
     "<p>a</p>\n<blockquote>\n<p>q</p>\n<p>end</p>\n</blockquote>\n<p>end</p>\n"},
    {"order-typewise",
     "local log = {} local function l(x) log[#log+1] = x end "
     "return {{Pandoc = function(d) l 'P' d.blocks:insert(pandoc.Para(table.concat(log))) return d "
     "end,"
     "Meta = function() l 'M' end, Blocks = function() l 'B' end, Para = function() l 'p' end,"
     "Inlines = function() l 'I' end, Str = function(s) l(s.text) end}}",
     "x *y*", "<p>x <em>y</em></p>\n<p>xyIIpBMP</p>\n"},
    {"order-bottom-up",
     "local log = '' return {{Str = function(s) log = log .. s.text end,"
     "Emph = function() log = log .. 'E' end,"
     "Pandoc = function(d) d.blocks:insert(pandoc.Para(log)) return d end}}",
     "a *b* c *d*", "<p>a <em>b</em> c <em>d</em></p>\n<p>abEcdE</p>\n"},
    {"order-topdown",
     "local log = '' return {{traverse = 'topdown', Str = function(s) log = log .. s.text end,"
     "Emph = function() log = log .. 'E' end, Para = function() log = log .. 'p' end,"
     "Blocks = function() log = log .. 'B' end, Inlines = function() log = log .. 'I' end,"
     "Pandoc = function() log = log .. 'P' end, Meta = function() log = log .. 'M' end},"
     "{Pandoc = function(d) d.blocks:insert(pandoc.Para(log)) return d end}}",
     "a *b* c", "<p>a <em>b</em> c</p>\n<p>PMBpIaEIbc</p>\n"},
    {"topdown-stop",
     "return {{traverse = 'topdown', Div = function(d) return d, false end,"
     "Str = function() return 'x' end}}",
     "a\n\n::: {.k}\nb\n:::", "<p>x</p>\n<div class=\"k\">\n<p>b</p>\n</div>\n"},
    {"filter-list",
     "return {{Str = function(s) return s.text .. '1' end}, {Str = function(s) return s.text .. "
     "'2' "
     "end}}",
     "a", "<p>a12</p>\n"},
    {"walk", "function Para(p) return p:walk {Str = function(s) return s.text:upper() end} end",
     "a *b*", "<p>A <em>B</em></p>\n"},
    {"walk-copies",
     "function Para(p) local q = p:walk {Str = function() return 'x' end} return {p, q} end", "a",
     "<p>a</p>\n<p>x</p>\n"},
    {"walk-block",
     "function Para(p) return pandoc.walk_block(p, {Str = function() return 'x' end}) end", "a",
     "<p>x</p>\n"},
    {"clone", "function Para(p) local q = p:clone() q.content[1].text = 'c' return {p, q} end", "a",
     "<p>a</p>\n<p>c</p>\n"},
    {"equal",
     "function Para(p) if p == pandoc.Para {pandoc.Str 'a'} then return pandoc.Para 'same' end "
     "end",
     "a", "<p>same</p>\n"},
    {"stringify", "function Header(h) return pandoc.Para(pandoc.utils.stringify(h)) end",
     "# a *b* `c` [d](e)", "<p>a b c d</p>\n"},
    {"attributes",
     "function Span(s) local o = {} for k, v in pairs(s.attributes) do o[#o+1] = k .. v end "
     "s.attributes.z = nil s.attributes.n = '1' s.identifier = table.concat(o, '-') return s end",
     "[t]{z=1 a=2}", "<p><span id=\"z1-a2\" data-a=\"2\" data-n=\"1\">t</span></p>\n"},
    {"attr-forms",
     "function Para() return {pandoc.Div('a', {id='i', class='x y', k='v'}), "
     "pandoc.Div('b', pandoc.Attr('j', {'z'})), pandoc.Div('c', {'k', {'q'}, {l='w'}})} end",
     "p",
     "<div id=\"i\" class=\"x y\" data-k=\"v\">\na\n</div>\n<div id=\"j\" class=\"z\">\nb\n</div>\n"
     "<div id=\"k\" class=\"q\" data-l=\"w\">\nc\n</div>\n"},
    {"link-image",
     "function Link(l) l.target = l.target .. '#x' l.title = 'T' return l end "
     "function Image(i) i.src = 'q.png' i.caption = 'alt' return i end",
     "[a](b.md) ![c](d.png)",
     "<p><a href=\"b.md#x\" title=\"T\">a</a> <img src=\"q.png\" alt=\"alt\" loading=\"lazy\" "
     "/></p>\n"},
    {"code",
     "function Code(c) return pandoc.Code(c.text .. '!', {class = 'k'}) end "
     "function CodeBlock(b) b.text = b.classes[1] .. ':' .. b.text return b end",
     "`a`\n\n```c\nx\n```",
     "<p><code class=\"k\">a!</code></p>\n<pre><code class=\"language-c\">c:x\n</code></pre>\n"},
    {"raw",
     "function Para() return {pandoc.RawBlock('html', '<i>x</i>'), pandoc.RawBlock('latex', 'y')} "
     "end",
     "a", "<i>x</i>\n"},
    {"lists", "function BulletList(l) return pandoc.OrderedList(l.content, {3}) end", "- a\n- b",
     "<ol start=\"3\">\n<li>a</li>\n<li>b</li>\n</ol>\n"},
    {"list-loose", "function Plain(p) return pandoc.Para(p.content) end", "- a\n- b",
     "<ul>\n<li>\n<p>a</p>\n</li>\n<li>\n<p>b</p>\n</li>\n</ul>\n"},
    {"list-methods",
     "local l = pandoc.List {3, 1, 2} l:sort() local m = l:map(function(x) return x * 2 end) "
     ".. pandoc.List {9} "
     "function Para() return pandoc.Para(table.concat(m, ',') .. tostring(m:includes(4)) .. "
     "tostring(select(2, m:find(9))) .. #m:filter(function(x) return x > 3 end)) end",
     "a", "<p>2,4,6,9true43</p>\n"},
    {"quoted-math",
     "function Para() return pandoc.Para {pandoc.Quoted('DoubleQuote', 'q'), "
     "pandoc.Math('InlineMath', "
     "'x<y'), pandoc.Strikeout 's', pandoc.Superscript '2', pandoc.Subscript 'i'} end",
     "a",
     "<p>“q”<span class=\"math inline\">x&lt;y</span><del>s</del><sup>2</sup><sub>i</sub></p>\n"},
    {"needs-text",
     "function Para() return pandoc.Para(pandoc.text.upper('äb汉') .. "
     "pandoc.text.len('汉字') .. pandoc.text.sub('安全生产', 2, 3)) end",
     "a", "<p>ÄB汉2全生</p>\n"},
    {"long-cjk", "function Str(s) return s end", "安全\n生产", "<p>安全生产</p>\n"},
    {"softbreak", "function SoftBreak() return pandoc.LineBreak() end", "a\nb",
     "<p>a<br />\nb</p>\n"},
    {"require",
     "local List = require 'pandoc.List' local u = require 'pandoc.utils' "
     "function Para(p) return pandoc.Para(u.type(p) .. u.type(p.content) .. u.type(List())) "
     "end",
     "a", "<p>BlockInlinesList</p>\n"},
    {"pairs-order",
     "local o = {} for k in pairs {z=1, a=2, m=3, 'x', 'y'} do o[#o+1] = tostring(k) end "
     "function Para() return pandoc.Para(table.concat(o)) end",
     "a", "<p>12amz</p>\n"},
    {"no-address",
     "function Para() return pandoc.Para(tostring({}) .. tostring(print) .. string.format('%s', "
     "{})) "
     "end",
     "a", "<p>tablefunctiontable</p>\n"},
    {"globals",
     "function Para() return pandoc.Para(FORMAT .. tostring(PANDOC_VERSION >= '2.17') .. "
     "PANDOC_SCRIPT_FILE) end",
     "a", "<p>htmltruef.lua</p>\n"},
    {"line", "function Header(h) return pandoc.Para(tostring(anjian.line(h))) end", "a\n\nb\n\n# c",
     "<p>a</p>\n<p>b</p>\n<p>5</p>\n"},
    {"monkey-patch",
     "function string.twice(s) return s .. s end "
     "function Str(s) return s.text:twice() end",
     "a", "<p>aa</p>\n"},
    {"control-characters", "function Str() return pandoc.Str('a\\1L0\\1\\0b\\xff') end", "x",
     "<p>aL0b\xEF\xBF\xBD</p>\n"},
    {"scheme", "function Str() return pandoc.Link('x', 'javascript:alert(1)') end", "x",
     "<p><a href=\"\">x</a></p>\n"},
    {"escape", "function Str() return pandoc.Str('<b>&') end", "x", "<p>&lt;b&gt;&amp;</p>\n"},
    {"task",
     "function Plain(p) if p.content[1].text == '☒' then p.content:insert(pandoc.Str '!') return p "
     "end end",
     "- [x] a\n- [ ] b", NULL},
    {"table-cells", "function Str(s) return s.text:upper() end",
     "| a | b |\n|:--|--:|\n| c | *d* |", NULL},
    {"alert", "function Str(s) return s.text:upper() end", "> [!WARNING]\n> text", NULL},
    {"definitions", "function Str(s) return s.text:upper() end", "term\n: one\n: two", NULL},
    {"notes", "function Str(s) return s.text:upper() end",
     "a[^x] b[^y] c[^x]\n\n[^x]: one\n[^y]: two", NULL},
    {"divs", "function Str(s) return s.text:upper() end", "::: {.k #i}\ntext\n\n- a\n:::", NULL},
};

/* The page with its words in capitals must come out as the page written in capitals. */
static void check_capitals(gconstpointer data)
{
    const Case *c = data;
    const char *filter = c->filter;
    g_autofree char *upper = g_strdup(c->markdown);
    bool task = strcmp(c->name, "task") == 0;
    if (task) {
        g_free(upper);
        upper = g_strdup("- [x] a!\n- [ ] b");
    } else {
        bool label = false;
        for (char *p = upper; *p; p++) {
            if (p[0] == '[' && (p[1] == '^' || p[1] == '!'))
                label = true;
            if (*p == ']')
                label = false;
            if (!label && !(c->name[0] == 'd' && c->name[1] == 'i' && strchr("ki", *p)))
                *p = g_ascii_toupper(*p);
        }
    }
    g_autofree char *out = run(filter, c->markdown);
    g_autofree char *same = run("return {}", upper);
    g_assert_cmpstr(out, ==, same);
}

/* A filter that hands the document back changes nothing, byte for byte. */
static void test_round_trip(void)
{
    static const char *const pages[] = {
        "",
        "# a\n\nb *c* **d** `e` [f](g \"h\") ![i](j) <http://k.l>  \nm\nn\n",
        "- a\n- b\n  1. c\n\n  2. d\n\n    code\n\n> q\n> > r\n\n***\n",
        "| a | b |\n|---|:-:|\n| *c* | d \\| e |\n\n~~x~~ [y]{.z k=v}\n",
        "- [x] a\n- [ ] b\n\n  > q\n\n1. [ ] c\n",
        "a[^1] b[^n] c[^1]\n\n[^1]: one\n\n    two\n[^n]: three *four*\n",
        "> [!NOTE]\n> a\n>\n> - b\n\nterm\n: def\n\n::: {.w}\nx\n\n::: y\nz\n:::\n:::\n",
        "```c {.k}\nx\n```\n\n    y\n\n<div>\nraw\n</div>\n\na <b>c</b>\n",
        "安全**生产**\n第一（　）。\n\n# 标题 {#id .c k=v}\n",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(pages); i++) {
        g_autofree char *with = run("function Pandoc(d) return d end", pages[i]);
        g_autofree char *without = run("return {}", pages[i]);
        g_assert_cmpstr(with, ==, without);
    }
}

static void test_meta(void)
{
    AjFilterSource s = source("function Meta(m) m.title = m.title .. '!' m.list[2] = nil m.new = "
                              "{b = true, a = pandoc.Inlines 'x y'} m.gone = nil return m end");
    AjLuabox *box = box_of(&s, 1);
    AjValue *meta = aj_value_map(arena);
    aj_value_set_string(arena, meta, "title", "t");
    AjValue *kept = aj_value_int(arena, 80);
    kept->line = 7;
    aj_value_set(arena, meta, "pass", kept);
    aj_value_set_string(arena, meta, "gone", "g");
    aj_value_set(arena, meta, "nothing", aj_value_null(arena));
    AjValue *list = aj_value_list(arena);
    aj_value_push(arena, list, aj_value_string(arena, "one"));
    aj_value_push(arena, list, aj_value_string(arena, "two"));
    aj_value_set(arena, meta, "list", list);
    g_autofree char *out = run_in(box, "a", &meta, "page.md");
    g_assert_cmpstr(out, ==, "<p>a</p>\n");
    g_assert_cmpstr(aj_value_get_string(meta, "title", ""), ==, "t!");
    g_assert_cmpint(aj_value_get_int(meta, "pass", 0), ==, 80);
    g_assert_cmpuint(aj_value_get(meta, "pass")->line, ==, 7);
    g_assert_null(aj_value_get(meta, "gone"));
    g_assert_cmpint(aj_value_get(meta, "nothing")->type, ==, AJ_VALUE_NULL);
    g_assert_cmpuint(aj_value_len(aj_value_get(meta, "list")), ==, 1);
    const AjValue *added = aj_value_get(meta, "new");
    g_assert_cmpstr(aj_value_get_string(added, "a", ""), ==, "x y");
    g_assert_true(aj_value_get_bool(added, "b", false));
    g_assert_cmpstr(added->entries[0].key, ==, "a");
    aj_luabox_free(box);
}

static void test_state(void)
{
    AjFilterSource s = source("local n = 0\n"
                              "function Str(el)\n"
                              "  n = n + 1\n"
                              "  seen = (seen or 0) + 1\n"
                              "  string.mark = (string.mark or 0) + 1\n"
                              "  pandoc.utils.mark = (pandoc.utils.mark or 0) + 1\n"
                              "  pandoc.List.mark = (pandoc.List.mark or 0) + 1\n"
                              "  rawset(math, 'mark', (math.mark or 0) + 1)\n"
                              "  _G.other = (_G.other or 0) + 1\n"
                              "  return n .. seen .. string.mark .. pandoc.utils.mark ..\n"
                              "    pandoc.List.mark .. math.mark .. other\n"
                              "end");
    AjLuabox *box = box_of(&s, 1);
    for (int i = 0; i < 3; i++) {
        g_autofree char *out = run_in(box, "a", NULL, "page.md");
        g_assert_cmpstr(out, ==, "<p>1111111</p>\n");
    }
    aj_luabox_free(box);
}

/* Compiled once, begun anew for each page; two filters with the same module do not share it. */
static void test_modules(void)
{
    static const char text[] = "local n = 0\n"
                               "return function() n = n + 1 return (mark or '') .. n end\n";
    static const AjFilterModule m = {"m", text, sizeof text - 1};
    AjFilterSource s[2] = {source("local m = require 'm'\n"
                                  "function Str(el) return el.text .. m() end"),
                           source("mark = 'x'\nlocal m = require 'm'\n"
                                  "function Str(el) return el.text .. m() end")};
    for (int i = 0; i < 2; i++) {
        s[i].modules = &m;
        s[i].module_count = 1;
    }
    AjLuabox *box = box_of(s, 2);
    for (int i = 0; i < 3; i++) {
        g_autofree char *out = run_in(box, "a", NULL, "page.md");
        g_assert_cmpstr(out, ==, "<p>a1x1</p>\n");
    }
    aj_luabox_free(box);
}

static void test_two_filters(void)
{
    AjFilterSource s[2] = {
        source("string.x = 1 function Str(s) return s.text .. '1' end"),
        source("function Str(s) return s.text .. '2' .. tostring(string.x) end")};
    AjLuabox *box = box_of(s, 2);
    g_autofree char *out = run_in(box, "a", NULL, "page.md");
    g_assert_cmpstr(out, ==, "<p>a12nil</p>\n");
    aj_luabox_free(box);
}

/* A page that a filter does not care for is not even turned into Lua. */
static void test_not_wanted(void)
{
    AjFilterSource s[3] = {source("return {{Table = function() error 'ran' end}}"),
                           source("return {{Pandoc = function() error 'ran' end, needs = {meta = "
                                  "{'quiz'}, heading = {'测验'}}}}"),
                           source("return {{}}")};
    AjLuabox *box = box_of(s, 3);
    g_autofree char *out = run_in(box, "# a\n\nb 测验", NULL, "page.md");
    g_assert_cmpstr(out, ==, "<h1 id=\"a\">a</h1>\n<p>b 测验</p>\n");
    g_autofree char *heading = run_in(box, "## 一、*测验*", NULL, "page.md");
    g_assert_nonnull(strstr(heading, "ran"));
    AjValue *meta = aj_value_map(arena);
    aj_value_set(arena, meta, "quiz", aj_value_null(arena));
    g_autofree char *null = run_in(box, "a", &meta, "page.md");
    g_assert_cmpstr(null, ==, "<p>a</p>\n");
    aj_value_set_string(arena, meta, "quiz", "");
    g_autofree char *wanted = run_in(box, "a", &meta, "page.md");
    g_assert_nonnull(strstr(wanted, "ran"));
    aj_luabox_free(box);
}

/* Every one is an error of the page, with the filter's own line and words of this kind. */
static const struct {
    const char *name, *filter, *wanted;
} hostile[] = {
    {"runtime", "\nfunction Str(el)\n  return el.nope.nope\nend", "f.lua:3: [filter-error]"},
    {"names-page", "function Str(el) error('boom') end", "page.md"},
    {"error-text", "function Str(el) error('boom') end", "boom"},
    {"error-table", "function Str(el) error({}) end", "f.lua:1:"},
    {"in-constructor", "function Str(el)\n\n local s = pandoc.Str({}) return s end", "f.lua:3:"},
    {"wrong-result", "\n\nfunction Str(el) return 5 end", "f.lua:3:"},
    {"wrong-block", "\nfunction Str(el) return pandoc.Para 'x' end", "f.lua:2:"},
    {"wrong-element", "function Para(p)\n p.content = {{}} return p end", "f.lua:"},
    {"wrong-content", "function Para(p)\n p.content = true return p end", "f.lua:"},
    {"wrong-table", "return 5", "f.lua:"},
    {"wrong-list", "return {5}", "f.lua:"},
    {"no-io", "function Str() return assert(io.open('/etc/passwd')):read() end", "no files here"},
    {"no-os", "function Str() os.execute('true') end", "--allow-run"},
    {"no-load", "function Str() load('return 1')() end", "'load'"},
    {"no-loadstring", "function Str() return loadstring('x') end", "loadstring"},
    {"no-dofile", "function Str() dofile('x') end", "dofile"},
    {"no-loadfile", "function Str() loadfile('x')() end", "loadfile"},
    {"no-debug", "function Str() debug.getregistry() end", "debug"},
    {"no-dump", "function Str() string.dump(Str) end", "dump"},
    {"no-getmetatable", "function Str() getmetatable('').__index.x = 1 end", "getmetatable"},
    {"no-random", "function Str() return math.random() end", "random"},
    {"no-package", "function Str() package.loadlib('x', 'y') end", "loadlib"},
    {"no-require", "local socket = require 'socket'", "socket"},
    {"no-collect", "function Str() collectgarbage('stop') end", "collectgarbage"},
    {"no-gc", "function Str() setmetatable({}, {__gc = function() while true do end end}) end",
     "__gc"},
    {"protected", "function Str(el) setmetatable(el, {}) end", "protected"},
    {"protected-library", "function Str(el) setmetatable(string, {}) end", "protected"},
    {"pointer", "function Str(el) return string.format('%p', el) end", "%p"},
    {"endless", "function Str()\n while true do end end", "f.lua:2:"},
    {"endless-load", "while true do end", "too long"},
    {"endless-pcall", "function Str() while true do pcall(error) end end", "too long"},
    {"endless-pcall-2",
     "function Str() while true do pcall(function() while true do end end) end end", "too long"},
    {"endless-xpcall",
     "function Str() while true do xpcall(function() while true do end end, function() while true "
     "do "
     "end end) end end",
     "filter-error"},
    {"endless-coroutine",
     "function Str() while true do coroutine.resume(coroutine.create(function() while true do end "
     "end)) "
     "end end",
     "too long"},
    {"endless-wrap",
     "function Str() local f = coroutine.wrap(function() while true do coroutine.yield() end end) "
     "while true do f() end end",
     "too long"},
    {"endless-close",
     "function Str() local x <close> = setmetatable({}, {__close = function() while true do end "
     "end}) "
     "end",
     "too long"},
    {"memory-string", "function Str() local s = 'x' while true do s = s .. s end end",
     "filter-error"},
    {"memory-rep", "function Str() return string.rep('x', 1 << 40) end", "filter-error"},
    {"memory-pcall", "function Str() while true do pcall(string.rep, 'x', 1 << 30) end end",
     "memory"},
    {"memory-table", "function Str() local t = {} for i = 1, 1e9 do t[i] = {i} end end", "memory"},
    {"memory-quiet",
     "function Str() local t = {} pcall(function() for i = 1, 1e9 do t[i] = {i} end end) end",
     "memory"},
    {"recursion", "function Str(el) local function f(n) return 1 + f(n) end return f(1) end",
     "filter-error"},
    {"recursion-c",
     "function Str(el) local s = 'x' for i = 1, 300 do local t = s s = "
     "setmetatable({}, {__index = function(_, k) return t[k] end}) end return s.y.z end",
     "filter-error"},
    {"deep-result",
     "function Para(p) local e = pandoc.Emph 'x' for i = 1, 10000 do e = pandoc.Emph {e} end "
     "return "
     "pandoc.Para {e} end",
     "deep"},
    {"circle",
     "function Para(p) local e = pandoc.Emph 'x' e.content[1] = e return pandoc.Para {e} end",
     "deep"},
    {"explosion",
     "function Para(p) local d = pandoc.Div 'x' for i = 1, 40 do d = pandoc.Div {d, d} end return "
     "d end",
     "filter-error"},
    {"self-meta", "function Meta(m) m.x = m return m end", "deep"},
    {"meta-function", "function Meta(m) m.x = print return m end", "function"},
};

static void check_hostile(gconstpointer data)
{
    const size_t i = GPOINTER_TO_SIZE(data);
    AjFilterSource s[2] = {source("function Emph() return 'ok' end"), source(hostile[i].filter)};
    AjDiags *diags = aj_diags_new();
    AjLuabox *box = aj_luabox_new(s, 2, NULL, diags);
    g_assert_nonnull(box);
    aj_luabox_limit(box, 3000000, 5, 32 << 20);
    for (int turn = 0; turn < 2; turn++) { /* and it is the same on the next page */
        g_autofree char *out = run_in(box, "word", NULL, "page.md");
        if (!strstr(out, hostile[i].wanted) || !strstr(out, "f.lua:"))
            g_test_fail_printf("%s: %s", hostile[i].name, out);
    }
    /* Another filter of the same state still works. */
    aj_luabox_free(box);
    aj_diags_free(diags);
}

static void test_after_error(void)
{
    AjFilterSource s =
        source("function Code(c) error(c.text) end function Str(s) return s.text .. 'x' end");
    AjLuabox *box = box_of(&s, 1);
    aj_luabox_limit(box, 1000000, 5, 32 << 20);
    g_autofree char *bad = run_in(box, "a `boom`", NULL, "bad.md");
    g_assert_nonnull(strstr(bad, "boom"));
    g_assert_nonnull(strstr(bad, "bad.md"));
    g_autofree char *good = run_in(box, "a", NULL, "good.md");
    g_assert_cmpstr(good, ==, "<p>ax</p>\n");
    aj_luabox_free(box);
}

static void test_syntax(void)
{
    AjDiags *diags = aj_diags_new();
    AjFilterSource s[2] = {source("x = 1\ny = = 2\n"), source("\x1bLua")};
    g_assert_null(aj_luabox_new(s, 2, NULL, diags));
    g_assert_cmpuint(aj_diags_count(diags, AJ_ERROR), ==, 2);
    const AjDiag *d = aj_diags_at(diags, 0);
    g_assert_cmpstr(d->code, ==, "filter-syntax");
    g_assert_cmpuint(d->pos.line, ==, 2);
    g_assert_cmpstr(d->pos.path, ==, "f.lua");
    g_assert_nonnull(strstr(aj_diags_at(diags, 1)->message, "binary"));
    aj_diags_free(diags);
    AjFilterSource bom = source("\xEF\xBB\xBFreturn {}\r\n");
    AjLuabox *box = box_of(&bom, 1);
    aj_luabox_free(box);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_set_nonfatal_assertions();
    arena = aj_arena_new(1 << 20);
    g_setenv("ANJIAN_LANG", "en", TRUE);
    g_setenv("LANG", "C", TRUE);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *name = g_strdup_printf("/filter/luabox/%s", cases[i].name);
        g_test_add_data_func(name, &cases[i], cases[i].html ? check_case : check_capitals);
    }
    g_test_add_func("/filter/luabox/round-trip", test_round_trip);
    g_test_add_func("/filter/luabox/meta", test_meta);
    g_test_add_func("/filter/luabox/state", test_state);
    g_test_add_func("/filter/luabox/modules", test_modules);
    g_test_add_func("/filter/luabox/two-filters", test_two_filters);
    g_test_add_func("/filter/luabox/not-wanted", test_not_wanted);
    for (size_t i = 0; i < G_N_ELEMENTS(hostile); i++) {
        g_autofree char *name = g_strdup_printf("/filter/luabox/hostile-%s", hostile[i].name);
        g_test_add_data_func(name, GSIZE_TO_POINTER(i), check_hostile);
    }
    g_test_add_func("/filter/luabox/after-error", test_after_error);
    g_test_add_func("/filter/luabox/syntax", test_syntax);
    int code = g_test_run();
    aj_arena_free(arena);
    return code;
}
