/* luatag - the types of pandoc's elements: number, name, inline or block.
 *
 * Must not know: what an element holds, which filter runs. */
#pragma once
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
    AJ_TAG_SIMPLETABLE,
    AJ_TAGS
} AjTag;
const char *aj_luatag_name(AjTag tag);
bool aj_luatag_is_inline(AjTag tag);
bool aj_luatag_is_block(AjTag tag);
/* Bit 1 << tag for every type of element that the tree holds. */
uint64_t aj_luatag_set(cmark_node *root);
/* The type of the value at `at`; AJ_TAG_NONE for what is no element. */
AjTag aj_luatag_at(lua_State *L, int at);
