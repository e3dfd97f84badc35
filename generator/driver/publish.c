/* publish - pass 2: every output drawn or kept, search and assets beside, then the exchange.
 *
 * Workers draw ranges of outputs straight into the new generation and hand back keys and stamps;
 * the parent writes the search index meanwhile. Must not know: how records are made. */
#include "driver/publish.h"

#include "base/text.h"
#include "driver/context.h"
#include "driver/copies.h"
#include "driver/join.h"
#include "driver/marks.h"
#include "driver/pagemap.h"
#include "driver/record.h"
#include "driver/weight.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    REST = 512 /* outputs after which a worker lets go of the records it has read */
};

/* What a worker tells of one output. */
typedef struct {
    AjHash key;
    AjStamp stamp;
    uint32_t written;
    AjWeight overweight;
} Drawn;
typedef struct {
    AjPublish *p;
    AjContexts contexts, sketches;
    AjValue *site_map;
    AjHash base_key;  /* of everything that all outputs see */
    AjArena *scratch; /* of this worker */
    GString *first, *final;
    uint32_t drawn;  /* by this worker */
    AjCopies copies; /* what the parent writes beside the workers */
} Pass;

/* Drawing */

/* A worker's word on an output that it could not make: too short or too long to be taken for
 * Drawn, and ended. */
static void tell_failure(GString *result, const char *message)
{
    g_string_append(result, message);
    g_string_append_len(result, "", 1);
    if (result->len == sizeof(Drawn))
        g_string_append_c(result, 0);
}

/* Everything that goes into the output: template, sketch (which holds git's id of the page's bytes,
 * so neither its front matter nor its body are looked at) and where its links lead. */
static void make_key(Pass *pass, const AjPlanned *out, const AjPage *page, AjHash *key)
{
    const AjSite *site = pass->p->site;
    GString *all = pass->first;
    g_string_truncate(all, 0);
    g_string_append_len(all, (const char *)&pass->base_key, sizeof pass->base_key);
    g_string_append_len(all, out->template, (gssize)strlen(out->template) + 1);
    aj_value_pack(aj_context_output(pass->scratch, &pass->sketches, out, NULL), all);
    for (uint32_t i = page ? site->first_link[page->number] : 0;
         page && i < site->first_link[page->number + 1]; i++) {
        const char *address = aj_marks_link_address(site, site->links[i]);
        g_string_append_c(all, (char)(site->links[i].kind | site->links[i].heading << 3));
        if (address)
            g_string_append_len(all, address, (gssize)strlen(address) + 1);
    }
    aj_hash(all->str, all->len, key);
}

/* Outputs stand in order of their folders; blocks from the first and the second half in turn keep
 * two workers from queueing for the lock of one folder. */
static uint32_t spread(uint32_t index, uint32_t count)
{
    enum { BLOCK = 32 };
    uint32_t blocks = count / BLOCK, block = index / BLOCK;
    if (block >= blocks)
        return index;
    uint32_t to = block % 2 ? (blocks + 1) / 2 + block / 2 : block / 2;
    return to * BLOCK + index % BLOCK;
}

/* What a page fetches when somebody acts comes as a classic script: HTML in one string by the
 * file's name, as short as a file of its own may say it. */
static void as_script(const char *address, GString *html, GString *spare)
{
    g_string_printf(spare, "((window.anjian=window.anjian||{}).parts=anjian.parts||{})[\"%s\"]=\"",
                    address);
    for (const char *p = html->str; *p; p++) {
        bool ends_line = p[0] == '\xe2' && p[1] == '\x80' && (p[2] & ~1) == '\xa8';
        if (*p == '"' || *p == '\\')
            g_string_append_c(spare, '\\');
        if (ends_line) /* U+2028, U+2029 */
            p += 2;
        g_string_append_c(spare, *p == '\n' || ends_line ? ' ' : *p);
    }
    g_string_append(spare, "\";\n");
    g_string_assign(html, spare->str);
}

static void draw(Pass *pass, AjMarks *d, const AjPlanned *out)
{
    g_string_truncate(pass->first, 0);
    g_string_truncate(pass->final, 0);
    if (out->kind == AJ_OUT_QUESTIONS) {
        aj_marks_questions(d, pass->final);
        aj_value_set_string(d->arena, (AjValue *)d->context, "questions", pass->final->str);
        g_string_truncate(pass->final, 0);
    }
    aj_marks_draw(d, out->template, pass->first, pass->final);
    if (out->kind >= AJ_OUT_KIOSK_PARTS && out->kind <= AJ_OUT_KIOSK_STEPS)
        as_script(out->address, pass->final, pass->first);
}

