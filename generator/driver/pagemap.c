/* pagemap - what a template sees of one content page: front matter, contents, version, neighbours.
 *
 * Must not know: lists, how a template looks. */
#include "driver/pagemap.h"

#include "base/json.h"
#include "driver/entry.h"
#include "driver/quizdata.h"
#include "driver/join.h"

#include <string.h>

enum { BACKLINKS_SHOWN = 50 };

/* Strings in lists become {text}, so that a template may say {{text}} for every kind of list. */
static AjValue *meta_of(AjArena *a, const AjValue *meta)
{
    AjValue *out = aj_value_map(a);
    for (uint32_t i = 0; i < aj_value_len(meta); i++) {
        const char *key = meta->entries[i].key;
        AjValue *v = meta->entries[i].value;
        if (v->type != AJ_VALUE_LIST) {
            aj_value_set(a, out, key, v);
            continue;
        }
        AjValue *list = aj_value_list(a);
        for (uint32_t n = 0; n < v->len; n++) {
            AjValue *item = v->items[n];
            if (item->type == AJ_VALUE_STRING) {
                AjValue *text = aj_value_map(a);
                aj_value_set(a, text, "text", item);
                item = text;
            }
            aj_value_push(a, list, item);
        }
        aj_entry_set_list(a, out, key, list);
    }
    return out;
}

static void put_sources(AjArena *a, AjValue *map, const AjValue *meta)
{
    const AjValue *from = aj_value_get(meta, "sources");
    AjValue *list = aj_value_list(a);
    for (uint32_t i = 0; i < aj_value_len(from); i++) {
        const AjValue *item = aj_value_at(from, i);
        AjValue *source = aj_value_map(a);
        const char *text = item->type == AJ_VALUE_STRING ? item->s : "";
        const char *url = aj_value_get_string(item, "url", "");
        text = aj_value_get_string(item, "text", aj_value_get_string(item, "title", text));
        aj_value_set_string(a, source, "text", *text ? text : url);
        aj_value_set_string(a, source, "url", url);
        aj_value_set_string(a, source, "date", aj_value_get_string(item, "date", ""));
        aj_value_push(a, list, source);
    }
    aj_entry_set_list(a, map, "sources", list);
}

static void put_toc(AjArena *a, AjValue *map, const AjValue *headings)
{
    AjValue *toc = aj_value_list(a);
    for (uint32_t i = 0; i < aj_value_len(headings); i++) {
        const AjValue *h = aj_value_at(headings, i);
        int64_t level = aj_value_get_int(h, "level", 0);
        if (level != 2 && level != 3)
            continue;
        AjValue *entry = aj_value_map(a);
        aj_value_set_string(a, entry, "id", aj_value_get_string(h, "id", ""));
        aj_value_set_string(a, entry, "text", aj_value_get_string(h, "text", ""));
        aj_value_set_int(a, entry, "level", level);
        aj_value_set_bool(a, entry, "is_h2", level == 2);
        aj_value_set_bool(a, entry, "is_h3", level == 3);
        aj_value_push(a, toc, entry);
    }
    aj_value_set(a, map, "toc", toc);
    aj_value_set_bool(a, map, "has_toc", toc->len >= 2);
}

static void put_terms(AjArena *a, const AjContexts *c, AjValue *map, const AjPage *page)
{
    AjValue *list = aj_value_list(a);
    const AjSite *site = c->site;
    uint32_t i = site->first_term[page->number], end = site->first_term[page->number + 1];
    while (i < end) {
        uint32_t t = site->page_terms[i].taxonomy;
        const AjTaxonomy *taxonomy = &site->taxonomies[t];
        AjValue *entry = aj_value_map(a), *items = aj_value_list(a);
        for (; i < end && site->page_terms[i].taxonomy == t; i++) {
            const AjTerm *term = &taxonomy->terms[site->page_terms[i].term];
            aj_value_push(a, items, aj_entry_crumb(a, term->name, term->address));
        }
        aj_value_add(a, entry, "key", aj_value_view(a, taxonomy->key, strlen(taxonomy->key)));
        aj_value_add(a, entry, "title", c->taxonomy_titles[t]);
        aj_value_add(a, entry, "items", items);
        aj_value_push(a, list, entry);
    }
    aj_entry_set_list(a, map, "terms", list);
}

