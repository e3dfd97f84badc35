/* patch - many files as what makes them of others. See patch.h.
 *
 *   anjian patch 1
 *   fold -                    or the folder of the fold and its form, "search/ 1"
 *   makes 0-3,7               numbers
 *   needs 2-4
 *   plain 5120                bytes of the frame once it is taken apart
 *   moves 0                   bytes of the fold's own, right behind this line
 *
 * then those bytes, then the frame to the end. Must not know: archives, the disk, manifests. */
#include "bundle/patch.h"

#include "base/lang.h"

#include <string.h>
#include <zstd.h>

/* Small ones as tight as can be; beyond, every level more costs seconds and gains little. */
enum { SMALL = 8 << 20, LEVEL_SMALL = 19, LEVEL = 9 };

GQuark aj_patch_error_quark(void)
{
    return g_quark_from_static_string("aj-patch-error");
}

/* --- making --- */

static void put_numbers(GString *out, const char *word, const uint32_t *n, uint32_t count)
{
    g_string_append_printf(out, "%s ", word);
    for (uint32_t i = 0, end; i < count; i = end) {
        for (end = i + 1; end < count && n[end] == n[end - 1] + 1;)
            end++;
        g_string_append_printf(out, "%s%u", i ? "," : "", n[i]);
        if (end > i + 1)
            g_string_append_printf(out, "-%u", n[end - 1]);
    }
    g_string_append_c(out, '\n');
}

/* Caller frees. */
static char *fold_line(const AjPatchFold *fold)
{
    return fold ? g_strdup_printf("fold %s %u\n", fold->folder, fold->form) : g_strdup("fold -\n");
}

static void print(const AjPatchFold *fold, const AjPatchFile *files, uint32_t count,
                  const char *moves, size_t moves_len, GString *out)
{
    if (fold) {
        fold->print(files, count, moves, moves_len, out);
        return;
    }
    for (uint32_t i = 0; i < count; i++)
        g_string_append_len(out, files[i].bytes, (gssize)files[i].len);
}

typedef struct {
    const AjPatchFile *files;
    uint32_t at, count;
} Expected;

static bool is_expected(const char *name, const char *bytes, size_t len, void *data)
{
    Expected *e = data;
    const AjPatchFile *f = e->at < e->count ? &e->files[e->at++] : NULL;
    return f && strcmp(f->name, name) == 0 && f->len == len && memcmp(f->bytes, bytes, len) == 0;
}

static bool comes_back(const AjPatchJob *job, const GString *plain)
{
    Expected e = {job->makes, 0, job->make_count};
    return !job->fold ||
           (job->fold->read(plain->str, plain->len, is_expected, &e) && e.at == e.count);
}

/* What is made, read with the key that another patch makes: printed last, and cut off. */
static void print_makes(const AjPatchJob *job, GString *out)
{
    if (!job->key) {
        print(job->fold, job->makes, job->make_count, NULL, 0, out);
        return;
    }
    const AjPatchFile twice[] = {*job->key, *job->key};
    g_autofree AjPatchFile *all = g_new(AjPatchFile, job->make_count + 1);
    g_autoptr(GString) one = g_string_new(NULL), two = g_string_new(NULL);
    memcpy(all, job->makes, job->make_count * sizeof *all);
    all[job->make_count] = *job->key;
    print(job->fold, all, job->make_count + 1, NULL, 0, out);
    print(job->fold, twice, 1, NULL, 0, one);
    print(job->fold, twice, 2, NULL, 0, two);
    g_string_truncate(out, out->len - (two->len - one->len));
}

