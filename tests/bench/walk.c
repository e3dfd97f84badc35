/* walk - the history walk alone, for the bench: all pages of a folder, with or without a state.
 *
 * walk FOLDER STATE <paths, one a line: reads STATE when it is there, writes it, prints what the
 * walk cost without the start of a process and of libgit2, the commits walked and the revisions
 * found. Must not know: anything but history/. */
#include "history/gitlog.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static double cpu_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
    static const uint8_t no_blob[20];
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) paths = g_array_new(FALSE, FALSE, sizeof(AjTracked));
    g_autoptr(GString) state = g_string_new(NULL);
    g_autofree char *prefix = NULL, *old = NULL;
    size_t old_len = 0, revisions = 0;
    char line[4096];
    uint32_t walked;
    if (argc != 3)
        return 2;
    AjArena *arena = aj_arena_new(1 << 16);
    while (fgets(line, sizeof line, stdin)) {
        AjTracked t = {aj_arena_strndup(arena, line, strcspn(line, "\n")), no_blob};
        g_array_append_val(paths, t);
    }
    g_file_get_contents(argv[2], &old, &old_len, NULL);
    g_autoptr(AjRepo) repo = aj_repo_open(argv[1], &prefix, &error);
    double start = cpu_now();
    AjHistory *h = repo ? aj_gitlog_walk(arena, repo, prefix, (AjTracked *)(void *)paths->data,
                                         paths->len, old, old_len, state, &walked, &error)
                        : NULL;
    double cpu = cpu_now() - start;
    if (!h ||
        (state->len && !g_file_set_contents(argv[2], state->str, (gssize)state->len, &error))) {
        fprintf(stderr, "walk: %s\n", error ? error->message : "no repository");
        return 1;
    }
    for (uint32_t i = 0; i < h->path_count; i++)
        revisions += h->paths[i].count;
    printf("%.4f s of CPU, %u commits walked, %zu revisions of %u pages\n", cpu, walked, revisions,
           h->path_count);
    aj_arena_free(arena);
    return 0;
}
