/* report - asks the ledger, the roster and the site, and writes the answer as text, CSV or a form.
 *
 * Must not know: how a table or a form is made up, the command line. */
#include "driver/report.h"

#include "base/fs.h"
#include "base/text.h"
#include "records/roster.h"

#include <string.h>

enum { ROSTER_LIMIT = 64 << 20, KEY_LIMIT = 4096 };

typedef struct {
    const AjReportAsk *ask;
    AjArena *arena;
    AjDiags *diags;
    AjDesk *desk;
    AjTheme *theme;
    AjLedger *ledger;
    GHashTable *old; /* commit → AjDesk */
} Report;

static GQuark report_quark(void)
{
    return g_quark_from_static_string("aj-report-error");
}

static bool missing(GError **error, const char *text)
{
    g_set_error(error, report_quark(), 0, "%s", text);
    return false;
}

/* ---- what is asked -------------------------------------------------------------------------- */

/* Without a key file the site's name is the key, as in the kiosk. */
static bool load_key(Report *r, char **key_out, GError **error)
{
    g_autofree char *text = NULL;
    size_t len = 0;
    if (!r->ask->key) {
        *key_out = g_strdup(r->desk->site);
        return true;
    }
    if (!aj_fs_read(r->ask->key, KEY_LIMIT, &text, &len, error))
        return false;
    *key_out = g_strdup(g_strstrip(text));
    return **key_out || missing(error, AJ_TR("钥匙文件是空的", "the key file is empty"));
}

static bool load_workers(Report *r, AjWorker **workers_out, uint32_t *count_out, GError **error)
{
    g_autofree char *key = NULL, *text = NULL;
    size_t len = 0;
    *workers_out = NULL;
    *count_out = 0;
    if (!r->ask->roster)
        return true;
    if (!load_key(r, &key, error) || !aj_fs_read(r->ask->roster, ROSTER_LIMIT, &text, &len, error))
        return false;
    *workers_out = aj_roster_parse(r->arena, text, len, r->ask->roster, key, count_out, r->diags);
    return true;
}

static bool load(Report *r, GError **error)
{
    AjWorker *workers;
    AjEntry *entries;
    uint32_t worker_count, count;
    g_autofree char *root = g_canonicalize_filename(r->ask->site, NULL);
    r->desk = aj_desk_read(r->arena, root, NULL, &r->theme, r->diags, error);
    if (!r->desk)
        return *error ||
               missing(error, AJ_TR("网站有错误，先改好", "the site has errors: mend them first"));
    g_autoptr(AjStore) store = aj_store_open(r->ask->db, false, error);
    if (!store || !load_workers(r, &workers, &worker_count, error) ||
        !aj_store_load(store, r->arena, &entries, &count, error))
        return false;
    if (*aj_store_site(store) && strcmp(aj_store_site(store), r->desk->site) != 0) {
        g_set_error(
            error, report_quark(), 0,
            AJ_TR("台账是 %s 的，不是这个网站 %s 的", "the ledger is that of %s, not of %s"),
            aj_store_site(store), r->desk->site);
        return false;
    }
    r->ledger =
        aj_ledger_make(r->arena, r->desk, workers, worker_count, entries, count, r->ask->now);
    r->ledger->forgotten_until = aj_store_forgotten_until(store);
    return true;
}

/* The site at a commit, built once; NULL when the history does not hold it. */
static const AjDesk *desk_at(Report *r, const char *site, const char *commit)
{
    AjDesk *desk = NULL;
    if (g_hash_table_lookup_extended(r->old, commit, NULL, (void **)&desk))
        return desk;
    g_autoptr(GError) error = NULL;
    g_autoptr(AjDiags) quiet = aj_diags_new(); /* what an old edition had wrong was told then */
    desk = aj_desk_read(r->arena, site, commit, NULL, quiet, &error);
    g_hash_table_insert(r->old, (void *)commit, desk);
    return desk;
}

