/* pool - fork-join over an index range, with limits and restart.
 *
 * Shared memory holds a counter from which workers draw chunks, one seat a worker, and one slot an
 * item. A slot is filled only once its bytes are in the pack file: what a dying worker had in its
 * buffer is simply missing, and the next worker on that seat runs it again. The item it died of
 * is marked first, so every death brings the end nearer. The parent hears of an end by the closing
 * of a pipe, on which the worker may have said why.
 * Must not know: pages. */
#include "base/pool.h"

#include "base/fs.h"
#include "base/lang.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    MAX_JOBS = 256,
    MAX_CHUNK = 32,
    FLUSH_BYTES = 256 * 1024,
    TICK_MS = 100,
    STUCK_TICKS = 600, /* beyond the limit in CPU time: a minute of standing still */
    LOOSE_DEATHS = 3,  /* outside any item, in a row, before we give up */
    EXIT_WORLD = 119,  /* the reason is on the pipe */
    EXIT_MEMORY = 120,
    NO_ITEM = 0xffffffff
};

typedef struct {
    _Alignas(64) _Atomic uint32_t begin, end; /* the chunk in hand */
    _Atomic uint32_t running;                 /* NO_ITEM between items */
    _Atomic uint32_t started;                 /* items so far: shows the parent that it moves */
    _Atomic uint64_t pack_len;
    _Atomic uint64_t peak;
} Seat;
typedef struct {
    _Atomic uint32_t next;
    _Atomic uint32_t done;
    _Atomic bool stop;
    _Atomic uint64_t parent_peak;
    Seat seats[MAX_JOBS];
} Shared;
typedef struct {
    pid_t pid; /* 0: nobody sits here */
    int pipe;
    int pack;
    bool killed;
    unsigned loose;
    uint32_t started, ticks;
} Worker;

struct AjPoolResult {
    Shared *shared;
    AjPoolSlot *slots;
    size_t slots_size;
    uint32_t count, packs;
    int fds[MAX_JOBS];
    char *maps[MAX_JOBS]; /* NULL until the first look */
};

typedef struct {
    const AjPoolJob *job;
    AjPoolResult *r;
    uint32_t count, chunk;
    unsigned jobs;
    int rollup, status; /* of the parent: a worker's end looks at both sides of what they share */
    Worker workers[MAX_JOBS];
} Run;

unsigned aj_pool_cores(void)
{
    return g_get_num_processors(); /* those we may run on */
}

static bool fail(GError **error, const char *doing, int errnum)
{
    g_set_error(error, AJ_FS_ERROR, AJ_FS_ERROR_IO, AJ_TR("%s：%s", "%s: %s"), doing,
                aj_fs_reason(errnum));
    return false;
}

/* ---- in the worker ---- */

typedef struct {
    const Run *run;
    unsigned number;
    Seat *seat;
    int pipe, pack, rollup, status;
    GString *buffer;
    GArray *waiting; /* Waiting */
} Self;
typedef struct {
    uint32_t index;
    uint64_t offset, len;
} Waiting;

static void G_GNUC_NORETURN say_and_leave(int pipe, const char *why)
{
    size_t len = strlen(why);
    while (len) {
        ssize_t n = write(pipe, why, len);
        if (n <= 0 && errno != EINTR)
            break;
        if (n > 0) {
            why += n;
            len -= (size_t)n;
        }
    }
    _exit(EXIT_WORLD);
}

static void timer_set(double seconds)
{
    struct itimerval t = {
        .it_value = {(time_t)seconds, (suseconds_t)((seconds - (double)(time_t)seconds) * 1e6)}};
    if (seconds > 0 && t.it_value.tv_sec == 0 && t.it_value.tv_usec == 0)
        t.it_value.tv_usec = 1;
    setitimer(ITIMER_PROF, &t, NULL); /* its signal ends the process */
}

