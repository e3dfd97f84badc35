/* unzip - one member of a zip file held in memory, with a limit on what it may become.
 *
 * After APPNOTE 6.3: end record, central directory, stored and deflated members; no encryption, no
 * zip64, no second disk. Names and sizes are the directory's, checked against the bytes there are.
 * Must not know: what is in the members. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct {
    const uint8_t *bytes; /* borrowed */
    size_t len;
    const uint8_t *directory;
    uint32_t count;
} AjUnzip;
typedef enum { AJ_UNZIP_GOOD, AJ_UNZIP_ABSENT, AJ_UNZIP_BROKEN, AJ_UNZIP_LARGE } AjUnzipResult;

bool aj_unzip_open(AjUnzip *zip, const void *bytes, size_t len); /* false: no zip of this kind */
/* The name of member `i`, not NUL-terminated; NULL past the end. */
const char *aj_unzip_name(const AjUnzip *zip, uint32_t i, size_t *len_out);
/* The whole member with a NUL behind it, caller frees. More than `limit` bytes are never made,
 * whatever the directory says. */
AjUnzipResult aj_unzip_read(const AjUnzip *zip, const char *name, size_t limit, char **text_out,
                            size_t *len_out);
