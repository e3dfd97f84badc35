/* logwalk - one walk over the commits: which of them revised which name, and what was renamed.
 *
 * A log that an earlier walk left is gone on with: only commits since then are walked, and the
 * outcome is that of a walk from nothing.
 * Must not know: pages, how a log is kept or asked. */
#pragma once
#include "history/commits.h"
#include "history/logstate.h"
#include "history/treediff.h"

/* Everything below key->prefix that key->head reaches, into `log`: its commits in walk order, the
 * head first; its events by name, then commit; its renames sorted. AjLog.files is not touched.
 * `walked_out`: commits looked at. */
bool aj_logwalk_run(AjLog *log, AjRepo *repo, AjCommits *commits, AjTrees *trees,
                    const AjLogKey *key, uint32_t *walked_out, GError **error);
