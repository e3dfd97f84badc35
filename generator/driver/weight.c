/* weight - what a page costs an old machine. Must not know: where a page is written, who is told.
 */
#include "driver/weight.h"

#include <string.h>

enum { QUIZ_BYTES = 40 << 10, QUESTION_BYTES = 3 << 10 };

uint32_t aj_weight_over(const AjTheme *theme, uint64_t limit, const char *html, size_t len,
                        uint32_t questions)
{
    uint64_t weight = len;
    const char *head = g_strstr_len(html, (gssize)len, "</head>");
    if (!limit || !head)
        return 0;
    for (uint32_t i = 0; i < theme->file_count; i++) {
        const AjThemeFile *f = &theme->files[i];
        if ((g_str_has_suffix(f->address, ".css") || g_str_has_suffix(f->address, ".js")) &&
            g_strstr_len(html, head - html, f->address))
            weight += f->len;
    }
    limit += questions ? QUIZ_BYTES + (uint64_t)questions * QUESTION_BYTES : 0;
    return weight > limit ? (uint32_t)MIN(weight, UINT32_MAX) : 0;
}