/* The page that a statement names, as its hashes say it was; NULL with the reason. */
static const AjDeskPage *page_then(Report *r, const char *site, const AjEntry *e, const char **why)
{
    const AjDesk *desk = *e->commit ? desk_at(r, site, e->commit) : NULL;
    const AjDeskPage *page = desk ? aj_desk_find(desk, e->page) : NULL;
    *why = !*e->commit ? AJ_TR("没有写提交", "it names no commit")
           : !desk ? AJ_TR("网站的历史里没有这个提交", "the site's history has no such commit")
           : !page ? AJ_TR("这个提交里没有这一页", "that commit has no such page")
           : strcmp(page->content, e->content) != 0
               ? AJ_TR("页面的散列对不上", "the hash of the page does not fit")
           : strcmp(page->questions, e->questions) != 0
               ? AJ_TR("题目的散列对不上", "the hash of the questions does not fit")
               : NULL;
    return *why ? NULL : page;
}

/* ---- how it is written ---------------------------------------------------------------------- */

static void put_style(Report *r, AjValue *map)
{
    g_autoptr(GString) style = g_string_new("<style>\n");
    const AjValue *stack[] = {map};
    if (aj_templates_has(r->theme->templates, "form_style.txt"))
        aj_templates_run(r->theme->templates, "form_style.txt", stack, 1, style);
    g_string_append(style, "</style>");
    aj_value_set_string(r->arena, map, "style", style->str);
}

static bool draw(Report *r, const char *template, AjValue *map, GString *out, GError **error)
{
    if (!aj_templates_has(r->theme->templates, template)) {
        g_set_error(error, report_quark(), 0,
                    AJ_TR("主题缺少模板 %s", "the theme lacks the template %s"), template);
        return false;
    }
    put_style(r, map);
    const AjValue *stack[] = {map};
    return aj_templates_run(r->theme->templates, template, stack, 1, out) ||
           missing(error, AJ_TR("模板没有尽头", "a template without an end"));
}

static const char *text_of(const AjValue *v)
{
    return aj_value_get_string(v, "text", "");
}

static void csv_cell(const char *text, GString *out)
{
    if (*text && strchr("=+@\t", *text)) /* a table program would run it as a formula */
        g_string_append_c(out, '\'');
    if (!strpbrk(text, ",\"\r\n")) {
        g_string_append(out, text);
        return;
    }
    g_string_append_c(out, '"');
    for (; *text; text++) {
        if (*text == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, *text);
    }
    g_string_append_c(out, '"');
}

static void csv_row(const AjValue *cells, GString *out)
{
    for (uint32_t i = 0; i < aj_value_len(cells); i++) {
        if (i)
            g_string_append_c(out, ',');
        csv_cell(text_of(aj_value_at(cells, i)), out);
    }
    g_string_append(out, "\r\n");
}

static void print_csv(const AjValue *sheet, GString *out)
{
    const AjValue *rows = aj_value_get(sheet, "rows");
    g_string_append(out, "\xef\xbb\xbf");
    csv_row(aj_value_get(sheet, "columns"), out);
    for (uint32_t i = 0; i < aj_value_len(rows); i++)
        csv_row(aj_value_get(aj_value_at(rows, i), "cells"), out);
}

/* Columns that a terminal takes: a Chinese character is two wide. */
static uint32_t width_of(const char *text)
{
    uint32_t width = 0;
    for (const char *p = text, *end = text + strlen(text); p < end;)
        width += aj_text_is_cjk(aj_utf8_next(&p, end)) ? 2 : 1;
    return width;
}

static void widen(const AjValue *cells, uint32_t *width)
{
    for (uint32_t i = 0; i < aj_value_len(cells); i++)
        width[i] = MAX(width[i], width_of(text_of(aj_value_at(cells, i))));
}

static void text_row(const AjValue *cells, const uint32_t *width, GString *out)
{
    uint32_t count = aj_value_len(cells);
    for (uint32_t i = 0; i < count; i++) {
        const AjValue *cell = aj_value_at(cells, i);
        const char *text = text_of(cell);
        bool number = aj_value_get_bool(cell, "is_number", false), last = i + 1 == count;
        uint32_t pad = width[i] - width_of(text);
        g_string_append_printf(out, "%*s%s%*s%s", number ? (int)pad : 0, "", text,
                               number || last ? 0 : (int)pad, "", last ? "" : "  ");
    }
    while (out->len && out->str[out->len - 1] == ' ')
        g_string_truncate(out, out->len - 1);
    g_string_append_c(out, '\n');
}

