/* zst - bytes to one zstd frame, with a window as wide as all of them need.
 *
 * libarchive 3.6 leaves the window at level 9's 4 MiB, and the editions of a site lie further
 * apart: what they share would be stored once for each. Must not know: what the bytes are. */
#include "bundle/zst.h"

#include "base/fs.h"

#include <errno.h>
#include <unistd.h>
#include <zstd.h>

enum {
    LEVEL = 9,
    WINDOW = 22,     /* of that level, as a power of two */
    WINDOW_MAX = 27, /* 128 MiB: more, and zstd and libarchive would have to be asked to read it */
    BUFFER = 256 << 10
};

struct AjZst {
    ZSTD_CCtx *context;
    int fd;
    const char *reason;
    char *buffer;
};

AjZst *aj_zst_new(int fd, uint64_t total)
{
    AjZst *z = g_new0(AjZst, 1);
    int window = WINDOW;
    while (window < WINDOW_MAX && (uint64_t)1 << window < total)
        window++;
    z->context = ZSTD_createCCtx();
    g_assert(z->context);
    z->fd = fd;
    z->reason = "";
    z->buffer = g_malloc(BUFFER);
    ZSTD_CCtx_setParameter(z->context, ZSTD_c_compressionLevel, LEVEL);
    if (window > WINDOW) {
        ZSTD_CCtx_setParameter(z->context, ZSTD_c_windowLog, window);
        ZSTD_CCtx_setParameter(z->context, ZSTD_c_enableLongDistanceMatching, 1);
    }
    return z;
}

static bool write_out(AjZst *z, size_t len)
{
    for (size_t at = 0; at < len;) {
        ssize_t put = write(z->fd, z->buffer + at, len - at);
        if (put < 0 && errno == EINTR)
            continue;
        if (put <= 0) {
            z->reason = aj_fs_reason(errno);
            return false;
        }
        at += (size_t)put;
    }
    return true;
}

static bool push(AjZst *z, const void *bytes, size_t len, ZSTD_EndDirective how)
{
    ZSTD_inBuffer in = {bytes, len, 0};
    size_t rest;
    do {
        ZSTD_outBuffer out = {z->buffer, BUFFER, 0};
        rest = ZSTD_compressStream2(z->context, &out, &in, how);
        if (ZSTD_isError(rest))
            z->reason = ZSTD_getErrorName(rest);
        if (ZSTD_isError(rest) || !write_out(z, out.pos))
            return false;
    } while (how == ZSTD_e_end ? rest > 0 : in.pos < in.size);
    return true;
}

bool aj_zst_add(AjZst *z, const void *bytes, size_t len)
{
    return push(z, bytes, len, ZSTD_e_continue);
}

bool aj_zst_end(AjZst *z)
{
    return push(z, NULL, 0, ZSTD_e_end);
}

const char *aj_zst_reason(const AjZst *z)
{
    return z->reason;
}

void aj_zst_free(AjZst *z)
{
    ZSTD_freeCCtx(z->context);
    g_free(z->buffer);
    g_free(z);
}
