/* liveset - which names a walk still follows at a commit.
 *
 * Kept as exceptions from "all" or from "none", so that a branch costs what it changed and not the
 * number of pages.
 * Pure. Must not know: commits, trees, what a name is. */
#include "history/liveset.h"

#include <glib.h>

struct AjLive {
    bool all;
    GHashTable *except;  /* from all: not followed; from none: followed. NULL: empty */
    GHashTable *renamed; /* NULL: empty */
};

AjLive *aj_live_new(bool all)
{
    AjLive *l = g_new0(AjLive, 1);
    l->all = all;
    return l;
}

static void set_free(GHashTable *set)
{
    if (set)
        g_hash_table_unref(set);
}

static bool set_has(GHashTable *set, uint32_t name)
{
    return set && g_hash_table_contains(set, GUINT_TO_POINTER(name));
}

static void set_add(GHashTable **set, uint32_t name)
{
    if (!*set)
        *set = g_hash_table_new(NULL, NULL);
    g_hash_table_add(*set, GUINT_TO_POINTER(name));
}

static void set_remove(GHashTable **set, uint32_t name)
{
    if (*set)
        g_hash_table_remove(*set, GUINT_TO_POINTER(name));
}

static bool set_is_empty(GHashTable *set)
{
    return !set || g_hash_table_size(set) == 0;
}

static void set_join(GHashTable **into, GHashTable *from)
{
    GHashTableIter iter;
    gpointer key;
    if (set_is_empty(from))
        return;
    g_hash_table_iter_init(&iter, from);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        set_add(into, GPOINTER_TO_UINT(key));
}

/* Keeps what is in `other` too (`keep`), or what is not. */
static void set_filter(GHashTable *set, GHashTable *other, bool keep)
{
    GHashTableIter iter;
    gpointer key;
    if (!set)
        return;
    g_hash_table_iter_init(&iter, set);
    while (g_hash_table_iter_next(&iter, &key, NULL))
        if (set_has(other, GPOINTER_TO_UINT(key)) != keep)
            g_hash_table_iter_remove(&iter);
}

void aj_live_free(AjLive *l)
{
    if (!l)
        return;
    set_free(l->except);
    set_free(l->renamed);
    g_free(l);
}

bool aj_live_has(const AjLive *l, uint32_t name)
{
    return set_has(l->except, name) != l->all;
}

void aj_live_add(AjLive *l, uint32_t name)
{
    if (l->all)
        set_remove(&l->except, name);
    else
        set_add(&l->except, name);
}

void aj_live_remove(AjLive *l, uint32_t name)
{
    if (l->all)
        set_add(&l->except, name);
    else
        set_remove(&l->except, name);
}

bool aj_live_has_renamed(const AjLive *l, uint32_t name)
{
    return set_has(l->renamed, name);
}

void aj_live_add_renamed(AjLive *l, uint32_t name)
{
    set_add(&l->renamed, name);
}

void aj_live_remove_renamed(AjLive *l, uint32_t name)
{
    set_remove(&l->renamed, name);
}

AjLive *aj_live_join(AjLive *into, AjLive *from)
{
    if (!into)
        return from;
    if (!into->all && from->all) {
        AjLive *swap = into;
        into = from;
        from = swap;
    }
    if (into->all)
        set_filter(into->except, from->except, from->all);
    else
        set_join(&into->except, from->except);
    set_join(&into->renamed, from->renamed);
    aj_live_free(from);
    return into;
}

bool aj_live_is_all(const AjLive *l)
{
    return l->all && set_is_empty(l->except);
}

bool aj_live_is_none(const AjLive *l)
{
    return !l->all && set_is_empty(l->except) && set_is_empty(l->renamed);
}

bool aj_live_is_some(const AjLive *l)
{
    return !l->all;
}
