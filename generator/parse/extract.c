/* extract - what others need to know of a tree: headings, plain text by section, counts.
 *
 * Blocks are joined by a line end, lines within a block by a blank, or by nothing between CJK.
 * Must not know: where links lead, HTML. */
#include "parse/extract.h"

#include "base/text.h"

#include <string.h>

enum { SUMMARY = 120, DEPTH = 2000 };

typedef struct {
    AjArena *a;
    const AjTree *tree;
    AjExtract *out;
    GString *text;    /* the section under way */
    GString *heading; /* scratch */
    const char *id, *title;
    uint32_t level;
    bool summary_done;
} Extract;

static void count(AjExtract *out, const char *s, size_t len)
{
    const char *p = s, *end = s + len;
    bool word = false;
    while (p < end) {
        unsigned char c = (unsigned char)*p;
        if (c < 0x80) {
            bool now = g_ascii_isalnum(c) || (word && c == '\'');
            out->words += now && !word;
            word = now;
            p++;
            continue;
        }
        if (c >= 0xe5 && c <= 0xe9 && end - p >= 3) { /* U+5000 to U+9FFF: nearly all of them */
            out->han++;
            word = false;
            p += 3;
            continue;
        }
        uint32_t cp = aj_utf8_next(&p, end);
        if (aj_text_is_han(cp)) {
            out->han++;
            word = false;
        } else if (!aj_text_is_cjk(cp) && !aj_text_is_wide_punct(cp)) {
            out->words += !word;
            word = true;
        } else {
            word = false;
        }
    }
}

static const char *shorten(AjArena *a, const char *s, size_t len)
{
    const char *p = s, *end = s + len, *cut = s;
    for (int n = 0; p < end; n++) {
        if (n == SUMMARY - 1)
            cut = p;
        if (n == SUMMARY)
            return aj_arena_printf(a, "%.*s…", (int)(cut - s), s);
        p = (const char *)g_utf8_next_char(p);
    }
    return aj_arena_strndup(a, s, len);
}

static void section_end(Extract *e)
{
    size_t len = e->text->len;
    if (len && e->text->str[len - 1] == '\n')
        len--;
    if (!len && !*e->id)
        return;
    AjValue *section = aj_value_map(e->a);
    aj_value_set(e->a, section, "id", aj_value_string(e->a, e->id));
    aj_value_set(e->a, section, "title", aj_value_string(e->a, e->title));
    aj_value_set(e->a, section, "level", aj_value_int(e->a, e->level));
    aj_value_set(e->a, section, "text", aj_value_stringn(e->a, e->text->str, len));
    aj_value_push(e->a, e->out->sections, section);
    g_string_truncate(e->text, 0);
}

static void heading(Extract *e, cmark_node *node)
{
    section_end(e);
    g_string_truncate(e->heading, 0);
    aj_tree_stringify(node, e->heading);
    const AjElement *el = aj_element_of(node);
    AjArena *a = e->a;
    e->id = el && el->attr.id ? el->attr.id : "";
    e->title = aj_arena_strndup(a, e->heading->str, e->heading->len);
    e->level = (uint32_t)cmark_node_get_heading_level(node);
    if (e->level == 1 && !e->out->title)
        e->out->title = e->title;
    AjValue *value = aj_value_map(a);
    value->line = aj_tree_line(e->tree, node);
    aj_value_set(a, value, "level", aj_value_int(a, e->level));
    aj_value_set(a, value, "id", aj_value_view(a, e->id, strlen(e->id)));
    aj_value_set(a, value, "text", aj_value_view(a, e->title, e->heading->len));
    aj_value_set(a, value, "line", aj_value_int(a, value->line));
    aj_value_push(a, e->out->headings, value);
    count(e->out, e->heading->str, e->heading->len);
}

static void block_end(Extract *e, size_t from)
{
    if (e->text->len == from)
        return;
    count(e->out, e->text->str + from, e->text->len - from);
    g_string_append_c(e->text, '\n');
}

static void walk(Extract *e, cmark_node *node, int depth)
{
    if (depth > DEPTH)
        return;
    for (cmark_node *at = cmark_node_first_child(node); at; at = cmark_node_next(at)) {
        cmark_node_type type = cmark_node_get_type(at);
        size_t from = e->text->len;
        cmark_node *first;
        switch (type) {
        case CMARK_NODE_HEADING:
            heading(e, at);
            break;
        case CMARK_NODE_PARAGRAPH:
            aj_tree_stringify(at, e->text);
            if (!e->summary_done && e->text->len > from) {
                e->out->summary = shorten(e->a, e->text->str + from, e->text->len - from);
                e->summary_done = true;
            }
            block_end(e, from);
            break;
        case CMARK_NODE_CODE_BLOCK: {
            const char *s = cmark_node_get_literal(at);
            size_t len = s ? strlen(s) : 0;
            while (len && s[len - 1] == '\n')
                len--;
            g_string_append_len(e->text, s, (gssize)len);
            block_end(e, from);
            break;
        }
        case CMARK_NODE_HTML_BLOCK:
        case CMARK_NODE_THEMATIC_BREAK:
            break;
        default:
            first = cmark_node_first_child(at);
            if (first && cmark_node_get_type(first) > CMARK_NODE_LAST_BLOCK) {
                aj_tree_stringify(at, e->text);
                block_end(e, from);
            } else {
                walk(e, at, depth + 1);
            }
        }
    }
}

void aj_extract(AjArena *a, const AjTree *tree, AjExtract *out)
{
    memset(out, 0, sizeof *out);
    out->headings = aj_value_list(a);
    out->sections = aj_value_list(a);
    out->summary = "";
    Extract e = {.a = a,
                 .tree = tree,
                 .out = out,
                 .text = g_string_sized_new(4096),
                 .heading = g_string_sized_new(128),
                 .id = "",
                 .title = ""};
    walk(&e, tree->root, 0);
    section_end(&e);
    g_string_free(e.text, TRUE);
    g_string_free(e.heading, TRUE);
}
