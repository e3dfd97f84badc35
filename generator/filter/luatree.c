/* luatree - the tree as Lua sees it.
 *
 * One function a kind of block. A task's mark is a Str, an alert a Div with a title, as in pandoc.
 * Must not know: which filter runs, limits, where a library function comes from. */
#include "filter/luatree.h"

#include "filter/luameta.h"
#include "filter/luaword.h"

#include <lauxlib.h>
#include <string.h>

static const char *const alert_titles[][2] = {{"note", "Note"},
                                              {"tip", "Tip"},
                                              {"important", "Important"},
                                              {"warning", "Warning"},
                                              {"caution", "Caution"}};

void aj_luatree_open(lua_State *L, AjLuatree *t, AjTree *tree, int exports)
{
    static const struct {
        const char *name;
        size_t place;
    } fields[] = {{"elements", offsetof(AjLuatree, elements)},
                  {"Inlines", offsetof(AjLuatree, inlines_mt)},
                  {"Blocks", offsetof(AjLuatree, blocks_mt)},
                  {"List", offsetof(AjLuatree, list_mt)},
                  {"Attr", offsetof(AjLuatree, attr_mt)},
                  {"Attributes", offsetof(AjLuatree, attributes_mt)},
                  {"Meta", offsetof(AjLuatree, meta_mt)},
                  {"to_attr", offsetof(AjLuatree, to_attr)},
                  {"to_inlines", offsetof(AjLuatree, to_inlines)},
                  {"to_blocks", offsetof(AjLuatree, to_blocks)},
                  {"repair", offsetof(AjLuatree, repair)}};
    *t = (AjLuatree){.tree = tree};
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
        lua_getfield(L, exports, fields[i].name);
        *(int *)((char *)t + fields[i].place) = lua_gettop(L);
    }
}

uint32_t aj_luatree_line(void *data, uint32_t number)
{
    AjLuatree *t = data;
    return number <= t->node_count ? aj_tree_line(t->tree, t->nodes[number - 1]) : 0;
}

/* ------------------------------------------------------------------ tree to Lua */

static void push_list(lua_State *L, AjLuatree *t, cmark_node *node)
{
    static const char *const delims[] = {[CMARK_NO_DELIM] = "DefaultDelim",
                                         [CMARK_PERIOD_DELIM] = "Period",
                                         [CMARK_PAREN_DELIM] = "OneParen"};
    bool ordered = cmark_node_get_list_type(node) == CMARK_ORDERED_LIST;
    lua_createtable(L, 0, 3);
    lua_newtable(L);
    lua_Integer n = 0;
    for (cmark_node *item = cmark_node_first_child(node); item; item = cmark_node_next(item)) {
        aj_luatree_blocks(L, t, item);
        lua_rawseti(L, -2, ++n);
    }
    lua_pushvalue(L, t->list_mt);
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "content");
    if (ordered) {
        lua_createtable(L, 0, 3);
        lua_pushinteger(L, cmark_node_get_list_start(node));
        lua_setfield(L, -2, "start");
        aj_luaword_set_text(L, "style", "Decimal");
        aj_luaword_set_text(L, "delimiter", delims[cmark_node_get_list_delim(node)]);
        aj_luaword_finish(L, t, AJ_TAG_LISTATTRIBUTES, NULL);
        lua_setfield(L, -2, "listAttributes");
    }
    aj_luaword_finish(L, t, ordered ? AJ_TAG_ORDEREDLIST : AJ_TAG_BULLETLIST, node);
}

static const char *const align_names[] = {"AlignDefault", "AlignLeft", "AlignCenter", "AlignRight"};

static void push_row(lua_State *L, AjLuatree *t, cmark_node *row)
{
    lua_createtable(L, 0, 2);
    lua_newtable(L);
    lua_Integer n = 0;
    for (cmark_node *cell = cmark_node_first_child(row); cell; cell = cmark_node_next(cell)) {
        AjElement *e = aj_element_of(cell);
        lua_createtable(L, 0, 6);
        aj_luatree_blocks(L, t, cell);
        lua_setfield(L, -2, "contents");
        aj_luaword_set_text(L, "alignment", align_names[e ? e->align : AJ_ALIGN_DEFAULT]);
        lua_pushinteger(L, 1);
        lua_setfield(L, -2, "row_span");
        lua_pushinteger(L, 1);
        lua_setfield(L, -2, "col_span");
        aj_luaword_set_attr(L, t, aj_luaword_attr(cell), NULL);
        aj_luaword_finish(L, t, AJ_TAG_CELL, cell);
        lua_rawseti(L, -2, ++n);
    }
    lua_pushvalue(L, t->list_mt);
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "cells");
    aj_luaword_set_attr(L, t, aj_luaword_attr(row), NULL);
    aj_luaword_finish(L, t, AJ_TAG_ROW, row);
}

