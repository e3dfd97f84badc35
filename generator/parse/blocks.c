/* blocks - folds what the pre-pass marked, and what cmark left as text, into nodes of ours.
 *
 * Two walks: marks become tables, divs, notes and definitions (only where there are marks); then
 * headings get ids, items their boxes, quotes their alerts, and texts go to parse/inlines.
 * Must not know: lines of source (the pre-pass read them), HTML, files. */
#include "parse/blocks.h"

#include "base/text.h"
#include "parse/attribute.h"
#include "parse/inlines.h"

#include <string.h>

#define MARK AJ_MARKED

enum { MAX_DEPTH = 256 };

typedef struct {
    AjTree *tree;
    AjArena *a;
    const AjPrepass *pre;
    AjPos pos; /* the page, for diagnostics */
    AjDiags *diags;
    AjInlines *inlines;
    uint32_t seen;   /* marks */
    GHashTable *ids; /* id: the last number put behind it */
    GString *scratch;
} Fold;

static void warn(Fold *f, uint32_t line, const char *code, const char *hint, const char *message)
{
    AjPos pos = f->pos;
    pos.line = line;
    aj_diag(f->diags, AJ_WARNING, pos, code, hint, "%s", message);
}

/* ---- marks ---- */

static const char *mark_of(cmark_node *node)
{
    if (cmark_node_get_type(node) != CMARK_NODE_HEADING)
        return NULL;
    cmark_node *first = cmark_node_first_child(node);
    const char *s = first ? cmark_node_get_literal(first) : NULL;
    return s && !strncmp(s, MARK, 3) ? s + 3 : NULL;
}

/* Moves the inlines of a marked heading and takes the marks off their ends. */
static void inlines_move(cmark_node *heading, cmark_node *to)
{
    cmark_node *child = cmark_node_first_child(heading), *last = cmark_node_last_child(heading);
    const char *s = cmark_node_get_literal(last);
    size_t len = s ? strlen(s) : 0;
    if (last != child || len > 3) {
        if (len >= 4 && !strcmp(s + len - 4, " " MARK)) {
            char *cut = g_strndup(s, len - 4);
            cmark_node_set_literal(last, cut);
            g_free(cut);
        }
    }
    s = cmark_node_get_literal(child) + 3;
    s += *s == ' ';
    if (*s) {
        char *rest = g_strdup(s);
        cmark_node_set_literal(child, rest);
        g_free(rest);
    } else {
        cmark_node *empty = child;
        child = cmark_node_next(child);
        cmark_node_unlink(empty);
    }
    for (cmark_node *next; child; child = next) {
        next = cmark_node_next(child);
        cmark_node_append_child(to, child);
    }
}

static cmark_node *element(Fold *f, AjElementKind kind, uint32_t line)
{
    cmark_node *node = aj_tree_element(f->a, kind);
    aj_element_of(node)->line = line;
    return node;
}

/* The list after a mark: its first item holds our text; any others were never ours. Returns the
 * item, unlinked, or NULL. */
static cmark_node *item_take(cmark_node *list, bool *tight)
{
    if (!list || cmark_node_get_type(list) != CMARK_NODE_LIST)
        return NULL;
    cmark_node *item = cmark_node_first_child(list);
    *tight = cmark_node_get_list_tight(list);
    cmark_node_unlink(item);
    if (!cmark_node_first_child(list))
        cmark_node_unlink(list);
    return item;
}

static void children_move(cmark_node *from, cmark_node *to)
{
    for (cmark_node *child; (child = cmark_node_first_child(from));)
        cmark_node_append_child(to, child);
}

static void marks_fold(Fold *f, cmark_node *parent);

static void note_take(Fold *f, const AjMark *m, cmark_node *list)
{
    bool tight;
    cmark_node *item = item_take(list, &tight), *note = element(f, AJ_EL_NOTE, m->line);
    if (item)
        children_move(item, note);
    marks_fold(f, note);
    aj_inlines_add_note(f->inlines, aj_arena_strndup(f->a, m->text, m->len), note);
}

