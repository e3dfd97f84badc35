/* Patches: what is made comes back, what is hostile is refused without a crash or a bomb. */
#include "bundle/patch.h"

#include <string.h>
#include <zstd.h>

static const uint32_t numbers[] = {0, 1, 2, 4};
static AjPatchFile old[3], new[4];
static GString *pages[7];

static void fill(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(pages); i++) {
        pages[i] = g_string_new(NULL);
        for (uint32_t n = 0, x = i % 3 + 1; n < 900; n++) {
            x = x * 1664525 + 1013904223;
            g_string_append_printf(pages[i], "%s%u", x >> 30 ? "通风" : "检测", x >> 20);
        }
        if (i >= 3)
            g_string_append(pages[i], "新增一节");
        AjPatchFile file = {i < 3 ? "old" : "new", pages[i]->str, pages[i]->len};
        *(i < 3 ? &old[i] : &new[i - 3]) = file;
    }
    new[3].len = 0; /* an empty one among them */
}

static AjPatchJob job_of(const AjPatchFold *fold)
{
    return (AjPatchJob){fold, old, new, numbers, numbers, 3, 4, NULL, NULL};
}

typedef struct {
    uint32_t at;
    bool same;
} Got;

static bool take(const char *name, const char *bytes, size_t len, void *data)
{
    Got *g = data;
    const AjPatchFile *want = g->at < 4 ? &new[g->at++] : NULL;
    g->same = g->same && want && strcmp(want->name, name) == 0 && want->len == len &&
              memcmp(want->bytes, bytes, len) == 0;
    return want != NULL;
}

/* Opens and applies; true only when the very files come out. */
static bool gives(const char *bytes, size_t len, const AjPatchFold *fold)
{
    AjPatch patch;
    GError *error = NULL;
    Got got = {0, true};
    bool opened = aj_patch_open(bytes, len, 5, 5, &patch, &error);
    bool good = opened && patch.need_count == 3 && patch.make_count == 4 &&
                aj_patch_apply(&patch, fold, old, new, take, &got, &error);
    g_assert_true(opened || error != NULL);
    g_clear_error(&error);
    if (opened)
        aj_patch_clear(&patch);
    return good && got.same && got.at == 4;
}

static void test_round(void)
{
    g_autoptr(GString) patch = g_string_new("kept");
    const AjPatchJob job = job_of(NULL);
    g_assert_true(aj_patch_make(&job, patch));
    g_assert_true(g_str_has_prefix(patch->str, "keptanjian patch 1\n"));
    g_assert_true(gives(patch->str + 4, patch->len - 4, NULL));
    g_assert_cmpuint(patch->len, <, 400); /* two pages with a line more: not the pages again */
    g_autoptr(GString) again = g_string_new("kept");
    g_assert_true(aj_patch_make(&job, again));
    g_assert_true(g_string_equal(patch, again));
}

static void test_base(void)
{
    g_autoptr(GString) patch = g_string_new(NULL);
    const AjPatchJob job = job_of(NULL);
    g_assert_true(aj_patch_make(&job, patch));
    AjPatchFile was = old[1];
    old[1] = old[0]; /* a base that is not the one */
    g_assert_false(gives(patch->str, patch->len, NULL));
    old[1] = was;
    g_assert_true(gives(patch->str, patch->len, NULL));
    new[1].len--; /* sizes that are not the manifest's */
    g_assert_false(gives(patch->str, patch->len, NULL));
    new[1].len++;
}

