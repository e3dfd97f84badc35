/* quizcsv - comma-separated rows (RFC 4180) of questions, both ways.
 *
 * Must not know: what columns mean (quizio/quiztable). */
#include "quizio/quizcsv.h"

#include "quizio/quiztable.h"
#include "quizio/quiztext.h"

#include <string.h>

enum { MAX_CELLS = 256 };

/* The one of , ; and tab that stands most often outside quotes in the first lines. */
static char separator(const char *text, size_t len)
{
    size_t count[3] = {0};
    static const char marks[] = ",;\t";
    bool quoted = false;
    unsigned lines = 0;
    for (size_t i = 0; i < len && lines < 5; i++) {
        if (text[i] == '"')
            quoted = !quoted;
        else if (!quoted && text[i] == '\n')
            lines++;
        else if (!quoted && memchr(marks, text[i], 3))
            count[strchr(marks, text[i]) - marks]++;
    }
    return count[2] > count[0] && count[2] >= count[1] ? '\t' : count[1] > count[0] ? ';' : ',';
}

typedef struct {
    AjArena *arena;
    const char *path;
    AjDiags *diags;
    AjRows *rows;
    GString *cell;
    uint32_t cap;
    bool told;
} Csv;

static void end_cell(Csv *c, AjRow *row)
{
    if (row->count < MAX_CELLS) {
        void *at = (void *)row->cells;
        const char **place = aj_quiz_grow(c->arena, &at, &row->count, &c->cap, sizeof *place);
        row->cells = at;
        *place = aj_arena_strndup(c->arena, c->cell->str, c->cell->len);
    } else if (!c->told) {
        c->told = true;
        aj_diag(
            c->diags, AJ_ERROR, (AjPos){c->path, row->line, 0}, "quiz-row-cells",
            AJ_TR("检查引号和分隔符", "look at quotes and separators"),
            AJ_TR("一行超过 %d 格，其余没有读入", "over %d cells in a row; the rest is not read"),
            MAX_CELLS);
    }
    g_string_truncate(c->cell, 0);
}

/* From an opening quote; the byte behind the closing one. A quote that never closes would swallow
 * the rest of the file: it is told, and the cell ends with its line. */
static const char *quoted(Csv *c, const char *p, const char *end, uint32_t *line)
{
    const char *from = p;
    uint32_t first = *line;
    for (; p < end; p++) {
        if (*p == '"') {
            if (p + 1 < end && p[1] == '"') {
                g_string_append_c(c->cell, '"');
                p++;
                continue;
            }
            return p + 1;
        }
        *line += *p == '\n';
        g_string_append_c(c->cell, *p);
    }
    aj_diag(c->diags, AJ_ERROR, (AjPos){c->path, first, 0}, "quiz-quote-open",
            AJ_TR("补上后引号；文字里的引号要写两个", "close it; a quote inside is written twice"),
            "%s", AJ_TR("引号没有结束", "a quote is never closed"));
    *line = first;
    const char *stop = memchr(from, '\n', (size_t)(end - from));
    g_string_truncate(c->cell, 0);
    g_string_append_len(c->cell, from, (stop ? stop : end) - from);
    return stop ? stop : end;
}

static void read_rows(Csv *c, const char *text, size_t len)
{
    char mark = separator(text, len);
    uint32_t line = 1;
    bool broken = false;
    for (const char *p = text, *end = text + len; p < end;) {
        AjRow *row = aj_quiz_push(c->arena, c->rows);
        row->line = line;
        c->cap = 0;
        for (;;) {
            /* after one broken quote none is trusted: else each would read the file to its end */
            if (p < end && *p == '"' && !broken) {
                uint32_t errors = aj_diags_total(c->diags);
                p = quoted(c, p + 1, end, &line);
                broken = aj_diags_total(c->diags) > errors;
            }
            while (p < end && *p != mark && *p != '\n')
                g_string_append_c(c->cell, *p++);
            end_cell(c, row);
            if (p == end)
                break;
            if (*p++ == '\n') {
                line++;
                break;
            }
        }
    }
}

bool aj_quizcsv_parse(AjArena *a, const char *bytes, size_t len, const char *path, AjQuiz *quiz_out,
                      AjDiags *diags)
{
    size_t size;
    *quiz_out = (AjQuiz){0};
    const char *text = aj_quiztext_decode(a, bytes, len, path, &size, diags);
    if (!text)
        return false;
    AjRows rows = {0};
    Csv c = {.arena = a, .path = path, .diags = diags, .rows = &rows, .cell = g_string_new(NULL)};
    if (g_str_has_prefix(text, "sep=")) { /* Excel's own hint */
        const char *next = memchr(text, '\n', size);
        size -= next ? (size_t)(next + 1 - text) : size;
        text = next ? next + 1 : text;
    }
    read_rows(&c, text, size);
    g_string_free(c.cell, TRUE);
    return aj_quiztable_read(a, &rows, path, quiz_out, diags);
}

void aj_quizcsv_print(const AjQuiz *quiz, const char *path, GString *out, AjDiags *diags)
{
    AjArena *a = aj_arena_new(1 << 16);
    AjRows rows = {0};
    aj_quiztable_make(a, quiz, path, &rows, diags);
    g_string_append(out, "\xef\xbb\xbf");
    for (uint32_t i = 0; i < rows.count; i++) {
        for (uint32_t k = 0; k < rows.at[i].count; k++) {
            const char *s = rows.at[i].cells[k];
            if (k)
                g_string_append_c(out, ',');
            if (!strpbrk(s, ",;\"\n\t")) {
                g_string_append(out, s);
                continue;
            }
            g_string_append_c(out, '"');
            for (; *s; s++) {
                if (*s == '"')
                    g_string_append_c(out, '"');
                g_string_append_c(out, *s);
            }
            g_string_append_c(out, '"');
        }
        g_string_append(out, "\r\n");
    }
    aj_arena_free(a);
}
