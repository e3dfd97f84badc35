/* template - Mustache with inheritance, compiled once, run anywhere, escaped by context.
 *
 * Three steps: text to nodes (lines and standalone tags are settled here), nodes to operations
 * (partials, parents and blocks are woven in and the markup around every tag is followed, by
 * render/markup), operations over values. Only a partial that calls itself stays a call.
 * Must not know: pages, themes' names, files (the caller hands in texts). */
#include "render/template.h"

#include "base/arena.h"
#include "base/text.h"
#include "render/markup.h"

#include <string.h>

#define MAX_OPS 1000000u     /* of a whole set: woven partials can double at each level */
#define MAX_WEAVE 200u       /* partials and blocks inside each other */
#define MAX_NESTING 200u     /* sections and parents inside each other in one text */
#define MAX_CONTEXT 512u     /* maps on the stack while running */
#define MAX_CALLS 100000u    /* calls of self-calling partials in one run */
#define MAX_WOVEN 100000u    /* partials and blocks woven in, in a whole set */
#define MAX_POOL (64u << 20) /* bytes of literal text */

/* ---- names ---- */

typedef struct {
    const char *s;
    uint32_t len;
} Str;

typedef struct {
    uint32_t parts; /* 0: the implicit iterator "." */
    bool top_only;  /* ".name": the innermost map alone */
    Str part[];
} Name;

/* ---- nodes ---- */

typedef enum {
    NODE_TEXT,
    NODE_LINE, /* here a line of the source begins; ws is its leading white space */
    NODE_VAR,
    NODE_RAW,
    NODE_SECTION,
    NODE_INVERTED,
    NODE_PARTIAL,
    NODE_PARENT,
    NODE_BLOCK,
    NODE_NONE
} NodeType;

typedef struct Template Template;
typedef struct Node Node;
struct Node {
    NodeType type;
    bool standalone; /* the tag has its line, or shares it with tags of inheritance only */
    bool first;      /* nothing but white space before it on its line */
    uint32_t line, column;
    Str text; /* text, or the name as written */
    Str ws;   /* white space at the start of the line */
    const Name *name;
    Node *children, *next;
};

struct Template {
    const char *name;
    Str suffix;
    AjMarkupKind kind;
    bool spec; /* ".mustache": the specification's own ways */
    Str text;
    Node *nodes;
    bool parsed;     /* without errors */
    bool referenced; /* another template uses it */
    bool reached;    /* its problems have been told while compiling another */
    bool runnable;
    uint32_t from, to; /* operations */
};

typedef enum {
    OP_TEXT,    /* a: offset, b: length */
    OP_ESCAPED, /* & < > " */
    OP_ATTR,    /* and ' */
    OP_RAW,
    OP_XML,       /* as OP_ATTR, without what XML cannot hold */
    OP_URL_FIRST, /* b: length of the literal before it in the attribute */
    OP_URL_NEXT,
    OP_URL,
    OP_QUERY,
    OP_MARK,    /* here a URL begins; b as above */
    OP_CHECK,   /* the URL so far must still be a safe one */
    OP_SECTION, /* b: operation behind the section */
    OP_INVERTED,
    OP_CALL, /* a: function, b: index of the indentation, name NULL */
    OP_LINE  /* the indentation of the call */
} OpCode;

typedef struct {
    OpCode code;
    uint32_t a, b;
    const Name *name;
} Op;

typedef struct {
    uint32_t from, to;
} Function;

struct AjTemplates {
    AjArena *arena;
    GPtrArray *templates;
    GHashTable *by_name;
    GArray *ops;        /* Op */
    GString *pool;      /* text of OP_TEXT */
    GArray *functions;  /* Function */
    GPtrArray *indents; /* Str* of calls; s NULL: the call goes on in a line that has begun */
};

AjTemplates *aj_templates_new(void)
{
    AjTemplates *set = g_new0(AjTemplates, 1);
    set->arena = aj_arena_new(64 * 1024);
    set->templates = g_ptr_array_new();
    set->by_name = g_hash_table_new(g_str_hash, g_str_equal);
    set->ops = g_array_new(FALSE, FALSE, sizeof(Op));
    set->pool = g_string_new(NULL);
    set->functions = g_array_new(FALSE, TRUE, sizeof(Function));
    set->indents = g_ptr_array_new();
    return set;
}

void aj_templates_free(AjTemplates *set)
{
    if (!set)
        return;
    g_ptr_array_unref(set->templates);
    g_hash_table_unref(set->by_name);
    g_array_unref(set->ops);
    g_string_free(set->pool, TRUE);
    g_array_unref(set->functions);
    g_ptr_array_unref(set->indents);
    aj_arena_free(set->arena);
    g_free(set);
}

void aj_templates_add(AjTemplates *set, const char *name, const char *text, size_t len)
{
    Template *t = g_hash_table_lookup(set->by_name, name);
    if (!t) {
        t = aj_arena_alloc(set->arena, sizeof *t);
        t->name = aj_arena_strdup(set->arena, name);
        const char *dot = strrchr(t->name, '.');
        const char *suffix = dot ? dot : "";
        t->suffix = (Str){suffix, (uint32_t)strlen(suffix)};
        g_ptr_array_add(set->templates, t);
        g_hash_table_insert(set->by_name, (char *)t->name, t);
    }
    t->text = (Str){aj_arena_strndup(set->arena, text, len), (uint32_t)len};
}

bool aj_templates_has(const AjTemplates *set, const char *name)
{
    const Template *t = g_hash_table_lookup(set->by_name, name);
    return t && t->runnable;
}

