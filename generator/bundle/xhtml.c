/* xhtml - the main part of a page of the site as well-formed XHTML for a book.
 *
 * See xhtml.h. Elements and attributes after EPUB 3.3 and HTML; a tag that HTML would close is
 * closed. Must not know: files, addresses, archives. */
#include "bundle/xhtml.h"

#include "bundle/tag.h"

#include <stdlib.h>
#include <string.h>

enum { VOID = 1, BLOCK = 2, DROP = 4 };
typedef struct {
    const char *name, *as; /* as NULL: only what is inside */
    unsigned kind;
} Element;
/* Sorted by name. Not here: only what is inside. */
static const Element elements[] = {
    {"a", "a", 0},
    {"abbr", "abbr", 0},
    {"article", "div", BLOCK},
    {"aside", "aside", BLOCK},
    {"audio", "audio", 0},
    {"b", "b", 0},
    {"bdi", "bdi", 0},
    {"bdo", "bdo", 0},
    {"blockquote", "blockquote", BLOCK},
    {"br", "br", VOID},
    {"button", NULL, DROP},
    {"caption", "caption", BLOCK},
    {"cite", "cite", 0},
    {"code", "code", 0},
    {"col", "col", VOID},
    {"colgroup", "colgroup", 0},
    {"dd", "dd", BLOCK},
    {"del", "del", 0},
    {"details", "div", BLOCK},
    {"dfn", "dfn", 0},
    {"div", "div", BLOCK},
    {"dl", "dl", BLOCK},
    {"dt", "dt", BLOCK},
    {"em", "em", 0},
    {"fieldset", "div", BLOCK},
    {"figcaption", "figcaption", BLOCK},
    {"figure", "figure", BLOCK},
    {"footer", "div", BLOCK},
    {"form", NULL, DROP},
    {"h1", "h1", BLOCK},
    {"h2", "h2", BLOCK},
    {"h3", "h3", BLOCK},
    {"h4", "h4", BLOCK},
    {"h5", "h5", BLOCK},
    {"h6", "h6", BLOCK},
    {"header", "div", BLOCK},
    {"hr", "hr", VOID | BLOCK},
    {"i", "i", 0},
    {"iframe", NULL, DROP},
    {"img", "img", VOID},
    {"input", NULL, VOID},
    {"ins", "ins", 0},
    {"kbd", "kbd", 0},
    {"label", "span", 0},
    {"legend", "div", BLOCK},
    {"li", "li", BLOCK},
    {"link", NULL, VOID},
    {"mark", "mark", 0},
    {"math", NULL, DROP},
    {"meta", NULL, VOID},
    {"nav", NULL, DROP},
    {"noscript", NULL, DROP},
    {"object", NULL, DROP},
    {"ol", "ol", BLOCK},
    {"p", "p", BLOCK},
    {"pre", "pre", BLOCK},
    {"progress", NULL, DROP},
    {"q", "q", 0},
    {"rp", "rp", 0},
    {"rt", "rt", 0},
    {"ruby", "ruby", 0},
    {"s", "s", 0},
    {"samp", "samp", 0},
    {"script", NULL, DROP},
    {"section", "section", BLOCK},
    {"select", NULL, DROP},
    {"small", "small", 0},
    {"source", "source", VOID},
    {"span", "span", 0},
    {"strong", "strong", 0},
    {"style", NULL, DROP},
    {"sub", "sub", 0},
    {"summary", "div", BLOCK},
    {"sup", "sup", 0},
    {"svg", NULL, DROP},
    {"table", "table", BLOCK},
    {"tbody", "tbody", BLOCK},
    {"td", "td", BLOCK},
    {"template", NULL, DROP},
    {"textarea", NULL, DROP},
    {"tfoot", "tfoot", BLOCK},
    {"th", "th", BLOCK},
    {"thead", "thead", BLOCK},
    {"time", "span", 0},
    {"tr", "tr", BLOCK},
    {"u", "u", 0},
    {"ul", "ul", BLOCK},
    {"var", "var", 0},
    {"video", "video", 0},
    {"wbr", "wbr", VOID},
};
/* Parts of the site's pages that lead around in the site, or tell of its past. */
static const char *const left_out[] = {
    "coursebar", "terms", "backlinks",    "course-progress", "course-go",
    "hero-hint", "icon",  "meeting-link", "step-number",     "version-changes"};

