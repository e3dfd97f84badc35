/* unpack - a bundle that is believed only after its signature, taken apart by its manifest.
 *
 * Order: signature over the whole file, then the manifest, then each entry against it: exactly
 * once, with its size and hash; what a patch makes is held against them likewise. The same open
 * file serves all three. Must not know: where files go.
 */
#pragma once
#include "bundle/manifest.h"
#include "bundle/minisign.h"
#include "bundle/patch.h"

typedef struct AjUnpack AjUnpack;
/* Reads FILE and FILE.minisig. The signature is verified, the manifest read, when this returns. */
AjUnpack *aj_unpack_open(const char *file, const char *public_key_file, GError **error);
const AjManifest *aj_unpack_manifest(const AjUnpack *u);
const char *aj_unpack_comment(const AjUnpack *u); /* the trusted one */
/* The site that a delta is for. `read` gives a file of its manifest that was held against size and
 * hash; the caller frees; NULL with an error. */
typedef struct {
    const AjManifest *manifest;
    char *(*read)(const AjManifestFile *file, void *data, GError **error);
    const AjPatchFold *fold; /* NULL: none is known */
    bool later;              /* patches wait for aj_unpack_make, as many as memory may hold */
} AjUnpackBase;
/* All files, each once: those that patches make, then the others in the order of the manifest.
 * `base` NULL: what patches make is not made, and left out; their form is judged all the same.
 * `sink` gets a file's bytes in pieces: `at` 0 begins it, and at + len == size ends it (an empty
 * file is one piece of 0). Its false stops, with an error. A file's last piece comes before its
 * hash was compared: what was written counts only when the whole returns true. */
typedef bool (*AjUnpackSink)(const AjManifestFile *file, uint64_t at, const void *bytes, size_t len,
                             void *data, GError **error);
bool aj_unpack_files(AjUnpack *u, const AjUnpackBase *base, AjUnpackSink sink, void *data,
                     GError **error);
/* Patches that wait; each is made once, in any order, in any process that was forked since. */
uint32_t aj_unpack_waiting(const AjUnpack *u);
bool aj_unpack_make(AjUnpack *u, uint32_t i, const AjUnpackBase *base, AjUnpackSink sink,
                    void *data, GError **error);
void aj_unpack_free(AjUnpack *u);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AjUnpack, aj_unpack_free)

/* A bundle that need not be signed, to make a delta against it. */
AjUnpack *aj_unpack_peek(const char *file, GError **error);
