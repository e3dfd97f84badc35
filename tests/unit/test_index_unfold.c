/* Search files to bytes that change little and back: the same files, one changed page is few bytes,
 * spoilt bytes are refused. */
#include "index/segment.h"
#include "index/shard.h"
#include "index/unfold.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

enum { PAGES = 300, WINDOW = 12 };
#define TEXT(s) s, sizeof s - 1

static bool site_file(const char *name, const AjHash *key, const char *bytes, size_t len,
                      void *data)
{
    (void)key;
    AjUnfoldFile f = {g_strdup(name), g_memdup2(bytes, len), len};
    g_array_append_val((GArray *)data, f);
    return true;
}

static int file_compare(const void *x, const void *y)
{
    return strcmp(((const AjUnfoldFile *)x)->name, ((const AjUnfoldFile *)y)->name);
}

static void section_add(AjArena *arena, AjValue *sections, const char *title, uint32_t seed)
{
    GString *text = g_string_new(NULL);
    for (unsigned c = 0; c < 150; c++) {
        seed = seed * 1664525 + 1013904223;
        g_string_append_unichar(text, 0x5B89 + (seed >> 16) % 400 * ((seed >> 16) % 3) / 2);
        if ((seed >> 16) % 31 == 0)
            g_string_append(text, "，a<b \"GB-12\" ");
    }
    AjValue *section = aj_value_map(arena);
    aj_value_set_string(arena, section, "id", "x");
    aj_value_set_string(arena, section, "title", title);
    aj_value_set_string(arena, section, "text", text->str);
    aj_value_push(arena, sections, section);
    g_string_free(text, TRUE);
}

/* The search files of a made site; in the second edition page 20 has a section more, page 40 is
 * gone, and page 150 says something else. */
static GArray *site_new(bool second)
{
    AjArena *arena = aj_arena_new(1 << 16);
    AjShardPage pages[PAGES] = {0};
    GString *terms[PAGES];
    uint32_t count = 0;
    for (uint32_t i = 0; i < PAGES; i++) {
        if (second && i == 40)
            continue;
        AjValue *sections = aj_value_list(arena);
        if (second && i == 20)
            section_add(arena, sections, "先说新的", 77);
        for (uint32_t k = 0; k < 3; k++)
            section_add(arena, sections, "原因",
                        i * 2654435761u + k + (second && i == 150 ? 9 : 0));
        AjShardPage *p = &pages[count];
        p->address = aj_arena_printf(arena, "p/%05u.html", i);
        p->title = aj_arena_printf(arena, "第%u号 \"事故\"", i);
        p->kind = "case";
        AjSegmentInput in = {
            .title = p->title, .kind = p->kind, .address = p->address, .sections = sections};
        terms[count] = g_string_new(NULL);
        aj_segment_page(&in, terms[count]);
        p->terms = terms[count]->str;
        p->terms_len = terms[count++]->len;
    }
    GArray *files = g_array_new(FALSE, FALSE, sizeof(AjUnfoldFile));
    AjShardSink sink = {.file = site_file, .data = files};
    g_assert_true(aj_shard_build(pages, count, &sink));
    qsort(files->data, files->len, sizeof(AjUnfoldFile), file_compare);
    while (count--)
        g_string_free(terms[count], TRUE);
    aj_arena_free(arena);
    return files;
}

static void site_free(GArray *files)
{
    for (uint32_t i = 0; i < files->len; i++) {
        g_free((gpointer)g_array_index(files, AjUnfoldFile, i).name);
        g_free((gpointer)g_array_index(files, AjUnfoldFile, i).bytes);
    }
    g_array_free(files, TRUE);
}

static const AjUnfoldFile *site_files(const GArray *files)
{
    return (const AjUnfoldFile *)(const void *)files->data;
}

typedef struct {
    const GArray *files;
    uint32_t seen;
} Seen;

static bool same_file(const char *name, const char *bytes, size_t len, void *data)
{
    Seen *s = data;
    const AjUnfoldFile *f = &g_array_index(s->files, AjUnfoldFile, s->seen++);
    g_assert_cmpstr(name, ==, f->name);
    g_assert_cmpmem(bytes, len, f->bytes, f->len);
    return true;
}

static void test_back(void)
{
    GArray *files = site_new(false);
    GString *out = g_string_new(NULL);
    aj_unfold_print(site_files(files), files->len, NULL, 0, out);
    Seen seen = {files, 0};
    g_assert_true(aj_unfold_read(out->str, out->len, same_file, &seen));
    g_assert_cmpuint(seen.seen, ==, files->len);
    g_assert_cmpuint(files->len, >, 100);
    g_string_free(out, TRUE);
    site_free(files);
}

