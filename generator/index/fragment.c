/* fragment - the units' text in small files.
 *
 * See fragment.h. Must not know: terms, scores. */
#include "index/fragment.h"

#include "index/code.h"
#include "index/segment.h"

#include <string.h>

void aj_fragment_append_string(GString *out, const char *s, size_t limit)
{
    size_t len = strlen(s);
    if (len > limit)
        for (len = limit; len && ((unsigned char)s[len] & 0xC0) == 0x80;)
            len--;
    g_string_append_c(out, '"');
    aj_code_append_js(out, s, len);
    g_string_append_c(out, '"');
}

/* The units of one page as fragments tell them. */
typedef struct {
    const AjShardPage *page;
    const AjRunPage *run;
    const uint8_t *at, *end;
    uint32_t first, doc; /* documents: the page's first, the one at `at` */
} Teller;

static Teller teller_new(const AjVolume *v, uint32_t page, uint32_t doc)
{
    const AjRunPage *r = &v->run_pages[page];
    Teller t = {&v->pages[page], r, r->terms + AJ_SEGMENT_HEADER, r->terms + r->len, doc, doc};
    uint32_t units;
    aj_code_get(&t.at, t.end, &units);
    return t;
}

static void unit_tell(Teller *t, GString *out)
{
    uint32_t terms;
    aj_code_get(&t->at, t->end, &terms);
    for (unsigned k = 0; k < 3; k++) {
        const char *s;
        size_t len;
        if (!aj_code_get_string(&t->at, t->end, &s, &len))
            len = 0, s = "";
        if (!out)
            continue;
        g_string_append(out, out->str[out->len - 1] == '[' ? "\"" : ",\"");
        g_string_append_len(out, s, (gssize)len);
        g_string_append_c(out, '"');
    }
    t->doc++;
}

/* [first unit, address, title, kind, [id, heading, text, …]] for units from..to of a page; a page
 * that goes on from the file before starts with its first unit here. Short, since there are many:
 * units are counted from the file's first, the address is without ".html", a plain page's kind is
 * not said. */
static void page_tell(Teller *t, uint32_t base, uint32_t from, uint32_t to, GString *out)
{
    const char *address = t->page->address, *kind = t->page->kind ? t->page->kind : "";
    size_t len = strlen(address);
    len -= g_str_has_suffix(address, ".html") ? 5 : 0;
    while (t->doc < from)
        unit_tell(t, NULL);
    g_string_append_printf(out, "%s[%u,\"", out->str[out->len - 1] == '[' ? "" : ",", from - base);
    aj_code_append_js(out, address, MIN(len, 1024u));
    g_string_append(out, "\",");
    aj_fragment_append_string(out, t->page->title ? t->page->title : "", 600);
    g_string_append_c(out, ',');
    aj_fragment_append_string(out, strcmp(kind, "page") ? kind : "", 40);
    g_string_append(out, ",[");
    while (t->doc < to)
        unit_tell(t, out);
    g_string_append(out, "]]");
}

/* What the documents from..to are made from: their pages' hashes, names and places. */
static void fragment_key(const AjVolume *v, const Teller *tellers, uint32_t n, uint32_t from,
                         uint32_t to, AjHash *key)
{
    AjHashState *state = aj_hash_begin();
    uint32_t place[] = {v->fragment_shift, from, to};
    aj_hash_add(state, place, sizeof place);
    for (uint32_t i = 0; i < n; i++) {
        const Teller *t = &tellers[i];
        aj_hash_add(state, &t->first, sizeof t->first);
        aj_hash_add(state, t->run->terms, AJ_SEGMENT_HEADER);
        aj_hash_add_string(state, t->page->address);
        aj_hash_add_string(state, t->page->title);
        aj_hash_add_string(state, t->page->kind);
    }
    aj_hash_end(state, key);
}

/* One file: the documents from..to, which are those of `n` pages. */
static bool fragment_out(AjVolume *v, Teller *tellers, uint32_t n, uint32_t from, uint32_t to)
{
    GString *out = v->script;
    char name[32];
    AjHash key;
    g_snprintf(name, sizeof name, "f/%x.js", from >> v->fragment_shift);
    fragment_key(v, tellers, n, from, to, &key);
    if (aj_volume_keep(v, name, &key))
        return true;
    aj_volume_begin(v, name, "");
    g_string_append_c(out, '[');
    for (uint32_t i = 0; i < n; i++) {
        Teller *t = &tellers[i];
        page_tell(t, from, MAX(from, t->first), MIN(to, t->first + t->run->units), out);
    }
    g_string_append(out, "]);\n");
    return v->sink->file(name, &key, out->str, out->len, v->sink->data);
}

bool aj_fragment_write(AjVolume *v)
{
    uint32_t most = 0;
    for (uint32_t g = 0; g < v->group_count; g++)
        most = MAX(most, v->groups[g].pages);
    Teller *tellers = g_new(Teller, most + 1); /* pages of the file under way */
    uint32_t per_file = 1u << v->fragment_shift;
    bool going = true;
    for (uint32_t g = 0; g < v->group_count && going; g++) {
        const AjGroup *group = &v->groups[g];
        uint32_t n = 0, doc = group->base, from = doc, end = doc + group->units;
        for (uint32_t i = group->first_page; i < group->first_page + group->pages && going; i++) {
            if (!v->run_pages[i].units)
                continue;
            tellers[n++] = teller_new(v, i, doc);
            doc += v->run_pages[i].units;
            while (going && (doc >= from + per_file || (doc == end && from < end))) {
                uint32_t to = MIN(from + per_file, end);
                going = fragment_out(v, tellers, n, from, to);
                from = to;
                if (doc > to)
                    tellers[0] = tellers[n - 1];
                n = doc > to ? 1 : 0;
            }
        }
    }
    g_free(tellers);
    return going;
}
