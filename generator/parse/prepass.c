/* prepass - one look at the raw lines before cmark sees them.
 *
 * First `look`, one loop over the bytes: limits, and whether there is anything of ours. Most pages
 * end here. Else `track` follows the block structure as cmark does (containers, fences, HTML),
 * without making nodes, and rewrites lines. Must not know: nodes, HTML, files. */
#include "parse/prepass.h"

#include "base/text.h"

#include <string.h>

#define MARK "\xef\xb7\x90"
#define ESCAPED "\xef\xb7\x91"

/* Measured on cmark 0.30.2: within these, doubling the input doubles the time. */
enum {
    MAX_FILE = 1 << 20,
    MAX_LINE = 1 << 16,
    MAX_DEPTH = 64,
    MAX_IMAGES = 1000,
    MAX_COLUMNS = 256,
    MAX_CELLS = 20000,
    MAX_LABEL = 999
};

static const char escapable[] = "[]~^{}@:!*";

/* ---- look ---- */

typedef struct {
    const char *path;
    uint32_t first_line;
    AjDiags *diags;
} Where;

static bool refuse(const Where *w, uint32_t line, const char *code, const char *hint,
                   const char *message)
{
    aj_diag(w->diags, AJ_ERROR, (AjPos){w->path, w->first_line + line - 1, 0}, code, hint, "%s",
            message);
    return false;
}

static bool refuse_limit(const Where *w, uint32_t line, const char *code, const char *hint,
                         const char *format, unsigned limit)
{
    g_autofree char *message = g_strdup_printf(format, limit);
    return refuse(w, line, code, hint, message);
}

enum { PLAIN, STOP };
static const uint8_t stops[256] = {
    ['\0'] = STOP, ['\1'] = STOP, ['\n'] = STOP, ['\r'] = STOP,          ['|'] = STOP,
    [':'] = STOP,  ['['] = STOP,  [']'] = STOP,  ['^'] = STOP,           ['~'] = STOP,
    ['{'] = STOP,  ['@'] = STOP,  ['\\'] = STOP, ['&'] = STOP,           ['*'] = STOP,
    ['_'] = STOP,  ['!'] = STOP,  ['w'] = STOP,  [0x80 ... 0xff] = STOP,
};

/* Blocks of ours that show at the start of a line, and containers that may be too deep. */
static bool line_start_may_matter(const char *p, const char *end)
{
    unsigned depth = 0;
    while (p < end && strchr(" \t>*+-.)0123456789", *p) && *p) {
        depth += *p == '\t' ? 2 : 1;
        p++;
    }
    return depth > MAX_DEPTH || (p < end && *p == ':');
}

static uint32_t code_point_before(const char *start, const char *p)
{
    const char *end = p;
    while (p > start && ((unsigned char)*--p & 0xc0) == 0x80)
        ;
    return p < end ? aj_utf8_next(&p, end) : 0;
}

static bool is_blank_or_mark(uint32_t cp)
{
    return cp <= ' ' || (cp < 0x80 && g_ascii_ispunct((char)cp)) || cp == 0x3000 ||
           aj_text_is_wide_punct(cp);
}

/* `**` at p: opens (odd) or closes (even) by counting. By CommonMark's flanking rules it does
 * neither between wide punctuation inside and a letter outside. */
static bool stars_fail(const char *text, const char *p, const char *end, bool opens)
{
    const char *after = p + 2;
    uint32_t left = code_point_before(text, p);
    uint32_t right = after < end ? aj_utf8_next(&after, end) : 0;
    uint32_t inside = opens ? right : left, outside = opens ? left : right;
    return aj_text_is_wide_punct(inside) && !is_blank_or_mark(outside);
}

/* "&#91;" and its kin: the character, or 0. */
static uint32_t numeric_entity(const char *p, const char *end, const char **after)
{
    uint32_t cp = 0;
    int digits = 0;
    p += 2;
    bool hex = p < end && (*p == 'x' || *p == 'X');
    for (p += hex; p < end && digits < 7; p++, digits++) {
        int value = hex ? g_ascii_xdigit_value(*p) : g_ascii_digit_value(*p);
        if (value < 0)
            break;
        cp = cp * (hex ? 16 : 10) + (uint32_t)value;
    }
    if (!digits || p >= end || *p != ';')
        return 0;
    *after = p + 1;
    return cp;
}

static bool is_escapable(uint32_t cp)
{
    return cp && cp < 0x80 && strchr(escapable, (int)cp);
}

static bool blank_line(const char *p, const char *end)
{
    while (p < end && (*p == ' ' || *p == '\t' || *p == '>' || *p == '\r'))
        p++;
    return p == end || *p == '\n';
}

typedef struct {
    uint32_t line, images, stars, nesting;
    const char *line_start;
} Look;

static bool line_end(const Where *w, Look *k, const char *p, const char *next, const char *end,
                     unsigned *has)
{
    if (p - k->line_start > MAX_LINE)
        return refuse_limit(w, k->line, "limit-line",
                            AJ_TR("把这一行分成几行", "break the line into several"),
                            AJ_TR("一行超过 %u 字节", "a line is longer than %u bytes"), MAX_LINE);
    k->line_start = next;
    k->line++;
    if (blank_line(next, end)) {
        k->images = 0;
        k->stars = 0;
    }
    if (line_start_may_matter(next, end))
        *has |= AJ_HAS_BLOCKS;
    return true;
}

static bool starts(const char *p, const char *end, const char *with)
{
    size_t n = strlen(with);
    return (size_t)(end - p) >= n && !memcmp(p, with, n);
}

