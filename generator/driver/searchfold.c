/* searchfold - lets a delta unfold the search folder: index/unfold in the words of bundle/patch.
 *
 * See searchfold.h. Must not know: what a search file holds, what a patch is. */
#include "driver/searchfold.h"

#include "index/unfold.h"

static AjUnfoldFile *as_unfold(const AjPatchFile *files, uint32_t count)
{
    AjUnfoldFile *list = g_new(AjUnfoldFile, count + 1);
    for (uint32_t i = 0; i < count; i++)
        list[i] = (AjUnfoldFile){files[i].name, files[i].bytes, files[i].len};
    return list;
}

static void moves(const AjPatchFile *old, uint32_t old_count, const AjPatchFile *made,
                  uint32_t made_count, GString *out)
{
    g_autofree AjUnfoldFile *from = as_unfold(old, old_count), *to = as_unfold(made, made_count);
    aj_unfold_moves(from, old_count, to, made_count, out);
}

static void print(const AjPatchFile *files, uint32_t count, const char *by, size_t len,
                  GString *out)
{
    g_autofree AjUnfoldFile *list = as_unfold(files, count);
    aj_unfold_print(list, count, by, len, out);
}

const AjPatchFold aj_searchfold = {"search/", "manifest.js", AJ_UNFOLD_FORM,
                                   moves,     print,         aj_unfold_read};
