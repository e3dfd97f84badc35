/* pictures - heavy pictures of a site made small enough, in sealed workers.
 *
 * See pictures.h. A picture that a library chokes on costs its own making smaller, nothing more.
 * Must not know: how a picture is made smaller, where it is published. */
#include "driver/pictures.h"

#include "base/fs.h"
#include "base/sandbox.h"
#include "write/picture.h"

enum { CPU_SECONDS = 60, BYTES_MAX = 256 << 20 };
#define MEMORY ((uint64_t)1 << 30)

typedef struct {
    const char *root;
    const AjAsset *const *assets;
    uint64_t limit;
} Work;

static bool ends_with(const char *path, const char *const *suffixes)
{
    g_autofree char *lower = g_ascii_strdown(path, -1);
    while (*suffixes && !g_str_has_suffix(lower, *suffixes))
        suffixes++;
    return *suffixes != NULL;
}

bool aj_pictures_has(const char *path)
{
    static const char *const suffixes[] = {".jpg", ".jpeg", ".png", NULL};
    return ends_with(path, suffixes);
}

static const char *hint_for(const AjConfig *config, const char *source)
{
    static const char *const others[] = {".gif",  ".webp", ".bmp",  ".tif",
                                         ".tiff", ".avif", ".heic", NULL};
    if (ends_with(source, others))
        return AJ_TR("程序只缩小 JPEG 和 PNG：先转成其中一种，或调高 site.yaml 的 assets: max_kb",
                     "only JPEG and PNG are made smaller: convert it to one of them, or raise "
                     "assets: max_kb in site.yaml");
    if (!aj_pictures_has(source))
        return AJ_TR("压缩后再放进来，或调高 site.yaml 的 assets: max_kb",
                     "compress it, or raise assets: max_kb in site.yaml");
    if (config->recode)
        return AJ_TR("程序缩不了它：坏图、印刷用的 CMYK 图、太大的图，或者限额太小；"
                     "另存为 RGB 的 JPEG 再放进来，或调高 max_kb",
                     "it could not be made smaller: damaged, CMYK as for print, too large, or the "
                     "limit is too small; save it as an RGB JPEG, or raise max_kb");
    return AJ_TR("压缩后再放进来，或在 site.yaml 的 assets 里写 recode: true，由程序缩小；"
                 "也可以调高 max_kb",
                 "compress it, or say recode: true under assets in site.yaml to have it made "
                 "smaller, or raise max_kb");
}

void aj_pictures_tell(const AjConfig *config, const char *source, uint64_t bytes, AjDiags *diags)
{
    if (!config->asset_limit || bytes <= config->asset_limit)
        return;
    aj_diag(diags, AJ_WARNING, (AjPos){source, 0, 0}, "heavy-asset", hint_for(config, source),
            AJ_TR("文件有 %llu KB，超过限额", "the file has %llu KB, over the limit"),
            (unsigned long long)bytes / 1024);
}

static bool begin(void *data, GError **error)
{
    const Work *w = data;
    const char *const read_below[] = {w->root, NULL};
    g_autoptr(GString) status = g_string_new(NULL);
    (void)error;
    aj_sandbox_enter(&(AjSandbox){.read_below = read_below}, status);
    return true;
}

static bool shrink(uint32_t index, GString *result, void *data)
{
    const Work *w = data;
    g_autofree char *path = g_build_filename(w->root, w->assets[index]->source, NULL);
    g_autofree char *bytes = NULL;
    size_t len;
    if (aj_fs_read(path, BYTES_MAX, &bytes, &len, NULL))
        aj_picture_shrink(bytes, len, w->limit, result);
    return true;
}

bool aj_pictures_shrink(const char *root, const AjAsset *const *assets, uint32_t count,
                        uint64_t limit, AjPoolResult **result_out, GError **error)
{
    Work work = {root, assets, limit};
    AjPoolJob job = {.begin = begin,
                     .work = shrink,
                     .cpu_seconds = CPU_SECONDS,
                     .memory_bytes = MEMORY,
                     .data = &work};
    return aj_pool_run(&job, count, result_out, error);
}
