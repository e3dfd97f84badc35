/* Result files of kiosks: every line is taken once, as a statement or as bytes, and a statement's
 * text is the bytes of the file. */
#include "records/receipt.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
    const char *bytes;
    size_t len;
    uint32_t line, good, bad;
} Seen;

static void step(Seen *s, uint32_t line, const char *text, size_t len)
{
    g_assert_cmpuint(line, >, s->line);
    g_assert_true(!len || memmem(s->bytes, s->len, text, len));
    s->line = line;
}

static bool good(const AjReceipt *r, void *data, GError **error)
{
    (void)error;
    step(data, r->line, r->text, r->len);
    ((Seen *)data)->good++;
    g_assert_cmpuint(strlen(r->id), ==, 36);
    g_assert_cmpuint(strlen(r->hash), ==, 64);
    g_assert_true(r->chain && r->site && r->who && r->verb && r->object && r->response);
    return true;
}

static bool bad(uint32_t line, const char *code, const char *bytes, size_t len, void *data,
                GError **error)
{
    (void)error;
    step(data, line, bytes, len);
    ((Seen *)data)->bad++;
    g_assert_true(code && *code);
    return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = memfd_create("receipt", MFD_CLOEXEC);
    g_assert_true(fd >= 0 && write(fd, data, size) == (gssize)size);
    g_autofree char *path = g_strdup_printf("/proc/self/fd/%d", fd);
    Seen seen = {(const char *)data, size, 0, 0, 0};
    AjReceiptSink sink = {good, bad, &seen};
    AjReceiptCount count;
    AjDiags *diags = aj_diags_new();
    g_assert_true(aj_receipt_read(path, "f", &sink, diags, &count, NULL));
    g_assert_cmpuint(count.good, ==, seen.good);
    g_assert_cmpuint(count.bad, ==, seen.bad);
    aj_diags_free(diags);
    close(fd);
    return 0;
}
