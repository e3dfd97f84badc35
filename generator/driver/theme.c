/* theme - templates, words and files of a theme.
 *
 * A theme is small, so it is read whole at every start: no stamp of it need be trusted.
 * Must not know: pages, contexts. */
#include "driver/theme.h"

#include "base/fs.h"
#include "base/json.h"
#include "index/squeeze.h"
#include "load/frontmatter.h"

#include <string.h>

enum { FILE_LIMIT = 16 << 20 };

enum { PLACES = 5 };

/* Where themes and filters lie, the nearest first; places[i] is NULL where there is none. */
static void find_places(const char *root, const char *repo, char *places[PLACES])
{
    g_autofree char *exe = g_file_read_link("/proc/self/exe", NULL);
    g_autofree char *bin = exe ? g_path_get_dirname(exe) : NULL;
    places[0] = g_strdup(root);
    places[1] = g_strdup(repo);
    places[2] = g_strdup(g_getenv("ANJIAN_DATA"));
    places[3] = bin ? g_build_filename(bin, "..", "share", "anjian", NULL) : NULL;
    places[4] = bin ? g_build_filename(bin, "..", "..", NULL) : NULL;
}

char *aj_theme_find(const char *root, const char *repo, const char *kind, const char *name)
{
    if (strchr(name, '/') || name[0] == '.')
        return NULL;
    char *places[PLACES], *found = NULL;
    find_places(root, repo, places);
    for (size_t i = 0; i < PLACES; i++) {
        g_autofree char *path = places[i] ? g_build_filename(places[i], kind, name, NULL) : NULL;
        if (!found && path && g_file_test(path, G_FILE_TEST_IS_DIR))
            found = g_canonicalize_filename(path, NULL);
        g_free(places[i]);
    }
    return found;
}

static gint by_text(gconstpointer x, gconstpointer y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

GPtrArray *aj_theme_names(const char *root, const char *repo, const char *kind)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    char *places[PLACES];
    find_places(root, repo, places);
    for (size_t i = 0; i < PLACES; i++) {
        g_autofree char *folder = places[i] ? g_build_filename(places[i], kind, NULL) : NULL;
        GDir *dir = folder ? g_dir_open(folder, 0, NULL) : NULL;
        for (const char *name; dir && (name = g_dir_read_name(dir));)
            if (name[0] != '.' && !g_ptr_array_find_with_equal_func(names, name, g_str_equal, NULL))
                g_ptr_array_add(names, g_strdup(name));
        if (dir)
            g_dir_close(dir);
        g_free(places[i]);
    }
    g_ptr_array_sort(names, by_text);
    return names;
}

static bool skip_hidden(const char *path, bool is_folder, void *data)
{
    (void)is_folder;
    (void)data;
    const char *slash = strrchr(path, '/');
    return (slash ? slash + 1 : path)[0] == '.';
}

/* style.css → assets/style.0a1b2c3d.css: a new name for new bytes, so that no cache shows the old.
 */
static char *fingerprinted(AjArena *a, const char *name, const char *bytes, size_t len)
{
    AjHash hash;
    char hex[9];
    aj_hash(bytes, len, &hash);
    aj_hash_hex(&hash, 8, hex);
    const char *dot = strrchr(name, '.');
    size_t stem = dot ? (size_t)(dot - name) : strlen(name);
    return aj_arena_printf(a, "assets/%.*s.%s%s", (int)stem, name, hex, dot ? dot : "");
}

/* The search engine is loaded with every first query: it goes out squeezed. So do the scripts of a
 * theme that asks for it: only its maker knows that each of their statements ends in ';'. */
static void take_bytes(AjArena *a, AjThemeFile *f, const char *path, const char *bytes, size_t len,
                       bool squeeze)
{
    bool style = g_str_has_suffix(path, ".css"), script = g_str_has_suffix(path, ".js");
    if (!(style || script) || !(squeeze || g_str_has_prefix(path, "search/"))) {
        f->len = len;
        f->bytes = aj_arena_strndup(a, bytes, len);
        return;
    }
    GString *less = g_string_new(NULL);
    if (style)
        aj_squeeze_style(bytes, len, less);
    else
        aj_squeeze_script(bytes, len, less);
    f->bytes = aj_arena_strndup(a, less->str, less->len);
    f->len = less->len;
    g_string_free(less, TRUE);
}

