/* lang - the language in which we speak: decided once, from the environment.
 *
 * Must not know: the language of a site (that is site.yaml's). */
#include "base/lang.h"

#include <stdlib.h>
#include <string.h>

static bool english; /* written by aj_lang_init alone */

void aj_lang_init(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};
    const char *locale = NULL;
    for (size_t i = 0; i < sizeof names / sizeof *names && !(locale && *locale); i++)
        locale = getenv(names[i]);
    if (!locale || !*locale)
        locale = "C";
    bool plain =
        strcmp(locale, "C") == 0 || strcmp(locale, "POSIX") == 0 || strncmp(locale, "C.", 2) == 0;
    const char *wish = getenv("ANJIAN_LANG");
    english = strncmp(plain && wish ? wish : locale, "en", 2) == 0;
}

bool aj_lang_english(void)
{
    return english;
}
