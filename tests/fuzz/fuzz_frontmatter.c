/* Front matter, fields, site.yaml and the lint of source text: the first byte says which, the rest
 * is the file. What comes out is UTF-8 without controls, and the body starts inside the file. */
#include "check/lint.h"
#include "load/frontmatter.h"
#include "load/schema.h"
#include "load/settings.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const AjValue *v)
{
    if (v->type == AJ_VALUE_STRING) {
        g_assert(g_utf8_validate(v->s, v->len, NULL));
        g_assert(!memchr(v->s, '\x01', v->len));
    }
    for (uint32_t i = 0; v->type == AJ_VALUE_LIST && i < v->len; i++)
        check_text(v->items[i]);
    for (uint32_t i = 0; v->type == AJ_VALUE_MAP && i < v->len; i++)
        check_text(v->entries[i].value);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 1 || size > 4096)
        return 0;
    AjArena *a = aj_arena_new(16 * 1024);
    g_autoptr(AjDiags) diags = aj_diags_new();
    g_autofree char *text = g_strndup((const char *)data + 1, size - 1);
    size_t len = size - 1;
    if (data[0] & 1) {
        AjFrontmatter front;
        AjValue *meta = NULL;
        AjKind kind = (AjKind)(data[0] / 2 % AJ_KINDS);
        if (aj_frontmatter_parse(a, text, len, "a.md", &front, diags)) {
            aj_schema_apply(a, kind, NULL, front.map, front.present, "cases/a.md", &meta, diags);
            check_text(meta);
        }
        g_assert(front.map && front.body <= len);
    } else {
        aj_settings_parse(a, text, len, "site.yaml", "/srv/site", diags);
        aj_lint_text("a.md", text, len, diags);
    }
    aj_arena_free(a);
    return 0;
}
