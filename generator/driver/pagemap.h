/* pagemap - what a template sees of one content page: front matter, contents, version, neighbours.
 *
 * Must not know: lists, how a template looks. */
#pragma once
#include "driver/context.h"

/* Lays the page's keys into the map of its output. `heavy`: that part of its record. */
void aj_pagemap_put(AjArena *a, const AjContexts *c, AjValue *map, const AjPage *page,
                    const AjValue *heavy);
/* SHA-256, hex, of the page's questions as a JSON list of what they say, without drawn HTML; ""
 * without questions. Training records name it. */
const char *aj_pagemap_questions_hash(AjArena *a, const AjValue *quiz);