static void flush(Self *self)
{
    Shared *shared = self->run->r->shared;
    const char *p = self->buffer->str;
    uint64_t base = self->seat->pack_len, at = base;
    size_t left = self->buffer->len;
    while (left) {
        ssize_t n = pwrite(self->pack, p, left, (off_t)at);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            say_and_leave(self->pipe, aj_fs_reason(n < 0 ? errno : ENOSPC));
        p += n;
        at += (uint64_t)n;
        left -= (size_t)n;
    }
    self->seat->pack_len = at;
    for (guint i = 0; i < self->waiting->len; i++) {
        const Waiting *w = &g_array_index(self->waiting, Waiting, i);
        AjPoolSlot *slot = &self->run->r->slots[w->index];
        *slot = (AjPoolSlot){AJ_POOL_DONE, self->number, base + w->offset, w->len};
    }
    atomic_fetch_add(&shared->done, self->waiting->len);
    g_array_set_size(self->waiting, 0);
    g_string_truncate(self->buffer, 0);
}

static void run_item(Self *self, uint32_t index)
{
    const AjPoolJob *job = self->run->job;
    Shared *shared = self->run->r->shared;
    size_t from = self->buffer->len;
    self->seat->running = index;
    self->seat->started++;
    if (job->cpu_seconds > 0)
        timer_set(job->cpu_seconds);
    bool good = job->work(index, self->buffer, job->data);
    self->seat->running = NO_ITEM;
    if (good) {
        Waiting w = {index, from, self->buffer->len - from};
        g_array_append_val(self->waiting, w);
    } else {
        g_string_truncate(self->buffer, from);
        self->run->r->slots[index].status = AJ_POOL_CRASHED;
        atomic_fetch_add(&shared->done, 1);
    }
}

static bool next_chunk(Self *self)
{
    Shared *shared = self->run->r->shared;
    uint32_t count = self->run->count, from = shared->next;
    do {
        if (from >= count)
            return false;
    } while (!atomic_compare_exchange_weak(&shared->next, &from,
                                           from + MIN(self->run->chunk, count - from)));
    self->seat->begin = from;
    self->seat->end = from + MIN(self->run->chunk, count - from);
    return true;
}

static uint64_t number_after(const char *text, const char *key)
{
    const char *p = strstr(text, key);
    return p ? g_ascii_strtoull(p + strlen(key), NULL, 10) * 1024 : 0;
}

static void read_text(int fd, char *text, size_t size)
{
    ssize_t n = fd < 0 ? 0 : pread(fd, text, size - 1, 0);
    text[n > 0 ? n : 0] = '\0';
}

/* The proportional set now, and what the resident one has been above its present size. */
static uint64_t peak_bytes(int rollup, int status)
{
    char text[4096];
    read_text(rollup, text, sizeof text);
    uint64_t pss = number_after(text, "\nPss:");
    read_text(status, text, sizeof text);
    uint64_t top = number_after(text, "\nVmHWM:"), now = number_after(text, "\nVmRSS:");
    return pss ? pss + (top > now ? top - now : 0) : top;
}

static void on_glib_error(const char *domain, GLogLevelFlags level, const char *message, void *data)
{
    if (strstr(message, "failed to allocate"))
        _exit(EXIT_MEMORY);
    g_log_default_handler(domain, level, message, data);
}

static void limit_memory(uint64_t bytes)
{
    struct rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    char text[64];
    int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
    read_text(fd, text, sizeof text);
    if (fd >= 0)
        close(fd);
    uint64_t now = g_ascii_strtoull(text, NULL, 10) * (uint64_t)sysconf(_SC_PAGESIZE);
    struct rlimit as;
    if (!bytes || !now || getrlimit(RLIMIT_AS, &as) != 0 || as.rlim_cur <= now + bytes)
        return;
    as.rlim_cur = now + bytes;
    if (as.rlim_max > as.rlim_cur)
        as.rlim_max = as.rlim_cur;
    setrlimit(RLIMIT_AS, &as);
}

