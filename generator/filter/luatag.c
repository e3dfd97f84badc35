/* luatag - the types of pandoc's elements: number, name, inline or block.
 *
 * Must not know: what an element holds, which filter runs. */
#include "filter/luatag.h"

#include <glib.h>

static const struct {
    const char *name;
    char kind; /* i b or p(art) */
} tags[AJ_TAGS] = {
    [AJ_TAG_NONE] = {"", 'p'},
    [AJ_TAG_STR] = {"Str", 'i'},
    [AJ_TAG_SPACE] = {"Space", 'i'},
    [AJ_TAG_SOFTBREAK] = {"SoftBreak", 'i'},
    [AJ_TAG_LINEBREAK] = {"LineBreak", 'i'},
    [AJ_TAG_EMPH] = {"Emph", 'i'},
    [AJ_TAG_STRONG] = {"Strong", 'i'},
    [AJ_TAG_UNDERLINE] = {"Underline", 'i'},
    [AJ_TAG_STRIKEOUT] = {"Strikeout", 'i'},
    [AJ_TAG_SUPERSCRIPT] = {"Superscript", 'i'},
    [AJ_TAG_SUBSCRIPT] = {"Subscript", 'i'},
    [AJ_TAG_SMALLCAPS] = {"SmallCaps", 'i'},
    [AJ_TAG_QUOTED] = {"Quoted", 'i'},
    [AJ_TAG_CITE] = {"Cite", 'i'},
    [AJ_TAG_CODE] = {"Code", 'i'},
    [AJ_TAG_MATH] = {"Math", 'i'},
    [AJ_TAG_RAWINLINE] = {"RawInline", 'i'},
    [AJ_TAG_LINK] = {"Link", 'i'},
    [AJ_TAG_IMAGE] = {"Image", 'i'},
    [AJ_TAG_NOTE] = {"Note", 'i'},
    [AJ_TAG_SPAN] = {"Span", 'i'},
    [AJ_TAG_PLAIN] = {"Plain", 'b'},
    [AJ_TAG_PARA] = {"Para", 'b'},
    [AJ_TAG_LINEBLOCK] = {"LineBlock", 'b'},
    [AJ_TAG_CODEBLOCK] = {"CodeBlock", 'b'},
    [AJ_TAG_RAWBLOCK] = {"RawBlock", 'b'},
    [AJ_TAG_BLOCKQUOTE] = {"BlockQuote", 'b'},
    [AJ_TAG_ORDEREDLIST] = {"OrderedList", 'b'},
    [AJ_TAG_BULLETLIST] = {"BulletList", 'b'},
    [AJ_TAG_DEFINITIONLIST] = {"DefinitionList", 'b'},
    [AJ_TAG_HEADER] = {"Header", 'b'},
    [AJ_TAG_HORIZONTALRULE] = {"HorizontalRule", 'b'},
    [AJ_TAG_TABLE] = {"Table", 'b'},
    [AJ_TAG_FIGURE] = {"Figure", 'b'},
    [AJ_TAG_DIV] = {"Div", 'b'},
    [AJ_TAG_NULL] = {"Null", 'b'},
    [AJ_TAG_PANDOC] = {"Pandoc", 'p'},
    [AJ_TAG_TABLEHEAD] = {"TableHead", 'p'},
    [AJ_TAG_TABLEBODY] = {"TableBody", 'p'},
    [AJ_TAG_TABLEFOOT] = {"TableFoot", 'p'},
    [AJ_TAG_ROW] = {"Row", 'p'},
    [AJ_TAG_CELL] = {"Cell", 'p'},
    [AJ_TAG_CITATION] = {"Citation", 'p'},
    [AJ_TAG_LISTATTRIBUTES] = {"ListAttributes", 'p'},
    [AJ_TAG_SIMPLETABLE] = {"SimpleTable", 'p'},
};
_Static_assert(AJ_TAGS <= 64, "tags fit the bits of a set");

const char *aj_luatag_name(AjTag tag)
{
    return tags[tag].name;
}

bool aj_luatag_is_inline(AjTag tag)
{
    return tags[tag].kind == 'i';
}

bool aj_luatag_is_block(AjTag tag)
{
    return tags[tag].kind == 'b';
}

#define BIT(tag) (UINT64_C(1) << (tag))