/* Does `own` stand behind `out` in the plan as a script that only this page fetches? */
static bool is_own(const AjPlanned *out, const AjPlanned *own)
{
    if (out->kind == AJ_OUT_KIOSK)
        return own->kind >= AJ_OUT_KIOSK_PARTS && own->kind <= AJ_OUT_KIOSK_STEPS;
    return own->kind == AJ_OUT_QUESTIONS && own->index == out->index;
}

/* Scripts of the page's own are drawn once more for its weight: the questions of a practice, and at
 * a kiosk what its first touch brings; then, as another act, its cards with the steps of the
 * courses that it shows at once, the heaviest of all. */
static AjWeight weigh_output(Pass *pass, AjMarks *d, const AjPlanned *out)
{
    enum { SHOWN = 6 }; /* kiosk-due.js says so too */
    const AjPlan *plan = pass->p->plan;
    AjWeight weight = aj_weight_of(pass->p->theme, pass->final->str, pass->final->len);
    uint32_t cards = 0, steps[SHOWN] = {0};
    for (const AjPlanned *own = out + 1;
         out->kind <= AJ_OUT_KIOSK && own < plan->outputs + plan->count && is_own(out, own);
         own++) {
        if (out->kind == AJ_OUT_KIOSK)
            d->context = aj_context_output(d->arena, &pass->contexts, own, NULL);
        draw(pass, d, own);
        uint32_t bytes = (uint32_t)MIN(pass->final->len, UINT32_MAX / 16);
        if (own->kind == AJ_OUT_KIOSK_CARDS)
            cards = bytes;
        else if (own->kind != AJ_OUT_KIOSK_STEPS)
            weight.later += MIN(bytes, UINT32_MAX - weight.later);
        for (uint32_t i = 0; own->kind == AJ_OUT_KIOSK_STEPS && i < SHOWN; i++) {
            uint32_t less = MIN(steps[i], bytes);
            steps[i] = MAX(steps[i], bytes);
            bytes = less;
        }
    }
    for (uint32_t i = 0; i < SHOWN; i++)
        cards += steps[i];
    weight.later = MAX(weight.later, cards);
    return weight;
}

static bool draw_output(uint32_t index, GString *result, void *data)
{
    Pass *pass = data;
    AjPublish *p = pass->p;
    const AjPlanned *out = &p->plan->outputs[spread(index, p->plan->count)];
    AjArena *a = pass->scratch;
    if (++pass->drawn % REST == 0)
        aj_cache_rest(p->cache);
    aj_arena_reset(a);
    AjMarks d = {.site = p->site,
                 .templates = p->theme->templates,
                 .arena = a,
                 .page = aj_context_page(&pass->contexts, out),
                 .from = out->address};
    AjRecord record = {0};
    Drawn drawn = {0};
    if (out->kind == AJ_OUT_REDIRECT)
        d.page = NULL;
    make_key(pass, out, d.page, &drawn.key);
    const AjCacheOutput *known = aj_cache_find_output(p->cache, out->address);
    if (!aj_copies_keep(p, out->address, &drawn.key, &drawn.stamp)) {
        const AjValue *heavy = NULL;
        if (d.page) {
            const AjPublishPage *page = &p->pages[d.page->number];
            if (!aj_record_open(page->record, page->record_len, &record))
                return false;
            heavy = aj_value_unpack(a, record.heavy, record.heavy_len, NULL);
            d.links = aj_value_unpack(a, record.links, record.links_len, NULL);
            const AjValue *quiz = aj_value_get(heavy, "quiz");
            d.questions = aj_value_get(quiz, "questions");
            d.exam = strcmp(aj_value_get_string(quiz, "mode", ""), "exam") == 0;
        }
        AjValue *context = aj_context_output(a, &pass->contexts, out, heavy);
        if (d.page && !d.page->failed) {
            bool own = out->kind == AJ_OUT_PAGE;
            aj_value_set(a, context, own ? "body" : "page_body",
                         aj_value_view(a, record.body, record.body_len));
        }
        d.site_map = pass->site_map;
        d.context = context;
        draw(pass, &d, out);
        if (d.endless) {
            g_autofree char *message = g_strdup_printf(
                AJ_TR("模板 %s 没有尽头：它（经过别的模板）调用了自己",
                      "template %s has no end: it calls itself, maybe by way of another"),
                d.endless);
            tell_failure(result, message);
            return true;
        }
        bool written = false;
        g_autoptr(GError) error = NULL;
        if (!aj_output_write(p->output, out->address, pass->final->str, pass->final->len,
                             &drawn.stamp, &written, &error)) {
            tell_failure(result, error->message);
            return true;
        }
        drawn.written = written;
        AjWeight weight = weigh_output(pass, &d, out);
        if (out->kind <= AJ_OUT_KIOSK && aj_weight_is_over(weight, p->site->config->page_limit))
            drawn.overweight = weight;
    } else {
        drawn.overweight = (AjWeight){known->overweight[0], known->overweight[1]};
    }
    g_string_append_len(result, (const char *)&drawn, sizeof drawn);
    return true;
}

