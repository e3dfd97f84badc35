/* epub - the content pages of a site as a book: EPUB 3.3.
 *
 * See epub.h. After W3C's EPUB 3.3: mimetype first, META-INF/container.xml, EPUB/package.opf, the
 * site's pages and pictures below EPUB/site/. Must not know: archives, how a page becomes XHTML. */
#include "bundle/epub.h"

#include "base/hash.h"
#include "base/text.h"
#include "bundle/feedback.h"
#include "bundle/leaves.h"
#include "bundle/tag.h"
#include "bundle/xhtml.h"

#include <string.h>

/* Found through the -I of the build; make knows that this room holds its bytes. */
__asm__(".section .rodata\n"
        "aj_epub_css:\n"
        ".incbin \"generator/bundle/epub.css\"\n"
        "aj_epub_css_end:\n"
        ".byte 0\n"
        ".previous\n");
extern const char aj_epub_css[], aj_epub_css_end[];

typedef struct {
    const char *path, *name; /* lessons/rules.html; site/lessons/rules.xhtml */
    GString *title;          /* escaped */
    const AjLeaf *leaf;
    const char *html; /* with what its script says of options */
    size_t len;
    GHashTable *ids;
} Page;
typedef struct {
    const AjBundleSite *site;
    GHashTable *files;       /* path -> AjBundleFile of the site */
    GHashTable *pages;       /* path -> Page of the book */
    GPtrArray *leaves;       /* AjLeaf */
    GPtrArray *order;        /* Page, as they are read */
    GHashTable *taken;       /* path: pictures that a page shows */
    GString *answers, *said; /* the appendix; of the options of `question`, still to come there */
    const Page *page, *answered; /* under way; whose heading stands in `answers` */
    char *question;              /* whose heading stands in `answers` */
} Book;

/* Of what a book may show. */
static const char *type_of(const char *path)
{
    const char *type = aj_bundle_media_type(path);
    bool shown = type && (g_str_has_prefix(type, "image/") || g_str_has_prefix(type, "audio/") ||
                          g_str_has_prefix(type, "video/"));
    return shown ? type : NULL;
}

static const char *word(const Book *b, const char *zh, const char *en)
{
    return g_str_has_prefix(b->site->language, "zh") ? zh : en;
}

static void page_free(void *data)
{
    Page *page = data;
    g_string_free(page->title, TRUE);
    g_hash_table_unref(page->ids);
    g_free(page);
}

/* A book has no scripts: what one says of a question's options stands beside them. */
static void take_html(const Book *b, Page *page)
{
    AjArena *a = b->site->arena;
    const char *hash, *name = aj_feedback_script(a, page->leaf->html, page->leaf->len);
    g_autofree char *path = name ? aj_leaf_resolve(page->path, name, &hash) : NULL;
    const AjBundleFile *file = path ? g_hash_table_lookup(b->files, path) : NULL;
    g_autoptr(GMappedFile) map =
        file && file->path ? g_mapped_file_new(file->path, FALSE, NULL) : NULL;
    char *whole =
        map ? aj_feedback_lay(a, page->leaf->html, page->leaf->len, g_mapped_file_get_contents(map),
                              g_mapped_file_get_length(map))
            : NULL;
    page->html = whole ? whole : page->leaf->html;
    page->len = whole ? strlen(whole) : page->leaf->len;
}

static void add_pages(Book *b)
{
    for (guint i = 0; i < b->leaves->len; i++) {
        const AjLeaf *leaf = b->leaves->pdata[i];
        Page *page = g_new0(Page, 1);
        page->leaf = leaf;
        page->path = leaf->path;
        page->name = aj_arena_printf(b->site->arena, "site/%.*s.xhtml",
                                     (int)(strlen(leaf->path) - strlen(".html")), leaf->path);
        take_html(b, page);
        page->title = g_string_new(NULL);
        aj_tag_put_plain(page->title, leaf->title);
        page->ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_hash_table_insert(b->pages, (char *)page->path, page);
        g_ptr_array_add(b->order, page);
    }
}

static bool is_uri(const char *s)
{
    for (; *s; s++)
        if (*s == '%' ? !g_ascii_isxdigit(s[1]) || !g_ascii_isxdigit(s[2])
                      : !g_ascii_isalnum(*s) && !strchr("-._~:/?@!$&'()*+,;=#", *s))
            return false;
    return true;
}

