/* picture - a photo or a screenshot made small enough: JPEG and PNG, recoded and scaled down.
 *
 * One door to libturbojpeg and libpng. The same bytes and limit give the same bytes wherever those
 * libraries are the same. A turned photo stays turned, colours keep their profile, transparent
 * stays transparent; what else a camera wrote (place, time, device) is left out. Must not know:
 * where the bytes come from, what shows them. */
#pragma once
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* By its first bytes. */
bool aj_picture_is_one(const void *bytes, size_t len);
/* Appends the largest version of at most `limit` bytes that was found. false: not a picture that we
 * can read whole, more than 64 million points, or an eighth of its width is still too much. Damaged
 * input is normal input; memory is at most about 700 MB. */
bool aj_picture_shrink(const void *bytes, size_t len, size_t limit, GString *out);
