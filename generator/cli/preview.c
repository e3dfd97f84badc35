/* preview - what the preview server says, without the server: which file a request means, its type,
 * the live reload put into a page, events.
 *
 * Must not know: sockets, files, builds. */
#include "cli/preview.h"

#include "base/lang.h"
#include "base/text.h"

#include <string.h>

#define MAX_TARGET 8192u

static bool part_shown(const char *s, size_t len)
{
    return len > 0 && s[0] != '.';
}

int aj_preview_path(const char *target, GString *path_out)
{
    size_t len = strcspn(target, "?#");
    g_string_truncate(path_out, 0);
    if (target[0] != '/' || len > MAX_TARGET)
        return 400;
    for (size_t i = 1; i < len; i++) {
        unsigned char ch = (unsigned char)target[i];
        if (ch == '%') {
            if (i + 2 >= len || !g_ascii_isxdigit(target[i + 1]) ||
                !g_ascii_isxdigit(target[i + 2]))
                return 400;
            ch = (unsigned char)(g_ascii_xdigit_value(target[i + 1]) * 16 +
                                 g_ascii_xdigit_value(target[i + 2]));
            i += 2;
            if (ch == '/')
                return 404; /* a name cannot hold it */
        }
        if (ch < 0x20 || ch == 0x7f || ch == '\\')
            return 400;
        g_string_append_c(path_out, (char)ch);
    }
    if (aj_utf8_invalid_at(path_out->str, path_out->len) != SIZE_MAX)
        return 400;
    for (const char *p = path_out->str; *p;) {
        size_t part = strcspn(p, "/");
        if (!part_shown(p, part))
            return 404;
        p += part;
        if (*p == '/')
            p++;
    }
    return 200;
}

const char *aj_preview_type(const char *path)
{
    static const char *const types[][2] = {
        {"html", "text/html; charset=utf-8"},
        {"css", "text/css; charset=utf-8"},
        {"js", "text/javascript; charset=utf-8"},
        {"json", "application/json"},
        {"xml", "application/xml; charset=utf-8"},
        {"txt", "text/plain; charset=utf-8"},
        {"md", "text/plain; charset=utf-8"},
        {"csv", "text/csv; charset=utf-8"},
        {"png", "image/png"},
        {"jpg", "image/jpeg"},
        {"jpeg", "image/jpeg"},
        {"gif", "image/gif"},
        {"webp", "image/webp"},
        {"avif", "image/avif"},
        {"svg", "image/svg+xml"},
        {"ico", "image/vnd.microsoft.icon"},
        {"mp3", "audio/mpeg"},
        {"m4a", "audio/mp4"},
        {"ogg", "audio/ogg"},
        {"opus", "audio/ogg"},
        {"wav", "audio/wav"},
        {"mp4", "video/mp4"},
        {"webm", "video/webm"},
        {"pdf", "application/pdf"},
        {"woff", "font/woff"},
        {"woff2", "font/woff2"},
        {"ttf", "font/ttf"},
        {"zip", "application/zip"},
        {"epub", "application/epub+zip"},
        {"webmanifest", "application/manifest+json"},
    };
    const char *dot = strrchr(path, '.');
    if (dot && !strchr(dot, '/'))
        for (size_t i = 0; i < G_N_ELEMENTS(types); i++)
            if (g_ascii_strcasecmp(dot + 1, types[i][0]) == 0)
                return types[i][1];
    return "application/octet-stream";
}

static bool port_or_end(const char *s)
{
    if (*s == '\0')
        return true;
    if (*s++ != ':')
        return false;
    size_t digits = strspn(s, "0123456789");
    return digits <= 5 && s[digits] == '\0';
}

/* Only characters of a numeric address; names need letters beyond these, or a bracket. */
static bool is_numeric(const char *host, size_t len)
{
    bool v6 = len > 2 && host[0] == '[' && host[len - 1] == ']';
    size_t n = strspn(host, v6 ? "[]0123456789abcdefABCDEF:." : "0123456789.");
    return len > 0 && n >= len;
}