static void test_heads(void)
{
    static const char *const heads[] = {
        "",
        "anjian patch 2\nfold -\nmakes 0\nneeds 0\nplain 1\nmoves 0\n",
        "anjian patch 1\nfold -\nmakes 0,0\nneeds 0\nplain 1\nmoves 0\n",
        "anjian patch 1\nfold -\nmakes 1,0\nneeds 0\nplain 1\nmoves 0\n",
        "anjian patch 1\nfold -\nmakes 0-4294967295\nneeds 0\nplain 1\nmoves 0\n",
        "anjian patch 1\nfold -\nmakes 5\nneeds 0\nplain 1\nmoves 0\n",
        "anjian patch 1\nfold -\nmakes 3-2\nneeds 0\nplain 1\nmoves 0\n",
        "anjian patch 1\nfold -\nmakes 00\nneeds 0\nplain 1\nmoves 0\n",
        "anjian patch 1\nfold -\nmakes -1\nneeds 0\nplain 1\nmoves 0\n",
        "anjian patch 1\nfold -\nmakes 0\nneeds 0,\nplain 1\nmoves 0\n",
        "anjian patch 1\nfold -\nmakes 0\nneeds 0\nplain 999999999\nmoves 0\n",
        "anjian patch 1\nfold -\nmakes 0\nneeds 0\nplain 99999999999999999999\nmoves 0\n",
        "anjian patch 1\nfold -\nmakes 0\nneeds 0\nplain 1\nmoves 9\n",
        "anjian patch 1\nfold -\nmakes 0\nneeds 0\nplain 1\nmoves 3\nabc",
        "anjian patch 1\nfold x",
        "anjian patch 1\nfold -\nmakes 0\nneeds 0\nplain 1\n",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(heads); i++) {
        AjPatch patch;
        g_autoptr(GError) error = NULL;
        g_assert_false(aj_patch_open(heads[i], strlen(heads[i]), 5, 5, &patch, &error));
        g_assert_nonnull(error);
    }
    g_assert_false(gives("anjian patch 1\nfold search/\nmakes 0-2,4\nneeds 0-2,4\nplain 1\nmoves "
                         "0\n",
                         65, NULL)); /* a fold that nobody knows */
}

/* Every bit, and every length: the very files or nothing. */
static void test_flips(void)
{
    g_autoptr(GString) patch = g_string_new(NULL);
    const AjPatchJob job = job_of(NULL);
    g_assert_true(aj_patch_make(&job, patch));
    for (size_t bit = 0; bit < patch->len * 8; bit++) {
        patch->str[bit / 8] ^= (char)(1 << bit % 8);
        gives(patch->str, patch->len, NULL); /* its hash judges what comes out: no crash here */
        patch->str[bit / 8] ^= (char)(1 << bit % 8);
    }
    for (size_t len = 0; len < patch->len; len++)
        g_assert_false(gives(patch->str, len, NULL));
    g_string_append_c(patch, 0);
    g_assert_false(gives(patch->str, patch->len, NULL));
}

/* A small frame that would become 200 MB comes out as no more than its head says. */
static void test_bomb(void)
{
    enum { BIG = 200 << 20 };
    g_autofree char *zeros = g_malloc0(BIG), *frame = g_malloc(ZSTD_compressBound(BIG));
    size_t len = ZSTD_compress(frame, ZSTD_compressBound(BIG), zeros, BIG, 1);
    g_autoptr(GString) patch =
        g_string_new("anjian patch 1\nfold -\nmakes 0-2,4\nneeds 0-2\nplain 5000\nmoves 0\n");
    g_string_append_len(patch, frame, (gssize)len);
    g_assert_cmpuint(patch->len, <, 1 << 20);
    g_assert_false(gives(patch->str, patch->len, NULL));
}

/* A fold that turns bytes over, and one that loses a byte. */
static void fold_moves(const AjPatchFile *from, uint32_t from_count, const AjPatchFile *to,
                       uint32_t to_count, GString *out)
{
    (void)from, (void)from_count, (void)to, (void)to_count;
    g_string_append(out, "moved");
}

static void fold_print(const AjPatchFile *files, uint32_t count, const char *moves, size_t len,
                       GString *out)
{
    g_assert_true(!moves || !len || (len == 5 && memcmp(moves, "moved", 5) == 0));
    for (uint32_t i = 0; i < count; i++) {
        g_string_append_printf(out, "%s %zu ", files[i].name, files[i].len);
        for (size_t k = 0; k < files[i].len; k++)
            g_string_append_c(out, (char)~files[i].bytes[k]);
    }
}

