/* luatree - the tree as Lua sees it: cmark's nodes to pandoc's elements (filter/luabuild goes
 * back).
 *
 * An element remembers the node it was made from; on the way back that node is used again, so that
 * source lines survive. All memory on the C side is the page's arena, since Lua's errors jump.
 * Must not know: which filter runs, limits, where a library function comes from. */
#pragma once
#include "base/value.h"
#include "filter/luatag.h"

/* What both ways share for one page; `exports` is the stack index of what pandoc.lua returned. */
typedef struct {
    AjTree *tree;
    int elements, inlines_mt, blocks_mt, list_mt, attr_mt, attributes_mt, meta_mt, to_attr;
    int to_inlines, to_blocks, repair;
    cmark_node **nodes; /* by number - 1 */
    bool *used;
    uint32_t *old_numbers; /* of the note that a reference had */
    uint32_t node_count, node_cap;
    uint32_t depth, made; /* while building: nesting, nodes so far */
    size_t made_text;     /* bytes of text so far */
    uint32_t note_depth;
    cmark_node **parts; /* the blocks that aj_luatree_push_parts pushed */
    uint32_t part_count;
    bool foreign;      /* what is pushed now is no part of the page: its nodes are not remembered */
    cmark_node *notes; /* NOTES while building; NULL: none yet */
    char *text;        /* text that waits for its node */
    size_t text_len, text_cap;
} AjLuatree;
/* Leaves what it needs of `exports` on the stack; lives inside one C function. */
void aj_luatree_open(lua_State *L, AjLuatree *t, AjTree *tree, int exports);
uint32_t aj_luatree_line(void *t, uint32_t number);
/* Pushes a Pandoc value. */
void aj_luatree_push(lua_State *L, AjLuatree *t, const AjValue *meta);
/* Pushes a list with a list of one block for each of the page's that holds one of these types; the
 * others need not become values. The page has no notes. */
void aj_luatree_push_parts(lua_State *L, AjLuatree *t, uint64_t tags);
/* Pushes a Pandoc value of another text, with no meta. */
void aj_luatree_push_other(lua_State *L, const AjLuatree *t, AjTree *other);
/* For filter/luaword, since a note holds blocks: pushes those below `parent`. */
void aj_luatree_blocks(lua_State *L, AjLuatree *t, cmark_node *parent);
