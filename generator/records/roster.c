/* roster - who works here: a CSV with 工号, 姓名, 单位, 班组, 岗位, 入职日期.
 *
 * Must not know: files, statements, where the key lies. */
#include "records/roster.h"

#include "base/hash.h"
#include "base/personal.h"
#include "base/text.h"

#include <string.h>

enum { FIELDS = 8, COLUMNS = 64 };
typedef enum { NUMBER, NAME, UNIT, TEAM, POST, JOINED, MOVED, LEFT } Field;
static const char *const headings[FIELDS] = {"工号", "姓名",     "单位",     "班组",
                                             "岗位", "入职日期", "转岗日期", "离职日期"};

typedef struct {
    AjArena *arena;
    const char *path;
    AjDiags *diags;
    const char *at, *end;
    char separator;
    uint32_t line;
} Csv;

static void say(Csv *c, uint32_t line, AjLevel level, const char *code, const char *hint,
                const char *message)
{
    aj_diag(c->diags, level, (AjPos){c->path, line, 0}, code, hint, "%s", message);
}

/* One record; `*line_out` is where it begins. Cells are trimmed. false at the end. */
static bool next_row(Csv *c, const char *cells[COLUMNS], uint32_t *count, uint32_t *line_out)
{
    if (c->at >= c->end)
        return false;
    g_autoptr(GString) cell = g_string_new(NULL);
    bool quoted = false, done = false;
    *count = 0;
    *line_out = c->line;
    while (!done) {
        char ch = c->at < c->end ? *c->at++ : '\0';
        bool end = ch == '\0';
        if (ch == '\n')
            c->line++;
        if (quoted && !end) {
            if (ch == '"' && c->at < c->end && *c->at == '"')
                g_string_append_c(cell, *c->at++);
            else if (ch == '"')
                quoted = false;
            else
                g_string_append_c(cell, ch);
            continue;
        }
        if (quoted)
            say(c, *line_out, AJ_ERROR, "roster-quote",
                AJ_TR("补上另一个引号", "add the other quote"),
                AJ_TR("引号没有结束", "a quote without an end"));
        if (ch == '"' && cell->len == 0) {
            quoted = true;
        } else if (end || ch == '\n' || ch == c->separator) {
            g_strstrip(cell->str);
            if (*count < COLUMNS)
                cells[(*count)++] = aj_arena_strdup(c->arena, cell->str);
            g_string_truncate(cell, 0);
            done = end || ch == '\n';
        } else {
            g_string_append_c(cell, ch);
        }
    }
    return true;
}

/* UTF-8 as it is; else GB18030, line by line, so that one broken line costs only itself. */
static char *decode(Csv *c, const char *bytes, size_t len)
{
    if (len >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
        bytes += 3;
        len -= 3;
    }
    if (aj_utf8_invalid_at(bytes, len) == SIZE_MAX)
        return g_strndup(bytes, len);
    GString *out = g_string_sized_new(2 * len);
    uint32_t line = 1;
    for (size_t at = 0; at < len; line++) {
        const char *lf = memchr(bytes + at, '\n', len - at);
        size_t next = lf ? (size_t)(lf - bytes) + 1 : len;
        g_autofree char *text =
            g_convert(bytes + at, (gssize)(next - at), "UTF-8", "GB18030", NULL, NULL, NULL);
        if (text && aj_utf8_invalid_at(text, strlen(text)) == SIZE_MAX) {
            g_string_append(out, text);
        } else {
            say(c, line, AJ_ERROR, "roster-encoding",
                AJ_TR("用 Excel 另存为“CSV UTF-8”", "save it as \"CSV UTF-8\""),
                AJ_TR("这一行不是 UTF-8，也不是 GB18030，没有收",
                      "this line is neither UTF-8 nor GB18030, and was left out"));
            g_string_append_c(out, '\n');
        }
        at = next;
    }
    return g_string_free(out, FALSE);
}

const char *aj_roster_fold(AjArena *a, const char *number)
{
    g_autoptr(GString) out = g_string_new(NULL);
    const char *end = number + strlen(number);
    while (number < end) {
        uint32_t cp = aj_utf8_next(&number, end);
        if (cp >= 0xFF01 && cp <= 0xFF5E)
            cp -= 0xFEE0;
        if (cp == ' ' || (cp >= 9 && cp <= 13) || cp == 0xA0 || cp == 0x3000 || cp == 0xFEFF)
            continue;
        aj_utf8_append(out, cp < 0x80 ? (uint32_t)g_ascii_toupper((char)cp) : cp);
    }
    return aj_arena_strdup(a, out->str);
}

const char *aj_roster_pseudonym(AjArena *a, const char *key, const char *number)
{
    char hex[65];
    const char *folded = aj_roster_fold(a, number);
    aj_hash_hmac_hex(key, strlen(key), folded, strlen(folded), hex);
    return aj_arena_printf(a, "p-%.32s", hex);
}

/* 2026-11-20, 2026/1/5, 2026.1.5, 20260105 as 2026-11-20; NULL: no date. */
static const char *date_of(AjArena *a, const char *text)
{
    unsigned part[3] = {0};
    const char *p = text;
    if (strlen(text) == 8 && strspn(text, "0123456789") == 8)
        text = p = aj_arena_printf(a, "%.4s-%.2s-%.2s", text, text + 4, text + 6);
    for (int i = 0; i < 3; i++) {
        char *end;
        part[i] = (unsigned)g_ascii_strtoull(p, &end, 10);
        if (end == p || (i < 2 && (!*end || !strchr("-/.", *end))) ||
            (i == 2 && *end && *end != ' '))
            return NULL;
        p = end + (i < 2);
    }
    if (part[0] < 1900 || part[0] > 2200 || part[1] > 12 || part[2] > 31 ||
        !g_date_valid_dmy((GDateDay)part[2], (GDateMonth)part[1], (GDateYear)part[0]))
        return NULL;
    return aj_arena_printf(a, "%04u-%02u-%02u", part[0], part[1], part[2]);
}

