/* squeeze - our own scripts without what only readers need: comments, blanks, long local names.
 *
 * Each function is a scope; a local name gets the shortest form that hides nothing which the
 * function uses from outside.
 * Must not know: what a script does, files. */
#include "index/squeeze.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef enum { WORD, PUNCT, OTHER } Kind; /* OTHER: string, number, pattern */
typedef struct {
    const char *s;
    uint32_t len;
    Kind kind;
    bool property, control; /* control: a bracket after if, for, while */
    uint32_t depth;         /* of braces and brackets around it */
    uint32_t scope;
    struct Name *name; /* NULL: stays as it is */
} Token;
typedef struct Name {
    const char *s;
    uint32_t len, uses, first, scope;
    char to[4];
} Name;
typedef struct {
    uint32_t parent, from, to; /* tokens, the last one included */
    GPtrArray *names;          /* declared in it */
} Scope;
typedef struct {
    GArray *tokens, *scopes; /* scope 0: the file, whose names stay */
    GHashTable *known;       /* "scope name" → Name */
} Script;

static bool in_word(char c)
{
    return g_ascii_isalnum(c) || c == '_' || c == '$' || (c & 0x80);
}

static bool is(const Token *t, const char *text)
{
    return strlen(text) == t->len && !memcmp(t->s, text, t->len);
}

static const char *const reserved[] = {
    "break",  "case",       "catch",  "continue", "default", "delete", "do",    "else",
    "false",  "finally",    "for",    "function", "if",      "in",     "new",   "null",
    "return", "instanceof", "switch", "this",     "throw",   "true",   "try",   "typeof",
    "var",    "void",       "while",  "with",     "let",     "const",  "class", "arguments"};

static bool is_reserved(const char *s, size_t len)
{
    for (size_t i = 0; i < G_N_ELEMENTS(reserved); i++)
        if (strlen(reserved[i]) == len && !memcmp(reserved[i], s, len))
            return true;
    return false;
}

/* A slash starts a pattern unless a value stands before it. */
static bool starts_pattern(const GArray *tokens)
{
    if (!tokens->len)
        return true;
    const Token *t = &g_array_index(tokens, Token, tokens->len - 1);
    if (t->kind == WORD)
        return is(t, "return") || is(t, "typeof") || is(t, "case") || is(t, "in");
    return t->kind == PUNCT && t->s[0] != ')' && t->s[0] != ']';
}

static const char *quoted_end(const char *p, const char *end)
{
    char quote = *p++;
    bool set = false; /* inside [ ] of a pattern */
    for (; p < end; p++) {
        if (*p == '\\') {
            p++;
        } else if (quote == '/' && (*p == '[' || *p == ']')) {
            set = *p == '[';
        } else if (*p == quote && !set) {
            p++;
            break;
        }
    }
    if (quote == '/')
        while (p < end && g_ascii_isalpha(*p))
            p++;
    return MIN(p, end);
}

static GArray *tokens_read(const char *p, const char *end)
{
    GArray *tokens = g_array_new(FALSE, FALSE, sizeof(Token));
    uint32_t depth = 0;
    while (p < end) {
        Token t = {.s = p, .kind = OTHER, .depth = depth};
        if (g_ascii_isspace(*p)) {
            p++;
            continue;
        }
        if (*p == '/' && p + 1 < end && (p[1] == '*' || p[1] == '/')) {
            const char *stop = p[1] == '*' ? g_strstr_len(p + 2, end - p - 2, "*/") : NULL;
            if (p[1] == '/')
                stop = memchr(p, '\n', (size_t)(end - p));
            p = !stop ? end : p[1] == '*' ? stop + 2 : stop;
            continue;
        }
        if (*p == '"' || *p == '\'' || (*p == '/' && starts_pattern(tokens))) {
            p = quoted_end(p, end);
        } else if (in_word(*p)) {
            bool number = g_ascii_isdigit(*p);
            while (p < end && (in_word(*p) || (number && *p == '.')))
                p++;
            t.kind = number ? OTHER : WORD;
        } else {
            t.kind = PUNCT;
            if (*p == '{' || *p == '(' || *p == '[')
                depth++;
            if (*p == '}' || *p == ')' || *p == ']')
                t.depth = depth ? --depth : 0;
            p++;
        }
        t.len = (uint32_t)(p - t.s);
        g_array_append_val(tokens, t);
    }
    return tokens;
}

static Token *token_at(const GArray *tokens, uint32_t i)
{
    static const Token none = {.s = ";", .len = 1, .kind = PUNCT};
    return i < tokens->len ? &g_array_index(tokens, Token, i) : (Token *)&none;
}

static void properties_find(GArray *tokens)
{
    for (uint32_t i = 0; i < tokens->len; i++) {
        Token *t = token_at(tokens, i), *before = token_at(tokens, i - 1);
        t->property = t->kind == WORD &&
                      (is(before, ".") ||
                       (is(token_at(tokens, i + 1), ":") && (is(before, "{") || is(before, ","))));
    }
}

