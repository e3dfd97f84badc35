/* json - one door to JSON: jansson reads, we write.
 *
 * Must not know: any schema. */
#pragma once
#include "base/value.h"

/* Refuses duplicate keys, depth over 512, invalid UTF-8 and NUL. Big numbers become doubles. */
AjValue *aj_json_parse(AjArena *a, const char *text, size_t len, GError **error);
/* Keys in the order of the map. `indent` 0: one line. HTML-sensitive characters are escaped, so
 * that the result may stand in an attribute or script file after its own escape. */
void aj_json_print(const AjValue *v, unsigned indent, GString *out);
