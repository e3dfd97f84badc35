/* mustache - the text of a template to a tree of its tags.
 *
 * Must not know: HTML, other templates, values. */
#include "render/mustache.h"

#include "base/text.h"

#include <stdarg.h>

#define MAX_NESTING 200u /* sections and parents inside each other in one text */

static bool is_blank(char ch)
{
    return ch == ' ' || ch == '\t' || ch == '\r' || ch == '\n';
}

static AjStr str_trim(AjStr s)
{
    while (s.len > 0 && is_blank(s.s[0])) {
        s.s++;
        s.len--;
    }
    while (s.len > 0 && is_blank(s.s[s.len - 1]))
        s.len--;
    return s;
}

typedef struct {
    char type; /* 'T' text, 'L' line start, 'v' variable, else the tag's own mark */
    bool standalone, first;
    uint32_t line, column;
    AjStr text, ws;
    uint32_t partner; /* of # ^ $ < and /, index of the other end */
} Token;

typedef struct {
    AjArena *arena;
    const char *path;
    AjStr text;
    AjDiags *diags;
    GArray *tokens; /* Token */
} Parser;

static void syntax(Parser *p, uint32_t line, uint32_t column, const char *hint, const char *format,
                   ...) G_GNUC_PRINTF(5, 6);
static void syntax(Parser *p, uint32_t line, uint32_t column, const char *hint, const char *format,
                   ...)
{
    va_list ap;
    va_start(ap, format);
    g_autofree char *message = g_strdup_vprintf(format, ap);
    va_end(ap);
    aj_diag(p->diags, AJ_ERROR, (AjPos){p->path, line, column}, "template-syntax", hint, "%s",
            message);
}

static const char *find_bytes(const char *s, const char *end, AjStr needle)
{
    return needle.len ? memmem(s, (size_t)(end - s), needle.s, needle.len) : NULL;
}

static void text_tokens(Parser *p, const char *s, const char *end, uint32_t *line,
                        const char **line_start)
{
    while (s < end) {
        const char *nl = memchr(s, '\n', (size_t)(end - s));
        const char *stop = nl ? nl + 1 : end;
        Token t = {.type = 'T',
                   .line = *line,
                   .column = (uint32_t)(s - *line_start) + 1,
                   .text = {s, (uint32_t)(stop - s)}};
        g_array_append_val(p->tokens, t);
        if (nl) {
            (*line)++;
            *line_start = stop;
        }
        s = stop;
    }
}

/* "=<% %>=" gives new delimiters. */
static bool set_delimiters(AjStr content, AjStr *open, AjStr *close)
{
    if (content.len < 2 || content.s[content.len - 1] != '=')
        return false;
    AjStr inner = str_trim((AjStr){content.s, content.len - 1});
    uint32_t i = 0;
    while (i < inner.len && !is_blank(inner.s[i]))
        i++;
    AjStr x = {inner.s, i};
    AjStr y = str_trim((AjStr){inner.s + i, inner.len - i});
    if (x.len == 0 || y.len == 0 || memchr(x.s, '=', x.len) || memchr(y.s, '=', y.len))
        return false;
    for (i = 0; i < y.len; i++)
        if (is_blank(y.s[i]))
            return false;
    *open = x;
    *close = y;
    return true;
}

static bool tokenize(Parser *p)
{
    const char *s = p->text.s, *end = s + p->text.len;
    AjStr open = {"{{", 2}, close = {"}}", 2};
    uint32_t line = 1;
    const char *line_start = s;
    bool good = true;
    while (s < end) {
        const char *tag = find_bytes(s, end, open);
        if (!tag) {
            text_tokens(p, s, end, &line, &line_start);
            break;
        }
        text_tokens(p, s, tag, &line, &line_start);
        Token t = {.type = 'v', .line = line, .column = (uint32_t)(tag - line_start) + 1};
        const char *body = tag + open.len;
        char triple[40];
        AjStr stop = close;
        if (body < end && *body != '\0' && strchr("#^/><$!=&{", *body))
            t.type = *body++;
        if (t.type == '{') {
            if (close.len > 32) {
                syntax(p, t.line, t.column, NULL, "%s",
                       AJ_TR("分隔符太长", "this delimiter is too long"));
                return false;
            }
            triple[0] = '}';
            memcpy(triple + 1, close.s, close.len);
            stop = (AjStr){triple, close.len + 1};
            t.type = '&';
        } else if (t.type == '=') {
            /* The closing delimiter may itself begin with '='; search behind the mark. */
            char eq[40] = "=";
            if (close.len <= 32) {
                memcpy(eq + 1, close.s, close.len);
                const char *q = find_bytes(body, end, (AjStr){eq, close.len + 1});
                if (q) {
                    t.text = (AjStr){body, (uint32_t)(q + 1 - body)};
                    stop = (AjStr){eq + 1, close.len};
                }
            }
        }
        const char *fin = t.text.s ? t.text.s + t.text.len : find_bytes(body, end, stop);
        if (!fin) {
            syntax(p, t.line, t.column, AJ_TR("补上结束的 }}", "add the closing }}"), "%s",
                   AJ_TR("标签没有结束", "this tag never ends"));
            return false;
        }
        t.text = (AjStr){body, (uint32_t)(fin - body)};
        for (const char *q = tag; q < fin + stop.len; q++) {
            if (*q == '\n') {
                line++;
                line_start = q + 1;
            }
        }
        s = fin + stop.len;
        if (t.type == '=') {
            if (!set_delimiters(t.text, &open, &close)) {
                syntax(p, t.line, t.column, AJ_TR("写成 {{=<% %>=}}", "write {{=<% %>=}}"), "%s",
                       AJ_TR("分隔符写得不对", "these delimiters are malformed"));
                return false;
            }
        } else if (t.type != '!') {
            t.text = str_trim(t.text);
            bool bad = t.text.len == 0;
            for (uint32_t i = 0; i < t.text.len; i++)
                bad |= is_blank(t.text.s[i]);
            if (bad) {
                syntax(p, t.line, t.column, NULL, "%s",
                       t.text.len ? AJ_TR("名字里有空白", "the name holds white space")
                                  : AJ_TR("标签里没有名字", "this tag has no name"));
                good = false;
            }
        }
        g_array_append_val(p->tokens, t);
    }
    return good;
}

