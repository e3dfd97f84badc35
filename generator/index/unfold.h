/* unfold - search files as bytes that change little where a page changes, and back.
 *
 * One changed page changes bits in nearly every file of terms and shifts all that stand behind
 * them; one unit more gives others new numbers. So a difference between two editions is taken
 * between their unfolded files, in the new edition's numbers: every key, document and impact is
 * bytes of its own, and what did not change is found by any compressor. A file that is not ours
 * goes as it is. Must not know: compressors, archives, the file system. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* Counts up with whatever changes what aj_unfold_print makes of the same files. */
enum { AJ_UNFOLD_FORM = 1 };

typedef struct {
    const char *name, *bytes; /* name: below the search folder, "t/0.js" */
    size_t len;
} AjUnfoldFile;

/* Appends which documents of the old edition are which of the new one. Both lists hold manifest.js
 * and all of f/; other files are passed over. */
void aj_unfold_moves(const AjUnfoldFile *old, uint32_t old_count, const AjUnfoldFile *new,
                     uint32_t new_count, GString *moves_out);

/* Appends the files in their order. `moves` NULL: the new side, which aj_unfold_read reads back to
 * these very bytes; else the old side in the new one's numbers. Without manifest.js among them all
 * files go as they are. */
void aj_unfold_print(const AjUnfoldFile *files, uint32_t count, const char *moves, size_t moves_len,
                     GString *out);

typedef bool (*AjUnfoldSink)(const char *name, const char *bytes, size_t len, void *data);
/* Back to files; bytes live for the call. false: not what aj_unfold_print makes, or the sink said
 * stop. */
bool aj_unfold_read(const char *bytes, size_t len, AjUnfoldSink sink, void *data);
