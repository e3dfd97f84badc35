/* luawant - what a filter's table handles and needs.
 *
 * Must not know: how filters run. */
#include "filter/luawant.h"

#include <string.h>

typedef struct {
    uint64_t tags;             /* elements that the table handles */
    bool always;               /* a handler of Pandoc, Meta, Blocks or Inlines */
    GPtrArray *meta, *heading; /* `needs`; NULL: nothing said */
} Table;
struct AjLuawant {
    GArray *tables; /* of Table */
};

static void clear_table(gpointer data)
{
    Table *t = data;
    g_clear_pointer(&t->meta, g_ptr_array_unref);
    g_clear_pointer(&t->heading, g_ptr_array_unref);
}

AjLuawant *aj_luawant_new(void)
{
    AjLuawant *w = g_new0(AjLuawant, 1);
    w->tables = g_array_new(FALSE, FALSE, sizeof(Table));
    g_array_set_clear_func(w->tables, clear_table);
    return w;
}

void aj_luawant_free(AjLuawant *w)
{
    if (!w)
        return;
    g_array_free(w->tables, TRUE);
    g_free(w);
}

void aj_luawant_always(AjLuawant *w)
{
    Table t = {.always = true};
    g_array_append_val(w->tables, t);
}

static bool headings_hold(cmark_node *parent, const GPtrArray *words, GString *text)
{
    for (cmark_node *n = cmark_node_first_child(parent); n; n = cmark_node_next(n)) {
        cmark_node_type type = cmark_node_get_type(n);
        if (type == CMARK_NODE_CUSTOM_BLOCK && aj_element_kind(n) == AJ_EL_DIV &&
            headings_hold(n, words, text))
            return true;
        if (type != CMARK_NODE_HEADING)
            continue;
        g_string_truncate(text, 0);
        aj_tree_stringify(n, text);
        for (guint i = 0; i < words->len; i++)
            if (strstr(text->str, words->pdata[i]))
                return true;
    }
    return false;
}

static bool needs_met(const Table *t, const AjTree *tree, const AjValue *meta)
{
    if (!t->meta && !t->heading)
        return true;
    for (guint i = 0; t->meta && i < t->meta->len; i++) {
        const AjValue *v = aj_value_get(meta, t->meta->pdata[i]);
        if (v && v->type != AJ_VALUE_NULL)
            return true;
    }
    if (!t->heading)
        return false;
    GString *text = g_string_sized_new(128);
    bool met = headings_hold(tree->root, t->heading, text);
    g_string_free(text, TRUE);
    return met;
}

bool aj_luawant_met(const AjLuawant *w, AjLuapage *page)
{
    for (guint i = 0; i < w->tables->len; i++) {
        const Table *t = &g_array_index(w->tables, Table, i);
        if (!needs_met(t, page->tree, page->meta))
            continue;
        if (t->always)
            return true;
        if (!page->known && t->tags) {
            page->tags = aj_luatag_set(page->tree->root);
            page->known = true;
        }
        if (t->tags & page->tags)
            return true;
    }
    return false;
}

uint64_t aj_luawant_tags(const AjLuawant *w, const AjLuapage *page, bool *whole)
{
    uint64_t tags = 0;
    for (guint i = 0; i < w->tables->len; i++) {
        const Table *t = &g_array_index(w->tables, Table, i);
        if (!needs_met(t, page->tree, page->meta))
            continue;
        tags |= t->tags;
        *whole |= t->always;
    }
    return tags;
}

static GPtrArray *read_words(lua_State *L, int at, const char *name)
{
    GPtrArray *out = NULL;
    lua_getfield(L, at, name);
    if (lua_istable(L, -1)) {
        out = g_ptr_array_new_with_free_func(g_free);
        lua_Integer n = (lua_Integer)lua_rawlen(L, -1);
        for (lua_Integer i = 1; i <= n; i++) {
            if (lua_rawgeti(L, -1, i) == LUA_TSTRING)
                g_ptr_array_add(out, g_strdup(lua_tostring(L, -1)));
            lua_pop(L, 1);
        }
    }
    lua_pop(L, 1);
    return out;
}

/* Reads of the table on top what it handles. Raw reads: nothing here can raise an error but for
 * memory, and then the program's own copy is what leaks. */
void aj_luawant_learn(lua_State *L, AjLuawant *w)
{
    Table t = {0};
    int at = lua_gettop(L);
    static const char *const always[] = {"Pandoc", "Doc", "Meta", "Blocks", "Inlines"};
    for (size_t i = 0; i < G_N_ELEMENTS(always); i++) {
        lua_pushstring(L, always[i]);
        t.always |= lua_rawget(L, at) != LUA_TNIL;
        lua_pop(L, 1);
    }
    lua_pushliteral(L, "Inline");
    bool inlines = lua_rawget(L, at) != LUA_TNIL;
    lua_pushliteral(L, "Block");
    bool blocks = lua_rawget(L, at) != LUA_TNIL;
    lua_settop(L, at);
    for (int tag = 1; tag < AJ_TAGS; tag++) {
        lua_pushstring(L, aj_luatag_name((AjTag)tag));
        if (lua_rawget(L, at) != LUA_TNIL || (inlines && aj_luatag_is_inline((AjTag)tag)) ||
            (blocks && aj_luatag_is_block((AjTag)tag)))
            t.tags |= UINT64_C(1) << tag;
        lua_pop(L, 1);
    }
    lua_pushliteral(L, "needs");
    if (lua_rawget(L, at) == LUA_TTABLE) {
        t.meta = read_words(L, at + 1, "meta");
        t.heading = read_words(L, at + 1, "heading");
    }
    lua_settop(L, at);
    g_array_append_val(w->tables, t);
}
