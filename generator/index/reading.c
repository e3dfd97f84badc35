/* reading - the files that tell a browser how to read letters, misspelt words and old characters.
 *
 * See reading.h. Must not know: postings, scores. */
#include "index/reading.h"

#include "base/hanzi.h"
#include "index/code.h"
#include "index/names.h"
#include "index/segment.h"

#include <string.h>

/* None of them tells of documents, so a new numbering leaves them as they are. */
static bool text_out(const char *name, const char *text, size_t len, void *data)
{
    AjVolume *v = data;
    aj_volume_begin(v, name, "");
    g_string_append_c(v->script, '"');
    g_string_append_len(v->script, text, (gssize)len);
    g_string_append(v->script, "\");\n");
    return aj_volume_script(v, name);
}

static void facets_add(const AjValue *facets, AjNames *names)
{
    static const char *const keys[] = {"tags", "hazards", "posts"};
    for (size_t k = 0; k < G_N_ELEMENTS(keys); k++) {
        const AjValue *list = aj_value_get(facets, keys[k]);
        if (!list || list->type != AJ_VALUE_LIST)
            continue;
        for (uint32_t i = 0; i < aj_value_len(list); i++) {
            const AjValue *v = aj_value_at(list, i);
            if (v->type == AJ_VALUE_STRING)
                aj_names_add(names, v->s, v->len, true);
        }
    }
}

static void synonyms_add(const AjValue *synonyms, AjNames *names)
{
    for (uint32_t i = 0; i < aj_value_len(synonyms); i++) {
        const AjValue *set = aj_value_at(synonyms, i);
        for (uint32_t k = 0; k < aj_value_len(set); k++) {
            const AjValue *v = aj_value_at(set, k);
            if (v->type == AJ_VALUE_STRING)
                aj_names_add(names, v->s, v->len, true);
        }
    }
}

/* Headings say the same again and again: what was there lately needs no second look. */
typedef struct {
    const char *s;
    size_t len;
} Seen;
enum { SEEN = 4096 };

static bool seen_lately(Seen *seen, const char *s, size_t len)
{
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (uint8_t)s[i]) * 16777619u;
    Seen *slot = &seen[(hash ^ hash >> 15) % SEEN];
    if (slot->s && slot->len == len && !memcmp(slot->s, s, len))
        return true;
    *slot = (Seen){s, len};
    return false;
}

static void headings_add(const AjRunPage *r, AjNames *names, Seen *seen)
{
    const uint8_t *p = r->terms + AJ_SEGMENT_HEADER, *end = r->terms + r->len;
    uint32_t units, terms;
    aj_code_get(&p, end, &units);
    for (uint32_t u = 0; u < units; u++) {
        const char *heading;
        size_t len;
        if (!aj_code_get(&p, end, &terms) || !aj_code_get_string(&p, end, &heading, &len))
            break;
        if (!seen_lately(seen, heading, len))
            aj_names_add(names, heading, len, false);
    }
}

static void names_find(const AjVolume *v, AjNames *names)
{
    Seen *seen = g_new0(Seen, SEEN);
    for (uint32_t i = 0; i < v->page_count; i++) {
        const AjShardPage *page = &v->pages[i];
        if (!v->run_pages[i].units)
            continue;
        if (page->title)
            aj_names_add(names, page->title, strlen(page->title), true);
        if (page->facets)
            facets_add(page->facets, names);
        headings_add(&v->run_pages[i], names, seen);
    }
    synonyms_add(v->sink->synonyms, names);
    g_free(seen);
}

static bool old_out(AjVolume *v, const AjLexicon *lexicon)
{
    GString *pairs = g_string_new(NULL);
    for (uint32_t cp = 0x3400; cp < 0xFB00; cp++) {
        if (cp == 0xA000)
            cp = 0xF900;
        uint32_t simple = aj_hanzi_simplify(cp);
        if (simple == cp || !aj_lexicon_knows(lexicon, simple))
            continue;
        g_string_append_unichar(pairs, cp);
        g_string_append_unichar(pairs, simple);
    }
    bool going = text_out("han.js", pairs->str, pairs->len, v);
    g_string_free(pairs, TRUE);
    return going;
}

bool aj_reading_write(AjVolume *v, AjLexicon *lexicon)
{
    GString *pairs = g_string_new("|"), *starts = g_string_new("|");
    GString *index = g_string_new(NULL), *rest = g_string_new(NULL);
    AjNames *names = aj_names_new(lexicon);
    names_find(v, names);
    bool going =
        aj_lexicon_write(lexicon, text_out, v, pairs) && aj_names_write(names, text_out, v, starts);
    aj_lexicon_table(lexicon, false, index);
    aj_lexicon_table(lexicon, true, rest);
    g_string_append(index, starts->str);
    g_string_append(index, pairs->str);
    going = going && text_out("p/index.js", index->str, index->len, v) &&
            text_out("p/rest.js", rest->str, rest->len, v) && old_out(v, lexicon);
    g_string_free(pairs, TRUE);
    g_string_free(starts, TRUE);
    g_string_free(index, TRUE);
    g_string_free(rest, TRUE);
    aj_names_free(names);
    return going;
}
