/* join - from single pages to a site.
 *
 * See join.h. Everything is sorted by bytes or by what a reader expects, never by a hash table.
 * Must not know: templates, the cache, git. */
#include "driver/join.h"

#include "base/text.h"
#include "render/link.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    AjSite site; /* first, so that the site is the join's own view */
    const AjValue **lights;
} Joined;
typedef struct {
    AjArena *arena;
    Joined *joined;
    AjSite *site;
    GHashTable *by_source;  /* source → number + 1 */
    GHashTable *by_address; /* address → number + 1 */
    AjDiags *diags;
} Join;

const AjValue *aj_join_light(const AjSite *site, uint32_t number)
{
    return ((const Joined *)site)->lights[number];
}

static int by_address(const void *x, const void *y)
{
    const AjJoinPage *a = x, *b = y;
    int order = strcmp(a->view.address, b->view.address);
    return order ? order : strcmp(a->view.source, b->view.source);
}

/* Sections */

static const char *folder_of(AjArena *a, const char *source)
{
    const char *slash = strrchr(source, '/');
    return slash ? aj_arena_strndup(a, source, (size_t)(slash - source)) : "";
}

static int by_folder(const void *x, const void *y)
{
    const AjSection *a = x, *b = y;
    int depth = (a->folder[0] != 0) - (b->folder[0] != 0);
    if (depth)
        return depth;
    if (a->weight != b->weight)
        return a->weight < b->weight ? -1 : 1;
    return strcmp(a->folder, b->folder);
}

/* Weight first (0 means none and comes last), then newest, then by address. */
static int reading_order(const void *x, const void *y, void *site)
{
    const AjPage *pages = ((const AjSite *)site)->pages;
    const AjPage *a = &pages[*(const uint32_t *)x], *b = &pages[*(const uint32_t *)y];
    if (a->weight != b->weight) {
        if (!a->weight || !b->weight)
            return a->weight ? -1 : 1;
        return a->weight < b->weight ? -1 : 1;
    }
    int date = g_strcmp0(b->date, a->date);
    return date ? date : strcmp(a->address, b->address);
}

static void section_settle(Join *j, AjSection *s)
{
    const AjConfig *config = j->site->config;
    const AjValue *set = aj_value_get(config->sections, s->folder);
    const char *slash = strrchr(s->folder, '/');
    g_autofree char *index = g_strdup_printf("%s%sindex.md", s->folder, *s->folder ? "/" : "");
    g_autofree char *address = aj_page_address(index, NULL);
    s->address = aj_arena_strdup(j->arena, address);
    s->title = *s->folder ? (slash ? slash + 1 : s->folder) : config->title;
    s->summary = aj_value_get_string(set, "summary", "");
    s->weight = 1000;
    s->kind = aj_kind_of_path(index);
    for (uint32_t i = 0; set && i < config->sections->len; i++)
        if (config->sections->entries[i].value == set)
            s->weight = (int)i + 1;
    s->weight = (int)aj_value_get_int(set, "weight", s->weight);
    const char *kind = aj_value_get_string(set, "kind", NULL);
    if (kind)
        aj_kind_find(kind, &s->kind);
    if (set && set->type == AJ_VALUE_STRING)
        s->title = set->s;
    s->title = aj_value_get_string(set, "title", s->title);
    if (s->index_page != AJ_NO_PAGE && *s->folder) {
        const AjPage *page = &j->site->pages[s->index_page];
        s->title = page->title;
        s->summary = page->summary;
    }
}

