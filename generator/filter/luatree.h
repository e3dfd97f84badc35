/* luatree - the tree as Lua sees it: cmark's nodes to pandoc's elements (filter/luabuild goes
 * back).
 *
 * An element remembers the node it was made from; on the way back that node is used again, so that
 * source lines survive. All memory on the C side is the page's arena, since Lua's errors jump.
 * Must not know: which filter runs, limits, where a library function comes from. */
#pragma once
#include "base/value.h"
#include "model/tree.h"

#include <lua.h>

typedef enum {
    AJ_TAG_NONE,
    AJ_TAG_STR,
    AJ_TAG_SPACE,
    AJ_TAG_SOFTBREAK,
    AJ_TAG_LINEBREAK,
    AJ_TAG_EMPH,
    AJ_TAG_STRONG,
    AJ_TAG_UNDERLINE,
    AJ_TAG_STRIKEOUT,
    AJ_TAG_SUPERSCRIPT,
    AJ_TAG_SUBSCRIPT,
    AJ_TAG_SMALLCAPS,
    AJ_TAG_QUOTED,
    AJ_TAG_CITE,
    AJ_TAG_CODE,
    AJ_TAG_MATH,
    AJ_TAG_RAWINLINE,
    AJ_TAG_LINK,
    AJ_TAG_IMAGE,
    AJ_TAG_NOTE,
    AJ_TAG_SPAN,
    AJ_TAG_PLAIN,
    AJ_TAG_PARA,
    AJ_TAG_LINEBLOCK,
    AJ_TAG_CODEBLOCK,
    AJ_TAG_RAWBLOCK,
    AJ_TAG_BLOCKQUOTE,
    AJ_TAG_ORDEREDLIST,
    AJ_TAG_BULLETLIST,
    AJ_TAG_DEFINITIONLIST,
    AJ_TAG_HEADER,
    AJ_TAG_HORIZONTALRULE,
    AJ_TAG_TABLE,
    AJ_TAG_FIGURE,
    AJ_TAG_DIV,
    AJ_TAG_NULL,
    AJ_TAG_PANDOC,
    AJ_TAG_TABLEHEAD,
    AJ_TAG_TABLEBODY,
    AJ_TAG_TABLEFOOT,
    AJ_TAG_ROW,
    AJ_TAG_CELL,
    AJ_TAG_CITATION,
    AJ_TAG_LISTATTRIBUTES,
    AJ_TAGS
} AjTag;
const char *aj_tag_name(AjTag tag);
bool aj_tag_is_inline(AjTag tag);
bool aj_tag_is_block(AjTag tag);
/* Bit 1 << tag for every type of element that the tree holds. */
uint64_t aj_luatree_tags(cmark_node *root);

/* What both ways share for one page; `exports` is the stack index of what pandoc.lua returned. */
typedef struct {
    AjTree *tree;
    int elements, inlines_mt, blocks_mt, list_mt, attr_mt, attributes_mt, meta_mt, to_attr;
    cmark_node **nodes; /* by number - 1 */
    bool *used;
    uint32_t *old_numbers; /* of the note that a reference had */
    uint32_t node_count, node_cap;
    uint32_t depth, made; /* while building: nesting, nodes so far */
    uint32_t note_depth;
    cmark_node *notes; /* NOTES while building; NULL: none yet */
    char *text;        /* text that waits for its node */
    size_t text_len, text_cap;
} AjLuatree;
/* Leaves what it needs of `exports` on the stack; lives inside one C function. */
void aj_luatree_open(lua_State *L, AjLuatree *t, AjTree *tree, int exports);
uint32_t aj_luatree_line(void *t, uint32_t number);
/* Pushes a Pandoc value. */
void aj_luatree_push(lua_State *L, AjLuatree *t, const AjValue *meta);
/* For pandoc.lua: the loop over a list that every pass makes. */
int aj_luatree_step(lua_State *L);
/* Pushes the handler that step found last, or nil. */
void aj_luatree_push_handler(lua_State *L);