typedef struct {
    char name[AJ_TAG_NAME_MAX + 1];
    const char *as;
    GString *back; /* where the text went before; NULL: the same place */
} Open;
typedef struct {
    const AjXhtml *x;
    GString *out;
    GArray *open;            /* Open */
    char *question, *option; /* ids under way */
    unsigned boxes;          /* of the question, so far */
    bool aside, order;       /* in an answer; in a question whose hint speaks of tapping */
} Run;

static int by_name(const void *name, const void *element)
{
    return strcmp(name, ((const Element *)element)->name);
}

static const Element *find(const char *name)
{
    return bsearch(name, elements, G_N_ELEMENTS(elements), sizeof *elements, by_name);
}

static void put_attr(GString *out, const char *name, const char *text)
{
    g_string_append_printf(out, " %s=\"", name);
    aj_tag_put_plain(out, text);
    g_string_append_c(out, '"');
}

static bool is_number(const char *s)
{
    return *s && strspn(s, "0123456789") == strlen(s) && strlen(s) < 6;
}

static bool is_plain(const char *s)
{
    return *s && strspn(s, "-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") ==
                     strlen(s);
}

static void put_id(Run *run, const AjTag *tag)
{
    g_autofree char *id = aj_tag_value(tag, "id");
    if (!id || run->aside || !*id || strpbrk(id, " \t\r\n") ||
        g_hash_table_contains(run->x->ids, id))
        return;
    put_attr(run->out, "id", id);
    g_hash_table_add(run->x->ids, g_steal_pointer(&id));
}

static void put_attrs(Run *run, const AjTag *tag)
{
    static const char *const numbers[] = {"td colspan", "td rowspan", "th colspan", "th rowspan",
                                          "img width",  "img height", "ol start",   "li value"};
    g_autofree char *class = aj_tag_value(tag, "class"), *lang = aj_tag_value(tag, "lang");
    g_autofree char *title = aj_tag_value(tag, "title"), *scope = aj_tag_value(tag, "scope");
    put_id(run, tag);
    if (class && *class)
        put_attr(run->out, "class", class);
    if (title)
        put_attr(run->out, "title", title);
    if (lang && is_plain(lang)) {
        put_attr(run->out, "lang", lang);
        put_attr(run->out, "xml:lang", lang);
    }
    if (scope && strcmp(tag->as, "th") == 0 && (!strcmp(scope, "col") || !strcmp(scope, "row")))
        put_attr(run->out, "scope", scope);
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        const char *name = strchr(numbers[i], ' ') + 1;
        size_t len = (size_t)(name - numbers[i] - 1);
        g_autofree char *n = strncmp(numbers[i], tag->as, len) == 0 && strlen(tag->as) == len
                                 ? aj_tag_value(tag, name)
                                 : NULL;
        if (n && is_number(n))
            put_attr(run->out, name, n);
    }
}

/* " name="…"" where the address leads; false and nothing when it leads nowhere. */
static bool put_link(Run *run, const AjTag *tag, const char *name, GString *out)
{
    g_autofree char *address = aj_tag_value(tag, name);
    bool is_file = strcmp(name, "src") == 0;
    size_t before = out->len;
    g_string_append_printf(out, " %s=\"", name);
    if (address && *address && run->x->link(run->x->data, address, is_file, run->out, out)) {
        g_string_append_c(out, '"');
        return true;
    }
    g_string_truncate(out, before);
    return false;
}

static void pop(Run *run)
{
    Open *top = &g_array_index(run->open, Open, run->open->len - 1);
    if (top->as)
        g_string_append_printf(run->out, "</%s>", top->as);
    if (top->back) {
        run->out = top->back;
        run->aside = false;
    }
    g_array_set_size(run->open, run->open->len - 1);
}

/* The innermost of `names` ("li dd") that is open above any of `walls`; UINT_MAX: none. */
static unsigned innermost(const Run *run, const char *names, const char *walls)
{
    for (unsigned i = run->open->len; i-- > 0;) {
        const Open *o = &g_array_index(run->open, Open, i);
        if (aj_tag_has_class(names, o->name))
            return i;
        if (aj_tag_has_class(walls, o->name) || o->back)
            break;
    }
    return UINT_MAX;
}