/* The theme's own theme.yaml, which need not be there. */
static const AjValue *about_theme(AjArena *a, const char *folder, AjDiags *diags)
{
    g_autofree char *path = g_build_filename(folder, "theme.yaml", NULL);
    g_autofree char *bytes = NULL;
    size_t len = 0;
    if (!aj_fs_read(path, FILE_LIMIT, &bytes, &len, NULL))
        return NULL;
    return aj_frontmatter_parse_file(a, bytes, len, "theme.yaml", diags);
}

static void take_words(AjTheme *theme, const AjConfig *config, const char *path, const char *bytes,
                       size_t len, AjDiags *diags)
{
    g_autofree char *own = g_strdup_printf("i18n/%s.yaml", config->language);
    bool is_own = strcmp(path, own) == 0;
    if (!is_own && (strcmp(path, "i18n/zh-CN.yaml") != 0 || theme->strings))
        return;
    const AjValue *words = aj_frontmatter_parse_file(theme->arena, bytes, len, path, diags);
    if (words)
        theme->strings = words;
}

static bool is_name(const char *key)
{
    return *key && !key[strspn(key, G_CSET_a_2_z G_CSET_A_2_Z "_")];
}

/* Words as an object of a script. A bare key tells whoever searches a site for what JSON calls
 * answers that this is none. */
static void put_object(GString *js, const AjValue *words)
{
    const char *comma = "";
    if (words->type != AJ_VALUE_MAP) {
        aj_json_print(words, 0, js);
        return;
    }
    g_string_append_c(js, '{');
    for (uint32_t i = 0; i < words->len; i++) {
        if (!is_name(words->entries[i].key))
            continue; /* no script could ask for it */
        g_string_append_printf(js, "%s%s:", comma, words->entries[i].key);
        put_object(js, words->entries[i].value);
        comma = ",";
    }
    g_string_append_c(js, '}');
}

/* words: [quiz] in theme.yaml: these parts of the words as a script of their own, so that a page
 * need not carry what only a script says. */
static void add_words(AjTheme *theme, const AjValue *asked, AjThemeFile *files)
{
    AjValue *parts = aj_value_map(theme->arena);
    for (uint32_t i = 0; i < aj_value_len(asked); i++) {
        const AjValue *name = aj_value_at(asked, i);
        const AjValue *part =
            name->type == AJ_VALUE_STRING ? aj_value_get(theme->strings, name->s) : NULL;
        if (part)
            aj_value_set(theme->arena, parts, name->s, (AjValue *)part);
    }
    if (!parts->len)
        return;
    g_autoptr(GString) js = g_string_new("(window.anjian=window.anjian||{}).words=");
    put_object(js, parts);
    g_string_append(js, ";\n");
    AjThemeFile f = {.name = "words.js", .len = js->len};
    f.bytes = aj_arena_strndup(theme->arena, js->str, js->len);
    f.address = fingerprinted(theme->arena, f.name, f.bytes, f.len);
    files[theme->file_count++] = f;
}

/* A theme that lacks a template must not be found out in the middle of a build. */
static bool has_templates(const AjTheme *theme, const AjConfig *config, AjDiags *diags)
{
    static const char *const needed[] = {
        "home.html",   "section.html",  "kind.html",    "taxonomy.html", "term.html",
        "case.html",   "model.html",    "lesson.html",  "course.html",   "quiz.html",
        "page.html",   "search.html",   "changes.html", "404.html",      "redirect.html",
        "notice.html", "question.html", "feed.xml",     "sitemap.xml",   "robots.txt"};
    bool good = true;
    for (size_t i = 0; i < G_N_ELEMENTS(needed); i++) {
        if (aj_templates_has(theme->templates, needed[i]))
            continue;
        aj_diag(diags, AJ_ERROR, (AjPos){"site.yaml", 0, 0}, "no-template",
                AJ_TR("在主题的 templates/ 里补上，可以照 classic 的写",
                      "add it to the theme's templates/; see classic's"),
                AJ_TR("主题“%s”缺少模板 %s", "the theme \"%s\" lacks the template %s"),
                config->theme, needed[i]);
        good = false;
    }
    return good;
}