/* Per mille of `now` that no piece of `was` says. */
static unsigned fresh(const GString *was, const GString *now)
{
    GHashTable *known =
        g_hash_table_new_full(g_bytes_hash, g_bytes_equal, (GDestroyNotify)g_bytes_unref, NULL);
    for (size_t i = 0; i + WINDOW <= was->len; i++)
        g_hash_table_add(known, g_bytes_new_static(was->str + i, WINDOW));
    size_t news = 0;
    for (size_t i = 0; i + WINDOW <= now->len; i++) {
        GBytes *window = g_bytes_new_static(now->str + i, WINDOW);
        news += !g_hash_table_contains(known, window);
        g_bytes_unref(window);
    }
    g_hash_table_destroy(known);
    return (unsigned)(news * 1000 / now->len);
}

static void test_little_changes(void)
{
    GArray *old = site_new(false), *new = site_new(true);
    GString *moves = g_string_new(NULL), *plain = g_string_new(NULL);
    GString *moved = g_string_new(NULL), *out = g_string_new(NULL);
    aj_unfold_moves(site_files(old), old->len, site_files(new), new->len, moves);
    g_assert_cmpuint(moves->len, <, 40);
    aj_unfold_print(site_files(old), old->len, NULL, 0, plain);
    aj_unfold_print(site_files(old), old->len, moves->str, moves->len, moved);
    aj_unfold_print(site_files(new), new->len, NULL, 0, out);
    unsigned before = fresh(plain, out), after = fresh(moved, out);
    g_test_message("new to the old edition: %u per mille; renumbered %u", before, after);
    g_assert_cmpuint(after, <, 80);
    g_assert_cmpuint(after * 3, <, before);
    g_string_free(moves, TRUE);
    g_string_free(plain, TRUE);
    g_string_free(moved, TRUE);
    g_string_free(out, TRUE);
    site_free(old);
    site_free(new);
}

static bool any_file(const char *name, const char *bytes, size_t len, void *data)
{
    (void)name;
    (void)bytes;
    return (*(size_t *)data += len) < 1 << 24;
}

/* Files that are not ours go as they are; bytes that are cut or changed break nothing. */
static void test_odd(void)
{
    static const AjUnfoldFile odd[] = {
        {"f/0.js", TEXT("aj(\"f/0\",\"\",[[0,\"a")},
        {"f/0000-0.js", TEXT("aj(\"f/0000-0\",\"\",\"~~~~~~~~~~\");\n")},
        {"f/0000-1.js", TEXT("aj(\"f/0000-1\",\"\",\"&&\");\n")},
        {"manifest.js", TEXT("aj(\"manifest\",\"0123abcd\",{\"format\":4,\"documents\":9,"
                             "\"reach\":16,\"pack\":0,\"x\":0,\"groups\":\"0000 9\","
                             "\"pages\":\"~~~~\"});\n")},
        {"t/5b89-0.js", TEXT("aj(\"t/5b89-0\",\"0123abcd\",\"~~~~~~\");\n")},
        {"t/b0.js", TEXT("aj(\"t/b0\",\"0123abcd\",\"a<\");\n")},
        {"t/w0.js", TEXT("")},
        {"x", TEXT("\0\1")}};
    GArray *files = g_array_new(FALSE, FALSE, sizeof(AjUnfoldFile));
    g_array_append_vals(files, odd, G_N_ELEMENTS(odd));
    GString *out = g_string_new(NULL), *moves = g_string_new(NULL);
    aj_unfold_moves(odd, G_N_ELEMENTS(odd), odd, G_N_ELEMENTS(odd), moves);
    aj_unfold_print(odd, G_N_ELEMENTS(odd), NULL, 0, out);
    Seen seen = {files, 0};
    g_assert_true(aj_unfold_read(out->str, out->len, same_file, &seen));
    g_assert_cmpuint(seen.seen, ==, G_N_ELEMENTS(odd));
    aj_unfold_print(odd, G_N_ELEMENTS(odd), "\377\377\377", 3, out);
    g_array_free(files, TRUE);
    g_string_truncate(out, 0);

    GArray *site = site_new(false);
    aj_unfold_print(site_files(site), site->len, NULL, 0, out);
    size_t total;
    for (size_t at = 0; at < out->len; at += out->len / 300) {
        out->str[at] ^= (char)(1 << at % 8);
        total = 0;
        aj_unfold_read(out->str, out->len, any_file, &total);
        total = 0;
        aj_unfold_read(out->str, at, any_file, &total);
        out->str[at] ^= (char)(1 << at % 8);
    }
    g_string_free(out, TRUE);
    g_string_free(moves, TRUE);
    site_free(site);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/index/unfold/back", test_back);
    g_test_add_func("/index/unfold/little", test_little_changes);
    g_test_add_func("/index/unfold/odd", test_odd);
    return g_test_run();
}
