/* A delta of the search folder: from an edition whose search files an older anjian made, in another
 * form, and from one of the same form. */
#include "base/arena.h"
#include "driver/searchfold.h"
#include "index/segment.h"
#include "index/shard.h"

#include <stdlib.h>
#include <string.h>

enum { PAGES = 60, FILES_MAX = 4000 };
#define TEXT(s) s, sizeof s - 1

static bool keep(const char *name, const AjHash *key, const char *bytes, size_t len, void *data)
{
    (void)key;
    AjPatchFile file = {g_strdup(name), g_memdup2(bytes, len), len};
    g_array_append_val((GArray *)data, file);
    return true;
}

static int compare(const void *x, const void *y)
{
    return strcmp(((const AjPatchFile *)x)->name, ((const AjPatchFile *)y)->name);
}

/* The search files of pages of which one says something else in the second edition. */
static GArray *search_new(unsigned edition)
{
    AjArena *arena = aj_arena_new(1 << 16);
    AjShardPage pages[PAGES] = {0};
    GString *terms[PAGES];
    for (uint32_t i = 0; i < PAGES; i++) {
        AjValue *sections = aj_value_list(arena), *section = aj_value_map(arena);
        aj_value_set_string(arena, section, "id", "x");
        aj_value_set_string(arena, section, "title", "要点");
        aj_value_set_string(arena, section, "text",
                            aj_arena_printf(arena, "先检测，再通风，后作业。第 %u 次强调监护 %u。",
                                            i, i == 7 ? edition : 0));
        aj_value_push(arena, sections, section);
        pages[i].address = aj_arena_printf(arena, "p/%05u.html", i);
        pages[i].title = aj_arena_printf(arena, "第 %u 号事故", i);
        pages[i].kind = "case";
        AjSegmentInput in = {.title = pages[i].title,
                             .kind = pages[i].kind,
                             .address = pages[i].address,
                             .sections = sections};
        terms[i] = g_string_new(NULL);
        aj_segment_page(&in, terms[i]);
        pages[i].terms = terms[i]->str;
        pages[i].terms_len = terms[i]->len;
    }
    GArray *files = g_array_new(FALSE, FALSE, sizeof(AjPatchFile));
    AjShardSink sink = {.file = keep, .data = files};
    g_assert_true(aj_shard_build(pages, PAGES, &sink));
    qsort(files->data, files->len, sizeof(AjPatchFile), compare);
    g_assert_cmpuint(files->len, <, FILES_MAX);
    for (uint32_t i = 0; i < PAGES; i++)
        g_string_free(terms[i], TRUE);
    aj_arena_free(arena);
    return files;
}

static void search_free(GArray *files)
{
    for (guint i = 0; i < files->len; i++) {
        g_free((gpointer)g_array_index(files, AjPatchFile, i).name);
        g_free((gpointer)g_array_index(files, AjPatchFile, i).bytes);
    }
    g_array_free(files, TRUE);
}

typedef struct {
    const AjPatchFile *want;
    uint32_t at, count;
} Got;

static bool take(const char *name, const char *bytes, size_t len, void *data)
{
    Got *g = data;
    g_assert_cmpuint(g->at, <, g->count);
    const AjPatchFile *want = &g->want[g->at++];
    g_assert_cmpstr(name, ==, want->name);
    g_assert_cmpmem(bytes, len, want->bytes, want->len);
    return true;
}

/* Makes a patch and applies it; its length. */
static size_t round_of(const AjPatchFile *old, uint32_t old_count, const AjPatchFile *new,
                       uint32_t new_count)
{
    static uint32_t numbers[FILES_MAX];
    for (uint32_t i = 0; i < FILES_MAX; i++)
        numbers[i] = i;
    g_autoptr(GString) patch = g_string_new(NULL), moves = g_string_new(NULL);
    aj_searchfold.moves(old, old_count, new, new_count, moves);
    const AjPatchJob job = {&aj_searchfold, old,       new,   numbers, numbers,
                            old_count,      new_count, moves, NULL};
    g_assert_true(aj_patch_make(&job, patch));
    AjPatch p;
    GError *error = NULL;
    Got got = {new, 0, new_count};
    g_assert_true(aj_patch_open(patch->str, patch->len, old_count, new_count, &p, &error));
    g_assert_true(aj_patch_apply(&p, &aj_searchfold, old, new, take, &got, &error));
    g_assert_cmpuint(got.at, ==, new_count);
    aj_patch_clear(&p);
    return patch->len;
}

static const AjPatchFile *files_of(const GArray *files)
{
    return (const AjPatchFile *)(const void *)files->data;
}

static void test_forms(void)
{
    static const AjPatchFile older[] = {
        {"f/0.js", TEXT("aj(\"f/0\",\"\",[[0,\"a\",\"先检测\"],[1,\"b\",\"再通风\"]]);\n")},
        {"manifest.js", TEXT("aj(\"manifest\",\"0123abcd\",{\"format\":1,\"documents\":2,"
                             "\"shards\":[\"t/0\"]});\n")},
        {"t/0.js", TEXT("aj(\"t/0\",\"0123abcd\",{\"检测\":[0,1]});\n")}};
    GArray *one = search_new(1), *two = search_new(2);
    size_t small = round_of(files_of(one), one->len, files_of(two), two->len);
    size_t whole = round_of(NULL, 0, files_of(two), two->len);
    size_t across = round_of(older, G_N_ELEMENTS(older), files_of(two), two->len);
    size_t back = round_of(files_of(two), two->len, older, G_N_ELEMENTS(older));
    g_assert_cmpuint(small * 3, <, whole);
    g_assert_cmpuint(across, <, whole + whole / 4);
    g_assert_cmpuint(back, <, 1000);
    search_free(one);
    search_free(two);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/driver/searchfold/forms", test_forms);
    return g_test_run();
}
