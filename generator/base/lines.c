/* lines - a file line by line, in the memory of one line.
 *
 * Must not know: what the lines mean. */
#include "base/lines.h"

#include "base/fs.h"
#include "base/lang.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PIECE = 1 << 16 };

struct AjLines {
    char *path;
    int fd;
    size_t limit;
    GString *line;
    uint32_t number;
    size_t at, have;
    bool end;
    char piece[PIECE];
};

static void fail(const char *path, int why, GError **error)
{
    g_set_error(error, AJ_FS_ERROR, why == ENOENT ? AJ_FS_ERROR_NOT_FOUND : AJ_FS_ERROR_IO,
                AJ_TR("读取 %s：%s", "reading %s: %s"), path, aj_fs_reason(why));
}

AjLines *aj_lines_open(const char *path, size_t limit, GError **error)
{
    struct stat st;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    bool good = fd >= 0 && fstat(fd, &st) == 0;
    if (good && !S_ISREG(st.st_mode)) {
        good = false;
        errno = S_ISDIR(st.st_mode) ? EISDIR : ENOTSUP;
    }
    if (!good) {
        fail(path, errno, error);
        if (fd >= 0)
            close(fd);
        return NULL;
    }
    AjLines *l = g_new0(AjLines, 1);
    l->path = g_strdup(path);
    l->fd = fd;
    l->limit = limit;
    l->line = g_string_new(NULL);
    return l;
}

static bool fill(AjLines *l, GError **error)
{
    ssize_t n;
    do
        n = read(l->fd, l->piece, sizeof l->piece);
    while (n < 0 && errno == EINTR);
    if (n < 0) {
        fail(l->path, errno, error);
        return false;
    }
    l->at = 0;
    l->have = (size_t)n;
    l->end = n == 0;
    return true;
}

static bool is_blank(const char *s, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (s[i] && s[i] != ' ' && s[i] != '\t' && s[i] != '\r')
            return false;
    return true;
}

bool aj_lines_next(AjLines *l, AjLine *out, GError **error)
{
    bool any = false, found = false;
    *out = (AjLine){.number = l->number + 1, .blank = true};
    g_string_truncate(l->line, 0);
    while (!found && !l->end) {
        if (l->at == l->have) {
            if (!fill(l, error))
                return false;
            continue;
        }
        const char *from = l->piece + l->at;
        const char *lf = memchr(from, '\n', l->have - l->at);
        size_t len = lf ? (size_t)(lf - from) : l->have - l->at;
        any = true;
        found = lf != NULL;
        l->at += len + found;
        out->blank = out->blank && is_blank(from, len);
        out->too_long |= l->line->len + len > l->limit;
        g_string_append_len(l->line, from, (gssize)MIN(len, l->limit - l->line->len));
    }
    if (!any)
        return false;
    out->cut = !found;
    if (!out->cut && !out->too_long && l->line->len && l->line->str[l->line->len - 1] == '\r')
        g_string_truncate(l->line, l->line->len - 1);
    if (l->number == 0 && g_str_has_prefix(l->line->str, "\xef\xbb\xbf")) {
        g_string_erase(l->line, 0, 3);
        out->blank = !out->too_long && is_blank(l->line->str, l->line->len);
    }
    out->text = l->line->str;
    out->len = l->line->len;
    l->number++;
    return true;
}

void aj_lines_close(AjLines *l)
{
    if (!l)
        return;
    close(l->fd);
    g_string_free(l->line, TRUE);
    g_free(l->path);
    g_free(l);
}
