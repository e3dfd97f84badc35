/* Patches of a delta: whatever the bytes are, numbers stay below their limits, and what comes out
 * is of the length that was asked for. Patches with a fold are read as those of the search folder.
 */
#include "bundle/patch.h"
#include "driver/searchfold.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FILES = 8, PLAIN_MAX = 1 << 20 };

typedef struct {
    const AjPatch *patch;
    const AjPatchFile *makes;
    uint32_t at;
} Got;

static bool take(const char *name, const char *bytes, size_t len, void *data)
{
    Got *g = data;
    uint32_t sum = 0;
    for (size_t i = 0; i < len; i++)
        sum += (uint8_t)bytes[i];
    g_assert_true(name && (len || !sum));
    if (g->patch->folded)
        return ++g->at < FILES;
    g_assert_cmpuint(g->at, <, g->patch->make_count);
    g_assert_cmpuint(len, ==, g->makes[g->at++].len);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const texts[FILES] = {"",  "先通风", "再检测", "后作业",
                                             "1", "22",     "333",    "4444"};
    AjPatch patch;
    AjPatchFile needs[FILES], makes[FILES];
    GError *error = NULL;
    if (!aj_patch_open((const char *)data, size, FILES, FILES, &patch, &error)) {
        g_assert_nonnull(error);
        g_clear_error(&error);
        return 0;
    }
    g_assert_true(patch.need_count <= FILES && patch.make_count <= FILES);
    for (uint32_t i = 0; i < patch.need_count; i++) {
        const char *text = texts[patch.needs[i]];
        needs[i] = (AjPatchFile){patch.folded ? "a/0.js" : "need", text, strlen(text)};
    }
    for (uint32_t i = 0; i < patch.make_count; i++)
        makes[i] = (AjPatchFile){"make", NULL, patch.makes[i]};
    Got got = {&patch, makes, 0};
    if (patch.plain <= PLAIN_MAX &&
        aj_patch_apply(&patch, &aj_searchfold, needs, makes, take, &got, &error) && !patch.folded)
        g_assert_cmpuint(got.at, ==, patch.make_count);
    g_clear_error(&error);
    aj_patch_clear(&patch);
    return 0;
}