/* From the text under way up to EPUB/. */
static void put_up(const Book *b, const GString *from, GString *out)
{
    for (const char *p = from == b->answers || from == b->said ? "" : b->page->name; *p; p++)
        if (*p == '/')
            g_string_append(out, "../");
}

static bool link_to(void *data, const char *address, bool is_file, const GString *from,
                    GString *out)
{
    Book *b = data;
    const char *scheme[] = {"http://", "https://", "mailto:", "tel:"};
    for (size_t i = 0; !is_file && i < G_N_ELEMENTS(scheme); i++)
        if (g_str_has_prefix(address, scheme[i]) && is_uri(address)) {
            aj_escape_attr(out, address, strlen(address));
            return true;
        }
    const char *hash;
    g_autofree char *path = aj_leaf_resolve(b->page->path, address, &hash);
    if (!path)
        return false;
    const AjBundleFile *file = g_hash_table_lookup(b->files, path);
    const Page *page = g_hash_table_lookup(b->pages, path);
    if (is_file ? !file || !type_of(path) : !page)
        return false;
    put_up(b, from, out);
    if (is_file) {
        g_hash_table_add(b->taken, (char *)file->name);
        g_string_append_printf(out, "site/%s", path);
        return true;
    }
    g_autofree char *id = *hash ? g_uri_unescape_string(hash + 1, NULL) : NULL;
    g_string_append(out, page->name);
    if (id && is_uri(hash + 1) && g_hash_table_contains(page->ids, id)) {
        g_string_append_c(out, '#');
        aj_escape_attr(out, hash + 1, strlen(hash + 1));
    }
    return true;
}

/* The right answer first, then what is said of the options. */
static void end_answer(Book *b)
{
    if (b->question)
        g_string_append_printf(b->answers, "%s</div>\n", b->said->str);
    g_string_truncate(b->said, 0);
    g_clear_pointer(&b->question, g_free);
}

/* Headings in the appendix, when they do not stand there yet. */
static GString *answer(void *data, const char *question, const char *option, GString *out)
{
    Book *b = data;
    g_autofree char *page = g_strdelimit(g_strdup(b->page->path), "/", '-');
    if (b->answered != b->page) {
        end_answer(b);
        g_string_append_printf(b->answers, "%s<section>\n<h2><a href=\"%s\">%s</a></h2>\n",
                               b->answered ? "</section>\n" : "", b->page->name,
                               b->page->title->str);
        b->answered = b->page;
    }
    if (g_strcmp0(b->question, question) != 0) {
        const char *number = strrchr(question, '-');
        end_answer(b);
        g_string_append_printf(
            b->answers,
            "<div class=\"answer\" id=\"a-%s-%s\">\n<h3><a href=\"%s#%s\">%s%s%s</a></h3>\n", page,
            question, b->page->name, question, word(b, "第 ", "Question "),
            number ? number + 1 : question, word(b, " 题", ""));
        b->question = g_strdup(question);
    }
    if (option) {
        g_string_append(b->said, "<p class=\"option\"><b>");
        aj_escape_text(b->said, option, strlen(option));
        g_string_append(b->said, "</b></p>\n");
        return b->said;
    }
    g_string_append(out, "<p><a href=\"");
    put_up(b, out, out);
    g_string_append_printf(out, "answers.xhtml#a-%s-%s\">%s</a></p>", page, question,
                           word(b, "答案与解析在书后", "Answer at the end of the book"));
    return b->answers;
}

static AjBundleFile file_of(const Book *b, const char *name, const GString *bytes)
{
    return (AjBundleFile){name, NULL, aj_arena_strndup(b->site->arena, bytes->str, bytes->len),
                          bytes->len};
}

static GString *document(const Book *b, const char *title, const char *up, const char *body)
{
    GString *s = g_string_new(NULL);
    g_string_printf(s,
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE html>\n"
                    "<html xmlns=\"http://www.w3.org/1999/xhtml\" "
                    "xmlns:epub=\"http://www.idpf.org/2007/ops\" lang=\"%s\" xml:lang=\"%s\">\n"
                    "<head>\n<title>%s</title>\n"
                    "<link rel=\"stylesheet\" type=\"text/css\" href=\"%sbook.css\"/>\n</head>\n"
                    "<body>\n%s</body>\n</html>\n",
                    b->site->language, b->site->language, title, up, body);
    return s;
}

/* Once for the ids and pictures, once for the text, when all ids are known. */
static void draw(Book *b, Page *page, GHashTable *ids, GString *out)
{
    AjXhtml x = {.link = link_to, .aside = answer, .data = b, .ids = ids};
    b->page = page;
    aj_xhtml_main(page->html, page->len, &x, out);
}

