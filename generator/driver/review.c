/* review - a static site that shows what differs between two commits, for those who approve it.
 *
 * Must not know: the command line. */
#include "driver/review.h"

#include "driver/context.h"
#include "driver/diffpage.h"
#include "driver/entry.h"
#include "driver/prepare.h"
#include "history/checkout.h"
#include "history/words.h"
#include "load/frontmatter.h"
#include "render/link.h"
#include "write/output.h"

#include <string.h>

enum { PAGE_LIMIT = 1 << 20, RENAMES_MAX = 10000 /* pairs whose likeness is asked */ };
static const double ALIKE = 0.5;

typedef struct {
    const char *path; /* below the prefix */
    uint8_t id[20];
    bool is_page;
    char *bytes; /* read when asked for */
    size_t len;
} File;
typedef struct {
    const File *before, *after; /* one may be NULL */
} Change;
typedef struct {
    AjArena *a;
    AjPrepared prepared;
    AjSource source;
    AjOutput *output;
    AjContexts contexts;
    AjSite site;
    AjHistory history;
    AjValue *site_map;
    char commits[2][41];
    int64_t times[2];
    GHashTable *sides[2]; /* path -> File */
    GHashTable *written;
    GError *lost;    /* the first text that could not be read */
    GArray *changes; /* Change of pages, by path */
    AjValue *others, *questions;
} Review;

/* ---- what differs ---- */

/* As load/scan has it: what is never published is not reviewed either. */
static bool is_private(const char *path)
{
    static const char *const folders[] = {"themes/", "lua-filters/", "dist/"};
    for (size_t i = 0; i < G_N_ELEMENTS(folders); i++)
        if (g_str_has_prefix(path, folders[i]))
            return true;
    return path[0] == '.' || strstr(path, "/.") || strstr(path, "node_modules/") ||
           strcmp(path, "roster.csv") == 0;
}

/* A link, a submodule, a name that is no UTF-8 is no page, and still listed. */
static bool is_page(const char *path, uint32_t mode)
{
    return (g_str_has_suffix(path, ".md") || g_str_has_suffix(path, ".markdown")) &&
           (mode & 0170000) == 0100000 && g_utf8_validate(path, -1, NULL);
}

static bool read_side(Review *r, int side, const char *rev, GError **error)
{
    bool found;
    const char *prefix = r->source.prefix;
    if (!aj_repo_resolve(r->source.repo, rev, r->commits[side], &r->times[side], error))
        return false;
    g_autoptr(GArray) files =
        aj_checkout_list(r->source.repo, r->a, r->commits[side], prefix, &found, NULL, error);
    r->sides[side] = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; files && i < files->len; i++) {
        const AjCommitFile *f = &g_array_index(files, AjCommitFile, i);
        const char *path = f->path + strlen(prefix);
        if (is_private(path))
            continue;
        File *file = aj_arena_alloc(r->a, sizeof *file);
        file->path = path;
        file->is_page = is_page(path, f->mode);
        memcpy(file->id, f->id, sizeof file->id);
        g_hash_table_insert(r->sides[side], (void *)path, file);
    }
    return files != NULL;
}

static void load(Review *r, int side, File *f)
{
    char *bytes = NULL;
    if (f->bytes)
        return;
    g_autofree char *path = g_strconcat(r->source.prefix, f->path, NULL);
    aj_repo_file(r->source.repo, r->commits[side], path, PAGE_LIMIT, &bytes, &f->len,
                 r->lost ? NULL : &r->lost);
    f->bytes = aj_arena_strndup(r->a, bytes ? bytes : "", f->len);
    g_free(bytes);
}

static int by_path(const void *x, const void *y)
{
    const Change *a = x, *b = y;
    return strcmp((a->after ? a->after : a->before)->path, (b->after ? b->after : b->before)->path);
}

static void push_other(Review *r, const char *raw, const char *state)
{
    AjValue *v = aj_value_map(r->a);
    g_autofree char *path = g_utf8_make_valid(raw, -1);
    if (strcmp(path, raw) != 0)
        aj_diag(r->prepared.diags, AJ_WARNING, (AjPos){path, 0, 0}, "file-name",
                AJ_TR("把文件名改成 UTF-8 文字", "rename it in UTF-8"),
                AJ_TR("文件名不是 UTF-8，没有逐字对照，只列在“别的文件”里",
                      "the name is not UTF-8: not compared word by word, only listed among the "
                      "other files"));
    aj_value_set_string(r->a, v, "path", path);
    aj_value_set_bool(r->a, v, "is_added", strcmp(state, "added") == 0);
    aj_value_set_bool(r->a, v, "is_removed", strcmp(state, "removed") == 0);
    aj_value_set_bool(r->a, v, "is_changed", strcmp(state, "changed") == 0);
    aj_value_push(r->a, r->others, v);
}

