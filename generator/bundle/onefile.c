/* onefile - a site, a course or a lesson as one HTML file.
 *
 * See onefile.h. Must not know: archives, how pages were made. */
#include "bundle/onefile.h"

#include "base/hanzi.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/text.h"
#include "bundle/leaves.h"
#include "bundle/retag.h"
#include "bundle/tag.h"

#include <string.h>

/* Found through the -I of the build; make knows that this room holds their bytes. */
__asm__(".section .rodata\n"
        "aj_onefile_js:\n"
        ".incbin \"generator/bundle/onefile.js\"\n"
        "aj_onefile_js_end:\n"
        ".byte 0\n"
        "aj_onefile_css:\n"
        ".incbin \"generator/bundle/onefile.css\"\n"
        "aj_onefile_css_end:\n"
        ".byte 0\n"
        ".previous\n");
extern const char aj_onefile_js[], aj_onefile_js_end[], aj_onefile_css[], aj_onefile_css_end[];

/* A style sheet or script of the site, taken once. */
typedef struct {
    char *path, *media;
    GString *text;
} Part;
typedef struct {
    const AjBundleSite *site;
    GHashTable *files;        /* path -> AjBundleFile */
    GHashTable *numbers;      /* path -> number of the leaf, from 1 */
    GPtrArray *leaves;        /* AjLeaf */
    GArray *styles, *scripts; /* Part */
    GString *body;
    const AjLeaf *leaf; /* under way */
    unsigned number;
    GError *error;
} One;

static const char *word(const One *o, const char *zh, const char *en)
{
    return g_str_has_prefix(o->site->language, "zh") ? zh : en;
}

static GMappedFile *map_file(One *o, const char *path)
{
    const AjBundleFile *file = o->error ? NULL : g_hash_table_lookup(o->files, path);
    return file ? g_mapped_file_new(file->path, FALSE, &o->error) : NULL;
}

/* "data:TYPE;base64,…"; false when there is no such file. */
static bool put_data(One *o, const char *path, GString *out)
{
    g_autoptr(GMappedFile) map = map_file(o, path);
    const char *type = aj_bundle_media_type(path);
    if (!map)
        return false;
    const char *bytes = g_mapped_file_get_contents(map);
    g_autofree char *text =
        g_base64_encode((const guchar *)(bytes ? bytes : ""), g_mapped_file_get_length(map));
    g_string_append_printf(out, "data:%s;base64,%s", type ? type : "application/octet-stream",
                           text);
    return true;
}

/* --- styles and scripts --- */

/* What url() names lies inside, else nowhere. */
static void put_style(One *o, const char *path, const char *css, size_t len, GString *out)
{
    const char *p = css, *end = css + len;
    for (const char *at; (at = g_strstr_len(p, end - p, "url(")) != NULL;) {
        const char *from = at + strlen("url("), *stop = memchr(from, ')', (size_t)(end - from));
        if (!stop || strchr("\"' ", *from))
            from += from < end && strchr("\"'", *from) ? 1 : 0;
        g_string_append_len(out, p, from - p);
        p = from;
        size_t n = stop ? (size_t)(stop - from) : 0;
        n -= n && (from[n - 1] == '"' || from[n - 1] == '\'');
        if (!n || g_str_has_prefix(from, "data:") || *from == '#')
            continue;
        const char *hash;
        g_autofree char *address = g_strndup(from, n);
        g_autofree char *to = aj_leaf_resolve(path, address, &hash);
        if (!to || !put_data(o, to, out))
            g_string_append(out, "data:,");
        p = from + n;
    }
    g_string_append_len(out, p, end - p);
}

/* As it may stand between its tags: no end tag, no comment, lines as an HTML parser has them. */
static void make_inert(GString *text)
{
    g_string_replace(text, "\r\n", "\n", 0);
    g_string_replace(text, "\r", "\n", 0);
    g_string_replace(text, "</", "<\\/", 0);
    g_string_replace(text, "<!--", "<\\!--", 0);
}

/* The number of the part that `address` names, -1 when there is no such file. */
static int take_part(One *o, GArray *parts, const char *address, const char *media)
{
    const char *hash;
    g_autofree char *path = aj_leaf_resolve(o->leaf->path, address, &hash);
    for (guint i = 0; path && i < parts->len; i++)
        if (strcmp(g_array_index(parts, Part, i).path, path) == 0)
            return (int)i;
    g_autoptr(GMappedFile) map = path ? map_file(o, path) : NULL;
    if (!map)
        return -1;
    const char *bytes = g_mapped_file_get_contents(map);
    Part part = {g_steal_pointer(&path), g_strdup(media), g_string_new(NULL)};
    size_t len = bytes ? g_mapped_file_get_length(map) : 0;
    if (parts == o->styles)
        put_style(o, part.path, bytes, len, part.text);
    else
        g_string_append_len(part.text, bytes, (gssize)len);
    make_inert(part.text);
    g_array_append_val(parts, part);
    return (int)parts->len - 1;
}