/* One thread and fixed parameters, so that the bytes do not depend on the machine. */
static bool compress(const GString *base, const GString *plain, GString *out)
{
    size_t all = base->len + plain->len, room = ZSTD_compressBound(plain->len), start = out->len;
    int window = (int)g_bit_storage(all) + 1;
    ZSTD_CCtx *c = ZSTD_createCCtx();
    const struct {
        ZSTD_cParameter what;
        int value;
    } set[] = {{ZSTD_c_compressionLevel, all <= SMALL ? LEVEL_SMALL : LEVEL},
               {ZSTD_c_windowLog, CLAMP(window, 10, 30)},
               {ZSTD_c_enableLongDistanceMatching, all > SMALL}};
    bool good = c != NULL;
    for (size_t i = 0; good && i < G_N_ELEMENTS(set); i++)
        good = !ZSTD_isError(ZSTD_CCtx_setParameter(c, set[i].what, set[i].value));
    good = good && !ZSTD_isError(ZSTD_CCtx_refPrefix(c, base->str, base->len));
    g_string_set_size(out, start + room);
    size_t got = good ? ZSTD_compress2(c, out->str + start, room, plain->str, plain->len) : 0;
    good = good && !ZSTD_isError(got);
    g_string_truncate(out, good ? start + got : start);
    ZSTD_freeCCtx(c);
    return good;
}

bool aj_patch_make(const AjPatchJob *job, GString *out)
{
    g_autoptr(GString) base = g_string_new(NULL), plain = g_string_new(NULL);
    const char *moves = job->moves ? job->moves->str : "";
    size_t moves_len = job->moves ? job->moves->len : 0, start = out->len;
    print(job->fold, job->needs, job->need_count, moves, moves_len, base);
    print_makes(job, plain);
    if (base->len > AJ_PATCH_BYTES_MAX || plain->len > AJ_PATCH_BYTES_MAX ||
        moves_len > AJ_PATCH_BYTES_MAX || !comes_back(job, plain))
        return false;
    g_autofree char *fold = fold_line(job->fold);
    g_string_append_printf(out, "anjian patch 1\n%s", fold);
    put_numbers(out, "makes", job->make_numbers, job->make_count);
    put_numbers(out, "needs", job->need_numbers, job->need_count);
    g_string_append_printf(out, "plain %zu\nmoves %zu\n", plain->len, moves_len);
    g_string_append_len(out, moves, (gssize)moves_len);
    bool good = compress(base, plain, out);
    if (!good)
        g_string_truncate(out, start);
    return good;
}

/* --- taking apart --- */

typedef struct {
    const char *at, *end;
} Text;

static bool word(Text *t, const char *w)
{
    size_t len = strlen(w);
    if ((size_t)(t->end - t->at) < len || memcmp(t->at, w, len) != 0)
        return false;
    t->at += len;
    return true;
}

/* No sign, no leading zero. */
static bool number(Text *t, uint64_t limit, uint64_t *out)
{
    const char *from = t->at;
    *out = 0;
    while (t->at < t->end && g_ascii_isdigit(*t->at) && t->at - from < 10)
        *out = *out * 10 + (uint64_t)(*t->at++ - '0');
    return t->at > from && (*from != '0' || t->at == from + 1) && *out < limit;
}

/* Rising, each below the limit: so there are never more than that. */
static bool numbers(Text *t, uint32_t limit, const uint32_t **out, uint32_t *count)
{
    GArray *list = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    uint64_t next = 0, from, to;
    bool good = true, more = !word(t, "\n");
    while (good && more) {
        good = number(t, limit, &from) && from >= next;
        to = from;
        good = good && (!word(t, "-") || (number(t, limit, &to) && to > from));
        for (uint64_t n = from; good && n <= to; n++) {
            uint32_t one = (uint32_t)n;
            g_array_append_val(list, one);
        }
        next = to + 1;
        more = good && word(t, ",");
        good = good && (more || word(t, "\n"));
    }
    *count = list->len;
    *out = (uint32_t *)(void *)g_array_free(list, FALSE);
    return good;
}

static bool refuse(GError **error, const char *why)
{
    g_set_error_literal(error, AJ_PATCH_ERROR, AJ_PATCH_ERROR_DAMAGED, why);
    return false;
}

static bool refuse_version(GError **error)
{
    g_set_error_literal(
        error, AJ_PATCH_ERROR, AJ_PATCH_ERROR_VERSION,
        AJ_TR("增量包是另一版 anjian 做的，这一版装不上；更新 anjian，或用完整的包",
              "the delta was made by another version of anjian, and this one cannot apply it: "
              "update anjian, or use the whole bundle"));
    return false;
}