static cmark_node *push_rows(lua_State *L, AjLuatree *t, cmark_node *row, uint32_t limit)
{
    lua_newtable(L);
    lua_Integer n = 0;
    for (; row && limit; row = cmark_node_next(row), limit--) {
        push_row(L, t, row);
        lua_rawseti(L, -2, ++n);
    }
    lua_pushvalue(L, t->list_mt);
    lua_setmetatable(L, -2);
    return row;
}

static void push_table(lua_State *L, AjLuatree *t, cmark_node *node)
{
    AjElement *e = aj_element_of(node);
    lua_createtable(L, 0, 7);
    lua_createtable(L, 0, 1);
    lua_newtable(L);
    lua_pushvalue(L, t->blocks_mt);
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "long");
    lua_setfield(L, -2, "caption");
    lua_createtable(L, (int)e->columns, 0);
    for (uint32_t i = 0; i < e->columns; i++) {
        lua_createtable(L, 2, 0);
        lua_pushstring(L, align_names[e->aligns ? e->aligns[i] : AJ_ALIGN_DEFAULT]);
        lua_rawseti(L, -2, 1);
        lua_rawseti(L, -2, i + 1);
    }
    lua_pushvalue(L, t->list_mt);
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "colspecs");
    lua_createtable(L, 0, 2);
    cmark_node *row = push_rows(L, t, cmark_node_first_child(node), e->head_rows);
    lua_setfield(L, -2, "rows");
    aj_luaword_finish(L, t, AJ_TAG_TABLEHEAD, NULL);
    lua_setfield(L, -2, "head");
    lua_createtable(L, 1, 0);
    lua_createtable(L, 0, 4);
    push_rows(L, t, row, UINT32_MAX);
    lua_setfield(L, -2, "body");
    push_rows(L, t, NULL, 0);
    lua_setfield(L, -2, "head");
    lua_pushinteger(L, 0);
    lua_setfield(L, -2, "row_head_columns");
    aj_luaword_finish(L, t, AJ_TAG_TABLEBODY, NULL);
    lua_rawseti(L, -2, 1);
    lua_pushvalue(L, t->list_mt);
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "bodies");
    lua_createtable(L, 0, 1);
    push_rows(L, t, NULL, 0);
    lua_setfield(L, -2, "rows");
    aj_luaword_finish(L, t, AJ_TAG_TABLEFOOT, NULL);
    lua_setfield(L, -2, "foot");
    aj_luaword_set_attr(L, t, &e->attr, NULL);
    aj_luaword_finish(L, t, AJ_TAG_TABLE, node);
}

static void push_definitions(lua_State *L, AjLuatree *t, cmark_node *node)
{
    lua_createtable(L, 0, 2);
    lua_newtable(L);
    lua_Integer n = 0;
    for (cmark_node *c = cmark_node_first_child(node); c;) {
        lua_createtable(L, 2, 0);
        if (aj_element_kind(c) == AJ_EL_TERM) {
            aj_luaword_push(L, t, c, NULL);
            c = cmark_node_next(c);
        } else {
            lua_newtable(L);
            lua_pushvalue(L, t->inlines_mt);
            lua_setmetatable(L, -2);
        }
        lua_rawseti(L, -2, 1);
        lua_newtable(L);
        for (lua_Integer i = 1; c && aj_element_kind(c) != AJ_EL_TERM;
             c = cmark_node_next(c), i++) {
            aj_luatree_blocks(L, t, c);
            lua_rawseti(L, -2, i);
        }
        lua_pushvalue(L, t->list_mt);
        lua_setmetatable(L, -2);
        lua_rawseti(L, -2, 2);
        lua_rawseti(L, -2, ++n);
    }
    lua_pushvalue(L, t->list_mt);
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "content");
    aj_luaword_finish(L, t, AJ_TAG_DEFINITIONLIST, node);
}