static bool look(const Where *w, const char *text, size_t len, unsigned *has_out)
{
    const char *p = text, *end = text + len;
    unsigned has = 0;
    Look k = {.line = 1, .line_start = text};
    if (len > MAX_FILE)
        return refuse_limit(w, 0, "limit-file", AJ_TR("分成几页", "split it into several pages"),
                            AJ_TR("文件超过 %u 字节", "the file is longer than %u bytes"),
                            MAX_FILE);
    if (line_start_may_matter(p, end))
        has |= AJ_HAS_BLOCKS;
    for (; p < end; p++) {
        unsigned char c = (unsigned char)*p;
        if (!stops[c])
            continue;
        if (c >= 0xe1 && c < 0xef && c != 0xed && end - p >= 3 && (p[1] & 0xc0) == 0x80 &&
            (p[2] & 0xc0) == 0x80) { /* most of Chinese, at once */
            p += 2;
            continue;
        }
        char next = p + 1 < end ? p[1] : 0;
        switch (c) {
        case '\n':
            if (!line_end(w, &k, p, p + 1, end, &has))
                return false;
            break;
        case '\r':
            if (next != '\n' && !line_end(w, &k, p, p + 1, end, &has))
                return false;
            break;
        case '\0':
        case '\1':
            return refuse(w, k.line, "bad-character", AJ_TR("删掉这个字符", "delete the character"),
                          AJ_TR("有不该出现在文本里的控制字符",
                                "a control character that has no place in text"));
        case '|':
            has |= AJ_HAS_BLOCKS;
            break;
        case ':':
            if (starts(p, end, "://"))
                has |= AJ_HAS_URL;
            break;
        case 'w':
            if (starts(p, end, "www."))
                has |= AJ_HAS_URL;
            break;
        case '@':
            has |= AJ_HAS_AT;
            break;
        case '[':
            k.nesting++;
            if (next == '^')
                has |= AJ_HAS_NOTE;
            else if (next == ' ' || next == 'x' || next == 'X' || next == '!')
                has |= AJ_HAS_BOX;
            break;
        case ']':
            if (next == '{')
                has |= AJ_HAS_BRACKETS;
            else if (next == ':' && has & AJ_HAS_NOTE)
                has |= AJ_HAS_BLOCKS;
            break;
        case '^':
            if (next == '[')
                has |= AJ_HAS_BRACKETS;
            break;
        case '~':
            if (next == '~')
                has |= AJ_HAS_TILDES;
            break;
        case '{':
            has |= AJ_HAS_BRACE;
            break;
        case '\\':
            if (is_escapable((unsigned char)next))
                has |= AJ_HAS_ESCAPES;
            if (g_ascii_ispunct(next))
                p++;
            break;
        case '&': {
            const char *after;
            if (next == '#' && is_escapable(numeric_entity(p, end, &after)))
                has |= AJ_HAS_ESCAPES;
            break;
        }
        case '*':
            k.nesting++;
            if (next == '*') {
                if (stars_fail(text, p, end, !(k.stars++ & 1)))
                    has |= AJ_HAS_STARS;
                p++;
            }
            break;
        case '_':
            k.nesting++;
            break;
        case '!':
            if (next == '[' && ++k.images > MAX_IMAGES)
                return refuse_limit(
                    w, k.line, "limit-images",
                    AJ_TR("用空行分段", "break the paragraph with blank lines"),
                    AJ_TR("一段里多于 %u 个“![”", "more than %u \"![\" in a paragraph"),
                    MAX_IMAGES);
            break;
        default: {
            const char *at = p;
            uint32_t cp = aj_utf8_next(&p, end);
            if (cp == 0xfffd && memcmp(at, "\xef\xbf\xbd", MIN((size_t)(end - at), 3)))
                return refuse(w, k.line, "bad-utf8",
                              AJ_TR("用 UTF-8 编码保存文件", "save the file as UTF-8"),
                              AJ_TR("不是 UTF-8 文本", "this is not UTF-8"));
            if (cp == 0xfdd0 || cp == 0xfdd1)
                return refuse(w, k.line, "bad-character",
                              AJ_TR("删掉这个字符", "delete the character"),
                              AJ_TR("有不是文字的码位（U+FDD0、U+FDD1）",
                                    "a code point that is no character (U+FDD0, U+FDD1)"));
            p--;
        }
        }
    }
    if (p - k.line_start > MAX_LINE && !line_end(w, &k, p, p, end, &has))
        return false;
    if (k.nesting > 200)
        has |= AJ_HAS_DEPTH;
    *has_out = has;
    return true;
}

/* ---- protect: what cmark would forget to have been escaped ---- */

static const char *protect(AjArena *a, const char *text, size_t *len)
{
    const char *end = text + *len, *from = text;
    GString *out = g_string_sized_new(*len + *len / 8);
    for (const char *p = text; p < end; p++) {
        const char *after = p + 2;
        if (*p == '\\' && p + 1 < end) {
            if (!is_escapable((unsigned char)p[1])) {
                p++;
                continue;
            }
        } else if (*p != '&' || p + 1 >= end || p[1] != '#' ||
                   !is_escapable(numeric_entity(p, end, &after))) {
            continue;
        }
        g_string_append_len(out, from, after - from);
        g_string_append(out, ESCAPED);
        g_string_append_len(out, p, after - p);
        from = after;
        p = after - 1;
    }
    g_string_append_len(out, from, end - from);
    *len = out->len;
    const char *copy = aj_arena_strndup(a, out->str, out->len);
    g_string_free(out, TRUE);
    return copy;
}

