/* receipt - a result file of a kiosk: read line by line, each line and the chain of lines judged.
 *
 * Must not know: the ledger, rosters, what a report needs. */
#include "records/receipt.h"

#include "base/hash.h"
#include "base/json.h"
#include "base/lines.h"
#include "base/personal.h"

#include <string.h>

#define EXTENSION "urn:anjian:record"
#define BEGIN "{\"id\":\""
#define NOBODY "00000000-0000-0000-0000-000000000000"
#define ZERO "0000000000000000000000000000000000000000000000000000000000000000"
enum { BEGIN_LEN = sizeof BEGIN - 1, ID_LEN = 36 };

/* What a file has said of one chain so far. */
typedef struct {
    int64_t seq;
    char hash[65];
    GHashTable *known; /* seq → hash */
} Head;

typedef struct {
    const char *shown;
    const AjReceiptSink *sink;
    AjDiags *diags;
    AjReceiptCount *count;
    AjArena *arena;
    GHashTable *heads;
    uint32_t blank_from, blanks;
} Reading;

static void head_free(void *data)
{
    Head *head = data;
    g_hash_table_unref(head->known);
    g_free(head);
}

static void say(Reading *r, uint32_t line, const char *code)
{
    static const struct {
        const char *code, *zh, *en, *hint_zh, *hint_en;
    } words[] = {
        {"record-cut", "文件在这一行中间断了", "the file ends in the middle of this line",
         "从一体机再导出一次", "export it from the kiosk once more"},
        {"record-json", "不是一条记录（不是 JSON）", "no statement (not JSON)",
         "不要用别的程序打开再保存；从一体机再导出一次",
         "do not save it with other programs; export it from the kiosk once more"},
        {"record-format", "不是本程序认识的培训记录", "no training statement this program knows",
         "看看是不是放错了文件，或者一体机上的版本更新",
         "see whether it is another file, or the kiosk's version is newer"},
        {"record-id", "这一行的字节被改过", "bytes of this line were changed",
         "从一体机再导出一次；仍然这样，就当没有这一条",
         "export it from the kiosk once more; if it stays so, the statement does not count"},
        {"record-twice", "同一个序号有两种内容", "one number of the chain with two contents",
         "查一查是不是两台一体机用了同一份数据", "see whether two kiosks share one copy of data"},
        {"record-order", "这一行应当在更前面", "this line belongs further up",
         "不要改动行的次序；内容没有坏", "leave the lines in their order; the content is sound"},
        {"record-gap", "这一行前面缺了记录", "statements are missing before this line",
         "从一体机再导出一次", "export it from the kiosk once more"},
        {"record-prev", "前一行不是它说的那一行", "the line before is not the one it names",
         "前一行可能被换过，从一体机再导出一次",
         "the line before may have been replaced; export it from the kiosk once more"},
        {"record-long", "这一行太长", "this line is too long", "看看是不是放错了文件",
         "see whether it is another file"},
        {"record-personal", "回答里有身份证号或手机号，不收进台账",
         "an identity or mobile number in it is not taken into the ledger",
         "记录照算，只是不存原文；提醒学员不要填",
         "the statement counts, its text is not kept; tell learners not to type them"},
    };
    AjPos pos = {r->shown, line, 0};
    r->count->problems++;
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++) {
        if (strcmp(words[i].code, code) != 0)
            continue;
        AjLevel level = strcmp(code, "record-personal") == 0 ? AJ_WARNING : AJ_ERROR;
        aj_diag(r->diags, level, pos, code, AJ_TR(words[i].hint_zh, words[i].hint_en), "%s",
                AJ_TR(words[i].zh, words[i].en));
        return;
    }
    g_assert_not_reached();
}

static void tell_blanks(Reading *r)
{
    if (r->blanks)
        aj_diag(r->diags, AJ_WARNING, (AjPos){r->shown, r->blank_from, 0}, "record-blank",
                AJ_TR("断电时磁盘可能留下空白；其余照收",
                      "a power cut may leave them; the rest counts"),
                AJ_TR("有 %u 行空白", "%u blank lines"), r->blanks);
    r->blanks = 0;
}

