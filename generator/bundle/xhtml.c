/* xhtml - the main part of a page of the site as well-formed XHTML for a book.
 *
 * See xhtml.h. Elements and attributes after EPUB 3.3 and HTML; a tag that HTML would close is
 * closed. Must not know: files, addresses, archives. */
#include "bundle/xhtml.h"

#include <stdlib.h>
#include <string.h>

enum { VOID = 1, BLOCK = 2, DROP = 4, NAME_MAX_LEN = 15, ATTRS = 24 };
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
    const char *name, *value; /* in the page; the value with its entities */
    size_t name_len, len;
} Attr;
typedef struct {
    char name[NAME_MAX_LEN + 1]; /* as in the page, small letters */
    const char *as;
    Attr attrs[ATTRS];
    unsigned count;
    bool closing;
} Tag;
typedef struct {
    char name[NAME_MAX_LEN + 1];
    const char *as;
    GString *back; /* where the text went before; NULL: the same place */
} Open;
typedef struct {
    const AjXhtml *x;
    GString *out;
    GArray *open;            /* Open */
    char *question, *option; /* ids under way */
    bool aside, order;       /* in an answer; in a question whose hint speaks of tapping */
} Run;

static const struct {
    const char *name;
    unsigned code;
} entities[] = {{"nbsp", 160},   {"copy", 169},   {"reg", 174},    {"deg", 176},
                {"plusmn", 177}, {"middot", 183}, {"times", 215},  {"ensp", 8194},
                {"emsp", 8195},  {"ndash", 8211}, {"mdash", 8212}, {"lsquo", 8216},
                {"rsquo", 8217}, {"ldquo", 8220}, {"rdquo", 8221}, {"hellip", 8230},
                {"rarr", 8594},  {"le", 8804},    {"ge", 8805}};

static bool is_xml(unsigned long c)
{
    return c == 9 || c == 10 || c == 13 || (c >= 32 && c < 0xd800) || (c >= 0xe000 && c < 0xfffe) ||
           (c >= 0x10000 && c <= 0x10ffff);
}

/* The code point at an &, 0 when none is meant; *len_out bytes are it. */
static unsigned long entity(const char *s, size_t len, size_t *len_out)
{
    const char *end = memchr(s, ';', MIN(len, 12));
    if (!end || end == s + 1)
        return 0;
    g_autofree char *name = g_strndup(s + 1, (size_t)(end - s - 1));
    *len_out = (size_t)(end - s + 1);
    if (name[0] == '#') {
        bool hex = name[1] == 'x' || name[1] == 'X';
        char *stop;
        unsigned long c = strtoul(name + 1 + hex, &stop, hex ? 16 : 10);
        return *stop == '\0' && is_xml(c) ? c : 0;
    }
    static const char *const own[] = {"amp", "&", "lt", "<", "gt", ">", "quot", "\"", "apos", "'"};
    for (size_t i = 0; i < G_N_ELEMENTS(own); i += 2)
        if (strcmp(name, own[i]) == 0)
            return (unsigned char)own[i + 1][0];
    for (size_t i = 0; i < G_N_ELEMENTS(entities); i++)
        if (strcmp(name, entities[i].name) == 0)
            return entities[i].code;
    return 0;
}

static void put_char(GString *out, unsigned long c, bool escape)
{
    const char *as = c == '&' ? "&amp;" : c == '<' ? "&lt;" : c == '>' ? "&gt;" : "&quot;";
    if (escape && (c == '&' || c == '<' || c == '>' || c == '"'))
        g_string_append(out, as);
    else if (c < 128)
        g_string_append_c(out, (char)c);
    else
        g_string_append_unichar(out, (gunichar)c);
}

static void put_text(GString *out, const char *s, size_t len, bool escape)
{
    for (size_t i = 0; i < len; i++) {
        size_t taken = 1;
        unsigned char byte = (unsigned char)s[i];
        unsigned long c = byte == '&' ? entity(s + i, len - i, &taken) : 0;
        if (byte >= 128)
            g_string_append_c(out, s[i]);
        else if (c || is_xml(byte))
            put_char(out, c ? c : byte, escape);
        i += c ? taken - 1 : 0;
    }
}

void aj_xhtml_text(GString *out, const char *s, size_t len)
{
    put_text(out, s, len, true);
}