static void parts_free(GArray *parts)
{
    for (guint i = 0; i < parts->len; i++) {
        Part *part = &g_array_index(parts, Part, i);
        g_free(part->path);
        g_free(part->media);
        g_string_free(part->text, TRUE);
    }
    g_array_free(parts, TRUE);
}

/* --- one page --- */

/* What the site fetches when somebody begins lies here already: `names` of styles and scripts. */
static void take_later(One *o, const char *names, GString *scripts)
{
    g_auto(GStrv) list = g_strsplit(names, " ", -1);
    for (char **name = list; *name; name++) {
        bool style = g_str_has_suffix(*name, ".css");
        int part = take_part(o, style ? o->styles : o->scripts, *name, NULL);
        if (part >= 0 && !style)
            g_string_append_printf(scripts, "%s%d", scripts->len ? " " : "", part);
    }
}

/* What its head says: styles and scripts are taken, its meta becomes JSON for the script. */
static void read_head(One *o, GString *scripts, GString *meta)
{
    const char *p = o->leaf->html, *end = g_strstr_len(p, (gssize)o->leaf->len, "</head>");
    AjTag tag;
    while (end && p < end && (p = memchr(p, '<', (size_t)(end - p)))) {
        if (end - p < 2 || !g_ascii_isalpha(p[1])) {
            p++;
            continue;
        }
        p = aj_tag_read(p, end, &tag);
        g_autofree char *href = aj_tag_value(&tag, "href"), *rel = aj_tag_value(&tag, "rel");
        g_autofree char *src = aj_tag_value(&tag, "src"), *media = aj_tag_value(&tag, "media");
        g_autofree char *name = aj_tag_value(&tag, "name");
        if (strcmp(tag.name, "link") == 0 && href && g_strcmp0(rel, "stylesheet") == 0)
            take_part(o, o->styles, href, media);
        int script =
            strcmp(tag.name, "script") == 0 && src ? take_part(o, o->scripts, src, NULL) : -1;
        if (script >= 0)
            g_string_append_printf(scripts, "%s%d", scripts->len ? " " : "", script);
        g_autofree char *content = aj_tag_value(&tag, "content");
        if (g_strcmp0(name, "anjian:later") == 0 && content)
            take_later(o, content, scripts);
        if (strcmp(tag.name, "meta") != 0 || g_strcmp0(name, "anjian:page") != 0)
            continue;
        AjArena *a = aj_arena_new(4096);
        AjValue *map = aj_value_map(a);
        for (unsigned i = 0; i < tag.count; i++) {
            char *key = aj_arena_strndup(a, tag.attrs[i].name, tag.attrs[i].name_len);
            g_autofree char *value = aj_tag_value(&tag, key);
            aj_value_set_string(a, map, key, aj_arena_strdup(a, value));
        }
        aj_json_print(map, 0, meta);
        aj_arena_free(a);
    }
}

static void put_id(const One *o, const char *id, GString *out)
{
    g_string_append_printf(out, "p%u-%s", o->number, id);
}

/* A list of ids, each with the page's own beginning. */
static AjAttrFate put_ids(const One *o, const char *value, GString *out)
{
    g_auto(GStrv) ids = g_strsplit_set(value, " \t\n", -1);
    for (char **id = ids; *id; id++) {
        g_string_append(out, out->len && **id ? " " : "");
        if (**id)
            put_id(o, *id, out);
    }
    return out->len ? AJ_ATTR_NEW : AJ_ATTR_KEEP;
}

static AjAttrFate put_link(One *o, const char *address, GString *out)
{
    static const char *const schemes[] = {"http://", "https://", "mailto:", "tel:"};
    for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++)
        if (g_str_has_prefix(address, schemes[i]))
            return AJ_ATTR_KEEP;
    const char *hash;
    g_autofree char *path = aj_leaf_resolve(o->leaf->path, address, &hash);
    unsigned to = path ? GPOINTER_TO_UINT(g_hash_table_lookup(o->numbers, path)) : 0;
    if (to) {
        g_string_append_printf(out, "#p%u", to);
        if (*hash && strcmp(hash, "#main") != 0)
            g_string_append_printf(out, "-%s", hash + 1);
        return AJ_ATTR_NEW;
    }
    bool page = path && g_str_has_suffix(path, ".html");
    return path && !page && put_data(o, path, out) ? AJ_ATTR_NEW : AJ_ATTR_DROP;
}

