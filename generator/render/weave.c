/* weave - a set of templates to one program.
 *
 * Must not know: values, how a program is run. */
#include "render/weave.h"

#include <stdarg.h>

#define MAX_WEAVE 200u    /* partials and blocks inside each other */
#define MAX_WOVEN 100000u /* partials and blocks woven in, in a whole set */

/* Blocks given to a parent, the outermost first to be found. */
typedef struct Env Env;
struct Env {
    const Env *up;
    const AjNode *block;
    const AjSource *owner;
};

/* What is being woven in, to find partials that call themselves. */
typedef struct Active Active;
struct Active {
    const Active *up;
    const AjSource *partial;
    const Env *env;
    AjMarkup state;
    bool function;
    uint32_t index;
    GArray *body; /* a function's operations, until they find their place */
};

typedef struct {
    AjArena *arena;
    GPtrArray *sources;
    GHashTable *by_name;
    AjProgram *program;
    AjDiags *diags; /* NULL: tell nobody */
    GHashTable *told;
    GPtrArray *known;         /* Active* of each function */
    const AjSource *template; /* whose nodes are being compiled */
    AjMarkup state;
    const Active *active;
    uint32_t depth;
    uint32_t woven;
    bool failed;
} Compiler;

typedef struct {
    AjStr indent; /* put before each line */
    AjStr dedent; /* taken away from each line first */
    const Env *env;
    bool skip_line; /* the first line goes on where another has begun */
    bool in_call;   /* lines take the indentation of a call too */
} Scope;

static void problem(Compiler *c, const AjSource *t, uint32_t line, uint32_t column,
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

static void syntax(Compiler *c, const AjSource *t, uint32_t line, uint32_t column, const char *hint,
                   const char *format, ...) G_GNUC_PRINTF(6, 7);
static void syntax(Compiler *c, const AjSource *t, uint32_t line, uint32_t column, const char *hint,
                   const char *format, ...)
{
    va_list ap;
    va_start(ap, format);
    g_autofree char *message = g_strdup_vprintf(format, ap);
    va_end(ap);
    problem(c, t, line, column, "template-syntax", hint, message);
}

static AjStr str_join(AjArena *a, AjStr x, AjStr y)
{
    if (y.len == 0)
        return x;
    if (x.len == 0)
        return y;
    char *s = aj_arena_alloc(a, x.len + y.len + 1);
    memcpy(s, x.s, x.len);
    memcpy(s + x.len, y.s, y.len);
    return (AjStr){s, x.len + y.len};
}

/* `s` without what it has in common with the start of `prefix`. */
static AjStr str_without(AjStr s, AjStr prefix)
{
    uint32_t n = 0;
    while (n < s.len && n < prefix.len && s.s[n] == prefix.s[n])
        n++;
    return (AjStr){s.s + n, s.len - n};
}

static void source_parse(Compiler *c, AjSource *t)
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
    t->parsed = aj_mustache_parse(c->arena, t->name, t->text, &t->nodes, c->diags);
}

/* Literal text: followed by the markup machine, then kept. */
static void text_emit(Compiler *c, const AjNode *node, AjStr text)
{
    uint32_t line = node->line, column = node->column;
    size_t done = 0;
    while (done < text.len) {
        const char *wrong = NULL;
        size_t n = aj_markup_text(&c->state, text.s + done, text.len - done, &wrong);
        aj_program_text(c->program, text.s + done, n);
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
            aj_program_add(c->program, AJ_OP_CHECK, 0, 0, NULL);
            c->state.check = false;
        }
    }
}

static void context_problem(Compiler *c, const AjNode *node, const char *message, const char *hint)
{
    problem(c, c->template, node->line, node->column, "template-context", hint, message);
}

static void value_emit(Compiler *c, const AjNode *node)
{
    if (c->template->spec) {
        aj_program_add(c->program, node->type == AJ_NODE_RAW ? AJ_OP_RAW : AJ_OP_ESCAPED, 0, 0,
                       node->name);
        return;
    }
    static const AjOpCode codes[] = {
        [AJ_ESCAPE_NONE] = AJ_OP_RAW,          [AJ_ESCAPE_TEXT] = AJ_OP_ESCAPED,
        [AJ_ESCAPE_ATTR] = AJ_OP_ATTR,         [AJ_ESCAPE_SINGLE] = AJ_OP_SINGLE,
        [AJ_ESCAPE_XML] = AJ_OP_XML,           [AJ_ESCAPE_URL_FIRST] = AJ_OP_URL_FIRST,
        [AJ_ESCAPE_URL_NEXT] = AJ_OP_URL_NEXT, [AJ_ESCAPE_URL] = AJ_OP_URL,
        [AJ_ESCAPE_QUERY] = AJ_OP_QUERY,
    };
    const char *wrong = NULL, *hint = NULL;
    uint32_t literal = 0;
    AjEscape escape =
        aj_markup_value(&c->state, node->type == AJ_NODE_RAW, &literal, &wrong, &hint);
    if (escape == AJ_ESCAPE_REFUSED)
        context_problem(c, node, wrong, hint);
    else
        aj_program_add(c->program, codes[escape], 0, literal, node->name);
}

