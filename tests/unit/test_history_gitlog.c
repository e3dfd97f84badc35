/* Histories are made by git itself (fast-import or commands) and compared with `git log`. */
#include "history/gitlog.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
    char *folder;
    AjArena *arena;
    AjRepo *repo;
    char *prefix;
    AjHistory *history;
    GString *state;
    uint32_t walked;
} Place;

/* ---- git as a program ---- */

static int day; /* the date that the next commit gets */

static char *git_in(const char *folder, const char *input, const char *const *words)
{
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    g_autoptr(GError) error = NULL;
    char *out = NULL;
    g_ptr_array_add(argv, (char *)"git");
    for (; *words; words++)
        g_ptr_array_add(argv, (char *)*words);
    g_ptr_array_add(argv, NULL);
    g_autoptr(GSubprocessLauncher) launcher =
        g_subprocess_launcher_new(G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDIN_PIPE |
                                  G_SUBPROCESS_FLAGS_STDERR_SILENCE);
    g_subprocess_launcher_set_cwd(launcher, folder);
    g_autofree char *date = g_strdup_printf("%d +0800", 1700000000 + day * 86400);
    g_subprocess_launcher_setenv(launcher, "GIT_AUTHOR_DATE", date, TRUE);
    g_subprocess_launcher_setenv(launcher, "GIT_COMMITTER_DATE", date, TRUE);
    g_autoptr(GSubprocess) git =
        g_subprocess_launcher_spawnv(launcher, (const char *const *)argv->pdata, &error);
    g_assert_no_error(error);
    g_autoptr(GBytes) in = g_bytes_new(input ? input : "", input ? strlen(input) : 0);
    g_autoptr(GBytes) result = NULL;
    g_assert_true(g_subprocess_communicate(git, in, NULL, &result, NULL, &error));
    g_assert_true(g_subprocess_get_successful(git));
    size_t len = 0;
    const char *bytes = g_bytes_get_data(result, &len);
    out = g_strndup(bytes ? bytes : "", len);
    return out;
}
#define GIT(folder, ...) g_free(git_in(folder, NULL, (const char *const[]){__VA_ARGS__, NULL}))
#define GIT_OUT(folder, ...) git_in(folder, NULL, (const char *const[]){__VA_ARGS__, NULL})

static void tree_remove(const char *folder)
{
    char *argv[] = {(char *)"rm", (char *)"-rf", (char *)folder, NULL};
    g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
}

static void put(const char *folder, const char *path, const char *text)
{
    g_autofree char *full = g_build_filename(folder, path, NULL);
    g_autofree char *parent = g_path_get_dirname(full);
    g_mkdir_with_parents(parent, 0755);
    g_assert_true(g_file_set_contents(full, text, -1, NULL));
}

/* Every commit a day later than the last. */
static void commit(const char *folder, const char *message)
{
    day++;
    GIT(folder, "add", "-A");
    GIT(folder, "commit", "-q", "--allow-empty", "-m", message);
}

/* ---- our walk ---- */

static void place_open(Place *p, const char *sub)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *start = g_build_filename(p->folder, sub, NULL);
    p->repo = aj_repo_open(start, &p->prefix, &error);
    g_assert_no_error(error);
    g_assert_nonnull(p->repo);
    p->arena = aj_arena_new(4096);
    p->state = g_string_new(NULL);
}

static Place place_new(void)
{
    Place p = {.folder = g_dir_make_tmp("aj-history-XXXXXX", NULL)};
    GIT(p.folder, "init", "-q", "-b", "main");
    return p;
}

static void place_close(Place *p)
{
    aj_repo_free(p->repo);
    aj_arena_free(p->arena);
    if (p->state)
        g_string_free(p->state, TRUE);
    g_clear_pointer(&p->prefix, g_free);
    p->repo = NULL;
    p->arena = NULL;
    p->state = NULL;
    p->history = NULL;
}

static void place_end(Place *p)
{
    if (p->repo)
        place_close(p);
    tree_remove(p->folder);
    g_free(p->folder);
}

static AjHistory *walk_from(Place *p, const char *const *paths, const void *state, size_t len)
{
    static const uint8_t no_blob[20];
    g_autoptr(GError) error = NULL;
    uint32_t count = g_strv_length((char **)paths);
    AjTracked *tracked = aj_arena_alloc(p->arena, (count + 1) * sizeof *tracked);
    for (uint32_t i = 0; i < count; i++)
        tracked[i] = (AjTracked){paths[i], no_blob};
    p->history = aj_gitlog_walk(p->arena, p->repo, p->prefix, tracked, count, state, len, p->state,
                                &p->walked, &error);
    g_assert_no_error(error);
    g_assert_nonnull(p->history);
    g_assert_cmpuint(p->history->path_count, ==, count);
    return p->history;
}
#define WALK(p, ...) walk_from(p, (const char *const[]){__VA_ARGS__, NULL}, NULL, 0)

/* "subject subject ...", newest first. */
static char *subjects(const AjHistory *h, uint32_t i)
{
    GString *s = g_string_new(NULL);
    for (uint32_t k = 0; k < h->paths[i].count; k++)
        g_string_append_printf(s, "%s%s", k ? " " : "", h->commits[h->paths[i].commits[k]].subject);
    return g_string_free(s, FALSE);
}

static void assert_log(const AjHistory *h, uint32_t i, const char *expected)
{
    g_autofree char *got = subjects(h, i);
    g_assert_cmpstr(got, ==, expected);
}