/* The second copy of an escaped thing: a character, `\\x` or `&#…;`. */
static size_t copy_length(const char *p, const char *end)
{
    if (p < end && *p == '\\')
        return MIN(2, (size_t)(end - p));
    const char *semicolon = p < end && *p == '&' ? memchr(p, ';', (size_t)(end - p)) : NULL;
    return semicolon ? (size_t)(semicolon + 1 - p) : (size_t)(p < end);
}

size_t aj_prepass_unescape(char *s, size_t len)
{
    char *end = s + len, *to = memmem(s, len, ESCAPED, 3);
    if (!to)
        return len;
    for (const char *from = to; from < end;)
        if (starts(from, end, ESCAPED))
            from += 3 + copy_length(from + 3, end);
        else
            *to++ = *from++;
    return (size_t)(to - s);
}

/* ---- track: cmark's block structure, without nodes ---- */

typedef struct {
    bool quote, empty, ours;
    uint32_t offset; /* of an item's text, in columns from its container */
} Container;
typedef struct {
    uint32_t depth, line;
} Div;
typedef enum { NONE, PARAGRAPH, FENCE, HTML, TABLE } Leaf;

/* A place in a line, with columns as cmark counts them: a tab may be half used. */
typedef struct {
    const char *at, *eol;
    uint32_t column;
    const char *first; /* first byte that is no blank */
    uint32_t first_column, indent;
    bool blank;
} Cursor;

typedef struct {
    AjArena *a;
    Where where;
    const char *text, *end;
    const char *line, *eol, *next; /* the line under way; `next` follows its line end */
    uint32_t number;
    Container stack[MAX_DEPTH + 2];
    uint32_t depth;
    Div divs[MAX_DEPTH + 2];
    uint32_t div_count;
    bool definitions[MAX_DEPTH + 3]; /* by depth: a definition may follow here */
    bool plain, after_blank, failed;
    Leaf leaf;
    char fence_char;
    uint32_t fence_len;
    int html;
    uint32_t columns, cells;
    /* what cmark will read */
    char *out;
    size_t out_len, out_cap;
    const char *copied; /* bytes before this are in `out`, or left out on purpose */
    uint32_t copied_line;
    uint32_t *lines;
    uint32_t line_count, line_cap;
    AjMark *marks;
    uint32_t mark_count, mark_cap;
} Track;

static void emit(Track *t, const char *s, size_t len)
{
    if (t->out_len + len > t->out_cap) {
        size_t cap = t->out_cap ? t->out_cap : (size_t)(t->end - t->text) + 1024;
        while (cap < t->out_len + len)
            cap *= 2;
        t->out = aj_arena_grow(t->a, t->out, t->out_cap, cap);
        t->out_cap = cap;
    }
    memcpy(t->out + t->out_len, s, len);
    t->out_len += len;
}

static void emit_line_end(Track *t, uint32_t number)
{
    if (t->line_count + 2 > t->line_cap) {
        uint32_t cap = t->line_cap ? 2 * t->line_cap : 512;
        t->lines =
            aj_arena_grow(t->a, t->lines, t->line_cap * sizeof(uint32_t), cap * sizeof(uint32_t));
        t->line_cap = cap;
    }
    t->lines[++t->line_count] = t->where.first_line + number - 1;
}

/* Copies the source up to `p`, which lies in the line under way. */
static void copy_until(Track *t, const char *p)
{
    emit(t, t->copied, (size_t)(p - t->copied));
    while (t->copied_line < t->number)
        emit_line_end(t, t->copied_line++);
    t->copied = p;
}

/* Leaves out the rest of the line under way. */
static void skip_line(Track *t)
{
    t->copied = t->next;
    t->copied_line = t->number + 1;
}

static void new_line(Track *t)
{
    emit(t, "\n", 1);
    emit_line_end(t, t->number);
}

static void emit_prefix(Track *t)
{
    static const char blanks[] = "                                ";
    for (uint32_t i = 0; i < t->depth; i++) {
        if (t->stack[i].quote) {
            emit(t, "> ", 2);
            continue;
        }
        for (uint32_t n = t->stack[i].offset; n;) {
            uint32_t now = MIN(n, (uint32_t)sizeof blanks - 1);
            emit(t, blanks, now);
            n -= now;
        }
    }
}

/* A mark where the line under way has got to; the rest of that line still has to be dealt with. */
static AjMark *mark(Track *t, AjMarkKind kind)
{
    char heading[32];
    int n = g_snprintf(heading, sizeof heading, "### " MARK "%u\n", t->mark_count);
    emit(t, heading, (size_t)n);
    emit_line_end(t, t->number);
    if (t->mark_count == t->mark_cap) {
        uint32_t cap = t->mark_cap ? 2 * t->mark_cap : 16;
        t->marks =
            aj_arena_grow(t->a, t->marks, t->mark_cap * sizeof(AjMark), cap * sizeof(AjMark));
        t->mark_cap = cap;
    }
    AjMark *m = &t->marks[t->mark_count++];
    *m = (AjMark){.kind = kind, .line = t->where.first_line + t->number - 1};
    return m;
}

static void advance(Cursor *c, uint32_t count, bool columns)
{
    while (count && c->at < c->eol) {
        if (*c->at == '\t') {
            uint32_t to_tab = 4 - c->column % 4;
            if (columns) {
                uint32_t now = MIN(count, to_tab);
                c->column += now;
                c->at += to_tab > count ? 0 : 1;
                count -= now;
            } else {
                c->column += to_tab;
                c->at++;
                count--;
            }
        } else {
            c->at++;
            c->column++;
            count--;
        }
    }
}

