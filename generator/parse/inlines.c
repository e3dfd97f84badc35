/* inlines - what cmark left as text inside a paragraph: notes, spans, ~~del~~, bare links,
 * attributes.
 *
 * Texts are read from left to right; brackets and tildes wait on a stack until their partner among
 * the same siblings comes, then what lies between moves into a node. Each text is read once. Must
 * not know: blocks, lines of source, HTML, files. */
#include "parse/inlines.h"

#include "base/text.h"
#include "parse/attribute.h"
#include "parse/prepass.h"

#include <string.h>

enum { MAX_HOST = 253, MAX_LABEL = 999 };

typedef struct {
    char kind; /* '[' a span, '^' a note, '~' deleted */
    cmark_node *node;
} Opener;
typedef struct {
    const char *label;
    cmark_node *node;
} Note;
struct AjInlines {
    AjTree *tree;
    AjArena *a;
    unsigned has;
    const char *path;
    AjDiags *diags;
    bool stops[256];
    bool any, in_link;
    GHashTable *notes; /* label: cmark_node */
    GArray *all_notes; /* Note, in source order */
    GPtrArray *order;  /* cmark_node, by number */
    Opener *openers;
    uint32_t opener_count, opener_cap;
};
/* The siblings under way: their openers on the stack, by kind. */
typedef struct {
    uint32_t base, brackets, tildes;
} Level;

AjInlines *aj_inlines_new(AjTree *tree, unsigned has, const char *path, AjDiags *diags)
{
    static const struct {
        unsigned has;
        const char *stops;
    } table[] = {{AJ_HAS_NOTE, "["},
                 {AJ_HAS_BRACKETS, "[]^"},
                 {AJ_HAS_TILDES, "~"},
                 {AJ_HAS_URL, ":w"},
                 {AJ_HAS_AT, "@"}};
    AjInlines *f = g_new0(AjInlines, 1);
    f->tree = tree;
    f->a = tree->arena;
    f->has = has;
    f->path = path;
    f->diags = diags;
    for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
        for (const char *c = table[i].stops; has & table[i].has && *c; c++)
            f->stops[(unsigned char)*c] = f->any = true;
    if (has & (AJ_HAS_BRACE | AJ_HAS_STARS))
        f->any = true;
    return f;
}

void aj_inlines_free(AjInlines *f)
{
    if (f->notes)
        g_hash_table_unref(f->notes);
    if (f->all_notes)
        g_array_unref(f->all_notes);
    if (f->order)
        g_ptr_array_unref(f->order);
    g_free(f);
}

static void warn(AjInlines *f, uint32_t line, const char *code, const char *hint,
                 const char *format, const char *word)
{
    g_autofree char *message = g_strdup_printf(format, word);
    aj_diag(f->diags, AJ_WARNING, (AjPos){f->path, line, 0}, code, hint, "%s", message);
}

/* ---- notes ---- */

void aj_inlines_add_note(AjInlines *f, const char *label, cmark_node *node)
{
    if (!f->notes) {
        f->notes = g_hash_table_new(g_str_hash, g_str_equal);
        f->all_notes = g_array_new(FALSE, FALSE, sizeof(Note));
    }
    if (g_hash_table_contains(f->notes, label)) {
        warn(f, aj_element_of(node)->line, "footnote-duplicate",
             AJ_TR("换一个脚注名", "choose another label"),
             AJ_TR("脚注 [^%s] 写了两次，只用第一个",
                   "footnote [^%s] is defined twice, the first counts"),
             label);
        return;
    }
    aj_element_of(node)->word = label;
    g_hash_table_insert(f->notes, (gpointer)label, node);
    Note note = {label, node};
    g_array_append_val(f->all_notes, note);
}

static cmark_node *reference_to(AjInlines *f, cmark_node *note)
{
    AjElement *el = aj_element_of(note);
    if (!el->number) {
        if (!f->order)
            f->order = g_ptr_array_new();
        g_ptr_array_add(f->order, note);
        el->number = f->order->len;
    }
    cmark_node *node = aj_tree_element(f->a, AJ_EL_NOTEREF);
    AjElement *reference = aj_element_of(node);
    reference->number = el->number;
    reference->word = el->word;
    reference->count = ++el->count;
    return node;
}