static void join_sections(Join *j)
{
    AjSite *site = j->site;
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GArray) list = g_array_new(FALSE, TRUE, sizeof(AjSection));
    g_autofree uint32_t *of = g_new(uint32_t, site->page_count + 1);
    for (uint32_t i = 0; i <= site->page_count; i++) {
        /* Folders above a page are sections too; the last round adds the root of an empty site. */
        const char *own = i < site->page_count ? folder_of(j->arena, site->pages[i].source) : "";
        for (const char *folder = own;; folder = folder_of(j->arena, folder)) {
            if (!g_hash_table_contains(seen, folder)) {
                AjSection s = {.folder = folder, .index_page = AJ_NO_PAGE};
                g_array_append_val(list, s);
                g_hash_table_insert(seen, (void *)folder, GUINT_TO_POINTER(list->len));
            }
            if (!*folder)
                break;
        }
        of[i] = GPOINTER_TO_UINT(g_hash_table_lookup(seen, own)) - 1;
    }
    AjSection *sections = (AjSection *)(void *)list->data;
    for (uint32_t i = 0; i < site->page_count; i++) {
        if (!site->pages[i].is_index)
            sections[of[i]].page_count++;
        else if (sections[of[i]].index_page == AJ_NO_PAGE ||
                 g_str_has_suffix(site->pages[i].source, "index.md"))
            sections[of[i]].index_page = i;
    }
    uint32_t *numbers = aj_arena_alloc(j->arena, (site->page_count + 1) * sizeof *numbers);
    for (guint i = 0; i < list->len; i++) {
        sections[i].pages = numbers;
        numbers += sections[i].page_count;
        sections[i].page_count = 0;
    }
    for (uint32_t i = 0; i < site->page_count; i++) {
        AjSection *s = &sections[of[i]];
        if (!site->pages[i].is_index)
            ((uint32_t *)s->pages)[s->page_count++] = i;
    }
    for (guint i = 0; i < list->len; i++) {
        section_settle(j, &sections[i]);
        g_qsort_with_data(sections[i].pages, (gint)sections[i].page_count, sizeof(uint32_t),
                          reading_order, site);
    }
    qsort(sections, list->len, sizeof *sections, by_folder);
    AjSection *kept = aj_arena_alloc(j->arena, list->len * sizeof *kept);
    memcpy(kept, sections, list->len * sizeof *kept);
    site->sections = kept;
    site->section_count = list->len;

    uint32_t *section_of = aj_arena_alloc(j->arena, (site->page_count + 1) * sizeof *section_of);
    uint32_t *place = aj_arena_alloc(j->arena, (site->page_count + 1) * sizeof *place);
    for (uint32_t s = 0; s < site->section_count; s++) {
        for (uint32_t i = 0; i < kept[s].page_count; i++) {
            section_of[kept[s].pages[i]] = s;
            place[kept[s].pages[i]] = i;
        }
    }
    for (uint32_t i = 0; i < site->page_count; i++) {
        if (!site->pages[i].is_index)
            continue;
        const char *folder = folder_of(j->arena, site->pages[i].source);
        section_of[i] = (uint32_t)(aj_site_find_section(site, folder, strlen(folder)) - kept);
        place[i] = AJ_NO_PAGE;
    }
    site->section_of = section_of;
    site->place = place;
}

/* Taxonomies */

static int by_count(const void *x, const void *y)
{
    const AjTerm *a = x, *b = y;
    if (a->page_count != b->page_count)
        return a->page_count > b->page_count ? -1 : 1;
    return strcmp(a->name, b->name);
}

static int by_name(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* Terms of one reading (安全 and 按权 say) get -2, -3 in order of their names. */
static const char *term_address(Join *j, const char *key, const char *name, GHashTable *taken)
{
    g_autofree char *slug = aj_slug(name, strlen(name));
    g_autofree char *low = g_ascii_strdown(slug, -1);
    for (unsigned n = 1;; n++) {
        char *address = n == 1 ? aj_arena_printf(j->arena, "%s/%s.html", key, low)
                               : aj_arena_printf(j->arena, "%s/%s-%u.html", key, low, n);
        g_autofree char *index = g_strdup_printf("%s/index.html", key);
        if (strcmp(address, index) != 0 && g_hash_table_add(taken, address))
            return address;
    }
}

static void join_taxonomy(Join *j, const char *key, AjTaxonomy *out)
{
    AjSite *site = j->site;
    g_autoptr(GHashTable) terms = /* name → GArray of page numbers */
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_array_unref);
    for (uint32_t i = 0; i < site->page_count; i++) {
        const AjValue *list = aj_value_get(aj_value_get(j->joined->lights[i], "taxa"), key);
        for (uint32_t t = 0; t < aj_value_len(list); t++) {
            const char *name = aj_value_at(list, t)->s;
            GArray *pages = g_hash_table_lookup(terms, name);
            if (!pages) {
                pages = g_array_new(FALSE, FALSE, sizeof(uint32_t));
                g_hash_table_insert(terms, (void *)name, pages);
            }
            if (!pages->len || g_array_index(pages, uint32_t, pages->len - 1) != i)
                g_array_append_val(pages, i);
        }
    }
    guint count = 0;
    g_autofree const char **names = (const char **)g_hash_table_get_keys_as_array(terms, &count);
    qsort(names, count, sizeof *names, by_name);
    g_autoptr(GHashTable) taken = g_hash_table_new(g_str_hash, g_str_equal);
    AjTerm *list = aj_arena_alloc(j->arena, (count + 1) * sizeof *list);
    for (guint i = 0; i < count; i++) {
        GArray *pages = g_hash_table_lookup(terms, names[i]);
        uint32_t *numbers = aj_arena_alloc(j->arena, pages->len * sizeof *numbers);
        memcpy(numbers, pages->data, pages->len * sizeof *numbers);
        g_qsort_with_data(numbers, (gint)pages->len, sizeof *numbers, reading_order, site);
        list[i] = (AjTerm){names[i], term_address(j, key, names[i], taken), numbers, pages->len};
    }
    qsort(list, count, sizeof *list, by_count);
    *out = (AjTaxonomy){key, aj_arena_printf(j->arena, "%s/index.html", key), list, count};
}