static void G_GNUC_NORETURN worker_main(const Run *run, unsigned number, int pipe, pid_t parent)
{
    const AjPoolJob *job = run->job;
    Shared *shared = run->r->shared;
    sigset_t timer;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1); /* it ended before we could ask to be told */
    sigemptyset(&timer);
    sigaddset(&timer, SIGPROF);
    signal(SIGPROF, SIG_DFL);
    sigprocmask(SIG_UNBLOCK, &timer, NULL);
    signal(SIGPIPE, SIG_IGN);
    /* Opened now, since a sandbox may close /proc later. */
    Self self = {run,
                 number,
                 &shared->seats[number],
                 pipe,
                 run->workers[number].pack,
                 open("/proc/self/smaps_rollup", O_RDONLY | O_CLOEXEC),
                 open("/proc/self/status", O_RDONLY | O_CLOEXEC),
                 g_string_sized_new(FLUSH_BYTES + 64 * 1024),
                 g_array_new(FALSE, FALSE, sizeof(Waiting))};
    g_log_set_handler("GLib", G_LOG_LEVEL_ERROR | G_LOG_FLAG_FATAL | G_LOG_FLAG_RECURSION,
                      on_glib_error, NULL);
    limit_memory(job->memory_bytes);

    GError *error = NULL;
    if (job->begin && !job->begin(job->data, &error))
        say_and_leave(pipe, error ? error->message : "begin");
    do {
        for (uint32_t i = self.seat->begin; i < self.seat->end && !shared->stop; i++) {
            if (run->r->slots[i].status != AJ_POOL_MISSING)
                continue; /* done, or deadly, before the last worker on this seat ended */
            run_item(&self, i);
            if (self.buffer->len >= FLUSH_BYTES) {
                timer_set(0);
                flush(&self);
            }
        }
        timer_set(0);
        flush(&self);
    } while (!shared->stop && next_chunk(&self));
    uint64_t peak = peak_bytes(self.rollup, self.status);
    if (peak > self.seat->peak)
        self.seat->peak = peak;
    uint64_t above = peak_bytes(run->rollup, run->status);
    if (above > shared->parent_peak)
        shared->parent_peak = above;
    _exit(0);
}

/* ---- in the parent ---- */

static bool worker_start(Run *run, unsigned number, GError **error)
{
    Worker *w = &run->workers[number];
    const char *doing = AJ_TR("启动工作进程", "starting a worker");
    pid_t parent = getpid();
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0)
        return fail(error, doing, errno);
    run->r->shared->seats[number].running = NO_ITEM;
    pid_t pid = fork();
    if (pid < 0) {
        int why = errno;
        close(ends[0]);
        close(ends[1]);
        return fail(error, doing, why);
    }
    if (pid == 0)
        worker_main(run, number, ends[1], parent);
    close(ends[1]); /* so that its end closes the pipe, and no later worker holds it open */
    w->pid = pid;
    w->pipe = ends[0];
    w->killed = false;
    w->ticks = 0;
    return true;
}