static void print_text(const AjValue *sheet, GString *out)
{
    const AjValue *rows = aj_value_get(sheet, "rows"), *columns = aj_value_get(sheet, "columns");
    const AjValue *notes = aj_value_get(sheet, "notes");
    uint32_t *width = g_new0(uint32_t, aj_value_len(columns) + 1);
    widen(columns, width);
    for (uint32_t i = 0; i < aj_value_len(rows); i++)
        widen(aj_value_get(aj_value_at(rows, i), "cells"), width);
    text_row(columns, width, out);
    for (uint32_t i = 0; i < aj_value_len(rows); i++)
        text_row(aj_value_get(aj_value_at(rows, i), "cells"), width, out);
    for (uint32_t i = 0; i < aj_value_len(notes); i++)
        g_string_append_printf(out, "%s\n", text_of(aj_value_at(notes, i)));
    g_free(width);
}

static bool write_out(const Report *r, const char *path, const GString *text, GString *text_out,
                      GError **error)
{
    (void)r;
    if (path)
        return aj_fs_write(path, text->str, text->len, error);
    g_string_append_len(text_out, text->str, (gssize)text->len);
    return true;
}

/* ---- each kind of answer -------------------------------------------------------------------- */

static bool sheet(Report *r, AjValue *map, GString *text_out, GError **error)
{
    const char *path = r->ask->output;
    g_autoptr(GString) out = g_string_new(NULL);
    if (path && g_str_has_suffix(path, ".csv"))
        print_csv(map, out);
    else if (path && (g_str_has_suffix(path, ".html") || g_str_has_suffix(path, ".htm"))) {
        if (!draw(r, "form_sheet.html", map, out, error))
            return false;
    } else
        print_text(map, out);
    return write_out(r, path, out, text_out, error);
}

/* For who writes questions: those that the answers speak against, as places in files. */
static void tell_editor(Report *r, const AjValue *sheet)
{
    const AjValue *rows = aj_value_get(sheet, "rows");
    for (uint32_t i = 0; i < aj_value_len(rows); i++) {
        const AjValue *row = aj_value_at(rows, i);
        if (strcmp(aj_value_get_string(row, "mark", ""), "doubt") != 0)
            continue;
        g_autofree char *path =
            g_build_filename(r->ask->site, aj_value_get_string(row, "source", ""), NULL);
        AjPos pos = {strncmp(path, "./", 2) == 0 ? path + 2 : path,
                     (uint32_t)aj_value_get_int(row, "line", 0), 0};
        aj_diag(r->diags, AJ_WARNING, pos, "question-quality",
                AJ_TR("改题干、选项或课文；题意变了，换一个编号",
                      "mend stem, options or lesson; a new id when it asks something else"),
                "%s", aj_value_get_string(row, "advice", ""));
    }
}

static bool write_form(Report *r, const char *name, AjValue *map, const char *path, GError **error)
{
    g_autofree char *template = g_strdup_printf("form_%s.html", name);
    g_autoptr(GString) out = g_string_new(NULL);
    return draw(r, template, map, out, error) && aj_fs_write(path, out->str, out->len, error);
}

static bool write_paper(Report *r, const AjFormAsk *how, const AjEntry *attempt, const char *path,
                        GError **error)
{
    const char *why;
    g_autofree char *root = g_canonicalize_filename(r->ask->site, NULL);
    const AjDeskPage *page = page_then(r, root, attempt, &why);
    return write_form(r, "paper", aj_paper_make(r->arena, how, attempt, page, why), path, error);
}

static bool paper(Report *r, const AjFormAsk *how, GError **error)
{
    if (!r->ask->attempt)
        return missing(error, AJ_TR("要写 --attempt，记录的编号", "--attempt ID is needed"));
    for (uint32_t i = 0; i < r->ledger->entry_count; i++) {
        const AjEntry *e = &r->ledger->entries[i];
        if (strcmp(e->id, r->ask->attempt) == 0 &&
            (strcmp(e->verb, "passed") == 0 || strcmp(e->verb, "failed") == 0))
            return write_paper(r, how, e, r->ask->output, error);
    }
    return missing(error, AJ_TR("台账里没有这场考试", "the ledger has no such attempt"));
}

