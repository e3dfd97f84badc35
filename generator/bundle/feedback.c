/* feedback - a question's options with what is said of each. Must not know: books, files. */
#include "bundle/feedback.h"

#include "base/json.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

static const char *after(const char *p, const char *end, const char *text)
{
    const char *at = p ? g_strstr_len(p, end - p, text) : NULL;
    return at ? at + strlen(text) : NULL;
}

const char *aj_feedback_script(AjArena *a, const char *html, size_t len)
{
    const char *to = after(html, html + len, ".questions.js");
    if (!to)
        return NULL;
    const char *from = to;
    while (from > html && !strchr("\" <>", from[-1]))
        from--;
    return aj_arena_strndup(a, from, (size_t)(to - from));
}

/* Copies one question, from its fieldset to the end of it. */
static void put_question(GString *out, const char *p, const char *end, const AjValue *said)
{
    static const char option[] = "<li><label><input type=\"";
    for (unsigned n = 0; n < 26; n++) {
        const char *label = after(after(p, end, option), end, "</label>");
        const char key[] = {(char)('A' + n), '\0'};
        const char *html = aj_value_get_string(said, key, NULL);
        if (!label)
            break;
        g_string_append_len(out, p, label - p);
        if (html)
            g_string_append_printf(out, "<div class=\"q-feedback\" hidden>%s</div>", html);
        p = label;
    }
    g_string_append_len(out, p, end - p);
}

char *aj_feedback_lay(AjArena *a, const char *html, size_t len, const char *script,
                      size_t script_len)
{
    const char *from = memchr(script, '[', script_len),
               *to = script_len ? memrchr(script, ']', script_len) : NULL;
    const AjValue *list =
        from && to > from ? aj_json_parse(a, from, (size_t)(to + 1 - from), NULL) : NULL;
    const char *end = html + len, *p = html;
    bool any = false;
    if (!list || list->type != AJ_VALUE_LIST)
        return NULL;
    g_autoptr(GString) out = g_string_sized_new(len + script_len);
    for (;;) {
        const char *id = after(after(p, end, "<fieldset class=\"question "), end, "id=\"question-");
        const char *stop = after(id, end, "</fieldset>");
        if (!stop)
            break;
        const AjValue *said = NULL;
        unsigned long n = strtoul(id, NULL, 10);
        if (n && n <= list->len)
            said = aj_value_get(list->items[n - 1], "feedback");
        any = any || aj_value_len(said);
        g_string_append_len(out, p, id - p);
        put_question(out, id, stop, said);
        p = stop;
    }
    g_string_append_len(out, p, end - p);
    return any ? aj_arena_strndup(a, out->str, out->len) : NULL;
}
