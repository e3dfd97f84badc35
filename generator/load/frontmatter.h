/* frontmatter - the YAML between two --- lines, as values with line numbers.
 *
 * libyaml events, nothing clever: anchors, aliases, tags, depth over 8 and duplicate keys are
 * refused. Scalars come out as null, bool, int, double or string by YAML's core schema; dates stay
 * strings.
 * Must not know: which keys mean what (that is load/schema). */
#pragma once
#include "base/diag.h"
#include "base/value.h"

typedef struct {
    AjValue *map;      /* never NULL: an empty map without front matter */
    size_t body;       /* offset of the first byte after the block */
    uint32_t body_line; /* line of that byte, 1-based */
    bool present;
} AjFrontmatter;
/* false when the block is broken; each problem is in `diags` with its line. A BOM has been removed,
 * line ends may be LF or CRLF. */
bool aj_frontmatter_parse(AjArena *a, const char *text, size_t len, const char *path,
                          AjFrontmatter *out, AjDiags *diags);
/* A whole file of YAML (site.yaml, i18n): the map, or NULL with diagnostics. */
AjValue *aj_frontmatter_parse_file(AjArena *a, const char *text, size_t len, const char *path,
                                   AjDiags *diags);
