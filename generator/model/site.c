/* site - lookups over the joined site. Must not know: files, templates. */
#include "model/site.h"

#include <string.h>

const AjSection *aj_site_find_section(const AjSite *site, const char *folder, size_t len)
{
    for (uint32_t i = 0; i < site->section_count; i++) {
        const AjSection *s = &site->sections[i];
        if (strncmp(s->folder, folder, len) == 0 && s->folder[len] == 0)
            return s;
    }
    return NULL;
}
