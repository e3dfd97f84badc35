/* retag - HTML with some of its attributes changed. See retag.h. Must not know: what for. */
#include "bundle/retag.h"

#include "base/text.h"
#include "bundle/tag.h"

#include <string.h>

/* The tag from `p` to `stop`, attribute by attribute; copied whole when all stay. */
static void put_tag(const AjRetag *r, const AjTag *tag, const char *p, const char *stop,
                    GString *out)
{
    g_autoptr(GString) value = g_string_new(NULL), fresh = g_string_new(NULL);
    const char *done = p; /* copied up to here */
    for (unsigned i = 0; i < tag->count; i++) {
        const AjTagAttr *a = &tag->attrs[i];
        g_autofree char *name = g_ascii_strdown(a->name, (gssize)a->name_len);
        g_string_truncate(value, 0);
        g_string_truncate(fresh, 0);
        aj_tag_put_text(value, a->value, a->len, false);
        AjAttrFate fate = r->attribute(r->data, tag->name, name, value->str, fresh);
        if (fate == AJ_ATTR_KEEP)
            continue;
        const char *from = a->name, *to = a->value + a->len;
        to += to < stop && (*to == '"' || *to == '\'') && to[-(gssize)a->len - 1] == *to;
        while (fate == AJ_ATTR_DROP && from > done && g_ascii_isspace(from[-1]))
            from--;
        g_string_append_len(out, done, from - done);
        if (fate == AJ_ATTR_NEW) {
            g_string_append_printf(out, "%s=\"", name);
            aj_escape_attr(out, fresh->str, fresh->len);
            g_string_append_c(out, '"');
        }
        done = to;
    }
    g_string_append_len(out, done, stop - done);
}

void aj_retag(const char *html, size_t len, const AjRetag *r, GString *out)
{
    const char *p = html, *end = html + len;
    AjTag tag;
    while (p < end) {
        const char *next = memchr(p, '<', (size_t)(end - p)), *stop = NULL;
        next = next ? next : end;
        g_string_append_len(out, p, next - p);
        p = next;
        if (end - p < 2)
            break;
        if (end - p > 3 && memcmp(p, "<!--", 4) == 0) {
            stop = g_strstr_len(p, end - p, "-->");
            stop = stop ? stop + 3 : end;
        } else if (g_ascii_isalpha(p[1])) {
            stop = aj_tag_read(p, end, &tag);
            put_tag(r, &tag, p, stop, out);
            p = stop;
            if (strcmp(tag.name, "script") != 0 && strcmp(tag.name, "style") != 0)
                continue;
            stop = aj_tag_skip(p, end, tag.name);
        } else {
            stop = p + 1;
        }
        g_string_append_len(out, p, stop - p);
        p = stop;
    }
    g_string_append_len(out, p, end - p);
}
