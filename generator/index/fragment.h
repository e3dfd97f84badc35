/* fragment - the units' text in small files, for what a result shows and for the last check.
 *
 * Must not know: terms, scores. */
#pragma once
#include "index/volume.h"

bool aj_fragment_write(AjVolume *v); /* false: the sink said stop */
/* Appends `s` as a quoted script string, cut to `limit` bytes at a character. */
void aj_fragment_append_string(GString *out, const char *s, size_t limit);
