/* pagemap - what a template sees of one content page: front matter, contents, version, neighbours.
 *
 * Must not know: lists, how a template looks. */
#pragma once
#include "driver/context.h"

/* Lays the page's keys into the map of its output. `heavy`: that part of its record. */
void aj_pagemap_put(AjArena *a, const AjContexts *c, AjValue *map, const AjPage *page,
                    const AjValue *heavy);
/* The map of one question, laid over the site's and the page's: {q, is_TYPE}. */
AjValue *aj_pagemap_question(AjArena *a, const AjValue *question);
/* SHA-256, hex, of the page's questions as a JSON list, each as data-question holds it in a
 * practice page; "" without questions. Training records name it. */
const char *aj_pagemap_questions_hash(AjArena *a, const AjValue *quiz);
