/* zim - a site as a ZIM file, for Kiwix and its kin; written by openZIM's zimwriterfs (zim-tools).
 *
 * UUID, date and checksum are the writer's, so the bytes differ from run to run. Without the writer
 * it is an error that says what to install. Must not know: what is in the pages. */
#pragma once
#include "bundle/bundle.h"

bool aj_zim_arrange(const AjBundleSite *whole, AjBundleFile **files_out, uint32_t *count_out,
                    GError **error);