static bool person(Report *r, const AjFormAsk *how, GError **error)
{
    const AjLedger *l = r->ledger;
    uint32_t worker = 0, count;
    if (!r->ask->filter.number)
        return missing(error, AJ_TR("要写 --number，工号", "--number is needed"));
    const char *number = aj_roster_fold(r->arena, r->ask->filter.number);
    while (worker < l->worker_count && strcmp(l->workers[worker].number, number) != 0)
        worker++;
    if (worker == l->worker_count)
        return missing(error, AJ_TR("名册里没有这个工号", "the roster has no such number"));
    if (!aj_fs_mkdirs(r->ask->output, error))
        return false;
    g_autofree char *index = g_build_filename(r->ask->output, "index.html", NULL);
    if (!write_form(r, "person", aj_form_person(r->arena, how, worker), index, error))
        return false;
    uint32_t *attempts = aj_form_attempts(r->arena, l, worker, &count);
    for (uint32_t i = 0; i < count; i++) {
        g_autofree char *name = g_strdup_printf("paper-%02u.html", i + 1);
        g_autofree char *path = g_build_filename(r->ask->output, name, NULL);
        if (!write_paper(r, how, &l->entries[attempts[i]], path, error))
            return false;
    }
    return true;
}

static bool form(Report *r, uint32_t *rows_out, GError **error)
{
    AjFormAsk how = {r->ledger, &r->ask->filter, r->ask->date};
    if (!r->ask->output)
        return missing(error, AJ_TR("表格要写 -o OUT", "a form needs -o OUT"));
    if (strcmp(r->ask->form, "paper") == 0)
        return paper(r, &how, error);
    if (strcmp(r->ask->form, "person") == 0)
        return person(r, &how, error);
    AjValue *map = aj_form_make(r->arena, &how, r->ask->form);
    if (!map)
        return missing(error, AJ_TR("没有这种报表", "there is no such form"));
    *rows_out = (uint32_t)aj_value_get_int(map, "count", 0);
    return write_form(r, r->ask->form, map, r->ask->output, error);
}

bool aj_report(const AjReportAsk *ask, AjDiags *diags, uint32_t *rows_out, GString *text_out,
               GError **error)
{
    Report r = {.ask = ask,
                .arena = aj_arena_new(1 << 20),
                .diags = diags,
                .old = g_hash_table_new(g_str_hash, g_str_equal)};
    *rows_out = 0;
    bool good = load(&r, error);
    if (good) {
        bool editor = strcmp(ask->form, "editor") == 0;
        AjValue *map =
            aj_sheet_make(r.arena, r.ledger, editor ? "questions" : ask->form, &ask->filter);
        *rows_out = map ? (uint32_t)aj_value_get_int(map, "count", 0) : 0;
        if (editor)
            tell_editor(&r, map);
        else
            good = map ? sheet(&r, map, text_out, error) : form(&r, rows_out, error);
    }
    g_hash_table_unref(r.old);
    aj_theme_free(r.theme);
    aj_arena_free(r.arena);
    return good;
}

bool aj_report_content(const char *site, const AjEntry *entries, uint32_t count, AjDiags *diags,
                       uint32_t *checked_out, uint32_t *editions_out, GError **error)
{
    Report r = {.arena = aj_arena_new(1 << 20), .old = g_hash_table_new(g_str_hash, g_str_equal)};
    g_autofree char *root = g_canonicalize_filename(site, NULL);
    bool good = g_file_test(root, G_FILE_TEST_IS_DIR) ||
                missing(error, AJ_TR("没有这个网站文件夹", "there is no such folder of a site"));
    for (uint32_t i = 0; good && i < count; i++) {
        const AjEntry *e = &entries[i];
        const char *why;
        if (!page_then(&r, root, e, &why))
            aj_diag(diags, AJ_ERROR, (AjPos){e->file, e->line, 0}, "record-content",
                    AJ_TR("这一条不能证明学的是什么：查一查网站的仓库是不是完整、是不是这一个",
                          "it does not prove what was learnt: see whether the repository is whole, "
                          "and the right one"),
                    "%s: %s", e->page, why);
        ++*checked_out;
    }
    *editions_out = g_hash_table_size(r.old);
    g_hash_table_unref(r.old);
    aj_arena_free(r.arena);
    return good;
}