static int by_name(const void *x, const void *y)
{
    return strcmp((*(File *const *)x)->path, (*(File *const *)y)->path);
}

static GPtrArray *sorted(GHashTable *side)
{
    GPtrArray *list = g_ptr_array_new();
    GHashTableIter iter;
    gpointer file;
    g_hash_table_iter_init(&iter, side);
    while (g_hash_table_iter_next(&iter, NULL, &file))
        g_ptr_array_add(list, file);
    if (list->len)
        qsort(list->pdata, list->len, sizeof(void *), by_name);
    return list;
}

typedef struct {
    double alike;
    guint from, to;
} Pair;

static int by_likeness(const void *x, const void *y)
{
    const Pair *a = x, *b = y;
    if (a->alike != b->alike)
        return a->alike > b->alike ? -1 : 1;
    return a->to != b->to ? (a->to > b->to) - (a->to < b->to)
                          : (a->from > b->from) - (a->from < b->from);
}

/* Pages that went and pages that came: those with the same bytes, then the most alike first. With
 * too many of both only the same bytes count. */
static void pair_renames(Review *r, GPtrArray *gone, GPtrArray *fresh)
{
    bool few = (uint64_t)gone->len * fresh->len <= RENAMES_MAX;
    g_autofree AjWordsMark *marks = g_new0(AjWordsMark, gone->len + fresh->len + 1);
    g_autoptr(GArray) pairs = g_array_new(FALSE, FALSE, sizeof(Pair));
    for (guint i = 0; few && i < gone->len + fresh->len; i++) {
        File *f = i < gone->len ? gone->pdata[i] : fresh->pdata[i - gone->len];
        load(r, i >= gone->len, f);
        marks[i] = aj_words_mark(r->a, f->bytes);
    }
    for (guint j = 0; j < fresh->len; j++)
        for (guint i = 0; i < gone->len; i++) {
            const File *from = gone->pdata[i], *to = fresh->pdata[j];
            bool same = memcmp(from->id, to->id, sizeof to->id) == 0;
            Pair p = {same ? 2 : few ? aj_words_alike(marks[i], marks[gone->len + j]) : 0, i, j};
            if (p.alike > ALIKE)
                g_array_append_val(pairs, p);
        }
    g_array_sort(pairs, by_likeness);
    for (guint k = 0; k < pairs->len; k++) {
        const Pair *p = &g_array_index(pairs, Pair, k);
        Change c = {gone->pdata[p->from], fresh->pdata[p->to]};
        if (!c.before || !c.after)
            continue;
        g_array_append_val(r->changes, c);
        gone->pdata[p->from] = fresh->pdata[p->to] = NULL;
    }
}

static void find_changes(Review *r)
{
    g_autoptr(GPtrArray) before = sorted(r->sides[0]);
    g_autoptr(GPtrArray) after = sorted(r->sides[1]);
    g_autoptr(GPtrArray) gone = g_ptr_array_new();
    g_autoptr(GPtrArray) fresh = g_ptr_array_new();
    for (guint i = 0; i < before->len; i++) {
        File *f = before->pdata[i];
        File *now = g_hash_table_lookup(r->sides[1], f->path);
        bool same = now && memcmp(f->id, now->id, sizeof f->id) == 0;
        if (same)
            continue;
        if (!f->is_page || (now && !now->is_page)) {
            push_other(r, f->path, now ? "changed" : "removed");
        } else if (now) {
            Change c = {f, now};
            g_array_append_val(r->changes, c);
        } else {
            g_ptr_array_add(gone, f);
        }
    }
    for (guint i = 0; i < after->len; i++) {
        File *f = after->pdata[i];
        if (g_hash_table_contains(r->sides[0], f->path))
            continue;
        if (f->is_page)
            g_ptr_array_add(fresh, f);
        else
            push_other(r, f->path, "added");
    }
    pair_renames(r, gone, fresh);
    for (guint i = 0; i < gone->len; i++) {
        Change c = {gone->pdata[i], NULL};
        if (c.before)
            g_array_append_val(r->changes, c);
    }
    for (guint i = 0; i < fresh->len; i++) {
        Change c = {NULL, fresh->pdata[i]};
        if (c.after)
            g_array_append_val(r->changes, c);
    }
    g_array_sort(r->changes, by_path);
}

/* ---- the site ---- */

static bool write_file(Review *r, const char *address, const char *bytes, size_t len,
                       GError **error)
{
    g_hash_table_add(r->written, (void *)address);
    return aj_output_folder(r->output, address, error) &&
           aj_output_write(r->output, address, bytes, len, NULL, NULL, error);
}

