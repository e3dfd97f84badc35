/* Archives: whatever the bytes are, entries come with a name and no more bytes than they say, and
 * reading ends. */
#include "bundle/reader.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { ENTRIES_MAX = 1000, BYTES_MAX = 4 << 20 };

static bool read_entry(AjReader *r, uint64_t size, uint64_t *all)
{
    char bytes[4096];
    uint64_t sum = 0;
    gssize got;
    while ((got = aj_reader_read(r, bytes, sizeof bytes, NULL)) > 0) {
        sum += (uint64_t)got;
        g_assert_cmpuint(sum, <=, size);
        if ((*all += (uint64_t)got) > BYTES_MAX)
            return false;
    }
    return got == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = memfd_create("archive", MFD_CLOEXEC);
    g_assert_true(fd >= 0 && write(fd, data, size) == (gssize)size);
    AjReader *r = aj_reader_open(fd, NULL);
    const char *name;
    uint64_t bytes = 0, all = 0;
    for (unsigned n = 0; r && n < ENTRIES_MAX && aj_reader_next(r, &name, &bytes, NULL); n++) {
        g_assert_true(*name && !strstr(name, ".."));
        if (!read_entry(r, bytes, &all))
            break;
    }
    if (r)
        aj_reader_free(r);
    close(fd);
    return 0;
}
