/* frontmatter - the YAML between two --- lines, as values with line numbers.
 *
 * libyaml events, nothing clever: anchors, aliases, tags, directives, depth over 8, duplicate keys,
 * blocks over 64 KiB, maps over 1,000 keys and more than 10,000 nodes are refused. Scalars come out
 * as null, bool, int, double or string by YAML's core schema; what a number could not give back
 * (007, .inf, 20 digits) and dates stay strings.
 * Must not know: which keys mean what (that is load/schema). */
#pragma once
#include "base/diag.h"
#include "base/value.h"

typedef struct {
    AjValue *map;       /* never NULL: an empty map without front matter */
    size_t body;        /* offset of the first byte after the block */
    uint32_t body_line; /* line of that byte, 1-based */
    bool present;
} AjFrontmatter;
/* false when the block is broken; each problem is in `diags` with its line. A BOM is stepped over,
 * line ends may be LF or CRLF. A first line --- with a blank line after it is a thematic break, not
 * front matter. The block ends at a line --- or ... */
bool aj_frontmatter_parse(AjArena *a, const char *text, size_t len, const char *path,
                          AjFrontmatter *out, AjDiags *diags);
/* A whole file of YAML (site.yaml, i18n): the map, or NULL with diagnostics. An empty file is an
 * empty map. At most 1 MiB and 100,000 nodes. */
AjValue *aj_frontmatter_parse_file(AjArena *a, const char *text, size_t len, const char *path,
                                   AjDiags *diags);