static cmark_node *definition_take(Fold *f, const AjMark *m, cmark_node *list)
{
    bool tight = true;
    cmark_node *item = item_take(list, &tight), *definition = element(f, AJ_EL_DEFINITION, m->line);
    if (item)
        children_move(item, definition);
    marks_fold(f, definition);
    if (m->loose || !tight)
        return definition;
    for (cmark_node *child = cmark_node_first_child(definition), *next; child; child = next) {
        next = cmark_node_next(child);
        if (cmark_node_get_type(child) != CMARK_NODE_PARAGRAPH)
            continue;
        cmark_node *plain = element(f, AJ_EL_PLAINTEXT, aj_tree_line(f->tree, child));
        children_move(child, plain);
        cmark_node_replace(child, plain);
    }
    return definition;
}

/* At the end of the innermost open div, or where the walk is in the parent itself. */
static void place(cmark_node *parent, cmark_node *target, cmark_node *next, cmark_node *node)
{
    if (target == parent && next)
        cmark_node_insert_before(next, node);
    else
        cmark_node_append_child(target, node);
}

static cmark_node *div_make(Fold *f, const AjMark *m)
{
    cmark_node *div = element(f, AJ_EL_DIV, m->line);
    AjAttr *attr = &aj_element_of(div)->attr;
    if (*m->text == '{') {
        if (!aj_attribute_parse(f->a, m->text, m->len, attr))
            warn(f, m->line, "div-attributes",
                 AJ_TR("写成 {#编号 .类名 键=值}", "write {#id .class key=value}"),
                 AJ_TR("“:::”后面的花括号读不懂", "the braces after \":::\" make no sense"));
    } else {
        aj_attr_add_class(f->a, attr, aj_arena_strndup(f->a, m->text, m->len));
    }
    return div;
}

static void marks_fold(Fold *f, cmark_node *parent)
{
    cmark_node *target = parent, *table = NULL, *row = NULL, *deflist = NULL, *div, *next;
    for (cmark_node *node = cmark_node_first_child(parent); node; node = next) {
        next = cmark_node_next(node);
        const char *s = mark_of(node);
        if (!s) {
            cmark_node_type type = cmark_node_get_type(node);
            table = deflist = NULL;
            if (target != parent)
                cmark_node_append_child(target, node);
            if (type == CMARK_NODE_LIST || type == CMARK_NODE_ITEM ||
                type == CMARK_NODE_BLOCK_QUOTE)
                marks_fold(f, node);
            continue;
        }
        f->seen++;
        int level = cmark_node_get_heading_level(node);
        uint32_t line = aj_tree_line(f->tree, node);
        cmark_node_unlink(node);
        if (level <= 2 && table) {
            if (level == 2) {
                row = element(f, AJ_EL_ROW, line);
                cmark_node_append_child(table, row);
            }
            cmark_node *cell = element(f, AJ_EL_CELL, line);
            inlines_move(node, cell);
            cmark_node_append_child(row, cell);
            continue;
        }
        table = NULL;
        if (level == 4) {
            if (!deflist) {
                deflist = element(f, AJ_EL_DEFLIST, line);
                place(parent, target, next, deflist);
            }
            cmark_node *term = element(f, AJ_EL_TERM, line);
            inlines_move(node, term);
            cmark_node_append_child(deflist, term);
            continue;
        }
        const AjMark *m = &f->pre->marks[strtoul(s, NULL, 10)];
        if (m->kind != AJ_MARK_DEFINITION)
            deflist = NULL;
        switch (m->kind) {
        case AJ_MARK_TABLE:
            table = element(f, AJ_EL_TABLE, m->line);
            AjElement *el = aj_element_of(table);
            el->columns = m->columns;
            el->aligns = m->aligns;
            el->head_rows = 1;
            place(parent, target, next, table);
            break;
        case AJ_MARK_DIV:
            div = div_make(f, m);
            place(parent, target, next, div);
            target = div;
            break;
        case AJ_MARK_DIV_END:
            if (target != parent)
                target = cmark_node_parent(target);
            break;
        case AJ_MARK_NOTE:
            if (next && cmark_node_get_type(next) == CMARK_NODE_LIST) {
                cmark_node *list = next;
                if (!cmark_node_next(cmark_node_first_child(list)))
                    next = cmark_node_next(list);
                note_take(f, m, list);
            }
            break;
        case AJ_MARK_DEFINITION:
            if (next && deflist && cmark_node_get_type(next) == CMARK_NODE_LIST) {
                cmark_node *list = next;
                if (!cmark_node_next(cmark_node_first_child(list)))
                    next = cmark_node_next(list);
                cmark_node_append_child(deflist, definition_take(f, m, list));
            }
            break;
        case AJ_MARK_FILLER:
            break;
        }
    }
}