static void put_history(AjArena *a, const AjContexts *c, AjValue *map, const AjPage *page)
{
    const AjHistory *history = c->site->history;
    const AjPathLog *log = c->site->logs[page->number];
    AjValue *version = aj_value_map(a), *changes = aj_value_list(a);
    g_autoptr(GString) authors = g_string_new(NULL);
    for (uint32_t i = 0; log && i < log->count; i++) {
        const AjCommit *commit = &history->commits[log->commits[i]];
        aj_value_push(a, changes, aj_entry_page_revision(a, c, page->number, i));
        if (!c->sketch && !strstr(authors->str, commit->author))
            g_string_append_printf(authors, "%s%s", authors->len ? "、" : "", commit->author);
    }
    if (log && log->count && !c->sketch) {
        const AjCommit *last = &history->commits[log->commits[0]];
        version = aj_entry_revision(a, c, last, log->count);
        const AjCommit *first = &history->commits[log->commits[log->count - 1]];
        aj_value_set_string(a, version, "author", first->author);
        aj_value_set_string(a, version, "id", last->id);
        aj_value_set_string(a, version, "authors", authors->str);
        for (uint32_t i = 0; i < log->count; i++) {
            const AjCommit *commit = &history->commits[log->commits[i]];
            if (commit->reviewed_by && !*aj_value_get_string(version, "reviewed_by", ""))
                aj_value_set_string(a, version, "reviewed_by", commit->reviewed_by);
            if (commit->approved_by && !*aj_value_get_string(version, "approved_by", ""))
                aj_value_set_string(a, version, "approved_by", commit->approved_by);
        }
    }
    bool in_git = history->state == AJ_HISTORY_FULL || history->state == AJ_HISTORY_SHALLOW;
    aj_value_set_bool(a, version, "modified", in_git && (!log || log->modified));
    aj_value_set_bool(a, version, "history_state_none", history->state == AJ_HISTORY_NONE);
    aj_value_set_bool(a, version, "history_state_empty", history->state == AJ_HISTORY_EMPTY);
    aj_value_set_bool(a, version, "history_state_shallow", history->state == AJ_HISTORY_SHALLOW);
    aj_value_set(a, map, "version", version);
    aj_entry_set_list(a, map, "changes", changes);
}

static void put_neighbours(AjArena *a, const AjContexts *c, AjValue *map, const AjPage *page)
{
    const AjSection *s = &c->site->sections[c->site->section_of[page->number]];
    uint32_t place = c->site->place[page->number];
    bool has_prev = place != AJ_NO_PAGE && place > 0;
    bool has_next = place != AJ_NO_PAGE && place + 1 < s->page_count;
    if (has_prev)
        aj_value_set(a, map, "prev", aj_entry_page(a, c, s->pages[place - 1]));
    if (has_next)
        aj_value_set(a, map, "next", aj_entry_page(a, c, s->pages[place + 1]));
    aj_value_set_bool(a, map, "has_neighbours", has_prev || has_next);
}

static void put_courses(AjArena *a, const AjContexts *c, AjValue *map, const AjPage *page)
{
    AjValue *courses = aj_value_list(a);
    for (uint32_t n = 0; n < c->site->course_count; n++) {
        const AjCourse *course = &c->site->courses[n];
        uint32_t count = aj_entry_course_length(course);
        for (uint32_t i = 0; i < count; i++) {
            if (aj_entry_course_step(course, i) != page->number)
                continue;
            AjValue *v = aj_entry_page(a, c, course->page);
            aj_value_set_int(a, v, "position", i + 1);
            aj_value_set_int(a, v, "count", count);
            if (i > 0)
                aj_value_set(a, v, "prev",
                             aj_entry_page(a, c, aj_entry_course_step(course, i - 1)));
            if (i + 1 < count)
                aj_value_set(a, v, "next",
                             aj_entry_page(a, c, aj_entry_course_step(course, i + 1)));
            aj_value_push(a, courses, v);
            break;
        }
        if (course->page != page->number)
            continue;
        AjValue *steps = aj_value_list(a);
        for (uint32_t i = 0; i < course->page_count; i++) {
            AjValue *step = aj_entry_page(a, c, course->pages[i]);
            aj_value_set_int(a, step, "position", i + 1);
            aj_value_push(a, steps, step);
        }
        aj_entry_set_list(a, map, "course_pages", steps);
        if (course->exam != AJ_NO_PAGE)
            aj_value_set(a, map, "course_exam", aj_entry_page(a, c, course->exam));
    }
    if (courses->len)
        aj_value_set(a, map, "course", courses->items[0]);
    aj_entry_set_list(a, map, "courses", courses);
}

