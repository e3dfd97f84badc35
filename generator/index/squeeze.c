/* squeeze - our own scripts without what only readers need: comments, blanks, long local names.
 *
 * A name gets one short form for the whole file wherever it is not a property: scopes stay right
 * without being understood.
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
    bool property;
    uint32_t depth; /* of braces and brackets around it */
} Token;
typedef struct {
    char *text;
    uint32_t uses, first;
    bool declared;
    char to[4]; /* "" keeps */
} Name;

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

static Name *name_of(GHashTable *names, const Token *t, uint32_t at)
{
    char *text = g_strndup(t->s, t->len);
    Name *n = g_hash_table_lookup(names, text);
    if (n) {
        g_free(text);
        return n;
    }
    n = g_new0(Name, 1);
    n->text = text;
    n->first = at;
    g_hash_table_insert(names, text, n);
    return n;
}

/* Names after var and function, parameters, catch. Not those at the top level. */
static void declared_find(GArray *tokens, GHashTable *names)
{
    for (uint32_t i = 0; i < tokens->len; i++) {
        const Token *t = token_at(tokens, i);
        if (t->kind != WORD || t->property)
            continue;
        if (is(t, "var") && t->depth) {
            bool expected = true;
            for (uint32_t k = i + 1; k < tokens->len; k++) {
                const Token *v = token_at(tokens, k);
                if (v->depth < t->depth || (v->depth == t->depth && (is(v, ";") || is(v, "in"))))
                    break;
                if (expected && v->kind == WORD)
                    name_of(names, v, k)->declared = true;
                expected = v->depth == t->depth && is(v, ",");
            }
        } else if (is(t, "function") || is(t, "catch")) {
            uint32_t k = i + 1;
            if (token_at(tokens, k)->kind == WORD) {
                if (t->depth)
                    name_of(names, token_at(tokens, k), k)->declared = true;
                k++;
            }
            for (k++; k < tokens->len && !is(token_at(tokens, k), ")"); k++)
                if (token_at(tokens, k)->kind == WORD)
                    name_of(names, token_at(tokens, k), k)->declared = true;
        }
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

static void names_give(GHashTable *names)
{
    GPtrArray *sorted = g_ptr_array_new();
    GHashTableIter iter;
    gpointer name;
    g_hash_table_iter_init(&iter, names);
    while (g_hash_table_iter_next(&iter, NULL, &name))
        if (((Name *)name)->declared)
            g_ptr_array_add(sorted, name);
    g_ptr_array_sort(sorted, by_use);
    unsigned next = 0;
    for (uint32_t i = 0; i < sorted->len && next < 52 * 53; i++) {
        Name *n = sorted->pdata[i];
        const Name *taken;
        do {
            short_name(next++, n->to);
            taken = g_hash_table_lookup(names, n->to);
        } while (is_reserved(n->to, strlen(n->to)) || (taken && !taken->declared));
    }
    g_ptr_array_free(sorted, TRUE);
}

static void name_free(gpointer p)
{
    Name *n = p;
    g_free(n->text);
    g_free(n);
}

void aj_squeeze_script(const char *js, size_t len, GString *out)
{
    GArray *tokens = tokens_read(js, js + len);
    GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, name_free);
    properties_find(tokens);
    declared_find(tokens, names);
    for (uint32_t i = 0; i < tokens->len; i++) {
        const Token *t = token_at(tokens, i);
        if (t->kind == WORD && !t->property && !is_reserved(t->s, t->len))
            name_of(names, t, i)->uses++;
    }
    names_give(names);
    char last = ';';
    for (uint32_t i = 0; i < tokens->len; i++) {
        const Token *t = token_at(tokens, i);
        const char *s = t->s;
        size_t n = t->len;
        if (t->kind == WORD && !t->property && !is_reserved(s, n)) {
            const Name *name = name_of(names, t, i);
            if (name->to[0]) {
                s = name->to;
                n = strlen(s);
            }
        }
        if (is(t, "}") && last == ';' && out->len && out->str[out->len - 1] == ';' &&
            !(out->len > 1 && out->str[out->len - 2] == ')'))
            g_string_truncate(out, out->len - 1);
        /* Two words, and signs that would join to ++ or --, need a blank between. */
        if ((in_word(last) && in_word(*s)) ||
            ((*s == '+' || *s == '-') && *s == last && s > js && g_ascii_isspace(s[-1])))
            g_string_append_c(out, ' ');
        g_string_append_len(out, s, (gssize)n);
        last = s[n - 1];
    }
    g_string_append_c(out, '\n');
    g_hash_table_destroy(names);
    g_array_free(tokens, TRUE);
}
