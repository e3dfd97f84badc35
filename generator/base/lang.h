/* lang - the language in which we speak to the person at the keyboard.
 *
 * Chinese unless LANG (LC_ALL, LC_MESSAGES first) starts with "en" or is "C"-like with
 * ANJIAN_LANG=en. Both wordings stand at the place that speaks, so that neither
 * gets lost, and the compiler checks both format strings.
 * Must not know: the language of a site (that is site.yaml's). */
#pragma once
#include <stdbool.h>

/* Once, at start, from the environment. Without it: Chinese. */
void aj_lang_init(void);
bool aj_lang_english(void);
#define AJ_TR(zh, en) (aj_lang_english() ? (en) : (zh))
