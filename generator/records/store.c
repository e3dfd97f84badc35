/* store - the ledger on disk: one SQLite file that holds every statement once.
 *
 * Must not know: files of kiosks, rosters, what a report makes of it. */
#include "records/store.h"

#include "base/hash.h"
#include "base/personal.h"

#include <sqlite3.h>
#include <string.h>

enum { FORMAT = 1, APPLICATION = 0x416E4A4C /* "AnJL" */ };

typedef enum { ADD, LINE, REFUSE, STATEMENTS } Name;
struct AjStore {
    sqlite3 *db;
    char *path, *site;
    sqlite3_stmt *made[STATEMENTS];
};

static const char schema[] =
    "CREATE TABLE about(key TEXT PRIMARY KEY, value TEXT NOT NULL);"
    "CREATE TABLE statement(number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, chain TEXT NOT "
    "NULL,"
    " seq INTEGER NOT NULL, hash TEXT NOT NULL, prev TEXT NOT NULL, who TEXT, verb TEXT, page TEXT,"
    " revision TEXT, content TEXT, questions TEXT, question TEXT, seed TEXT, bundle TEXT,"
    " station TEXT, key TEXT, registration TEXT, response TEXT, stamp TEXT, time INTEGER,"
    " hours REAL, raw REAL, max REAL, scaled REAL, duration REAL, success INTEGER,"
    " completion INTEGER, file TEXT NOT NULL, line INTEGER NOT NULL, collected INTEGER NOT NULL,"
    " forgotten INTEGER NOT NULL DEFAULT 0);"
    "CREATE INDEX statement_chain ON statement(chain, seq);"
    "CREATE TABLE line(number INTEGER PRIMARY KEY REFERENCES statement, bytes BLOB NOT NULL);"
    "CREATE TABLE refused(hash TEXT NOT NULL, file TEXT NOT NULL, line INTEGER NOT NULL,"
    " code TEXT NOT NULL, bytes BLOB, collected INTEGER NOT NULL, PRIMARY KEY(hash, file, line));"
    "CREATE TABLE head(chain TEXT NOT NULL, seq INTEGER NOT NULL, hash TEXT NOT NULL,"
    " time INTEGER NOT NULL, public TEXT NOT NULL, signature TEXT NOT NULL,"
    " PRIMARY KEY(chain, seq, hash));";

static GQuark store_quark(void)
{
    return g_quark_from_static_string("aj-store-error");
}

bool aj_store_fail(const AjStore *s, GError **error)
{
    g_set_error(error, store_quark(), sqlite3_errcode(s->db), AJ_TR("台账 %s：%s", "ledger %s: %s"),
                s->path, sqlite3_errmsg(s->db));
    return false;
}

static bool run(AjStore *s, const char *sql, GError **error)
{
    return sqlite3_exec(s->db, sql, NULL, NULL, NULL) == SQLITE_OK || aj_store_fail(s, error);
}

sqlite3_stmt *aj_store_prepare(AjStore *s, const char *sql, GError **error)
{
    sqlite3_stmt *q = NULL;
    if (sqlite3_prepare_v2(s->db, sql, -1, &q, NULL) != SQLITE_OK)
        aj_store_fail(s, error);
    return q;
}

/* The statements that run once a line are made once. */
static sqlite3_stmt *ready(AjStore *s, Name name, GError **error)
{
    static const char *const texts[STATEMENTS] = {
        [ADD] =
            "INSERT OR IGNORE INTO statement(id, chain, seq, hash, prev, who, verb, page, revision,"
            " content, questions, question, seed, bundle, station, key, registration, response,"
            " stamp, time, hours, raw, max, scaled, duration, success, completion, file, line,"
            " collected) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
        [LINE] = "INSERT INTO line(number, bytes) VALUES(last_insert_rowid(), ?)",
        [REFUSE] = ("INSERT OR IGNORE INTO refused(hash, file, line, code, bytes, collected)"
                    " VALUES(?,?,?,?,?,?)"),
    };
    if (!s->made[name])
        s->made[name] = aj_store_prepare(s, texts[name], error);
    if (s->made[name]) {
        sqlite3_reset(s->made[name]);
        sqlite3_clear_bindings(s->made[name]);
    }
    return s->made[name];
}

static void bind_text(sqlite3_stmt *q, int at, const char *text)
{
    if (*text)
        sqlite3_bind_text(q, at, text, -1, SQLITE_STATIC);
}

static void bind_number(sqlite3_stmt *q, int at, double number)
{
    if (number != -1)
        sqlite3_bind_double(q, at, number);
}

