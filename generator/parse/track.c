/* track - follows the block structure of a page as cmark does, and rewrites the lines that are
 * ours.
 *
 * Containers, fences and HTML are tracked without making nodes; what is not ours is copied as it
 * is. Must not know: inlines, nodes, HTML, files. */
#include "parse/track.h"

#include "parse/cursor.h"
#include "parse/htmlblock.h"
#include "parse/lineform.h"
#include "parse/rewrite.h"

#include <string.h>

#define MARK AJ_MARKED

enum { MAX_DEPTH = AJ_MAX_DEPTH, MAX_COLUMNS = 256, MAX_CELLS = 20000 };

typedef struct {
    bool quote, empty, ours;
    uint32_t offset; /* of an item's text, in columns from its container */
} Container;
typedef struct {
    uint32_t depth, line;
} Div;
typedef enum { NONE, PARAGRAPH, FENCE, HTML, TABLE } Leaf;

typedef struct {
    AjArena *a;
    const AjMarkdownOptions *options;
    AjDiags *diags;
    uint32_t first_line;
    unsigned has;
    const char *end;
    const char *line, *eol, *next; /* the line under way; `next` follows its line end */
    uint32_t number;
    Container stack[MAX_DEPTH + 2];
    uint32_t depth;
    Div divs[MAX_DEPTH + 2];
    uint32_t div_count;
    bool definitions[MAX_DEPTH + 3]; /* by depth: a definition may follow here */
    bool after_blank, failed;
    Leaf leaf;
    char fence_char;
    uint32_t fence_len;
    int html;
    uint32_t columns, cells;
    AjRewrite out;
} Track;

static bool refuse_limit(Track *t, const char *code, const char *hint, const char *format,
                         unsigned limit)
{
    g_autofree char *message = g_strdup_printf(format, limit);
    aj_diag(t->diags, AJ_ERROR, (AjPos){t->options->path, t->first_line + t->number - 1, 0}, code,
            hint, "%s", message);
    return false;
}

static void emit_prefix(Track *t)
{
    static const char blanks[] = "                                ";
    for (uint32_t i = 0; i < t->depth; i++) {
        if (t->stack[i].quote) {
            aj_rewrite_add(&t->out, "> ", 2);
            continue;
        }
        for (uint32_t n = t->stack[i].offset; n;) {
            uint32_t now = MIN(n, (uint32_t)sizeof blanks - 1);
            aj_rewrite_add(&t->out, blanks, now);
            n -= now;
        }
    }
}

/* How many containers go on in this line. */
static uint32_t match(const Track *t, AjCursor *c)
{
    uint32_t i;
    for (i = 0; i < t->depth; i++) {
        const Container *box = &t->stack[i];
        aj_cursor_find_first(c);
        if (box->quote) {
            if (c->indent > 3 || c->blank || *c->first != '>')
                return i;
            aj_cursor_advance(c, c->indent + 1, true);
            if (c->at < c->eol && (*c->at == ' ' || *c->at == '\t'))
                aj_cursor_advance(c, 1, true);
        } else if (c->indent >= box->offset) {
            aj_cursor_advance(c, box->offset, true);
        } else if (c->blank && !box->empty) {
            c->at = c->first;
            c->column = c->first_column;
        } else {
            return i;
        }
    }
    aj_cursor_find_first(c);
    return i;
}