static int by_name(const void *name, const void *element)
{
    return strcmp(name, ((const Element *)element)->name);
}

static const Element *find(const char *name)
{
    return bsearch(name, elements, G_N_ELEMENTS(elements), sizeof *elements, by_name);
}

static const Attr *attr(const Tag *tag, const char *name)
{
    for (unsigned i = 0; i < tag->count; i++)
        if (tag->attrs[i].name_len == strlen(name) &&
            g_ascii_strncasecmp(tag->attrs[i].name, name, tag->attrs[i].name_len) == 0)
            return &tag->attrs[i];
    return NULL;
}

/* The value without entities; NULL when there is none. Caller frees. */
static char *value(const Tag *tag, const char *name)
{
    const Attr *a = attr(tag, name);
    if (!a)
        return NULL;
    GString *text = g_string_new(NULL);
    put_text(text, a->value, a->len, false);
    return g_string_free(text, FALSE);
}

static bool has_class(const char *classes, const char *name)
{
    size_t len = strlen(name);
    for (const char *p = classes; p && (p = strstr(p, name)); p += len)
        if ((p == classes || p[-1] == ' ') && (p[len] == ' ' || p[len] == '\0'))
            return true;
    return false;
}

/* At a '<' that a letter or / follows; gives the byte behind the tag. */
static const char *read_tag(const char *p, const char *end, Tag *tag)
{
    size_t len = 0;
    *tag = (Tag){.closing = p[1] == '/'};
    for (p += 1 + tag->closing; p < end && (g_ascii_isalnum(*p) || *p == '-'); p++)
        if (len < NAME_MAX_LEN)
            tag->name[len++] = g_ascii_tolower(*p);
    while (p < end && *p != '>') {
        if (g_ascii_isspace(*p) || *p == '/') {
            p++;
            continue;
        }
        Attr a = {.name = p};
        while (p < end && !strchr("=>/ \t\r\n", *p))
            p++;
        a.name_len = (size_t)(p - a.name);
        a.value = p;
        if (p < end && *p == '=') {
            p++;
            char quote = p < end && (*p == '"' || *p == '\'') ? *p++ : 0;
            a.value = p;
            while (p < end && (quote ? *p != quote : !g_ascii_isspace(*p) && *p != '>'))
                p++;
            a.len = (size_t)(p - a.value);
            p += quote && p < end;
        }
        if (tag->count < ATTRS)
            tag->attrs[tag->count++] = a;
        if (!a.name_len)
            p += p < end && *p != '>';
    }
    return p < end ? p + 1 : end;
}

/* Text without entities. */
static void put_plain(GString *out, const char *text)
{
    for (const char *p = text; *p; p++)
        if (*p & 0x80)
            g_string_append_c(out, *p);
        else if (is_xml((unsigned char)*p))
            put_char(out, (unsigned char)*p, true);
}

static void put_attr(GString *out, const char *name, const char *text)
{
    g_string_append_printf(out, " %s=\"", name);
    put_plain(out, text);
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

static void put_id(Run *run, const Tag *tag)
{
    g_autofree char *id = value(tag, "id");
    if (!id || run->aside || !*id || strpbrk(id, " \t\r\n") ||
        g_hash_table_contains(run->x->ids, id))
        return;
    put_attr(run->out, "id", id);
    g_hash_table_add(run->x->ids, g_steal_pointer(&id));
}

static void put_attrs(Run *run, const Tag *tag)
{
    static const char *const numbers[] = {"td colspan", "td rowspan", "th colspan", "th rowspan",
                                          "img width",  "img height", "ol start",   "li value"};
    g_autofree char *class = value(tag, "class"), *lang = value(tag, "lang");
    g_autofree char *title = value(tag, "title"), *scope = value(tag, "scope");
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
                                 ? value(tag, name)
                                 : NULL;
        if (n && is_number(n))
            put_attr(run->out, name, n);
    }
}

