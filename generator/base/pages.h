/* pages - memory that is about to be filled, asked of the kernel in one piece.
 *
 * Must not know: what goes into it. */
#pragma once
#include <glib.h>
#include <stddef.h>

/* Room for `size` more bytes in `s`, given at once and not page by page as they are touched; where
 * the kernel cannot, later. */
void aj_pages_reserve(GString *s, size_t size);
