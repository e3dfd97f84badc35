/* names - what pages and sections are called, by first letters.
 *
 * Must not know: pages, files, postings. */
#include "index/names.h"

#include "index/fold.h"
#include "index/segment.h"

#include <stdlib.h>
#include <string.h>

enum {
    UNITS = 20,        /* of a name: characters and letters; what follows is not typed */
    SPELLINGS = 4,     /* of one name */
    FILE_BYTES = 1500, /* after which a file ends */
    BYTES_MAX = 120
};

typedef struct {
    char letters[UNITS + 1];
    const char *text; /* of the map */
} Spelling;
struct AjNames {
    AjLexicon *lexicon;
    GHashTable *names; /* folded text → GUINT_TO_POINTER(1 + strong) */
};

AjNames *aj_names_new(AjLexicon *lexicon)
{
    AjNames *n = g_new(AjNames, 1);
    n->lexicon = lexicon;
    n->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return n;
}

void aj_names_free(AjNames *n)
{
    g_hash_table_destroy(n->names);
    g_free(n);
}

/* Folded, with single blanks, without what means something in a script or in our files. */
static char *tidy(const char *text, size_t len)
{
    char *folded = aj_segment_normalise(text, len);
    char *to = folded;
    bool blank = false;
    for (const char *p = folded, *next; *p; p = next) {
        uint32_t cp = g_utf8_get_char(p);
        next = g_utf8_next_char(p);
        size_t bytes = (size_t)(next - p);
        if (cp <= ' ' || cp == 0x7F || strchr("\"\\<|!", (int)MIN(cp, 0x7Fu)) || cp == 0x2028 ||
            cp == 0x2029 || cp == 0xFFFD) {
            blank = to > folded;
            continue;
        }
        if (blank)
            *to++ = ' '; /* stands for at least one byte left out */
        blank = false;
        memmove(to, p, bytes);
        to += bytes;
    }
    *to = '\0';
    return folded;
}

/* Cuts behind the last unit that counts; returns how many units there are. */
static unsigned cut(char *name)
{
    unsigned units = 0;
    for (char *p = name; *p; p = g_utf8_next_char(p)) {
        if (units == UNITS || p - name > BYTES_MAX) {
            *p = '\0';
            break;
        }
        units += aj_fold_class(g_utf8_get_char(p)) != AJ_FOLD_BREAK;
    }
    return units;
}

void aj_names_add(AjNames *n, const char *text, size_t len, bool strong)
{
    char *name = tidy(text, len);
    bool han = false;
    for (const char *p = name; *p && !han; p = g_utf8_next_char(p))
        han = aj_fold_class(g_utf8_get_char(p)) == AJ_FOLD_CJK;
    if (!han || cut(name) < 2) {
        g_free(name);
        return;
    }
    bool was = GPOINTER_TO_UINT(g_hash_table_lookup(n->names, name)) > 1;
    g_hash_table_replace(n->names, name, GUINT_TO_POINTER(1u + (strong || was)));
}

static int spelling_compare(const void *x, const void *y)
{
    const Spelling *a = x, *b = y;
    int order = strcmp(a->letters, b->letters);
    return order ? order : strcmp(a->text, b->text);
}

/* All ways to spell a name, but for the rarer ones beyond SPELLINGS. */
static void spell(AjNames *n, const char *text, GArray *out)
{
    Spelling ways[SPELLINGS] = {{.text = text}};
    unsigned count = 1, at = 0;
    for (const char *p = text; *p && at < UNITS; p = g_utf8_next_char(p)) {
        uint32_t cp = g_utf8_get_char(p);
        char letters[AJ_LEXICON_LETTERS];
        unsigned m = aj_lexicon_letters(n->lexicon, cp, letters);
        if (!m && g_ascii_isalnum((char)MIN(cp, 0x7Fu))) {
            letters[0] = (char)cp;
            m = 1;
        }
        if (!m)
            continue;
        unsigned before = count;
        for (unsigned k = 1; k < m; k++)
            for (unsigned w = 0; w < before && count < SPELLINGS; w++) {
                ways[count] = ways[w];
                ways[count++].letters[at] = letters[k];
            }
        for (unsigned w = 0; w < before; w++)
            ways[w].letters[at] = letters[0];
        at++;
    }
    if (at > 1)
        g_array_append_vals(out, ways, count);
}

/* As many letters as it takes to tell this file's first name from the last of the one before. */
static void start(const char *letters, const char *last, GString *starts)
{
    size_t same = 0;
    while (letters[same] && letters[same] == last[same])
        same++;
    g_string_append_printf(starts, "%s%.*s", *last ? " " : "", (int)same + 1, letters);
}

bool aj_names_write(AjNames *n, AjLexiconFile file, void *data, GString *starts)
{
    GArray *all = g_array_new(FALSE, FALSE, sizeof(Spelling));
    GHashTableIter iter;
    gpointer key, value;
    g_hash_table_iter_init(&iter, n->names);
    while (g_hash_table_iter_next(&iter, &key, NULL)) /* sorted below */
        spell(n, key, all);
    g_array_sort(all, spelling_compare);
    GString *text = g_string_new(NULL);
    const char *last = "";
    unsigned files = 0;
    bool going = true;
    for (uint32_t i = 0; i < all->len && going; i++) {
        const Spelling *s = &g_array_index(all, Spelling, i);
        if (text->len)
            g_string_append_c(text, '|');
        else
            start(s->letters, last, starts);
        last = s->letters;
        value = g_hash_table_lookup(n->names, s->text);
        if (GPOINTER_TO_UINT(value) > 1)
            g_string_append_c(text, '!');
        g_string_append(text, s->text);
        if (text->len < FILE_BYTES && i + 1 < all->len)
            continue;
        char name[32];
        g_snprintf(name, sizeof name, "p/n%x.js", files++);
        going = file(name, text->str, text->len, data);
        g_string_truncate(text, 0);
    }
    g_string_free(text, TRUE);
    g_array_free(all, TRUE);
    return going;
}
