/* The ledger and what collects into it: once each, signed, verified, forgotten; and edited behind
 * our back. Must not know: reports. */
#include "records.h"

#include "base/fs.h"
#include "base/sign.h"
#include "records/audit.h"
#include "records/collect.h"

#include <glib/gstdio.h>

static char *folder, *path;
static char secret[65];

static void put(const char *name, const char *form, char *const *lines)
{
    g_autofree char *file = g_build_filename(folder, name, NULL);
    g_autoptr(GString) text = g_string_new(NULL);
    for (; *form; form++)
        g_string_append_printf(text, "%s\n", lines[*form - '1']);
    g_assert_true(aj_fs_write(file, text->str, text->len, NULL));
}

static AjCollectCount collect(AjStore *s, AjDiags *diags)
{
    AjCollectCount count;
    g_autoptr(GError) error = NULL;
    AjCollectOptions how = {folder, "in", NULL, secret, 1795200000};
    aj_diags_clear(diags);
    g_assert_true(aj_collect(s, &how, diags, &count, &error));
    g_assert_no_error(error);
    return count;
}

static void test_collect(void)
{
    char prev[65] = ZERO;
    char *lines[5];
    g_autoptr(AjDiags) diags = aj_diags_new();
    g_autoptr(GError) error = NULL;
    for (int i = 0; i < 5; i++)
        lines[i] = statement_make(CHAIN, i + 1, prev, i == 2 ? "passed" : "answered", "A");
    put("a.jsonl", "12", lines);
    put("c.jsonl", "5", lines);
    put("d.txt", "3", lines);
    AjStore *s = aj_store_open(path, true, &error);
    g_assert_no_error(error);
    AjCollectCount count = collect(s, diags);
    g_assert_cmpuint(count.fresh, ==, 3);
    g_assert_cmpuint(count.files, ==, 2);
    g_assert_cmpuint(aj_diags_total(diags), ==, 1); /* 3 and 4 are missing, told at 5 */
    g_assert_cmpstr(aj_diags_at(diags, 0)->code, ==, "record-gap");
    g_assert_cmpstr(aj_diags_at(diags, 0)->pos.path, ==, "in/c.jsonl");
    put("b.jsonl", "34", lines);
    count = collect(s, diags);
    g_assert_cmpuint(count.fresh, ==, 2);
    g_assert_cmpuint(aj_diags_total(diags), ==, 0);
    g_assert_cmpuint(collect(s, diags).fresh, ==, 0);
    g_assert_cmpstr(aj_store_site(s), ==, SITE);
    uint32_t statements, heads, gone;
    g_assert_true(aj_audit_ledger(s, NULL, diags, &statements, &heads, &error));
    g_assert_cmpuint(statements, ==, 5);
    g_assert_cmpuint(heads, ==, 1); /* the head never moved after the first time */
    g_assert_cmpuint(aj_diags_total(diags), ==, 0);

    AjArena *a = aj_arena_new(1 << 12);
    const char *line;
    AjEntry *entries;
    uint32_t n;
    g_assert_true(aj_store_load(s, a, &entries, &n, &error));
    g_assert_cmpuint(n, ==, 5);
    g_assert_cmpint(entries[2].seq, ==, 3);
    g_assert_cmpstr(entries[2].verb, ==, "passed");
    g_assert_true(aj_store_line(s, a, entries[0].id, &line, &error));
    g_assert_cmpstr(line, ==, lines[0]);
    g_assert_true(aj_store_forget(s, 1795300000, &gone, &error));
    g_assert_cmpuint(gone, ==, 4); /* the answers; what was passed stays */
    g_assert_true(aj_store_line(s, a, entries[0].id, &line, &error));
    g_assert_null(line);
    g_assert_true(aj_audit_ledger(s, NULL, diags, &statements, &heads, &error));
    g_assert_cmpuint(aj_diags_total(diags), ==, 0);
    aj_arena_free(a);
    for (int i = 0; i < 5; i++)
        g_free(lines[i]);
    aj_store_close(s);
    s = aj_store_open(path, false, &error);
    g_assert_nonnull(s);
    g_assert_cmpuint(aj_store_count(s), ==, 5);
    aj_store_close(s);
}

static void test_world(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *other = g_build_filename(folder, "none.db", NULL);
    g_assert_null(aj_store_open(other, false, &error));
    g_assert_nonnull(error);
    g_clear_error(&error);
    g_assert_true(aj_fs_write(other, "this is no ledger of ours, nor of anybody", 40, NULL));
    g_assert_null(aj_store_open(other, true, &error));
    g_assert_nonnull(error);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("store-XXXXXX", NULL);
    path = g_build_filename(folder, "ledger.db", NULL);
    aj_sign_fresh(secret);
    g_test_add_func("/records/store/collect", test_collect);
    g_test_add_func("/records/store/world", test_world);
    int code = g_test_run();
    aj_fs_remove_tree(folder, NULL);
    g_free(folder);
    g_free(path);
    return code;
}