/* ---- compiling: what all steps share ---- */

/* Blocks given to a parent, the outermost first to be found. */
typedef struct Env Env;
struct Env {
    const Env *up;
    const Node *block;
    const Template *owner;
};

/* What is being woven in, to find partials that call themselves. */
typedef struct Active Active;
struct Active {
    const Active *up;
    const Template *partial;
    const Env *env;
    AjMarkup state;
    bool function;
    uint32_t index;
    GArray *body; /* a function's operations, until they find their place */
};

typedef struct {
    AjTemplates *set;
    AjDiags *diags; /* NULL: tell nobody */
    GHashTable *told;
    GPtrArray *known;         /* Active* of each function */
    const Template *template; /* whose nodes are being compiled */
    AjMarkup state;
    const Active *active;
    uint32_t depth;
    uint32_t woven;
    uint32_t barrier; /* no text before this operation may grow */
    bool failed, full;
} Compiler;

typedef struct {
    Str indent; /* put before each line */
    Str dedent; /* taken away from each line first */
    const Env *env;
    bool skip_line; /* the first line goes on where another has begun */
    bool in_call;   /* lines take the indentation of a call too */
} Scope;

static void problem(Compiler *c, const Template *t, uint32_t line, uint32_t column,
                    const char *code, const char *hint, const char *message)
{
    c->failed = true;
    if (!c->diags)
        return;
    char *key = g_strdup_printf("%s:%u:%u:%s", t->name, line, column, message);
    if (!g_hash_table_add(c->told, key))
        return;
    aj_diag(c->diags, AJ_ERROR, (AjPos){t->name, line, column}, code, hint, "%s", message);
}

static void syntax(Compiler *c, const Template *t, uint32_t line, uint32_t column, const char *hint,
                   const char *format, ...) G_GNUC_PRINTF(6, 7);
static void syntax(Compiler *c, const Template *t, uint32_t line, uint32_t column, const char *hint,
                   const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    g_autofree char *message = g_strdup_vprintf(format, ap);
    va_end(ap);
    problem(c, t, line, column, "template-syntax", hint, message);
}

static bool is_blank(char ch)
{
    return ch == ' ' || ch == '\t' || ch == '\r' || ch == '\n';
}

static bool str_equal(Str x, Str y)
{
    return x.len == y.len && memcmp(x.s, y.s, x.len) == 0;
}

static Str str_trim(Str s)
{
    while (s.len > 0 && is_blank(s.s[0])) {
        s.s++;
        s.len--;
    }
    while (s.len > 0 && is_blank(s.s[s.len - 1]))
        s.len--;
    return s;
}

static Str str_join(AjArena *a, Str x, Str y)
{
    if (y.len == 0)
        return x;
    if (x.len == 0)
        return y;
    char *s = aj_arena_alloc(a, x.len + y.len + 1);
    memcpy(s, x.s, x.len);
    memcpy(s + x.len, y.s, y.len);
    return (Str){s, x.len + y.len};
}

/* `s` without what it has in common with the start of `prefix`. */
static Str str_without(Str s, Str prefix)
{
    uint32_t n = 0;
    while (n < s.len && n < prefix.len && s.s[n] == prefix.s[n])
        n++;
    return (Str){s.s + n, s.len - n};
}

/* ---- step 1: text to tokens, lines, nodes ---- */

typedef struct {
    char type; /* 'T' text, 'L' line start, 'v' variable, else the tag's own mark */
    bool standalone, first;
    uint32_t line, column;
    Str text, ws;
    uint32_t partner; /* of # ^ $ < and /, index of the other end */
} Token;

typedef struct {
    Compiler *c;
    Template *t;
    GArray *tokens; /* Token */
} Parser;