static void close_at(Run *run, unsigned at)
{
    while (at != UINT_MAX && run->open->len > at)
        pop(run);
}

/* What HTML closes by itself before this tag. */
static void close_implied(Run *run, const AjTag *tag, const Element *element)
{
    static const char cells[] = "td th caption";
    if (element && element->kind & BLOCK)
        close_at(run, innermost(run, "p", "li td th div blockquote section"));
    if (!strcmp(tag->name, "li"))
        close_at(run, innermost(run, "li", "ul ol"));
    else if (!strcmp(tag->name, "dt") || !strcmp(tag->name, "dd"))
        close_at(run, innermost(run, "dt dd", "dl"));
    else if (!strcmp(tag->name, "td") || !strcmp(tag->name, "th"))
        close_at(run, innermost(run, cells, "table"));
    else if (!strcmp(tag->name, "tr"))
        close_at(run, innermost(run, "tr", "table"));
    else if (!strcmp(tag->name, "tbody") || !strcmp(tag->name, "tfoot"))
        close_at(run, innermost(run, "thead tbody tfoot", "table"));
}

static void put_input(Run *run, const AjTag *tag)
{
    g_autofree char *type = aj_tag_value(tag, "type"), *of = aj_tag_value(tag, "value");
    bool box = type && (!strcmp(type, "checkbox") || !strcmp(type, "radio"));
    if (box && aj_tag_find(tag, "disabled"))
        g_string_append(run->out, aj_tag_find(tag, "checked") ? "☑" : "☐");
    else if (!box && (!type || !strcmp(type, "text") || !strcmp(type, "number")))
        g_string_append(run->out, "＿＿＿＿");
    if (box) { /* the theme of now leaves the letter to the place */
        g_free(run->option);
        run->option =
            of ? g_steal_pointer(&of) : g_strdup_printf("%c", 'A' + (int)MIN(run->boxes, 25));
        run->boxes++;
    }
}

/* A picture, a film's source; without its file, its words. */
static void put_void(Run *run, AjTag *tag, const Element *element)
{
    g_autofree char *alt = aj_tag_value(tag, "alt");
    g_autoptr(GString) src = g_string_new(NULL);
    bool needs = !strcmp(tag->name, "img") || !strcmp(tag->name, "source");
    if (!strcmp(tag->name, "input"))
        put_input(run, tag);
    if (!element->as)
        return;
    if (needs && !put_link(run, tag, "src", src)) {
        g_autofree char *words = alt && *alt ? g_strdup_printf("[%s]", alt) : g_strdup("");
        aj_tag_put_plain(run->out, words);
        return;
    }
    g_string_append_printf(run->out, "<%s%s", element->as, src->str);
    if (!strcmp(tag->name, "img"))
        put_attr(run->out, "alt", alt ? alt : "");
    put_attrs(run, tag);
    g_string_append(run->out, "/>");
}

/* A gap to write into; behind it what could be chosen. */
static void put_gap(Run *run, const char *p, const char *end)
{
    bool first = true;
    g_string_append(run->out, "＿＿＿＿");
    while ((p = g_strstr_len(p, end - p, "<option"))) {
        AjTag tag;
        p = aj_tag_read(p, end, &tag);
        const char *stop = memchr(p, '<', (size_t)(end - p));
        const AjTagAttr *of = aj_tag_find(&tag, "value");
        if (!stop || (of && of->len == 0)) /* "please choose" */
            continue;
        g_string_append(run->out, first ? "（" : " / ");
        aj_tag_put_text(run->out, p, (size_t)(stop - p), true);
        first = false;
    }
    g_string_append(run->out, first ? "" : "）");
}

static bool falls_away(const AjTag *tag, const char *classes, const Element *element)
{
    if (element && element->kind & DROP)
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(left_out); i++)
        if (aj_tag_has_class(classes, left_out[i]))
            return true;
    return aj_tag_find(tag, "hidden") != NULL;
}