static void put_backlinks(AjArena *a, const AjContexts *c, AjValue *map, const AjPage *page)
{
    const AjSite *site = c->site;
    AjValue *list = aj_value_list(a);
    for (uint32_t i = site->first_backlink[page->number];
         i < site->first_backlink[page->number + 1] && list->len < BACKLINKS_SHOWN; i++)
        aj_value_push(a, list, aj_entry_page(a, c, site->backlinks[i]));
    aj_entry_set_list(a, map, "backlinks", list);
}

static void put_quiz(AjArena *a, AjValue *map, const AjPage *page, const AjValue *quiz)
{
    if (!quiz)
        return;
    AjValue *v = aj_value_map(a), *json = aj_value_map(a);
    for (uint32_t i = 0; i < quiz->len; i++) {
        const char *key = quiz->entries[i].key;
        if (strcmp(key, "questions") == 0 || strcmp(key, "sources") == 0)
            continue;
        aj_value_set(a, v, key, quiz->entries[i].value);
        aj_value_set(a, json, key, quiz->entries[i].value);
    }
    g_autoptr(GString) text = g_string_new(NULL);
    aj_json_print(json, 0, text);
    aj_value_set_string(a, v, "json", text->str);
    if (aj_value_get(quiz, "time_s"))
        aj_value_set_int(a, v, "minutes", (aj_value_get_int(quiz, "time_s", 0) + 59) / 60);
    aj_value_set_bool(a, v, "is_exam", strcmp(aj_value_get_string(quiz, "mode", ""), "exam") == 0);
    const char *hash = aj_quizdata_hash(a, quiz);
    aj_value_set_string(a, v, "hash", hash);
    if (*hash && !aj_value_get_bool(v, "is_exam", false))
        aj_value_set_string(
            a, v, "script",
            aj_plan_questions_address(a, page->address, aj_arena_strndup(a, hash, 8)));
    aj_value_set(a, map, "quiz", v);
}

static bool has_facts(const AjValue *meta)
{
    static const char *const keys[] = {"time", "place", "industry", "deaths", "injuries", "loss"};
    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++)
        if (aj_value_get(meta, keys[i]))
            return true;
    return false;
}

/* The sign of the page's first hazard. */
static void put_sign(AjArena *a, const AjContexts *c, AjValue *map, const AjValue *light)
{
    const AjValue *first = aj_value_at(aj_value_get(aj_value_get(light, "taxa"), "hazards"), 0);
    bool known = first && first->type == AJ_VALUE_STRING;
    aj_value_set_string(a, map, "sign_url", known ? aj_entry_sign(c, first->s) : "");
}

void aj_pagemap_put(AjArena *a, const AjContexts *c, AjValue *map, const AjPage *page,
                    const AjValue *heavy)
{
    const AjValue *meta = aj_value_get(heavy, "meta");
    const AjValue *light = aj_join_light(c->site, page->number);
    put_terms(a, c, map, page);
    put_history(a, c, map, page);
    put_neighbours(a, c, map, page);
    put_courses(a, c, map, page);
    put_backlinks(a, c, map, page);
    if (c->sketch)
        return; /* what follows comes from the page's own record */
    aj_entry_set_kind(a, c, map, page->kind);
    aj_value_set(a, map, "meta", meta_of(a, meta));
    aj_value_set_bool(a, map, "has_facts", has_facts(meta));
    aj_value_set_int(a, map, "reading_minutes", aj_value_get_int(light, "minutes", 1));
    put_sources(a, map, meta);
    put_sign(a, c, map, light);
    aj_value_set_string(a, map, "source", page->source ? page->source : "");
    aj_value_set_string(a, map, "content_id", page->blob);
    put_toc(a, map, aj_value_get(heavy, "headings"));
    put_quiz(a, map, page, aj_value_get(heavy, "quiz"));
}
