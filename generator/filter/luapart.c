/* luapart - the parts of the filter engine that are written in Lua, held in the program.
 *
 * Found through the -I of the build; make knows that this room holds their bytes.
 * Must not know: what any of them does. */
#include "filter/luapart.h"

#include <glib.h>
#include <string.h>

#define PART(name)                                                                                 \
    __asm__(".section .rodata\n"                                                                   \
            "aj_part_" #name ":\n"                                                                 \
            ".incbin \"generator/filter/" #name ".lua\"\n"                                         \
            "aj_part_" #name "_end:\n"                                                             \
            ".byte 0\n"                                                                            \
            ".previous\n");                                                                        \
    extern const char aj_part_##name[], aj_part_##name##_end[];
#define ROW(name)                                                                                  \
    {                                                                                              \
#name, aj_part_##name, aj_part_##name##_end                                                \
    }

PART(elements)
PART(formats)
PART(layout)
PART(make)
PART(pandoc)
PART(path)
PART(plain)
PART(show)
PART(structure)
PART(system)
PART(template)
PART(tidy)
PART(utils)
PART(values)
PART(version)
PART(walk)

static const struct {
    const char *name, *begin, *end;
} parts[] = {ROW(elements), ROW(formats), ROW(layout),    ROW(make),   ROW(pandoc),   ROW(path),
             ROW(plain),    ROW(show),    ROW(structure), ROW(system), ROW(template), ROW(tidy),
             ROW(utils),    ROW(values),  ROW(version),   ROW(walk)};

const char *aj_luapart_find(const char *name, size_t *len_out)
{
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++)
        if (strcmp(parts[i].name, name) == 0) {
            *len_out = (size_t)(parts[i].end - parts[i].begin);
            return parts[i].begin;
        }
    return NULL;
}
