/* pages - memory that is about to be filled, asked of the kernel in one piece.
 *
 * Must not know: what goes into it. */
#include "base/pages.h"

#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* Linux 5.14 */
#endif

void aj_pages_reserve(GString *s, size_t size)
{
    size_t len = s->len, page = (size_t)sysconf(_SC_PAGESIZE);
    g_string_set_size(s, len + size);
    g_string_truncate(s, len);
    uintptr_t from = ((uintptr_t)s->str + len + page - 1) & ~(page - 1);
    uintptr_t to = ((uintptr_t)s->str + len + size) & ~(page - 1);
    if (to > from)
        madvise((void *)from, to - from, MADV_POPULATE_WRITE);
}
