/* quizjson - questions as JSON, both ways.
 *
 * Must not know: Markdown, files. */
#include "quizio/quizjson.h"

#include "base/json.h"
#include "model/quizvalue.h"

#include <string.h>

void aj_quizjson_print(const AjQuiz *quiz, const char *path, GString *out, AjDiags *diags)
{
    (void)path;
    (void)diags;
    AjArena *a = aj_arena_new(1 << 16);
    aj_json_print(aj_quizvalue_make(a, quiz), 2, out);
    if (!out->len || out->str[out->len - 1] != '\n')
        g_string_append_c(out, '\n');
    aj_arena_free(a);
}

/* jansson keeps no lines. The text is good JSON by now, so counting brackets is enough: at depth 2
 * in the array of the top object's "questions", every '{' begins one. */
static void mark_lines(const char *text, size_t len, AjValue *questions)
{
    uint32_t line = 1, depth = 0, found = 0;
    bool wanted = false;
    for (const char *p = text, *end = text + len; p < end; p++) {
        if (*p == '\n') {
            line++;
        } else if (*p == '"') {
            const char *from = ++p;
            while (p < end && *p != '"')
                p += *p == '\\' ? 2 : 1;
            if (depth == 1 && p < end) {
                const char *after = p + 1;
                while (after < end && g_ascii_isspace(*after))
                    after++;
                if (after < end && *after == ':')
                    wanted = (size_t)(p - from) == strlen("questions") &&
                             memcmp(from, "questions", strlen("questions")) == 0;
            }
        } else if (*p == '{' || *p == '[') {
            if (wanted && depth == 2 && *p == '{' && found < questions->len)
                questions->items[found++]->line = line;
            depth++;
        } else if (*p == '}' || *p == ']') {
            depth--;
        }
    }
}

bool aj_quizjson_parse(AjArena *a, const char *text, size_t len, const char *path, AjQuiz *quiz_out,
                       AjDiags *diags)
{
    g_autoptr(GError) error = NULL;
    AjValue *value = aj_json_parse(a, text, len, &error);
    *quiz_out = (AjQuiz){0};
    if (!value) {
        uint32_t line = 0;
        const char *said = strstr(error->message, "line ");
        if (said)
            line = (uint32_t)strtoul(said + 5, NULL, 10);
        aj_diag(diags, AJ_ERROR, (AjPos){path, line, 0}, "quiz-json-syntax",
                AJ_TR("用能查 JSON 语法的编辑器看这一行", "look at the line in an editor"),
                AJ_TR("不是合格的 JSON：%s", "not JSON: %s"), error->message);
        return false;
    }
    AjValue *questions = (AjValue *)aj_value_get(value, "questions");
    if (questions && questions->type == AJ_VALUE_LIST)
        mark_lines(text, len, questions);
    aj_quizvalue_read(a, value, path, true, quiz_out, diags);
    return true;
}