void aj_receipt_identify(const char *text, size_t len, char out[37])
{
    g_autoptr(GString) line = g_string_sized_new(len + 1);
    char h[65];
    g_string_append_len(line, text, BEGIN_LEN);
    g_string_append(line, NOBODY);
    g_string_append_len(line, text + BEGIN_LEN + ID_LEN, (gssize)(len - BEGIN_LEN - ID_LEN));
    aj_hash_sha256_hex(line->str, line->len, h);
    char variant = "89ab"[g_ascii_xdigit_value(h[16]) & 3];
    g_snprintf(out, 37, "%.8s-%.4s-5%.3s-%c%.3s-%.12s", h, h + 8, h + 13, variant, h + 17, h + 20);
}

static const char *text_of(const AjValue *map, const char *key)
{
    return aj_value_get_string(map, key, "");
}

static int truth_of(const AjValue *map, const char *key)
{
    const AjValue *v = aj_value_get(map, key);
    return v && v->type == AJ_VALUE_BOOL ? v->b : -1;
}

static int64_t time_of(const char *text)
{
    g_autoptr(GDateTime) t = g_date_time_new_from_iso8601(text, NULL);
    return t ? g_date_time_to_unix(t) : INT64_MIN;
}

/* "PT93.5S" */
static double duration_of(const char *text)
{
    char *end = NULL;
    if (!g_str_has_prefix(text, "PT"))
        return -1;
    double seconds = g_ascii_strtod(text + 2, &end);
    return end && strcmp(end, "S") == 0 && seconds >= 0 && seconds < 1e9 ? seconds : -1;
}

static bool is_hex(const char *s, size_t digits)
{
    for (size_t i = 0; i < digits; i++)
        if (!g_ascii_isdigit(s[i]) && !(s[i] >= 'a' && s[i] <= 'f'))
            return false;
    return !s[digits];
}

/* The parts of a statement that somebody asks for. NULL when it is none of ours. */
static const char *take(Reading *r, const AjValue *v, AjReceipt *out)
{
    const AjValue *context = aj_value_get(v, "context");
    const AjValue *own = aj_value_get(aj_value_get(context, "extensions"), EXTENSION);
    const AjValue *account = aj_value_get(aj_value_get(v, "actor"), "account");
    const AjValue *result = aj_value_get(v, "result"), *score = aj_value_get(result, "score");
    const AjValue *seed = aj_value_get(own, "seed");
    const char *verb = text_of(aj_value_get(v, "verb"), "id"), *slash = strrchr(verb, '/');
    if (aj_value_get_int(own, "format", 0) != AJ_RECEIPT_FORMAT)
        return NULL;
    *out = (AjReceipt){.id = text_of(v, "id"),
                       .chain = text_of(own, "chain"),
                       .prev = text_of(own, "prev"),
                       .seq = aj_value_get_int(own, "seq", 0),
                       .site = text_of(account, "homePage"),
                       .who = text_of(account, "name"),
                       .verb = slash ? slash + 1 : verb,
                       .object = text_of(aj_value_get(v, "object"), "id"),
                       .page = text_of(own, "page"),
                       .commit = text_of(own, "commit"),
                       .content = text_of(own, "content"),
                       .questions = text_of(own, "questions"),
                       .question = text_of(own, "question"),
                       .bundle = text_of(own, "bundle"),
                       .station = text_of(own, "station"),
                       .key = text_of(own, "key"),
                       .registration = text_of(context, "registration"),
                       .response = text_of(result, "response"),
                       .timestamp = text_of(v, "timestamp"),
                       .hours = aj_value_get_double(own, "hours", -1),
                       .raw = aj_value_get_double(score, "raw", -1),
                       .max = aj_value_get_double(score, "max", -1),
                       .scaled = aj_value_get_double(score, "scaled", -1),
                       .duration = duration_of(text_of(result, "duration")),
                       .success = truth_of(result, "success"),
                       .completion = truth_of(result, "completion"),
                       .seed = ""};
    if (seed && seed->type == AJ_VALUE_INT)
        out->seed = aj_arena_printf(r->arena, "%" G_GINT64_FORMAT, seed->i);
    else if (seed && seed->type == AJ_VALUE_STRING)
        out->seed = seed->s;
    out->time = time_of(out->timestamp);
    bool good = is_hex(out->chain, 32) && is_hex(out->prev, 64) && out->seq > 0 && *out->who &&
                *out->site && *out->verb && *out->page;
    return good ? out->id : NULL;
}

