/* hazard - which warning sign a hazard's name asks for.
 *
 * Names are what editors write in 危险因素: 受限空间, 粉尘爆炸, 触电 … The kinds of sign follow
 * GB 2894 and GB 6441. Must not know: pictures, themes. */
#pragma once

/* "fall", "shock", "fire" …; "general" when no word of the name is known. Never NULL. */
const char *aj_hazard_sign(const char *name);