/* As pandoc reads it: a Div with the word as its class, that opens with a Div "title". */
static void push_alert(lua_State *L, AjLuatree *t, cmark_node *node)
{
    AjElement *e = aj_element_of(node);
    const char *title = "Note";
    for (size_t i = 0; i < G_N_ELEMENTS(alert_titles); i++)
        if (e->word && strcmp(e->word, alert_titles[i][0]) == 0)
            title = alert_titles[i][1];
    lua_createtable(L, 0, 3);
    aj_luatree_blocks(L, t, node);
    lua_Integer n = (lua_Integer)lua_rawlen(L, -1);
    for (; n > 0; n--) {
        lua_rawgeti(L, -1, n);
        lua_rawseti(L, -2, n + 1);
    }
    lua_createtable(L, 0, 2); /* the title */
    lua_createtable(L, 1, 0);
    lua_createtable(L, 0, 1);
    lua_createtable(L, 1, 0);
    lua_Integer w = 0;
    aj_luaword_add(L, t, title, strlen(title), &w);
    lua_pushvalue(L, t->inlines_mt);
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "content");
    aj_luaword_finish(L, t, AJ_TAG_PARA, NULL);
    lua_rawseti(L, -2, 1);
    lua_pushvalue(L, t->blocks_mt);
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "content");
    aj_luaword_set_attr(L, t, NULL, "title");
    aj_luaword_finish(L, t, AJ_TAG_DIV, NULL);
    lua_rawseti(L, -2, 1);
    lua_setfield(L, -2, "content");
    aj_luaword_set_attr(L, t, &e->attr, e->word);
    aj_luaword_finish(L, t, AJ_TAG_DIV, node);
}

static void push_code_block(lua_State *L, AjLuatree *t, cmark_node *node)
{
    const char *info = cmark_node_get_fence_info(node);
    size_t len = info ? strcspn(info, " \t") : 0;
    char *word = len ? aj_arena_strndup(t->tree->arena, info, len) : NULL;
    lua_createtable(L, 0, 3);
    const char *text = cmark_node_get_literal(node);
    size_t n = strlen(text);
    lua_pushlstring(L, text, n && text[n - 1] == '\n' ? n - 1 : n);
    lua_setfield(L, -2, "text");
    aj_luaword_set_attr(L, t, aj_luaword_attr(node), word);
    aj_luaword_finish(L, t, AJ_TAG_CODEBLOCK, node);
}

static bool is_tight(cmark_node *paragraph)
{
    cmark_node *item = cmark_node_parent(paragraph);
    return item && cmark_node_get_type(item) == CMARK_NODE_ITEM &&
           cmark_node_get_list_tight(cmark_node_parent(item));
}

static void push_blocks_of(lua_State *L, AjLuatree *t, AjTag tag, cmark_node *node)
{
    lua_createtable(L, 0, 3);
    aj_luatree_blocks(L, t, node);
    lua_setfield(L, -2, "content");
    if (tag == AJ_TAG_DIV)
        aj_luaword_set_attr(L, t, aj_luaword_attr(node), NULL);
    aj_luaword_finish(L, t, tag, node);
}

static void push_custom_block(lua_State *L, AjLuatree *t, cmark_node *node)
{
    switch (aj_element_kind(node)) {
    case AJ_EL_TABLE:
        push_table(L, t, node);
        break;
    case AJ_EL_DEFLIST:
        push_definitions(L, t, node);
        break;
    case AJ_EL_ALERT:
        push_alert(L, t, node);
        break;
    case AJ_EL_PLAINTEXT:
        aj_luaword_container(L, t, AJ_TAG_PLAIN, node, false);
        break;
    default:
        push_blocks_of(L, t, AJ_TAG_DIV, node);
        break;
    }
}

static void push_block(lua_State *L, AjLuatree *t, cmark_node *node, const char *task)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_BLOCK_QUOTE:
        push_blocks_of(L, t, AJ_TAG_BLOCKQUOTE, node);
        break;
    case CMARK_NODE_LIST:
        push_list(L, t, node);
        break;
    case CMARK_NODE_CODE_BLOCK:
        push_code_block(L, t, node);
        break;
    case CMARK_NODE_HTML_BLOCK:
        lua_createtable(L, 0, 3);
        aj_luaword_set_text(L, "format", "html");
        aj_luaword_set_text(L, "text", cmark_node_get_literal(node));
        aj_luaword_finish(L, t, AJ_TAG_RAWBLOCK, node);
        break;
    case CMARK_NODE_PARAGRAPH:
        lua_createtable(L, 0, 2);
        aj_luaword_push(L, t, node, task);
        lua_setfield(L, -2, "content");
        aj_luaword_finish(L, t, is_tight(node) ? AJ_TAG_PLAIN : AJ_TAG_PARA, node);
        break;
    case CMARK_NODE_HEADING:
        lua_createtable(L, 0, 4);
        lua_pushinteger(L, cmark_node_get_heading_level(node));
        lua_setfield(L, -2, "level");
        aj_luaword_push(L, t, node, NULL);
        lua_setfield(L, -2, "content");
        aj_luaword_set_attr(L, t, aj_luaword_attr(node), NULL);
        aj_luaword_finish(L, t, AJ_TAG_HEADER, node);
        break;
    case CMARK_NODE_THEMATIC_BREAK:
        lua_createtable(L, 0, 1);
        aj_luaword_finish(L, t, AJ_TAG_HORIZONTALRULE, node);
        break;
    default:
        push_custom_block(L, t, node);
        break;
    }
}