static AjBundleFile page_file(Book *b, Page *page)
{
    g_autoptr(GString) body = g_string_new(NULL), up = g_string_new(NULL);
    g_autoptr(GHashTable) ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    draw(b, page, ids, body);
    put_up(b, NULL, up);
    g_autoptr(GString) whole = document(b, page->title->str, up->str, body->str);
    return file_of(b, aj_arena_printf(b->site->arena, "EPUB/%s", page->name), whole);
}

static AjBundleFile nav_file(const Book *b, const char *title)
{
    g_autoptr(GString) s = g_string_new(NULL);
    g_string_printf(s, "<h1>%s</h1>\n<p class=\"edition\">%s %.10s</p>\n", title, b->site->date,
                    b->site->commit);
    g_string_append_printf(s, "<nav epub:type=\"toc\" id=\"toc\">\n<h2>%s</h2>\n<ol>\n",
                           word(b, "目录", "Contents"));
    for (guint i = 0; i < b->order->len; i++) {
        const Page *page = b->order->pdata[i];
        g_string_append_printf(s, "<li><a href=\"%s\">%s</a></li>\n", page->name, page->title->str);
    }
    if (b->answered)
        g_string_append_printf(s, "<li><a href=\"answers.xhtml\">%s</a></li>\n",
                               word(b, "答案", "Answers"));
    g_string_append(s, "</ol>\n</nav>\n");
    g_autoptr(GString) whole = document(b, title, "", s->str);
    return file_of(b, "EPUB/nav.xhtml", whole);
}

static AjBundleFile answers_file(Book *b)
{
    end_answer(b);
    const char *title = word(b, "答案", "Answers");
    g_autoptr(GString) s = g_string_new(NULL);
    g_string_printf(s, "<h1>%s</h1>\n%s</section>\n", title, b->answers->str);
    g_autoptr(GString) whole = document(b, title, "", s->str);
    return file_of(b, "EPUB/answers.xhtml", whole);
}

