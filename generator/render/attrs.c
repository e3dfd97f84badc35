/* attrs - what an element carries into HTML: its id, classes and attributes, made harmless.
 *
 * Must not know: elements, trees, where links lead. */
#include "render/attrs.h"

#include "base/text.h"

#include <string.h>

/* Names an editor may set; any other gets "data-" in front, as pandoc does it. So no attribute can
 * run a script, load something or style beyond the page's own style sheet. */
static bool attribute_is_known(const char *key)
{
    static const char *const known[] = {"alt",      "colspan", "datetime", "dir",   "download",
                                        "height",   "lang",    "loading",  "open",  "rel",
                                        "reversed", "role",    "rowspan",  "scope", "start",
                                        "tabindex", "target",  "title",    "width"};
    if (!strncmp(key, "aria-", 5) || !strncmp(key, "data-", 5))
        return true;
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (!strcmp(key, known[i]))
            return true;
    return false;
}

static bool attribute_name_is_sound(const char *key)
{
    if (!g_ascii_isalpha(*key))
        return false;
    for (; *key; key++)
        if (!g_ascii_isalnum(*key) && !strchr("-_.", *key))
            return false;
    return true;
}

void aj_attrs_write(const AjAttr *attr, const char *classes, GString *out)
{
    if (attr && attr->id && *attr->id) {
        g_string_append(out, " id=\"");
        aj_escape_attr(out, attr->id, strlen(attr->id));
        g_string_append(out, "\"");
    }
    if (classes || (attr && attr->class_count)) {
        g_string_append(out, " class=\"");
        if (classes)
            g_string_append(out, classes);
        for (uint32_t i = 0; attr && i < attr->class_count; i++) {
            if (i || classes)
                g_string_append(out, " ");
            aj_escape_attr(out, attr->classes[i], strlen(attr->classes[i]));
        }
        g_string_append(out, "\"");
    }
    for (uint32_t i = 0; attr && i < attr->attribute_count; i++) {
        const AjAttribute *a = &attr->attributes[i];
        if (!attribute_name_is_sound(a->key))
            continue;
        if (attribute_is_known(a->key))
            g_string_append(out, " ");
        else
            g_string_append(out, " data-");
        g_string_append(out, a->key);
        g_string_append(out, "=\"");
        aj_escape_attr(out, a->value, strlen(a->value));
        g_string_append(out, "\"");
    }
}
