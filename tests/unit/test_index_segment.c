/* A page's units and terms, read back from the packed form. */
#include "index/code.h"
#include "index/segment.h"

#include <glib.h>
#include <string.h>

typedef struct {
    AjArena *arena;
    GPtrArray *texts, *ids;
    GHashTable *terms; /* "有限@0" → weight */
    bool old;          /* it is said to have characters that fold to others */
} Read;

static AjValue *sections_of(AjArena *a, const char *const *flat)
{
    AjValue *list = aj_value_list(a);
    for (; *flat; flat += 3) {
        AjValue *s = aj_value_map(a);
        aj_value_set_string(a, s, "id", flat[0]);
        aj_value_set_string(a, s, "title", flat[1]);
        aj_value_set_string(a, s, "text", flat[2]);
        aj_value_push(a, list, s);
    }
    return list;
}

/* What goes into fragment files: three lines of the page, then three a unit. */
static void read_texts(Read *r, const char *title, const uint8_t *p, size_t texts_len)
{
    const uint8_t *end = p + texts_len;
    const char *s;
    size_t len;
    AjTerse *terse = aj_terse_new();
    while (p < end) {
        GString *bytes = g_string_new(NULL), *text = g_string_new(NULL);
        g_assert_true(aj_code_get_string(&p, end, &s, &len));
        for (const char *c = s; c < s + len; c++) /* it stands in a script's string */
            g_assert_true(*c >= ' ' && *c <= '~' && !strchr("\"<\\&", *c));
        g_assert_true(aj_code_read_text(s, len, bytes));
        g_assert_true(aj_terse_read(terse, bytes->str, bytes->len, 1 << 16, text));
        char **lines = g_strsplit(text->str, "\n", -1);
        unsigned n = g_strv_length(lines);
        bool old = n > 4 && strcmp(lines[n - 2], "~") == 0;
        g_assert_cmpuint(n % 3, ==, old ? 2 : 1); /* an empty one at the end */
        r->old |= old;
        g_assert_cmpuint(n / 3, >, 1);
        g_assert_cmpuint(n / 3, <=, 1 + AJ_SEGMENT_PART);
        g_assert_cmpstr(lines[0], ==, "cases/a");
        g_assert_cmpstr(lines[1], ==, title ? title : "");
        g_assert_cmpstr(lines[2], ==, "case");
        for (unsigned i = 3; i + 3 < n + !old; i += 3) {
            g_ptr_array_add(r->ids, g_strdup(lines[i]));
            g_ptr_array_add(r->texts, g_strdup(lines[i + 2]));
        }
        g_strfreev(lines);
        g_string_free(bytes, TRUE);
        g_string_free(text, TRUE);
    }
    aj_terse_free(terse);
}

static Read read_page(const char *title, const char *const *sections)
{
    Read r = {aj_arena_new(4096), g_ptr_array_new_with_free_func(g_free),
              g_ptr_array_new_with_free_func(g_free),
              g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL), false};
    AjSegmentInput in = {.title = title,
                         .kind = "case",
                         .address = "cases/a.html",
                         .sections = sections_of(r.arena, sections)};
    GString *out = g_string_new(NULL);
    aj_segment_page(&in, out);
    const uint8_t *p = (const uint8_t *)out->str + AJ_SEGMENT_HEADER;
    const uint8_t *end = (const uint8_t *)out->str + out->len;
    uint32_t units, n, key = 0, delta = 0, unit = 0, weight = 0;
    const char *s;
    size_t len;
    g_assert_cmpint(out->str[0], ==, AJ_SEGMENT_VERSION);
    g_assert_true(aj_code_get(&p, end, &units));
    for (uint32_t u = 0; u < units; u++) {
        g_assert_true(aj_code_get(&p, end, &n));
        g_assert_true(aj_code_get_string(&p, end, &s, &len));
    }
    g_assert_true(aj_code_get_string(&p, end, &s, &len));
    read_texts(&r, title, (const uint8_t *)s, len);
    g_assert_cmpuint(r.texts->len, ==, units);
    g_assert_true(aj_code_get(&p, end, &n));
    while (n--) {
        g_assert_true(aj_code_get(&p, end, &delta) && aj_code_get(&p, end, &unit) &&
                      aj_code_get(&p, end, &weight));
        key += delta;
        GString *name = g_string_new(NULL);
        g_string_append_unichar(name, key >> 16);
        if (key & 0xFFFF)
            g_string_append_unichar(name, key & 0xFFFF);
        g_string_append_printf(name, "@%u", unit);
        g_assert_true(
            g_hash_table_insert(r.terms, g_string_free(name, FALSE), GUINT_TO_POINTER(weight)));
    }
    g_assert_true(aj_code_get(&p, end, &n));
    while (n--) {
        g_assert_true(aj_code_get_string(&p, end, &s, &len) && aj_code_get(&p, end, &unit) &&
                      aj_code_get(&p, end, &weight));
        g_assert_true(g_hash_table_insert(r.terms, g_strdup_printf("%.*s@%u", (int)len, s, unit),
                                          GUINT_TO_POINTER(weight)));
    }
    g_assert_true(p == end);
    g_string_free(out, TRUE);
    return r;
}

static void read_free(Read *r)
{
    g_ptr_array_free(r->texts, TRUE);
    g_ptr_array_free(r->ids, TRUE);
    g_hash_table_destroy(r->terms);
    aj_arena_free(r->arena);
}