static bool line(Text *t)
{
    const char *end = memchr(t->at, '\n', (size_t)(t->end - t->at));
    t->at = end ? end + 1 : t->at;
    return end != NULL;
}

bool aj_patch_open(const char *bytes, size_t len, uint32_t need_limit, uint32_t make_limit,
                   AjPatch *p, GError **error)
{
    Text t = {bytes, bytes + len};
    uint64_t plain, moves;
    *p = (AjPatch){0};
    if (!word(&t, "anjian patch 1\n") && word(&t, "anjian patch "))
        return refuse_version(error);
    p->fold = t.at;
    p->folded = !word(&t, "fold -\n");
    bool good = t.at > bytes && (!p->folded || (word(&t, "fold ") && line(&t)));
    good = good && word(&t, "makes ") && numbers(&t, make_limit, &p->makes, &p->make_count) &&
           word(&t, "needs ") && numbers(&t, need_limit, &p->needs, &p->need_count) &&
           word(&t, "plain ") && number(&t, AJ_PATCH_BYTES_MAX + 1u, &plain) &&
           word(&t, "\nmoves ") && number(&t, AJ_PATCH_BYTES_MAX + 1u, &moves) && word(&t, "\n") &&
           moves <= (uint64_t)(t.end - t.at) && (p->folded || !moves);
    if (!good) {
        aj_patch_clear(p);
        return refuse(error, AJ_TR("补丁的开头写错了", "the head of the patch is wrong"));
    }
    p->plain = plain;
    p->moves = t.at;
    p->moves_len = moves;
    p->frame = t.at + moves;
    p->frame_len = (size_t)(t.end - p->frame);
    return true;
}

void aj_patch_clear(AjPatch *p)
{
    g_free((void *)p->needs);
    g_free((void *)p->makes);
    *p = (AjPatch){0};
}

/* NULL: not a frame of that many bytes upon this base. */
static char *decompress(const AjPatch *p, const GString *base)
{
    char *plain = g_try_malloc(p->plain + 1);
    ZSTD_DCtx *d = ZSTD_createDCtx();
    bool good = plain && d &&
                ZSTD_findFrameCompressedSize(p->frame, p->frame_len) == p->frame_len &&
                !ZSTD_isError(ZSTD_DCtx_refPrefix(d, base->str, base->len)) &&
                ZSTD_decompressDCtx(d, plain, p->plain, p->frame, p->frame_len) == p->plain;
    ZSTD_freeDCtx(d);
    if (good)
        return plain;
    g_free(plain);
    return NULL;
}

bool aj_patch_apply(const AjPatch *p, const AjPatchFold *fold, const AjPatchFile *needs,
                    const AjPatchFile *makes, AjPatchSink sink, void *data, GError **error)
{
    g_autoptr(GString) base = g_string_new(NULL);
    g_autofree char *ours = fold_line(fold);
    if (p->folded && (!fold || !g_str_has_prefix(p->fold, ours)))
        return refuse_version(error);
    print(p->folded ? fold : NULL, needs, p->need_count, p->moves, p->moves_len, base);
    g_autofree char *plain = base->len <= AJ_PATCH_BYTES_MAX ? decompress(p, base) : NULL;
    if (!plain)
        return refuse(error, AJ_TR("补丁坏了，或不是给这一版的；请用完整的包",
                                   "the patch is damaged, or not for this version: use the whole "
                                   "bundle"));
    if (p->folded)
        return fold->read(plain, p->plain, sink, data);
    size_t at = 0;
    for (uint32_t i = 0; i < p->make_count; at += makes[i++].len)
        if (makes[i].len > p->plain - at)
            return refuse(error,
                          AJ_TR("补丁的大小和清单不符", "the patch's size is not the manifest's"));
        else if (!sink(makes[i].name, plain + at, makes[i].len, data))
            return false;
    return at == p->plain ||
           refuse(error, AJ_TR("补丁的大小和清单不符", "the patch's size is not the manifest's"));
}
