/* fragment - the units' text in small files.
 *
 * See fragment.h. Must not know: terms, scores. */
#include "index/fragment.h"

#include "index/code.h"
#include "index/segment.h"

enum { PAGES = 1 << AJ_FRAGMENT_PACK };

/* The pages of the files under way, with what follows of their texts. */
typedef struct {
    const AjRunPage *pages[PAGES];
    const uint8_t *at[PAGES];
    uint32_t count;
} Block;

/* What a file is made from: its pages' hashes, which cover their texts, and its place. */
static void key_make(const AjVolume *v, const Block *b, uint32_t part, AjHash *key)
{
    AjHashState *state = aj_hash_begin();
    uint32_t place[] = {v->pack, part};
    aj_hash_add(state, place, sizeof place);
    for (uint32_t i = 0; i < b->count; i++)
        aj_hash_add(state, b->pages[i]->terms, AJ_SEGMENT_HEADER);
    aj_hash_end(state, key);
}

static bool part_out(AjVolume *v, Block *b, const char *group, uint32_t number, uint32_t part)
{
    char name[40];
    AjHash key;
    if (part)
        g_snprintf(name, sizeof name, "f/%s-%x-%x.js", group, number, part);
    else
        g_snprintf(name, sizeof name, "f/%s-%x.js", group, number);
    key_make(v, b, part, &key);
    const char *texts[PAGES];
    size_t lengths[PAGES];
    for (uint32_t i = 0; i < b->count; i++) {
        const AjRunPage *r = b->pages[i];
        if (!aj_code_get_string(&b->at[i], (const uint8_t *)r->texts + r->texts_len, &texts[i],
                                &lengths[i]))
            lengths[i] = 0;
    }
    if (aj_volume_keep(v, name, &key))
        return true;
    aj_volume_begin(v, name, "");
    for (uint32_t i = 0; i < b->count; i++) {
        g_string_append_c(v->script, i ? '&' : '"');
        g_string_append_len(v->script, texts[i], (gssize)lengths[i]);
    }
    g_string_append(v->script, "\");\n");
    return v->sink->file(name, &key, v->script->str, v->script->len, v->sink->data);
}

static bool block_out(AjVolume *v, Block *b, const char *group, uint32_t number)
{
    uint32_t most = 0;
    for (uint32_t i = 0; i < b->count; i++)
        most = MAX(most, b->pages[i]->units);
    bool going = true;
    for (uint32_t part = 0; part * AJ_SEGMENT_PART < most && going; part++)
        going = part_out(v, b, group, number, part);
    b->count = 0;
    return going;
}

bool aj_fragment_write(AjVolume *v)
{
    bool going = true;
    for (uint32_t g = 0; g < v->group_count && going; g++) {
        const AjGroup *group = &v->groups[g];
        Block b = {.count = 0};
        uint32_t number = 0;
        for (uint32_t i = group->first_page; i < group->first_page + group->pages && going; i++) {
            const AjRunPage *r = &v->run_pages[i];
            if (!r->units)
                continue;
            b.pages[b.count] = r;
            b.at[b.count++] = (const uint8_t *)r->texts;
            if (b.count == 1u << v->pack)
                going = block_out(v, &b, group->key, number++);
        }
        if (b.count && going)
            going = block_out(v, &b, group->key, number);
    }
    return going;
}
