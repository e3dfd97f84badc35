/* scorm - a site as a package for learning platforms: SCORM 1.2 and 2004 4th edition.
 *
 * The whole site, or one course or lesson. One SCO: scorm.html holds the site in a frame, scorm.js
 * speaks to the platform, imsmanifest.xml lists all files (ADL's content aggregation models). Must
 * not know: archives. */
#pragma once
#include "bundle/bundle.h"

bool aj_scorm12_arrange(const AjBundleSite *site, AjBundleFile **files_out, uint32_t *count_out,
                        GError **error);
bool aj_scorm2004_arrange(const AjBundleSite *site, AjBundleFile **files_out, uint32_t *count_out,
                          GError **error);
