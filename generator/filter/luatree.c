/* luatree - the tree as Lua sees it.
 *
 * One function a kind. Adjacent text nodes become Str and Space as pandoc splits them; a task's
 * mark is a Str, an alert a Div with a title, as in pandoc.
 * Must not know: which filter runs, limits, where a library function comes from. */
#include "filter/luatree.h"

#include "filter/luameta.h"

#include <lauxlib.h>
#include <string.h>

#define MAX_DEPTH 400
#define MAX_NOTE_DEPTH 3

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
                  {"to_attr", offsetof(AjLuatree, to_attr)}};
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

static void push_inlines(lua_State *L, AjLuatree *t, cmark_node *parent, const char *task);
static void push_blocks(lua_State *L, AjLuatree *t, cmark_node *parent);

static void deeper(lua_State *L, AjLuatree *t)
{
    if (++t->depth > MAX_DEPTH)
        luaL_error(L, "the document is nested more than %d levels deep", MAX_DEPTH);
    luaL_checkstack(L, 16, "nesting");
}

/* Gives the table on top the metatable of its tag, and of what node it was made. */
static void finish_element(lua_State *L, AjLuatree *t, AjTag tag, cmark_node *node)
{
    if (node) {
        if (t->node_count == t->node_cap) {
            uint32_t cap = t->node_cap ? t->node_cap * 2 : 64;
            t->nodes = aj_arena_grow(t->tree->arena, t->nodes, t->node_cap * sizeof *t->nodes,
                                     cap * sizeof *t->nodes);
            t->node_cap = cap;
        }
        t->nodes[t->node_count++] = node;
        lua_pushinteger(L, t->node_count);
        lua_setfield(L, -2, "_n");
    }
    lua_rawgeti(L, t->elements, tag);
    lua_setmetatable(L, -2);
}

static void set_text(lua_State *L, const char *key, const char *text)
{
    lua_pushstring(L, text ? text : "");
    lua_setfield(L, -2, key);
}

/* `first` is a class to stand before the others, NULL for none. Sets nothing when all is empty:
 * pandoc.lua makes an empty Attr when one is asked for. */
static void set_attr(lua_State *L, AjLuatree *t, const AjAttr *attr, const char *first)
{
    if (!first && (!attr || (!attr->id && !attr->class_count && !attr->attribute_count)))
        return;
    static const AjAttr none;
    if (!attr)
        attr = &none;
    lua_createtable(L, 0, 3);
    set_text(L, "identifier", attr->id);
    lua_createtable(L, (int)attr->class_count + 1, 0);
    int n = 0;
    if (first) {
        lua_pushstring(L, first);
        lua_rawseti(L, -2, ++n);
    }
    for (uint32_t i = 0; i < attr->class_count; i++) {
        lua_pushstring(L, attr->classes[i]);
        lua_rawseti(L, -2, ++n);
    }
    lua_pushvalue(L, t->list_mt);
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "classes");
    lua_createtable(L, (int)attr->attribute_count, 0);
    for (uint32_t i = 0; i < attr->attribute_count; i++) {
        lua_createtable(L, 2, 0);
        lua_pushstring(L, attr->attributes[i].key);
        lua_rawseti(L, -2, 1);
        lua_pushstring(L, attr->attributes[i].value ? attr->attributes[i].value : "");
        lua_rawseti(L, -2, 2);
        lua_rawseti(L, -2, i + 1);
    }
    lua_pushvalue(L, t->attributes_mt);
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "attributes");
    lua_pushvalue(L, t->attr_mt);
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "attr");
}

static const AjAttr *attr_of(cmark_node *node)
{
    AjElement *e = aj_element_of(node);
    return e ? &e->attr : NULL;
}

static void add_text(AjLuatree *t, const char *s, size_t len)
{
    if (t->text_len + len + 1 > t->text_cap) {
        size_t cap = MAX(t->text_cap * 2, t->text_len + len + 256);
        t->text = aj_arena_grow(t->tree->arena, t->text, t->text_cap, cap);
        t->text_cap = cap;
    }
    memcpy(t->text + t->text_len, s, len);
    t->text_len += len;
    t->text[t->text_len] = '\0';
}