/* Gives each token its scope: a function's begins with its parameters. */
static void scopes_find(Script *s)
{
    Scope file = {0, 0, s->tokens->len, g_ptr_array_new()};
    g_array_append_val(s->scopes, file);
    uint32_t now = 0;
    bool coming = false;
    for (uint32_t i = 0; i < s->tokens->len; i++) {
        Token *t = token_at(s->tokens, i);
        if (t->kind == WORD && !t->property && is(t, "function"))
            coming = true;
        if (coming && is(t, "(")) {
            Scope scope = {now, i, s->tokens->len, g_ptr_array_new()};
            now = s->scopes->len;
            g_array_append_val(s->scopes, scope);
            coming = false;
        }
        t->scope = now;
        Scope *open = &g_array_index(s->scopes, Scope, now);
        if (now && is(t, "}") && t->depth == token_at(s->tokens, open->from)->depth) {
            open->to = i;
            now = open->parent;
        }
    }
}

static Name *known(const Script *s, uint32_t scope, const Token *t)
{
    g_autofree char *key = g_strdup_printf("%u %.*s", scope, (int)t->len, t->s);
    return g_hash_table_lookup(s->known, key);
}

static void declare(Script *s, uint32_t scope, uint32_t at)
{
    const Token *t = token_at(s->tokens, at);
    if (!scope || t->kind != WORD || known(s, scope, t))
        return;
    Name *n = g_new0(Name, 1);
    *n = (Name){.s = t->s, .len = t->len, .first = at, .scope = scope};
    g_hash_table_insert(s->known, g_strdup_printf("%u %.*s", scope, (int)t->len, t->s), n);
    g_ptr_array_add(g_array_index(s->scopes, Scope, scope).names, n);
}

/* Names after var and function, parameters, catch. */
static void declared_find(Script *s)
{
    for (uint32_t i = 0; i < s->tokens->len; i++) {
        const Token *t = token_at(s->tokens, i);
        if (t->kind != WORD || t->property)
            continue;
        if (is(t, "var")) {
            bool expected = true;
            for (uint32_t k = i + 1; k < s->tokens->len; k++) {
                const Token *v = token_at(s->tokens, k);
                if (v->depth < t->depth || (v->depth == t->depth && (is(v, ";") || is(v, "in"))))
                    break;
                if (expected)
                    declare(s, t->scope, k);
                expected = v->depth == t->depth && is(v, ",");
            }
        } else if (is(t, "function") || is(t, "catch")) {
            uint32_t k = i + 1;
            if (token_at(s->tokens, k)->kind == WORD)
                declare(s, t->scope, k++);
            for (k++; k < s->tokens->len && !is(token_at(s->tokens, k), ")"); k++)
                declare(s, token_at(s->tokens, k)->scope, k);
        }
    }
}

static void uses_find(Script *s)
{
    for (uint32_t i = 0; i < s->tokens->len; i++) {
        Token *t = token_at(s->tokens, i);
        if (t->kind != WORD || t->property || is_reserved(t->s, t->len))
            continue;
        for (uint32_t scope = t->scope; scope && !t->name;
             scope = g_array_index(s->scopes, Scope, scope).parent)
            t->name = known(s, scope, t);
        if (t->name)
            t->name->uses++;
    }
}

static gint by_use(gconstpointer x, gconstpointer y)
{
    const Name *a = *(const Name *const *)x, *b = *(const Name *const *)y;
    if (a->uses != b->uses)
        return a->uses > b->uses ? -1 : 1;
    return a->first < b->first ? -1 : 1;
}

/* The n-th short name: a…z A…Z, then two of these. */
static void short_name(unsigned n, char out[4])
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    unsigned base = 52, at = 0;
    if (n >= base)
        out[at++] = letters[n / base - 1];
    out[at++] = letters[n % base];
    out[at] = 0;
}

/* Outer scopes come first: their names are settled when an inner one asks which it may not hide. */
static void names_give(Script *s)
{
    for (uint32_t id = 1; id < s->scopes->len; id++) {
        Scope *scope = &g_array_index(s->scopes, Scope, id);
        GHashTable *taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        for (uint32_t i = scope->from; i <= scope->to && i < s->tokens->len; i++) {
            const Token *t = token_at(s->tokens, i);
            if (t->kind != WORD || t->property)
                continue;
            if (!t->name)
                g_hash_table_add(taken, g_strndup(t->s, t->len));
            else if (t->name->to[0])
                g_hash_table_add(taken, g_strdup(t->name->to));
        }
        g_ptr_array_sort(scope->names, by_use);
        unsigned next = 0;
        for (uint32_t i = 0; i < scope->names->len && next < 52 * 53 - 200; i++) {
            Name *n = scope->names->pdata[i];
            do
                short_name(next++, n->to);
            while (is_reserved(n->to, strlen(n->to)) || g_hash_table_contains(taken, n->to));
        }
        g_hash_table_destroy(taken);
    }
}

