/* test_base_pool - the same result with any number of workers, whatever becomes of them.
 *
 * Must not know: pages. */
#include "base/pool.h"

#include "base/fs.h"
#include "base/sandbox.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__SANITIZE_ADDRESS__)
enum { SANITIZED = 1 };
#else
enum { SANITIZED = 0 };
#endif

/* Item i: i copies of a byte, so that every length and order shows. */
static bool work_plain(uint32_t index, GString *result, void *data)
{
    (void)data;
    for (uint32_t i = 0; i < index % 5000; i++)
        g_string_append_c(result, (char)('a' + index % 26));
    return true;
}

static void is_plain(const AjPoolResult *r, uint32_t i)
{
    g_autoptr(GString) expected = g_string_new(NULL);
    size_t len;
    work_plain(i, expected, NULL);
    const char *bytes = aj_pool_bytes(r, i, &len);
    g_assert_cmpint(aj_pool_slot(r, i)->status, ==, AJ_POOL_DONE);
    g_assert_cmpmem(bytes, len, expected->str, expected->len);
}

typedef struct {
    uint32_t last, total;
    int beside;
} Seen;

static void on_progress(uint32_t done, uint32_t total, void *data)
{
    Seen *seen = data;
    g_assert_cmpuint(done, >=, seen->last);
    seen->last = done;
    seen->total = total;
}

static void on_beside(void *data)
{
    ((Seen *)data)->beside++;
}

static void test_plain(void)
{
    static const uint32_t counts[] = {0, 1, 2, 31, 33, 3000};
    for (size_t c = 0; c < G_N_ELEMENTS(counts); c++) {
        for (unsigned jobs = 0; jobs < 4; jobs++) {
            Seen seen = {0};
            AjPoolJob job = {.jobs = jobs,
                             .work = work_plain,
                             .progress = on_progress,
                             .beside = on_beside,
                             .data = &seen};
            AjPoolResult *r = NULL;
            g_autoptr(GError) error = NULL;
            g_assert_true(aj_pool_run(&job, counts[c], &r, &error));
            g_assert_no_error(error);
            for (uint32_t i = 0; i < counts[c]; i++)
                is_plain(r, i);
            g_assert_cmpint(seen.beside, ==, 1);
            g_assert_cmpuint(seen.last, ==, counts[c]);
            g_assert_cmpuint(aj_pool_packs(r), <=, counts[c]);
            if (counts[c])
                g_assert_cmpuint(aj_pool_peak_bytes(r), >, 10000);
            aj_pool_result_free(r);
        }
    }
}

static bool work_deadly(uint32_t index, GString *result, void *data)
{
    if (index % 100 == 7) {
        signal(SIGSEGV, SIG_DFL); /* a sanitizer would take its time to tell the story */
        raise(SIGSEGV);
    }
    if (index % 100 == 8)
        abort();
    if (index % 100 == 50)
        _exit(0);
    if (index % 100 == 60) {
        g_string_append(result, "half");
        return false;
    }
    if (index == 99)
        for (volatile int run = 1; run;)
            ;
    return work_plain(index, result, data);
}

static void test_deadly(void)
{
    for (unsigned jobs = 1; jobs < 4; jobs++) {
        AjPoolJob job = {.jobs = jobs, .work = work_deadly, .cpu_seconds = 0.1};
        AjPoolResult *r = NULL;
        g_autoptr(GError) error = NULL;
        g_assert_true(aj_pool_run(&job, 500, &r, &error));
        g_assert_no_error(error);
        for (uint32_t i = 0; i < 500; i++) {
            uint32_t k = i % 100;
            size_t len = 1;
            if (i == 99)
                g_assert_cmpint(aj_pool_slot(r, i)->status, ==, AJ_POOL_TIMEOUT);
            else if (k != 7 && k != 8 && k != 50 && k != 60)
                is_plain(r, i);
            else
                g_assert_cmpint(aj_pool_slot(r, i)->status, ==, AJ_POOL_CRASHED);
            if (aj_pool_slot(r, i)->status != AJ_POOL_DONE) {
                aj_pool_bytes(r, i, &len);
                g_assert_cmpuint(len, ==, 0);
            }
        }
        aj_pool_result_free(r);
    }
}

static bool work_hungry(uint32_t index, GString *result, void *data)
{
    for (int i = 0; index == 3 && i < 1000; i++)
        memset(g_malloc(1 << 20), 1, 1 << 20);
    return work_plain(index, result, data);
}

static void test_memory(void)
{
    if (SANITIZED || getenv("RUNNING_ON_VALGRIND")) {
        g_test_skip("address space means something else here");
        return;
    }
    AjPoolJob job = {.jobs = 2, .work = work_hungry, .memory_bytes = 64 << 20};
    AjPoolResult *r = NULL;
    g_assert_true(aj_pool_run(&job, 40, &r, NULL));
    for (uint32_t i = 0; i < 40; i++) {
        if (i == 3)
            g_assert_cmpint(aj_pool_slot(r, i)->status, ==, AJ_POOL_MEMORY);
        else
            is_plain(r, i);
    }
    aj_pool_result_free(r);
}