static int text_order(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static char *lines_sorted(char *text)
{
    g_auto(GStrv) lines = g_strsplit(g_strstrip(text), "\n", -1);
    qsort(lines, g_strv_length(lines), sizeof *lines, text_order);
    g_free(text);
    return g_strjoinv("\n", lines);
}

static char *ids_sorted(const AjHistory *h, uint32_t i)
{
    GString *s = g_string_new(NULL);
    for (uint32_t k = 0; k < h->paths[i].count; k++)
        g_string_append_printf(s, "%s\n", h->commits[h->paths[i].commits[k]].id);
    return lines_sorted(g_string_free(s, FALSE));
}

static void assert_log_of(const char *folder, const Place *p, uint32_t i, const char *option)
{
    g_autofree char *full = g_strconcat(p->prefix, p->history->paths[i].path, NULL);
    g_autofree char *want = lines_sorted(
        GIT_OUT(folder, "--literal-pathspecs", "log", option, "--format=%H", "HEAD", "--", full));
    g_autofree char *got = ids_sorted(p->history, i);
    g_assert_cmpstr(got, ==, want);
}

static void assert_like_git(Place *p, const AjHistory *h, uint32_t i)
{
    g_assert_true(h == p->history);
    assert_log_of(p->folder, p, i, "--no-renames");
}

/* git follows copies too, which we do not: for paths that were only ever moved. */
static void assert_like_follow(const Place *p, uint32_t i)
{
    assert_log_of(p->folder, p, i, "--follow");
}

/* ---- cases ---- */

static void test_none(void)
{
    g_autofree char *folder = g_dir_make_tmp("aj-history-XXXXXX", NULL);
    g_autoptr(GError) error = NULL;
    AjArena *a = aj_arena_new(4096);
    char *prefix = NULL;
    g_assert_null(aj_repo_open(folder, &prefix, &error));
    g_assert_no_error(error);
    AjTracked t = {"a.md", (const uint8_t *)"01234567890123456789"};
    AjHistory *h = aj_gitlog_walk(a, NULL, "", &t, 1, NULL, 0, NULL, NULL, &error);
    g_assert_cmpint(h->state, ==, AJ_HISTORY_NONE);
    g_assert_cmpuint(h->paths[0].count, ==, 0);
    g_assert_false(h->paths[0].modified);
    aj_arena_free(a);
    tree_remove(folder);
}

static void test_empty(void)
{
    Place p = place_new();
    place_open(&p, "");
    char id[41];
    g_assert_true(aj_repo_head(p.repo, id, NULL, NULL));
    g_assert_cmpstr(id, ==, "");
    AjHistory *h = WALK(&p, "a.md");
    g_assert_cmpint(h->state, ==, AJ_HISTORY_EMPTY);
    g_assert_cmpstr(h->head, ==, "");
    g_assert_true(h->paths[0].modified);
    place_end(&p);
}

static void test_linear(void)
{
    Place p = place_new();
    put(p.folder, "a.md", "1");
    put(p.folder, "sub/b.md", "1");
    commit(p.folder, "one");
    put(p.folder, "a.md", "2");
    commit(p.folder, "two");
    put(p.folder, "sub/b.md", "2");
    put(p.folder, "c.md", "c");
    commit(p.folder, "three");
    put(p.folder, "a.md", "1");
    commit(p.folder, "revert");
    GIT(p.folder, "rm", "-q", "c.md");
    commit(p.folder, "gone");
    put(p.folder, "c.md", "c again");
    commit(p.folder, "back");
    put(p.folder, "new.md", "untracked");
    place_open(&p, "");
    AjHistory *h = WALK(&p, "a.md", "sub/b.md", "c.md", "new.md");
    g_assert_cmpint(h->state, ==, AJ_HISTORY_FULL);
    g_assert_cmpuint(p.walked, ==, 6);
    assert_log(h, 0, "revert two one");
    assert_log(h, 1, "three one");
    assert_log(h, 2, "back gone three");
    g_assert_cmpuint(h->paths[3].count, ==, 0);
    g_assert_true(h->paths[3].modified);
    const AjCommit *first = &h->commits[h->paths[0].commits[0]];
    g_assert_cmpstr(first->author, ==, "王芳");
    g_assert_cmpint(first->offset, ==, 480);
    g_assert_cmpuint(strlen(first->id), ==, 40);
    for (uint32_t i = 0; i < 4; i++)
        assert_like_git(&p, h, i);
    place_end(&p);
}

static void test_modified(void)
{
    Place p = place_new();
    put(p.folder, "a.md", "hello\n");
    commit(p.folder, "one");
    place_open(&p, "");
    g_autoptr(GError) error = NULL;
    const uint8_t hello[20] = {0xce, 0x01, 0x36, 0x25, 0x03, 0x0b, 0xa8, 0xdb, 0xa9, 0x06,
                               0xf7, 0x56, 0x96, 0x7f, 0x9e, 0x9c, 0xa3, 0x94, 0x46, 0x4a};
    const uint8_t other[20] = {0xce};
    const uint8_t zero[20] = {0};
    AjTracked t[] = {{"a.md", hello}, {"a.md", other}, {"a.md", NULL}, {"b.md", NULL}};
    AjHistory *h = aj_gitlog_walk(p.arena, p.repo, "", t, 4, NULL, 0, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpmem(h->paths[2].head_blob, 20, hello, 20);
    g_assert_false(h->paths[2].modified);
    g_assert_cmpmem(h->paths[3].head_blob, 20, zero, 20);
    g_assert_true(h->paths[3].modified);
    g_assert_false(h->paths[0].modified);
    g_assert_true(h->paths[1].modified);
    place_end(&p);
}

static void test_merges(void)
{
    Place p = place_new();
    put(p.folder, "a.md", "1");
    put(p.folder, "b.md", "1");
    put(p.folder, "c.md", "1");
    commit(p.folder, "base");
    GIT(p.folder, "checkout", "-q", "-b", "side");
    put(p.folder, "a.md", "side");
    commit(p.folder, "side-a");
    put(p.folder, "c.md", "side");
    commit(p.folder, "side-c");
    GIT(p.folder, "checkout", "-q", "main");
    put(p.folder, "b.md", "main");
    commit(p.folder, "main-b");
    put(p.folder, "c.md", "main");
    commit(p.folder, "main-c");
    GIT(p.folder, "merge", "-q", "--no-commit", "-s", "ours", "side");
    put(p.folder, "a.md", "side");
    put(p.folder, "c.md", "both");
    commit(p.folder, "merge");
    place_open(&p, "");
    AjHistory *h = WALK(&p, "a.md", "b.md", "c.md");
    assert_log(h, 0, "side-a base");              /* as the side branch left it: no merge */
    assert_log(h, 1, "main-b base");              /* as the main line left it */
    assert_log(h, 2, "merge main-c side-c base"); /* like neither: the merge is a revision */
    for (uint32_t i = 0; i < 3; i++)
        assert_like_git(&p, h, i);
    place_end(&p);
}

static void test_renames(void)
{
    Place p = place_new();
    put(p.folder, "old.md", "text");
    put(p.folder, "empty.md", "");
    commit(p.folder, "one");
    put(p.folder, "old.md", "text 2");
    commit(p.folder, "two");
    GIT(p.folder, "mv", "old.md", "new.md");
    GIT(p.folder, "mv", "empty.md", "void.md");
    commit(p.folder, "moved");
    put(p.folder, "new.md", "text 3");
    commit(p.folder, "three");
    GIT(p.folder, "mv", "new.md", "old.md");
    commit(p.folder, "moved-back");
    put(p.folder, "d/made.md", "so that the folder is there");
    GIT(p.folder, "mv", "old.md", "d/old.md");
    put(p.folder, "other.md", "text 3");
    commit(p.folder, "into-folder");
    place_open(&p, "");
    AjHistory *h = WALK(&p, "d/old.md", "void.md", "other.md");
    assert_log(h, 0, "into-folder moved-back three moved two one");
    assert_log(h, 1, "moved"); /* an empty file has no identity to follow */
    assert_log(h, 2, "into-folder moved-back three moved two one");
    assert_like_follow(&p, 0);
    place_end(&p);
}

/* A page that was moved and mended in one commit; a new one that only came as another went; the
 * same bytes before the most alike; too few words to tell; too many to compare. */
static void test_renames_mended(void)
{
    static const char *const tank =
        "# 清罐\n\n进入储罐以前，先切断电源，加装盲板，再用风机通风。\n\n"
        "氧含量在 19.5% 到 23.5% 之间，才可以进入；每隔 30 分钟测一次。\n\n"
        "监护人守在人孔外面，不得离开。\n";
    static const char *const fall =
        "# 高处\n\n系好安全带，高挂低用；脚手架验收合格挂牌，才可以上去。\n\n"
        "六级以上大风停工，工具放进工具袋，地面拉警戒线。\n\n上下传递用绳。\n";
    Place p = place_new();
    g_autofree char *mended = g_strconcat(tank, "\n出罐以后清点人数和工具。\n", NULL);
    g_autofree char *again = g_strconcat(mended, "\n最后关闭人孔。\n", NULL);
    put(p.folder, "cases/tank.md", tank);
    put(p.folder, "cases/old.md", tank);
    put(p.folder, "cases/short.md", "# 短\n");
    commit(p.folder, "one");
    put(p.folder, "cases/old.md", fall);
    commit(p.folder, "two");
    GIT(p.folder, "mv", "cases/tank.md", "clean.md");
    put(p.folder, "clean.md", mended);
    commit(p.folder, "moved");
    GIT(p.folder, "rm", "-q", "cases/old.md", "cases/short.md");
    put(p.folder, "new.md",
        "# 动火\n\n办好动火票，清除周围十米以内的可燃物，备好灭火器，专人看火。\n");
    put(p.folder, "short.md", "# 短了\n");
    commit(p.folder, "another");
    put(p.folder, "case-1.md",
        "---\ntitle: 井下窒息\nsources: [报]\nposts: [检修工]\n"
        "hazards: [受限空间]\n---\n\n## 教训\n\n先检测。\n");
    commit(p.folder, "case");
    GIT(p.folder, "rm", "-q", "case-1.md");
    put(p.folder, "case-2.md",
        "---\ntitle: 高处坠落\nsources: [报]\nposts: [架子工]\n"
        "hazards: [高处作业]\n---\n\n## 教训\n\n系好安全带。\n");
    commit(p.folder, "instead");     /* alike by their template alone */
    put(p.folder, "copy.md", again); /* alike, but clean.md is still there */
    commit(p.folder, "copied");
    GIT(p.folder, "mv", "clean.md", "a.md");
    put(p.folder, "b.md", again);
    commit(p.folder, "apart"); /* a.md has the bytes of clean.md: b.md is no second new name */
    place_open(&p, "");
    AjHistory *h = WALK(&p, "a.md", "b.md", "new.md", "short.md", "copy.md", "case-2.md");
    assert_log(h, 5, "instead");
    assert_log(h, 0, "apart moved one");
    assert_log(h, 1, "apart");
    assert_log(h, 2, "another");
    assert_log(h, 3, "another");
    assert_log(h, 4, "copied");
    g_assert_cmpstr(h->paths[0].names[1], ==, "clean.md");
    g_assert_cmpstr(h->paths[0].names[2], ==, "cases/tank.md");
    assert_like_follow(&p, 0);
    place_close(&p);

    for (int i = 0; i < 51; i++) {
        g_autofree char *path = g_strdup_printf("many/%d.md", i);
        g_autofree char *text = g_strdup_printf("%s\n第 %d 页。\n", tank, i);
        put(p.folder, path, text);
    }
    commit(p.folder, "many");
    GIT(p.folder, "mv", "many", "more");
    for (int i = 1; i < 51; i++) {
        g_autofree char *path = g_strdup_printf("more/%d.md", i);
        g_autofree char *text = g_strdup_printf("%s\n第 %d 页，改过。\n", tank, i);
        put(p.folder, path, text);
    }
    commit(p.folder, "fifty");
    GIT(p.folder, "mv", "more", "most");
    for (int i = 0; i < 51; i++) {
        g_autofree char *path = g_strdup_printf("most/%d.md", i);
        g_autofree char *text = g_strdup_printf("%s\n第 %d 页，又改过。\n", tank, i);
        put(p.folder, path, text);
    }
    commit(p.folder, "fifty-one");
    place_open(&p, "");
    assert_log(WALK(&p, "most/7.md"), 0, "fifty-one");
    place_close(&p);
    GIT(p.folder, "checkout", "-q", "HEAD~1");
    place_open(&p, "");
    assert_log(WALK(&p, "more/7.md"), 0, "fifty many");
    place_end(&p);
}

static void test_reverts(void)
{
    Place p = place_new();
    put(p.folder, "a.md", "1\n");
    put(p.folder, "b.md", "1\n");
    commit(p.folder, "base");
    put(p.folder, "a.md", "2\n");
    commit(p.folder, "edit");
    GIT(p.folder, "revert", "-n", "HEAD");
    commit(p.folder, "back");
    GIT(p.folder, "revert", "-n", "HEAD");
    commit(p.folder, "forth");
    GIT(p.folder, "checkout", "-q", "-b", "side", "HEAD~3");
    put(p.folder, "b.md", "side\n");
    commit(p.folder, "side-b");
    GIT(p.folder, "checkout", "-q", "main");
    GIT(p.folder, "merge", "-q", "-m", "merge", "side");
    GIT(p.folder, "revert", "-n", "-m", "1", "HEAD");
    commit(p.folder, "unmerge");
    place_open(&p, "");
    AjHistory *h = WALK(&p, "a.md", "b.md");
    assert_log(h, 0, "forth back edit base");
    assert_log(h, 1, "unmerge side-b base");
    assert_like_git(&p, h, 0);
    assert_like_git(&p, h, 1);
    place_end(&p);
}

/* HEAD on no branch; two roots joined; a side branch that brought nothing; names that are no UTF-8.
 */
static void test_odd_shapes(void)
{
    Place p = place_new();
    put(p.folder, "a.md", "1");
    put(p.folder, "caf\xe9.md", "1");
    commit(p.folder, "one");
    GIT(p.folder, "checkout", "-q", "--orphan", "other");
    GIT(p.folder, "rm", "-rfq", ".");
    put(p.folder, "b.md", "1");
    commit(p.folder, "root");
    GIT(p.folder, "checkout", "-q", "main");
    GIT(p.folder, "merge", "-q", "--allow-unrelated-histories", "-m", "joined", "other");
    GIT(p.folder, "checkout", "-q", "-b", "vain");
    put(p.folder, "a.md", "2");
    commit(p.folder, "vain");
    GIT(p.folder, "checkout", "-q", "main");
    put(p.folder, "caf\xe9.md", "2");
    commit(p.folder, "two");
    GIT(p.folder, "merge", "-q", "-s", "ours", "-m", "ours", "vain");
    GIT(p.folder, "checkout", "-q", "--detach", "HEAD");
    put(p.folder, "b.md", "2");
    commit(p.folder, "detached");
    place_open(&p, "");
    AjHistory *h = WALK(&p, "a.md", "b.md", "caf\xe9.md");
    assert_log(h, 0, "one");
    assert_log(h, 1, "detached root");
    assert_log(h, 2, "two one");
    for (uint32_t i = 0; i < 3; i++)
        assert_like_git(&p, h, i);
    place_end(&p);
}

/* The name changes on one branch while the text changes on the other. git's --follow knows one name
 * at a time and loses merge and main-text here. */
static void test_rename_across_merge(void)
{
    Place p = place_new();
    put(p.folder, "old.md", "1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    commit(p.folder, "one");
    GIT(p.folder, "checkout", "-q", "-b", "side");
    GIT(p.folder, "mv", "old.md", "new.md");
    commit(p.folder, "side-moved");
    GIT(p.folder, "checkout", "-q", "main");
    put(p.folder, "old.md", "1\n2\n3\n4\n5\n6\n7\n8\n9\nten\n");
    commit(p.folder, "main-text");
    GIT(p.folder, "merge", "-q", "-m", "merge", "side");
    place_open(&p, "");
    AjHistory *h = WALK(&p, "new.md");
    assert_log(h, 0, "merge main-text side-moved one");
    place_close(&p);

    /* The same seen from the other side: the rename is the first parent's. */
    GIT(p.folder, "checkout", "-q", "-B", "two", "side");
    GIT(p.folder, "merge", "-q", "-m", "merge2", "main~1");
    place_open(&p, "");
    h = WALK(&p, "new.md");
    assert_log(h, 0, "merge2 main-text side-moved one");
    place_end(&p);
}

static void test_prefix_and_names(void)
{
    Place p = place_new();
    put(p.folder, "readme.md", "outside");
    commit(p.folder, "outside");
    put(p.folder, "content/cases/受限空间 \"甲\".md", "1");
    put(p.folder, "content/a\tb.md", "1");
    commit(p.folder, "inside");
    put(p.folder, "readme.md", "outside again");
    commit(p.folder, "outside2");
    put(p.folder, "content/cases/受限空间 \"甲\".md", "2");
    commit(p.folder, "inside2");
    place_open(&p, "content");
    g_assert_cmpstr(p.prefix, ==, "content/");
    AjHistory *h = WALK(&p, "cases/受限空间 \"甲\".md", "a\tb.md", "readme.md");
    assert_log(h, 0, "inside2 inside");
    assert_log(h, 1, "inside");
    g_assert_cmpuint(h->paths[2].count, ==, 0);
    assert_like_git(&p, h, 0);
    assert_like_git(&p, h, 1);
    place_end(&p);
}

static void test_shallow(void)
{
    Place p = place_new(), clone = {.folder = g_dir_make_tmp("aj-history-XXXXXX", NULL)};
    for (int i = 0; i < 5; i++) {
        g_autofree char *text = g_strdup_printf("%d", i);
        put(p.folder, i % 2 ? "a.md" : "b.md", text);
        commit(p.folder, text);
    }
    g_autofree char *url = g_strconcat("file://", p.folder, NULL);
    GIT(clone.folder, "clone", "-q", "--depth", "2", url, ".");
    place_open(&clone, "");
    g_assert_true(aj_repo_is_shallow(clone.repo));
    AjHistory *h = WALK(&clone, "a.md", "b.md");
    g_assert_cmpint(h->state, ==, AJ_HISTORY_SHALLOW);
    assert_log(h, 0, "3");
    assert_log(h, 1, "4 3");
    assert_like_git(&clone, h, 0);
    assert_like_git(&clone, h, 1);
    g_autofree char *old = g_memdup2(clone.state->str, clone.state->len);
    size_t old_len = clone.state->len;
    place_close(&clone);

    /* Once the rest has come, what was learnt from the cut history is of no use. */
    GIT(clone.folder, "fetch", "-q", "--unshallow");
    place_open(&clone, "");
    const char *paths[] = {"a.md", "b.md", NULL};
    h = walk_from(&clone, paths, old, old_len);
    g_assert_cmpint(h->state, ==, AJ_HISTORY_FULL);
    assert_log(h, 0, "3 1");
    assert_log(h, 1, "4 2 0");
    place_end(&clone);
    place_end(&p);
}

static void test_bare_and_worktree(void)
{
    Place p = place_new(), other = {.folder = g_dir_make_tmp("aj-history-XXXXXX", NULL)};
    put(p.folder, "c/a.md", "1");
    commit(p.folder, "one");
    put(p.folder, "c/a.md", "2");
    commit(p.folder, "two");
    g_autofree char *bare = g_build_filename(other.folder, "bare.git", NULL);
    g_autofree char *tree = g_build_filename(other.folder, "tree", NULL);
    GIT(p.folder, "clone", "-q", "--bare", p.folder, bare);
    GIT(p.folder, "worktree", "add", "-q", "--detach", tree, "HEAD~1");

    place_open(&other, "bare.git");
    g_assert_cmpstr(other.prefix, ==, "");
    g_assert_null(aj_repo_workdir(other.repo));
    assert_log(WALK(&other, "c/a.md"), 0, "two one");
    assert_log_of(bare, &other, 0, "--no-renames");
    place_close(&other);

    place_open(&other, "tree/c");
    g_assert_cmpstr(other.prefix, ==, "c/");
    assert_log(WALK(&other, "a.md"), 0, "one");
    assert_log_of(tree, &other, 0, "--no-renames");
    place_end(&other);
    place_end(&p);
}

static void test_strange_text(void)
{
    Place p = place_new();
    const char *stream =
        "commit refs/heads/main\nmark :1\n"
        "author J\xf6rg\x01 <j@x> 1700000000 -0330\ncommitter x <x@x> 1700000000 +0000\n"
        "data <<END\nsubject \xff broken\nsecond line\n\nbody\n\n"
        "Change: Substance\nReviewed-By: 李强 <l@x>\nreviewed-by: 赵敏\nApproved-by: 周涛\nEND\n"
        "M 100644 inline a.md\ndata 1\n1\n"
        "commit refs/heads/main\nmark :2\nauthor  <nobody@x> 1700000001 +0000\n"
        "committer x <x@x> 1700000001 +0000\nencoding GBK\ndata <<END\n"
        "\xca\xdc\xcf\xde\nChange: wording\nEND\nfrom :1\nM 100644 inline a.md\ndata 1\n2\n"
        "commit refs/heads/main\nmark :3\ncommitter x <x@x> 1700000002 +0000\ndata 0\n"
        "from :2\nM 100644 inline a.md\ndata 1\n3\n";
    const char *words[] = {"fast-import", "--quiet", "--force", NULL};
    g_free(git_in(p.folder, stream, words));
    place_open(&p, "");
    AjHistory *h = WALK(&p, "a.md");
    g_assert_cmpuint(h->paths[0].count, ==, 3);
    assert_like_git(&p, h, 0);
    const AjCommit *c = h->commits;
    g_assert_cmpstr(c[0].subject, ==, "");
    g_assert_cmpstr(c[1].subject, ==, "受限 Change: wording");
    g_assert_cmpint(c[1].change, ==, AJ_CHANGE_UNSAID);
    g_assert_cmpstr(c[1].author, ==, "nobody");
    g_assert_cmpstr(c[2].author, ==, "J\xef\xbf\xbdrg ");
    g_assert_cmpstr(c[2].subject, ==, "subject \xef\xbf\xbd broken second line");
    g_assert_cmpint(c[2].offset, ==, -210);
    g_assert_cmpint(c[2].change, ==, AJ_CHANGE_SUBSTANCE);
    g_assert_cmpstr(c[2].reviewed_by, ==, "李强、赵敏");
    g_assert_cmpstr(c[2].approved_by, ==, "周涛");
    place_end(&p);
}

/* A tree that no checkout would write: read past, and its other entries are found. */
static void test_hostile_tree(void)
{
    Place p = place_new();
    put(p.folder, "x", "blob");
    g_autofree char *blob = g_strstrip(GIT_OUT(p.folder, "hash-object", "-w", "x"));
    GString *tree = g_string_new(NULL);
    const char *names[] = {"../evil.md", "..", "a.md"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_string_append_printf(tree, "100644 %s", names[i]);
        g_string_append_c(tree, '\0');
        for (int k = 0; k < 20; k++)
            g_string_append_c(tree, (char)(g_ascii_xdigit_value(blob[2 * k]) << 4 |
                                           g_ascii_xdigit_value(blob[2 * k + 1])));
    }
    g_autofree char *file = g_build_filename(p.folder, "raw", NULL);
    g_assert_true(g_file_set_contents(file, tree->str, (gssize)tree->len, NULL));
    g_autofree char *id =
        g_strstrip(GIT_OUT(p.folder, "hash-object", "-w", "-t", "tree", "--literally", "raw"));
    g_autofree char *made = g_strstrip(GIT_OUT(p.folder, "commit-tree", "-m", "evil", id));
    GIT(p.folder, "update-ref", "HEAD", made);
    place_open(&p, "");
    AjHistory *h = WALK(&p, "a.md", "../evil.md");
    assert_log(h, 0, "evil");
    g_assert_cmpuint(h->paths[1].count, ==, 0);
    place_close(&p);

    /* And one cut in the middle of an id is an error that says so. */
    g_assert_true(g_file_set_contents(file, tree->str, (gssize)tree->len - 3, NULL));
    g_free(id);
    g_free(made);
    id = g_strstrip(GIT_OUT(p.folder, "hash-object", "-w", "-t", "tree", "--literally", "raw"));
    made = g_strstrip(GIT_OUT(p.folder, "commit-tree", "-m", "cut", id));
    GIT(p.folder, "update-ref", "HEAD", made);
    place_open(&p, "");
    g_autoptr(GError) error = NULL;
    g_assert_null(aj_gitlog_walk(p.arena, p.repo, "", NULL, 0, NULL, 0, NULL, NULL, &error));
    g_assert_error(error, AJ_REPO_ERROR, AJ_REPO_ERROR_DAMAGED);
    g_string_free(tree, TRUE);
    place_end(&p);
}

/* libgit2's own reader of loose objects wrote past its buffer when a file held more than its header
 * said. Every byte turned, every length, and what a header may claim: an error, or the very same.
 */
static void test_damaged_object(void)
{
    Place p = place_new();
    put(p.folder, "a.md", "1");
    put(p.folder, "b.md", "1");
    commit(p.folder, "one");
    g_autofree char *id = g_strstrip(GIT_OUT(p.folder, "rev-parse", "HEAD^{tree}"));
    g_autofree char *path = g_strdup_printf("%s/.git/objects/%.2s/%s", p.folder, id, id + 2);
    g_autofree char *bytes = NULL;
    size_t len;
    uint32_t told = 0;
    g_assert_true(g_file_get_contents(path, &bytes, &len, NULL));
    g_assert_cmpint(g_unlink(path), ==, 0); /* git made it read-only */
    for (size_t i = 0; i < 2 * len; i++) {
        char kept = i < len ? bytes[i] : '\0';
        if (i < len)
            bytes[i] ^= 0x15;
        g_assert_true(g_file_set_contents(path, bytes, (gssize)(i < len ? len : i - len), NULL));
        place_open(&p, "");
        g_autoptr(GError) error = NULL;
        AjTracked t = {"a.md", NULL};
        AjHistory *h = aj_gitlog_walk(p.arena, p.repo, "", &t, 1, NULL, 0, NULL, NULL, &error);
        if (h) {
            p.history = h;
            assert_log(h, 0, "one");
        } else {
            g_assert_error(error, AJ_REPO_ERROR, AJ_REPO_ERROR_DAMAGED);
            told++;
        }
        place_close(&p);
        if (i < len)
            bytes[i] = kept;
    }
    g_assert_cmpuint(told, >, len); /* zlib's sums see nearly all of it */
    static const char *const claims[] = {"tree 3",  "tree 0", "tree 4000000000",
                                         "tree -1", "tree",   "blob 3",
                                         "tree 3x", "",       "tree 99999999999999999999"};
    for (size_t i = 0; i < G_N_ELEMENTS(claims); i++) {
        g_autoptr(GConverter) zip =
            G_CONVERTER(g_zlib_compressor_new(G_ZLIB_COMPRESSOR_FORMAT_ZLIB, -1));
        char raw[400] = {0}, packed[400];
        gsize read, written;
        size_t n = strlen(claims[i]) + 1;
        memcpy(raw, claims[i], n);
        memset(raw + n, 'x', 300);
        g_assert_cmpint(g_converter_convert(zip, raw, n + 300, packed, sizeof packed,
                                            G_CONVERTER_INPUT_AT_END, &read, &written, NULL),
                        ==, G_CONVERTER_FINISHED);
        g_assert_true(g_file_set_contents(path, packed, (gssize)written, NULL));
        place_open(&p, "");
        g_autoptr(GError) error = NULL;
        g_assert_null(aj_gitlog_walk(p.arena, p.repo, "", NULL, 0, NULL, 0, NULL, NULL, &error));
        g_assert_error(error, AJ_REPO_ERROR, AJ_REPO_ERROR_DAMAGED);
        place_close(&p);
    }
    place_end(&p);
}

/* Objects that lie in another repository (git clone --shared), and some of both in packs. */
static void test_alternates(void)
{
    Place p = place_new(), shared = {.folder = g_dir_make_tmp("aj-history-XXXXXX", NULL)};
    put(p.folder, "a.md", "1");
    commit(p.folder, "one");
    GIT(p.folder, "gc", "-q");
    put(p.folder, "a.md", "2");
    commit(p.folder, "two");
    GIT(shared.folder, "clone", "-q", "--shared", p.folder, ".");
    put(shared.folder, "a.md", "3");
    commit(shared.folder, "three");
    place_open(&shared, "");
    assert_log(WALK(&shared, "a.md"), 0, "three two one");
    char id[41];
    g_autofree char *whole = g_strstrip(GIT_OUT(shared.folder, "rev-parse", "HEAD~1"));
    whole[7] = '\0';
    g_assert_true(aj_repo_resolve(shared.repo, whole, id, NULL, NULL));
    g_assert_true(g_str_has_prefix(id, whole));
    g_assert_false(aj_repo_resolve(shared.repo, "0000000", id, NULL, NULL));
    place_end(&shared);
    place_end(&p);
}

static void test_missing_object(void)
{
    Place p = place_new();
    put(p.folder, "d/a.md", "1");
    commit(p.folder, "one");
    g_autofree char *id = g_strstrip(GIT_OUT(p.folder, "rev-parse", "HEAD:d"));
    g_autofree char *object = g_strdup_printf("%s/.git/objects/%.2s/%s", p.folder, id, id + 2);
    g_assert_cmpint(g_unlink(object), ==, 0);
    place_open(&p, "");
    g_autoptr(GError) error = NULL;
    g_assert_null(aj_gitlog_walk(p.arena, p.repo, "", NULL, 0, NULL, 0, NULL, NULL, &error));
    g_assert_error(error, AJ_REPO_ERROR, AJ_REPO_ERROR_MISSING);
    place_end(&p);
}

/* ---- random histories ---- */

enum { FILES = 15, COMMITS = 60 };
static const char *const FILE_NAMES[FILES + 1] = {
    "a.md",     "b.md",   "c-d.md", "c.md",   "c/x.md",  "c/y.md", "c0.md",     "d/e/f.md",
    "d/e/g.md", "d/h.md", "z/1.md", "z/2.md", "z/案.md", "zz.md",  "zz/q/r.md", NULL};

typedef struct {
    int text[FILES]; /* 0: absent */
} Snapshot;

static void snapshot_put(GString *s, const Snapshot *old, const Snapshot *now, bool shared)
{
    for (int f = 0; f < FILES; f++) {
        if (old->text[f] == now->text[f])
            continue;
        if (!now->text[f]) {
            g_string_append_printf(s, "D site/%s\n", FILE_NAMES[f]);
            continue;
        }
        g_autofree char *text = shared ? g_strdup_printf("text %d", now->text[f])
                                       : g_strdup_printf("%s %d", FILE_NAMES[f], now->text[f]);
        g_string_append_printf(s, "M 100644 inline site/%s\ndata %zu\n%s\n", FILE_NAMES[f],
                               strlen(text), text);
    }
}

/* Edits, deletes, re-adds, reverts, moves; branches, merges good and evil, now and then of three;
 * clocks that stand still or go back. With `moves`, texts wander between the files. */
static char *random_stream(GRand *r, bool moves)
{
    GString *s = g_string_new(NULL);
    Snapshot all[COMMITS];
    memset(all, 0, sizeof all);
    int clock = 1700000000;
    for (int c = 0; c < COMMITS; c++) {
        static const Snapshot none;
        int parents[3], count = 0;
        clock += g_rand_int_range(r, -200, 1000) / 10 * 10;
        if (c > 0)
            parents[count++] =
                c - 1 - (g_rand_int_range(r, 0, 3) ? 0 : g_rand_int_range(r, 0, MIN(c, 8)));
        for (int k = 0; k < 2; k++) {
            int other = c > 0 ? c - 1 - g_rand_int_range(r, 0, MIN(c, 10)) : 0;
            if (c > 3 && g_rand_int_range(r, 0, k ? 12 : 4) == 0 && other != parents[0] &&
                (count < 2 || other != parents[1]))
                parents[count++] = other;
        }
        Snapshot *now = &all[c];
        *now = count ? all[parents[0]] : none;
        for (int k = 1; k < count; k++)
            for (int f = 0; f < FILES; f++)
                if (g_rand_int_range(r, 0, 2))
                    now->text[f] = all[parents[k]].text[f];
        int edits = c == 0 ? FILES : g_rand_int_range(r, count > 1 ? -4 : 0, 4);
        for (int k = 0; k < edits; k++) {
            int f = c == 0 ? k : g_rand_int_range(r, 0, FILES), g = g_rand_int_range(r, 0, FILES);
            int what = c == 0 ? 0 : g_rand_int_range(r, 0, 10);
            if (what < 5)
                now->text[f] = c * 100 + k + 1;
            else if (what < 7)
                now->text[f] = 0;
            else if (what < 8 || !moves)
                now->text[f] = all[g_rand_int_range(r, 0, c)].text[f];
            else {
                now->text[g] = now->text[f];
                now->text[f] = f == g ? now->text[f] : 0;
            }
        }
        g_string_append_printf(s,
                               "commit refs/heads/main\nmark :%d\n"
                               "author 甲 <a@x> %d +0800\ncommitter x <x@x> %d +0800\n"
                               "data <<END\nc%d\nEND\n",
                               c + 1, clock, clock, c);
        for (int k = 0; k < count; k++)
            g_string_append_printf(s, "%s :%d\n", k ? "merge" : "from", parents[k] + 1);
        snapshot_put(s, count ? &all[parents[0]] : &none, now, moves);
    }
    return g_string_free(s, FALSE);
}

static Place random_place(uint32_t seed, bool moves)
{
    GRand *r = g_rand_new_with_seed(seed);
    Place p = place_new();
    g_autofree char *stream = random_stream(r, moves);
    const char *words[] = {"fast-import", "--quiet", "--force", "--export-marks=.git/made", NULL};
    g_free(git_in(p.folder, stream, words));
    g_autofree char *site = g_build_filename(p.folder, "site", NULL);
    g_mkdir(site, 0755);
    g_rand_free(r);
    return p;
}

/* Newest first never puts a commit above one of its descendants. */
static void assert_order(Place *p, const AjHistory *h)
{
    g_autofree char *text = GIT_OUT(p->folder, "rev-list", "--parents", "HEAD");
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_autoptr(GHashTable) place = g_hash_table_new(g_str_hash, g_str_equal);
    for (uint32_t i = 0; i < h->commit_count; i++)
        g_hash_table_insert(place, (char *)h->commits[i].id, GUINT_TO_POINTER(i + 1));
    for (char **l = lines; *l; l++) {
        g_auto(GStrv) ids = g_strsplit(*l, " ", -1);
        uint32_t child = ids[0] ? GPOINTER_TO_UINT(g_hash_table_lookup(place, ids[0])) : 0;
        for (int k = 1; child && ids[k]; k++) {
            uint32_t parent = GPOINTER_TO_UINT(g_hash_table_lookup(place, ids[k]));
            g_assert_true(parent == 0 || parent > child);
        }
    }
}

static void test_random_like_git(void)
{
    for (uint32_t seed = 1; seed <= 20; seed++) {
        Place p = random_place(seed, false);
        place_open(&p, "site");
        AjHistory *h = walk_from(&p, FILE_NAMES, NULL, 0);
        assert_order(&p, h);
        for (uint32_t i = 0; i < FILES; i++)
            if (h->paths[i].count)
                assert_like_git(&p, h, i);
        place_end(&p);
    }
}

static char *dump(const AjHistory *h)
{
    GString *s = g_string_new(NULL);
    g_string_append_printf(s, "%d %s\n", h->state, h->head);
    for (uint32_t i = 0; i < h->commit_count; i++) {
        const AjCommit *c = &h->commits[i];
        g_string_append_printf(s, "%s %" G_GINT64_FORMAT " %d %s %s %s %s %d\n", c->id, c->time,
                               c->offset, c->author, c->subject,
                               c->reviewed_by ? c->reviewed_by : "-",
                               c->approved_by ? c->approved_by : "-", c->change);
    }
    for (uint32_t i = 0; i < h->path_count; i++) {
        g_string_append_printf(s, "%s %d", h->paths[i].path, h->paths[i].modified);
        for (uint32_t k = 0; k < h->paths[i].count; k++)
            g_string_append_printf(s, " %u", h->paths[i].commits[k]);
        g_string_append_c(s, '\n');
    }
    return g_string_free(s, FALSE);
}

/* HEAD moves over the commits, forwards and also to other branches: going on from the last state
 * always gives what a walk from nothing gives, and the git log of every path is part of it. */
static void test_random_resume(void)
{
    for (uint32_t seed = 101; seed <= 120; seed++) {
        Place p = random_place(seed, true);
        g_autofree char *marks_path = g_build_filename(p.folder, ".git", "made", NULL);
        g_autofree char *head_path = g_build_filename(p.folder, ".git", "HEAD", NULL);
        g_autofree char *marks = NULL;
        char ids[COMMITS][41];
        GString *state = g_string_new(NULL);
        g_assert_true(g_file_get_contents(marks_path, &marks, NULL, NULL));
        for (char *l = marks; l && *l; l = strchr(l, '\n') + 1) {
            int mark = atoi(l + 1);
            memcpy(ids[mark - 1], strchr(l, ' ') + 1, 40);
            ids[mark - 1][40] = '\0';
        }
        for (int c = 3; c < COMMITS; c += 7) {
            g_assert_true(g_file_set_contents(head_path, ids[c], -1, NULL));
            place_open(&p, "site");
            g_autofree char *full = dump(walk_from(&p, FILE_NAMES, NULL, 0));
            g_string_truncate(p.state, 0);
            g_autofree char *resumed = dump(walk_from(&p, FILE_NAMES, state->str, state->len));
            g_assert_cmpstr(resumed, ==, full);
            if (p.state->len)
                g_string_append_len(g_string_truncate(state, 0), p.state->str,
                                    (gssize)p.state->len);
            place_close(&p);
        }
        g_string_free(state, TRUE);
        place_end(&p);
    }
}

static void test_resume_walks_new_only(void)
{
    Place p = place_new();
    const char *paths[] = {"a.md", "b.md", NULL};
    for (int i = 0; i < 6; i++) {
        g_autofree char *text = g_strdup_printf("%d", i);
        put(p.folder, i % 2 ? "a.md" : "b.md", text);
        commit(p.folder, text);
    }
    place_open(&p, "");
    walk_from(&p, paths, NULL, 0);
    g_assert_cmpuint(p.walked, ==, 6);
    g_autoptr(GString) state = g_string_new_len(p.state->str, (gssize)p.state->len);
    g_string_truncate(p.state, 0);
    walk_from(&p, paths, state->str, state->len);
    g_assert_cmpuint(p.walked, ==, 0);
    g_assert_cmpuint(p.state->len, ==, 0); /* the old one is as good */
    place_close(&p);
    put(p.folder, "a.md", "new");
    commit(p.folder, "new");
    place_open(&p, "");
    AjHistory *h = walk_from(&p, paths, state->str, state->len);
    g_assert_cmpuint(p.walked, ==, 1);
    assert_log(h, 0, "new 5 3 1");
    assert_log(h, 1, "4 2 0");
    place_end(&p);
}

/* A merge hands the name to an ancestor of the state's head, past that head, which itself would
 * not lead there: the old walk must not be taken up. */
static void test_resume_past_head(void)
{
    Place p = place_new();
    const char *const paths[] = {"x.md", NULL};
    const struct {
        const char *parents, *text;
    } made[] = {{"", "1"},
                {"from :1\n", "2"},
                {"from :1\n", "3"},
                {"from :3\nmerge :2\n", "3"},
                {"from :4\nmerge :2\n", "4"}};
    g_autoptr(GString) stream = g_string_new(NULL);
    g_autoptr(GString) state = g_string_new(NULL);
    for (int i = 0; i < 5; i++) {
        g_string_append_printf(stream,
                               "commit refs/heads/c%d\nmark :%d\ncommitter x <x@x> %d +0000\n"
                               "data 2\nc%d\n%sM 100644 inline x.md\ndata 1\n%s\n",
                               i + 1, i + 1, 1700000000 + i * 60, i + 1, made[i].parents,
                               made[i].text);
    }
    const char *words[] = {"fast-import", "--quiet", NULL};
    g_free(git_in(p.folder, stream->str, words));
    for (int i = 4; i <= 5; i++) {
        g_autofree char *branch = g_strdup_printf("refs/heads/c%d", i);
        GIT(p.folder, "symbolic-ref", "HEAD", branch);
        place_open(&p, "");
        AjHistory *h = walk_from(&p, paths, state->str, state->len);
        assert_log(h, 0, i == 4 ? "c3 c1" : "c5 c3 c2 c1");
        assert_like_git(&p, h, 0);
        g_string_append_len(state, p.state->str, (gssize)p.state->len);
        place_close(&p);
    }
    place_end(&p);
}

/* Cut at every length, every byte turned: read as nothing, never wrongly. */
static void test_state_damaged(void)
{
    Place p = place_new();
    const char *paths[] = {"a.md", NULL};
    put(p.folder, "a.md", "1");
    commit(p.folder, "one");
    put(p.folder, "a.md", "2");
    commit(p.folder, "two");
    place_open(&p, "");
    g_autofree char *want = dump(walk_from(&p, paths, NULL, 0));
    g_autoptr(GString) state = g_string_new_len(p.state->str, (gssize)p.state->len);
    for (size_t i = 0; i < state->len; i++) {
        g_string_truncate(p.state, 0);
        g_autofree char *cut = dump(walk_from(&p, paths, state->str, i));
        g_assert_cmpstr(cut, ==, want);
        g_assert_cmpuint(p.walked, ==, 2);
        state->str[i] ^= 0x41;
        g_autofree char *turned = dump(walk_from(&p, paths, state->str, state->len));
        g_assert_cmpstr(turned, ==, want);
        g_assert_cmpuint(p.walked, ==, 2);
        state->str[i] ^= 0x41;
    }
    place_end(&p);
}

static void test_another_owner(void)
{
    if (g_getenv("SUDO_UID") || geteuid() != 0) {
        g_test_message("only root can give a repository away; the check is libgit2's own");
        return;
    }
    Place p = place_new();
    char *argv[] = {(char *)"chown", (char *)"-R", (char *)"12345", p.folder, NULL};
    g_assert_true(
        g_spawn_sync(NULL, argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL));
    g_autoptr(GError) error = NULL;
    char *prefix = NULL;
    g_assert_null(aj_repo_open(p.folder, &prefix, &error));
    g_assert_error(error, AJ_REPO_ERROR, AJ_REPO_ERROR_OWNER);
    g_assert_nonnull(strstr(error->message, "safe.directory"));
    place_end(&p);
}

int main(int argc, char **argv)
{
    g_autofree char *home = g_dir_make_tmp("aj-home-XXXXXX", NULL);
    g_setenv("HOME", home, TRUE);
    g_setenv("XDG_CONFIG_HOME", home, TRUE);
    g_setenv("GIT_CONFIG_GLOBAL", "/dev/null", TRUE);
    g_setenv("GIT_CONFIG_NOSYSTEM", "1", TRUE);
    g_setenv("GIT_AUTHOR_NAME", "王芳", TRUE);
    g_setenv("GIT_AUTHOR_EMAIL", "w@example.com", TRUE);
    g_setenv("GIT_COMMITTER_NAME", "王芳", TRUE);
    g_setenv("GIT_COMMITTER_EMAIL", "w@example.com", TRUE);
    g_unsetenv("GIT_DIR");
    g_unsetenv("GIT_WORK_TREE");
    g_unsetenv("GIT_INDEX_FILE");
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/history/gitlog/none", test_none);
    g_test_add_func("/history/gitlog/empty", test_empty);
    g_test_add_func("/history/gitlog/linear", test_linear);
    g_test_add_func("/history/gitlog/modified", test_modified);
    g_test_add_func("/history/gitlog/merges", test_merges);
    g_test_add_func("/history/gitlog/renames", test_renames);
    g_test_add_func("/history/gitlog/renames-mended", test_renames_mended);
    g_test_add_func("/history/gitlog/reverts", test_reverts);
    g_test_add_func("/history/gitlog/odd-shapes", test_odd_shapes);
    g_test_add_func("/history/gitlog/rename-across-merge", test_rename_across_merge);
    g_test_add_func("/history/gitlog/prefix-and-names", test_prefix_and_names);
    g_test_add_func("/history/gitlog/shallow", test_shallow);
    g_test_add_func("/history/gitlog/bare-and-worktree", test_bare_and_worktree);
    g_test_add_func("/history/gitlog/strange-text", test_strange_text);
    g_test_add_func("/history/gitlog/hostile-tree", test_hostile_tree);
    g_test_add_func("/history/gitlog/damaged-object", test_damaged_object);
    g_test_add_func("/history/gitlog/alternates", test_alternates);
    g_test_add_func("/history/gitlog/missing-object", test_missing_object);
    g_test_add_func("/history/gitlog/random-like-git", test_random_like_git);
    g_test_add_func("/history/gitlog/random-resume", test_random_resume);
    g_test_add_func("/history/gitlog/resume-walks-new-only", test_resume_walks_new_only);
    g_test_add_func("/history/gitlog/resume-past-head", test_resume_past_head);
    g_test_add_func("/history/gitlog/state-damaged", test_state_damaged);
    g_test_add_func("/history/gitlog/another-owner", test_another_owner);
    int failed = g_test_run();
    tree_remove(home);
    return failed;
}