static unsigned weight_of(const Read *r, const char *term)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(r->terms, term));
}

static void test_terms(void)
{
    const char *sections[] = {"a", "原因", "缺氧，缺氧 GB30871-2022 ＬＯＴＯ", NULL};
    Read r = read_page("受限空间", sections);
    g_assert_cmpuint(r.texts->len, ==, 1);
    g_assert_cmpstr(r.ids->pdata[0], ==, "a");
    g_assert_cmpuint(weight_of(&r, "缺氧@0"), ==, 4);
    g_assert_cmpuint(weight_of(&r, "氧缺@0"), ==, 0); /* no pair across punctuation */
    g_assert_cmpuint(weight_of(&r, "原因@0") & AJ_WEIGHT_HEADING, !=, 0);
    g_assert_cmpuint(weight_of(&r, "空间@0") & AJ_WEIGHT_TITLE, !=, 0);
    g_assert_cmpuint(weight_of(&r, "空@0") & AJ_WEIGHT_TITLE, !=, 0);
    g_assert_cmpuint(weight_of(&r, "氧@0"), ==, 0);
    const char *words[] = {"gb@0", "30871@0", "2022@0", "gb30871-2022@0", "loto@0"};
    for (unsigned i = 0; i < G_N_ELEMENTS(words); i++)
        g_assert_cmpuint(weight_of(&r, words[i]), >, 0);
    g_assert_false(r.old);
    read_free(&r);
}

static void test_old(void)
{
    const char *sections[] = {"a", "原因", "缺氧，没有檢測", NULL};
    Read r = read_page("受限空间", sections);
    g_assert_true(r.old);
    g_assert_cmpuint(weight_of(&r, "检测@0"), ==, 2);
    g_assert_cmpuint(weight_of(&r, "檢測@0"), ==, 0);
    read_free(&r);
}

static void test_empty(void)
{
    const char *none[] = {NULL};
    Read r = read_page(NULL, none);
    g_assert_cmpuint(r.texts->len, ==, 1); /* a page without words still has its place */
    g_assert_cmpuint(g_hash_table_size(r.terms), ==, 0);
    read_free(&r);
}

static void test_merge(void)
{
    const char *sections[] = {"", "", "短。", "b", "乙", "也短。", "c", "丙", "还是短。", NULL};
    Read r = read_page("题", sections);
    g_assert_cmpuint(r.texts->len, ==, 1);
    /* Headings inside stand between zero-width blanks. */
    g_assert_cmpstr(r.texts->pdata[0], ==, "短。 \u200B乙\u200B 也短。 \u200B丙\u200B 还是短。");
    read_free(&r);
}

/* Long text with and without borders: every pair is in some unit, every unit is short enough. */
static void test_cut(void)
{
    for (int borders = 0; borders < 2; borders++) {
        GString *text = g_string_new(NULL);
        for (int i = 0; i < 5000; i++) {
            g_string_append_unichar(text, (gunichar)(0x4E00 + i * 7 % 4001));
            if (borders && i % 50 == 49)
                g_string_append(text, "。");
        }
        const char *sections[] = {"a", "甲", text->str, NULL};
        Read r = read_page("题", sections);
        g_assert_cmpuint(r.texts->len, >, 4);
        for (uint32_t u = 0; u < r.texts->len; u++)
            g_assert_cmpuint(strlen(r.texts->pdata[u]), <=, 2800);
        const char *p = text->str;
        while (*p) {
            const char *next = g_utf8_next_char(p);
            if (!*next)
                break;
            size_t len = (size_t)(g_utf8_next_char(next) - p);
            g_autofree char *pair = aj_segment_normalise(p, len);
            bool found = !strncmp(next, "。", 3) || !strncmp(p, "。", 3);
            for (uint32_t u = 0; u < r.texts->len && !found; u++) {
                g_autofree char *term = g_strdup_printf("%s@%u", pair, u);
                found = weight_of(&r, term) > 0;
            }
            g_assert_true(found);
            p = next;
        }
        g_string_free(text, TRUE);
        read_free(&r);
    }
}

static void test_hostile(void)
{
    GString *text = g_string_new(NULL);
    for (int i = 0; i < 20000; i++)
        g_string_append(text, "<");
    g_string_append(text, "</script>\"\\\xE2\x80\xA8𠀀𠀁-._/");
    const char *sections[] = {"a", "\"</script>", text->str, NULL};
    Read r = read_page("\\", sections);
    for (uint32_t u = 0; u < r.texts->len; u++) {
        g_assert_cmpuint(strlen(r.texts->pdata[u]), <=, 2800);
        g_assert_null(strstr(r.texts->pdata[u], "\xE2\x80\xA8"));
    }
    g_autofree char *pair = g_strdup_printf("𠀀𠀁@%u", r.texts->len - 1);
    g_assert_cmpuint(weight_of(&r, pair), >, 0);
    read_free(&r);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/index/segment/terms", test_terms);
    g_test_add_func("/index/segment/old", test_old);
    g_test_add_func("/index/segment/empty", test_empty);
    g_test_add_func("/index/segment/merge", test_merge);
    g_test_add_func("/index/segment/cut", test_cut);
    g_test_add_func("/index/segment/hostile", test_hostile);
    return g_test_run();
}
