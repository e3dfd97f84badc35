/* diffpage - what a template sees of the difference between two versions of one page.
 *
 * The texts are read without filters: an old version may have had others, and what a person wrote
 * is what has to be compared. Must not know: where the two texts come from, templates. */
#include "driver/diffpage.h"

#include "history/diff.h"
#include "load/frontmatter.h"
#include "load/scalar.h"
#include "parse/markdown.h"
#include "parse/outline.h"

#include <string.h>

/* ---- a text as blocks ---- */

static void add_scalar(GString *out, const AjValue *v)
{
    switch (v->type) {
    case AJ_VALUE_STRING:
        g_string_append(out, v->s);
        break;
    case AJ_VALUE_INT:
        g_string_append_printf(out, "%" G_GINT64_FORMAT, v->i);
        break;
    case AJ_VALUE_DOUBLE:
        g_string_append_printf(out, "%.15g", v->d);
        break;
    case AJ_VALUE_BOOL:
        g_string_append(out, v->b ? "true" : "false");
        break;
    case AJ_VALUE_LIST:
        for (uint32_t i = 0; i < v->len; i++) {
            g_string_append(out, i ? "、" : "");
            add_scalar(out, v->items[i]);
        }
        break;
    case AJ_VALUE_MAP:
        for (uint32_t i = 0; i < v->len; i++) {
            g_string_append_printf(out, "%s%s ", i ? "，" : "", v->entries[i].key);
            add_scalar(out, v->entries[i].value);
        }
        break;
    case AJ_VALUE_NULL:
        break;
    }
}

static void add_fields(AjArena *a, const AjValue *map, GArray *blocks)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (uint32_t i = 0; i < map->len; i++) {
        g_string_printf(text, "%s：", map->entries[i].key);
        add_scalar(text, map->entries[i].value);
        for (char *p = text->str; *p; p++)
            if ((unsigned char)*p < 0x20)
                *p = ' ';
        AjBlock b = {.kind = AJ_BLOCK_FIELD,
                     .text = aj_arena_strndup(a, text->str, text->len),
                     .form = "",
                     .line = map->entries[i].value->line};
        g_array_append_val(blocks, b);
    }
}

static GArray *blocks_of(AjArena *a, const AjDiffSide *side)
{
    g_autoptr(AjDiags) ignored = aj_diags_new(); /* an old version's faults are not told today */
    GArray *all = g_array_new(FALSE, TRUE, sizeof(AjBlock));
    const char *bytes = side->bytes;
    size_t len = side->len;
    AjFrontmatter front;
    if (!bytes)
        return all;
    if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        bytes += 3;
        len -= 3;
    }
    AjTree *tree = NULL;
    if (aj_frontmatter_parse(a, bytes, len, side->source, &front, ignored)) {
        AjMarkdownOptions options = {side->source, front.body_line, true};
        add_fields(a, front.map, all);
        tree = aj_markdown_parse(a, bytes + front.body, len - front.body, &options, ignored);
    }
    g_autoptr(GArray) body = NULL;
    if (tree) {
        body = aj_outline(a, tree);
    } else {
        g_array_set_size(all, 0);
        body = aj_outline_lines(a, bytes, len);
    }
    g_array_append_vals(all, body->data, body->len);
    return all;
}

/* ---- a difference as values ---- */

static bool is_changed(const AjDiffEntry *e)
{
    return e->kind != AJ_DIFF_SAME || e->moved || e->form;
}

static const AjBlock *shown(const AjDiffEntry *e)
{
    return e->after ? e->after : e->before;
}

static void put_state(AjArena *a, AjValue *v, const AjDiffEntry *e)
{
    aj_value_set_bool(a, v, "is_same", e->kind == AJ_DIFF_SAME);
    aj_value_set_bool(a, v, "is_changed", e->kind == AJ_DIFF_CHANGED);
    aj_value_set_bool(a, v, "is_new", e->kind == AJ_DIFF_NEW);
    aj_value_set_bool(a, v, "is_gone", e->kind == AJ_DIFF_GONE);
    aj_value_set_bool(a, v, "moved", e->moved);
    aj_value_set_bool(a, v, "form", e->form);
}

static void push_part(AjArena *a, AjValue *parts, AjPartKind kind, const char *text, size_t len)
{
    AjValue *v = aj_value_map(a);
    aj_value_set(a, v, "text", aj_value_stringn(a, text, len));
    aj_value_set_bool(a, v, "is_same", kind == AJ_PART_SAME);
    aj_value_set_bool(a, v, "is_new", kind == AJ_PART_NEW);
    aj_value_set_bool(a, v, "is_gone", kind == AJ_PART_GONE);
    aj_value_push(a, parts, v);
}

