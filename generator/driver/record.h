/* record - pass 1 on one page: bytes in, page record out; and reading a record back.
 *
 * A record has five parts, each found without unpacking the others: `light` (what the join needs of
 * every page), `links`, `heavy` (front matter, headings, quiz, diagnostics: read when the page
 * itself is drawn), the body fragment and the index terms. Must not know: other pages, where links
 * lead, the cache. */
#pragma once
#include "driver/filterset.h"
#include "driver/theme.h"
#include "index/terse.h"
#include "model/config.h"
#include "model/page.h"

typedef struct {
    const char *light, *links, *heavy, *body, *terms;
    size_t light_len, links_len, heavy_len, body_len, terms_len;
} AjRecord;

typedef struct {
    const AjConfig *config;
    AjLuabox *box;
    AjFilterView *view; /* what the box's host looks through; NULL without a box */
    const AjFilterSource *filters;
    uint32_t filter_count;
    AjBodyWords words; /* part of what a record depends on: see driver/prepare */
    AjArena *scratch;  /* reset for every page */
    AjTerse *terse;    /* of this worker; NULL: of each page */
} AjRecorder;

/* Appends the record of the page at `source` (below the site's folder). */
void aj_record_make(AjRecorder *r, const char *source, const char *bytes, size_t len,
                    const uint8_t blob[20], GString *out);
/* Of all that the page's filters read besides the page, for the record just made; zeros: nothing.
 * The record's light part lists it as "reads". */
void aj_record_reads(const AjRecorder *r, uint8_t digest[8]);
/* The record of a page that could not be worked on at all (unreadable, worker killed). */
void aj_record_make_failed(AjRecorder *r, const char *source, AjDiags *why, GString *out);
bool aj_record_open(const char *bytes, size_t len, AjRecord *out);
