/* leaves - the content pages of a site in the order in which they are read.
 *
 * See leaves.h. Must not know: what becomes of them. */
#include "bundle/leaves.h"

#include "base/lang.h"
#include "bundle/tag.h"

#include <string.h>

typedef struct {
    GPtrArray *order;  /* AjLeaf */
    GHashTable *files; /* path -> AjBundleFile */
    GHashTable *taken; /* paths in `order` */
} Choice;

static void leaf_free(void *data)
{
    AjLeaf *leaf = data;
    g_free(leaf->title);
    g_mapped_file_unref(leaf->map);
    g_free(leaf);
}

/* The value of NAME="…" in the first PART up to its '>', as it stands there; NULL: none. */
static char *value_in(const char *html, size_t len, const char *part, const char *name)
{
    const char *at = g_strstr_len(html, (gssize)len, part);
    const char *end = at ? memchr(at, '>', len - (size_t)(at - html)) : NULL;
    const char *from = end ? g_strstr_len(at, end - at, name) : NULL;
    const char *to =
        from ? memchr(from + strlen(name), '"', (size_t)(html + len - from) - strlen(name)) : NULL;
    return to ? g_strndup(from + strlen(name), (size_t)(to - from) - strlen(name)) : NULL;
}

static AjLeaf *add_page(Choice *c, const char *path, GError **error)
{
    const AjBundleFile *file = g_hash_table_lookup(c->files, path);
    if (!file || !g_str_has_suffix(path, ".html") || g_str_has_prefix(path, "editions/") ||
        g_hash_table_contains(c->taken, path))
        return NULL;
    GMappedFile *map = g_mapped_file_new(file->path, FALSE, error);
    if (!map)
        return NULL;
    const char *html = g_mapped_file_get_contents(map);
    size_t len = html ? g_mapped_file_get_length(map) : 0;
    g_autofree char *title =
        html ? value_in(html, len, "<meta name=\"anjian:page\"", "data-title=\"") : NULL;
    if (!title) {
        g_mapped_file_unref(map);
        return NULL;
    }
    AjLeaf *leaf = g_new0(AjLeaf, 1);
    GString *plain = g_string_new(NULL);
    aj_tag_put_text(plain, title, strlen(title), false);
    leaf->path = file->name;
    leaf->title = g_string_free(plain, FALSE);
    leaf->map = map;
    leaf->html = html;
    leaf->len = len;
    g_hash_table_add(c->taken, (char *)leaf->path);
    g_ptr_array_add(c->order, leaf);
    return leaf;
}

/* A course, its lessons in their order, its exam. */
static void add_course(Choice *c, const char *path, GError **error)
{
    const AjLeaf *course = add_page(c, path, error);
    if (!course)
        return;
    const char *html = course->html, *end = html + course->len;
    const char *at = g_strstr_len(html, end - html, "<ol class=\"steps\"");
    const char *stop = at ? g_strstr_len(at, end - at, "</section>") : NULL;
    while (stop && (at = g_strstr_len(at, stop - at, "<p class=\"ref-title\""))) {
        const char *hash;
        g_autofree char *to = value_in(at, (size_t)(stop - at), "<a", "href=\"");
        g_autofree char *step = to ? aj_leaf_resolve(path, to, &hash) : NULL;
        if (step)
            add_page(c, step, error);
        at++;
    }
}

GPtrArray *aj_leaves_choose(const AjBundleSite *site, GError **error)
{
    GError *wrong = NULL;
    Choice c = {.order = g_ptr_array_new_with_free_func(leaf_free),
                .files = g_hash_table_new(g_str_hash, g_str_equal),
                .taken = g_hash_table_new(g_str_hash, g_str_equal)};
    for (uint32_t i = 0; i < site->count; i++)
        g_hash_table_insert(c.files, (char *)site->files[i].name, (void *)&site->files[i]);
    if (site->one_course)
        add_course(&c, site->start, &wrong);
    for (uint32_t i = 0; !site->one_course && !wrong && i < site->count; i++)
        if (g_str_has_prefix(site->files[i].name, "courses/"))
            add_course(&c, site->files[i].name, &wrong);
    for (uint32_t i = 0; !site->one_course && !wrong && i < site->count; i++)
        if (strcmp(site->files[i].name, "index.html") != 0)
            add_page(&c, site->files[i].name, &wrong);
    if (!wrong && !c.order->len)
        wrong = g_error_new(
            AJ_BUNDLE_ERROR, AJ_BUNDLE_ERROR_NAME,
            AJ_TR("%s 不是一门课，也不是一页内容", "%s is no course and no page of content"),
            site->start);
    g_hash_table_unref(c.files);
    g_hash_table_unref(c.taken);
    if (!wrong)
        return c.order;
    g_ptr_array_unref(c.order);
    g_propagate_error(error, wrong);
    return NULL;
}

char *aj_leaf_resolve(const char *path, const char *address, const char **hash_out)
{
    size_t len = strcspn(address, "#");
    *hash_out = address + len;
    g_autofree char *head = g_strndup(address, len);
    if (strpbrk(head, ":?\\") || *head == '/')
        return NULL;
    if (!*head)
        return g_strdup(path);
    g_autofree char *decoded = g_uri_unescape_string(head, NULL);
    g_autofree char *folder = g_path_get_dirname(path);
    g_autofree char *whole = decoded ? g_build_filename("/", folder, decoded, NULL) : NULL;
    g_autofree char *plain = whole ? g_canonicalize_filename(whole, "/") : NULL;
    return plain ? g_strdup(plain + 1) : NULL;
}

bool aj_leaf_main(const AjLeaf *leaf, const char **from_out, const char **to_out)
{
    const char *end = leaf->html + leaf->len;
    const char *at = g_strstr_len(leaf->html, (gssize)leaf->len, "<main");
    const char *from = at ? memchr(at, '>', (size_t)(end - at)) : NULL;
    const char *to = from ? g_strrstr_len(from, end - from, "</main>") : NULL;
    if (!to)
        return false;
    *from_out = from + 1;
    *to_out = to;
    return true;
}
