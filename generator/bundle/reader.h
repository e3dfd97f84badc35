/* reader - the entries of a bundle's archive, and nothing that a bundle of ours would not have.
 *
 * zip and tar.zst as bundle/zip and bundle/bundle write them: regular files with plain names, no
 * link, device, password or sparse file, nothing before the first and nothing after the last byte
 * of the archive. libarchive takes the archive apart; it is never asked to write to the disk. Must
 * not know: manifests, signatures. */
#pragma once
#include "bundle/bundle.h"

typedef struct AjReader AjReader;
/* Reads from `fd`, which stays the caller's, from its beginning. */
AjReader *aj_reader_open(int fd, GError **error);
/* The next entry; false at the end, or with an error. The name lives until the next call. */
bool aj_reader_next(AjReader *r, const char **name_out, uint64_t *size_out, GError **error);
/* Up to `len` bytes of the entry under way; 0 at its end, -1 with an error. */
gssize aj_reader_read(AjReader *r, void *bytes, size_t len, GError **error);
void aj_reader_free(AjReader *r);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AjReader, aj_reader_free)
