/* weight - what a page costs an old machine: its HTML with the theme's styles and scripts.
 *
 * Pictures are not counted. Questions may add to a page, for the player and for each of them. Must
 * not know: where a page is written, who is told. */
#pragma once
#include "driver/theme.h"

/* The bytes when they are above `limit` (0: none), else 0. */
uint32_t aj_weight_over(const AjTheme *theme, uint64_t limit, const char *html, size_t len,
                        uint32_t questions);
