/* excerpt - some pages of a site with all that they show. See excerpt.h. Must not know: archives.
 */
#include "bundle/excerpt.h"

#include "base/text.h"
#include "bundle/leaves.h"
#include "bundle/retag.h"
#include "bundle/tag.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
    const AjBundleSite *site;
    GHashTable *files; /* path -> AjBundleFile of the site */
    GHashTable *pages; /* paths of the leaves */
    GHashTable *taken; /* paths of files that they show */
    const AjLeaf *leaf;
    GError *error;
} Excerpt;

static void take(Excerpt *e, const char *path);

/* What a style sheet names by url(). */
static void take_named(Excerpt *e, const char *path, const char *css, size_t len)
{
    const char *end = css + len;
    for (const char *p = css; (p = g_strstr_len(p, end - p, "url(")) != NULL;) {
        p += strlen("url(");
        p += p < end && strchr("\"'", *p) ? 1 : 0;
        const char *hash, *stop = p;
        while (stop < end && !strchr("\"')", *stop))
            stop++;
        g_autofree char *address = g_strndup(p, (size_t)(stop - p));
        g_autofree char *to = aj_leaf_resolve(path, address, &hash);
        if (to && *address)
            take(e, to);
    }
}

static void take(Excerpt *e, const char *path)
{
    const AjBundleFile *file = g_hash_table_lookup(e->files, path);
    if (!file || e->error || !g_hash_table_add(e->taken, (char *)file->name) ||
        !g_str_has_suffix(path, ".css"))
        return;
    g_autoptr(GMappedFile) map = g_mapped_file_new(file->path, FALSE, &e->error);
    const char *css = map ? g_mapped_file_get_contents(map) : NULL;
    if (css)
        take_named(e, path, css, g_mapped_file_get_length(map));
}

/* Styles and scripts that a page fetches when somebody begins: of any other text, nothing. */
static void take_later(Excerpt *e, const char *names)
{
    g_auto(GStrv) list = g_strsplit(names, " ", -1);
    for (char **name = list; *name; name++) {
        const char *hash;
        g_autofree char *path = aj_leaf_resolve(e->leaf->path, *name, &hash);
        if (path && (g_str_has_suffix(path, ".css") || g_str_has_suffix(path, ".js")))
            take(e, path);
    }
}

static AjAttrFate attribute(void *data, const char *element, const char *name, const char *value,
                            GString *out)
{
    Excerpt *e = data;
    (void)out;
    static const char *const schemes[] = {"http://", "https://", "mailto:", "tel:", "data:"};
    if (g_str_has_prefix(name, "data-kiosk"))
        return AJ_ATTR_DROP;
    if ((strcmp(element, "meta") == 0 && strcmp(name, "content") == 0) ||
        strcmp(name, "data-found") == 0)
        take_later(e, value);
    if (strcmp(name, "href") != 0 && strcmp(name, "src") != 0 && strcmp(name, "poster") != 0)
        return AJ_ATTR_KEEP;
    for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++)
        if (g_str_has_prefix(value, schemes[i]))
            return AJ_ATTR_KEEP;
    const char *hash;
    g_autofree char *path = aj_leaf_resolve(e->leaf->path, value, &hash);
    if (!path)
        return AJ_ATTR_DROP;
    if (g_hash_table_contains(e->pages, path))
        return AJ_ATTR_KEEP;
    if (g_str_has_suffix(path, ".html") || g_str_has_suffix(path, ".xml") ||
        !g_hash_table_contains(e->files, path))
        return AJ_ATTR_DROP;
    take(e, path);
    return AJ_ATTR_KEEP;
}

/* The page as it will stand there. */
static AjBundleFile page(Excerpt *e)
{
    const AjLeaf *leaf = e->leaf;
    const char *end = leaf->html + leaf->len, *from, *to;
    const char *body = g_strstr_len(leaf->html, (gssize)leaf->len, "<body");
    const char *open = body ? memchr(body, '>', (size_t)(end - body)) : NULL;
    g_autoptr(GString) whole = g_string_new(NULL), out = g_string_new(NULL);
    if (open && aj_leaf_main(leaf, &from, &to)) {
        g_string_append_len(whole, leaf->html, open + 1 - leaf->html);
        g_string_append(whole, "\n<header class=\"top\">\n<div class=\"wrap top-in\">\n"
                               "<a class=\"brand\" href=\"");
        for (const char *p = leaf->path; *p; p++)
            g_string_append(whole, *p == '/' ? "../" : "");
        g_string_append_printf(whole,
                               "%s\"><span class=\"brand-mark\" aria-hidden=\"true\"></span>"
                               "<span class=\"brand-name\">",
                               e->site->start);
        aj_escape_text(whole, e->site->title, strlen(e->site->title));
        g_string_append(whole,
                        "</span></a>\n</div>\n</header>\n<main id=\"main\" tabindex=\"-1\">");
        g_string_append_len(whole, from, to - from);
        g_string_append(whole, "</main>\n</body>\n</html>\n");
    }
    const AjRetag retag = {attribute, e};
    aj_retag(whole->str, whole->len, &retag, out);
    return (AjBundleFile){leaf->path, NULL, aj_arena_strndup(e->site->arena, out->str, out->len),
                          out->len};
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const AjBundleFile *)a)->name, ((const AjBundleFile *)b)->name);
}

static void put_all(Excerpt *e, GPtrArray *leaves, AjBundleFile **files_out, uint32_t *count_out)
{
    AjBundleFile *pages = aj_arena_alloc(e->site->arena, leaves->len * sizeof *pages);
    for (guint i = 0; i < leaves->len; i++) {
        e->leaf = leaves->pdata[i];
        pages[i] = page(e);
    }
    guint taken = g_hash_table_size(e->taken);
    AjBundleFile *files = aj_arena_alloc(e->site->arena, (leaves->len + taken) * sizeof *files);
    memcpy(files, pages, leaves->len * sizeof *files);
    uint32_t n = leaves->len;
    GHashTableIter iter;
    gpointer path;
    g_hash_table_iter_init(&iter, e->taken);
    while (g_hash_table_iter_next(&iter, &path, NULL))
        files[n++] = *(const AjBundleFile *)g_hash_table_lookup(e->files, path);
    qsort(files, n, sizeof *files, by_name);
    *files_out = files;
    *count_out = n;
}

bool aj_excerpt(const AjBundleSite *site, AjBundleSite *part, GError **error)
{
    *part = *site;
    if (!site->one_course)
        return true;
    AjBundleFile *files;
    Excerpt e = {.site = site,
                 .files = g_hash_table_new(g_str_hash, g_str_equal),
                 .pages = g_hash_table_new(g_str_hash, g_str_equal),
                 .taken = g_hash_table_new(g_str_hash, g_str_equal)};
    g_autoptr(GPtrArray) leaves = aj_leaves_choose(site, &e.error);
    for (uint32_t i = 0; i < site->count; i++)
        g_hash_table_insert(e.files, (char *)site->files[i].name, (void *)&site->files[i]);
    for (guint i = 0; leaves && i < leaves->len; i++)
        g_hash_table_add(e.pages, (char *)((AjLeaf *)leaves->pdata[i])->path);
    if (leaves) {
        put_all(&e, leaves, &files, &part->count);
        part->files = files;
    }
    g_hash_table_unref(e.files);
    g_hash_table_unref(e.pages);
    g_hash_table_unref(e.taken);
    if (e.error)
        g_propagate_error(error, e.error);
    return leaves && !e.error;
}
