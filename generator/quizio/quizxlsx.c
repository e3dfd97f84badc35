/* quizxlsx - the tables of an XLSX workbook as questions.
 *
 * Must not know: what columns mean (quizio/quiztable). */
#include "quizio/quizxlsx.h"

#include "quizio/quiztable.h"
#include "quizio/unzip.h"

#include <glib.h>
#include <string.h>

/* A workbook of 2,000 questions unpacks to about 2 MB. */
enum { MEMBER_LIMIT = 64 << 20, SHEETS = 64, COLUMNS = 256, ROWS = 1 << 20 };

typedef struct {
    AjArena *arena;
    AjStrings *shared;
    AjRows *rows; /* NULL: the shared strings are read */
    uint32_t cap; /* of the open row's cells */
    GString *text;
    bool in_text, in_phonetic;
    char type; /* of the open cell: s shared, i inline or formula's, b truth, n number */
    uint32_t column, next_row;
} Sheet;

static const char *attribute(const char **names, const char **values, const char *wanted)
{
    for (size_t i = 0; names[i]; i++)
        if (strcmp(names[i], wanted) == 0)
            return values[i];
    return NULL;
}

/* "AB12": 27. */
static uint32_t column_of(const char *ref)
{
    uint32_t n = 0;
    for (; g_ascii_isupper(*ref) && n < COLUMNS; ref++)
        n = n * 26 + (uint32_t)(*ref - 'A' + 1);
    return n - 1;
}

static void begin_row(Sheet *s, const char *number)
{
    uint64_t line = number ? g_ascii_strtoull(number, NULL, 10) : s->next_row;
    AjRow *row = aj_quiz_push(s->arena, s->rows);
    row->line = line && line <= ROWS ? (uint32_t)line : s->next_row;
    s->next_row = row->line + 1;
    s->cap = 0;
    s->column = UINT32_MAX;
}

static void begin_cell(Sheet *s, const char *ref, const char *type)
{
    s->column = ref ? column_of(ref) : s->column + 1;
    s->type = !type                                                        ? 'n'
              : strcmp(type, "s") == 0                                     ? 's'
              : strcmp(type, "inlineStr") == 0 || strcmp(type, "str") == 0 ? 'i'
              : strcmp(type, "b") == 0                                     ? 'b'
              : strcmp(type, "e") == 0                                     ? 'e'
                                                                           : 'n';
    g_string_truncate(s->text, 0);
}

static const char *cell_text(Sheet *s)
{
    const char *text = s->text->str;
    char *end;
    switch (s->type) {
    case 's': {
        uint64_t i = g_ascii_strtoull(text, &end, 10);
        return end != text && i < s->shared->count ? s->shared->at[i] : "";
    }
    case 'b':
        return *text == '1' ? "TRUE" : "FALSE";
    case 'n': { /* 0.30000000000000004 is what 0.3 looks like inside */
        double n = g_ascii_strtod(text, &end);
        if (end != text && !*end && s->text->len > 16) {
            char shown[G_ASCII_DTOSTR_BUF_SIZE];
            return aj_arena_strdup(s->arena, g_ascii_formatd(shown, sizeof shown, "%.15g", n));
        }
        return aj_arena_strdup(s->arena, text);
    }
    default:
        return aj_arena_strndup(s->arena, text, s->text->len);
    }
}

static void end_cell(Sheet *s)
{
    if (!s->rows->count || s->column >= COLUMNS)
        return;
    AjRow *row = &s->rows->at[s->rows->count - 1];
    const char *text = cell_text(s);
    while (row->count <= s->column) {
        void *at = (void *)row->cells;
        const char **place = aj_quiz_grow(s->arena, &at, &row->count, &s->cap, sizeof *place);
        row->cells = at;
        *place = "";
    }
    row->cells[s->column] = text;
}

static const char *local_name(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon ? colon + 1 : name;
}

static void on_start(GMarkupParseContext *context, const char *element, const char **names,
                     const char **values, gpointer data, GError **error)
{
    Sheet *s = data;
    (void)context;
    (void)error;
    const char *name = local_name(element);
    if (strcmp(name, "rPh") == 0)
        s->in_phonetic = true;
    else if (strcmp(name, "t") == 0 || (s->rows && strcmp(name, "v") == 0))
        s->in_text = !s->in_phonetic;
    else if (!s->rows && strcmp(name, "si") == 0)
        g_string_truncate(s->text, 0);
    else if (s->rows && strcmp(name, "row") == 0)
        begin_row(s, attribute(names, values, "r"));
    else if (s->rows && strcmp(name, "c") == 0)
        begin_cell(s, attribute(names, values, "r"), attribute(names, values, "t"));
}

static void on_end(GMarkupParseContext *context, const char *element, gpointer data, GError **error)
{
    Sheet *s = data;
    (void)context;
    (void)error;
    const char *name = local_name(element);
    if (strcmp(name, "rPh") == 0)
        s->in_phonetic = false;
    else if (strcmp(name, "t") == 0 || strcmp(name, "v") == 0)
        s->in_text = false;
    else if (!s->rows && strcmp(name, "si") == 0)
        aj_quiz_push_string(s->arena, s->shared, s->text->str);
    else if (s->rows && strcmp(name, "c") == 0)
        end_cell(s);
}