static AjAttrFate attribute(void *data, const char *element, const char *name, const char *value,
                            GString *out)
{
    One *o = data;
    static const char *const refer[] = {
        "id",   "for",    "aria-labelledby", "list", "aria-describedby", "aria-controls",
        "name", "headers"};
    for (size_t i = 0; i < G_N_ELEMENTS(refer); i++)
        if (strcmp(name, refer[i]) == 0)
            return put_ids(o, value, out);
    if (strcmp(name, "href") == 0)
        return put_link(o, value, out);
    if (strcmp(name, "src") == 0 || strcmp(name, "poster") == 0) {
        const char *hash;
        g_autofree char *path = aj_leaf_resolve(o->leaf->path, value, &hash);
        return path && put_data(o, path, out) ? AJ_ATTR_NEW : AJ_ATTR_DROP;
    }
    (void)element;
    static const char *const away[] = {"srcset", "action", "style"}; /* the CSP would forbid them */
    for (size_t i = 0; i < G_N_ELEMENTS(away); i++)
        if (strcmp(name, away[i]) == 0)
            return AJ_ATTR_DROP;
    return AJ_ATTR_KEEP;
}

/* Links to files that were put inside open as downloads: a browser shows no page of data. */
static void name_downloads(GString *html)
{
    g_string_replace(html, " href=\"data:", " download=\"\" href=\"data:", 0);
}

static void put_leaf(One *o, unsigned number)
{
    const char *from, *to;
    o->leaf = o->leaves->pdata[number - 1];
    o->number = number;
    g_autoptr(GString) scripts = g_string_new(NULL), meta = g_string_new(NULL);
    g_autoptr(GString) inside = g_string_new(NULL);
    read_head(o, scripts, meta);
    const char *body = g_strstr_len(o->leaf->html, (gssize)o->leaf->len, "<body");
    AjTag tag = {.count = 0};
    if (body)
        aj_tag_read(body, o->leaf->html + o->leaf->len, &tag);
    g_autofree char *classes = aj_tag_value(&tag, "class");
    if (!aj_leaf_main(o->leaf, &from, &to))
        return;
    const AjRetag rewrite = {attribute, o};
    aj_retag(from, (size_t)(to - from), &rewrite, inside);
    name_downloads(inside);
    g_string_append_printf(o->body, "<section class=\"leaf ");
    aj_escape_attr(o->body, classes ? classes : "", classes ? strlen(classes) : 0);
    g_string_append_printf(o->body,
                           "\" id=\"p%u\" tabindex=\"-1\" data-scripts=\"%s\" "
                           "data-title=\"",
                           number, scripts->str);
    aj_escape_attr(o->body, o->leaf->title, strlen(o->leaf->title));
    g_string_append(o->body, "\" data-meta=\"");
    aj_escape_attr(o->body, meta->str, meta->len);
    g_string_append_printf(o->body, "\">\n%s\n</section>\n", inside->str);
}

/* --- around the pages --- */

static void put_source(GString *policy, const char *text, size_t len)
{
    char hex[65];
    guchar bytes[32];
    aj_hash_sha256_hex(text, len, hex);
    for (int i = 0; i < 32; i++)
        bytes[i] =
            (guchar)(g_ascii_xdigit_value(hex[2 * i]) << 4 | g_ascii_xdigit_value(hex[2 * i + 1]));
    g_autofree char *base64 = g_base64_encode(bytes, sizeof bytes);
    g_string_append_printf(policy, " 'sha256-%s'", base64);
}

static int by_code(const void *a, const void *b)
{
    gunichar x = *(const gunichar *)a, y = *(const gunichar *)b;
    return x < y ? -1 : x > y;
}