/* Gives where to go on. */
static const char *start(Run *run, AjTag *tag, const char *p, const char *end)
{
    const Element *element = find(tag->name);
    g_autofree char *classes = aj_tag_value(tag, "class");
    bool answer = run->question && !strcmp(tag->name, "details"),
         said = aj_tag_has_class(classes, "q-feedback");
    bool moved = (answer || said) && run->question && !run->aside && run->x->aside;
    Open open = {0};
    if (run->aside && !strcmp(tag->name, "summary"))
        return aj_tag_skip(p, end, tag->name);
    if (run->order && aj_tag_has_class(classes, "q-hint"))
        return aj_tag_skip(p, end, tag->name);
    if (!moved && falls_away(tag, classes, element)) {
        if (!strcmp(tag->name, "select") || !strcmp(tag->name, "textarea"))
            put_gap(run, p, aj_tag_skip(p, end, tag->name));
        return element && element->kind & VOID ? p : aj_tag_skip(p, end, tag->name);
    }
    if (aj_tag_has_class(classes, "question")) {
        g_free(run->question);
        run->question = aj_tag_value(tag, "id");
        run->boxes = 0;
        run->order = aj_tag_has_class(classes, "q-order");
    }
    close_implied(run, tag, element);
    if (element && element->kind & VOID) {
        tag->as = element->as;
        put_void(run, tag, element);
        return p;
    }
    g_strlcpy(open.name, tag->name, sizeof open.name);
    tag->as = open.as = element ? element->as : NULL;
    if (moved) {
        open.back = run->out;
        run->out = run->x->aside(run->x->data, run->question, said ? run->option : NULL, run->out);
        run->aside = true;
    }
    bool media = open.as && (!strcmp(open.as, "audio") || !strcmp(open.as, "video"));
    g_autoptr(GString) to = g_string_new(NULL);
    if (open.as && !strcmp(open.as, "a") && aj_tag_find(tag, "href") &&
        !put_link(run, tag, "href", to))
        open.as = tag->as = "span";
    if (media && aj_tag_find(tag, "src") && !put_link(run, tag, "src", to))
        open.as = tag->as = NULL;
    if (open.as) {
        g_string_append_printf(run->out, "<%s%s%s", open.as, to->str,
                               media ? " controls=\"controls\"" : "");
        put_attrs(run, tag);
        g_string_append_c(run->out, '>');
    }
    g_array_append_val(run->open, open);
    return p;
}

static const char *main_of(const char *html, const char *end)
{
    const char *p = g_strstr_len(html, end - html, "<main");
    const char *stop = p ? memchr(p, '>', (size_t)(end - p)) : NULL;
    return stop ? stop + 1 : NULL;
}

void aj_xhtml_main(const char *html, size_t len, const AjXhtml *x, GString *out)
{
    Run run = {.x = x, .out = out, .open = g_array_new(FALSE, FALSE, sizeof(Open))};
    const char *end = html + len, *p = main_of(html, end);
    AjTag tag;
    while (p && p < end) {
        const char *next = memchr(p, '<', (size_t)(end - p));
        next = next ? next : end;
        aj_tag_put_text(run.out, p, (size_t)(next - p), true);
        p = next;
        if (end - p < 2)
            break;
        if (end - p > 3 && memcmp(p, "<!--", 4) == 0) {
            const char *stop = g_strstr_len(p, end - p, "-->");
            p = stop ? stop + 3 : end;
        } else if (p[1] == '!' || p[1] == '?') {
            const char *stop = memchr(p, '>', (size_t)(end - p));
            p = stop ? stop + 1 : end;
        } else if (p[1] == '/' || g_ascii_isalpha(p[1])) {
            p = aj_tag_read(p, end, &tag);
            if (tag.closing && !strcmp(tag.name, "main"))
                break;
            if (tag.closing && !strcmp(tag.name, "fieldset"))
                g_clear_pointer(&run.question, g_free);
            if (!tag.closing)
                p = start(&run, &tag, p, end);
            else
                close_at(&run, *tag.name ? innermost(&run, tag.name, "") : UINT_MAX);
        } else {
            g_string_append(run.out, "&lt;");
            p++;
        }
    }
    close_at(&run, 0);
    g_array_free(run.open, TRUE);
    g_free(run.question);
    g_free(run.option);
}
