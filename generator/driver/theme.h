/* theme - templates, words and files of a theme, and where themes and filters are found by name.
 *
 * Must not know: pages, contexts. */
#pragma once
#include "base/diag.h"
#include "base/hash.h"
#include "model/config.h"
#include "render/template.h"

typedef struct {
    const char *name;    /* "site.js"; for the search engine "search/search.js" */
    const char *address; /* "assets/site.0a1b2c3d.js", "search/search.js" */
    const char *bytes;
    size_t len;
} AjThemeFile;
typedef struct {
    AjArena *arena;
    AjTemplates *templates;
    const AjValue *strings; /* i18n of the site's language */
    const AjThemeFile *files;
    uint32_t file_count;
    AjHash hash; /* of all of it */
} AjTheme;

/* The folder "KIND/NAME" ("themes/classic", "lua-filters/quiz") for a site: in the site, in `repo`
 * (may be NULL), in $ANJIAN_DATA, beside the program. NULL when there is none. Caller frees. */
char *aj_theme_find(const char *root, const char *repo, const char *kind, const char *name);
/* All names of that kind in these places, sorted. */
GPtrArray *aj_theme_names(const char *root, const char *repo, const char *kind);
/* `root` and `repo` as above. NULL: diagnosed, or `error` set when the disk failed. */
AjTheme *aj_theme_load(const AjConfig *config, const char *root, const char *repo, AjDiags *diags,
                       GError **error);
void aj_theme_free(AjTheme *theme);
/* A file of the theme by its name, or NULL. */
const AjThemeFile *aj_theme_file(const AjTheme *theme, const char *name);
/* The words that pass 1 writes into a body. */
typedef struct {
    const char *alerts[5]; /* note, tip, important, warning, caution */
    const char *notes, *back;
} AjBodyWords;
void aj_theme_body_words(const AjTheme *theme, AjBodyWords *out);
/* A word of the theme, by dotted path: "kinds.case.title". */
const char *aj_theme_word(const AjTheme *theme, const char *path, const char *fallback);
