/* weight - what a page costs an old machine: its HTML with the theme's styles and scripts.
 *
 * Pictures are not counted. Questions may add to a page, for the player and for each of them. Must
 * not know: where a page is written. */
#pragma once
#include "driver/context.h"

/* The bytes when they are above `limit` (0: none), else 0. */
uint32_t aj_weight_over(const AjTheme *theme, uint64_t limit, const char *html, size_t len,
                        uint32_t questions);
typedef struct {
    uint32_t bytes, place; /* place: index in the plan */
} AjHeavy;
/* The heaviest by name, the rest by number. Sorts `heavy` (AjHeavy). Told anew by each build, so
 * that one that keeps a page says what one that draws it says. */
void aj_weight_tell(GArray *heavy, const AjContexts *c, AjDiags *diags);