bool aj_preview_host(const char *host, const char *bind)
{
    static const char *const ours[] = {"localhost", "127.0.0.1", "[::1]"};
    if (!host)
        return false;
    size_t len = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
    if (len > strlen(host) || !port_or_end(host + len))
        return false;
    for (size_t i = 0; i < G_N_ELEMENTS(ours); i++)
        if (strlen(ours[i]) == len && g_ascii_strncasecmp(host, ours[i], len) == 0)
            return true;
    if (strcmp(bind, "0.0.0.0") == 0 || strcmp(bind, "::") == 0)
        return is_numeric(host, len);
    if (strchr(bind, ':')) { /* IPv6 stands in brackets */
        return len == strlen(bind) + 2 && g_ascii_strncasecmp(host + 1, bind, len - 2) == 0;
    }
    return len == strlen(bind) && g_ascii_strncasecmp(host, bind, len) == 0;
}

static bool number(const char **p, guint64 *out)
{
    size_t digits = strspn(*p, "0123456789");
    if (digits == 0 || digits > 18)
        return false;
    *out = g_ascii_strtoull(*p, NULL, 10);
    *p += digits;
    return true;
}

bool aj_preview_range(const char *header, guint64 size, guint64 *from_out, guint64 *len_out)
{
    guint64 from = 0, to = 0;
    if (!header || !g_str_has_prefix(header, "bytes=") || size == 0)
        return false;
    const char *p = header + 6;
    if (*p == '-') { /* the last bytes */
        p++;
        if (!number(&p, &to) || *p || to == 0)
            return false;
        from = to < size ? size - to : 0;
        to = size - 1;
    } else {
        if (!number(&p, &from) || *p++ != '-' || from >= size)
            return false;
        to = size - 1;
        guint64 end = to;
        if (*p && (!number(&p, &end) || *p || end < from))
            return false;
        to = MIN(to, end);
    }
    *from_out = from;
    *len_out = to - from + 1;
    return true;
}

/* First (or last) place of `needle`, small letters, in HTML of any case. */
static const char *find_tag(const char *html, gsize len, const char *needle, bool last)
{
    gsize n = strlen(needle);
    const char *found = NULL;
    for (gsize i = 0; i + n <= len; i++) {
        const char *at = memchr(html + i, '<', len - i);
        if (!at || (gsize)(html + len - at) < n)
            break;
        if (g_ascii_strncasecmp(at, needle, n) == 0) {
            found = at;
            if (!last)
                break;
        }
        i = (gsize)(at - html);
    }
    return found;
}

static void append_policy(const char *s, gsize len, bool rooted, GString *out)
{
    static const char none[] = "base-uri 'none'";
    g_autofree char *policy = g_strndup(s, len);
    char *base = rooted ? strstr(policy, none) : NULL;
    if (base) {
        g_string_append_len(out, policy, base - policy);
        g_string_append(out, "base-uri 'self'");
        g_string_append(out, base + strlen(none));
    } else {
        g_string_append(out, policy);
    }
    if (!strstr(policy, "script-src"))
        g_string_append(out, "; script-src 'self'");
    if (!strstr(policy, "connect-src"))
        g_string_append(out, "; connect-src 'self'");
}

void aj_preview_inject(const char *html, gsize len, const char *state, bool rooted, GString *out)
{
    const char *from = html, *end = html + len;
    if (rooted) {
        const char *head = find_tag(html, len, "<head>", false);
        if (head) {
            g_string_append_len(out, from, head + 6 - from);
            g_string_append(out, "<base href=\"/\">");
            from = head + 6;
        }
    }
    const char *meta = find_tag(from, (gsize)(end - from),
                                "<meta http-equiv=\"content-security-policy\" content=\"", false);
    if (meta) {
        const char *value = strchr(strchr(meta, '=') + 1, '=') + 2;
        const char *quote = memchr(value, '"', (gsize)(end - value));
        if (quote) {
            g_string_append_len(out, from, value - from);
            append_policy(value, (gsize)(quote - value), rooted, out);
            from = quote;
        }
    }
    const char *body = find_tag(from, (gsize)(end - from), "</body>", true);
    if (!body)
        body = end;
    g_string_append_len(out, from, body - from);
    g_string_append(out, "<script src=\"/~anjian/reload.js\" data-state=\"");
    aj_escape_attr(out, state, strlen(state));
    g_string_append(out, "\"></script>");
    g_string_append_len(out, body, end - body);
}

