/* store - the ledger on disk: one SQLite file that holds every statement once.
 *
 * WAL, one transaction a file. A statement is kept by its id, its line as written apart from what
 * reports ask for; lines that are no statements are kept too, with the reason. Killed
 * at any moment, the ledger is whole. Whether it was tampered with is records/audit's question.
 * Must not know: files of kiosks, rosters, what a report makes of it. */
#pragma once
#include "records/ledger.h"
#include "records/receipt.h"

typedef struct AjStore AjStore;
/* Makes the file when `create`; else a missing one is an error. A file that is no ledger of ours,
 * or of a newer format, is refused. */
AjStore *aj_store_open(const char *path, bool create, GError **error);
void aj_store_close(AjStore *s); /* NULL is fine */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AjStore, aj_store_close)

/* For rooms that ask the ledger questions of their own: a statement (sqlite3_finalize), or NULL and
 * *error; the ledger's last error, always false; where it lies. */
struct sqlite3_stmt *aj_store_prepare(AjStore *s, const char *sql, GError **error);
bool aj_store_fail(const AjStore *s, GError **error);
const char *aj_store_path(const AjStore *s);

bool aj_store_begin(AjStore *s, GError **error);
bool aj_store_commit(AjStore *s, GError **error);
void aj_store_rollback(AjStore *s);

/* The site whose ledger this is; "" before the first statement. Lives as long as the store. */
const char *aj_store_site(AjStore *s);
bool aj_store_set_site(AjStore *s, const char *site, GError **error);
/* `now`: seconds since 1970. *fresh_out: it was not there before. */
bool aj_store_add(AjStore *s, const AjReceipt *r, const char *file, int64_t now, bool *fresh_out,
                  GError **error);
bool aj_store_refuse(AjStore *s, const char *file, uint32_t line, const char *code,
                     const char *bytes, size_t len, int64_t now, bool *fresh_out, GError **error);

/* Takes what was answered wrongly before `before` out, and the bytes of lines refused before; id,
 * chain, place and hashes stay. */
bool aj_store_forget(AjStore *s, int64_t before, uint32_t *count_out, GError **error);

/* Up to which time answers were forgotten; INT64_MIN: none were. */
int64_t aj_store_forgotten_until(AjStore *s);

/* All statements in the order of their chains: entries, strings in `a`. */
bool aj_store_load(AjStore *s, AjArena *a, AjEntry **entries_out, uint32_t *count_out,
                   GError **error);
/* The line of one statement; NULL when there is none or it was forgotten. In `a`. */
bool aj_store_line(AjStore *s, AjArena *a, const char *id, const char **line_out, GError **error);
/* All statements by id, each with its line as written (len 0: not kept). `tell` says false to stop,
 * which is an error. */
bool aj_store_each(AjStore *s,
                   bool (*tell)(const char *id, const char *line, size_t len, void *data),
                   void *data, GError **error);
uint32_t aj_store_count(AjStore *s);