static void find_first(Cursor *c)
{
    c->first = c->at;
    c->first_column = c->column;
    while (c->first < c->eol && (*c->first == ' ' || *c->first == '\t')) {
        c->first_column += *c->first == '\t' ? 4 - c->first_column % 4 : 1;
        c->first++;
    }
    c->indent = c->first_column - c->column;
    c->blank = c->first == c->eol;
}

static const char *line_end_of(const char *p, const char *end, const char **next)
{
    const char *eol = p;
    /* A lone CR ends a line too, and is rare enough to be looked for by hand. */
    while (eol < end && *eol != '\n' && *eol != '\r')
        eol++;
    *next = eol;
    if (*next < end && **next == '\r')
        (*next)++;
    if (*next < end && **next == '\n' && (*next == eol || (*next)[-1] == '\r'))
        (*next)++;
    return eol;
}

/* How many containers go on in this line. */
static uint32_t match(const Track *t, Cursor *c)
{
    uint32_t i;
    for (i = 0; i < t->depth; i++) {
        const Container *box = &t->stack[i];
        find_first(c);
        if (box->quote) {
            if (c->indent > 3 || c->blank || *c->first != '>')
                return i;
            advance(c, c->indent + 1, true);
            if (c->at < c->eol && (*c->at == ' ' || *c->at == '\t'))
                advance(c, 1, true);
        } else if (c->indent >= box->offset) {
            advance(c, box->offset, true);
        } else if (c->blank && !box->empty) {
            c->at = c->first;
            c->column = c->first_column;
        } else {
            return i;
        }
    }
    find_first(c);
    return i;
}

static void pop_to(Track *t, uint32_t depth)
{
    while (t->div_count && t->divs[t->div_count - 1].depth > depth) {
        aj_diag(t->where.diags, AJ_WARNING,
                (AjPos){t->where.path, t->where.first_line + t->divs[--t->div_count].line - 1, 0},
                "div-unclosed", AJ_TR("在块的末尾单独写一行 :::", "end the block with a line :::"),
                "%s", AJ_TR("“:::”块没有结束", "a \":::\" block is not closed"));
    }
    if (depth < t->depth) {
        memset(t->definitions + depth + 1, 0, t->depth - depth);
        t->depth = depth;
    }
}

static bool too_deep(Track *t)
{
    if (t->depth + t->div_count < MAX_DEPTH)
        return false;
    t->failed = !refuse_limit(
        &t->where, t->number, "limit-depth", AJ_TR("减少嵌套", "nest less"),
        AJ_TR("引用、列表和块嵌套超过 %u 层", "quotes, lists and blocks nest deeper than %u"),
        MAX_DEPTH);
    return true;
}

static bool push(Track *t, Container box)
{
    if (too_deep(t))
        return false;
    t->stack[t->depth++] = box;
    t->definitions[t->depth] = false;
    return true;
}

static bool is_blank_to(const char *p, const char *eol)
{
    while (p < eol && (*p == ' ' || *p == '\t'))
        p++;
    return p == eol;
}

static size_t run_of(const char *p, const char *eol, char c)
{
    const char *at = p;
    while (at < eol && *at == c)
        at++;
    return (size_t)(at - p);
}

static bool is_thematic_break(const char *p, const char *eol)
{
    char c = *p;
    unsigned n = 0;
    for (; p < eol; p++)
        if (*p == c)
            n++;
        else if (*p != ' ' && *p != '\t')
            return false;
    return n >= 3;
}

static bool is_atx_heading(const char *p, const char *eol)
{
    size_t n = run_of(p, eol, '#');
    return n <= 6 && (p + n == eol || p[n] == ' ' || p[n] == '\t');
}

/* Length of a list marker, 0 for none. */
static uint32_t list_marker(const char *p, const char *eol, bool interrupts)
{
    const char *at = p;
    if (*p == '-' || *p == '+' || *p == '*') {
        at++;
    } else {
        unsigned start = 0;
        while (at < eol && g_ascii_isdigit(*at) && at - p < 9)
            start = start * 10 + (unsigned)(*at++ - '0');
        if (at == p || at == eol || (*at != '.' && *at != ')') || (interrupts && start != 1))
            return 0;
        at++;
    }
    if (at < eol && *at != ' ' && *at != '\t')
        return 0;
    if (interrupts && is_blank_to(at, eol))
        return 0;
    return (uint32_t)(at - p);
}

/* After a marker of `len` bytes at c->first: the item's text begins where cmark lets it begin. */
static Container item_open(Cursor *c, uint32_t len)
{
    uint32_t marker_indent = c->indent;
    advance(c, (uint32_t)(c->first - c->at) + len, false);
    Cursor saved = *c;
    while (c->column - saved.column <= 5 && c->at < c->eol && (*c->at == ' ' || *c->at == '\t'))
        advance(c, 1, true);
    uint32_t i = c->column - saved.column, padding = len + i;
    bool blank = is_blank_to(c->at, c->eol);
    if (i >= 5 || i < 1 || c->at == c->eol) {
        padding = len + 1;
        *c = saved;
        if (i)
            advance(c, 1, true);
    }
    return (Container){.offset = marker_indent + padding, .empty = blank};
}

static bool name_is(const char *p, size_t len, const char *const *names)
{
    for (; *names; names++)
        if (strlen(*names) == len && !g_ascii_strncasecmp(p, *names, len))
            return true;
    return false;
}

