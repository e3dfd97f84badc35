/* luabuild - a Pandoc value of Lua's back to a tree of cmark's nodes: its blocks.
 *
 * What our tree has no node for (figures, line blocks …) becomes the nearest Div; raw text of other
 * formats than HTML is dropped, as pandoc's HTML writer drops it.
 * Must not know: which filter ran, how the value was made. */
#include "filter/luabuild.h"

#include "filter/luainline.h"
#include "filter/luameta.h"
#include "filter/luanode.h"

#include <lauxlib.h>
#include <string.h>

void aj_luabuild_field(lua_State *L, AjLuatree *t, int at, const char *name, cmark_node *node)
{
    at = lua_absindex(L, at);
    aj_luanode_field(L, at, name);
    aj_luabuild_blocks(L, t, lua_gettop(L), node);
    lua_pop(L, 1);
}

/* True, and the mark is taken off, when the blocks at `at` open with ☐ or ☒ and a blank. */
static bool take_task(lua_State *L, int at, bool *checked_out)
{
    bool task = false;
    int top = lua_gettop(L);
    if (lua_istable(L, at) && !aj_luatag_at(L, at) && lua_rawgeti(L, at, 1) == LUA_TTABLE) {
        int block = lua_gettop(L);
        AjTag tag = aj_luatag_at(L, block);
        if ((tag == AJ_TAG_PLAIN || tag == AJ_TAG_PARA) &&
            aj_luanode_field(L, block, "content") == LUA_TTABLE &&
            lua_rawgeti(L, -1, 1) == LUA_TTABLE && aj_luatag_at(L, lua_gettop(L)) == AJ_TAG_STR &&
            aj_luanode_field(L, -1, "text") == LUA_TSTRING) {
            const char *s = lua_tostring(L, -1);
            bool box = strcmp(s, "☐") == 0, ticked = strcmp(s, "☒") == 0;
            lua_rawgeti(L, block + 1, 2);
            AjTag next = aj_luatag_at(L, lua_gettop(L));
            task = (box || ticked) && (next == AJ_TAG_SPACE || next == AJ_TAG_NONE);
            *checked_out = ticked;
        }
    }
    lua_settop(L, top);
    return task;
}

/* Whether a list item shows its paragraphs bare: no Para in any item, as pandoc decides. */
static bool items_tight(lua_State *L, int list)
{
    lua_Integer n = (lua_Integer)lua_rawlen(L, list);
    for (lua_Integer i = 1; i <= n; i++) {
        if (lua_rawgeti(L, list, i) == LUA_TTABLE && !aj_luatag_at(L, lua_gettop(L))) {
            lua_Integer m = (lua_Integer)lua_rawlen(L, -1);
            for (lua_Integer j = 1; j <= m; j++) {
                lua_rawgeti(L, -1, j);
                bool para = aj_luatag_at(L, lua_gettop(L)) == AJ_TAG_PARA;
                lua_pop(L, 1);
                if (para) {
                    lua_pop(L, 1);
                    return false;
                }
            }
        }
        lua_pop(L, 1);
    }
    return true;
}

static void build_item(lua_State *L, AjLuatree *t, int at, cmark_node *list)
{
    cmark_node *item = aj_tree_node(CMARK_NODE_ITEM);
    aj_luanode_append(L, t, list, item);
    bool checked = false, task = take_task(L, at, &checked);
    if (task) {
        AjElement *e = aj_element_get(t->tree->arena, item);
        e->kind = AJ_EL_TASK;
        e->checked = checked;
    }
    aj_luabuild_blocks(L, t, at, item);
    if (!task)
        return;
    cmark_node *text = cmark_node_first_child(cmark_node_first_child(item));
    const char *rest = cmark_node_get_literal(text) + strlen("☐");
    rest += *rest == ' ';
    if (*rest) {
        cmark_node_set_literal(text, aj_arena_strdup(t->tree->arena, rest));
        return;
    }
    cmark_node *p = cmark_node_parent(text);
    cmark_node_unlink(text);
    if (!cmark_node_first_child(p))
        cmark_node_unlink(p);
}

