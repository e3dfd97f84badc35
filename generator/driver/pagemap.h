/* pagemap - what a template sees of one content page: front matter, contents, version, neighbours.
 *
 * Must not know: lists, how a template looks. */
#pragma once
#include "driver/context.h"

/* Lays the page's keys into the map of its output. `heavy`: that part of its record. */
void aj_pagemap_put(AjArena *a, const AjContexts *c, AjValue *map, const AjPage *page,
                    const AjValue *heavy);