static bool read_turned(const char *bytes, size_t len, size_t lost, AjPatchSink sink, void *data)
{
    bool good = true;
    for (const char *at = bytes, *end = bytes + len; good && at < end;) {
        char *number;
        g_autofree char *name = g_strndup(at, strcspn(at, " "));
        size_t size = strtoul(at + strlen(name), &number, 10);
        g_autoptr(GString) file = g_string_new(NULL);
        if (size > (size_t)(end - number))
            return false;
        for (size_t k = 0; k < size; k++)
            g_string_append_c(file, (char)~number[1 + k]);
        good = sink(name, file->str, size - (size ? lost : 0), data);
        at = number + 1 + size;
    }
    return good;
}

static bool fold_read(const char *bytes, size_t len, AjPatchSink sink, void *data)
{
    return read_turned(bytes, len, 0, sink, data);
}

static bool lossy_read(const char *bytes, size_t len, AjPatchSink sink, void *data)
{
    return read_turned(bytes, len, 1, sink, data);
}

static void test_fold(void)
{
    const AjPatchFold fold = {"f/", "key", 3, fold_moves, fold_print, fold_read};
    const AjPatchFold lossy = {"f/", "key", 3, fold_moves, fold_print, lossy_read};
    g_autoptr(GString) patch = g_string_new(NULL), moves = g_string_new("moved");
    AjPatchJob job = job_of(&fold);
    job.moves = moves;
    g_assert_true(aj_patch_make(&job, patch));
    g_assert_true(gives(patch->str, patch->len, &fold));
    g_assert_false(gives(patch->str, patch->len, NULL));
    job.fold = &lossy;
    g_assert_false(aj_patch_make(&job, patch)); /* it would not give the files back */
}

static void expect_version(const GString *patch, const AjPatchFold *fold)
{
    AjPatch p;
    g_autoptr(GError) error = NULL;
    Got got = {0, true};
    if (aj_patch_open(patch->str, patch->len, 5, 5, &p, &error)) {
        g_assert_false(aj_patch_apply(&p, fold, old, new, take, &got, &error));
        aj_patch_clear(&p);
    }
    g_assert_error(error, AJ_PATCH_ERROR, AJ_PATCH_ERROR_VERSION);
    g_assert_nonnull(strstr(error->message, "更新 anjian，或用完整的包"));
}

/* Patches of another anjian: not called damaged, and said what to do. */
static void test_versions(void)
{
    AjPatchFold fold = {"f/", "key", 3, fold_moves, fold_print, fold_read};
    g_autoptr(GString) patch = g_string_new(NULL), moves = g_string_new("moved");
    g_autoptr(GString) later = g_string_new("anjian patch 2\nwhatever\n");
    AjPatchJob job = job_of(&fold);
    job.moves = moves;
    g_assert_true(aj_patch_make(&job, patch));
    fold.form = 33;
    expect_version(patch, &fold);
    fold.form = 3;
    fold.folder = "g/";
    expect_version(patch, &fold);
    expect_version(patch, NULL);
    fold.folder = "f/";
    expect_version(later, &fold);
    g_assert_true(gives(patch->str, patch->len, &fold));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    fill();
    g_test_add_func("/bundle/patch/round", test_round);
    g_test_add_func("/bundle/patch/base", test_base);
    g_test_add_func("/bundle/patch/heads", test_heads);
    g_test_add_func("/bundle/patch/flips", test_flips);
    g_test_add_func("/bundle/patch/bomb", test_bomb);
    g_test_add_func("/bundle/patch/fold", test_fold);
    g_test_add_func("/bundle/patch/versions", test_versions);
    int code = g_test_run();
    for (unsigned i = 0; i < G_N_ELEMENTS(pages); i++)
        g_string_free(pages[i], TRUE);
    return code;
}
