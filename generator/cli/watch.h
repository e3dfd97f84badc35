/* watch - tells when something in a set of folders has changed, once for a burst of changes.
 *
 * Folders made later are watched too; hidden names, what editors leave behind, dist and
 * node_modules are not. Needs a running main loop.
 * Must not know: what is done about it. */
#pragma once
#include <stdbool.h>

typedef struct AjWatch AjWatch;
/* `changed` runs in the main loop, `quiet_ms` after the last change of a burst. */
AjWatch *aj_watch_new(unsigned quiet_ms, void (*changed)(void *data), void *data);
void aj_watch_free(AjWatch *w);
/* A folder and all below it; one that is absent is ignored. False when the limit of watched folders
 * was reached: some changes will not be seen. */
bool aj_watch_add_tree(AjWatch *w, const char *folder);
/* A single file, present or not; its folder must exist. */
void aj_watch_add_file(AjWatch *w, const char *path);
/* Whatever a build may read: the site at `dir` (absolute), themes and filters of the repository
 * around it, of $ANJIAN_DATA and of `program`; and git's log of where HEAD has been, for versions.
 * False as above. */
bool aj_watch_add_site(AjWatch *w, const char *dir, const char *program);
