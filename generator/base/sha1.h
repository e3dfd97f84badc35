/* sha1 - the hash by which git names things, as fast as the machine can.
 *
 * Only for names that git gives too, never as a proof of anything.
 * Must not know: git's objects. */
#pragma once
#include <stddef.h>
#include <stdint.h>

/* SHA-1 of `head` followed by `bytes`; head_len < 64. */
void aj_sha1(const void *head, size_t head_len, const void *bytes, size_t len, uint8_t out[20]);
