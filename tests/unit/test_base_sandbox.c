/* test_base_sandbox - a child goes in and tries what it must no longer be able to do.
 *
 * Where the kernel has neither guard there is nothing to test, and the test says so.
 * Must not know: why anybody wants it. */
#include "base/sandbox.h"

#include "base/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
    char *root, *in, *out, *inside, *outside, *written;
} Place;

static void place_make(Place *p)
{
    p->root = g_dir_make_tmp("anjian-box-XXXXXX", NULL);
    p->in = g_build_filename(p->root, "in", NULL);
    p->out = g_build_filename(p->root, "out", NULL);
    p->inside = g_build_filename(p->in, "file", NULL);
    p->outside = g_build_filename(p->root, "file", NULL);
    p->written = g_build_filename(p->out, "file", NULL);
    g_assert_true(aj_fs_mkdirs(p->in, NULL) && aj_fs_mkdirs(p->out, NULL));
    g_assert_true(aj_fs_write(p->inside, "x", 1, NULL) && aj_fs_write(p->outside, "x", 1, NULL));
}

static void place_remove(Place *p)
{
    g_assert_true(aj_fs_remove_tree(p->root, NULL));
    g_free(p->root);
    g_free(p->in);
    g_free(p->out);
    g_free(p->inside);
    g_free(p->outside);
    g_free(p->written);
}

static bool opens(const char *path, int flags)
{
    int fd = open(path, flags | O_CLOEXEC, 0644);
    if (fd >= 0)
        close(fd);
    return fd >= 0;
}

/* In the child: the number of the first thing that is not as it should be. */
static int try_all(const Place *p, const GString *status, bool writes)
{
    bool files = strstr(status->str, "landlock"), calls = strstr(status->str, "seccomp");
    if (!opens(p->inside, O_RDONLY))
        return 1;
    if (files && (opens(p->outside, O_RDONLY) || opens("/etc/passwd", O_RDONLY)))
        return 2;
    if (files && opens(p->inside, O_WRONLY))
        return 3;
    if (files && opens(p->written, O_WRONLY | O_CREAT) != writes)
        return 4;
    if (files && writes && !aj_fs_write(p->written, "y", 1, NULL))
        return 5;
    if (calls && (socket(AF_INET, SOCK_STREAM, 0) >= 0 || errno != EPERM))
        return 6;
    if (calls && fork() != -1)
        return 7;
    if (calls && (kill(getppid(), 0) == 0 || kill(getpid(), 0) != 0))
        return 8;
    if (calls && !writes && (chmod(p->inside, 0777) == 0 || truncate(p->inside, 0) == 0))
        return 9;
    char *none[] = {NULL};
    if (calls && !getenv("RUNNING_ON_VALGRIND") &&
        (execve("/bin/true", none, none) == 0 || errno != EPERM))
        return 10;
    g_autofree char *more = g_malloc0(10 << 20); /* memory still comes */
    return more[5 << 20];
}

static void enter_and_try(bool writes)
{
    Place p;
    place_make(&p);
    pid_t pid = fork();
    g_assert_cmpint(pid, >=, 0);
    if (pid == 0) {
        const char *read_below[] = {p.in, "/nowhere/at/all", NULL};
        const char *write_below[] = {p.out, NULL};
        g_autoptr(GString) status = g_string_new(NULL);
        aj_sandbox_enter(&(AjSandbox){read_below, writes ? write_below : NULL}, status);
        _exit(try_all(&p, status, writes));
    }
    int status = 0;
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    g_assert_true(WIFEXITED(status));
    g_assert_cmpint(WEXITSTATUS(status), ==, 0);
    place_remove(&p);
}

static void test_read(void)
{
    enter_and_try(false);
}

static void test_write(void)
{
    enter_and_try(true);
}

static void test_abort(void)
{
    pid_t pid = fork();
    if (pid == 0) {
        g_autoptr(GString) status = g_string_new(NULL);
        aj_sandbox_enter(&(AjSandbox){NULL, NULL}, status);
        raise(SIGTERM);
        _exit(0);
    }
    int status = 0;
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    g_assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
}

static void test_probe(void)
{
    g_autoptr(GString) status = g_string_new(NULL);
    aj_sandbox_probe(status);
    g_assert_cmpuint(status->len, >, 0);
    g_test_message("%s", status->str);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/sandbox/read", test_read);
    g_test_add_func("/base/sandbox/write", test_write);
    g_test_add_func("/base/sandbox/abort", test_abort);
    g_test_add_func("/base/sandbox/probe", test_probe);
    return g_test_run();
}