/* Pushes a list of parts for every cell; a text without cells is one. */
static void put_cells(AjArena *a, AjValue *cells, const AjDiffEntry *e)
{
    AjPart whole = {e->kind == AJ_DIFF_NEW    ? AJ_PART_NEW
                    : e->kind == AJ_DIFF_GONE ? AJ_PART_GONE
                                              : AJ_PART_SAME,
                    shown(e)->text, strlen(shown(e)->text)};
    const AjPart *parts = e->kind == AJ_DIFF_CHANGED ? e->parts : &whole;
    uint32_t count = e->kind == AJ_DIFF_CHANGED ? e->part_count : 1;
    AjValue *cell = aj_value_map(a), *list = aj_value_list(a);
    for (uint32_t i = 0; i <= count; i++) {
        const char *text = i < count ? parts[i].text : "";
        size_t left = i < count ? parts[i].len : 0;
        while (left) {
            const char *end = memchr(text, AJ_CELL_END, left);
            size_t len = end ? (size_t)(end - text) : left;
            if (len)
                push_part(a, list, parts[i].kind, text, len);
            if (end) { /* a border that only one side has still ends the cell */
                aj_value_set(a, cell, "parts", list);
                aj_value_push(a, cells, cell);
                cell = aj_value_map(a);
                list = aj_value_list(a);
            }
            text += len + (end != NULL);
            left -= len + (end != NULL);
        }
    }
    aj_value_set(a, cell, "parts", list);
    aj_value_push(a, cells, cell);
}

static AjValue *block_map(AjArena *a, const AjDiffEntry *e)
{
    static const char *const names[] = {
        [AJ_BLOCK_FIELD] = "is_field", [AJ_BLOCK_HEADING] = "is_heading",
        [AJ_BLOCK_TEXT] = "is_text",   [AJ_BLOCK_ITEM] = "is_item",
        [AJ_BLOCK_ROW] = "is_row",     [AJ_BLOCK_CODE] = "is_code",
        [AJ_BLOCK_IMAGE] = "is_image"};
    AjValue *v = aj_value_map(a), *cells = aj_value_list(a);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        aj_value_set_bool(a, v, names[i], i == shown(e)->kind);
    aj_value_set_int(a, v, "level", shown(e)->level);
    put_state(a, v, e);
    put_cells(a, cells, e);
    if (shown(e)->kind == AJ_BLOCK_ROW)
        aj_value_set(a, v, "cells", cells);
    else
        aj_value_set(a, v, "parts", (AjValue *)aj_value_get(cells->items[0], "parts"));
    return v;
}

/* Every second value: shown or left out. A block beside a change is shown, and the heading above.
 */
static void choose(const AjDiff *d, uint8_t *keep)
{
    uint32_t heading = UINT32_MAX;
    for (uint32_t i = 0; i < d->count; i++) {
        if (shown(&d->entries[i])->kind == AJ_BLOCK_HEADING)
            heading = i;
        if (!is_changed(&d->entries[i]))
            continue;
        keep[i] = 1;
        if (heading != UINT32_MAX)
            keep[heading] = 1;
        if (i)
            keep[i - 1] = 1;
        if (i + 1 < d->count)
            keep[i + 1] = 1;
    }
    for (uint32_t i = 1; i + 1 < d->count; i++) /* a gap of one block says no less than the block */
        if (!keep[i] && keep[i - 1] && keep[i + 1])
            keep[i] = 2;
}

static AjValue *groups_of(AjArena *a, const AjDiff *d, const uint8_t *keep, uint32_t from,
                          uint32_t to)
{
    AjValue *groups = aj_value_list(a), *rows = NULL;
    for (uint32_t i = from; i < to;) {
        const AjDiffEntry *e = &d->entries[i];
        if (keep && !keep[i]) {
            uint32_t end = i;
            while (end < to && !keep[end])
                end++;
            AjValue *gap = aj_value_map(a);
            aj_value_set_bool(a, gap, "is_gap", true);
            aj_value_set_int(a, gap, "count", end - i);
            aj_value_push(a, groups, gap);
            rows = NULL;
            i = end;
            continue;
        }
        AjValue *v = block_map(a, e);
        if (shown(e)->kind != AJ_BLOCK_ROW) {
            aj_value_push(a, groups, v);
            rows = NULL;
        } else {
            if (!rows) {
                AjValue *table = aj_value_map(a);
                rows = aj_value_list(a);
                aj_value_set_bool(a, table, "is_table", true);
                aj_value_set(a, table, "rows", rows);
                aj_value_push(a, groups, table);
            }
            aj_value_push(a, rows, v);
        }
        i++;
    }
    return groups;
}