static void add_element(lua_State *L, AjLuatree *t, AjTag tag, lua_Integer *n)
{
    lua_rawgeti(L, t->elements, tag);
    lua_setmetatable(L, -2);
    lua_rawseti(L, -2, ++*n);
}

static void add_words(lua_State *L, AjLuatree *t, const char *s, size_t len, lua_Integer *n)
{
    const char *end = s + len;
    while (s < end) {
        const char *word = s;
        while (s < end && *s != ' ' && *s != '\t')
            s++;
        if (s > word) {
            lua_createtable(L, 0, 1);
            lua_pushlstring(L, word, (size_t)(s - word));
            lua_setfield(L, -2, "text");
            add_element(L, t, AJ_TAG_STR, n);
        }
        if (s < end) {
            lua_createtable(L, 0, 0);
            add_element(L, t, AJ_TAG_SPACE, n);
            while (s < end && (*s == ' ' || *s == '\t'))
                s++;
        }
    }
}

static void push_container(lua_State *L, AjLuatree *t, AjTag tag, cmark_node *node, bool attr)
{
    lua_createtable(L, 0, attr ? 3 : 2);
    push_inlines(L, t, node, NULL);
    lua_setfield(L, -2, "content");
    if (attr)
        set_attr(L, t, attr_of(node), NULL);
    finish_element(L, t, tag, node);
}

static cmark_node *find_note(AjLuatree *t, uint32_t number)
{
    for (cmark_node *n = cmark_node_last_child(t->tree->root); n; n = cmark_node_previous(n)) {
        if (aj_element_kind(n) != AJ_EL_NOTES)
            continue;
        for (cmark_node *c = cmark_node_first_child(n); c; c = cmark_node_next(c)) {
            AjElement *e = aj_element_of(c);
            if (e && e->kind == AJ_EL_NOTE && e->number == number)
                return c;
        }
    }
    return NULL;
}

/* A note holds its blocks, as in pandoc; `_n` is the NOTE's number, for both references to it. */
static void push_note(lua_State *L, AjLuatree *t, cmark_node *node)
{
    cmark_node *note = find_note(t, aj_element_of(node)->number);
    lua_createtable(L, 0, 2);
    if (note && t->note_depth < MAX_NOTE_DEPTH) {
        t->note_depth++;
        push_blocks(L, t, note);
        t->note_depth--;
    } else { /* a note in a note in a note: most likely a circle */
        lua_newtable(L);
        lua_pushvalue(L, t->blocks_mt);
        lua_setmetatable(L, -2);
    }
    lua_setfield(L, -2, "content");
    finish_element(L, t, AJ_TAG_NOTE, node);
}

static void push_custom_inline(lua_State *L, AjLuatree *t, cmark_node *node)
{
    switch (aj_element_kind(node)) {
    case AJ_EL_DEL:
        push_container(L, t, AJ_TAG_STRIKEOUT, node, false);
        break;
    case AJ_EL_SUP:
        push_container(L, t, AJ_TAG_SUPERSCRIPT, node, false);
        break;
    case AJ_EL_SUB:
        push_container(L, t, AJ_TAG_SUBSCRIPT, node, false);
        break;
    case AJ_EL_NOTEREF:
        push_note(L, t, node);
        break;
    default:
        push_container(L, t, AJ_TAG_SPAN, node, true);
        break;
    }
}

static void push_inline(lua_State *L, AjLuatree *t, cmark_node *node)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_SOFTBREAK:
        lua_createtable(L, 0, 0);
        finish_element(L, t, AJ_TAG_SOFTBREAK, NULL);
        break;
    case CMARK_NODE_LINEBREAK:
        lua_createtable(L, 0, 0);
        finish_element(L, t, AJ_TAG_LINEBREAK, NULL);
        break;
    case CMARK_NODE_CODE:
        lua_createtable(L, 0, 3);
        set_text(L, "text", cmark_node_get_literal(node));
        set_attr(L, t, attr_of(node), NULL);
        finish_element(L, t, AJ_TAG_CODE, node);
        break;
    case CMARK_NODE_HTML_INLINE:
        lua_createtable(L, 0, 3);
        set_text(L, "format", "html");
        set_text(L, "text", cmark_node_get_literal(node));
        finish_element(L, t, AJ_TAG_RAWINLINE, node);
        break;
    case CMARK_NODE_EMPH:
        push_container(L, t, AJ_TAG_EMPH, node, false);
        break;
    case CMARK_NODE_STRONG:
        push_container(L, t, AJ_TAG_STRONG, node, false);
        break;
    case CMARK_NODE_LINK:
    case CMARK_NODE_IMAGE: {
        bool image = cmark_node_get_type(node) == CMARK_NODE_IMAGE;
        lua_createtable(L, 0, 5);
        push_inlines(L, t, node, NULL);
        lua_setfield(L, -2, image ? "caption" : "content");
        set_text(L, image ? "src" : "target", cmark_node_get_url(node));
        set_text(L, "title", cmark_node_get_title(node));
        set_attr(L, t, attr_of(node), NULL);
        finish_element(L, t, image ? AJ_TAG_IMAGE : AJ_TAG_LINK, node);
        break;
    }
    default:
        push_custom_inline(L, t, node);
        break;
    }
}

