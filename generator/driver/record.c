/* record - pass 1 on one page: bytes in, page record out.
 *
 * The only room that strings the stages of one page together. A page with an error in it becomes a
 * record that says so: its notice is published in its place. Must not know: other pages. */
#include "driver/record.h"

#include "base/hash.h"
#include "base/text.h"
#include "driver/quizdata.h"
#include "index/segment.h"
#include "load/frontmatter.h"
#include "load/schema.h"
#include "model/quizcheck.h"
#include "model/quizvalue.h"
#include "parse/extract.h"
#include "parse/markdown.h"
#include "parse/quizblock.h"
#include "render/html.h"

#include <string.h>

enum { RECORD_PARTS = 5 };

/* One page under way. */
typedef struct {
    AjArena *arena;
    const AjTree *tree;
    AjValue *links;
    AjHtmlOptions html;
} Making;

static bool is_local(const char *url)
{
    if (url[0] == '/' && url[1] == '/')
        return false;
    size_t scheme =
        strspn(url, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+.-");
    return url[scheme] != ':';
}

/* A local address becomes a mark, since only the join knows where it leads. */
static void draw_address(const char *url, bool image, cmark_node *node, GString *out, void *data)
{
    Making *m = data;
    if (!aj_url_is_safe(url, strlen(url)))
        return;
    if (!is_local(url)) {
        aj_escape_url(out, url, strlen(url));
        return;
    }
    AjValue *link = aj_value_map(m->arena);
    aj_value_set_string(m->arena, link, "target", url);
    aj_value_set_int(m->arena, link, "line", aj_tree_line(m->tree, node));
    if (image) {
        g_autoptr(GString) alt = g_string_new(NULL);
        aj_tree_stringify(node, alt);
        aj_value_set_bool(m->arena, link, "image", true);
        aj_value_set_string(m->arena, link, "alt", alt->str);
    }
    g_string_append_printf(out, "%cL%u%c", AJ_MARK, m->links->len, AJ_MARK);
    aj_value_push(m->arena, m->links, link);
}

static void draw_question(uint32_t number, GString *out, void *data)
{
    (void)data;
    g_string_append_printf(out, "%cQ%u%c", AJ_MARK, number, AJ_MARK);
}

static void draw_part(cmark_node *node, bool inlines, GString *out, void *data)
{
    (void)inlines;
    aj_html_render_children(node, &((Making *)data)->html, out);
}

/* The file's name without folder and ending. An index takes its folder's name. */
static const char *name_of(AjArena *a, const char *source)
{
    const char *slash = strrchr(source, '/');
    const char *name = slash ? slash + 1 : source;
    const char *dot = strrchr(name, '.');
    size_t len = dot ? (size_t)(dot - name) : strlen(name);
    bool index =
        (len == 5 && memcmp(name, "index", 5) == 0) || (len == 6 && memcmp(name, "README", 6) == 0);
    if (!index || !slash)
        return aj_arena_strndup(a, name, len);
    const char *from = slash;
    while (from > source && from[-1] != '/')
        from--;
    return aj_arena_strndup(a, from, (size_t)(slash - from));
}

/* Takes a leading level-1 heading out of the tree: the template draws the title. */
static const char *take_title(AjArena *a, AjTree *tree)
{
    cmark_node *first = cmark_node_first_child(tree->root);
    if (!first || cmark_node_get_type(first) != CMARK_NODE_HEADING ||
        cmark_node_get_heading_level(first) != 1)
        return NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    aj_tree_stringify(first, text);
    cmark_node_unlink(first);
    return aj_arena_strndup(a, text->str, text->len);
}

static void put_part(GString *out, size_t at, unsigned part, size_t from)
{
    uint64_t len = out->len - from;
    memcpy(out->str + at + part * sizeof len, &len, sizeof len);
}

static void pack_record(const AjValue *light, const AjValue *links, const AjValue *heavy,
                        const GString *body, const GString *terms, GString *out)
{
    static const char zero[RECORD_PARTS * sizeof(uint64_t)];
    size_t at = out->len, from;
    g_string_append_len(out, zero, sizeof zero);
    from = out->len;
    aj_value_pack(light, out);
    put_part(out, at, 0, from);
    from = out->len;
    aj_value_pack(links, out);
    put_part(out, at, 1, from);
    from = out->len;
    aj_value_pack(heavy, out);
    put_part(out, at, 2, from);
    from = out->len;
    g_string_append_len(out, body->str, (gssize)body->len + 1); /* with its NUL */
    put_part(out, at, 3, from);
    from = out->len;
    g_string_append_len(out, terms->str, (gssize)terms->len);
    put_part(out, at, 4, from);
}

bool aj_record_open(const char *bytes, size_t len, AjRecord *out)
{
    uint64_t lens[RECORD_PARTS];
    if (!bytes || len < sizeof lens)
        return false;
    memcpy(lens, bytes, sizeof lens);
    const char *parts[RECORD_PARTS], *at = bytes + sizeof lens, *end = bytes + len;
    for (unsigned i = 0; i < RECORD_PARTS; i++) {
        if (lens[i] > (uint64_t)(end - at))
            return false;
        parts[i] = at;
        at += lens[i];
    }
    if (lens[3] == 0)
        return false;
    *out = (AjRecord){parts[0],        parts[1], parts[2],
                      parts[3],        parts[4], lens[0],
                      (size_t)lens[1], lens[2],  (size_t)lens[3] - 1,
                      lens[4]};
    return true;
}

static AjKind kind_of(const AjConfig *config, const char *source, const AjValue *raw)
{
    AjKind kind;
    const char *said = aj_value_get_string(raw, "kind", aj_value_get_string(raw, "类型", NULL));
    if (said && aj_kind_find(said, &kind))
        return kind;
    const char *slash = strchr(source, '/');
    if (slash) {
        const AjValue *section = aj_value_getn(config->sections, source, (size_t)(slash - source));
        said = aj_value_get_string(section, "kind", NULL);
        if (said && aj_kind_find(said, &kind))
            return kind;
    }
    return aj_kind_of_path(source);
}

/* tags, hazards … : the lists that taxonomies are made of. */
static AjValue *terms_of(AjArena *a, const AjConfig *config, const AjValue *meta, AjValue *keywords)
{
    AjValue *terms = aj_value_map(a);
    for (const char *const *key = config->taxonomies; *key; key++) {
        const AjValue *values = aj_value_get(meta, *key);
        AjValue *list = aj_value_list(a);
        if (values && values->type == AJ_VALUE_STRING) {
            aj_value_push(a, list, aj_value_string(a, values->s));
        } else if (values && values->type == AJ_VALUE_LIST) {
            for (uint32_t i = 0; i < values->len; i++)
                if (values->items[i]->type == AJ_VALUE_STRING)
                    aj_value_push(a, list, aj_value_string(a, values->items[i]->s));
        }
        for (uint32_t i = 0; i < list->len; i++)
            aj_value_push(a, keywords, list->items[i]);
        if (list->len)
            aj_value_set(a, terms, *key, list);
    }
    return terms;
}

static void copy_key(AjArena *a, AjValue *to, const AjValue *from, const char *key)
{
    const AjValue *v = aj_value_get(from, key);
    if (v)
        aj_value_set(a, to, key, aj_value_copy(a, v));
}

/* What a page and its notice have in common. */
static AjValue *light_new(AjArena *a, const char *source, AjKind kind, const char *slug,
                          const char *title, const uint8_t blob[20])
{
    AjValue *light = aj_value_map(a);
    g_autofree char *address = aj_page_address(source, slug);
    char hex[41] = "";
    for (unsigned i = 0; blob && i < 20; i++)
        g_snprintf(hex + 2 * i, 3, "%02x", blob[i]);
    aj_value_set_string(a, light, "source", source);
    aj_value_set_string(a, light, "address", address);
    aj_value_set_int(a, light, "kind", kind);
    aj_value_set_string(a, light, "title", title);
    aj_value_set_string(a, light, "blob", hex);
    if (aj_page_is_index(source))
        aj_value_set_bool(a, light, "is_index", true);
    return light;
}

static void set_reads(const AjRecorder *r, AjValue *light)
{
    if (r->view && r->view->reads && r->view->reads->len)
        aj_value_set(r->scratch, light, "reads", r->view->reads);
}

void aj_record_reads(const AjRecorder *r, uint8_t digest[8])
{
    memset(digest, 0, 8);
    if (!r->view || !r->view->reads || !r->view->reads->len)
        return;
    g_autoptr(GString) all = g_string_new(NULL);
    AjHash hash;
    aj_value_pack(r->view->reads, all);
    aj_hash(all->str, all->len, &hash);
    memcpy(digest, &hash, 8);
}

static void make_notice(AjRecorder *r, const char *source, AjKind kind, const uint8_t blob[20],
                        AjDiags *diags, GString *out)
{
    AjArena *a = r->scratch;
    AjValue *light = light_new(a, source, kind, NULL, name_of(a, source), blob);
    aj_value_set_string(a, light, "summary", "");
    aj_value_set_bool(a, light, "failed", true);
    set_reads(r, light);
    aj_value_set_int(a, light, "diags", aj_diags_total(diags));
    AjValue *heavy = aj_value_map(a);
    aj_value_set(a, heavy, "diags", aj_diags_to_value(diags, a));
    g_autoptr(GString) empty = g_string_new(NULL);
    pack_record(light, aj_value_list(a), heavy, empty, empty, out);
}

void aj_record_make_failed(AjRecorder *r, const char *source, AjDiags *why, GString *out)
{
    aj_arena_reset(r->scratch);
    if (r->view)
        r->view->reads = NULL;
    make_notice(r, source, aj_kind_of_path(source), NULL, why, out);
}

static AjValue *quiz_light(AjArena *a, const AjValue *quiz)
{
    AjValue *light = aj_value_map(a);
    double points = 0;
    const AjValue *questions = aj_value_get(quiz, "questions");
    for (uint32_t i = 0; i < aj_value_len(questions); i++)
        points += aj_value_get_double(aj_value_at(questions, i), "points", 1);
    copy_key(a, light, quiz, "title");
    copy_key(a, light, quiz, "pass");
    copy_key(a, light, quiz, "mode");
    copy_key(a, light, quiz, "sources");
    aj_value_set(a, light, "key", aj_value_stringn(a, aj_quizdata_hash(a, quiz), 8));
    aj_value_set_int(a, light, "count", aj_value_len(questions));
    aj_value_set(a, light, "points", aj_value_double(a, points));
    return light;
}

/* What the page's own reader does not look for. */
static void check_quiz(AjArena *a, const AjValue *quiz, const AjValue *meta, const char *source,
                       AjDiags *diags)
{
    AjQuiz model = {0};
    bool whole = aj_diags_count(diags, AJ_ERROR) == 0;
    if (!aj_quizvalue_read(a, quiz, source, false, &model, diags))
        return;
    if (!aj_value_get(meta, "pick"))
        model.pick = 0; /* the site's own number to draw binds no shorter quiz */
    aj_quizcheck_rest(&model, source, whole, diags);
}

static char *anchors_of(AjArena *a, const AjTree *tree, const AjValue *quiz)
{
    GString *all = g_string_new("\n");
    cmark_iter *iter = cmark_iter_new(tree->root);
    for (cmark_event_type event; (event = cmark_iter_next(iter)) != CMARK_EVENT_DONE;) {
        AjElement *el =
            event == CMARK_EVENT_ENTER ? aj_element_of(cmark_iter_get_node(iter)) : NULL;
        if (el && el->attr.id)
            g_string_append_printf(all, "%s\n", el->attr.id);
    }
    cmark_iter_free(iter);
    const AjValue *questions = aj_value_get(quiz, "questions");
    for (uint32_t i = 0; i < aj_value_len(questions); i++)
        g_string_append_printf(all, "%s\n",
                               aj_value_get_string(aj_value_at(questions, i), "id", ""));
    char *text = aj_arena_strndup(a, all->str, all->len);
    g_string_free(all, TRUE);
    return text;
}

/* Seconds are not honest here: 400 Han characters or 200 words a minute, at least one minute. */
static int64_t minutes_of(const AjExtract *x)
{
    return MAX(1, (int64_t)((double)x->han / 400 + (double)x->words / 200 + 0.5));
}

/* The filters of the site, then those that the page names. */
static bool run_filters(AjRecorder *r, const char *source, AjTree *tree, AjValue **meta,
                        AjDiags *diags)
{
    const AjValue *named = aj_value_get(*meta, "filters");
    uint32_t count = named && named->type == AJ_VALUE_LIST ? named->len : 0;
    const char **names = aj_arena_alloc(r->scratch, (count + 1) * sizeof *names);
    bool good = true;
    for (uint32_t i = 0; i < count; i++) {
        const char *name = named->items[i]->type == AJ_VALUE_STRING ? named->items[i]->s : "";
        const AjFilterSource *f = NULL;
        for (uint32_t k = 0; k < r->filter_count && !f; k++)
            if (strcmp(r->filters[k].name, name) == 0)
                f = &r->filters[k];
        names[i] = name;
        if (r->view && (!f || f->on_demand))
            aj_filterset_note(r->view, name, f);
        if (f)
            continue;
        aj_diag(diags, AJ_ERROR, (AjPos){source, named->items[i]->line, 0}, "no-filter",
                AJ_TR("检查 filters 里的名字", "check the names in filters"),
                AJ_TR("找不到过滤器“%s”", "there is no filter \"%s\""), name);
        good = false;
    }
    AjLuaDocument doc = {.page = source, .tree = tree, .meta = meta, .on_demand = names};
    return good && (!r->box || aj_luabox_run(r->box, &doc, diags));
}

static bool make_page(AjRecorder *r, AjKind kind, const char *source, const AjFrontmatter *front,
                      AjValue *meta, AjTree *tree, const uint8_t blob[20], AjDiags *diags,
                      GString *out)
{
    AjArena *a = r->scratch;
    if (!run_filters(r, source, tree, &meta, diags))
        return false;
    const char *own = take_title(a, tree);
    const char *quiz_name = kind == AJ_KIND_QUIZ ? aj_value_get_string(meta, "quiz", "") : "";
    const char *title = aj_value_get_string(meta, "title",
                                            own          ? own
                                            : *quiz_name ? quiz_name
                                                         : name_of(a, source));
    Making m = {.arena = a, .tree = tree, .links = aj_value_list(a)};
    m.html = (AjHtmlOptions){.raw_html = r->config->raw_html,
                             .address = draw_address,
                             .question = draw_question,
                             .alert_titles = r->words.alerts,
                             .notes_title = r->words.notes,
                             .back_title = r->words.back,
                             .data = &m};
    AjValue *quiz = aj_quizblock_fold(a, tree, meta, r->config->quiz, source, draw_part, &m, diags);
    if (quiz)
        check_quiz(a, quiz, meta, source, diags);
    if (aj_diags_count(diags, AJ_ERROR))
        return false;
    AjExtract x;
    aj_extract(a, tree, &x);
    g_autoptr(GString) body = g_string_sized_new(8192);
    aj_html_render(tree->root, &m.html, body);

    AjValue *light =
        light_new(a, source, kind, aj_value_get_string(meta, "slug", NULL), title, blob);
    AjValue *keywords = aj_value_list(a);
    AjValue *terms = terms_of(a, r->config, meta, keywords);
    const AjValue *own_words = aj_value_get(meta, "keywords");
    for (uint32_t i = 0; i < aj_value_len(own_words); i++)
        aj_value_push(a, keywords, (AjValue *)aj_value_at(own_words, i));
    aj_value_set_string(a, light, "summary", aj_value_get_string(meta, "summary", x.summary));
    copy_key(a, light, meta, "date");
    copy_key(a, light, meta, "weight");
    copy_key(a, light, meta, "draft");
    copy_key(a, light, meta, "aliases");
    copy_key(a, light, meta, "hours");
    aj_value_set(a, light, "taxa", terms);
    set_reads(r, light);
    aj_value_set_string(a, light, "anchors", anchors_of(a, tree, quiz));
    aj_value_set_int(a, light, "minutes", minutes_of(&x));
    if (kind == AJ_KIND_COURSE) {
        copy_key(a, light, meta, "pages");
        copy_key(a, light, meta, "exam");
        copy_key(a, light, meta, "valid");
    }
    if (quiz)
        aj_value_set(a, light, "quiz", quiz_light(a, quiz));

    AjValue *heavy = aj_value_map(a);
    aj_value_set(a, heavy, "meta", meta);
    aj_value_set(a, heavy, "headings", x.headings);
    if (quiz)
        aj_value_set(a, heavy, "quiz", quiz);
    if (aj_diags_total(diags)) {
        aj_value_set_int(a, light, "diags", aj_diags_total(diags));
        aj_value_set(a, heavy, "diags", aj_diags_to_value(diags, a));
    }
    aj_value_set_int(a, heavy, "body_line", front->body_line);

    AjValue *facets = aj_value_map(a);
    aj_value_set_string(a, facets, "kind", aj_kind_name(kind));
    for (uint32_t i = 0; i < terms->len; i++)
        aj_value_set(a, facets, terms->entries[i].key, terms->entries[i].value);
    AjSegmentInput input = {.title = title,
                            .kind = aj_kind_name(kind),
                            .address = aj_value_get_string(light, "address", NULL),
                            .sections = x.sections,
                            .keywords = keywords,
                            .facets = facets,
                            .terse = r->terse};
    g_autoptr(GString) index = g_string_sized_new(4096);
    if (r->config->search)
        aj_segment_page(&input, index);
    pack_record(light, m.links, heavy, body, index, out);
    return true;
}

void aj_record_make(AjRecorder *r, const char *source, const char *bytes, size_t len,
                    const uint8_t blob[20], GString *out)
{
    AjArena *a = r->scratch;
    aj_arena_reset(a);
    aj_tree_use_arena(a);
    if (r->view) {
        r->view->arena = a;
        r->view->reads = aj_value_list(a);
    }
    if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        bytes += 3;
        len -= 3;
    }
    g_autoptr(AjDiags) diags = aj_diags_new();
    AjFrontmatter front;
    AjKind kind = aj_kind_of_path(source);
    AjValue *meta = NULL;
    AjTree *tree = NULL;
    bool good = aj_frontmatter_parse(a, bytes, len, source, &front, diags);
    if (good) {
        kind = kind_of(r->config, source, front.map);
        good = aj_schema_apply(a, kind, r->config->taxonomies, front.map, front.present, source,
                               &meta, diags);
    }
    if (good) {
        AjMarkdownOptions options = {source, front.body_line, true};
        tree = aj_markdown_parse(a, bytes + front.body, len - front.body, &options, diags);
    }
    if (!tree || !make_page(r, kind, source, &front, meta, tree, blob, diags, out))
        make_notice(r, source, kind, blob, diags, out);
}
