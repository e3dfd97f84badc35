/* link - addresses inside the site: relative, ending in a file name, good on file://.
 *
 * Must not know: which pages exist. */
#include "render/link.h"

#include "base/text.h"

#include <string.h>

void aj_link_root(const char *address, GString *out)
{
    for (const char *p = address; *p; p++)
        if (*p == '/')
            g_string_append(out, "../");
}

static bool is_plain(unsigned char ch)
{
    return g_ascii_isalnum(ch) || (ch != '\0' && strchr("-._~/!$&'()*+,;=@", ch) != NULL);
}

static void encode(GString *out, const char *s, size_t len, const char *also)
{
    static const char hex[] = "0123456789ABCDEF";
    for (size_t i = 0; i < len; i++) {
        unsigned char ch = (unsigned char)s[i];
        if (is_plain(ch) || strchr(also, ch)) {
            g_string_append_c(out, (char)ch);
        } else {
            g_string_append_c(out, '%');
            g_string_append_c(out, hex[ch >> 4]);
            g_string_append_c(out, hex[ch & 15]);
        }
    }
}

void aj_link_relative(const char *from, const char *to, GString *out)
{
    size_t path_len = strcspn(to, "#");
    size_t common = 0; /* behind the last folder both share */
    for (size_t i = 0; i < path_len && from[i] == to[i]; i++)
        if (from[i] == '/')
            common = i + 1;
    for (const char *p = from + common; *p; p++)
        if (*p == '/')
            g_string_append(out, "../");
    encode(out, to + common, path_len - common, "");
    if (to[path_len] == '#') {
        g_string_append_c(out, '#');
        encode(out, to + path_len + 1, strlen(to + path_len + 1), "%:?");
    }
}

static int hex_digit(char ch)
{
    return g_ascii_isxdigit(ch) ? g_ascii_xdigit_value(ch) : -1;
}

/* Decodes one part between slashes. A '/' that was written as %2F would change the path's shape. */
static bool decode_part(const char *s, size_t len, GString *out)
{
    for (size_t i = 0; i < len; i++) {
        char ch = s[i];
        if (ch == '%' && i + 2 < len && hex_digit(s[i + 1]) >= 0 && hex_digit(s[i + 2]) >= 0) {
            ch = (char)(hex_digit(s[i + 1]) * 16 + hex_digit(s[i + 2]));
            i += 2;
            if (ch == '/' || ch == '\\' || ch == '\0')
                return false;
        }
        g_string_append_c(out, ch);
    }
    return true;
}

static bool has_scheme(const char *s)
{
    size_t n = strcspn(s, ":/?#");
    return s[n] == ':';
}

/* Takes the last folder away; false when there is none. */
static bool climb(GString *path)
{
    if (path->len == 0)
        return false;
    g_string_truncate(path, path->len - 1);
    const char *slash = strrchr(path->str, '/');
    g_string_truncate(path, slash ? (gsize)(slash + 1 - path->str) : 0);
    return true;
}

bool aj_link_resolve(const char *source, const char *target, GString *path_out,
                     const char **suffix_out, bool *escapes)
{
    *escapes = false;
    size_t len = strcspn(target, "?#");
    *suffix_out = target + len;
    g_string_truncate(path_out, 0);
    if (len == 0 || has_scheme(target) || g_str_has_prefix(target, "//"))
        return false;
    if (target[0] != '/') {
        const char *slash = strrchr(source, '/');
        g_string_append_len(path_out, source, slash ? slash + 1 - source : 0);
    }
    g_autoptr(GString) part = g_string_new(NULL);
    for (const char *p = target, *end = target + len; p < end;) {
        const char *slash = memchr(p, '/', (size_t)(end - p));
        const char *stop = slash ? slash : end;
        g_string_truncate(part, 0);
        bool good = decode_part(p, (size_t)(stop - p), part);
        if (good && strcmp(part->str, "..") == 0) {
            good = climb(path_out);
        } else if (good && part->len > 0 && strcmp(part->str, ".") != 0) {
            g_string_append_len(path_out, part->str, (gssize)part->len);
            if (slash)
                g_string_append_c(path_out, '/');
        }
        if (!good) {
            *escapes = true;
            return false;
        }
        p = slash ? slash + 1 : end;
    }
    return true;
}

char *aj_link_heading(const char *fragment)
{
    g_autofree char *plain = g_uri_unescape_string(fragment, NULL);
    const char *text = plain ? plain : fragment;
    g_autofree char *slug = aj_slug(text, strlen(text));
    return g_ascii_strdown(slug, -1);
}