static bool draw_begin(void *data, GError **error)
{
    (void)error;
    Pass *pass = data;
    pass->scratch = aj_arena_new(1 << 20);
    pass->first = g_string_sized_new(1 << 16);
    pass->final = g_string_sized_new(1 << 16);
    return true;
}

static void draw_progress(uint32_t done, uint32_t total, void *data)
{
    Pass *pass = data;
    const AjBuildOptions *options = pass->p->options;
    if (options->progress)
        options->progress(AJ_STAGE_RENDER, done, total, options->data);
}

static int by_address(const void *x, const void *y)
{
    return strcmp(((const AjCacheOutput *)x)->address, ((const AjCacheOutput *)y)->address);
}

bool aj_publish_is_whole(const AjOutput *output, const AjCacheState *state)
{
    g_autoptr(AjFsList) files = aj_output_list_old(output);
    if (!files || aj_fs_list_count(files) != state->output_count + 1)
        return false;
    uint32_t known = 0;
    for (uint32_t i = 0; i < aj_fs_list_count(files); i++) {
        const AjFsEntry *file = aj_fs_list_at(files, i);
        AjStamp stamp = {file->size, file->inode, file->mtime_ns};
        if (known < state->output_count && S_ISREG(file->mode) &&
            strcmp(file->path, state->outputs[known].address) == 0 &&
            aj_stamp_equal(&stamp, &state->outputs[known].stamp))
            known++;
    }
    return known == state->output_count;
}

static bool make_folders(AjPublish *p, GError **error)
{
    const char *last = "";
    size_t last_len = 0;
    for (uint32_t i = 0; i < p->plan->count; i++) {
        const char *address = p->plan->outputs[i].address;
        const char *slash = strrchr(address, '/');
        size_t len = slash ? (size_t)(slash - address) : 0;
        if (len == last_len && memcmp(address, last, len) == 0)
            continue;
        if (!aj_output_folder(p->output, address, error))
            return false;
        last = address;
        last_len = len;
    }
    return true;
}

static bool take_drawn(Pass *pass, AjPoolResult *result, GError **error)
{
    g_autoptr(GArray) heavy = g_array_new(FALSE, FALSE, sizeof(AjHeavy));
    for (uint32_t i = 0; i < pass->p->plan->count; i++) {
        size_t len;
        const char *bytes = aj_pool_bytes(result, i, &len);
        uint32_t place = spread(i, pass->p->plan->count);
        AjCacheOutput out = {.address = pass->p->plan->outputs[place].address};
        Drawn drawn;
        if (len != sizeof drawn) {
            g_set_error(error, AJ_FS_ERROR, AJ_FS_ERROR_IO,
                        AJ_TR("写不成 %s：%s", "not made: %s: %s"), out.address,
                        len ? bytes : AJ_TR("绘制时崩溃", "crashed while drawing"));
            return false;
        }
        memcpy(&drawn, bytes, sizeof drawn);
        out.key = drawn.key;
        out.stamp = drawn.stamp;
        out.overweight[0] = drawn.overweight.first;
        out.overweight[1] = drawn.overweight.later;
        if (drawn.overweight.first) {
            AjHeavy h = {drawn.overweight, place};
            g_array_append_val(heavy, h);
        }
        pass->copies.written += drawn.written;
        g_array_append_val(pass->copies.outputs, out);
    }
    aj_weight_tell(heavy, &pass->contexts, pass->p->diags);
    return true;
}

