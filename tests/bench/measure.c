/* measure - runs a command and says what it cost, its children and theirs included.
 *
 * measure [-m] REPORT COMMAND...: appends "WALL CPU RSS PSS STATUS" to REPORT: seconds, seconds,
 * kB of the largest process, kB of the largest sum over all processes (only with -m, which looks
 * every 10 ms and costs time of its own; else 0), and the exit status.
 * Must not know: what it runs. */
#include <ctype.h>
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int group_of(const char *pid)
{
    char path[64], line[512];
    int group = -1;
    snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
    FILE *f = fopen(path, "r");
    if (!f)
        return -1;
    /* The name stands in brackets and may hold anything. */
    char *close = fgets(line, sizeof line, f) ? strrchr(line, ')') : NULL;
    if (close && sscanf(close + 1, " %*c %*d %d", &group) != 1)
        group = -1;
    fclose(f);
    return group;
}

static long pss_of(const char *pid)
{
    char path[64], line[256];
    long kb = 0;
    snprintf(path, sizeof path, "/proc/%.20s/smaps_rollup", pid);
    FILE *f = fopen(path, "r");
    if (!f)
        return 0;
    while (fgets(line, sizeof line, f) && sscanf(line, "Pss: %ld", &kb) != 1)
        continue;
    fclose(f);
    return kb;
}

static long pss_of_group(pid_t group)
{
    DIR *proc = opendir("/proc");
    struct dirent *entry;
    long sum = 0;
    while (proc && (entry = readdir(proc)))
        if (isdigit((unsigned char)entry->d_name[0]) && group_of(entry->d_name) == group)
            sum += pss_of(entry->d_name);
    if (proc)
        closedir(proc);
    return sum;
}

int main(int argc, char **argv)
{
    int memory = argc > 1 && strcmp(argv[1], "-m") == 0, status = 0;
    struct rusage used;
    long peak = 0;
    argv += 1 + memory;
    if (argc < 3 + memory) {
        fputs("usage: measure [-m] REPORT COMMAND...\n", stderr);
        return 2;
    }
    double start = now();
    pid_t child = fork();
    if (child == 0) {
        setpgid(0, 0);
        execvp(argv[1], argv + 1);
        perror(argv[1]);
        _exit(127);
    }
    setpgid(child, child);
    while (memory && wait4(child, &status, WNOHANG, &used) == 0) {
        long sum = pss_of_group(child);
        peak = sum > peak ? sum : peak;
        nanosleep(&(struct timespec){0, 10 * 1000 * 1000}, NULL);
    }
    if (!memory && wait4(child, &status, 0, &used) < 0)
        return 1;
    double wall = now() - start;
    double cpu = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
                 (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    FILE *report = fopen(argv[0], "a");
    if (!report)
        return 1;
    fprintf(report, "%.4f %.4f %ld %ld %d\n", wall, cpu, used.ru_maxrss, peak, code);
    return fclose(report) == 0 ? code : 1;
}