static bool draw(Review *r, const char *template, const char *address, AjValue *map, GError **error)
{
    g_autoptr(GString) root = g_string_new(NULL);
    g_autoptr(GString) out = g_string_new(NULL);
    size_t stem = strcspn(template, ".");
    aj_link_root(address, root);
    aj_value_set_string(r->a, map, "root", root->str);
    aj_value_set_string(r->a, map, "url", address);
    aj_value_set(r->a, map, "template", aj_value_stringn(r->a, template, stem));
    aj_value_set_string(r->a, map, "kind", "review");
    const AjValue *stack[] = {r->site_map, map};
    aj_templates_run(r->prepared.theme->templates, template, stack, 2, out);
    return write_file(r, address, out->str, out->len, error);
}

/* The front matter's title, else the first heading, else the name: as the site would have it. */
static const char *title_of(Review *r, const File *f)
{
    static const char *const keys[] = {"title", "标题", "测验", "quiz"};
    g_autoptr(AjDiags) ignored = aj_diags_new();
    const char *name = strrchr(f->path, '/'), *body = f->bytes;
    AjFrontmatter front;
    if (aj_frontmatter_parse(r->a, f->bytes, f->len, f->path, &front, ignored))
        body += front.body;
    for (size_t i = 0; body != f->bytes && i < G_N_ELEMENTS(keys); i++) {
        const char *title = aj_value_get_string(front.map, keys[i], "");
        if (*title)
            return title;
    }
    const char *heading = g_str_has_prefix(body, "# ") ? body : strstr(body, "\n# ");
    if (heading) {
        heading = strchr(heading, '#') + 2;
        return aj_arena_strndup(r->a, heading, strcspn(heading, "\r\n"));
    }
    return name ? name + 1 : f->path;
}

static AjValue *page_map(Review *r, const Change *c)
{
    AjArena *a = r->a;
    const File *shown = c->after ? c->after : c->before;
    if (c->before)
        load(r, 0, (File *)c->before);
    if (c->after)
        load(r, 1, (File *)c->after);
    bool renamed = c->before && c->after && strcmp(c->before->path, c->after->path) != 0;
    g_autofree char *address = aj_page_address(shown->path, NULL);
    AjValue *v = aj_value_map(a);
    aj_value_set_string(a, v, "title", title_of(r, shown));
    aj_value_set_string(a, v, "path", shown->path);
    aj_value_set_string(a, v, "was", renamed ? c->before->path : "");
    aj_value_set_string(a, v, "url",
                        aj_arena_printf(a, "%s/%s", c->after ? "pages" : "removed", address));
    aj_value_set_bool(a, v, "is_added", !c->before);
    aj_value_set_bool(a, v, "is_removed", !c->after);
    aj_value_set_bool(a, v, "is_renamed", renamed);
    aj_value_set_bool(a, v, "is_changed", c->before && c->after && !renamed);
    return v;
}

static bool write_page(Review *r, const Change *c, AjValue *list, GError **error)
{
    AjArena *a = r->a;
    AjDiffSide sides[2] = {{0}};
    const File *files[2] = {c->before, c->after};
    static const char *const counts[] = {"changed", "added", "removed", "moved"};
    AjValue *v = page_map(r, c);
    for (int i = 0; i < 2; i++)
        if (files[i])
            sides[i] = (AjDiffSide){files[i]->path, files[i]->bytes, files[i]->len};
    AjValue *diff = aj_diffpage_map(a, &sides[0], &sides[1]);
    for (size_t i = 0; i < G_N_ELEMENTS(counts); i++)
        aj_value_set_int(a, v, counts[i], aj_value_get_int(diff, counts[i], 0));
    const char *url = aj_value_get_string(v, "url", "");
    const AjValue *questions = aj_value_get(diff, "questions");
    for (uint32_t i = 0; i < aj_value_len(questions); i++) {
        AjValue *q = (AjValue *)aj_value_at(questions, i);
        aj_value_set_string(a, q, "url", url);
        aj_value_set_string(a, q, "page_title", aj_value_get_string(v, "title", ""));
        aj_value_push(a, r->questions, q);
    }
    aj_value_push(a, list, v);
    AjValue *map = aj_value_map(a);
    for (uint32_t i = 0; i < v->len; i++)
        aj_value_set(a, map, v->entries[i].key, v->entries[i].value);
    aj_value_set(a, map, "diff", diff);
    return draw(r, "review_page.html", url, map, error);
}

static AjValue *side_map(Review *r, int side, const char *rev)
{
    AjValue *v = aj_value_map(r->a);
    aj_value_set_string(r->a, v, "rev", rev);
    aj_value_set(r->a, v, "commit", aj_value_stringn(r->a, r->commits[side], 7));
    aj_value_set_string(
        r->a, v, "date",
        aj_entry_day(r->a, r->times[side], aj_repo_offset(r->source.repo, r->commits[side])));
    return v;
}