/* A cell of bare inlines is one Plain. */
static void push_bare(lua_State *L, AjLuatree *t, cmark_node *parent)
{
    lua_createtable(L, 0, 1);
    aj_luaword_push(L, t, parent, NULL);
    lua_setfield(L, -2, "content");
    aj_luaword_finish(L, t, AJ_TAG_PLAIN, NULL);
    lua_rawseti(L, -2, 1);
}

static bool is_inline(cmark_node *node)
{
    return cmark_node_get_type(node) >= CMARK_NODE_FIRST_INLINE;
}

void aj_luatree_blocks(lua_State *L, AjLuatree *t, cmark_node *parent)
{
    aj_luaword_deeper(L, t);
    lua_newtable(L);
    lua_Integer n = 0;
    AjElement *e = aj_element_of(parent);
    const char *task = NULL;
    if (e && e->kind == AJ_EL_TASK)
        task = e->checked ? "☒" : "☐";
    cmark_node *c = cmark_node_first_child(parent);
    if (c && is_inline(c)) {
        push_bare(L, t, parent);
    } else {
        if (task && (!c || cmark_node_get_type(c) != CMARK_NODE_PARAGRAPH)) {
            lua_createtable(L, 0, 1); /* an empty task still shows its mark */
            lua_newtable(L);
            lua_Integer w = 0;
            aj_luaword_add(L, t, task, strlen(task), &w);
            lua_pushvalue(L, t->inlines_mt);
            lua_setmetatable(L, -2);
            lua_setfield(L, -2, "content");
            aj_luaword_finish(L, t, AJ_TAG_PLAIN, NULL);
            lua_rawseti(L, -2, ++n);
            task = NULL;
        }
        for (; c; c = cmark_node_next(c)) {
            if (aj_element_kind(c) == AJ_EL_NOTES)
                continue;
            push_block(L, t, c, task);
            task = NULL;
            lua_rawseti(L, -2, ++n);
        }
    }
    lua_pushvalue(L, t->blocks_mt);
    lua_setmetatable(L, -2);
    t->depth--;
}

void aj_luatree_push(lua_State *L, AjLuatree *t, const AjValue *meta)
{
    t->depth = 0;
    lua_createtable(L, 0, 3);
    aj_luatree_blocks(L, t, t->tree->root);
    lua_setfield(L, -2, "blocks");
    if (meta && meta->type == AJ_VALUE_MAP)
        aj_luameta_push(L, t, meta);
    else
        lua_newtable(L);
    lua_pushvalue(L, t->meta_mt);
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "meta");
    lua_rawgeti(L, t->elements, AJ_TAG_PANDOC);
    lua_setmetatable(L, -2);
}

void aj_luatree_push_parts(lua_State *L, AjLuatree *t, uint64_t tags)
{
    uint32_t count = 0;
    cmark_node *first = cmark_node_first_child(t->tree->root);
    for (cmark_node *c = first; c; c = cmark_node_next(c))
        count++;
    t->parts = aj_arena_alloc(t->tree->arena, (count + 1) * sizeof *t->parts);
    t->depth = 0;
    lua_newtable(L);
    for (cmark_node *c = first; c; c = cmark_node_next(c)) {
        if (!(aj_luatag_set(c) & tags))
            continue;
        t->parts[t->part_count++] = c;
        lua_createtable(L, 1, 0);
        push_block(L, t, c, NULL);
        lua_rawseti(L, -2, 1);
        lua_pushvalue(L, t->blocks_mt);
        lua_setmetatable(L, -2);
        lua_rawseti(L, -2, t->part_count);
    }
}

void aj_luatree_push_other(lua_State *L, const AjLuatree *t, AjTree *other)
{
    AjLuatree of = *t;
    of.tree = other;
    of.foreign = true;
    of.note_depth = 0;
    of.text = NULL;
    of.text_len = of.text_cap = 0;
    aj_luatree_push(L, &of, NULL);
}