/* ---- what cmark left as text ---- */

static void heading_attributes(Fold *f, cmark_node *heading)
{
    cmark_node *last = cmark_node_last_child(heading);
    const char *s =
        last && cmark_node_get_type(last) == CMARK_NODE_TEXT ? cmark_node_get_literal(last) : NULL;
    size_t len = s ? strlen(s) : 0;
    const char *brace = len && s[len - 1] == '}' ? strrchr(s, '{') : NULL;
    if (!brace || (brace == s && cmark_node_previous(last) &&
                   cmark_node_get_type(cmark_node_previous(last)) != CMARK_NODE_SOFTBREAK))
        return;
    if (brace > s && brace[-1] == ']')
        return; /* a span's */
    AjAttr attr = {0};
    if (aj_attribute_parse(f->a, brace, (size_t)(s + len - brace), &attr) !=
        (size_t)(s + len - brace))
        return;
    aj_element_get(f->a, heading)->attr = attr;
    while (brace > s && brace[-1] == ' ')
        brace--;
    if (brace == s)
        cmark_node_unlink(last);
    else
        cmark_node_set_literal(last, aj_arena_strndup(f->a, s, (size_t)(brace - s)));
}

static void heading_id(Fold *f, cmark_node *heading)
{
    AjElement *el = aj_element_get(f->a, heading);
    if (!f->ids)
        f->ids = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, NULL);
    if (el->attr.id) {
        if (g_hash_table_contains(f->ids, el->attr.id))
            warn(f, aj_tree_line(f->tree, heading), "id-duplicate",
                 AJ_TR("换一个编号", "choose another id"),
                 AJ_TR("这一页已有同名的编号", "the page has this id already"));
        g_hash_table_insert(f->ids, (gpointer)el->attr.id, GUINT_TO_POINTER(0));
        return;
    }
    g_string_truncate(f->scratch, 0);
    aj_tree_stringify(heading, f->scratch);
    size_t len = f->scratch->len;
    if (f->pre->has & AJ_HAS_ESCAPES)
        len = aj_prepass_unescape(f->scratch->str, len);
    g_autofree char *slug = aj_slug(f->scratch->str, len);
    char *id = aj_arena_strdup(f->a, slug);
    for (char *c = id; *c; c++)
        *c = g_ascii_tolower(*c);
    gpointer number;
    if (g_hash_table_lookup_extended(f->ids, id, NULL, &number)) {
        unsigned n = GPOINTER_TO_UINT(number);
        const char *base = id;
        do
            id = aj_arena_printf(f->a, "%s-%u", base, ++n);
        while (g_hash_table_contains(f->ids, id));
        g_hash_table_insert(f->ids, (gpointer)base, GUINT_TO_POINTER(n));
    }
    g_hash_table_insert(f->ids, (gpointer)id, GUINT_TO_POINTER(0));
    el->attr.id = id;
}

