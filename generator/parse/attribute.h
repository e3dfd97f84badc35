/* attribute - {#id .class key=value}, as pandoc writes it.
 *
 * Must not know: where it stands, which attributes are harmless (render/html decides). */
#pragma once
#include "model/tree.h"

/* Reads braces at `s` and adds what they hold to `out`. Returns the bytes they take, 0 when they
 * are no attributes (or hold nothing); `out` is untouched then. */
size_t aj_attribute_parse(AjArena *a, const char *s, size_t len, AjAttr *out);
