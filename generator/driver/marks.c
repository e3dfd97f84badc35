/* marks - one output drawn: template run, links and questions put in the place of their marks.
 *
 * Must not know: where the output goes. */
#include "driver/marks.h"

#include "base/text.h"
#include "driver/quizdata.h"
#include "driver/record.h"
#include "render/link.h"

#include <stdlib.h>
#include <string.h>

const char *aj_marks_link_address(const AjSite *site, AjLink link)
{
    switch ((AjLinkKind)link.kind) {
    case AJ_LINK_PAGE:
        return site->pages[link.index].address;
    case AJ_LINK_ASSET:
        return site->assets[link.index].address;
    case AJ_LINK_SECTION:
        return site->sections[link.index].address;
    default:
        return NULL;
    }
}

static void draw_link(const AjMarks *m, uint32_t n, GString *out)
{
    const AjSite *site = m->site;
    const AjPage *page = m->page;
    const char *target = aj_value_get_string(aj_value_at(m->links, n), "target", "");
    if (site->first_link[page->number] + n >= site->first_link[page->number + 1])
        return;
    AjLink link = site->links[site->first_link[page->number] + n];
    const char *address = aj_marks_link_address(site, link);
    switch ((AjLinkKind)link.kind) {
    case AJ_LINK_PAGE:
    case AJ_LINK_ASSET:
    case AJ_LINK_SECTION:
        aj_link_relative(m->from, address, out);
        break;
    case AJ_LINK_ADDRESS: {
        g_autoptr(GString) path = g_string_new(NULL);
        const char *suffix = "";
        bool escapes = false;
        if (aj_link_resolve(page->source, target, path, &suffix, &escapes))
            aj_link_relative(m->from, path->str, out);
        break;
    }
    case AJ_LINK_SELF:
    case AJ_LINK_DEAD:
        if (link.heading)
            break;
        aj_escape_url(out, target, strlen(target));
        return;
    }
    if (link.heading) {
        g_autofree char *id = aj_link_heading(strchr(target + link.suffix, '#') + 1);
        g_string_append_printf(out, "#%s", id);
    } else if (link.suffix)
        aj_escape_url(out, target + link.suffix, strlen(target + link.suffix));
}

static void run_template(AjMarks *m, const char *name, const AjValue *const *stack, uint32_t depth,
                         GString *out)
{
    if (!aj_templates_run(m->templates, name, stack, depth, out))
        m->endless = name;
}

static void expand(AjMarks *m, const char *text, size_t len, unsigned depth, GString *out);

/* An exam's explanations are sealed before the marks of the page are seen to. */
static const char *resolve_marks(AjArena *a, const char *html, void *data)
{
    g_autoptr(GString) out = g_string_new(NULL);
    expand(data, html, strlen(html), 1, out);
    return aj_arena_strndup(a, out->str, out->len);
}

static void draw_question(AjMarks *m, const AjValue *question, unsigned depth, GString *out)
{
    AjQuizdataHow how = {m->exam, resolve_marks, m};
    const AjValue *stack[] = {m->site_map, m->context,
                              aj_quizdata_question(m->arena, question, &how)};
    g_autoptr(GString) drawn = g_string_sized_new(4096);
    run_template(m, "question.html", stack, 3, drawn);
    expand(m, drawn->str, drawn->len, depth + 1, out);
}

/* As a script may hold it, one that stands inside HTML too. */
static void put_script(GString *out, const char *json)
{
    for (const char *p = json; *p; p++) {
        bool ends_line = p[0] == '\xe2' && p[1] == '\x80' && (p[2] & ~1) == '\xa8';
        if (ends_line) {
            g_string_append(out, p[2] & 1 ? "\\u2029" : "\\u2028");
            p += 2;
        } else if (*p == '<' && p[1] == '!') {
            g_string_append(out, "\\u003c");
        } else {
            g_string_append_c(out, *p);
            if (*p == '<' && p[1] == '/')
                g_string_append_c(out, '\\');
        }
    }
}

void aj_marks_questions(AjMarks *m, GString *out)
{
    AjQuizdataHow how = {m->exam, resolve_marks, m};
    for (uint32_t i = 0; i < aj_value_len(m->questions); i++) {
        const AjValue *map = aj_quizdata_question(m->arena, aj_value_at(m->questions, i), &how);
        g_string_append(out, i ? ",\n" : "");
        put_script(out, aj_value_get_string(aj_value_get(map, "q"), "data", ""));
    }
}

/* Copies text, putting addresses and questions in the place of their marks. */
static void expand(AjMarks *m, const char *text, size_t len, unsigned depth, GString *out)
{
    const char *end = text + len;
    for (const char *at = text; at < end;) {
        const char *mark = memchr(at, AJ_MARK, (size_t)(end - at));
        const char *close =
            mark && end - mark > 2 ? memchr(mark + 2, AJ_MARK, (size_t)(end - mark - 2)) : NULL;
        if (!close) {
            g_string_append_len(out, at, end - at);
            return;
        }
        g_string_append_len(out, at, mark - at);
        uint32_t n = (uint32_t)strtoul(mark + 2, NULL, 10);
        const AjValue *question =
            mark[1] == 'Q' && depth == 0 ? aj_value_at(m->questions, n) : NULL;
        if (mark[1] == 'L')
            draw_link(m, n, out);
        else if (question)
            draw_question(m, question, depth, out);
        at = close + 1;
    }
}

void aj_marks_draw(AjMarks *m, const char *template, GString *first, GString *final)
{
    const AjValue *stack[] = {m->site_map, m->context};
    m->endless = NULL;
    run_template(m, template, stack, 2, first);
    expand(m, first->str, first->len, 0, final);
}