static void build_list(lua_State *L, AjLuatree *t, int at, bool ordered, cmark_node *parent)
{
    cmark_node *list = aj_luanode_old(L, t, at, CMARK_NODE_LIST, AJ_EL_PLAIN);
    if (!list)
        list = aj_tree_node(CMARK_NODE_LIST);
    aj_luanode_append(L, t, parent, list);
    cmark_node_set_list_type(list, ordered ? CMARK_ORDERED_LIST : CMARK_BULLET_LIST);
    if (ordered) {
        lua_Integer start = 1;
        const char *delim = "";
        if (aj_luanode_field(L, at, "listAttributes") == LUA_TTABLE) {
            aj_luanode_part(L, -1, "start", 1);
            start = lua_tointeger(L, -1);
            aj_luanode_part(L, -2, "delimiter", 3);
            delim = aj_luanode_string(L, t, -1, NULL);
            lua_pop(L, 2);
        }
        lua_pop(L, 1);
        cmark_node_set_list_start(list, (int)CLAMP(start, 0, 999999999));
        cmark_node_set_list_delim(list, strcmp(delim, "OneParen") == 0 ? CMARK_PAREN_DELIM
                                                                       : CMARK_PERIOD_DELIM);
    }
    if (aj_luanode_field(L, at, "content") != LUA_TTABLE)
        luaL_error(L, "a list of items is expected, got %s", luaL_typename(L, -1));
    int items = lua_gettop(L);
    cmark_node_set_list_tight(list, items_tight(L, items));
    lua_Integer n = (lua_Integer)lua_rawlen(L, items);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, items, i);
        build_item(L, t, lua_gettop(L), list);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static void build_definitions(lua_State *L, AjLuatree *t, int at, cmark_node *parent)
{
    AjArena *a = t->tree->arena;
    cmark_node *list = aj_luanode_element(L, t, at, AJ_EL_DEFLIST);
    aj_luanode_append(L, t, parent, list);
    if (aj_luanode_field(L, at, "content") != LUA_TTABLE)
        luaL_error(L, "a list of definitions is expected, got %s", luaL_typename(L, -1));
    int items = lua_gettop(L);
    lua_Integer n = (lua_Integer)lua_rawlen(L, items);
    for (lua_Integer i = 1; i <= n; i++) {
        if (lua_rawgeti(L, items, i) != LUA_TTABLE)
            luaL_error(L, "a definition is expected, got %s", luaL_typename(L, -1));
        cmark_node *term = aj_tree_element(a, AJ_EL_TERM);
        aj_luanode_append(L, t, list, term);
        lua_rawgeti(L, -1, 1);
        aj_luainline_build(L, t, lua_gettop(L), term);
        aj_luanode_flush(L, t, term);
        lua_pop(L, 1);
        if (lua_rawgeti(L, -1, 2) == LUA_TTABLE) {
            int list_at = lua_gettop(L);
            lua_Integer m = (lua_Integer)lua_rawlen(L, list_at);
            for (lua_Integer j = 1; j <= m; j++) {
                cmark_node *definition = aj_tree_element(a, AJ_EL_DEFINITION);
                aj_luanode_append(L, t, list, definition);
                lua_rawgeti(L, list_at, j);
                aj_luabuild_blocks(L, t, lua_gettop(L), definition);
                lua_pop(L, 1);
            }
        }
        lua_settop(L, items);
    }
    lua_pop(L, 1);
}

