/* spell - which known name an unknown one was meant to be.
 *
 * Must not know: what the names stand for. */
#pragma once
#include <stddef.h>

/* The name nearest to `word` by edit distance in characters, or NULL when none is near: at most
 * about a third of the shorter one may differ. NULL entries are passed over. */
const char *aj_spell_nearest(const char *word, const char *const *names, size_t count);
