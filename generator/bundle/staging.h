/* staging - the next site while it is made, in a folder of its own.
 *
 * New files are written into it; those that stay are held against size and hash once more and
 * linked in. No link on the way is followed, neither to read nor to write. Must not know: what a
 * bundle is, how names are switched. */
#pragma once
#include "bundle/manifest.h"

typedef struct AjStaging AjStaging;
AjStaging *aj_staging_open(const char *site, GError **error);        /* the site as it is */
bool aj_staging_begin(AjStaging *s, const char *to, GError **error); /* the next: makes a folder */
/* A new file's bytes, in pieces: `at` 0 makes it, at + len == size ends it. */
bool aj_staging_piece(AjStaging *s, const AjManifestFile *file, uint64_t at, const void *bytes,
                      size_t len, GError **error);
/* The same bytes as `twin`, a whole file of the next site, stored once: a link; a copy where the
 * disk knows none. */
bool aj_staging_twin(AjStaging *s, const char *path, const char *twin, GError **error);
/* The file of the site as it is: a plain one, of this size and hash? */
bool aj_staging_matches(AjStaging *s, const AjManifestFile *file);
/* Its bytes, if it is so; caller frees. NULL: it is not. */
char *aj_staging_read(AjStaging *s, const AjManifestFile *file);
/* Does the disk know links? Tried with some of the site's files, before any is kept. Where it does
 * not, what is kept stays where it is: then `aj_staging_lacks_links`. */
bool aj_staging_try_links(AjStaging *s, const AjManifestFile *const *files, uint32_t count,
                          GError **error);
/* One of the site's files into the next site. */
bool aj_staging_keep(AjStaging *s, const char *path, GError **error);
bool aj_staging_lacks_links(const AjStaging *s);
void aj_staging_close(AjStaging *s);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AjStaging, aj_staging_close)