static void push_inlines(lua_State *L, AjLuatree *t, cmark_node *parent, const char *task)
{
    deeper(L, t);
    lua_Integer n = 0;
    lua_newtable(L);
    if (task) {
        add_words(L, t, task, strlen(task), &n);
        lua_createtable(L, 0, 0);
        add_element(L, t, AJ_TAG_SPACE, &n);
    }
    for (cmark_node *c = cmark_node_first_child(parent); c;) {
        if (cmark_node_get_type(c) != CMARK_NODE_TEXT) {
            push_inline(L, t, c);
            lua_rawseti(L, -2, ++n);
            c = cmark_node_next(c);
            continue;
        }
        cmark_node *next = cmark_node_next(c);
        const char *s = cmark_node_get_literal(c);
        if (!next || cmark_node_get_type(next) != CMARK_NODE_TEXT) {
            add_words(L, t, s, strlen(s), &n);
            c = next;
            continue;
        }
        t->text_len = 0; /* cmark cuts text at brackets and the like; pandoc does not */
        for (; c && cmark_node_get_type(c) == CMARK_NODE_TEXT; c = cmark_node_next(c)) {
            s = cmark_node_get_literal(c);
            add_text(t, s, strlen(s));
        }
        add_words(L, t, t->text, t->text_len, &n);
        t->text_len = 0;
    }
    lua_pushvalue(L, t->inlines_mt);
    lua_setmetatable(L, -2);
    t->depth--;
}

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
        push_blocks(L, t, item);
        lua_rawseti(L, -2, ++n);
    }
    lua_pushvalue(L, t->list_mt);
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "content");
    if (ordered) {
        lua_createtable(L, 0, 3);
        lua_pushinteger(L, cmark_node_get_list_start(node));
        lua_setfield(L, -2, "start");
        set_text(L, "style", "Decimal");
        set_text(L, "delimiter", delims[cmark_node_get_list_delim(node)]);
        finish_element(L, t, AJ_TAG_LISTATTRIBUTES, NULL);
        lua_setfield(L, -2, "listAttributes");
    }
    finish_element(L, t, ordered ? AJ_TAG_ORDEREDLIST : AJ_TAG_BULLETLIST, node);
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
        push_blocks(L, t, cell);
        lua_setfield(L, -2, "contents");
        set_text(L, "alignment", align_names[e ? e->align : AJ_ALIGN_DEFAULT]);
        lua_pushinteger(L, 1);
        lua_setfield(L, -2, "row_span");
        lua_pushinteger(L, 1);
        lua_setfield(L, -2, "col_span");
        set_attr(L, t, attr_of(cell), NULL);
        finish_element(L, t, AJ_TAG_CELL, cell);
        lua_rawseti(L, -2, ++n);
    }
    lua_pushvalue(L, t->list_mt);
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "cells");
    set_attr(L, t, attr_of(row), NULL);
    finish_element(L, t, AJ_TAG_ROW, row);
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
    finish_element(L, t, AJ_TAG_TABLEHEAD, NULL);
    lua_setfield(L, -2, "head");
    lua_createtable(L, 1, 0);
    lua_createtable(L, 0, 4);
    push_rows(L, t, row, UINT32_MAX);
    lua_setfield(L, -2, "body");
    push_rows(L, t, NULL, 0);
    lua_setfield(L, -2, "head");
    lua_pushinteger(L, 0);
    lua_setfield(L, -2, "row_head_columns");
    finish_element(L, t, AJ_TAG_TABLEBODY, NULL);
    lua_rawseti(L, -2, 1);
    lua_pushvalue(L, t->list_mt);
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "bodies");
    lua_createtable(L, 0, 1);
    push_rows(L, t, NULL, 0);
    lua_setfield(L, -2, "rows");
    finish_element(L, t, AJ_TAG_TABLEFOOT, NULL);
    lua_setfield(L, -2, "foot");
    set_attr(L, t, &e->attr, NULL);
    finish_element(L, t, AJ_TAG_TABLE, node);
}