static uint64_t custom_tags(cmark_node *node)
{
    switch (aj_element_kind(node)) {
    case AJ_EL_TABLE:
        return BIT(AJ_TAG_TABLE) | BIT(AJ_TAG_PLAIN);
    case AJ_EL_DEFLIST:
        return BIT(AJ_TAG_DEFINITIONLIST);
    case AJ_EL_PLAINTEXT:
        return BIT(AJ_TAG_PLAIN);
    case AJ_EL_DEL:
        return BIT(AJ_TAG_STRIKEOUT);
    case AJ_EL_NOTEREF:
        return BIT(AJ_TAG_NOTE);
    case AJ_EL_SUP:
        return BIT(AJ_TAG_SUPERSCRIPT);
    case AJ_EL_SUB:
        return BIT(AJ_TAG_SUBSCRIPT);
    case AJ_EL_ALERT:
        return BIT(AJ_TAG_DIV) | BIT(AJ_TAG_PARA) | BIT(AJ_TAG_STR);
    case AJ_EL_SPAN:
        return BIT(AJ_TAG_SPAN);
    default:
        return cmark_node_get_type(node) == CMARK_NODE_CUSTOM_INLINE ? BIT(AJ_TAG_SPAN)
                                                                     : BIT(AJ_TAG_DIV);
    }
}

static uint64_t node_tags(cmark_node *node)
{
    switch (cmark_node_get_type(node)) {
    case CMARK_NODE_BLOCK_QUOTE:
        return BIT(AJ_TAG_BLOCKQUOTE);
    case CMARK_NODE_LIST:
        return cmark_node_get_list_type(node) == CMARK_ORDERED_LIST ? BIT(AJ_TAG_ORDEREDLIST)
                                                                    : BIT(AJ_TAG_BULLETLIST);
    case CMARK_NODE_CODE_BLOCK:
        return BIT(AJ_TAG_CODEBLOCK);
    case CMARK_NODE_HTML_BLOCK:
        return BIT(AJ_TAG_RAWBLOCK);
    case CMARK_NODE_PARAGRAPH:
        return BIT(AJ_TAG_PARA) | BIT(AJ_TAG_PLAIN);
    case CMARK_NODE_HEADING:
        return BIT(AJ_TAG_HEADER);
    case CMARK_NODE_THEMATIC_BREAK:
        return BIT(AJ_TAG_HORIZONTALRULE);
    case CMARK_NODE_TEXT:
        return BIT(AJ_TAG_STR) | BIT(AJ_TAG_SPACE);
    case CMARK_NODE_SOFTBREAK:
        return BIT(AJ_TAG_SOFTBREAK);
    case CMARK_NODE_LINEBREAK:
        return BIT(AJ_TAG_LINEBREAK);
    case CMARK_NODE_CODE:
        return BIT(AJ_TAG_CODE);
    case CMARK_NODE_HTML_INLINE:
        return BIT(AJ_TAG_RAWINLINE);
    case CMARK_NODE_EMPH:
        return BIT(AJ_TAG_EMPH);
    case CMARK_NODE_STRONG:
        return BIT(AJ_TAG_STRONG);
    case CMARK_NODE_LINK:
        return BIT(AJ_TAG_LINK);
    case CMARK_NODE_IMAGE:
        return BIT(AJ_TAG_IMAGE);
    case CMARK_NODE_CUSTOM_BLOCK:
    case CMARK_NODE_CUSTOM_INLINE:
        return custom_tags(node);
    case CMARK_NODE_ITEM: /* a task's mark becomes a Str */
        return aj_element_kind(node) == AJ_EL_TASK ? BIT(AJ_TAG_STR) | BIT(AJ_TAG_SPACE) : 0;
    default:
        return 0;
    }
}

uint64_t aj_luatag_set(cmark_node *root)
{
    uint64_t out = 0;
    cmark_node *node = root;
    while (node) {
        out |= node_tags(node);
        cmark_node *next = cmark_node_first_child(node);
        while (!next && node && node != root) {
            next = cmark_node_next(node);
            if (!next)
                node = cmark_node_parent(node);
        }
        node = next;
    }
    return out;
}

AjTag aj_luatag_at(lua_State *L, int at)
{
    if (!lua_istable(L, at) || !lua_getmetatable(L, at))
        return AJ_TAG_NONE;
    lua_rawgeti(L, -1, 1);
    lua_Integer id = lua_tointeger(L, -1);
    lua_pop(L, 2);
    return id > AJ_TAG_NONE && id < AJ_TAGS ? (AjTag)id : AJ_TAG_NONE;
}
