/* A chain as its kiosk wrote it, and every way in which it may have come to harm.
 * Must not know: the ledger. */
#include "records.h"

#include "base/fs.h"

#include <glib/gstdio.h>
#include <unistd.h>

static AjDiags *diags;
static GString *seen;

static bool good(const AjReceipt *r, void *data, GError **error)
{
    (void)data;
    (void)error;
    g_string_append_printf(seen, "%" G_GINT64_FORMAT " ", r->seq);
    g_assert_cmpstr(r->verb, ==, "answered");
    g_assert_cmpstr(r->site, ==, SITE);
    g_assert_cmpstr(r->seed, ==, "7");
    g_assert_cmpint(r->success, ==, 0);
    g_assert_cmpint(r->completion, ==, -1);
    g_assert_true(r->duration == 9.5 && r->scaled == 0.5 && r->hours == -1);
    g_assert_cmpint(r->time, ==, 1795136523);
    return true;
}

static bool bad(uint32_t line, const char *code, const char *bytes, size_t len, void *data,
                GError **error)
{
    (void)code;
    (void)bytes;
    (void)len;
    (void)data;
    (void)error;
    g_string_append_printf(seen, "!%u ", line);
    return true;
}

/* What is taken and refused, then the codes with their lines. */
static void is(const char *text, size_t len, const char *wanted)
{
    g_autofree char *path = NULL;
    g_autoptr(GError) error = NULL;
    int fd = g_file_open_tmp("receipt-XXXXXX", &path, &error);
    g_assert_cmpint(fd, >=, 0);
    close(fd);
    g_assert_true(g_file_set_contents(path, text, (gssize)len, &error));
    AjReceiptSink sink = {good, bad, NULL};
    AjReceiptCount count;
    aj_diags_clear(diags);
    g_string_truncate(seen, 0);
    g_assert_true(aj_receipt_read(path, "f", &sink, diags, &count, &error));
    g_unlink(path);
    for (uint32_t i = 0; i < aj_diags_total(diags); i++) {
        const AjDiag *d = aj_diags_at(diags, i);
        g_string_append_printf(seen, "%u:%s ", d->pos.line, d->code + strlen("record-"));
    }
    g_assert_cmpstr(seen->str, ==, wanted);
}

static char *lines[6];

static void is_lines(const char *wanted, const char *form)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (const char *p = form; *p; p++) {
        g_string_append(text, lines[*p - '1']);
        g_string_append_c(text, '\n');
    }
    is(text->str, text->len, wanted);
}

static void test_chain(void)
{
    is("", 0, "");
    is_lines("1 2 3 4 5 6 ", "123456");
    is_lines("3 4 ", "34");
    is_lines("1 2 1 2 ", "1212");
    is_lines("1 2 4 3:gap ", "124");
    is_lines("1 3 2 2:gap 3:order ", "132");
}

static void test_bytes(void)
{
    for (size_t i = 0; i < strlen(lines[1]); i++) {
        g_autofree char *changed = g_strdup(lines[1]);
        changed[i] ^= 1;
        g_autofree char *text = g_strdup_printf("%s\n%s\n", lines[0], changed);
        g_autofree char *path = NULL;
        int fd = g_file_open_tmp("receipt-XXXXXX", &path, NULL);
        close(fd);
        g_assert_true(g_file_set_contents(path, text, -1, NULL));
        AjReceiptSink none = {0};
        AjReceiptCount count;
        aj_diags_clear(diags);
        g_assert_true(aj_receipt_read(path, "f", &none, diags, &count, NULL));
        g_unlink(path);
        g_assert_cmpuint(count.good, ==, 1);
        g_assert_cmpuint(count.problems, >=, 1);
    }
}

static void test_harm(void)
{
    g_autofree char *cut = g_strndup(lines[0], 100);
    is(cut, 100, "!1 1:cut ");
    is(lines[0], strlen(lines[0]), "1 1:cut ");
    is("x\n{}\n[]\n\n \n", 11, "!1 !2 !3 1:json 2:format 3:format 4:blank ");
    char prev[65] = ZERO;
    prev[0] = '1';
    g_autofree char *odd = statement_make(CHAIN, 1, prev, "answered", "");
    g_autofree char *text = g_strdup_printf("%s\n", odd);
    is(text, strlen(text), "1 1:prev ");
    char other[65] = ZERO;
    g_autofree char *twin = statement_make(CHAIN, 1, other, "answered", "B");
    g_autofree char *both = g_strdup_printf("%s\n%s\n", lines[0], twin);
    is(both, strlen(both), "1 1 2:twice ");
    char zero[65] = ZERO;
    g_autofree char *phone = statement_make(CHAIN, 1, zero, "answered", "13800138000");
    g_autofree char *one = g_strdup_printf("%s\n", phone);
    is(one, strlen(one), "1 1:personal ");
    g_autoptr(GString) big = g_string_new(NULL);
    for (int i = 0; i < AJ_RECEIPT_LINE_LIMIT + 1; i++)
        g_string_append_c(big, 'x');
    g_string_append_printf(big, "\n%s\n", lines[0]);
    is(big->str, big->len, "!1 1 1:long ");
}

static void test_world(void)
{
    g_autoptr(GError) error = NULL;
    AjReceiptSink none = {0};
    AjReceiptCount count;
    g_assert_false(aj_receipt_read("/nowhere/a.jsonl", "f", &none, diags, &count, &error));
    g_assert_error(error, AJ_FS_ERROR, AJ_FS_ERROR_NOT_FOUND);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    diags = aj_diags_new();
    seen = g_string_new(NULL);
    char prev[65] = ZERO;
    for (int i = 0; i < 6; i++)
        lines[i] = statement_make(CHAIN, i + 1, prev, "answered", "A");
    g_test_add_func("/records/receipt/chain", test_chain);
    g_test_add_func("/records/receipt/bytes", test_bytes);
    g_test_add_func("/records/receipt/harm", test_harm);
    g_test_add_func("/records/receipt/world", test_world);
    int code = g_test_run();
    for (int i = 0; i < 6; i++)
        g_free(lines[i]);
    g_string_free(seen, TRUE);
    aj_diags_free(diags);
    return code;
}