/* Runs of blocks that belong to one question, where something in them changed. */
static AjValue *questions_of(AjArena *a, const AjDiff *d)
{
    AjValue *list = aj_value_list(a);
    for (uint32_t i = 0; i < d->count;) {
        const AjDiffEntry *first = &d->entries[i];
        uint32_t end = i + 1;
        bool changed = is_changed(first), lives = first->after, lived = first->before;
        if (!shown(first)->question || shown(first)->kind != AJ_BLOCK_HEADING) {
            i++;
            continue;
        }
        for (; end < d->count && shown(&d->entries[end])->kind != AJ_BLOCK_HEADING &&
               shown(&d->entries[end])->question;
             end++)
            changed |= is_changed(&d->entries[end]);
        if (changed) {
            AjValue *v = aj_value_map(a);
            aj_value_set_string(a, v, "title", shown(first)->text);
            aj_value_set_bool(a, v, "is_new", !lived);
            aj_value_set_bool(a, v, "is_gone", !lives);
            aj_value_set_bool(a, v, "is_changed", lived && lives);
            aj_value_set(a, v, "groups", groups_of(a, d, NULL, i, end));
            aj_value_push(a, list, v);
        }
        i = end;
    }
    return list;
}

AjValue *aj_diffpage_map(AjArena *a, const AjDiffSide *before, const AjDiffSide *after)
{
    aj_tree_use_arena(a);
    g_autoptr(GArray) x = blocks_of(a, before);
    g_autoptr(GArray) y = blocks_of(a, after);
    AjDiff *d = aj_diff_blocks(a, (const AjBlock *)(void *)x->data, x->len,
                               (const AjBlock *)(void *)y->data, y->len);
    uint8_t *keep = aj_arena_alloc(a, d->count + 1);
    choose(d, keep);
    AjValue *map = aj_value_map(a), *questions = questions_of(a, d);
    aj_value_set_int(a, map, "changed", d->changed);
    aj_value_set_int(a, map, "added", d->added);
    aj_value_set_int(a, map, "removed", d->removed);
    aj_value_set_int(a, map, "moved", d->moved);
    aj_value_set_bool(a, map, "has_changes", d->changed + d->added + d->removed + d->moved > 0);
    aj_value_set(a, map, "groups", groups_of(a, d, keep, 0, d->count));
    aj_value_set(a, map, "questions", questions);
    aj_value_set_bool(a, map, "has_questions", questions->len > 0);
    return map;
}

/* ---- an exam ---- */

bool aj_diffpage_is_exam(AjArena *a, const AjDiffSide *side)
{
    static const char *const keys[] = {"mode", "模式"};
    g_autoptr(AjDiags) ignored = aj_diags_new();
    AjFrontmatter front;
    if (!side->bytes)
        return false;
    bool bom = side->len >= 3 && memcmp(side->bytes, "\xef\xbb\xbf", 3) == 0;
    const char *bytes = side->bytes + (bom ? 3 : 0);
    if (!aj_frontmatter_parse(a, bytes, side->len - (bom ? 3 : 0), side->source, &front, ignored))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        const AjValue *said = aj_value_get(front.map, keys[i]);
        g_autofree char *mode = said ? aj_scalar_folded(said) : NULL;
        if (mode && (strcmp(mode, "考试") == 0 || strcmp(mode, "exam") == 0))
            return true;
    }
    return false;
}

void aj_diffpage_hide_answers(AjArena *a, AjValue *map)
{
    const AjValue *groups = aj_value_get(map, "groups"),
                  *questions = aj_value_get(map, "questions");
    AjValue *fields = aj_value_list(a), *titles = aj_value_list(a);
    for (uint32_t i = 0; i < groups->len; i++)
        if (aj_value_get_bool(groups->items[i], "is_field", false))
            aj_value_push(a, fields, groups->items[i]);
    for (uint32_t i = 0; i < questions->len; i++) {
        const AjValue *q = questions->items[i];
        AjValue *v = aj_value_map(a);
        for (uint32_t k = 0; k < q->len; k++)
            if (strcmp(q->entries[k].key, "groups") != 0)
                aj_value_set(a, v, q->entries[k].key, q->entries[k].value);
        aj_value_push(a, titles, v);
    }
    aj_value_set(a, map, "groups", fields);
    aj_value_set(a, map, "questions", titles);
    aj_value_set_bool(a, map, "is_exam", true);
}