/* {"shou":"受收", …}: how the characters of these pages read, so that sxkj finds 受限空间. */
static void put_readings(const One *o, GString *out)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(gunichar));
    for (const char *p = o->body->str; *p; p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        if (c >= 0x3400 && c < 0x10000 && aj_text_is_han(c) &&
            g_hash_table_add(seen, GUINT_TO_POINTER(c)))
            g_array_append_val(all, c);
    }
    g_array_sort(all, by_code);
    AjArena *a = aj_arena_new(1 << 16);
    AjValue *map = aj_value_map(a);
    g_autoptr(GHashTable) syllables = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, NULL);
    g_autoptr(GPtrArray) order = g_ptr_array_new();
    for (guint i = 0; i < all->len; i++) {
        const char *readings[AJ_HANZI_MAX_READINGS];
        gunichar c = g_array_index(all, gunichar, i);
        size_t n = aj_hanzi_readings(c, readings);
        for (size_t k = 0; k < n; k++) {
            GString *list = g_hash_table_lookup(syllables, readings[k]);
            if (!list) {
                list = g_string_new(NULL);
                g_hash_table_insert(syllables, (char *)readings[k], list);
                g_ptr_array_add(order, (char *)readings[k]);
            }
            g_string_append_unichar(list, c);
        }
    }
    for (guint i = 0; i < order->len; i++) {
        GString *list = g_hash_table_lookup(syllables, order->pdata[i]);
        aj_value_set_string(a, map, order->pdata[i], aj_arena_strdup(a, list->str));
        g_string_free(list, TRUE);
    }
    aj_json_print(map, 0, out);
    aj_arena_free(a);
}

static void put_contents(const One *o, const char *title, GString *out)
{
    g_string_append_printf(out,
                           "<section class=\"leaf one-contents\" id=\"p0\" tabindex=\"-1\" "
                           "data-title=\"%s\">\n<div class=\"wrap\">\n<h1>%s</h1>\n",
                           word(o, "目录", "Contents"), title);
    if (*o->site->commit)
        g_string_append_printf(out,
                               "<p class=\"hint\">%s <time>%s</time> · <code>%.7s</code></p>\n",
                               word(o, "版本", "Version"), o->site->date, o->site->commit);
    g_string_append_printf(
        out, "<noscript><p class=\"hint\">%s</p></noscript>\n<ol class=\"one-list\">\n",
        word(o, "浏览器不允许脚本：不能搜索和做题，内容都在下面，可以照读。",
             "Scripts are off: no search and no quiz, but all pages can be "
             "read below."));
    for (guint i = 0; i < o->leaves->len; i++) {
        const AjLeaf *leaf = o->leaves->pdata[i];
        g_string_append_printf(out, "<li><a href=\"#p%u\">", i + 1);
        aj_escape_text(out, leaf->title, strlen(leaf->title));
        g_string_append(out, "</a></li>\n");
    }
    g_string_append(out, "</ol>\n</div>\n</section>\n");
}

static void put_header(const One *o, const char *title, GString *out)
{
    g_string_append_printf(
        out,
        "<a class=\"skip\" href=\"#p0\">%s</a>\n<header class=\"top\">\n"
        "<div class=\"wrap top-in\">\n<a class=\"brand\" href=\"#p0\"><span class=\"brand-mark\" "
        "aria-hidden=\"true\"></span><span class=\"brand-name\">%s</span></a>\n"
        "<form class=\"top-search\" id=\"one-search\" role=\"search\" aria-label=\"%s\" hidden "
        "data-t-count=\"%s\" data-t-none=\"%s\">\n"
        "<input type=\"search\" id=\"one-q\" placeholder=\"%s\" aria-label=\"%s\" "
        "autocomplete=\"off\" maxlength=\"64\">\n<button type=\"submit\" aria-label=\"%s\">"
        "<span class=\"icon icon-search\" aria-hidden=\"true\"></span></button>\n</form>\n"
        "</div>\n</header>\n<main id=\"main\">\n"
        "<section id=\"one-found\" class=\"wrap\" hidden aria-label=\"%s\">\n"
        "<p id=\"one-status\" role=\"status\" aria-live=\"polite\"></p>\n"
        "<ol id=\"one-results\" class=\"search-results\"></ol>\n</section>\n",
        word(o, "目录", "Contents"), title, word(o, "搜索", "Search"),
        word(o, "找到 # 页", "# pages found"),
        word(o, "没有找到。换个说法，或者只打拼音首字母，如 sxkj；也可以从目录里找：",
             "Nothing found. Try other words, or look at the contents:"),
        word(o, "汉字或拼音，如 缺氧、sxkj", "Words to look for"), word(o, "搜索", "Search"),
        word(o, "搜索", "Search"), word(o, "搜索结果", "Results"));
}

