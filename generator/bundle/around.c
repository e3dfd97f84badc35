/* around - what lies beside the site in a bundle. See around.h. Must not know: archives. */
#include "bundle/around.h"

#include "base/text.h"

#include <string.h>

/* Found through the -I of the build; make knows that this room holds their bytes. */
__asm__(".section .rodata\n"
        "aj_around_css:\n"
        ".incbin \"generator/bundle/around.css\"\n"
        "aj_around_css_end:\n"
        ".byte 0\n"
        "aj_around_js:\n"
        ".incbin \"generator/bundle/around.js\"\n"
        "aj_around_js_end:\n"
        ".byte 0\n"
        ".previous\n");
extern const char aj_around_css[], aj_around_css_end[], aj_around_js[], aj_around_js_end[];

static const char *const names[AJ_AROUND] = {"poster.html", "start.html", "update.html",
                                             "update.js"};

bool aj_around_has(const char *name)
{
    for (size_t i = 0; i < AJ_AROUND; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

typedef struct {
    const AjAround *what;
    bool zh;
    GString *title; /* escaped */
} Page;

static const char *word(const Page *p, const char *zh, const char *en)
{
    return p->zh ? zh : en;
}

static void begin(const Page *p, const char *title, GString *out)
{
    g_string_append_printf(
        out,
        "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
        "<meta name=\"renderer\" content=\"webkit\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        "style-src 'unsafe-inline'; script-src 'self'; base-uri 'none'\">\n<title>%s</title>\n",
        p->what->language, title);
}

static void put_style(GString *out)
{
    g_string_append(out, "<style>\n");
    g_string_append_len(out, aj_around_css, aj_around_css_end - aj_around_css);
    g_string_append(out, "</style>\n</head>\n");
}

static void put_version(const Page *p, GString *out)
{
    if (*p->what->commit)
        g_string_append_printf(out, "<b>%s</b> · <code>%.7s</code>", p->what->date,
                               p->what->commit);
    else
        g_string_append(out, word(p, "没有版本号（内容不在 git 里）", "none: not kept in git"));
}

static void put_start(const Page *p, GString *out)
{
    begin(p, "开始", out);
    g_string_append_printf(
        out,
        "<meta http-equiv=\"refresh\" content=\"0; url=site/index.html\">\n</head>\n<body>\n"
        "<p><a href=\"site/index.html\">开始：%s</a></p>\n</body>\n</html>\n",
        p->title->str);
}

static void put_poster(const Page *p, GString *out)
{
    begin(p, p->title->str, out);
    put_style(out);
    g_string_append_printf(
        out,
        "<body class=\"poster\">\n<main>\n<p class=\"small\">%s</p>\n<h1>%s</h1>\n<ol>\n"
        "<li><b>%s</b><span>%s</span></li>\n<li><b>%s</b><span>%s</span></li>\n"
        "<li><b>%s</b><span>%s</span></li>\n</ol>\n<p class=\"note\">%s</p>\n"
        "<p class=\"small\">%s ",
        word(p, "U 盘里的课，不用联网", "A course on this stick, no network needed"), p->title->str,
        word(p, "拷出来", "Copy it"),
        word(p, "把整个文件夹拷到电脑上。拿到的是压缩包，先解压，再打开。",
             "Copy the whole folder to the computer. A zip: unpack it first."),
        word(p, "双击 start.html", "Double-click start.html"),
        word(p, "名字也可能只显示 start。浏览器打开，就是“开始”。",
             "It may be shown as start. A browser opens it."),
        word(p, "学，然后做题", "Learn, then answer"),
        word(p, "可以搜汉字或拼音首字母。做完题，看哪里错了。",
             "Search for words. See what was wrong after the questions."),
        word(p, "打不开、图片不见了：多半是没有解压，或者没有拷完。双击 update.html 看一看。",
             "Nothing opens, pictures missing: not unpacked, or not all copied. See update.html."),
        word(p, "版本：", "Version:"));
    put_version(p, out);
    g_string_append(out, "</p>\n</main>\n</body>\n</html>\n");
}

static void put_update(const Page *p, GString *out)
{
    begin(p, word(p, "这块盘上是哪一版", "Which version is on this disk"), out);
    put_style(out);
    g_string_append_printf(
        out,
        "<body class=\"update\" data-commit=\"%s\">\n<main>\n<h1>%s</h1>\n"
        "<dl>\n<div><dt>%s</dt><dd>%s</dd></div>\n<div><dt>%s</dt><dd>",
        p->what->commit, word(p, "这块盘上是哪一版", "Which version is on this disk"),
        word(p, "课", "Course"), p->title->str, word(p, "这个包的版本", "Version of this bundle"));
    put_version(p, out);
    g_string_append_printf(
        out,
        "</dd></div>\n<div><dt>%s</dt><dd>%u</dd></div>\n</dl>\n"
        "<p id=\"state\" class=\"note\" role=\"status\" data-whole=\"%s\" data-other=\"%s\" "
        "data-gone=\"%s\">%s</p>\n<h2>%s</h2>\n<ol>\n<li>%s</li>\n<li>%s</li>\n<li>%s</li>\n</ol>\n"
        "<p><a href=\"start.html\">%s</a> · <a href=\"site/changes.html\">%s</a></p>\n</main>\n"
        "<script src=\"site/edition.js\"></script>\n<script src=\"update.js\"></script>\n"
        "</body>\n</html>\n",
        word(p, "文件数", "Files"), p->what->count,
        word(p, "旁边的网站就是这一版。", "The site beside this page is of this version."),
        word(p,
             "旁边的网站是另一版：#。用 anjian apply 更新过的，以网站为准；是拷来的，就是没有拷完，"
             "或者新旧混在一起，请把整个文件夹再拷一次。",
             "The site beside this page is another version: #. Where anjian apply has updated it, "
             "the site is right; if it was copied, not all was, or old and new are mixed: copy the "
             "whole folder again."),
        word(p, "旁边没有网站：把 site 文件夹也拷来，请把整个文件夹再拷一次。",
             "There is no site beside this page: copy the whole folder again."),
        word(p, "浏览器不许脚本，不能核对旁边的网站。",
             "Scripts are off: the site beside this page cannot be checked."),
        word(p, "怎样更新", "How to update"),
        word(p, "拿到新的文件夹（或者解压新的包）。",
             "Get the new folder, or unpack the new bundle."),
        word(p, "把旧文件夹改名留着，把新文件夹整个拷过来，用原来的名字。",
             "Rename the old folder and keep it; copy the new one whole, under the old name."),
        word(p, "再打开这一页：日期变了，下面写着“就是这一版”，就好了。",
             "Open this page again: with a new date and \"of this version\" all is well."),
        word(p, "开始", "Start"), word(p, "修改记录", "What changed"));
}

void aj_around(AjArena *a, const AjAround *what, AjBundleFile files[AJ_AROUND])
{
    static void (*const put[])(const Page *, GString *) = {put_poster, put_start, put_update};
    g_autoptr(GString) title = g_string_new(NULL), out = g_string_new(NULL);
    const Page page = {what, g_str_has_prefix(what->language, "zh"), title};
    aj_escape_text(title, what->title, strlen(what->title));
    for (size_t i = 0; i < G_N_ELEMENTS(put); i++) {
        g_string_truncate(out, 0);
        put[i](&page, out);
        files[i] =
            (AjBundleFile){names[i], NULL, aj_arena_strndup(a, out->str, out->len), out->len};
    }
    files[AJ_AROUND - 1] = (AjBundleFile){names[AJ_AROUND - 1], NULL, aj_around_js,
                                          (size_t)(aj_around_js_end - aj_around_js)};
}
