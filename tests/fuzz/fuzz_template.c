/* Templates: any text, cut into several at NULs, is compiled as HTML and run over hostile values.
 * Unless a template asks for raw text, no value may open a tag. */
#include "base/json.h"
#include "render/template.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char values[] =
    "{\"x\":\"'\\\"><ajx onload=a "
    "//--></ajx>\",\"y\":\"javascript:ajx\",\"l\":[1,\"<ajx\",{\"x\":2}],"
    "\"m\":{\"x\":\"`<ajx>\",\"m\":{\"l\":[[],[0.5]]}},\"t\":true,\"e\":\"\"}";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const suffixes[] = {".html", ".xml", ".mustache"};
    if (size > 4096)
        return 0;
    for (size_t k = 0; k < G_N_ELEMENTS(suffixes); k++) {
        AjTemplates *set = aj_templates_new();
        const char *text = (const char *)data;
        size_t rest = size;
        char names[4][16];
        unsigned count = 0;
        bool raw = k == 2;
        while (count < 4) {
            const char *nul = rest ? memchr(text, '\0', rest) : NULL;
            size_t len = nul && count < 3 ? (size_t)(nul - text) : rest;
            g_snprintf(names[count], sizeof names[count], "%c%s", "abcd"[count], suffixes[k]);
            aj_templates_add(set, names[count++], text, len);
            /* "{" and "&" mark raw tags under any delimiters */
            for (size_t i = 0; i < len; i++)
                raw |= text[i] == '&' ||
                       (text[i] == '{' && i > 1 && text[i - 1] == '{' && text[i - 2] == '{') ||
                       text[i] == '=';
            raw |= len >= 2 && memmem(text, len, "aj", 2) != NULL;
            if (!nul || len == rest)
                break;
            rest -= len + 1;
            text = nul + 1;
        }
        g_autoptr(AjDiags) diags = aj_diags_new();
        aj_templates_compile(set, diags);
        AjArena *a = aj_arena_new(4096);
        const AjValue *map = aj_json_parse(a, values, strlen(values), NULL);
        g_autoptr(GString) out = g_string_new(NULL);
        for (unsigned i = 0; i < count; i++) {
            if (!aj_templates_has(set, names[i]))
                continue;
            g_string_truncate(out, 0);
            aj_templates_run(set, names[i], &map, 1, out);
            g_assert(raw || !strstr(out->str, "<ajx"));
        }
        aj_arena_free(a);
        aj_templates_free(set);
    }
    return 0;
}