static void put_whole(One *o, GString *out)
{
    static const char live[] = "document.documentElement.className+=' one-live';";
    g_autoptr(GString) title = g_string_new(NULL), policy = g_string_new(NULL);
    g_autoptr(GString) own = g_string_new(NULL), style = g_string_new(NULL);
    g_string_append_len(own, aj_onefile_js, aj_onefile_js_end - aj_onefile_js);
    g_string_append_len(style, aj_onefile_css, aj_onefile_css_end - aj_onefile_css);
    const AjLeaf *first = o->leaves->pdata[0];
    const char *name = o->site->one_course ? first->title : o->site->title;
    aj_escape_text(title, name, strlen(name));
    g_string_append(policy, "default-src 'none'; img-src data:; media-src data:; font-src data:; "
                            "base-uri 'none'; form-action 'none'; style-src");
    for (guint i = 0; i < o->styles->len; i++) {
        const Part *part = &g_array_index(o->styles, Part, i);
        put_source(policy, part->text->str, part->text->len);
    }
    put_source(policy, style->str, style->len);
    g_string_append(policy, "; script-src");
    for (guint i = 0; i < o->scripts->len; i++) {
        const Part *part = &g_array_index(o->scripts, Part, i);
        put_source(policy, part->text->str, part->text->len);
    }
    put_source(policy, live, strlen(live));
    put_source(policy, own->str, own->len);
    g_string_append_printf(
        out,
        "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"renderer\" content=\"webkit\">\n"
        "<meta http-equiv=\"X-UA-Compatible\" content=\"IE=edge\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"%s\">\n<title>%s</title>\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n"
        "<script>%s</script>\n",
        o->site->language, policy->str, title->str, live);
    for (guint i = 0; i < o->styles->len; i++) {
        const Part *part = &g_array_index(o->styles, Part, i);
        g_string_append(out, "<style");
        if (part->media)
            g_string_append_printf(out, " media=\"%s\"", part->media);
        g_string_append_printf(out, ">%s</style>\n", part->text->str);
    }
    g_string_append_printf(out,
                           "<style>%s</style>\n</head>\n<body class=\"one\" data-name=\"%s\">\n",
                           style->str, title->str);
    put_header(o, title->str, out);
    put_contents(o, title->str, out);
    g_string_append_len(out, o->body->str, (gssize)o->body->len);
    g_string_append(out, "</main>\n");
    for (guint i = 0; i < o->scripts->len; i++)
        g_string_append_printf(out, "<script type=\"text/plain\" id=\"s%u\">%s</script>\n", i,
                               g_array_index(o->scripts, Part, i).text->str);
    g_string_append(out, "<script type=\"application/json\" id=\"one-readings\">");
    put_readings(o, out);
    g_string_append_printf(out, "</script>\n<script>%s</script>\n</body>\n</html>\n", own->str);
}

bool aj_onefile_arrange(const AjBundleSite *site, AjBundleFile **files_out, uint32_t *count_out,
                        GError **error)
{
    One o = {.site = site,
             .files = g_hash_table_new(g_str_hash, g_str_equal),
             .numbers = g_hash_table_new(g_str_hash, g_str_equal),
             .styles = g_array_new(FALSE, FALSE, sizeof(Part)),
             .scripts = g_array_new(FALSE, FALSE, sizeof(Part)),
             .body = g_string_new(NULL)};
    g_autoptr(GString) whole = g_string_new(NULL);
    for (uint32_t i = 0; i < site->count; i++)
        g_hash_table_insert(o.files, (char *)site->files[i].name, (void *)&site->files[i]);
    o.leaves = aj_leaves_choose(site, &o.error);
    for (guint i = 0; o.leaves && i < o.leaves->len; i++)
        g_hash_table_insert(o.numbers, (char *)((AjLeaf *)o.leaves->pdata[i])->path,
                            GUINT_TO_POINTER(i + 1));
    for (guint i = 0; o.leaves && !o.error && i < o.leaves->len; i++)
        put_leaf(&o, i + 1);
    bool good = !o.error;
    if (good) {
        AjBundleFile *file = aj_arena_alloc(site->arena, sizeof *file);
        put_whole(&o, whole);
        *file = (AjBundleFile){"course.html", NULL,
                               aj_arena_strndup(site->arena, whole->str, whole->len), whole->len};
        *files_out = file;
        *count_out = 1;
    } else {
        g_propagate_error(error, o.error);
    }
    if (o.leaves)
        g_ptr_array_unref(o.leaves);
    g_hash_table_unref(o.files);
    g_hash_table_unref(o.numbers);
    parts_free(o.styles);
    parts_free(o.scripts);
    g_string_free(o.body, TRUE);
    return good;
}