AjTheme *aj_theme_load(const AjConfig *config, const char *root, const char *repo, AjDiags *diags,
                       GError **error)
{
    g_autofree char *folder = aj_theme_find(root, repo, "themes", config->theme);
    if (!folder) {
        aj_diag(diags, AJ_ERROR, (AjPos){"site.yaml", 0, 0}, "no-theme",
                AJ_TR("检查 theme 的名字，或设置 ANJIAN_DATA 指向安鉴的数据文件夹",
                      "check the name, or set ANJIAN_DATA to anjian's data folder"),
                AJ_TR("找不到主题“%s”", "there is no theme \"%s\""), config->theme);
        return NULL;
    }
    g_autoptr(AjFsList) list = aj_fs_walk(folder, skip_hidden, NULL, error);
    if (!list)
        return NULL;
    AjTheme *theme = g_new0(AjTheme, 1);
    theme->arena = aj_arena_new(1 << 16);
    theme->templates = aj_templates_new();
    AjThemeFile *files = aj_arena_alloc(theme->arena, (aj_fs_list_count(list) + 2) * sizeof *files);
    AjHashState *hash = aj_hash_begin();
    uint32_t errors = aj_diags_count(diags, AJ_ERROR);
    const AjValue *about = about_theme(theme->arena, folder, diags);
    bool squeeze = about && aj_value_get_bool(about, "squeeze", false), good = true;
    for (uint32_t i = 0; good && i < aj_fs_list_count(list); i++) {
        const char *path = aj_fs_list_at(list, i)->path;
        g_autofree char *full = g_build_filename(folder, path, NULL);
        g_autofree char *bytes = NULL;
        size_t len = 0;
        good = aj_fs_read(full, FILE_LIMIT, &bytes, &len, error);
        if (!good)
            break;
        aj_hash_add_string(hash, path);
        aj_hash_add(hash, bytes, len);
        AjThemeFile f = {0};
        if (g_str_has_prefix(path, "templates/")) {
            aj_templates_add(theme->templates, path + 10, bytes, len);
        } else if (g_str_has_prefix(path, "i18n/")) {
            take_words(theme, config, path, bytes, len, diags);
        } else if (g_str_has_prefix(path, "assets/")) {
            f.name = aj_arena_strdup(theme->arena, path + 7);
            take_bytes(theme->arena, &f, path, bytes, len, squeeze);
            f.address = fingerprinted(theme->arena, f.name, f.bytes, f.len);
        } else if (g_str_has_prefix(path, "search/")) {
            f.name = f.address = aj_arena_strdup(theme->arena, path);
            take_bytes(theme->arena, &f, path, bytes, len, squeeze);
        }
        if (f.name)
            files[theme->file_count++] = f;
    }
    add_words(theme, aj_value_get(about, "words"), files);
    theme->files = files;
    aj_hash_end(hash, &theme->hash);
    good = good && aj_templates_compile(theme->templates, diags) &&
           has_templates(theme, config, diags) && aj_diags_count(diags, AJ_ERROR) == errors;
    if (!theme->strings)
        theme->strings = aj_value_map(theme->arena);
    if (good)
        return theme;
    aj_theme_free(theme);
    return NULL;
}

void aj_theme_free(AjTheme *theme)
{
    if (!theme)
        return;
    aj_templates_free(theme->templates);
    aj_arena_free(theme->arena);
    g_free(theme);
}

const AjThemeFile *aj_theme_file(const AjTheme *theme, const char *name)
{
    for (uint32_t i = 0; i < theme->file_count; i++)
        if (strcmp(theme->files[i].name, name) == 0)
            return &theme->files[i];
    return NULL;
}

const char *aj_theme_word(const AjTheme *theme, const char *path, const char *fallback)
{
    const AjValue *at = theme->strings;
    for (const char *part = path; at;) {
        size_t len = strcspn(part, ".");
        at = aj_value_getn(at, part, len);
        if (!part[len])
            break;
        part += len + 1;
    }
    return at && at->type == AJ_VALUE_STRING ? at->s : fallback;
}

void aj_theme_body_words(const AjTheme *theme, AjBodyWords *out)
{
    *out = (AjBodyWords){.alerts = {aj_theme_word(theme, "alert.note", NULL),
                                    aj_theme_word(theme, "alert.tip", NULL),
                                    aj_theme_word(theme, "alert.important", NULL),
                                    aj_theme_word(theme, "alert.warning", NULL),
                                    aj_theme_word(theme, "alert.caution", NULL)},
                         .notes = aj_theme_word(theme, "footnotes.title", NULL),
                         .back = aj_theme_word(theme, "footnotes.back", NULL)};
}
