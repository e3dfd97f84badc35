/* receipt - a result file of a kiosk: read line by line, each line and the chain of lines judged.
 *
 * The format, its two hashes and the codes are those of docs/train/record.md. Bad lines are named
 * with file and line and handed on as bytes; the good part is kept. A file is never changed, and
 * may be of any size: memory is that of one line and one entry a statement.
 * Must not know: the ledger, rosters, what a report needs. */
#pragma once
#include "base/diag.h"

enum { AJ_RECEIPT_LINE_LIMIT = 1 << 16, AJ_RECEIPT_FORMAT = 1 };

/* One statement whose bytes are what its kiosk wrote. Strings live until the callback returns;
 * those that the statement does not have are "". */
typedef struct {
    uint32_t line; /* in the file */
    const char *text;
    size_t len;
    const char *id, *hash; /* hash: SHA-256 of the line, 64 hex digits */
    const char *chain, *prev;
    int64_t seq;
    const char *site, *who, *verb, *object; /* verb: its last word */
    const char *page, *commit, *content, *questions, *question, *seed;
    const char *bundle, *station, *key, *registration, *response;
    const char *timestamp;                    /* as written */
    int64_t time;                             /* seconds since 1970; INT64_MIN: no time */
    double hours, raw, max, scaled, duration; /* -1: not said */
    int success, completion;                  /* -1: not said */
    bool personal; /* somebody's identity or mobile number stands in it: `text` may not be kept */
} AjReceipt;

typedef struct {
    /* false: stop, the world failed. `bad` gets lines that are no statements; code as printed. */
    bool (*good)(const AjReceipt *r, void *data, GError **error);
    bool (*bad)(uint32_t line, const char *code, const char *bytes, size_t len, void *data,
                GError **error);
    void *data;
} AjReceiptSink;
typedef struct {
    uint32_t good, bad, problems;
} AjReceiptCount;

/* `shown` names the file in diagnostics. A chain may begin at any seq: a file can be a part.
 * false: the file cannot be read, or the sink failed. */
bool aj_receipt_read(const char *path, const char *shown, const AjReceiptSink *sink, AjDiags *diags,
                     AjReceiptCount *count, GError **error);
/* The id of a line: what its bytes say. `text` must begin with {"id":" and 36 more bytes. */
void aj_receipt_identify(const char *text, size_t len, char out[37]);
