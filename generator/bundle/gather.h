/* gather - many pieces of memory to one file, in few calls.
 *
 * Small pieces are copied together, large ones are lent and written from where they lie. Must not
 * know: what the bytes are. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct AjGather AjGather;
AjGather *aj_gather_new(int fd); /* the file stays the caller's */
/* `bytes` may be forgotten at once. false: a write failed, errno says why. */
bool aj_gather_copy(AjGather *g, const void *bytes, size_t len);
/* `bytes` must stay until the next flush. */
bool aj_gather_lend(AjGather *g, const void *bytes, size_t len);
bool aj_gather_flush(AjGather *g);
uint64_t aj_gather_len(const AjGather *g); /* of all that was given so far */
void aj_gather_free(AjGather *g);          /* what was not flushed is lost */