static bool write_site(Review *r, const AjReviewOptions *o, AjValue *map, GError **error)
{
    AjArena *a = r->a;
    AjValue *pages = aj_value_list(a);
    r->history.state = AJ_HISTORY_FULL;
    r->prepared.config->base_url = "";
    r->site = (AjSite){.arena = a, .config = r->prepared.config, .history = &r->history};
    r->contexts = (AjContexts){.site = &r->site, .theme = r->prepared.theme};
    aj_context_words(a, &r->contexts);
    r->site_map = aj_context_site(a, &r->contexts);
    aj_value_set_bool(a, r->site_map, "is_review", true);
    for (uint32_t i = 0; i < r->prepared.theme->file_count; i++) {
        const AjThemeFile *f = &r->prepared.theme->files[i];
        if (!g_str_has_prefix(f->address, "search/") &&
            !write_file(r, f->address, f->bytes, f->len, error))
            return false;
    }
    for (guint i = 0; i < r->changes->len; i++)
        if (!write_page(r, &g_array_index(r->changes, Change, i), pages, error))
            return false;
    aj_value_set(a, map, "from", side_map(r, 0, o->from));
    aj_value_set(a, map, "to", side_map(r, 1, o->to));
    aj_entry_set_list(a, map, "pages", pages);
    aj_entry_set_list(a, map, "questions", r->questions);
    aj_entry_set_list(a, map, "others", r->others);
    AjValue *index = aj_value_map(a);
    for (uint32_t i = 0; i < map->len; i++)
        aj_value_set(a, index, map->entries[i].key, map->entries[i].value);
    aj_value_set_string(a, index, "title",
                        aj_theme_word(r->prepared.theme, "review.title", "对照"));
    return draw(r, "review.html", "index.html", index, error);
}

static bool has_templates(const Review *r, AjDiags *diags)
{
    bool has = aj_templates_has(r->prepared.theme->templates, "review.html") &&
               aj_templates_has(r->prepared.theme->templates, "review_page.html");
    if (!has)
        aj_diag(diags, AJ_ERROR, (AjPos){"site.yaml", 0, 0}, "no-template",
                AJ_TR("在主题的 templates/ 里补上，可以照 classic 的写",
                      "add it to the theme's templates/; see classic's"),
                AJ_TR("主题“%s”缺少模板 %s", "the theme \"%s\" lacks the template %s"),
                r->prepared.config->theme, "review.html, review_page.html");
    return has;
}

bool aj_review(AjArena *a, const AjReviewOptions *o, AjDiags *diags, AjValue **pages_out,
               bool *published_out, GError **error)
{
    Review r = {.a = a,
                .changes = g_array_new(FALSE, FALSE, sizeof(Change)),
                .others = aj_value_list(a),
                .questions = aj_value_list(a),
                .written = g_hash_table_new(g_str_hash, g_str_equal)};
    AjBuildOptions build = {.root = o->root, .shown = o->shown, .out = o->out, .rev = o->to};
    AjValue *map = aj_value_map(a);
    g_autofree char *laid_out = NULL;
    g_autofree char *scratch = NULL;
    bool good = (r.output = aj_output_open(o->out, error)) != NULL;
    *published_out = false;
    if (good) {
        g_autofree char *name = g_path_get_basename(o->root);
        laid_out = g_build_filename(aj_output_cache(r.output), "rev", NULL);
        scratch = g_build_filename(laid_out, name, NULL);
        good = aj_fs_remove_tree(laid_out, error) && aj_fs_mkdirs(scratch, error) &&
               aj_source_open(&r.source, o->root, o->to, false, scratch, diags, error);
    }
    build.root = r.source.root;
    r.prepared = (AjPrepared){.options = &build, .source = &r.source, .arena = a, .diags = diags};
    good = good && aj_prepare(&r.prepared, error);
    if (good && r.prepared.ready && has_templates(&r, diags)) {
        good = read_side(&r, 0, o->from, error) && read_side(&r, 1, o->to, error);
        if (good)
            find_changes(&r);
        good = good && aj_output_begin(r.output, error) && write_site(&r, o, map, error);
        if (good && r.lost) { /* what cannot be read must not look like what was not there */
            g_propagate_error(error, g_steal_pointer(&r.lost));
            good = false;
        }
        if (good)
            aj_output_prune(r.output, r.written);
        good = good && aj_output_publish(r.output, o->in_place, error);
        *published_out = good;
    }
    *pages_out = map;
    if (laid_out)
        aj_fs_remove_tree(laid_out, NULL);
    aj_prepare_clear(&r.prepared);
    aj_source_clear(&r.source);
    aj_output_close(r.output);
    for (int i = 0; i < 2; i++)
        g_clear_pointer(&r.sides[i], g_hash_table_unref);
    g_hash_table_unref(r.written);
    g_array_unref(r.changes);
    g_clear_error(&r.lost);
    return good;
}
