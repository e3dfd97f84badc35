/* child - one program, run to its end: bytes in, bytes out.
 *
 * Both pipes are served as they are ready, so that neither side waits for the other.
 * Must not know: why it is run. */
#include "base/child.h"

#include <errno.h>
#include <glib-unix.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

static void shut(int *fd)
{
    close(*fd);
    *fd = -1;
}

static void feed(int *fd, const char **input, size_t *len)
{
    ssize_t n = *len ? write(*fd, *input, *len) : 0;
    if (n < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (n > 0) {
        *input += n;
        *len -= (size_t)n;
    }
    if (n < 0 || !*len) /* it has all, or wants no more */
        shut(fd);
}

static void drain(int *fd, GString *out)
{
    char bytes[16384];
    ssize_t n = read(*fd, bytes, sizeof bytes);
    if (n > 0)
        g_string_append_len(out, bytes, n);
    else if (n == 0 || (errno != EAGAIN && errno != EINTR))
        shut(fd);
}

bool aj_child_run(const char *const *argv, const char *input, size_t len, GString *out,
                  int *code_out, GError **error)
{
    GPid pid;
    int to = -1, from = -1, status = 0;
    if (!g_spawn_async_with_pipes(NULL, (char **)argv, NULL,
                                  G_SPAWN_SEARCH_PATH | G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid,
                                  &to, &from, NULL, error))
        return false;
    g_unix_set_fd_nonblocking(to, TRUE, NULL);
    while (to >= 0 || from >= 0) {
        struct pollfd ends[] = {{.fd = to, .events = POLLOUT}, {.fd = from, .events = POLLIN}};
        if (poll(ends, 2, -1) < 0)
            continue; /* a signal */
        if (ends[0].revents)
            feed(&to, &input, &len);
        if (ends[1].revents)
            drain(&from, out);
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    *code_out = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    return true;
}