static const char *find_bytes(const char *s, const char *end, Str needle)
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
static bool set_delimiters(Str content, Str *open, Str *close)
{
    if (content.len < 2 || content.s[content.len - 1] != '=')
        return false;
    Str inner = str_trim((Str){content.s, content.len - 1});
    uint32_t i = 0;
    while (i < inner.len && !is_blank(inner.s[i]))
        i++;
    Str x = {inner.s, i};
    Str y = str_trim((Str){inner.s + i, inner.len - i});
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
    const char *s = p->t->text.s, *end = s + p->t->text.len;
    Str open = {"{{", 2}, close = {"}}", 2};
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
        Str stop = close;
        if (body < end && *body != '\0' && strchr("#^/><$!=&{", *body))
            t.type = *body++;
        if (t.type == '{') {
            if (close.len > 32) {
                syntax(p->c, p->t, t.line, t.column, NULL, "%s",
                       AJ_TR("分隔符太长", "this delimiter is too long"));
                return false;
            }
            triple[0] = '}';
            memcpy(triple + 1, close.s, close.len);
            stop = (Str){triple, close.len + 1};
            t.type = '&';
        } else if (t.type == '=') {
            /* The closing delimiter may itself begin with '='; search behind the mark. */
            char eq[40] = "=";
            if (close.len <= 32) {
                memcpy(eq + 1, close.s, close.len);
                const char *q = find_bytes(body, end, (Str){eq, close.len + 1});
                if (q) {
                    t.text = (Str){body, (uint32_t)(q + 1 - body)};
                    stop = (Str){eq + 1, close.len};
                }
            }
        }
        const char *fin = t.text.s ? t.text.s + t.text.len : find_bytes(body, end, stop);
        if (!fin) {
            syntax(p->c, p->t, t.line, t.column, AJ_TR("补上结束的 }}", "add the closing }}"), "%s",
                   AJ_TR("标签没有结束", "this tag never ends"));
            return false;
        }
        t.text = (Str){body, (uint32_t)(fin - body)};
        for (const char *q = tag; q < fin + stop.len; q++) {
            if (*q == '\n') {
                line++;
                line_start = q + 1;
            }
        }
        s = fin + stop.len;
        if (t.type == '=') {
            if (!set_delimiters(t.text, &open, &close)) {
                syntax(p->c, p->t, t.line, t.column, AJ_TR("写成 {{=<% %>=}}", "write {{=<% %>=}}"),
                       "%s", AJ_TR("分隔符写得不对", "these delimiters are malformed"));
                return false;
            }
        } else if (t.type != '!') {
            t.text = str_trim(t.text);
            bool bad = t.text.len == 0;
            for (uint32_t i = 0; i < t.text.len; i++)
                bad |= is_blank(t.text.s[i]);
            if (bad) {
                syntax(p->c, p->t, t.line, t.column, NULL, "%s",
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
                syntax(p->c, p->t, t[i].line, t[i].column, NULL,
                       AJ_TR("嵌套超过 %u 层", "more than %u levels of nesting"), MAX_NESTING);
                return false;
            }
            stack[depth++] = i;
        } else if (t[i].type == '/') {
            if (depth == 0) {
                syntax(p->c, p->t, t[i].line, t[i].column, NULL,
                       AJ_TR("{{/%.*s}} 没有对应的开头", "{{/%.*s}} closes nothing"),
                       (int)t[i].text.len, t[i].text.s);
                return false;
            }
            uint32_t o = stack[--depth];
            if (!str_equal(t[o].text, t[i].text)) {
                syntax(p->c, p->t, t[i].line, t[i].column,
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
        syntax(p->c, p->t, o->line, o->column, NULL,
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
        Str ws = {"", 0};
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
                    t[i].text = (Str){t[i].text.s + ws.len, t[i].text.len - ws.len};
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

static const Name *name_new(AjArena *a, Str s)
{
    uint32_t parts = 1;
    bool top_only = s.len > 1 && s.s[0] == '.';
    if (s.len == 1 && s.s[0] == '.')
        return aj_arena_alloc(a, sizeof(Name));
    if (top_only)
        s = (Str){s.s + 1, s.len - 1};
    for (uint32_t i = 0; i < s.len; i++)
        parts += s.s[i] == '.';
    Name *n = aj_arena_alloc(a, sizeof(Name) + parts * sizeof(Str));
    n->parts = parts;
    n->top_only = top_only;
    uint32_t k = 0, start = 0;
    for (uint32_t i = 0; i <= s.len; i++) {
        if (i == s.len || s.s[i] == '.') {
            n->part[k++] = (Str){s.s + start, i - start};
            start = i + 1;
        }
    }
    return n;
}

static NodeType node_type(char token)
{
    switch (token) {
    case 'T':
        return NODE_TEXT;
    case 'L':
        return NODE_LINE;
    case 'v':
        return NODE_VAR;
    case '&':
        return NODE_RAW;
    case '#':
        return NODE_SECTION;
    case '^':
        return NODE_INVERTED;
    case '>':
        return NODE_PARTIAL;
    case '<':
        return NODE_PARENT;
    case '$':
        return NODE_BLOCK;
    default:
        return NODE_NONE;
    }
}

static void build_nodes(Parser *p)
{
    AjArena *a = p->c->set->arena;
    Node **tails[MAX_NESTING + 1];
    uint32_t depth = 0;
    tails[0] = &p->t->nodes;
    *tails[0] = NULL;
    const Token *t = (const Token *)p->tokens->data;
    for (uint32_t i = 0; i < p->tokens->len; i++) {
        if (t[i].type == '/') {
            depth--;
            continue;
        }
        NodeType type = node_type(t[i].type);
        if (type == NODE_NONE)
            continue;
        Node *n = aj_arena_alloc(a, sizeof *n);
        n->type = type;
        n->standalone = t[i].standalone;
        n->first = t[i].first;
        n->line = t[i].line;
        n->column = t[i].column;
        n->text = t[i].text;
        n->ws = t[i].ws;
        if (type == NODE_VAR || type == NODE_RAW || type == NODE_SECTION || type == NODE_INVERTED)
            n->name = name_new(a, n->text);
        *tails[depth] = n;
        tails[depth] = &n->next;
        if (strchr("#^$<", t[i].type))
            tails[++depth] = &n->children;
    }
}

static void template_parse(Compiler *c, Template *t)
{
    static const struct {
        const char *suffix;
        AjMarkupKind kind;
    } kinds[] = {{".html", AJ_MARKUP_HTML},
                 {".xml", AJ_MARKUP_XML},
                 {".txt", AJ_MARKUP_NONE},
                 {".mustache", AJ_MARKUP_NONE}};
    t->parsed = t->runnable = t->reached = t->referenced = false;
    bool known = false;
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        if (strcmp(kinds[i].suffix, t->suffix.s) == 0) {
            t->kind = kinds[i].kind;
            known = true;
        }
    }
    t->spec = strcmp(t->suffix.s, ".mustache") == 0;
    if (!known) {
        syntax(c, t, 0, 0,
               AJ_TR("名字以 .html、.xml 或 .txt 结尾", "end it in .html, .xml or .txt"), "%s",
               AJ_TR("不知道这个模板怎样转义", "no escape is known for this template"));
        return;
    }
    size_t bad = aj_utf8_invalid_at(t->text.s, t->text.len);
    if (bad != SIZE_MAX) {
        uint32_t line = 1;
        for (size_t i = 0; i < bad; i++)
            line += t->text.s[i] == '\n';
        syntax(c, t, line, 0, NULL, "%s", AJ_TR("不是 UTF-8 文字", "this is not UTF-8 text"));
        return;
    }
    Parser p = {c, t, g_array_new(FALSE, FALSE, sizeof(Token))};
    if (tokenize(&p) && pair_up(&p)) {
        settle_lines(&p);
        build_nodes(&p);
        t->parsed = true;
    }
    g_array_unref(p.tokens);
}

/* ---- step 2: nodes to operations ---- */

static uint32_t op_count(const Compiler *c)
{
    return c->set->ops->len;
}

static void op_add(Compiler *c, OpCode code, uint32_t a, uint32_t b, const Name *name)
{
    if (op_count(c) >= MAX_OPS || c->set->pool->len > MAX_POOL) {
        c->full = true;
        return;
    }
    Op op = {code, a, b, name};
    g_array_append_val(c->set->ops, op);
}

static void barrier_set(Compiler *c)
{
    c->barrier = op_count(c);
}

static void text_append(Compiler *c, const char *s, size_t len)
{
    GString *pool = c->set->pool;
    if (len == 0)
        return;
    if (op_count(c) > c->barrier) {
        Op *last = &g_array_index(c->set->ops, Op, op_count(c) - 1);
        if (last->code == OP_TEXT && last->a + last->b == pool->len) {
            g_string_append_len(pool, s, (gssize)len);
            last->b += (uint32_t)len;
            return;
        }
    }
    op_add(c, OP_TEXT, (uint32_t)pool->len, (uint32_t)len, NULL);
    g_string_append_len(pool, s, (gssize)len);
}

/* Literal text: followed by the markup machine, then kept. */
static void text_emit(Compiler *c, const Node *node, Str text)
{
    uint32_t line = node->line, column = node->column;
    size_t done = 0;
    while (done < text.len) {
        const char *wrong = NULL;
        size_t n = aj_markup_text(&c->state, text.s + done, text.len - done, &wrong);
        text_append(c, text.s + done, n);
        for (size_t i = 0; i < n; i++) {
            column++;
            if (text.s[done + i] == '\n') {
                line++;
                column = 1;
            }
        }
        done += n;
        if (wrong) {
            problem(c, c->template, line, column, "template-context", NULL, wrong);
            return;
        }
        if (c->state.check) {
            op_add(c, OP_CHECK, 0, 0, NULL);
            c->state.check = false;
        }
    }
}

static void context_problem(Compiler *c, const Node *node, const char *message, const char *hint)
{
    problem(c, c->template, node->line, node->column, "template-context", hint, message);
}

static void value_emit(Compiler *c, const Node *node)
{
    if (c->template->spec) {
        op_add(c, node->type == NODE_RAW ? OP_RAW : OP_ESCAPED, 0, 0, node->name);
        return;
    }
    const char *wrong = NULL, *hint = NULL;
    uint32_t literal = 0;
    OpCode code = OP_RAW;
    switch (aj_markup_value(&c->state, node->type == NODE_RAW, &literal, &wrong, &hint)) {
    case AJ_ESCAPE_NONE:
        break;
    case AJ_ESCAPE_TEXT:
        code = OP_ESCAPED;
        break;
    case AJ_ESCAPE_ATTR:
        code = OP_ATTR;
        break;
    case AJ_ESCAPE_XML:
        code = OP_XML;
        break;
    case AJ_ESCAPE_URL_FIRST:
        code = OP_URL_FIRST;
        break;
    case AJ_ESCAPE_URL_NEXT:
        code = OP_URL_NEXT;
        break;
    case AJ_ESCAPE_URL:
        code = OP_URL;
        break;
    case AJ_ESCAPE_QUERY:
        code = OP_QUERY;
        break;
    case AJ_ESCAPE_REFUSED:
        context_problem(c, node, wrong, hint);
        return;
    }
    op_add(c, code, 0, literal, node->name);
}

/* Before a branch or a call: states that only one side could leave are left now. */
static bool branch_begin(Compiler *c, const Node *node)
{
    const char *wrong = NULL;
    uint32_t literal = 0;
    bool mark = false;
    if (!aj_markup_branch(&c->state, &mark, &literal, &wrong)) {
        context_problem(c, node, wrong, NULL);
        return false;
    }
    if (mark)
        op_add(c, OP_MARK, 0, literal, NULL);
    return true;
}

static void nodes_compile(Compiler *c, const Node *nodes, Scope *scope);

static void section_compile(Compiler *c, const Node *node, const Scope *scope)
{
    if (!branch_begin(c, node))
        return;
    AjMarkup start = c->state;
    /* The second round is for a body whose end is joined with its start to a stricter state. */
    for (int round = 0; round < 2; round++) {
        uint32_t at = op_count(c);
        c->state = start;
        op_add(c, node->type == NODE_SECTION ? OP_SECTION : OP_INVERTED, 0, 0, node->name);
        barrier_set(c);
        Scope inner = *scope;
        inner.skip_line = false;
        nodes_compile(c, node->children, &inner);
        if (c->full)
            return;
        g_array_index(c->set->ops, Op, at).b = op_count(c);
        barrier_set(c);
        const char *wrong = NULL;
        uint32_t literal = 0;
        bool mark = false;
        AjMarkup joined = start;
        if (!aj_markup_branch(&c->state, &mark, &literal, &wrong) ||
            !aj_markup_join(&joined, &c->state)) {
            context_problem(c, node,
                            AJ_TR("这一段结束时所处的 HTML 位置与开始时不同",
                                  "this section ends at another place of the HTML than it began"),
                            AJ_TR("让标签、引号在同一段内成对",
                                  "keep tags and quotes in pairs inside a section"));
            c->state = start;
            return;
        }
        if (round == 1 || memcmp(&joined, &start, sizeof joined) == 0) {
            c->state = joined;
            return;
        }
        start = joined;
        g_array_set_size(c->set->ops, at);
        c->barrier = at;
    }
}

static bool env_equal(const Env *x, const Env *y)
{
    while (x != y) {
        if (!x || !y || x->block != y->block)
            return false;
        x = x->up;
        y = y->up;
    }
    return true;
}

static const Env *env_find(const Env *env, Str name)
{
    for (; env; env = env->up)
        if (str_equal(env->block->text, name))
            return env;
    return NULL;
}

static bool too_deep(Compiler *c, const Node *node)
{
    if (c->depth < MAX_WEAVE && c->woven++ < MAX_WOVEN && !c->full)
        return false;
    problem(c, c->template, node->line, node->column, "template-limit", NULL,
            AJ_TR("模板互相引用太深或太多", "templates use each other too deep or too often"));
    return true;
}

static void template_weave(Compiler *c, const Template *t, Scope *scope)
{
    const Template *outer = c->template;
    c->template = t;
    c->depth++;
    nodes_compile(c, t->nodes, scope);
    c->depth--;
    c->template = outer;
}

static bool active_is(const Active *x, const Template *t, const Env *env, const AjMarkup *state)
{
    return x->partial == t && memcmp(&x->state, state, sizeof *state) == 0 &&
           env_equal(x->env, env);
}

/* A function's body is compiled into an array of its own, placed when all is done, so that the
 * caller's operations stay together. */
static void function_compile(Compiler *c, const Node *node, Active *self)
{
    AjTemplates *set = c->set;
    GArray *caller_ops = set->ops;
    const Active *caller_active = c->active;
    uint32_t caller_barrier = c->barrier;
    AjMarkup start = c->state;
    set->ops = self->body = g_array_new(FALSE, FALSE, sizeof(Op));
    c->active = self;
    c->barrier = 0;
    Scope scope = {.indent = {"", 0}, .dedent = {"", 0}, .env = self->env, .in_call = true};
    template_weave(c, self->partial, &scope);
    if (memcmp(&c->state, &start, sizeof start) != 0)
        context_problem(c, node,
                        AJ_TR("调用自己的模板结束时所处的 HTML 位置与开始时不同",
                              "a template that calls itself must end where in the HTML it began"),
                        NULL);
    c->state = start;
    set->ops = caller_ops;
    c->active = caller_active;
    c->barrier = caller_barrier;
}

static Active *function_get(Compiler *c, const Node *node, const Template *t, const Env *env)
{
    for (guint i = 0; i < c->known->len; i++) {
        Active *x = c->known->pdata[i];
        if (active_is(x, t, env, &c->state))
            return x;
    }
    Active *self = aj_arena_alloc(c->set->arena, sizeof *self);
    self->partial = t;
    self->env = env;
    self->state = c->state;
    self->function = true;
    self->index = c->set->functions->len;
    Function f = {0, 0};
    g_array_append_val(c->set->functions, f);
    g_ptr_array_add(c->known, self);
    function_compile(c, node, self);
    return self;
}

static Template *template_find(const AjTemplates *set, const Template *from, Str name)
{
    char *plain = g_strndup(name.s, name.len);
    Template *t = g_hash_table_lookup(set->by_name, plain);
    if (!t) {
        char *full = g_strconcat(plain, from->suffix.s, NULL);
        t = g_hash_table_lookup(set->by_name, full);
        g_free(full);
    }
    g_free(plain);
    return t;
}

static void partial_compile(Compiler *c, const Node *node, const Scope *scope, const Env *env)
{
    Template *t = template_find(c->set, c->template, node->text);
    if (!t) {
        if (!c->template->spec)
            syntax(c, c->template, node->line, node->column, NULL,
                   AJ_TR("没有名叫“%.*s”的模板", "there is no template \"%.*s\""),
                   (int)node->text.len, node->text.s);
        return;
    }
    if (t->kind != c->template->kind || t->spec != c->template->spec) {
        syntax(c, c->template, node->line, node->column, NULL,
               AJ_TR("%s 与 %s 不是同一种模板", "%s and %s are not of one kind"), t->name,
               c->template->name);
        return;
    }
    if (!t->parsed || too_deep(c, node)) {
        c->failed = true;
        return;
    }
    if (c->diags)
        t->reached = true;
    /* In a line of its own, its indentation is put before every line. Else it goes on in a line
     * that has begun, and its other lines stay as they are. */
    Str indent = {NULL, 0};
    if (node->standalone)
        indent = str_join(c->set->arena, scope->indent, str_without(node->ws, scope->dedent));
    for (const Active *x = c->active; x; x = x->up) {
        if (!active_is(x, t, env, &c->state))
            continue;
        if (!branch_begin(c, node))
            return;
        const Active *f = x->function ? x : function_get(c, node, t, env);
        Str *s = aj_arena_alloc(c->set->arena, sizeof *s);
        *s = indent;
        op_add(c, OP_CALL, f->index, c->set->indents->len, NULL);
        g_ptr_array_add(c->set->indents, s);
        barrier_set(c);
        return;
    }
    Active self = {.up = c->active, .partial = t, .env = env, .state = c->state};
    c->active = &self;
    Scope inner = {.indent = indent, .dedent = {"", 0}, .env = env};
    inner.in_call = scope->in_call && node->standalone;
    template_weave(c, t, &inner);
    c->active = self.up;
}

static void parent_compile(Compiler *c, const Node *node, const Scope *scope)
{
    const Env *env = scope->env;
    for (const Node *n = node->children; n; n = n->next) {
        if (n->type != NODE_BLOCK || env_find(env, n->text))
            continue; /* what a child has set stands above */
        Env *e = aj_arena_alloc(c->set->arena, sizeof *e);
        e->up = env;
        e->block = n;
        e->owner = c->template;
        env = e;
    }
    partial_compile(c, node, scope, env);
}

static bool first_ws(const Node *n, Str *out)
{
    for (; n; n = n->next) {
        if (n->type == NODE_LINE || (n->standalone && n->type >= NODE_PARTIAL)) {
            *out = n->ws;
            return true;
        }
        if ((n->type == NODE_SECTION || n->type == NODE_INVERTED) && first_ws(n->children, out))
            return true;
        if (n->type == NODE_TEXT || n->type == NODE_VAR || n->type == NODE_RAW)
            return false;
    }
    return false;
}

static void indent_emit(Compiler *c, const Node *node, const Scope *scope, Str ws)
{
    if (scope->in_call)
        op_add(c, OP_LINE, 0, 0, NULL);
    text_emit(c, node, scope->indent);
    text_emit(c, node, ws);
}

/* Inside the text given for a block, a block of the same name is another one. */
static const Env *env_without(AjArena *a, const Env *env, const Env *gone)
{
    if (env == gone)
        return env->up;
    Env *e = aj_arena_alloc(a, sizeof *e);
    *e = *env;
    e->up = env_without(a, env->up, gone);
    return e;
}

static void block_compile(Compiler *c, const Node *node, const Scope *scope)
{
    const Env *given = env_find(scope->env, node->text);
    if (!given) {
        Scope inner = *scope;
        nodes_compile(c, node->children, &inner);
        return;
    }
    if (too_deep(c, node))
        return;
    Str place = {"", 0}, dedent = {"", 0};
    if (node->standalone) {
        if (!first_ws(node->children, &place))
            place = node->ws;
        place = str_without(place, scope->dedent);
    } else if (node->first) {
        place = str_without(node->ws, scope->dedent);
    }
    if (given->block->standalone ||
        (given->block->children && given->block->children->type == NODE_LINE))
        first_ws(given->block->children, &dedent);
    Scope inner = {.indent = str_join(c->set->arena, scope->indent, place),
                   .dedent = dedent,
                   .env = env_without(c->set->arena, scope->env, given),
                   .in_call = scope->in_call};
    const Node *first = given->block->children;
    bool line = first && first->type == NODE_LINE;
    if (!node->standalone)
        inner.skip_line = line;
    else if (first && !line &&
             (first->type == NODE_TEXT || first->type == NODE_VAR || first->type == NODE_RAW))
        indent_emit(c, node, &inner, (Str){"", 0});
    const Template *outer = c->template;
    c->template = given->owner;
    c->depth++;
    nodes_compile(c, first, &inner);
    c->depth--;
    c->template = outer;
}

static void nodes_compile(Compiler *c, const Node *nodes, Scope *scope)
{
    for (const Node *n = nodes; n && !c->full; n = n->next) {
        switch (n->type) {
        case NODE_LINE:
            if (scope->skip_line)
                text_emit(c, n, str_without(n->ws, scope->dedent));
            else
                indent_emit(c, n, scope, str_without(n->ws, scope->dedent));
            scope->skip_line = false;
            break;
        case NODE_TEXT:
            text_emit(c, n, n->text);
            break;
        case NODE_VAR:
        case NODE_RAW:
            value_emit(c, n);
            break;
        case NODE_SECTION:
        case NODE_INVERTED:
            section_compile(c, n, scope);
            break;
        case NODE_PARTIAL:
            partial_compile(c, n, scope, scope->env);
            break;
        case NODE_PARENT:
            parent_compile(c, n, scope);
            break;
        case NODE_BLOCK:
            block_compile(c, n, scope);
            break;
        case NODE_NONE:
            break;
        }
    }
}

static void mark_references(AjTemplates *set, const Template *t, const Node *n)
{
    for (; n; n = n->next) {
        if (n->type == NODE_PARTIAL || n->type == NODE_PARENT) {
            Template *used = template_find(set, t, n->text);
            if (used && used != t)
                used->referenced = true;
        }
        mark_references(set, t, n->children);
    }
}

static void template_compile(Compiler *c, Template *t)
{
    c->failed = false;
    c->template = t;
    c->depth = 0;
    aj_markup_init(&c->state, t->kind);
    Active self = {.partial = t, .state = c->state};
    c->active = &self;
    t->from = op_count(c);
    barrier_set(c);
    Scope scope = {.indent = {"", 0}, .dedent = {"", 0}};
    nodes_compile(c, t->nodes, &scope);
    c->active = NULL;
    if (!c->failed && !aj_markup_at_rest(&c->state))
        problem(c, t, 0, 0, "template-context", NULL,
                AJ_TR("模板结束时还在一个标签、注释或脚本里",
                      "the template ends inside a tag, a comment or a script"));
    if (c->full)
        problem(c, t, 0, 0, "template-limit", NULL,
                AJ_TR("模板互相引用太深或太多", "templates use each other too deep or too often"));
    t->to = op_count(c);
    t->runnable = !c->failed;
}

/* Appends the functions' bodies to the set's operations. */
static void functions_place(Compiler *c)
{
    AjTemplates *set = c->set;
    for (guint i = 0; i < c->known->len; i++) {
        Active *x = c->known->pdata[i];
        GArray *body = x->body;
        Function *f = &g_array_index(set->functions, Function, x->index);
        f->from = op_count(c);
        for (guint k = 0; k < body->len; k++) {
            Op *op = &g_array_index(body, Op, k);
            if (op->code == OP_SECTION || op->code == OP_INVERTED)
                op->b += f->from;
        }
        g_array_append_vals(set->ops, body->data, body->len);
        f->to = op_count(c);
        g_array_unref(body);
    }
}

bool aj_templates_compile(AjTemplates *set, AjDiags *diags)
{
    Compiler c = {.set = set, .diags = diags};
    c.told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    c.known = g_ptr_array_new();
    g_array_set_size(set->ops, 0);
    g_array_set_size(set->functions, 0);
    g_string_truncate(set->pool, 0);
    bool good = true;
    for (guint i = 0; i < set->templates->len; i++) {
        Template *t = set->templates->pdata[i];
        template_parse(&c, t);
        good &= t->parsed;
    }
    for (guint i = 0; i < set->templates->len; i++) {
        Template *t = set->templates->pdata[i];
        if (t->parsed)
            mark_references(set, t, t->nodes);
    }
    /* What no other uses comes first and speaks up. A piece that only makes sense inside another
     * is compiled alone too, silently: then it cannot be run alone, and that is all. */
    for (int round = 0; round < 2; round++) {
        for (guint i = 0; i < set->templates->len && !c.full; i++) {
            Template *t = set->templates->pdata[i];
            if (!t->parsed || t->referenced != (round == 1))
                continue;
            bool silent = t->reached;
            c.diags = silent ? NULL : diags;
            template_compile(&c, t);
            good &= t->runnable || silent;
        }
    }
    functions_place(&c);
    g_ptr_array_unref(c.known);
    g_hash_table_unref(c.told);
    return good && !c.full;
}

/* ---- step 3: running ---- */

typedef struct {
    const AjTemplates *set;
    GString *out;
    GString *indent;    /* of the calls we are in; NULL at first */
    size_t indent_from; /* from here on it holds */
    size_t url_start;
    uint32_t depth, calls;
    const AjValue *stack[MAX_CONTEXT];
} Run;

static const AjValue *map_find(const AjValue *map, Str key)
{
    if (map->type != AJ_VALUE_MAP)
        return NULL;
    const AjValueEntry *e = map->entries, *end = e + map->len;
    char first = key.len ? key.s[0] : '\0';
    for (; e < end; e++)
        if (e->key[0] == first && strncmp(e->key, key.s, key.len) == 0 && e->key[key.len] == '\0')
            return e->value;
    return NULL;
}

static const AjValue *find(const Run *run, const Name *name)
{
    if (name->parts == 0)
        return run->depth ? run->stack[run->depth - 1] : NULL;
    const AjValue *v = NULL;
    uint32_t floor = name->top_only && run->depth ? run->depth - 1 : 0;
    for (uint32_t d = run->depth; d > floor && !v; d--)
        v = map_find(run->stack[d - 1], name->part[0]);
    for (uint32_t i = 1; v && i < name->parts; i++)
        v = map_find(v, name->part[i]);
    return v;
}

static bool truthy(const AjValue *v)
{
    if (!v)
        return false;
    switch (v->type) {
    case AJ_VALUE_NULL:
        return false;
    case AJ_VALUE_BOOL:
        return v->b;
    case AJ_VALUE_INT:
        return v->i != 0;
    case AJ_VALUE_DOUBLE:
        return v->d != 0;
    case AJ_VALUE_STRING:
    case AJ_VALUE_LIST:
        return v->len > 0;
    case AJ_VALUE_MAP:
        return true;
    }
    return false;
}

/* The text of a scalar; lists and maps have none. */
static Str value_text(const AjValue *v, char *buffer, size_t size)
{
    if (!v)
        return (Str){"", 0};
    switch (v->type) {
    case AJ_VALUE_STRING:
        return (Str){v->s, v->len};
    case AJ_VALUE_INT: {
        char *p = buffer + size;
        uint64_t u = v->i < 0 ? 0 - (uint64_t)v->i : (uint64_t)v->i;
        do {
            *--p = (char)('0' + u % 10);
            u /= 10;
        } while (u);
        if (v->i < 0)
            *--p = '-';
        return (Str){p, (uint32_t)(buffer + size - p)};
    }
    case AJ_VALUE_DOUBLE:
        for (int digits = 15; digits <= 17; digits++) { /* the shortest that reads back */
            char format[8];
            g_snprintf(format, sizeof format, "%%.%dg", digits);
            g_ascii_formatd(buffer, (int)size, format, v->d);
            if (g_ascii_strtod(buffer, NULL) == v->d)
                break;
        }
        return (Str){buffer, (uint32_t)strlen(buffer)};
    case AJ_VALUE_BOOL:
        return v->b ? (Str){"true", 4} : (Str){"false", 5};
    default:
        return (Str){"", 0};
    }
}

static void url_check(Run *run)
{
    GString *out = run->out;
    if (aj_url_is_safe(out->str + run->url_start, out->len - run->url_start))
        return;
    g_string_truncate(out, run->url_start);
    g_string_append_c(out, '#');
}

static void query_append(GString *out, Str s)
{
    static const char hex[] = "0123456789ABCDEF";
    for (uint32_t i = 0; i < s.len; i++) {
        unsigned char ch = (unsigned char)s.s[i];
        if (g_ascii_isalnum(ch) || ch == '-' || ch == '.' || ch == '_' || ch == '~') {
            g_string_append_c(out, (char)ch);
        } else {
            g_string_append_c(out, '%');
            g_string_append_c(out, hex[ch >> 4]);
            g_string_append_c(out, hex[ch & 15]);
        }
    }
}

/* XML 1.0 has no way at all to write most controls, nor U+FFFE and U+FFFF: they are left out. */
static void xml_append(GString *out, Str s)
{
    uint32_t from = 0;
    for (uint32_t i = 0; i < s.len; i++) {
        unsigned char ch = (unsigned char)s.s[i];
        uint32_t drop = ch < 0x20 && ch != '\t' && ch != '\n' && ch != '\r';
        if (ch == 0xef && i + 2 < s.len && (unsigned char)s.s[i + 1] == 0xbf &&
            (unsigned char)s.s[i + 2] >= 0xbe)
            drop = 3;
        if (!drop)
            continue;
        aj_escape_attr(out, s.s + from, i - from);
        from = i + drop;
        i = from - 1;
    }
    aj_escape_attr(out, s.s + from, s.len - from);
}

static void run_range(Run *run, uint32_t from, uint32_t to);

static void run_call(Run *run, const Op *op)
{
    if (run->calls >= MAX_CALLS || run->depth + 1 >= MAX_CONTEXT)
        return;
    run->calls++;
    run->depth++; /* a call counts as a level, so that endless ones end */
    run->stack[run->depth - 1] = run->stack[run->depth - 2];
    const Function *f = &g_array_index(run->set->functions, Function, op->a);
    const Str *indent = run->set->indents->pdata[op->b];
    if (!run->indent)
        run->indent = g_string_new(NULL);
    size_t before = run->indent->len, from = run->indent_from;
    if (indent->s)
        g_string_append_len(run->indent, indent->s, indent->len);
    else
        run->indent_from = before;
    run_range(run, f->from, f->to);
    g_string_truncate(run->indent, before);
    run->indent_from = from;
    run->depth--;
}

static void run_section(Run *run, uint32_t from, uint32_t to, const AjValue *v)
{
    if (!truthy(v) || run->depth == MAX_CONTEXT)
        return;
    run->depth++;
    if (v->type != AJ_VALUE_LIST) {
        run->stack[run->depth - 1] = v;
        run_range(run, from, to);
    } else {
        for (uint32_t i = 0; i < v->len; i++) {
            run->stack[run->depth - 1] = v->items[i];
            run_range(run, from, to);
        }
    }
    run->depth--;
}

static void run_range(Run *run, uint32_t from, uint32_t to)
{
    const Op *ops = (const Op *)run->set->ops->data;
    GString *out = run->out;
    char number[64];
    for (uint32_t i = from; i < to; i++) {
        const Op *op = &ops[i];
        Str s;
        switch (op->code) {
        case OP_TEXT:
            g_string_append_len(out, run->set->pool->str + op->a, op->b);
            break;
        case OP_ESCAPED:
            s = value_text(find(run, op->name), number, sizeof number);
            aj_escape_text(out, s.s, s.len);
            break;
        case OP_ATTR:
            s = value_text(find(run, op->name), number, sizeof number);
            aj_escape_attr(out, s.s, s.len);
            break;
        case OP_RAW:
            s = value_text(find(run, op->name), number, sizeof number);
            g_string_append_len(out, s.s, s.len);
            break;
        case OP_XML:
            xml_append(out, value_text(find(run, op->name), number, sizeof number));
            break;
        case OP_URL_FIRST:
        case OP_URL_NEXT:
            s = value_text(find(run, op->name), number, sizeof number);
            if (op->code == OP_URL_FIRST) {
                run->url_start = out->len - op->b;
                if (op->b == 0 && !aj_url_is_safe(s.s, s.len))
                    s = (Str){"#", 1};
            }
            aj_escape_url(out, s.s, s.len);
            url_check(run);
            break;
        case OP_URL:
            s = value_text(find(run, op->name), number, sizeof number);
            aj_escape_url(out, s.s, s.len);
            break;
        case OP_QUERY:
            query_append(out, value_text(find(run, op->name), number, sizeof number));
            break;
        case OP_MARK:
            run->url_start = out->len - op->b;
            break;
        case OP_CHECK:
            url_check(run);
            break;
        case OP_SECTION:
            run_section(run, i + 1, op->b, find(run, op->name));
            i = op->b - 1;
            break;
        case OP_INVERTED:
            if (truthy(find(run, op->name)))
                i = op->b - 1;
            break;
        case OP_CALL:
            run_call(run, op);
            break;
        case OP_LINE:
            g_string_append_len(out, run->indent->str + run->indent_from,
                                (gssize)(run->indent->len - run->indent_from));
            break;
        }
    }
}

void aj_templates_run(const AjTemplates *set, const char *name, const AjValue *const *stack,
                      uint32_t depth, GString *out)
{
    const Template *t = g_hash_table_lookup(set->by_name, name);
    g_assert(t && t->runnable && depth <= MAX_CONTEXT / 2);
    Run run;
    run.set = set;
    run.out = out;
    run.indent = NULL;
    run.indent_from = 0;
    run.url_start = out->len;
    run.calls = 0;
    static const AjValue nothing = {.type = AJ_VALUE_NULL};
    run.depth = MAX(depth, 1);
    run.stack[0] = &nothing;
    for (uint32_t i = 0; i < depth; i++)
        run.stack[i] = stack[i];
    run_range(&run, t->from, t->to);
    if (run.indent)
        g_string_free(run.indent, TRUE);
}