/* Before a branch or a call: states that only one side could leave are left now. */
static bool branch_begin(Compiler *c, const AjNode *node)
{
    const char *wrong = NULL;
    uint32_t literal = 0;
    bool mark = false;
    if (!aj_markup_branch(&c->state, &mark, &literal, &wrong)) {
        context_problem(c, node, wrong, NULL);
        return false;
    }
    if (mark)
        aj_program_add(c->program, AJ_OP_MARK, 0, literal, NULL);
    return true;
}

static void nodes_compile(Compiler *c, const AjNode *nodes, Scope *scope);

static void section_compile(Compiler *c, const AjNode *node, const Scope *scope)
{
    if (!branch_begin(c, node))
        return;
    AjMarkup start = c->state;
    /* The second round is for a body whose end is joined with its start to a stricter state. */
    for (int round = 0; round < 2; round++) {
        uint32_t at = aj_program_count(c->program);
        c->state = start;
        aj_program_add(c->program, node->type == AJ_NODE_SECTION ? AJ_OP_SECTION : AJ_OP_INVERTED,
                       0, 0, node->name);
        aj_program_barrier(c->program);
        Scope inner = *scope;
        inner.skip_line = false;
        nodes_compile(c, node->children, &inner);
        if (c->program->full)
            return;
        g_array_index(c->program->ops, AjOp, at).b = aj_program_count(c->program);
        aj_program_barrier(c->program);
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
        g_array_set_size(c->program->ops, at);
        c->program->barrier = at;
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

static const Env *env_find(const Env *env, AjStr name)
{
    for (; env; env = env->up)
        if (aj_str_equal(env->block->text, name))
            return env;
    return NULL;
}

static bool too_deep(Compiler *c, const AjNode *node)
{
    if (c->depth < MAX_WEAVE && c->woven++ < MAX_WOVEN && !c->program->full)
        return false;
    problem(c, c->template, node->line, node->column, "template-limit", NULL,
            AJ_TR("模板互相引用太深或太多", "templates use each other too deep or too often"));
    return true;
}

static void source_weave(Compiler *c, const AjSource *t, Scope *scope)
{
    const AjSource *outer = c->template;
    c->template = t;
    c->depth++;
    nodes_compile(c, t->nodes, scope);
    c->depth--;
    c->template = outer;
}

static bool active_is(const Active *x, const AjSource *t, const Env *env, const AjMarkup *state)
{
    return x->partial == t && memcmp(&x->state, state, sizeof *state) == 0 &&
           env_equal(x->env, env);
}

/* A function's body is compiled into an array of its own, placed when all is done, so that the
 * caller's operations stay together. */
static void function_compile(Compiler *c, const AjNode *node, Active *self)
{
    AjProgram *program = c->program;
    GArray *caller_ops = program->ops;
    const Active *caller_active = c->active;
    uint32_t caller_barrier = c->program->barrier;
    AjMarkup start = c->state;
    program->ops = self->body = g_array_new(FALSE, FALSE, sizeof(AjOp));
    c->active = self;
    c->program->barrier = 0;
    Scope scope = {.indent = {"", 0}, .dedent = {"", 0}, .env = self->env, .in_call = true};
    source_weave(c, self->partial, &scope);
    if (memcmp(&c->state, &start, sizeof start) != 0)
        context_problem(c, node,
                        AJ_TR("调用自己的模板结束时所处的 HTML 位置与开始时不同",
                              "a template that calls itself must end where in the HTML it began"),
                        NULL);
    c->state = start;
    program->ops = caller_ops;
    c->active = caller_active;
    c->program->barrier = caller_barrier;
}

static Active *function_get(Compiler *c, const AjNode *node, const AjSource *t, const Env *env)
{
    for (guint i = 0; i < c->known->len; i++) {
        Active *x = c->known->pdata[i];
        if (active_is(x, t, env, &c->state))
            return x;
    }
    Active *self = aj_arena_alloc(c->arena, sizeof *self);
    self->partial = t;
    self->env = env;
    self->state = c->state;
    self->function = true;
    self->index = c->program->functions->len;
    AjFunction f = {0, 0};
    g_array_append_val(c->program->functions, f);
    g_ptr_array_add(c->known, self);
    function_compile(c, node, self);
    return self;
}

static AjSource *source_find(GHashTable *by_name, const AjSource *from, AjStr name)
{
    char *plain = g_strndup(name.s, name.len);
    AjSource *t = g_hash_table_lookup(by_name, plain);
    if (!t) {
        char *full = g_strconcat(plain, from->suffix.s, NULL);
        t = g_hash_table_lookup(by_name, full);
        g_free(full);
    }
    g_free(plain);
    return t;
}

static void partial_compile(Compiler *c, const AjNode *node, const Scope *scope, const Env *env)
{
    AjSource *t = source_find(c->by_name, c->template, node->text);
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
    AjStr indent = {NULL, 0};
    if (node->standalone)
        indent = str_join(c->arena, scope->indent, str_without(node->ws, scope->dedent));
    for (const Active *x = c->active; x; x = x->up) {
        if (!active_is(x, t, env, &c->state))
            continue;
        if (!branch_begin(c, node))
            return;
        const Active *f = x->function ? x : function_get(c, node, t, env);
        AjStr *s = aj_arena_alloc(c->arena, sizeof *s);
        *s = indent;
        aj_program_add(c->program, AJ_OP_CALL, f->index, c->program->indents->len, NULL);
        g_ptr_array_add(c->program->indents, s);
        aj_program_barrier(c->program);
        return;
    }
    Active self = {.up = c->active, .partial = t, .env = env, .state = c->state};
    c->active = &self;
    Scope inner = {.indent = indent, .dedent = {"", 0}, .env = env};
    inner.in_call = scope->in_call && node->standalone;
    source_weave(c, t, &inner);
    c->active = self.up;
}

static void parent_compile(Compiler *c, const AjNode *node, const Scope *scope)
{
    const Env *env = scope->env;
    for (const AjNode *n = node->children; n; n = n->next) {
        if (n->type != AJ_NODE_BLOCK || env_find(env, n->text))
            continue; /* what a child has set stands above */
        Env *e = aj_arena_alloc(c->arena, sizeof *e);
        e->up = env;
        e->block = n;
        e->owner = c->template;
        env = e;
    }
    partial_compile(c, node, scope, env);
}

static bool first_ws(const AjNode *n, AjStr *out)
{
    for (; n; n = n->next) {
        if (n->type == AJ_NODE_LINE || (n->standalone && n->type >= AJ_NODE_PARTIAL)) {
            *out = n->ws;
            return true;
        }
        if ((n->type == AJ_NODE_SECTION || n->type == AJ_NODE_INVERTED) &&
            first_ws(n->children, out))
            return true;
        if (n->type == AJ_NODE_TEXT || n->type == AJ_NODE_VAR || n->type == AJ_NODE_RAW)
            return false;
    }
    return false;
}

static void indent_emit(Compiler *c, const AjNode *node, const Scope *scope, AjStr ws)
{
    if (scope->in_call)
        aj_program_add(c->program, AJ_OP_LINE, 0, 0, NULL);
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

static void block_compile(Compiler *c, const AjNode *node, const Scope *scope)
{
    const Env *given = env_find(scope->env, node->text);
    if (!given) {
        Scope inner = *scope;
        nodes_compile(c, node->children, &inner);
        return;
    }
    if (too_deep(c, node))
        return;
    AjStr place = {"", 0}, dedent = {"", 0};
    if (node->standalone) {
        if (!first_ws(node->children, &place))
            place = node->ws;
        place = str_without(place, scope->dedent);
    } else if (node->first) {
        place = str_without(node->ws, scope->dedent);
    }
    if (given->block->standalone ||
        (given->block->children && given->block->children->type == AJ_NODE_LINE))
        first_ws(given->block->children, &dedent);
    Scope inner = {.indent = str_join(c->arena, scope->indent, place),
                   .dedent = dedent,
                   .env = env_without(c->arena, scope->env, given),
                   .in_call = scope->in_call};
    const AjNode *first = given->block->children;
    bool line = first && first->type == AJ_NODE_LINE;
    if (!node->standalone)
        inner.skip_line = line;
    else if (first && !line &&
             (first->type == AJ_NODE_TEXT || first->type == AJ_NODE_VAR ||
              first->type == AJ_NODE_RAW))
        indent_emit(c, node, &inner, (AjStr){"", 0});
    const AjSource *outer = c->template;
    c->template = given->owner;
    c->depth++;
    nodes_compile(c, first, &inner);
    c->depth--;
    c->template = outer;
}

static void nodes_compile(Compiler *c, const AjNode *nodes, Scope *scope)
{
    for (const AjNode *n = nodes; n && !c->program->full; n = n->next) {
        switch (n->type) {
        case AJ_NODE_LINE:
            if (scope->skip_line)
                text_emit(c, n, str_without(n->ws, scope->dedent));
            else
                indent_emit(c, n, scope, str_without(n->ws, scope->dedent));
            scope->skip_line = false;
            break;
        case AJ_NODE_TEXT:
            text_emit(c, n, n->text);
            break;
        case AJ_NODE_VAR:
        case AJ_NODE_RAW:
            value_emit(c, n);
            break;
        case AJ_NODE_SECTION:
        case AJ_NODE_INVERTED:
            section_compile(c, n, scope);
            break;
        case AJ_NODE_PARTIAL:
            partial_compile(c, n, scope, scope->env);
            break;
        case AJ_NODE_PARENT:
            parent_compile(c, n, scope);
            break;
        case AJ_NODE_BLOCK:
            block_compile(c, n, scope);
            break;
        case AJ_NODE_NONE:
            break;
        }
    }
}

static void mark_references(GHashTable *by_name, const AjSource *t, const AjNode *n)
{
    for (; n; n = n->next) {
        if (n->type == AJ_NODE_PARTIAL || n->type == AJ_NODE_PARENT) {
            AjSource *used = source_find(by_name, t, n->text);
            if (used && used != t)
                used->referenced = true;
        }
        mark_references(by_name, t, n->children);
    }
}

static void source_compile(Compiler *c, AjSource *t)
{
    c->failed = false;
    c->template = t;
    c->depth = 0;
    aj_markup_init(&c->state, t->kind);
    Active self = {.partial = t, .state = c->state};
    c->active = &self;
    t->from = aj_program_count(c->program);
    aj_program_barrier(c->program);
    Scope scope = {.indent = {"", 0}, .dedent = {"", 0}};
    nodes_compile(c, t->nodes, &scope);
    c->active = NULL;
    if (!c->failed && !aj_markup_at_rest(&c->state))
        problem(c, t, 0, 0, "template-context", NULL,
                AJ_TR("模板结束时还在一个标签、注释或脚本里",
                      "the template ends inside a tag, a comment or a script"));
    if (c->program->full)
        problem(c, t, 0, 0, "template-limit", NULL,
                AJ_TR("模板互相引用太深或太多", "templates use each other too deep or too often"));
    t->to = aj_program_count(c->program);
    t->runnable = !c->failed;
}

bool aj_weave(AjArena *arena, GPtrArray *sources, GHashTable *by_name, AjProgram *program,
              AjDiags *diags)
{
    Compiler c = {
        .arena = arena, .sources = sources, .by_name = by_name, .program = program, .diags = diags};
    c.told = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    c.known = g_ptr_array_new();
    aj_program_empty(program);
    bool good = true;
    for (guint i = 0; i < sources->len; i++) {
        AjSource *t = sources->pdata[i];
        source_parse(&c, t);
        good &= t->parsed;
    }
    for (guint i = 0; i < sources->len; i++) {
        AjSource *t = sources->pdata[i];
        if (t->parsed)
            mark_references(by_name, t, t->nodes);
    }
    /* What no other uses comes first and speaks up. A piece that only makes sense inside another
     * is compiled alone too, silently: then it cannot be run alone, and that is all. */
    for (int round = 0; round < 2; round++) {
        for (guint i = 0; i < sources->len && !program->full; i++) {
            AjSource *t = sources->pdata[i];
            if (!t->parsed || t->referenced != (round == 1))
                continue;
            bool silent = t->reached;
            c.diags = silent ? NULL : diags;
            source_compile(&c, t);
            good &= t->runnable || silent;
        }
    }
    for (guint i = 0; i < c.known->len; i++) {
        const Active *x = c.known->pdata[i];
        aj_program_place(program, x->index, x->body);
    }
    g_ptr_array_unref(c.known);
    g_hash_table_unref(c.told);
    return good && !program->full;
}