/* ``` lua {.numbers #id} or ``` {.lua .numbers}: the first class is the language then. */
static void fence_attributes(Fold *f, cmark_node *block)
{
    const char *info = cmark_node_get_fence_info(block);
    const char *brace = info ? strchr(info, '{') : NULL;
    AjAttr attr = {0};
    if (!brace || !aj_attribute_parse(f->a, brace, strlen(brace), &attr))
        return;
    const char *end = brace;
    while (end > info && end[-1] == ' ')
        end--;
    const char *language = aj_arena_strndup(f->a, info, (size_t)(end - info));
    if (end == info && attr.class_count) {
        language = attr.classes[0];
        attr.class_count--;
        memmove(attr.classes, attr.classes + 1, attr.class_count * sizeof *attr.classes);
    }
    cmark_node_set_fence_info(block, language);
    aj_element_get(f->a, block)->attr = attr;
}

/* First text of the first paragraph of a quote or item. */
static cmark_node *first_text(cmark_node *box)
{
    cmark_node *paragraph = cmark_node_first_child(box);
    if (!paragraph || cmark_node_get_type(paragraph) != CMARK_NODE_PARAGRAPH)
        return NULL;
    cmark_node *text = cmark_node_first_child(paragraph);
    return text && cmark_node_get_type(text) == CMARK_NODE_TEXT ? text : NULL;
}

static void task_fold(Fold *f, cmark_node *item)
{
    cmark_node *text = first_text(item);
    const char *s = text ? cmark_node_get_literal(text) : "";
    if (s[0] != '[' || !strchr(" xX", s[1]) || !s[1] || s[2] != ']' || s[3] != ' ' ||
        (!s[4] && !cmark_node_next(text)))
        return;
    AjElement *el = aj_element_get(f->a, item);
    el->kind = AJ_EL_TASK;
    el->checked = s[1] != ' ';
    cmark_node_set_literal(text, aj_arena_strdup(f->a, s + 4));
}

/* `> [!WARNING]` alone on the first line of a quote that holds more. */
static cmark_node *alert_fold(Fold *f, cmark_node *quote)
{
    static const char *const names[] = {"note", "tip", "important", "warning", "caution"};
    cmark_node *text = first_text(quote);
    const char *s = text ? cmark_node_get_literal(text) : "";
    size_t len = strlen(s);
    if (len < 6 || s[0] != '[' || s[1] != '!' || s[len - 1] != ']')
        return quote;
    cmark_node *line_end = cmark_node_next(text), *paragraph = cmark_node_parent(text);
    if (line_end ? cmark_node_get_type(line_end) != CMARK_NODE_SOFTBREAK
                 : !cmark_node_next(paragraph))
        return quote;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        if (strlen(names[i]) != len - 3 || g_ascii_strncasecmp(s + 2, names[i], len - 3))
            continue;
        cmark_node *alert = element(f, AJ_EL_ALERT, aj_tree_line(f->tree, quote));
        aj_element_of(alert)->word = names[i];
        cmark_node_unlink(text);
        if (line_end)
            cmark_node_unlink(line_end);
        else
            cmark_node_unlink(paragraph);
        children_move(quote, alert);
        cmark_node_replace(quote, alert);
        return alert;
    }
    return quote;
}

static void texts_fold(Fold *f, cmark_node *node)
{
    unsigned has = f->pre->has;
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_HEADING:
        if (has & AJ_HAS_BRACE)
            heading_attributes(f, node);
        aj_inlines_fold(f->inlines, node);
        heading_id(f, node);
        return;
    case CMARK_NODE_PARAGRAPH:
        aj_inlines_fold(f->inlines, node);
        return;
    case CMARK_NODE_CODE_BLOCK:
        if (has & AJ_HAS_BRACE)
            fence_attributes(f, node);
        return;
    case CMARK_NODE_HTML_BLOCK:
    case CMARK_NODE_THEMATIC_BREAK:
        return;
    case CMARK_NODE_ITEM:
        if (has & AJ_HAS_BOX)
            task_fold(f, node);
        break;
    case CMARK_NODE_BLOCK_QUOTE:
        if (has & AJ_HAS_BOX)
            node = alert_fold(f, node);
        break;
    default:
        switch (aj_element_kind(node)) {
        case AJ_EL_CELL:
        case AJ_EL_TERM:
        case AJ_EL_PLAINTEXT:
            aj_inlines_fold(f->inlines, node);
            return;
        default:
            break;
        }
    }
    for (cmark_node *child = cmark_node_first_child(node), *next; child; child = next) {
        next = cmark_node_next(child);
        texts_fold(f, child);
    }
}

