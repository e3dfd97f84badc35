/* fragment - the units' text in small files, for what a result shows and for the last check.
 *
 * A file holds what one page says in AJ_SEGMENT_PART units, or several pages of a big site, parted
 * by '&': f/KEY-NUMBER.js, and f/KEY-NUMBER-PART.js for what follows in a long page; KEY is that of
 * the page's group, NUMBER the page's place in it >> pack, among those that have units. Nothing in
 * it tells of other pages or of documents' numbers, so it changes with its own pages alone. Must
 * not know: terms, scores. */
#pragma once
#include "index/volume.h"

bool aj_fragment_write(AjVolume *v); /* false: the sink said stop */