static void controls_find(GArray *tokens)
{
    for (uint32_t i = 0; i < tokens->len; i++) {
        const Token *before = token_at(tokens, i - 1);
        if (!is(token_at(tokens, i), "(") ||
            !(is(before, "if") || is(before, "for") || is(before, "while") || is(before, "with")))
            continue;
        uint32_t k = i + 1, depth = token_at(tokens, i)->depth;
        while (k < tokens->len &&
               !(is(token_at(tokens, k), ")") && token_at(tokens, k)->depth == depth))
            k++;
        if (k < tokens->len)
            token_at(tokens, k)->control = true;
    }
}

/* True for the second var of two var statements. */
static bool joins(const GArray *tokens, uint32_t i)
{
    const Token *t = token_at(tokens, i);
    if (!is(t, "var") || i < 3 || !is(token_at(tokens, i - 1), ";"))
        return false;
    uint32_t k = i - 1;
    while (k > 0) {
        const Token *before = token_at(tokens, k - 1);
        if (before->depth < t->depth || (before->depth == t->depth && is(before, ";")))
            break;
        k--;
    }
    return is(token_at(tokens, k), "var") && token_at(tokens, k)->depth == t->depth &&
           token_at(tokens, i - 1)->depth == t->depth;
}

/* What a token is written as. */
static void spell(const Token *t, GString *out)
{
    g_string_truncate(out, 0);
    if (t->name && t->name->to[0])
        g_string_append(out, t->name->to);
    else if (t->kind == WORD && !t->property && is(t, "true"))
        g_string_append(out, "!0");
    else if (t->kind == WORD && !t->property && is(t, "false"))
        g_string_append(out, "!1");
    else if (t->kind == OTHER && t->len > 2 && t->len < 9 && t->s[0] == '0' && t->s[1] == 'x')
        g_string_append_printf(out, "%" G_GUINT64_FORMAT, g_ascii_strtoull(t->s + 2, NULL, 16));
    else
        g_string_append_len(out, t->s, t->len);
}

static void print(const GArray *tokens, const char *js, GString *out)
{
    char last = ';';
    GString *word = g_string_new(NULL);
    for (uint32_t i = 0; i < tokens->len; i++) {
        const Token *t = token_at(tokens, i), *before = token_at(tokens, i - 1);
        if (is(t, "}") && last == ';' && i > 1 && is(before, ";") &&
            !token_at(tokens, i - 2)->control && !is(token_at(tokens, i - 2), "else"))
            g_string_truncate(out, out->len - 1);
        if (joins(tokens, i)) {
            out->str[out->len - 1] = last = ',';
            continue;
        }
        spell(t, word);
        /* Two words, and signs that would join to ++ or --, need a blank between. */
        if ((in_word(last) && in_word(word->str[0])) ||
            ((*t->s == '+' || *t->s == '-') && *t->s == last && t->s > js &&
             g_ascii_isspace(t->s[-1])))
            g_string_append_c(out, ' ');
        g_string_append_len(out, word->str, (gssize)word->len);
        last = word->str[word->len - 1];
    }
    g_string_append_c(out, '\n');
    g_string_free(word, TRUE);
}

void aj_squeeze_script(const char *js, size_t len, GString *out)
{
    Script s = {tokens_read(js, js + len), g_array_new(FALSE, FALSE, sizeof(Scope)),
                g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free)};
    properties_find(s.tokens);
    controls_find(s.tokens);
    scopes_find(&s);
    declared_find(&s);
    uses_find(&s);
    names_give(&s);
    print(s.tokens, js, out);
    for (uint32_t i = 0; i < s.scopes->len; i++)
        g_ptr_array_free(g_array_index(s.scopes, Scope, i).names, TRUE);
    g_array_free(s.scopes, TRUE);
    g_array_free(s.tokens, TRUE);
    g_hash_table_destroy(s.known);
}

/* A byte behind which, or before which, a style needs no blank. '(' and ')' are not among them:
 * "and (", ") and"; and '+' is only outside of them, since calc() keeps its blanks around it. */
static bool closes(char c, int depth)
{
    return strchr("{};,>~!", c) != NULL || (c == '+' && !depth);
}

void aj_squeeze_style(const char *css, size_t len, GString *out)
{
    size_t from = out->len;
    bool blank = false;
    int depth = 0; /* of round brackets */
    for (size_t i = 0; i < len;) {
        const char *end;
        if (css[i] == '/' && i + 1 < len && css[i + 1] == '*') {
            end = g_strstr_len(css + i + 2, (gssize)(len - i - 2), "*/");
            i = end ? (size_t)(end - css) + 2 : len;
            continue;
        }
        if (g_ascii_isspace(css[i])) {
            blank = true;
            i++;
            continue;
        }
        char last = out->len > from ? out->str[out->len - 1] : '{';
        if (css[i] == '}' && last == ';')
            g_string_truncate(out, out->len - 1);
        if (blank && !closes(css[i], depth) && !closes(last, depth) && last != ':')
            g_string_append_c(out, ' ');
        blank = false;
        depth += (css[i] == '(') - (css[i] == ')');
        size_t start = i++;
        if (css[start] == '"' || css[start] == '\'') {
            while (i < len && css[i] != css[start])
                i += css[i] == '\\' ? 2 : 1;
            i = MIN(i + 1, len);
        }
        g_string_append_len(out, css + start, (gssize)(i - start));
    }
}