static const char *checked_date(Csv *c, uint32_t line, const char *text)
{
    const char *date = *text ? date_of(c->arena, text) : "";
    if (date)
        return date;
    g_autofree char *message = g_strdup_printf(AJ_TR("“%s”不是日期", "\"%s\" is no date"), text);
    say(c, line, AJ_WARNING, "roster-date", AJ_TR("写成 2026-11-20", "write 2026-11-20"), message);
    return "";
}

static bool find_columns(Csv *c, const char *cells[COLUMNS], uint32_t count, int place[FIELDS],
                         uint32_t line)
{
    for (int f = 0; f < FIELDS; f++) {
        place[f] = -1;
        for (uint32_t i = 0; i < count; i++)
            if (strcmp(cells[i], headings[f]) == 0)
                place[f] = (int)i;
    }
    if (place[NUMBER] >= 0)
        return true;
    say(c, line, AJ_ERROR, "roster-heading",
        AJ_TR("第一行写：工号,姓名,单位,班组,岗位,入职日期",
              "the first line is: 工号,姓名,单位,班组,岗位,入职日期"),
        AJ_TR("名册第一行没有“工号”", "the first line of the roster has no 工号"));
    return false;
}

/* A number of identity in any cell must not get further than this room. */
static bool has_personal(const char *cells[COLUMNS], uint32_t count)
{
    size_t start, end;
    for (uint32_t i = 0; i < count; i++)
        if (aj_personal_find(cells[i], strlen(cells[i]), 0, &start, &end) != AJ_PERSONAL_NONE)
            return true;
    return false;
}

static bool take_row(Csv *c, const char *cells[COLUMNS], uint32_t count, const int place[FIELDS],
                     uint32_t line, const char *key, GHashTable *seen, AjWorker *out)
{
    const char *field[FIELDS];
    bool any = false;
    for (uint32_t i = 0; i < count; i++)
        any |= *cells[i] != '\0';
    for (int f = 0; f < FIELDS; f++)
        field[f] = place[f] >= 0 && (uint32_t)place[f] < count ? cells[place[f]] : "";
    if (!any)
        return false;
    if (has_personal(cells, count))
        say(c, line, AJ_ERROR, "roster-personal",
            AJ_TR("从名册里删掉这一列；这里用不着", "remove that column: nothing here needs it"),
            AJ_TR("名册里有身份证号或手机号", "an identity or mobile number in the roster"));
    size_t start, end;
    const char *number = aj_roster_fold(c->arena, field[NUMBER]);
    if (!*number || aj_personal_find(number, strlen(number), 0, &start, &end)) {
        say(c, line, AJ_ERROR, "roster-number", AJ_TR("补上工号", "write the number"),
            AJ_TR("这一行没有工号", "a row without 工号"));
        return false;
    }
    uint32_t first = GPOINTER_TO_UINT(g_hash_table_lookup(seen, number));
    if (first) {
        g_autofree char *message = g_strdup_printf(
            AJ_TR("工号 %s 已在第 %u 行，这一行没有收", "%s stands in line %u already; left out"),
            number, first);
        say(c, line, AJ_ERROR, "roster-twice",
            AJ_TR("两个人给两个工号；一个人留一行", "a number for each person, a row for each"),
            message);
        return false;
    }
    g_hash_table_insert(seen, (void *)number, GUINT_TO_POINTER(line));
    *out = (AjWorker){.number = number,
                      .name = field[NAME],
                      .unit = field[UNIT],
                      .team = field[TEAM],
                      .post = field[POST],
                      .joined = checked_date(c, line, field[JOINED]),
                      .moved = checked_date(c, line, field[MOVED]),
                      .left = checked_date(c, line, field[LEFT]),
                      .who = key ? aj_roster_pseudonym(c->arena, key, number) : "",
                      .line = line};
    if (!*out->post)
        say(c, line, AJ_WARNING, "roster-post",
            AJ_TR("补上岗位，否则不知道他要学什么", "write the post: it says what he has to learn"),
            AJ_TR("这一行没有岗位", "a row without 岗位"));
    return true;
}

AjWorker *aj_roster_parse(AjArena *a, const char *bytes, size_t len, const char *path,
                          const char *key, uint32_t *count_out, AjDiags *diags)
{
    Csv c = {.arena = a, .path = path, .diags = diags, .line = 1, .separator = ','};
    g_autofree char *text = decode(&c, bytes, len);
    const char *cells[COLUMNS];
    uint32_t count, line;
    int place[FIELDS];
    size_t first = strcspn(text, "\n");
    if (!memchr(text, ',', first))
        c.separator = memchr(text, '\t', first) ? '\t' : memchr(text, ';', first) ? ';' : ',';
    c.at = text;
    c.end = text + strlen(text);
    *count_out = 0;
    if (!next_row(&c, cells, &count, &line)) {
        count = 0;
        line = 1;
    }
    if (!find_columns(&c, cells, count, place, line))
        return NULL;
    g_autoptr(GArray) list = g_array_new(FALSE, FALSE, sizeof(AjWorker));
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    AjWorker worker;
    while (next_row(&c, cells, &count, &line))
        if (take_row(&c, cells, count, place, line, key, seen, &worker))
            g_array_append_val(list, worker);
    AjWorker *workers = aj_arena_alloc(a, (list->len + 1) * sizeof *workers);
    if (list->len)
        memcpy(workers, list->data, list->len * sizeof *workers);
    *count_out = list->len;
    return workers;
}