static void join_taxonomies(Join *j)
{
    const char *const *keys = j->site->config->taxonomies;
    uint32_t count = g_strv_length((char **)keys);
    AjTaxonomy *list = aj_arena_alloc(j->arena, (count + 1) * sizeof *list);
    uint32_t used = 0;
    for (uint32_t i = 0; i < count; i++) {
        join_taxonomy(j, keys[i], &list[used]);
        used += list[used].term_count > 0;
    }
    j->site->taxonomies = list;
    j->site->taxonomy_count = used;
}

/* The terms of each page, out of the pages of each term. */
static void join_page_terms(Join *j)
{
    AjSite *site = j->site;
    uint32_t *first = aj_arena_alloc(j->arena, (site->page_count + 2) * sizeof *first);
    for (uint32_t t = 0; t < site->taxonomy_count; t++)
        for (uint32_t n = 0; n < site->taxonomies[t].term_count; n++)
            for (uint32_t i = 0; i < site->taxonomies[t].terms[n].page_count; i++)
                first[site->taxonomies[t].terms[n].pages[i] + 2]++;
    for (uint32_t i = 2; i < site->page_count + 2; i++)
        first[i] += first[i - 1];
    AjPageTerm *list = aj_arena_alloc(j->arena, (first[site->page_count + 1] + 1) * sizeof *list);
    for (uint32_t t = 0; t < site->taxonomy_count; t++)
        for (uint32_t n = 0; n < site->taxonomies[t].term_count; n++)
            for (uint32_t i = 0; i < site->taxonomies[t].terms[n].page_count; i++)
                list[first[site->taxonomies[t].terms[n].pages[i] + 1]++] = (AjPageTerm){t, n};
    site->page_terms = list;
    site->first_term = first;
}

/* Links */

static uint32_t number_in(GHashTable *table, const char *key)
{
    uint32_t found = GPOINTER_TO_UINT(g_hash_table_lookup(table, key));
    return found ? found - 1 : AJ_NO_PAGE;
}

static int asset_by_source(const void *key, const void *item)
{
    return strcmp(key, ((const AjAsset *)item)->source);
}

static const AjAsset *find_asset(const AjSite *site, const char *path)
{
    return site->asset_count
               ? bsearch(path, site->assets, site->asset_count, sizeof(AjAsset), asset_by_source)
               : NULL;
}