static void pop_to(Track *t, uint32_t depth)
{
    while (t->div_count && t->divs[t->div_count - 1].depth > depth) {
        aj_diag(t->diags, AJ_WARNING,
                (AjPos){t->options->path, t->first_line + t->divs[--t->div_count].line - 1, 0},
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
        t, "limit-depth", AJ_TR("减少嵌套", "nest less"),
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

/* After a marker of `len` bytes at c->first: the item's text begins where cmark lets it begin. */
static Container item_open(AjCursor *c, uint32_t len)
{
    uint32_t marker_indent = c->indent;
    aj_cursor_advance(c, (uint32_t)(c->first - c->at) + len, false);
    AjCursor saved = *c;
    while (c->column - saved.column <= 5 && c->at < c->eol && (*c->at == ' ' || *c->at == '\t'))
        aj_cursor_advance(c, 1, true);
    uint32_t i = c->column - saved.column, padding = len + i;
    bool blank = aj_lineform_is_blank(c->at, c->eol);
    if (i >= 5 || i < 1 || c->at == c->eol) {
        padding = len + 1;
        *c = saved;
        if (i)
            aj_cursor_advance(c, 1, true);
    }
    return (Container){.offset = marker_indent + padding, .empty = blank};
}

/* ---- tables ---- */

/* One heading a cell, the first one of level 2. Missing cells are made, surplus ones dropped. */
static void row_emit(Track *t, const char *p, const char *eol)
{
    const char *from, *to;
    aj_lineform_row(&p, &eol);
    t->cells += t->columns;
    t->out.headings += t->columns;
    if (t->cells > MAX_CELLS) {
        t->failed =
            !refuse_limit(t, "limit-cells", AJ_TR("分成几页", "split it into several pages"),
                          AJ_TR("表格多于 %u 格", "tables hold more than %u cells"), MAX_CELLS);
        return;
    }
    for (uint32_t i = 0; i < t->columns; i++) {
        if (!aj_lineform_cell(&p, eol, &from, &to))
            from = to = eol;
        emit_prefix(t);
        if (i)
            aj_rewrite_add(&t->out, "# " MARK " ", 6);
        else
            aj_rewrite_add(&t->out, "## " MARK " ", 7);
        bool hash = from < to && to[-1] == '#'; /* a closing sequence would be cut off */
        while (from < to) {
            const char *pipe = memmem(from, (size_t)(to - from), "\\|", 2);
            aj_rewrite_add(&t->out, from, (size_t)((pipe ? pipe : to) - from));
            if (!pipe)
                break;
            aj_rewrite_add(&t->out, "|", 1);
            from = pipe + 2;
        }
        if (hash)
            aj_rewrite_add(&t->out, " " MARK, 4);
        aj_rewrite_end_line(&t->out, t->number);
    }
}

/* A cursor on the line after `p`; false at the end. */
static bool peek(const Track *t, const char *p, AjCursor *c, const char **next)
{
    if (p >= t->end)
        return false;
    *c = (AjCursor){.at = p, .eol = aj_lineform_end(p, t->end, t->has & AJ_HAS_CR, next)};
    return true;
}

static bool table_open(Track *t, const AjCursor *c)
{
    AjCursor under;
    const char *next;
    if (t->next >= t->end || !memchr("|:-> \t", *t->next, 6))
        return false;
    if (!peek(t, t->next, &under, &next) || match(t, &under) < t->depth || under.blank ||
        under.indent > 3)
        return false;
    uint32_t columns = aj_lineform_delimiters(under.first, under.eol, NULL);
    if (!columns || columns != aj_lineform_cells(c->first, c->eol) ||
        aj_lineform_marker(under.first, under.eol, t->leaf == PARAGRAPH))
        return false;
    if (columns > MAX_COLUMNS) {
        t->failed =
            !refuse_limit(t, "limit-columns", AJ_TR("分成几个表格", "split it into several tables"),
                          AJ_TR("表格多于 %u 列", "a table has more than %u columns"), MAX_COLUMNS);
        return true;
    }
    aj_rewrite_copy(&t->out, c->first, t->number);
    AjMark *m = aj_rewrite_mark(&t->out, AJ_MARK_TABLE, t->number);
    m->columns = t->columns = columns;
    m->aligns = aj_arena_alloc(t->a, columns * sizeof *m->aligns);
    aj_lineform_delimiters(under.first, under.eol, m->aligns);
    row_emit(t, c->first, c->eol);
    t->next = next;
    t->number++;
    aj_rewrite_skip(&t->out, t->next, t->number);
    t->leaf = TABLE;
    return true;
}

/* ---- definitions, notes, divs ---- */

static bool is_definition(const AjCursor *c)
{
    return c->indent <= 3 && !c->blank && *c->first == ':' && c->first + 1 < c->eol &&
           (c->first[1] == ' ' || c->first[1] == '\t') &&
           !aj_lineform_is_blank(c->first + 1, c->eol);
}

/* A line of text, alone, with ": " below it or below one blank line: a term. */
static bool term_open(Track *t, const AjCursor *c)
{
    AjCursor below;
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
    aj_rewrite_copy(&t->out, c->first, t->number);
    aj_rewrite_add(&t->out, "#### " MARK " ", 9);
    t->out.headings++;
    aj_rewrite_add(&t->out, c->first, (size_t)(eol - c->first));
    if (eol[-1] == '#')
        aj_rewrite_add(&t->out, " " MARK, 4);
    aj_rewrite_end_line(&t->out, t->number);
    aj_rewrite_skip(&t->out, t->next, t->number);
    t->definitions[t->depth] = true;
    t->leaf = NONE;
    return true;
}

static bool definition_open(Track *t, AjCursor *c)
{
    aj_rewrite_copy(&t->out, c->first, t->number);
    aj_rewrite_mark(&t->out, AJ_MARK_DEFINITION, t->number)->loose = t->after_blank;
    emit_prefix(t);
    aj_rewrite_add(&t->out, "+", 1);
    t->out.copied = c->first + 1;
    c->indent = 0;
    Container box = item_open(c, 1);
    box.ours = true;
    t->leaf = NONE;
    return push(t, box);
}

/* `[^label]: text`. The text is an item whose lines are indented by four. */
static bool note_open(Track *t, AjCursor *c)
{
    size_t len = aj_lineform_note(c->first, c->eol);
    const char *at = c->first + len;
    aj_rewrite_copy(&t->out, c->first, t->number);
    AjMark *m = aj_rewrite_mark(&t->out, AJ_MARK_NOTE, t->number);
    m->text = c->first + 2;
    m->len = len - 4;
    emit_prefix(t);
    while (at < c->eol && (*at == ' ' || *at == '\t'))
        at++;
    aj_rewrite_add(&t->out, "+   ", 4);
    t->leaf = NONE;
    if (!push(t, (Container){.offset = 4, .ours = true}))
        return false;
    if (at == c->eol) { /* the text begins below: something has to hold the item open */
        aj_rewrite_mark(&t->out, AJ_MARK_FILLER, t->number);
        aj_rewrite_skip(&t->out, t->next, t->number);
        return false;
    }
    t->out.copied = at;
    aj_cursor_advance(c, (uint32_t)(at - c->at), false);
    return true;
}

/* Whether a line that may be a div's fence is one, at this depth. */
static bool is_div(const Track *t, const char *p, const char *eol, uint32_t depth)
{
    size_t len;
    if (!aj_lineform_div(p, eol, &len))
        return false;
    uint32_t open = t->div_count;
    while (open && t->divs[open - 1].depth > depth)
        open--;
    return len || (open && t->divs[open - 1].depth == depth);
}

static void div_line(Track *t, const AjCursor *c)
{
    size_t len;
    const char *text = aj_lineform_div(c->first, c->eol, &len);
    if (len && too_deep(t))
        return;
    aj_rewrite_copy(&t->out, c->first, t->number);
    AjMark *m = aj_rewrite_mark(&t->out, len ? AJ_MARK_DIV : AJ_MARK_DIV_END, t->number);
    m->text = text;
    m->len = len;
    if (len)
        t->divs[t->div_count++] = (Div){t->depth, t->number};
    else
        t->div_count--;
    aj_rewrite_skip(&t->out, t->next, t->number);
    t->leaf = NONE;
}

/* ---- one line ---- */

static bool fence_open(Track *t, const AjCursor *c)
{
    size_t n = aj_lineform_run(c->first, c->eol, *c->first);
    if (n < 3 || (*c->first == '`' && memchr(c->first + n, '`', (size_t)(c->eol - c->first) - n)))
        return false;
    t->leaf = FENCE;
    t->fence_char = *c->first;
    t->fence_len = (uint32_t)n;
    return true;
}

static bool fence_closes(const Track *t, const AjCursor *c)
{
    if (c->indent > 3 || c->blank || *c->first != t->fence_char)
        return false;
    size_t n = aj_lineform_run(c->first, c->eol, t->fence_char);
    return n >= t->fence_len && aj_lineform_is_blank(c->first + n, c->eol);
}

typedef enum { TEXT, LEAF, DONE } Opened;

/* Opens containers and leaves as cmark does, from where the cursor is. TEXT: what is left is text
 * (or nothing); LEAF: a leaf took the line; DONE: the line was rewritten. */
static Opened open_blocks(Track *t, AjCursor *c, uint32_t matched, bool *opened)
{
    bool all = matched == t->depth, popped = all;
    bool in_paragraph = t->leaf == PARAGRAPH && all;
    bool ours_ended = !all && t->stack[matched].ours;
    bool lazy = t->leaf == PARAGRAPH;
    for (;; in_paragraph = lazy = false) {
        aj_cursor_find_first(c);
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
            if (!aj_lineform_is_heading(p, eol))
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
            t->html = aj_htmlblock_start(p, eol, lazy);
            if (!t->html)
                return TEXT;
            leaf = HTML;
            break;
        case '=':
            if (!in_paragraph || !aj_lineform_is_blank(p + aj_lineform_run(p, eol, '='), eol))
                return TEXT;
            leaf = TABLE;
            break;
        case '-':
            if (in_paragraph && aj_lineform_is_blank(p + aj_lineform_run(p, eol, '-'), eol)) {
                leaf = TABLE;
                break;
            }
            /* fall through */
        case '*':
        case '_':
            if (aj_lineform_is_break(p, eol)) {
                leaf = TABLE;
                break;
            }
            if (*p == '_')
                return TEXT;
            /* fall through */
        case '+':
        case '0' ... '9':
            marker = aj_lineform_marker(p, eol, in_paragraph);
            if (!marker)
                return TEXT;
            break;
        case ':':
            if (!t->options->extensions)
                return TEXT;
            if (!(t->definitions[depth] && is_definition(c)) && !is_div(t, p, eol, depth))
                return TEXT;
            ours = true;
            break;
        case '[':
            if (!t->options->extensions || !aj_lineform_note(p, eol))
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
            if (leaf == HTML && aj_htmlblock_ends(t->html, p, eol))
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
                aj_rewrite_copy(&t->out, p, t->number);
                aj_rewrite_mark(&t->out, AJ_MARK_FILLER, t->number);
                emit_prefix(t);
                c->indent = 0;
            }
            box = item_open(c, marker);
        } else {
            aj_cursor_advance(c, (uint32_t)(p - c->at) + 1, false);
            if (c->at < eol && (*c->at == ' ' || *c->at == '\t'))
                aj_cursor_advance(c, 1, true);
        }
        ours_ended = false;
        if (!push(t, box))
            return DONE;
    }
}

static void line_track(Track *t)
{
    AjCursor c = {.at = t->line, .eol = t->eol};
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
        if (t->html >= 6 ? c.blank : aj_htmlblock_ends(t->html, c.first, c.eol))
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
        aj_rewrite_copy(&t->out, t->line, t->number);
        row_emit(t, c.first, c.eol);
        aj_rewrite_skip(&t->out, t->next, t->number);
        return;
    }
    if (t->has & AJ_HAS_PIPE && c.indent <= 3 && table_open(t, &c)) {
        t->definitions[t->depth] = false;
        return;
    }
    if (t->leaf != PARAGRAPH) {
        t->definitions[t->depth] = false;
        if (t->has & AJ_HAS_COLON && term_open(t, &c))
            return;
    }
    t->leaf = PARAGRAPH;
}

static bool track(Track *t)
{
    while (t->line < t->end && !t->failed) {
        t->eol = aj_lineform_end(t->line, t->end, t->has & AJ_HAS_CR, &t->next);
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

bool aj_track_run(AjArena *a, const AjMarkdownOptions *options, AjDiags *diags, AjPrepass *io)
{
    Track t = {.a = a,
               .options = options,
               .diags = diags,
               .first_line = options->first_line ? options->first_line : 1,
               .has = options->extensions ? io->has : io->has & AJ_HAS_CR,
               .end = io->text + io->len,
               .line = io->text,
               .number = 1};
    aj_rewrite_init(&t.out, a, io->text, io->len, t.first_line);
    if (!track(&t))
        return false;
    if (t.out.line_count)
        aj_rewrite_finish(&t.out, t.end, t.number, io);
    return true;
}
