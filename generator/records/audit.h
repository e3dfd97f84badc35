/* audit - the ledger against itself: chains, hashes, countersignatures.
 *
 * The head of each chain is countersigned when it moves, so that taking statements away from the
 * end shows too. Must not know: files of kiosks, rosters, what a report makes of it. */
#pragma once
#include "records/store.h"

/* What chains of statements, as the whole ledger has them, lack. Diagnostics name the file and line
 * of the statement behind the hole. All chains, or the one named. */
bool aj_audit_chain(AjStore *s, const char *chain, AjDiags *diags, GError **error);
/* Signs the head of a chain unless that head is signed. */
bool aj_audit_countersign(AjStore *s, const char *chain, const char *secret, int64_t now,
                          GError **error);
/* The whole ledger against itself: SQLite's check, every id and hash, every countersignature, and
 * that each chain's last statement has one. `public`: the key that must have signed, NULL: any. */
bool aj_audit_ledger(AjStore *s, const char *public, AjDiags *diags, uint32_t *statements_out,
                     uint32_t *heads_out, GError **error);