/* Finds the other end of each section, block and parent. */
static bool pair_up(Parser *p)
{
    uint32_t stack[MAX_NESTING], depth = 0;
    Token *t = (Token *)p->tokens->data;
    for (uint32_t i = 0; i < p->tokens->len; i++) {
        if (strchr("#^$<", t[i].type)) {
            if (depth == MAX_NESTING) {
                syntax(p, t[i].line, t[i].column, NULL,
                       AJ_TR("嵌套超过 %u 层", "more than %u levels of nesting"), MAX_NESTING);
                return false;
            }
            stack[depth++] = i;
        } else if (t[i].type == '/') {
            if (depth == 0) {
                syntax(p, t[i].line, t[i].column, NULL,
                       AJ_TR("{{/%.*s}} 没有对应的开头", "{{/%.*s}} closes nothing"),
                       (int)t[i].text.len, t[i].text.s);
                return false;
            }
            uint32_t o = stack[--depth];
            if (!aj_str_equal(t[o].text, t[i].text)) {
                syntax(p, t[i].line, t[i].column,
                       AJ_TR("先结束里面的一段", "close the inner one first"),
                       AJ_TR("{{/%.*s}} 与第 %u 行的 {{%c%.*s}} 不配对",
                             "{{/%.*s}} does not match line %u's {{%c%.*s}}"),
                       (int)t[i].text.len, t[i].text.s, t[o].line, t[o].type, (int)t[o].text.len,
                       t[o].text.s);
                return false;
            }
            t[o].partner = i;
            t[i].partner = o;
        }
    }
    if (depth > 0) {
        const Token *o = &t[stack[depth - 1]];
        syntax(p, o->line, o->column, NULL,
               AJ_TR("{{%c%.*s}} 没有结束", "{{%c%.*s}} is never closed"), o->type,
               (int)o->text.len, o->text.s);
        return false;
    }
    return true;
}

static bool token_blank(const Token *t)
{
    for (uint32_t i = 0; i < t->text.len; i++)
        if (!is_blank(t->text.s[i]))
            return false;
    return true;
}

/* Does a line of tokens [from, to) hold nothing but tags that leave no trace? One tag may; several
 * may when all of them are of inheritance. A parent that begins and ends here counts as one tag,
 * whatever it holds; a block that begins and ends here is drawn in its line. */
static bool line_standalone(const Token *t, uint32_t from, uint32_t to)
{
    uint32_t tags = 0, inherit = 0;
    for (uint32_t i = from; i < to; i++) {
        char type = t[i].type;
        if (type == 'T') {
            if (!token_blank(&t[i]))
                return false;
            continue;
        }
        if (type == 'v' || type == '&')
            return false;
        tags++;
        if (type == '<' || type == '$') {
            if (t[i].partner >= to) {
                inherit++;
            } else if (type == '$') {
                return false;
            } else {
                i = t[i].partner;
            }
        } else if (type == '/' && strchr("<$", t[t[i].partner].type)) {
            inherit++;
        }
    }
    return tags == 1 || (tags > 1 && inherit == tags);
}

