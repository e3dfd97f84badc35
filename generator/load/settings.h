/* settings - site.yaml to AjConfig.
 *
 * Must not know: the command line (cli lays its options over the result), themes' insides. */
#pragma once
#include "base/diag.h"
#include "model/config.h"

/* `text` may be NULL: no site.yaml, all defaults (title: the folder's name). NULL when the file is
 * broken: an error of the site. Unknown keys warn. */
AjConfig *aj_settings_parse(AjArena *a, const char *text, size_t len, const char *path,
                            const char *root, AjDiags *diags);
