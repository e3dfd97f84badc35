/* scorm - a site as a package for learning platforms. See scorm.h. Must not know: archives. */
#include "bundle/scorm.h"

#include "base/text.h"
#include "bundle/excerpt.h"

#include <string.h>

/* Found through the -I of the build; make knows that this room holds its bytes. */
__asm__(".section .rodata\n"
        "aj_scorm_js:\n"
        ".incbin \"generator/bundle/scorm.js\"\n"
        "aj_scorm_js_end:\n"
        ".byte 0\n"
        ".previous\n");
extern const char aj_scorm_js[], aj_scorm_js_end[];

enum { OWN = 4 }; /* imsmanifest.xml, scorm.html, scorm.css, scorm.js */
static const char STYLE[] =
    "html,body{margin:0;height:100%;overflow:hidden}iframe{border:0;width:100%;height:100%;"
    "display:block}\n";

static AjBundleFile of(const AjBundleSite *site, const char *name, const GString *bytes)
{
    return (AjBundleFile){name, NULL, aj_arena_strndup(site->arena, bytes->str, bytes->len),
                          bytes->len};
}

static AjBundleFile page(const AjBundleSite *site, const char *title)
{
    g_autoptr(GString) html = g_string_new(NULL);
    g_string_printf(html,
                    "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
                    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                    "script-src 'self'; style-src 'self'; frame-src 'self'\">\n<title>%s</title>\n"
                    "<link rel=\"stylesheet\" href=\"scorm.css\">\n</head>\n"
                    "<body data-base=\"site/\" data-start=\"%s\">\n"
                    "<iframe id=\"site\" title=\"%s\"></iframe>\n"
                    "<noscript><p><a href=\"site/%s\">%s</a></p></noscript>\n"
                    "<script src=\"scorm.js\"></script>\n</body>\n</html>\n",
                    site->language, title, site->start, title, site->start, title);
    return of(site, "scorm.html", html);
}

static AjBundleFile manifest(const AjBundleSite *site, const char *title, bool is2004,
                             const AjBundleFile *files, uint32_t count)
{
    static const char head12[] =
        "<manifest identifier=\"anjian\" version=\"1\"\n"
        "  xmlns=\"http://www.imsproject.org/xsd/imscp_rootv1p1p2\"\n"
        "  xmlns:adlcp=\"http://www.adlnet.org/xsd/adlcp_rootv1p2\">\n"
        "<metadata><schema>ADL SCORM</schema><schemaversion>1.2</schemaversion></metadata>\n";
    static const char head2004[] = "<manifest identifier=\"anjian\" version=\"1\"\n"
                                   "  xmlns=\"http://www.imsglobal.org/xsd/imscp_v1p1\"\n"
                                   "  xmlns:adlcp=\"http://www.adlnet.org/xsd/adlcp_v1p3\">\n"
                                   "<metadata><schema>ADL SCORM</schema>"
                                   "<schemaversion>2004 4th Edition</schemaversion></metadata>\n";
    g_autoptr(GString) xml = g_string_new("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    g_string_append(xml, is2004 ? head2004 : head12);
    g_string_append_printf(
        xml,
        "<organizations default=\"course\">\n<organization identifier=\"course\">\n"
        "<title>%s</title>\n<item identifier=\"sco\" identifierref=\"site\">"
        "<title>%s</title></item>\n</organization>\n</organizations>\n<resources>\n"
        "<resource identifier=\"site\" type=\"webcontent\" adlcp:%s=\"sco\" "
        "href=\"scorm.html\">\n",
        title, title, is2004 ? "scormType" : "scormtype");
    for (uint32_t i = 1; i < count; i++) /* names are plain ASCII: nothing to escape */
        g_string_append_printf(xml, "<file href=\"%s\"/>\n", files[i].name);
    g_string_append(xml, "</resource>\n</resources>\n</manifest>\n");
    return of(site, "imsmanifest.xml", xml);
}

static bool arrange(const AjBundleSite *whole, bool is2004, AjBundleFile **files_out,
                    uint32_t *count_out, GError **error)
{
    AjBundleSite part;
    const AjBundleSite *site = &part;
    if (!aj_excerpt(whole, &part, error))
        return false;
    uint32_t count = site->count + OWN;
    AjBundleFile *files = aj_arena_alloc(site->arena, count * sizeof *files);
    g_autoptr(GString) title = g_string_new(NULL);
    aj_escape_text(title, site->title, strlen(site->title));
    files[1] = page(site, title->str);
    files[2] = (AjBundleFile){"scorm.css", NULL, STYLE, strlen(STYLE)};
    files[3] =
        (AjBundleFile){"scorm.js", NULL, aj_scorm_js, (size_t)(aj_scorm_js_end - aj_scorm_js)};
    for (uint32_t i = 0; i < site->count; i++) {
        files[OWN + i] = site->files[i];
        files[OWN + i].name = aj_arena_printf(site->arena, "site/%s", site->files[i].name);
    }
    files[0] = manifest(site, title->str, is2004, files, count);
    *files_out = files;
    *count_out = count;
    return true;
}

bool aj_scorm12_arrange(const AjBundleSite *site, AjBundleFile **files_out, uint32_t *count_out,
                        GError **error)
{
    return arrange(site, false, files_out, count_out, error);
}

bool aj_scorm2004_arrange(const AjBundleSite *site, AjBundleFile **files_out, uint32_t *count_out,
                          GError **error)
{
    return arrange(site, true, files_out, count_out, error);
}