static void on_text(GMarkupParseContext *context, const char *text, gsize len, gpointer data,
                    GError **error)
{
    Sheet *s = data;
    (void)context;
    (void)error;
    if (s->in_text)
        g_string_append_len(s->text, text, (gssize)len);
}

/* What has been read before a fault stays. */
static bool read_xml(Sheet *s, const char *xml, size_t len)
{
    static const GMarkupParser parser = {
        .start_element = on_start, .end_element = on_end, .text = on_text};
    if (len >= 3 && memcmp(xml, "\xef\xbb\xbf", 3) == 0) {
        xml += 3;
        len -= 3;
    }
    GMarkupParseContext *context =
        g_markup_parse_context_new(&parser, G_MARKUP_TREAT_CDATA_AS_TEXT, s, NULL);
    bool good = g_markup_parse_context_parse(context, xml, (gssize)len, NULL) &&
                g_markup_parse_context_end_parse(context, NULL);
    g_markup_parse_context_free(context);
    return good;
}

static void tell(const char *path, AjDiags *diags, bool large)
{
    if (large)
        aj_diag(diags, AJ_ERROR, (AjPos){path, 0, 0}, "quiz-xlsx-large",
                AJ_TR("删去图片和空白的行列，或存成 CSV",
                      "take out what is no question, or save as CSV"),
                AJ_TR("工作簿解开后超过 %d MiB", "the workbook unpacks to over %d MiB"),
                MEMBER_LIMIT >> 20);
    else
        aj_diag(diags, AJ_ERROR, (AjPos){path, 0, 0}, "quiz-xlsx-broken",
                AJ_TR("用表格软件打开，另存为 .xlsx 或 CSV",
                      "open it and save it again as .xlsx or CSV"),
                "%s",
                AJ_TR("不是完好的 XLSX 工作簿（旧的 .xls 不行）",
                      "no sound XLSX workbook (an old .xls is none)"));
}

/* GOOD also when the member is absent and may be: then nothing was read. */
static AjUnzipResult read_member(const AjUnzip *zip, const char *name, Sheet *s)
{
    g_autofree char *xml = NULL;
    size_t len = 0;
    AjUnzipResult result = aj_unzip_read(zip, name, MEMBER_LIMIT, &xml, &len);
    if (result == AJ_UNZIP_GOOD && !read_xml(s, xml, len))
        result = AJ_UNZIP_BROKEN;
    return result;
}

bool aj_quizxlsx_parse(AjArena *a, const char *bytes, size_t len, const char *path,
                       AjQuiz *quiz_out, AjDiags *diags)
{
    AjUnzip zip;
    *quiz_out = (AjQuiz){0};
    if (!aj_unzip_open(&zip, bytes, len)) {
        tell(path, diags, false);
        return false;
    }
    AjStrings shared = {0};
    g_autoptr(GString) text = g_string_new(NULL);
    Sheet strings = {.arena = a, .shared = &shared, .text = text};
    AjUnzipResult result = read_member(&zip, "xl/sharedStrings.xml", &strings);
    if (result == AJ_UNZIP_BROKEN || result == AJ_UNZIP_LARGE) {
        tell(path, diags, result == AJ_UNZIP_LARGE);
        return false;
    }
    g_autoptr(AjDiags) first = aj_diags_new(); /* why the first sheet would not do */
    bool any = false;
    for (unsigned i = 1; i <= SHEETS; i++) {
        g_autofree char *name = g_strdup_printf("xl/worksheets/sheet%u.xml", i);
        AjRows rows = {0};
        Sheet sheet = {.arena = a, .shared = &shared, .rows = &rows, .text = text, .next_row = 1};
        result = read_member(&zip, name, &sheet);
        if (result == AJ_UNZIP_ABSENT)
            continue;
        if (result != AJ_UNZIP_GOOD) {
            tell(path, diags, result == AJ_UNZIP_LARGE);
            return false;
        }
        g_autoptr(AjDiags) told = aj_diags_new();
        bool good = aj_quiztable_read(a, &rows, path, quiz_out, told);
        AjDiags *to = good ? diags : any ? NULL : first;
        for (uint32_t k = 0; to && k < aj_diags_total(told); k++) {
            const AjDiag *d = aj_diags_at(told, k);
            aj_diag(to, d->level, d->pos, d->code, d->hint, "%s", d->message);
        }
        any = true;
        if (good)
            return true;
    }
    if (!any)
        tell(path, diags, false);
    for (uint32_t k = 0; k < aj_diags_total(first); k++) {
        const AjDiag *d = aj_diags_at(first, k);
        aj_diag(diags, d->level, d->pos, d->code, d->hint, "%s", d->message);
    }
    return false;
}
