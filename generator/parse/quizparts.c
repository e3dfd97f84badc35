/* quizparts - what an ordering, matching, scenario or short-answer question is made of.
 *
 * Must not know: slips, pages. */
#include "parse/quizparts.h"

#include <stdlib.h>
#include <string.h>

uint32_t aj_quizparts_line(const AjAttr *attr, const char *key)
{
    const char *s = aj_attr_get(attr, key);
    unsigned long n = s ? strtoul(s, NULL, 10) : 0;
    return n <= UINT32_MAX ? (uint32_t)n : 0;
}

const char *aj_quizparts_text(AjQuizparts *p, cmark_node *parent)
{
    g_string_truncate(p->text, 0);
    for (cmark_node *c = cmark_node_first_child(parent); c; c = cmark_node_next(c)) {
        if (p->text->len)
            g_string_append_c(p->text, '\n');
        aj_tree_stringify(c, p->text);
    }
    return g_strstrip(p->text->str);
}

static bool is_bare(cmark_node *node)
{
    return cmark_node_get_type(node) == CMARK_NODE_PARAGRAPH ||
           aj_element_kind(node) == AJ_EL_PLAINTEXT;
}

/* One paragraph shows bare; among other blocks a Plain becomes a paragraph of its own. */
AjValue *aj_quizparts_drawn(AjQuizparts *p, cmark_node *parent)
{
    g_string_truncate(p->text, 0);
    cmark_node *first = cmark_node_first_child(parent);
    if (first && !cmark_node_next(first) && is_bare(first)) {
        p->draw(first, true, p->text, p->data);
    } else {
        for (cmark_node *c = first, *next; c; c = next) {
            next = cmark_node_next(c);
            if (aj_element_kind(c) != AJ_EL_PLAINTEXT)
                continue;
            cmark_node *para = aj_tree_node(CMARK_NODE_PARAGRAPH);
            cmark_node_insert_before(c, para);
            for (cmark_node *inside; (inside = cmark_node_first_child(c));)
                cmark_node_append_child(para, inside);
            cmark_node_unlink(c);
        }
        p->draw(parent, false, p->text, p->data);
    }
    return aj_value_stringn(p->arena, p->text->str, p->text->len);
}

/* The next child from `c` on that is a Div of this class. */
static cmark_node *next_of_class(cmark_node *c, const char *name)
{
    for (; c; c = cmark_node_next(c)) {
        AjElement *e = aj_element_of(c);
        if (e && e->kind == AJ_EL_DIV && aj_attr_has_class(&e->attr, name))
            return c;
    }
    return NULL;
}

static cmark_node *first_of(cmark_node *parent, const char *name)
{
    return next_of_class(cmark_node_first_child(parent), name);
}

cmark_node *aj_quizparts_child(cmark_node *parent, const char *name)
{
    return first_of(parent, name);
}

static const AjAttr *attr_of(cmark_node *div)
{
    return &aj_element_of(div)->attr;
}

static void set_both(AjQuizparts *p, AjValue *map, const char *text, const char *html,
                     cmark_node *div)
{
    aj_value_set_string(p->arena, map, text, div ? aj_quizparts_text(p, div) : "");
    if (div)
        aj_value_set(p->arena, map, html, aj_quizparts_drawn(p, div));
}

static AjValue *new_part(AjQuizparts *p, AjValue *list, cmark_node *div)
{
    AjValue *map = aj_value_map(p->arena);
    map->line = aj_quizparts_line(attr_of(div), "line");
    if (map->line)
        aj_value_set_int(p->arena, map, "line", map->line);
    aj_value_push(p->arena, list, map);
    return map;
}

static void set_points(AjQuizparts *p, AjValue *map, const AjAttr *attr)
{
    const char *text = aj_attr_get(attr, "points");
    double n = text ? g_ascii_strtod(text, NULL) : 0;
    aj_value_set(p->arena, map, "points",
                 n > -1e9 && n < 1e9 && n == (double)(int64_t)n ? aj_value_int(p->arena, (int64_t)n)
                                                                : aj_value_double(p->arena, n));
}

