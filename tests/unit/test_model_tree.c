/* Elements on nodes, attributes, text of inlines, lines through the map. */
#include "model/tree.h"

#include <string.h>

typedef struct {
    AjArena *a;
} Fixture;

static void set_up(Fixture *f, gconstpointer data)
{
    (void)data;
    f->a = aj_arena_new(4096);
    aj_tree_use_arena(f->a);
}

static void tear_down(Fixture *f, gconstpointer data)
{
    (void)data;
    aj_arena_free(f->a);
}

static cmark_node *parse(const char *text)
{
    cmark_parser *parser = cmark_parser_new_with_mem(CMARK_OPT_DEFAULT, aj_tree_mem());
    cmark_parser_feed(parser, text, strlen(text));
    return cmark_parser_finish(parser);
}

static void test_memory(Fixture *f, gconstpointer data)
{
    (void)data;
    cmark_mem *mem = aj_tree_mem();
    char *p = mem->calloc(1, 10);
    memcpy(p, "123456789", 10);
    p = mem->realloc(p, 5000); /* past a block's end */
    g_assert_cmpstr(p, ==, "123456789");
    g_assert_true(mem->realloc(p, 3) == p);
    g_assert_nonnull(mem->realloc(NULL, 0));
    mem->free(p);
    g_assert_cmpuint(aj_arena_used(f->a), >=, 5000);
}

static void test_elements(Fixture *f, gconstpointer data)
{
    (void)data;
    cmark_node *div = aj_tree_element(f->a, AJ_EL_DIV), *span = aj_tree_element(f->a, AJ_EL_SPAN);
    g_assert_cmpint(cmark_node_get_type(div), ==, CMARK_NODE_CUSTOM_BLOCK);
    g_assert_cmpint(cmark_node_get_type(span), ==, CMARK_NODE_CUSTOM_INLINE);
    g_assert_cmpint(aj_element_kind(span), ==, AJ_EL_SPAN);
    cmark_node *text = aj_tree_text("甲乙丙", 6);
    g_assert_cmpstr(cmark_node_get_literal(text), ==, "甲乙");
    g_assert_null(aj_element_of(text));
    g_assert_cmpint(aj_element_kind(text), ==, AJ_EL_PLAIN);
    AjElement *el = aj_element_get(f->a, text);
    g_assert_true(el == aj_element_get(f->a, text));
    g_autofree char *longer = g_strnfill(1000, 'x');
    g_assert_cmpuint(strlen(cmark_node_get_literal(aj_tree_text(longer, 1000))), ==, 1000);
    g_assert_cmpstr(cmark_node_get_literal(aj_tree_text("", 0)), ==, "");
}

static void test_attributes(Fixture *f, gconstpointer data)
{
    (void)data;
    AjAttr attr = {0};
    char name[8];
    for (int i = 0; i < 20; i++) {
        g_snprintf(name, sizeof name, "k%d", i);
        aj_attr_add_class(f->a, &attr, name);
        aj_attr_add_class(f->a, &attr, name);
        aj_attr_set(f->a, &attr, name, "old");
        aj_attr_set(f->a, &attr, name, name);
    }
    g_assert_cmpuint(attr.class_count, ==, 20);
    g_assert_cmpuint(attr.attribute_count, ==, 20);
    g_assert_cmpstr(attr.classes[19], ==, "k19");
    g_assert_cmpstr(aj_attr_get(&attr, "k0"), ==, "k0");
    g_assert_cmpstr(attr.attributes[7].key, ==, "k7");
    g_assert_null(aj_attr_get(&attr, "k20"));
    g_assert_true(aj_attr_has_class(&attr, "k3"));
    g_assert_false(aj_attr_has_class(&attr, "k"));
}

static void test_stringify(Fixture *f, gconstpointer data)
{
    (void)f;
    (void)data;
    static const struct {
        const char *text, *out;
    } cases[] = {
        {"", ""},
        {"甲\n乙", "甲乙"},
        {"甲\nb\n丙", "甲 b 丙"},
        {"**甲**\n`乙` [丙](u)\\\n丁", "甲乙 丙丁"},
        {"a<b>c ![图](x)", "ac 图"},
        {"𠮷\n野", "𠮷野"},
        {"一\n\n二\n\nthree", "一二 three"},
        {"a  \nb", "a b"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) out = g_string_new("x");
        aj_tree_stringify(parse(cases[i].text), out);
        g_assert_cmpstr(out->str + 1, ==, cases[i].out);
    }
}

static void test_lines(Fixture *f, gconstpointer data)
{
    (void)data;
    AjTree tree = {.arena = f->a, .root = parse("a\n\nb\n\nc\n")};
    cmark_node *last = cmark_node_last_child(tree.root);
    g_assert_cmpuint(aj_tree_line(&tree, last), ==, 5);
    tree.first_line = 11;
    g_assert_cmpuint(aj_tree_line(&tree, last), ==, 15);
    uint32_t lines[] = {0, 4, 4, 4, 4, 9};
    tree.lines = lines;
    tree.line_count = 5;
    g_assert_cmpuint(aj_tree_line(&tree, last), ==, 9);
    tree.line_count = 4; /* a map too short is no reason to read past it */
    g_assert_cmpuint(aj_tree_line(&tree, last), ==, 0);
    tree.line_count = 5;
    cmark_node *div = aj_tree_element(f->a, AJ_EL_DIV), *made = aj_tree_node(CMARK_NODE_PARAGRAPH);
    g_assert_cmpuint(aj_tree_line(&tree, div), ==, 0);
    cmark_node_append_child(div, made);
    cmark_node_append_child(made, aj_tree_text("x", 1));
    cmark_node_insert_before(last, div);
    g_assert_cmpuint(aj_tree_line(&tree, made), ==, 0);
    cmark_node_append_child(div, last);
    aj_element_of(div)->line = 7;
    g_assert_cmpuint(aj_tree_line(&tree, cmark_node_first_child(made)), ==, 7);
    g_assert_cmpuint(aj_tree_line(&tree, last), ==, 9);
}

static void test_splice(Fixture *f, gconstpointer data)
{
    (void)f;
    (void)data;
    cmark_node *root = parse("a\n\nb\n"), *other = parse("x\n\ny\n");
    aj_tree_splice_before(cmark_node_last_child(root), other);
    g_autoptr(GString) out = g_string_new(NULL);
    aj_tree_stringify(root, out);
    g_assert_cmpstr(out->str, ==, "a x y b");
    g_assert_null(cmark_node_first_child(other));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name, test) g_test_add("/model/tree/" name, Fixture, NULL, set_up, test, tear_down)
    ADD("memory", test_memory);
    ADD("elements", test_elements);
    ADD("attributes", test_attributes);
    ADD("stringify", test_stringify);
    ADD("lines", test_lines);
    ADD("splice", test_splice);
    return g_test_run();
}
