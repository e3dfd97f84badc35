/* sincepage - what changed since an edition: for those who learnt from it.
 *
 * Must not know: how such a page looks, how editions are built. */
#include "driver/sincepage.h"

#include "base/hash.h"
#include "driver/edition.h"
#include "driver/entry.h"
#include "driver/versions.h"

#include <string.h>

const char *aj_sincepage_address(AjArena *a, const char *folder)
{
    const char *name = folder + strlen("editions/");
    return aj_arena_printf(a, "changes/since-%.*s.html", (int)strlen(name) - 1, name);
}

static AjValue *edition_map(AjArena *a, const AjEdition *e)
{
    AjValue *v = aj_value_map(a);
    aj_value_set_string(a, v, "name", e->name);
    aj_value_set_string(a, v, "date", e->date);
    aj_value_set_string(a, v, "url", aj_sincepage_address(a, e->folder));
    return v;
}

void aj_sincepage_put_list(AjArena *a, const AjContexts *c, AjValue *map)
{
    AjValue *list = aj_value_list(a);
    for (uint32_t i = 0; i < c->plan->count; i++)
        if (c->plan->outputs[i].kind == AJ_OUT_SINCE)
            aj_value_push(a, list, edition_map(a, &c->editions->list[c->plan->outputs[i].index]));
    aj_entry_set_list(a, map, "since", list);
}

static uint32_t page_at(GHashTable *numbers, const AjValue *path)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(numbers, path->s)) - 1;
}

static AjValue *pages_at(AjArena *a, const AjContexts *c, GHashTable *numbers, const AjValue *paths)
{
    AjValue *list = aj_value_list(a);
    for (uint32_t i = 0; i < aj_value_len(paths); i++)
        aj_value_push(a, list, aj_entry_page(a, c, page_at(numbers, aj_value_at(paths, i))));
    return list;
}

static AjValue *changed_page(AjArena *a, const AjContexts *c, GHashTable *numbers,
                             const AjValue *changed)
{
    uint32_t number = page_at(numbers, aj_value_get(changed, "path"));
    const AjPathLog *log = c->site->logs[number];
    const AjValue *old = aj_value_get(changed, "revisions");
    AjValue *v = aj_entry_page(a, c, number), *revisions = aj_value_list(a);
    for (uint32_t i = 0; i < aj_value_len(old); i++) {
        int64_t n = aj_value_get_int(aj_value_at(old, i), "number", 1);
        aj_value_push(a, revisions, aj_entry_page_revision(a, c, number, log->count - (uint32_t)n));
    }
    aj_value_set_bool(a, v, "is_fresh", aj_value_get_bool(changed, "new", false));
    aj_entry_set_list(a, v, "revisions", revisions);
    return v;
}

static void put_texts(AjArena *a, AjValue *map, const char *key, const AjValue *texts)
{
    AjValue *list = aj_value_list(a);
    for (uint32_t i = 0; i < aj_value_len(texts); i++)
        aj_value_push(a, list, aj_value_copy(a, aj_value_at(texts, i)));
    aj_entry_set_list(a, map, key, list);
}

void aj_sincepage_put(AjArena *a, const AjContexts *c, AjValue *map, uint32_t index)
{
    const AjSite *site = c->site;
    const AjEdition *e = &c->editions->list[index];
    aj_value_set(a, map, "edition", edition_map(a, e));
    if (c->sketch) {
        char hex[65];
        AjHash sum;
        aj_hash(site->keys, site->page_count * sizeof *site->keys, &sum);
        aj_hash_hex(&sum, 64, hex);
        aj_value_set_string(a, map, "commit", e->commit);
        aj_value_set_string(a, map, "head", site->history->head);
        aj_value_set_string(a, map, "pages", hex);
        return;
    }
    g_autoptr(GHashTable) numbers = g_hash_table_new(g_str_hash, g_str_equal);
    for (uint32_t i = 0; i < site->page_count; i++)
        g_hash_table_insert(numbers, (void *)site->pages[i].source, GUINT_TO_POINTER(i + 1));
    const AjValue *all = aj_versions_retrain(a, site, c->repo, c->prefix, e->commit, NULL);
    const AjValue *changed = aj_value_get(all, "pages");
    AjValue *pages = aj_value_list(a);
    for (uint32_t i = 0; i < aj_value_len(changed); i++)
        aj_value_push(a, pages, changed_page(a, c, numbers, aj_value_at(changed, i)));
    aj_value_set_bool(a, map, "is_unknown", !all);
    aj_entry_set_list(a, map, "pages", pages);
    aj_entry_set_list(a, map, "quizzes", pages_at(a, c, numbers, aj_value_get(all, "quizzes")));
    aj_entry_set_list(a, map, "courses", pages_at(a, c, numbers, aj_value_get(all, "courses")));
    put_texts(a, map, "posts", aj_value_get(all, "posts"));
    put_texts(a, map, "removed", aj_value_get(all, "removed"));
    aj_value_set_bool(a, map, "is_same",
                      all && !pages->len && !aj_value_len(aj_value_get(all, "removed")));
}