static const char *skip_blanks(const char *p, const char *eol)
{
    while (p < eol && (*p == ' ' || *p == '\t' || *p == '\v' || *p == '\f'))
        p++;
    return p;
}

/* A whole open or close tag with nothing after it in the line: HTML block of kind 7. */
static bool is_lone_tag(const char *p, const char *eol)
{
    bool closes = ++p < eol && *p == '/';
    p += closes;
    if (p >= eol || !g_ascii_isalpha(*p))
        return false;
    while (p < eol && (g_ascii_isalnum(*p) || *p == '-'))
        p++;
    while (!closes) {
        const char *at = skip_blanks(p, eol);
        if (at == p || at == eol || !(g_ascii_isalpha(*at) || *at == '_' || *at == ':')) {
            p = at;
            break;
        }
        while (at < eol && (g_ascii_isalnum(*at) || strchr("_.:-", *at)))
            at++;
        p = at;
        at = skip_blanks(at, eol);
        if (at == eol || *at != '=')
            continue;
        at = skip_blanks(at + 1, eol);
        if (at < eol && (*at == '"' || *at == '\'')) {
            const char *quote = memchr(at + 1, *at, (size_t)(eol - at - 1));
            if (!quote)
                return false;
            p = quote + 1;
        } else {
            p = at;
            while (p < eol && !strchr(" \t\v\f\"'=<>`", *p))
                p++;
            if (p == at)
                return false;
        }
    }
    p = skip_blanks(p, eol);
    if (!closes && p < eol && *p == '/')
        p++;
    return p < eol && *p == '>' && skip_blanks(p + 1, eol) == eol;
}

/* Kind 1 to 7 of the HTML block that starts here, 0 for none. */
static int html_start(const char *p, const char *eol, bool in_paragraph)
{
    static const char *const raw[] = {"script", "pre", "style", "textarea", NULL};
    static const char *const block[] = {
        "address", "article",  "aside",   "base",     "basefont", "blockquote", "body",
        "caption", "center",   "col",     "colgroup", "dd",       "details",    "dialog",
        "dir",     "div",      "dl",      "dt",       "fieldset", "figcaption", "figure",
        "footer",  "form",     "frame",   "frameset", "h1",       "h2",         "h3",
        "h4",      "h5",       "h6",      "head",     "header",   "hr",         "html",
        "iframe",  "legend",   "li",      "link",     "main",     "menu",       "menuitem",
        "nav",     "noframes", "ol",      "optgroup", "option",   "p",          "param",
        "section", "source",   "summary", "table",    "tbody",    "td",         "tfoot",
        "th",      "thead",    "title",   "tr",       "track",    "ul",         NULL};
    if (starts(p, eol, "<!--"))
        return 2;
    if (starts(p, eol, "<?"))
        return 3;
    if (starts(p, eol, "<![CDATA["))
        return 5;
    if (p + 2 < eol && p[1] == '!' && g_ascii_isalpha(p[2]))
        return 4;
    const char *name = p + 1;
    bool closes = name < eol && *name == '/';
    name += closes;
    const char *at = name;
    while (at < eol && g_ascii_isalnum(*at))
        at++;
    size_t len = (size_t)(at - name);
    bool ends = at == eol || *at == ' ' || *at == '\t' || *at == '\v' || *at == '\f' || *at == '>';
    if (len && ends && !closes && name_is(name, len, raw))
        return 1;
    if (len && (ends || starts(at, eol, "/>")) && name_is(name, len, block))
        return 6;
    return !in_paragraph && is_lone_tag(p, eol) ? 7 : 0;
}

static bool line_has(const char *p, const char *eol, const char *what)
{
    return memmem(p, (size_t)(eol - p), what, strlen(what)) != NULL;
}

static bool html_ends(int kind, const char *p, const char *eol)
{
    static const char *const ends[] = {NULL, NULL, "-->", "?>", ">", "]]>"};
    static const char *const raw[] = {"</script>", "</pre>", "</style>", "</textarea>"};
    if (kind != 1)
        return kind <= 5 && line_has(p, eol, ends[kind]);
    while ((p = memmem(p, (size_t)(eol - p), "</", 2))) {
        for (size_t i = 0; i < G_N_ELEMENTS(raw); i++)
            if ((size_t)(eol - p) >= strlen(raw[i]) &&
                !g_ascii_strncasecmp(p, raw[i], strlen(raw[i])))
                return true;
        p += 2;
    }
    return false;
}

/* ---- tables ---- */

/* The next cell of a row: moves *p behind its end, trims. False when the row is over. */
static bool cell_next(const char **p, const char *eol, const char **from, const char **to)
{
    if (*p >= eol)
        return false;
    const char *at = *p;
    while (at < eol && (*at != '|' || (at > *p && at[-1] == '\\')))
        at++;
    *from = skip_blanks(*p, at);
    *to = at;
    while (*to > *from && ((*to)[-1] == ' ' || (*to)[-1] == '\t'))
        (*to)--;
    *p = at < eol ? at + 1 : at;
    return true;
}

static void row_bounds(const char **p, const char **eol)
{
    while (*eol > *p && ((*eol)[-1] == ' ' || (*eol)[-1] == '\t'))
        (*eol)--;
    if (*p < *eol && **p == '|')
        (*p)++;
}

static uint32_t cells_count(const char *p, const char *eol)
{
    const char *from, *to;
    uint32_t n = 0;
    row_bounds(&p, &eol);
    while (cell_next(&p, eol, &from, &to))
        n++;
    return n;
}