static AjAlign align_of(const char *name)
{
    static const char *const names[] = {"AlignDefault", "AlignLeft", "AlignCenter", "AlignRight"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (strcmp(name, names[i]) == 0)
            return (AjAlign)i;
    return AJ_ALIGN_DEFAULT;
}

/* One Plain in a cell is bare inlines, as our reader makes them. */
static void build_cell(lua_State *L, AjLuatree *t, int at, AjAlign column, cmark_node *row)
{
    cmark_node *cell = aj_luanode_element(L, t, at, AJ_EL_CELL);
    aj_luanode_append(L, t, row, cell);
    AjElement *e = aj_element_of(cell);
    e->align = align_of(aj_luanode_text(L, t, at, "alignment"));
    if (e->align == AJ_ALIGN_DEFAULT)
        e->align = column;
    aj_luanode_give_attr(L, t, at, cell);
    aj_luanode_field(L, at, "contents");
    int contents = lua_gettop(L);
    if (lua_istable(L, contents) && !aj_luatag_at(L, contents) && lua_rawlen(L, contents) == 1) {
        lua_rawgeti(L, contents, 1);
        if (aj_luatag_at(L, lua_gettop(L)) == AJ_TAG_PLAIN) {
            aj_luainline_field(L, t, lua_gettop(L), "content", cell);
            lua_settop(L, contents - 1);
            return;
        }
        lua_pop(L, 1);
    }
    aj_luabuild_blocks(L, t, contents, cell);
    lua_settop(L, contents - 1);
}

/* Rows of the list on top, which is popped. Returns how many. */
static uint32_t build_rows(lua_State *L, AjLuatree *t, cmark_node *table)
{
    uint32_t count = 0;
    int rows = lua_gettop(L);
    AjElement *te = aj_element_of(table);
    lua_Integer n = lua_istable(L, rows) ? (lua_Integer)lua_rawlen(L, rows) : 0;
    for (lua_Integer i = 1; i <= n; i++) {
        lua_rawgeti(L, rows, i);
        if (aj_luatag_at(L, lua_gettop(L)) != AJ_TAG_ROW)
            luaL_error(L, "a Row is expected, got %s", luaL_typename(L, -1));
        cmark_node *row = aj_luanode_element(L, t, lua_gettop(L), AJ_EL_ROW);
        aj_luanode_append(L, t, table, row);
        aj_luanode_give_attr(L, t, lua_gettop(L), row);
        if (aj_luanode_field(L, -1, "cells") == LUA_TTABLE) {
            int cells = lua_gettop(L);
            lua_Integer m = (lua_Integer)lua_rawlen(L, cells);
            for (lua_Integer j = 1; j <= m; j++) {
                lua_rawgeti(L, cells, j);
                if (aj_luatag_at(L, lua_gettop(L)) != AJ_TAG_CELL)
                    luaL_error(L, "a Cell is expected, got %s", luaL_typename(L, -1));
                build_cell(L, t, lua_gettop(L),
                           (uint32_t)j <= te->columns ? te->aligns[j - 1] : AJ_ALIGN_DEFAULT, row);
                lua_settop(L, cells);
            }
        }
        lua_settop(L, rows);
        count++;
    }
    lua_settop(L, rows - 1);
    return count;
}

static void build_caption(lua_State *L, AjLuatree *t, int at, cmark_node *parent)
{
    if (aj_luanode_field(L, at, "caption") == LUA_TTABLE) {
        aj_luanode_field(L, -1, "long");
        if (lua_isstring(L, -1) || (lua_istable(L, -1) && lua_rawlen(L, -1) > 0)) {
            cmark_node *div = aj_tree_element(t->tree->arena, AJ_EL_DIV);
            aj_attr_add_class(t->tree->arena, &aj_element_of(div)->attr, "caption");
            aj_luanode_append(L, t, parent, div);
            aj_luabuild_blocks(L, t, lua_gettop(L), div);
        }
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static void build_table(lua_State *L, AjLuatree *t, int at, cmark_node *parent)
{
    build_caption(L, t, at, parent);
    cmark_node *table = aj_luanode_element(L, t, at, AJ_EL_TABLE);
    aj_luanode_append(L, t, parent, table);
    aj_luanode_give_attr(L, t, at, table);
    AjElement *e = aj_element_of(table);
    e->columns = 0;
    if (aj_luanode_field(L, at, "colspecs") == LUA_TTABLE) {
        lua_Unsigned n = MIN(lua_rawlen(L, -1), 10000);
        e->aligns = aj_arena_alloc(t->tree->arena, (n + 1) * sizeof *e->aligns);
        for (lua_Unsigned i = 0; i < n; i++) {
            if (lua_rawgeti(L, -1, (lua_Integer)i + 1) == LUA_TTABLE) {
                lua_rawgeti(L, -1, 1);
                e->aligns[i] = align_of(aj_luanode_string(L, t, -1, NULL));
                lua_pop(L, 1);
            }
            lua_pop(L, 1);
        }
        e->columns = (uint32_t)n;
    }
    lua_pop(L, 1);
    e->head_rows = 0;
    if (aj_luanode_field(L, at, "head") == LUA_TTABLE) {
        aj_luanode_field(L, -1, "rows");
        e->head_rows = build_rows(L, t, table);
    }
    lua_pop(L, 1);
    if (aj_luanode_field(L, at, "bodies") == LUA_TTABLE) {
        int bodies = lua_gettop(L);
        lua_Integer n = (lua_Integer)lua_rawlen(L, bodies);
        for (lua_Integer i = 1; i <= n; i++) {
            if (lua_rawgeti(L, bodies, i) == LUA_TTABLE) {
                aj_luanode_field(L, bodies + 1, "head");
                build_rows(L, t, table);
                aj_luanode_field(L, bodies + 1, "body");
                build_rows(L, t, table);
            }
            lua_settop(L, bodies);
        }
    }
    lua_pop(L, 1);
    if (aj_luanode_field(L, at, "foot") == LUA_TTABLE) {
        aj_luanode_field(L, -1, "rows");
        build_rows(L, t, table);
    }
    lua_pop(L, 1);
}

static void drop_first_class(AjAttr *attr)
{
    attr->class_count--;
    memmove(attr->classes, attr->classes + 1, attr->class_count * sizeof *attr->classes);
}

/* The word of an alert that opens with its title, or NULL. */
static const char *alert_word(lua_State *L, AjLuatree *t, int at, const AjAttr *attr)
{
    static const char *const names[] = {"note", "tip", "important", "warning", "caution"};
    const char *word = NULL;
    for (size_t i = 0; attr->class_count && i < G_N_ELEMENTS(names); i++)
        if (strcmp(attr->classes[0], names[i]) == 0)
            word = names[i];
    if (!word)
        return NULL;
    int top = lua_gettop(L);
    bool title = false;
    if (aj_luanode_field(L, at, "content") == LUA_TTABLE && lua_rawgeti(L, -1, 1) == LUA_TTABLE &&
        aj_luatag_at(L, lua_gettop(L)) == AJ_TAG_DIV) {
        AjAttr inner = aj_luanode_attr(L, t, lua_gettop(L));
        title = aj_attr_has_class(&inner, "title");
    }
    lua_settop(L, top);
    return title ? word : NULL;
}

static void build_div(lua_State *L, AjLuatree *t, int at, cmark_node *parent)
{
    AjAttr attr = aj_luanode_attr(L, t, at);
    const char *word = alert_word(L, t, at, &attr);
    cmark_node *node = aj_luanode_element(L, t, at, word ? AJ_EL_ALERT : AJ_EL_DIV);
    AjElement *e = aj_element_of(node);
    aj_luanode_append(L, t, parent, node);
    e->attr = attr;
    if (!word) {
        aj_luabuild_field(L, t, at, "content", node);
        return;
    }
    e->word = word;
    drop_first_class(&e->attr);
    aj_luabuild_field(L, t, at, "content", node);
    cmark_node_unlink(cmark_node_first_child(node));
}

/* The first class is the language; the rest of an unchanged info string is kept. */
static void build_code_block(lua_State *L, AjLuatree *t, int at, cmark_node *parent)
{
    cmark_node *node = aj_luanode_plain(L, t, at, CMARK_NODE_CODE_BLOCK);
    aj_luanode_append(L, t, parent, node);
    const char *text = aj_luanode_text(L, t, at, "text");
    size_t len = strlen(text);
    aj_luanode_set_literal(node, len ? aj_arena_printf(t->tree->arena, "%s\n", text) : "");
    AjAttr attr = aj_luanode_attr(L, t, at);
    const char *info = cmark_node_get_fence_info(node);
    size_t word = info ? strcspn(info, " \t") : 0;
    const char *language = attr.class_count ? attr.classes[0] : "";
    if (strlen(language) != word || strncmp(language, info ? info : "", word) != 0)
        cmark_node_set_fence_info(node, language);
    if (attr.class_count)
        drop_first_class(&attr);
    if (attr.id || attr.class_count || attr.attribute_count || aj_element_of(node))
        aj_element_get(t->tree->arena, node)->attr = attr;
}

static void build_paragraph(lua_State *L, AjLuatree *t, int at, bool plain, cmark_node *parent)
{
    bool item = cmark_node_get_type(parent) == CMARK_NODE_ITEM;
    cmark_node *node;
    if (plain && !(item && cmark_node_get_list_tight(cmark_node_parent(parent))))
        node = aj_luanode_element(L, t, at, AJ_EL_PLAINTEXT);
    else
        node = aj_luanode_plain(L, t, at, CMARK_NODE_PARAGRAPH);
    aj_luanode_append(L, t, parent, node);
    aj_luainline_field(L, t, at, "content", node);
}

static void build_lines(lua_State *L, AjLuatree *t, int at, cmark_node *parent)
{
    cmark_node *div = aj_tree_element(t->tree->arena, AJ_EL_DIV);
    aj_attr_add_class(t->tree->arena, &aj_element_of(div)->attr, "line-block");
    aj_luanode_append(L, t, parent, div);
    cmark_node *p = aj_tree_node(CMARK_NODE_PARAGRAPH);
    aj_luanode_append(L, t, div, p);
    if (aj_luanode_field(L, at, "content") == LUA_TTABLE) {
        int lines = lua_gettop(L);
        lua_Integer n = (lua_Integer)lua_rawlen(L, lines);
        for (lua_Integer i = 1; i <= n; i++) {
            if (i > 1)
                aj_luanode_append(L, t, p, aj_tree_node(CMARK_NODE_LINEBREAK));
            lua_rawgeti(L, lines, i);
            aj_luainline_build(L, t, lua_gettop(L), p);
            aj_luanode_flush(L, t, p);
            lua_settop(L, lines);
        }
    }
    lua_pop(L, 1);
}

static void build_block(lua_State *L, AjLuatree *t, int at, AjTag tag, cmark_node *parent)
{
    cmark_node *node;
    switch (tag) {
    case AJ_TAG_PLAIN:
    case AJ_TAG_PARA:
        build_paragraph(L, t, at, tag == AJ_TAG_PLAIN, parent);
        return;
    case AJ_TAG_HEADER: {
        node = aj_luanode_plain(L, t, at, CMARK_NODE_HEADING);
        aj_luanode_append(L, t, parent, node);
        aj_luanode_field(L, at, "level");
        lua_Integer level = lua_tointeger(L, -1);
        lua_pop(L, 1);
        cmark_node_set_heading_level(node, (int)CLAMP(level, 1, 6));
        aj_luanode_give_attr(L, t, at, node);
        aj_luainline_field(L, t, at, "content", node);
        return;
    }
    case AJ_TAG_BULLETLIST:
    case AJ_TAG_ORDEREDLIST:
        build_list(L, t, at, tag == AJ_TAG_ORDEREDLIST, parent);
        return;
    case AJ_TAG_DEFINITIONLIST:
        build_definitions(L, t, at, parent);
        return;
    case AJ_TAG_BLOCKQUOTE:
        node = aj_luanode_plain(L, t, at, CMARK_NODE_BLOCK_QUOTE);
        aj_luanode_append(L, t, parent, node);
        aj_luabuild_field(L, t, at, "content", node);
        return;
    case AJ_TAG_CODEBLOCK:
        build_code_block(L, t, at, parent);
        return;
    case AJ_TAG_RAWBLOCK:
        if (strncmp(aj_luanode_text(L, t, at, "format"), "html", 4) != 0)
            return;
        node = aj_luanode_plain(L, t, at, CMARK_NODE_HTML_BLOCK);
        aj_luanode_append(L, t, parent, node);
        aj_luanode_set_literal(node, aj_luanode_text(L, t, at, "text"));
        return;
    case AJ_TAG_HORIZONTALRULE:
        aj_luanode_append(L, t, parent, aj_luanode_plain(L, t, at, CMARK_NODE_THEMATIC_BREAK));
        return;
    case AJ_TAG_DIV:
        build_div(L, t, at, parent);
        return;
    case AJ_TAG_TABLE:
        build_table(L, t, at, parent);
        return;
    case AJ_TAG_FIGURE:
        node = aj_tree_element(t->tree->arena, AJ_EL_DIV);
        aj_element_of(node)->attr = aj_luanode_attr(L, t, at);
        aj_attr_add_class(t->tree->arena, &aj_element_of(node)->attr, "figure");
        aj_luanode_append(L, t, parent, node);
        aj_luabuild_field(L, t, at, "content", node);
        build_caption(L, t, at, node);
        return;
    case AJ_TAG_LINEBLOCK:
        build_lines(L, t, at, parent);
        return;
    case AJ_TAG_NULL:
        return;
    default:
        luaL_error(L, "a Block is expected, got %s", aj_luatag_name(tag));
    }
}

/* Inlines among blocks come together in one Plain. */
void aj_luabuild_blocks(lua_State *L, AjLuatree *t, int at, cmark_node *parent)
{
    if (lua_isnil(L, at))
        return;
    aj_luanode_deeper(L, t);
    AjTag tag = aj_luatag_at(L, at);
    if (tag && aj_luatag_is_block(tag)) {
        build_block(L, t, at, tag, parent);
    } else if (tag || lua_isstring(L, at)) {
        cmark_node *node = aj_tree_element(t->tree->arena, AJ_EL_PLAINTEXT);
        aj_luanode_append(L, t, parent, node);
        aj_luainline_build(L, t, at, node);
        aj_luanode_flush(L, t, node);
    } else if (lua_istable(L, at)) {
        cmark_node *run = NULL;
        lua_Integer n = (lua_Integer)lua_rawlen(L, at);
        for (lua_Integer i = 1; i <= n; i++) {
            lua_rawgeti(L, at, i);
            int item = lua_gettop(L);
            tag = aj_luatag_at(L, item);
            if ((tag && aj_luatag_is_inline(tag)) || lua_isstring(L, item)) {
                if (!run) {
                    run = aj_tree_element(t->tree->arena, AJ_EL_PLAINTEXT);
                    aj_luanode_append(L, t, parent, run);
                }
                aj_luainline_build(L, t, item, run);
            } else {
                if (run)
                    aj_luanode_flush(L, t, run);
                run = NULL;
                aj_luabuild_blocks(L, t, item, parent);
            }
            lua_settop(L, item - 1);
        }
        if (run)
            aj_luanode_flush(L, t, run);
    } else {
        luaL_error(L, "a list of Blocks is expected, got %s", luaL_typename(L, at));
    }
    t->depth--;
}

static void begin(AjLuatree *t)
{
    AjArena *a = t->tree->arena;
    t->used = aj_arena_alloc(a, t->node_count + 1);
    t->old_numbers = aj_arena_alloc(a, (t->node_count + 1) * sizeof *t->old_numbers);
    for (uint32_t i = 0; i < t->node_count; i++)
        if (aj_element_kind(t->nodes[i]) == AJ_EL_NOTEREF)
            t->old_numbers[i] = aj_element_of(t->nodes[i])->number;
    t->depth = t->made = 0;
    t->made_text = 0;
    t->notes = NULL;
    t->text_len = 0;
}

static void put_notes(lua_State *L, AjLuatree *t)
{
    if (!t->notes)
        return;
    for (cmark_node *c = cmark_node_first_child(t->notes); c; c = cmark_node_next(c))
        aj_element_of(c)->columns = 0;
    aj_luanode_append(L, t, t->tree->root, t->notes);
}

void aj_luabuild(lua_State *L, AjLuatree *t, int doc, AjValue **meta)
{
    if (aj_luatag_at(L, doc) != AJ_TAG_PANDOC)
        luaL_error(L, "a Pandoc value is expected, got %s", luaL_typename(L, doc));
    begin(t);
    aj_luanode_drop_children(t->tree->root);
    aj_luabuild_field(L, t, doc, "blocks", t->tree->root);
    put_notes(L, t);
    if (aj_luanode_field(L, doc, "meta") == LUA_TTABLE) {
        AjValue *now = aj_luameta_read(L, t, lua_gettop(L), *meta);
        if (!aj_value_equal(now, *meta))
            *meta = now;
    }
    lua_pop(L, 1);
}

void aj_luabuild_parts(lua_State *L, AjLuatree *t, int parts)
{
    begin(t);
    for (uint32_t i = 0; i < t->part_count; i++) {
        cmark_node *old = t->parts[i], *c;
        cmark_node *place = aj_tree_node(CMARK_NODE_PARAGRAPH);
        cmark_node *made = aj_tree_node(CMARK_NODE_DOCUMENT);
        cmark_node_insert_before(old, place);
        cmark_node_unlink(old);
        lua_rawgeti(L, parts, i + 1);
        aj_luabuild_blocks(L, t, lua_gettop(L), made);
        lua_pop(L, 1);
        while ((c = cmark_node_first_child(made)))
            cmark_node_insert_before(place, c);
        cmark_node_unlink(place);
    }
    put_notes(L, t);
}