cmark_node *aj_inlines_note_at(const AjInlines *f, uint32_t i)
{
    return f->order && i < f->order->len ? f->order->pdata[i] : NULL;
}

void aj_inlines_end(AjInlines *f)
{
    for (guint i = 0; f->all_notes && i < f->all_notes->len; i++) {
        const Note *note = &g_array_index(f->all_notes, Note, i);
        if (!aj_element_of(note->node)->number)
            warn(f, aj_element_of(note->node)->line, "footnote-unused",
                 AJ_TR("在正文里引用它，或删掉", "refer to it, or delete it"),
                 AJ_TR("没有引用脚注 [^%s]，不会显示",
                       "nothing refers to footnote [^%s]; it is not shown"),
                 note->label);
    }
}

/* ---- splitting a text ---- */

/* A text under way: what lies before `from` has become nodes in front of `node`. */
typedef struct {
    cmark_node *node;
    const char *s;
    size_t len, from;
} Text;

static void flush(Text *t, size_t to)
{
    if (to > t->from)
        cmark_node_insert_before(t->node, aj_tree_text(t->s + t->from, to - t->from));
    t->from = to;
}

static void opener_push(AjInlines *f, Level *level, Text *t, char kind, size_t at, size_t len)
{
    flush(t, at);
    cmark_node *node = aj_tree_text(t->s + at, len);
    cmark_node_insert_before(t->node, node);
    t->from = at + len;
    if (f->opener_count == f->opener_cap) {
        uint32_t cap = f->opener_cap ? 2 * f->opener_cap : 32;
        f->openers =
            aj_arena_grow(f->a, f->openers, f->opener_cap * sizeof(Opener), cap * sizeof(Opener));
        f->opener_cap = cap;
    }
    f->openers[f->opener_count++] = (Opener){kind, node};
    level->brackets += kind != '~';
    level->tildes += kind == '~';
}

/* The newest opener of a sort; those above it find no partner any more. */
static Opener opener_pop(AjInlines *f, Level *level, bool tilde)
{
    for (;;) {
        Opener opener = f->openers[--f->opener_count];
        if (opener.kind == '~')
            level->tildes--;
        else
            level->brackets--;
        if ((opener.kind == '~') == tilde)
            return opener;
    }
}

/* Moves what lies between the opener and the text under way into `to`; the opener goes. */
static void wrap(Text *t, cmark_node *opener, cmark_node *to)
{
    for (cmark_node *at = cmark_node_next(opener), *next; at != t->node; at = next) {
        next = cmark_node_next(at);
        cmark_node_append_child(to, at);
    }
    cmark_node_unlink(opener);
}

/* ---- the signs ---- */

/* `[^label]` at `at`: returns the bytes taken. */
static size_t reference_fold(AjInlines *f, Text *t, size_t at)
{
    size_t end = at + 2;
    while (end < t->len && t->s[end] != ']' && !strchr(" \t[", t->s[end]) && end - at < MAX_LABEL)
        end++;
    if (end == at + 2 || end >= t->len || t->s[end] != ']')
        return 0;
    const char *label = aj_arena_strndup(f->a, t->s + at + 2, end - at - 2);
    cmark_node *note = f->notes ? g_hash_table_lookup(f->notes, label) : NULL;
    if (!note) {
        warn(f, aj_tree_line(f->tree, t->node), "footnote-missing",
             AJ_TR("写上“[^名称]: 内容”，或在方括号前加 \\",
                   "write \"[^label]: text\", or put \\ before the bracket"),
             AJ_TR("脚注 [^%s] 没有内容", "footnote [^%s] is not defined"), label);
        return 0;
    }
    flush(t, at);
    cmark_node_insert_before(t->node, reference_to(f, note));
    t->from = end + 1;
    return end + 1 - at;
}