/* " name="…"" where the address leads; false and nothing when it leads nowhere. */
static bool put_link(Run *run, const Tag *tag, const char *name, GString *out)
{
    g_autofree char *address = value(tag, name);
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
        if (has_class(names, o->name))
            return i;
        if (has_class(walls, o->name) || o->back)
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
static void close_implied(Run *run, const Tag *tag, const Element *element)
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

static void put_input(Run *run, const Tag *tag)
{
    g_autofree char *type = value(tag, "type"), *of = value(tag, "value");
    bool box = type && (!strcmp(type, "checkbox") || !strcmp(type, "radio"));
    if (box && attr(tag, "disabled"))
        g_string_append(run->out, attr(tag, "checked") ? "☑" : "☐");
    else if (!box && (!type || !strcmp(type, "text") || !strcmp(type, "number")))
        g_string_append(run->out, "＿＿＿＿");
    if (box) {
        g_free(run->option);
        run->option = g_steal_pointer(&of);
    }
}

/* A picture, a film's source; without its file, its words. */
static void put_void(Run *run, Tag *tag, const Element *element)
{
    g_autofree char *alt = value(tag, "alt");
    g_autoptr(GString) src = g_string_new(NULL);
    bool needs = !strcmp(tag->name, "img") || !strcmp(tag->name, "source");
    if (!strcmp(tag->name, "input"))
        put_input(run, tag);
    if (!element->as)
        return;
    if (needs && !put_link(run, tag, "src", src)) {
        g_autofree char *words = alt && *alt ? g_strdup_printf("[%s]", alt) : g_strdup("");
        put_plain(run->out, words);
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
        Tag tag;
        p = read_tag(p, end, &tag);
        const char *stop = memchr(p, '<', (size_t)(end - p));
        const Attr *of = attr(&tag, "value");
        if (!stop || (of && of->len == 0)) /* "please choose" */
            continue;
        g_string_append(run->out, first ? "（" : " / ");
        put_text(run->out, p, (size_t)(stop - p), true);
        first = false;
    }
    g_string_append(run->out, first ? "" : "）");
}

static bool falls_away(const Tag *tag, const char *classes, const Element *element)
{
    if (element && element->kind & DROP)
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(left_out); i++)
        if (has_class(classes, left_out[i]))
            return true;
    return attr(tag, "hidden") != NULL;
}

/* Behind the end of the element whose start tag ends at `p`. */
static const char *skip(const char *p, const char *end, const char *name)
{
    size_t len = strlen(name);
    bool raw = !strcmp(name, "script") || !strcmp(name, "style");
    for (int depth = 1; depth > 0 && p < end; p++) {
        if (*p != '<')
            continue;
        bool closing = end - p > 1 && p[1] == '/';
        const char *n = p + 1 + closing;
        if ((size_t)(end - n) > len && g_ascii_strncasecmp(n, name, len) == 0 &&
            !g_ascii_isalnum(n[len]) && n[len] != '-')
            depth += closing ? -1 : raw ? 0 : 1;
        if (depth == 0)
            while (p + 1 < end && *p != '>')
                p++;
    }
    return p;
}

/* Gives where to go on. */
static const char *start(Run *run, Tag *tag, const char *p, const char *end)
{
    const Element *element = find(tag->name);
    g_autofree char *classes = value(tag, "class");
    bool answer = has_class(classes, "q-answer"), said = has_class(classes, "q-feedback");
    bool moved = (answer || said) && run->question && !run->aside && run->x->aside;
    Open open = {0};
    if (run->aside && !strcmp(tag->name, "summary"))
        return skip(p, end, tag->name);
    if (run->order && has_class(classes, "q-hint"))
        return skip(p, end, tag->name);
    if (!moved && falls_away(tag, classes, element)) {
        if (!strcmp(tag->name, "select") || !strcmp(tag->name, "textarea"))
            put_gap(run, p, skip(p, end, tag->name));
        return element && element->kind & VOID ? p : skip(p, end, tag->name);
    }
    if (has_class(classes, "question")) {
        g_free(run->question);
        run->question = value(tag, "id");
        run->order = has_class(classes, "q-order");
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
    if (open.as && !strcmp(open.as, "a") && attr(tag, "href") && !put_link(run, tag, "href", to))
        open.as = tag->as = "span";
    if (media && attr(tag, "src") && !put_link(run, tag, "src", to))
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
    Tag tag;
    while (p && p < end) {
        const char *next = memchr(p, '<', (size_t)(end - p));
        next = next ? next : end;
        put_text(run.out, p, (size_t)(next - p), true);
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
            p = read_tag(p, end, &tag);
            if (tag.closing && !strcmp(tag.name, "main"))
                break;
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