static void save_cache(Pass *pass)
{
    AjPublish *p = pass->p;
    g_autoptr(GString) diags = g_string_new(NULL);
    aj_value_pack(aj_diags_to_value(p->diags, p->arena), diags);
    AjCacheState state = {.record_key = p->record_key,
                          .site_key = p->site_key,
                          .started_ns = p->started_ns,
                          .assets = p->inputs + p->input_pages,
                          .outputs =
                              (const AjCacheOutput *)(const void *)pass->copies.outputs->data,
                          .page_count = p->input_pages,
                          .asset_count = p->input_assets,
                          .output_count = pass->copies.outputs->len,
                          .diags = diags->str,
                          .diags_len = diags->len};
    /* A cache that cannot be written costs time, not the site. */
    g_autoptr(GError) error = NULL;
    if (!aj_cache_save(p->cache, &state, p->inputs, &error))
        g_info("cache: %s", error->message);
}

static void prune(Pass *pass)
{
    g_autoptr(GHashTable) wanted = g_hash_table_new(g_str_hash, g_str_equal);
    for (uint32_t i = 0; i < pass->copies.outputs->len; i++)
        g_hash_table_add(wanted,
                         (void *)g_array_index(pass->copies.outputs, AjCacheOutput, i).address);
    aj_output_prune(pass->p->output, wanted);
}

/* In the parent, while the workers draw. */
static void search(void *data)
{
    aj_copies_search(&((Pass *)data)->copies);
}

static double lap(int64_t *mark)
{
    int64_t since = *mark;
    *mark = g_get_monotonic_time();
    return (double)(*mark - since) / 1e6;
}

bool aj_publish(AjPublish *p, GError **error)
{
    int64_t mark = g_get_monotonic_time();
    Pass pass = {.p = p,
                 .copies = {.p = p, .outputs = g_array_new(FALSE, FALSE, sizeof(AjCacheOutput))}};
    pass.contexts = (AjContexts){.site = p->site,
                                 .plan = p->plan,
                                 .theme = p->theme,
                                 .repo = p->repo,
                                 .prefix = p->prefix,
                                 .editions = p->options->editions,
                                 .newest = aj_context_newest(p->arena, p->site),
                                 .has_search = p->site->config->search};
    aj_context_words(p->arena, &pass.contexts);
    pass.sketches = pass.contexts;
    pass.sketches.sketch = true;
    pass.site_map = aj_context_site(p->arena, &pass.contexts);
    g_autoptr(GString) packed = g_string_new(NULL);
    aj_value_pack(pass.site_map, packed);
    AjHashState *hash = aj_hash_begin();
    aj_hash_add(hash, &p->record_key, sizeof p->record_key);
    aj_hash_add(hash, &p->theme->hash, sizeof p->theme->hash);
    aj_hash_add(hash, packed->str, packed->len);
    aj_hash_end(hash, &pass.base_key);

    bool good = aj_output_begin(p->output, error) && make_folders(p, error);
    AjPoolResult *result = NULL;
    AjPoolJob job = {.jobs = p->options->jobs,
                     .begin = draw_begin,
                     .work = draw_output,
                     .progress = draw_progress,
                     .beside = search,
                     .data = &pass};
    good = good && aj_pool_run(&job, p->plan->count, &result, error);
    if (good && pass.copies.error) {
        g_propagate_error(error, pass.copies.error);
        good = false;
    }
    good = good && take_drawn(&pass, result, error);
    if (result) {
        p->stats->peak_bytes = MAX(p->stats->peak_bytes, aj_pool_peak_bytes(result));
        aj_pool_result_free(result);
    }
    p->stats->seconds[AJ_STAGE_RENDER] = lap(&mark);
    if (good && !aj_copies_put(&pass.copies)) {
        g_propagate_error(error, pass.copies.error);
        good = false;
    }
    if (good)
        prune(&pass);
    p->stats->seconds[AJ_STAGE_ASSETS] = lap(&mark);
    if (good && aj_output_publish(p->output, p->options->in_place, error)) {
        p->stats->published = true;
        qsort(pass.copies.outputs->data, pass.copies.outputs->len, sizeof(AjCacheOutput),
              by_address);
        save_cache(&pass);
    } else {
        good = false;
    }
    p->stats->seconds[AJ_STAGE_PUBLISH] = lap(&mark);
    p->stats->files = pass.copies.outputs->len;
    p->stats->written = pass.copies.written;
    g_array_free(pass.copies.outputs, TRUE);
    return good;
}