static void bracket_close(AjInlines *f, Level *level, Text *t, size_t *at)
{
    Opener opener = opener_pop(f, level, false);
    size_t used = 0;
    cmark_node *el;
    if (opener.kind == '^') {
        if (!cmark_node_next(opener.node) ||
            (cmark_node_next(opener.node) == t->node && t->from == *at))
            return;
        flush(t, *at);
        cmark_node *note = aj_tree_element(f->a, AJ_EL_NOTE);
        cmark_node *paragraph = aj_tree_node(CMARK_NODE_PARAGRAPH);
        aj_element_of(note)->line = aj_tree_line(f->tree, cmark_node_parent(t->node));
        wrap(t, opener.node, paragraph);
        cmark_node_append_child(note, paragraph);
        el = reference_to(f, note);
    } else {
        AjAttr attr = {0};
        used = aj_attribute_parse(f->a, t->s + *at + 1, t->len - *at - 1, &attr);
        if (!used)
            return;
        flush(t, *at);
        el = aj_tree_element(f->a, AJ_EL_SPAN);
        aj_element_of(el)->attr = attr;
        wrap(t, opener.node, el);
    }
    cmark_node_insert_before(t->node, el);
    *at += used;
    t->from = *at + 1;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

/* Two tildes exactly. CommonMark's rules for emphasis fail beside wide punctuation, so only blanks
 * decide here. */
static void tildes_fold(AjInlines *f, Level *level, Text *t, size_t *at)
{
    size_t i = *at, run = strspn(t->s + i, "~");
    *at += run - 1;
    if (run != 2)
        return;
    bool closes = i ? !is_space(t->s[i - 1])
                    : cmark_node_previous(t->node) &&
                          cmark_node_get_type(cmark_node_previous(t->node)) > CMARK_NODE_LINEBREAK;
    bool opens = i + 2 < t->len ? !is_space(t->s[i + 2]) : cmark_node_next(t->node) != NULL;
    if (closes && level->tildes) {
        /* Nothing between is nothing deleted. */
        Opener opener = opener_pop(f, level, true);
        if (cmark_node_next(opener.node) == t->node && t->from == i)
            return;
        flush(t, i);
        cmark_node *el = aj_tree_element(f->a, AJ_EL_DEL);
        wrap(t, opener.node, el);
        cmark_node_insert_before(t->node, el);
        t->from = i + 2;
    } else if (opens) {
        opener_push(f, level, t, '~', i, 2);
    }
}

/* ---- bare links, by the rules of GitHub, and wide punctuation ends them ---- */

static bool is_host_char(char c)
{
    return g_ascii_isalnum(c) || c == '-' || c == '_';
}

/* Length of a host name with at least one dot, none of its last two parts with `_`; 0 for none. */
static size_t host_length(const char *s, size_t len, bool needs_dot)
{
    size_t i = 0, dots = 0, under_last = 0, under_before = 0;
    if (!len || !g_ascii_isalnum(*s))
        return 0;
    for (; i < len && i < MAX_HOST; i++) {
        if (s[i] == '.') {
            if (i + 1 >= len || !is_host_char(s[i + 1]))
                break;
            under_before = under_last;
            under_last = 0;
            dots++;
        } else if (s[i] == '_') {
            under_last++;
        } else if (!is_host_char(s[i])) {
            break;
        }
    }
    return i && (dots || !needs_dot) && !under_last && !under_before ? i : 0;
}

/* End of an address whose host ends at `i`: up to a blank, `<` or wide punctuation, and without the
 * marks that end a sentence. */
static size_t address_end(const char *s, size_t i, size_t len)
{
    size_t from = i, opening = 0, closing = 0;
    bool path = i < len && strchr("/:?#", s[i]);
    while (path && i < len && !is_space(s[i]) && s[i] != '<') {
        const char *p = s + i;
        if ((unsigned char)*p >= 0x80) {
            uint32_t cp = aj_utf8_next(&p, s + len);
            if (aj_text_is_wide_punct(cp) || cp == 0x3000 || cp == 0xfdd1)
                break;
            i = (size_t)(p - s);
            continue;
        }
        if (s[i] == '~' && i + 1 < len && s[i + 1] == '~')
            break;
        opening += s[i] == '(';
        closing += s[i] == ')';
        i++;
    }
    while (i > from) {
        char c = s[i - 1];
        if (strchr("?!.,:*_~'\"", c)) {
            i--;
        } else if (c == ')' && closing > opening) {
            closing--;
            i--;
        } else if (c == ';') {
            size_t at = i - 1;
            while (at > from && g_ascii_isalnum(s[at - 1]))
                at--;
            if (at == from || s[at - 1] != '&' || at == i - 1)
                break;
            i = at - 1;
        } else {
            break;
        }
    }
    return i;
}

static void link_insert(AjInlines *f, Text *t, const char *scheme, size_t from, size_t to)
{
    flush(t, from);
    cmark_node *link = aj_tree_node(CMARK_NODE_LINK);
    cmark_node_set_url(link,
                       aj_arena_printf(f->a, "%s%.*s", scheme, (int)(to - from), t->s + from));
    cmark_node_append_child(link, aj_tree_text(t->s + from, to - from));
    cmark_node_insert_before(t->node, link);
    t->from = to;
}

/* Every sign below returns the new place to go on from, `at` when there is no link. */
static size_t url_fold(AjInlines *f, Text *t, size_t at)
{
    static const char *const schemes[] = {"https", "http"};
    const char *s = t->s;
    if (at + 3 >= t->len || s[at + 1] != '/' || s[at + 2] != '/')
        return at;
    for (size_t k = 0; k < G_N_ELEMENTS(schemes); k++) {
        size_t n = strlen(schemes[k]);
        if (at < t->from + n || g_ascii_strncasecmp(s + at - n, schemes[k], n) ||
            (at > n && g_ascii_isalnum(s[at - n - 1])))
            continue;
        size_t host = host_length(s + at + 3, t->len - at - 3, false);
        if (!host)
            return at;
        size_t end = address_end(s, at + 3 + host, t->len);
        link_insert(f, t, "", at - n, end);
        return end;
    }
    return at;
}

static size_t www_fold(AjInlines *f, Text *t, size_t at)
{
    const char *s = t->s;
    if (at + 5 > t->len || memcmp(s + at, "www.", 4) ||
        (at && (g_ascii_isalnum(s[at - 1]) || strchr("./-@:", s[at - 1]))))
        return at;
    size_t host = host_length(s + at, t->len - at, true);
    if (!host)
        return at;
    size_t end = address_end(s, at + host, t->len);
    link_insert(f, t, "http://", at, end);
    return end;
}

static size_t mail_fold(AjInlines *f, Text *t, size_t at)
{
    const char *s = t->s;
    size_t from = at, to = at + 1, dots = 0;
    while (from > t->from && at - from < MAX_HOST &&
           (g_ascii_isalnum(s[from - 1]) || strchr(".-_+", s[from - 1])))
        from--;
    while (to < t->len && to - at < MAX_HOST && (is_host_char(s[to]) || s[to] == '.')) {
        if (s[to] == '.' && (to + 1 >= t->len || !g_ascii_isalnum(s[to + 1])))
            break;
        dots += s[to] == '.';
        to++;
    }
    if (from == at || !dots || s[to - 1] == '-' || s[to - 1] == '_' ||
        (to < t->len && s[to] == '@'))
        return at;
    link_insert(f, t, "mailto:", from, to);
    return to;
}

/* ---- one text, one family of siblings ---- */

static void text_fold(AjInlines *f, Level *level, cmark_node *node)
{
    Text t = {.node = node, .s = cmark_node_get_literal(node)};
    t.len = strlen(t.s);
    cmark_node *before = t.s[0] == '{' ? cmark_node_previous(node) : NULL;
    cmark_node_type type = before ? cmark_node_get_type(before) : CMARK_NODE_NONE;
    if (type == CMARK_NODE_CODE || type == CMARK_NODE_LINK || type == CMARK_NODE_IMAGE)
        t.from = aj_attribute_parse(f->a, t.s, t.len, &aj_element_get(f->a, before)->attr);
    for (size_t i = t.from; i < t.len; i++) {
        unsigned char c = (unsigned char)t.s[i];
        if (!f->stops[c])
            continue;
        if (!strncmp(t.s + i + 1, AJ_ESCAPED, 3)) {
            i += 4;
            continue;
        }
        size_t end = i;
        switch (c) {
        case '[':
            if (t.s[i + 1] == '^' && f->has & AJ_HAS_NOTE && !f->in_link)
                end = i + reference_fold(f, &t, i);
            if (end == i && f->has & AJ_HAS_BRACKETS)
                opener_push(f, level, &t, '[', i, 1);
            break;
        case '^':
            if (t.s[i + 1] == '[' && !f->in_link && strncmp(t.s + i + 2, AJ_ESCAPED, 3)) {
                opener_push(f, level, &t, '^', i, 2);
                i++;
            }
            continue;
        case ']':
            if (level->brackets)
                bracket_close(f, level, &t, &i);
            continue;
        case '~':
            tildes_fold(f, level, &t, &i);
            continue;
        case ':':
            if (!f->in_link)
                end = url_fold(f, &t, i);
            break;
        case 'w':
            if (!f->in_link)
                end = www_fold(f, &t, i);
            break;
        default:
            if (!f->in_link)
                end = mail_fold(f, &t, i);
        }
        if (end > i)
            i = end - 1;
    }
    if (!t.from)
        return;
    if (t.from < t.len)
        cmark_node_set_literal(node, aj_arena_strndup(f->a, t.s + t.from, t.len - t.from));
    else
        cmark_node_unlink(node);
}

/* `**严禁。**作业`: CommonMark lets ** neither open nor close between wide punctuation inside and
 * a letter outside. The stars stay as they are, or pair with the wrong ones: bold within bold. */
static cmark_node *stars_left(cmark_node *parent)
{
    unsigned seen = 0;
    cmark_node *where = NULL;
    bool in_strong = cmark_node_get_type(parent) == CMARK_NODE_STRONG;
    for (cmark_node *at = cmark_node_first_child(parent); at; at = cmark_node_next(at)) {
        cmark_node_type type = cmark_node_get_type(at);
        if (type == CMARK_NODE_STRONG && in_strong)
            return at;
        const char *s = type == CMARK_NODE_TEXT ? cmark_node_get_literal(at) : "";
        const char *end = s + strlen(s);
        for (const char *p = s; (p = strstr(p, "**")); p += 2, seen++) {
            if (aj_prepass_stars_fail(s, p, end, true) || aj_prepass_stars_fail(s, p, end, false))
                where = where ? where : at;
        }
    }
    return seen > 1 ? where : NULL;
}

static void stars_check(AjInlines *f, cmark_node *parent)
{
    cmark_node *where = stars_left(parent);
    if (where)
        warn(f, aj_tree_line(f->tree, where), "emphasis-flanking",
             AJ_TR("把标点移到 ** 外面，或在 ** 外侧加一个空格",
                   "move the punctuation out of the **, or put a blank outside them"),
             AJ_TR("紧挨全角标点的 %s 没有按原意变成粗体",
                   "%s next to wide punctuation does not turn bold as meant"),
             "**");
}

void aj_inlines_fold(AjInlines *f, cmark_node *parent)
{
    Level level = {.base = f->opener_count};
    if (!f->any)
        return;
    if (f->has & AJ_HAS_STARS)
        stars_check(f, parent);
    for (cmark_node *node = cmark_node_first_child(parent), *next; node; node = next) {
        next = cmark_node_next(node);
        bool was = f->in_link;
        switch (cmark_node_get_type(node)) {
        case CMARK_NODE_TEXT:
            text_fold(f, &level, node);
            break;
        case CMARK_NODE_LINK:
            f->in_link = true;
            aj_inlines_fold(f, node);
            f->in_link = was;
            break;
        case CMARK_NODE_EMPH:
        case CMARK_NODE_STRONG:
            aj_inlines_fold(f, node);
            break;
        default:
            break;
        }
    }
    f->opener_count = level.base;
}