static int64_t pragma(AjStore *s, const char *sql)
{
    sqlite3_stmt *q = aj_store_prepare(s, sql, NULL);
    int64_t value = q && sqlite3_step(q) == SQLITE_ROW ? sqlite3_column_int64(q, 0) : -1;
    sqlite3_finalize(q);
    return value;
}

static bool set_up(AjStore *s, GError **error)
{
    int64_t application = pragma(s, "PRAGMA application_id"),
            format = pragma(s, "PRAGMA user_version");
    if (application == APPLICATION && format == FORMAT)
        return true;
    int64_t tables = pragma(s, "SELECT count(*) FROM sqlite_schema");
    if (application == APPLICATION || tables != 0) {
        g_set_error(error, store_quark(), 0,
                    application == APPLICATION
                        ? AJ_TR("台账 %s 的格式更新，请用新版的安鉴打开",
                                "ledger %s has a newer format: open it with a newer anjian")
                        : AJ_TR("%s 不是安鉴的台账", "%s is no ledger of anjian"),
                    s->path);
        return false;
    }
    g_autofree char *marks = g_strdup_printf(
        "PRAGMA application_id = %d; PRAGMA user_version = %d;", APPLICATION, FORMAT);
    /* Both in one transaction: a kill leaves an empty file, which the next run sets up. */
    return run(s, "BEGIN IMMEDIATE", error) && run(s, schema, error) && run(s, marks, error) &&
           run(s, "COMMIT", error);
}

AjStore *aj_store_open(const char *path, bool create, GError **error)
{
    AjStore *s = g_new0(AjStore, 1);
    s->path = g_strdup(path);
    int flags = SQLITE_OPEN_READWRITE | (create ? SQLITE_OPEN_CREATE : 0);
    bool good = sqlite3_open_v2(path, &s->db, flags, NULL) == SQLITE_OK || aj_store_fail(s, error);
    if (good) {
        sqlite3_busy_timeout(s->db, 10000);
        good = run(s,
                   "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                   "PRAGMA foreign_keys = ON; PRAGMA cache_size = -65536;"
                   "PRAGMA secure_delete = ON;",
                   error) &&
               set_up(s, error);
    }
    if (good)
        return s;
    aj_store_close(s);
    return NULL;
}

void aj_store_close(AjStore *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(s->made[i]);
    sqlite3_close(s->db);
    g_free(s->path);
    g_free(s->site);
    g_free(s);
}

bool aj_store_begin(AjStore *s, GError **error)
{
    return run(s, "BEGIN IMMEDIATE", error);
}

bool aj_store_commit(AjStore *s, GError **error)
{
    return run(s, "COMMIT", error);
}

void aj_store_rollback(AjStore *s)
{
    sqlite3_exec(s->db, "ROLLBACK", NULL, NULL, NULL);
}

const char *aj_store_path(const AjStore *s)
{
    return s->path;
}

const char *aj_store_site(AjStore *s)
{
    if (s->site)
        return s->site;
    sqlite3_stmt *q = aj_store_prepare(s, "SELECT value FROM about WHERE key = 'site'", NULL);
    if (q && sqlite3_step(q) == SQLITE_ROW)
        s->site = g_strdup((const char *)sqlite3_column_text(q, 0));
    sqlite3_finalize(q);
    return s->site ? s->site : "";
}

bool aj_store_set_site(AjStore *s, const char *site, GError **error)
{
    sqlite3_stmt *q =
        aj_store_prepare(s, "INSERT OR REPLACE INTO about(key, value) VALUES('site', ?)", error);
    if (!q)
        return false;
    sqlite3_bind_text(q, 1, site, -1, SQLITE_STATIC);
    bool good = sqlite3_step(q) == SQLITE_DONE || aj_store_fail(s, error);
    sqlite3_finalize(q);
    g_clear_pointer(&s->site, g_free);
    return good;
}

static bool is_personal(const char *text)
{
    size_t start, end;
    return aj_personal_find(text, strlen(text), 0, &start, &end) != AJ_PERSONAL_NONE;
}

