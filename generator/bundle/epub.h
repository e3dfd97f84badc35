/* epub - the content pages of a site as a book: EPUB 3.3.
 *
 * Pages in the order of the courses, then the rest; answers in an appendix. The same files and
 * commit give the same bytes. Must not know: archives, how a page becomes XHTML. */
#pragma once
#include "bundle/bundle.h"

bool aj_epub_arrange(const AjBundleSite *site, AjBundleFile **files_out, uint32_t *count_out,
                     GError **error);