static void read_order(AjQuizparts *p, AjValue *q, cmark_node *div)
{
    AjValue *items = aj_value_list(p->arena);
    for (cmark_node *c = first_of(div, "item"); c; c = next_of_class(cmark_node_next(c), "item"))
        set_both(p, new_part(p, items, c), "text", "html", c);
    aj_value_set(p->arena, q, "items", items);
}

static void read_match(AjQuizparts *p, AjValue *q, cmark_node *div)
{
    AjValue *pairs = aj_value_list(p->arena), *rest = aj_value_list(p->arena);
    for (cmark_node *c = first_of(div, "pair"); c; c = next_of_class(cmark_node_next(c), "pair")) {
        AjValue *pair = new_part(p, pairs, c);
        set_both(p, pair, "left", "left_html", aj_quizparts_child(c, "left"));
        set_both(p, pair, "right", "right_html", aj_quizparts_child(c, "right"));
    }
    for (cmark_node *c = first_of(div, "distractor"); c;
         c = next_of_class(cmark_node_next(c), "distractor"))
        aj_value_push(p->arena, rest, aj_value_string(p->arena, aj_quizparts_text(p, c)));
    aj_value_set(p->arena, q, "pairs", pairs);
    aj_value_set(p->arena, q, "distractors", rest);
}

static AjValue *read_choices(AjQuizparts *p, cmark_node *node)
{
    AjValue *choices = aj_value_list(p->arena);
    for (cmark_node *c = first_of(node, "choice"); c;
         c = next_of_class(cmark_node_next(c), "choice")) {
        AjValue *choice = new_part(p, choices, c);
        set_both(p, choice, "text", "html", c);
        aj_value_set_string(p->arena, choice, "to", aj_attr_get(attr_of(c), "to"));
        set_points(p, choice, attr_of(c));
    }
    return choices;
}

static void read_scenario(AjQuizparts *p, AjValue *q, cmark_node *div)
{
    AjArena *a = p->arena;
    AjValue *nodes = aj_value_list(a);
    for (cmark_node *c = first_of(div, "node"); c; c = next_of_class(cmark_node_next(c), "node")) {
        AjValue *node = new_part(p, nodes, c);
        aj_value_set_string(a, node, "name", aj_attr_get(attr_of(c), "name"));
        set_both(p, node, "text", "html", aj_quizparts_child(c, "text"));
        aj_value_set(a, node, "choices", read_choices(p, c));
    }
    if (nodes->len)
        aj_value_set_string(a, q, "start", aj_value_get_string(nodes->items[0], "name", ""));
    aj_value_set(a, q, "nodes", nodes);
}

static void read_short(AjQuizparts *p, AjValue *q, cmark_node *div)
{
    AjValue *rubric = aj_value_list(p->arena);
    cmark_node *reference = aj_quizparts_child(div, "reference");
    if (reference)
        set_both(p, q, "reference", "reference_html", reference);
    for (cmark_node *c = first_of(div, "rubric"); c;
         c = next_of_class(cmark_node_next(c), "rubric")) {
        AjValue *item = new_part(p, rubric, c);
        set_both(p, item, "text", "html", c);
        set_points(p, item, attr_of(c));
    }
    aj_value_set(p->arena, q, "rubric", rubric);
}

void aj_quizparts_read(AjQuizparts *p, AjValue *question, const char *type, cmark_node *div)
{
    if (strcmp(type, "order") == 0)
        read_order(p, question, div);
    else if (strcmp(type, "match") == 0)
        read_match(p, question, div);
    else if (strcmp(type, "scenario") == 0)
        read_scenario(p, question, div);
    else if (strcmp(type, "short") == 0)
        read_short(p, question, div);
}