/* After its pipe closed. false when the world failed. */
static bool worker_ended(Run *run, unsigned number, GError **error)
{
    Worker *w = &run->workers[number];
    Shared *shared = run->r->shared;
    Seat *seat = &shared->seats[number];
    char said[1024];
    int status = 0;
    ssize_t n = read(w->pipe, said, sizeof said - 1);
    said[n > 0 ? n : 0] = '\0';
    close(w->pipe);
    while (waitpid(w->pid, &status, 0) < 0 && errno == EINTR)
        ;
    w->pid = 0;
    bool exited = WIFEXITED(status);
    if (exited && WEXITSTATUS(status) == EXIT_WORLD) {
        const char *valid_to;
        g_utf8_validate(said, -1, &valid_to);
        said[valid_to - said] = '\0';
        g_set_error(error, AJ_FS_ERROR, AJ_FS_ERROR_IO, AJ_TR("工作进程：%s", "worker: %s"), said);
        return false;
    }
    if (exited && WEXITSTATUS(status) == 0 && seat->running == NO_ITEM)
        return true;
    uint32_t index = seat->running;
    if (index != NO_ITEM) {
        AjPoolSlot *slot = &run->r->slots[index];
        if (w->killed || (WIFSIGNALED(status) && WTERMSIG(status) == SIGPROF))
            slot->status = AJ_POOL_TIMEOUT;
        else if (exited && WEXITSTATUS(status) == EXIT_MEMORY)
            slot->status = AJ_POOL_MEMORY;
        else
            slot->status = AJ_POOL_CRASHED;
        atomic_fetch_add(&shared->done, 1);
        w->loose = 0;
    } else if (++w->loose >= LOOSE_DEATHS) {
        g_set_error(error, AJ_FS_ERROR, AJ_FS_ERROR_IO,
                    AJ_TR("工作进程反复退出（状态 %d）", "workers keep dying (status %d)"), status);
        return false;
    }
    return worker_start(run, number, error);
}

/* Stands still for long with the same item in hand: not computing, or its timer would have ended
 * it. Counted in our own ticks, so that a build that was suspended is not blamed. */
static void watch(Run *run)
{
    for (unsigned i = 0; run->job->cpu_seconds > 0 && i < run->jobs; i++) {
        Worker *w = &run->workers[i];
        const Seat *seat = &run->r->shared->seats[i];
        if (!w->pid)
            continue;
        if (seat->running == NO_ITEM || seat->started != w->started) {
            w->started = seat->started;
            w->ticks = 0;
        } else if (++w->ticks > STUCK_TICKS + run->job->cpu_seconds * 10000 / TICK_MS) {
            w->killed = true;
            kill(w->pid, SIGKILL);
        }
    }
}

static bool wait_for_workers(Run *run, GError **error)
{
    const AjPoolJob *job = run->job;
    for (;;) {
        struct pollfd polls[MAX_JOBS];
        unsigned numbers[MAX_JOBS], open_count = 0;
        for (unsigned i = 0; i < run->jobs; i++) {
            if (!run->workers[i].pid)
                continue;
            numbers[open_count] = i;
            polls[open_count++] = (struct pollfd){.fd = run->workers[i].pipe, .events = POLLIN};
        }
        if (!open_count) {
            if (job->progress)
                job->progress(run->r->shared->done, run->count, job->data);
            return true;
        }
        int n = poll(polls, open_count, TICK_MS);
        if (n == 0)
            watch(run);
        if (job->progress)
            job->progress(run->r->shared->done, run->count, job->data);
        for (unsigned i = 0; n > 0 && i < open_count; i++)
            if (polls[i].revents && !worker_ended(run, numbers[i], error))
                return false;
    }
}

static int pack_open(const char *prefix, unsigned number)
{
    if (prefix) {
        g_autofree char *path = g_strdup_printf("%s%u", prefix, number);
        return open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
    }
    int fd = open(g_get_tmp_dir(), O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
    if (fd >= 0)
        return fd;
    g_autofree char *path = g_build_filename(g_get_tmp_dir(), "anjian-XXXXXX", NULL);
    fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0)
        return memfd_create("anjian", MFD_CLOEXEC); /* where no such folder can be written to */
    unlink(path);
    return fd;
}

static void *shared_new(size_t size)
{
    void *p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return p == MAP_FAILED ? NULL : p;
}

static AjPoolResult *result_new(uint32_t count, GError **error)
{
    AjPoolResult *r = g_new0(AjPoolResult, 1);
    r->count = count;
    r->slots_size = MAX(count, 1) * sizeof *r->slots;
    r->shared = shared_new(sizeof *r->shared);
    r->slots = r->shared ? shared_new(r->slots_size) : NULL;
    if (!r->slots) {
        fail(error, AJ_TR("准备共享内存", "preparing shared memory"), errno);
        aj_pool_result_free(r);
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++)
        r->slots[i].status = AJ_POOL_MISSING;
    return r;
}

