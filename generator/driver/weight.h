/* weight - what a page costs an old machine: its HTML with the theme's styles and scripts.
 *
 * Two figures: what a browser loads to show the page, and what the page fetches only when somebody
 * does something (begins a quiz, touches a kiosk). Pictures are not counted. Must not know: where a
 * page is written. */
#pragma once
#include "driver/context.h"

typedef struct {
    uint32_t first, later; /* bytes */
} AjWeight;
/* Styles and scripts that the head links are loaded at once; those that it names otherwise, and
 * those that <body> names, later. Nothing when there is no head. */
AjWeight aj_weight_of(const AjTheme *theme, const char *html, size_t len);
/* Either is above `limit` (0: none). */
bool aj_weight_is_over(AjWeight weight, uint64_t limit);

typedef struct {
    AjWeight weight;
    uint32_t place; /* index in the plan */
} AjHeavy;
/* The heaviest by name, the rest by number. Sorts `heavy` (AjHeavy). Told anew by each build, so
 * that one that keeps a page says what one that draws it says. */
void aj_weight_tell(GArray *heavy, const AjContexts *c, AjDiags *diags);