bool aj_store_add(AjStore *s, const AjReceipt *r, const char *file, int64_t now, bool *fresh_out,
                  GError **error)
{
    sqlite3_stmt *q = ready(s, ADD, error);
    if (!q)
        return false;
    /* Wherever in the statement the number stands, the columns stay clean. */
    const char *texts[] = {r->id,        r->chain,        NULL,        r->hash,     r->prev,
                           r->who,       r->verb,         r->page,     r->commit,   r->content,
                           r->questions, r->question,     r->seed,     r->bundle,   r->station,
                           r->key,       r->registration, r->response, r->timestamp};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        if (texts[i] && !(r->personal && is_personal(texts[i])))
            bind_text(q, (int)i + 1, texts[i]);
    sqlite3_bind_int64(q, 3, r->seq);
    if (r->time != INT64_MIN)
        sqlite3_bind_int64(q, 20, r->time);
    double numbers[] = {r->hours,    r->raw,     r->max,       r->scaled,
                        r->duration, r->success, r->completion};
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
        bind_number(q, (int)i + 21, numbers[i]);
    sqlite3_bind_text(q, 28, file, -1, SQLITE_STATIC);
    sqlite3_bind_int64(q, 29, r->line);
    sqlite3_bind_int64(q, 30, now);
    if (sqlite3_step(q) != SQLITE_DONE)
        return aj_store_fail(s, error);
    *fresh_out = sqlite3_changes(s->db) == 1;
    if (!*fresh_out || r->personal)
        return true;
    sqlite3_stmt *line = ready(s, LINE, error);
    if (!line)
        return false;
    sqlite3_bind_blob64(line, 1, r->text, r->len, SQLITE_STATIC);
    return sqlite3_step(line) == SQLITE_DONE || aj_store_fail(s, error);
}

bool aj_store_refuse(AjStore *s, const char *file, uint32_t line, const char *code,
                     const char *bytes, size_t len, int64_t now, bool *fresh_out, GError **error)
{
    char hash[65];
    sqlite3_stmt *q = ready(s, REFUSE, error);
    if (!q)
        return false;
    aj_hash_sha256_hex(bytes, len, hash);
    sqlite3_bind_text(q, 1, hash, -1, SQLITE_STATIC);
    sqlite3_bind_text(q, 2, file, -1, SQLITE_STATIC);
    sqlite3_bind_int64(q, 3, line);
    sqlite3_bind_text(q, 4, code, -1, SQLITE_STATIC);
    if (bytes)
        sqlite3_bind_blob64(q, 5, bytes, len, SQLITE_STATIC);
    sqlite3_bind_int64(q, 6, now);
    bool good = sqlite3_step(q) == SQLITE_DONE || aj_store_fail(s, error);
    *fresh_out = good && sqlite3_changes(s->db) == 1;
    return good;
}

bool aj_store_forget(AjStore *s, int64_t before, uint32_t *count_out, GError **error)
{
    /* `collected` too: a kiosk whose clock is in 1970 must not lose everything at once. */
    g_autofree char *lines = g_strdup_printf(
        "DELETE FROM line WHERE number IN (SELECT number FROM statement WHERE verb = 'answered' AND"
        " success = 0 AND NOT forgotten AND max(coalesce(time, 0), collected) < %" G_GINT64_FORMAT
        ")",
        before);
    g_autofree char *answers = g_strdup_printf(
        "UPDATE statement SET forgotten = 1, response = NULL, question = NULL, raw = NULL,"
        " scaled = NULL, success = NULL WHERE verb = 'answered' AND success = 0 AND NOT forgotten"
        " AND max(coalesce(time, 0), collected) < %" G_GINT64_FORMAT,
        before);
    /* Lines that were refused may be such answers with a byte changed. */
    g_autofree char *refused = g_strdup_printf(
        "UPDATE refused SET bytes = NULL WHERE collected < %" G_GINT64_FORMAT, before);
    g_autofree char *until =
        g_strdup_printf("INSERT INTO about(key, value) VALUES('forgotten', %" G_GINT64_FORMAT
                        ") ON CONFLICT(key) DO UPDATE SET value ="
                        " max(CAST(value AS INTEGER), CAST(excluded.value AS INTEGER))",
                        before);
    bool good = run(s, "BEGIN IMMEDIATE", error) && run(s, lines, error) && run(s, answers, error);
    *count_out = good ? (uint32_t)sqlite3_changes(s->db) : 0;
    if (good && run(s, refused, error) && run(s, until, error))
        return run(s, "COMMIT", error);
    aj_store_rollback(s);
    return false;
}

int64_t aj_store_forgotten_until(AjStore *s)
{
    int64_t until = pragma(s, "SELECT CAST(value AS INTEGER) FROM about WHERE key = 'forgotten'");
    return until < 0 ? INT64_MIN : until;
}

static const char *copy(AjArena *a, GHashTable *same, sqlite3_stmt *q, int column)
{
    const char *text = (const char *)sqlite3_column_text(q, column);
    if (!text)
        return "";
    const char *known = g_hash_table_lookup(same, text); /* most columns repeat a few words */
    if (!known) {
        known = aj_arena_strdup(a, text);
        g_hash_table_insert(same, (void *)known, (void *)known);
    }
    return known;
}

