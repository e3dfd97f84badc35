/* edition - several editions of a site in one: which there are, and the way between them.
 *
 * The present edition lies at the root of the published folder, that of tag v1 below editions/v1/.
 * Each is built like any site, in the cache folder, first as far as its plan, so that each page
 * can say whether the others have it; then all are published together.
 * Must not know: how a site is built, how a switcher looks. */
#pragma once
#include "driver/build.h"

#include "base/hash.h"

typedef struct {
    const char *name;      /* of the tag; "" for the present one */
    const char *folder;    /* "" or "editions/v1/" */
    const char *date;      /* of the tag's commit; "" */
    const char *commit;    /* of the tag; "" for the present one */
    GHashTable *addresses; /* what it holds: a set of strings */
} AjEdition;
typedef struct AjEditions {
    const AjEdition *list;
    uint32_t count, current;
} AjEditions;

/* Everything that the switcher says into the key of a site. */
void aj_editions_add(const AjEditions *e, AjHashState *hash);
/* Sets editions: [{name, url, date, is_old, is_current, is_missing}], has_editions and
 * is_old_edition; `root` leads from the output to the root of its own edition. */
void aj_editions_put(AjArena *a, const AjEditions *e, AjValue *map, const char *address,
                     const char *root);
/* As aj_build with all tags that site.yaml's `editions` names beside what is there now. Problems of
 * old editions' content are warnings: they cannot be mended any more. */
bool aj_editions_build(const AjBuildOptions *options, AjDiags *diags, AjBuildStats *stats,
                       GError **error);