void aj_preview_page(const char *title, const char *text, const char *state, GString *out)
{
    g_autoptr(GString) page = g_string_new(NULL);
    g_string_append_printf(page,
                           "<!doctype html>\n<html lang=\"%s\">\n<meta charset=\"utf-8\">\n"
                           "<meta name=\"viewport\" content=\"width=device-width\">\n<title>",
                           aj_lang_english() ? "en" : "zh-CN");
    aj_escape_text(page, title, strlen(title));
    g_string_append(page, "</title>\n<body>\n<h1>");
    aj_escape_text(page, title, strlen(title));
    g_string_append(page, "</h1>\n<pre>");
    aj_escape_text(page, text, strlen(text));
    g_string_append(page, "</pre>\n</body>\n</html>\n");
    aj_preview_inject(page->str, page->len, state, false, out);
}

void aj_preview_event(const char *name, const char *data, GString *out)
{
    g_string_append_printf(out, "event: %s\n", name);
    for (const char *p = data;;) {
        size_t len = strcspn(p, "\r\n");
        g_string_append(out, "data: ");
        g_string_append_len(out, p, (gssize)len);
        g_string_append_c(out, '\n');
        p += len;
        if (*p == '\r' && p[1] == '\n')
            p++;
        if (*p == '\0' || *++p == '\0')
            break;
    }
    g_string_append_c(out, '\n');
}

const char *aj_preview_script(void)
{
    /* ES5; the overlay is drawn through properties, which a strict policy allows; what the build
     * said becomes text, never markup. */
    return "(function () {\n"
           "  'use strict';\n"
           "  if (!window.EventSource) { return; }\n"
           "  var script = document.currentScript ||\n"
           "    document.querySelector('script[src=\"/~anjian/reload.js\"]');\n"
           "  var state = script.getAttribute('data-state');\n"
           "  var box = null;\n"
           "  function close() {\n"
           "    if (box) { box.parentNode.removeChild(box); box = null; }\n"
           "  }\n"
           "  function style(node, rules) {\n"
           "    for (var name in rules) { node.style[name] = rules[name]; }\n"
           "  }\n"
           "  function show(text) {\n"
           "    close();\n"
           "    if (!text) { return; }\n"
           "    box = document.createElement('div');\n"
           "    box.id = 'anjian-problems';\n"
           "    box.setAttribute('role', 'alert');\n"
           "    style(box, { position: 'fixed', left: '0', right: '0', bottom: '0',\n"
           "      maxHeight: '60%', overflow: 'auto', zIndex: '2147483647',\n"
           "      background: '#2b0b0b', color: '#fff', padding: '12px 16px',\n"
           "      borderTop: '4px solid #d33', boxSizing: 'border-box' });\n"
           "    var button = document.createElement('button');\n"
           "    button.type = 'button';\n"
           "    button.appendChild(document.createTextNode('×'));\n"
           "    button.setAttribute('aria-label', document.documentElement.lang.indexOf('en') ===\n"
           "      0 ? 'close' : '关闭');\n"
           "    style(button, { position: 'sticky', top: '0', cssFloat: 'right', minWidth: "
           "'44px',\n"
           "      minHeight: '44px', font: '20px sans-serif' });\n"
           "    button.onclick = close;\n"
           "    var pre = document.createElement('pre');\n"
           "    pre.appendChild(document.createTextNode(text));\n"
           "    style(pre, { margin: '0', whiteSpace: 'pre-wrap', color: '#fff',\n"
           "      background: 'none', font: '14px/1.6 monospace' });\n"
           "    box.appendChild(button);\n"
           "    box.appendChild(pre);\n"
           "    document.body.appendChild(box);\n"
           "  }\n"
           "  var source = new EventSource('/~anjian/events');\n"
           "  source.addEventListener('state', function (event) {\n"
           "    if (event.data !== state) { source.close(); location.reload(); }\n"
           "  });\n"
           "  source.addEventListener('problems', function (event) { show(event.data); });\n"
           "  window.addEventListener('pagehide', function () { source.close(); });\n"
           "}());\n";
}