/* Columns of a delimiter row, 0 when it is none. `aligns` may be NULL. */
static uint32_t delimiter_row(const char *p, const char *eol, AjAlign *aligns)
{
    const char *from, *to;
    uint32_t n = 0;
    if (p == eol || !memchr(p, '|', (size_t)(eol - p)))
        return 0;
    row_bounds(&p, &eol);
    while (cell_next(&p, eol, &from, &to)) {
        bool left = from<to && * from == ':', right = to - from> 1 && to[-1] == ':';
        from += left;
        to -= right;
        if (from >= to || run_of(from, to, '-') != (size_t)(to - from))
            return 0;
        if (aligns)
            aligns[n] = left && right ? AJ_ALIGN_CENTER
                        : left        ? AJ_ALIGN_LEFT
                        : right       ? AJ_ALIGN_RIGHT
                                      : AJ_ALIGN_DEFAULT;
        n++;
    }
    return n;
}

/* One heading a cell, the first one of level 2. Missing cells are made, surplus ones dropped. */
static void row_emit(Track *t, const char *p, const char *eol)
{
    const char *from, *to;
    row_bounds(&p, &eol);
    t->cells += t->columns;
    if (t->cells > MAX_CELLS) {
        t->failed = !refuse_limit(
            &t->where, t->number, "limit-cells", AJ_TR("分成几页", "split it into several pages"),
            AJ_TR("表格多于 %u 格", "tables hold more than %u cells"), MAX_CELLS);
        return;
    }
    for (uint32_t i = 0; i < t->columns; i++) {
        if (!cell_next(&p, eol, &from, &to))
            from = to = eol;
        emit_prefix(t);
        if (i)
            emit(t, "# " MARK " ", 6);
        else
            emit(t, "## " MARK " ", 7);
        bool hash = from < to && to[-1] == '#'; /* a closing sequence would be cut off */
        while (from < to) {
            const char *pipe = memmem(from, (size_t)(to - from), "\\|", 2);
            emit(t, from, (size_t)((pipe ? pipe : to) - from));
            if (!pipe)
                break;
            emit(t, "|", 1);
            from = pipe + 2;
        }
        if (hash)
            emit(t, " " MARK, 4);
        new_line(t);
    }
}

/* A cursor on the line after `p`; false at the end. */
static bool peek(const Track *t, const char *p, Cursor *c, const char **next)
{
    if (p >= t->end)
        return false;
    *c = (Cursor){.at = p, .eol = line_end_of(p, t->end, next)};
    return true;
}

static bool table_open(Track *t, const Cursor *c)
{
    Cursor under;
    const char *next;
    if (t->next >= t->end || !memchr("|:-> \t", *t->next, 6))
        return false;
    if (!peek(t, t->next, &under, &next) || match(t, &under) < t->depth || under.blank ||
        under.indent > 3)
        return false;
    uint32_t columns = delimiter_row(under.first, under.eol, NULL);
    if (!columns || columns != cells_count(c->first, c->eol) ||
        list_marker(under.first, under.eol, t->leaf == PARAGRAPH))
        return false;
    if (columns > MAX_COLUMNS) {
        t->failed =
            !refuse_limit(&t->where, t->number, "limit-columns",
                          AJ_TR("分成几个表格", "split it into several tables"),
                          AJ_TR("表格多于 %u 列", "a table has more than %u columns"), MAX_COLUMNS);
        return true;
    }
    copy_until(t, c->first);
    AjMark *m = mark(t, AJ_MARK_TABLE);
    m->columns = t->columns = columns;
    m->aligns = aj_arena_alloc(t->a, columns * sizeof *m->aligns);
    delimiter_row(under.first, under.eol, m->aligns);
    row_emit(t, c->first, c->eol);
    t->next = next;
    t->number++;
    skip_line(t);
    t->leaf = TABLE;
    return true;
}

/* ---- definitions, notes, divs ---- */

static bool is_definition(const Cursor *c)
{
    return c->indent <= 3 && !c->blank && *c->first == ':' && c->first + 1 < c->eol &&
           (c->first[1] == ' ' || c->first[1] == '\t') && !is_blank_to(c->first + 1, c->eol);
}

/* A line of text, alone, with ": " below it or below one blank line: a term. */
static bool term_open(Track *t, const Cursor *c)
{
    Cursor below;
    const char *next = t->next;
    for (int i = 0; i < 2; i++) {
        if (!peek(t, next, &below, &next) || match(t, &below) < t->depth)
            return false;
        if (!below.blank)
            break;
    }
    if (!is_definition(&below))
        return false;
    const char *eol = c->eol;
    while (eol > c->first && (eol[-1] == ' ' || eol[-1] == '\t'))
        eol--;
    copy_until(t, c->first);
    emit(t, "#### " MARK " ", 9);
    emit(t, c->first, (size_t)(eol - c->first));
    if (eol[-1] == '#')
        emit(t, " " MARK, 4);
    new_line(t);
    skip_line(t);
    t->definitions[t->depth] = true;
    t->leaf = NONE;
    return true;
}

static bool definition_open(Track *t, Cursor *c)
{
    copy_until(t, c->first);
    mark(t, AJ_MARK_DEFINITION)->loose = t->after_blank;
    emit_prefix(t);
    emit(t, "+", 1);
    t->copied = c->first + 1;
    c->indent = 0;
    Container box = item_open(c, 1);
    box.ours = true;
    t->leaf = NONE;
    return push(t, box);
}