static bool begin_boxed(void *data, GError **error)
{
    (void)data;
    (void)error;
    g_autoptr(GString) status = g_string_new(NULL);
    aj_sandbox_enter(&(AjSandbox){NULL, NULL}, status);
    return status->len > 0;
}

static bool work_boxed(uint32_t index, GString *result, void *data)
{
    if (index == 5)
        abort();
    for (volatile int run = index == 6; run;)
        ;
    return work_plain(index, result, data);
}

/* Limits, hand-off and the look at memory work behind closed doors too. */
static void test_boxed(void)
{
    AjPoolResult *r = NULL;
    g_autoptr(GError) error = NULL;
    AjPoolJob job = {.jobs = 2,
                     .cpu_seconds = 0.5,
                     .memory_bytes = (uint64_t)1 << 30,
                     .begin = begin_boxed,
                     .work = work_boxed};
    g_assert_true(aj_pool_run(&job, 100, &r, &error));
    g_assert_no_error(error);
    for (uint32_t i = 0; i < 100; i++)
        if (i != 5 && i != 6)
            is_plain(r, i);
    g_assert_cmpint(aj_pool_slot(r, 5)->status, ==, AJ_POOL_CRASHED);
    g_assert_cmpint(aj_pool_slot(r, 6)->status, ==, AJ_POOL_TIMEOUT);
    g_assert_cmpuint(aj_pool_peak_bytes(r), >, 100000);
    aj_pool_result_free(r);
}

static bool begin_fails(void *data, GError **error)
{
    (void)data;
    g_set_error(error, AJ_FS_ERROR, AJ_FS_ERROR_IO, "过滤器坏了");
    return false;
}

static bool begin_dies(void *data, GError **error)
{
    (void)data;
    (void)error;
    abort();
}

static void test_world(void)
{
    AjPoolResult *r = NULL;
    g_autoptr(GError) error = NULL;
    AjPoolJob job = {.jobs = 2, .work = work_plain, .begin = begin_fails};
    g_assert_false(aj_pool_run(&job, 10, &r, &error));
    g_assert_nonnull(strstr(error->message, "过滤器坏了"));
    g_clear_error(&error);
    job.begin = begin_dies;
    g_assert_false(aj_pool_run(&job, 10, &r, &error));
    g_assert_nonnull(error);
    g_clear_error(&error);
    job.begin = NULL;
    job.pack_prefix = "/nowhere/at/all/pack";
    g_assert_false(aj_pool_run(&job, 10, &r, &error));
    g_assert_nonnull(error);
    g_clear_error(&error);
    g_assert_null(r);
    g_autofree char *folder = g_dir_make_tmp("anjian-pool-XXXXXX", NULL);
    g_autofree char *prefix = g_build_filename(folder, "pack", NULL);
    job.pack_prefix = prefix;
    g_assert_true(aj_pool_run(&job, 10, &r, &error));
    g_assert_cmpuint(aj_pool_packs(r), ==, 2);
    is_plain(r, 9);
    aj_pool_result_free(r);
    g_assert_true(aj_fs_remove_tree(folder, NULL));
}

static bool work_endless(uint32_t index, GString *result, void *data)
{
    (void)index;
    (void)result;
    ssize_t n = write(*(int *)data, "!", 1);
    for (;;)
        if (n != 1)
            return false;
}

/* When the parent is killed the workers go with it: the pipe that they hold closes. */
static void test_orphans(void)
{
    int ends[2];
    char c;
    g_assert_cmpint(pipe(ends), ==, 0);
    pid_t pid = fork();
    if (pid == 0) {
        AjPoolJob job = {.jobs = 2, .work = work_endless, .data = &ends[1]};
        AjPoolResult *r = NULL;
        aj_pool_run(&job, 2, &r, NULL);
        _exit(0);
    }
    close(ends[1]);
    g_assert_cmpint(read(ends[0], &c, 1), ==, 1);
    g_assert_cmpint(read(ends[0], &c, 1), ==, 1);
    kill(pid, SIGKILL);
    g_assert_cmpint(waitpid(pid, NULL, 0), ==, pid);
    struct pollfd p = {.fd = ends[0], .events = POLLIN};
    g_assert_cmpint(poll(&p, 1, 20000), ==, 1);
    g_assert_cmpint(read(ends[0], &c, 1), ==, 0);
    close(ends[0]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/base/pool/plain", test_plain);
    g_test_add_func("/base/pool/deadly", test_deadly);
    g_test_add_func("/base/pool/memory", test_memory);
    g_test_add_func("/base/pool/boxed", test_boxed);
    g_test_add_func("/base/pool/world", test_world);
    g_test_add_func("/base/pool/orphans", test_orphans);
    return g_test_run();
}