/* A UUID (version 8 of RFC 9562) of the book's files. */
static bool identify(const AjBundleFile *files, uint32_t count, char out[37], GError **error)
{
    AjHashState *state = aj_hash_begin();
    AjHash sum;
    bool good = true;
    for (uint32_t i = 0; good && i < count; i++) {
        g_autoptr(GMappedFile) map =
            files[i].path ? g_mapped_file_new(files[i].path, FALSE, error) : NULL;
        const char *bytes = map ? g_mapped_file_get_contents(map) : files[i].bytes;
        aj_hash_add_string(state, files[i].name);
        good = map || !files[i].path;
        if (good) {
            AjHash one;
            aj_hash(bytes ? bytes : "", map ? g_mapped_file_get_length(map) : files[i].len, &one);
            aj_hash_add(state, one.bytes, sizeof one.bytes);
        }
    }
    aj_hash_end(state, &sum);
    sum.bytes[6] = (uint8_t)(0x80 | (sum.bytes[6] & 0x0f));
    sum.bytes[8] = (uint8_t)(0x80 | (sum.bytes[8] & 0x3f));
    char hex[33];
    aj_hash_hex(&sum, 32, hex);
    g_snprintf(out, 37, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
    return good;
}

static AjBundleFile package_file(const Book *b, const char *title, const char *id,
                                 const AjBundleFile *files, uint32_t count)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(b->site->time);
    g_autofree char *modified =
        b->site->time ? g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ") : NULL;
    g_autoptr(GString) s = g_string_new(NULL), spine = g_string_new(NULL);
    g_string_printf(s,
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                    "<package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" "
                    "unique-identifier=\"id\" xml:lang=\"%s\">\n"
                    "<metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n"
                    "<dc:identifier id=\"id\">urn:uuid:%s</dc:identifier>\n"
                    "<dc:title>%s</dc:title>\n<dc:language>%s</dc:language>\n",
                    b->site->language, id, title, b->site->language);
    if (*b->site->commit)
        g_string_append_printf(s, "<dc:source>git %s</dc:source>\n", b->site->commit);
    g_string_append_printf(s,
                           "<meta property=\"dcterms:modified\">%s</meta>\n</metadata>\n"
                           "<manifest>\n",
                           modified ? modified : "1980-01-01T00:00:00Z" /* as in a zip */);
    for (uint32_t i = 0; i < count; i++) {
        const char *name = files[i].name + strlen("EPUB/");
        bool page = g_str_has_suffix(name, ".xhtml");
        const char *type = page                             ? "application/xhtml+xml"
                           : g_str_has_suffix(name, ".css") ? "text/css"
                                                            : type_of(name);
        g_string_append_printf(s, "<item id=\"f%u\" href=\"%s\" media-type=\"%s\"%s/>\n", i, name,
                               type, strcmp(name, "nav.xhtml") ? "" : " properties=\"nav\"");
        if (page)
            g_string_append_printf(spine, "<itemref idref=\"f%u\"/>\n", i);
    }
    g_string_append_printf(s, "</manifest>\n<spine>\n%s</spine>\n</package>\n", spine->str);
    return file_of(b, "EPUB/package.opf", s);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

enum { OWN = 5 }; /* mimetype, container.xml, package.opf, book.css, nav.xhtml */
static bool lay_out(Book *b, AjBundleFile **files_out, uint32_t *count_out, GError **error)
{
    static const char container[] =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<container version=\"1.0\" "
        "xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\">\n<rootfiles>\n"
        "<rootfile full-path=\"EPUB/package.opf\" media-type=\"application/oebps-package+xml\"/>\n"
        "</rootfiles>\n</container>\n";
    static const char mimetype[] = "application/epub+zip";
    g_autoptr(GString) title = g_string_new(NULL), unused = g_string_new(NULL);
    aj_escape_text(title, b->site->title, strlen(b->site->title));
    for (guint i = 0; i < b->order->len; i++) {
        Page *page = b->order->pdata[i];
        draw(b, page, page->ids, unused);
    }
    end_answer(b);
    g_string_truncate(b->answers, 0);
    b->answered = NULL;
    guint pictures;
    g_autofree char **taken = (char **)g_hash_table_get_keys_as_array(b->taken, &pictures);
    qsort(taken, pictures, sizeof *taken, by_text);
    AjBundleFile *files =
        aj_arena_alloc(b->site->arena, (OWN + b->order->len + 1 + pictures) * sizeof *files);
    uint32_t n = OWN;
    for (guint i = 0; i < b->order->len; i++)
        files[n++] = page_file(b, b->order->pdata[i]);
    if (b->answered)
        files[n++] = answers_file(b);
    for (guint i = 0; i < pictures; i++) {
        files[n] = *(AjBundleFile *)g_hash_table_lookup(b->files, taken[i]);
        files[n++].name = aj_arena_printf(b->site->arena, "EPUB/site/%s", taken[i]);
    }
    files[3] =
        (AjBundleFile){"EPUB/book.css", NULL, aj_epub_css, (size_t)(aj_epub_css_end - aj_epub_css)};
    files[4] = nav_file(b, title->str);
    char id[37];
    if (!identify(files + 3, n - 3, id, error))
        return false;
    files[0] = (AjBundleFile){"mimetype", NULL, mimetype, strlen(mimetype)};
    files[1] = (AjBundleFile){"META-INF/container.xml", NULL, container, strlen(container)};
    files[2] = package_file(b, title->str, id, files + 3, n - 3);
    *files_out = files;
    *count_out = n;
    return true;
}

bool aj_epub_arrange(const AjBundleSite *site, AjBundleFile **files_out, uint32_t *count_out,
                     GError **error)
{
    GError *wrong = NULL;
    Book b = {.site = site,
              .files = g_hash_table_new(g_str_hash, g_str_equal),
              .pages = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, page_free),
              .order = g_ptr_array_new(),
              .taken = g_hash_table_new(g_str_hash, g_str_equal),
              .answers = g_string_new(NULL),
              .said = g_string_new(NULL)};
    for (uint32_t i = 0; i < site->count; i++)
        g_hash_table_insert(b.files, (char *)site->files[i].name, (void *)&site->files[i]);
    b.leaves = aj_leaves_choose(site, &wrong);
    if (b.leaves)
        add_pages(&b);
    bool good = !wrong && lay_out(&b, files_out, count_out, &wrong);
    if (wrong)
        g_propagate_error(error, wrong);
    g_free(b.question);
    g_hash_table_unref(b.files);
    g_hash_table_unref(b.pages);
    g_hash_table_unref(b.taken);
    g_ptr_array_unref(b.order);
    if (b.leaves)
        g_ptr_array_unref(b.leaves);
    g_string_free(b.answers, TRUE);
    g_string_free(b.said, TRUE);
    return good;
}
