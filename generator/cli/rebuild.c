/* rebuild - `anjian build` as a child, again whenever it is asked for.
 *
 * Never in our own process: a build forks, and leaves much behind.
 * Must not know: who asks, what is done with the site. */
#include "cli/rebuild.h"

#include "base/lang.h"
#include "cli/options.h"

#include <errno.h>
#include <glib-unix.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#define MAX_SAID (64u << 10) /* bytes that are kept */

struct AjRebuild {
    const char *program, *dir, *out;
    void (*ended)(const AjRebuilt *result, void *data);
    void *data;
    GPid child; /* 0: no build is running */
    guint child_watch;
    int child_err;      /* -1: nothing is read */
    guint child_source; /* of child_err */
    GString *said;      /* by the running build */
    bool again;         /* something changed while building */
    gint64 began;
};

static void build_start(AjRebuild *r);

/* What lies in the pipe; false at its end. */
static bool read_said(AjRebuild *r)
{
    char bytes[4096];
    ssize_t n;
    while ((n = read(r->child_err, bytes, sizeof bytes)) > 0) {
        fwrite(bytes, 1, (size_t)n, stderr);
        if (r->said->len <= MAX_SAID)
            g_string_append_len(r->said, bytes, n);
    }
    return n < 0 && (errno == EAGAIN || errno == EINTR);
}

static void close_said(AjRebuild *r)
{
    if (r->child_source)
        g_source_remove(r->child_source);
    r->child_source = 0;
    if (r->child_err >= 0)
        close(r->child_err);
    r->child_err = -1;
}

static void build_ended(GPid pid, gint status, gpointer user)
{
    AjRebuild *r = user;
    read_said(r);
    close_said(r);
    g_spawn_close_pid(pid);
    r->child = 0;
    r->child_watch = 0;
    g_string_truncate(r->said, MIN(r->said->len, MAX_SAID));
    AjRebuilt result = {.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
                        .said = r->said->str,
                        .seconds = (double)(g_get_monotonic_time() - r->began) / 1e6};
    r->ended(&result, r->data);
    if (r->again) {
        r->again = false;
        build_start(r);
    }
}

static gboolean build_said(gint fd, GIOCondition condition, gpointer user)
{
    (void)fd;
    (void)condition;
    AjRebuild *r = user;
    if (read_said(r))
        return G_SOURCE_CONTINUE;
    r->child_source = 0;
    return G_SOURCE_REMOVE;
}

static void child_setup(gpointer user)
{
    (void)user;
    setpgid(0, 0); /* Ctrl-C at the terminal is for us; we end the group */
    prctl(PR_SET_PDEATHSIG, SIGTERM);
}

static void build_start(AjRebuild *r)
{
    char *argv[] = {(char *)r->program, "build", "-q",           "-o",
                    (char *)r->out,     "--",    (char *)r->dir, NULL};
    g_autoptr(GError) error = NULL;
    int err = -1;
    r->began = g_get_monotonic_time();
    g_string_truncate(r->said, 0);
    if (!g_spawn_async_with_pipes(NULL, argv, NULL,
                                  G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL,
                                  child_setup, NULL, &r->child, NULL, NULL, &err, &error)) {
        r->child = 0;
        g_autofree char *message = g_strdup_printf(
            AJ_TR("无法启动生成：%s", "cannot start the build: %s"), error->message);
        aj_options_complain(message);
        return;
    }
    r->child_err = err;
    g_unix_set_fd_nonblocking(err, TRUE, NULL);
    r->child_source = g_unix_fd_add(err, G_IO_IN | G_IO_HUP, build_said, r);
    r->child_watch = g_child_watch_add(r->child, build_ended, r);
}

void aj_rebuild_ask(AjRebuild *r)
{
    if (r->child)
        r->again = true;
    else
        build_start(r);
}

static void build_stop(AjRebuild *r)
{
    if (!r->child)
        return;
    g_source_remove(r->child_watch);
    kill(-r->child, SIGTERM);
    /* A build stops at once when asked; one that hangs is killed. */
    for (int i = 0; i < 200 && waitpid(r->child, NULL, WNOHANG) == 0; i++) {
        if (i == 100)
            kill(-r->child, SIGKILL);
        g_usleep(20000);
    }
    close_said(r);
}

AjRebuild *aj_rebuild_new(const char *program, const char *dir, const char *out,
                          void (*ended)(const AjRebuilt *result, void *data), void *data)
{
    AjRebuild *r = g_new0(AjRebuild, 1);
    *r = (AjRebuild){program, dir, out, ended, data, .child_err = -1, .said = g_string_new(NULL)};
    return r;
}

void aj_rebuild_free(AjRebuild *r)
{
    build_stop(r);
    g_string_free(r->said, TRUE);
    g_free(r);
}
