/* zst - bytes to one zstd frame, with a window as wide as all of them need.
 *
 * Must not know: what the bytes are. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct AjZst AjZst;
/* `total`: about how many bytes come. The frame goes to `fd`, in one thread, so that its bytes do
 * not depend on the machine. */
AjZst *aj_zst_new(int fd, uint64_t total);
/* false: see aj_zst_reason. */
bool aj_zst_add(AjZst *z, const void *bytes, size_t len);
bool aj_zst_end(AjZst *z);
const char *aj_zst_reason(const AjZst *z); /* borrowed; "" while all is well */
void aj_zst_free(AjZst *z);