static void push_definitions(lua_State *L, AjLuatree *t, cmark_node *node)
{
    lua_createtable(L, 0, 2);
    lua_newtable(L);
    lua_Integer n = 0;
    for (cmark_node *c = cmark_node_first_child(node); c;) {
        lua_createtable(L, 2, 0);
        if (aj_element_kind(c) == AJ_EL_TERM) {
            push_inlines(L, t, c, NULL);
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
            push_blocks(L, t, c);
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
    finish_element(L, t, AJ_TAG_DEFINITIONLIST, node);
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
    push_blocks(L, t, node);
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
    add_words(L, t, title, strlen(title), &w);
    lua_pushvalue(L, t->inlines_mt);
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "content");
    finish_element(L, t, AJ_TAG_PARA, NULL);
    lua_rawseti(L, -2, 1);
    lua_pushvalue(L, t->blocks_mt);
    lua_setmetatable(L, -2);
    lua_setfield(L, -2, "content");
    set_attr(L, t, NULL, "title");
    finish_element(L, t, AJ_TAG_DIV, NULL);
    lua_rawseti(L, -2, 1);
    lua_setfield(L, -2, "content");
    set_attr(L, t, &e->attr, e->word);
    finish_element(L, t, AJ_TAG_DIV, node);
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
    set_attr(L, t, attr_of(node), word);
    finish_element(L, t, AJ_TAG_CODEBLOCK, node);
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
    push_blocks(L, t, node);
    lua_setfield(L, -2, "content");
    if (tag == AJ_TAG_DIV)
        set_attr(L, t, attr_of(node), NULL);
    finish_element(L, t, tag, node);
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
        push_container(L, t, AJ_TAG_PLAIN, node, false);
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
        set_text(L, "format", "html");
        set_text(L, "text", cmark_node_get_literal(node));
        finish_element(L, t, AJ_TAG_RAWBLOCK, node);
        break;
    case CMARK_NODE_PARAGRAPH:
        lua_createtable(L, 0, 2);
        push_inlines(L, t, node, task);
        lua_setfield(L, -2, "content");
        finish_element(L, t, is_tight(node) ? AJ_TAG_PLAIN : AJ_TAG_PARA, node);
        break;
    case CMARK_NODE_HEADING:
        lua_createtable(L, 0, 4);
        lua_pushinteger(L, cmark_node_get_heading_level(node));
        lua_setfield(L, -2, "level");
        push_inlines(L, t, node, NULL);
        lua_setfield(L, -2, "content");
        set_attr(L, t, attr_of(node), NULL);
        finish_element(L, t, AJ_TAG_HEADER, node);
        break;
    case CMARK_NODE_THEMATIC_BREAK:
        lua_createtable(L, 0, 1);
        finish_element(L, t, AJ_TAG_HORIZONTALRULE, node);
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
    push_inlines(L, t, parent, NULL);
    lua_setfield(L, -2, "content");
    finish_element(L, t, AJ_TAG_PLAIN, NULL);
    lua_rawseti(L, -2, 1);
}

static bool is_inline(cmark_node *node)
{
    return cmark_node_get_type(node) >= CMARK_NODE_FIRST_INLINE;
}

static void push_blocks(lua_State *L, AjLuatree *t, cmark_node *parent)
{
    deeper(L, t);
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
            add_words(L, t, task, strlen(task), &w);
            lua_pushvalue(L, t->inlines_mt);
            lua_setmetatable(L, -2);
            lua_setfield(L, -2, "content");
            finish_element(L, t, AJ_TAG_PLAIN, NULL);
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
    push_blocks(L, t, t->tree->root);
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