/* `[^label]:` at `p`: its length, 0 for none. */
static size_t note_label(const char *p, const char *eol)
{
    const char *at = p + 2;
    if (!starts(p, eol, "[^"))
        return 0;
    while (at < eol && !memchr(" \t[]", *at, 4) && at - p < MAX_LABEL)
        at++;
    return at > p + 2 && starts(at, eol, "]:") ? (size_t)(at - p) + 2 : 0;
}

/* `[^label]: text`. The text is an item whose lines are indented by four. */
static bool note_open(Track *t, Cursor *c)
{
    size_t len = note_label(c->first, c->eol);
    const char *at = c->first + len;
    copy_until(t, c->first);
    AjMark *m = mark(t, AJ_MARK_NOTE);
    m->text = c->first + 2;
    m->len = len - 4;
    emit_prefix(t);
    while (at < c->eol && (*at == ' ' || *at == '\t'))
        at++;
    emit(t, "+   ", 4);
    t->leaf = NONE;
    if (!push(t, (Container){.offset = 4, .ours = true}))
        return false;
    if (at == c->eol) { /* the text begins below: something has to hold the item open */
        mark(t, AJ_MARK_FILLER);
        skip_line(t);
        return false;
    }
    t->copied = at;
    advance(c, (uint32_t)(at - c->at), false);
    return true;
}

/* What follows the colons of `::: name`, `::: {.name}` or a bare `:::`; NULL when it is none. */
static const char *div_text(const char *p, const char *eol, size_t *len)
{
    size_t colons = run_of(p, eol, ':');
    if (colons < 3)
        return NULL;
    p = skip_blanks(p + colons, eol);
    while (eol > p && (eol[-1] == ' ' || eol[-1] == '\t'))
        eol--;
    while (eol > p && eol[-1] == ':')
        eol--;
    while (eol > p && (eol[-1] == ' ' || eol[-1] == '\t'))
        eol--;
    *len = (size_t)(eol - p);
    if (*len > 1 && *p == '{' && eol[-1] == '}')
        return p;
    for (const char *at = p; at < eol; at++)
        if (*at == ' ' || *at == '\t' || *at == '{' || *at == '}')
            return NULL;
    return p;
}

/* Whether a line that may be a div's fence is one, at this depth. */
static bool is_div(const Track *t, const char *p, const char *eol, uint32_t depth)
{
    size_t len;
    if (!div_text(p, eol, &len))
        return false;
    uint32_t open = t->div_count;
    while (open && t->divs[open - 1].depth > depth)
        open--;
    return len || (open && t->divs[open - 1].depth == depth);
}

static void div_line(Track *t, const Cursor *c)
{
    size_t len;
    const char *text = div_text(c->first, c->eol, &len);
    if (len && too_deep(t))
        return;
    copy_until(t, c->first);
    AjMark *m = mark(t, len ? AJ_MARK_DIV : AJ_MARK_DIV_END);
    m->text = text;
    m->len = len;
    if (len)
        t->divs[t->div_count++] = (Div){t->depth, t->number};
    else
        t->div_count--;
    skip_line(t);
    t->leaf = NONE;
}

/* ---- one line ---- */

static bool fence_open(Track *t, const Cursor *c)
{
    size_t n = run_of(c->first, c->eol, *c->first);
    if (n < 3 || (*c->first == '`' && memchr(c->first + n, '`', (size_t)(c->eol - c->first) - n)))
        return false;
    t->leaf = FENCE;
    t->fence_char = *c->first;
    t->fence_len = (uint32_t)n;
    return true;
}

static bool fence_closes(const Track *t, const Cursor *c)
{
    if (c->indent > 3 || c->blank || *c->first != t->fence_char)
        return false;
    size_t n = run_of(c->first, c->eol, t->fence_char);
    return n >= t->fence_len && is_blank_to(c->first + n, c->eol);
}

typedef enum { TEXT, LEAF, DONE } Opened;

/* Opens containers and leaves as cmark does, from where the cursor is. TEXT: what is left is text
 * (or nothing); LEAF: a leaf took the line; DONE: the line was rewritten. */
