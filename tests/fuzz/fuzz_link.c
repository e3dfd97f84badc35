/* Links: a page and a link as an editor wrote it, apart at the first line end. A path stays below
 * the site, an address finds its way back, and no spelling of a script is taken for an address. */
#include "base/text.h"
#include "render/link.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_below(const char *path)
{
    for (const char *p = path; p; p = strchr(p, '/') ? strchr(p, '/') + 1 : NULL) {
        size_t len = strcspn(p, "/");
        if ((len == 2 && memcmp(p, "..", 2) == 0) || (len == 1 && *p == '.'))
            return false;
    }
    return path[0] != '/';
}

/* As a browser does it: blanks and controls before the scheme and line ends in it do not count. */
static bool is_script(const char *s)
{
    static const char *const schemes[] = {"javascript:", "data:", "vbscript:", "file:", "blob:"};
    g_autoptr(GString) seen = g_string_new(NULL);
    while (*s && (unsigned char)*s <= ' ')
        s++;
    for (; *s; s++)
        if (*s != '\t' && *s != '\n' && *s != '\r')
            g_string_append_c(seen, g_ascii_tolower(*s));
    for (size_t i = 0; i < G_N_ELEMENTS(schemes); i++)
        if (g_str_has_prefix(seen->str, schemes[i]))
            return true;
    return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size > 4096 || memchr(data, '\0', size))
        return 0;
    g_autofree char *source = g_strndup((const char *)data, size);
    char *target = strchr(source, '\n');
    if (!target)
        return 0;
    *target++ = '\0';

    g_assert(!aj_url_is_safe(target, strlen(target)) || !is_script(target));
    g_autoptr(GString) escaped = g_string_new(NULL);
    aj_escape_url(escaped, target, strlen(target));
    g_assert(!strpbrk(escaped->str, "<>\"' "));

    if (!is_below(source) || strstr(source, "//"))
        return 0;
    g_autoptr(GString) path = g_string_new(NULL);
    const char *suffix = NULL;
    bool escapes = false;
    bool good = aj_link_resolve(source, target, path, &suffix, &escapes);
    g_assert(!good || !escapes);
    if (!good)
        return 0;
    g_assert(is_below(path->str));
    g_assert(suffix >= target && suffix <= target + strlen(target));
    g_assert(!*suffix || *suffix == '#' || *suffix == '?');

    /* From the page to the file and back to its path. */
    g_autoptr(GString) address = g_string_new(NULL);
    g_autoptr(GString) back = g_string_new(NULL);
    if (strpbrk(path->str, "#\\") || !path->len || path->str[path->len - 1] == '/')
        return 0;
    aj_link_relative(source, path->str, address);
    g_assert(aj_url_is_safe(address->str, address->len));
    g_assert(aj_link_resolve(source, address->str, back, &suffix, &escapes));
    g_assert_cmpstr(back->str, ==, path->str);
    return 0;
}
