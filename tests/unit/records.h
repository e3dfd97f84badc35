/* Statements for the tests of records/: made here, with both hashes right.
 * Must not know: any room's work. */
#pragma once
#include "base/hash.h"
#include "records/receipt.h"

#include <glib.h>
#include <string.h>

#define CHAIN "0123456789abcdef0123456789abcdef"
#define ZERO "0000000000000000000000000000000000000000000000000000000000000000"
#define SITE "https://example.org/"

/* One line without its line feed; `prev` is moved on to its hash. */
static inline char *statement_make(const char *chain, int seq, char prev[65], const char *verb,
                                   const char *response)
{
    char *line = g_strdup_printf(
        "{\"id\":\"00000000-0000-0000-0000-000000000000\",\"actor\":{\"account\":{\"homePage\":"
        "\"" SITE "\",\"name\":\"p-1\"}},\"verb\":{\"id\":\"http://adlnet.gov/expapi/verbs/%s\"},"
        "\"object\":{\"id\":\"" SITE "a.html\"},\"result\":{\"success\":false,\"response\":\"%s\","
        "\"duration\":\"PT9.5S\",\"score\":{\"raw\":1,\"max\":2,\"scaled\":0.5}},\"context\":{"
        "\"extensions\":{\"urn:anjian:record\":{\"format\":1,\"chain\":\"%s\",\"seq\":%d,"
        "\"prev\":\"%s\",\"page\":\"a.md\",\"seed\":7}}},\"timestamp\":\"2026-11-20T01:02:03."
        "000Z\"}",
        verb, response, chain, seq, prev);
    char id[37];
    aj_receipt_identify(line, strlen(line), id);
    memcpy(line + 7, id, 36);
    aj_hash_sha256_hex(line, strlen(line), prev);
    return line;
}