/* Rewrites the tokens with line starts, and without what standalone tags take with them. */
static void settle_lines(Parser *p)
{
    GArray *out = g_array_new(FALSE, FALSE, sizeof(Token));
    Token *t = (Token *)p->tokens->data;
    uint32_t count = p->tokens->len;
    for (uint32_t from = 0; from < count;) {
        uint32_t to = from;
        while (to < count) {
            const Token *k = &t[to++];
            if (k->type == 'T' && k->text.s[k->text.len - 1] == '\n')
                break;
        }
        AjStr ws = {"", 0};
        if (t[from].type == 'T') {
            ws.s = t[from].text.s;
            while (ws.len < t[from].text.len && (ws.s[ws.len] == ' ' || ws.s[ws.len] == '\t'))
                ws.len++;
        }
        if (line_standalone(t, from, to)) {
            uint32_t inside = 0; /* behind this index we are out of a one-line parent */
            for (uint32_t i = from; i < to; i++) {
                if (t[i].type == 'T' && i >= inside)
                    continue;
                t[i].standalone = i >= inside;
                t[i].first = true;
                t[i].ws = ws;
                if (t[i].type == '<' && i >= inside && t[i].partner < to)
                    inside = t[i].partner;
                g_array_append_val(out, t[i]);
            }
        } else {
            Token begin = {.type = 'L', .line = t[from].line, .column = 1, .ws = ws};
            g_array_append_val(out, begin);
            bool first = true;
            for (uint32_t i = from; i < to; i++) {
                if (i == from && ws.len) {
                    t[i].text = (AjStr){t[i].text.s + ws.len, t[i].text.len - ws.len};
                    t[i].column += ws.len;
                    if (t[i].text.len == 0)
                        continue;
                }
                if (t[i].type != 'T' && first) {
                    t[i].first = true;
                    t[i].ws = ws;
                }
                first &= t[i].type != 'T';
                g_array_append_val(out, t[i]);
            }
        }
        from = to;
    }
    g_array_unref(p->tokens);
    p->tokens = out;
}

static const AjName *name_new(AjArena *a, AjStr s)
{
    uint32_t parts = 1;
    bool top_only = s.len > 1 && s.s[0] == '.';
    if (s.len == 1 && s.s[0] == '.')
        return aj_arena_alloc(a, sizeof(AjName));
    if (top_only)
        s = (AjStr){s.s + 1, s.len - 1};
    for (uint32_t i = 0; i < s.len; i++)
        parts += s.s[i] == '.';
    AjName *n = aj_arena_alloc(a, sizeof(AjName) + parts * sizeof(AjStr));
    n->parts = parts;
    n->top_only = top_only;
    uint32_t k = 0, start = 0;
    for (uint32_t i = 0; i <= s.len; i++) {
        if (i == s.len || s.s[i] == '.') {
            n->part[k++] = (AjStr){s.s + start, i - start};
            start = i + 1;
        }
    }
    return n;
}

static AjNodeType node_type(char token)
{
    switch (token) {
    case 'T':
        return AJ_NODE_TEXT;
    case 'L':
        return AJ_NODE_LINE;
    case 'v':
        return AJ_NODE_VAR;
    case '&':
        return AJ_NODE_RAW;
    case '#':
        return AJ_NODE_SECTION;
    case '^':
        return AJ_NODE_INVERTED;
    case '>':
        return AJ_NODE_PARTIAL;
    case '<':
        return AJ_NODE_PARENT;
    case '$':
        return AJ_NODE_BLOCK;
    default:
        return AJ_NODE_NONE;
    }
}

static AjNode *build_nodes(Parser *p)
{
    AjArena *a = p->arena;
    AjNode *root = NULL;
    AjNode **tails[MAX_NESTING + 1];
    uint32_t depth = 0;
    tails[0] = &root;
    const Token *t = (const Token *)p->tokens->data;
    for (uint32_t i = 0; i < p->tokens->len; i++) {
        if (t[i].type == '/') {
            depth--;
            continue;
        }
        AjNodeType type = node_type(t[i].type);
        if (type == AJ_NODE_NONE)
            continue;
        AjNode *n = aj_arena_alloc(a, sizeof *n);
        n->type = type;
        n->standalone = t[i].standalone;
        n->first = t[i].first;
        n->line = t[i].line;
        n->column = t[i].column;
        n->text = t[i].text;
        n->ws = t[i].ws;
        if (type == AJ_NODE_VAR || type == AJ_NODE_RAW || type == AJ_NODE_SECTION ||
            type == AJ_NODE_INVERTED)
            n->name = name_new(a, n->text);
        *tails[depth] = n;
        tails[depth] = &n->next;
        if (strchr("#^$<", t[i].type))
            tails[++depth] = &n->children;
    }
    return root;
}

bool aj_mustache_parse(AjArena *a, const char *path, AjStr text, AjNode **nodes_out, AjDiags *diags)
{
    Parser p = {a, path, text, diags, NULL};
    size_t bad = aj_utf8_invalid_at(text.s, text.len);
    if (bad != SIZE_MAX) {
        uint32_t line = 1;
        for (size_t i = 0; i < bad; i++)
            line += text.s[i] == '\n';
        syntax(&p, line, 0, NULL, "%s", AJ_TR("不是 UTF-8 文字", "this is not UTF-8 text"));
        return false;
    }
    p.tokens = g_array_new(FALSE, FALSE, sizeof(Token));
    bool good = tokenize(&p) && pair_up(&p);
    if (good) {
        settle_lines(&p);
        *nodes_out = build_nodes(&p);
    }
    g_array_unref(p.tokens);
    return good;
}