/* Where the statement stands in its chain, as this file has it. */
static void judge_place(Reading *r, const AjReceipt *s)
{
    Head *head = g_hash_table_lookup(r->heads, s->chain);
    bool first = !head;
    if (first) {
        head = g_new0(Head, 1);
        head->known = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
        g_hash_table_insert(r->heads, g_strdup(s->chain), head);
    }
    if (!first && s->seq <= head->seq) {
        const char *other = g_hash_table_lookup(head->known, &s->seq);
        if (!other)
            say(r, s->line, "record-order");
        else if (strcmp(other, s->hash) != 0)
            say(r, s->line, "record-twice");
        if (!other)
            g_hash_table_insert(head->known, g_memdup2(&s->seq, sizeof s->seq), g_strdup(s->hash));
        return; /* the same line once more is no fault */
    }
    if (!first && s->seq > head->seq + 1)
        say(r, s->line, "record-gap");
    else if ((!first && strcmp(s->prev, head->hash) != 0) ||
             (s->seq == 1 && strcmp(s->prev, ZERO) != 0))
        say(r, s->line, "record-prev");
    head->seq = s->seq;
    memcpy(head->hash, s->hash, sizeof head->hash);
    g_hash_table_insert(head->known, g_memdup2(&s->seq, sizeof s->seq), g_strdup(s->hash));
}

static bool refuse(Reading *r, const AjLine *line, const char *code, GError **error)
{
    say(r, line->number, code);
    r->count->bad++;
    return !r->sink->bad ||
           r->sink->bad(line->number, code, line->text, line->len, r->sink->data, error);
}

static bool read_line(Reading *r, const AjLine *line, GError **error)
{
    if (line->too_long)
        return refuse(r, line, "record-long", error);
    AjValue *v = aj_json_parse(r->arena, line->text, line->len, NULL);
    if (!v)
        return refuse(r, line, line->cut ? "record-cut" : "record-json", error);
    AjReceipt s;
    const char *id = take(r, v, &s);
    bool formed = id && strlen(id) == ID_LEN && line->len > BEGIN_LEN + ID_LEN &&
                  memcmp(line->text, BEGIN, BEGIN_LEN) == 0;
    if (!formed)
        return refuse(r, line, "record-format", error);
    char identity[37], hash[65];
    aj_receipt_identify(line->text, line->len, identity);
    if (strcmp(identity, id) != 0 || memcmp(line->text + BEGIN_LEN, id, ID_LEN) != 0)
        return refuse(r, line, "record-id", error);
    aj_hash_sha256_hex(line->text, line->len, hash);
    s.hash = hash;
    s.line = line->number;
    s.text = line->text;
    s.len = line->len;
    size_t start, end;
    s.personal = aj_personal_find(s.text, s.len, 0, &start, &end) != AJ_PERSONAL_NONE;
    judge_place(r, &s);
    if (line->cut)
        say(r, line->number, "record-cut");
    if (s.personal)
        say(r, line->number, "record-personal");
    r->count->good++;
    return !r->sink->good || r->sink->good(&s, r->sink->data, error);
}

bool aj_receipt_read(const char *path, const char *shown, const AjReceiptSink *sink, AjDiags *diags,
                     AjReceiptCount *count, GError **error)
{
    g_autoptr(AjLines) lines = aj_lines_open(path, AJ_RECEIPT_LINE_LIMIT, error);
    g_autoptr(GError) wrong = NULL;
    if (!lines)
        return false;
    *count = (AjReceiptCount){0};
    Reading r = {.shown = shown,
                 .sink = sink,
                 .diags = diags,
                 .count = count,
                 .arena = aj_arena_new(1 << 16),
                 .heads = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, head_free)};
    bool good = true;
    AjLine line;
    while (good && aj_lines_next(lines, &line, &wrong)) {
        if (line.blank) {
            r.blank_from = r.blanks ? r.blank_from : line.number;
            r.blanks++;
            continue;
        }
        tell_blanks(&r);
        good = read_line(&r, &line, error);
        aj_arena_reset(r.arena);
    }
    tell_blanks(&r);
    if (wrong) {
        g_propagate_error(error, g_steal_pointer(&wrong));
        good = false;
    }
    aj_arena_free(r.arena);
    g_hash_table_unref(r.heads);
    return good;
}
