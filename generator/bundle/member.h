/* member - what an archive says of each file: its hash, its checksum, its deflated bytes.
 *
 * Made in parallel and kept in a cache file, so that a second bundle deflates only what changed.
 * The same bytes deflate to the same bytes on any machine with the same libdeflate. Must not know:
 * any archive's form. */
#pragma once
#include "base/hash.h"
#include "bundle/bundle.h"

typedef struct {
    AjHash hash; /* of the plain bytes */
    uint64_t size;
    uint32_t crc; /* CRC-32 of the plain bytes */
    bool deflated;
    const char *data; /* deflated bytes; of a stored file NULL (then it is read from its path) */
    uint64_t data_len;
    uint32_t data_crc; /* CRC-32 of the deflated bytes */
} AjMember;
typedef struct AjMembers AjMembers;

/* One a file, in order. `cache`: the file to reuse and to keep up, with CACHE.data beside; NULL for
 * none. With a cache `stats` has an entry a file, as each was found before this call (of a file
 * without a path it counts for nothing); else it is NULL. */
AjMembers *aj_members_make(const AjBundleFile *files, uint32_t count, const AjFsEntry *stats,
                           const char *cache, GError **error);
/* One more, before all others: bytes that could only be known after them (a manifest, patches). */
void aj_members_add_first(AjMembers *m, const char *bytes, size_t len);
/* For a bundle of some of the files: member `from` takes the place `to`; the first `count` stay. */
void aj_members_move(AjMembers *m, uint32_t from, uint32_t to);
void aj_members_cut(AjMembers *m, uint32_t count);
const AjMember *aj_members_at(const AjMembers *m, uint32_t i);
uint32_t aj_members_made(const AjMembers *m); /* how many files the cache had not */
void aj_members_free(AjMembers *m);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AjMembers, aj_members_free)