/* Pages that every site has, so that an editor may link to them. */
static bool is_built_in(const char *path)
{
    static const char *const names[] = {"index.html", "search.html", "changes.html",
                                        "404.html",   "feed.xml",    "sitemap.xml"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        if (strcmp(path, names[i]) == 0)
            return true;
    return false;
}

static AjLink find_target(Join *j, char *path)
{
    size_t len = strlen(path);
    bool folder = !len || path[len - 1] == '/';
    while (len && path[len - 1] == '/')
        path[--len] = 0;
    uint32_t n = folder ? AJ_NO_PAGE : number_in(j->by_source, path);
    if (n == AJ_NO_PAGE && !folder)
        n = number_in(j->by_address, path);
    if (n != AJ_NO_PAGE)
        return (AjLink){.kind = AJ_LINK_PAGE, .index = n};
    const AjAsset *asset = folder ? NULL : find_asset(j->site, path);
    if (asset)
        return (AjLink){.kind = AJ_LINK_ASSET, .index = (uint32_t)(asset - j->site->assets)};
    const AjSection *s = aj_site_find_section(j->site, path, len);
    if (!s && len > 11 && strcmp(path + len - 11, "/index.html") == 0)
        s = aj_site_find_section(j->site, path, len - 11);
    if (s && s->index_page != AJ_NO_PAGE)
        return (AjLink){.kind = AJ_LINK_PAGE, .index = s->index_page};
    if (s)
        return (AjLink){.kind = AJ_LINK_SECTION, .index = (uint32_t)(s - j->site->sections)};
    return (AjLink){.kind = is_built_in(path) ? AJ_LINK_ADDRESS : AJ_LINK_DEAD};
}

static bool has_line(Join *j, uint32_t page, const char *id)
{
    g_autofree char *line = g_strdup_printf("\n%s\n", id);
    return strstr(aj_value_get_string(j->joined->lights[page], "anchors", "\n"), line) != NULL;
}

/* "#tong-feng", or "#通风", as other Markdown hosts name the heading: then `heading_out`. */
static bool has_anchor(Join *j, uint32_t page, const char *suffix, bool *heading_out)
{
    const char *hash = strchr(suffix, '#');
    if (!hash || !hash[1] || strcmp(hash, "#top") == 0)
        return true;
    g_autofree char *plain = g_uri_unescape_string(hash + 1, NULL);
    if (has_line(j, page, plain ? plain : hash + 1))
        return true;
    g_autofree char *id = aj_link_heading(hash + 1);
    return *heading_out = has_line(j, page, id);
}

static AjLink link_resolve(Join *j, const AjPage *page, const AjValue *link)
{
    const char *target = aj_value_get_string(link, "target", "");
    bool image = aj_value_get_bool(link, "image", false);
    AjPos pos = {page->source, (uint32_t)aj_value_get_int(link, "line", 0), 0};
    g_autoptr(GString) path = g_string_new(NULL);
    const char *suffix = "";
    bool escapes = false, heading = false;
    AjLink found = {.kind = AJ_LINK_DEAD};
    if (target[0] == '#' || !target[0]) {
        found = (AjLink){.kind = AJ_LINK_SELF, .index = page->number};
        suffix = target;
    } else if (aj_link_resolve(page->source, target, path, &suffix, &escapes)) {
        found = find_target(j, path->str);
        found.suffix = (uint32_t)(*suffix ? suffix - target : 0);
    }
    if (escapes)
        aj_diag(j->diags, AJ_ERROR, pos, "link-outside",
                AJ_TR("把要链接的文件放进网站文件夹，再用相对路径链接",
                      "put the file inside the site's folder and link to it there"),
                AJ_TR("链接“%s”指到网站文件夹之外", "the link \"%s\" leads out of the site"),
                target);
    else if (found.kind == AJ_LINK_DEAD && image)
        aj_diag(j->diags, AJ_ERROR, pos, "missing-image",
                AJ_TR("检查文件名和大小写，或把图片放到这个位置",
                      "check name and case, or put the picture there"),
                AJ_TR("找不到图片“%s”", "the picture \"%s\" is not there"), target);
    else if (found.kind == AJ_LINK_DEAD)
        aj_diag(j->diags, AJ_ERROR, pos, "dead-link",
                AJ_TR("检查路径；链接到别的页面时写它的 .md 文件名",
                      "check the path; to link to a page name its .md file"),
                AJ_TR("链接“%s”没有对应的文件", "the link \"%s\" leads nowhere"), target);
    else if ((found.kind == AJ_LINK_PAGE || found.kind == AJ_LINK_SELF) &&
             !j->site->pages[found.index].failed && !has_anchor(j, found.index, suffix, &heading))
        aj_diag(j->diags, AJ_ERROR, pos, "dead-anchor",
                AJ_TR("标题的锚点见该页目录；也可以用 {#名字} 给标题定一个",
                      "see that page's contents, or give the heading an id with {#name}"),
                AJ_TR("链接“%s”指向的标题不存在", "the heading of \"%s\" is not there"), target);
    found.heading = heading;
    return found;
}

static int by_number(const void *x, const void *y)
{
    uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return (a > b) - (a < b);
}

static void join_links(Join *j, const AjJoinPage *pages)
{
    AjSite *site = j->site;
    g_autoptr(GArray) links = g_array_new(FALSE, FALSE, sizeof(AjLink));
    g_autoptr(GArray) back = g_array_new(FALSE, FALSE, sizeof(uint64_t)); /* to << 32 | from */
    uint32_t *first = aj_arena_alloc(j->arena, (site->page_count + 1) * sizeof *first);
    AjArena *scratch = aj_arena_new(1 << 16);
    for (uint32_t i = 0; i < site->page_count; i++) {
        first[i] = links->len;
        aj_arena_reset(scratch);
        const AjValue *list =
            pages[i].links_len ? aj_value_unpack(scratch, pages[i].links, pages[i].links_len, NULL)
                               : NULL;
        for (uint32_t l = 0; l < aj_value_len(list); l++) {
            AjLink link = link_resolve(j, &site->pages[i], aj_value_at(list, l));
            g_array_append_val(links, link);
            if (link.kind == AJ_LINK_PAGE && link.index != i) {
                uint64_t pair = (uint64_t)link.index << 32 | i;
                g_array_append_val(back, pair);
            }
        }
    }
    first[site->page_count] = links->len;
    aj_arena_free(scratch);
    AjLink *kept = aj_arena_alloc(j->arena, (links->len + 1) * sizeof *kept);
    if (links->len)
        memcpy(kept, links->data, links->len * sizeof *kept);
    site->links = kept;
    site->first_link = first;

    uint64_t *pairs = (uint64_t *)(void *)back->data;
    if (back->len)
        qsort(pairs, back->len, sizeof *pairs, by_number);
    uint32_t *from = aj_arena_alloc(j->arena, (back->len + 1) * sizeof *from);
    uint32_t *start = aj_arena_alloc(j->arena, (site->page_count + 1) * sizeof *start);
    uint32_t used = 0;
    guint at = 0;
    for (uint32_t i = 0; i < site->page_count; i++) {
        start[i] = used;
        for (; at < back->len && pairs[at] >> 32 == i; at++)
            if (used == start[i] || from[used - 1] != (uint32_t)pairs[at])
                from[used++] = (uint32_t)pairs[at];
    }
    start[site->page_count] = used;
    site->backlinks = from;
    site->first_backlink = start;
}

/* Courses */

/* A course names its pages from its own folder or from the site's root, with or without .md. */
static uint32_t course_page(Join *j, const AjPage *course, const char *name, uint32_t line)
{
    g_autofree char *full =
        g_str_has_suffix(name, ".md") ? g_strdup(name) : g_strdup_printf("%s.md", name);
    g_autofree char *rooted = g_strdup_printf("/%s", full);
    for (unsigned i = 0; i < 2; i++) {
        g_autoptr(GString) path = g_string_new(NULL);
        const char *suffix;
        bool escapes = false;
        if (!aj_link_resolve(course->source, i ? full : rooted, path, &suffix, &escapes))
            continue;
        uint32_t n = number_in(j->by_source, path->str);
        if (n != AJ_NO_PAGE)
            return n;
    }
    aj_diag(j->diags, AJ_ERROR, (AjPos){course->source, line, 0}, "course-page",
            AJ_TR("写成从网站文件夹算起的路径，例如 cases/tank.md",
                  "write the path from the site's folder, e.g. cases/tank.md"),
            AJ_TR("课程里的页面“%s”不存在", "the course names \"%s\", which is not there"), name);
    return AJ_NO_PAGE;
}

static void join_courses(Join *j)
{
    AjSite *site = j->site;
    g_autoptr(GArray) list = g_array_new(FALSE, TRUE, sizeof(AjCourse));
    for (uint32_t i = 0; i < site->page_count; i++) {
        const AjPage *page = &site->pages[i];
        if (page->kind != AJ_KIND_COURSE || page->failed || page->is_index)
            continue;
        const AjValue *names = aj_value_get(j->joined->lights[i], "pages");
        uint32_t *numbers = aj_arena_alloc(j->arena, (aj_value_len(names) + 1) * sizeof *numbers);
        AjCourse course = {.page = i, .pages = numbers, .exam = AJ_NO_PAGE};
        for (uint32_t n = 0; n < aj_value_len(names); n++) {
            const AjValue *name = aj_value_at(names, n);
            if (name->type != AJ_VALUE_STRING)
                continue;
            uint32_t number = course_page(j, page, name->s, name->line);
            if (number != AJ_NO_PAGE)
                numbers[course.page_count++] = number;
        }
        const AjValue *exam = aj_value_get(j->joined->lights[i], "exam");
        if (exam && exam->type == AJ_VALUE_STRING)
            course.exam = course_page(j, page, exam->s, exam->line);
        g_array_append_val(list, course);
    }
    AjCourse *kept = aj_arena_alloc(j->arena, (list->len + 1) * sizeof *kept);
    if (list->len)
        memcpy(kept, list->data, list->len * sizeof *kept);
    site->courses = kept;
    site->course_count = list->len;
}

/* Exams */

static bool is_exam(const AjValue *quiz)
{
    return strcmp(aj_value_get_string(quiz, "mode", ""), "exam") == 0;
}

/* An exam that draws from a page of practice: its answers stand there for all to read. */
static void join_exams(Join *j)
{
    for (uint32_t i = 0; i < j->site->page_count; i++) {
        const AjValue *quiz = aj_value_get(j->joined->lights[i], "quiz");
        const AjValue *sources = is_exam(quiz) ? aj_value_get(quiz, "sources") : NULL;
        for (uint32_t n = 0; n < aj_value_len(sources); n++) {
            const AjValue *one = aj_value_at(sources, n);
            const char *name = aj_value_get_string(one, "source", "");
            uint32_t from = number_in(j->by_source, name);
            if (from == AJ_NO_PAGE || is_exam(aj_value_get(j->joined->lights[from], "quiz")))
                continue;
            aj_diag(
                j->diags, AJ_WARNING,
                (AjPos){j->site->pages[i].source, (uint32_t)aj_value_get_int(one, "line", 0), 0},
                "quiz-from-open",
                AJ_TR("那一页也写 模式: 考试，或写 草稿: 是，就不出现在网站里",
                      "write 模式: 考试 there too, or 草稿: 是, which keeps it out of the site"),
                AJ_TR("考试从 %s 出题，那一页是练习，答案谁都看得到",
                      "the exam draws from %s, a page of practice whose answers all can read"),
                name);
        }
    }
}

AjSite *aj_join(AjArena *a, const AjConfig *config, AjJoinPage *pages, uint32_t count,
                const AjAsset *assets, uint32_t asset_count, AjDiags *diags)
{
    if (count)
        qsort(pages, count, sizeof *pages, by_address);
    Joined *joined = aj_arena_alloc(a, sizeof *joined);
    AjPage *views = aj_arena_alloc(a, (count + 1) * sizeof *views);
    joined->lights = aj_arena_alloc(a, (count + 1) * sizeof *joined->lights);
    uint64_t *keys = aj_arena_alloc(a, (count + 1) * sizeof *keys);
    g_autoptr(GHashTable) by_source = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) addresses = g_hash_table_new(g_str_hash, g_str_equal);
    for (uint32_t i = 0; i < count; i++) {
        views[i] = pages[i].view;
        views[i].number = i;
        keys[i] = pages[i].key;
        joined->lights[i] = pages[i].light;
        g_hash_table_insert(by_source, (void *)views[i].source, GUINT_TO_POINTER(i + 1));
        g_hash_table_insert(addresses, (void *)views[i].address, GUINT_TO_POINTER(i + 1));
    }
    AjSite *site = &joined->site;
    site->arena = a;
    site->config = config;
    site->pages = views;
    site->page_count = count;
    site->keys = keys;
    site->assets = assets;
    site->asset_count = asset_count;
    site->logs = aj_arena_alloc(a, (count + 1) * sizeof *site->logs);
    Join j = {a, joined, site, by_source, addresses, diags};
    join_sections(&j);
    join_taxonomies(&j);
    join_page_terms(&j);
    join_courses(&j);
    join_links(&j, pages);
    join_exams(&j);
    return site;
}

void aj_join_history(AjSite *site, const AjHistory *history, const AjPathLog *const *logs)
{
    site->history = history;
    memcpy((void *)site->logs, logs, site->page_count * sizeof *logs);
}
