/* feed - what programs read of a site: the Atom feed's entries and the sitemap's.
 *
 * Must not know: the format of either, which its template draws. */
#include "driver/feed.h"

#include "driver/entry.h"

#include <string.h>

enum { FEED_ENTRIES = 20 };

static const char *absolute(AjArena *a, const AjContexts *c, const char *address)
{
    return aj_arena_printf(a, "%s%s", c->site->config->base_url, address);
}

static const char *updated_of(AjArena *a, const AjContexts *c, uint32_t number)
{
    const AjCommit *commit = aj_entry_last_commit(c->site, number);
    const char *date = c->site->pages[number].date;
    const char *time = commit ? aj_entry_time(a, commit->time) : "";
    if (*time)
        return time;
    return date ? aj_arena_printf(a, "%sT00:00:00Z", date) : "";
}

void aj_feed_atom(AjArena *a, const AjContexts *c, AjValue *map)
{
    AjValue *entries = aj_value_list(a);
    const char *newest = "1970-01-01T00:00:00Z";
    for (uint32_t i = 0; c->newest[i] != AJ_NO_PAGE && i < FEED_ENTRIES; i++) {
        uint32_t n = c->newest[i];
        AjValue *v = aj_entry_page(a, c, n);
        const char *updated = updated_of(a, c, n);
        if (!*updated) /* a feed needs a date, and none is known */
            continue;
        newest = strcmp(updated, newest) > 0 ? updated : newest;
        aj_value_set_string(a, v, "updated", updated);
        aj_value_set_string(a, v, "absolute_url", absolute(a, c, c->site->pages[n].address));
        aj_value_set_string(a, v, "id", absolute(a, c, c->site->pages[n].address));
        aj_value_push(a, entries, v);
    }
    aj_entry_set_list(a, map, "entries", entries);
    aj_value_set_string(a, map, "updated", newest);
    aj_value_set_string(a, map, "id", absolute(a, c, ""));
}

void aj_feed_sitemap(AjArena *a, const AjContexts *c, AjValue *map)
{
    AjValue *entries = aj_value_list(a);
    for (uint32_t i = 0; i < c->plan->count; i++) {
        const AjPlanned *out = &c->plan->outputs[i];
        if (out->kind > AJ_OUT_TERM || out->part > 1)
            continue;
        const AjPage *page = aj_context_page(c, out);
        AjValue *v = aj_value_map(a);
        aj_value_set_string(a, v, "absolute_url", absolute(a, c, out->address));
        const char *updated = page ? updated_of(a, c, page->number) : "";
        aj_value_set(a, v, "lastmod", aj_value_stringn(a, updated, MIN(strlen(updated), 10)));
        aj_value_push(a, entries, v);
    }
    aj_entry_set_list(a, map, "entries", entries);
}