bool aj_pool_run(const AjPoolJob *job, uint32_t count, AjPoolResult **result_out, GError **error)
{
    AjPoolResult *r = result_new(count, error);
    if (!r)
        return false;
    unsigned wanted = MIN(MIN(job->jobs ? job->jobs : aj_pool_cores(), (unsigned)MAX_JOBS), count);
    Run *run = g_new0(Run, 1);
    *run = (Run){.job = job,
                 .r = r,
                 .count = count,
                 .rollup = open("/proc/self/smaps_rollup", O_RDONLY | O_CLOEXEC),
                 .status = open("/proc/self/status", O_RDONLY | O_CLOEXEC)};
    run->chunk = CLAMP(count / (MAX(wanted, 1) * 32), 1, MAX_CHUNK);
    bool good = true;
    for (unsigned i = 0; good && i < wanted; i++) {
        r->fds[i] = run->workers[i].pack = pack_open(job->pack_prefix, i);
        if (r->fds[i] < 0) {
            good = fail(error, AJ_TR("创建结果文件", "making a pack file"), errno);
            break;
        }
        r->packs = i + 1;
        g_autoptr(GError) why = NULL;
        if (worker_start(run, i, &why))
            run->jobs = i + 1;
        else if (i == 0)
            good = (g_propagate_error(error, g_steal_pointer(&why)), false);
        else
            break; /* fewer will do */
    }
    if (good && job->beside)
        job->beside(job->data);
    good = good && wait_for_workers(run, error);
    if (!good)
        r->shared->stop = true;
    for (unsigned i = 0; i < run->jobs; i++) {
        if (!run->workers[i].pid)
            continue;
        kill(run->workers[i].pid, SIGKILL);
        close(run->workers[i].pipe);
        while (waitpid(run->workers[i].pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    if (run->rollup >= 0)
        close(run->rollup);
    if (run->status >= 0)
        close(run->status);
    g_free(run);
    if (good)
        *result_out = r;
    else
        aj_pool_result_free(r);
    return good;
}

const AjPoolSlot *aj_pool_slot(const AjPoolResult *r, uint32_t index)
{
    g_assert(index < r->count);
    return &r->slots[index];
}

const char *aj_pool_bytes(const AjPoolResult *r, uint32_t index, size_t *len_out)
{
    const AjPoolSlot *slot = aj_pool_slot(r, index);
    *len_out = 0;
    if (slot->status != AJ_POOL_DONE || !slot->len)
        return "";
    char **map = &((AjPoolResult *)r)->maps[slot->pack];
    if (!*map) {
        size_t size = r->shared->seats[slot->pack].pack_len;
        void *p = mmap(NULL, size, PROT_READ, MAP_SHARED, r->fds[slot->pack], 0);
        g_assert(p != MAP_FAILED);
        *map = p;
    }
    *len_out = slot->len;
    return *map + slot->offset;
}

uint32_t aj_pool_packs(const AjPoolResult *r)
{
    return r->packs;
}

uint64_t aj_pool_peak_bytes(const AjPoolResult *r)
{
    uint64_t sum = r->shared->parent_peak;
    for (uint32_t i = 0; i < r->packs; i++)
        sum += r->shared->seats[i].peak;
    return sum;
}

void aj_pool_result_free(AjPoolResult *r)
{
    if (!r)
        return;
    for (uint32_t i = 0; i < r->packs; i++) {
        if (r->maps[i])
            munmap(r->maps[i], r->shared->seats[i].pack_len);
        close(r->fds[i]);
    }
    if (r->slots)
        munmap(r->slots, r->slots_size);
    if (r->shared)
        munmap(r->shared, sizeof *r->shared);
    g_free(r);
}
