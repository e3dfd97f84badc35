/* onefile - a site, a course or a lesson as one HTML file that needs nothing beside it.
 *
 * Pages stand one below the other, so that it reads without scripts too; onefile.js shows one at a
 * time, searches them, and hands each the scripts that it had. Styles, scripts and pictures lie
 * inside; the CSP allows these scripts and styles by SHA-256, and no address at all. Must not know:
 * archives, how pages were made. */
#pragma once
#include "bundle/bundle.h"

bool aj_onefile_arrange(const AjBundleSite *site, AjBundleFile **files_out, uint32_t *count_out,
                        GError **error);