static double number(sqlite3_stmt *q, int column)
{
    return sqlite3_column_type(q, column) == SQLITE_NULL ? -1 : sqlite3_column_double(q, column);
}

bool aj_store_load(AjStore *s, AjArena *a, AjEntry **entries_out, uint32_t *count_out,
                   GError **error)
{
    uint32_t room = aj_store_count(s), count = 0;
    AjEntry *entries = aj_arena_alloc(a, ((size_t)room + 1) * sizeof *entries);
    g_autoptr(GHashTable) same = g_hash_table_new(g_str_hash, g_str_equal);
    sqlite3_stmt *q = aj_store_prepare(
        s,
        "SELECT id, chain, seq, who, verb, page, revision, content, questions, question, seed,"
        " station, registration, response, time, hours, raw, max, scaled, duration, success,"
        " completion, file, line, collected, hash, forgotten FROM statement ORDER BY chain, seq, "
        "hash",
        error);
    int step = SQLITE_ERROR;
    while (q && (step = sqlite3_step(q)) == SQLITE_ROW && count < room) {
        AjEntry *e = &entries[count++];
        *e = (AjEntry){.id = copy(a, same, q, 0),
                       .chain = copy(a, same, q, 1),
                       .seq = sqlite3_column_int64(q, 2),
                       .who = copy(a, same, q, 3),
                       .verb = copy(a, same, q, 4),
                       .page = copy(a, same, q, 5),
                       .commit = copy(a, same, q, 6),
                       .content = copy(a, same, q, 7),
                       .questions = copy(a, same, q, 8),
                       .question = copy(a, same, q, 9),
                       .seed = copy(a, same, q, 10),
                       .station = copy(a, same, q, 11),
                       .registration = copy(a, same, q, 12),
                       .response = copy(a, same, q, 13),
                       .time = sqlite3_column_type(q, 14) == SQLITE_NULL
                                   ? INT64_MIN
                                   : sqlite3_column_int64(q, 14),
                       .hours = number(q, 15),
                       .raw = number(q, 16),
                       .max = number(q, 17),
                       .scaled = number(q, 18),
                       .duration = number(q, 19),
                       .success = (int)number(q, 20),
                       .completion = (int)number(q, 21),
                       .file = copy(a, same, q, 22),
                       .line = (uint32_t)sqlite3_column_int64(q, 23),
                       .collected = sqlite3_column_int64(q, 24),
                       .forgotten = sqlite3_column_int(q, 26) != 0};
    }
    sqlite3_finalize(q);
    *entries_out = entries;
    *count_out = count;
    return q && (step == SQLITE_DONE || step == SQLITE_ROW || aj_store_fail(s, error));
}

bool aj_store_line(AjStore *s, AjArena *a, const char *id, const char **line_out, GError **error)
{
    sqlite3_stmt *q =
        aj_store_prepare(s,
                         "SELECT l.bytes FROM statement s JOIN line l ON l.number = s.number"
                         " WHERE s.id = ?",
                         error);
    if (!q)
        return false;
    *line_out = NULL;
    sqlite3_bind_text(q, 1, id, -1, SQLITE_STATIC);
    int step = sqlite3_step(q);
    if (step == SQLITE_ROW)
        *line_out =
            aj_arena_strndup(a, sqlite3_column_blob(q, 0), (size_t)sqlite3_column_bytes(q, 0));
    sqlite3_finalize(q);
    return step == SQLITE_ROW || step == SQLITE_DONE || aj_store_fail(s, error);
}

uint32_t aj_store_count(AjStore *s)
{
    int64_t count = pragma(s, "SELECT count(*) FROM statement");
    return count > 0 && count < UINT32_MAX ? (uint32_t)count : 0;
}

bool aj_store_each(AjStore *s,
                   bool (*tell)(const char *id, const char *line, size_t len, void *data),
                   void *data, GError **error)
{
    sqlite3_stmt *q = aj_store_prepare(s,
                                       "SELECT s.id, l.bytes FROM statement s LEFT JOIN line l"
                                       " ON l.number = s.number ORDER BY s.chain, s.seq, s.hash",
                                       error);
    int step = SQLITE_ERROR;
    bool good = q != NULL;
    while (good && (step = sqlite3_step(q)) == SQLITE_ROW) {
        good = tell((const char *)sqlite3_column_text(q, 0), sqlite3_column_blob(q, 1),
                    (size_t)sqlite3_column_bytes(q, 1), data);
        if (!good)
            g_set_error(error, store_quark(), 0, "%s", AJ_TR("写不出去", "cannot write"));
    }
    sqlite3_finalize(q);
    return good && (step == SQLITE_DONE || aj_store_fail(s, error));
}