/* Notes that were referred to, in the order of their first reference; those may refer to more. */
static void notes_append(Fold *f)
{
    cmark_node *notes = NULL, *note;
    for (uint32_t i = 0; (note = aj_inlines_note_at(f->inlines, i)); i++) {
        if (!notes) {
            notes = aj_tree_element(f->a, AJ_EL_NOTES);
            cmark_node_append_child(f->tree->root, notes);
        }
        cmark_node_append_child(notes, note);
        texts_fold(f, note);
    }
    aj_inlines_end(f->inlines);
}

/* Escapes did their work; their marks go. */
static void escapes_remove(Fold *f)
{
    static const struct {
        const char *(*get)(cmark_node *);
        int (*set)(cmark_node *, const char *);
    } fields[] = {{cmark_node_get_literal, cmark_node_set_literal},
                  {cmark_node_get_url, cmark_node_set_url},
                  {cmark_node_get_title, cmark_node_set_title},
                  {cmark_node_get_fence_info, cmark_node_set_fence_info}};
    cmark_iter *iter = cmark_iter_new(f->tree->root);
    while (cmark_iter_next(iter) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
            const char *s = fields[i].get(node);
            if (!s || !strstr(s, AJ_ESCAPED))
                continue;
            char *copy = aj_arena_strdup(f->a, s);
            copy[aj_prepass_unescape(copy, strlen(copy))] = 0;
            fields[i].set(node, copy);
        }
    }
    cmark_iter_free(iter);
}

static bool is_shallow(Fold *f)
{
    cmark_node *node = f->tree->root;
    for (int depth = 0; node;) {
        cmark_node *next = cmark_node_first_child(node);
        depth += next != NULL;
        while (!next && node) {
            next = cmark_node_next(node);
            if (!next) {
                node = cmark_node_parent(node);
                depth--;
            }
        }
        node = next;
        if (depth <= MAX_DEPTH)
            continue;
        AjPos pos = f->pos;
        pos.line = aj_tree_line(f->tree, node);
        aj_diag(f->diags, AJ_ERROR, pos, "limit-depth", AJ_TR("减少嵌套", "nest less"),
                AJ_TR("嵌套超过 %d 层", "nested deeper than %d"), MAX_DEPTH);
        return false;
    }
    return true;
}

AjFold aj_blocks_fold(AjTree *tree, const AjPrepass *pre, const AjMarkdownOptions *options,
                      AjDiags *diags)
{
    Fold f = {
        .tree = tree, .a = tree->arena, .pre = pre, .pos = {options->path, 0, 0}, .diags = diags};
    if (pre->has & AJ_HAS_DEPTH && !is_shallow(&f))
        return AJ_FOLD_REFUSED;
    if (!options->extensions)
        return AJ_FOLD_DONE;
    f.scratch = g_string_sized_new(128);
    f.inlines = aj_inlines_new(tree, pre->has, options->path, diags);
    if (pre->mark_count)
        marks_fold(&f, tree->root);
    bool whole = f.seen == pre->headings;
    if (whole) {
        texts_fold(&f, tree->root);
        notes_append(&f);
    }
    if (whole && pre->has & AJ_HAS_ESCAPES)
        escapes_remove(&f);
    aj_inlines_free(f.inlines);
    g_string_free(f.scratch, TRUE);
    if (f.ids)
        g_hash_table_unref(f.ids);
    return whole ? AJ_FOLD_DONE : AJ_FOLD_LOST;
}
