/* output - a site is published whole or not at all.
 *
 * A new generation is made in .OUT.new-PID beside OUT; files that did not change are hard links
 * into the old one; then one syncfs, one exchange of names, one fsync of the parent. The generation
 * that this takes out of OUT waits in the cache folder: the next build begins with it, where nearly
 * every file is already the one that it wants, so that neither links nor unlinks are paid for what
 * did not change. A lock beside OUT keeps two builds apart. Must not know: what the files are, when
 * they count as unchanged (the caller says so). */
#pragma once
#include "base/fs.h"

#define AJ_OUTPUT_ERROR (aj_output_error_quark())
GQuark aj_output_error_quark(void);
typedef enum { AJ_OUTPUT_ERROR_NO_EXCHANGE, AJ_OUTPUT_ERROR_NOT_OURS } AjOutputError;

typedef struct AjOutput AjOutput;
typedef struct {
    uint64_t size, inode;
    int64_t mtime_ns;
} AjStamp; /* enough to see that a published file is still the one we wrote */
bool aj_stamp_equal(const AjStamp *x, const AjStamp *y);

/* Locks OUT (waits for another build to end), puts leftovers of killed builds away. `out` is
 * absolute. Refuses a folder that is not empty and was not made by us. */
AjOutput *aj_output_open(const char *out, GError **error);
/* Unlocks; puts an unpublished generation away. NULL is fine. */
void aj_output_close(AjOutput *o);
/* The folder for caches of this OUT: .OUT.cache beside it. */
const char *aj_output_cache(const AjOutput *o);
/* Starts the new generation. Call before any fork that writes. */
bool aj_output_begin(AjOutput *o, GError **error);
/* Makes the folders above a file. */
bool aj_output_folder(AjOutput *o, const char *address, GError **error);
/* All files of the published site, sorted, our marker first among them; NULL when there is none.
 * One walk asks for each stamp by a short name. */
AjFsList *aj_output_list_old(const AjOutput *o);
/* Sees to it that the new generation has the file with this stamp, from the generation that it
 * began with or the published one; false when neither has it (then write it). */
bool aj_output_keep(AjOutput *o, const char *address, const AjStamp *known);
/* Writes, or keeps the old file when it has the same bytes. The last two out may be NULL. */
bool aj_output_write(AjOutput *o, const char *address, const void *bytes, size_t len,
                     AjStamp *stamp_out, bool *written_out, GError **error);
/* The same with the bytes of a file. */
bool aj_output_copy(AjOutput *o, const char *address, const char *from, AjStamp *stamp_out,
                    GError **error);
/* The same, and stored once where the file system knows hard links: as `twin`, an address of the
 * new generation with the same bytes, or else (NULL) as the file itself, which must never be
 * written to in place. A file that the published site has with these bytes keeps its time. */
bool aj_output_share(AjOutput *o, const char *address, const char *from, const char *twin,
                     GError **error);
/* Removes from the new generation what is not in this set of addresses, and empty folders. Takes
 * the set over with one name more. Call it after the last file. */
void aj_output_prune(AjOutput *o, GHashTable *wanted);
/* Exchange; the old generation is put away in the cache folder for the next build to begin with.
 * `in_place`: two renames where the file system knows no exchange. */
bool aj_output_publish(AjOutput *o, bool in_place, GError **error);