static Opened open_blocks(Track *t, Cursor *c, uint32_t matched, bool *opened)
{
    bool all = matched == t->depth, popped = all;
    bool in_paragraph = t->leaf == PARAGRAPH && all;
    bool ours_ended = !all && t->stack[matched].ours;
    for (;; in_paragraph = false) {
        find_first(c);
        if (c->blank || c->indent > 3)
            return TEXT;
        const char *p = c->first, *eol = c->eol;
        uint32_t depth = popped ? t->depth : matched, marker = 0;
        Leaf leaf = NONE;
        bool ours = false;
        switch (*p) {
        case '>':
            break;
        case '#':
            if (!is_atx_heading(p, eol))
                return TEXT;
            leaf = TABLE; /* any that lasts one line */
            break;
        case '`':
        case '~':
            if (!fence_open(t, c))
                return TEXT;
            leaf = FENCE;
            break;
        case '<':
            t->html = html_start(p, eol, in_paragraph);
            if (!t->html)
                return TEXT;
            leaf = HTML;
            break;
        case '=':
            if (!in_paragraph || !is_blank_to(p + run_of(p, eol, '='), eol))
                return TEXT;
            leaf = TABLE;
            break;
        case '-':
            if (in_paragraph && is_blank_to(p + run_of(p, eol, '-'), eol)) {
                leaf = TABLE;
                break;
            }
            /* fall through */
        case '*':
        case '_':
            if (is_thematic_break(p, eol)) {
                leaf = TABLE;
                break;
            }
            if (*p == '_')
                return TEXT;
            /* fall through */
        case '+':
        case '0' ... '9':
            marker = list_marker(p, eol, in_paragraph);
            if (!marker)
                return TEXT;
            break;
        case ':':
            if (t->plain)
                return TEXT;
            if (!(t->definitions[depth] && is_definition(c)) && !is_div(t, p, eol, depth))
                return TEXT;
            ours = true;
            break;
        case '[':
            if (t->plain || !note_label(p, eol))
                return TEXT;
            ours = true;
            break;
        default:
            return TEXT;
        }
        if (!popped) {
            pop_to(t, matched);
            popped = true;
        }
        if (t->depth)
            t->stack[t->depth - 1].empty = false;
        bool definition = t->definitions[t->depth];
        t->definitions[t->depth] = false;
        if (leaf != NONE) {
            t->leaf = leaf == TABLE ? NONE : leaf;
            if (leaf == HTML && html_ends(t->html, p, eol))
                t->leaf = NONE;
            return LEAF;
        }
        if (ours) {
            if (*p == '[') {
                *opened = true;
                if (!note_open(t, c))
                    return DONE;
            } else if (p[1] == ':') {
                div_line(t, c);
                return DONE;
            } else {
                t->definitions[t->depth] = definition;
                *opened = true;
                if (!definition_open(t, c))
                    return DONE;
            }
            ours_ended = false;
            continue;
        }
        *opened = true;
        t->leaf = NONE;
        Container box = {.quote = true};
        if (marker) {
            if (*p == '+' && ours_ended) { /* else it would go on with our own list */
                copy_until(t, p);
                mark(t, AJ_MARK_FILLER);
                emit_prefix(t);
                c->indent = 0;
            }
            box = item_open(c, marker);
        } else {
            advance(c, (uint32_t)(p - c->at) + 1, false);
            if (c->at < eol && (*c->at == ' ' || *c->at == '\t'))
                advance(c, 1, true);
        }
        ours_ended = false;
        if (!push(t, box))
            return DONE;
    }
}

static void line_track(Track *t)
{
    Cursor c = {.at = t->line, .eol = t->eol};
    uint32_t matched = match(t, &c);
    bool all = matched == t->depth, opened = false;
    bool after_blank = t->after_blank;
    t->after_blank = c.blank;
    if (all && t->leaf == FENCE) {
        if (fence_closes(t, &c))
            t->leaf = NONE;
        return;
    }
    if (all && t->leaf == HTML) {
        if (t->html >= 6 ? c.blank : html_ends(t->html, c.first, c.eol))
            t->leaf = NONE;
        return;
    }
    t->after_blank = after_blank;
    Opened kind = open_blocks(t, &c, matched, &opened);
    t->after_blank = c.blank && !opened;
    if (kind != TEXT || t->failed)
        return;
    if (!all && !opened && t->leaf == PARAGRAPH && !c.blank)
        return; /* lazy */
    if (!all && !opened) {
        pop_to(t, matched);
        t->leaf = NONE;
    }
    if (c.blank) {
        t->leaf = NONE;
        return;
    }
    if (t->depth)
        t->stack[t->depth - 1].empty = false;
    if (t->leaf != PARAGRAPH && c.indent > 3) { /* indented code */
        t->leaf = NONE;
        t->definitions[t->depth] = false;
        return;
    }
    if (t->leaf == TABLE) {
        copy_until(t, t->line);
        row_emit(t, c.first, c.eol);
        skip_line(t);
        return;
    }
    if (!t->plain && c.indent <= 3 && table_open(t, &c)) {
        t->definitions[t->depth] = false;
        return;
    }
    if (t->leaf != PARAGRAPH) {
        t->definitions[t->depth] = false;
        if (!t->plain && term_open(t, &c))
            return;
    }
    t->leaf = PARAGRAPH;
}

static bool track(Track *t)
{
    while (t->line < t->end && !t->failed) {
        t->eol = line_end_of(t->line, t->end, &t->next);
        line_track(t);
        t->line = t->next;
        t->number++;
    }
    if (!t->failed)
        pop_to(t, 0);
    while (t->div_count && !t->failed) { /* those at depth 0 */
        t->depth = 0;
        t->divs[t->div_count - 1].depth = 1;
        pop_to(t, 0);
    }
    return !t->failed;
}

bool aj_prepass_run(AjArena *a, const char *text, size_t len, const AjMarkdownOptions *options,
                    AjDiags *diags, AjPrepass *out)
{
    Where where = {options->path, options->first_line ? options->first_line : 1, diags};
    memset(out, 0, sizeof *out);
    if (!look(&where, text, len, &out->has))
        return false;
    if (!options->extensions)
        out->has &= AJ_HAS_BLOCKS | AJ_HAS_DEPTH;
    if (out->has & AJ_HAS_ESCAPES)
        text = protect(a, text, &len);
    out->text = text;
    out->len = len;
    if (!(out->has & AJ_HAS_BLOCKS))
        return true;
    Track t = {.a = a,
               .where = where,
               .plain = !options->extensions,
               .text = text,
               .end = text + len,
               .line = text,
               .copied = text,
               .copied_line = 1,
               .number = 1};
    if (!track(&t))
        return false;
    if (!t.line_count)
        return true;
    t.line = t.end;
    copy_until(&t, t.end);
    emit_line_end(&t, t.number);
    emit(&t, "", 1);
    out->text = t.out;
    out->len = t.out_len - 1;
    out->lines = t.lines;
    out->line_count = t.line_count;
    out->marks = t.marks;
    out->mark_count = t.mark_count;
    return true;
}
