/* gather - many pieces of memory to one file, in few calls.
 *
 * See gather.h. Must not know: what the bytes are. */
#include "bundle/gather.h"

#include "base/fs.h"

#include <errno.h>
#include <string.h>
#include <sys/uio.h>

enum { PIECES = 512, ROOM = 256 << 10, SMALL = 512 /* bytes below which a copy is cheaper */ };

struct AjGather {
    int fd;
    uint64_t len;
    int pieces;
    size_t copied; /* of room */
    struct iovec piece[PIECES];
    char room[ROOM];
};

AjGather *aj_gather_new(int fd)
{
    AjGather *g = g_malloc(sizeof *g);
    g->fd = fd;
    g->len = 0;
    g->pieces = 0;
    g->copied = 0;
    return g;
}

bool aj_gather_flush(AjGather *g)
{
    struct iovec *next = g->piece;
    int left = g->pieces;
    g->pieces = 0;
    g->copied = 0;
    while (left > 0) {
        ssize_t done = writev(g->fd, next, left);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0) {
            errno = done < 0 ? errno : EIO;
            return false;
        }
        for (; left > 0 && (size_t)done >= next->iov_len; next++, left--)
            done -= (ssize_t)next->iov_len;
        if (left > 0 && done > 0 &&
            !aj_fs_put(g->fd, (char *)next->iov_base + done, next->iov_len - (size_t)done))
            return false;
        if (left > 0 && done > 0)
            next++, left--;
    }
    return true;
}

static bool add(AjGather *g, const void *bytes, size_t len)
{
    if (g->pieces == PIECES && !aj_gather_flush(g))
        return false;
    struct iovec *last = g->pieces ? &g->piece[g->pieces - 1] : NULL;
    if (last && (const char *)last->iov_base + last->iov_len == bytes)
        last->iov_len += len;
    else
        g->piece[g->pieces++] = (struct iovec){(void *)bytes, len};
    return true;
}

bool aj_gather_copy(AjGather *g, const void *bytes, size_t len)
{
    g->len += len;
    for (const char *from = bytes; len > 0;) {
        if ((g->copied == ROOM || g->pieces == PIECES) && !aj_gather_flush(g))
            return false;
        size_t part = MIN(len, ROOM - g->copied);
        char *to = g->room + g->copied;
        memcpy(to, from, part);
        g->copied += part;
        from += part;
        len -= part;
        if (!add(g, to, part))
            return false;
    }
    return true;
}

bool aj_gather_lend(AjGather *g, const void *bytes, size_t len)
{
    if (len < SMALL)
        return aj_gather_copy(g, bytes, len);
    g->len += len;
    return add(g, bytes, len);
}

uint64_t aj_gather_len(const AjGather *g)
{
    return g->len;
}

void aj_gather_free(AjGather *g)
{
    g_free(g);
}
